"""The working calendar: which days are worked, at which hours, as far as is known.

A date is at rest, working by decree, or ordinary. Where no notice has been
published it answers with a range and never with plain weekends. A calendar with no
working time is refused, and so is a date beyond the years 1900 to 2200.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from enum import StrEnum
from functools import cache, cached_property
from typing import Final
from zoneinfo import ZoneInfo

from attrs import evolve, field, frozen

from duban_flow.domain import calendar_faults as faults
from duban_flow.domain.china import notices
from duban_flow.domain.codec import Value, digest
from duban_flow.domain.instants import (
    DAY,
    TICK,
    Span,
    When,
    aware,
    day_end,
    on_clock,
)
from duban_flow.domain.tally import FIRST, LAST, Tally, Week
from duban_flow.errors import Invalid

Hours = tuple[tuple[time, time], ...]

OFFICE_HOURS: Final[Hours] = (
    (time(9), time(12)),
    (time(13, 30), time(17, 30)),
)


class DayKind(StrEnum):
    """What a date is in a calendar 日期类别."""

    REST = "rest"
    DECREED = "decreed"
    ORDINARY = "ordinary"


@frozen
class Stretch(Value):
    """Days in a row that are off, or worked, for one reason 放假或调休."""

    first: date
    last: date
    kind: DayKind
    name: str = ""

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1


@frozen(kw_only=True)
class Edition(Value):
    """Which calendar a date was counted by 日历版本, down to its digest."""

    name: str
    version: str
    digest: str
    zone: str


def _named(days: Mapping[date, str] | Iterable[date]) -> dict[date, str]:
    pairs = days.items() if isinstance(days, Mapping) else ((day, "") for day in days)
    return dict(sorted(pairs))


def _weekdays(days: Iterable[int]) -> tuple[int, ...]:
    return tuple(sorted(days))


def _how_many(days: Mapping[date, str]) -> str:
    return f"{len(days)} days"


def _hours(hours: Iterable[tuple[time, time]]) -> Hours:
    return tuple((opens, closes) for opens, closes in hours)


@frozen(kw_only=True, eq=False)
class WorkCalendar(Value):
    """Working days and office hours of one place, in one version 工作日历.

    ``holidays`` and ``make_up_days`` map a date to its name (a plain list of dates
    will do). ``known_from`` and ``known_until`` bound what has been published;
    without them all dates are known. An interval of office hours that ends at 00:00
    ends at 24:00.

    Raises:
        Invalid: naming every fault at once: no working time, intervals that overlap,
            an unknown zone, a date that is both at rest and made up for, a date
            outside what is said to be known.

    >>> calendar = WorkCalendar.china()
    >>> calendar.kind(date(2009, 9, 27)), calendar.name_of(date(2009, 9, 27))
    (<DayKind.DECREED: 'decreed'>, '国庆节')
    >>> calendar.workdays_between(date(2009, 9, 30), date(2009, 12, 31))
    61
    """

    name: str
    version: str
    zone: str = "Asia/Shanghai"
    office_hours: Hours = field(default=OFFICE_HOURS, converter=_hours)
    rest_weekdays: tuple[int, ...] = field(default=(5, 6), converter=_weekdays)
    holidays: Mapping[date, str] = field(factory=dict, converter=_named, repr=_how_many)
    make_up_days: Mapping[date, str] = field(
        factory=dict, converter=_named, repr=_how_many
    )
    known_from: date | None = None
    known_until: date | None = None

    def __attrs_post_init__(self) -> None:
        known = (self.known_from, self.known_until)
        problems = [
            *faults.zone_faults(self.zone),
            *faults.hours_faults(self.office_hours),
            *faults.week_faults(self.rest_weekdays),
            *faults.day_faults(self.holidays, self.make_up_days, *known),
        ]
        if problems:
            raise Invalid("", *problems)
        if not self._has_workday():
            raise Invalid("", faults.NO_WORKDAY)

    @classmethod
    def china(cls, through: int | None = None) -> WorkCalendar:
        """Give the calendar of China 全国节假日安排, from 2004 to its last notice.

        With *through*, the edition that ends with that year's notice.

        Raises:
            Invalid: for a year without a notice.
        """
        return _china(through)

    @cached_property
    def tz(self) -> ZoneInfo:
        """The zone as an object."""
        return ZoneInfo(self.zone)

    @cached_property
    def digest(self) -> str:
        """The SHA-256 of all that it says, in hexadecimal."""
        return digest(self.to_dict())

    @cached_property
    def edition(self) -> Edition:
        """Which calendar this is, for a certificate."""
        return Edition(
            name=self.name, version=self.version, digest=self.digest, zone=self.zone
        )

    @cached_property
    def tally(self) -> Tally:
        """The counted table of its working days."""
        return Tally.of(
            Week(self.rest_weekdays),
            frozenset(day.toordinal() for day in self.holidays),
            frozenset(day.toordinal() for day in self.make_up_days),
            (
                self.known_from.toordinal() if self.known_from else FIRST,
                self.known_until.toordinal() if self.known_until else LAST,
            ),
        )

    @cached_property
    def stretches(self) -> tuple[Stretch, ...]:
        """Its holidays and make-up days, those that follow one another as one."""
        made: list[Stretch] = []
        for day in sorted([*self.holidays, *self.make_up_days]):
            kind, name = self.kind(day), self.name_of(day)
            last = made[-1] if made else None
            if last and last.kind is kind and (day - last.last).days == 1:
                names = dict.fromkeys(n for n in [*last.name.split("、"), name] if n)
                made[-1] = evolve(last, last=day, name="、".join(names))
            else:
                made.append(Stretch(day, day, kind, name))
        return tuple(made)

    def met(self, first: date, last: date) -> tuple[Stretch, ...]:
        """List the holidays and make-up days met on the way from *first* to *last*."""
        place = bisect_left(self.stretches, first, key=lambda s: s.last)
        found = []
        for stretch in self.stretches[place:]:
            if stretch.first > last or first > last:
                break
            found.append(
                evolve(
                    stretch,
                    first=max(first, stretch.first),
                    last=min(last, stretch.last),
                )
            )
        return tuple(found)

    def known(self, day: date) -> bool:
        """Whether a notice that covers this day has been published."""
        return self.knows(day, day)

    def knows(self, first: date, last: date) -> bool:
        """Whether every day from *first* to *last* has been published."""
        return self.tally.knows(first.toordinal(), last.toordinal())

    def kind(self, day: date) -> DayKind:
        """Say what a date is; one not yet published goes by its weekday."""
        if day in self.make_up_days:
            return DayKind.DECREED
        rests = day in self.holidays or day.weekday() in self.rest_weekdays
        return DayKind.REST if rests else DayKind.ORDINARY

    def is_workday(self, day: date) -> bool:
        """Whether a date is worked; one not yet published goes by its weekday."""
        return self.kind(day) is not DayKind.REST

    def name_of(self, day: date) -> str:
        """Name the holiday that a date belongs to or makes up for; else ``""``."""
        return self.holidays.get(day) or self.make_up_days.get(day, "")

    def workday_range(self, day: date, n: int) -> tuple[date, date]:
        """Give the earliest and latest date the n-th working day after *day* can be.

        Both are the same date where all is published. Negative *n* counts back.

        Raises:
            Invalid: beyond the years 1900 to 2200.
        """
        first, last = self.tally.after(self._ordinal(day), n)
        return self._date(first), self._date(last)

    def workday_after(self, day: date, n: int) -> date:
        """Give the n-th working day after a date, before it where *n* is negative.

        Where that is not published, the latest date it can be.

        >>> WorkCalendar.china().workday_after(date(2009, 9, 30), 1)
        datetime.date(2009, 10, 9)
        """
        return self._date(self.tally.after(self._ordinal(day), n)[1])

    def days_after(self, day: date, n: int) -> date:
        """Give the date n calendar days after a date, before it where *n* is negative.

        Raises:
            Invalid: beyond the years 1900 to 2200.
        """
        return self._date(self._ordinal(day) + n)

    def workdays_range(self, a: date, b: date) -> tuple[int, int]:
        """Give the fewest and the most working days there can be in (a, b]."""
        first, last = self._ordinal(a), self._ordinal(b)
        if first <= last:
            return self.tally.bounds(first, last)
        fewest, most = self.tally.bounds(last, first)
        return -most, -fewest

    def workdays_between(self, a: date, b: date) -> int:
        """Count the working days in (a, b]; negative where *b* comes first.

        Where that is not published, the fewest there can be.
        """
        return self.workdays_range(a, b)[0]

    def opens(self, day: date) -> datetime:
        """Give the instant at which the office opens on a date 上班."""
        return on_clock(self._checked(day), self.office_hours[0][0], self.tz)

    def closes(self, day: date) -> datetime:
        """Give the instant at which business closes on a date 下班."""
        clock = self.office_hours[-1][1]
        if clock == time():
            return self.midnight_after(day)
        return on_clock(self._checked(day), clock, self.tz)

    def midnight_after(self, day: date) -> datetime:
        """Give the 24:00 of a date 二十四时."""
        return day_end(self._checked(day), self.tz)

    def local(self, moment: datetime) -> datetime:
        """Show an instant on the clocks of the calendar's zone."""
        return aware(moment).astimezone(self.tz)

    def date_of(self, moment: datetime) -> date:
        """Give the date that the calendar's zone shows at an instant."""
        return self.local(moment).date()

    def day_of(self, moment: datetime) -> date:
        """Give the day that an instant ends in: 24:00 belongs to the day it closes."""
        return self.local(aware(moment) - TICK).date()

    def days_late(self, due: datetime, at: When) -> tuple[int, int]:
        """Count the calendar days past due 逾期天数, by the least and the most.

        >>> calendar = WorkCalendar.china()
        >>> due = calendar.closes(date(2009, 10, 20))
        >>> mid_december = Span.of_days(
        ...     date(2009, 12, 11), date(2009, 12, 20), calendar.tz)
        >>> calendar.days_late(due, mid_december)
        (52, 61)
        >>> calendar.workdays_late(due, mid_december)
        (38, 43)
        """
        start, days = self.day_of(due), self._days_of(at)
        return max(0, (days[0] - start).days), max(0, (days[1] - start).days)

    def workdays_late(self, due: datetime, at: When) -> tuple[int, int]:
        """Count the working days past due, by the least and the most."""
        start, days = self.day_of(due), self._days_of(at)
        fewest = self.workdays_range(start, days[0])[0]
        most = self.workdays_range(start, days[1])[1]
        return max(0, fewest), max(0, most)

    def _has_workday(self) -> bool:
        """Whether any known day is worked; without bounds the week sees to that."""
        if self.known_from is None or self.known_until is None:
            return True
        return self.workdays_between(self.known_from - DAY, self.known_until) > 0

    def _days_of(self, at: When) -> tuple[date, date]:
        if not isinstance(at, Span):
            return self.day_of(at), self.day_of(at)
        last = self.day_of(at.latest)
        return min(self.date_of(at.earliest), last), last

    def _ordinal(self, day: date) -> int:
        return self._checked(day).toordinal()

    def _checked(self, day: date) -> date:
        if type(day) is not date:
            raise Invalid(
                f"Calendar {self.name!r}: {day!r} was given, a date was wanted.",
                zh=f"日历“{self.name}”：应为日期，实为{day!r}。",
                code="calendar.not_a_date",
            )
        if not FIRST <= day.toordinal() <= LAST:
            raise self._beyond(day.isoformat())
        return day

    def _date(self, ordinal: int) -> date:
        if not FIRST <= ordinal <= LAST:
            raise self._beyond("a date counted")
        return date.fromordinal(ordinal)

    def _beyond(self, what: str) -> Invalid:
        return Invalid(
            f"Calendar {self.name!r}: {what} lies outside the years 1900 to 2200.",
            zh=f"日历“{self.name}”：日期超出1900年至2200年。",
            code="calendar.out_of_range",
        )

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, WorkCalendar):
            return NotImplemented
        return self is other or self.digest == other.digest

    def __hash__(self) -> int:
        return hash(self.digest)

    def __str__(self) -> str:
        return f"{self.name}@{self.version}"


@cache
def _china(through: int | None) -> WorkCalendar:
    known = notices(through)
    return WorkCalendar(
        name="china",
        version=str(known.known_until.year),
        holidays=known.holidays,
        make_up_days=known.make_up_days,
        known_from=known.known_from,
        known_until=known.known_until,
    )
