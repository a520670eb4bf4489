"""Offsets from an instant, such as three working days before it 时间偏移.

An offset keeps the local time of its anchor. 24:00 is a time of the day it closes,
so a working day before the 24:00 of a Thursday is the 24:00 of the Wednesday.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Iterator
from datetime import date, datetime, time
from functools import partial
from typing import Literal, get_args

from attrs import frozen

from duban_flow.domain.instants import DAY, TICK, Span, When, aware, on_clock
from duban_flow.domain.time.calendar import WorkCalendar
from duban_flow.errors import Invalid

OffsetUnit = Literal["day", "workday", "month"]


@frozen
class Offset:
    """A distance in time: ``n`` days, working days or months, backwards if negative."""

    n: int
    unit: OffsetUnit

    def __str__(self) -> str:
        return f"{self.n} {self.unit}" + ("s" if abs(self.n) != 1 else "")


def month_end(year: int, month: int) -> date:
    """Give the last day of a month."""
    return date(year, month, monthrange(year, month)[1])


def months_later(day: date, n: int, *, first_day: bool = False) -> date:
    """Give the matching day n months on, or the month's end where there is none.

    Always reckoned from *day* itself, so that repetition does not drift (民法典 202).
    Where the first day counts, the last one is the day before the matching day.

    >>> months_later(date(2010, 1, 31), 1), months_later(date(2010, 1, 31), 2)
    (datetime.date(2010, 2, 28), datetime.date(2010, 3, 31))
    """
    years, month = divmod(day.year * 12 + day.month - 1 + n, 12)
    if not 1 <= years <= 9998:
        raise Invalid(
            f"{n} months from {day.isoformat()} lie outside the years 1 to 9998.",
            zh=f"{day.isoformat()}起{n}个月超出可表示的范围。",
            code="offset.range",
        )
    end = month_end(years, month + 1)
    if day.day > end.day:
        return end
    return end.replace(day=day.day) - (DAY if first_day else 0 * DAY)


def shift(moment: When, n: int, unit: OffsetUnit, calendar: WorkCalendar) -> When:
    """Move an instant by n days, working days or months; negative n moves it back.

    From the 24:00 of a month's last day, months lead to the 24:00 of a last day.
    Past what the calendar knows, working days give a Span.

    Raises:
        Invalid: for a naive instant, an unknown unit, or an end beyond 1900 to 2200.

    >>> due = datetime.fromisoformat("2009-10-09T17:30+08:00")
    >>> str(shift(due, -3, "workday", WorkCalendar.china()))
    '2009-09-28 09:30:00+00:00'
    """
    if unit not in get_args(OffsetUnit):
        raise Invalid(
            f"There is no unit {unit!r} of offsets; there are day, workday and month.",
            zh=f"没有偏移单位“{unit}”，只有day、workday和month。",
            code="offset.unit",
        )
    if isinstance(moment, Span):
        moved = [_shifted(m, n, unit, calendar) for m in _turns(moment, calendar)]
        return Span(min(low for low, _ in moved), max(high for _, high in moved))
    low, high = _shifted(aware(moment), n, unit, calendar)
    return low if low == high else Span(low, high)


def _turns(span: Span, calendar: WorkCalendar) -> Iterator[datetime]:
    """Give the instants of a span that can be moved furthest either way.

    Its ends are not enough: a working day after Friday noon is Monday noon, but after
    Saturday morning it is Monday morning.
    """
    yield from (span.earliest, span.latest)
    morning = calendar.midnight_after(calendar.day_of(span.earliest)) + TICK
    evening = calendar.midnight_after(calendar.day_of(span.latest) - DAY)
    yield from (turn for turn in (morning, evening) if span.holds(turn))


def _shifted(
    moment: datetime, n: int, unit: OffsetUnit, calendar: WorkCalendar
) -> tuple[datetime, datetime]:
    if n == 0:
        return moment, moment
    local = calendar.local(moment)
    closing = local.time() == time()
    day = local.date() - DAY if closing else local.date()
    clock: Callable[[date], datetime] = (
        calendar.midnight_after
        if closing
        else partial(on_clock, clock=local.time(), zone=calendar.tz)
    )
    if unit == "workday":
        first, last = calendar.workday_range(day, n)
        return clock(first), clock(last)
    if unit == "month":
        moved = months_later(day, n)
        if closing and day == month_end(day.year, day.month):
            moved = month_end(moved.year, moved.month)
    else:
        moved = calendar.days_after(day, n)
    return clock(moved), clock(moved)
