"""The law of the batch: in columns as one by one, with numpy and without."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duban_flow import Invalid, Term, WorkCalendar
from duban_flow.domain.instants import TICK, When, micros
from duban_flow.domain.time.many_deadlines import ENOUGH, deadlines
from duban_flow.domain.time.vectors import numpy
from tests.properties.terms import calendars, terms
from tests.properties.test_worktime_laws import calendars as far_calendars

DAY = timedelta(days=1)
EDGES = (-TICK, timedelta(), TICK, timedelta(hours=1))


@contextmanager
def without_numpy() -> Iterator[None]:
    """Let nothing find numpy for a while."""
    with pytest.MonkeyPatch.context() as hiding:
        hiding.setitem(sys.modules, "numpy", None)
        numpy.cache_clear()
        yield
    numpy.cache_clear()


@st.composite
def many_starts(draw: st.DrawFn) -> list[When]:
    """Starts over a few weeks of any year, some of them close to midnights."""
    first = draw(
        st.datetimes(datetime(1986, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))
    )
    step = draw(st.integers(1, 90)) * timedelta(minutes=1)
    midnight = first.replace(hour=16, minute=0, second=0, microsecond=0)
    edges: list[When] = [midnight + n * DAY + e for n in range(9) for e in EDGES]
    return edges + [first + n * step for n in range(30)]


@given(terms, many_starts(), calendars() | far_calendars())
def test_batch_equals_single(term: Term, starts: list[When], calendar: WorkCalendar):
    """For every term, start and calendar: the same ends, as sure or as unsure."""
    several = starts * (ENOUGH // len(starts) + 1)
    try:
        wanted = [term.deadline(start, calendar) for start in starts]
    except Invalid:
        with pytest.raises(Invalid, match=r"Start \d+ of"):
            deadlines(term, several, calendar)
        return
    wanted *= len(several) // len(starts)
    for way in (nullcontext(), without_numpy()):
        with way:
            found = deadlines(term, several, calendar)
        assert list(found.earliest) == [micros(d.earliest) for d in wanted]
        assert list(found.latest) == [micros(d.latest) for d in wanted]
        assert list(found.provisional) == [int(d.provisional) for d in wanted]
