"""Counting the figures of one circular 统计: each once, each as of its own date.

Pure: matters are handed in, as of the instant that is asked for. What one figure says
of others (shares, differences, growth) follows from their exact values, not from what
was printed of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, time
from decimal import Decimal
from typing import Final

from attrs import define, evolve, field, frozen

from duban_flow.domain.case import Case
from duban_flow.domain.circular.asked import (
    DifferenceQuery,
    GrowthQuery,
    PaceQuery,
    Query,
    SanctionQuery,
    ShareQuery,
)
from duban_flow.domain.circular.circular_words import CIRCULAR
from duban_flow.domain.circular.contents import AsOf
from duban_flow.domain.circular.counting import Answer, CaseQuery, answer
from duban_flow.domain.circular.figure import (
    Counted,
    Figure,
    Stated,
    per_whole,
    rounded,
)
from duban_flow.domain.circular.outline import FigureSpec
from duban_flow.domain.circular.pace import pace
from duban_flow.domain.circular.relations import quotient
from duban_flow.domain.circular.shares import Shares, largest_remainder, middle
from duban_flow.domain.instants import day_end
from duban_flow.domain.policies.vocabulary import Vocabulary
from duban_flow.domain.quantities import Amount, Interval, amount
from duban_flow.domain.sanctions import NotSanctioned, Sanction
from duban_flow.domain.time.calendar import WorkCalendar
from duban_flow.errors import Invalid

CasesAt = Callable[[datetime], Sequence[Case]]
"""Gives every matter as it stood at an instant."""


OwnQuery = CaseQuery | PaceQuery | SanctionQuery
"""What is answered from the record, and not from other figures."""


@frozen(kw_only=True)
class Record:
    """What a circular tells beside its matters: sanctions, and what was not sanctioned.

    ``names`` gives the names of units by their codes.
    """

    sanctions: tuple[Sanction, ...] = ()
    not_sanctioned: tuple[NotSanctioned, ...] = ()
    names: Mapping[str, str] = field(factory=dict)

    def name(self, unit: str | None) -> str:
        """Give a unit's name, or say that there is none."""
        return self.names.get(unit, unit) if unit else "未明确责任单位"


NOTHING: Final = Record()
"""No sanctions, and units called by their codes."""


@define(kw_only=True)
class Counter:
    """Counts the figures of one circular, each once.

    Raises:
        Invalid: for figures that follow from each other in a circle, a divisor that
            can be zero, or a figure with no date to count it by.
    """

    wanted: Mapping[str, FigureSpec]
    cases_at: CasesAt
    calendar: WorkCalendar
    record: Record = NOTHING
    vocabulary: Vocabulary = CIRCULAR
    as_of: AsOf | None = None
    _cases: dict[datetime, Sequence[Case]] = field(factory=dict, init=False)
    _answers: dict[str, Answer] = field(factory=dict, init=False)
    _open: list[str] = field(factory=list, init=False)

    def figure(self, name: str) -> Figure:
        """Count one figure, rounded as it is wanted."""
        spec = self.wanted[name]
        found = self.answer(name)
        unit = spec.measure_unit or found.measure_unit
        places = _default_places(spec.query) if spec.places is None else spec.places
        return Figure(
            name,
            _as_printed(found.value, places),
            unit,
            label=spec.label,
            numerator=found.part,
            denominator=found.whole,
            rounding=places,
            as_of=dated(spec.as_of or self.as_of, self.calendar),
            origin=Stated(spec.stated) if spec.query is None else Counted(spec.query),
            unsure=found.unsure,
        )

    def answer(self, name: str) -> Answer:
        """Give the exact number behind a figure."""
        if name not in self._answers:
            if name in self._open:
                circle = " → ".join([*self._open, name])
                raise Invalid(
                    f"Figures follow from each other in a circle: {circle}.",
                    zh=f"数字互相推算成环：{circle}。",
                    code="figure.circle",
                )
            self._open.append(name)
            self._answers[name] = self._answer(self.wanted[name])
            self._open.pop()
        return self._answers[name]

    def cases(self, as_of: AsOf | None, what: str) -> Sequence[Case]:
        """Give the matters as of a date's 24:00, or an instant."""
        at = self.instant(as_of, what)
        if at not in self._cases:
            self._cases[at] = self.cases_at(at)
        return self._cases[at]

    def instant(self, as_of: AsOf | None, what: str) -> datetime:
        """Give the instant meant by a date, an instant, or nothing."""
        meant = as_of or self.as_of
        if meant is None:
            raise Invalid(
                f"{what} has no as_of, nor has its section.",
                zh=f"{what}没有截至时间，所在章节也没有。",
                code="figure.as_of",
            )
        if isinstance(meant, datetime):
            return meant
        return day_end(meant, self.calendar.tz)

    def _answer(self, spec: FigureSpec) -> Answer:
        query = spec.query
        match query:
            case None:
                value = amount(spec.stated)
                return Answer(Decimal(0) if value is None else value)
            case ShareQuery(part, whole):
                return self._quotient(spec, part, whole)
            case GrowthQuery(now, before):
                return self._growth(spec, now, before)
            case DifferenceQuery(minuend, subtrahend):
                return self._difference(spec, minuend, subtrahend)
            case _:
                return self._from_record(spec, query)

    def _from_record(self, spec: FigureSpec, query: OwnQuery) -> Answer:
        """Answer what is asked of the date, the sanctions or the matters."""
        what = f"Figure {spec.name!r}"
        if isinstance(query, PaceQuery):
            on = self.calendar.day_of(self.instant(spec.as_of, what))
            passed = pace(on, query.pace)
            part, whole = Decimal(passed.passed), Decimal(passed.of)
            return Answer(part / whole * 100, "%", part=part, whole=whole)
        if isinstance(query, SanctionQuery):
            kind = query.sanctions
            found = [s for s in self.record.sanctions if kind in ("", s.kind)]
            return Answer(Decimal(len(found)), "个")
        cases = self.cases(spec.as_of, what)
        return answer(query, cases, self.vocabulary, spec.name)

    def _pair(self, one: str, other: str) -> tuple[Interval, Interval, int]:
        first, second = self.answer(one), self.answer(other)
        unsure = first.unsure + second.unsure
        return Interval.of(first.value), Interval.of(second.value), unsure

    def _quotient(self, spec: FigureSpec, part: str, whole: str) -> Answer:
        over, under, unsure = self._pair(part, whole)
        unit = spec.measure_unit or "%"
        return _divided(spec.name, over, under, unit, unsure)

    def _growth(self, spec: FigureSpec, now: str, before: str) -> Answer:
        last, first, unsure = self._pair(now, before)
        unit = spec.measure_unit or "%"
        if last.width or first.width:
            times = _divided(spec.name, last, first, unit, unsure).value
            whole = Interval.of(per_whole(unit))
            return Answer(Interval.of(times).minus(whole), unit, unsure)
        return _divided(spec.name, last.minus(first), first, unit, unsure)

    def _difference(self, spec: FigureSpec, minuend: str, subtrahend: str) -> Answer:
        more, less, unsure = self._pair(minuend, subtrahend)
        unit = self.wanted[minuend].measure_unit or self.answer(minuend).measure_unit
        found = more.minus(less)
        value: Amount = found if found.width else found.low
        return Answer(value, "个百分点" if unit == "%" else unit, unsure)


