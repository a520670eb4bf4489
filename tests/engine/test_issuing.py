"""What issuing says to whom, and on items of any workflow."""

from __future__ import annotations

import pytest
from attrs import evolve, frozen

from duban_flow import Action, NotFound, Refused, Role, State, Supervision, Workflow
from duban_flow.domain.policies.grammar import parse_recipient
from duban_flow.domain.units import Post
from duban_flow.engine.issuing import recipients
from duban_flow.engine.settings import Settings
from duban_flow.formats.policy_toml import load_policy
from duban_flow.testing import Recording
from tests.engine.house import DCS, PANEL, UNITS, ZJJ, House, at, matter
from tests.engine.telling import item_of

TALK = load_policy(
    """
name = "talks"
version = "1"
[kinds.call]
name = "约谈"
rectify = "10 days"
[[rung]]
key = "called in"
at = "due"
action = "call"
on = ["responsible"]
notify = ["responsible/局长", "问责领导小组/组长", "supervising"]
when = ["open"]
reason = "逾期未办结"
[[rung]]
key = "urge"
at = "due"
action = "urge"
when = ["open"]
"""
)
"""Calls a unit in at due, tells several, and urges nobody by name."""


@frozen
class Done:
    """Nothing more to say."""


class Ticket(Workflow):
    """A workflow of a host's own, which knows nothing of sanctions."""

    name, version = "ticket", "1"
    waiting, closed = State(first=True), State(end=True)
    finish = Action(waiting.to(closed), Done, roles=[Role.SUPERVISING])


@pytest.fixture
def house(storage):
    """Give a house that calls units in."""
    channels = [Recording("paper")]
    return House.open(storage, policies=[TALK], channels=channels, workflows=[Ticket])


def told(house: House) -> set[tuple[str, str, str]]:
    """Give whom what was said to: unit, post, template."""
    with house.storage.begin("default") as work:
        return {(n.unit, n.post, n.template) for n in work.notices()}


def test_a_rung_tells_roles_posts_and_units_by_name(house):
    """Each is told once; a reminder that names nobody goes to the main unit."""
    house.desk().register(Post(unit=ZJJ, name="局长", officer="张三"))
    house.assign(workflow="supervision")
    house.sweep("06-08 09:00")
    assert told(house) == {
        (ZJJ, "", "sanction"),
        (ZJJ, "局长", "sanction"),
        (PANEL, "组长", "sanction"),
        ("dcs", "", "sanction"),
        (ZJJ, "", "urge"),
    }


def test_a_unit_is_not_told_again_for_a_post_that_nobody_holds(house):
    """The act goes to the unit; 局长 is nobody, and 组长 falls back to its body."""
    house.assign(workflow="supervision")
    house.sweep("06-08 09:00")
    whom = {(unit, post) for unit, post, word in told(house) if word == "sanction"}
    assert whom == {(ZJJ, ""), (PANEL, "组长"), ("dcs", "")}


def test_two_empty_posts_of_a_unit_are_one_recipient():
    """Both would fall back to the unit; it hears once. A held post is told besides."""
    wanted = ["responsible/局长", "responsible/副局长", "responsible/科长"]
    rung = evolve(TALK.rung[0], notify=tuple(map(parse_recipient, wanted)))
    held = Post(unit=ZJJ, name="科长", officer="李四")
    found = recipients(
        UNITS.with_posts([held]), rung, item_of(), at("06-01 09:00").date()
    )
    assert found == [(ZJJ, "局长"), (ZJJ, "科长")]


def test_an_act_orders_a_date_by_the_policys_distance(house):
    """Ten days from its issue, by the item's calendar."""
    house.assign(workflow="supervision")
    house.sweep("06-08 09:00")
    [one] = house.desk().sanctions.find()
    assert one.rectify_by is not None
    assert one.rectify_by.date() == at("06-18 09:00").date()


def test_an_item_of_any_workflow_bears_a_sanction_and_its_end(house):
    """Its own states stay as they are, whatever is issued and revoked."""
    house.desk().assign(matter(workflow="ticket"))
    house.sweep("06-08 09:00")
    [one] = house.desk().sanctions.find()
    item = house.desk().get("A-1")
    assert (item.state, [act.sanction for act in item.acts]) == ("waiting", [one.id])
    house.desk(PANEL, "06-09 09:00").sanctions.revoke(one, reason="事实有误")
    item = house.desk().get("A-1")
    assert (item.state, item.acts) == ("waiting", ())
    done = house.desk("dcs", "06-09 10:00").act("A-1", Ticket.finish())
    assert done.state == "closed"


def test_settings_name_the_nearest_of_what_is_not_there(house):
    """A name that nearly fits is told; an office without any says so."""
    settings: Settings = house.office.settings
    with pytest.raises(NotFound, match="ticket"):
        settings.workflow("tickets")
    with pytest.raises(NotFound):
        settings.calendar("火星")


def test_what_a_sanction_does_nobody_does_by_hand(house):
    """No right is asked for: whoever acts, it happens only when one is issued."""
    house.assign(workflow="supervision")
    prompt = Supervision.prompt(sanction="s-1", kind="prompt", unit=ZJJ)
    for who in (DCS, ZJJ, PANEL):
        with pytest.raises(Refused) as refused:
            house.desk(who).act("A-1", prompt)
        assert [reason.code for reason in refused.value.reasons] == ["workflow.issued"]
    assert house.actions() == ["assign"]
