"""Offsets keep the local time of their anchor, and 24:00 its own day."""

from datetime import UTC, date, datetime
from typing import cast

import pytest

from duban_flow.domain.instants import DAY, TICK, Span
from duban_flow.domain.time.calendar import WorkCalendar
from duban_flow.domain.time.offset import OffsetUnit, month_end, months_later, shift
from duban_flow.errors import Invalid

CHINA = WorkCalendar.china()
QUARTER_END = CHINA.midnight_after(date(2009, 12, 31))


def test_working_days_before_a_due_date_keep_its_hour():
    """Three working days before 9 October 2009, 17:30, is 28 September, 17:30."""
    due = CHINA.closes(date(2009, 10, 9))
    assert shift(due, -3, "workday", CHINA) == CHINA.closes(date(2009, 9, 28))


def test_working_days_after_an_act_keep_its_hour():
    """Fifteen working days after 4 January 2010 is 25 January, at the same hour."""
    act = datetime(2010, 1, 4, 2, 13, 14, 15, tzinfo=UTC)
    assert shift(act, 15, "workday", CHINA) == act + 21 * DAY


def test_a_quarters_end_counts_back_from_its_last_day():
    """Four working days before the end of 2009 is Friday 25 December."""
    found = shift(QUARTER_END, -4, "workday", CHINA)
    assert isinstance(found, datetime)
    assert CHINA.day_of(found) == date(2009, 12, 25)
    assert found == CHINA.midnight_after(date(2009, 12, 25))


def test_days_and_nothing():
    """Days are calendar days; an offset of nothing is the anchor itself."""
    assert shift(QUARTER_END, 3, "day", CHINA) == QUARTER_END + 3 * DAY
    assert shift(QUARTER_END, 0, "workday", CHINA) == QUARTER_END


def test_months_from_a_months_end_lead_to_a_months_end():
    """From the 24:00 of 28 February a month leads to the 24:00 of 31 March."""
    february = CHINA.midnight_after(date(2010, 2, 28))
    march = CHINA.midnight_after(date(2010, 3, 31))
    assert shift(february, 1, "month", CHINA) == march
    assert shift(march, -1, "month", CHINA) == february


def test_months_from_another_day_lead_to_the_matching_one():
    """From 30 January, 24:00 or at noon, a month leads to 28 February."""
    day = date(2010, 1, 30)
    found = shift(CHINA.midnight_after(day), 1, "month", CHINA)
    assert found == CHINA.midnight_after(date(2010, 2, 28))
    assert shift(CHINA.opens(day), 1, "month", CHINA) == CHINA.opens(date(2010, 2, 28))


def test_the_unpublished_gives_a_range():
    """Working days that no notice covers yet end on a Span."""
    edition = WorkCalendar.china(2025)
    eve = edition.closes(date(2025, 12, 31))
    found = shift(eve, 5, "workday", edition)
    assert isinstance(found, Span)
    known = shift(eve, 5, "workday", CHINA)
    assert isinstance(known, datetime)
    assert found.earliest <= known <= found.latest


def test_a_range_stays_a_range():
    """An anchor known only as a range is moved at both its ends."""
    due = Span.of_days(date(2009, 12, 11), date(2009, 12, 20), CHINA.tz, "12月中旬")
    found = shift(due, 1, "day", CHINA)
    assert found == Span(due.earliest + DAY, due.latest + DAY)


def test_a_range_over_a_weekend_still_runs_forwards():
    """A working day after Saturday morning comes before one after Friday noon."""
    friday = datetime(2026, 6, 5, 12, tzinfo=CHINA.tz)
    saturday = datetime(2026, 6, 6, 8, tzinfo=CHINA.tz)
    found = shift(Span(friday, saturday), 1, "workday", CHINA)
    assert isinstance(found, Span)
    assert found.earliest == CHINA.midnight_after(date(2026, 6, 7)) + TICK
    assert found.latest == CHINA.midnight_after(date(2026, 6, 8))
    moved = shift(friday, 1, "workday", CHINA)
    assert isinstance(moved, datetime)
    assert found.holds(moved)


def test_an_unknown_unit_is_refused():
    """There are three units of offsets and no more."""
    with pytest.raises(Invalid) as refused:
        shift(QUARTER_END, 1, cast("OffsetUnit", "fortnight"), CHINA)
    assert refused.value.code == "offset.unit"


def test_a_naive_anchor_is_refused():
    """What names no instant cannot be moved."""
    with pytest.raises(Invalid) as refused:
        shift(datetime(2009, 12, 31), 1, "day", CHINA)
    assert refused.value.code == "instant.naive"


@pytest.mark.parametrize("n", [10**6, -(10**6)])
@pytest.mark.parametrize("unit", ["day", "workday", "month"])
def test_an_offset_out_of_the_years_is_refused(n, unit):
    """However far it leads, it ends in a typed error."""
    with pytest.raises(Invalid) as refused:
        shift(QUARTER_END, n, unit, CHINA)
    assert refused.value.code in {"calendar.out_of_range", "offset.range"}


def test_months_are_reckoned_from_their_anchor():
    """Repeated from 31 January, months do not drift to the 28th (article 202)."""
    january = date(2010, 1, 31)
    assert [months_later(january, n).day for n in range(5)] == [31, 28, 31, 30, 31]
    assert months_later(date(2012, 2, 29), 12) == date(2013, 2, 28)
    assert months_later(january, -2) == date(2009, 11, 30)


def test_a_counted_first_day_ends_a_month_one_day_sooner():
    """From 1 January on, its day counted, one month is January."""
    assert months_later(date(2010, 1, 1), 1, first_day=True) == date(2010, 1, 31)
    assert months_later(date(2010, 3, 1), 1, first_day=True) == date(2010, 3, 31)
    assert months_later(date(2010, 1, 31), 1, first_day=True) == date(2010, 2, 28)


def test_a_month_ends_where_it_ends():
    """February of a leap year has 29 days; that of 1900 has 28."""
    assert month_end(2012, 2) == date(2012, 2, 29)
    assert month_end(1900, 2) == date(1900, 2, 28)
