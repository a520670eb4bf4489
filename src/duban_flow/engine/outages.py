"""Outages of the engine 系统停运: written when a person lets the sweep go on.

A sweep that comes longer after the last than the guard allows stops; the one that is
released keeps from when to when none ran, in the office's own log, once. The days
ledger charges that time to nobody's unit.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from duban_flow.domain.codec import structure, unstructure
from duban_flow.domain.days_ledger import Outage
from duban_flow.domain.events import Event, Subject, SubjectKind
from duban_flow.domain.units import ENGINE
from duban_flow.engine.ports import Work
from duban_flow.engine.settings import Guard

OFFICE: Final = Subject(SubjectKind.OFFICE, "office")
OUTAGE: Final = "outage"


def outage_before(guard: Guard, last: str | None, now: datetime) -> Outage | None:
    """Give the stretch since the last sweep, where it is longer than the guard's gap.

    ``last`` is the instant of that sweep as the office keeps it.
    """
    if last is None or now - datetime.fromisoformat(last) <= guard.gap:
        return None
    return Outage(since=datetime.fromisoformat(last), until=now)


def outage_event(outage: Outage, reason: str) -> Event:
    """Make the event by which the office remembers an outage, with the reason given."""
    return Event(
        subject=OFFICE,
        seq=0,
        action=OUTAGE,
        actor=ENGINE,
        effective_at=outage.until,
        recorded_at=outage.until,
        data={**unstructure(outage), "reason": reason},
    )


def outages_of(work: Work) -> tuple[Outage, ...]:
    """Read every outage that the office remembers, in order."""
    return tuple(
        structure({name: event.data[name] for name in ("since", "until")}, Outage)
        for event in work.events([OFFICE.id])[OFFICE.id]
        if event.action == OUTAGE
    )
