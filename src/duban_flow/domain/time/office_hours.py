"""Office hours 办公时间: between which times a date is worked, where it is worked.

Ordinary hours, seasons with hours of their own, and half days; as times on the clock
and as instants. Which dates are worked is the calendar's to say.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from calendar import monthrange
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, cached_property, lru_cache
from itertools import pairwise
from typing import Final
from zoneinfo import ZoneInfo

from attrs import field, frozen

from duban_flow.domain.codec import Value
from duban_flow.domain.instants import DAY, EPOCH, TICK, day_end, day_start, on_clock
from duban_flow.domain.time.tally import FIRST, LAST

Hours = tuple[tuple[time, time], ...]
"""When an office opens and closes in a day; one that closes at 00:00 does at 24:00."""

OFFICE_HOURS: Final[Hours] = (
    (time(9), time(12)),
    (time(13, 30), time(17, 30)),
)
_DAY: Final = DAY // TICK
_DAYS_KEPT: Final = 4_096
_YEARS: Final = range(date.fromordinal(FIRST).year, date.fromordinal(LAST).year + 1)

Stay = tuple[int, int]
"""From when to when an office is open, in microseconds since 1970."""


def as_hours(told: Iterable[tuple[time, time]]) -> Hours:
    """Give hours as a tuple, however they were listed."""
    return tuple((opens, closes) for opens, closes in told)


def as_half_days(
    told: Mapping[date, Iterable[tuple[time, time]]],
) -> dict[date, Hours]:
    """Give half days with their hours, in the order of their dates."""
    return {day: as_hours(told[day]) for day in sorted(told)}


def hours_text(hours: Hours) -> str:
    """Write hours as people do.

    >>> hours_text(OFFICE_HOURS)
    '09:00-12:00, 13:30-17:30'
    """
    return ", ".join(
        f"{opens:%H:%M}-{'24:00' if closes == time() else f'{closes:%H:%M}'}"
        for opens, closes in hours
    )


@frozen(kw_only=True)
class Season(Value):
    """A part of every year with hours of its own 季节性作息, such as a summer's.

    ``first`` and ``last`` are a month and a day, both of them in it. One that ends
    before it begins runs over the turn of the year; 29 February is the end of
    February in a year that has none.

    >>> Season(first=(10, 1), last=(4, 30), hours=OFFICE_HOURS).holds(date(2027, 1, 1))
    True
    """

    first: tuple[int, int]
    last: tuple[int, int]
    hours: Hours = field(converter=as_hours)
    name: str = ""

    def holds(self, day: date) -> bool:
        """Whether a date is in the season."""
        turn = day.month, day.day
        if self.first <= self.last:
            return self.first <= turn <= self.last
        return turn >= self.first or turn <= self.last

    def turns(self, year: int) -> Iterator[int]:
        """Give the days (ordinals) on which it begins in a year, and is over."""
        for (month, day), later in ((self.first, 0), (self.last, 1)):
            last = monthrange(year, month)[1]
            missing = day > last and not later
            yield date(year, month, min(day, last)).toordinal() + later + missing

    def __str__(self) -> str:
        (month, day), (last_month, last_day) = self.first, self.last
        return f"{month:02}-{day:02}~{last_month:02}-{last_day:02}"


def as_seasons(told: Iterable[Season]) -> tuple[Season, ...]:
    """Give seasons as a tuple, however they were listed."""
    return tuple(told)


@cache
def shifts(zone: str, year: int) -> frozenset[int]:
    """Find the days (ordinals) in which the clocks of a zone are set.

    Those of a year, with the last day before it and the first after it.
    """
    midnight = datetime(year, 1, 1, tzinfo=ZoneInfo(zone)) - DAY
    offset, found = midnight.utcoffset(), set()
    while (midnight - DAY).year <= year:
        following = midnight + DAY
        ahead = following.utcoffset()
        if ahead != offset:
            found.add(midnight.toordinal())
        midnight, offset = following, ahead
    return frozenset(found)


class Clocks:
    """The hours of every date in one zone, on the clock and as instants."""

    def __init__(
        self,
        zone: str,
        hours: Hours,
        seasons: tuple[Season, ...],
        half_days: Mapping[date, Hours],
    ) -> None:
        self.zone = zone
        self.tz = ZoneInfo(zone)
        self._hours = hours
        self._seasons = seasons
        self._half_days = half_days
        self._half = tuple(day.toordinal() for day in half_days)
        self.stays = lru_cache(_DAYS_KEPT)(self._stays)

    def hours_on(self, day: date) -> Hours:
        """Give the hours of a date, were it worked."""
        half = self._half_days.get(day) if self._half_days else None
        return self.usual(day) if half is None else half

    def usual(self, day: date) -> Hours:
        """Give the hours that a date has every year."""
        for season in self._seasons:
            if season.holds(day):
                return season.hours
        return self._hours

    def runs(self, year: int) -> Iterator[tuple[int, int, int]]:
        """Give the runs of a year's days with the same usual hours, and their length.

        Each with its first and last day; the length is a day's, in microseconds.
        """
        first, last = date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()
        turns = {first, *(turn for s in self._seasons for turn in s.turns(year))}
        starts = sorted(turn for turn in turns if first <= turn <= last)
        for start, following in pairwise([*starts, last + 1]):
            length = _length(self.usual(date.fromordinal(start)))
            yield start, following - 1, length

    def odd(self, year: int) -> Iterator[tuple[int, int]]:
        """Give the days of a year longer or shorter than usual, and by how much."""
        first, last = date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()
        low, high = bisect_left(self._half, first), bisect_right(self._half, last)
        for ordinal in {*self._half[low:high], *shifts(self.zone, year)}:
            if first <= ordinal <= last:
                usual = _length(self.usual(date.fromordinal(ordinal)))
                yield ordinal, self.length(ordinal) - usual

    def _stays(self, ordinal: int) -> tuple[Stay, ...]:
        """Give the hours of a day as instants, were it worked.

        They never overlap and never leave the day: what the clocks skip is not
        there, and what they show twice counts from its first showing.
        """
        day = date.fromordinal(ordinal)
        hours = self.hours_on(day)
        if ordinal in shifts(self.zone, day.year):
            return tuple(self._shifted(day, hours))
        midnight = self.start(ordinal)
        return tuple(
            (midnight + opens, midnight + closes) for opens, closes in _plain(hours)
        )

    def begun(self, ordinal: int, moment: int) -> int:
        """Count the hours of a day before an instant, were it worked."""
        total = 0
        for opens, closes in self.stays(ordinal):
            if moment <= opens:
                break
            total += min(closes, moment) - opens
        return total

    def left(self, ordinal: int, moment: int) -> int:
        """Count the hours of a day after an instant, were it worked."""
        total = 0
        for opens, closes in self.stays(ordinal):
            if moment < closes:
                total += closes - max(opens, moment)
        return total

    def start(self, ordinal: int) -> int:
        """Give the instant at which a day begins."""
        return (day_start(date.fromordinal(ordinal), self.tz) - EPOCH) // TICK

    def length(self, ordinal: int) -> int:
        """Count the microseconds that a day has, were it worked."""
        day = date.fromordinal(ordinal)
        if ordinal in shifts(self.zone, day.year):
            return sum(closes - opens for opens, closes in self.stays(ordinal))
        return _length(self.hours_on(day))

    def day(self, moment: int) -> int:
        """Give the day (an ordinal) between whose midnights an instant lies.

        Where the clocks are set about midnight a date may be shown before it begins,
        or again after it is over.
        """
        local = (EPOCH + timedelta(microseconds=moment)).astimezone(self.tz)
        day, near = local.toordinal(), shifts(self.zone, local.year)
        if near and (day in near or day + 1 in near or day - 1 in near):
            if moment < self.start(day):
                return day - 1
            if moment >= self.start(day + 1):
                return day + 1
        return day

    @cached_property
    def extremes(self) -> tuple[int, int]:
        """The shortest and the longest that a day can be which is no half day.

        A day on which the clocks are set may be shorter or longer than any other. One
        of which they leave nothing (Samoa had no 30 December 2011) is not counted.
        """
        several = {self._hours, *(season.hours for season in self._seasons)}
        lengths = {_length(hours) for hours in several}
        for ordinal in (day for year in _YEARS for day in shifts(self.zone, year)):
            day = date.fromordinal(ordinal)
            lengths.update(
                sum(closes - opens for opens, closes in self._shifted(day, hours))
                for hours in several
            )
        return min(filter(None, lengths)), max(lengths)

    def _shifted(self, day: date, hours: Hours) -> Iterator[Stay]:
        """Follow the clocks of a day on which they are set."""
        free, end = day_start(day, self.tz), day_end(day, self.tz)
        for opens, closes in hours:
            begins = min(max(on_clock(day, opens, self.tz), free), end)
            ends = end if closes == time() else on_clock(day, closes, self.tz)
            free = max(begins, min(ends, end))
            yield (begins - EPOCH) // TICK, (free - EPOCH) // TICK


@cache
def _plain(hours: Hours) -> tuple[Stay, ...]:
    """Give hours as microseconds since midnight, on a day like any other."""
    return tuple(
        (_since_midnight(opens), _since_midnight(closes) or _DAY)
        for opens, closes in hours
    )


@cache
def _length(hours: Hours) -> int:
    return sum(closes - opens for opens, closes in _plain(hours))


def _since_midnight(clock: time) -> int:
    return (datetime.combine(EPOCH, clock, tzinfo=UTC) - EPOCH) // TICK
