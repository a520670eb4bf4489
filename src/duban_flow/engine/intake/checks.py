"""What only shows when the rows of a ledger are seen together.

Codes that are the same, wholes that do not exist or go round in a circle, totals
that do not add up. Every walk is a loop: a ledger may be ten thousand parts deep.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Final

from attrs import field, frozen

from duban_flow.domain.amounts import parse_quantity
from duban_flow.domain.instants import When, earliest
from duban_flow.domain.items import NewItem
from duban_flow.domain.ledger import Ledger, LedgerRow, code_key
from duban_flow.domain.written import Unreadable
from duban_flow.engine.intake.items import About
from duban_flow.engine.intake.notes import nearest
from duban_flow.engine.intake.times import Cells
from duban_flow.errors import Problem

ADDED: Final = ("target", "actual", "scheduled", "done", "total")
"""Columns of which a row of totals may give the sum."""

NAMED: Final = 8
"""How many codes of a circle are named."""


@frozen
class Given:
    """A new item of the ledger, and the row that gives it out."""

    cells: Cells
    code: str
    start: When
    new: NewItem | None = None
    about: About | None = None
    parent: str = ""

    @property
    def row(self) -> int:
        """Where it stands."""
        return self.cells.row.number


@frozen
class Index:
    """Every item that a ledger may speak of, by the key of its code.

    ``seen`` holds codes of rows that are too broken to be read further. It is not
    ``whole`` where a code could not be read at all: then nothing is called unknown.
    """

    given: Mapping[str, Given] = field(factory=dict)
    seen: Mapping[str, str] = field(factory=dict)
    existing: Mapping[str, str] | None = None
    whole: bool = True

    def spelled(self, code: str) -> str | None:
        """Give a code as its item spells it; None for an item that is not known."""
        key = code_key(code)
        if key in self.given:
            return self.given[key].code
        return self.seen.get(key) or (self.existing or {}).get(key)

    def codes(self) -> list[str]:
        """List every known code, to name the nearest."""
        given = (one.code for one in self.given.values())
        return [*given, *self.seen.values(), *(self.existing or {}).values()]


def duplicate(cells: Cells, code: str, first: Given | None, index: Index) -> bool:
    """Refuse a code that is taken, in the ledger or in the store."""
    if first is not None:
        row = first.row
        cells.fault(
            "code",
            "code.duplicate",
            f"Row {row} has the same code.",
            f"与第{row}行编号重复",
            said=code,
            wanted=first.code,
        )
        return True
    known = (index.existing or {}).get(code_key(code))
    if known is None:
        return False
    en, zh = "An item has this code already.", "编号已存在"
    cells.fault("code", "code.taken", en, zh, said=code, wanted=known)
    return True


def check_parents(index: Index) -> None:
    """Refuse wholes that are not known, come later, or go round in a circle."""
    for one in index.given.values():
        if not one.parent:
            continue
        above = index.given.get(code_key(one.parent))
        if index.whole and index.spelled(one.parent) is None:
            near = nearest(one.parent, index.codes())
            en, zh = "There is no such item.", "没有这个上级事项"
            one.cells.fault(
                "parent", "parent.unknown", en, zh, said=one.parent, wanted=near
            )
        elif above is not None and _later(above, one):
            en = f"The whole is given out later, on row {above.row}."
            zh = f"上级事项（第{above.row}行）交办更晚"
            one.cells.fault("parent", "parent.later", en, zh, said=one.parent)
    for circle in circles({key: code_key(g.parent) for key, g in index.given.items()}):
        _name_circle(
            sorted(circle, key=lambda key: index.given[key].row), circle, index
        )


def _later(whole: Given, part: Given) -> bool:
    """Whether a whole is given out after its part, as far as dates can be read."""
    undated = whole.cells.is_ill("on") or part.cells.is_ill("on")
    return not undated and earliest(whole.start) > earliest(part.start)


def _name_circle(rows: Sequence[str], circle: Sequence[str], index: Index) -> None:
    first = index.given[rows[0]]
    start = list(circle).index(rows[0])
    turned = [*circle[start:], *circle[:start], rows[0]]
    named = [index.given[key].code for key in turned]
    if len(named) > NAMED:
        named = [*named[: NAMED - 1], "…", named[-1]]
    way = " → ".join(named)
    en, zh = f"Items stand above themselves: {way}.", f"上级事项成环：{way}"
    first.cells.fault("parent", "parent.circle", en, zh, said=first.parent)


def circles(above: Mapping[str, str]) -> Iterator[tuple[str, ...]]:
    """Find every circle of a mapping from part to whole, each once.

    >>> list(circles({"a": "b", "b": "a", "c": "a", "d": ""}))
    [('a', 'b')]
    """
    done: set[str] = set()
    for start in above:
        way: dict[str, None] = {}
        place = start
        while place in above and place not in done and place not in way:
            way[place] = None
            place = above[place]
        if place in way:
            steps = list(way)
            yield tuple(steps[steps.index(place) :])
        done.update(way)


def check_filled(ledger: Ledger) -> Iterator[Problem]:
    """Remark a ledger of headings only: nobody means to import nothing."""
    if not ledger.rows and not ledger.problems:
        yield Problem(
            code="ledger.empty",
            en="There are headings, and no rows under them.",
            zh="只有表头，没有内容",
            sheet=ledger.name,
        )


def check_totals(ledger: Ledger) -> Iterator[Problem]:
    """Name each total that is not the sum of the rows it stands under.

    小计 adds the rows since the last row of totals, any other all rows above it.
    """
    last = 0
    for total in ledger.totals:
        partly = any(cell.strip().startswith("小计") for cell in total.raw)
        rows = [
            row
            for row in ledger.rows
            if (last if partly else 0) < row.number < total.number
        ]
        for column in ADDED:
            said, added = _number(total, column), _sum(rows, column)
            if said is not None and added is not None and said != added:
                yield Problem(
                    code="total.differs",
                    en="The rows above add up to something else.",
                    zh="与上列各行之和不符",
                    sheet=ledger.name,
                    row=total.number,
                    column=ledger.heading(column),
                    said=f"{said:f}",
                    wanted=f"{added:f}",
                )
        last = total.number


def _sum(rows: Iterable[LedgerRow], column: str) -> Decimal | None:
    """Add a column up; None where a cell of it is no number."""
    added = Decimal(0)
    for row in rows:
        if not row.get(column):
            continue
        value = _number(row, column)
        if value is None:
            return None
        added += value
    return added


def _number(row: LedgerRow, column: str) -> Decimal | None:
    try:
        return parse_quantity(row.get(column))[0]
    except Unreadable:
        return None
