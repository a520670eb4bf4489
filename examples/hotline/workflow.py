"""A hotline ticket 12345热线工单 as a workflow of the host's own."""

from __future__ import annotations

from attrs import evolve, field, frozen

from duban_flow import (
    Action,
    Attempt,
    Event,
    Item,
    Party,
    Reason,
    Role,
    State,
    Workflow,
    guard,
)


@frozen
class Dispatch:
    """The ticket goes to the unit that is to handle it 派单."""

    unit: str

    def effect(self, item: Item, event: Event) -> Item:
        """Make that unit responsible."""
        return evolve(
            item, parties={**item.parties, Role.RESPONSIBLE: (Party(self.unit),)}
        )


@frozen(kw_only=True)
class Handle:
    """The unit says what it did 办理."""

    result: str


@frozen(kw_only=True)
class CallBack:
    """The caller was asked 回访: satisfied or not."""

    satisfied: bool
    words: str = field(default="")


@guard("caller_satisfied")
def caller_satisfied(attempt: Attempt) -> Reason | None:
    """Only a satisfied caller ends a ticket; otherwise it goes back."""
    if attempt.payload is None or attempt.payload.satisfied:
        return None
    return Reason(
        code="hotline.not_satisfied",
        en=f"Ticket {attempt.case.item.code}: the caller is not satisfied.",
        zh=f"工单{attempt.case.item.code}：来电人不满意，不能办结。",
    )


class Hotline(Workflow):
    """received → dispatched → handled → called back."""

    name, version = "hotline", "1"

    received = State(first=True, zh="已受理")
    dispatched = State(zh="已派单")
    handled = State(zh="已办理")
    called_back = State(end=True, zh="已回访")

    dispatch = Action(
        (received | dispatched).to(dispatched),
        Dispatch,
        roles=[Role.SUPERVISING],
        zh="派单",
    )
    handle = Action(dispatched.to(handled), Handle, roles=[Role.RESPONSIBLE], zh="办理")
    call_back = Action(
        handled.to(called_back),
        CallBack,
        roles=[Role.SUPERVISING],
        guards=[caller_satisfied],
        zh="回访",
    )
    send_back = Action(
        handled.to(dispatched), CallBack, roles=[Role.SUPERVISING], zh="退回重办"
    )
