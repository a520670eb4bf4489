"""What is wrong with a calendar, all of it at once.

It judges plain data before a calendar exists; it mends nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, time
from itertools import pairwise
from typing import Final

from duban_flow.domain.instants import zone_of
from duban_flow.domain.tally import FIRST, LAST
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


def hours_faults(hours: tuple[tuple[time, time], ...]) -> Iterable[Problem]:
    """Find office hours that are empty, run backwards or overlap."""
    if not hours:
        yield _no_working_time(
            "office_hours", "The office never opens.", "没有办公时间"
        )
    for opens, closes in hours:
        if opens >= closes != time():
            yield Problem(
                code="calendar.hours_order",
                en="Office hours end before they begin.",
                zh="办公时间的起止颠倒",
                column="office_hours",
                said=f"{opens:%H:%M}-{closes:%H:%M}",
            )
    for (opens, closes), (again, _) in pairwise(hours):
        if again < closes or closes == time():
            yield Problem(
                code="calendar.hours_overlap",
                en="Office hours overlap, or stand in the wrong order.",
                zh="办公时间重叠或者次序不对",
                column="office_hours",
                said=f"{opens:%H:%M}-{closes:%H:%M}, {again:%H:%M}",
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
    holidays: Mapping[date, str],
    make_up_days: Mapping[date, str],
    known_from: date | None,
    known_until: date | None,
) -> Iterable[Problem]:
    """Find listed days that contradict one another or what is said to be known."""
    for day in sorted(holidays.keys() & make_up_days.keys()):
        yield Problem(
            code="calendar.rest_and_make_up",
            en="A date is both at rest and made up for.",
            zh="同一天既放假又上班",
            column="make_up_days",
            said=day.isoformat(),
        )
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
    for column, days in (("holidays", holidays), ("make_up_days", make_up_days)):
        for day in days:
            if not first <= day <= last:
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
