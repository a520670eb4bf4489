"""Units and posts from TOML: ``[[unit]]`` and ``[[post]]``, each field with its line.

A key that stands twice is refused by the parser; a field that nobody declared is
refused here, with the nearest name.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, Final, Literal

from duban_flow.domain.time.dates import parse_date
from duban_flow.domain.written import Unreadable
from duban_flow.errors import Problem
from duban_flow.formats.cells import clean, shown
from duban_flow.formats.directory_entries import (
    POST_FIELDS,
    UNIT_FIELDS,
    Entry,
    Notes,
)
from duban_flow.formats.ledger_heading import nearest
from duban_flow.formats.toml_lines import Lines

_AT_LINE: Final = re.compile(r"\s*\(at line (\d+), column \d+\)")
_FIELDS: Final = {"unit": UNIT_FIELDS, "post": POST_FIELDS}
What = Literal["unit", "post"]


def toml_entries(text: str, notes: Notes) -> list[Entry]:
    """Read the tables of a text as entries, noting what is wrong with them."""
    try:
        data = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as fault:
        notes.found.append(_no_toml(str(fault), notes.sheet))
        return []
    lines = Lines.of(text)
    made: list[Entry] = []
    for name, told in data.items():
        if name not in _FIELDS:
            near = nearest(name, _FIELDS) or "unit"
            en, zh = "There is no such table.", "没有这种表"
            where = Entry(
                what="unit",
                row=lines.line((name,)),
                values={},
                columns={"": name},
            )
            notes.add(
                where, "", "directory.table", en, zh, said=name, wanted=f"[[{near}]]"
            )
            continue
        what: What = "unit" if name == "unit" else "post"
        several = told if isinstance(told, list) else [told]
        made += [
            _entry(what, place, fields, lines, notes)
            for place, fields in enumerate(several)
        ]
    return made


def _no_toml(said: str, sheet: str) -> Problem:
    at = _AT_LINE.search(said)
    return Problem(
        code="directory.file",
        en=f"It is no TOML: {_AT_LINE.sub('', said)}",
        zh="不是有效的TOML",
        sheet=sheet,
        row=int(at[1]) if at else None,
    )


def _entry(what: What, place: int, told: Any, lines: Lines, notes: Notes) -> Entry:
    """Read one table; a field that cannot be read is noted and left out."""
    known = _FIELDS[what]
    fields = told if isinstance(told, dict) else {}
    rows = {name: lines.line((what, place, name)) for name in fields}
    entry = Entry(what=what, row=lines.line((what, place)), values={}, rows=rows)
    if not isinstance(told, dict):
        en, zh = "A table was wanted.", "应为一个表"
        notes.add(entry, "", "directory.type", en, zh, wanted=f"[[{what}]]")
    values: dict[str, Any] = {}
    for name, value in fields.items():
        if name not in known:
            near = nearest(name, known) or ""
            en, zh = "There is no such field.", "没有这个字段"
            notes.add(entry, name, "directory.field", en, zh, said=name, wanted=near)
            continue
        read = _READERS[known[name]](value)
        if isinstance(read, Problem):
            notes.add(
                entry,
                name,
                read.code,
                read.en,
                read.zh,
                said=read.said,
                wanted=read.wanted,
            )
        else:
            values[name] = read
    return Entry(what=what, row=entry.row, values=values, rows=rows)


def _ill(value: object, en: str, zh: str, wanted: str) -> Problem:
    return Problem(
        code="directory.type", en=en, zh=zh, said=shown(str(value)), wanted=wanted
    )


def _text(value: object) -> str | Problem:
    if not isinstance(value, str):
        return _ill(value, "A text was wanted.", "应为带引号的文本", '"…"')
    cell = clean(value, "word", 1_000)
    return cell.text if cell.problem is None else cell.problem


def _texts(value: object) -> tuple[str, ...] | Problem:
    if not isinstance(value, list):
        return _ill(value, "A list of texts was wanted.", "应为文本列表", '["…"]')
    made = []
    for one in value:
        read = _text(one)
        if isinstance(read, Problem):
            return read
        made.append(read)
    return tuple(made)


def _table(value: object) -> Mapping[str, str] | Problem:
    if not isinstance(value, dict):
        return _ill(value, "A table was wanted.", "应为一个表", '{ email = "…" }')
    made = {}
    for name, one in value.items():
        read = _text(one)
        if isinstance(read, Problem):
            return read
        made[name] = read
    return made


def _date(value: object) -> date | Problem:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if not isinstance(value, str):
        return _ill(value, "A date was wanted.", "应为日期", "2009-11-30")
    try:
        found = parse_date(value, zone="UTC")
    except Unreadable as fault:
        problem = fault.problems[0]
        if isinstance(problem, Problem):
            return problem
        raise
    if isinstance(found, date) and not isinstance(found, datetime):
        return found
    return _ill(value, "An exact day is wanted.", "应为确切日期", "2009-11-30")


_READERS: Final[Mapping[str, Callable[[object], Any]]] = {
    "text": _text,
    "texts": _texts,
    "table": _table,
    "date": _date,
}
