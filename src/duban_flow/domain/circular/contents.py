"""What stands in a circular: sections and blocks, figures and relations.

All of it is data that a renderer lays out and :mod:`reconcile` reads. Text names its
figures in braces, ``{closed}`` or ``{closed.value}``; ``{as_of}`` is the date of the
section.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from attrs import evolve, field, frozen

from duban_flow.domain.circular.figure import Figure, Figures
from duban_flow.domain.circular.ranking import Ranking
from duban_flow.domain.circular.relations import (
    Difference,
    Growth,
    Listing,
    Operand,
    Share,
    Sum,
    texts,
)
from duban_flow.domain.circular.shares import Shares

AsOf = datetime | date

_BRACES: Final = re.compile(r"\{\{|\}\}|\{([^{}]*)\}")
_PARTS: Final = ("value", "unit", "label", "as_of")
_SENTENCE: Final = re.compile(r"(?<=[。；;！？])")


def day_text(as_of: AsOf) -> str:
    """Write a day as a circular prints it; 24:00 belongs to the day it ends.

    >>> day_text(date(2009, 12, 15))
    '2009年12月15日'
    """
    if not isinstance(as_of, datetime):
        return f"{as_of.year}年{as_of.month}月{as_of.day}日"
    if as_of.time() == time():
        return day_text((as_of - timedelta(days=1)).date())
    return f"{day_text(as_of.date())}{as_of.hour}时{as_of.minute:02}分"


@frozen
class Mention:
    """A figure at its place in a text 引用; ``bare`` without its unit."""

    figure: Figure
    bare: bool = False

    def __str__(self) -> str:
        return self.figure.number_text if self.bare else str(self.figure)


Run = str | Mention
"""A piece of a line: words as they are, or a figure."""
Line = tuple[Run, ...]


def mentioned(text: str) -> tuple[str, ...]:
    """List what a text has in braces, in its order."""
    found = (match[1] for match in _BRACES.finditer(text) if match[1] is not None)
    return tuple(_split(name)[0] for name in found)


def _split(said: str) -> tuple[str, str]:
    name, dot, part = said.rpartition(".")
    return (name, part) if dot and part in _PARTS else (said, "")


def runs_of(text: str, figures: Figures, as_of: AsOf | None = None) -> Line:
    """Put the figures into a text.

    >>> line = runs_of("共{total}。", Figures([Figure("total", 104, "件")]))
    >>> "".join(map(str, line))
    '共104件。'
    """
    made: list[Run] = []
    last = 0
    for match in _BRACES.finditer(text):
        made.append(text[last : match.start()])
        last = match.end()
        if match[1] is None:
            made.append(match[0][0])
        else:
            made.append(_run(match[1], figures, as_of))
    made.append(text[last:])
    return tuple(run for run in made if run)


def _run(said: str, figures: Figures, as_of: AsOf | None) -> Run:
    name, part = _split(said)
    if name == "as_of":
        return "" if as_of is None else day_text(as_of)
    figure = figures[name]
    texts: dict[str, Callable[[], Run]] = {
        "": lambda: Mention(figure),
        "value": lambda: Mention(figure, bare=True),
        "unit": lambda: figure.measure_unit,
        "label": lambda: figure.label or figure.name,
        "as_of": lambda: "" if figure.as_of is None else day_text(figure.as_of),
    }
    return texts[part]()


@frozen
class Paragraph:
    """A paragraph 段落, its figures in braces."""

    text: str

    def lines(self, figures: Figures, as_of: AsOf | None) -> Iterator[Line]:
        """Give the whole, and each sentence of it."""
        yield runs_of(self.text, figures, as_of)
        for sentence in _SENTENCE.split(self.text):
            if sentence and sentence != self.text:
                yield runs_of(sentence, figures, as_of)


@frozen
class Link:
    """Words that lead somewhere 链接; an address that is not of the web is dropped."""

    text: str
    href: str

    def __str__(self) -> str:
        return self.text


Cell = str | Figure | Link
"""What fills a cell; text comes first, so that it is read back as text."""


def cell_run(cell: Cell) -> Run:
    """Give a cell as a piece of a line."""
    return Mention(cell) if isinstance(cell, Figure) else str(cell)


def _rows(given: Iterable[Iterable[Cell]]) -> tuple[tuple[Cell, ...], ...]:
    return tuple(tuple(row) for row in given)


@frozen
class Table:
    """A table 表格; a cell is words as they are, a figure or a link."""

    columns: tuple[str, ...] = field(converter=texts)
    rows: tuple[tuple[Cell, ...], ...] = field(converter=_rows)
    title: str = ""

    def lines(self, figures: Figures, as_of: AsOf | None) -> Iterator[Line]:
        """Give the whole, and each row of it."""
        del figures, as_of  # a cell carries its figure
        rows = [
            [run for cell in row for run in (cell_run(cell), " ")] for row in self.rows
        ]
        head = [" ".join((self.title, *self.columns)), " "]
        yield tuple(head + [run for row in rows for run in row])
        yield from map(tuple, rows)


def _bars(given: Iterable[Any]) -> tuple[tuple[str, str], ...]:
    """Read bars as pairs of label and figure, or as names of figures."""
    return tuple(("", one) if isinstance(one, str) else tuple(one) for one in given)


@frozen
class Bars:
    """Figures to look at rather than read 条形图, each by label and name."""

    title: str
    bars: tuple[tuple[str, str], ...] = field(converter=_bars)

    def drawn(self, figures: Figures) -> tuple[tuple[str, Figure], ...]:
        """Give each bar's label and figure; without a label, the figure's own."""
        found = ((label, figures[name]) for label, name in self.bars)
        return tuple((label or f.label or f.name, f) for label, f in found)

    def lines(self, figures: Figures, as_of: AsOf | None) -> Iterator[Line]:
        """Give each bar as its label and its figure."""
        del as_of  # a bar shows a figure, which has its own
        for label, figure in self.drawn(figures):
            yield (label, " ", Mention(figure))


@frozen
class Entries:
    """A numbered list 条目 of words taken from the record as they are."""

    entries: tuple[str, ...] = field(converter=texts)
    title: str = ""

    def lines(self, figures: Figures, as_of: AsOf | None) -> Iterator[Line]:
        """Give each entry."""
        del figures, as_of  # an entry holds words alone
        yield from ((entry,) for entry in self.entries)


def gathered(given: Iterable[Content]) -> tuple[Content, ...]:
    """Read several contents."""
    return tuple(given)


@frozen
class Section:
    """A section 章节 with a date of its own, which its figures have too."""

    title: str
    contents: tuple[Content, ...] = field(default=(), converter=gathered)
    as_of: datetime | date | None = None


Relation = Sum | Shares | Share | Difference | Growth | Ranking | Listing
Block = Paragraph | Table | Bars | Entries
Content = Figure | Relation | Block | Section

RELATIONS: Final = (Sum, Shares, Share, Difference, Growth, Ranking, Listing)
BLOCKS: Final = (Paragraph, Table, Bars, Entries)


def walk(
    contents: Iterable[Content], as_of: AsOf | None = None
) -> Iterator[tuple[Content, AsOf | None]]:
    """Go through contents and their sections, each with the date it stands under."""
    for content in contents:
        yield content, as_of
        if isinstance(content, Section):
            yield from walk(content.contents, content.as_of or as_of)


def figures_of(contents: Iterable[Content]) -> list[Figure]:
    """List the figures of contents; one without a date has its section's."""
    found = []
    for content, as_of in walk(contents):
        if isinstance(content, Figure):
            dated = content.as_of is not None or as_of is None
            found.append(content if dated else evolve(content, as_of=as_of))
    return found


def names_in(content: Content) -> tuple[str, ...]:
    """List the figures that a content speaks of by name."""
    named: tuple[Operand, ...] = ()
    if isinstance(content, RELATIONS):
        named = content.named
    elif isinstance(content, Paragraph):
        named = tuple(n for n in mentioned(content.text) if n != "as_of")
    elif isinstance(content, Bars):
        named = tuple(name for _, name in content.bars)
    return tuple(name for name in named if isinstance(name, str))
