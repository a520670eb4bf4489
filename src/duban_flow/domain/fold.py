"""Events to items and facts: the one place where what happened becomes what is.

Writing, reading as of a day, and audit all come through here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from attrs import evolve, frozen

from duban_flow.domain.case import NO_FACTS, Facts
from duban_flow.domain.codec import structure
from duban_flow.domain.continuing import Continued
from duban_flow.domain.events import Event
from duban_flow.domain.instants import Span, When, earliest, latest
from duban_flow.domain.items import Closing, Item, NewItem, Party
from duban_flow.domain.limits import with_limits
from duban_flow.domain.migrate import MIGRATE, Migrate
from duban_flow.domain.payloads import Quarantine, Revoke, Sanctioned, Unquarantine
from duban_flow.domain.recalendar import RECALENDAR, Recalendar
from duban_flow.domain.time.term import Deadline
from duban_flow.domain.workflow import Workflow

BIRTH = "assign"
"""The action under which every item is born, whatever its workflow."""

EVERYWHERE = {
    "sanction": Sanctioned,
    "revoke": Revoke,
    "quarantine": Quarantine,
    "unquarantine": Unquarantine,
    "continue": Continued,
    RECALENDAR: Recalendar,
    MIGRATE: Migrate,
}
"""What the engine itself records on an item of any workflow."""


@frozen(kw_only=True)
class Folded:
    """An item and its facts after some events."""

    item: Item
    facts: Facts = NO_FACTS


def born(workflow: type[Workflow], event: Event) -> Item:
    """Make the item of a birth event."""
    derived = event.data["derived"]
    new = structure(_payload(event), NewItem, BIRTH)
    at = earliest(event.effective_at)
    named = {
        role: tuple(
            Party(p.unit, term=p.term, since=p.since or at, ruled=p.ruled)
            for p in several
        )
        for role, several in new.parties.items()
    }
    due = derived.get("due")
    item = Item(
        id=event.subject.id,
        code=new.code,
        title=new.title,
        state=workflow.first(),
        version=event.seq,
        category=new.category,
        workflow=workflow.name,
        policy=derived["policy"],
        calendar=derived["calendar"],
        registrar=derived["registrar"],
        assigned_at=event.effective_at,
        entered_at=at,
        armed_from=_instant(derived.get("armed_from")),
        parties=named,
        term=new.term,
        due=None if due is None else structure(due, Deadline),
        source=new.source,
        priority=new.priority,
        labels=new.labels,
        measures=new.measures,
        subject=new.subject,
        synthetic=new.synthetic,
        parent=derived.get("parent"),
        mandatory=new.mandatory,
        occurrence=derived.get("occurrence", 1),
    )
    return with_limits(item, derived.get("limits", {}))


def _instant(text: str | None) -> datetime | None:
    return None if text is None else structure(text, datetime)


def _payload(event: Event) -> dict[str, Any]:
    return {k: v for k, v in event.data.items() if k != "derived"}


Reckoner = Callable[[Item, Event], Deadline | None]
"""Reckons where an item's deadline stands once an event has moved it."""


def told(item: Item, event: Event) -> Deadline | None:
    """Take the deadline that was written down beside an event."""
    said = event.derived.get("due")
    return item.due if said is None else structure(said, Deadline)


def fold(
    workflow: type[Workflow],
    before: Folded | None,
    events: Iterable[Event],
    reckoned: Reckoner = told,
) -> Folded:
    """Apply events in order to an item, or to nothing yet.

    Where not all of the events before it are applied, what stands beside an event is
    not what it would have said: then *reckoned* reckons the deadline again.
    """
    for event in events:
        if before is None:
            before = Folded(item=born(workflow, event))
        else:
            before = _after(workflow, before, event, reckoned)
    if before is None:
        raise ValueError("an item without a birth event")
    return before


