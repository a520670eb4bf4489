"""A deadline by prefix tables against a walk from day to day."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import chinese_calendar

from benchmarks.measuring import Pair, paired
from duban_flow import Term, WorkCalendar

TIMES = 500


def run() -> Pair:
    """Count twenty working days from the last working day before a long holiday."""
    calendar = WorkCalendar.china()
    start = datetime.fromisoformat("2026-09-28T09:00+08:00")
    term = Term.workdays(20)
    term.deadline(start, calendar)

    def tables() -> None:
        for _ in range(TIMES):
            term.deadline(start, calendar)

    def walk() -> None:
        for _ in range(TIMES):
            day, left = date(2026, 9, 28), 20
            while left:
                day += timedelta(days=1)
                left -= chinese_calendar.is_workday(day)

    return paired(
        "a deadline of 20 working days",
        tables,
        walk,
        units=TIMES,
        against="day by day, chinesecalendar",
    )
