"""Occurrences 时点: when a rung of a case ripens, cycle by cycle.

An anchor happens once or many times; each time is a cycle, and a rung fires once in
it. Here anchors become instants, no more: whether anything follows is for the
judgement to say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Final

from attrs import frozen

from duban_flow.domain.case import Case
from duban_flow.domain.instants import TICK, Span, When, earliest, latest
from duban_flow.domain.limits import limit_cycle, own_limit
from duban_flow.domain.policies.model import Rung
from duban_flow.domain.policies.sittings import (
    MONTHS,
    moved,
    period_end,
    period_name,
    period_of,
)
from duban_flow.domain.sanctions import Sanction
from duban_flow.domain.time.calendar import WorkCalendar
from duban_flow.domain.time.offset import Offset, shift

_DAYS: Final = {"day": 1, "workday": 1, "month": 28}
_ENOUGH: Final = 1_000


@frozen(kw_only=True)
class Occurrence:
    """One ripening of a rung 时点.

    ``memo`` is the cycle as an item's memory names it. ``instant`` is the rung's, as
    people say it; ``ripe`` the first instant at which the rung is judged, later by a
    tick where "after" is meant strictly. ``stale`` is when the next anchor passes.
    ``born`` is False where the anchor precedes the item itself.
    """

    cycle: str
    memo: str
    instant: datetime
    ripe: datetime
    stale: datetime | None = None
    born: bool = True


@frozen(kw_only=True)
class Anchor:
    """One happening of an anchor; ``floor`` is an act after which alone it counts."""

    cycle: str
    when: When
    memo: str = ""
    strict: bool = False
    floor: datetime | None = None
    dated: bool = True


def occurrences(
    rung: Rung, case: Case, unit: str | None, horizon: datetime, *, sanctions: bool
) -> tuple[Occurrence, ...]:
    """Give a rung's ripenings for one party, in order, up to one past a horizon.

    Far from the horizon those of a recurring anchor are left out, unless the rung
    wants each of them. A rung that ``sanctions`` goes by the latest reading of what
    is known only as a range; one that reminds before it, by the earliest.
    """
    anchors = sorted(_anchors(rung, case, unit, horizon), key=lambda a: latest(a.when))
    made: list[Occurrence] = []
    for place, anchor in enumerate(anchors):
        following = anchors[place + 1] if place + 1 < len(anchors) else None
        base = _base(rung, anchor, following, case, sanctions=sanctions)
        made.append(base)
        until = None
        if following is not None:
            until = _base(rung, following, None, case, sanctions=sanctions).ripe
        made.extend(_repeated(rung, base, case.calendar, horizon, until))
    made.sort(key=lambda o: o.ripe)
    ripe = sum(o.ripe <= horizon for o in made)
    return tuple(made[: ripe + 1])


def _base(
    rung: Rung, anchor: Anchor, following: Anchor | None, case: Case, *, sanctions: bool
) -> Occurrence:
    offset = rung.at.offset
    before = offset is not None and offset.n < 0
    when = moved(anchor.when, rung.at, case.calendar)
    instant = earliest(when) if before and not sanctions else latest(when)
    met = latest(anchor.when)
    ripe = instant + TICK if anchor.strict and instant == met else instant
    if anchor.floor is not None:
        ripe = max(ripe, anchor.floor + TICK)
    stale = None
    if before:
        stale = met + TICK
    elif following is not None:
        stale = latest(following.when) + TICK
    k = "/1" if rung.every else ""
    born = not anchor.dated or instant >= earliest(case.item.assigned_at)
    return Occurrence(
        cycle=anchor.cycle + k,
        memo=(anchor.memo or anchor.cycle) + k,
        instant=instant,
        ripe=ripe,
        stale=stale,
        born=born,
    )


def _repeated(
    rung: Rung,
    base: Occurrence,
    calendar: WorkCalendar,
    horizon: datetime,
    until: datetime | None,
) -> Iterator[Occurrence]:
    """Give the repetitions under ``every``: those near the horizon, or each."""
    every = rung.every
    if every is None or every.n < 1 or base.ripe > horizon:
        return
    last = _last_step(base.instant, every, calendar, horizon)
    first = 1 if rung.catch_up == "each" else max(1, last)
    for step in range(max(first, last - _ENOUGH), last + 2):
        instant = _step(base.instant, every, step, calendar)
        if until is not None and instant >= until:
            return
        yield Occurrence(
            cycle=f"{base.cycle[:-2]}/{step + 1}",
            memo=f"{base.memo[:-2]}/{step + 1}",
            instant=instant,
            ripe=max(instant, base.ripe),
            born=base.born,
        )


def _step(base: datetime, every: Offset, step: int, calendar: WorkCalendar) -> datetime:
    return latest(shift(base, every.n * step, every.unit, calendar))


def _last_step(
    base: datetime, every: Offset, calendar: WorkCalendar, horizon: datetime
) -> int:
    """Find the last step not past the horizon, by halving; always from the base."""
    span = every.n * _DAYS[every.unit]
    low, high = 0, (horizon - base) // timedelta(days=span) + 1
    while low < high:
        middle = (low + high + 1) // 2
        if _step(base, every, middle, calendar) <= horizon:
            low = middle
        else:
            high = middle - 1
    return low


def _anchors(
    rung: Rung, case: Case, unit: str | None, horizon: datetime
) -> Iterator[Anchor]:
    if rung.at.anchor in MONTHS:
        return _periods(rung, case, horizon)
    return _HAPPENED[rung.at.anchor](rung, case, unit)


def _periods(rung: Rung, case: Case, horizon: datetime) -> Iterator[Anchor]:
    """Give the ends of periods near a horizon, as far as the offset can reach."""
    anchor, offset, calendar = rung.at.anchor, rung.at.offset, case.calendar
    born = earliest(case.item.assigned_at)
    days = (
        0 if offset is None else abs(offset.n) * (31 if offset.unit == "month" else 2)
    )
    reach = days // (28 * MONTHS[anchor]) + 2
    here = period_of(horizon, anchor, calendar)
    first = period_of(born, anchor, calendar)
    if rung.catch_up != "each":
        first = max(first, here - reach)
    for period in range(max(first, here - _ENOUGH), here + reach + 1):
        yield Anchor(
            cycle=period_name(anchor, period),
            when=period_end(anchor, period, calendar),
        )


def _assigned(_: Rung, case: Case, __: str | None) -> Iterator[Anchor]:
    yield Anchor(cycle="assigned:1", when=case.item.assigned_at)


def _due(_: Rung, case: Case, __: str | None) -> Iterator[Anchor]:
    if case.item.due is not None and not case.item.due.deferred:
        yield Anchor(
            cycle=f"due:{case.item.due_ordinal}", when=case.item.due.when, strict=True
        )


def _chase(_: Rung, case: Case, __: str | None) -> Iterator[Anchor]:
    item = case.item
    due = None if item.due is None or item.due.deferred else item.due.when
    chase = item.chase_at or due
    if chase is not None:
        day = case.calendar.day_of(latest(chase))
        yield Anchor(cycle=f"chase:{day.isoformat()}", when=chase, strict=True)


def _limit(rung: Rung, case: Case, unit: str | None) -> Iterator[Anchor]:
    """Give the party's own limit; the item's due where it has none of its own."""
    own = own_limit(case.item, unit, rung.on)
    if own is None:
        yield from _due(rung, case, unit)
    elif not own.deferred:
        yield Anchor(cycle=limit_cycle(own), when=own.when, strict=True)


def _round(_: Rung, case: Case, __: str | None) -> Iterator[Anchor]:
    for one in case.facts.rounds:
        yield Anchor(cycle=f"round:{one.ordinal}", when=one.effective_at, dated=False)


def _finding(_: Rung, case: Case, unit: str | None) -> Iterator[Anchor]:
    for one in case.facts.findings:
        if unit is None or one.unit in (None, unit):
            yield Anchor(cycle=f"finding:{one.seq}", when=one.effective_at, dated=False)


def acts_of(case: Case, kind: str, unit: str | None) -> tuple[Sanction, ...]:
    """List every act of a kind that cites the item, whatever became of it, in order."""
    found = [a for a in case.acts if a.kind == kind and unit in (None, a.unit)]
    return tuple(sorted(found, key=lambda a: (a.proposed_at, a.id)))


def _act(rung: Rung, case: Case, unit: str | None) -> Iterator[Anchor]:
    """Give the acts that stand; each keeps its ordinal among all there were."""
    for ordinal, act in enumerate(acts_of(case, rung.at.kind, unit), 1):
        when = act.issued_at if rung.at.anchor == "act" else act.rectify_by
        if when is not None and act.stands(case.at):
            yield Anchor(
                cycle=f"act:{act.id}",
                memo=f"act:{ordinal}",
                when=when,
                strict=True,
                floor=act.issued_at,
                dated=False,
            )


_HAPPENED: Final[Mapping[str, Callable[[Rung, Case, str | None], Iterator[Anchor]]]] = {
    "assigned": _assigned,
    "due": _due,
    "chase": _chase,
    "limit": _limit,
    "round": _round,
    "finding": _finding,
    "act": _act,
    "act due": _act,
}


def resolves(when: When) -> tuple[datetime, ...]:
    """List the instants at which what a Span leaves unsure becomes sure."""
    if not isinstance(when, Span):
        return ()
    return (when.earliest, when.latest, when.latest + TICK)
