"""What is wrong with a calendar, all of it at once.

It judges plain data before a calendar exists; it mends nothing.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Mapping
from datetime import date, time, timedelta
from itertools import combinations, pairwise
from typing import Final

from duban_flow.domain.instants import zone_of
from duban_flow.domain.time.office_hours import Hours, Season
from duban_flow.domain.time.tally import FIRST, LAST
from duban_flow.errors import Invalid, Problem


def zone_faults(zone: str) -> Iterable[Problem]:
    """Find a zone that no clock of the world keeps."""
    try:
        zone_of(zone)
    except Invalid:
        yield Problem(
            code="calendar.zone",
            en="There is no such zone.",
            zh="没有这个时区",
            column="zone",
            said=str(zone),
            wanted="Asia/Shanghai",
        )


def hours_faults(hours: Hours, column: str = "office_hours") -> Iterable[Problem]:
    """Find office hours that are empty, run backwards or overlap."""
    strange = [at for pair in hours for at in pair if not _on_any_clock(at)]
    if strange:
        yield Problem(
            code="calendar.not_a_time",
            en="A time of day without a zone was wanted.",
            zh="应为不带时区的时刻",
            column=column,
            said=", ".join(map(str, strange)),
            wanted="09:00",
        )
        return
    if not hours:
        yield _no_working_time(column, "The office never opens.", "没有办公时间")
    for opens, closes in hours:
        if opens >= closes != time():
            yield Problem(
                code="calendar.hours_order",
                en="Office hours end before they begin.",
                zh="办公时间的起止颠倒",
                column=column,
                said=f"{opens:%H:%M}-{closes:%H:%M}",
            )
    for (opens, closes), (again, _) in pairwise(hours):
        if again < closes or closes == time():
            yield Problem(
                code="calendar.hours_overlap",
                en="Office hours overlap, or stand in the wrong order.",
                zh="办公时间重叠或者次序不对",
                column=column,
                said=f"{opens:%H:%M}-{closes:%H:%M}, {again:%H:%M}",
            )


def _on_any_clock(at: object) -> bool:
    return isinstance(at, time) and at.tzinfo is None


def season_faults(seasons: tuple[Season, ...]) -> Iterable[Problem]:
    """Find seasons with dates that do not exist, with faulty hours, or in common."""
    for season in seasons:
        yield from hours_faults(season.hours, f"season {season}")
        yield from _turn_faults(season)
    turns = [(date(2000, 1, 1) + timedelta(days=n)) for n in range(366)]
    for one, other in combinations(seasons, 2):
        both = [day for day in turns if one.holds(day) and other.holds(day)]
        if both:
            yield Problem(
                code="calendar.seasons_overlap",
                en="Two seasons have dates in common.",
                zh="两个季节的日期重叠",
                column=f"season {one}",
                said=f"{both[0]:%m-%d}~{both[-1]:%m-%d}, {other}",
            )


def _turn_faults(season: Season) -> Iterable[Problem]:
    for month, day in (season.first, season.last):
        # The year 2000 has every date that any year has.
        last = monthrange(2000, month)[1] if 1 <= month <= 12 else 0
        if not 1 <= day <= last:
            yield Problem(
                code="calendar.no_such_day",
                en="A season names a date that no year has.",
                zh="没有这一天",
                column=f"season {season}",
                said=f"{month:02}-{day:02}",
                wanted=f"{month:02}-{last:02}" if last else "",
            )


def half_day_faults(half_days: Mapping[date, Hours]) -> Iterable[Problem]:
    """Find half days with faulty hours."""
    yield from _strange_dates("half_days", half_days)
    for day, hours in half_days.items():
        yield from hours_faults(hours, f"half_days {day}")


def rest_faults(days: Iterable[date]) -> Iterable[Problem]:
    """Name the half days that are not worked at all."""
    for day in days:
        yield Problem(
            code="calendar.half_day_at_rest",
            en="A half day is a date at rest.",
            zh="半天班的日期是休息日",
            column="half_days",
            said=day.isoformat(),
        )


def version_faults(version: str) -> Iterable[Problem]:
    """Find a version that cannot stand behind a calendar's name and an @."""
    if not version.strip() or version != version.strip() or "@" in version:
        yield Problem(
            code="calendar.version",
            en="A version without '@' and without spaces around it was wanted.",
            zh="版本不能为空，不能含“@”，首尾不能有空格",
            column="version",
            said=version,
        )


def week_faults(rest_weekdays: tuple[int, ...]) -> Iterable[Problem]:
    """Find weekdays that do not exist, and a week without a working day."""
    strange = [day for day in rest_weekdays if day not in range(7)]
    if strange:
        yield Problem(
            code="calendar.weekday",
            en="There is no such weekday; Monday is 0 and Sunday 6.",
            zh="没有这样的星期数，星期一为0，星期日为6",
            column="rest_weekdays",
            said=", ".join(map(str, strange)),
        )
    if set(range(7)) <= set(rest_weekdays):
        yield _no_working_time(
            "rest_weekdays", "Every day of the week is at rest.", "一周七天都休息"
        )


def day_faults(
    holidays: Mapping[date, str], make_up_days: Mapping[date, str]
) -> Iterable[Problem]:
    """Find listed days that are no dates, or that contradict one another."""
    yield from _strange_dates("holidays", holidays)
    yield from _strange_dates("make_up_days", make_up_days)
    for day in sorted(holidays.keys() & make_up_days.keys(), key=str):
        yield Problem(
            code="calendar.rest_and_make_up",
            en="A date is both at rest and made up for.",
            zh="同一天既放假又上班",
            column="make_up_days",
            said=str(day),
        )


def _strange_dates(column: str, days: Iterable[object]) -> Iterable[Problem]:
    for day in days:
        if type(day) is not date:
            yield Problem(
                code="calendar.not_a_date",
                en="A date was wanted.",
                zh="应为日期",
                column=column,
                said=str(day),
                wanted="2027-02-05",
            )


def known_faults(
    listed: Mapping[str, Iterable[date]],
    known_from: date | None,
    known_until: date | None,
) -> Iterable[Problem]:
    """Find listed days beyond what is said to be known, and bounds in disorder."""
    strange = [*_strange_dates("known_until", filter(None, (known_from, known_until)))]
    if strange:
        yield from strange
        return
    first = known_from or date.fromordinal(FIRST)
    last = known_until or date.fromordinal(LAST)
    if first > last:
        yield Problem(
            code="calendar.known_order",
            en="What is known ends before it begins.",
            zh="已公布范围的起止颠倒",
            column="known_until",
            said=f"{first.isoformat()}~{last.isoformat()}",
        )
        return
    for column, days in listed.items():
        for day in days:
            if type(day) is date and not first <= day <= last:
                yield Problem(
                    code="calendar.beyond_known",
                    en="A date is listed that is said not to be known.",
                    zh="列出的日期不在已公布范围内",
                    column=column,
                    said=day.isoformat(),
                    wanted=f"{first.isoformat()}~{last.isoformat()}",
                )


def _no_working_time(column: str, en: str, zh: str) -> Problem:
    return Problem(code="calendar.no_working_time", en=en, zh=zh, column=column)


NO_WORKDAY: Final = _no_working_time(
    "holidays", "No known day is worked.", "已公布的日期没有一天上班"
)
