"""A workflow of a host's own runs end to end: verbs, sweeps, a policy, an end."""

from __future__ import annotations

import runpy
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from duban_flow import Forbidden, NewItem, Refused, Role, Term, Unit

DEMO = runpy.run_path(
    str(Path(__file__).parents[2] / "examples" / "hotline" / "demo.py")
)
Hotline = DEMO["Hotline"]
MONDAY = datetime(2026, 6, 1, 9, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def office():
    """Open the hotline's office with one ticket received on Monday."""
    office = DEMO["open_office"]()
    desk = office.desk(by="12345热线", now=MONDAY)
    desk.register(
        Unit("12345热线", "12345热线", kind="supervisor"),
        Unit("热线办主任会", "热线办主任会", kind="body"),
        Unit("szj", "市政局"),
    )
    parties = {Role.SUPERVISING: "12345热线"}
    ticket = NewItem("H-1", "路灯不亮", term=Term.workdays(5), parties=parties)
    desk.assign(ticket)
    return office


def test_a_ticket_goes_its_whole_way():
    """From the call to the call back, with what was said on the way."""
    told = DEMO["main"]()
    assert told[0].endswith("[received]")
    assert told[2].endswith("[dispatched]")
    assert told[-2].endswith("[called_back]")
    assert "书面通报批评" in told[-1]


def test_a_state_of_its_own_is_told_by_its_own_name(office):
    """An explanation names the state as the workflow does, in either language."""
    desk = office.desk(by="12345热线", now=MONDAY)
    assert f"（{Hotline.received.zh}）" in str(desk.explain("H-1", lang="zh"))
    assert "(received)" in str(desk.explain("H-1", lang="en"))
    assert "状态不属于已派单" in str(desk.explain("H-1", lang="zh"))


def test_dispatching_makes_the_unit_responsible(office):
    """The payload's own effect changes the parties, by code."""
    desk = office.desk(by="12345热线", now=MONDAY)
    item = desk.act("H-1", Hotline.dispatch(unit="市政局"))
    assert item.units(Role.RESPONSIBLE) == ("szj",)


def test_only_the_hotline_dispatches(office):
    """Roles of a host's own actions are kept as those of the library are."""
    desk = office.desk(by="12345热线", now=MONDAY)
    desk.act("H-1", Hotline.dispatch(unit="市政局"))
    with pytest.raises(Forbidden):
        office.desk(by="市政局", now=MONDAY).act("H-1", Hotline.dispatch(unit="szj"))


def test_a_caller_who_is_not_satisfied_keeps_the_ticket_open(office):
    """The host's own guard refuses with its own reason, and nothing is written."""
    desk = office.desk(by="12345热线", now=MONDAY)
    desk.act("H-1", Hotline.dispatch(unit="市政局"))
    office.desk(by="市政局", now=MONDAY).act("H-1", Hotline.handle(result="已修"))
    with pytest.raises(Refused, match="not satisfied"):
        desk.act("H-1", Hotline.call_back(satisfied=False))
    assert desk.get("H-1").state == "handled"


def test_a_ticket_five_working_days_over_is_put_to_the_body(office):
    """The policy proposes a written criticism, once."""
    desk = office.desk(by="12345热线", now=MONDAY)
    desk.act("H-1", Hotline.dispatch(unit="市政局"))
    late = MONDAY + timedelta(days=21)
    assert office.sweep(now=late).proposed == 1
    assert office.sweep(now=late).proposed == 0
    (sanction,) = desk.at(late).sanctions.find()
    assert (sanction.kind_name, sanction.unit) == ("书面通报批评", "szj")
    assert sanction.next_body == "热线办主任会"
