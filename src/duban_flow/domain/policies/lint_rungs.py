"""Rungs that never come, that add nothing, and matters that no rung awaits.

A rung is live if something can lead to it. Acts are followed to a fixed point: what
is anchored on an act lives only where a live rung issues it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Final

from duban_flow.domain.policies.lint_cells import (
    CATEGORY,
    DATED,
    OPEN,
    Grid,
    State,
    conditions,
)
from duban_flow.domain.policies.lint_said import finding, scope_text
from duban_flow.domain.policies.model import Rung
from duban_flow.domain.time.offset import Offset
from duban_flow.domain.time.term import Term
from duban_flow.errors import Problem

_ACTS: Final = ("act", "act due")
_LENGTH: Final = {"day": (1, 1), "workday": (1, 3), "month": (28, 31)}


def unreachable(
    grid: Grid, actions: Collection[str] | None = None
) -> Iterator[Problem]:
    """Find rungs that no matter can ever come to, each with its reason."""
    live = _live(grid, grid.policy.rung)
    for rung in grid.policy.rung:
        why = _dead(grid, rung, live, actions)
        if why is not None:
            en, zh, said = why
            yield finding(grid.policy, rung, "unreachable", en, zh, said=said)


def _dead(
    grid: Grid, rung: Rung, live: frozenset[str], actions: Collection[str] | None
) -> tuple[str, str, str] | None:
    """Say in two languages why nothing comes of a rung, and what it says of that."""
    empty = [str(f) for f, cells in grid.regions[rung.key].items() if not cells]
    if empty:
        return (
            f"nothing fits its conditions on {', '.join(empty)}",
            f"没有事项能满足关于{'、'.join(empty)}的条件",
            ", ".join(c.text for c in conditions(rung)),
        )
    return _never_ripens(grid, rung, live) or _comes_to_nothing(grid, rung, actions)


def _never_ripens(
    grid: Grid, rung: Rung, live: frozenset[str]
) -> tuple[str, str, str] | None:
    anchor = rung.at.kind
    ordered = grid.policy.kinds.get(anchor)
    if rung.at.anchor == "act due" and (ordered is None or ordered.rectify is None):
        return (
            f"{anchor!r} orders no second date: it has no rectify",
            f"“{anchor}”没有规定整改期限（rectify）",
            rung.at.text,
        )
    if rung.key not in live:
        return (
            f"no rung that can be reached issues {anchor!r}",
            f"没有可达的一级会作出“{anchor}”",
            rung.at.text,
        )
    if rung.at.sitting and grid.policy.sitting is None:
        return (
            "the policy has no sitting to wait for",
            "规则没有写明研究会",
            rung.at.text,
        )
    return None


def _comes_to_nothing(
    grid: Grid, rung: Rung, actions: Collection[str] | None
) -> tuple[str, str, str] | None:
    kind = grid.policy.kinds.get(rung.action)
    if kind is None:
        return None
    if not rung.on:
        return (
            "it sanctions nobody: no role bears it (on)",
            "没有写明由哪个角色承担（on）",
            rung.action,
        )
    if actions is not None and kind.moves not in ("", *actions):
        return (
            f"the workflow has no action {kind.moves!r}",
            f"流程中没有动作“{kind.moves}”",
            kind.moves,
        )
    return None


def _live(
    grid: Grid, rungs: Collection[Rung], state: State | None = None
) -> frozenset[str]:
    """Give the keys of the rungs that something leads to, in a state."""
    able = [
        rung
        for rung in rungs
        if all(grid.regions[rung.key].values()) and grid.allows(rung, state or {})
    ]
    live: set[str] = set()
    issued: set[str] = set()
    grows = True
    while grows:
        fresh = [
            rung
            for rung in able
            if rung.key not in live
            and (rung.at.anchor not in _ACTS or rung.at.kind in issued)
        ]
        live |= {rung.key for rung in fresh}
        issued |= {rung.action for rung in fresh}
        grows = bool(fresh)
    return frozenset(live)


def shadowed(grid: Grid) -> Iterator[Problem]:
    """Find rungs that another of the same kind and anchor makes needless."""
    rungs = grid.policy.rung
    for place, rung in enumerate(rungs):
        if rung.action not in grid.policy.kinds:
            continue
        for other_place, other in enumerate(rungs):
            if other is rung or not _covers(grid, other, rung):
                continue
            if _covers(grid, rung, other) and place < other_place:
                continue
            yield finding(
                grid.policy,
                rung,
                "shadowed",
                f"{other.key!r} issues the same, asks no more and comes no later",
                f"“{other.key}”措施相同，条件不更严，时间不更晚",
                said=rung.key,
                wanted=other.key,
            )
            break


def _covers(grid: Grid, wide: Rung, narrow: Rung) -> bool:
    """Whether one rung acts wherever and not later than another would."""
    same = (wide.action, wide.at.anchor, wide.at.kind, wide.per) == (
        narrow.action,
        narrow.at.anchor,
        narrow.at.kind,
        narrow.per,
    )
    later = wide.at.sitting and not narrow.at.sitting
    fewer = wide.at_least > narrow.at_least or (narrow.every and not wide.every)
    if not same or later or fewer or not {*narrow.on} <= {*wide.on}:
        return False
    no_later = _no_later(wide.at.offset, narrow.at.offset)
    return no_later and _asks_less(grid, wide, narrow)


def _no_later(one: Offset | None, other: Offset | None) -> bool:
    """Whether one distance never ends after the other, on any calendar."""
    if one is not None and other is not None and one.unit == other.unit:
        return one.n <= other.n
    return _span(one)[1] <= _span(other)[0]


def _asks_less(grid: Grid, wide: Rung, narrow: Rung) -> bool:
    narrowed = grid.regions[narrow.key]
    if not all(narrowed.values()):
        return False
    return all(
        narrowed.get(fact, frozenset(grid.cells.get(fact, ()))) <= cells
        for fact, cells in grid.regions[wide.key].items()
        if fact in grid.cells
    )


def _span(offset: Offset | None) -> tuple[int, int]:
    """The fewest and the most days a distance can be, rests on the way included."""
    if offset is None or offset.n == 0:
        return 0, 0
    least, most = _LENGTH[offset.unit]
    reach = abs(offset.n) * most + (14 if offset.unit == "workday" else 0)
    low, high = abs(offset.n) * least, reach
    return (low, high) if offset.n > 0 else (-high, -low)


def no_rung_ahead(
    grid: Grid, categories: Mapping[str, Term | None]
) -> Iterator[Problem]:
    """Find open matters that nothing would ever follow, not even past due."""
    waiting = [
        scope for scope in grid.scopes() if not _awaited(grid, scope, categories)
    ]
    if not waiting:
        return
    where, zh = scope_text(grid, waiting), scope_text(grid, waiting, "zh")
    yield finding(
        grid.policy,
        None,
        "no_rung_ahead",
        "an open matter has no rung ahead of it" + (f": {where}" if where else ""),
        "在办事项之后没有任何一级" + (f"：{zh}" if zh else ""),
        said=where,
    )


def _awaited(grid: Grid, scope: State, categories: Mapping[str, Term | None]) -> bool:
    category = scope.get(CATEGORY)
    undated = isinstance(category, str) and categories.get(category, ...) is None
    ahead = [
        rung
        for rung in grid.policy.rung
        if rung.at.anchor not in DATED
        or not (undated or (rung.at.offset and rung.at.offset.n < 0))
    ]
    return bool(_live(grid, ahead, {**scope, OPEN: True}))
