"""Counting working days by prefix tables and bisection; no walk from day to day.

Days are ordinals (``date.toordinal``). Where nothing has been published the tally
gives the fewest and the most working days there can be. It knows no hours, no
zones and no names.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from datetime import date
from functools import cached_property
from typing import Final

from attrs import frozen

FIRST: Final = date(1900, 1, 1).toordinal()
LAST: Final = date(2200, 12, 31).toordinal()
"""The days any calendar here can speak of."""


def most_rest(days: int) -> int:
    """Bound how many weekdays a holiday notice takes off, net, in so many days.

    Seven at once and one more for every thirty days: no window of any length in
    the notices of 2004 to 2026 took off more (six in eight days, nine in 79).
    """
    return min(days, 7 + days // 30)


def most_make_up(days: int) -> int:
    """Bound how many rest days a holiday notice makes working, net, in so many days.

    Three: no window of any length in the notices of 2004 to 2026 gained more.
    """
    return min(days, 3)


class Week:
    """The working days of a week without any holiday, counted from day 1."""

    __slots__ = ("_before", "_working")

    def __init__(self, rest_weekdays: tuple[int, ...]) -> None:
        self._working = tuple(d for d in range(7) if d not in rest_weekdays)
        self._before = tuple(
            sum(working < day for working in self._working) for day in range(8)
        )

    def works(self, ordinal: int) -> bool:
        """Whether this day of the week is one of work."""
        return (ordinal - 1) % 7 in self._working

    def count(self, ordinal: int) -> int:
        """Count the working days up to and with a day."""
        weeks, weekday = divmod(ordinal - 1, 7)
        return weeks * len(self._working) + self._before[weekday + 1]

    def nth(self, number: int) -> int:
        """Give the day on which the count reaches *number*."""
        weeks, place = divmod(number - 1, len(self._working))
        return weeks * 7 + self._working[place] + 1


@frozen
class Tally:
    """Counted working days: a table over the listed dates, weeks on either side."""

    week: Week
    table: tuple[int, ...]
    first: int
    last: int
    known_from: int
    known_until: int

    @classmethod
    def of(
        cls,
        week: Week,
        rest: frozenset[int],
        working: frozenset[int],
        known: tuple[int, int],
    ) -> Tally:
        """Build the table from the days of rest and of work that are listed."""
        listed = rest | working
        first = min(listed, default=1)
        last = max(listed, default=0)
        table = tuple(
            day
            for day in range(first, last + 1)
            if day in working or (week.works(day) and day not in rest)
        )
        return cls(week, table, first, last, *known)

    @cached_property
    def _before(self) -> int:
        """The count up to the table."""
        return self.week.count(self.first - 1)

    def knows(self, first: int, last: int) -> bool:
        """Whether all of these days have been published."""
        return self.known_from <= first and last <= self.known_until

    def count(self, ordinal: int) -> int:
        """Count the working days up to and with a day, as far as listed."""
        if ordinal < self.first:
            return self.week.count(ordinal)
        if ordinal <= self.last:
            return self._before + bisect_right(self.table, ordinal)
        return (
            self._before
            + len(self.table)
            + self.week.count(ordinal)
            - self.week.count(self.last)
        )

    def days(self, first: int, last: int) -> tuple[int, ...]:
        """List the working days from *first* to *last*, as far as listed."""
        return tuple(
            self._nth(number)
            for number in range(self.count(first - 1) + 1, self.count(last) + 1)
        )

    def _nth(self, number: int) -> int:
        place = number - self._before
        if place <= 0:
            return self.week.nth(number)
        if place <= len(self.table):
            return self.table[place - 1]
        return self.week.nth(place - len(self.table) + self.week.count(self.last))

    def bounds(self, after: int, until: int) -> tuple[int, int]:
        """Give the fewest and the most working days in (after, until]."""
        listed = self.count(until) - self.count(after)
        if until <= after or self.knows(after + 1, until):
            return listed, listed
        fewest = most = listed
        for low, high in (
            (after, min(until, self.known_from - 1)),
            (max(after, self.known_until), until),
        ):
            if high > low:
                fewest -= self._most_rest(low, high)
                rests = high - low - (self.count(high) - self.count(low))
                most += min(most_make_up(high - low), rests)
        return fewest, most

    def _most_rest(self, low: int, high: int) -> int:
        """Bound the weekdays a notice may take off in (low, high].

        Rest days at either edge are left out of the window: they would widen the
        bound, and a later start could then end earlier.
        """
        weekdays = self.count(high) - self.count(low)
        if not weekdays:
            return 0
        window = self._nth(self.count(high)) - self._nth(self.count(low) + 1) + 1
        return min(weekdays, most_rest(window))

    def after(self, start: int, number: int) -> tuple[int, int]:
        """Give the earliest and latest day on which *number* working days are over.

        Negative numbers count back from the start, which itself never counts.
        Either may be beyond ``LAST`` or before ``FIRST``: the caller refuses it.
        """
        if number == 0:
            return start, start
        if number > 0:
            day = self._nth(self.count(start) + number)
            known = self.knows(start + 1, day)
        else:
            day = self._nth(self.count(start - 1) + 1 + number)
            known = self.knows(day, start - 1)
        if known:
            return day, day
        return (
            self._ahead(start, number, day)
            if number > 0
            else self._back(start, -number, day)
        )

    def _ahead(self, start: int, number: int, listed: int) -> tuple[int, int]:
        """Search either side of the day that is reached as far as listed."""
        soon = range(start + 1, listed)
        sure = range(listed, listed + _reach(listed - start))
        soonest = bisect_left(soon, number, key=lambda d: self.bounds(start, d)[1])
        surest = bisect_left(sure, number, key=lambda d: self.bounds(start, d)[0])
        return start + 1 + soonest, listed + surest

    def _back(self, start: int, number: int, listed: int) -> tuple[int, int]:
        last = start - 1
        soon = range(last, listed, -1)
        sure = range(listed, listed - _reach(start - listed), -1)
        soonest = bisect_left(soon, number, key=lambda d: self.bounds(d - 1, last)[1])
        surest = bisect_left(sure, number, key=lambda d: self.bounds(d - 1, last)[0])
        return listed - surest, last - soonest


def _reach(days: int) -> int:
    """How far past so many days what a notice takes off is surely made good.

    Each week works at least a day, and loses at most seven days and one in thirty,
    before what is known as well as after it: twenty weeks, and one more for every
    twenty days, are enough.
    """
    return 7 * (20 + days // 20)
