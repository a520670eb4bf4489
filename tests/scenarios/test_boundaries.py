"""At the due instant, past it, and before an item's own birth."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from duban_flow.domain.instants import TICK
from duban_flow.domain.policies.lint import lint
from duban_flow.domain.time.term import Term
from duban_flow.formats.policy_toml import load_policy
from duban_flow.testing import Recording
from tests.domain.policies.cases import CHINA
from tests.engine.house import DCS, POLICY, ZJJ, House, at

EARLY = load_policy(
    """
name = "early"
version = "1"
[[rung]]
key = "five days ahead"
at = "due - 5 workdays"
action = "remind"
notify = ["responsible"]
when = ["open"]
"""
)

LATE = """
title = "通报"
[[section]]
title = "逾期"
text = "{late}"
[section.figure.late]
count = ["late"]
unit = "件"
"""

DUE = at("06-05 17:30")
"""Four working days from Monday, 1 June."""


def test_11_rung_before_birth(storage):
    """Five working days before a term of three: the linter names it, nobody is told."""
    line = Recording("paper")
    house = House.open(storage, policies=[EARLY], channels=[line])
    categories = {"short": Term.workdays(3)}
    found = {p.code: p for p in lint(EARLY, categories=categories, calendar=CHINA)}
    assert found["lint.before_birth"].said == "due - 5 workdays"

    house.assign(days=3)
    for when in ("06-01 09:00", "06-02 09:00", "06-04 17:30"):
        house.sweep(when)
        house.office.deliver(now=at(when))

    assert house.actions() == ["assign"]
    assert line.messages == []
    told = str(house.desk(when="06-02 09:00").explain("A-1"))
    assert "时点早于交办，不适用" in told.replace("\n", "")


@pytest.mark.parametrize("past", [0, 1])
def test_12_boundary(house, past):
    """Closed at the due instant: in time. A microsecond later: late, for everybody."""
    when = DUE + past * TICK
    house.assign()
    house.desk(DCS, when).close("A-1", reason="核验")
    assert house.sweep("06-08 09:00").lapsed == 0

    desk = house.desk(when="06-08 09:00")
    closed = desk.get("A-1")
    assert closed.closing.late is bool(past)
    assert closed.closing.late_by == (past * TICK, past * TICK)
    assert desk.summary().on_time == 1 - past
    assert f"{past}件" in house.office.render(desk.circular(LATE))
    # The circular, the list and the item say the same as of each instant.
    assert desk.as_of(when - TICK).get("A-1").overdue(when - TICK) is False


@pytest.mark.parametrize("past", [0, 1])
def test_12_boundary_while_it_is_open(house, past):
    """Open at due it is not overdue, and no sweep finds it so; a tick later both do."""
    now = DUE + past * TICK
    house.assign()
    desk = house.desk(when=now)
    assert desk.get("A-1").overdue(now) is bool(past)
    assert [item.code for item in desk.find(overdue=True)] == ["A-1"] * past
    assert f"{past}件" in house.office.render(desk.circular(LATE))

    result = house.office.sweep(now=now)

    assert (result.lapsed, result.fired) == (past, past)
    state = "overdue" if past else "assigned"
    assert desk.get("A-1").state == state
    assert desk.summary().by_state == {state: 1}


def test_12_almost_all_of_a_term_is_not_all(house):
    """With 99.995 per cent of its time gone it is in time; nothing is rounded."""
    assigned = at("06-01 09:00")
    house.assign()
    nearly = assigned + (DUE - assigned) * 0.99995
    assert DUE - nearly < timedelta(seconds=20)

    assert house.office.sweep(now=nearly).fired == 0

    desk = house.desk(when=nearly)
    assert desk.get("A-1").overdue(nearly) is False
    assert "0件" in house.office.render(desk.circular(LATE))


SATURDAY, MONDAY = "06-06 09:00", "06-08 09:00"


def delivered_on_friday(storage):
    """Open a house where Friday's work was typed on Monday, after a lapse was found."""
    line = Recording("paper")
    house = House.open(storage, policies=[POLICY], channels=[line])
    house.assign()
    house.sweep(SATURDAY)
    house.office.deliver(now=at(SATURDAY))
    assert [message.kind for message in line.messages] == ["urge", "urge"]
    house.desk(ZJJ, MONDAY).submit("A-1", effective_at=at("06-05 17:00"))
    return house


def test_13_back_dated_completion_that_is_accepted(storage):
    """Handed in on Friday, typed on Monday, accepted: in time; the log keeps all."""
    house = delivered_on_friday(storage)

    closed = house.desk(DCS, MONDAY).close("A-1", reason="核验")

    assert closed.closing.late is False
    events = {event.seq: event.action for event in house.desk().history("A-1")}
    assert list(events.values()) == ["assign", "lapse", "urge", "submit", "close"]
    closing = house.desk().history("A-1")[-1]
    assert [events[seq] for seq in closing.overtakes] == ["lapse"]
    # Known now of Saturday: handed in, and not lapsed.
    as_of = house.desk(when=MONDAY).as_of(at(SATURDAY))
    assert as_of.get("A-1").state == "in_progress"


def test_13_back_dated_completion_that_is_refused(storage):
    """Sent back, it has been late since Friday, and is judged when it does close."""
    house = delivered_on_friday(storage)

    refused = house.desk(DCS, MONDAY).send_back("A-1", reason="材料不全")
    assert refused.overdue(at(MONDAY)) is True
    closed = house.desk(DCS, "06-08 15:00").close("A-1", reason="核验")

    assert closed.closing.late is True
    late: datetime = at("06-08 15:00")
    assert closed.closing.late_by == (late - DUE, late - DUE)
    assert not any(event.overtakes for event in house.desk().history("A-1"))
