"""What a policy's rungs leave unsaid, or say too widely 漏洞与过宽.

A range is uncovered where it does harm and no rung that asks the fact lets it
through. A worse fact is silenced where a rung steps back from it and none steps in.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import product

from duban_flow.domain.policies.lint_cells import (
    DATED,
    ENDED,
    LATE,
    NO,
    OPEN,
    STATE,
    YES,
    Cell,
    Fact,
    Grid,
    Run,
    State,
    conditions,
    fact_of,
    holds,
)
from duban_flow.domain.policies.lint_said import finding, scope_text
from duban_flow.domain.policies.model import Condition, Rung
from duban_flow.errors import Problem


def uncovered(grid: Grid) -> Iterator[Problem]:
    """Find ranges of a number that do harm and that no rung answers."""
    for fact in grid.cells:
        if grid.word(fact).kind != "number":
            continue
        holes: dict[str, list[State]] = {}
        first: dict[str, Rung] = {}
        for scope in grid.scopes():
            asking = [
                rung
                for rung in grid.policy.rung
                if fact in grid.regions[rung.key] and grid.allows(rung, scope)
            ]
            for hole in _holes(grid, fact, asking):
                holes.setdefault(hole, []).append(scope)
                first.setdefault(hole, asking[0])
        for hole, scopes in holes.items():
            where, zh = scope_text(grid, scopes), scope_text(grid, scopes, "zh")
            yield finding(
                grid.policy,
                first[hole],
                "uncovered",
                f"{hole}: no rung answers this" + (f", where {where}" if where else ""),
                hole.replace(", ", "，")
                + "：没有一级对应"
                + (f"（{zh}）" if zh else ""),
                said=hole,
                wanted='action = "none"',
            )


def _holes(grid: Grid, fact: Fact, asking: list[Rung]) -> list[str]:
    """Say each range that is left, and up to which length of a run."""
    if not asking:
        return []
    answered = {cell for rung in asking for cell in grid.regions[rung.key][fact]}
    runs = [cell for cell in grid.cells[fact] if isinstance(cell, Run)]
    left = [c for c in runs if _harmful(grid, fact, c, asking) and c not in answered]
    longest = max(c.length for c in runs)
    said: dict[str, int] = {}
    for length in range(1, longest + 1):
        for text in _ranges(grid, fact, [c.value for c in left if c.length == length]):
            said[text] = length
    over = grid.word(fact).runs
    return [
        text
        if length == longest
        else f"{text} for at most {length} {over}{'s' if length > 1 else ''}"
        for text, length in said.items()
    ]


def _harmful(grid: Grid, fact: Fact, cell: Run, asking: list[Rung]) -> bool:
    """Whether a number is worse than harmless, or some rung asks for it at all."""
    harmless = grid.word(fact).harmless
    if harmless is not None and cell.value > harmless:
        return True
    return any(
        all(holds(c, cell, running=False) for c in _asks(grid, rung, fact))
        for rung in asking
    )


def _asks(grid: Grid, rung: Rung, fact: Fact) -> list[Condition]:
    return [c for c in conditions(rung) if fact_of(c, grid.vocabulary[c.fact]) == fact]


def _ranges(grid: Grid, fact: Fact, left: list[Decimal]) -> Iterator[str]:
    """Say values that stand side by side as one range between thresholds."""
    asked = [c for rung in grid.policy.rung for c in _asks(grid, rung, fact)]
    marks = {c.limit for c in asked} | {grid.word(fact).harmless}
    unit = next(c.unit for c in asked)
    values = sorted({c.value for c in grid.cells[fact] if isinstance(c, Run)})
    places = [values.index(value) for value in left]
    for first, last in _side_by_side(places):
        said = []
        if values[first] in marks:
            said.append(f"{fact} >= {_number(values[first], unit)}")
        elif first > 0:
            said.append(f"{fact} > {_number(values[first - 1], unit)}")
        if values[last] in marks:
            said.append(f"{fact} <= {_number(values[last], unit)}")
        elif last < len(values) - 1:
            said.append(f"{fact} < {_number(values[last + 1], unit)}")
        yield ", ".join(said)


def _number(value: Decimal, unit: str) -> str:
    return f"{value:f}{unit}" if unit in ("", "%") else f"{value:f} {unit}s"


def _side_by_side(places: list[int]) -> Iterator[tuple[int, int]]:
    """Give the first and last of each stretch of neighbours.

    >>> list(_side_by_side([1, 2, 3, 6]))
    [(1, 3), (6, 6)]
    """
    stretch: list[int] = []
    for place in places:
        if stretch and place != stretch[-1] + 1:
            yield stretch[0], stretch[-1]
            stretch = []
        stretch.append(place)
    if stretch:
        yield stretch[0], stretch[-1]


def silenced(grid: Grid) -> Iterator[Problem]:
    """Find a harmful flag that makes a rung step back while no other steps in."""
    for rung in grid.policy.rung:
        if rung.action == "none":
            continue
        for condition in conditions(rung):
            word = grid.vocabulary[condition.fact]
            if not (condition.negated and word.harmful):
                continue
            worse = fact_of(condition, word)
            scopes = _unanswered(grid, rung, worse)
            if not scopes:
                continue
            rest = [c.text for c in rung.when if c != condition] + [worse.name]
            where, zh = scope_text(grid, scopes), scope_text(grid, scopes, "zh")
            case = ", ".join(filter(None, [*rest, where]))
            zh = "，".join(filter(None, [*rest, zh]))
            yield finding(
                grid.policy,
                rung,
                "silenced",
                f"being {worse.name} besides is worse, and no rung answers it: {case}",
                f"再加上{worse.name}更为严重，却没有一级对应：{zh}",
                said=condition.text,
                wanted=worse.name,
            )


def _unanswered(grid: Grid, rung: Rung, worse: Fact) -> list[State]:
    """Give the scopes in which the worse state is let through by no other rung."""
    region = {**grid.regions[rung.key], worse: YES}
    if region.get(OPEN) == NO or not all(region.values()):
        return []
    numbers = [f for f in region if grid.word(f).kind == "number"]
    flags = {
        f: next(iter(cells))
        for f, cells in region.items()
        if grid.word(f).kind == "flag" and len(cells) == 1
    }
    # What follows an act answers the act: it does not see the state by itself.
    others = [
        other
        for other in grid.policy.rung
        if other.key != rung.key and not other.at.kind
    ]
    left = []
    for scope in grid.scopes():
        if not grid.allows(rung, scope):
            continue
        for chosen in product(*(region[f] for f in numbers)):
            state = {**scope, **flags, **dict(zip(numbers, chosen, strict=True))}
            if not any(grid.allows(other, state) for other in others):
                left.append(scope)
                break
    return left


def too_wide(grid: Grid) -> Iterator[Problem]:
    """Find rungs about a due date that would strike what was closed in time."""
    for rung in grid.policy.rung:
        if rung.at.anchor not in DATED or rung.action == "none":
            continue
        region = grid.regions[rung.key]
        state: dict[Fact, Cell] = {OPEN: False, LATE: False}
        for fact in region:
            if fact.name == "overrun":
                state[fact] = Run(Decimal(0))
        ended = frozenset[Cell]({None, *ENDED})
        fits = grid.allows(rung, state) and region.get(STATE, ended) & ended
        if all(region.values()) and fits:
            yield finding(
                grid.policy,
                rung,
                "too_wide",
                "it would also strike what was closed in time",
                "按时办结的事项也会被触及",
                said=", ".join(c.text for c in rung.when),
                wanted="open, late",
            )
