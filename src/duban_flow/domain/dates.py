"""Dates as people write them in a ledger, read by declared forms only.

Pure text in, a value out. It never guesses: what has no rule here (待定, 20xx年, a
year of two digits) is refused, saying what was said and what is wanted.

    ==========================  =================================================
    said                        read as
    ==========================  =================================================
    2009-11-30, 2009.11.30,     that date; full-width digits are digits
    2009/11/30, 20091130,
    2009年11月30日, 11月30号,
    二〇〇九年十一月三十日
    2009-11-30 17:30, T17:30,   that instant; 24:00 is the start of the next day
    2009年11月30日17时30分
    2009-11-30T17:30+08:00      that instant, in the zone it names
    12月上旬, 中旬, 下旬        a Span: days 1-10, 11-20, 21 to the end
    2009年11月, 11月份          a Span: the whole month
    12月底, 12月末, 年底, 年末  a date to keep: the last day of it; a fact: a Span
    ==========================  =================================================
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Final, Literal
from zoneinfo import ZoneInfo

from duban_flow.domain.instants import DAY, Span, day_end, on_clock
from duban_flow.domain.offset import month_end
from duban_flow.errors import Invalid, Problem

FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2200
LONGEST: Final = 40

_NUMERAL: Final = "〇○零一二三四五六七八九十"
_ASCII_DATE: Final = re.compile(r"([0-9]{4})([-./])([0-9]{1,2})\2([0-9]{1,2})")
_COMPACT_DATE: Final = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_CHINESE_DATE: Final = re.compile(
    rf"(?:([0-9]{{4}}|[{_NUMERAL}]{{4}}) ?年 ?)?"
    rf"([0-9]{{1,2}}|[{_NUMERAL}]{{1,2}}) ?月 ?"
    rf"([0-9]{{1,2}}|[{_NUMERAL}]{{1,3}}) ?[日号]"
)
_ABOUT: Final = re.compile(
    rf"(?:([0-9]{{4}}|[{_NUMERAL}]{{4}}) ?年 ?)?"
    rf"(?:([0-9]{{1,2}}|[{_NUMERAL}]{{1,2}}) ?月)?"
    r"(份?|上旬|中旬|下旬|底|末)"
)
_YEAR_END: Final = re.compile(
    rf"(?:([0-9]{{4}}|[{_NUMERAL}]{{4}}) ?)?年 ?[底末]"
)
_CLOCK: Final = re.compile(
    r"(?:[ T]?([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?"
    r"| ?([0-9]{1,2}) ?[时点](?: ?([0-9]{1,2}) ?分)?)"
    r"( ?Z|[+-][0-9]{2}:[0-9]{2})?"
)

WANTED: Final = "2009-11-30"
