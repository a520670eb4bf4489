"""Quantities: a number is never bare, and a rounded one is a range.

All arithmetic is decimal. A float is refused where it enters.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from attrs import field, frozen

from duban_flow.domain.codec import Value
from duban_flow.errors import Invalid


def number(value: Decimal | int | str) -> Decimal:
    """Read a number exactly.

    Raises:
        Invalid: for a float, or a text that is no number.

    >>> number("60.4594")
    Decimal('60.4594')
    """
    if isinstance(value, bool | float) or not isinstance(value, Decimal | int | str):
        raise Invalid(
            f"A quantity is a Decimal, a whole number or text; {value!r} was given.",
            zh=f"数量应为十进制数或文本，不能是{value!r}。",
            code="quantity.type",
        )
    try:
        made = Decimal(value)
    except ArithmeticError as fault:
        raise Invalid(
            f"{value!r} is not a number.", zh=f"“{value}”不是数。", code="quantity.text"
        ) from fault
    if not made.is_finite():
        raise Invalid(
            f"{value!r} is not a finite number.",
            zh=f"“{value}”不是有限的数。",
            code="quantity.text",
        )
    return made


def optional_number(value: Decimal | int | str | None) -> Decimal | None:
    """Read a number that may be absent."""
    return None if value is None else number(value)


@frozen
class Interval(Value):
    """A number known only between two bounds, both possible 区间.

    >>> Interval("12.5", "13.5").width
    Decimal('1.0')
    """

    low: Decimal = field(converter=number)
    high: Decimal = field(converter=number)

    def __attrs_post_init__(self) -> None:
        if self.low > self.high:
            raise Invalid(
                f"An interval runs upwards; {self.low} to {self.high} was given.",
                zh=f"区间下限{self.low}大于上限{self.high}。",
                code="interval.order",
            )

    @property
    def width(self) -> Decimal:
        """How far apart the bounds are."""
        return self.high - self.low

    @classmethod
    def of(cls, value: Decimal | int | str | Interval) -> Interval:
        """Read a number as the interval that holds it alone."""
        return value if isinstance(value, Interval) else cls(value, value)

    def minus(self, other: Interval) -> Interval:
        """Subtract, keeping every possible result."""
        return Interval(self.low - other.high, self.high - other.low)

    def __str__(self) -> str:
        return str(self.low) if self.low == self.high else f"{self.low}~{self.high}"


Amount = Decimal | Interval


def amount(value: Amount | int | str | None) -> Amount | None:
    """Read a number or an interval; a text ``low~high`` is an interval.

    >>> amount("40.63~41.63")
    Interval(low=Decimal('40.63'), high=Decimal('41.63'))
    """
    if value is None or isinstance(value, Interval):
        return value
    if isinstance(value, str) and "~" in value:
        low, _, high = value.partition("~")
        return Interval(low.strip(), high.strip())
    return number(value)


@frozen
class Measure(Value):
    """What an item is measured by 指标, with its unit of measure and its target.

    ``decisive`` means: reaching the target is what the item is about.
    """

    name: str
    measure_unit: str
    target: Decimal | None = field(
        default=None, converter=optional_number, kw_only=True
    )
    decisive: bool = field(default=False, kw_only=True)


@frozen(kw_only=True)
class Reading(Value):
    """What a measure showed at an instant 读数; never a bare number.

    ``scheduled`` is what a plan asked for by then 序时进度, where there is one.
    """

    name: str
    actual: Decimal = field(converter=number)
    measure_unit: str
    as_of: datetime
    target: Decimal | None = field(default=None, converter=optional_number)
    scheduled: Decimal | None = field(default=None, converter=optional_number)
