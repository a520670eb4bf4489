"""Words about how an item stands 事项状况: its own columns, its dates, its excuses.

``late`` means past the latest reading of due. A closing known only as a range
leaves ``open`` and ``closed`` unknown inside it.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Final

from duban_flow.domain import lateness
from duban_flow.domain.case import Case, Justification
from duban_flow.domain.due import stopped
from duban_flow.domain.instants import Span
from duban_flow.domain.items import Item
from duban_flow.domain.policies.logic import negation
from duban_flow.domain.policies.model import Condition
from duban_flow.domain.policies.words import Parameter, Read, Word
from duban_flow.domain.quantities import Amount, Interval


def late(case: Case) -> bool | None:
    """Say whether it is open past the latest reading of due, or was closed past it."""
    item = case.item
    if item.due is None or item.due.deferred:
        return False
    is_open = item.open_at(case.at)
    if is_open is True or item.closing is None or case.at <= item.due.latest:
        return case.at > item.due.latest and is_open is not False
    return item.closing.late


def overrun(case: Case, unit: str) -> Amount:
    """Count whole days or working days past due, open or when it was closed.

    Between two readings of due, or of the closing, it is an interval.
    """
    least, most = lateness.overrun(case.item, case.at, case.calendar, unit)
    return Decimal(least) if least == most else Interval(least, most)


def accepted(case: Case, unit: str | None) -> Justification | None:
    """Find an accepted reason of this unit, or of the item as a whole.

    A reason that the unit itself accepted does not count, and a reason accepted
    for another unit shields that one alone.
    """
    for reason in case.facts.justifications:
        concerns = reason.unit is None or reason.unit == unit
        own = reason.decided_by in (unit, reason.unit)
        if concerns and reason.status == "accepted" and not own:
            return reason
    return None


def _tell_late(case: Case, _unit: str | None, _asked: Condition) -> str:
    if late(case) is False:
        return "not late"
    days = overrun(case, "day")
    said = "late" if late(case) else "perhaps late"
    return f"{said} {days} day" + ("" if days == 1 else "s")


def _tell_open(case: Case, _unit: str | None, _asked: Condition) -> str:
    closing = case.item.closing
    if closing is None or case.item.open_at(case.at) is True:
        return "open"
    days = case.calendar
    if isinstance(closing.at, Span):
        first, last = days.date_of(closing.at.earliest), days.day_of(closing.at.latest)
        return f"closed between {first} and {last}"
    return f"closed {days.day_of(closing.at)}"


def _tell_excused(case: Case, unit: str | None, _asked: Condition) -> str:
    reason = accepted(case, unit)
    return "not excused" if reason is None else f"excused: {reason.reason}"


def _received(case: Case, _unit: str | None, asked: Condition) -> Read:
    return asked.arguments[0] in case.facts.received


def _flag(name: str, asks: Callable[[Item], bool]) -> Word:
    return Word(name=name, kind="flag", read=lambda case, _unit, _: asks(case.item))


def _column(name: str, reads: Callable[[Item], str]) -> Word:
    return Word(name=name, kind="word", read=lambda case, _unit, _: reads(case.item))


STANDING: Final = (
    _column("category", lambda item: item.category),
    _column("source", lambda item: item.source.kind if item.source else ""),
    _column("priority", lambda item: item.priority),
    Word(
        name="state",
        kind="word",
        # Inside the Span of its end nobody knows whether an item was still open.
        read=lambda case, _unit, _: (
            None if case.item.open_at(case.at) is None else case.item.state
        ),
    ),
    Word(
        name="open",
        kind="flag",
        read=lambda case, _unit, _: case.item.open_at(case.at),
        tell=_tell_open,
    ),
    Word(
        name="closed",
        kind="flag",
        read=lambda case, _unit, _: negation(case.item.open_at(case.at)),
        tell=_tell_open,
    ),
    Word(
        name="late",
        kind="flag",
        read=lambda case, _unit, _: late(case),
        harmful=True,
        tell=_tell_late,
    ),
    _flag("held", lambda item: item.held),
    Word(
        name="paused",
        kind="flag",
        read=lambda case, _unit, _: stopped(case.item, case.at) is not None,
    ),
    _flag("extending", lambda item: item.asked is not None),
    Word(
        name="at_risk",
        kind="flag",
        read=lambda case, _unit, _: case.item.at_risk,
        harmful=True,
    ),
    Word(
        name="excused",
        kind="flag",
        read=lambda case, unit, _: accepted(case, unit) is not None,
        needs=["events"],
        tell=_tell_excused,
    ),
    Word(
        name="received",
        kind="flag",
        read=_received,
        needs=["events"],
        parameters=(Parameter("text"),),
    ),
    Word(
        name="overrun",
        kind="number",
        read=lambda case, _unit, asked: overrun(case, asked.unit),
        units=("day", "workday"),
        harmless=Decimal(0),
        bounds=(Decimal(0), None),
        whole=True,
        runs="month",
    ),
    Word(
        name="rebaselined",
        kind="number",
        read=lambda case, _unit, _: Decimal(case.item.rebaselined),
        bounds=(Decimal(0), None),
        whole=True,
    ),
)
