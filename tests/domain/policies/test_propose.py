"""Highest only, company, ladders, and the order of rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from attrs import evolve

from duban_flow.domain.case import Case
from duban_flow.domain.items import Item
from duban_flow.domain.policies.judge import judge, rows_of
from duban_flow.domain.policies.model import (
    Judgement,
    Kind,
    Rung,
    Verdict,
)
from duban_flow.domain.policies.panel import account, propose
from duban_flow.domain.policies.vocabulary import STANDARD
from duban_flow.domain.units import Role
from tests.domain.policies.cases import (
    PROMPT,
    WARN,
    case,
    item,
    policy,
    rung,
    sits,
    span,
)
from tests.domain.policies.panels import (
    CONDUCT,
    PANEL,
    PETITION,
    PLOT,
    TASK,
    matter,
    resolved,
)


def row(code: str, kind: str, made: Rung, **fields: Any) -> Judgement:
    """Make a row that fires."""
    return Judgement(
        **{
            "item": f"id-{code}",
            "code": code,
            "title": code,
            "unit": "五花办",
            "role": Role.RESPONSIBLE,
            "rung": made.key,
            "kind": kind,
            "cycle": "due:1",
            "verdict": Verdict.FIRES,
            "flags": ("late",),
            **fields,
        }
    )


def test_a_unit_gets_only_its_highest_kind_for_an_item_and_role() -> None:
    """The lower one is recorded as overtaken, in another role it stands."""
    rows = [
        row("A", "prompt", PETITION),
        row("A", "warn", TASK),
        row("A", "prompt", CONDUCT, role=Role.LEAD),
    ]
    prompt, warn = propose(rows, PANEL)
    assert (prompt.kind, prompt.role, prompt.overtaken) == ("prompt", Role.LEAD, ())
    assert (warn.kind, [c.rung for c in warn.overtaken]) == ("warn", [PETITION.key])


def test_kinds_of_other_ladders_stand_side_by_side() -> None:
    """A measure is overtaken only within its ladder."""
    points = Kind(key="points", name="扣分", ladder="points")
    by = policy(PETITION, TASK, kinds=(PROMPT, WARN, points))
    rows = [row("A", "warn", TASK), row("A", "points", PETITION)]
    assert [p.kind for p in propose(rows, by)] == ["points", "warn"]


def test_a_group_that_is_too_small_is_not_proposed_and_says_so() -> None:
    """Three matters of one unit make a measure, two do not."""
    few = evolve(PETITION, at_least=3)
    by = policy(few, account_for=["late"])
    rows = [row(code, "prompt", few) for code in "ABC"]
    (made,) = propose(rows, by)
    assert len(made.citations) == 3
    assert propose(rows[:2], by) == ()
    (record,), _ = account(rows[:2], (), by)
    assert (record.codes, record.reason) == (("A", "B"), "同类事项不足3件")


def test_a_rung_the_policy_no_longer_knows_is_proposed_item_by_item() -> None:
    """A policy in Python makes its rungs as it goes; the kinds are what it must say."""
    stranger = rung("stranger", "sitting after due", "warn", on=["responsible"])
    made = propose([row("A", "warn", stranger), row("B", "warn", stranger)], PANEL)
    assert [[c.code for c in p.citations] for p in made] == [["A"], ["B"]]
    assert propose([row("A", "gone", stranger)], PANEL) == ()
    unproposed, _ = account([row("A", "gone", stranger)], (), PANEL)
    assert unproposed[0].reason == "同类事项不足1件"


def test_a_doubt_that_a_measure_covers_is_idle() -> None:
    """Below or beside a proposed kind nobody need decide; above it, a person must."""
    doubt = row("A", "prompt", CONDUCT, verdict=Verdict.UNSURE)
    rows = [row("A", "warn", TASK), doubt]
    proposals = propose(rows, PANEL)
    assert account(rows, proposals, PANEL) == ((), ())
    higher = [
        row("A", "prompt", PETITION),
        row("A", "warn", TASK, verdict=Verdict.UNSURE),
    ]
    proposals = propose(higher, PANEL)
    _, (left,) = account(higher, proposals, PANEL)
    assert (left.rung, left.unit) == (TASK.key, "五花办")


def test_a_hole_that_may_apply_is_unsure_too() -> None:
    """A rung without a kind can be in doubt as well."""
    hole = rung("hole", "sitting after due", "none", on=["responsible"], when=["open"])
    vague = matter(
        "parks", due="2009-10-20", closed=span("2009-12-11 00:00", "2009-12-31 23:00")
    )
    _, spared, (left,) = resolved([vague], policy(hole, account_for=["late"]))
    assert (spared, left.rung) == ((), "hole")
    sure = matter("parks", due="2009-10-20")
    _, (record,), _ = resolved([sure], policy(hole, account_for=["late"]))
    assert record.reason == "规则写明此种情形不作处理"


def test_only_rungs_that_were_judged_make_rows_for_what_carries_no_flag() -> None:
    """An item in order leaves nothing behind but what the sitting judged."""
    calm = matter("livelihood", due="2009-12-31")
    assert judge(calm, PANEL, STANDARD, sits())[0] == ()
    assert rows_of(calm, ()) == ()


@pytest.mark.parametrize(
    "order", [slice(None), slice(None, None, -1), slice(None, None, 2)]
)
def test_the_order_of_rows_does_not_show(order: slice) -> None:
    """Rows in any order, even twice, come to the same."""
    cases: Sequence[Case] = [
        matter("petition", code="P-1", due="2009-11-10"),
        matter("petition", code="P-2", due="2009-11-11", held=True),
        matter("livelihood", code="L-1", due="2009-11-11"),
        matter("demolition", **PLOT),
    ]
    rows = [r for c in cases for r in judge(c, PANEL, STANDARD, sits())[0]]
    shuffled = [*rows[order], *rows]
    assert propose(shuffled, PANEL) == propose(rows, PANEL)
    proposals = propose(rows, PANEL)
    assert account(shuffled, proposals, PANEL) == account(rows, proposals, PANEL)


def test_a_policy_scoped_to_other_categories_fails_when_the_matter_is_reopened() -> (
    None
):
    """Leaving out what is finished today is no rule about being finished."""
    narrow = policy(
        evolve(TASK, where=rung("x", "due", where=["category is handover"]).where),
        account_for=["late"],
    )
    reopened: Item = item(category="completion", due="2009-10-20")
    proposals, (record,), _ = resolved([case("2009-12-25 09:00", reopened)], narrow)
    assert (proposals, record.reason) == ([], "没有适用的规则")
