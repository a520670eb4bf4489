"""Days of a calendar told together: what a date is, and days in a row as one.

Values only; which days they are is the calendar's to say.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from enum import StrEnum

from attrs import evolve, frozen

from duban_flow.domain.codec import Value


class DayKind(StrEnum):
    """What a date is in a calendar 日期类别."""

    REST = "rest"
    DECREED = "decreed"
    ORDINARY = "ordinary"


@frozen
class Stretch(Value):
    """Days in a row that are off, or worked, for one reason 放假或调休."""

    first: date
    last: date
    kind: DayKind
    name: str = ""

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1


@frozen(kw_only=True)
class Edition(Value):
    """Which calendar a date was counted by 日历版本, down to its digest."""

    name: str
    version: str
    digest: str
    zone: str


def stretched(days: Iterable[Stretch]) -> tuple[Stretch, ...]:
    """Join stretches of one kind that follow one another; they come in order."""
    made: list[Stretch] = []
    for one in days:
        last = made[-1] if made else None
        if last and last.kind is one.kind and (one.first - last.last).days == 1:
            names = dict.fromkeys(filter(None, f"{last.name}、{one.name}".split("、")))
            made[-1] = evolve(last, last=one.last, name="、".join(names))
        else:
            made.append(one)
    return tuple(made)


def joined(runs: Iterable[tuple[int, int]]) -> tuple[tuple[date, date], ...]:
    """Join runs of days (ordinals) that touch or overlap, as dates in order.

    >>> joined([(3, 4), (1, 2), (9, 9)])[0]
    (datetime.date(1, 1, 1), datetime.date(1, 1, 4))
    """
    made: list[tuple[int, int]] = []
    for first, last in sorted(runs):
        if made and first <= made[-1][1] + 1:
            made[-1] = made[-1][0], max(made[-1][1], last)
        else:
            made.append((first, last))
    return tuple((date.fromordinal(a), date.fromordinal(b)) for a, b in made)


def only_one(a: tuple[int, int], b: tuple[int, int]) -> Iterable[tuple[int, int]]:
    """Give the runs of days that lie in one of two runs and not in both."""
    for (first, last), (start, end) in ((a, b), (b, a)):
        for run in ((first, min(last, start - 1)), (max(first, end + 1), last)):
            if run[0] <= run[1]:
                yield run
