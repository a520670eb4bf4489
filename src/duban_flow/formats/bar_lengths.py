"""How long bars are drawn 条长: in proportion within one unit of measure.

A per cent is drawn against 100; any other unit against the largest bar in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from duban_flow.domain.circular.figure import Figure
from duban_flow.domain.circular.shares import middle


def lengths(figures: Sequence[Figure]) -> tuple[Decimal, ...]:
    """Give the length of each bar, from 0 to 1; less than nothing is drawn as nothing.

    >>> [str(size) for size in lengths([Figure("a", 46, "件"), Figure("b", 23, "件")])]
    ['1', '0.5']
    """
    longest: dict[str, Decimal] = {}
    for figure in figures:
        unit = figure.measure_unit
        least = Decimal(100) if unit == "%" else Decimal(0)
        longest[unit] = max(longest.get(unit, least), middle(figure))
    return tuple(
        max(Decimal(0), middle(figure) / (longest[figure.measure_unit] or 1))
        for figure in figures
    )
