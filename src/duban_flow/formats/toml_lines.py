"""Where things stand in a TOML text 行号: the line of each table and each key.

The parser of the standard library keeps no positions, so the lines are found by
reading the headings and keys once more. The values are the parser's business; this
only steps over them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from attrs import frozen

Place = tuple[str | int, ...]
"""Where something stands: the keys to it, and its number in every array of tables."""

_HEADING: Final = re.compile(r"\s*(\[\[?)([^\[\]]+)\]\]?\s*(?:#.*)?")
_KEY: Final = re.compile(
    r"\s*((?:[\w-]+|\"[^\"]*\"|'[^']*')(?:\s*\.\s*[\w\"'-]+)*)\s*="
)
_PART: Final = re.compile(r"\"([^\"]*)\"|'([^']*)'|([\w-]+)")
_TOKEN: Final = re.compile(
    r'"""|\'\'\'|"(?:[^"\\n]|\\.)*"|\'[^\'\n]*\'|#[^\n]*|[\[\]{}]'
)
_CLOSES: Final = {'"""': re.compile(r'(?:[^"\\]|\\.|"(?!""))*"""', re.DOTALL)}


@frozen
class Lines:
    """The line of every table and key, counted from 1."""

    known: Mapping[Place, tuple[int, str]]

    @classmethod
    def of(cls, text: str) -> Lines:
        r"""Read the headings and keys of a text that the parser has accepted.

        >>> Lines.of('name = "a"\n[[rung]]\nkey = "b"').line(("rung", 0, "key"))
        3
        """
        known: dict[Place, tuple[int, str]] = {}
        table: Place = ()
        seen: dict[Place, int] = {}
        for number, said in _statements(text):
            heading = _HEADING.fullmatch(said.split("\n", 1)[0])
            if heading is not None:
                table = _table(heading, seen)
                known.setdefault(table[:1], (number, said))
                known[table] = number, said
                continue
            key = _KEY.match(said)
            if key is not None:
                known[*table, *_parts(key[1])] = number, said
        return cls(known)

    def line(self, path: Place, said: str = "") -> int | None:
        """Give the line of a key, or of the nearest table above it.

        Where its value runs over several lines, the one on which *said* stands.
        """
        for length in range(len(path), 0, -1):
            if path[:length] in self.known:
                number, statement = self.known[path[:length]]
                return number + statement.count("\n", 0, statement.find(said) + 1)
        return None


def _table(heading: re.Match[str], seen: dict[Place, int]) -> Place:
    """Give the place of a table, with the present number of every array on the way."""
    place: Place = ()
    parts = _parts(heading[2])
    for n, part in enumerate(parts, 1):
        place = (*place, part)
        if n == len(parts) and heading[1] == "[[":
            seen[place] = seen.get(place, -1) + 1
        if place in seen:
            place = (*place, seen[place])
    return place


def _parts(said: str) -> tuple[str, ...]:
    return tuple(next(filter(None, found), "") for found in _PART.findall(said))


def _statements(text: str) -> Iterator[tuple[int, str]]:
    """Give each heading or key with its line, values over several lines as one."""
    start, number, depth, place = 0, 1, 0, 0
    while place < len(text):
        end = text.find("\n", place)
        end = len(text) if end < 0 else end
        stop, depth = _ends(text, place, end, depth)
        if depth == 0:
            yield number, text[start:stop]
            number += text.count("\n", start, stop + 1)
            start = stop + 1
        place = stop + 1


def _ends(text: str, place: int, end: int, depth: int) -> tuple[int, int]:
    """Follow strings and brackets to the end of the line on which they close."""
    heading = depth == 0 and text[place:end].lstrip().startswith("[")
    while (token := _TOKEN.search(text, place, end)) is not None:
        place = token.end()
        said = token[0]
        if said in ('"""', "'''"):
            place = _after(text, said, place)
            end = text.find("\n", place)
            end = len(text) if end < 0 else end
        elif not heading:
            depth += (said in ("[", "{")) - (said in ("]", "}"))
    return end, max(depth, 0)


def _after(text: str, quotes: str, place: int) -> int:
    """Give the place after the quotes that close a text over several lines."""
    if quotes == "'''":
        found = text.find(quotes, place)
        return len(text) if found < 0 else found + 3
    closed = _CLOSES[quotes].match(text, place)
    return len(text) if closed is None else closed.end()
