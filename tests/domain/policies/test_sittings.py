"""Sittings: what waits for them, what they judge, and that they judge once."""

from __future__ import annotations

from attrs import evolve

from duban_flow.domain.case import Facts
from duban_flow.domain.policies.decide import decide, flags
from duban_flow.domain.policies.judge import judge, proposed_now
from duban_flow.domain.policies.memory import marks
from duban_flow.domain.policies.model import (
    Verdict,
)
from duban_flow.domain.policies.next import next_at
from duban_flow.domain.policies.vocabulary import STANDARD
from duban_flow.domain.quantities import Measure, Reading
from tests.domain.policies.cases import (
    at,
    case,
    item,
    policy,
    rung,
    sits,
)
from tests.domain.policies.judged import TASK, one, said, verdicts


def test_a_rung_for_a_sitting_ripens_then_waits_for_it() -> None:
    """It is judged on the facts of that day, and again until it fires."""
    matter = item(due="2009-10-20")
    waiting = one(TASK, case("2009-10-24", matter))
    assert said(waiting) == ("waits", "sitting")
    assert waiting.until == sits().opened_at
    closed = item(due="2009-10-20", closed="2009-12-01")
    assert one(TASK, case("2009-12-25 09:00", closed), sitting=sits()).verdict is (
        Verdict.FAILS
    )


def test_a_rung_that_failed_comes_up_at_the_next_sitting() -> None:
    """Held today, released tomorrow: the next sitting judges again."""
    held = item(due="2009-10-20", held=True)
    failed = one(TASK, case("2009-12-25 09:00", held), sitting=sits())
    assert (failed.verdict, failed.until) == (Verdict.FAILS, at("2010-03-25 09:00"))
    spring = sits("2010-03-25 09:00")
    free = case("2010-03-25 09:00", evolve(held, held=False))
    assert one(TASK, free, sitting=spring).verdict is Verdict.FIRES


def test_a_missed_sitting_is_made_up_as_of_the_next_sweep() -> None:
    """Facts are those of the sweep; what ripened since waits for the next sitting."""
    late = sits(judged="2009-12-28 10:00")
    old, new = item(due="2009-10-20"), item(due="2009-12-26 17:30")
    assert one(TASK, case("2009-12-28 10:00", old), sitting=late).verdict is (
        Verdict.FIRES
    )
    waiting = one(TASK, case("2009-12-28 10:00", new), sitting=late)
    assert said(waiting) == ("waits", "ahead")
    assert waiting.until == at("2010-03-25 09:00")


def test_without_a_sitting_in_the_policy_such_a_rung_waits_for_ever() -> None:
    """There is no day to wait for; the linter says so, judgement does not fail."""
    judged = case("2009-12-25", item(due="2009-10-20"))
    made = one(TASK, judged, sitting=None)
    assert made.note == "sitting"
    (never,) = decide(judged, policy(TASK, sitting=None))
    assert (never.note, never.until) == ("sitting", None)


def test_a_sitting_judges_a_case_once() -> None:
    """What is recorded while it is still open waits for the next one."""
    district = policy(TASK, account_for=["late"])
    held = case("2009-12-25 09:00", item(due="2009-10-20", held=True))
    rows, kept = judge(held, district, STANDARD, sits())
    assert [r.verdict for r in rows] == [Verdict.FAILS]
    assert kept == ("sitting:2009-12-25",)
    free = evolve(held, item=evolve(held.item, held=False, fired=kept))
    assert judge(free, district, STANDARD, sits()) == ((), ())
    assert verdicts(decide(free, district, sitting=sits())) == {
        "task": "waits: sitting"
    }


def test_a_sitting_sees_an_item_closed_late_once() -> None:
    """Closed late, it stays due for judgement until one sitting has seen it so."""
    district = policy(TASK, account_for=["late"])
    judged = case("2009-12-20", item(due="2009-10-20", closed="2009-12-01"))
    assert next_at(judged, district) == sits().opened_at
    rows, kept = judge(evolve(judged, at=sits().opened_at), district, STANDARD, sits())
    assert [r.verdict for r in rows] == [Verdict.FAILS]
    assert kept == ("sitting:2009-12-25", "seen:2009-12-01")
    seen = evolve(judged, at=sits().opened_at, item=evolve(judged.item, fired=kept))
    assert next_at(seen, district) is None
    spring = sits("2010-03-25 09:00")
    again = evolve(seen, at=spring.opened_at)
    assert judge(again, district, STANDARD, spring) == ((), ())


