"""Where a deadline stands 期限推算: its term, and everything that has moved it since.

One function, of a set: in whatever order pauses, extensions and late entries were
recorded, the same facts give the same deadline. Between two dates that were set, the
pauses that begin before the deadline move it, each by what it holds in the term's own
measure; one that begins past it is only noted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Final, NamedTuple

from attrs import evolve, frozen

from duban_flow.domain.codec import canonical
from duban_flow.domain.instants import DAY, When, earliest, latest, on_clock
from duban_flow.domain.time.calendar import Stretch, WorkCalendar
from duban_flow.domain.time.counting import ends_of
from duban_flow.domain.time.term import Deadline, Fixed, Stop, Term

_RANK: Final = {"restart": 0, "target": 1, "extension": 2}


def reckon(
    term: Term,
    start: When,
    calendar: WorkCalendar,
    stops: Iterable[Stop] = (),
    fixed: Iterable[Fixed] = (),
) -> Deadline:
    """Reckon a deadline with all that moved it 推算时限.

    A stop is measured as the term counts: working hours and set instants in working
    time, working days and set days in working days, days and months in calendar days.
    What is known only as a range moves the earliest reading least and the latest most.

    Raises:
        Invalid: for a naive start, or an end beyond the years 1900 to 2200.

    >>> start = datetime.fromisoformat("2026-06-01T09:00+08:00")
    >>> away = Stop(since=start + DAY, until=start + 3 * DAY)
    >>> due = reckon(Term.workdays(3), start, WorkCalendar.china(), [away])
    >>> due.at.isoformat()
    '2026-06-08T09:30:00+00:00'
    """
    held = tuple(sorted(set(stops), key=_stop_key))
    dates = tuple(sorted(set(fixed), key=_fixed_key))
    base = term.deadline(start, calendar)
    if not held and not dates:
        return base
    low, high = (
        _Reading(calendar=calendar, late=late).run(term, start, held, dates)
        for late in (False, True)
    )
    moved = evolve(
        base,
        at=high.at,
        earliest=min(low.at, high.at),
        latest=high.at,
        provisional=low.provisional or high.provisional,
        deferred=low.deferred or high.deferred,
        counted=high.counted,
        stops=held,
        fixed=dates,
    )
    return evolve(moved, met=_met(moved, calendar))


class _Course(NamedTuple):
    """Where a reading of a deadline has got to.

    ``counted`` is the last day before it was moved off a rest day: days are given back
    to that one.
    """

    at: datetime
    counted: date | None = None
    provisional: bool = False
    deferred: bool = False


@frozen(kw_only=True)
class _Reading:
    """One reading of what is known only as a range: the earliest, or the latest."""

    calendar: WorkCalendar
    late: bool

    def run(
        self, term: Term, start: When, stops: Sequence[Stop], dates: Sequence[Fixed]
    ) -> _Course:
        """Go from date set to date set, and between them from stop to stop."""
        again = [n for n, one in enumerate(dates) if one.kind == "restart"]
        if again:
            term, dates = dates[again[-1]].term, dates[again[-1] + 1 :]
        course = self._read(term, start)
        away, since = _merged(stops, late=self.late), earliest(start)
        for one in dates:
            until = latest(one.at)
            course = self._past(term, course, _within(away, since, until))
            course = self._set(course, one)
            since = max(since, until)
        return self._past(term, course, _within(away, since, None))

    def _read(self, term: Term, start: When) -> _Course:
        found = ends_of(term, self._end(start), self.calendar)
        if self.late:
            return _Course(found.latest, found.counted, found.provisional)
        counted = found.counted_first or found.counted
        return _Course(found.earliest, counted, found.provisional)

    def _end(self, when: When) -> datetime:
        return latest(when) if self.late else earliest(when)

    def _set(self, course: _Course, one: Fixed) -> _Course:
        reached = self._read(one.term, one.at)
        if one.kind == "extension" and course.at >= reached.at:
            return course
        return reached

    def _past(self, term: Term, course: _Course, away: Iterable[_Stretch]) -> _Course:
        for since, until in away:
            if since >= course.at:
                break
            if until is None:
                return course._replace(deferred=True)
            course = self._moved(term, course, since, until)
        return course

    def _moved(
        self, term: Term, course: _Course, since: datetime, until: datetime
    ) -> _Course:
        """Move a deadline by what a stop holds, measured as the term counts."""
        measure, calendar = measure_of(term), self.calendar
        first, last = calendar.date_of(since), calendar.date_of(until)
        if measure == "days":
            return self._days_on(term, course, first, last)
        if measure == "workdays":
            number = calendar.workdays_range(first, last)
            day = calendar.day_of(course.at)
            found = calendar.workday_range(day, number[self.late])[self.late]
            sure = number[0] == number[1] and calendar.knows(day, found)
            moved = _on(course.at, day, found, calendar)
        else:
            amount = calendar.worked_range(since, until)
            ends = calendar.work_range(course.at, amount[self.late])
            moved, sure = ends[self.late], ends[0] == ends[1] and amount[0] == amount[1]
        return _Course(moved, None, course.provisional or not sure)

    def _days_on(self, term: Term, course: _Course, first: date, last: date) -> _Course:
        """Give days back to the last day that was counted, and move that off rest."""
        if first == last:
            return course
        counted = course.counted or self.calendar.day_of(course.at)
        ends = self.calendar.days_after(max(counted, first), (last - first).days)
        named = Term.until(
            ends, roll=term.roll, roll_at=term.roll_at, at=term.at, end=term.end
        )
        moved = self._read(named, course.at)
        return moved._replace(provisional=course.provisional or moved.provisional)


_Stretch = tuple[datetime, datetime | None]


def measure_of(term: Term) -> str:
    """Say in what a stop is measured: ``days``, ``workdays``, or time ``worked``."""
    if term.unit in ("day", "month"):
        return "days"
    by_day = term.unit == "workday" and term.elapsed is None
    return "workdays" if by_day or type(term.moment) is date else "worked"


def _on(at: datetime, day: date, moved: date, calendar: WorkCalendar) -> datetime:
    """Give the same time of another day: close of business and 24:00 stay so."""
    if at == calendar.closes(day):
        return calendar.closes(moved)
    if at == calendar.midnight_after(day):
        return calendar.midnight_after(moved)
    return on_clock(moved, calendar.local(at).time(), calendar.tz)


def _merged(stops: Iterable[Stop], *, late: bool) -> list[_Stretch]:
    """Read stops as stretches in order, those that touch as one: nothing twice."""
    made: list[_Stretch] = []
    for since, until in sorted(_readings(stops, late=late), key=lambda s: s[0]):
        if not made or (made[-1][1] is not None and made[-1][1] < since):
            made.append((since, until))
        elif made[-1][1] is not None:
            before = made[-1][1]
            made[-1] = (made[-1][0], None if until is None else max(before, until))
    return made


def _readings(stops: Iterable[Stop], *, late: bool) -> Iterator[_Stretch]:
    for stop in stops:
        since = earliest(stop.since) if late else latest(stop.since)
        if stop.until is None:
            yield since, None
            continue
        until = latest(stop.until) if late else earliest(stop.until)
        if since < until:
            yield since, until


def _within(
    away: Iterable[_Stretch], since: datetime, until: datetime | None
) -> Iterator[_Stretch]:
    """Cut stretches to a piece of time."""
    for begins, ends in away:
        first = max(begins, since)
        last = ends if until is None else until if ends is None else min(ends, until)
        if last is None or first < last:
            yield first, last


def _stop_key(stop: Stop) -> tuple[datetime, datetime, bool, datetime, datetime]:
    until = stop.since if stop.until is None else stop.until
    return (*_ends(stop.since), stop.until is None, *_ends(until))


def _ends(when: When) -> tuple[datetime, datetime]:
    return earliest(when), latest(when)


def _fixed_key(one: Fixed) -> tuple[datetime, int, str]:
    return latest(one.at), _RANK[one.kind], canonical(one.to_dict())


def _met(moved: Deadline, calendar: WorkCalendar) -> tuple[Stretch, ...]:
    """List the holidays on the way to the new end, where days were counted."""
    if moved.term.moment is not None:
        return moved.met
    first = calendar.date_of(latest(moved.start))
    return calendar.met(first if moved.term.first_day else first + DAY, moved.last_day)
