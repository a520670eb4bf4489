"""Every day from 1999 to 2101 against every rule: leap days, months' ends, new years.

No sample: the century's odd days (29 February, the common year 2100, 31st of a month)
are all in it. What is expected is found another way than by the rules themselves.
"""

from bisect import bisect_right
from calendar import isleap
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate, pairwise

import pytest

from duban_flow.domain.instants import DAY, day_end
from duban_flow.domain.time.calendar import WorkCalendar
from duban_flow.domain.time.offset import Offset, month_end, months_later, shift
from duban_flow.domain.time.term import Term

FIRST, LAST = date(1999, 1, 1), date(2101, 12, 31)
CENTURY = [FIRST + n * DAY for n in range((LAST - FIRST).days + 1)]
CALENDAR = WorkCalendar(
    name="century",
    version="1",
    holidays=[day for day in CENTURY if (day.month, day.day) in {(1, 1), (10, 1)}],
    make_up_days=[day for day in CENTURY if (day.month, day.day) == (2, 29)],
)
WORKED = [
    day
    for day in [*CENTURY, *(LAST + n * DAY for n in range(1, 400))]
    if (day.month, day.day) == (2, 29)
    or (day.weekday() < 5 and (day.month, day.day) not in {(1, 1), (10, 1)})
]
LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
ENDS = [
    length + (month == 1 and isleap(year))
    for year in range(1999, 2112)
    for month, length in enumerate(LENGTHS)
]
"""The length of every month, from January 1999."""
BEGINS = [FIRST + n * DAY for n in accumulate(ENDS, initial=0)]
"""The first of every month, by adding up the lengths of those before it."""


def _noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 4, tzinfo=UTC)


@pytest.mark.parametrize("months", [1, 2, 3, 6, 11, 12, 48, 60])
def test_months_end_on_the_matching_day_or_the_last(months):
    """A month after 31 January is the end of February, in every year."""
    for nth in range(103 * 12):
        length, then = ENDS[nth], ENDS[nth + months]
        for into in range(length):
            expected = BEGINS[nth + months] + min(into, then - 1) * DAY
            assert months_later(BEGINS[nth] + into * DAY, months) == expected


@pytest.mark.parametrize("months", [1, 12])
def test_months_that_count_their_first_day_end_a_day_sooner(months):
    """The day before the matching day; where there is none, the month's end."""
    for nth in range(103 * 12):
        for into in range(ENDS[nth]):
            begins, then = BEGINS[nth + months], ENDS[nth + months]
            expected = begins + ((into - 1) if into < then else then - 1) * DAY
            day = BEGINS[nth] + into * DAY
            assert months_later(day, months, first_day=True) == expected


def test_every_month_has_its_end():
    """The last day of a month is the day before the next begins."""
    for begins, following in pairwise(BEGINS):
        assert month_end(begins.year, begins.month) == following - DAY


@pytest.mark.parametrize("n", [0, 1, 20, 250])
def test_working_days_end_on_the_nth_of_those_listed(n):
    """On every day, the n-th working day after it is the n-th in the list."""
    for day in CENTURY:
        place = bisect_right(WORKED, day)
        expected = WORKED[place + n - 1] if n else day
        assert CALENDAR.workday_after(day, n) == expected
        assert CALENDAR.workdays_between(day, expected) == n


@pytest.mark.parametrize(
    "term",
    [
        Term.months(1),
        Term.days(30, roll=False, end="24:00"),
        Term.workdays(20),
    ],
    ids=["month", "day", "workday"],
)
def test_a_term_ends_on_a_day_that_exists_and_is_worked(term):
    """From every day on there is one deadline, in order, at the end of its day."""
    before = _noon(FIRST)
    for day in CENTURY:
        deadline = term.deadline(_noon(day), CALENDAR)
        last = deadline.last_day
        if term.unit == "day":
            assert last == day + 30 * DAY
            assert deadline.at == day_end(last, CALENDAR.tz)
        else:
            assert CALENDAR.is_workday(last)
            assert deadline.at == CALENDAR.closes(last)
        assert deadline.at >= before
        before = deadline.at


@pytest.mark.parametrize("offset", [Offset(-1, "month"), Offset(1, "month")])
def test_an_offset_keeps_the_time_of_day(offset):
    """A month before or after noon is noon, and never leaves the matching month."""
    for day in CENTURY[31:]:
        moved = shift(_noon(day), offset.n, offset.unit, CALENDAR)
        assert isinstance(moved, datetime)
        assert moved.time() == _noon(day).time()
        assert (moved.month - day.month - offset.n) % 12 == 0
        assert moved.day == min(day.day, month_end(moved.year, moved.month).day)


def test_the_working_time_of_the_century_adds_up():
    """Every day's hours, added up, are what is worked by its end."""
    start, total = CALENDAR.opens(FIRST), timedelta()
    for day in CENTURY:
        if CALENDAR.is_workday(day):
            total += timedelta(hours=7)
        assert CALENDAR.worked(start, CALENDAR.midnight_after(day)) == total
