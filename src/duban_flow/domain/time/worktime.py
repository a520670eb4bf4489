"""Working time 工作时间 between two instants, and the instant at which so much is over.

Counted tables, one a year and made when it is asked for, and bisection: no question
walks from day to day. Instants and lengths are whole microseconds, so that nothing is
rounded. Days without a published notice give the least and the most there can be.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from datetime import date
from itertools import accumulate
from typing import Final, NamedTuple

from duban_flow.domain.instants import DAY, TICK
from duban_flow.domain.time.office_hours import Clocks
from duban_flow.domain.time.tally import FIRST, LAST, Tally

_FIRST_YEAR: Final = date.fromordinal(FIRST).year
_LAST_YEAR: Final = date.fromordinal(LAST).year
_LONGEST: Final = (LAST - FIRST) * DAY // TICK


class _Year(NamedTuple):
    """The worked days of a year, and the time worked before each of them."""

    days: tuple[int, ...]
    before: tuple[int, ...]


class Worktime:
    """The counted working time of one calendar."""

    def __init__(self, tally: Tally, clocks: Clocks) -> None:
        self._tally = tally
        self._clocks = clocks
        self._tables: dict[int, _Year] = {}
        self._totals: dict[int, int] = {}

    def bounds(self, a: int, b: int) -> tuple[int, int]:
        """Give the least and the most time worked in [a, b); *a* comes first."""
        clocks, tally = self._clocks, self._tally
        first, last = clocks.day(a), clocks.day(b)
        if not tally.knows(first, last):
            # A day that is over, or not begun, has no say.
            low = first + (not clocks.left(first, a))
            high = last - (not clocks.begun(last, b))
            if low <= high and not tally.knows(low, high):
                return self._bounds(low, high, a, b)
        listed = self._between(first, a, last, b)
        return listed, listed

    def after(self, start: int, amount: int) -> tuple[int, int] | None:
        """Give the earliest and the latest instant at which so much is worked.

        A negative amount goes back. Nothing where it leads beyond the tables.
        """
        if amount == 0:
            return start, start
        if abs(amount) > _LONGEST:
            return None
        listed = self._reached(start, amount)
        if listed is not None:
            least, most = self.bounds(min(start, listed), max(start, listed))
            if least == most:
                return listed, listed
        if self._tally.knows(FIRST, LAST):
            return None
        surely, maybe = (self._nearest(start, amount, nth) for nth in (0, 1))
        if surely is None or maybe is None:
            return None
        return min(maybe, surely), max(maybe, surely)

    def _nearest(self, start: int, amount: int, nth: int) -> int | None:
        """Find the nearest instant with so much between, by the least or the most.

        First the day, looking near the start before looking far; then the instant.
        """
        day, begins = self._clocks.day(start), self._clocks.start

        def between(t: int) -> int:
            return self.bounds(min(start, t), max(start, t))[nth]

        def holds(away: int) -> bool:
            edge = begins(day + away + 1) if amount > 0 else begins(day - away)
            return between(edge) >= abs(amount)

        farthest = LAST - day if amount > 0 else day - FIRST
        low, high = 0, min(7, farthest)
        while not holds(high):
            if high == farthest:
                return None
            low, high = high + 1, min(high * 2, farthest)
        away = low + bisect_left(range(low, high), True, key=holds)
        sign = 1 if amount > 0 else -1
        found = day + sign * away
        stays = [
            (near if sign * (near - start) > 0 else start, far)
            for near, far in (s[::sign] for s in self._clocks.stays(found)[::sign])
            if sign * (far - start) > 0
        ]
        near, far = next(stay for stay in stays if between(stay[1]) >= abs(amount))
        # Within a stay the least stands still and then grows with the clock; the most
        # grows with the clock and then stands still.
        if nth == 0:
            return far - sign * (between(far) - abs(amount))
        first = near + sign
        return first + sign * max(0, abs(amount) - between(first))

    def _bounds(self, first: int, last: int, a: int, b: int) -> tuple[int, int]:
        """Add up what is published of these days, and what is not on either side."""
        known_from, known_until = self._tally.known_from, self._tally.known_until
        low, high = max(first, known_from), min(last, known_until)
        least = most = 0
        if low <= high:
            since = a if low == first else self._clocks.start(low)
            until = b if high == last else self._clocks.start(high + 1)
            least = most = self._between(low, since, high, until)
        for start, end in (
            (first, min(last, known_from - 1)),
            (max(first, known_until + 1), last),
        ):
            if start <= end:
                fewer, more = self._unpublished(start, end, a, b)
                least, most = least + fewer, most + more
        return least, most

    def _unpublished(self, first: int, last: int, a: int, b: int) -> tuple[int, int]:
        """Bound the time worked on days whose notice has not been published.

        Working days are bounded by their number and every day by the shortest and the
        longest there is. What lies before *a* on the first day, and after *b* on the
        last, is left out; or the whole day is, where that says more.
        """
        clocks = self._clocks
        gone, left = clocks.begun(first, a), clocks.left(last, b)
        begun, ends = clocks.left(first, a), clocks.begun(last, b)
        if first == last:
            least, most = self._whole(first, last)
            inside = ends - gone
            return max(0, least - gone - left), min(most, inside)
        least, most = 0, begun + ends + self._whole(first + 1, last - 1)[1]
        for low, high, off, on in (
            (first, last, gone + left, 0),
            (first + 1, last, left, begun),
            (first, last - 1, gone, ends),
            (first + 1, last - 1, 0, begun + ends),
        ):
            fewer, more = self._whole(low, high)
            least, most = max(least, fewer - off), min(most, more + on)
        return least, most

    def _whole(self, first: int, last: int) -> tuple[int, int]:
        if last < first:
            return 0, 0
        fewest, most = self._tally.bounds(first - 1, last)
        shortest, longest = self._clocks.extremes
        return fewest * shortest, min(most, last - first + 1) * longest

    def _between(self, first: int, a: int, last: int, b: int) -> int:
        """Count the time worked in [a, b), as far as is listed."""
        year, begun = self._place(first, a)
        until, done = self._place(last, b)
        return sum(map(self._total, range(year, until))) + done - begun

    def _place(self, day: int, moment: int) -> tuple[int, int]:
        """Give the year of an instant of a day, and the time worked in it before."""
        year = date.fromordinal(day).year
        days, before = self._table(year)
        nth = bisect_left(days, day)
        if nth < len(days) and days[nth] == day:
            return year, before[nth] + self._clocks.begun(day, moment)
        return year, before[nth]

    def _reached(self, start: int, amount: int) -> int | None:
        """Give the instant at which so much is worked, as far as is listed."""
        year, place = self._place(self._clocks.day(start), start)
        place += amount
        while amount > 0 and place > self._total(year):
            place, year = place - self._total(year), year + 1
            if year > _LAST_YEAR:
                return None
        while place < 0:
            year -= 1
            if year < _FIRST_YEAR:
                return None
            place += self._total(year)
        days, before = self._table(year)
        # Forwards to the close of what was worked, backwards to its beginning.
        look = bisect_left if amount > 0 else bisect_right
        nth = look(before, place) - 1
        return self._within(days[nth], place - before[nth], closing=amount > 0)

    def _within(self, day: int, rest: int, *, closing: bool) -> int:
        """Give the instant of a day at which so much of its hours is over."""
        stays = self._clocks.stays(day)
        before = accumulate((closes - opens for opens, closes in stays), initial=0)
        return next(
            opens + rest - passed
            for (opens, closes), passed in zip(stays, before, strict=False)
            if rest - passed + (not closing) <= closes - opens
        )

    def _table(self, year: int) -> _Year:
        made = self._tables.get(year)
        if made is None:
            first, last = date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()
            days = self._tally.days(first, last)
            before = accumulate(map(self._clocks.length, days), initial=0)
            made = self._tables[year] = _Year(days, tuple(before))
        return made

    def _total(self, year: int) -> int:
        """Count the time worked in a year: so many usual days, and the odd ones."""
        made = self._totals.get(year)
        if made is None:
            count = self._tally.count
            made = sum(
                (count(last) - count(first - 1)) * length
                for first, last, length in self._clocks.runs(year)
            ) + sum(
                (count(day) - count(day - 1)) * more
                for day, more in self._clocks.odd(year)
            )
            self._totals[year] = made
        return made
