"""Judgement: scope, parties, verdicts, and policies written in Python."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from attrs import evolve, frozen

from duban_flow.domain.case import Facts
from duban_flow.domain.instants import TICK, latest
from duban_flow.domain.items import Item, Party
from duban_flow.domain.policies.decide import decide, flags, parties_of
from duban_flow.domain.policies.model import (
    Policy,
    Rung,
    SittingDay,
    Verdict,
)
from duban_flow.domain.policies.next import next_at
from duban_flow.domain.units import Role
from tests.domain.policies.cases import (
    at,
    case,
    excuse,
    facts,
    found,
    item,
    policy,
    rung,
    sits,
    span,
    told,
)
from tests.domain.policies.judged import TASK, one, said, verdicts


def test_a_rung_that_is_about_something_else_is_silent() -> None:
    """An unmet `where` gives no Decision, an unmet `when` a recorded reason."""
    judged = case("2009-12-01 09:00", item(due="2009-11-30", category="land"))
    about = rung("r", "due", where=["category is petition"])
    asks = rung("r", "due", when=["category is petition"])
    assert decide(judged, policy(about)) == ()
    failed = one(asks, judged)
    assert failed.verdict is Verdict.FAILS
    assert [(g.condition, g.holds, g.scope) for g in failed.grounds] == [
        ("category is petition", False, "when")
    ]


def test_an_unknown_scope_is_unsure_and_not_silent() -> None:
    """What a `where` cannot tell goes to a person once the rung is ripe."""
    closed = item(due="2009-11-30", closed=span("2009-12-11 00:00", "2009-12-20 23:00"))
    made = rung("r", "due", "warn", on=["responsible"], where=["open"])
    assert one(made, case("2009-12-15 09:00", closed)).verdict is Verdict.UNSURE
    asks = rung("r", "due", "warn", on=["responsible"], where=["open"], when=["held"])
    assert one(asks, case("2009-12-15 09:00", closed)).verdict is Verdict.FAILS


def test_a_rung_waits_until_its_instant_and_fires_after_it() -> None:
    """At the due instant nothing has passed; a tick later the rung fires."""
    made = rung("r", "due")
    waiting = one(made, case("2009-11-30 17:30", item(due="2009-11-30")))
    assert said(waiting) == ("waits", "ahead")
    assert waiting.until == at("2009-11-30") + TICK
    judged = evolve(case("2009-11-30", item(due="2009-11-30")), at=waiting.until)
    assert one(made, judged).verdict is Verdict.FIRES


def test_every_party_in_the_role_is_judged_for_itself() -> None:
    """An excuse accepted for one unit shields that unit alone."""
    two = item(due="2009-11-30", parties={Role.RESPONSIBLE: ["城投公司", "五花办"]})
    judged = case(
        "2009-12-25 09:00",
        two,
        facts=facts(justifications=[excuse("五花办", "accepted")]),
    )
    made = decide(judged, policy(TASK), sitting=sits())
    assert {d.unit: d.verdict.value for d in made} == {
        "五花办": "fails",
        "城投公司": "fires",
    }
    assert {d.slot for d in made} == {"responsible#1", "responsible#2"}


def test_a_party_keeps_its_number_when_others_leave() -> None:
    """What the memory says of the second party is never said of another."""
    both = item(parties={Role.RESPONSIBLE: ["甲", "乙"]})
    numbers = {p.unit or "": p.slot for p in parties_of(case("2009-07-01", both), TASK)}
    gone = next(unit for unit, slot in numbers.items() if slot.endswith("#1"))
    stays = next(unit for unit in numbers if unit != gone)
    later = evolve(
        both,
        parties={Role.RESPONSIBLE: [Party(stays), Party("丙", since=at("2009-08-01"))]},
        past_parties=((Role.RESPONSIBLE, Party(gone, until=at("2009-08-01"))),),
    )
    again = {p.unit: p.slot for p in parties_of(case("2009-09-01", later), TASK)}
    assert again == {stays: "responsible#2", "丙": "responsible#3"}


def test_a_role_that_nobody_fills_gives_one_decision_without_a_unit() -> None:
    """A measure is on a unit: without one it fails, and says so."""
    nobody = item(due="2009-11-30", parties={})
    made = one(TASK, case("2009-12-25 09:00", nobody), sitting=sits())
    assert (made.slot, made.unit, made.verdict) == (
        "responsible#0",
        None,
        Verdict.FAILS,
    )
    assert made.grounds[-1].scope == "on"
    bare = rung("r", "due", "warn")
    assert one(bare, case("2009-12-25", nobody)).verdict is Verdict.FAILS


def test_without_roles_a_rung_is_about_the_item() -> None:
    """A reminder without `on` gives one Decision, slot "-"."""
    made = one(rung("r", "due"), case("2009-12-01", item(due="2009-11-30")))
    assert (made.slot, made.unit, made.mark) == ("-", None, "r@-:due:1")


def test_a_hole_left_on_purpose_never_fires() -> None:
    """An `action = "none"` says that nothing follows, and nothing does."""
    made = rung("r", "due", "none", when=["open"])
    judged = case("2009-12-01", item(due="2009-11-30"))
    assert said(one(made, judged)) == ("done", "none")
    closed = case("2009-12-01", item(due="2009-11-30", closed="2009-11-20"))
    assert said(one(made, closed)) == ("done", "ended")


@frozen
class Chosen:
    """A policy in Python: important matters are urged, others are not."""

    name: str = "chosen"
    version: str = "1"

    def rungs(self, item: Item, facts: Facts) -> Sequence[Rung]:
        """Choose by the item."""
        return [rung("r", "due")] if item.priority == "important" else []


def test_a_policy_in_python_is_dated_armed_and_remembered_like_any_other() -> None:
    """It need offer a name, a version and its rungs, no more."""
    plain, dear = item(due="2009-11-30"), item(due="2009-11-30", priority="important")
    assert decide(case("2009-12-01", plain), Chosen()) == ()
    assert verdicts(decide(case("2009-12-01", dear), Chosen())) == {"r": "fires"}
    assert next_at(case("2009-11-01", dear), Chosen()) == at("2009-11-30") + TICK
    assert flags(case("2009-12-01", dear), Chosen()) == ()


def test_findings_are_judged_one_sitting_each_or_together() -> None:
    """A unit's findings before one sitting come to one act, on the last of them."""
    made = rung("f", "sitting after finding", "prompt", on=["responsible"])
    judged = case(
        "2009-12-25 09:00",
        item(),
        facts=facts(findings=[found(3, "2009-11-02"), found(5, "2009-12-02")]),
    )
    decision = one(made, judged, sitting=sits())
    assert (decision.cycle, decision.verdict) == ("finding:5", Verdict.FIRES)


