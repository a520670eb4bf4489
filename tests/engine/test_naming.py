"""Units in what is commanded: meant by code, whatever they are called."""

from __future__ import annotations

from dataclasses import dataclass

from duban_flow.domain.payloads import Close
from duban_flow.domain.workflow import Action, State, Workflow
from tests.engine.house import House


@dataclass(frozen=True)
class Ring:
    """A payload of a host's own that is no attrs class."""

    times: int
    unit: str = ""


class Calls(Workflow):
    """A workflow of a host's own."""

    name, version = "calls", "1"
    going, over = State(first=True), State(end=True)
    ring = Action(going.stay(), Ring)
    end = Action(going.to(over), Close)


def test_a_payload_that_is_no_attrs_class_is_kept_as_it_is(storage):
    """Nobody knows which of its texts are units: none is read as one."""
    house = House.open(storage, workflows=[Calls])
    house.assign(workflow="calls")
    house.desk().act("A-1", Calls.ring(3, unit="住建局"))
    (_, rung) = house.desk().history("A-1")
    assert rung.action == "ring"
    assert (rung.data["times"], rung.data["unit"]) == (3, "住建局")
