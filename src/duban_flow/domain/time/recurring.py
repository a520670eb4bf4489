"""What comes round again 周期: a day of every week, month, quarter or year.

Each occurrence is reckoned from its own period, never from the one before, so that
nothing drifts. It names days; when one ends, and what a rest day does to it, is the
counting's to say.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final, Literal, get_args

from attrs import frozen

from duban_flow.domain.codec import Value
from duban_flow.domain.instants import DAY
from duban_flow.domain.time.calendar import WorkCalendar
from duban_flow.domain.time.offset import months_later
from duban_flow.errors import Problem

Period = Literal["week", "month", "quarter", "year"]

_MONTHS: Final[dict[str, int]] = {"month": 1, "quarter": 3, "year": 12}
_DAYS: Final[dict[str, int]] = {"week": 7, "month": 31, "quarter": 92, "year": 366}
_WORKDAYS: Final[dict[str, int]] = {"week": 5, "month": 20, "quarter": 55, "year": 230}
_MONDAY: Final = date(1900, 1, 1)
_LONGEST_MONTHS: Final = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_NAMES: Final[dict[str, str]] = {
    "week": "周",
    "month": "月",
    "quarter": "季度",
    "year": "年",
}
_WEEKDAYS: Final = {
    "zh": "一二三四五六日",
    "en": (
        "Monday",
        "Tuesday",
        "Wednesday",
        "Thursday",
        "Friday",
        "Saturday",
        "Sunday",
    ),
}

_ORDINALS: Final = {1: "首月", 2: "次月", 3: "末月"}
_MONTH_NAMES: Final = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


@frozen(kw_only=True)
class Every(Value):
    """A day that comes round with every week, month, quarter or year 周期.

    ``day`` is the day of the period (of a week, 1 is Monday), ``workday`` its working
    day; negative ones count from the end. ``month`` narrows a quarter or a year to one
    of its months. A day that a month lacks is its last; where a period has too few
    working days the count goes on into the next.

    >>> Every(period="month", day=31).describe(), Every(period="week", day=2).describe()
    ('每月31日', '每周二')
    """

    period: Period
    day: int | None = None
    workday: int | None = None
    month: int | None = None

    def faults(self) -> Iterable[Problem]:
        """Find what names no day: a 32nd of the month, an eighth weekday."""
        if self.period not in get_args(Period):
            said = f"There is no period {self.period!r}; there are week, month,"
            yield _fault(
                "period",
                f"{said} quarter and year.",
                f"没有周期{self.period!r}，可写week（周）、month（月）、quarter（季）、year（年）",
            )
            return
        if (self.day is None) == (self.workday is None):
            yield _fault(
                "day", "It names a day or a workday.", "应写明第几日或第几个工作日"
            )
        if self.month is not None and not self._has_month():
            yield _fault(
                "month",
                f"A {self.period} has no month {self.month!r} to name.",
                f"每{_NAMES[self.period]}没有第{self.month!r}个月",
            )
        elif self.day is not None and not _among(self.day, self._longest()):
            most = self._longest()
            yield _fault(
                "day",
                f"{self._frame_en()} has days 1 to {most}, or -{most} to -1 from its "
                f"end; {self.day!r} was given.",
                f"应为第1至{most}日（倒数为-1至-{most}），没有第{self.day!r}日",
            )
        most = _WORKDAYS[self._frame_name()]
        if self.workday is not None and not _among(self.workday, most):
            yield _fault(
                "workday",
                f"A {self._frame_name()} is sure of {most} working days; "
                f"{self.workday!r} was given.",
                f"工作日应为1至{most}或-1至-{most}，实为{self.workday!r}",
            )

    def index(self, day: date) -> int:
        """Number the period that a day lies in."""
        if self.period == "week":
            return (day.toordinal() - 1) // 7
        return (day.year * 12 + day.month - 1) // _MONTHS[self.period]

    def named(self, index: int, calendar: WorkCalendar) -> tuple[date, date]:
        """Give the earliest and latest date that the day of a period can be.

        Raises:
            Invalid: beyond the years 1900 to 2200.
        """
        first, last = self._frame(index, calendar)
        if self.workday is not None:
            before = first - DAY if self.workday > 0 else last + DAY
            return calendar.workday_range(before, self.workday)
        wanted = self.day or 1
        moved = first + (wanted - 1) * DAY if wanted > 0 else last + (wanted + 1) * DAY
        found = max(first, min(moved, last))
        return found, found

    def describe(self, lang: str = "zh") -> str:
        """Say it in a few words."""
        return self._zh() if lang == "zh" else self._en()

    def _frame(self, index: int, calendar: WorkCalendar) -> tuple[date, date]:
        """Give the first and last day of a period, or of the month it names."""
        if self.period == "week":
            first = calendar.days_after(_MONDAY, 7 * index + 1 - _MONDAY.toordinal())
            return first, first + 6 * DAY
        months = _MONTHS[self.period]
        opens = index * months + (self.month or 1) - 1 - 12 * _MONDAY.year
        first = months_later(_MONDAY, opens)
        last = months_later(_MONDAY, opens + (1 if self.month else months))
        return first, last - DAY

    def _has_month(self) -> bool:
        months = _MONTHS.get(self.period, 0)
        return months > 1 and type(self.month) is int and 1 <= self.month <= months

    def _frame_name(self) -> str:
        return "month" if self.month is not None else self.period

    def _frame_en(self) -> str:
        if self.period == "year" and self.month is not None:
            return _MONTH_NAMES[self.month - 1]
        return f"A {self._frame_name()}"

    def _longest(self) -> int:
        if self.month is None:
            return _DAYS[self.period]
        return max(_LONGEST_MONTHS[self.month - 1 :: _MONTHS[self.period]])

    def _zh(self) -> str:
        period = f"每{_NAMES[self.period]}"
        if self.month is not None:
            period += (
                f"{self.month}月" if self.period == "year" else _ORDINALS[self.month]
            )
        if self.workday is not None:
            return period + _nth_zh(self.workday, "个工作日")
        day = self.day or 1
        if self.period == "week" and day > 0:
            return period + _WEEKDAYS["zh"][day - 1]
        if day > 0 and self._frame_name() == "month":
            return f"{period}{day}日"
        return period + _nth_zh(day, "日" if day > 0 else "天")

    def _en(self) -> str:
        period = f"every {self.period}"
        if self.month is not None:
            year = self.period == "year"
            named = _MONTH_NAMES[self.month - 1] if year else f"month {self.month}"
            period = f"{named} of {period}"
        if self.workday is not None:
            return f"{_nth_en(self.workday, 'working day')} of {period}"
        day = self.day or 1
        if self.period == "week" and day > 0:
            return f"every {_WEEKDAYS['en'][day - 1]}"
        return f"{_nth_en(day, 'day')} of {period}"


def _nth_zh(n: int, what: str) -> str:
    if n == -1:
        return f"最后一{what}"
    return f"第{n}{what}" if n > 0 else f"倒数第{-n}{what}"


def _nth_en(n: int, what: str) -> str:
    if n == -1:
        return f"last {what}"
    return f"{what} {n}" if n > 0 else f"{what} {-n} from the end"


def _among(n: object, most: int) -> bool:
    return type(n) is int and 1 <= abs(n) <= most


def _fault(column: str, en: str, zh: str) -> Problem:
    return Problem(code=f"term.{column}", en=en, zh=zh, column=column)
