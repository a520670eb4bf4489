"""What a figure asks of the store, as data.

Nothing here counts: :mod:`queries` answers. A figure keeps its query, so that it can
be asked again.
"""

from __future__ import annotations

from typing import Literal

from attrs import frozen

from duban_flow.domain.policies.model import Condition
from duban_flow.domain.units import Role

ReadingPart = Literal["actual", "target", "scheduled"]
RoundPart = Literal["score", "rank", "gap", "mean"]
PaceRule = Literal["day", "month"]


@frozen
class CountQuery:
    """How many matters meet every condition."""

    conditions: tuple[Condition, ...]


@frozen
class SumQuery:
    """What a measure adds up to over the matters that meet every condition.

    ``part`` says which number of the last reading: what was reached, was aimed at,
    or was scheduled by then.
    """

    conditions: tuple[Condition, ...]
    measure: str
    part: ReadingPart = "actual"


@frozen
class UnitsQuery:
    """How many units stand in a role to the matters that meet every condition."""

    conditions: tuple[Condition, ...]
    role: Role


@frozen
class TimesQuery:
    """How often the targets of the matters were moved 调整目标次数."""

    rebaselined: tuple[Condition, ...]


@frozen
class RoundQuery:
    """What one round of an evaluation gave the one matter that meets the conditions."""

    conditions: tuple[Condition, ...]
    round: int
    what: RoundPart


@frozen
class SanctionQuery:
    """How many sanctions of a kind were given; without a kind, of any."""

    sanctions: str


@frozen
class ShareQuery:
    """One figure as a share of another; both by name."""

    part: str
    whole: str


@frozen
class DifferenceQuery:
    """One figure less another; both by name."""

    minuend: str
    subtrahend: str


@frozen
class GrowthQuery:
    """By how much a figure exceeds an earlier one, as a share of that 增长."""

    now: str
    before: str


@frozen
class PaceQuery:
    """How much of the year had passed 序时进度, by days or by months."""

    pace: PaceRule


Query = (
    CountQuery
    | SumQuery
    | UnitsQuery
    | TimesQuery
    | RoundQuery
    | SanctionQuery
    | ShareQuery
    | DifferenceQuery
    | GrowthQuery
    | PaceQuery
)
