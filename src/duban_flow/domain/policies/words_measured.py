"""Words about measures 指标与序时进度: met, short, behind, shortfall.

They read the item's own measures, or its parent's where it has none. Schedule pace
is what a reading says was scheduled, where a plan says so; otherwise the number of
the month of the reading in twelfths of the target of its year, so that a reading
of 17 December is held against the whole. Past due, or closed, the target itself
is asked for. Several measures: the one that stands worst speaks.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Final

from attrs import frozen

from duban_flow.domain.case import Case, Facts
from duban_flow.domain.items import Item
from duban_flow.domain.policies.logic import all_of, any_of
from duban_flow.domain.policies.model import Condition
from duban_flow.domain.policies.words import Word
from duban_flow.domain.quantities import Amount, Interval, Measure

_HUNDRED: Final = Decimal(100)


@frozen(kw_only=True)
class Standing:
    """A measure with its last reading by the instant judged; without, all is unknown.

    ``scheduled`` is what was asked for by the reading, ``target`` in the end.
    """

    name: str
    target: Decimal
    scheduled: Fraction = Fraction(0)
    actual: Decimal | None = None

    @property
    def met(self) -> bool | None:
        """Whether the target has been reached."""
        return None if self.actual is None else self.actual >= self.target

    @property
    def short(self) -> bool | None:
        """Whether less was done than was asked for by then."""
        return None if self.actual is None else self._missing > 0

    @property
    def behind(self) -> Decimal | None:
        """Scheduled share minus done share, in points of the target; at least 0."""
        return self._percent(Fraction(self.target))

    @property
    def shortfall(self) -> Decimal | None:
        """The share of the scheduled amount that is missing, in percent; at least 0."""
        return self._percent(self.scheduled)

    @property
    def _missing(self) -> Fraction:
        return self.scheduled - Fraction(self.actual or 0)

    def _percent(self, base: Fraction) -> Decimal | None:
        if self.actual is None:
            return None
        if base <= 0 or self._missing <= 0:
            return Decimal(0)
        share = 100 * self._missing / base
        return Decimal(share.numerator) / Decimal(share.denominator)


def standings(case: Case) -> tuple[Standing, ...]:
    """Give where each of the item's own measures with a target stands.

    A whole that lags does not make each of its parts lag.
    """
    found = (_standing(case, m, case.facts, case.item) for m in case.item.measures)
    return tuple(one for one in found if one is not None)


def decisive(case: Case) -> tuple[Standing | None, ...]:
    """Give where each decisive measure stands; ``None`` for one without a target.

    An item that has none is decided by its parent's.
    """
    item, facts = case.item, case.facts
    if not any(m.decisive for m in item.measures) and case.parent is not None:
        item, facts = case.parent, case.parent_facts
    return tuple(_standing(case, m, facts, item) for m in item.measures if m.decisive)


def _standing(
    case: Case, measure: Measure, facts: Facts, item: Item
) -> Standing | None:
    reading = facts.reading(measure.name, case.at)
    target = measure.target
    if reading is not None and reading.target is not None:
        target = reading.target
    if target is None:
        return None
    if reading is None:
        return Standing(name=measure.name, target=target)
    scheduled = Fraction(target)
    if not _ended(item, case):
        month = case.calendar.day_of(reading.as_of).month
        scheduled = Fraction(target) * month / 12
        if reading.scheduled is not None:
            scheduled = Fraction(reading.scheduled)
    return Standing(
        name=measure.name, target=target, scheduled=scheduled, actual=reading.actual
    )


def _ended(item: Item, case: Case) -> bool:
    """Whether the final value is asked for: it is past due, or closed for sure."""
    past = item.due is not None and case.at > item.due.latest
    return past or item.open_at(case.at) is False


def _met(case: Case) -> bool | None:
    several = decisive(case)
    # Where nothing decides, nothing has been met: an excuse must stand on a fact.
    return bool(several) and all_of(s.met if s else None for s in several)


def _worst(values: Iterable[Decimal | None]) -> Amount | None:
    """The worst of several; an unknown one may be anything up to all of it."""
    several = list(values)
    known = [v for v in several if v is not None]
    if not several:
        return Decimal(0)
    if len(known) == len(several):
        return max(known)
    return Interval(max(known), max(*known, _HUNDRED)) if known else None


def _tell(case: Case, _unit: str | None, _asked: Condition) -> str:
    return _told(standings(case))


def _tell_met(case: Case, _unit: str | None, _asked: Condition) -> str:
    return _told(tuple(one for one in decisive(case) if one is not None))


def _told(several: Sequence[Standing]) -> str:
    if not several:
        return "nothing is measured"
    return "; ".join(
        f"{s.name} {'unknown' if s.actual is None else f'{s.actual:f}'} of {s.target:f}"
        for s in several
    )


MEASURED: Final = (
    Word(
        name="met",
        kind="flag",
        read=lambda case, _unit, _: _met(case),
        needs=["events", "parent"],
        tell=_tell_met,
    ),
    Word(
        name="short",
        kind="flag",
        read=lambda case, _unit, _: any_of(s.short for s in standings(case)),
        needs=["events"],
        harmful=True,
        tell=_tell,
    ),
    Word(
        name="behind",
        kind="number",
        read=lambda case, _unit, _: _worst(s.behind for s in standings(case)),
        needs=["events"],
        units=("", "point"),
        harmless=Decimal(0),
        bounds=(Decimal(0), _HUNDRED),
        runs="month",
    ),
    Word(
        name="shortfall",
        kind="number",
        read=lambda case, _unit, _: _worst(s.shortfall for s in standings(case)),
        needs=["events"],
        units=("%",),
        harmless=Decimal(0),
        bounds=(Decimal(0), _HUNDRED),
        runs="month",
    ),
)
