"""Who is sanctioned and who is spared, and how small facts change it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from attrs import evolve

from duban_flow.domain.case import Case
from duban_flow.domain.items import Submission
from duban_flow.domain.policies.judge import judge
from duban_flow.domain.policies.panel import NO_UNIT, Proposal
from duban_flow.domain.policies.vocabulary import STANDARD
from duban_flow.domain.quantities import Measure, Reading
from duban_flow.domain.time.extension import Extension
from duban_flow.domain.time.pauses import Pause
from duban_flow.domain.units import Role
from tests.domain.policies.cases import (
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
from tests.domain.policies.panels import (
    HOUSING,
    PANEL,
    PETITION,
    PLOT,
    TASK,
    matter,
    outcome,
    resolved,
)


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
    asked = Extension(
        ordinal=1, unit="五花办", asked_at=at("2009-09-01"), until=date(2010, 1, 29)
    )
    assert outcome(matter("livelihood", **late, extensions=(asked,))) == (
        "延期申请待答复"
    )
    paused = (Pause(ordinal=1, since=at("2009-09-01")),)
    assert outcome(matter("livelihood", **late, pauses=paused)) == "办理已中止"
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
