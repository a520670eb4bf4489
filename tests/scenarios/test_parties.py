"""Rework and a change of hands: whose time it was, and who is told."""

from __future__ import annotations

from datetime import date, timedelta

from duban_flow.domain.items import Party
from duban_flow.domain.time.term import Term
from duban_flow.domain.units import Post, Role
from duban_flow.formats.policy_toml import load_policy
from duban_flow.testing import Recording
from tests.engine.house import CZJ, DCS, ZJJ, House, at

DUE = at("06-12 17:30")
"""Nine working days from Monday, 1 June."""

HOUR = timedelta(hours=1)


def handled_by(unit, days):
    """Name a unit with a clock of its own, and who supervises."""
    party = Party(unit, term=Term.workdays(days))
    return {Role.RESPONSIBLE: party, Role.SUPERVISING: DCS}


def own_limit(item):
    """Give the instant of the responsible unit's own limit."""
    return item.parties[Role.RESPONSIBLE][0].due.latest


def test_19_returned_twice_for_rework(house):
    """Each round has its own limit and its own time; the item's due does not move.

    The supervisor sees how often it was sent back.
    """
    house.assign(days=9, parties=handled_by(ZJJ, 2))
    limits = [own_limit(house.desk().get("A-1"))]
    for submitted, returned in (
        ("06-02 12:00", "06-03 12:00"),
        ("06-05 12:00", "06-08 12:00"),
    ):
        house.desk(ZJJ, submitted).submit("A-1")
        item = house.desk(when=returned).send_back("A-1", reason="材料不全")
        limits.append(own_limit(item))

    assert limits == [at("06-03 17:30"), at("06-05 17:30"), at("06-10 17:30")]
    read = house.desk(when="06-08 12:00").get("A-1")
    assert (read.due_at, read.due_ordinal, read.returned) == (DUE, 1, 2)
    spent = house.desk(when="06-09 12:00").time_spent("A-1")
    rounds = {
        n: sum(
            (e.worked for e in spent.entries if (e.round, e.party) == (n, ZJJ)),
            0 * HOUR,
        )
        for n in (1, 2, 3)
    }
    # Monday to Tuesday noon, Wednesday to Friday noon, Monday to Tuesday noon.
    assert rounds == {1: 10 * HOUR, 2: 14 * HOUR, 3: 7 * HOUR}
    waited = sum((e.worked for e in spent.entries if e.side == "approver"), 0 * HOUR)
    assert waited == 7 * HOUR + 7 * HOUR
    assert spent.returned == 2


TELLING = load_policy(
    """
name = "telling"
version = "1"
[[rung]]
key = "a day ahead"
at = "due - 1 workday"
action = "remind"
notify = ["responsible/head"]
when = ["open"]
"""
)


def test_20_transfer_mid_term(storage):
    """Who gives it away keeps the time it had; who takes it has a clock of its own.

    The date that is assessed does not move, and the head of the new unit is told, as
    the post stands when the message leaves.
    """
    line = Recording("paper")
    house = House.open(storage, policies=[TELLING], channels=[line])
    house.desk().register(
        Post(unit=ZJJ, name="head", officer="张三"),
        Post(unit=CZJ, name="head", officer="李四"),
    )
    house.assign(days=9, parties=handled_by(ZJJ, 6))

    item = house.desk(when="06-04 12:00").reassign(
        "A-1", CZJ, term=Term.workdays(3), reason="职责划转"
    )

    assert (item.due_at, own_limit(item)) == (DUE, at("06-09 17:30"))
    [(role, gone)] = item.past_parties
    assert (role, gone.unit, gone.until) == (Role.RESPONSIBLE, ZJJ, at("06-04 12:00"))
    spent = house.desk(when="06-05 12:00").time_spent("A-1")
    assert (spent.of(ZJJ), spent.of(CZJ)) == (24 * HOUR, 7 * HOUR)
    assert spent.of(ZJJ) + spent.of(CZJ) == spent.worked
    house.sweep("06-11 17:30")
    house.desk(when="06-11 17:40").register(
        Post(unit=CZJ, name="head", officer="李四", until=date(2026, 6, 10)),
        Post(unit=CZJ, name="head", officer="王五", since=date(2026, 6, 11)),
    )
    house.office.deliver(now=at("06-11 17:45"))
    assert [(m.unit, m.name) for m in line.messages] == [(CZJ, "王五")]


def test_20_a_deactivated_head_falls_back_to_the_deputy(storage):
    """Without an officer the deputy is told, and a person that the post is empty."""
    line = Recording("paper")
    house = House.open(storage, policies=[TELLING], channels=[line])
    house.desk().register(
        Post(unit=ZJJ, name="head", officer="张三", deputies=["赵六"]),
    )
    house.assign(days=9, parties=handled_by(ZJJ, 6))
    house.desk(when="06-09 09:00").register(
        Post(unit=ZJJ, name="head", deputies=["赵六"])
    )
    house.sweep("06-11 17:30")
    result = house.office.deliver(now=at("06-11 17:30"))
    assert [(m.unit, m.name) for m in line.messages] == [(ZJJ, "赵六")]
    assert [alarm.code for alarm in result.alarms] == ["post.deputy"]
