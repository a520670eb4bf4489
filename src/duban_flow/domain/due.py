"""When an item is due 办结时限: reckoned from what it holds, never patched.

Its term, its pauses, its extensions and the dates that were set are one set of facts;
:mod:`duban_flow.domain.time.reckoning` says where they lead.
"""

from __future__ import annotations

from datetime import datetime

from duban_flow.domain.instants import earliest
from duban_flow.domain.items import Item
from duban_flow.domain.time.calendar import WorkCalendar
from duban_flow.domain.time.extension import Day
from duban_flow.domain.time.pauses import Pause
from duban_flow.domain.time.reckoning import reckon
from duban_flow.domain.time.term import Deadline, Fixed, Stop, Term


def due_of(item: Item, calendar: WorkCalendar) -> Deadline | None:
    """Derive an item's deadline from what it holds; nothing where it has no term."""
    fixed = (*item.fixed, *granted(item))
    term = item.term or (fixed[0].term if fixed else None)
    if term is None:
        return None
    return reckon(term, item.assigned_at, calendar, stops_of(item), fixed)


def stops_of(item: Item) -> tuple[Stop, ...]:
    """List the stretches that an item's pauses take out of its term."""
    return tuple(
        Stop(since=p.since, until=p.end) for p in item.pauses if not p.annulled
    )


def granted(item: Item) -> tuple[Fixed, ...]:
    """List the dates that granted extensions set, each since it was decided."""
    return tuple(
        Fixed(at=e.decided_at, term=named(item, e.granted))
        for e in item.extensions
        if e.status == "granted" and e.granted is not None and e.decided_at is not None
    )


def named(item: Item, day: Day) -> Term:
    """Name a date as the item counts: a day ends at the hour at which its term does."""
    return Term.until(day, end="close" if item.term is None else item.term.end)


def stopped(item: Item, at: datetime) -> Pause | None:
    """Give the pause by which an item's time stands still at an instant.

    One that began past due is only noted: time goes on.
    """
    due = item.due
    for pause in item.pauses:
        counts = due is None or due.deferred or earliest(pause.since) < due.latest
        if counts and pause.runs_at(at):
            return pause
    return None
