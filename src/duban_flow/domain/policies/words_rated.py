"""Words about evaluations and findings 测评与查实问题.

An item's place in a round is its subject's entry. ``rank`` is (rank − 1)/(cohort −
1), so that the third of five stands in the middle and not in the lower half.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from duban_flow.domain.case import Case, Finding, Round
from duban_flow.domain.policies.logic import any_of, compared
from duban_flow.domain.policies.model import Condition
from duban_flow.domain.policies.words import Word
from duban_flow.domain.quantities import Amount

_HALF: Final = Decimal(50)


def _last(case: Case) -> Round | None:
    return case.facts.rounds[-1] if case.facts.rounds else None


def _gap(case: Case) -> Amount | None:
    last = _last(case)
    return None if last is None else last.gap(case.item.content)


def _rank(case: Case) -> Amount | None:
    last = _last(case)
    return None if last is None else last.rank_share(case.item.content)


def _poor(case: Case) -> bool | None:
    """Below the mean or in the lower half; a figure never given does not count."""
    last = _last(case)
    if last is None:
        return False
    asked = [
        compared(value, ">", limit)
        for value, limit in ((_gap(case), Decimal(0)), (_rank(case), _HALF))
        if value is not None
    ]
    if not asked and (_ranked(case) or _averaged(case)):
        return None
    return any_of(asked)


def _ranked(case: Case) -> bool:
    return any(r.rank_share(case.item.content) is not None for r in case.facts.rounds)


def _averaged(case: Case) -> bool:
    return any(r.gap(case.item.content) is not None for r in case.facts.rounds)


def _findings(case: Case, unit: str | None) -> tuple[Finding, ...]:
    return tuple(
        f
        for f in case.facts.findings
        if f.unit is None or unit is None or f.unit == unit
    )


def _tell_poor(case: Case, _unit: str | None, _asked: Condition) -> str:
    last = _last(case)
    if last is None:
        return "no round yet"
    said = []
    if (gap := _gap(case)) is not None:
        said.append(f"gap {gap} points")
    if (rank := _rank(case)) is not None:
        said.append(
            f"rank {rank.quantize(Decimal(1)) if isinstance(rank, Decimal) else rank}%"
        )
    return f"round {last.ordinal}: {', '.join(said) or 'no figure'}"


def _tell_faulted(case: Case, unit: str | None, _asked: Condition) -> str:
    found = _findings(case, unit)
    return "; ".join(f"{f.on} {f.text}" for f in found) or "no finding"


RATED: Final = (
    Word(
        name="poor",
        kind="flag",
        read=lambda case, _unit, _: _poor(case),
        needs=["events"],
        harmful=True,
        tell=_tell_poor,
    ),
    Word(
        name="faulted",
        kind="flag",
        read=lambda case, unit, _: bool(_findings(case, unit)),
        needs=["events"],
        harmful=True,
        tell=_tell_faulted,
    ),
    Word(
        name="ranked",
        kind="flag",
        read=lambda case, _unit, _: _ranked(case),
        needs=["events"],
    ),
    Word(
        name="averaged",
        kind="flag",
        read=lambda case, _unit, _: _averaged(case),
        needs=["events"],
    ),
    Word(
        name="gap",
        kind="number",
        read=lambda case, _unit, _: _gap(case),
        needs=["events"],
        units=("", "point"),
        harmless=Decimal(0),
        runs="round",
    ),
    Word(
        name="rank",
        kind="number",
        read=lambda case, _unit, _: _rank(case),
        needs=["events"],
        units=("%",),
        bounds=(Decimal(0), Decimal(100)),
        runs="round",
    ),
)
