"""The outline 通报提纲 of a circular: its sections, with what is yet to be counted.

Nothing here counts. :mod:`duban_flow.formats.circular_toml` reads an outline from a
file, :mod:`queries` fills it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from attrs import field, frozen

from duban_flow.domain.circular.asked import Query
from duban_flow.domain.circular.contents import Content
from duban_flow.domain.policies.model import Condition


@frozen(kw_only=True)
class FigureSpec:
    """One figure that is wanted: its query, or the number that somebody stated."""

    name: str
    query: Query | None = None
    stated: str = ""
    measure_unit: str = ""
    label: str = ""
    places: int | None = None
    as_of: datetime | date | None = None


@frozen(kw_only=True)
class CaseTable:
    """A table with one row a matter that meets the conditions."""

    columns: tuple[str, ...]
    where: tuple[Condition, ...] = ()
    title: str = ""
    as_of: datetime | date | None = None


@frozen(kw_only=True)
class SanctionList:
    """A list of the sanctions of a kind; each is told by the text."""

    kind: str
    text: str


@frozen(kw_only=True)
class NotSanctionedList:
    """A list of matters that were not sanctioned, and why; each told by the text."""

    text: str


@frozen(kw_only=True)
class FigureTable:
    """A table written out: a cell ``{name}`` is that figure, all others are text."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    title: str = ""


Block = Content | CaseTable | FigureTable | SanctionList | NotSanctionedList


@frozen(kw_only=True)
class OutlineSection:
    """A section that is wanted.

    ``blocks`` stand in the order of the file: finished contents of a circular as
    they are, tables and lists that have yet to be filled.
    """

    title: str
    as_of: datetime | date | None = None
    figures: tuple[FigureSpec, ...] = ()
    blocks: tuple[Block, ...] = ()
    sections: tuple[OutlineSection, ...] = ()


@frozen(kw_only=True)
class Outline:
    """A circular that is wanted: an outline without a single number in it."""

    title: str
    sections: tuple[OutlineSection, ...]
    head: Mapping[str, str] = field(factory=dict)
    issued_on: date | None = None
    quoted: tuple[str, ...] = ()
