"""F42: whatever a host's code raises on the way, nothing runs ahead of the store."""

from __future__ import annotations

from datetime import datetime

import pytest
from attrs import frozen

from duban_flow import Action, NewItem, Office, Role, State, Workflow, guard
from duban_flow.errors import Reason

NOW = datetime.fromisoformat("2026-06-01T09:00+08:00")


class HostFault(Exception):
    """What a host's own code raises."""


@frozen
class Spoil:
    """A payload whose effect fails after it has begun."""

    def effect(self, item, event):
        """Fail."""
        raise HostFault("in effect")


@frozen
class Fine:
    """A payload without an effect."""


@guard("breaks")
def breaks(attempt) -> Reason | None:
    """Fail where a reason was asked for."""
    raise HostFault("in guard")


class Fragile(Workflow):
    """A workflow whose parts fail in every place a host can fill."""

    name, version = "fragile", "1"
    a, b, end = State(first=True), State(), State(end=True)
    spoil = Action(a.to(b), Spoil)
    breaks = Action(a.to(b), Fine, guards=[breaks])
    go = Action(a.to(b), Fine)
    finish = Action((a | b).to(end), Fine)


@pytest.fixture(params=["memory", "sqlite"])
def office(request, tmp_path):
    """Open a rehearsal of the fragile workflow, in memory and on disk."""
    url = f"sqlite:///{tmp_path / 'x.db'}" if request.param == "sqlite" else None
    with Office.rehearsal(url, workflows=[Fragile]).closing() as opened:
        parties = {Role.RESPONSIBLE: "住建局"}
        opened.desk(by="督查室", now=NOW).assign(NewItem("A-1", "x", parties=parties))
        yield opened


@pytest.mark.parametrize("action", ["spoil", "breaks"])
def test_a_fault_of_the_host_leaves_the_item_as_it_was(office, action):
    """The exception reaches the caller; state, version and log are untouched."""
    desk = office.desk(by="督查室", now=NOW)
    before, log = desk.get("A-1"), desk.history("A-1")
    with pytest.raises(HostFault):
        desk.act("A-1", Fragile.parse(action, {}))
    assert desk.get("A-1") == before
    assert desk.history("A-1") == log


def test_the_item_goes_on_after_a_fault(office):
    """The next act finds the state of the store, not one left behind."""
    desk = office.desk(by="督查室", now=NOW)
    with pytest.raises(HostFault):
        desk.act("A-1", Fragile.parse("spoil", {}))
    assert desk.act("A-1", Fragile.go()).state == "b"


def test_a_fault_undoes_the_whole_of_an_atomic_desk(office):
    """What was done before the fault in the same transaction is gone with it."""
    desk = office.desk(by="督查室", now=NOW)

    def go_and_fail():
        with desk.atomic():
            desk.act("A-1", Fragile.go())
            desk.assign(NewItem("A-2", "y"))
            raise HostFault("afterwards")

    with pytest.raises(HostFault):
        go_and_fail()
    assert desk.get("A-1").state == "a"
    assert [item.code for item in desk.find()] == ["A-1"]


def test_there_is_no_door_around_the_guards():
    """The machine offers no ``to_<state>`` triggers."""
    assert not [name for name in Fragile.machine.events if name.startswith("to_")]
