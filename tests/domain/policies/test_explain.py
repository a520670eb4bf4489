"""What a person is told: where an item stands, why, and what comes next."""

from __future__ import annotations

from textwrap import dedent
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from duban_flow.domain.case import Case
from duban_flow.domain.policies.decide import decide
from duban_flow.domain.policies.explain import Explanation, explain
from duban_flow.domain.policies.explain_text import (
    FLAGS,
    NOTES,
    condition_text,
    ground_text,
    joined,
)
from duban_flow.domain.policies.grammar import parse_condition
from duban_flow.domain.policies.model import Policy
from duban_flow.domain.policies.plain import PLAIN
from duban_flow.domain.policies.vocabulary import STANDARD
from duban_flow.domain.policies.wrapping import width, wrapped
from duban_flow.domain.sanctions import Ground
from duban_flow.domain.units import Role
from tests.domain.policies.cases import (
    WARN,
    act,
    at,
    case,
    excuse,
    facts,
    item,
    policy,
    rung,
    sits,
    span,
)

TASK = rung(
    "task",
    "sitting after due",
    "warn",
    on=["responsible"],
    where=["category is land"],
    when=["open", "not held", "not excused"],
)
CHAIN = evolve(WARN, approval=("问责领导小组", "区委常委会"))
PANEL = policy(TASK, kinds=(CHAIN,), basis=("实施细则",))


def told(
    one: Case, by: Policy = PANEL, lang: str = "zh", **options: Any
) -> Explanation:
    """Explain a case under a policy."""
    return explain(one, by, decide(one, by, **options), lang)


def land(now: str = "2009-12-21 09:00", **fields: Any) -> Case:
    """Make a case of land, overdue since September."""
    made = {"category": "land", "due": "2009-09-30", "state": "overdue", **fields}
    return case(now, item(title="沙竹苑移交", **made), names={"五花办": "五花街办"})


WHOLE = """
    A-1 沙竹苑移交（已逾期）
    截至2009年12月21日（周一）09:00，时限为2009年9月30日（周三）17:30，尚未办结，逾
    期82天（53个工作日）。
    责任单位：五花街办
    适用规则：test@1

    逐项说明：
    1. “task”：对五花街办（责任单位）予以行政效能告诫，须经问责领导小组、区委常委会
       同意
       → 2009年9月30日（周三）17:30到点（办理时限），等待研究会研究（2009年12月25日
         （周五）09:00）。
         ✓ 尚未办结
         ✓ 未采取稳控措施
         ✓ 没有获认定的正当理由
         依据：实施细则

    接下来：
    - 2009年12月25日（周五）09:00，研究会研究是否对五花街办（责任单位）予以行政效能
      告诫。
"""


def test_it_says_where_the_item_stands_why_and_what_comes_next() -> None:
    """The whole text, as a clerk reads it."""
    assert str(told(land())) == dedent(WHOLE).strip()


def test_it_says_the_same_in_english() -> None:
    """Every sentence exists in both languages."""
    text = str(told(land(), lang="en"))
    assert "due 2009-09-30 (Wed) 17:30; open, 82 days late (53\nworking days)" in text
    assert "Responsible: 五花街办" in text
    assert "✓ it is not held" in text
    assert "2009-12-25 (Fri) 09:00: the panel considers:" in text
    assert "tobeapprovedby问责领导小组,区委常委会" in "".join(text.split())


def test_an_explanation_is_a_value() -> None:
    """It can be kept as JSON, and says when a rung comes up again."""
    made = told(land())
    assert made.next_at == sits().opened_at
    assert Explanation.from_dict(made.to_dict()) == made
    assert [r.verdict for r in made.rungs] == ["waits"]


@pytest.mark.parametrize(
    ("fields", "zh", "en"),
    [
        ({"held": True}, "✗ 已采取稳控措施", "✗ it is held"),
        (
            {"closed": span("2009-12-11 00:00", "2009-12-31 23:59")},
            "? 是否“尚未办结”尚不能确定",
            "? unsure whether it is open",
        ),
    ],
)
def test_what_stands_against_it_is_marked(
    fields: dict[str, Any], zh: str, en: str
) -> None:
    """A ground that fails is crossed, one that is unknown is questioned."""
    assert zh in str(told(land(**fields)))
    assert en in str(told(land(**fields), lang="en"))


