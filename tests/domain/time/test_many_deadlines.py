"""Many deadlines in one call: the same as one by one, with numpy and without."""

from __future__ import annotations

import sys
from array import array
from datetime import UTC, date, datetime, time, timedelta

import pytest

from duban_flow import Invalid, Span, Term, WorkCalendar
from duban_flow.domain.instants import DAY, TICK, When, instant, micros
from duban_flow.domain.time.many_deadlines import ENOUGH, Deadlines, deadlines
from duban_flow.domain.time.vectors import numpy

CHINA = WorkCalendar.china()
START = datetime(2009, 9, 24, 1, 30, tzinfo=UTC)


@pytest.fixture(params=["numpy", "without"])
def way(request, monkeypatch):
    """Take either road; where numpy is not installed both are the same."""
    if request.param == "without":
        monkeypatch.setitem(sys.modules, "numpy", None)
    numpy.cache_clear()
    yield
    numpy.cache_clear()


def rows(found: Deadlines) -> list[tuple[int, int, int]]:
    """Give the columns as rows."""
    return list(zip(found.earliest, found.latest, found.provisional, strict=True))


def one_by_one(term, starts, calendar):
    """Reckon each start by itself."""
    made = [term.deadline(start, calendar) for start in starts]
    return [(micros(d.earliest), micros(d.latest), int(d.provisional)) for d in made]


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize(
    "term",
    [
        Term.workdays(0),
        Term.workdays(3),
        Term.workdays(250),
        Term.workdays(3, first_day=True),
        Term.workdays(3, end="24:00"),
        Term.workdays(3, day_hours=7),
        Term.workdays(3, cutoff=time(15)),
        Term.workdays(3, at=time(12)),
        Term.days(0),
        Term.days(7),
        Term.days(7, roll=False, end="24:00"),
        Term.days(7, roll=2, roll_at=time(12)),
        Term.months(1),
        Term.hours(5, minutes=30),
        Term.until(date(2009, 11, 30)),
        Term.until(datetime(2009, 11, 30, 4, tzinfo=UTC)),
        Term.until(Span.of_days(date(2009, 12, 11), date(2009, 12, 20), UTC)),
        Term.every("week", day=2, at=time(12)),
        Term.every("month", workday=-1),
    ],
    ids=str,
)
def test_batch_equals_single_for_every_kind_of_term(term):
    """Over a holiday, by day and by night, column or not."""
    starts = [START + n * timedelta(minutes=67) for n in range(ENOUGH + 9)]
    numbers = array("q", map(micros, starts))

    wanted = one_by_one(term, starts, CHINA)

    assert rows(deadlines(term, starts, CHINA)) == wanted
    assert rows(deadlines(term, numbers, CHINA)) == wanted


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("zone", ["America/St_Johns", "America/Sao_Paulo", "UTC"])
def test_batch_equals_single_where_clocks_change_at_midnight(zone):
    """In a night whose date comes twice, and in one that has no midnight."""
    calendar = WorkCalendar(name="far", version="1", zone=zone)
    nights = [
        datetime(2008, 11, 1, 22, tzinfo=UTC),
        datetime(2008, 10, 18, 22, 59, tzinfo=UTC),
    ]
    for term in (Term.workdays(1), Term.days(1), Term.days(1, roll=False)):
        starts = [
            night + n * timedelta(minutes=2) for night in nights for n in range(300)
        ]
        assert rows(deadlines(term, starts, calendar)) == one_by_one(
            term, starts, calendar
        )


@pytest.mark.usefixtures("way")
def test_batch_equals_single_past_what_is_published():
    """A range stays one, and says that it is provisional."""
    last = CHINA.known_until or date(2026, 12, 31)
    start = CHINA.opens(last - 40 * DAY)
    starts = [start + n * DAY / 6 for n in range(ENOUGH)]

    found = deadlines(Term.workdays(15), starts, CHINA)

    assert rows(found) == one_by_one(Term.workdays(15), starts, CHINA)
    assert 0 < sum(found.provisional) < len(found)
    assert found.at == found.latest


@pytest.mark.usefixtures("way")
def test_takes_ranges_among_instants():
    """A start known only as a range ends in one."""
    span = Span(START, START + 3 * DAY)
    starts: list[When] = [START, span, START + DAY]

    wanted = one_by_one(Term.workdays(3), starts, CHINA)

    assert rows(deadlines(Term.workdays(3), starts, CHINA)) == wanted


@pytest.mark.usefixtures("way")
def test_nothing_gives_nothing():
    """No start, no end."""
    assert len(deadlines(Term.workdays(3), [], CHINA)) == 0
    assert len(deadlines(Term.workdays(3), array("q"), CHINA)) == 0


def test_columns_of_another_kind_are_read_one_by_one():
    """Bytes and floats are no microseconds: what they hold is asked for its type."""
    assert rows(deadlines(Term.days(1), array("i", [0]), CHINA)) == one_by_one(
        Term.days(1), [instant(0)], CHINA
    )
    with pytest.raises(Invalid, match="a datetime with a zone was wanted"):
        deadlines(Term.days(1), array("d", [0.0]), CHINA)  # type: ignore[arg-type]  # bad input


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize(
    ("bad", "why"),
    [
        (datetime(2009, 9, 24, 9, 30), "has no zone"),
        (datetime(2200, 12, 31, 1, tzinfo=UTC), "lies? outside the years"),
        (10**30, "years 1 to 9999"),
        (True, "True was given"),
        ("2009-09-24", "'2009-09-24' was given"),
    ],
)
def test_a_start_without_a_deadline_is_named_by_its_place(bad, why):
    """Of a hundred thousand, people want to know which."""
    with pytest.raises(Invalid, match=rf"Start 2 of 3: .*{why}"):
        deadlines(Term.workdays(3), [START, START + TICK, bad], CHINA)


def test_a_column_too_far_out_is_refused_by_place():
    """A number beyond the years there are is found in a column too."""
    with pytest.raises(Invalid, match=r"Start 1 of 2: .*years 1 to 9999"):
        deadlines(Term.workdays(3), array("q", [0, 2**62]), CHINA)
