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
    12月底, 12月末, 年底, 年末  due: the last day; a fact: a Span, 21 to the end of
                                the month, or the whole of December
    ==========================  =================================================
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from typing import Final, Literal

from attrs import frozen

from duban_flow.domain.instants import Span, day_end, on_clock, zone_of
from duban_flow.domain.time.offset import month_end
from duban_flow.domain.written import Unreadable, narrow

FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2200
LONGEST: Final = 40

_DIGITS: Final = dict(zip("〇一二三四五六七八九", range(10), strict=True)) | {
    "○": 0,
    "零": 0,
}
_N: Final = "〇○零一二三四五六七八九"
_YEAR: Final = rf"(?:([0-9]{{4}}|[{_N}]{{4}}) ?年 ?)?"
_MONTH: Final = rf"([0-9]{{1,2}}|[{_N}十]{{1,2}}) ?月"
_ASCII_DATE: Final = re.compile(r"([0-9]{4})([-./])([0-9]{1,2})\2([0-9]{1,2})(?![0-9])")
_COMPACT_DATE: Final = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})(?![0-9])")
_CHINESE_DATE: Final = re.compile(
    rf"{_YEAR}{_MONTH} ?([0-9]{{1,2}}|[{_N}十]{{1,3}}) ?[日号]"
)
_ABOUT: Final = re.compile(rf"{_YEAR}{_MONTH}(份|上旬|中旬|下旬|份?[底末])?")
_YEAR_END: Final = re.compile(rf"(?:([0-9]{{4}}|[{_N}]{{4}}) ?)?年 ?[底末]")
_CLOCK: Final = re.compile(
    r"[ T]?([0-9]{1,2})(?::([0-9]{2})(?::([0-9]{2}))?| ?[时点](?: ?([0-9]{1,2}) ?分)?)"
    r"(?: ?(Z)|([+-])([0-9]{2}):([0-9]{2}))?"
)
_THIRDS: Final = {
    "": (1, None),
    "上旬": (1, 10),
    "中旬": (11, 20),
    "下旬": (21, None),
    "底": (21, None),
    "末": (21, None),
}
_WANTED: Final = "2009-11-30、2009年11月30日、2009-11-30 17:30、12月中旬、12月底"
_KNOWN_FAULTS: Final = (
    ("date.masked", r".*[xX×某*]+.*年.*", "Its year is masked.", "年份被隐去"),
    (
        "date.two_digit_year",
        r"[0-9]{2}(?: ?年.*|[-./][0-9]{1,2}[-./][0-9]{1,2})",
        "Its year has two digits.",
        "年份只有两位",
    ),
    ("date.undecided", r".*[待未另暂].*", "It names no date.", "没有写明日期"),
    ("date.no_month", r"本?月[底末]", "It names no month.", "没有写明月份"),
)


def parse_date(
    text: str,
    *,
    zone: str | tzinfo,
    year: int | None = None,
    assume: Literal["due", "fact"] = "due",
) -> date | datetime | Span:
    """Read a date, an instant (in UTC) or a Span, by the forms of this module.

    *year* stands in where the text has none. A month's or year's end is its last day
    where something is ``due`` by it; as a ``fact`` it is a Span.

    Raises:
        Unreadable: for any other form, for a date that does not exist (naming the
            last day of its month), and for a year outside 1900 to 2200.

    >>> parse_date("2009年11月30日", zone="Asia/Shanghai")
    datetime.date(2009, 11, 30)
    >>> str(parse_date("12月中旬", zone="Asia/Shanghai", year=2009))
    '12月中旬'
    """
    plain = narrow(text) if len(text) <= LONGEST else ""
    where = zone_of(zone)
    said = _Said(text, plain, year)
    for form in (_ASCII_DATE, _COMPACT_DATE, _CHINESE_DATE):
        found = form.match(plain)
        if found:
            return said.exact(found, where)
    found = _YEAR_END.fullmatch(plain)
    if found:
        first, last = said.day(found[1], "12", "1"), said.day(found[1], "12", "31")
        return (
            last if assume == "due" else Span.of_days(first, last, where, text.strip())
        )
    found = _ABOUT.fullmatch(plain)
    if found:
        return said.about(found, where, assume)
    raise said.refusal()


