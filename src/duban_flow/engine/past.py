"""Cases as they stood, and as they were known.

As of an instant: everything known now that had become effective by then. As known at
one: what had been recorded by then.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime

from attrs import evolve

from duban_flow.domain.case import Case
from duban_flow.domain.due import due_of
from duban_flow.domain.events import Event
from duban_flow.domain.fold import Folded, as_of
from duban_flow.domain.fold import told as event_due
from duban_flow.domain.instants import earliest
from duban_flow.domain.items import Item
from duban_flow.domain.policies.recall import recalled
from duban_flow.domain.sanctions import Sanction
from duban_flow.domain.time.term import Deadline
from duban_flow.engine.ports import SanctionQuery, Work
from duban_flow.engine.settings import Settings


def recalling(
    settings: Settings,
    work: Work,
    now: Mapping[str, Item],
    known: datetime | None = None,
) -> Callable[[datetime], list[Case]]:
    """Read what happened to items once, to fold them as of any instant.

    ``now`` are the items as they stand, by id. With ``known`` only what had been
    recorded by then is folded.
    """
    events = {
        ident: tuple(e for e in several if known is None or e.recorded_at <= known)
        for ident, several in work.events(now).items()
    }
    sanctions = work.sanctions(SanctionQuery(items=tuple(now)))
    names = {u.code: u.name for u in work.directory().units.values()}

    def fold_as_of(at: datetime) -> list[Case]:
        folded = {
            ident: past
            for ident, item in now.items()
            if (past := _past(settings, item, events.get(ident, ()), at)) is not None
        }
        acts = _acts(sanctions, folded, at)
        parts: dict[str, list[Item]] = {}
        for past in folded.values():
            if past.item.parent:
                parts.setdefault(past.item.parent, []).append(past.item)
        return [
            _remembering(
                evolve(
                    _case(settings, ident, folded, events, parts, acts, at), names=names
                ),
                now[ident],
            )
            for ident in folded
        ]

    return fold_as_of


def cases_at(
    settings: Settings,
    work: Work,
    ids: Sequence[str],
    at: datetime,
    known: datetime | None = None,
) -> list[Case]:
    """Fold items as of an instant, with their parts, parents and sanctions as of it."""
    return recalling(settings, work, work.items(ids), known)(at)


def _past(
    settings: Settings, item: Item, events: Sequence[Event], at: datetime
) -> Folded | None:
    def reckoned(folded: Item, event: Event) -> Deadline | None:
        """Reckon by the calendar that stands beside the event."""
        told = event_due(folded, event)
        if told is None:
            return None
        return due_of(folded, settings.edition(told.calendar))

    past = as_of(settings.workflow(item.workflow), events, at, reckoned)
    return None if past is None else evolve(past, item=_with_policy(past.item, item))


def _with_policy(past: Item, now: Item) -> Item:
    """Keep what is not folded: which edition of a policy an item is judged by."""
    return evolve(past, policy=now.policy, armed_from=now.armed_from)


def _remembering(case: Case, now: Item) -> Case:
    """Let a past item remember what it had settled by then, and nothing later."""
    day = case.calendar.day_of(case.at)
    fired = recalled(now, case.events, case.acts, day)
    return evolve(case, item=evolve(case.item, fired=fired))


def _acts(
    sanctions: Iterable[Sanction], folded: Collection[str], at: datetime
) -> dict[str, tuple[Sanction, ...]]:
    found: dict[str, tuple[Sanction, ...]] = {}
    for sanction in (one for one in sanctions if one.proposed_at <= at):
        for item in dict.fromkeys(c.item for c in sanction.citations):
            if item in folded:
                found[item] = (*found.get(item, ()), sanction)
    return found


def _case(
    settings: Settings,
    ident: str,
    folded: Mapping[str, Folded],
    events: Mapping[str, tuple[Event, ...]],
    parts: Mapping[str, Sequence[Item]],
    acts: Mapping[str, tuple[Sanction, ...]],
    at: datetime,
) -> Case:
    past = folded[ident]
    above = folded.get(past.item.parent or "")
    case = Case(
        item=past.item,
        at=at,
        calendar=settings.calendar(past.item.calendar),
        facts=past.facts,
        events=tuple(
            e for e in events.get(ident, ()) if earliest(e.effective_at) <= at
        ),
        parts=tuple(parts.get(ident, ())),
        acts=acts.get(ident, ()),
        meets_by=settings.calendar(),
    )
    if above is None:
        return case
    return evolve(case, parent=above.item, parent_facts=above.facts)
