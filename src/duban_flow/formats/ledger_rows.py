"""Records of any table (CSV, a spreadsheet) to a ledger.

Every cell is cleaned by the kind of its column and every row is held to the width of
the heading. A row of totals 合计 is set aside; a heading in the middle is left out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from functools import partial
from typing import Final

from attrs import evolve, field, frozen

from duban_flow.domain.ledger import Ledger, LedgerRow
from duban_flow.errors import Problem
from duban_flow.formats.cells import Cell, clean, shown
from duban_flow.formats.ledger_heading import (
    LOOKED_AT,
    Heading,
    Names,
    find_heading,
    heading_key,
)
from duban_flow.formats.records import Record

TOTALS: Final = frozenset({"合计", "小计", "总计", "共计", "累计", "总和", "total"})


@frozen(kw_only=True)
class Limits:
    """How large a ledger may be: bytes of the file, rows, columns."""

    size: int = 50_000_000
    rows: int = 200_000
    columns: int = 200


@frozen
class _Sorted:
    """What has been read so far, by what becomes of it."""

    heading: Heading
    rows: list[LedgerRow] = field(factory=list)
    totals: list[LedgerRow] = field(factory=list)
    problems: list[Problem] = field(factory=list)
    warnings: list[Problem] = field(factory=list)


def gather(
    records: Iterable[Record],
    *,
    name: str,
    digest: str,
    columns: Mapping[str, str] | None = None,
    fields: Collection[str] = (),
    limits: Limits | None = None,
) -> Ledger:
    """Make a ledger of the records of one table.

    *columns* maps headings of the host's own to columns, or to nothing where one is
    not to be read; *fields* are the fields of its workflows that may be columns.
    """
    several, most = list(records), limits or Limits()
    if len(several) > most.rows:
        return Ledger(name=name, digest=digest, problems=[_many(len(several), most)])
    names = Names.of(columns or {}, fields)
    heading = find_heading(several[: LOOKED_AT * 10], names)
    made = _Sorted(heading, problems=list(heading.problems))
    for record in several:
        if not record.is_empty and record.number != heading.number:
            _sort(record, made, most)
    return Ledger(
        name=name,
        digest=digest,
        rows=made.rows,
        problems=[evolve(p, sheet=p.sheet or name) for p in made.problems],
        warnings=[evolve(p, sheet=p.sheet or name) for p in made.warnings],
        headings=heading.words,
        totals=made.totals,
    )


def _sort(record: Record, made: _Sorted, most: Limits) -> None:
    """Put one record where it belongs: a row, a total, or out."""
    if record.number < made.heading.number:
        first = next(cell for cell in record.cells if cell.strip())
        made.warnings.append(_left_out(record, "row.title", shown(first.strip())))
        return
    if made.heading.repeats(record):
        made.warnings.append(_left_out(record, "row.heading", ""))
        return
    is_total = _is_total(record)
    row = _read(record, made, most)
    if is_total:
        made.totals.append(row)
        made.warnings.append(_left_out(record, "row.total", ""))
    else:
        made.rows.append(row)


def _is_total(record: Record) -> bool:
    first = next(cell for cell in record.cells if cell.strip())
    return heading_key(first).rstrip(":") in TOTALS


def _read(record: Record, made: _Sorted, most: Limits) -> LedgerRow:
    titles = made.heading.titles
    cells = list(record.cells[: most.columns])
    while len(cells) > len(titles) and not cells[-1].strip():
        cells.pop()
    ragged = len(cells) != len(titles)
    if ragged and not record.faults:
        made.problems.append(_ragged(record, len(cells), len(titles)))
    read: dict[str, str] = {}
    refused: set[str] = set()
    places = zip(made.heading.columns, titles, cells, strict=False)
    for place, (column, title, said) in enumerate(places):
        cell = _cell(record, place, made.heading, said)
        at = partial(evolve, row=record.number, column=title)
        made.warnings.extend(at(w) for w in cell.warnings if not ragged)
        if cell.problem is not None and not (ragged and not record.faults):
            made.problems.append(at(cell.problem))
        if column is not None and cell.problem is not None:
            refused.add(column.name)
        elif column is not None and cell.text:
            read[column.name] = cell.text
    return LedgerRow(
        number=record.number,
        cells=read,
        raw=record.cells,
        refused=frozenset(refused),
        ragged=ragged,
    )


def _cell(record: Record, place: int, heading: Heading, said: str) -> Cell:
    """Clean one cell; those of columns that are not read are only looked at."""
    if place in record.faults:
        return Cell(
            "",
            Problem(
                code="csv.quote",
                en="A quotation mark is not closed where the cell ends.",
                zh="引号没有在单元格末尾闭合",
                said=shown(said),
                wanted='"…"',
            ),
        )
    column = heading.columns[place]
    if column is None:
        return Cell("")
    return clean(said, column.kind, column.longest)


def _ragged(record: Record, found: int, wanted: int) -> Problem:
    return Problem(
        code="row.ragged",
        en=f"It has {found} cells, and the heading has {wanted}.",
        zh=f"有{found}个单元格，表头有{wanted}个",
        row=record.number,
        said=str(found),
        wanted=str(wanted),
    )


def _left_out(record: Record, code: str, said: str) -> Problem:
    words = {
        "row.title": ("Above the heading, not imported.", "表头以上，不导入"),
        "row.heading": ("The heading once more, not imported.", "重复的表头，不导入"),
        "row.total": ("A row of totals, not imported.", "合计行，不导入"),
    }
    en, zh = words[code]
    return Problem(code=code, en=en, zh=zh, row=record.number, said=said)


def _many(found: int, most: Limits) -> Problem:
    return Problem(
        code="file.rows",
        en=f"It has {found} rows.",
        zh=f"共{found}行，过多",
        said=str(found),
        wanted=f"≤ {most.rows}",
    )
