"""Terms as people write them 办理时限: a count, the last day, or what comes round.

===========================  ==================================================
said                         read as
===========================  ==================================================
15个工作日, 十五个工作日内,  working days
15 workdays
60日, 60天, 60个自然日,      calendar days
60 days
3个月, 三个月内, 3 months    months
两周, 一年, 半年, 2 weeks    weeks as days, years as months
4个工作小时, 1个工作小时     working hours
30分钟, 4 working hours
每周二12:00前, 每周五        every week, on that day
每月31日, 每月最后一个       every month, on that day or working day; a day that
工作日, 每月第3个工作日      a month lacks is its last
2009-11-30, 12月底, …        until that day, instant or range: every form of
                             :mod:`duban_flow.domain.time.dates`
===========================  ==================================================
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import time, tzinfo
from typing import Final

from duban_flow.domain.time.dates import parse_date
from duban_flow.domain.time.term import Term
from duban_flow.domain.written import Unreadable, narrow

_N: Final = r"[0-9]{1,5}|[一二两三四五六七八九十百]{1,5}"
_COUNT: Final = rf"({_N}) ?"
_FORMS: Final[tuple[tuple[re.Pattern[str], Callable[[int], Term]], ...]] = (
    (
        re.compile(rf"{_COUNT}(?:(?:个 ?)?工作日内?|workdays?|working days?)"),
        Term.workdays,
    ),
    (
        re.compile(rf"{_COUNT}(?:(?:个 ?)?(?:自然日|日历日|日|天)内?|days?)"),
        Term.days,
    ),
    (re.compile(rf"{_COUNT}(?:个 ?月内?|months?)"), Term.months),
    (
        re.compile(rf"{_COUNT}(?:(?:个 ?)?(?:周|星期)内?|weeks?)"),
        lambda n: Term.days(7 * n),
    ),
    (
        # Of two digits at most: 2026年 is a year, and no term.
        re.compile(r"([0-9]{1,2}|[一二两三四五六七八九十]{1,3}) ?(?:年内?|years?)"),
        lambda n: Term.months(12 * n),
    ),
)
_HALF_YEAR: Final = re.compile(r"半 ?年内?|half a year")
_CLOCK_HOURS: Final = re.compile(rf"{_COUNT}(?:个 ?)?(?:小时内?|hours?)")
_HOURS: Final = re.compile(
    rf"{_COUNT}(?:(?:个 ?)?工作小时|working hours?)"
    r"(?: ?([0-9]{1,2}) ?(?:分钟?|minutes?))?内?"
)
_EVERY: Final = re.compile(
    rf"每(?:(?:周|星期)([一二三四五六日天])|月 ?({_N})[日号]"
    rf"|月(最后一|倒数第 ?(?:{_N}) ?|第 ?(?:{_N}) ?)个 ?工作日)"
    r"(?: ?([0-9]{1,2})(?::([0-9]{2})|[时点]))?(?:以?前)?"
)
_WEEK: Final = "一二三四五六日"
_DIGITS: Final[Mapping[str, int]] = {
    **{word: n for n, word in enumerate("一二三四五六七八九", 1)},
    "两": 2,
}
_HUNDREDS: Final = re.compile(
    r"(?:([一二两三四五六七八九])百)?(?:([一二三四五六七八九]?)(十))?([一二两三四五六七八九]?)"
)
_WANTED: Final = "15个工作日、60日、3个月、4个工作小时、每周二12:00、2009-11-30"


def parse_term(text: str, *, zone: str | tzinfo, year: int | None = None) -> Term:
    """Read a term, or the date on which it ends, by the forms of this module.

    Raises:
        Unreadable: for any other form, and for a date that does not exist.
        Invalid: for a count that no term has.

    >>> parse_term("20个工作日", zone="Asia/Shanghai") == Term.workdays(20)
    True
    >>> parse_term("三个月内", zone="Asia/Shanghai").describe("en")
    '3 months'
    """
    said = narrow(text)
    counted = _counted(said) or _hours(said) or _coming_round(said)
    if counted is not None:
        return counted
    try:
        return Term.until(parse_date(text, zone=zone, year=year, assume="due"))
    except Unreadable as fault:
        if [problem.code for problem in fault.problems] != ["date.form"]:
            raise
        if _CLOCK_HOURS.fullmatch(said):
            raise Unreadable.of(
                "term.clock_hours",
                text,
                "Hours of the clock are no term; working hours are.",
                "时限按工作小时计，须写明“工作小时”",
                "4个工作小时",
            ) from fault
        raise Unreadable.of(
            "term.form",
            text,
            "It is neither a term nor a date.",
            "不是时限，也不是日期",
            _WANTED,
        ) from fault


def _counted(said: str) -> Term | None:
    """Read a count of days, weeks, months or years."""
    if _HALF_YEAR.fullmatch(said):
        return Term.months(6)
    for form, made in _FORMS:
        found = form.fullmatch(said)
        count = None if found is None else _count(found[1])
        if count is not None:
            return made(count)
    return None


def _hours(said: str) -> Term | None:
    """Read working hours, and minutes; hours of the clock are no term."""
    found = _HOURS.fullmatch(said)
    hours = None if found is None else _count(found[1])
    if found is None or hours is None:
        return None
    return Term.hours(hours, minutes=int(found[2] or 0))


def _coming_round(said: str) -> Term | None:
    """Read what comes round with every week or month, at an hour where one is said."""
    found = _EVERY.fullmatch(said)
    if found is None:
        return None
    week, day, workday, hour, minute = found.groups()
    if hour is not None and (int(hour) > 23 or int(minute or 0) > 59):
        return None
    at = None if hour is None else time(int(hour), int(minute or 0))
    if week is not None:
        return Term.every("week", day=_WEEK.index(week.replace("天", "日")) + 1, at=at)
    nth = _count((day or workday.lstrip("最后倒数第")).strip())
    if nth is None:
        return None
    if day is not None:
        return Term.every("month", day=nth, at=at)
    back = workday.startswith(("最后", "倒数"))
    return Term.every("month", workday=-nth if back else nth, at=at)


def _count(said: str) -> int | None:
    """Read a count in digits or in Chinese numerals up to 999, or nothing."""
    if said.isdecimal():
        return int(said)
    found = _HUNDREDS.fullmatch(said)
    if found is None:
        return None
    hundreds, tens, ten, ones = (part or "" for part in found.groups())
    least = 1 if ten else 0
    return (
        _DIGITS.get(hundreds, 0) * 100
        + _DIGITS.get(tens, least) * 10
        + _DIGITS.get(ones, 0)
    )
