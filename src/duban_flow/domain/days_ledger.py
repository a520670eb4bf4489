"""The days ledger 用时台账: who had a matter in hand, every working minute of it.

From assignment to the end, or to now, each instant is charged to exactly one party:
the unit that handles the matter, who owes it an answer, whom a pause waits for, or an
outage of the engine. Entries follow one another without a gap, so the sums reconcile.
A fact that is known only as a range counts from its latest reading.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from attrs import define, field, frozen

from duban_flow.domain.case import Case
from duban_flow.domain.codec import Value
from duban_flow.domain.fold import fold, overtaken
from duban_flow.domain.instants import aware, latest
from duban_flow.domain.items import Item
from duban_flow.domain.time_spent import Side, TimeEntry, TimeSpent, Why
from duban_flow.domain.units import Role
from duban_flow.domain.workflow import Workflow


@frozen(kw_only=True)
class Outage(Value):
    """A stretch during which no sweep ran 系统停运, up to the one a person released."""

    since: datetime = field(converter=aware)
    until: datetime = field(converter=aware)


def time_spent(
    case: Case, workflow: type[Workflow], outages: Iterable[Outage] = ()
) -> TimeSpent:
    """Charge every instant of a matter to one party, as of ``case.at``.

    The first of these that holds: it was closed, to be reopened later (charged to the
    supervising unit, as is all that waits for an answer); a pause runs (to whoever it
    names, else the counterparty, else the supervising unit that allowed it); the
    engine was down; a submit or a decline waits; the first responsible unit has it,
    or the lead where none is responsible. A pause past due moves no date and is
    charged all the same: it says where the matter lay, not whether it was late.
    """
    item = case.item
    since = latest(item.assigned_at)
    ended = case.at if item.closing is None else min(latest(item.closing.at), case.at)
    until = max(since, ended)
    hand = _Hand(
        courses=_courses(case, workflow),
        pauses=_pauses(case, until),
        outages=tuple((one.since, one.until) for one in outages),
    )
    fewest, most = case.calendar.worked_range(since, until)
    return TimeSpent(
        code=item.code,
        since=since,
        until=until,
        zone=case.calendar.zone,
        worked=fewest,
        provisional=fewest != most,
        elapsed=until - since,
        returned=item.returned,
        entries=tuple(
            _entry(case, since, piece, held)
            for piece, held in hand.stretches(since, until)
        ),
    )


@frozen
class _Held:
    """Who has a matter in hand, on which side, why, and in which round."""

    side: Side
    party: str
    why: Why
    round: int


def _entry(
    case: Case, begun: datetime, piece: tuple[datetime, datetime], held: _Held
) -> TimeEntry:
    """Charge a stretch to its party.

    Working time is the difference of two sums from the beginning on: so entries add up
    where a calendar that is not published yet gives only the least there can be.
    """
    since, until = piece
    before = case.calendar.worked(begun, since)
    return TimeEntry(
        since=since,
        until=until,
        side=held.side,
        party=held.party,
        name=case.names.get(held.party, held.party),
        why=held.why,
        round=held.round,
        worked=case.calendar.worked(begun, until) - before,
        elapsed=until - since,
    )


@define
class _Course:
    """A value over time; what was recorded last holds from its own time on."""

    times: list[datetime] = field(factory=list)
    values: list[Any] = field(factory=list)

    def turn(self, at: datetime, value: Any) -> None:
        """Let a value hold from an instant on."""
        place = bisect_left(self.times, at)
        self.times[place:] = [at]
        self.values[place:] = [value]

    def at(self, moment: datetime) -> Any:
        """Give what holds at an instant; before the first, what came first."""
        return self.values[max(bisect_right(self.times, moment) - 1, 0)]


def _first(item: Item, *roles: Role) -> str:
    return next(iter(item.units(*roles)), "")


_READ: Final[Mapping[str, Callable[[Item], Any]]] = {
    "unit": lambda item: _first(item, Role.RESPONSIBLE, Role.LEAD),
    "approver": lambda item: _first(item, Role.SUPERVISING) or item.registrar,
    "counterparty": lambda item: _first(item, Role.COUNTERPARTY),
    "submitted": lambda item: item.submitted is not None,
    "declined": lambda item: item.declined_by != "",
    "closed": lambda item: not item.is_open,
    "round": lambda item: item.returned + 1,
}
"""What is followed over time, each by itself: a late entry turns only its own."""


def _courses(case: Case, workflow: type[Workflow]) -> dict[str, _Course]:
    """Follow an item through its events, in the order in which they were recorded."""
    found = {name: _Course() for name in _READ}
    gone, now = overtaken(case.events), None
    for event in case.events:
        if event.seq in gone:
            continue
        before, now = now, fold(workflow, now, [event])
        for name, read in _READ.items():
            value = read(now.item)
            if before is None or read(before.item) != value:
                found[name].turn(latest(event.effective_at), value)
    return found


_Away = tuple[datetime, datetime, str]


def _pauses(case: Case, until: datetime) -> tuple[_Away, ...]:
    """List the pauses as stretches, the first to begin first; one that runs, to now.

    Whom a pause waits for is meant by code, where it is a unit that has one.
    """
    codes = {name: code for code, name in case.names.items()}
    away = [
        (
            latest(p.since),
            until if p.end is None else latest(p.end),
            codes.get(p.waits_for, p.waits_for),
        )
        for p in case.item.pauses
        if not p.annulled
    ]
    return tuple(sorted(away, key=lambda stretch: stretch[0]))


@frozen(kw_only=True)
class _Hand:
    """In whose hand a matter lies, at any instant."""

    courses: Mapping[str, _Course]
    pauses: tuple[_Away, ...]
    outages: tuple[tuple[datetime, datetime], ...]

    def stretches(
        self, since: datetime, until: datetime
    ) -> Iterator[tuple[tuple[datetime, datetime], _Held]]:
        """Cut a time into stretches, each in one hand, the next in another."""
        begun = since
        for edge in sorted({e for e in self._edges() if since < e < until}):
            if self.at(edge) != self.at(begun):
                yield (begun, edge), self.at(begun)
                begun = edge
        if begun < until:
            yield (begun, until), self.at(begun)

    def _edges(self) -> Iterator[datetime]:
        """Give every instant at which it can pass into another."""
        for course in self.courses.values():
            yield from course.times
        for since, until, _ in self.pauses:
            yield from (since, until)
        for since, until in self.outages:
            yield from (since, until)

    def at(self, moment: datetime) -> _Held:
        """Say who has it at an instant, and why."""
        read = {name: course.at(moment) for name, course in self.courses.items()}
        side, party, why = self._side(moment, read)
        return _Held(side, party, why, read["round"])

    def _side(self, moment: datetime, read: Mapping[str, Any]) -> tuple[Side, str, Why]:
        approver, named = read["approver"], self._paused(moment)
        if named is not None and not read["closed"]:
            party = named or read["counterparty"]
            if party:
                return "counterparty", party, "paused"
            return "approver", approver, "paused"
        if not read["closed"] and any(a <= moment < b for a, b in self.outages):
            return "outage", "", "outage"
        whys: tuple[Why, ...] = ("closed", "submitted", "declined")
        for why in whys:
            if read[why]:
                return "approver", approver, why
        if read["unit"]:
            return "unit", read["unit"], "handling"
        return "approver", approver, "unassigned"

    def _paused(self, moment: datetime) -> str | None:
        """Give whom the pause that runs names, perhaps nobody; None where none runs."""
        return next((who for a, b, who in self.pauses if a <= moment < b), None)
