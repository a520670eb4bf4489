"""A panel like the district's, and what its sittings come to."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from attrs import evolve

from duban_flow.domain.case import Case
from duban_flow.domain.policies.judge import judge
from duban_flow.domain.policies.model import (
    Policy,
    SittingDay,
)
from duban_flow.domain.policies.panel import Proposal, account, propose
from duban_flow.domain.policies.vocabulary import STANDARD
from duban_flow.domain.sanctions import NotSanctioned, Unsure
from tests.domain.policies.cases import (
    case,
    facts,
    item,
    policy,
    rung,
    sits,
)

PETITION = rung(
    "petition past its term",
    "sitting after due",
    "prompt",
    on=["responsible"],
    per="unit",
    where=["category is petition"],
    when=["open", "not held", "not excused"],
    reason="信访问题超时未办结",
)
SERVICE = rung(
    "service case over its limit",
    "sitting after due",
    "warn",
    on=["responsible"],
    per="unit",
    where=["category is approval"],
    when=["late", "not excused"],
    reason="[因“{excuse}”]未按时办结行政审批事务",
)
TASK = rung(
    "task past due and open",
    "sitting after due",
    "warn",
    on=["responsible"],
    where=["category in housing_handover, demolition, livelihood, revenue"],
    when=["open", "not held", "not excused", "not met"],
    reason="未按时完成{title}",
)
RANK = rung(
    "low rank twice",
    "sitting after round",
    "warn",
    on=["lead"],
    where=["category is evaluation", "ranked"],
    when=["rank > 50% for 2 rounds", "not excused"],
    reason="{title}连续两次排名靠后",
)
MEAN = rung(
    "below the mean twice",
    "sitting after round",
    "warn",
    on=["responsible"],
    where=["category is evaluation", "averaged"],
    when=["gap > 0 for 2 rounds", "not excused"],
    reason="{title}连续两次低于平均分",
)
CONDUCT = rung(
    "conduct found wanting",
    "sitting after finding",
    "prompt",
    on=["responsible"],
    where=["category is conduct"],
    when=["not excused"],
    reason="{title}",
)
PANEL = policy(
    PETITION,
    SERVICE,
    TASK,
    RANK,
    MEAN,
    CONDUCT,
    account_for=["late", "short", "at_risk", "poor", "faulted"],
    basis=("实施细则",),
)


def resolved(
    cases: Iterable[Case], by: Policy = PANEL, day: SittingDay | None = None
) -> tuple[list[Proposal], tuple[NotSanctioned, ...], tuple[Unsure, ...]]:
    """Judge cases at a sitting and close it."""
    day = day or sits()
    rows = [
        row
        for one in cases
        for row in judge(evolve(one, at=day.judged_at), by, STANDARD, day)[0]
    ]
    proposals = propose(rows, by)
    spared, unsure = account(rows, proposals, by)
    return list(proposals), spared, unsure


def outcome(one: Case, day: SittingDay | None = None) -> str:
    """Say in a word what came of one case: a kind and unit, a reason, or unsure."""
    proposals, spared, unsure = resolved([one], day=day)
    said = [f"{p.kind} {p.unit}" for p in proposals]
    said += [n.reason for n in spared]
    said += [f"unsure {u.rung}" for u in unsure]
    (only,) = said or [""]
    return only


def matter(category: str, now: str = "2009-12-25 09:00", **fields: Any) -> Case:
    """Make a case of a category."""
    events = fields.pop("facts", facts())
    return case(now, item(category=category, **fields), facts=events)


HOUSING: dict[str, Any] = {
    "category": "housing_handover",
    "due": "2009-09-30",
    "title": "沙竹苑移交",
}


PLOT: dict[str, Any] = {"code": "D-1", "due": "2009-12-31", "at_risk": True}
