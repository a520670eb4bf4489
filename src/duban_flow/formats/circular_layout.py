"""A circular laid out 版式: its parts in the order of reading, headings numbered.

What every renderer does alike is done here. The levels of headings are those of
GB/T 9704-2012: 一、 （一） 1. （1）
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from attrs import frozen

from duban_flow.domain.circular.circular import Circular
from duban_flow.domain.circular.contents import (
    BLOCKS,
    AsOf,
    Block,
    Content,
    Paragraph,
    Section,
    day_text,
    mentioned,
)

_DIGITS: Final = "〇一二三四五六七八九"
_NUMBERED: Final = re.compile(
    r"\s*([一二三四五六七八九十]+、|[（(][\d一二三四五六七八九十]+[)）]|\d+[.、])"
)
_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_INVISIBLE: Final = re.compile(
    r"[\x00-\x20\x7f-\xa0\xad\u200b-\u200f\u2028-\u202f\ufeff]"
)
_SAFE: Final = ("http:", "https:", "mailto:", "tel:")


@frozen
class Heading:
    """The title of a section at its level, and its date where no text says it."""

    level: int
    text: str
    as_of: str = ""


@frozen
class Placed:
    """A block with the date that its section stands under."""

    block: Block
    as_of: AsOf | None


Part = Heading | Placed


def chinese(number: int) -> str:
    """Write a number from 1 to 99 in Chinese numerals.

    >>> chinese(1), chinese(10), chinese(12), chinese(35)
    ('一', '十', '十二', '三十五')
    """
    tens, ones = divmod(number, 10)
    if tens == 0:
        return _DIGITS[ones]
    return ("" if tens == 1 else _DIGITS[tens]) + "十" + (_DIGITS[ones] if ones else "")


def parts(circular: Circular) -> Iterator[Part]:
    """Give the headings and blocks of a circular in the order of reading."""
    yield from _parts(circular.contents, 0, None)


def _parts(
    contents: Iterable[Content], level: int, as_of: AsOf | None
) -> Iterator[Part]:
    ordinal = 0
    for content in contents:
        if isinstance(content, BLOCKS):
            yield Placed(content, as_of)
        elif isinstance(content, Section):
            ordinal += 1
            yield _heading(content, level, ordinal)
            inner = content.as_of or as_of
            yield from _parts(content.contents, level + 1, inner)


def _heading(section: Section, level: int, ordinal: int) -> Heading:
    text = section.title
    if not _NUMBERED.match(text):
        text = _number(level, ordinal) + text
    said = any(
        "as_of" in mentioned(content.text)
        for content in section.contents
        if isinstance(content, Paragraph)
    )
    dated = "" if section.as_of is None or said else f"截至{day_text(section.as_of)}"
    return Heading(level, text, dated)


def _number(level: int, ordinal: int) -> str:
    marks = (
        f"{chinese(ordinal)}、",
        f"（{chinese(ordinal)}）",
        f"{ordinal}. ",
        f"（{ordinal}）",
    )
    return marks[min(level, 3)]


def safe_href(href: str) -> str:
    r"""Give an address of the web, or one of this site from ``/``; others are dropped.

    >>> safe_href("https://example.org/a"), safe_href("java\tscript:alert(1)")
    ('https://example.org/a', '')
    """
    bare = _INVISIBLE.sub("", href)
    scheme = _SCHEME.match(bare)
    named = scheme is not None and scheme[0].lower() in _SAFE
    return bare if named or bare.startswith("/") else ""


def addressed(circular: Circular) -> str:
    """Name whom a circular is for, without the colon that is printed behind it."""
    return circular.addressee.strip().rstrip("：:").rstrip()
