"""A directory of units and posts from a file: TOML or CSV in, a Directory out.

Every fault is named at once, with file, line and the nearest name there is.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from duban_flow.domain.units import Directory
from duban_flow.errors import Invalid, Problem
from duban_flow.formats.cells import shown
from duban_flow.formats.decoding import decode, why_unread
from duban_flow.formats.directory_csv import csv_entries
from duban_flow.formats.directory_entries import Notes, assemble
from duban_flow.formats.directory_toml import toml_entries

LARGEST: Final = 10_000_000
_TOML: Final = re.compile(r"^\s*(?:\[|[\w.-]+\s*=)", re.MULTILINE)


def load_directory(path_or_text: str | Path) -> Directory:
    r"""Read units and posts 单位名录 from a file, or from its text.

    TOML has ``[[unit]]`` and ``[[post]]``; CSV has the columns of
    :mod:`duban_flow.formats.directory_csv`. A file's ending says which it is; a text
    is TOML where a line of it is a heading or a key of TOML.

    Raises:
        Invalid: with every fault at once, each with file, line and nearest name.

    >>> directory = load_directory('''
    ... [[unit]]
    ... code = "zjj"
    ... name = "住建局"
    ... aliases = ["建设局"]
    ... ''')
    >>> directory.get("建设局").code
    'zjj'
    """
    sheet, text = _text(path_or_text)
    notes = Notes(sheet)
    is_csv = sheet.casefold().endswith(".csv")
    is_toml = sheet.casefold().endswith(".toml")
    if is_toml or (not is_csv and _TOML.search(text)):
        return assemble(toml_entries(text, notes), notes)
    return assemble(csv_entries(text, notes), notes)


def _text(path_or_text: str | Path) -> tuple[str, str]:
    """Give what a source is called, and its text."""
    if isinstance(path_or_text, str) and "\n" in path_or_text:
        return "directory", path_or_text.removeprefix("\ufeff")
    path = Path(path_or_text)
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except (OSError, ValueError) as fault:
        en, zh = why_unread(fault)
        raise _whole(
            shown(path.name), f"It cannot be read: {en}.", f"无法读取：{zh}"
        ) from fault
    if len(data) > LARGEST:
        raise _whole(path.name, f"It is larger than {LARGEST} bytes.", "文件过大")
    decoded = decode(data)
    if decoded.problem is not None:
        place = decoded.problem
        raise Invalid(
            "",
            Problem(
                code=place.code,
                en=place.en,
                zh=place.zh,
                sheet=path.name,
                said=place.said,
                wanted=place.wanted,
            ),
        )
    return path.name, decoded.text


def _whole(sheet: str, en: str, zh: str) -> Invalid:
    return Invalid("", Problem(code="directory.file", en=en, zh=zh, sheet=sheet))
