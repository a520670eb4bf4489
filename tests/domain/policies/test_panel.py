"""What a sitting comes to: proposals, and the reasons of those that were spared."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import pytest
from attrs import evolve

from duban_flow.domain.case import Case
from duban_flow.domain.items import Item, Submission
from duban_flow.domain.policies.judge import judge, rows_of
from duban_flow.domain.policies.model import (
    Judgement,
    Kind,
    Policy,
    Rung,
    SittingDay,
    Verdict,
)
from duban_flow.domain.policies.panel import NO_UNIT, Proposal, account, propose
from duban_flow.domain.policies.vocabulary import STANDARD
from duban_flow.domain.quantities import Measure, Reading
from duban_flow.domain.sanctions import NotSanctioned, Unsure
from duban_flow.domain.units import Role
from tests.domain.policies.cases import (
    PROMPT,
    WARN,
    act,
    at,
    case,
    excuse,
    facts,
    found,
    item,
    policy,
    ranked,
    rung,
    scored,
    sits,
    span,
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


def test_an_open_task_past_due_is_proposed_with_its_reason() -> None:
    """A unit, a role, an item, a reason and a basis."""
    (made,), spared, unsure = resolved([case("2009-12-25 09:00", item(**HOUSING))])
    assert (made.kind, made.unit, made.role) == ("warn", "五花办", Role.RESPONSIBLE)
    assert [(c.code, c.cycle, c.title) for c in made.citations] == [
        ("A-1", "due:1", "沙竹苑移交")
    ]
    assert (made.reason, made.basis) == ("未按时完成沙竹苑移交", ("实施细则",))
    assert (spared, unsure) == ((), ())
    assert Proposal.from_dict(made.to_dict()) == made


def test_finished_in_december_it_is_spared_and_reopened_it_is_not() -> None:
    """The only thing that parts two late hand-overs is that one of them is open."""
    done = span("2009-12-11 00:00", "2009-12-20 23:59")
    closed = matter("housing_handover", due="2009-10-20", closed=done)
    assert outcome(closed) == "已办结"
    opened = matter("housing_handover", due="2009-10-20")
    assert outcome(opened) == "warn 五花办"
    within = sits("2009-12-15 09:00")
    assert outcome(closed, within) == "unsure task past due and open"


def test_an_accepted_excuse_spares_and_is_the_reason() -> None:
    """Given or refused it does not; accepted it does."""
    late = matter("housing_handover", due="2009-09-30")
    for status, expected in (
        ("given", "warn 五花办"),
        ("refused", "warn 五花办"),
        ("accepted", "正当理由已获认定"),
    ):
        told = evolve(late, facts=facts(justifications=[excuse("五花办", status)]))
        assert outcome(told) == expected


def test_three_of_four_cases_excused_leave_the_fourth_alone() -> None:
    """One unit's closed late cases stand in one measure, less those excused."""

    def service(code: str, status: str) -> Case:
        return matter(
            "approval",
            code=code,
            due="2009-11-10",
            closed="2009-11-20",
            parties={Role.RESPONSIBLE: "区审批局"},
            facts=facts(justifications=[excuse("区审批局", status)]),
        )

    codes = ["S-1", "S-2", "S-3", "S-4"]
    (all_four,), spared, _ = resolved([service(c, "refused") for c in codes])
    assert [c.code for c in all_four.citations] == codes
    assert all_four.reason == "因“网络维护”未按时办结行政审批事务"
    assert all_four.per_unit
    assert spared == ()
    (fourth,), (three,), _ = resolved(
        [service(c, "refused" if c == "S-4" else "accepted") for c in codes]
    )
    assert [c.code for c in fourth.citations] == ["S-4"]
    assert (three.codes, three.reason, three.unit) == (
        ("S-1", "S-2", "S-3"),
        "正当理由已获认定",
        "区审批局",
    )


def test_reasons_that_differ_in_one_group_are_all_said() -> None:
    """Cases of one unit with different excuses are in one measure."""

    def service(code: str, reason: str) -> Case:
        told = facts(justifications=[excuse("五花办", "refused", reason)])
        return matter("approval", code=code, due="2009-11-10", facts=told)

    (made,), _, _ = resolved([service("S-2", "停电"), service("S-1", "搬迁")])
    assert made.reason == "；".join(
        sorted(f"因“{why}”未按时办结行政审批事务" for why in ("停电", "搬迁"))
    )


