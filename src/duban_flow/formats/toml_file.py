"""A TOML file as it is read: its name, its text, its data, or why it cannot be.

Every reader of TOML here goes through it; what the data mean is the reader's own.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from attrs import frozen

from duban_flow.errors import Invalid, Problem
from duban_flow.formats.decoding import why_unread
from duban_flow.formats.toml_lines import Lines

LARGEST: Final = 1_000_000
"""Beyond so many bytes a file is surely not what it is taken for."""

_AT_LINE: Final = re.compile(r"\s*\(at line (\d+), column \d+\)")


@frozen(kw_only=True)
class TomlFile:
    """A TOML text that the parser has accepted; ``sheet`` is the file's own name."""

    sheet: str
    text: str
    data: Mapping[str, Any]

    @property
    def lines(self) -> Lines:
        """The line of each table and key."""
        return Lines.of(self.text)


def read_toml(
    path_or_text: Path | str,
    *,
    code: str,
    called: str,
    parse_float: Callable[[str], Any] = float,
) -> TomlFile:
    r"""Read a file, or a text that has more than one line.

    Faults of a text stand in no file: they are placed by what it is *called*.

    Raises:
        Invalid: under *code*: it cannot be read, is too large, or is no TOML.

    >>> read_toml('name = "a"\n', code="policy.file", called="policy").data
    {'name': 'a'}
    """
    if isinstance(path_or_text, str) and "\n" in path_or_text:
        return parsed(called, path_or_text, code=code, parse_float=parse_float)
    path = Path(path_or_text)
    sheet = path.name[:100]
    try:
        if path.stat().st_size > LARGEST:
            en = f"it is larger than {LARGEST} bytes"
            raise _unread(code, sheet, en, "文件过大")
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, ValueError) as fault:
        en, zh = why_unread(fault)
        raise _unread(
            code, sheet, f"it cannot be read: {en}", f"文件无法读取：{zh}"
        ) from fault
    return parsed(sheet, text, code=code, parse_float=parse_float)


def parsed(
    sheet: str, text: str, *, code: str, parse_float: Callable[[str], Any] = float
) -> TomlFile:
    """Parse a text that was read elsewhere.

    Raises:
        Invalid: under *code*: it is no TOML, with the line.
    """
    try:
        data = tomllib.loads(text, parse_float=parse_float)
    except (tomllib.TOMLDecodeError, RecursionError) as fault:
        at = _AT_LINE.search(str(fault))
        plain = _AT_LINE.sub("", str(fault))
        row = int(at[1]) if at else None
        raise _unread(
            code, sheet, f"it is no TOML: {plain}", "不是有效的TOML", row
        ) from fault
    return TomlFile(sheet=sheet, text=text, data=data)


def _unread(code: str, sheet: str, en: str, zh: str, row: int | None = None) -> Invalid:
    return Invalid("", Problem(code=code, en=en, zh=zh, sheet=sheet, row=row))
