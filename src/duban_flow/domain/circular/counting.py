"""Answers to queries 统计: one query, the matters as they stood, one exact number.

A matter whose facts do not decide a condition is not counted; how many there were is
part of the answer. Nothing is rounded here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from attrs import field, frozen

from duban_flow.domain.case import Case
from duban_flow.domain.circular.asked import (
    CountQuery,
    RoundQuery,
    SumQuery,
    TimesQuery,
    UnitsQuery,
)
from duban_flow.domain.policies.model import Condition
from duban_flow.domain.policies.vocabulary import Vocabulary, ground
from duban_flow.domain.quantities import Amount, Reading
from duban_flow.errors import Invalid


@frozen
class Answer:
    """An exact number, the unit it is in, and how many matters were undecided.

    ``part`` and ``whole`` are what it is the quotient of, where it is one.
    """

    value: Amount
    measure_unit: str = ""
    unsure: int = 0
    part: Decimal | None = field(default=None, kw_only=True)
    whole: Decimal | None = field(default=None, kw_only=True)


def holds(
    conditions: Iterable[Condition], case: Case, vocabulary: Vocabulary
) -> bool | None:
    """Say whether every condition holds of a matter; None where that is open."""
    unsure = False
    for condition in conditions:
        answer = ground(condition, case, None, vocabulary).holds
        if answer is False:
            return False
        unsure = unsure or answer is None
    return None if unsure else True


def chosen(
    conditions: Sequence[Condition], cases: Iterable[Case], vocabulary: Vocabulary
) -> tuple[list[Case], list[Case]]:
    """Give the matters that meet every condition, and those that may."""
    met: list[Case] = []
    unsure: list[Case] = []
    for case in cases:
        answer = holds(conditions, case, vocabulary)
        if answer is not False:
            (met if answer else unsure).append(case)
    return met, unsure


CaseQuery = CountQuery | SumQuery | UnitsQuery | TimesQuery | RoundQuery


def answer(
    query: CaseQuery, cases: Iterable[Case], vocabulary: Vocabulary, name: str
) -> Answer:
    """Answer a query from the matters as they stood.

    Raises:
        Invalid: for a measure in two units, or a round of more or less than one matter.
    """
    asked = query.rebaselined if isinstance(query, TimesQuery) else query.conditions
    met, unsure = chosen(asked, cases, vocabulary)
    match query:
        case CountQuery():
            return Answer(Decimal(len(met)), "件", len(unsure))
        case TimesQuery():
            times = sum(case.item.rebaselined for case in met)
            return Answer(Decimal(times), "次", len(unsure))
        case UnitsQuery():
            units = {unit for case in met for unit in case.item.units(query.role)}
            return Answer(Decimal(len(units)), "个", len(unsure))
        case SumQuery():
            return _sum(query, met, len(unsure), name)
        case _:
            return _round(query, met, name)


def _sum(query: SumQuery, met: Iterable[Case], unsure: int, name: str) -> Answer:
    total, units = Decimal(0), set()
    for case in met:
        declared = [m for m in case.item.measures if m.name == query.measure]
        reading = case.facts.reading(query.measure, case.at)
        units |= {one.measure_unit for one in (*declared, reading) if one is not None}
        value = _part(query, reading)
        if value is None and query.part == "target" and declared:
            value = declared[0].target
        if value is not None:
            total += value
        elif declared or reading is not None:
            unsure += 1
    if len(units) > 1:
        several = "、".join(sorted(units))
        raise Invalid(
            f"Figure {name!r}: {query.measure!r} is in several units: {several}.",
            zh=f"数字“{name}”：指标“{query.measure}”有多个计量单位：{several}。",
            code="figure.units",
        )
    return Answer(total, "".join(units), unsure)


def _part(query: SumQuery, reading: Reading | None) -> Decimal | None:
    if reading is None:
        return None
    parts = {
        "actual": reading.actual,
        "target": reading.target,
        "scheduled": reading.scheduled,
    }
    return parts[query.part]


def _round(query: RoundQuery, met: Sequence[Case], name: str) -> Answer:
    if len(met) != 1:
        found = "、".join(case.item.code for case in met) or "none"
        raise Invalid(
            f"Figure {name!r}: one matter was wanted for round {query.round}, "
            f"found: {found}.",
            zh=f"数字“{name}”：第{query.round}轮应恰有一个事项，实有{len(met)}个。",
            code="figure.round",
        )
    case = met[0]
    made = next((r for r in case.facts.rounds if r.ordinal == query.round), None)
    value: Amount | None = None
    if made is not None:
        entry = made.entry(case.item.content)
        values: dict[str, Amount | int | None] = {
            "score": None if entry is None else entry.score,
            "rank": None if entry is None else entry.rank,
            "mean": made.mean,
            "gap": made.gap(case.item.content),
        }
        read = values[query.what]
        value = Decimal(read) if isinstance(read, int) else read
    if value is None:
        raise Invalid(
            f"Figure {name!r}: {case.item.code} has no {query.what} in round "
            f"{query.round}.",
            zh=f"数字“{name}”：{case.item.code}第{query.round}轮没有{query.what}。",
            code="figure.round",
        )
    return Answer(value, "名" if query.what == "rank" else "分")
