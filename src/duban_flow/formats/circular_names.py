"""Names of figures in an outline: each stands once, and each that is used is there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final

from duban_flow.domain.circular.asked import (
    DifferenceQuery,
    GrowthQuery,
    Query,
    ShareQuery,
)
from duban_flow.domain.circular.contents import (
    RELATIONS,
    Bars,
    Paragraph,
    mentioned,
    names_in,
)
from duban_flow.domain.circular.outline import (
    Block,
    CaseTable,
    FigureTable,
    Outline,
    OutlineSection,
)
from duban_flow.formats.circular_fields import Fields
from duban_flow.formats.toml_lines import Place

_OWN: Final = "as_of"
"""What a text may have in braces beside figures: the date of its section."""


def check_names(top: Fields, outline: Outline) -> None:
    """Note every figure of a taken name, and every name of no figure."""
    seen: dict[str, Place] = {}
    for place, section in _sections((), outline.sections):
        for spec in section.figures:
            at = (*place, "figure", spec.name)
            _check_name(top, spec.name, at, spec.name in seen)
            seen.setdefault(spec.name, at)
    for place, section in _sections((), outline.sections):
        for at, name in _used(place, section):
            if name not in seen and name:
                inner = Fields(top.reading, {}, at)
                inner.unknown("", "figure", "数字", name, seen)


def _check_name(top: Fields, name: str, place: Place, taken: bool) -> None:
    if taken:
        top.reading.fault(
            place,
            "figure.duplicate",
            f"another figure is called {name!r}: a name stands once in a circular",
            f"已有数字叫“{name}”：名称在一份通报中只能用一次",
            name,
        )
    if name == _OWN or set(name) & set("{}"):
        top.reading.fault(
            place,
            "figure.name",
            f"{name!r} cannot be the name of a figure",
            f"“{name}”不能作数字的名称",
            name,
        )


def _sections(
    place: Place, several: tuple[OutlineSection, ...]
) -> Iterator[tuple[Place, OutlineSection]]:
    for i, section in enumerate(several):
        inner = (*place, "section", i)
        yield inner, section
        yield from _sections(inner, section.sections)


def _used(place: Place, section: OutlineSection) -> Iterator[tuple[Place, str]]:
    for spec in section.figures:
        for name in _asked(spec.query):
            yield (*place, "figure", spec.name), name
    counts: Counter[str] = Counter()
    for block in section.blocks:
        key = _key(block)
        at = (*place, key) if key == "text" else (*place, key, counts[key])
        counts[key] += 1
        for name in _names(block):
            yield at, name


def _asked(query: Query | None) -> tuple[str, ...]:
    match query:
        case ShareQuery(one, other) | DifferenceQuery(one, other):
            return one, other
        case GrowthQuery(one, other):
            return one, other
    return ()


def _key(block: Block) -> str:
    if isinstance(block, Paragraph):
        return "text"
    if isinstance(block, Bars):
        return "bars"
    if isinstance(block, RELATIONS):
        return "relation"
    return "table" if isinstance(block, FigureTable | CaseTable) else "sanctions"


def _names(block: Block) -> tuple[str, ...]:
    if isinstance(block, FigureTable):
        cells = [cell for row in block.rows for cell in row]
        return tuple(n for cell in cells for n in mentioned(cell) if n != _OWN)
    if isinstance(block, (Paragraph, Bars, *RELATIONS)):
        return names_in(block)
    return ()