def test_lateness_is_told_as_it_is_known() -> None:
    """Closed, closed within a range, due within a range, not late, without a due."""
    texts = {
        "closed": told(land(closed="2009-10-02")),
        "within": told(land(closed=span("2009-12-11 00:00", "2009-12-20 23:59"))),
        "range": told(land(due=span("2009-12-20 00:00", "2009-12-31 23:59"))),
        "ahead": told(land(due="2009-12-31")),
        "just": told(land("2009-09-30 17:31")),
        "never": told(land(due=None)),
    }
    said = {key: "".join(made.lines).replace("\n", "") for key, made in texts.items()}
    assert "2009年10月2日（周五）17:30办结，逾期2天（0个工作日）" in said["closed"]
    assert "之间办结，逾期72-81天（47-52个工作日）" in said["within"]
    assert "之间，尚未办结" in said["range"]
    assert "未逾期" in said["ahead"]
    assert "时限届满，届时未办结即为逾期" in said["ahead"]
    assert "刚过时限" in said["just"]
    assert "未设时限" in said["never"]
    assert "closed between" in str(
        told(land(closed=span("2009-12-11 00:00", "2009-12-20 23:59")), lang="en")
    ).replace("\n", " ")


def test_an_act_that_stands_is_told() -> None:
    """What was done before belongs to where it stands."""
    one = land()
    acts = (
        act(one.item, kind_name="行政效能提示"),
        act(one.item, issued_at=None),
        act(one.item, revoked_at=at("2009-12-01")),
    )
    text = str(told(evolve(one, acts=acts)))
    assert text.count("已对五花街办予以") == 1
    assert "issued 2009-10-20" in str(told(evolve(one, acts=acts), lang="en"))


def test_the_built_in_policy_tells_whom_and_when() -> None:
    """Reminder and urging ahead, in the order of time, with the due date between."""
    parties = {Role.RESPONSIBLE: "五花办", Role.SUPERVISING: "督查室"}
    lines = told(
        case("2009-11-10", item(due="2009-11-30", parties=parties)), PLAIN
    ).lines
    assert lines[-4:] == (
        "接下来：",
        "- 2009年11月25日（周三）17:30，条件具备时提醒五花办。",
        "- 2009年11月30日（周一）17:30，时限届满，届时未办结即为逾期。",
        "- 2009年11月30日（周一）17:30，条件具备时催办五花办、督查室。",
    )


def test_what_fires_is_said_to_happen_now() -> None:
    """At the next sweep, or at the sitting that is judged."""
    urge = policy(rung("u", "due", notify=["responsible/head", "督查室/head", "lead"]))
    assert (
        told(land(), urge).lines[-1]
        == "- 下一次巡查时：催办五花街办/head、督查室/head。"
    )
    now = land("2009-12-25 09:00")
    text = str(told(now, sitting=sits()))
    assert "本次研究会：提出对五花街办（责任单位）予以行政效能告诫" in text
    english = str(told(now, lang="en", sitting=sits()))
    assert "At this sitting: 行政效能告诫 on 五花街办" in english
    assert "At the next sweep: urge" in str(told(land(), urge, lang="en"))


def test_nothing_ahead_and_nobody_named_are_said() -> None:
    """Silence would leave a clerk to guess."""
    bare = rung("b", "due", "warn")
    nobody = str(told(land(parties={}), policy(bare, sitting=None)))
    assert "对（未明确的单位）予以行政效能告诫" in nobody
    assert "✗ 未明确责任单位" in nobody
    assert "没有预定的动作" in nobody
    assert "没有适用的规则。" in str(told(land(), policy()))
    unset = str(told(land(due=None), policy(rung("c", "chase", "other"))))
    assert "“c”：other" in unset
    assert "→ 未定催办日期。" in unset


