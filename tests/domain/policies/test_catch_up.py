"""Rungs that ripen together, and what a pass makes up for."""

from __future__ import annotations

from attrs import evolve

from duban_flow.domain.instants import TICK
from duban_flow.domain.policies.decide import decide
from duban_flow.domain.policies.model import (
    Kind,
)
from duban_flow.domain.policies.next import next_at
from duban_flow.domain.policies.vocabulary import STANDARD
from tests.domain.policies.cases import (
    case,
    item,
    policy,
    rung,
    sits,
    span,
)
from tests.domain.policies.judged import TASK, after, one, said, verdicts


def test_of_the_rungs_ripe_in_one_pass_the_highest_acts() -> None:
    """Nine days down over three rungs: one acts, the others are done."""
    ladder = policy(
        rung("remind", "due - 3 workdays", "remind"),
        rung("urge", "due", "urge"),
        rung("again", "due + 3 days", "urge"),
    )
    judged = case("2009-12-09", item(due="2009-11-30"))
    made = decide(judged, ladder)
    assert verdicts(made) == {
        "remind": "done: overtaken",
        "urge": "done: overtaken",
        "again": "fires",
    }
    assert verdicts(decide(after(judged, made), ladder)) == {
        "remind": "done: overtaken",
        "urge": "done: overtaken",
        "again": "done: fired",
    }


def test_a_lower_measure_is_remembered_as_overtaken() -> None:
    """Without that memory the next sitting would issue it after all."""
    lower = evolve(TASK, key="prompt", action="prompt")
    both = policy(lower, TASK)
    judged = case("2009-12-25 09:00", item(due="2009-11-30"))
    made = decide(judged, both, sitting=sits())
    assert verdicts(made) == {"prompt": "done: overtaken", "task": "fires"}
    spring = sits("2010-03-25 09:00")
    later = evolve(after(judged, made), at=spring.opened_at)
    assert verdicts(decide(later, both, sitting=spring)) == {
        "prompt": "done: overtaken",
        "task": "done: fired",
    }


def test_kinds_compete_only_within_a_ladder() -> None:
    """A measure of another ladder is no answer to this one."""
    point = Kind(key="point", name="扣分", level=9, ladder="points")
    other = evolve(TASK, key="other", action="point")
    made = decide(
        case("2009-12-25 09:00", item(due="2009-11-30")),
        policy(
            TASK,
            other,
            kinds=(*policy().kinds.values(), point),
        ),
        sitting=sits(),
    )
    assert verdicts(made) == {"task": "fires", "other": "fires"}


def test_of_equal_kinds_the_latest_instant_acts() -> None:
    """Alternatives of one kind give one act."""
    later = rung("later", "sitting after due + 5 days", "warn", on=["responsible"])
    judged = case("2009-12-25 09:00", item(due="2009-11-30"))
    made = decide(judged, policy(TASK, later), sitting=sits())
    assert verdicts(made) == {"task": "done: overtaken", "later": "fires"}
    same = evolve(TASK, key="same")
    assert verdicts(decide(judged, policy(TASK, same), sitting=sits())) == {
        "task": "fires",
        "same": "done: overtaken",
    }


def test_a_measure_overtakes_what_it_would_tell_the_same_party() -> None:
    """Who is warned need not be urged in the same breath."""
    urge = rung("urge", "due", "urge", on=["responsible"])
    judged = case("2009-12-25 09:00", item(due="2009-11-30"))
    made = decide(judged, policy(urge, TASK), sitting=sits())
    assert verdicts(made) == {"urge": "done: overtaken", "task": "fires"}


def test_what_is_said_to_others_at_the_same_instant_is_said() -> None:
    """Two rungs of one rank and instant tell different people."""
    judged = case("2009-12-01", item(due="2009-11-30"))
    made = decide(
        judged,
        policy(
            rung("unit", "due", notify=["responsible"]),
            rung("lead", "due", notify=["lead"]),
        ),
    )
    assert verdicts(made) == {"unit": "fires", "lead": "fires"}


def test_an_unsure_lower_measure_is_idle_beside_a_higher_one() -> None:
    """A person need not decide what a firing measure covers; a higher doubt stays."""
    vague = item(due="2009-10-20", closed=span("2009-12-11 00:00", "2009-12-31 23:59"))
    doubt = rung("doubt", "due", "prompt", on=["responsible"], when=["open"])
    sure = rung("sure", "due", "warn", on=["responsible"], when=["late"])
    judged = case("2009-12-15", vague)
    assert verdicts(decide(judged, policy(doubt, sure))) == {
        "doubt": "done: overtaken",
        "sure": "fires",
    }
    higher = (evolve(doubt, action="warn"), evolve(sure, action="prompt"))
    assert verdicts(decide(judged, policy(*higher))) == {
        "doubt": "unsure",
        "sure": "fires",
    }


def test_a_stale_reminder_is_not_sent() -> None:
    """A reminder before due says nothing once due has passed."""
    made = rung("r", "due - 3 workdays", "remind", catch_up="skip_if_stale")
    matter = item(due="2009-11-30")
    assert said(one(made, case("2009-11-30", matter))) == ("fires", "")
    assert said(one(made, case("2009-12-01", matter))) == ("done", "stale")
    after_due = rung("r", "due + 1 day", "remind", catch_up="skip_if_stale")
    assert said(one(after_due, case("2009-12-05", matter))) == ("fires", "")
    monthly = rung("r", "month end + 31 days", catch_up="skip_if_stale")
    assert said(one(monthly, case("2009-12-01 12:00", matter))) == ("done", "stale")


def test_each_acts_in_order_once_a_pass() -> None:
    """Three missed months are made up one by one, the oldest first."""
    made = policy(rung("r", "month end", catch_up="each"))
    judged = case("2009-09-10", item())
    cycles = []
    for _ in range(4):
        decisions = decide(judged, made)
        cycles.append((decisions[0].cycle, decisions[0].verdict.value))
        judged = after(judged, decisions)
    assert cycles == [
        ("month:2009-06", "fires"),
        ("month:2009-07", "fires"),
        ("month:2009-08", "fires"),
        ("month:2009-08", "done"),
    ]


def test_several_rungs_that_want_each_take_turns() -> None:
    """The first to ripen acts, the next waits for the next pass."""
    made = policy(
        rung("second", "due + 1 day", catch_up="each"),
        rung("first", "due", catch_up="each"),
    )
    judged = case("2009-12-09", item(due="2009-11-30"))
    decisions = decide(judged, made)
    assert verdicts(decisions) == {"second": "waits: in turn", "first": "fires"}
    assert next_at(judged, made, STANDARD, decisions) == judged.at + TICK
    assert verdicts(decide(after(judged, decisions), made))["second"] == "fires"