def test_a_reason_is_rendered_for_the_party() -> None:
    """A part in brackets drops out where its field is empty."""
    service = evolve(TASK, reason="[因“{excuse}”]未按时办结{title}{nothing}")
    judged = case("2009-12-25 09:00", item(due="2009-10-20", title="某证"))
    refused = evolve(judged, facts=facts(justifications=[excuse("五花办", "refused")]))
    assert one(service, judged, sitting=sits()).reason == "未按时办结某证"
    assert one(service, refused, sitting=sits()).reason == "因“网络维护”未按时办结某证"
    everything = evolve(TASK, reason="{code}/{category}/{unit}/{role}/{due}/{finding}")
    told_all = one(
        everything, evolve(judged, names={"五花办": "五花街办"}), sitting=sits()
    )
    assert told_all.reason == "A-1//五花街办/责任单位/2009年10月20日/"
    bare = rung("n", "assigned", reason="{due}{role}|{finding}")
    seen = case("2009-12-25", item(), facts=facts(findings=[found(3, "2009-11-02")]))
    assert one(bare, seen).reason == "|脱岗"


def test_helpers_name_instants() -> None:
    """A sitting and its instant are values like any other."""
    day: SittingDay = sits()
    moment: datetime = latest(day.opened_at)
    assert isinstance(policy(), Policy)
    assert told(moment) == "2009-12-25 09:00"