def test_petitions_held_are_spared_in_one_record_and_else_in_one_measure() -> None:
    """Fifty held petitions of one street share one reason."""
    street = {Role.RESPONSIBLE: "某街办"}
    held = [
        matter(
            "petition", code=f"P-{n:02}", due="2009-11-10", held=True, parties=street
        )
        for n in range(50)
    ]
    none, (record,), _ = resolved(held)
    assert none == []
    assert (len(record.codes), record.reason) == (50, "已采取稳控措施")
    assert record.role == "responsible"
    free = [evolve(c, item=evolve(c.item, held=False)) for c in held]
    (made,), spared, _ = resolved(free)
    assert (made.kind, made.unit, len(made.citations), spared) == (
        "prompt",
        "某街办",
        50,
        (),
    )


def test_what_was_found_is_kept_where_it_is_the_same_for_all() -> None:
    """Items with other dates share a record; what differs is left out of it."""
    closed = [
        matter("housing_handover", code=f"H-{day}", due="2009-10-20", closed=day)
        for day in ("2009-12-01", "2009-12-02")
    ]
    _, (record,), _ = resolved(closed)
    assert [(g.condition, g.found) for g in record.grounds] == [("open", "")]
    _, (alone,), _ = resolved(closed[:1])
    assert [(g.condition, g.found) for g in alone.grounds] == [
        ("open", "closed 2009-12-01")
    ]


PLOT: dict[str, Any] = {"code": "D-1", "due": "2009-12-31", "at_risk": True}


def test_a_plot_is_spared_before_its_time_and_for_want_of_a_unit_after() -> None:
    """Due at the end of December, judged on the 25th, then after close of business."""
    after = sits("2009-12-25 09:00", "2009-12-31 18:00")
    rest = policy(*PANEL.rung, sitting="year end", account_for=["late", "at_risk"])
    plot = matter("demolition", **PLOT)
    nobody = matter("demolition", **{**PLOT, "parties": {}})
    assert outcome(plot) == "未到时限"
    assert outcome(nobody) == f"未到时限；{NO_UNIT}"
    late = evolve(after, opened_at=at("2009-12-31 18:00"))
    assert outcome(plot, late) == "warn 五花办"
    assert outcome(nobody, late) == NO_UNIT
    _, (record,), _ = resolved([nobody], rest, late)
    assert (record.unit, record.reason) == (None, NO_UNIT)


def test_a_goal_of_the_year_is_spoken_of_before_the_year_ends() -> None:
    """Behind its schedule, not due, nobody's: all of it is said."""
    read = Reading(
        name="收入", actual="19.67", measure_unit="亿元", as_of=at("2009-12-17")
    )
    goal = matter(
        "revenue",
        due="2009-12-31",
        parties={},
        measures=(Measure("收入", "亿元", target="21.62", decisive=True),),
        facts=facts(readings=[read]),
    )
    assert outcome(goal) == f"未到时限；{NO_UNIT}"


def test_ranks_and_scores_need_two_rounds_that_follow_each_other() -> None:
    """Low twice running is proposed; once better, or with a hole between, it is not."""

    def district(*rounds: Any) -> Case:
        return matter(
            "evaluation",
            title="环境测评",
            parties={Role.LEAD: "区城管局"},
            facts=facts(rounds=rounds),
        )

    third = ranked(3, "2009-10-20", 5, 6, "环境测评")
    fourth = ranked(4, "2009-11-20", 4, 6, "环境测评")
    assert outcome(district(third, fourth)) == "warn 区城管局"
    better = ranked(4, "2009-11-20", 3, 6, "环境测评")
    assert outcome(district(third, better)) == ""
    worse = ranked(3, "2009-10-20", 3, 6, "环境测评")
    assert outcome(district(worse, fourth)) == "未连续2轮排名处于后50%"
    apart = ranked(5, "2009-11-20", 4, 6, "环境测评")
    assert outcome(district(third, apart)) == "未连续2轮排名处于后50%"


@pytest.mark.parametrize(
    ("scores", "expected"),
    [(("28.13", "32"), "warn 五花办"), (("41.20", "32"), "未连续2轮低于平均分")],
)
def test_a_score_above_the_mean_breaks_the_row(
    scores: tuple[str, str], expected: str
) -> None:
    """Two scores below the mean are proposed, one above it spares."""
    rounds = [
        scored(3, "2009-10-20", scores[0], "41.13", "某路段"),
        scored(4, "2009-11-20", scores[1], "42.28", "某路段"),
    ]
    street = matter("evaluation", title="某路段", facts=facts(rounds=rounds))
    assert outcome(street) == expected


