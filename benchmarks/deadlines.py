"""Deadlines by counted tables against a walk from day to day, in one run.

The limit is a loop over ``chinesecalendar`` that asks of each day whether it is worked:
one deadline, many in one call (with numpy and without), a year against three days.
"""

from __future__ import annotations

import random
import sys
import tracemalloc
from array import array
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, date, datetime, timedelta
from itertools import cycle

import chinese_calendar

from benchmarks.measuring import Pair, Rate, paired, rate
from duban_flow import Term, WorkCalendar
from duban_flow.domain.instants import DAY, micros
from duban_flow.domain.time.many_deadlines import deadlines
from duban_flow.domain.time.vectors import numpy

TIMES = 500
TERMS = (3, 10, 30)
CHINA = WorkCalendar.china()
FIRST = datetime(2005, 1, 3, 1, tzinfo=UTC)
YEARS = 21
SEED = 2009
SAMPLE = 500


def starts_of(count: int) -> list[datetime]:
    """Draw starts from all the years that are published, at any hour."""
    chance = random.Random(SEED)
    minutes = YEARS * 365 * 24 * 60
    return [FIRST + timedelta(minutes=chance.randrange(minutes)) for _ in range(count)]


def walked(start: date, count: int) -> date:
    """Walk so many working days on, day by day."""
    day, left = start, count
    while left:
        day += DAY
        left -= chinese_calendar.is_workday(day)
    return day


def run() -> Iterator[Pair | Rate | str]:
    """Give every comparison, at its size and at ten times the size."""
    CHINA.tally  # noqa: B018  # both sides begin with their tables made
    for days in TERMS:
        yield one(days)
    yield one(*range(TERMS[0], TERMS[-1] + 1))
    yield long_against_short()
    for count in (100_000, 1_000_000):
        for days in TERMS:
            yield many(count, days, fast=True)
            yield many(count, days, fast=False)
    yield certificates()
    yield memory(100_000)
    yield memory(1_000_000)


def one(*lengths: int) -> Pair:
    """Count one deadline at a time, of these lengths in turn."""
    asked = [
        (Term.workdays(days), start, start.date(), days)
        for start, days in zip(starts_of(TIMES), cycle(lengths), strict=False)
    ]

    def tables() -> None:
        for term, start, _, _ in asked:
            term.deadline(start, CHINA)

    def walk() -> None:
        for _, _, day, days in asked:
            walked(day, days)

    told = str(lengths[0])
    if len(lengths) > 1:
        told += f" to {lengths[-1]}"
    return paired(
        f"a deadline of {told} working days",
        tables,
        walk,
        units=TIMES,
        against="day by day",
        rounds=9,
    )


def long_against_short() -> Pair:
    """Count 250 working days against three: the same tables are asked."""
    starts = starts_of(TIMES)
    long, short = Term.workdays(250), Term.workdays(3)

    def counted(term: Term) -> None:
        for start in starts:
            term.deadline(start, CHINA)

    return paired(
        "a deadline of 250 working days",
        lambda: counted(long),
        lambda: counted(short),
        units=TIMES,
        against="3 working days",
        rounds=15,
    )


def many(count: int, days: int, *, fast: bool) -> Pair:
    """Count many deadlines in one call, nothing kept from the call before."""
    term = Term.workdays(days)
    starts = starts_of(count)
    column = array("q", map(micros, starts))
    sample = [start.date() for start in starts[:SAMPLE]]

    def walk() -> None:
        for start in sample:
            walked(start, days)

    with nullcontext() if fast else without_numpy():
        return paired(
            f"{count:,} deadlines of {days} working days, "
            + ("numpy" if numpy() else "pure"),
            lambda: deadlines(term, column, CHINA),
            walk,
            units=count,
            other_units=SAMPLE,
            against="day by day",
            rounds=3,
        )


@contextmanager
def without_numpy() -> Iterator[None]:
    """Let nothing find numpy for a while."""
    kept = {name: sys.modules.pop(name) for name in ["numpy"] if name in sys.modules}
    sys.modules["numpy"] = None  # type: ignore[assignment]  # what hides a module
    numpy.cache_clear()
    try:
        yield
    finally:
        del sys.modules["numpy"]
        sys.modules.update(kept)
        numpy.cache_clear()


def certificates() -> Rate:
    """Write the certificates of deadlines that are there."""
    term = Term.workdays(15)
    made = [term.deadline(start, CHINA) for start in starts_of(TIMES)]

    def write() -> None:
        for deadline in made:
            deadline.certificate  # noqa: B018  # reading it makes it

    return rate("certificates", write, units=TIMES, rounds=9)


def memory(count: int) -> str:
    """Say what a call takes at the most, beside the column it is given."""
    column = array("q", map(micros, starts_of(count)))
    tracemalloc.start()
    deadlines(Term.workdays(10), column, CHINA)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return f"{f'{count:,} deadlines take at most':<44} {peak / 2**20:>10.1f} MB"
