"""Blocks of an outline: paragraphs, tables, bars, lists of sanctions, relations.

They stand in a section in the order in which the file first names their kind.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Final, Literal, cast

from duban_flow.domain.circular.case_rows import COLUMNS
from duban_flow.domain.circular.contents import Bars, Paragraph
from duban_flow.domain.circular.outline import (
    Block,
    CaseTable,
    FigureTable,
    NotSanctionedList,
    SanctionList,
)
from duban_flow.domain.circular.queries import NOT_SANCTIONED_WORDS, SANCTION_WORDS
from duban_flow.domain.circular.ranking import Ranking
from duban_flow.domain.circular.relations import Difference, Growth, Listing, Share, Sum
from duban_flow.domain.circular.shares import Closing, Shares
from duban_flow.errors import Invalid
from duban_flow.formats.circular_fields import Fields

_BRACES: Final = re.compile(r"\{([^{}]*)\}")
_RELATION: Final = ("sum", "share", "difference", "growth", "shares")


def read_blocks(section: Fields) -> Iterator[Block]:
    """Read the blocks of a section."""
    for key in section.data:
        if key == "text":
            lines = (ln for said in section.texts("text") for ln in said.splitlines())
            yield from (Paragraph(line.strip()) for line in lines if line.strip())
        elif key in _READERS:
            read = map(_READERS[key], section.tables(key))
            yield from (made for made in read if made is not None)


def _table(fields: Fields) -> Block:
    if "rows" in fields:
        return _figure_table(fields)
    fields.only(("columns", "where", "title", "as_of"))
    columns = fields.texts("columns")
    for said in columns:
        if said not in COLUMNS:
            fields.unknown("columns", "column", "列", said, COLUMNS)
    if not columns:
        fields.wrong("columns", "one column or more", "至少一列")
    return CaseTable(
        columns=columns,
        where=fields.conditions("where"),
        title=fields.text("title"),
        as_of=fields.as_of(),
    )


def _figure_table(fields: Fields) -> Block:
    fields.only(("columns", "rows", "title"))
    columns, rows = fields.texts("columns"), fields.data["rows"]
    right = isinstance(rows, list) and all(
        isinstance(row, list)
        and len(row) == len(columns)
        and all(isinstance(cell, str) for cell in row)
        for row in rows
    )
    if not right:
        fields.wrong("rows", "rows of as many texts as columns", "与列数相同的文本行")
        rows = []
    return FigureTable(
        columns=columns,
        rows=tuple(tuple(row) for row in rows),
        title=fields.text("title"),
    )


def _bars(fields: Fields) -> Block:
    fields.only(("title", "figures"))
    return Bars(fields.text("title"), fields.texts("figures"))


def _sanctions(fields: Fields) -> Block:
    fields.only(("kind", "text"))
    text = fields.text("text") or "对{reason}的{unit}给予{kind}。"
    _check_words(fields, text, SANCTION_WORDS)
    return SanctionList(kind=fields.text("kind"), text=text)


def _not_sanctioned(fields: Fields) -> Block:
    fields.only(("text",))
    text = fields.text("text") or "{titles}（{unit}）：{reason}。"
    _check_words(fields, text, NOT_SANCTIONED_WORDS)
    return NotSanctionedList(text=text)


def _check_words(fields: Fields, text: str, known: tuple[str, ...]) -> None:
    for said in _BRACES.findall(text):
        if said not in known:
            fields.unknown("text", "word", "词", said, known)


def _relation(fields: Fields) -> Block | None:
    if "ranking" in fields:
        return _ranking(fields)
    if "listing" in fields:
        fields.only(("listing", "of", "name"))
        name, of = fields.text("name", wanted=True), fields.text("of", wanted=True)
        return Listing(name, of, fields.texts("listing"))
    asked = [key for key in _RELATION if key in fields]
    if len(asked) != 1:
        fields.fault(
            "",
            "circular.relation",
            f"one of {', '.join(_RELATION)}, ranking, listing was wanted",
            f"应为{'、'.join(_RELATION)}、ranking、listing之一",
            ", ".join(asked),
        )
        return None
    return _of_figures(fields, asked[0])


def _of_figures(fields: Fields, kind: str) -> Block:
    fields.only((kind, "of", *(("closing",) if kind == "shares" else ())))
    of = fields.text("of", wanted=True)
    if kind == "sum":
        return Sum(of, fields.texts("sum"))
    if kind == "shares":
        closing = fields.choice("closing", ("", "largest_remainder"))
        parts = fields.data["shares"]
        if not isinstance(parts, dict) or not all(
            isinstance(part, str) for part in parts.values()
        ):
            fields.wrong("shares", "a table of share = part", "“占比 = 部分”的表")
            parts = {}
        return Shares(of, parts, cast(Closing, closing))
    first, second = fields.pair(kind)
    if kind == "share":
        return Share(of, part=first, whole=second)
    if kind == "growth":
        return Growth(of, now=first, before=second)
    return Difference(of, minuend=first, subtrahend=second)


def _ranking(fields: Fields) -> Block | None:
    fields.only(("ranking", "name", "cohort", "order"))
    order = fields.choice("order", ("highest", "lowest"), default="highest")
    try:
        return Ranking(
            fields.text("name", wanted=True),
            fields.data["ranking"],
            cohort=fields.whole("cohort", 1),
            order=cast(Literal["highest", "lowest"], order),
        )
    except (Invalid, TypeError, ValueError):
        fields.wrong(
            "ranking",
            "a list of [rank, who] or [rank, who, score]",
            "[名次, 单位, 得分]的列表",
        )
        return None


_READERS: Final[Mapping[str, Callable[[Fields], Block | None]]] = {
    "table": _table,
    "bars": _bars,
    "sanctions": _sanctions,
    "not_sanctioned": _not_sanctioned,
    "relation": _relation,
}
