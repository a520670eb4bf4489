"""The rule of a term 时限规则: what it counts, and every option of counting.

It holds and checks, and counts nothing: :mod:`duban_flow.domain.time.counting` does.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any, Final, Literal, get_args

from attrs import field, fields, frozen

from duban_flow.domain.codec import Value
from duban_flow.domain.instants import Span, aware
from duban_flow.domain.time import telling_terms as telling
from duban_flow.domain.time.recurring import Every
from duban_flow.errors import Invalid, Problem

LONGEST: Final = 36_600
MOST_ROLLED: Final = 10
_HOUR_MINUTES: Final = 60

TermUnit = Literal["workday", "day", "month", "hour", "until", "every"]
TermEnd = Literal["close", "24:00"]
TermMode = Literal["legal", "elapsed", "stated", "recurring"]
Moment = date | datetime | Span

_OPTIONS: Final[dict[str, tuple[str, ...]]] = {
    "workday": ("first_day", "roll_at", "at", "end", "cutoff"),
    "day": ("first_day", "rolled", "roll_at", "at", "end", "cutoff"),
    "month": ("first_day", "rolled", "roll_at", "at", "end", "cutoff"),
    "elapsed": ("cutoff",),
    "date": ("rolled", "roll_at", "at", "end"),
    "until": ("end",),
    "every": ("rolled", "roll_at", "at", "end"),
}
"""Which options mean anything to a rule; the others are refused, not passed over."""


def _moment(value: Moment | None) -> Moment | None:
    return aware(value, "Term.until") if isinstance(value, datetime) else value


def _roll(value: bool | int) -> bool | int:
    """One day of roll is a plain yes, and none a plain no."""
    return bool(value) if type(value) is int and value in (0, 1) else value


@frozen(kw_only=True)
class Rule(Value):
    """What a term counts and how 时限规则; :class:`Term` says what each option means.

    Raises:
        Invalid: for a negative or absurd count, an option that does not exist or means
            nothing to the unit, a recurring day that no period has.
    """

    unit: TermUnit
    count: int = 0
    minutes: int = 0
    day_hours: int | None = None
    moment: Moment | None = field(default=None, converter=_moment)
    cycle: Every | None = None
    first_day: bool = False
    roll: bool | int = field(default=True, converter=_roll)
    roll_at: time | None = None
    at: time | None = None
    end: TermEnd = "close"
    cutoff: time | None = None

    def __attrs_post_init__(self) -> None:
        problems = [*self._faults()]
        if problems:
            raise Invalid("", *problems)

    @property
    def elapsed(self) -> timedelta | None:
        """The working time to run 工作时间, of a term counted in hours."""
        if self.unit == "hour":
            return timedelta(hours=self.count, minutes=self.minutes)
        if self.day_hours is not None:
            return timedelta(hours=self.count * self.day_hours)
        return None

    @property
    def mode(self) -> TermMode:
        """How it counts: days by law, working time, a stated end, a recurrence."""
        if self.unit == "until":
            return "stated"
        if self.unit == "every":
            return "recurring"
        return "legal" if self.elapsed is None else "elapsed"

    @property
    def rolled(self) -> int:
        """Which working day after the rest a last day at rest moves to; 0 is none."""
        return int(self.roll)

    def describe(self, lang: str = "zh") -> str:
        """Say the rule in a few words.

        >>> Rule(unit="workday", count=15).describe()
        '15个工作日'
        """
        if self.cycle is not None:
            text = self.cycle.describe(lang)
        else:
            text = telling.term_text(
                self.unit, self.count, self.moment, lang, minutes=self.minutes
            )
        return text + telling.rule_tail(self.day_hours, self.at, lang)

    def __str__(self) -> str:
        return self.describe()

    def options(self) -> dict[str, Any]:
        """Give the fields that are not as a plain term has them, by name."""
        return {
            name: said
            for name, usual in _USUAL
            if (said := getattr(self, name)) != usual
        }

    def _faults(self) -> Iterable[Problem]:
        for name, value, allowed in (
            ("unit", self.unit, get_args(TermUnit)),
            ("end", self.end, get_args(TermEnd)),
        ):
            if value not in allowed:
                yield _fault(
                    name, f"There is no {name} {value!r}.", f"没有{value!r}这种写法"
                )
        yield from self._count_faults()
        if (self.unit == "until") != isinstance(self.moment, date | Span):
            yield _fault(
                "moment",
                "A term until a date, instant or Span names it, no other does; "
                f"{self.moment!r} was given.",
                f"截止到某时的时限应写明日期，其他时限不写；实为{self.moment!r}",
            )
        if (self.unit == "every") != isinstance(self.cycle, Every):
            yield _fault(
                "cycle",
                "A term that recurs says how, no other does.",
                "周期性时限应写明周期，其他时限不写",
            )
        if isinstance(self.cycle, Every):
            yield from self.cycle.faults()
        if self.unit in get_args(TermUnit):
            yield from self._option_faults()
            yield from self._clock_faults()

    def _count_faults(self) -> Iterable[Problem]:
        most = _HOUR_MINUTES - 1 if self.unit == "hour" else 0
        yield from _whole("count", self.count, LONGEST)
        yield from _whole("minutes", self.minutes, most)
        if self.day_hours is not None:
            yield from _whole("day_hours", self.day_hours, 24, least=1)
            if self.unit != "workday":
                yield _fault(
                    "day_hours", "Only working days have hours.", "只有工作日可折算小时"
                )
        if self.count == 0 and self.first_day and self.unit not in ("until", "every"):
            yield _fault(
                "first_day",
                "A term that counts its first day has at least one.",
                "首日计入的时限至少为1",
            )

    def _option_faults(self) -> Iterable[Problem]:
        if type(self.roll) is not bool:
            yield from _whole("roll", self.roll, MOST_ROLLED)
        kind: str = self.unit if self.elapsed is None else "elapsed"
        if type(self.moment) is date:
            kind = "date"
        given = {
            "first_day": self.first_day and self.count,
            "rolled": type(self.roll) is int and self.roll > 1,
            "roll_at": self.roll_at is not None,
            "at": self.at is not None,
            "end": self.end != "close",
            "cutoff": self.cutoff is not None,
        }
        for name, said in given.items():
            if said and name not in _OPTIONS[kind]:
                column = "roll" if name == "rolled" else name
                yield _fault(
                    column,
                    f"{column} means nothing to a term of this kind ({kind}).",
                    "该选项不适用于此类时限",
                )

    def _clock_faults(self) -> Iterable[Problem]:
        for name in ("roll_at", "at", "cutoff"):
            clock = getattr(self, name)
            if clock is None:
                continue
            if type(clock) is not time or clock.tzinfo is not None or clock == time():
                yield _fault(
                    name,
                    f"{clock!r} was given; a time of day after 00:00 and without a "
                    "zone was wanted (midnight is the end '24:00').",
                    f"应为不带时区的当日时刻（午夜写作24:00），实为{clock!r}",
                )
        if self.at is not None and self.end != "close":
            yield _fault("at", "It ends at one hour, not at two.", "截止时刻重复")
        if self.roll_at is not None and not self.roll:
            yield _fault(
                "roll_at",
                "What is not rolled has no hour to be rolled to.",
                "不顺延的时限不写顺延时刻",
            )


_USUAL: Final = tuple(
    (one.name, one.default) for one in fields(Rule) if one.name not in {"unit", "count"}
)


def _whole(column: str, said: object, most: int, least: int = 0) -> Iterable[Problem]:
    if isinstance(said, bool) or not isinstance(said, int):
        yield _fault(column, f"{said!r} is no whole number.", f"应为整数，实为{said!r}")
    elif not least <= said <= most:
        yield _fault(
            column,
            f"A term has {column} {least} to {most}; {said} was given.",
            f"应在{least}至{most}之间，实为{said}",
        )


def _fault(column: str, en: str, zh: str) -> Problem:
    return Problem(code=f"term.{column}", en=en, zh=zh, column=column)
