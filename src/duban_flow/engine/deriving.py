"""What is derived when a command is recorded 派生内容, and kept beside what was said.

An event says once and for all which deadline followed from it, by the calendar and
the policy of that day; a fold takes it from there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from attrs import evolve

from duban_flow.domain.case import Case
from duban_flow.domain.codec import unstructure
from duban_flow.domain.due import due_of
from duban_flow.domain.events import Event
from duban_flow.domain.fold import Folded, fold
from duban_flow.domain.instants import When, earliest, latest
from duban_flow.domain.items import Item
from duban_flow.domain.limits import (
    late_limits,
    limits_moved,
    outside_whole,
    with_limits,
)
from duban_flow.domain.payloads_time import Chase, GrantExtension, Rebaseline, Suspend
from duban_flow.domain.policies.model import Policy
from duban_flow.domain.time.calendar import WorkCalendar
from duban_flow.domain.time.telling import instant_text
from duban_flow.domain.time.term import Deadline, Term
from duban_flow.engine.settings import Settings
from duban_flow.errors import Invalid, Reason, Refused


def with_derived(settings: Settings, case: Case, payload: Any, event: Event) -> Event:
    """Put beside an event what follows from it for the item's dates.

    A payload that ``reaches_back`` takes effect from the due instant where it comes
    past it; one that ``moves`` says where the deadline then stands, and like one that
    ``starts_clock`` where the limits of the parties themselves do.
    """
    item, policy = case.item, settings.policy(case.item.policy)
    said = dict(_rulings(item, payload, event.effective_at, policy, case.calendar))
    due_at = item.due_at if getattr(payload, "reaches_back", False) else None
    if due_at is not None and latest(event.effective_at) > due_at:
        said["decided_at"] = unstructure(event.effective_at)
        event = evolve(event, effective_at=due_at)
    event = _beside(event, said)
    moves = getattr(payload, "moves", False)
    if not moves and not getattr(payload, "starts_clock", False):
        return event
    workflow = settings.workflow(item.workflow)
    after = fold(workflow, Folded(item=item, facts=case.facts), [event]).item
    due = due_of(after, case.calendar) if moves else None
    if due is not None and due != item.due:
        event = _beside(event, {"due": unstructure(due)})
        if isinstance(payload, GrantExtension | Rebaseline) and case.parent is not None:
            _refuse([outside_whole(item.code, due, case.parent)])
    moved = limits_moved(after, case.calendar)
    _refuse(late_limits(with_limits(after, moved), item))
    return _beside(event, {"limits": moved} if moved else {})


def with_limits_beside(event: Event, after: Item, calendar: WorkCalendar) -> Event:
    """Put beside an event where the parties' own limits stand once it has happened."""
    moved = limits_moved(after, calendar)
    return _beside(event, {"limits": moved} if moved else {})


def _refuse(reasons: Iterable[Reason | None]) -> None:
    found = [reason for reason in reasons if reason is not None]
    if found:
        raise Refused("", *found)


def _beside(event: Event, said: Mapping[str, Any]) -> Event:
    if not said:
        return event
    return evolve(event, data={**event.data, "derived": {**event.derived, **said}})


def _rulings(
    item: Item, payload: Any, at: When, policy: Policy, calendar: WorkCalendar
) -> Mapping[str, Any]:
    """Say what the policy of the day rules of this payload."""
    if isinstance(payload, Suspend):
        return {"ends_itself": policy.pause_overrun == "resume"}
    if isinstance(payload, Rebaseline):
        start = item.assigned_at if payload.restart else at
        goal = payload.term.deadline(start, calendar)
        _check_after_assignment(item, goal)
        return {"goal": unstructure(goal), "moves_due": policy.rebaseline_moves_due}
    if isinstance(payload, Chase) and payload.until is not None:
        chased = Term.until(payload.until).deadline(at, calendar)
        _check_after_assignment(item, chased)
        return {"chase_at": unstructure(chased.latest)}
    return {}


def _check_after_assignment(item: Item, date: Deadline) -> None:
    """Refuse a date that lies before the matter was given out."""
    begun, zone = earliest(item.assigned_at), date.calendar.zone
    if date.latest < begun:
        raise Invalid(
            f"Item {item.code}: {instant_text(date.latest, zone, 'en')} lies before "
            f"its assignment {instant_text(begun, zone, 'en')}.",
            zh=f"事项{item.code}：{instant_text(date.latest, zone)}"
            f"早于交办时间{instant_text(begun, zone)}。",
            code="item.due_before_assignment",
        )
