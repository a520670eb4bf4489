"""Working time 工作时间 between two instants, and the instant at which so much is over.

Counted tables, one a year and made when it is asked for, and bisection: no question
walks from day to day. Instants and lengths are whole microseconds, so that nothing is
rounded. Days without a published notice give the least and the most there can be.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable
from datetime import date
from itertools import accumulate
from typing import Final, NamedTuple

from duban_flow.domain.office_hours import Clocks
from duban_flow.domain.tally import FIRST, LAST, Tally

_YEARS: Final = (date.fromordinal(FIRST).year, date.fromordinal(LAST).year)
_LONG: Final = 400 * 366 * 86_400_000_000


class _Year(NamedTuple):
    """The worked days of a year, and the time worked before each and in all."""

    days: tuple[int, ...]
    before: tuple[int, ...]


class Worktime:
    """The counted working time of one calendar."""

    def __init__(self, tally: Tally, clocks: Clocks) -> None:
        self._tally = tally
        self._clocks = clocks
        self._years: dict[int, _Year] = {}

    def bounds(self, a: int, b: int) -> tuple[int, int]:
        """Give the least and the most time worked in [a, b); *a* comes first."""
        clocks, tally = self._clocks, self._tally
        first, last = clocks.day(a), clocks.day(b)
        if tally.knows(first, last):
            listed = self._between(a, b)
            return listed, listed
        # A day that is over, or not begun, has no say.
        first += not self._part(first, a, None)
        last -= not self._part(last, None, b)
        if last < first or tally.knows(first, last):
            listed = self._between(a, b)
            return listed, listed
        least = most = 0
        if first <= tally.known_until and last >= tally.known_from:
            least = most = self._between(
                a if first >= tally.known_from else clocks.start(tally.known_from),
                b if last <= tally.known_until else clocks.start(tally.known_until + 1),
            )
        for low, high in (
            (first, min(last, tally.known_from - 1)),
            (max(first, tally.known_until + 1), last),
        ):
            if low <= high:
                fewer, more = self._unpublished(low, high, a, b)
                least, most = least + fewer, most + more
        return least, most

    def after(self, start: int, amount: int) -> tuple[int, int] | None:
        """Give the earliest and the latest instant at which so much is worked.

        A negative amount goes back. Nothing where it leads beyond the tables.
        """
        if amount == 0:
            return start, start
        if abs(amount) > _LONG:
            return None
        listed = self._reached(start, amount)
        low, high = sorted((start, start if listed is None else listed))
        if listed is not None:
            least, most = self.bounds(low, high)
            if least == most:
                return listed, listed
        if amount > 0:
            return self._ahead(start, amount, listed)
        return self._back(start, -amount, listed)

    def _ahead(
        self, start: int, amount: int, listed: int | None
    ) -> tuple[int, int] | None:
        end = self._clocks.start(LAST + 1) - 1
        latest = self._first(
            lambda t: self.bounds(start, t)[0] >= amount, start, listed or end, end
        )
        if latest is None:
            return None
        earliest = self._first(
            lambda t: self.bounds(start, t)[1] >= amount, start, latest, latest
        )
        return (latest if earliest is None else earliest), latest

    def _back(
        self, start: int, amount: int, listed: int | None
    ) -> tuple[int, int] | None:
        end = -self._clocks.start(FIRST)
        earliest = self._first(
            lambda t: self.bounds(-t, start)[0] >= amount,
            -start,
            end if listed is None else -listed,
            end,
        )
        if earliest is None:
            return None
        latest = self._first(
            lambda t: self.bounds(-t, start)[1] >= amount, -start, earliest, earliest
        )
        return -earliest, -(earliest if latest is None else latest)

    def _first(
        self, holds: Callable[[int], bool], start: int, guess: int, end: int
    ) -> int | None:
        """Find the first instant from which on something holds, looking near first."""
        low, step = start, max(guess - start, 1)
        high = min(guess, end)
        while not holds(high):
            if high == end:
                return None
            low, high, step = high, min(high + step, end), step * 2
        return bisect_left(range(low, high), True, key=holds) + low

    def _between(self, a: int, b: int) -> int:
        """Count the time worked in [a, b), as far as is listed."""
        (first, begun), (last, done) = self._place(a), self._place(b)
        whole = sum(self._year(year).before[-1] for year in range(first, last))
        return whole + done - begun

    def _reached(self, start: int, amount: int) -> int | None:
        """Give the instant at which so much is worked, as far as is listed."""
        year, place = self._place(start)
        place += amount
        if amount > 0:
            while place > (total := self._year(year).before[-1]):
                place, year = place - total, year + 1
                if year > _YEARS[1]:
                    return None
        while place < 0:
            year -= 1
            if year < _YEARS[0]:
                return None
            place += self._year(year).before[-1]
        days, before = self._year(year)
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

    def _place(self, moment: int) -> tuple[int, int]:
        """Give the year of an instant, and the time worked in it until then."""
        day = self._clocks.day(moment)
        year = date.fromordinal(day).year
        days, before = self._year(year)
        nth = bisect_left(days, day)
        if nth < len(days) and days[nth] == day:
            return year, before[nth] + self._part(day, None, moment)
        return year, before[nth]

    def _part(self, day: int, since: int | None, until: int | None) -> int:
        """Count the hours of a day from one instant to another, were it worked."""
        return sum(
            max(
                0,
                (closes if until is None else min(closes, until))
                - (opens if since is None else max(opens, since)),
            )
            for opens, closes in self._clocks.stays(day)
        )

    def _year(self, year: int) -> _Year:
        made = self._years.get(year)
        if made is None:
            first, last = date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()
            days = self._tally.days(first, last)
            before = accumulate(map(self._clocks.length, days), initial=0)
            made = self._years[year] = _Year(days, tuple(before))
        return made

    def _unpublished(self, first: int, last: int, a: int, b: int) -> tuple[int, int]:
        """Bound the time worked on days whose notice has not been published.

        Working days are bounded by their number and every day by the shortest and the
        longest there is. What lies before *a* on the first day, and after *b* on the
        last, is left out; or the whole day is, where that says more.
        """
        gone, left = self._part(first, None, a), self._part(last, b, None)
        begun, ends = self._part(first, a, None), self._part(last, None, b)
        if first == last:
            least, most = self._whole(first, last)
            return max(0, least - gone - left), min(most, self._part(first, a, b))
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
