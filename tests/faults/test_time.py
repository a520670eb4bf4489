"""F27 to F29: zones, the ends of months, a calendar that is missing.

Machines in other zones and every day of a century are tests/properties' to show.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duban_flow.domain.policies.plain import PLAIN
from duban_flow.domain.time.calendar import WorkCalendar
from duban_flow.domain.time.offset import months_later
from duban_flow.domain.time.term import Term
from duban_flow.testing import Recording
from tests.engine.house import POLICY, House, at

CHINA = WorkCalendar.china(2026)

TERMS = st.one_of(
    st.builds(Term.workdays, st.integers(0, 40)),
    st.builds(Term.days, st.integers(0, 90)),
    st.builds(Term.months, st.integers(0, 12)),
    st.builds(Term.hours, st.integers(0, 200)),
)
INSTANTS = st.datetimes(
    datetime(2006, 1, 1), datetime(2026, 1, 1), timezones=st.just(UTC)
)


@given(TERMS, INSTANTS, st.timezones())
def test_f27_an_instant_is_one_in_whatever_zone_it_is_told(term, start, zone):
    """The calendar's own clocks count, not those of who tells it."""
    told = term.deadline(start.astimezone(zone), CHINA)
    assert told == term.deadline(start, CHINA)
    assert told.certificate == term.deadline(start, CHINA).certificate


def test_f27_old_dates_of_a_ledger_are_dates():
    """In 1988 clocks were an hour ahead, in 1900 five minutes; the day is the day."""
    calendar = WorkCalendar(name="old", version="1")
    for day, offset in (
        (date(1988, 7, 1), timedelta(hours=9)),
        (date(1900, 6, 1), timedelta(hours=8, minutes=5, seconds=43)),
        (date(2026, 7, 1), timedelta(hours=8)),
    ):
        due = Term.until(day).deadline(calendar.opens(day), calendar)
        assert due.last_day == day
        assert calendar.local(due.at).time() == time(17, 30)
        assert calendar.local(due.at).utcoffset() == offset


def test_f28_what_comes_round_does_not_drift():
    """On the 31st of each month: the end of a shorter one, and the 31st after it."""
    calendar = WorkCalendar(name="plain", version="1", rest_weekdays=())
    term = Term.every("month", day=31)
    now, found = datetime(2027, 12, 31, 1, tzinfo=UTC), []
    for _ in range(14):
        due = term.next(now, calendar)
        found.append(due.last_day)
        now = due.at
    assert all(later > earlier for earlier, later in pairwise(found))
    assert [(d.month, d.day) for d in found if d.month in (2, 3, 4)] == [
        *((2, 29), (3, 31), (4, 30)),
    ]


def test_f28_the_anniversary_of_a_leap_day_is_the_months_end():
    """A year after 29 February is 28 February, and four years after it is the 29th."""
    assert months_later(date(2028, 2, 29), 12) == date(2029, 2, 28)
    assert months_later(date(2028, 2, 29), 48) == date(2032, 2, 29)


def test_f29_what_is_provisional_is_reminded_early_and_sanctioned_late(storage):
    """Reminded by the earliest reading; before the latest nothing else happens."""
    line = Recording("paper")
    house = House.open(
        storage, policies=[POLICY, PLAIN], calendars=[CHINA], channels=[line]
    )
    due = house.assign(when="12-21 09:00", term=Term.workdays(30), policy=PLAIN.id).due
    assert due is not None
    assert due.provisional
    day = timedelta(days=1)
    now = at("12-31 09:00")
    while now < due.earliest:
        house.office.sweep(now=now)
        now += day
    house.office.sweep(now=due.earliest)
    assert house.actions() == ["assign", "remind"]
    while now < due.latest:
        result = house.office.sweep(now=now)
        assert (result.lapsed, result.proposed) == (0, 0)
        now += day
    house.office.sweep(now=due.latest)
    assert house.actions() == ["assign", "remind"]
    house.office.sweep(now=due.latest + day)
    assert house.actions() == ["assign", "remind", "lapse", "urge"]


@pytest.mark.parametrize("later", [2010, 2020, 2026])
def test_f29_each_matter_keeps_the_edition_it_was_counted_by(later):
    """A deadline names its edition; a later one knows further and says no day else."""
    first = WorkCalendar.china(2009)
    start = datetime(2009, 12, 1, 1, tzinfo=UTC)
    due = Term.workdays(20).deadline(start, first)
    assert due.calendar == first.edition
    known = WorkCalendar.china(later)
    assert all(days[0] > date(2009, 12, 31) for days in first.differs(known))
    assert Term.workdays(20).deadline(start, known).at == due.at
