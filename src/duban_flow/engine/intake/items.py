"""A row that gives out a new item, as a NewItem."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Final, TypeVar

from attrs import frozen

from duban_flow.domain.instants import When
from duban_flow.domain.items import NewItem, Source
from duban_flow.domain.ledger import COLUMNS
from duban_flow.domain.quantities import Measure
from duban_flow.domain.time.term import Term
from duban_flow.domain.units import Role
from duban_flow.engine.intake.times import Cells
from duban_flow.errors import Invalid

T = TypeVar("T")

SHARES: Final = frozenset({"%", "‰", "百分点", "个百分点"})
"""Units of measure in which a quantity may be below zero."""


@frozen
class About:
    """What other rows must know of an item: how a round calls it, what measures it."""

    subject: str = ""
    measures: tuple[Measure, ...] = ()


def read_item(cells: Cells, code: str, start: When) -> tuple[NewItem | None, About]:
    """Read a row as a new item; without one, why is noted."""
    before = len(cells.noted.problems)
    title = cells.text("title")
    if not title:
        cells.missing("title")
    parties = _parties(cells)
    term = read_term(cells, start)
    measures = _measures(cells)
    source = _source(cells)
    flags = {name: cells.flag(name) for name in ("mandatory", "synthetic")}
    workflow, subject = cells.text("workflow"), cells.text("subject")
    about = About(subject or title, measures)
    if len(cells.noted.problems) > before or not title or not code:
        return None, about
    try:
        new = NewItem(
            code,
            title,
            category=cells.text("category"),
            term=term,
            parties=parties,
            source=source,
            priority=cells.text("priority"),
            labels=cells.words("labels"),
            measures=measures,
            subject=subject,
            mandatory=flags["mandatory"] is not False,
            synthetic=flags["synthetic"] is True,
            workflow=workflow,
            policy=cells.text("policy"),
            calendar=cells.text("calendar"),
        )
    except Invalid as fault:
        cells.refused("code" if fault.code == "item.code" else "title", fault.reasons)
        return None, about
    _remark_wanting(cells, new)
    return new, about


def _remark_wanting(cells: Cells, new: NewItem) -> None:
    """Remark what an item may lack, but is seldom meant to."""
    if new.term is None:
        en, zh = "No term: nobody will be urged.", "没有时限，不会催办"
        cells.remark("term", "item.no_term", en, zh)
    if not any(new.parties.get(role) for role in (Role.RESPONSIBLE, Role.LEAD)):
        en, zh = (
            "Neither a responsible nor a lead unit.",
            "没有责任单位，也没有牵头单位",
        )
        cells.remark("responsible", "item.no_unit", en, zh)


def _parties(cells: Cells) -> Mapping[Role, tuple[str, ...]]:
    found: dict[Role, tuple[str, ...]] = {}
    for role in Role:
        if COLUMNS[role].kind == "units":
            units = cells.units(role)
        else:
            one = cells.unit(role)
            units = () if one is None else (one,)
        if units:
            found[role] = units
    return found


def read_term(cells: Cells, start: When) -> Term | None:
    """Read a term from its column or from that of the due date.

    Where both are filled they must end on the same day.
    """
    said = [column for column in ("term", "due") if cells.has(column)]
    terms = {column: cells.term(column) for column in said}
    read = {column: term for column, term in terms.items() if term is not None}
    for column, term in read.items():
        if not cells.is_ill("on"):
            cells.due_after(column, term, start)
    if len(read) == 2:
        calendar = cells.setting.calendar
        ends = {c: t.deadline(start, calendar).last_day for c, t in read.items()}
        if ends["term"] != ends["due"]:
            cells.fault(
                "due",
                "due.term",
                "It is not the day on which the term ends.",
                "与办理时限不一致",
                said=cells.row.get("due"),
                wanted=ends["term"].isoformat(),
            )
    return next(iter(read.values()), None)


def _source(cells: Cells) -> Source | None:
    kind, reference = cells.text("source"), cells.text("reference")
    complainant = cells.text("complainant")
    if not kind and (reference or complainant):
        cells.missing("source")
    if not kind:
        return None
    return Source(kind, reference, complainant=complainant)


def _measures(cells: Cells) -> tuple[Measure, ...]:
    """Read measures 指标 whose names, units and targets stand side by side."""
    names, units = cells.words("measure"), cells.words("measure_unit")
    targets, decisive = cells.quantities("target"), cells.flags("decisive")
    for column, several in (
        ("measure_unit", units),
        ("target", targets),
        ("decisive", decisive),
    ):
        if several and len(several) != len(names):
            cells.fault(
                column,
                "measure.count",
                f"There are {len(names)} measures and {len(several)} of these.",
                f"有{len(names)}个指标，此处为{len(several)}个",
                said=cells.row.get(column),
                wanted=str(len(names)),
            )
    return tuple(
        _measure(
            cells, name, _at(units, place), _at(targets, place), _at(decisive, place)
        )
        for place, name in enumerate(names)
    )


def _at(several: Sequence[T], place: int) -> T | None:
    return several[place] if place < len(several) else None


def _measure(
    cells: Cells,
    name: str,
    unit: str | None,
    quantity: tuple[Decimal, str] | None,
    decisive: bool | None,
) -> Measure:
    """Make one measure; where its target cannot be read, of what can."""
    found, target = _target(cells, unit or "", quantity)
    return Measure(name, found, target=target, decisive=decisive is True)


def _target(
    cells: Cells, unit: str, quantity: tuple[Decimal, str] | None
) -> tuple[str, Decimal | None]:
    if quantity is None:
        if not unit and not cells.is_ill("target"):
            cells.missing("measure_unit")
        return unit, None
    unit = agreed_unit(cells, "target", unit, quantity[1])
    if unit not in SHARES:
        cells.not_negative("target", quantity[0])
    return unit, quantity[0]


def agreed_unit(cells: Cells, column: str, declared: str, written: str) -> str:
    """Hold the unit behind a number to the measure's; one of them must be there."""
    if written and declared and written != declared:
        cells.fault(
            column,
            "quantity.unit",
            f"The measure's unit is {declared}.",
            f"指标的计量单位是{declared}",
            said=cells.row.get(column),
            wanted=declared,
        )
    if not written and not declared:
        cells.missing("measure_unit")
    return declared or written
