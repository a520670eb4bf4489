"""What the text of one cell may hold, and what is made of it before it is read.

Characters that cannot be seen are taken out of names, codes, numbers and dates, and
said so; in running text they stay, and are said so. What would be run as a formula,
a control character or a lost one is refused.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from attrs import evolve, field, frozen

from duban_flow.domain.ledger import CellKind, listed
from duban_flow.domain.written import narrow
from duban_flow.errors import Problem

SHOWN: Final = 40
_GUARDED: Final = re.compile(r"'+\s*[=+\-@\t\r\0]")
_LINES: Final = frozenset({"text", "units", "words"})
_NAMED: Final = {"\0": "NUL", "\r": "CR", "\n": "LF", "\t": "TAB"}


@frozen
class Cell:
    """A cell after cleaning: its text, why it is refused, what was changed in it."""

    text: str
    problem: Problem | None = None
    warnings: tuple[Problem, ...] = field(default=(), converter=listed)


def is_formula(text: str) -> bool:
    """Whether a spreadsheet would run it: it begins with an equals sign, any width."""
    return unicodedata.normalize("NFKC", text.lstrip()[:1]) == "="


def is_guarded(text: str) -> bool:
    """Whether an apostrophe stands before what a spreadsheet might run."""
    return _GUARDED.match(unicodedata.normalize("NFKC", text[:80])) is not None


def clean(text: str, kind: CellKind, longest: int) -> Cell:
    r"""Make a cell's text ready to be read, or refuse it.

    >>> clean("住建\u200b局", "unit", 100).text
    '住建局'
    >>> clean("＝1+1", "text", 100).problem.code
    'cell.formula'
    """
    if not text:
        return Cell("")
    plain = text.replace("\r\n", "\n")
    problem = _refusal(plain, kind, longest)
    if problem is not None:
        return Cell("", problem)
    if is_guarded(plain):
        plain = plain[1:]
    made = _seen(plain, kind)
    return evolve(made, text=_trimmed(made.text, kind))


def _refusal(text: str, kind: CellKind, longest: int) -> Problem | None:
    if len(text) > longest:
        return Problem(
            code="cell.long",
            en=f"It has {len(text)} characters.",
            zh=f"共{len(text)}个字符，过长",
            said=shown(text),
            wanted=f"≤ {longest}",
        )
    unusual = "" if _is_plain(text) else text.strip(" \n\t")
    for place, letter in enumerate(unusual, 1):
        if fault := _character_fault(letter, kind):
            return evolve(fault, said=f"{_name(letter)} @ {place}")
    if is_formula(text):
        return Problem(
            code="cell.formula",
            en="It begins like a formula.",
            zh="以等号开头，疑似公式",
            said=shown(text),
            wanted=shown(text.lstrip().lstrip("=＝﹦") or "1"),
        )
    return None


def _is_plain(text: str) -> bool:
    """Whether every character can be seen and none was lost: most cells, at once."""
    return text.isprintable() and "\ufffd" not in text


def _character_fault(letter: str, kind: CellKind) -> Problem | None:
    category = unicodedata.category(letter)
    if letter == "\r":
        return Problem(
            code="csv.lone_cr",
            en="A carriage return stands alone.",
            zh="含单独的回车符（CR）",
        )
    if category == "Cc" and not (letter in "\n\t" and kind in _LINES):
        return Problem(
            code="cell.control",
            en="It holds a control character.",
            zh="含控制字符",
        )
    if category == "Cs" or _is_nothing(letter):
        return Problem(
            code="cell.character",
            en="It holds what is no character.",
            zh="含非法字符",
        )
    if letter == "\ufffd":
        return Problem(
            code="cell.lost",
            en="A character was lost before it came here.",
            zh="有字符在转码时已丢失",
        )
    return None


def _is_nothing(letter: str) -> bool:
    """Whether it is one of the places that Unicode will never fill."""
    point = ord(letter)
    return point & 0xFFFE == 0xFFFE or 0xFDD0 <= point <= 0xFDEF


def _seen(text: str, kind: CellKind) -> Cell:
    """Take invisible characters out where they could deceive; else name them."""
    if _is_plain(text):
        return Cell(text)
    hidden = [letter for letter in text if unicodedata.category(letter) == "Cf"]
    private = [letter for letter in text if unicodedata.category(letter) == "Co"]
    warnings = []
    if hidden:
        kept = kind == "text"
        names = ", ".join(dict.fromkeys(_name(letter) for letter in hidden))
        warnings.append(
            Problem(
                code="cell.invisible",
                en="Invisible characters stay." if kept else "Left out as invisible.",
                zh="含不可见字符，予以保留" if kept else "已去除不可见字符",
                said=names,
            )
        )
        if not kept:
            text = "".join(x for x in text if unicodedata.category(x) != "Cf")
    if private:
        warnings.append(
            Problem(
                code="cell.private_use",
                en="Characters of private use look different elsewhere.",
                zh="含自造字，其他机器上显示可能不同",
                said=", ".join(dict.fromkeys(_name(letter) for letter in private)),
            )
        )
    return Cell(text, None, warnings)


def _trimmed(text: str, kind: CellKind) -> str:
    if kind == "text":
        return text.strip()
    if kind == "code":
        return narrow(text)
    if kind in _LINES:
        return "\n".join(" ".join(line.split()) for line in text.strip().split("\n"))
    return " ".join(text.split())


def _name(letter: str) -> str:
    return _NAMED.get(letter, f"U+{ord(letter):04X}")


def shown(text: str) -> str:
    """Cut what was said to what can be shown, with control characters escaped."""
    cut = text if len(text) <= SHOWN else f"{text[:SHOWN]}…"
    return "".join(
        x if x.isprintable() or x == " " else x.encode("unicode_escape").decode()
        for x in cut
    )
