"""Rungs that would come before the matter itself does 早于交办的级.

``due - n`` on a term no longer than n has passed before the matter is given out, and
so has ``limit - n``, which is the due of a party without a limit of its own. The
witness is a working day of the last year the calendar knows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final

from duban_flow.domain.instants import DAY, earliest
from duban_flow.domain.policies.lint_cells import CATEGORY, DATED, Grid
from duban_flow.domain.policies.lint_said import finding
from duban_flow.domain.policies.model import Rung
from duban_flow.domain.time.calendar import WorkCalendar
from duban_flow.domain.time.offset import Offset, shift
from duban_flow.domain.time.term import Term
from duban_flow.errors import Problem

_LEAST: Final = {"day": 1, "workday": 1, "month": 28}
_MOST: Final = {"day": 1, "workday": 2, "month": 31}
_RESTS: Final = 14


def before_birth(
    grid: Grid, categories: Mapping[str, Term | None], calendar: WorkCalendar | None
) -> Iterator[Problem]:
    """Find rungs ahead of due that fall before a term of a category has begun."""
    if calendar is None:
        return
    for rung in grid.policy.rung:
        offset = rung.at.offset
        if rung.at.anchor not in DATED or offset is None or offset.n >= 0:
            continue
        for category, term in categories.items():
            fits = grid.allows(rung, {CATEGORY: category})
            if term is None or term.unit == "until" or not fits:
                continue
            witness = _witness(term, offset, calendar)
            if witness is not None:
                yield _found(grid, rung, category, term, witness)


def _witness(
    term: Term, offset: Offset, calendar: WorkCalendar
) -> tuple[date, date, date] | None:
    """Find a day of assignment whose due date lies no further off than the offset."""
    longest = abs(offset.n) * _MOST[offset.unit] + _RESTS
    if term.count * _LEAST.get(term.unit, 0) > longest:
        return None
    last = calendar.known_until or max(calendar.holidays, default=date(2026, 12, 31))
    day = date(last.year, 1, 1)
    while day.year == last.year:
        # Given out at close of business: as late on its day as work allows.
        start = calendar.closes(day)
        due = term.deadline(start, calendar)
        said = earliest(shift(due.when, offset.n, offset.unit, calendar))
        if calendar.is_workday(day) and said <= start:
            return day, due.last_day, calendar.day_of(said)
        day += DAY
    return None


def _found(
    grid: Grid, rung: Rung, category: str, term: Term, witness: tuple[date, date, date]
) -> Problem:
    given, due, said = witness
    return finding(
        grid.policy,
        rung,
        "before_birth",
        f"a matter of category {category!r} ({term.describe('en')}) given out on "
        f"{given} is due on {due}: this would have come on {said}",
        f"类别“{category}”（{term.describe()}）的事项{given}交办、{due}到期，"
        f"此级应在{said}，早于交办",
        said=rung.at.text,
        wanted=term.describe("en"),
    )
