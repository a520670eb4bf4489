"""Shares of one whole 构成: each rounded plainly, or closed to 100 where it is said.

Plain rounding is the rule: 33 + 33 + 33 is right and adds up to 99. Closing to 100 is
an option, and the circular says where it was used.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from attrs import field, frozen

from duban_flow.domain.circular.fault import Fault
from duban_flow.domain.circular.figure import Figure, Figures, per_whole, rounded
from duban_flow.domain.circular.relations import (
    Operand,
    Share,
    by_name,
    disagree,
    look_up,
    name_of,
    operand,
)
from duban_flow.domain.quantities import Interval

Closing = Literal["", "largest_remainder"]


def largest_remainder(
    parts: Sequence[Decimal], places: int = 0, whole: Decimal = Decimal(100)
) -> tuple[Decimal, ...]:
    """Share out a whole so that what is printed adds up to it 最大余数法.

    Of equal remainders the earlier part is rounded up. Parts that are all zero get
    nothing.

    >>> [str(s) for s in largest_remainder([Decimal(1)] * 3)]
    ['34', '33', '33']
    """
    total = sum(parts)
    if total == 0:
        return tuple(rounded(Decimal(0), places) for _ in parts)
    unit = Fraction(Decimal(1).scaleb(-places))
    exact = [
        Fraction(part) / Fraction(total) * Fraction(whole) / unit for part in parts
    ]
    floors = [share.numerator // share.denominator for share in exact]
    left = int(Fraction(whole) / unit) - sum(floors)
    order = sorted(range(len(parts)), key=lambda i: (floors[i] - exact[i], i))
    up = frozenset(order[:left])
    scale = Decimal(1).scaleb(-places)
    return tuple((floor + (i in up)) * scale for i, floor in enumerate(floors))


@frozen
class Shares:
    """Printed shares of one whole, each named with its part 构成占比.

    With ``closing="largest_remainder"`` the parts must make up the whole and the
    shares as printed add up to 100; any choice among equal remainders is right.
    """

    whole: Operand = field(converter=operand)
    parts: Mapping[str, Operand] = field(converter=by_name)
    closing: Closing = ""

    @property
    def named(self) -> tuple[Operand, ...]:
        """The figures it speaks of."""
        return (self.whole, *self.parts, *self.parts.values())

    @property
    def note(self) -> str:
        """What a reader must be told of the rounding 取整说明."""
        if not self.closing:
            return ""
        return f"{'、'.join(self.parts)}按最大余数法取整，合计为100%。"

    def check(self, figures: Figures) -> tuple[Fault, ...]:
        """Compare each share with its quotient, or all of them with their closing."""
        if not self.closing:
            shares = [Share(n, part=p, whole=self.whole) for n, p in self.parts.items()]
            return tuple(fault for s in shares for fault in s.check(figures))
        whole = look_up(self.whole, figures)
        parts = [look_up(part, figures) for part in self.parts.values()]
        values = [middle(part) for part in parts]
        if sum(values) != middle(whole):
            working = " + ".join(map(str, parts))
            found = Interval.of(sum(values, Decimal(0)))
            return (disagree(whole, found, working, "figure.shares"),)
        return self._check_closed([figures[name] for name in self.parts], values)

    def _check_closed(
        self, printed: list[Figure], values: list[Decimal]
    ) -> tuple[Fault, ...]:
        places = max((figure.places for figure in printed), default=0)
        to = per_whole("%")
        wanted = largest_remainder(values, places, to)
        said = [middle(figure) for figure in printed]
        if _closes(said, values, places, to):
            return ()
        return tuple(
            disagree(
                figure, Interval.of(want), f"{value} ÷ {sum(values)}", "figure.closing"
            )
            for figure, want, value, one in zip(
                printed, wanted, values, said, strict=True
            )
            if want != one
        )

    def __str__(self) -> str:
        shares = "、".join(self.parts)
        closed = "，合计为100%" if self.closing else ""
        return f"{shares} = 各部分 ÷ {name_of(self.whole)}{closed}"


def middle(figure: Figure) -> Decimal:
    """Give a figure's value, or the middle of its range."""
    bounds = Interval.of(figure.value)
    return (bounds.low + bounds.high) / 2


def _closes(
    said: list[Decimal], values: list[Decimal], places: int, to: Decimal
) -> bool:
    """Say whether it is a closing: no smaller remainder went up before a larger."""
    total = sum(values)
    if total == 0 or sum(said) != to:
        return not any(said) and total == 0
    scale = Decimal(1).scaleb(-places)
    up, down = [], []
    for share, value in zip(said, values, strict=True):
        exact = Fraction(value) / Fraction(total) * Fraction(to)
        floor = Decimal(exact.numerator * 10**places // exact.denominator) * scale
        remainder = exact - Fraction(floor)
        if share == floor:
            down.append(remainder)
        elif share == floor + scale:
            up.append(remainder)
        else:
            return False
    return not up or not down or min(up) >= max(down)
