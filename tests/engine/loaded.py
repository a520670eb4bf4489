"""A notice that a flood made necessary, and what loads it into a house."""

from __future__ import annotations

from datetime import date

from duban_flow import WorkCalendar
from duban_flow.domain.time.notice import CalendarNotice
from tests.engine.house import DCS

CHINA = WorkCalendar.china()
FLOOD = CalendarNotice(
    name="防汛停工",
    version="2026.1",
    holidays={date(2026, 6, 4): "防汛"},
    source="区防指",
)
"""The fourth of June, a Thursday, is off; told on the third at noon."""

NOON = "06-03 12:00"


def codes(moves):
    """Name the items of moves."""
    return [move.code for move in moves]


def load(house, source, when, by=DCS):
    """Plan and apply at one instant."""
    desk = house.desk(by, when)
    return desk.apply(desk.plan(source))
