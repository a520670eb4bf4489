"""What an item remembers of its rungs 已执行标记: marks, never ids.

A mark is ``rung@slot:cycle``. With ``~`` after it the rung was overtaken by a higher
one, or counted as done when the item went over to another edition, and did nothing.
Marks are added; only going back to an earlier edition takes those counted away.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from attrs import evolve

from duban_flow.domain.case import Case
from duban_flow.domain.instants import latest
from duban_flow.domain.policies.model import Decision, SittingDay
from duban_flow.domain.policies.occurrence import occurrences

OVERTAKEN: Final = "~"


def marks(decisions: Iterable[Decision]) -> tuple[str, ...]:
    """List what the item must remember of a pass: what fired, what was overtaken.

    A rung that waits for company (``at_least``) is remembered by the act itself:
    whether there is one shows only when the sitting closes.
    """
    found = []
    for decision in decisions:
        if decision.fires_alone:
            found.append(decision.mark)
        elif decision.note == "overtaken":
            found.append(decision.mark + OVERTAKEN)
    return tuple(dict.fromkeys(found))


def fired(case: Case, decision: Decision) -> str:
    """Say how a rung was settled before in this cycle; nothing where it was not."""
    if decision.mark in case.item.fired:
        return "fired"
    if decision.mark + OVERTAKEN in case.item.fired:
        return "overtaken"
    acts = (act for act in case.acts if act.unit == decision.unit)
    cited = any(
        (c.item, c.rung, c.cycle) == (case.item.id, decision.rung.key, decision.cycle)
        for act in acts
        for c in act.citations
    )
    return "fired" if cited else ""


def inherited(case: Case, decision: Decision) -> bool:
    """Say whether it fired for an earlier due and was past for this one when due moved.

    Then it counts as fired; had it still been ahead, it fires again. A party's own
    limit is treated alike.
    """
    item = case.item
    if decision.clock not in ("due", "limit") or decision.instant is None:
        return False
    before = f"{decision.rung.key}@{decision.slot}:{decision.clock}:"
    earlier = {
        mark.removeprefix(before).rstrip(OVERTAKEN).partition("/")[0]
        for mark in item.fired
        if mark.startswith(before)
    }
    if decision.clock == "limit":
        moved = moved_at(case, "limits")
        return bool(earlier) and moved is not None and decision.instant <= moved
    if not any(int(ordinal) < item.due_ordinal for ordinal in earlier):
        return False
    moved = moved_at(case)
    if moved is not None:
        return decision.instant <= moved
    old = _instant_before(case, decision)
    return old is not None and decision.instant <= old


def sat(case: Case, sitting: SittingDay) -> str:
    """Name the mark by which an item remembers that this sitting has judged it."""
    return f"sitting:{case.meets_by.day_of(sitting.opened_at).isoformat()}"


def seen(case: Case) -> str:
    """Name the mark by which an ended item remembers that a sitting has seen it so."""
    closing = case.item.closing
    if closing is None or case.item.open_at(case.at) is not False:
        return ""
    return f"seen:{case.calendar.day_of(latest(closing.at)).isoformat()}"


def judged_before(case: Case, sitting: SittingDay) -> bool:
    """Whether this sitting has judged the case, or an earlier one since it ended.

    What is recorded after that is for the next sitting, and for those who approve.
    """
    ended = seen(case)
    return sat(case, sitting) in case.item.fired or (
        ended != "" and ended in case.item.fired
    )


def moved_at(case: Case, what: str = "due") -> datetime | None:
    """Find when the assessed due last moved, from the events where they are loaded.

    With ``limits`` it is the last time that a party's own limit did.
    """
    at = None
    for event in case.events[1:]:
        if what in event.derived:
            at = event.recorded_at
    return at


def _instant_before(case: Case, decision: Decision) -> datetime | None:
    """The rung's instant by the due before: when it fired, that had passed."""
    item = case.item
    if not item.past_dues:
        return None
    old = evolve(case, item=evolve(item, due=item.past_dues[-1]))
    made = occurrences(
        decision.rung, old, decision.unit, case.at, sanctions=decision.kind is not None
    )
    return made[0].instant if made else None
