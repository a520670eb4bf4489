"""Lines of a given width, where a Chinese character is two columns wide."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

_CLOSING: Final = "，。；、：！？）》”%,.;:!?)'"
_OPENING: Final = "（《“("
_PIECE = re.compile(r"(?:(?<!\w)')?(?:[0-9A-Za-z][0-9A-Za-z:.%/@#_-]*|\S)|\s+")


def width(text: str) -> int:
    """Count the columns a text takes.

    >>> width("办结 A")
    6
    """
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def wrapped(text: str, indent: str = "", columns: int = 80) -> Iterator[str]:
    """Break a text into lines; those after the first stand under its words.

    A line begins with no closing mark and ends with no opening one.
    """
    hang = " " * width(indent)
    line, used = indent, width(indent)
    start = used
    for piece in _pieces(text):
        size = width(piece)
        if used + size > columns and used > start:
            yield line.rstrip()
            line, used = hang + piece.lstrip(), start + width(piece.lstrip())
        else:
            line, used = line + piece, used + size
    yield line.rstrip()


def _pieces(text: str) -> list[str]:
    made: list[str] = []
    for piece in _PIECE.findall(text):
        sticks = made and (piece in _CLOSING or made[-1][-1] in _OPENING)
        if sticks:
            made[-1] += piece
        else:
            made.append(piece)
    return made
