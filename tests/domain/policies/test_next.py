"""The next instant at which a decision can change."""

from __future__ import annotations

import pytest
from attrs import evolve

from duban_flow.domain.instants import TICK
from duban_flow.domain.policies.decide import decide
from duban_flow.domain.policies.model import (
    Verdict,
)
from duban_flow.domain.policies.next import next_at
from duban_flow.domain.policies.plain import PLAIN
from duban_flow.domain.policies.vocabulary import STANDARD
from duban_flow.domain.time.term import Term
from tests.domain.policies.cases import (
    at,
    case,
    item,
    policy,
    rung,
    sits,
    told,
)
from tests.domain.policies.judged import TASK, after, one, said, verdicts


def test_the_next_instant_is_the_earliest_of_all_rungs() -> None:
    """A reminder first, then the lapse, then every five working days."""
    judged = case("2009-11-02", item(due="2009-11-30"))
    ahead = []
    for _ in range(4):
        instant = next_at(judged, PLAIN)
        assert instant is not None
        assert instant > judged.at
        ahead.append(told(instant))
        judged = evolve(judged, at=instant)
        judged = after(judged, decide(judged, PLAIN))
    assert ahead == [
        "2009-11-25 17:30",
        "2009-11-30 17:30",
        "2009-12-07 17:30",
        "2009-12-14 17:30",
    ]


def test_plain_urges_every_five_working_days_while_open() -> None:
    """The built-in policy reminds, urges at due, and goes on until the end."""
    assert verdicts(decide(case("2009-11-26", item(due="2009-11-30")), PLAIN)) == {
        "remind": "fires",
        "urge": "waits: ahead",
    }
    judged = case("2009-12-08", item(due="2009-11-30"))
    made = decide(judged, PLAIN)
    assert [(d.cycle, d.verdict.value) for d in made] == [
        ("due:1", "done"),
        ("due:1/2", "fires"),
    ]
    closed = item(due="2009-11-30", closed="2009-12-01")
    assert next_at(case("2009-12-08", closed), PLAIN) is None


def test_nothing_is_ahead_of_an_item_without_dates() -> None:
    """A rung whose anchor never happened is ahead of nothing."""
    made = rung("r", "chase")
    assert said(one(made, case("2009-12-01", item()))) == ("waits", "no anchor")
    assert next_at(case("2009-12-01", item()), policy(made)) is None


def test_time_brings_a_rung_into_scope() -> None:
    """A rung about late items is looked at again when lateness begins."""
    about = rung("r", "month end", where=["late"])
    judged = case("2009-11-02", item(due="2009-11-10"))
    assert decide(judged, policy(about)) == ()
    assert next_at(judged, policy(about)) == at("2009-11-10") + TICK
    by_unit = rung("r", "month end", "warn", on=["responsible"], where=["late"])
    late = case("2009-11-12", item(due="2009-11-10"))
    assert next_at(late, policy(by_unit)) == at("2009-12-01 00:00")


def test_a_count_of_days_past_due_comes_true_by_itself() -> None:
    """Ten days past due are reached on a day, and nothing else wakes the item."""
    fails = rung("r", "due", "warn", on=["responsible"], when=["overrun > 10 days"])
    judged = case("2009-12-05", item(due="2009-11-30"))
    made = policy(fails, sitting=None)
    assert one(fails, judged).verdict is Verdict.FAILS
    ahead: list[Verdict] = []
    while (instant := next_at(judged, made)) is not None and len(ahead) < 5:
        judged = evolve(judged, at=instant)
        ahead.append(decide(judged, made)[0].verdict)
    assert ahead[-1] is Verdict.FIRES
    assert told(judged.at) == "2009-12-11 00:00"


def test_a_count_of_working_days_skips_the_weekend() -> None:
    """Working days past due are reached on working days."""
    fails = rung("r", "due", when=["overrun >= 5 workdays"])
    judged = case("2009-12-01", item(due="2009-11-30"))
    instant = next_at(judged, policy(fails, sitting=None))
    assert instant is not None
    assert told(instant) == "2009-12-07 00:00"
    no_due = case("2009-12-01", item())
    assert next_at(no_due, policy(fails, sitting=None)) is None


@pytest.mark.parametrize("asked", ["shortfall > 0% for 2 months", "overrun > 0 days"])
def test_a_month_turns_what_is_counted_in_months(asked: str) -> None:
    """A condition over months is looked at when a month begins."""
    fails = rung("r", "assigned", when=[asked])
    instant = next_at(case("2009-12-05", item()), policy(fails, sitting=None))
    expected = at("2010-01-01 00:00") if "months" in asked else None
    assert instant == expected


def test_a_flag_over_days_is_counted_too() -> None:
    """What is to be accounted for may be a number of days."""
    flagged = policy(account_for=["overrun > 30 days"])
    judged = case("2009-12-26", item(due="2009-11-30"))
    instant = next_at(judged, flagged)
    assert instant is not None
    assert told(instant) == "2009-12-30 00:00"


def test_after_a_pass_the_next_instant_lies_ahead() -> None:
    """Nothing that has just been judged is found again at the same instant."""
    district = policy(TASK, rung("u", "due"), account_for=["late"])
    judged = case("2009-12-25 09:00", item(due="2009-10-20"))
    made = decide(judged, district, sitting=sits())
    instant = next_at(after(judged, made), district, STANDARD, made)
    assert instant == at("2010-03-25 09:00")


@pytest.mark.parametrize("closed", [None, "2009-11-06"])
def test_what_recurs_is_due_until_it_is_continued(closed: str | None) -> None:
    """Closed or not: from a tick past due on it is ahead at once, until it was done."""
    weekly = item(
        due="2009-11-10", closed=closed, term=Term.every("week", day=2), fired=()
    )
    nothing = policy(sitting=None)
    due = at("2009-11-10")
    assert next_at(case("2009-11-07", weekly), nothing) == due + TICK
    late = case("2009-11-12", weekly)
    assert next_at(late, nothing) == late.at + TICK
    continued = evolve(late, item=evolve(weekly, continued=True))
    assert next_at(continued, nothing) is None
    gone = evolve(late, item=item(due="2009-11-10", closed="2009-11-06"))
    assert next_at(gone, nothing) is None
