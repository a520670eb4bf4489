"""What comes after an occurrence of a recurring matter 周期事项的下一期.

An item whose term recurs is followed by another once its due instant has passed,
whether it was closed by then or not. What an outage made it miss is not made up: the
periods in between are counted, and left out.
"""

from __future__ import annotations

from datetime import datetime

from attrs import evolve, frozen

from duban_flow.domain.codec import Value
from duban_flow.domain.events import Event
from duban_flow.domain.instants import TICK
from duban_flow.domain.items import TAKEN_BACK, Item, NewItem, Parties, Party
from duban_flow.domain.time.calendar import WorkCalendar


@frozen(kw_only=True)
class Continued(Value):
    """The next occurrence was opened 下一期已开启, or there can be none any more.

    ``next`` is its code, or nothing; then ``reason`` says why the series has ended.
    """

    next: str = ""
    skipped: int = 0
    reason: str = ""

    def effect(self, item: Item, event: Event) -> Item:
        """Mark the occurrence as followed: another is never opened from it."""
        return evolve(item, continued=True)


@frozen(kw_only=True)
class Following(Value):
    """The occurrence to open: from when it runs, and how many periods were missed."""

    assigned_at: datetime
    skipped: int


def continues_at(item: Item) -> datetime | None:
    """Give the instant from which the next occurrence is to be opened, if one is.

    Not of a term that does not recur, of a matter that was taken back, or while a
    pause leaves open when it is due. Of one that ended meanwhile it leaves nothing
    open: its period ends where it would have.
    """
    if item.term is None or item.term.cycle is None or item.continued:
        return None
    if item.closing is not None and item.closing.action in TAKEN_BACK:
        return None
    ends = _period_end(item)
    return None if ends is None else ends + TICK


def _period_end(item: Item) -> datetime | None:
    if item.due is None or (item.due.deferred and item.is_open):
        return None
    return item.due.latest


def following(item: Item, calendar: WorkCalendar, now: datetime) -> Following | None:
    """Say which occurrence follows by now: it runs from the end of the last period.

    A period counts as missed that ended before now, or before the due of an occurrence
    that was moved past it.
    """
    ripe = continues_at(item)
    if ripe is None or ripe > now or item.term is None:
        return None
    reached, skipped = ripe - TICK, 0
    end = item.term.deadline(item.assigned_at, calendar).latest
    while (end := item.term.next(end, calendar).latest) < now:
        reached, skipped = max(reached, end), skipped + 1
    return Following(assigned_at=reached, skipped=skipped)


def next_item(item: Item, code: str) -> NewItem:
    """Make the matter of the next occurrence: the same, given to whoever has it now."""
    return NewItem(
        code,
        item.title,
        category=item.category,
        term=item.term,
        parties=_anew(item.parties),
        source=item.source,
        priority=item.priority,
        labels=item.labels,
        measures=item.measures,
        subject=item.subject,
        mandatory=item.mandatory,
        synthetic=item.synthetic,
        workflow=item.workflow,
        policy=item.policy,
        calendar=item.calendar,
    )


def _anew(parties: Parties) -> Parties:
    """Let every party begin anew, with the term it had."""
    return {
        role: tuple(Party(p.unit, term=p.term, ruled=p.ruled) for p in several)
        for role, several in parties.items()
    }


def series_code(item: Item) -> str:
    """Give the code under which the series began, without the occurrence's number."""
    number = f"/{item.occurrence}" if item.occurrence > 1 else ""
    return item.code.removesuffix(number)
