"""Relations between figures: what must hold if each of them is right.

A relation names its figures and checks them from what the circular carries; it asks
nobody. What a printed number leaves open stays open: two numbers agree where what
they can have been overlaps (XBRL Calculations 1.1).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from attrs import field, frozen

from duban_flow.domain.circular.fault import Fault
from duban_flow.domain.circular.figure import (
    Figure,
    Figures,
    per_whole,
    rounded,
    scale_of,
)
from duban_flow.domain.quantities import Interval

Operand = str | Figure
"""A figure by its name, or one that stands only here."""


def operand(given: Operand | Decimal | int) -> Operand:
    """Read an operand; a bare number is a figure without a name."""
    return given if isinstance(given, str | Figure) else Figure("", given)


def operands(given: Iterable[Operand | Decimal | int]) -> tuple[Operand, ...]:
    """Read several operands."""
    return tuple(operand(one) for one in given)


def texts(given: Iterable[str]) -> tuple[str, ...]:
    """Read several words."""
    return tuple(given)


def look_up(named: Operand, figures: Figures) -> Figure:
    """Find the figure that an operand means."""
    return named if isinstance(named, Figure) else figures[named]


def name_of(named: Operand) -> str:
    """Name an operand as a person reads it."""
    return named if isinstance(named, str) else named.title or str(named)


def in_bare_units(figures: Iterable[Figure]) -> list[Interval]:
    """Give what each figure can have been, 万 and 亿 multiplied out.

    A whole number is exact beside decimals, whose trailing zeros are often dropped;
    in a larger scale than another (3万户 beside 户) it may have been rounded.
    """
    several = list(figures)
    least = min((scale_of(f.measure_unit) for f in several), default=Decimal(1))
    return [_bare(f, fine=scale_of(f.measure_unit) > least) for f in several]


def said_beside(result: Figure, others: Iterable[Figure]) -> Interval:
    """Give what a result can have been: beside decimals, a whole one may be rounded."""
    several = list(others)
    scale = scale_of(result.measure_unit)
    fine = any(f.places or scale_of(f.measure_unit) < scale for f in several)
    return _bare(result, fine=fine)


def as_they_stand(figures: Iterable[Figure]) -> list[Interval]:
    """Give each figure as it is printed, 万 and 亿 multiplied out."""
    return [_times(Interval.of(f.value), scale_of(f.measure_unit)) for f in figures]


def _bare(figure: Figure, *, fine: bool) -> Interval:
    return _times(figure.possible(fine=fine), scale_of(figure.measure_unit))


def _times(bounds: Interval, by: Decimal) -> Interval:
    return Interval(bounds.low * by, bounds.high * by)


def overlap(one: Interval, other: Interval) -> bool:
    """Say whether two ranges have a value in common."""
    return one.low <= other.high and other.low <= one.high


def quotient(part: Interval, whole: Interval) -> Interval | None:
    """Divide, keeping every possible result; nothing where the divisor can be zero."""
    if whole.low <= 0 <= whole.high:
        return None
    several = [p / w for p in (part.low, part.high) for w in (whole.low, whole.high)]
    return Interval(min(several), max(several))


def in_unit(found: Interval, unit: str, places: int) -> str:
    """Write what follows as the figure would have been printed."""
    bounds = [found.low, found.high]
    by = scale_of(unit)
    texts = dict.fromkeys(format(rounded(v / by, places), "f") for v in bounds)
    return "~".join(texts) + unit


def disagree(printed: Figure, found: Interval, working: str, code: str) -> Fault:
    """Say that a figure is not what its parts come to."""
    follows = in_unit(found, printed.measure_unit, printed.places)
    return Fault(
        code=code,
        figure=printed.name,
        said=str(printed),
        follows=follows,
        en=f"{printed.title}: said {printed}, but {working} = {follows}.",
        zh=f"“{printed.title}”写作{printed}，而{working} = {follows}。",
    )


def _divides_by_zero(printed: Figure, whole: Figure) -> Fault:
    base = whole.title or str(whole)
    return Fault(
        code="figure.zero",
        figure=printed.name,
        said=str(printed),
        follows="",
        en=f"{printed.title}: said {printed}, but {base} may be zero.",
        zh=f"“{printed.title}”写作{printed}，而基数“{base}”可能为零。",
    )


def plainly(printed: Figure, found: Interval) -> bool:
    """Say whether a figure is a result as plain rounding prints it.

    A result that is known exactly has one plain rounding; a range need only overlap.
    """
    if found.low == found.high and not isinstance(printed.value, Interval):
        return rounded(found.low, printed.places) == printed.value
    half = Decimal("0.5").scaleb(-printed.places)
    bounds = Interval.of(printed.value)
    return overlap(found, Interval(bounds.low - half, bounds.high + half))


@frozen
class Sum:
    """The parts add up to the total 合计."""

    total: Operand = field(converter=operand)
    parts: tuple[Operand, ...] = field(converter=operands)

    @property
    def named(self) -> tuple[Operand, ...]:
        """The figures it speaks of."""
        return (self.total, *self.parts)

    def check(self, figures: Figures) -> tuple[Fault, ...]:
        """Compare the total with what the parts come to."""
        total, *parts = (look_up(name, figures) for name in self.named)
        if overlap(said_beside(total, parts), _added(in_bare_units(parts))):
            return ()
        working = " + ".join(map(str, parts)) or "0"
        return (disagree(total, _added(as_they_stand(parts)), working, "figure.sum"),)

    def __str__(self) -> str:
        return f"{name_of(self.total)} = {' + '.join(map(name_of, self.parts))}"


def _added(several: Iterable[Interval]) -> Interval:
    low = high = Decimal(0)
    for bounds in several:
        low, high = low + bounds.low, high + bounds.high
    return Interval(low, high)


@frozen
class Share:
    """A printed share is part of whole 占比, rounded plainly."""

    printed: Operand = field(converter=operand)
    part: Operand = field(converter=operand, kw_only=True)
    whole: Operand = field(converter=operand, kw_only=True)

    @property
    def named(self) -> tuple[Operand, ...]:
        """The figures it speaks of."""
        return (self.printed, self.part, self.whole)

    def check(self, figures: Figures) -> tuple[Fault, ...]:
        """Compare the printed share with the quotient."""
        printed, part, whole = (look_up(name, figures) for name in self.named)
        found = quotient(*in_bare_units([part, whole]))
        shown = quotient(*as_they_stand([part, whole]))
        if found is None or shown is None:
            return (_divides_by_zero(printed, whole),)
        by = per_whole(printed.measure_unit)
        if plainly(printed, _times(found, by)):
            return ()
        working = f"{part} ÷ {whole}"
        return (disagree(printed, _times(shown, by), working, "figure.share"),)

    def __str__(self) -> str:
        return f"{name_of(self.printed)} = {name_of(self.part)} ÷ {name_of(self.whole)}"


@frozen
class Difference:
    """A printed number is one figure less another 差额.

    ``低于平均分10.28分`` is a difference and no average: the average is its minuend.
    """

    printed: Operand = field(converter=operand)
    minuend: Operand = field(converter=operand, kw_only=True)
    subtrahend: Operand = field(converter=operand, kw_only=True)

    @property
    def named(self) -> tuple[Operand, ...]:
        """The figures it speaks of."""
        return (self.printed, self.minuend, self.subtrahend)

    def check(self, figures: Figures) -> tuple[Fault, ...]:
        """Compare the printed number with the difference."""
        printed, minuend, subtrahend = (look_up(n, figures) for n in self.named)
        parts = (minuend, subtrahend)
        more, less = in_bare_units(parts)
        if overlap(said_beside(printed, parts), more.minus(less)):
            return ()
        more, less = as_they_stand(parts)
        working = f"{minuend} − {subtrahend}"
        return (disagree(printed, more.minus(less), working, "figure.difference"),)

    def __str__(self) -> str:
        names = (name_of(self.printed), name_of(self.minuend), name_of(self.subtrahend))
        return "{} = {} − {}".format(*names)


@frozen
class Growth:
    """A printed growth is now over before, less one 增长."""

    printed: Operand = field(converter=operand)
    now: Operand = field(converter=operand, kw_only=True)
    before: Operand = field(converter=operand, kw_only=True)

    @property
    def named(self) -> tuple[Operand, ...]:
        """The figures it speaks of."""
        return (self.printed, self.now, self.before)

    def check(self, figures: Figures) -> tuple[Fault, ...]:
        """Compare the printed growth with the quotient less one."""
        printed, now, before = (look_up(name, figures) for name in self.named)
        found = quotient(*in_bare_units([now, before]))
        shown = quotient(*as_they_stand([now, before]))
        if found is None or shown is None:
            return (_divides_by_zero(printed, before),)
        by, one = per_whole(printed.measure_unit), Interval.of(1)
        if plainly(printed, _times(found.minus(one), by)):
            return ()
        working, shown = f"{now} ÷ {before} − 1", _times(shown.minus(one), by)
        return (disagree(printed, shown, working, "figure.growth"),)

    def __str__(self) -> str:
        now, before = name_of(self.now), name_of(self.before)
        return f"{name_of(self.printed)} = {now} ÷ {before} − 1"


@frozen
class Listing:
    """So many names as the count says, each once 名单."""

    name: str
    count: Operand = field(converter=operand)
    names: tuple[str, ...] = field(converter=texts)

    @property
    def named(self) -> tuple[Operand, ...]:
        """The figures it speaks of."""
        return (self.count,)

    def check(self, figures: Figures) -> tuple[Fault, ...]:
        """Compare the count with the names."""
        count = look_up(self.count, figures)
        found = []
        if not overlap(count.possible(), Interval.of(len(self.names))):
            listed = "、".join(self.names)
            found.append(
                Fault(
                    code="figure.listing",
                    figure=self.name,
                    said=str(count),
                    follows=str(len(self.names)),
                    en=f"{self.name}: said {count}, but {len(self.names)} are named: "
                    f"{listed}.",
                    zh=f"“{self.name}”写作{count}，而列名{len(self.names)}个：{listed}。",
                )
            )
        found.extend(twice(self.name, self.names))
        return tuple(found)

    def __str__(self) -> str:
        return f"{self.name}：{name_of(self.count)} = {len(self.names)}个列名"


def twice(name: str, names: Iterable[str]) -> list[Fault]:
    """Name what stands more than once in a list."""
    seen: dict[str, int] = {}
    for one in names:
        seen[one] = seen.get(one, 0) + 1
    return [
        Fault(
            code="figure.twice",
            figure=name,
            said=one,
            follows="1",
            en=f"{name}: {one} stands {times} times.",
            zh=f"“{name}”中{one}出现{times}次。",
        )
        for one, times in seen.items()
        if times > 1
    ]


def by_name(given: Mapping[str, Operand | Decimal | int]) -> dict[str, Operand]:
    """Read a mapping of printed shares to their parts."""
    return {name: operand(part) for name, part in given.items()}
