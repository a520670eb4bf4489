"""Notices 放假安排通知: days that change in a calendar, and the edition they make.

A yearly notice, a flood day, a local closure, a correction that gives days back. What
a later one says of a date takes the place of what was said before. A notice changes
nothing by itself: ``WorkCalendar.load`` does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TypeVar

from attrs import evolve, field, frozen
from attrs.converters import optional

from duban_flow.domain.codec import Value
from duban_flow.domain.instants import DAY
from duban_flow.domain.time import calendar_faults as faults
from duban_flow.domain.time.office_hours import (
    Hours,
    Season,
    as_half_days,
    as_hours,
    as_seasons,
)
from duban_flow.domain.time.stretches import Edition
from duban_flow.errors import Invalid, Problem

V = TypeVar("V")


def named_days(told: Mapping[date, str] | Iterable[date]) -> dict[date, str]:
    """Give dates with their names, in order; a plain list of dates has none."""
    pairs = told.items() if isinstance(told, Mapping) else ((day, "") for day in told)
    return dict(sorted(pairs, key=lambda pair: str(pair[0])))


def _dates(told: Iterable[date]) -> tuple[date, ...]:
    return tuple(sorted(set(told), key=str))


@frozen(kw_only=True)
class Days(Value):
    """What is said of single dates: off, made up for, half days, or as usual again."""

    holidays: Mapping[date, str] = field(factory=dict, converter=named_days)
    make_up_days: Mapping[date, str] = field(factory=dict, converter=named_days)
    half_days: Mapping[date, Hours] = field(factory=dict, converter=as_half_days)
    withdrawn: tuple[date, ...] = field(default=(), converter=_dates)

    @property
    def all(self) -> tuple[date, ...]:
        """Every date of which it says something."""
        return _dates(
            [*self.holidays, *self.make_up_days, *self.half_days, *self.withdrawn]
        )

    def unlisted(self, days: Days) -> Iterable[Problem]:
        """Find what it withdraws though nothing is said of it."""
        listed = {*days.all}
        for day in self.withdrawn:
            if day not in listed:
                yield Problem(
                    code="notice.not_listed",
                    en="There is nothing to withdraw on this date.",
                    zh="这一天没有可撤销的安排",
                    column="withdrawn",
                    said=str(day),
                )

    def then(self, later: Days) -> Days:
        """Say this and then something later, which has the last word on a date."""
        off, back = later.holidays, {*later.withdrawn}
        worked = later.make_up_days
        return Days(
            holidays=_without(self.holidays, back | worked.keys()) | dict(off),
            make_up_days=_without(self.make_up_days, back | off.keys()) | dict(worked),
            half_days=_without(self.half_days, back | off.keys() | worked.keys())
            | dict(later.half_days),
            withdrawn=[
                *(d for d in self.withdrawn if d not in off and d not in worked),
                *later.withdrawn,
            ],
        )


def _without(days: Mapping[date, V], gone: set[date]) -> dict[date, V]:
    return {day: told for day, told in days.items() if day not in gone}


@frozen(kw_only=True)
class Layer(Value):
    """What a unit's own calendar says over its base 单位日历, and over which edition.

    Without hours or seasons of its own it keeps the base's.
    """

    base: Edition
    days: Days
    office_hours: Hours | None = field(default=None, converter=optional(as_hours))
    seasons: tuple[Season, ...] | None = field(
        default=None, converter=optional(as_seasons)
    )

    def then(self, later: Days) -> Layer:
        """Say this and then, of some dates, something later."""
        return evolve(self, days=self.days.then(later))


@frozen(kw_only=True)
class CalendarNotice(Days):
    """Days that a calendar has to take over 放假安排通知, and the edition they make.

    ``name`` is its title, ``version`` names the next edition, ``calendar`` says for
    which one it is (empty: for any). One that publishes further days says until when
    with ``known_until``, and from when where that is not 1 January of the same year.
    ``withdrawn`` dates are as usual again.

    Raises:
        Invalid: naming every fault at once: a date both off and made up for, or both
            withdrawn and listed, hours that overlap, no version, nothing said.

    >>> notice = CalendarNotice(name="防汛停工", version="2026.1",
    ...     holidays={date(2026, 7, 20): "防汛"})
    >>> from duban_flow.domain.time.calendar import WorkCalendar
    >>> flooded = WorkCalendar.china(2026).load(notice)
    >>> str(flooded), flooded.is_workday(date(2026, 7, 20))
    ('china@2026.1', False)
    """

    name: str
    version: str
    calendar: str = ""
    known_from: date | None = None
    known_until: date | None = None
    source: str = ""

    def __attrs_post_init__(self) -> None:
        problems = [
            *faults.version_faults(self.version),
            *faults.day_faults(self.holidays, self.make_up_days),
            *faults.half_day_faults(self.half_days),
            *faults.known_faults({}, self.known_from, self.known_until),
            *self._contradictions(),
        ]
        if problems:
            raise Invalid("", *problems)

    def _contradictions(self) -> Iterable[Problem]:
        for day in self.withdrawn:
            if day in self.holidays or day in self.make_up_days:
                yield Problem(
                    code="notice.withdrawn_and_listed",
                    en="A date is both listed and withdrawn.",
                    zh="同一天既列出又撤销",
                    column="withdrawn",
                    said=str(day),
                )
        if self.known_from is not None and self.known_until is None:
            yield Problem(
                code="notice.no_end",
                en="It says from when days are known, and not until when.",
                zh="只写明从何时起公布，没有写明公布至何时",
                column="known_until",
            )
        if not self.all and self.known_until is None:
            yield Problem(
                code="notice.empty",
                en="It changes no date and publishes none.",
                zh="通知没有改动任何日期，也没有公布新的日期",
            )

    def misfits(
        self, calendar: str, days: Days, known: tuple[date | None, date | None]
    ) -> Iterable[Problem]:
        """Find why it cannot be taken over by a calendar that lists these days."""
        if self.calendar not in {"", calendar}:
            yield Problem(
                code="notice.calendar",
                en=f"It is for another calendar than {calendar!r}.",
                zh=f"通知针对的不是日历“{calendar}”",
                column="calendar",
                said=self.calendar,
                wanted=calendar,
            )
        yield from self.unlisted(days)
        yield from self._gap(*known)

    def widens(
        self, known_from: date | None, known_until: date | None
    ) -> tuple[date | None, date | None]:
        """Give what is known with it; what was known is not forgotten."""
        if known_from is not None and self.known_from is not None:
            known_from = min(known_from, self.known_from)
        if known_until is not None and self.known_until is not None:
            known_until = max(known_until, self.known_until)
        return known_from, known_until

    def _gap(
        self, known_from: date | None, known_until: date | None
    ) -> Iterable[Problem]:
        """Find days that would lie between what is known and what it publishes."""
        if self.known_until is None:
            return
        first = self.known_from or self.known_until.replace(month=1, day=1)
        missing = None
        if known_until is not None and first > known_until + DAY:
            missing = known_until + DAY, first - DAY
        elif known_from is not None and self.known_until < known_from - DAY:
            missing = self.known_until + DAY, known_from - DAY
        if missing is not None:
            yield Problem(
                code="notice.gap",
                en="Days between what is known and what it publishes would be missing.",
                zh="与已公布的日期之间有缺口",
                column="known_until",
                said=f"{missing[0].isoformat()}~{missing[1].isoformat()}",
            )