def _after(
    workflow: type[Workflow], before: Folded, event: Event, reckoned: Reckoner
) -> Folded:
    item, facts = before.item, before.facts
    payload = _read(workflow, event)
    if hasattr(payload, "effect"):
        item = payload.effect(item, event)
    if getattr(payload, "moves", False):
        item = due_moved(item, reckoned(item, event))
    item = with_limits(item, event.derived.get("limits", {}))
    if hasattr(payload, "facts"):
        facts = payload.facts(facts, event)
    if event.state is not None and event.state != item.state:
        item = _moved(workflow, item, event, event.state)
    return Folded(item=evolve(item, version=max(item.version, event.seq)), facts=facts)


def due_moved(item: Item, due: Deadline | None) -> Item:
    """Put another deadline in the place of the one that stood, which is kept.

    A new instant is a new due, with rungs of its own; one that only became firm, or
    that says by what it was moved, is not.
    """
    old = item.due
    if due == old:
        return item
    if old is None or due is None or due.latest == old.latest:
        return evolve(item, due=due)
    return evolve(
        item,
        due=due,
        due_ordinal=item.due_ordinal + 1,
        past_dues=(*item.past_dues, old),
    )


def _read(workflow: type[Workflow], event: Event) -> Any:
    """Read an event's payload; what only marks a rung carries none."""
    if event.action in workflow.actions:
        return workflow.actions[event.action].read(_payload(event))
    kind = EVERYWHERE.get(event.action)
    return None if kind is None else structure(_payload(event), kind, event.action)


def _moved(workflow: type[Workflow], item: Item, event: Event, state: str) -> Item:
    ends = state in workflow.ends()
    closing = item.closing
    if ends and closing is None:
        finished = item.submitted.at if item.submitted else None
        closing = Closing.of(event.action, event.effective_at, item.due, finished)
    return evolve(
        item,
        state=state,
        entered_at=latest(event.effective_at),
        closing=closing if ends else None,
        submitted=None if ends else item.submitted,
    )


def overtaken(events: Iterable[Event]) -> frozenset[int]:
    """Give the sequence numbers that later events overtake."""
    return frozenset(seq for event in events for seq in event.overtakes)


def as_of(
    workflow: type[Workflow],
    events: Iterable[Event],
    at: datetime,
    reckoned: Reckoner = told,
) -> Folded | None:
    """Fold everything known that had become effective by an instant.

    What lies inside a Span at that instant is folded too: asked whether it was open
    then, the item answers that it is unsure. Nothing is given before the birth.
    Events keep the order of their recording, in which each was found legal: a
    back-dated end stands over what was done before anybody knew of it. *reckoned*
    reckons the deadline again where facts that were recorded earlier became so later.
    """
    known = list(events)
    gone = overtaken(known)
    valid = [e for e in known if e.seq not in gone and _begun(e.effective_at, at)]
    if not valid or valid[0].action != BIRTH:
        return None
    whole = len(valid) == valid[-1].seq
    past = fold(workflow, None, valid, told if whole else reckoned)
    lapsed = any(e.action == workflow.on_due() for e in valid)
    return _settled(workflow, past, at, lapsed=lapsed) if gone else past


def _settled(
    workflow: type[Workflow], past: Folded, at: datetime, *, lapsed: bool
) -> Folded:
    """Put an item where its facts put it, once a lapse has been overtaken.

    What came after the lapse found it overdue and did not move it; without the lapse
    it would have. Another lapse may stand, or the facts may since have said the same.
    """
    item = past.item
    standing = workflow.standing(item, at)
    if item.state not in workflow.standings or item.state == standing:
        return past
    state = workflow.standing(item if lapsed else evolve(item, due=None), at)
    return evolve(past, item=evolve(item, state=state))


def unlapsed(workflow: type[Workflow], item: Item, at: datetime) -> str:
    """Say where the facts put an item of which a lapse has just been overtaken.

    Where its new date has passed too, the next pass records that as of its day.
    """
    by_facts = evolve(item, due=None) if item.overdue(at) else item
    return workflow.standing(by_facts, at)


def _begun(when: When, at: datetime) -> bool:
    """Whether something may have been so by then: a Span begins strictly before."""
    return when.earliest < at if isinstance(when, Span) else when <= at
