"""The compiled table against the machine it was read off."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace

from benchmarks.measuring import Pair, paired
from duban_flow import Actor, Attempt, Case, Item, Supervision, WorkCalendar

TIMES = 5_000


def run() -> Pair:
    """Acknowledge an assigned item, many times over."""
    now = datetime(2026, 6, 1, 1, tzinfo=UTC)
    item = Item(
        id="1",
        code="A-1",
        title="修路",
        state="assigned",
        version=1,
        assigned_at=now,
        entered_at=now,
    )
    case = Case(item=item, at=now, calendar=WorkCalendar.china())
    attempt = Attempt(case=case, actor=Actor("x"), action="acknowledge")
    event = Supervision.machine.events["acknowledge"]

    def table() -> None:
        for _ in range(TIMES):
            Supervision.passage(attempt)

    def machine() -> None:
        for _ in range(TIMES):
            event.trigger(SimpleNamespace(state="assigned"))

    return paired(
        "one transition", table, machine, units=TIMES, against="transitions.Machine"
    )
