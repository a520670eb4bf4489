"""Terms as people write them 办理时限: a count of days or months, or the last day.

===========================  ==================================================
said                         read as
===========================  ==================================================
15个工作日, 十五个工作日内,  working days
15 workdays
60日, 60天, 60个自然日,      calendar days
60 days
3个月, 三个月内, 3 months    months
2009-11-30, 12月底, …        until that day, instant or range: every form of
                             :mod:`duban_flow.domain.dates`
===========================  ==================================================
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import tzinfo
from typing import Final

from duban_flow.domain.dates import parse_date
from duban_flow.domain.term import Term
from duban_flow.domain.written import Unreadable, narrow

_COUNT: Final = r"([0-9]{1,5}|[一二两三四五六七八九十百]{1,5}) ?"
_FORMS: Final[tuple[tuple[re.Pattern[str], Callable[[int], Term]], ...]] = (
    (re.compile(rf"{_COUNT}(?:(?:个 ?)?工作日内?|workdays?)"), Term.workdays),
    (
        re.compile(rf"{_COUNT}(?:(?:个 ?)?(?:自然日|日历日|日|天)内?|days?)"),
        Term.days,
    ),
    (re.compile(rf"{_COUNT}(?:个 ?月内?|months?)"), Term.months),
)
_DIGITS: Final[Mapping[str, int]] = {
    **{word: n for n, word in enumerate("一二三四五六七八九", 1)},
    "两": 2,
}
_HUNDREDS: Final = re.compile(
    r"(?:([一二两三四五六七八九])百)?(?:([一二三四五六七八九]?)(十))?([一二两三四五六七八九]?)"
)
_WANTED: Final = "15个工作日、60日、3个月、2009-11-30"


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
    for form, made in _FORMS:
        found = form.fullmatch(said)
        count = None if found is None else _count(found[1])
        if count is not None:
            return made(count)
    try:
        return Term.until(parse_date(text, zone=zone, year=year, assume="due"))
    except Unreadable as fault:
        if [problem.code for problem in fault.problems] != ["date.form"]:
            raise
        raise Unreadable.of(
            "term.form",
            text,
            "It is neither a term nor a date.",
            "不是时限，也不是日期",
            _WANTED,
        ) from fault


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
