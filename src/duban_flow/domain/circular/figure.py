"""A figure 数字 of a circular: its value, its unit, as of when, and where it is from.

A figure is never bare and never a float. What a printed number leaves open is said
once, here: half a unit in its last printed place (XBRL Calculations 1.1).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any, Final

from attrs import field, frozen

from duban_flow.domain.circular.asked import Query
from duban_flow.domain.quantities import Amount, Interval, amount, optional_number
from duban_flow.errors import Invalid

_SCALES: Final[Mapping[str, Decimal]] = {"万": Decimal(10**4), "亿": Decimal(10**8)}
_PER: Final[Mapping[str, Decimal]] = {"%": Decimal(100), "‰": Decimal(1000)}
_COUNTERS: Final = frozenset("个件项宗户人名家份栋座处所次起条批位台辆套只头块本期场")


def rounded(value: Decimal, places: int) -> Decimal:
    """Round plainly, halves away from zero 四舍五入.

    >>> rounded(Decimal("0.125"), 2), rounded(Decimal("2.5"), 0)
    (Decimal('0.13'), Decimal('3'))
    """
    return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def places_of(value: Decimal) -> int:
    """Give how many decimals a number is written with."""
    exponent = value.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def scale_of(measure_unit: str) -> Decimal:
    """Give how many of the bare unit one of this holds: 万户 holds 10 000 户."""
    return (
        _SCALES.get(measure_unit[:1], Decimal(1))
        if len(measure_unit) > 1
        else Decimal(1)
    )


def per_whole(measure_unit: str) -> Decimal:
    """Give what a whole comes to in this unit: 100 in per cent, else 1."""
    return _PER.get(measure_unit, Decimal(1))


@frozen
class Counted:
    """The figure was counted 统计 from the store by this query."""

    query: Query


@frozen
class Stated:
    """The figure was stated 陈述 by somebody, in these characters if they are known."""

    printed: str = ""


Origin = Counted | Stated


def _as_of(value: date | datetime | None) -> date | datetime | None:
    """Keep a date, or an instant on the clock it was said by.

    Raises:
        Invalid: for an instant without a zone.
    """
    if not isinstance(value, datetime):
        return value
    if value.tzinfo is None:
        raise Invalid(
            f"A figure's as_of is a date or an instant with a zone; {value} has none.",
            zh=f"截至时间应为日期或带时区的时刻：{value}。",
            code="figure.as_of",
        )
    return value


def _plain(value: Decimal | None) -> int | float | str | None:
    """Write a number for JSON: whole, or decimal where fifteen digits hold it."""
    if value is None:
        return None
    if value == value.to_integral_value():
        return int(value)
    return float(value) if len(value.as_tuple().digits) <= 15 else format(value, "f")


def _value(value: Amount | int | str) -> Amount:
    made = amount(value)
    if made is None:
        raise Invalid("A figure has a value.", zh="数字必须有值。", code="figure.value")
    if isinstance(made, Interval) and not made.width:
        return made.low
    return made


@frozen
class Figure:
    """A number of a circular 数字, with its unit of measure.

    ``value`` is as printed; a per cent is in points (61.54, not 0.6154).
    ``rounding`` is the number of decimals it was rounded to; without it the printed
    decimals tell. ``unsure`` counts the matters that its facts did not decide.

    >>> str(Figure("done_share", "61.54", "%")), str(Figure("total", 104, "件"))
    ('61.54%', '104件')
    """

    name: str
    value: Amount = field(converter=_value)
    measure_unit: str = ""
    label: str = field(default="", kw_only=True)
    numerator: Decimal | None = field(
        default=None, converter=optional_number, kw_only=True
    )
    denominator: Decimal | None = field(
        default=None, converter=optional_number, kw_only=True
    )
    rounding: int | None = field(default=None, kw_only=True)
    as_of: datetime | date | None = field(default=None, converter=_as_of, kw_only=True)
    origin: Origin = field(factory=Stated, kw_only=True)
    unsure: int = field(default=0, kw_only=True)

    @rounding.validator
    def _check_rounding(self, _: object, value: int | None) -> None:
        if value is not None and not 0 <= value <= 12:
            raise Invalid(
                f"Figure {self.name!r}: 0 to 12 decimals are possible, not {value}.",
                zh=f"数字“{self.name}”：小数位数应为0至12，不能是{value}。",
                code="figure.rounding",
            )

    def __attrs_post_init__(self) -> None:
        if self.rounding is not None and isinstance(self.value, Decimal):
            # A frozen value is still being made here: it is born as it is printed.
            object.__setattr__(self, "value", rounded(self.value, self.rounding))

    @property
    def places(self) -> int:
        """How many decimals it is printed with."""
        if self.rounding is not None:
            return self.rounding
        bounds = Interval.of(self.value)
        return max(places_of(bounds.low), places_of(bounds.high))

    @property
    def title(self) -> str:
        """What a person is told it is called."""
        if self.label and self.name:
            return f"{self.label}({self.name})"
        return self.label or self.name

    @property
    def printed_values(self) -> tuple[Decimal, ...]:
        """The numbers it shows when printed: one, or the bounds of a range."""
        bounds = Interval.of(self.value)
        return tuple(
            dict.fromkeys(rounded(v, self.places) for v in (bounds.low, bounds.high))
        )

    @property
    def number_text(self) -> str:
        """The number without its unit, as printed."""
        return "~".join(format(value, "f") for value in self.printed_values)

    def possible(self, *, fine: bool = False) -> Interval:
        """Give every value that would be printed like this one.

        A whole number is exact, unless it is a per cent, or is what decimals come to
        (*fine*) in a unit that does not count things, or says its rounding.
        """
        if isinstance(self.value, Interval):
            return self.value
        if self.rounding is None and self._is_exact(fine=fine):
            return Interval.of(self.value)
        half = Decimal("0.5").scaleb(-self.places)
        return Interval(self.value - half, self.value + half)

    def _is_exact(self, *, fine: bool) -> bool:
        if isinstance(self.origin, Counted):
            return True
        if self.measure_unit in _PER or self.places > 0:
            return False
        return not (fine and self.measure_unit not in _COUNTERS)

    def to_dict(self) -> dict[str, Any]:
        """Write value, unit, numerator, denominator and as_of, ready for JSON."""
        value = (
            self.number_text if isinstance(self.value, Interval) else _plain(self.value)
        )
        return {
            "value": value,
            "unit": self.measure_unit,
            "numerator": _plain(self.numerator),
            "denominator": _plain(self.denominator),
            "as_of": None if self.as_of is None else self.as_of.isoformat(),
        }

    def __str__(self) -> str:
        return f"{self.number_text}{self.measure_unit}"


class Figures(Mapping[str, Figure]):
    """The figures of a circular, by name: ``figures["done"]`` or ``figures.done``.

    A figure's name goes before a method's: a figure may be called ``items``.
    """

    __slots__ = ("_by_name",)

    def __init__(self, figures: Iterable[Figure] = ()) -> None:
        self._by_name = {figure.name: figure for figure in figures}

    def __getitem__(self, name: str) -> Figure:
        return self._by_name[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_name)

    def __len__(self) -> int:
        return len(self._by_name)

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Figure: ...

    else:

        def __getattribute__(self, name: str) -> Any:
            if not name.startswith("_"):
                found = self._by_name.get(name)
                if found is not None:
                    return found
            return object.__getattribute__(self, name)

    def __repr__(self) -> str:
        return f"Figures({', '.join(self._by_name)})"
