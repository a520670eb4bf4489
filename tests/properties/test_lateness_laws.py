"""The laws of lateness and of time left, for items nobody wrote down."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from duban_flow import Item, Term, WorkCalendar
from duban_flow.domain.due import due_of
from duban_flow.domain.instants import TICK
from duban_flow.domain.lateness import late, remaining
from duban_flow.domain.time.pauses import Pause

CHINA = WorkCalendar.china()
NOTHING = timedelta()

starts = st.datetimes(
    datetime(2006, 1, 1), datetime(2024, 1, 1), timezones=st.just(UTC)
)
lengths = st.timedeltas(NOTHING, timedelta(days=60))
terms = st.one_of(
    st.builds(Term.workdays, st.integers(0, 40)),
    st.builds(Term.days, st.integers(0, 60)),
    st.builds(Term.hours, st.integers(0, 90)),
)


def given_out(start: datetime, term: Term, *pauses: Pause) -> Item:
    """Make an item with a due that its pauses have moved."""
    item = Item(
        id="1",
        code="A-1",
        title="修路",
        state="assigned",
        version=1,
        assigned_at=start,
        entered_at=start,
        term=term,
        pauses=pauses,
    )
    return evolve(item, due=due_of(item, CHINA))


@given(starts, terms)
def test_the_boundary_is_the_due_instant(start: datetime, term: Term) -> None:
    """There nothing is late and nothing left; a microsecond on either side, a bit."""
    item = given_out(start, term)
    due = item.due_at
    assert due is not None

    assert late(item, due, CHINA).late is False
    assert late(item, due + TICK, CHINA).late is True
    left = remaining(item, due, CHINA)
    assert left is not None
    assert left.hours == (NOTHING, NOTHING)
    before = remaining(item, due - TICK, CHINA)
    assert before is not None
    assert before.hours[0] == CHINA.worked(due - TICK, due)


@given(starts, terms, lengths, lengths)
def test_time_runs_one_way(
    start: datetime, term: Term, some: timedelta, more: timedelta
) -> None:
    """Later on, never less is late and never more is left."""
    item = given_out(start, term)
    early, after = start + some, start + some + more

    before, later = late(item, early, CHINA), late(item, after, CHINA)
    assert before.late in (False, later.late)
    assert before.days <= later.days
    assert before.workdays <= later.workdays
    assert before.hours <= later.hours
    left, less = remaining(item, early, CHINA), remaining(item, after, CHINA)
    assert left is not None
    assert less is not None
    assert (left.days, left.workdays) >= (less.days, less.workdays)


@given(starts, terms, lengths)
def test_what_is_left_less_what_is_over_is_the_time_to_due(
    start: datetime, term: Term, some: timedelta
) -> None:
    """Either something is left, or something is over; together it is exact."""
    item = given_out(start, term)
    now, due = start + some, item.due_at
    assert due is not None

    left = remaining(item, now, CHINA)
    over = late(item, now, CHINA).hours[0]

    assert left is not None
    assert left.hours[0] - over == CHINA.worked(now, due)


@given(starts, st.integers(1, 40), lengths, lengths, st.integers(0, 100))
def test_a_pause_uses_up_no_working_days(
    start: datetime, count: int, some: timedelta, away: timedelta, percent: int
) -> None:
    """As much is left all through a pause as was left when it began."""
    term = Term.workdays(count)
    plain = given_out(start, term)
    due, since = plain.due_at, start + some
    assert due is not None
    pause = Pause(ordinal=1, since=since, until=since + away)
    item = given_out(start, term, pause)
    whole = remaining(plain, since, CHINA)

    found = remaining(item, since + away * percent / 100, CHINA)

    assert whole is not None
    assert found is not None
    if since < due:
        assert found.workdays == whole.workdays
