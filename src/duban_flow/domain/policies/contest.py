"""Rungs that ripen together 同批竞合: which of them acts when a pass finds several.

Remind gives way to urge, urge to a measure, a measure to a higher one of its ladder;
of equals the later instant. What gives way is done, so that no later pass does it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Final

from attrs import evolve

from duban_flow.domain.instants import EPOCH, TICK
from duban_flow.domain.policies.model import Decision, Verdict

_ORDER: Final = {"remind": 0, "urge": 1}


def contested(decisions: Sequence[Decision], at: datetime) -> tuple[Decision, ...]:
    """Let the highest of each party's rungs act; the others are overtaken or wait."""
    made = list(decisions)
    slots = dict.fromkeys(d.slot for d in decisions)
    for slot in slots:
        places = [i for i, d in enumerate(decisions) if d.slot == slot]
        for place in _overtaken(decisions, places):
            made[place] = evolve(
                decisions[place], verdict=Verdict.DONE, note="overtaken"
            )
        for place in _later(decisions, places):
            made[place] = evolve(
                decisions[place],
                verdict=Verdict.WAITS,
                note="in turn",
                until=at + TICK,
            )
    return tuple(made)


def _overtaken(decisions: Sequence[Decision], places: Sequence[int]) -> Iterator[int]:
    """Among the rungs of one party that catch up by the highest only."""
    judged = [
        i
        for i in places
        if decisions[i].rung.catch_up != "each" and decisions[i].rung.at_least == 1
    ]
    firing = [i for i in judged if decisions[i].verdict is Verdict.FIRES]
    kinds = [i for i in firing if decisions[i].kind is not None]
    tellings = [i for i in firing if decisions[i].kind is None]
    yield from _lower_kinds(decisions, judged, kinds)
    if kinds:
        yield from tellings
    elif tellings:
        top = max(_rank(decisions[i]) for i in tellings)
        # Of one instant and one rank, each tells somebody else something else.
        yield from (i for i in tellings if _rank(decisions[i]) < top)


def _lower_kinds(
    decisions: Sequence[Decision], judged: Iterable[int], kinds: Sequence[int]
) -> Iterator[int]:
    winners: dict[str, int] = {}
    for i in kinds:
        ladder = _ladder(decisions[i])
        best = winners.setdefault(ladder, i)
        if _height(decisions[i]) > _height(decisions[best]):
            winners[ladder] = i
    for i in judged:
        one = decisions[i]
        if one.kind is None or one.verdict not in (Verdict.FIRES, Verdict.UNSURE):
            continue
        best = winners.get(_ladder(one), i)
        unsure_above = one.verdict is Verdict.UNSURE and _level(one) > _level(
            decisions[best]
        )
        if best != i and not unsure_above:
            yield i


def _later(decisions: Sequence[Decision], places: Sequence[int]) -> Sequence[int]:
    """Of the rungs that want each of their cycles, all but the first to ripen."""
    firing = [
        i
        for i in places
        if decisions[i].rung.catch_up == "each"
        and decisions[i].verdict is Verdict.FIRES
    ]
    return sorted(firing, key=lambda i: (_instant(decisions[i]), i))[1:]


def _instant(one: Decision) -> datetime:
    return one.instant or EPOCH


def _rank(one: Decision) -> tuple[int, datetime]:
    return _ORDER.get(one.rung.action, 0), _instant(one)


def _level(one: Decision) -> int:
    return one.kind.level if one.kind else 0


def _ladder(one: Decision) -> str:
    return one.kind.ladder if one.kind else ""


def _height(one: Decision) -> tuple[int, datetime]:
    return _level(one), _instant(one)