@pytest.mark.parametrize(
    ("text", "holds", "zh", "en"),
    [
        ("not held", False, "已采取稳控措施", "it is held"),
        ("received(plan)", True, "已报送“plan”", "“plan” has come in"),
        (
            "category in land, parks",
            False,
            "类别不属于land、parks",
            "category is not land or parks",
        ),
        ("gap > 0", False, "不低于平均分", "not below the mean"),
        (
            "gap > 3 points",
            True,
            "低于平均分超过3分",
            "the gap to the mean above 3 points",
        ),
        (
            "rank > 50% for 2 rounds",
            False,
            "未连续2轮排名处于后50%",
            "not ranked in the last 50% 2 rounds in a row",
        ),
        (
            "rank > 50% for 2 rounds",
            True,
            "连续2轮排名处于后50%",
            "ranked in the last 50% 2 rounds in a row",
        ),
        ("rank > 50%", False, "排名不在后50%", "not ranked in the last 50%"),
        ("rank <= 20%", True, "排名位次百分比不超过20%", "rank at most 20%"),
        (
            "overrun >= 5 workdays",
            False,
            "逾期未达到5个工作日",
            "time past due less than 5 workdays",
        ),
        ("level < 2", True, "现有措施等级不足2", "the level of measures that stand"),
        (
            "count(warn, unit, year) >= 2",
            True,
            "本单位本年度行政效能告诫次数达到2",
            "the number of 行政效能告诫 on the unit this year at least 2",
        ),
        (
            "streak(yellow, matter) >= 2",
            False,
            "本事项yellow连续次数未达到2",
            "the run of yellow on the matter less than 2",
        ),
    ],
)
def test_conditions_in_words(text: str, holds: bool, zh: str, en: str) -> None:
    """A clerk reads what is so, not what was asked."""
    asked = parse_condition(text, STANDARD)
    kinds = {"warn": WARN}
    assert condition_text(asked, holds, "zh", kinds) == zh
    assert condition_text(asked, holds, "en", kinds).startswith(en)


def test_a_word_of_the_hosts_own_is_quoted() -> None:
    """What has no words here is shown as it was written."""
    own = evolve(parse_condition("held", STANDARD), fact="funded", text="funded")
    assert condition_text(own, True, "zh", {}) == "“funded”成立"
    lost = Ground(condition="funded", holds=None)
    assert ground_text(lost, None, "en") == "“funded” is unsure"
    assert ground_text(evolve(lost, holds=False), TASK, "zh") == "“funded”不成立"
    stray = Ground(condition="x", holds=False, scope="at")
    assert ground_text(stray, None, "zh") == "未到规定时点"
    nobody = Ground(condition="on lead", holds=False, scope="on")
    assert ground_text(nobody, None, "en") == "nobody fills the role"
    assert joined(["a", "b"], "en") == "a; b"


def test_both_languages_have_the_same_words() -> None:
    """A flag or a note of one language exists in the other."""
    assert FLAGS["zh"].keys() == FLAGS["en"].keys()
    assert NOTES["zh"].keys() == NOTES["en"].keys()
    flags = {name for name, word in STANDARD.items() if word.kind == "flag"}
    assert flags == FLAGS["zh"].keys()


@given(st.text(alphabet="办结（）“”，。 ab1:", max_size=200))
def test_lines_fit_and_lose_nothing(text: str) -> None:
    """No line is wider than the page by more than a closing mark, nothing is lost."""
    lines = list(wrapped(text, "- ", 20))
    assert "".join("".join(lines).split()) == "".join(f"- {text}".split())
    letters = [line for line in lines if not set(line) & set("（）“”，。")]
    assert all(width(line) <= 20 or "a" in line or "b" in line for line in letters)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_line_is_wider_than_eighty_columns(lang: str) -> None:
    """It fits an old terminal."""
    one = land(
        parties={Role.RESPONSIBLE: ["五花办", "城乡建设投资发展有限责任公司"]},
        closed=span("2009-12-11 00:00", "2009-12-20 23:59"),
    )
    made = told(
        evolve(one, facts=facts(justifications=[excuse("五花办", "accepted")])),
        lang=lang,
    )
    assert max(map(width, made.lines)) <= 82
