"""Clocks that are put on or back: rungs fire once, and working time is what it was."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duban_flow.domain.time.calendar import WorkCalendar
from duban_flow.domain.time.term import Term
from duban_flow.formats.policy_toml import load_policy
from duban_flow.testing import Recording
from tests.engine.house import House

EVE = load_policy(
    """
name = "eve"
version = "1"
[[rung]]
key = "the day before"
at = "due - 1 day"
action = "remind"
notify = ["responsible"]
when = ["open"]
"""
)

NIGHT = ((time(0), time(6)),)
DAY_HOURS = ((time(9), time(17)),)


def berlin(hours=NIGHT, zone="Europe/Berlin"):
    """Give a calendar of a place whose clocks change, where every day is worked."""
    return WorkCalendar(
        name="berlin", version="1", zone=zone, office_hours=hours, rest_weekdays=()
    )


def reminded(storage, due, *instants):
    """Sweep at instants of UTC; give how often the unit was reminded by each."""
    line = Recording("paper")
    house = House.open(storage, policies=[EVE], calendars=[berlin()], channels=[line])
    start = due - timedelta(days=20)
    house.assign(when=start, term=Term.until(due))
    told = []
    for instant in instants:
        house.office.sweep(now=instant)
        house.office.deliver(now=instant)
        told.append(len(line.messages))
    return told


def test_7_dst_gap(storage):
    """02:30 does not exist on 29 March: the rung fires once, at 03:30 summer time."""
    due = datetime(2026, 3, 30, 2, 30, tzinfo=berlin().tz)
    shifted = datetime(2026, 3, 29, 3, 30, tzinfo=berlin().tz).astimezone(UTC)
    minute = timedelta(minutes=1)
    told = reminded(
        storage, due, shifted - minute, shifted, shifted + minute, shifted + 60 * minute
    )
    assert told == [0, 1, 1, 1]


def test_8_dst_fold(storage):
    """02:30 comes twice on 25 October: the rung fires at the first, and only then."""
    due = datetime(2026, 10, 26, 2, 30, tzinfo=berlin().tz)
    first, second = (
        datetime(2026, 10, 25, 2, 30, fold=fold, tzinfo=berlin().tz).astimezone(UTC)
        for fold in (0, 1)
    )
    assert second - first == timedelta(hours=1)
    minute = timedelta(minutes=1)
    told = reminded(storage, due, first - minute, first, second, second + minute)
    assert told == [0, 1, 1, 1]


@pytest.mark.parametrize(
    ("day", "hours", "worked"),
    [
        (date(2026, 3, 29), NIGHT, 5),
        (date(2026, 3, 29), DAY_HOURS, 8),
        (date(2026, 3, 28), NIGHT, 6),
        (date(2026, 10, 25), NIGHT, 7),
        (date(2026, 10, 25), DAY_HOURS, 8),
    ],
)
def test_7_and_8_an_hour_less_or_more_where_hours_overlap_it(day, hours, worked):
    """Working time counts what passed: the skipped hour not, the repeated one twice."""
    calendar = berlin(hours)
    start, end = calendar.opens(day), calendar.closes(day)
    assert calendar.worked(start, end) == timedelta(hours=worked)
    assert Term.hours(worked).deadline(start, calendar).at == end


def test_7_and_8_china_had_summer_time_too():
    """In 1986 the clocks of Shanghai were put on in May and back in September."""
    calendar = berlin(zone="Asia/Shanghai")
    spring, autumn = date(1986, 5, 4), date(1986, 9, 14)
    hours = [
        calendar.worked(calendar.opens(day), calendar.closes(day)) / timedelta(hours=1)
        for day in (spring, autumn)
    ]
    assert hours == [5, 7]


ZONES = st.sampled_from(["Europe/Berlin", "America/New_York", "Australia/Lord_Howe"])
INSTANTS = st.datetimes(datetime(2025, 1, 1), datetime(2027, 1, 1)).map(
    lambda naive: naive.replace(tzinfo=UTC)
)


@given(ZONES, INSTANTS, st.timedeltas(timedelta(), timedelta(days=40)))
def test_7_and_8_working_time_comes_back_as_it_went(zone, start, amount):
    """The law behind both: what is worked after a start is what was asked for."""
    calendar = berlin(zone=zone)
    reached = calendar.work_after(start, amount)
    assert calendar.worked(start, reached) == amount
    assert reached >= start
