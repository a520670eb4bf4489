"""What a type checker must say of a host's own workflow; never run."""

from __future__ import annotations

from attrs import frozen

from duban_flow import Action, Command, Role, State, Workflow


@frozen
class Dispatch:
    """A payload with one field."""

    unit: str


class Hotline(Workflow):
    """A workflow of a host's own."""

    name, version = "hotline", "1"
    received, dispatched, closed = State(first=True), State(), State(end=True)
    dispatch = Action(received.to(dispatched), Dispatch, roles=[Role.SUPERVISING])
    end = Action((received | dispatched).to(closed), Dispatch)


def right() -> Command:
    """Make commands by call and by form."""
    Hotline.parse("dispatch", {"unit": "市政"})
    return Hotline.dispatch(unit="市政")


def wrong() -> None:
    """Misuse an action; each line must be an error."""
    Hotline.dispatch(unit=1)  # type: ignore[arg-type]  # a unit is text
    Hotline.dispatch(unti="市政")  # type: ignore[call-arg]  # a misspelt field
    Hotline.dispatch()  # type: ignore[call-arg]  # a unit is wanted
    Hotline.dispach(unit="市政")  # type: ignore[attr-defined]  # a misspelt action
