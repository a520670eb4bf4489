"""Spreading what is known of a few days over many instants, by numpy where it is.

The only user of numpy, which comes with the extra ``fast`` and is imported when it is
first wanted. Nothing is counted here: without numpy the answer is the same, later.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

DAY: int = 86_400_000_000
"""The microseconds of a day of UTC."""

Row = tuple[int, int, int]
"""The earliest and the latest end, in microseconds, and a flag."""


class Slot(NamedTuple):
    """A day of UTC: the rows of what starts before an instant in it, and after."""

    turn: int
    before: Row
    after: Row


class Columns(NamedTuple):
    """The rows of many starts, column by column."""

    earliest: array[int]
    latest: array[int]
    flags: array[int]


def spread(numbers: array[int], slot_of: Callable[[int], Slot]) -> Columns:
    """Give each instant, in microseconds, the row of its day."""
    made = Columns(array("q"), array("q"), array("b"))
    slots: dict[int, Slot] = {}
    for number in numbers:
        day = number // DAY
        slot = slots.get(day)
        if slot is None:
            slot = slots[day] = slot_of(day)
        earliest, latest, flag = slot.before if number < slot.turn else slot.after
        made.earliest.append(earliest)
        made.latest.append(latest)
        made.flags.append(flag)
    return made


def spread_fast(numbers: array[int], slot_of: Callable[[int], Slot]) -> Columns:
    """Do as :func:`spread` does, by numpy where it is installed."""
    np = numpy()
    if np is None:
        return spread(numbers, slot_of)
    starts = np.frombuffer(numbers, np.int64)
    days, places = np.unique(starts // DAY, return_inverse=True)
    slots = [slot_of(int(day)) for day in days]
    turns = np.array([slot.turn for slot in slots], np.int64)
    rows = np.array([(*slot.before, *slot.after) for slot in slots], np.int64)
    late = starts >= turns[places]
    columns = (np.where(late, rows[places, n + 3], rows[places, n]) for n in range(3))
    earliest, latest, flags = columns
    made = Columns(array("q"), array("q"), array("b"))
    made.earliest.frombytes(earliest.tobytes())
    made.latest.frombytes(latest.tobytes())
    made.flags.frombytes(flags.astype(np.int8).tobytes())
    return made


@cache
def numpy() -> Any:
    """Give numpy, or nothing where it is not installed."""
    try:
        import numpy as np  # noqa: PLC0415  # an extra: whoever does without pays nothing
    except ImportError:
        return None
    return np
