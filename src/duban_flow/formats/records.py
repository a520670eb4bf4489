"""Comma-separated text as records of cells, by RFC 4180 and no more.

Every fault of form is named on the row where it begins, and reading goes on with
the next: a quote that is never closed does not swallow what follows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from attrs import field, frozen

from duban_flow.domain.units import words
from duban_flow.errors import Problem

SEPARATORS: Final = (",", "\t", ";")


@frozen
class Record:
    """One record: the number a spreadsheet gives it, and its cells as written.

    ``faults`` are the places of cells whose quotes are not closed where they should.
    """

    number: int
    cells: tuple[str, ...] = field(converter=words)
    faults: frozenset[int] = frozenset()

    @property
    def is_empty(self) -> bool:
        """Whether nothing is written in it."""
        return not any(cell.strip() for cell in self.cells)


def read_records(text: str, separator: str = ",") -> Iterator[Record]:
    r"""Part a text into records, one after another.

    >>> [record.cells for record in read_records('a,"b,c"\r\n1,2')]
    [('a', 'b,c'), ('1', '2')]
    """
    end = rf"(?=[{separator}\n]|\r\n|\Z)"
    quoted = re.compile(rf'"((?:[^"]++|"")*+)"{end}')
    plain = re.compile(rf"(?:[^{separator}\r\n]|\r(?!\n))*+")
    place, number = 0, 0
    while place < len(text):
        number += 1
        record, place = _record(text, place, number, (quoted, plain))
        yield record


def _record(
    text: str, place: int, number: int, forms: tuple[re.Pattern[str], re.Pattern[str]]
) -> tuple[Record, int]:
    """Read one record from *place* on; also give where the next one begins."""
    quoted, plain = forms
    cells: list[str] = []
    faults: list[int] = []
    while True:
        found = quoted.match(text, place) if text[place : place + 1] == '"' else None
        if found is not None:
            cells.append(found[1].replace('""', '"'))
        else:
            if text[place : place + 1] == '"':
                faults.append(len(cells))
            found = plain.match(text, place)
            cells.append(found[0] if found else "")
        place = found.end() if found else place
        if text[place : place + 1] in {"\n", "\r", ""}:
            break
        place += 1
    place += 2 if text[place : place + 2] == "\r\n" else 1
    return Record(number, cells, frozenset(faults)), place


def lone_returns(text: str) -> Problem | None:
    """Say that lines end in CR alone, where not one ends in LF."""
    if "\n" in text or "\r" not in text:
        return None
    return Problem(
        code="csv.lone_cr",
        en="Its lines end in CR alone.",
        zh="各行仅以回车符（CR）结尾",
        row=1,
        said="CR",
        wanted="CRLF, LF",
    )
