"""What a type checker must say of desks and offices; never run."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from duban_flow import (
    Desk,
    Item,
    NewItem,
    Office,
    Party,
    Role,
    Supervision,
    Term,
)
from duban_flow.ports import Channel, Message, Sent


def right(office: Office, desk: Desk, now: datetime) -> tuple[object, ...]:
    """Use every shape that the documentation shows."""
    new = NewItem(
        "2026-031",
        "老旧小区改造",
        category="livelihood",
        term=Term.workdays(15),
        labels=["民生"],
        parties={
            Role.RESPONSIBLE: "住建局",
            Role.ASSISTING: ["财政局", Party("城管局")],
        },
    )
    item: Item = desk.assign(new)
    item = desk.report(item, progress=40, note="已进场")
    item = desk.close("2026-031", reason="核验通过", request_id="r1", expect=3)
    item = desk.act(item, Supervision.close(reason="核验通过"))
    item = desk.decompose(item, [new], needs=1)
    code: int = office.sweep(now=now).exit_code
    return item.due_at, item.overdue(now), code


def wrong(office: Office, desk: Desk, now: datetime) -> None:
    """Misuse what is public; each line must be an error of the named kind."""
    desk.aknowledge("A-1")  # type: ignore[attr-defined]  # a misspelt verb
    desk.close("A-1")  # type: ignore[call-arg]  # a reason is wanted
    desk.close("A-1", raeson="x")  # type: ignore[call-arg]  # a misspelt payload
    desk.report("A-1", progress="40")  # type: ignore[arg-type]  # a mistyped payload
    Supervision.close(reason=3)  # type: ignore[arg-type]  # a mistyped command
    Supervision.close()  # type: ignore[call-arg]  # a command without its data
    Supervision.clsoe(reason="x")  # type: ignore[attr-defined]  # a misspelt action
    desk.sweep(now=now)  # type: ignore[attr-defined]  # a desk does not sweep
    desk.as_of(now).close("A-1", reason="x")  # type: ignore[attr-defined]  # reads only
    office.close("A-1", reason="x")  # type: ignore[call-arg]  # an office has no verbs
    office.desk(by="督查室")  # type: ignore[call-arg]  # now is wanted
    desk.measure("A-1", "亩", actual=1.5, as_of=now)  # type: ignore[arg-type]  # a float
    NewItem("A-1")  # type: ignore[call-arg]  # a title is wanted
    desk.get("A-1").state = "closed"  # type: ignore[misc]  # values are frozen


class Pager:
    """A channel as a host writes one."""

    name = "pager"

    def send(self, batch: Sequence[Message]) -> Sequence[Sent]:
        """Say that all were sent."""
        return [Sent() for _ in batch]


class Mute:
    """Something that is no channel."""

    name = "mute"


def channels() -> None:
    """Hand over a channel, and what is none."""
    good: Channel = Pager()
    Office.rehearsal(channels=[good])
    Office.rehearsal(channels=[Mute()])  # type: ignore[list-item]  # it cannot send
