"""The order in which the acts of a ledger happened: by instant, then by row.

Two things come before their row where they must: an item before what is done with
it, and a whole before its parts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from duban_flow.domain.instants import earliest, latest
from duban_flow.domain.ledger import code_key
from duban_flow.engine.intake.acts import PlannedAct
from duban_flow.engine.intake.checks import Given


def in_order(
    acts: Iterable[PlannedAct], given: Mapping[str, Given]
) -> tuple[PlannedAct, ...]:
    """Sort acts by when they happened, those of one instant by their rows."""
    depth = depths({key: code_key(one.parent) for key, one in given.items()})
    places: dict[str, tuple[datetime, int]] = {}
    for key in sorted(given, key=lambda key: depth[key]):
        one = given[key]
        own = earliest(one.start), one.row
        above = places.get(code_key(one.parent), own)
        places[key] = max(own[0], above[0]), max(own[1], above[1])

    def place(act: PlannedAct) -> tuple[datetime, int, int, int]:
        key = code_key(act.code)
        if act.new is not None:
            return *places[key], depth[key], act.row
        at = latest(act.effective_at)
        born, row = places.get(key, (at, act.row))
        return max(at, born), max(act.row, row), len(places), act.row

    return tuple(sorted(acts, key=place))


def depths(above: Mapping[str, str]) -> Mapping[str, int]:
    """Say how many wholes stand over each part; circles count as none."""
    known: dict[str, int] = {}
    for start in above:
        way: list[str] = []
        place, seen = start, set[str]()
        while place in above and place not in known and place not in seen:
            seen.add(place)
            way.append(place)
            place = above[place]
        depth = known.get(place, -1)
        for part in reversed(way):
            depth += 1
            known[part] = depth
    return known
