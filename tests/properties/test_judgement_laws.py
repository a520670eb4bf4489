"""Laws of judgement, over random worlds of a district.

Judging twice is judging once; order and batches do not show; what has fired stays
fired; every flagged matter is cited, doubtful or spared with a reason, never two of
them and never none.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from duban_flow.domain.case import Case, Facts
from duban_flow.domain.instants import TICK, Span, When
from duban_flow.domain.items import Closing, Submission
from duban_flow.domain.policies.decide import decide, flags
from duban_flow.domain.policies.explain import explain
from duban_flow.domain.policies.judge import judge, proposed_now
from duban_flow.domain.policies.memory import marks
from duban_flow.domain.policies.model import (
    Decision,
    Judgement,
    Kind,
    Policy,
    Verdict,
)
from duban_flow.domain.policies.next import next_at
from duban_flow.domain.policies.panel import account, propose
from duban_flow.domain.policies.vocabulary import STANDARD
from duban_flow.domain.quantities import Measure, Reading
from duban_flow.domain.time.term import Term
from duban_flow.domain.units import Role
from tests.domain.policies.cases import (
    CHINA,
    PROMPT,
    WARN,
    act,
    at,
    case,
    excuse,
    found,
    item,
    policy,
    ranked,
    rung,
    scored,
    sits,
    span,
)

CATEGORIES = ("petition", "approval", "housing", "evaluation", "conduct", "parks")
UNITS = ("甲局", "乙街办", "丙公司")
FLAGS = ["late", "short", "at_risk", "poor", "faulted"]
LETTER = Kind(key="letter", name="专函", ladder="letters")

DISTRICT = policy(
    rung(
        "remind", "due - 3 workdays", "remind", when=["open"], catch_up="skip_if_stale"
    ),
    rung("urge", "due", when=["open", "not held"], every="5 workdays"),
    rung("month", "month end", when=["open"], catch_up="each"),
    rung("letter", "due + 10 days", "letter", on=["responsible"], when=["late"]),
    rung(
        "petition",
        "sitting after due",
        "prompt",
        on=["responsible"],
        per="unit",
        where=["category is petition"],
        when=["open", "not held", "not excused"],
        reason="信访问题超时未办结",
    ),
    rung(
        "again",
        "sitting after prompt + 15 workdays",
        "warn",
        on=["responsible"],
        where=["category is petition"],
        when=["open", "not held"],
    ),
    rung(
        "service",
        "sitting after due",
        "warn",
        on=["responsible"],
        per="unit",
        at_least=2,
        where=["category is approval"],
        when=["late", "not excused"],
        reason="[因“{excuse}”]未按时办结",
    ),
    rung(
        "slow",
        "sitting after due",
        "prompt",
        on=["responsible", "lead"],
        where=["category is housing"],
        when=["open", "not excused"],
    ),
    rung(
        "task",
        "sitting after due",
        "warn",
        on=["responsible", "lead"],
        where=["category is housing"],
        when=["open", "not held", "not excused", "not met"],
        reason="未按时完成{title}",
    ),
    rung(
        "rank",
        "sitting after round",
        "warn",
        on=["lead"],
        where=["category is evaluation", "ranked"],
        when=["rank > 50% for 2 rounds"],
    ),
    rung(
        "mean",
        "sitting after round",
        "warn",
        on=["responsible"],
        where=["category is evaluation", "averaged"],
        when=["gap > 0 for 2 rounds"],
    ),
    rung(
        "conduct",
        "sitting after finding",
        "prompt",
        on=["responsible"],
        where=["category is conduct"],
    ),
    kinds=(PROMPT, WARN, LETTER),
    account_for=FLAGS,
)

days = st.integers(0, 120).map(lambda n: at("2009-09-01") + timedelta(days=n))


@st.composite
def whens(draw: st.DrawFn) -> When:
    """Draw an instant, or a range of some days."""
    moment = draw(days)
    if draw(st.booleans()):
        return moment
    return Span(moment, moment + timedelta(days=draw(st.integers(1, 20))))


@st.composite
def known(draw: st.DrawFn, title: str) -> Facts:
    """Draw facts of every sort."""
    rounds = draw(
        st.sampled_from(
            [
                (),
                (
                    ranked(3, "2009-10-20", 5, 6, title),
                    ranked(4, "2009-11-20", 4, 6, title),
                ),
                (ranked(3, "2009-10-20", 2, 6, title),),
                (
                    scored(3, "2009-10-20", "28", "40.5~41.5", title),
                    scored(4, "2009-11-20", "41", "40.5~41.5", title),
                ),
            ]
        )
    )
    readings = [
        Reading(name="量", actual=actual, measure_unit="个", as_of=at("2009-11-15"))
        for actual in draw(st.lists(st.integers(0, 12), max_size=1))
    ]
    given_ = st.tuples(
        st.sampled_from([*UNITS, None]),
        st.sampled_from(["given", "accepted", "refused"]),
    )
    excuses = [
        excuse(unit, status) for unit, status in draw(st.lists(given_, max_size=2))
    ]
    findings = [
        found(seq, "2009-11-02", unit)
        for seq, unit in enumerate(
            draw(st.lists(st.sampled_from([*UNITS, None]), max_size=2))
        )
    ]
    return Facts(
        rounds=rounds,
        readings=tuple(readings),
        justifications=tuple(excuses),
        findings=tuple(findings),
    )


@st.composite
def cases(draw: st.DrawFn, code: str = "A-1") -> Case:
    """Draw a case as it could stand at the end of 2009."""
    title = f"事项{code}"
    named = st.lists(st.sampled_from(UNITS), max_size=2, unique=True)
    one = item(
        code,
        title=title,
        category=draw(st.sampled_from(CATEGORIES)),
        parties={Role.RESPONSIBLE: draw(named), Role.LEAD: draw(named)},
        held=draw(st.booleans()),
        at_risk=draw(st.booleans()),
        armed_from=draw(st.sampled_from([None, at("2009-10-01")])),
        measures=draw(
            st.sampled_from([(), (Measure("量", "个", target=10, decisive=True),)])
        ),
    )
    if draw(st.booleans()):
        ends = Term.until(draw(whens())).deadline(at("2009-06-01"), CHINA)
        one = evolve(one, due=ends)
    if draw(st.integers(0, 3)) == 0:
        ended = draw(st.sampled_from(["close", "withdraw"]))
        closing = Closing.of(ended, draw(whens()), one.due)
        one = evolve(one, closing=closing, state="closed")
    elif draw(st.booleans()):
        one = evolve(
            one,
            submitted=draw(
                st.sampled_from([None, Submission(unit="甲局", at=at("2009-12-01"))])
            ),
            state=draw(st.sampled_from(["overdue", "suspended", "in_progress"])),
        )
    acts = draw(
        st.sampled_from(
            [(), (act(one, unit="甲局"),), (act(one, "warn", unit="乙街办"),)]
        )
    )
    return evolve(
        case("2009-12-25 09:00", one), facts=draw(known(title)), acts=acts, history=acts
    )


def worlds(size: int = 8) -> st.SearchStrategy[list[Case]]:
    """Draw several cases with codes of their own."""
    return st.integers(1, size).flatmap(
        lambda n: st.tuples(*(cases(f"A-{i}") for i in range(n))).map(list)
    )


def rows_of(world: Sequence[Case], by: Policy = DISTRICT) -> list[Judgement]:
    """Judge a world at the sitting of 25 December."""
    return [row for one in world for row in judge(one, by, STANDARD, sits())[0]]


def passed(one: Case, made: Sequence[Decision], *kept: str) -> Case:
    """Give the case as a pass leaves it."""
    fired = (*one.item.fired, *marks(made), *kept)
    return evolve(one, item=evolve(one.item, fired=fired))


@given(worlds())
@settings(max_examples=400)
def test_every_flagged_matter_is_accounted_for_exactly_once(world: list[Case]) -> None:
    """Cited, in doubt, or spared with a reason; one record an item and party."""
    rows = rows_of(world)
    proposals = propose(rows, DISTRICT)
    spared, unsure = account(rows, proposals, DISTRICT)
    cited = {c.item for p in proposals for c in p.citations}
    doubtful = {u.item for u in unsure}
    parted = [(i, n.unit) for n in spared for i in n.items]
    assert len(parted) == len(set(parted))
    left = {i for i, _ in parted}
    assert not left & (cited | doubtful)
    gone = {
        one.item.id for one in world if not judge(one, DISTRICT, STANDARD, sits())[0]
    }
    for one in world:
        if flags(one, DISTRICT) and one.item.id not in gone:
            assert one.item.id in cited | doubtful | left
    assert all(n.reason and n.items for n in spared)
    assert all(p.unit and p.citations for p in proposals)


@given(worlds(), st.randoms(use_true_random=False), st.integers(1, 5))
def test_order_and_batches_do_not_show(
    world: list[Case], chance: object, size: int
) -> None:
    """Any permutation, in any parts, some of them written twice, gives the same."""
    rows = rows_of(world)
    shuffled = list(rows)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis gives a Random
    batches = [shuffled[i : i + size] for i in range(0, len(shuffled), size)]
    again = [row for batch in reversed(batches) for row in batch] + shuffled[:size]
    proposals = propose(rows, DISTRICT)
    assert propose(again, DISTRICT) == proposals
    assert account(again, proposals, DISTRICT) == account(rows, proposals, DISTRICT)


@given(cases(), st.booleans())
def test_judging_twice_is_judging_once(one: Case, at_sitting: bool) -> None:
    """After a pass nothing fires at the same instant but what takes its turn."""
    day = sits() if at_sitting else None
    made = decide(one, DISTRICT, sitting=day)
    kept = judge(one, DISTRICT, STANDARD, day, made)[1] if day else ()
    later = passed(one, made, *kept)
    again = decide(later, DISTRICT, sitting=day)
    assert {d.rung.catch_up for d in again if d.verdict is Verdict.FIRES} <= {"each"}
    if day:
        assert judge(later, DISTRICT, STANDARD, day) == ((), ())
    instant = next_at(later, DISTRICT)
    assert instant is None or instant > one.at


@given(cases(), st.lists(st.integers(0, 60), min_size=1, max_size=4))
def test_a_later_now_never_lowers_what_has_fired(one: Case, steps: list[int]) -> None:
    """Time goes on, marks stay, and what is done stays done."""
    for step in steps:
        made = decide(one, DISTRICT)
        before = {d.mark for d in made if d.note in ("fired", "overtaken")}
        one = evolve(passed(one, made), at=one.at + timedelta(days=step))
        after = decide(one, DISTRICT)
        fired = set(one.item.fired)
        assert {mark.rstrip("~") for mark in fired} >= before
        again = [d.mark for d in after if d.verdict is Verdict.FIRES]
        assert not fired & set(again)


@given(cases(), st.sampled_from(["zh", "en"]))
def test_everything_can_be_explained_and_kept(one: Case, lang: str) -> None:
    """Any case has a text in both languages, and its grounds are plain data."""
    made = explain(one, DISTRICT, decide(one, DISTRICT, sitting=sits()), lang)
    assert made.lines
    assert type(made).from_dict(made.to_dict()) == made
    for row in proposed_now(one, decide(one, DISTRICT)):
        assert row.unit is not None


@given(cases(), st.integers(1, 200))
def test_no_decision_changes_of_itself_before_the_next_instant(
    one: Case, share: int
) -> None:
    """Between now and `next_at` nothing fires, fails or comes into doubt anew."""
    one = passed(one, decide(one, DISTRICT))
    while any(d.verdict is Verdict.FIRES for d in decide(one, DISTRICT)):
        one = passed(one, decide(one, DISTRICT))
    instant = next_at(one, DISTRICT)
    if one.item.open_at(one.at) is False or one.item.state == "closed":
        return
    limit = one.at + timedelta(days=120) if instant is None else instant
    between = one.at + (limit - TICK - one.at) * share / 200
    then = decide(evolve(one, at=between), DISTRICT)
    now = decide(one, DISTRICT)
    assert list(map(_judged, then)) == list(map(_judged, now))


def _judged(one: Decision) -> tuple[str, str, Verdict]:
    return one.rung.key, one.slot, one.verdict


@pytest.mark.parametrize("day", ["2009-12-25", "2009-12-28", "2009-12-30"])
def test_the_day_of_the_panel_does_not_change_who_is_named(day: str) -> None:
    """The same facts come to the same measures on any day before they change."""
    world = [
        case("2009-12-25", item("P", category="petition", due="2009-11-10")),
        case("2009-12-25", item("H", category="housing", due="2009-11-30")),
        case(
            "2009-12-25",
            item(
                "K",
                category="housing",
                due="2009-10-20",
                closed=span("2009-12-11 00:00", "2009-12-20 23:59"),
            ),
        ),
    ]
    sitting = sits(f"{day} 09:00")
    rows = [
        row
        for one in world
        for row in judge(
            evolve(one, at=sitting.judged_at), DISTRICT, STANDARD, sitting
        )[0]
    ]
    made = [
        (p.kind, p.unit, [c.code for c in p.citations]) for p in propose(rows, DISTRICT)
    ]
    assert made == [("prompt", "五花办", ["P"]), ("warn", "五花办", ["H"])]
