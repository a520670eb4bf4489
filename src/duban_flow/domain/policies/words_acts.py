"""Words about sanctions already on a unit 已有措施: level, count, streak.

An act counts from its issue until it is revoked. On a matter, those count that cite
the item and are on the party asked about.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from duban_flow.domain.case import Case
from duban_flow.domain.policies.model import Condition
from duban_flow.domain.policies.words import Parameter, Word
from duban_flow.domain.sanctions import Sanction

_ON: Final = (Parameter("kind"), Parameter("choice", ("matter", "unit")))
_CYCLE: Final = re.compile(
    r"(?P<series>[a-z]+):(?P<n>[0-9]{1,4})(?:-(?P<part>[0-9]{1,2}))?(?:/(?P<k>[0-9]+))?"
)
_PARTS: Final = {"month": 12, "quarter": 4, "year": 1}
"""How many cycles of a period a year has."""


def standing(case: Case, unit: str | None) -> tuple[Sanction, ...]:
    """List the acts that cite the item, on this unit, and stand."""
    return tuple(
        s
        for s in case.acts
        if s.cites(case.item.id) and unit in (None, s.unit) and s.stands(case.at)
    )


def _counted(case: Case, unit: str | None, asked: Condition) -> tuple[Sanction, ...]:
    kind, scope, *year = asked.arguments
    if scope == "matter":
        found = standing(case, unit)
    else:
        every = {s.id: s for s in (*case.history, *case.acts)}.values()
        found = tuple(s for s in every if s.unit == unit and s.stands(case.at))
    wanted = case.calendar.day_of(case.at).year if year else None
    return tuple(
        s
        for s in found
        if s.kind == kind and (wanted is None or _year(case, s) == wanted)
    )


def _year(case: Case, act: Sanction) -> int | None:
    return case.calendar.day_of(act.issued_at).year if act.issued_at else None


def _streak(case: Case, unit: str | None, asked: Condition) -> int:
    """The longest run of consecutive cycles that reaches up to now.

    It does where it ends with the cycle that last came round or the one before:
    the judging and approving of an act take their time.
    """
    places: dict[tuple[str, ...], set[int]] = {}
    for act in _counted(case, unit, asked):
        for series, place in _places(case, act, asked.arguments[1]):
            places.setdefault(series, set()).add(place)
    return max((_run(case, *pair) for pair in places.items()), default=0)


def _places(
    case: Case, act: Sanction, scope: str
) -> Iterator[tuple[tuple[str, ...], int]]:
    """Give each cited cycle as a place in its series; ids have no order."""
    for citation in act.citations:
        found = _CYCLE.fullmatch(citation.cycle)
        if found is None or (scope == "matter" and citation.item != case.item.id):
            continue
        series, n, k = found["series"], int(found["n"]), found["k"]
        item = () if series in _PARTS and scope == "unit" else (citation.item,)
        if k is not None:
            yield (citation.cycle.rpartition("/")[0], "each", *item), int(k)
        elif series in _PARTS:
            yield (series, *item), n * _PARTS[series] + int(found["part"] or "1") - 1
        else:
            yield (series, *item), n


def _run(case: Case, series: tuple[str, ...], places: set[int]) -> int:
    last = max(places)
    now = _now(case, series)
    if now is not None and last < now - 1:
        return 0
    first = last
    while first - 1 in places:
        first -= 1
    return last - first + 1


def _now(case: Case, series: tuple[str, ...]) -> int | None:
    """The place of the cycle that last came round, in a series that has one."""
    if "each" in series:
        return None
    if series[0] == "round":
        return case.facts.rounds[-1].ordinal if case.facts.rounds else None
    if series[0] == "due":
        return case.item.due_ordinal
    parts = _PARTS.get(series[0])
    if parts is None:
        return None
    # The instant a period ends is the next day's 00:00: its date lies in the next.
    day = case.calendar.date_of(case.at)
    return day.year * parts + (day.month - 1) * parts // 12 - 1


ACTS: Final = (
    Word(
        name="level",
        kind="number",
        read=lambda case, unit, _: Decimal(
            max((s.level for s in standing(case, unit)), default=0)
        ),
        needs=["acts"],
        bounds=(Decimal(0), None),
        whole=True,
    ),
    Word(
        name="count",
        kind="number",
        read=lambda case, unit, asked: Decimal(len(_counted(case, unit, asked))),
        needs=["acts", "history"],
        parameters=(*_ON, Parameter("choice", ("year",), optional=True)),
        bounds=(Decimal(0), None),
        whole=True,
    ),
    Word(
        name="streak",
        kind="number",
        read=lambda case, unit, asked: Decimal(_streak(case, unit, asked)),
        needs=["acts", "history", "events"],
        parameters=_ON,
        bounds=(Decimal(0), None),
        whole=True,
    ),
)
