"""Internal limits 内部时限: a party's own clock, and what must lie inside what.

A party that has a term of its own has a limit beside the item's deadline: it runs from
when the party came, or from its last return for rework, and stands still while the
item is paused. Whoever assists must be done before the lead, and a part inside its
whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from attrs import evolve

from duban_flow.domain.codec import structure, unstructure
from duban_flow.domain.due import stops_of
from duban_flow.domain.instants import latest
from duban_flow.domain.items import Item, Party
from duban_flow.domain.time.calendar import WorkCalendar
from duban_flow.domain.time.reckoning import reckon
from duban_flow.domain.time.telling import instant_text
from duban_flow.domain.time.term import Deadline
from duban_flow.domain.units import Role
from duban_flow.errors import Reason


def limit_of(item: Item, party: Party, calendar: WorkCalendar) -> Deadline | None:
    """Reckon a party's own limit; nothing where it has no term of its own."""
    term = party.rework or party.term
    if term is None:
        return None
    start = party.runs_from or party.since or item.assigned_at
    return reckon(term, start, calendar, stops_of(item))


def limits_moved(
    item: Item, calendar: WorkCalendar
) -> dict[str, dict[str, dict[str, Any] | None]]:
    """Reckon every party's limit again; give those that moved, by role and unit."""
    moved: dict[str, dict[str, dict[str, Any] | None]] = {}
    for role, several in item.parties.items():
        for party in several:
            due = limit_of(item, party, calendar)
            if due != party.due:
                plain = None if due is None else unstructure(due)
                moved.setdefault(role.value, {})[party.unit] = plain
    return moved


def with_limits(item: Item, moved: Mapping[str, Mapping[str, Any]]) -> Item:
    """Put limits that moved on the parties they belong to."""
    if not moved:
        return item

    def limited(party: Party, told: Mapping[str, Any]) -> Party:
        if party.unit not in told:
            return party
        due = told[party.unit]
        return evolve(party, due=None if due is None else structure(due, Deadline))

    parties = {
        role: tuple(limited(p, moved.get(role.value, {})) for p in several)
        for role, several in item.parties.items()
    }
    return evolve(item, parties=parties)


def own_limit(item: Item, unit: str | None, roles: Iterable[Role]) -> Deadline | None:
    """Find the limit of a unit's own, in the first of these roles that gives it one."""
    named = (p for role in roles for p in item.parties.get(role, ()) if p.unit == unit)
    return next((p.due for p in named if p.due is not None), None)


def limit_under(item: Item, unit: str, cycle: str) -> Deadline | None:
    """Find the limit of a unit by the cycle that it is; nothing once it has moved."""
    named = (p for several in item.parties.values() for p in several if p.unit == unit)
    dues = (p.due for p in named if p.due is not None)
    return next((due for due in dues if limit_cycle(due) == cycle), None)


def limit_cycle(due: Deadline) -> str:
    """Name a limit as a cycle: by its instant, on the clocks of its calendar."""
    local = due.latest.astimezone(ZoneInfo(due.calendar.zone)).replace(tzinfo=None)
    return f"limit:{local.isoformat('T', 'minutes')}"


def late_limits(item: Item, before: Item | None = None) -> Iterator[Reason]:
    """Say which assisting units have been given a limit that the lead could not keep.

    It may be no later than the item's due, nor than the lead's own limit. Only limits
    that were not there *before* are looked at, and none that begins past the bound:
    who is called in on a matter that is late already needs a limit all the same.
    """
    known = () if before is None else before.parties.get(Role.ASSISTING, ())
    clocks = {(p.unit, p.term, p.since) for p in known}
    for party in item.parties.get(Role.ASSISTING, ()):
        if party.due is None or (party.unit, party.term, party.since) in clocks:
            continue
        bound = _bound(item)
        if bound is not None and outside(party.due, bound):
            yield _later(item, party.unit, party.due, bound)


def _bound(item: Item) -> Deadline | None:
    leads = (p.due for p in item.parties.get(Role.LEAD, ()))
    several = [due for due in (item.due, *leads) if due is not None]
    return min(several, key=lambda due: due.latest, default=None)


def outside(limit: Deadline, bound: Deadline) -> bool:
    """Whether a limit comes after the one it must lie inside.

    Not where either waits for a pause to end, and not where the bound had passed
    before the limit began to run.
    """
    if limit.deferred or bound.deferred or latest(limit.start) > bound.latest:
        return False
    return limit.latest > bound.latest


def _later(item: Item, unit: str, limit: Deadline, bound: Deadline) -> Reason:
    zh, en = _dates(limit, bound, "zh"), _dates(limit, bound, "en")
    return Reason(
        code="limit.after_due",
        en=f"Item {item.code}: the internal limit of {unit}, {en[0]}, lies after "
        f"{en[1]}, by which the lead must be done.",
        zh=f"事项{item.code}：协办单位{unit}的内部时限{zh[0]}晚于牵头单位的时限{zh[1]}。",
    )


def outside_whole(code: str, due: Deadline | None, whole: Item) -> Reason | None:
    """Say that a part would be due after its whole, or nothing."""
    if due is None or whole.due is None or not outside(due, whole.due):
        return None
    zh, en = _dates(due, whole.due, "zh"), _dates(due, whole.due, "en")
    return Reason(
        code="part.after_whole",
        en=f"Item {code} would be due {en[0]}, after the item it is part of: "
        f"{whole.code} is due {en[1]}.",
        zh=f"分解事项{code}的时限{zh[0]}晚于上级事项{whole.code}的时限{zh[1]}。",
    )


def _dates(limit: Deadline, bound: Deadline, lang: str) -> tuple[str, str]:
    first, last = (
        instant_text(one.latest, one.calendar.zone, lang) for one in (limit, bound)
    )
    return first, last
