"""The cells a policy cuts each fact into 条件单元格: what its rungs tell apart.

Every condition compares one fact with constants, so between two thresholds nothing
changes: one value for each threshold, one between, one outside, stands for all. Words
fall into those named and any other, flags in two, and what must have held for so
long into lengths of a run. No case is needed and no clock.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from itertools import pairwise, product
from typing import Final

from attrs import evolve, frozen

from duban_flow.domain.policies.logic import compared
from duban_flow.domain.policies.model import Condition, Policy, Rung
from duban_flow.domain.policies.words import Vocabulary, Word

ENDED: Final = ("closed", "withdrawn")
_MOST: Final = 2_000


@frozen
class Fact:
    """A fact that conditions ask for: a word, with its arguments and its unit."""

    name: str
    arguments: tuple[str, ...] = ()
    unit: str = ""

    def __str__(self) -> str:
        return (
            f"{self.name}({', '.join(self.arguments)})" if self.arguments else self.name
        )


@frozen
class Run:
    """A number, and over how many rounds or months what it says has held."""

    value: Decimal
    length: int = 1


Cell = bool | str | None | Run
"""One cell of a fact: a flag, a word (``None`` for any other), a number in its run."""

Cells = frozenset[Cell]
Region = Mapping[Fact, Cells]
"""What a rung lets through: for each fact it names, the cells it allows."""

State = Mapping[Fact, Cell]

OPEN: Final = Fact("open")
LATE: Final = Fact("late")
YES: Final = Cells({True})
NO: Final = Cells({False})
STATE: Final = Fact("state")
CATEGORY: Final = Fact("category")


def fact_of(condition: Condition, word: Word) -> Fact:
    """Name the fact of a condition; closed is open turned round."""
    if condition.fact == "closed":
        return OPEN
    unit = "" if "" in word.units or word.kind != "number" else condition.unit
    return Fact(condition.fact, condition.arguments, unit)


@frozen
class Grid:
    """A policy's facts, each cut into its cells, and what every rung lets through."""

    policy: Policy
    vocabulary: Vocabulary
    cells: Mapping[Fact, tuple[Cell, ...]]
    regions: Mapping[str, Region]

    @classmethod
    def of(
        cls, policy: Policy, vocabulary: Vocabulary, categories: Iterable[str] = ()
    ) -> Grid:
        """Cut every fact that the rungs name."""
        asked: dict[Fact, list[Condition]] = {}
        for rung in policy.rung:
            for condition in conditions(rung):
                fact = fact_of(condition, vocabulary[condition.fact])
                asked.setdefault(fact, []).append(condition)
        cells = {
            fact: _cells(fact, several, vocabulary, policy)
            for fact, several in asked.items()
        }
        if named := tuple(categories):
            cells[CATEGORY] = named
        made = cls(policy, vocabulary, cells, {})
        return evolve(made, regions={r.key: made._region(r) for r in policy.rung})

    def word(self, fact: Fact) -> Word:
        """Give the word a fact is asked by."""
        return self.vocabulary[fact.name]

    def allows(self, rung: Rung, state: State) -> bool:
        """Whether a rung lets a state through; what the state leaves open may fit."""
        region = self.regions[rung.key]
        if not all(state[f] in cells for f, cells in region.items() if f in state):
            return False
        # Past due and open is late, whatever else holds.
        return not (
            after_due(rung)
            and state.get(LATE) is False
            and (state.get(OPEN) is True or region.get(OPEN) == YES)
        )

    def scopes(self) -> Iterator[State]:
        """Give every combination of the words that say what a matter is."""
        facts = [
            fact
            for fact in self.cells
            if self.word(fact).kind == "word" and fact != STATE
        ]
        combined = product(*(self.cells[fact] for fact in facts))
        for _, chosen in zip(range(_MOST), combined, strict=False):
            yield dict(zip(facts, chosen, strict=True))

    def _region(self, rung: Rung) -> Region:
        region: dict[Fact, Cells] = {}
        for condition in conditions(rung):
            fact = fact_of(condition, self.vocabulary[condition.fact])
            through = frozenset(c for c in self.cells[fact] if holds(condition, c))
            region[fact] = region.get(fact, through) & through
        if after_due(rung) and region.get(OPEN) == YES:
            region[LATE] = region.get(LATE, YES) & YES
        return region


def conditions(rung: Rung) -> tuple[Condition, ...]:
    """List all that a rung asks, what it is about and what must hold."""
    return (*rung.where, *rung.when)


DATED: Final = ("due", "limit")
"""Anchors that are the item's due date, ``limit`` where a party has none of its own."""


def after_due(rung: Rung) -> bool:
    """Whether a rung comes at a due instant or after it."""
    offset = rung.at.offset
    return rung.at.anchor == "due" and (offset is None or offset.n >= 0)


def holds(condition: Condition, cell: Cell, *, running: bool = True) -> bool:
    """Whether a condition holds in a cell; without *running*, of the number alone."""
    if isinstance(cell, Run):
        enough = not running or cell.length >= condition.running
        limit = condition.limit or Decimal(0)
        return enough and bool(compared(cell.value, condition.operator, limit))
    if condition.operator == "in":
        return cell in condition.words
    return bool(cell) != (condition.negated != (condition.fact == "closed"))


def _cells(
    fact: Fact, asked: list[Condition], vocabulary: Vocabulary, policy: Policy
) -> tuple[Cell, ...]:
    word = vocabulary[fact.name]
    if word.kind == "flag":
        return (True, False)
    if word.kind == "word":
        return (*dict.fromkeys(w for c in asked for w in c.words), None)
    lengths = range(1, max(c.running for c in asked) + 1)
    values = _issued(fact, policy)
    if values is None:
        values = _values(word, {c.limit for c in asked if c.limit is not None})
    return tuple(Run(value, length) for value in values for length in lengths)


def _issued(fact: Fact, policy: Policy) -> list[Decimal] | None:
    """The values that acts can give: none of a kind that no rung issues."""
    actions = {rung.action for rung in policy.rung}
    if fact.name == "level":
        levels = {k.level for key, k in policy.kinds.items() if key in actions}
        return [Decimal(level) for level in sorted({0, *levels})]
    counted = fact.name in ("count", "streak")
    return [Decimal(0)] if counted and fact.arguments[0] not in actions else None


def _values(word: Word, limits: set[Decimal]) -> list[Decimal]:
    """Give each threshold, one value between every two, and one beyond each end."""
    low, high = word.bounds
    marks = sorted({*limits, *({word.harmless} if word.harmless is not None else ())})
    step = Decimal(1)
    found = {marks[0] - step, *marks, marks[-1] + step}
    for below, above in pairwise(marks):
        found.add(below + step if word.whole else (below + above) / 2)
    if high is not None and marks[-1] < high:
        found |= {high, (marks[-1] + high) / 2}
    if low is not None and low < marks[0]:
        found |= {low, (low + marks[0]) / 2}
    return sorted(
        v
        for v in found
        if (low is None or v >= low)
        and (high is None or v <= high)
        and (not word.whole or v == v.to_integral_value())
    )
