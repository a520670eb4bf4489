"""The working calendar: which days are worked, at which hours, as far as is known.

A date is at rest, working by decree, or ordinary. Where no notice has been
published it answers with a range and never with plain weekends. A calendar with no
working time is refused, and so is a date beyond the years 1900 to 2200.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from functools import cache, cached_property
from zoneinfo import ZoneInfo

from attrs import evolve, field, frozen

from duban_flow.domain.codec import Value, digest
from duban_flow.domain.instants import (
    DAY,
    TICK,
    Span,
    When,
    aware,
    day_end,
    instant,
    micros,
)
from duban_flow.domain.time import calendar_faults as faults
from duban_flow.domain.time.china import notices
from duban_flow.domain.time.notice import CalendarNotice, Days, Layer, named_days
from duban_flow.domain.time.office_hours import (
    OFFICE_HOURS,
    Clocks,
    Hours,
    Season,
    as_half_days,
    as_hours,
    as_seasons,
)
from duban_flow.domain.time.stretches import (
    DayKind,
    Edition,
    Stretch,
    joined,
    only_one,
    stretched,
)
from duban_flow.domain.time.tally import FIRST, LAST, Tally, Week
from duban_flow.domain.time.worktime import Worktime
from duban_flow.errors import Conflict, Invalid

__all__ = ["OFFICE_HOURS", "DayKind", "Edition", "Hours", "Stretch", "WorkCalendar"]


def _weekdays(days: Iterable[int]) -> tuple[int, ...]:
    return tuple(sorted(days))


def _how_many(days: Mapping[date, object]) -> str:
    return f"{len(days)} days"


@frozen(kw_only=True, eq=False)
class WorkCalendar(Value):
    """Working days and office hours of one place, in one version 工作日历.

    ``holidays`` and ``make_up_days`` map a date to its name (a plain list of dates
    will do), ``half_days`` to its hours; ``seasons`` keep hours of their own. An
    interval of hours that ends at 00:00 ends at 24:00. ``known_from`` and
    ``known_until`` bound what has been published; without them all dates are known.
    A unit's own calendar keeps what it says over its base as its ``layer``.

    Raises:
        Invalid: naming every fault at once: no working time, intervals or seasons
            that overlap, an unknown zone, a date that is both at rest and made up
            for, a half day at rest, a date outside what is said to be known.

    >>> calendar = WorkCalendar.china()
    >>> calendar.kind(date(2009, 9, 27)), calendar.name_of(date(2009, 9, 27))
    (<DayKind.DECREED: 'decreed'>, '国庆节')
    >>> calendar.workdays_between(date(2009, 9, 30), date(2009, 12, 31))
    61
    """

    name: str
    version: str
    zone: str = "Asia/Shanghai"
    office_hours: Hours = field(default=OFFICE_HOURS, converter=as_hours)
    rest_weekdays: tuple[int, ...] = field(default=(5, 6), converter=_weekdays)
    holidays: Mapping[date, str] = field(
        factory=dict, converter=named_days, repr=_how_many
    )
    make_up_days: Mapping[date, str] = field(
        factory=dict, converter=named_days, repr=_how_many
    )
    known_from: date | None = None
    known_until: date | None = None
    seasons: tuple[Season, ...] = field(default=(), converter=as_seasons)
    half_days: Mapping[date, Hours] = field(
        factory=dict, converter=as_half_days, repr=_how_many
    )
    layer: Layer | None = None

    def __attrs_post_init__(self) -> None:
        listed = {
            "holidays": self.holidays,
            "make_up_days": self.make_up_days,
            "half_days": self.half_days,
        }
        problems = [
            *faults.zone_faults(self.zone),
            *faults.hours_faults(self.office_hours),
            *faults.season_faults(self.seasons),
            *faults.week_faults(self.rest_weekdays),
            *faults.day_faults(self.holidays, self.make_up_days),
            *faults.half_day_faults(self.half_days),
            *faults.rest_faults(d for d in self.half_days if not self.is_workday(d)),
            *faults.known_faults(listed, self.known_from, self.known_until),
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
        return stretched(
            Stretch(day, day, self.kind(day), self.name_of(day))
            for day in sorted([*self.holidays, *self.make_up_days])
        )

    @cached_property
    def _edges(self) -> tuple[list[date], list[date]]:
        """The first and the last day of each stretch, to be searched."""
        return [s.first for s in self.stretches], [s.last for s in self.stretches]

    def met(self, first: date, last: date) -> tuple[Stretch, ...]:
        """List the holidays and make-up days met on the way from *first* to *last*."""
        firsts, lasts = self._edges
        begin = bisect_left(lasts, first)
        end = bisect_right(firsts, last, lo=begin)
        if first > last or begin == end:
            return ()
        found = list(self.stretches[begin:end])
        if found[0].first < first:
            found[0] = evolve(found[0], first=first)
        if found[-1].last > last:
            found[-1] = evolve(found[-1], last=last)
        return tuple(found)

    @cached_property
    def days(self) -> Days:
        """Every date that it lists: off, made up for, and half days."""
        return Days(
            holidays=self.holidays,
            make_up_days=self.make_up_days,
            half_days=self.half_days,
        )

    @property
    def over(self) -> Edition | None:
        """The edition of the base that it is layered over, if it is."""
        return self.layer.base if self.layer else None

    def load(self, notice: CalendarNotice) -> WorkCalendar:
        """Give the next edition, with what a notice says 加载放假安排.

        Raises:
            Invalid: naming every fault at once: a notice for another calendar, a gap
                before what it publishes, nothing there to withdraw, nothing new said.
            Conflict: for the version of this edition with other contents.
        """
        known = self.known_from, self.known_until
        problems = [*notice.misfits(self.name, self.days, known)]
        if problems:
            raise Invalid("", *problems)
        days = self.days.then(notice)
        known_from, known_until = notice.widens(*known)
        made = evolve(
            self,
            version=notice.version,
            holidays=days.holidays,
            make_up_days=days.make_up_days,
            half_days=days.half_days,
            known_from=known_from,
            known_until=known_until,
            layer=self.layer.then(notice) if self.layer else None,
        )
        return self._succeeded(made)

    def layered(
        self,
        *,
        name: str,
        version: str,
        days: Days | None = None,
        office_hours: Hours | None = None,
        seasons: tuple[Season, ...] | None = None,
    ) -> WorkCalendar:
        """Lay a unit's own calendar over this one 单位日历: its days, and its hours.

        Raises:
            Invalid: for what no calendar can be, and for days withdrawn that are not
                there.

        >>> city = WorkCalendar.china(2026)
        >>> own = Days(holidays={date(2026, 4, 20): "泼水节"})
        >>> county = city.layered(name="county", version="1", days=own)
        >>> county.is_workday(date(2026, 4, 20)), county.over == city.edition
        (False, True)
        """
        own = Days().then(days or Days())
        problems = [*own.unlisted(self.days)]
        if problems:
            raise Invalid("", *problems)
        layer = Layer(
            base=self.edition,
            days=own,
            office_hours=office_hours,
            seasons=seasons,
        )
        return self._under(layer, name, version)

    def rebased(self, base: WorkCalendar, *, version: str) -> WorkCalendar:
        """Lay what this calendar says of its own over a later edition of its base.

        Raises:
            Invalid: for a calendar without a base, another base, or nothing new.
            Conflict: for the version of this edition with other contents.
        """
        if self.over is None or self.layer is None or self.over.name != base.name:
            raise Invalid(
                f"Calendar {self}: its base is {self.over and self.over.name!r}, "
                f"{base} was given.",
                zh=f"日历{self}不是在日历{base}之上设置的。",
                code="calendar.base",
            )
        layer = evolve(self.layer, base=base.edition)
        return self._succeeded(base._under(layer, self.name, version))

    def differs(self, other: WorkCalendar) -> tuple[tuple[date, date], ...]:
        """Give the stretches of dates of which two editions say different things.

        Whether a date is worked, at which hours, and whether it is known; its name does
        not count. Where week, zone, ordinary hours or seasons differ, every date does.

        >>> [str(day) for day in
        ...     WorkCalendar.china(2020).differs(WorkCalendar.china(2021))[0]]
        ['2021-01-01', '2021-12-31']
        """
        if self._rhythm() != other._rhythm():
            return joined([(FIRST, LAST)])
        changed = [
            day.toordinal()
            for day in {*self.days.all, *other.days.all}
            if self._said(day) != other._said(day)
        ]
        known = ((c.tally.known_from, c.tally.known_until) for c in (self, other))
        return joined([*((day, day) for day in changed), *only_one(*known)])

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
        found = self._date(first)
        return found, found if first == last else self._date(last)

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
        """Give the instant at which the office opens on a date 上班, were it worked."""
        return instant(self._clocks.stays(self._ordinal(day))[0][0])

    def closes(self, day: date) -> datetime:
        """Give the instant at which business closes on a date 下班, were it worked."""
        return instant(self._clocks.stays(self._ordinal(day))[-1][1])

    def hours_of(self, day: date) -> tuple[tuple[datetime, datetime], ...]:
        """Give the hours worked on a date, as instants; at rest there are none.

        >>> china = WorkCalendar.china()
        >>> [at.isoformat() for at in china.hours_of(date(2009, 9, 27))[0]]
        ['2009-09-27T01:00:00+00:00', '2009-09-27T04:00:00+00:00']
        """
        if not self.is_workday(self._checked(day)):
            return ()
        stays = self._clocks.stays(day.toordinal())
        return tuple((instant(a), instant(b)) for a, b in stays if a < b)

    def worked(self, a: datetime, b: datetime) -> timedelta:
        """Count the working time in [a, b) 工作时间; negative where *b* comes first.

        Where that is not published, the least there can be.

        >>> at = datetime.fromisoformat
        >>> str(WorkCalendar.china().worked(
        ...     at("2009-09-30T17:00+08:00"), at("2009-10-09T09:10+08:00")))
        '0:40:00'
        """
        return self.worked_range(a, b)[0]

    def worked_range(self, a: datetime, b: datetime) -> tuple[timedelta, timedelta]:
        """Give the least and the most working time there can be in [a, b).

        Exact to the microsecond, and both the same where all is published.

        Raises:
            Invalid: for a naive instant, or one beyond the years 1900 to 2200.
        """
        first, last = self._micros(a), self._micros(b)
        low, high = self._worktime.bounds(min(first, last), max(first, last))
        return (
            (low * TICK, high * TICK) if first <= last else (-high * TICK, -low * TICK)
        )

    def work_after(self, start: datetime, amount: timedelta) -> datetime:
        """Give the instant at which so much has been worked, from *start* on.

        The first such instant: a day's work is done at the close of its day. A negative
        amount goes back, to the last such instant. Where that is not published, the
        latest it can be.

        >>> start = datetime.fromisoformat("2009-09-30T17:00+08:00")
        >>> str(WorkCalendar.china().work_after(start, timedelta(minutes=40)))
        '2009-10-09 01:10:00+00:00'
        """
        return self.work_range(start, amount)[1]

    def work_range(
        self, start: datetime, amount: timedelta
    ) -> tuple[datetime, datetime]:
        """Give the earliest and latest instant at which so much has been worked.

        Raises:
            Invalid: for a naive start, or an end beyond the years 1900 to 2200.
        """
        if not isinstance(amount, timedelta):
            raise Invalid(
                f"Calendar {self.name!r}: {amount!r} was given, a length of time was "
                "wanted.",
                zh=f"日历“{self.name}”：应为时长，实为{amount!r}。",
                code="calendar.not_a_length",
            )
        found = self._worktime.after(self._micros(start), amount // TICK)
        if found is None:
            raise self._beyond(f"{amount} of working time")
        return instant(found[0]), instant(found[1])

    @cached_property
    def _clocks(self) -> Clocks:
        return Clocks(self.zone, self.office_hours, self.seasons, self.half_days)

    @cached_property
    def _reach(self) -> tuple[int, int]:
        """The first and the last instant it can speak of."""
        return self._clocks.start(FIRST), self._clocks.start(LAST + 1) - 1

    @cached_property
    def _worktime(self) -> Worktime:
        return Worktime(self.tally, self._clocks)

    def midnight_after(self, day: date) -> datetime:
        """Give the 24:00 of a date 二十四时."""
        return day_end(self._checked(day), self.tz)

    def local(self, moment: datetime) -> datetime:
        """Show an instant on the clocks of the calendar's zone."""
        try:
            return aware(moment).astimezone(self.tz)
        except OverflowError as fault:
            raise self._beyond(moment.isoformat()) from fault

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

    def _under(self, layer: Layer, name: str, version: str) -> WorkCalendar:
        days, hours = self.days.then(layer.days), layer.office_hours
        if hours is None:
            hours = self.office_hours
        return evolve(
            self,
            name=name,
            version=version,
            office_hours=hours,
            seasons=self.seasons if layer.seasons is None else layer.seasons,
            holidays=days.holidays,
            make_up_days=days.make_up_days,
            half_days=days.half_days,
            layer=layer,
        )

    def _succeeded(self, made: WorkCalendar) -> WorkCalendar:
        """Give the next edition, if it is one."""
        if evolve(made, version=self.version) == self:
            raise Invalid(
                f"Calendar {self}: edition {made.version!r} would say nothing new.",
                zh=f"日历{self}：版本“{made.version}”没有任何变化。",
                code="calendar.nothing_new",
            )
        if made.version == self.version:
            raise Conflict(
                f"Calendar {self}: the next edition needs another version.",
                zh=f"日历{self}：内容有变化，应另写版本。",
                code="calendar.version_taken",
            )
        return made

    def _rhythm(self) -> tuple[object, ...]:
        return self.zone, self.rest_weekdays, self.office_hours, self.seasons

    def _said(self, day: date) -> tuple[DayKind, Hours]:
        return self.kind(day), self._clocks.hours_on(day)

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
        if type(day) is date and FIRST <= (ordinal := day.toordinal()) <= LAST:
            return ordinal
        return self._checked(day).toordinal()

    def _micros(self, moment: datetime) -> int:
        count = micros(moment)
        if not self._reach[0] <= count <= self._reach[1]:
            raise self._beyond(moment.isoformat())
        return count

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
            named = date.min.toordinal() <= ordinal <= date.max.toordinal()
            said = date.fromordinal(ordinal).isoformat() if named else f"day {ordinal}"
            raise self._beyond(said)
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
