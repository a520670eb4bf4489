"""The heading of a ledger: which column is which, by declared names only.

A heading that nobody declared is a fault that names the nearest one. It is looked
for in the first rows, since a ledger often opens with its title.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache
from typing import Final

from attrs import evolve, field, frozen

from duban_flow.domain.ledger import COLUMNS, Column, listed
from duban_flow.errors import Problem
from duban_flow.formats.cells import shown
from duban_flow.formats.records import Record

LOOKED_AT: Final = 10
"""How many rows may stand above the heading, itself included."""

IGNORED: Final = ""
"""What a host maps a heading to when the column is not to be read."""

_SPACE: Final = re.compile(r"\s+")


@cache
def _built_in() -> Mapping[str, str]:
    """Give every built-in name and heading by its key."""
    made = {heading_key(name): name for name in COLUMNS}
    for column in COLUMNS.values():
        made |= {heading_key(word): column.name for word in column.headings}
    return made


def heading_key(text: str) -> str:
    """Give that by which two headings are the same: no width, case or spaces."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    plain = "".join(x for x in plain if unicodedata.category(x) != "Cf")
    return _SPACE.sub("", plain)


@frozen
class Names:
    """The names that a heading may have: built in, a host's own, and fields."""

    by_key: Mapping[str, str]
    problems: tuple[Problem, ...] = field(default=(), converter=listed)
    given: Mapping[str, str] = field(factory=dict)

    @classmethod
    def of(cls, columns: Mapping[str, str], fields: Collection[str] = ()) -> Names:
        """Gather the names; what a host maps to must be a column or a field."""
        by_key = {heading_key(name): name for name in fields} | dict(_built_in())
        known = {*COLUMNS, *fields, IGNORED}
        problems = [
            Problem(
                code="column.target",
                en=f"There is no column {shown(name)!r}.",
                zh=f"没有栏目“{shown(name)}”",
                column=heading,
                said=shown(name),
                wanted=nearest(name, known) or "",
            )
            for heading, name in columns.items()
            if name not in known
        ]
        given = {heading_key(heading): heading for heading in columns}
        return cls(
            by_key | {heading_key(h): name for h, name in columns.items()},
            problems,
            given,
        )

    def known(self, record: Record) -> int:
        """Count the cells of a record that are headings."""
        return sum(heading_key(cell) in self.by_key for cell in record.cells)


@frozen(kw_only=True)
class Heading:
    """The heading of one ledger: its row, and the column at each place.

    A place is None where the column is not read.
    """

    number: int = 0
    titles: tuple[str, ...] = ()
    columns: tuple[Column | None, ...] = ()
    problems: tuple[Problem, ...] = field(default=(), converter=listed)

    @property
    def words(self) -> Mapping[str, str]:
        """How each column is called in this ledger."""
        return {
            column.name: title
            for column, title in zip(self.columns, self.titles, strict=True)
            if column is not None
        }

    def repeats(self, record: Record) -> bool:
        """Whether a record is the heading once more."""
        if record.cells[0].strip() != self.titles[0]:
            return False
        said = [heading_key(cell) for cell in record.cells]
        while said and not said[-1]:
            said.pop()
        return said == [heading_key(title) for title in self.titles]


def find_heading(records: Sequence[Record], names: Names) -> Heading:
    """Find the heading among the first rows, and name what is wrong with it."""
    looked = [record for record in records if not record.is_empty][:LOOKED_AT]
    if not looked:
        return Heading(problems=[_missing_code(None), *names.problems])
    best = max(looked, key=lambda record: (names.known(record), -record.number))
    titles = [_SPACE.sub(" ", cell).strip() for cell in best.cells]
    while titles and not titles[-1]:
        titles.pop()
    columns: list[Column | None] = []
    problems = list(names.problems)
    seen: dict[str, str] = {}
    for title in titles:
        name = names.by_key.get(heading_key(title))
        problem = _title_fault(title, name, seen, names)
        if problem is not None:
            problems.append(evolve(problem, row=best.number, column=title))
        taken = problem is not None or name in {None, IGNORED}
        columns.append(None if taken or name is None else _column(name))
    if not any(c is not None and c.name == "code" for c in columns):
        problems.append(_missing_code(best.number))
    problems += _absent(names, titles, best.number)
    return Heading(
        number=best.number,
        titles=tuple(titles),
        columns=tuple(columns),
        problems=problems,
    )


def _column(name: str) -> Column:
    """Take a built-in column; a field of a host's own workflow is plain text."""
    return COLUMNS.get(name) or Column(name, (), "unit" if name == "unit" else "text")


def _title_fault(
    title: str, name: str | None, seen: dict[str, str], names: Names
) -> Problem | None:
    """Judge one title; *seen* keeps by column which titles came before."""
    if not title:
        return Problem(
            code="column.unnamed", en="A column has no heading.", zh="有一栏没有标题"
        )
    if name is None:
        return Problem(
            code="column.unknown",
            en="No column is called that.",
            zh="没有这一栏",
            said=shown(title),
            wanted=_nearest_heading(title, names),
        )
    if name != IGNORED and name in seen:
        return _twice(seen[name], title)
    seen[name] = title
    return None


def _twice(first: str, title: str) -> Problem:
    return Problem(
        code="column.twice",
        en=f"The column {first!r} stands here twice.",
        zh=f"与“{first}”是同一栏",
        said=shown(title),
    )


def _nearest_heading(title: str, names: Names) -> str:
    written = [word for column in COLUMNS.values() for word in column.headings]
    return nearest(title, [*names.given.values(), *written, *names.by_key]) or ""


def nearest(said: str, known: Iterable[str]) -> str | None:
    """Name the known word that lies nearest, for an error message only."""
    found = difflib.get_close_matches(said[:100], sorted(known), n=1, cutoff=0.3)
    return found[0] if found else None


def _absent(names: Names, titles: Iterable[str], row: int) -> list[Problem]:
    """Name each heading that the host maps and the ledger does not have."""
    present = {heading_key(title): title for title in titles}
    return [
        Problem(
            code="column.absent",
            en="The ledger has no such heading.",
            zh="台账没有这一栏",
            row=row,
            column=heading,
            said=nearest(heading, present.values()) or "",
            wanted=heading,
        )
        for key, heading in names.given.items()
        if key not in present
    ]


def _missing_code(row: int | None) -> Problem:
    return Problem(
        code="column.missing",
        en="No column holds the code of the item.",
        zh="缺少事项编号栏",
        row=row,
        wanted="编号",
    )
