"""Published schemes of colours and cards, played as their policy files stand.

Each is played day by day on one item; what needs no approval is issued at once.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from duban_flow.domain.case import Case
from duban_flow.domain.instants import TICK, latest
from duban_flow.domain.policies.decide import decide
from duban_flow.domain.policies.judge import proposed_now
from duban_flow.domain.policies.memory import marks
from duban_flow.domain.policies.model import Policy, Verdict
from duban_flow.domain.policies.next import next_at
from duban_flow.domain.policies.panel import Proposal, propose
from duban_flow.domain.quantities import Measure, Reading
from duban_flow.domain.sanctions import Sanction, Stage
from duban_flow.domain.time.offset import shift
from duban_flow.domain.units import Role
from duban_flow.formats.policy_toml import load_policy
from tests.domain.policies.cases import CHINA, at, case, excuse, facts, found, item

SCHEMES = Path(__file__).parents[2] / "examples" / "policies"


def issued(proposal: Proposal, policy: Policy, now: datetime, n: int) -> Sanction:
    """Issue a proposal at once."""
    kind = policy.kinds[proposal.kind]
    second = None
    if kind.rectify is not None:
        second = latest(shift(now, kind.rectify.n, kind.rectify.unit, CHINA))
    return Sanction(
        id=f"act-{n}",
        version=1,
        kind=kind.key,
        kind_name=kind.name,
        unit=proposal.unit,
        role=proposal.role,
        citations=proposal.citations,
        policy=policy.id,
        level=kind.level,
        points=kind.points,
        measures=kind.measures,
        stage=Stage.ISSUED,
        proposed_at=now,
        issued_at=now,
        rectify_by=second,
    )


def played(scheme: str, one: Case, until: str) -> list[tuple[str, str]]:
    """Play a scheme from one instant to the next; list what was done, and when."""
    policy = load_policy(SCHEMES / f"{scheme}.toml")
    done: list[tuple[str, str]] = []
    while one.at <= at(until):
        decisions = decide(one, policy)
        day = CHINA.day_of(one.at - TICK).isoformat()
        done += [
            (day, d.rung.action)
            for d in decisions
            if d.verdict is Verdict.FIRES and d.kind is None
        ]
        acts = [
            issued(p, policy, one.at, len(one.acts) + place)
            for place, p in enumerate(propose(proposed_now(one, decisions), policy))
        ]
        done += [(day, act.kind) for act in acts]
        one = evolve(
            one,
            item=evolve(one.item, fired=(*one.item.fired, *marks(decisions))),
            acts=(*one.acts, *acts),
            history=(*one.history, *acts),
        )
        following = next_at(one, policy)
        if following is None:
            break
        one = evolve(one, at=following)
    return done


def measured(start: str, *readings: tuple[str, str], **fields: Any) -> Case:
    """A case that is measured each month against a target of 120."""
    return case(
        start,
        item(measures=(Measure("量", "个", target=120),), **fields),
        facts=facts(
            readings=[
                Reading(name="量", actual=actual, measure_unit="个", as_of=at(on))
                for on, actual in readings
            ]
        ),
    )


def test_zhanjiang_reminds_then_yellow_then_red_past_the_second_date() -> None:
    """Near, over, and past the date that the yellow card set."""
    one = case("2009-11-02", item(due="2009-11-30"))
    assert played("zhanjiang", one, "2009-12-31") == [
        ("2009-11-27", "remind"),
        ("2009-11-30", "yellow"),
        ("2009-12-07", "red"),
    ]


def test_zhanjiang_spares_what_is_excused() -> None:
    """With a reason accepted neither card is drawn."""
    told = facts(justifications=[excuse("五花办", "accepted")])
    one = evolve(case("2009-11-02", item(due="2009-11-30")), facts=told)
    assert played("zhanjiang", one, "2009-12-31") == [("2009-11-27", "remind")]


def test_guangyuan_writes_a_letter_at_the_second_yellow() -> None:
    """Slow in September, past its milestone in October: the second costs a point."""
    one = measured("2009-09-02", ("2009-09-28", "60"), due="2009-10-20")
    assert played("guangyuan", one, "2009-11-15") == [
        ("2009-09-30", "yellow"),
        ("2009-10-20", "yellow"),
        ("2009-10-20", "letter"),
    ]
    assert load_policy(SCHEMES / "guangyuan.toml").kinds["letter"].points == -1


def test_guangyuan_draws_red_where_it_is_past_and_unable() -> None:
    """Judged unable, it is red at once: two points and a talk."""
    one = case("2009-09-02", item(due="2009-10-20", at_risk=True))
    assert played("guangyuan", one, "2009-11-15") == [("2009-10-20", "red")]
    red = load_policy(SCHEMES / "guangyuan.toml").kinds["red"]
    assert (red.points, red.measures) == (-2, ("约谈主要负责同志",))


def test_sanming_goes_up_step_by_step_or_enters_directly() -> None:
    """Blue, orange and red five working days apart; an instruction enters at orange."""
    fault = facts(findings=[found(3, "2009-11-02")])
    slow = evolve(case("2009-11-03", item()), facts=fault)
    assert played("sanming", slow, "2009-12-31") == [
        ("2009-11-03", "blue"),
        ("2009-11-10", "orange"),
        ("2009-11-17", "red"),
    ]
    direct = item(assigned_at=at("2009-11-02 09:00"), priority="特事特办")
    assert played("sanming", case("2009-11-02 09:00", direct), "2009-11-30") == [
        ("2009-11-02", "red")
    ]


@pytest.mark.parametrize(
    ("category", "done"),
    [
        ("project", [("2009-10-31", "yellow")]),
        ("district", [("2009-10-31", "yellow")]),
    ],
)
def test_sanya_draws_yellow_for_a_shortfall(
    category: str, done: list[tuple[str, str]]
) -> None:
    """Half or less of the scheduled amount is missing: yellow."""
    one = measured("2009-10-10", ("2009-10-30", "90"), category=category)
    assert played("sanya", one, "2009-11-10") == done


def test_sanya_draws_red_for_more_than_half_and_for_two_months() -> None:
    """A project far behind is red; a district that misses twice running is red."""
    far = measured("2009-10-10", ("2009-10-30", "40"), category="project")
    assert played("sanya", far, "2009-11-10") == [("2009-10-31", "red")]
    twice = measured(
        "2009-11-10", ("2009-10-30", "90"), ("2009-11-29", "95"), category="district"
    )
    done = played("sanya", twice, "2009-12-10")
    assert ("2009-11-30", "red") in done
    assert ("2009-11-30", "yellow") not in done


@pytest.mark.parametrize(
    ("actual", "done"), [("95", []), ("80", ["yellow"]), ("60", ["red"])]
)
def test_yinchuan_leaves_its_hole(actual: str, done: list[str]) -> None:
    """Ten to thirty points behind yellow, more red, less than ten nothing at all."""
    one = measured("2009-10-10", ("2009-10-30", actual), category="project")
    assert [kind for _, kind in played("yinchuan", one, "2009-11-10")] == done


def test_yinchuan_draws_red_three_months_after_a_start_that_was_missed() -> None:
    """Not started in the planned month yellow, in three months red."""
    one = case("2009-08-01", item(category="start", due="2009-08-31"))
    assert played("yinchuan", one, "2009-12-31") == [
        ("2009-08-31", "yellow"),
        ("2009-11-30", "red"),
    ]


def test_13710_urges_on_days_one_and_three_draws_yellow_on_seven_and_goes_on() -> None:
    """Nothing came in: urged, urged, yellow, and urged each month until the end."""
    one = item(
        assigned_at=at("2009-10-12 09:00"),
        priority="ordinary",
        parties={Role.RESPONSIBLE: "五花办", Role.SUPERVISING: "督查室"},
    )
    assert played("p13710", case("2009-10-12 10:00", one), "2009-12-20") == [
        ("2009-10-13", "urge"),
        ("2009-10-15", "urge"),
        ("2009-10-19", "yellow"),
        ("2009-11-12", "urge"),
        ("2009-12-12", "urge"),
    ]
    told = facts(received=["assignment", "progress", "plan"])
    major = evolve(one, priority="major")
    calm = evolve(case("2009-10-12 10:00", major), facts=told)
    assert played("p13710", calm, "2009-11-20") == [("2009-11-12", "urge")]


def test_the_obvious_design_warns_while_the_matter_is_still_open() -> None:
    """An offset from due reaches on 23 October what was finished in December."""
    one = case("2009-10-12", item(category="housing_handover", due="2009-10-20"))
    done = played("naive", one, "2009-12-25")
    assert done == [("2009-10-23", "warn")]
