"""Figures of an outline: which question each asks, one question a figure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, cast

from duban_flow.domain.circular.asked import (
    CountQuery,
    DifferenceQuery,
    GrowthQuery,
    PaceQuery,
    PaceRule,
    Query,
    ReadingPart,
    RoundPart,
    RoundQuery,
    SanctionQuery,
    ShareQuery,
    SumQuery,
    TimesQuery,
    UnitsQuery,
)
from duban_flow.domain.circular.outline import FigureSpec
from duban_flow.domain.units import Role
from duban_flow.formats.circular_fields import Fields

_EVERY: Final = ("unit", "label", "places", "as_of")


def _sum(fields: Fields) -> Query:
    part = fields.choice("of", ("actual", "target", "scheduled"), default="actual")
    return SumQuery(
        fields.conditions("sum"),
        fields.text("measure", wanted=True),
        cast(ReadingPart, part),
    )


def _units(fields: Fields) -> Query:
    role = fields.choice("role", [r.value for r in Role], default=Role.RESPONSIBLE)
    return UnitsQuery(fields.conditions("units"), Role(role))


def _of_round(what: RoundPart) -> Callable[[Fields], Query]:
    def read(fields: Fields) -> Query:
        if "round" not in fields:
            fields.wrong("round", "the number of a round", "轮次")
        return RoundQuery(fields.conditions(what), fields.whole("round", 1) or 1, what)

    return read


def _pace(fields: Fields) -> Query:
    return PaceQuery(cast(PaceRule, fields.choice("pace", ("day", "month"))))


_QUESTIONS: Final[Mapping[str, tuple[Callable[[Fields], Query], tuple[str, ...]]]] = {
    "count": (lambda f: CountQuery(f.conditions("count")), ()),
    "sum": (_sum, ("measure", "of")),
    "units": (_units, ("role",)),
    "rebaselined": (lambda f: TimesQuery(f.conditions("rebaselined")), ()),
    "score": (_of_round("score"), ("round",)),
    "rank": (_of_round("rank"), ("round",)),
    "gap": (_of_round("gap"), ("round",)),
    "mean": (_of_round("mean"), ("round",)),
    "sanctions": (lambda f: SanctionQuery(f.text("sanctions")), ()),
    "share": (lambda f: ShareQuery(*f.pair("share")), ()),
    "difference": (lambda f: DifferenceQuery(*f.pair("difference")), ()),
    "growth": (lambda f: GrowthQuery(*f.pair("growth")), ()),
    "pace": (_pace, ()),
}


def read_figure(name: str, fields: Fields) -> FigureSpec:
    """Read one figure: what it asks, or what was stated, and how it is printed."""
    asked = [key for key in (*_QUESTIONS, "stated") if key in fields]
    if len(asked) != 1:
        several = ", ".join((*_QUESTIONS, "stated"))
        fields.fault(
            "",
            "circular.question",
            f"a figure asks one question; it has {len(asked)}, one of {several} was "
            "wanted",
            f"每个数字只能有一种来源，现有{len(asked)}种；可用：{several}",
            ", ".join(asked),
        )
    question = asked[0] if asked else "stated"
    reads, own = _QUESTIONS.get(question, (None, ()))
    fields.only((*_EVERY, *asked, *own))
    stated = fields.number("stated") if reads is None and asked else ""
    return FigureSpec(
        name=name,
        query=None if reads is None else reads(fields),
        stated=stated,
        measure_unit=fields.text("unit"),
        label=fields.text("label"),
        places=fields.whole("places"),
        as_of=fields.as_of(),
    )