@frozen
class _Said:
    """One text being read, so that every refusal can show it."""

    text: str
    plain: str
    year: int | None

    def exact(self, found: re.Match[str], zone: tzinfo) -> date | datetime:
        """Read a whole date, and the time of day behind it if there is one."""
        parts = found.groups()
        day = self.day(parts[0], parts[-2], parts[-1])
        rest = self.plain[found.end() :]
        if not rest:
            return day
        clock = _CLOCK.fullmatch(rest)
        if clock is None or (rest[0] not in " T" and found[0][-1] not in "日号"):
            raise self.refusal()
        return self.instant(day, clock, zone)

    def instant(self, day: date, clock: re.Match[str], zone: tzinfo) -> datetime:
        """Read a time of day; 24:00 is the start of the next day."""
        hour, minute, second = (int(clock[n] or 0) for n in (1, 2, 3))
        minute = int(clock[4] or minute)
        whole = (hour, minute, second) == (24, 0, 0)
        offset = (int(clock[n] or 0) for n in (7, 8))
        if (not whole and not _on_clocks(hour, minute, second)) or not _on_clocks(
            *offset
        ):
            raise self._refused(
                "date.no_such_time", "There is no such time.", "没有这个时刻", "17:30"
            )
        if clock[5] or clock[6]:
            zone = _offset(clock)
        if whole:
            return day_end(day, zone)
        return on_clock(day, time(hour, minute, second), zone)

    def about(self, found: re.Match[str], zone: tzinfo, assume: str) -> date | Span:
        """Read a third of a month, its end, or all of it."""
        start = self.day(found[1], found[2], "1")
        end = month_end(start.year, start.month)
        word = (found[3] or "").removeprefix("份")
        if word in {"底", "末"} and assume == "due":
            return end
        first, last = _THIRDS[word]
        return Span.of_days(
            end.replace(day=first),
            end.replace(day=last) if last else end,
            zone,
            self.text.strip(),
        )

    def day(self, year: str | None, month: str, day: str) -> date:
        """Make a date of its parts, or name what is impossible about them."""
        years = self.year if year is None else _numeral(year)
        months, days = _numeral(month), _numeral(day)
        if years is None:
            raise self._refused(
                "date.no_year", "It names no year.", "没有写明年份", "2009年9月30日"
            )
        if months is None or days is None:
            raise self.refusal()
        if not FIRST_YEAR <= years <= LAST_YEAR:
            raise self._refused(
                "date.year_range",
                f"The year {years} lies outside {FIRST_YEAR} to {LAST_YEAR}.",
                f"年份{years}超出{FIRST_YEAR}至{LAST_YEAR}",
                _WANTED,
            )
        if not 1 <= months <= 12:
            raise self._refused(
                "date.no_such_month",
                f"There is no month {months}.",
                f"没有{months}月",
                "1月至12月",
            )
        end = month_end(years, months)
        if not 1 <= days <= end.day:
            raise self._refused(
                "date.no_such_day",
                f"There is no such day; the month ends on {end.isoformat()}.",
                f"没有这一天，{years}年{months}月最后一天是{end.day}日",
                end.isoformat(),
            )
        return end.replace(day=days)

    def refusal(self) -> Unreadable:
        """Say that no form fits, and why where that is known."""
        for code, form, en, zh in _KNOWN_FAULTS:
            if re.fullmatch(form, self.plain):
                return self._refused(code, en, zh, _WANTED)
        return self._refused("date.form", "It is not a date.", "不是日期", _WANTED)

    def _refused(self, code: str, en: str, zh: str, wanted: str) -> Unreadable:
        return Unreadable.of(code, self.text, en, zh, wanted)


def _on_clocks(hour: int, minute: int, second: int = 0) -> bool:
    return hour < 24 and minute < 60 and second < 60


def _offset(clock: re.Match[str]) -> tzinfo:
    """Read an offset from UTC; the letter Z is none."""
    if clock[5]:
        return UTC
    ahead = timedelta(hours=int(clock[7]), minutes=int(clock[8]))
    return timezone(-ahead if clock[6] == "-" else ahead)


def _numeral(text: str) -> int | None:
    """Read 2009, 二〇〇九, 9, 九 or 二十九; None for what is no numeral."""
    if text.isascii():
        return int(text)
    if len(text) == 4:
        return int("".join(str(_DIGITS[letter]) for letter in text))
    tens, ten, ones = text.partition("十")
    if not ten:
        return _DIGITS[text] if len(text) == 1 else None
    if tens not in {"", "二", "三"} or ones not in {"", *_N[3:]}:
        return None
    return 10 * _DIGITS.get(tens, 1) + _DIGITS.get(ones, 0)