def test_closed_after_the_sitting_it_is_seen_by_the_next() -> None:
    """Having been judged while open is not having been seen closed."""
    district = policy(TASK, account_for=["late"])
    opened = case("2009-12-25 09:00", item(due="2009-10-20", held=True))
    _, kept = judge(opened, district, STANDARD, sits())
    closed = item(due="2009-10-20", held=True, closed="2009-12-28", fired=kept)
    assert next_at(case("2009-12-29", closed), district) == at("2010-03-25 09:00")


def test_a_sitting_is_told_of_flagged_items_that_are_not_due_yet() -> None:
    """The goal of 31 December is spoken of on the 25th."""
    goal = item(
        due="2009-12-31",
        measures=(Measure("收入", "亿元", target="21.62"),),
        parties={},
    )
    read = Reading(
        name="收入", actual="19.67", measure_unit="亿元", as_of=at("2009-12-17")
    )
    judged = case("2009-12-20", goal, facts=Facts(readings=(read,)))
    district = policy(TASK, account_for=["short"])
    assert next_at(judged, district) == sits().opened_at
    assert flags(judged, district) == ("short",)
    (row,), kept = judge(
        evolve(judged, at=sits().opened_at), district, STANDARD, sits()
    )
    assert (row.verdict, row.unit, row.flags) == (Verdict.WAITS, None, ("short",))
    assert kept == ("sitting:2009-12-25",)


def test_what_will_be_late_by_the_sitting_is_due_at_it() -> None:
    """An item in order today is claimed for the sitting that will find it late."""
    soon = item(due="2009-12-20", category="other")
    district = policy(rung("r", "chase"), account_for=["late"])
    judged = case("2009-12-21", soon)
    assert next_at(judged, district) == sits().opened_at
    never = policy(rung("r", "chase"))
    assert next_at(judged, never) is None


def test_an_item_with_a_flag_and_no_rung_gets_a_row_that_says_so() -> None:
    """No matter that is late passes in silence."""
    judged = case("2009-12-25 09:00", item(due="2009-10-20"))
    (row,), _ = judge(judged, policy(account_for=["late"]), STANDARD, sits())
    assert (row.rung, row.unit, row.verdict) == ("", "五花办", Verdict.FAILS)
    nobody = case("2009-12-25 09:00", item(due="2009-10-20", parties={}))
    (row,), _ = judge(nobody, policy(account_for=["late"]), STANDARD, sits())
    assert row.unit is None
    calm = case("2009-12-25 09:00", item(due="2009-12-31"))
    assert judge(calm, policy(account_for=["late"]), STANDARD, sits())[0] == ()


def test_a_measure_without_a_sitting_is_proposed_by_its_own_pass() -> None:
    """At a sitting its row says that it was dealt with; it is not proposed twice."""
    yellow = rung("y", "due", "warn", on=["responsible"], when=["open"])
    district = policy(yellow, account_for=["late"])
    judged = case("2009-12-25 09:00", item(due="2009-12-24"))
    made = decide(judged, district, sitting=sits())
    (now,) = proposed_now(judged, made)
    assert (now.rung, now.verdict) == ("y", Verdict.FIRES)
    (row,), kept = judge(judged, district, STANDARD, sits(), made)
    assert (row.rung, row.verdict) == ("y", Verdict.DONE)
    assert kept == ("y@responsible#1:due:1", "sitting:2009-12-25")


def test_a_rung_that_needs_company_is_remembered_by_its_act_alone() -> None:
    """Whether there are enough shows at the closing, so the mark would lie."""
    few = evolve(TASK, per="unit", at_least=3)
    judged = case("2009-12-25 09:00", item(due="2009-10-20"))
    assert marks(decide(judged, policy(few), sitting=sits())) == ()
