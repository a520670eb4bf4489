"""What the tests of judgement ask of Decisions, and the rung most of them judge."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from attrs import evolve

from duban_flow.domain.case import Case
from duban_flow.domain.policies.decide import decide
from duban_flow.domain.policies.memory import marks
from duban_flow.domain.policies.model import (
    Decision,
    Rung,
)
from tests.domain.policies.cases import (
    policy,
    rung,
)

TASK = rung(
    "task",
    "sitting after due",
    "warn",
    on=["responsible"],
    when=["open", "not held", "not excused"],
)


def one(made: Rung, judged: Case, **options: Any) -> Decision:
    """Judge one rung and expect one Decision."""
    sitting = options.pop("sitting", None)
    (decision,) = decide(judged, policy(made, **options), sitting=sitting)
    return decision


def said(decision: Decision) -> tuple[str, str]:
    """Give verdict and note."""
    return decision.verdict.value, decision.note


def verdicts(decisions: Sequence[Decision]) -> dict[str, str]:
    """Give each rung's verdict, with its note where there is one."""
    return {
        d.rung.key: d.verdict.value + (f": {d.note}" if d.note else "")
        for d in decisions
    }


def after(judged: Case, decisions: Sequence[Decision]) -> Case:
    """Give the case as a pass leaves it."""
    fired = (*judged.item.fired, *marks(decisions))
    return evolve(judged, item=evolve(judged.item, fired=fired))
