"""Rows to comma-separated text that no spreadsheet will run.

A text that a spreadsheet might take for a formula gets an apostrophe before it
(OWASP ASVS 1.2.10); a number stays a number. What is written here is read back by
:mod:`duban_flow.formats.ledger_csv` as it was. A float is refused.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Final, Literal

from duban_flow.domain.ledger import COLUMNS
from duban_flow.domain.units import Role
from duban_flow.errors import Invalid

Lang = Literal["zh", "en"]

_RISKY: Final = re.compile(r"'*\s*[=+\-@\t\r\0]")
_NUMBER: Final = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?%?")
_QUOTED: Final = re.compile(r"[,;\t\"\r\n]|^\s|\s$")
_FLAGS: Final[Mapping[str, tuple[str, str]]] = {"zh": ("是", "否"), "en": ("yes", "no")}


def write_ledger(
    rows: Iterable[Mapping[str, object]],
    columns: Sequence[str],
    lang: Lang = "zh",
    *,
    bom: bool = False,
) -> str:
    r"""Write rows under the headings of their columns.

    A cell may be a text, a whole or decimal number, a date or instant, a flag, an
    Enum, or several of these; what is absent or None is left empty. With *bom* the
    text begins with a byte order mark, by which spreadsheets know UTF-8.

    Raises:
        Invalid: for a float.

    >>> write_ledger([{"code": "A-1", "title": "=1+1"}], ["code", "title"], "en")
    "code,title\nA-1,'=1+1\n"
    """
    lines = [",".join(_quoted(guarded(_heading(name, lang))) for name in columns)]
    lines += [
        ",".join(_quoted(_cell(row.get(name), lang)) for name in columns)
        for row in rows
    ]
    return ("\ufeff" if bom else "") + "".join(f"{line}\n" for line in lines)


def guarded(text: str) -> str:
    """Put an apostrophe before what a spreadsheet might run, full-width forms too."""
    if _NUMBER.fullmatch(text):
        return text
    seen = unicodedata.normalize("NFKC", text[:80])
    return f"'{text}" if _RISKY.match(seen) else text


def _heading(name: str, lang: Lang) -> str:
    column = COLUMNS.get(name)
    return column.headings[0] if column is not None and lang == "zh" else name


def _cell(value: object, lang: Lang) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return _FLAGS[lang][0 if value else 1]
    if isinstance(value, float):
        raise Invalid(
            f"A quantity is a Decimal or a whole number; {value!r} was given.",
            zh=f"数量应为十进制数或整数，不能是{value!r}。",
            code="quantity.type",
        )
    if isinstance(value, int | Decimal):
        return format(value, "f" if isinstance(value, Decimal) else "d")
    if isinstance(value, tuple | list | frozenset | set):
        several = (
            sorted(value, key=str) if isinstance(value, set | frozenset) else value
        )
        return guarded("、".join(_text(one, lang) for one in several))
    return guarded(_text(value, lang))


def _text(value: object, lang: Lang) -> str:
    if isinstance(value, Role):
        return value.zh if lang == "zh" else value.value
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, date):
        return value.isoformat()
    return "".join(_visible(letter) for letter in str(value))


def _visible(letter: str) -> str:
    """Write a control character as its code: no reader would take it."""
    if letter in "\n\t" or unicodedata.category(letter) not in {"Cc", "Cs"}:
        return letter
    return f"\\x{ord(letter):02x}"


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if _QUOTED.search(text) else text
