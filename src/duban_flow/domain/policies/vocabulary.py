"""The vocabulary of policies 条件词表, and what one condition comes to in a case.

Facts are read for one party and may be unknown; unknown stays unknown. Nothing is
read here but the case that is given.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from itertools import pairwise
from typing import Final, cast

from attrs import evolve

from duban_flow.domain.case import Case, Facts
from duban_flow.domain.policies.logic import all_of, compared, negation
from duban_flow.domain.policies.model import Adopted, Condition, Policy, Rung
from duban_flow.domain.policies.sittings import period_end, period_of
from duban_flow.domain.policies.words import (
    LOADS,
    Parameter,
    Read,
    Vocabulary,
    Word,
    condition,
)
from duban_flow.domain.policies.words_acts import ACTS
from duban_flow.domain.policies.words_measured import MEASURED
from duban_flow.domain.policies.words_rated import RATED
from duban_flow.domain.policies.words_standing import STANDING
from duban_flow.domain.quantities import Amount, Interval
from duban_flow.domain.sanctions import Ground

__all__ = [
    "LOADS",
    "STANDARD",
    "Parameter",
    "Vocabulary",
    "Word",
    "condition",
    "ground",
    "needs_of",
]

_MONTH: Final = "month end"

STANDARD: Final = Vocabulary.of([*STANDING, *MEASURED, *RATED, *ACTS])
"""The words every policy may use."""


def needs_of(policy: Policy, vocabulary: Vocabulary = STANDARD) -> frozenset[str]:
    """Name what must be loaded with an item before this policy can judge it.

    A subset of ``events``, ``parts``, ``parent``, ``acts`` and ``history``.
    """
    if isinstance(policy, Adopted):
        return LOADS  # what a policy in Python reads, nobody can know beforehand
    asked = list(policy.account_for)
    found: set[str] = set()
    for rung in policy.rung:
        asked += [*rung.where, *rung.when]
        found |= _needs_of_rung(rung)
    for made in asked:
        found |= vocabulary[made.fact].needs
    return frozenset(found & LOADS)


def _needs_of_rung(rung: Rung) -> set[str]:
    found = set()
    told = any(field in rung.reason for field in ("{excuse}", "{finding}"))
    if told or rung.at.anchor in ("round", "finding"):
        found.add("events")
    if rung.at.anchor in ("act", "act due"):
        found.add("acts")
    return found


def ground(
    asked: Condition,
    case: Case,
    unit: str | None,
    vocabulary: Vocabulary = STANDARD,
    scope: str = "when",
) -> Ground:
    """Answer one condition for one party of a case, with what was found.

    ``holds`` is None where the facts do not decide it.
    """
    word = vocabulary[asked.fact]
    if word.kind == "number":
        holds, found = _number(word, asked, case, unit)
    else:
        read = word.read(case, unit, asked)
        holds = _chosen(read, asked) if word.kind == "word" else _said(read, asked)
        found = (
            word.tell(case, unit, asked)
            if word.tell is not None
            else _plain(word, asked, read)
        )
    return Ground(condition=asked.text, holds=holds, found=found, scope=scope)


def _said(read: Read, asked: Condition) -> bool | None:
    answer = None if read is None else bool(read)
    return negation(answer) if asked.negated else answer


def _chosen(read: Read, asked: Condition) -> bool | None:
    return None if read is None else read in asked.words


def _plain(word: Word, asked: Condition, read: Read) -> str:
    name = asked.text.removeprefix("not ") if word.kind == "flag" else word.name
    if read is None:
        return f"{name} unknown"
    if word.kind == "word":
        return f"{name} {read or 'none'}"
    return name if read else f"not {name}"


def _number(
    word: Word, asked: Condition, case: Case, unit: str | None
) -> tuple[bool | None, str]:
    """Compare a number, now or over so many rounds or months."""
    if word.runs == "round" and not _follow_each_other(case, asked.running):
        return False, _too_few(case, asked.running)
    steps = _steps(word, asked, case)
    read = [cast(Amount | None, word.read(step, unit, asked)) for step in steps]
    limit = cast(Decimal, asked.limit)
    holds = all_of(compared(value, asked.operator, limit) for value in read)
    name = asked.text.partition(f" {asked.operator} ")[0]
    unit_of = asked.unit or next(iter(u for u in word.units if u), "")
    return holds, f"{name} " + ", ".join(_amount(value, unit_of) for value in read)


def _steps(word: Word, asked: Condition, case: Case) -> tuple[Case, ...]:
    """The case as it stood at each of the last rounds or month ends, oldest first."""
    if asked.running == 1:
        return (case,)
    if word.runs == "round":
        rounds = case.facts.rounds
        ends = range(len(rounds) - asked.running + 1, len(rounds) + 1)
        return tuple(
            evolve(case, facts=evolve(case.facts, rounds=rounds[:end])) for end in ends
        )
    last = period_of(case.at, _MONTH, case.calendar)
    if period_end(_MONTH, last, case.calendar) > case.at:
        last -= 1
    ends_of = [
        period_end(_MONTH, month, case.calendar)
        for month in range(last - asked.running, last + 1)
    ]
    return tuple(_in_month(case, *month) for month in pairwise(ends_of))


def _in_month(case: Case, since: datetime, until: datetime) -> Case:
    """The case at a month's end: only that month's own readings tell of the month."""

    def taken(facts: Facts) -> Facts:
        kept = (r for r in facts.readings if since < r.as_of <= until)
        return evolve(facts, readings=tuple(kept))

    return evolve(
        case,
        at=until,
        facts=taken(case.facts),
        parent_facts=taken(case.parent_facts),
    )


def _follow_each_other(case: Case, running: int) -> bool:
    """Whether there are so many rounds, the last ones numbered without a hole."""
    last = [r.ordinal for r in case.facts.rounds[-running:]]
    return len(last) == running and last[-1] - last[0] == running - 1


def _too_few(case: Case, running: int) -> str:
    ordinals = ", ".join(str(r.ordinal) for r in case.facts.rounds[-running:])
    if not ordinals:
        return "no round yet"
    return f"rounds {ordinals}, not {running} in a row"


def _amount(value: Amount | None, unit: str) -> str:
    if value is None:
        return "unknown"
    ends = Interval.of(value)
    said = _shown(ends.low)
    if ends.low != ends.high:
        said += f"~{_shown(ends.high)}"
    if unit in ("", "%"):
        return said + unit
    return f"{said} {unit}" + ("" if said == "1" else "s")


def _shown(number: Decimal) -> str:
    """Two decimals at most, and no zeros that say nothing."""
    said = f"{number:.2f}".rstrip("0").rstrip(".")
    return "0" if said == "-0" else said
