"""Which line of an outline a key stands on: tables within counted tables included.

It steps over values and refuses nothing: the text has been read by :mod:`tomllib`. A
key it cannot place has the line of its table.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

Place = tuple[str | int, ...]

_HEADER: Final = re.compile(r"\s*(\[\[?)\s*(.+?)\s*\]\]?\s*(#.*)?$")
_KEY: Final = re.compile(
    r"""\s*((?:"[^"]*"|'[^']*'|[\w-]+)(?:\s*\.\s*[\w"'-]+)*)\s*="""
)
_SEGMENT: Final = re.compile(r""""([^"]*)"|'([^']*)'|([^\s."']+)""")
_TEXT: Final = re.compile(r'"(?:\\.|[^"\\])*"|' + r"'[^']*'|#.*")
_FENCES: Final = ('"""', "'''")


def lines_of(text: str) -> Mapping[Place, int]:
    r"""Give the line of each table and key, by its path; arrays are counted from 0.

    >>> lines_of('[[section]]\ntitle = "一"\n')[("section", 0, "title")]
    2
    """
    found: dict[Place, int] = {(): 1}
    counts: dict[Place, int] = {}
    table: Place = ()
    fence, depth = "", 0
    for number, line in enumerate(text.splitlines(), 1):
        if fence:
            fence = "" if fence in line else fence
            continue
        if depth == 0 and (header := _HEADER.match(line)):
            table = _table(header, counts)
            found[table] = number
            continue
        if depth == 0 and (key := _KEY.match(line)):
            found.setdefault((*table, *_segments(key[1])), number)
        fence = next((f for f in _FENCES if line.count(f) == 1), "")
        if not fence:
            bare = _TEXT.sub("", line)
            depth += sum(map(bare.count, "[{")) - sum(map(bare.count, "]}"))
    return found


def line_at(lines: Mapping[Place, int], place: Place) -> int:
    """Give the line of a place, or of what it stands in."""
    while place not in lines:
        place = place[:-1]
    return lines[place]


def _table(header: re.Match[str], counts: dict[Place, int]) -> Place:
    """Give the path of a table, with the present index of every array on it."""
    place: Place = ()
    segments = _segments(header[2])
    for i, segment in enumerate(segments):
        place = (*place, segment)
        if i == len(segments) - 1 and header[1] == "[[":
            counts[place] = counts.get(place, -1) + 1
        if place in counts:
            place = (*place, counts[place])
    return place


def _segments(path: str) -> tuple[str, ...]:
    return tuple("".join(match.groups("")) for match in _SEGMENT.finditer(path))