def test_a_finding_on_nobody_is_spoken_of() -> None:
    """A finding without a unit leads to no measure and to a record."""
    told = facts(findings=[found(4, "2009-11-02")])
    nobody = matter("conduct", parties={}, title="作风松懈", facts=told)
    assert outcome(nobody) == NO_UNIT
    assert outcome(matter("conduct", facts=told)) == "prompt 五花办"


def test_what_was_dealt_with_before_says_so() -> None:
    """Sanctioned last quarter and still late, it is not sanctioned again for it."""
    late = matter("housing_handover", due="2009-09-30")
    cited = evolve(late, item=evolve(late.item, fired=_marks(late)))
    spring = sits("2010-03-25 09:00")
    assert outcome(cited, spring) == "同一事由此前已作处理"


def _marks(one: Case) -> tuple[str, ...]:
    return judge(one, PANEL, STANDARD, sits())[1]


def test_other_reasons_why_not_are_said_in_words() -> None:
    """Submitted, suspended, transferred out, without a rung: each has its words."""
    waiting = Submission(unit="五花办", at=at("2009-12-24"))
    late: dict[str, Any] = {"due": "2009-09-30"}
    assert outcome(matter("livelihood", **late, submitted=waiting)) == (
        "已报结，等待审核"
    )
    assert outcome(matter("livelihood", **late, state="suspended")) == "办理已中止"
    moved = matter("livelihood", **late, closed="2009-12-01")
    assert moved.item.closing is not None
    out = evolve(moved.item.closing, action="transfer_out")
    assert outcome(evolve(moved, item=evolve(moved.item, closing=out))) == (
        "事项已撤销或移交"
    )
    assert outcome(matter("parks", **late)) == "没有适用的规则"


def test_a_rung_whose_anchor_never_happened_is_silent_beside_others() -> None:
    """Only where nothing else speaks is it said that there was no act yet."""
    second = rung(
        "still open after a prompt",
        "sitting after prompt + 15 workdays",
        "warn",
        on=["responsible"],
        when=["open"],
    )
    held = matter("petition", due="2009-10-20", held=True)
    both = policy(PETITION, second, account_for=["late"])
    _, (record,), _ = resolved([held], both)
    assert record.reason == "已采取稳控措施"
    only = policy(second, account_for=["late"])
    _, (record,), _ = resolved([held], only)
    assert record.reason == "尚未作出行政效能提示"
    prompted = evolve(held, acts=(act(held.item, issued="2009-12-21 10:00"),))
    _, (record,), _ = resolved([prompted], only)
    assert record.reason == "未到行政效能提示后的处理日期"


def test_each_unit_of_a_case_has_its_own_reason() -> None:
    """Where nobody is cited every party is spoken of; where one is, none is."""
    two = {Role.RESPONSIBLE: ["甲局", "乙局"]}
    shield = facts(justifications=[excuse("甲局", "accepted")])
    late = matter("livelihood", due="2009-10-20", parties=two, facts=shield)
    proposals, spared, _ = resolved([late])
    assert ([p.unit for p in proposals], spared) == (["乙局"], ())
    closed = matter(
        "livelihood", due="2009-10-20", closed="2009-11-01", parties=two, facts=shield
    )
    none, records, _ = resolved([closed])
    assert none == []
    assert {(r.unit, r.reason) for r in records} == {
        ("甲局", "已办结；正当理由已获认定"),
        ("乙局", "已办结"),
    }


def test_of_two_roles_the_named_one_is_spoken_of() -> None:
    """A role that nobody fills is not mentioned beside a party that is named."""
    by_lead = evolve(TASK, key="lead", on=(Role.LEAD,))
    late = matter("livelihood", due="2009-10-20", held=True)
    _, (record,), _ = resolved([late], policy(TASK, by_lead, account_for=["late"]))
    assert (record.unit, record.role) == ("五花办", "responsible")
    same = matter(
        "livelihood",
        due="2009-10-20",
        held=True,
        parties={Role.RESPONSIBLE: "五花办", Role.LEAD: "五花办"},
    )
    _, (record,), _ = resolved([same], policy(TASK, by_lead, account_for=["late"]))
    assert (record.unit, record.role) == ("五花办", None)


# --- highest only, and company ------------------------------------------------------


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