def dated(as_of: AsOf | None, calendar: WorkCalendar) -> AsOf | None:
    """Say an instant as people do: 24:00 by its day, any other on the local clock."""
    if not isinstance(as_of, datetime):
        return as_of
    local = calendar.local(as_of)
    return calendar.day_of(as_of) if local.time() == time() else local


def _divided(
    name: str, over: Interval, under: Interval, unit: str, unsure: int
) -> Answer:
    found = quotient(over, under)
    if found is None and Interval.of(Decimal(0)) == under:
        raise Invalid(
            f"Figure {name!r}: no data yet, what it is a share of is 0.",
            zh=f"数字“{name}”：暂无数据，作为基数的数字为0。",
            code="figure.no_data",
        )
    if found is None:
        raise Invalid(
            f"Figure {name!r}: what it is a share of can be zero.",
            zh=f"数字“{name}”：作为基数的数字可能为零。",
            code="figure.zero",
        )
    by = per_whole(unit)
    if not over.width and not under.width:
        part, whole = over.low, under.low
        return Answer(found.low * by, unit, unsure, part=part, whole=whole)
    return Answer(Interval(found.low * by, found.high * by), unit, unsure)


def _default_places(query: Query | None) -> int | None:
    """Two decimals for what was divided; everything else as it is."""
    if isinstance(query, ShareQuery | GrowthQuery | PaceQuery):
        return 2
    return None


def _as_printed(value: Amount, places: int | None) -> Amount:
    """Round; a range no wider than the last place is printed as its middle."""
    if places is None:
        return value
    if isinstance(value, Interval):
        if value.width > Decimal(1).scaleb(-places):
            return Interval(rounded(value.low, places), rounded(value.high, places))
        return rounded((value.low + value.high) / 2, places)
    return rounded(value, places)


def closed_to_whole(
    figures: Mapping[str, Figure], several: Iterable[Shares]
) -> dict[str, Figure]:
    """Print shares so that they add up to 100, where a circular asks for it."""
    made = dict(figures)
    for shares in several:
        if not shares.closing:
            continue
        names = list(shares.parts)
        parts = [
            middle(figures[p] if isinstance(p, str) else p)
            for p in shares.parts.values()
        ]
        places = max(figures[name].places for name in names)
        for name, value in zip(names, largest_remainder(parts, places), strict=True):
            made[name] = evolve(figures[name], value=value, rounding=places)
    return made
