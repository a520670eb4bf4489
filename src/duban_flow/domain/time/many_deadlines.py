"""Many deadlines in one call 批量期限, in columns of microseconds.

What starts on one day mostly ends at one instant, so that a term is counted out once
a day and not once a start. Where the instants of a day end differently (working hours,
a cut-off, a term that ends on the day itself) each start is counted by itself. Either
way the counting is :mod:`duban_flow.domain.time.counting`'s, as for one deadline.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, Final

from attrs import field, frozen

from duban_flow.domain.instants import DAY, Span, When, earliest, instant, micros
from duban_flow.domain.time.calendar import WorkCalendar
from duban_flow.domain.time.counting import ends_of
from duban_flow.domain.time.office_hours import shifts
from duban_flow.domain.time.term import Term
from duban_flow.domain.time.vectors import DAY as MICROS
from duban_flow.domain.time.vectors import Row, Slot, spread, spread_fast
from duban_flow.errors import Invalid

ITSELF: Final = 2
"""The flag of a start that must be counted by itself."""

_ITSELF: Final = (0, 0, ITSELF)

ENOUGH: Final = 500
"""From how many starts on numpy is worth asking for."""


@frozen(kw_only=True)
class Deadlines:
    """The ends of one term from many starts, in the order of the starts.

    ``earliest`` and ``latest`` count microseconds since 1970-01-01T00:00Z, signed and
    64 bits wide (``memoryview`` gives them away without a copy); ``provisional`` is 1
    where an end rests on days whose notice has not been published.
    """

    earliest: array[int]
    latest: array[int]
    provisional: array[int]

    @property
    def at(self) -> array[int]:
        """The instants to assess by: the latest, as of one deadline."""
        return self.latest

    def __len__(self) -> int:
        return len(self.latest)


def deadlines(
    term: Term, starts: Iterable[When | int], calendar: WorkCalendar
) -> Deadlines:
    """Reckon where a term ends for each start, as :meth:`Term.deadline` would.

    Starts are instants, Spans, or microseconds since 1970-01-01T00:00Z; a column of
    64-bit numbers (``array("q")``, a numpy array) is taken as it is.

    Raises:
        Invalid: for a naive start, or an end beyond the years 1900 to 2200; the place
            of the start is named.

    >>> noon = datetime.fromisoformat("2026-09-28T12:00+08:00")
    >>> found = deadlines(Term.workdays(3), [noon, noon + DAY], WorkCalendar.china())
    >>> [instant(end).isoformat() for end in found.at]
    ['2026-10-08T09:30:00+00:00', '2026-10-09T09:30:00+00:00']
    """
    given = _column(starts)
    try:
        return _reckoned(term, given, calendar)
    except Invalid as fault:
        refused = (_refusal(term, n, given, calendar) for n in range(len(given)))
        raise next(filter(None, refused), fault) from fault


def _column(starts: Iterable[Any]) -> array[int] | list[Any]:
    """Take a column of numbers as it is, and anything else one by one."""
    try:
        view = memoryview(starts)  # type: ignore[arg-type]  # asks whether it is one
    except (TypeError, ValueError):
        return list(starts)
    if view.format not in ("q", "l") or view.itemsize != 8 or view.ndim != 1:
        return list(starts)
    made = array("q")
    made.frombytes(view.tobytes())
    return made


def _reckoned(
    term: Term, given: array[int] | list[Any], calendar: WorkCalendar
) -> Deadlines:
    spans: Mapping[int, Span] = {}
    if isinstance(given, array):
        numbers = given
    else:
        spans = {n: said for n, said in enumerate(given) if isinstance(said, Span)}
        several = [_number(said) for said in given]
        for end in {min(several, default=0), max(several, default=0)}:
            instant(end)
        numbers = array("q", several)
    days = _Days(term, calendar)
    fast = len(numbers) >= ENOUGH
    made = (spread_fast if fast else spread)(numbers, days.slot)
    flags, rows = made.flags, dict[int, Row]()
    alone = (n for n, flag in enumerate(flags) if flag == ITSELF)
    for place in {*spans, *(alone if ITSELF in flags else ())}:
        number = numbers[place]
        if place in spans:
            row = _row_of(term, spans[place], calendar)
        elif number in rows:
            row = rows[number]
        else:
            row = rows[number] = _row_of(term, instant(number), calendar)
        made.earliest[place], made.latest[place], flags[place] = row
    return Deadlines(earliest=made.earliest, latest=made.latest, provisional=flags)


def _number(said: When | int) -> int:
    return said if type(said) is int else micros(earliest(said))  # type: ignore[arg-type]  # not an int


def _row_of(term: Term, start: When, calendar: WorkCalendar) -> Row:
    found = term.deadline(start, calendar)
    return micros(found.earliest), micros(found.latest), int(found.provisional)


def _refusal(
    term: Term, place: int, given: array[int] | list[Any], calendar: WorkCalendar
) -> Invalid | None:
    """Say why a start has no deadline, and which of them it is."""
    said: Any = given[place]
    try:
        term.deadline(instant(said) if type(said) is int else said, calendar)
    except Invalid as fault:
        return Invalid(
            f"Start {place} of {len(given)}: {fault.text('en')}",
            zh=f"第{place + 1}个起点（共{len(given)}个）：{fault.text()}",
            code=fault.code,
        )
    return None


@frozen
class _Days:
    """A term counted out day by day, for those days that are asked for."""

    term: Term
    calendar: WorkCalendar
    rows: dict[date, Row] = field(factory=dict)

    def slot(self, number: int) -> Slot:
        """Give the rows of a day of UTC, in which the local day turns once."""
        local = self.calendar.local(instant(number * MICROS))
        first = local.date()
        if self._shifts(first):
            # A date may come twice, or last an hour more or less.
            return Slot(0, _ITSELF, _ITSELF)
        turn = number * MICROS + MICROS - _since_midnight(local)
        before = self._row(first, turn - MICROS)
        if turn == (number + 1) * MICROS:
            return Slot(turn, before, before)
        return Slot(turn, before, self._row(first + DAY, turn))

    def _shifts(self, day: date) -> bool:
        """Whether clocks are set about a day."""
        near = shifts(self.calendar.zone, day.year)
        ordinal = day.toordinal()
        return bool(near) and any(ordinal + n in near for n in (-1, 0, 1, 2))

    def _row(self, day: date, begins: int) -> Row:
        found = self.rows.get(day)
        if found is None:
            found = self.rows[day] = self._counted(begins)
        return found

    def _counted(self, begins: int) -> Row:
        """Give the row of all that starts on a day, where there is but one."""
        found = ends_of(self.term, instant(begins), self.calendar)
        low = micros(found.earliest)
        last = begins + MICROS - 1
        settled = self.term.moment is not None or (self._by_days and low > last)
        # No later start ends earlier: what the first and the last instant of a day
        # have in common, those between them have as well.
        if (
            not settled
            and found[:3] != ends_of(self.term, instant(last), self.calendar)[:3]
        ):
            return _ITSELF
        same = found.earliest == found.latest
        return low, low if same else micros(found.latest), int(found.provisional)

    @property
    def _by_days(self) -> bool:
        """Whether it counts from the day of the start, whatever the hour."""
        term = self.term
        return term.elapsed is None and term.cutoff is None and term.cycle is None


def _since_midnight(local: datetime) -> int:
    seconds = (local.hour * 60 + local.minute) * 60 + local.second
    return seconds * 1_000_000 + local.microsecond
