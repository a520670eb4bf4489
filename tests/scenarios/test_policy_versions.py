"""A policy is edited while matters are under way, goes over to them, and back."""

from __future__ import annotations

from datetime import date

import pytest

from duban_flow.domain.units import Unit
from duban_flow.errors import Conflict
from duban_flow.formats.policy_toml import load_policy
from tests.engine.house import DCS, ZJJ, House

HEAD = """
name = "district"
version = "{version}"

[[rung]]
key = "due"
at = "due"
action = "urge"
when = ["open"]
"""
OLD = load_policy(HEAD.format(version=1))
NEW = load_policy(
    HEAD.format(version=2)
    + """
[[rung]]
key = "a day over"
at = "due + 1 day"
action = "urge"
when = ["open"]

[[rung]]
key = "ten days over"
at = "due + 10 days"
action = "urge"
when = ["open"]
"""
)
NOW = "06-09 09:00"
"""The Tuesday after a matter of four working days has fallen due."""


@pytest.fixture
def house(storage):
    """Give a house under the first edition: a matter late, one not yet, one closed."""
    house = House.open(storage, policies=[OLD])
    house.assign("A-1")
    house.assign("A-2", days=20)
    house.assign("A-3")
    house.desk(when="06-02 09:00").close("A-3", reason="完工")
    house.sweep("06-08 09:00")
    return house


def rungs(house, code):
    """List the rungs that have fired on a matter, in order."""
    return [event.rung for event in house.desk().history(code) if event.rung]


def gone_over(house, mode, policy=NEW, when=NOW):
    """Plan and apply an edition, and give the plan."""
    desk = house.desk(when=when)
    plan = desk.plan(policy, mode=mode)
    assert plan.problems == ()
    desk.apply(plan)
    return plan


def test_28_what_is_under_way_keeps_its_edition(house):
    """The office is opened without the old edition, and a unit is abolished meanwhile.

    What was given out under it is judged by it; what is new by the new one.
    """
    gone = Unit(ZJJ, "住建局", valid_until=date(2026, 6, 5), successor="czj")
    house.desk(when="06-08 10:00").register(gone)
    later = House.open(house.storage, policies=[NEW])
    later.desk(when="06-08 11:00").register(gone)
    born = later.assign("B-1", when="06-08 12:00", days=1)
    later.sweep("06-20 09:00")
    assert (later.desk().get("A-1").policy, born.policy) == ("district@1", "district@2")
    assert rungs(later, "A-1") == ["due"]
    assert rungs(later, "B-1")[-1] == "ten days over"
    assert "due" in str(later.desk(when="06-20 09:00").explain("A-1", lang="en"))


@pytest.mark.parametrize(
    ("mode", "fires", "after"),
    [
        ("from_now", {"A-1": (), "A-2": ()}, ["due"]),
        ("retroactive", {"A-1": ("a day over",), "A-2": ()}, ["due", "a day over"]),
        ("keep", {}, ["due"]),
    ],
)
def test_28_applying_does_no_more_than_was_planned(house, mode, fires, after):
    """Item by item the plan says what the next sweep does, and it does just that."""
    plan = gone_over(house, mode)
    assert {effect.code: effect.fires for effect in plan.effects} == fires
    before = {code: len(rungs(house, code)) for code in ("A-1", "A-2", "A-3")}

    house.sweep(NOW)

    for code, count in before.items():
        assert rungs(house, code)[count:] == list(fires.get(code, ()))
    assert rungs(house, "A-1") == after
    house.sweep("06-16 09:00")
    ahead = [] if mode == "keep" else ["ten days over"]
    assert rungs(house, "A-1") == [*after, *ahead]
    assert rungs(house, "A-3") == []


def test_28_rolling_back_restores_instants_but_not_history(house):
    """Back under the first edition it is judged when it was; both changes are told."""
    before = {c: house.desk().get(c).next_at for c in ("A-1", "A-2")}
    gone_over(house, "retroactive")
    house.sweep(NOW)

    gone_over(house, "from_now", OLD, when="06-09 10:00")
    house.sweep("06-09 10:30")

    for code, instant in before.items():
        item = house.desk().get(code)
        assert (item.policy, item.next_at) == ("district@1", instant)
    actions = [(e.action, e.rung) for e in house.desk().history("A-1")]
    assert actions == [
        ("assign", None),
        ("lapse", None),
        ("urge", "due"),
        ("migrate", None),
        ("urge", "a day over"),
        ("migrate", None),
    ]
    house.sweep("06-20 09:00")
    assert rungs(house, "A-1") == ["due", "a day over"]


def test_28_a_plan_that_has_gone_stale_is_refused(house):
    """What was reported after the plan was made could change what follows."""
    desk = house.desk(DCS, NOW)
    plan = desk.plan(NEW, mode="retroactive")
    desk.close("A-1", reason="完工")
    with pytest.raises(Conflict, match="plan again"):
        desk.apply(plan)
    assert rungs(house, "A-1") == ["due"]
