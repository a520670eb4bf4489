"""A row that acts on an item, as the payload of an action of its workflow.

The columns are matched with the payload's fields by name and read by the fields'
types, so that a host's own workflow needs nothing here. A payload that holds whole
items (a decomposition) cannot stand in one row and is refused by name.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import partial
from typing import Any, Final, Literal, Union, get_args, get_origin, get_type_hints

import attrs

from duban_flow.domain import payloads as p
from duban_flow.domain import payloads_facts as f
from duban_flow.domain.instants import Span, When
from duban_flow.domain.items import Source
from duban_flow.domain.quantities import Interval
from duban_flow.domain.time.extension import Day
from duban_flow.domain.time.term import Term
from duban_flow.domain.units import Role
from duban_flow.engine.intake.facts import Doing, special
from duban_flow.engine.intake.items import read_term
from duban_flow.engine.intake.notes import nearest
from duban_flow.engine.intake.times import Cells
from duban_flow.errors import Invalid

UNIT_FIELDS: Final = frozenset({"unit", "replacing"})
"""Fields of any payload whose text is a unit."""

_COLUMNS: Final[Mapping[tuple[type, str], tuple[str, ...]]] = {
    (f.Measured, "name"): ("measure",),
    (f.Evaluate, "entries"): ("subject",),
    (f.Attach, "name"): ("attachment",),
    (f.FindFault, "text"): ("text", "note"),
    (p.Note, "text"): ("text", "note"),
}
_ANYWHERE: Final[Mapping[str, tuple[str, ...]]] = {"reason": ("reason", "note")}

Fields = dict[str, Any]


def read_fields(doing: Doing) -> Fields | None:
    """Read the fields of a row's payload; None after noting what is wrong."""
    cells, before = doing.cells, len(doing.cells.noted.problems)
    made: Fields = {}
    lacking = False
    hints = get_type_hints(doing.payload)
    for one in attrs.fields(doing.payload):
        name = one.alias or one.name
        if not one.init:
            continue
        columns = _columns_of(doing.payload, name)
        wanted = one.default is attrs.NOTHING
        own = special(doing.payload, name)
        if own is not None:
            value = own(doing)
        else:
            value = _read(doing, columns, hints.get(one.name, str), wanted=wanted)
        if value is not None:
            made[name] = value
        elif wanted:
            lacking = True
            cells.missing(columns[0])
    return None if lacking or len(cells.noted.problems) > before else made


def make(cells: Cells, payload: Callable[..., Any], fields: Fields) -> Any:
    """Make the payload, or note why it refuses; then None."""
    try:
        return payload(**fields)
    except Invalid as fault:
        column = fault.code.rpartition(".")[2]
        cells.refused(column if cells.has(column) else "", fault.reasons)
        return None


def _columns_of(payload: type, name: str) -> tuple[str, ...]:
    """Say in which columns a field may stand, the first that is filled being read."""
    return _COLUMNS.get((payload, name)) or _ANYWHERE.get(name, (name,))


def _read(doing: Doing, columns: tuple[str, ...], hint: Any, *, wanted: bool) -> Any:
    """Read the first filled column by the type of the field."""
    cells, kind = doing.cells, _plain(hint)
    column = next((c for c in columns if cells.has(c)), columns[0])
    if kind is Term:
        return read_term(cells, doing.start)
    reader = _READERS.get(kind) or _reader(kind)
    if kind is str and column in UNIT_FIELDS:
        reader = Cells.unit
    if reader is None and wanted:
        cells.ill.add(column)
        cells.fault(
            "action",
            "action.not_by_row",
            f"It wants {column}, which one row cannot say.",
            f"需要“{column}”，不能用一行表示",
            said=cells.row.get("action"),
        )
    return reader(cells, column) if reader is not None and cells.has(column) else None


def _reader(kind: Any) -> Callable[[Cells, str], Any] | None:
    """Find how a closed set of words, or a list of any, is read."""
    origin = get_origin(kind)
    if origin is Literal:
        return partial(_choice, words={str(one): one for one in get_args(kind)})
    if isinstance(kind, type) and issubclass(kind, Enum):
        return partial(_choice, words={str(one.value): one for one in kind})
    if origin is tuple and get_args(kind)[0] is str:
        return Cells.words
    return None


def _plain(hint: Any) -> Any:
    """Leave None out of a type; instants and amounts are known by their arms."""
    if get_origin(hint) not in {Union, types.UnionType}:
        return hint
    arms = [arm for arm in get_args(hint) if arm is not type(None)]
    if set(arms) == {datetime, Span}:
        return When
    if set(arms) == {Decimal, Interval}:
        return Interval
    if set(arms) == {date, datetime}:
        return Day
    return arms[0] if len(arms) == 1 else hint


def _source(cells: Cells, column: str) -> Source | None:
    said = cells.text(column)
    return Source(said, cells.text("reference")) if said else None


def _number(cells: Cells, column: str) -> Decimal | None:
    found = cells.quantity(column)
    return None if found is None else found[0]


def _text(cells: Cells, column: str) -> str | None:
    return cells.text(column) or None


_READERS: Final[Mapping[Any, Callable[[Cells, str], Any]]] = {
    str: _text,
    bool: Cells.flag,
    int: Cells.whole,
    Decimal: _number,
    Interval: Cells.amount,
    date: Cells.day,
    datetime: Cells.instant,
    When: Cells.until,
    Day: Cells.last_day,
    Role: Cells.role,
    Source: _source,
}


def _choice(cells: Cells, column: str, words: Mapping[str, Any]) -> Any:
    said = cells.text(column)
    if said in words:
        return words[said]
    cells.fault(
        column,
        "word.unknown",
        f"It is none of {', '.join(words)}.",
        f"应为{'、'.join(words)}之一",
        said=said,
        wanted=nearest(said, words),
    )
    return None
