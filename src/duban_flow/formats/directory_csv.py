"""Units and posts from comma-separated text.

A row with a name tells a unit; a row with a post tells a post of the unit whose code
(or name) it gives; one row may do both.

    ============  ======================  =========================================
    column        headings                what a cell holds
    ============  ======================  =========================================
    code          编码 单位编码           the unit's code
    name          名称 单位名称           the unit's name
    kind          类型                    supervisor, body, auditor, department …
    parent        上级单位                a unit
    aliases       曾用名 别名             names, parted by 、
    valid_from    成立日期                a date
    valid_until   撤销日期                a date
    successor     承继单位                a unit
    post          岗位                    the name of a post
    officer       负责人                  who holds it
    deputies      代理人                  who else may, parted by 、
    since         任职日期                a date
    until         离任日期                a date
    address.NAME  地址.NAME               where the channel NAME reaches the post
    ============  ======================  =========================================
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

from attrs import evolve

from duban_flow.domain.ledger import CellKind
from duban_flow.domain.time.dates import parse_date
from duban_flow.domain.written import Unreadable
from duban_flow.errors import Problem
from duban_flow.formats.cells import clean, shown
from duban_flow.formats.directory_entries import Entry, Notes
from duban_flow.formats.ledger_heading import heading_key, nearest
from duban_flow.formats.records import SEPARATORS, Record, read_records

COLUMNS: Final[Mapping[str, tuple[str, CellKind]]] = {
    "code": ("编码 单位编码", "code"),
    "name": ("名称 单位名称", "word"),
    "kind": ("类型", "word"),
    "parent": ("上级单位", "unit"),
    "aliases": ("曾用名 别名", "words"),
    "valid_from": ("成立日期", "date"),
    "valid_until": ("撤销日期", "date"),
    "successor": ("承继单位", "unit"),
    "post": ("岗位", "word"),
    "officer": ("负责人", "word"),
    "deputies": ("代理人", "words"),
    "since": ("任职日期", "date"),
    "until": ("离任日期", "date"),
}
_OF_UNIT: Final = (
    "name",
    "kind",
    "parent",
    "aliases",
    "valid_from",
    "valid_until",
    "successor",
)
_OF_POST: Final = ("officer", "deputies", "since", "until")
_ADDRESS: Final = re.compile(r"(?:address|地址)[.:](.+)")
_SEVERAL: Final = re.compile(r"[、,，;；\n]+")


def csv_entries(text: str, notes: Notes) -> list[Entry]:
    """Read the rows of a text as entries, noting what is wrong with their cells."""
    first = text.partition("\n")[0]
    separator = max(SEPARATORS, key=lambda s: len(_known(first.split(s))))
    records = [r for r in read_records(text, separator) if not r.is_empty]
    if not records:
        return []
    titles = [" ".join(cell.split()) for cell in records[0].cells]
    for title in titles:
        if title and _column(title) is None:
            near = nearest(title, _names()) or ""
            en, zh = "No column is called that.", "没有这一栏"
            fault = Problem(
                code="column.unknown", en=en, zh=zh, said=title, wanted=near
            )
            _note(notes, fault, records[0], title)
    return [e for record in records[1:] for e in _entries(record, titles, notes)]


def _names() -> list[str]:
    return [*COLUMNS, *(word for zh, _ in COLUMNS.values() for word in zh.split())]


def _known(titles: list[str]) -> set[str]:
    return {column for title in titles if (column := _column(title)) is not None}


def _column(title: str) -> str | None:
    """Find the column of a heading; that of an address keeps its channel's name."""
    plain = heading_key(title)
    if address := _ADDRESS.fullmatch(plain):
        return f"address.{address[1]}"
    for name, (words, _) in COLUMNS.items():
        if plain in {name, *words.split()}:
            return name
    return None


def _note(notes: Notes, fault: Problem, record: Record, title: str) -> None:
    notes.found.append(
        evolve(fault, sheet=notes.sheet, row=record.number, column=title)
    )


def _entries(record: Record, titles: list[str], notes: Notes) -> Iterator[Entry]:
    """Read one row: a unit where it has a name, a post where it has one."""
    if len(record.cells) != len(titles):
        found, wanted = len(record.cells), len(titles)
        fault = Problem(
            code="row.ragged",
            en=f"It has {found} cells, and the heading has {wanted}.",
            zh=f"有{found}个单元格，表头有{wanted}个",
            said=str(found),
            wanted=str(wanted),
        )
        _note(notes, fault, record, "")
        return
    values: dict[str, Any] = {}
    columns: dict[str, str] = {}
    for place, (title, said) in enumerate(zip(titles, record.cells, strict=True)):
        column = _column(title)
        if column is None:
            continue
        columns[column] = title
        value = _value(record, place, (column, title), said, notes)
        if value:
            values[column] = value
    if "post" not in values or any(name in values for name in _OF_UNIT):
        yield _unit(record, values, columns)
    if "post" in values:
        yield _post(record, values, columns)


def _unit(record: Record, values: Mapping[str, Any], columns: dict[str, str]) -> Entry:
    told = {n: values[n] for n in ("code", *_OF_UNIT) if n in values}
    return Entry(what="unit", row=record.number, values=told, columns=columns)


def _post(record: Record, values: Mapping[str, Any], columns: dict[str, str]) -> Entry:
    addresses = {
        name.removeprefix("address."): said
        for name, said in values.items()
        if name.startswith("address.")
    }
    told = {n: values[n] for n in _OF_POST if n in values}
    told |= {"unit": values.get("code"), "name": values["post"], "addresses": addresses}
    called = {
        **columns,
        "unit": columns.get("code", ""),
        "name": columns.get("post", ""),
    }
    return Entry(what="post", row=record.number, values=told, columns=called)


def _value(
    record: Record, place: int, where: tuple[str, str], said: str, notes: Notes
) -> str | tuple[str, ...] | date | None:
    """Clean and read one cell; None after noting what is wrong with it."""
    column, title = where
    kind = COLUMNS[column][1] if column in COLUMNS else "word"
    cell = clean(said, kind, 1_000)
    if place in record.faults:
        en, zh = "A quotation mark is not closed.", "引号没有闭合"
        fault = Problem(code="csv.quote", en=en, zh=zh, said=shown(said))
        _note(notes, fault, record, title)
        return None
    if cell.problem is not None:
        _note(notes, cell.problem, record, title)
        return None
    if kind == "words":
        parts = (part.strip() for part in _SEVERAL.split(cell.text))
        return tuple(part for part in parts if part)
    if kind != "date" or not cell.text:
        return cell.text
    return _day(cell.text, record, title, notes)


def _day(said: str, record: Record, title: str, notes: Notes) -> date | None:
    """Read an exact day, or note what is wrong with it."""
    try:
        found = parse_date(said, zone="UTC")
    except Unreadable as refusal:
        for problem in refusal.problems:
            if isinstance(problem, Problem):
                _note(notes, problem, record, title)
        return None
    if type(found) is date:
        return found
    _no_day(said, record, title, notes)
    return None


def _no_day(said: str, record: Record, title: str, notes: Notes) -> None:
    en, zh = "An exact day is wanted.", "应为确切日期"
    fault = Problem(code="date.about", en=en, zh=zh, said=said, wanted="2009-11-30")
    _note(notes, fault, record, title)
