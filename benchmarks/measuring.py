"""Paired rounds: both sides run in turn, so that noise falls on both."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

from attrs import frozen


@frozen(kw_only=True)
class Pair:
    """What a comparison came to: microseconds a unit for ours and for the other."""

    name: str
    ours: float
    other: float
    against: str

    @property
    def ratio(self) -> float:
        """How fast ours is, the other being 1; above 1 is faster."""
        return self.other / self.ours

    def __str__(self) -> str:
        return (
            f"{self.name:<44} {self.ours:>10.2f} µs   "
            f"{self.ratio:>8.2f} x {self.against} ({self.other:.2f} µs)"
        )


def paired(
    name: str,
    ours: Callable[[], object],
    other: Callable[[], object],
    *,
    units: int,
    against: str,
    rounds: int = 5,
    other_units: int | None = None,
) -> Pair:
    """Run both in turn and take the median of each, per unit.

    A slow peer may do fewer units than ours: ``other_units``.
    """
    mine, theirs = [], []
    for _ in range(rounds):
        mine.append(_seconds(ours))
        theirs.append(_seconds(other))
    return Pair(
        name=name,
        ours=statistics.median(mine) / units * 1e6,
        other=statistics.median(theirs) / (other_units or units) * 1e6,
        against=against,
    )


@frozen(kw_only=True)
class Rate:
    """How many units a second something does."""

    name: str
    second: float

    def __str__(self) -> str:
        return f"{self.name:<44} {self.second:>10,.0f} a second"


def rate(name: str, job: Callable[[], object], *, units: int, rounds: int = 5) -> Rate:
    """Run a job several times and take the median."""
    took = [_seconds(job) for _ in range(rounds)]
    return Rate(name=name, second=units / statistics.median(took))


def _seconds(job: Callable[[], object]) -> float:
    start = time.perf_counter()
    job()
    return time.perf_counter() - start
