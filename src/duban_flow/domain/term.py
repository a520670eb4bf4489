"""Terms and the deadlines they end in: the rule, the instant, and the proof.

The rules follow the Civil Code of China, articles 200 to 204 (民法典), which give
way where another law or an agreement says otherwise: hence the options. A term never
reads a clock, and a deadline never changes: another rule makes another deadline.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from functools import partial
from typing import Any, Final, Literal, NamedTuple, get_args
from zoneinfo import ZoneInfo

from attrs import evolve, field, frozen

from duban_flow.domain import telling
from duban_flow.domain.calendar import Edition, Stretch, WorkCalendar
from duban_flow.domain.codec import Value, digest, unstructure
from duban_flow.domain.instants import DAY, TICK, Span, When, aware, earliest, latest
from duban_flow.domain.offset import months_later
from duban_flow.errors import Invalid, Problem

SEMANTICS: Final = 1
"""The version of the counting rules below; an older certificate keeps its own."""

LONGEST: Final = 36_600
_RULE: Final = ("unit", "count", "first_day", "roll", "end")

TermUnit = Literal["workday", "day", "month", "until"]
TermEnd = Literal["close", "24:00"]
Moment = date | datetime | Span


def _moment(value: Moment | None) -> Moment | None:
    return aware(value, "Term.until") if isinstance(value, datetime) else value


@frozen(kw_only=True)
class Term(Value):
    """How long a matter may take 办理时限: the rule, not the date.

    ``first_day`` counts the day of the start itself (by article 201 it does not
    count); ``roll`` moves a last day that is at rest to the next working day (article
    203); ``end`` is the close of business, or 24:00 where there are no office hours
    (article 203). A term never ends before it starts: received after close of
    business, one that ends on the same day ends at its 24:00.

    Raises:
        Invalid: for a negative or absurd count, or an option that does not exist.

    >>> deadline = Term.workdays(3).deadline(
    ...     datetime.fromisoformat("2026-06-03T15:00+08:00"), WorkCalendar.china())
    >>> deadline.at.isoformat()
    '2026-06-08T09:30:00+00:00'
    """

    unit: TermUnit
    count: int = 0
    moment: Moment | None = field(default=None, converter=_moment)
    first_day: bool = False
    roll: bool = True
    end: TermEnd = "close"

    def __attrs_post_init__(self) -> None:
        problems = [*self._faults()]
        if problems:
            raise Invalid("", *problems)

    @classmethod
    def workdays(
        cls,
        n: int,
        *,
        first_day: bool = False,
        roll: bool = True,
        end: TermEnd = "close",
    ) -> Term:
        """Count working days 工作日; 0 ends on the day of the start."""
        return cls(unit="workday", count=n, first_day=first_day, roll=roll, end=end)

    @classmethod
    def days(
        cls,
        n: int,
        *,
        first_day: bool = False,
        roll: bool = True,
        end: TermEnd = "close",
    ) -> Term:
        """Count calendar days 自然日 (article 200: by the Gregorian calendar)."""
        return cls(unit="day", count=n, first_day=first_day, roll=roll, end=end)

    @classmethod
    def months(
        cls,
        n: int,
        *,
        first_day: bool = False,
        roll: bool = True,
        end: TermEnd = "close",
    ) -> Term:
        """Count months, to the matching day or the month's end (article 202)."""
        return cls(unit="month", count=n, first_day=first_day, roll=roll, end=end)

    @classmethod
    def until(
        cls, moment: Moment, *, roll: bool = False, end: TermEnd = "close"
    ) -> Term:
        """Name the end itself: a day (its close of business), an instant or a Span."""
        return cls(unit="until", moment=moment, roll=roll, end=end)

    def deadline(self, start: When, calendar: WorkCalendar) -> Deadline:
        """Reckon the instant at which the term ends, started at *start*.

        A start known only as a range gives a deadline that is one.

        Raises:
            Invalid: for a naive start, or an end beyond the years 1900 to 2200.
        """
        low = self._reckon(earliest(start), calendar)
        if not isinstance(start, Span):
            return low
        high = self._reckon(latest(start), calendar)
        return evolve(
            high,
            start=start,
            earliest=low.earliest,
            provisional=low.provisional or high.provisional,
        )

    def describe(self, lang: str = "zh") -> str:
        """Say the rule in a few words.

        >>> Term.workdays(15).describe(), Term.months(3).describe("en")
        ('15个工作日', '3 months')
        """
        return telling.term_text(self.unit, self.count, self.moment, lang)

    def __str__(self) -> str:
        return self.describe()

    def _faults(self) -> Iterable[Problem]:
        for name, value, allowed in (
            ("unit", self.unit, get_args(TermUnit)),
            ("end", self.end, get_args(TermEnd)),
        ):
            if value not in allowed:
                yield _fault(name, f"There is no {name} {value!r}.", "没有这种写法")
        if isinstance(self.count, bool) or not isinstance(self.count, int):
            yield _fault("count", f"{self.count!r} is no whole number.", "应为整数")
        elif not 0 <= self.count <= LONGEST:
            yield _fault(
                "count",
                f"A term counts 0 to {LONGEST}; {self.count} was given.",
                f"时限应在0至{LONGEST}之间，实为{self.count}",
            )
        elif self.count == 0 and self.first_day:
            yield _fault(
                "first_day",
                "A term that counts its first day has at least one.",
                "首日计入的时限至少为1",
            )
        if (self.unit == "until") != isinstance(self.moment, date | Span):
            yield _fault(
                "moment",
                "A term until a date, instant or Span names it, no other does.",
                "截止到某时的时限应写明日期，其他时限不写",
            )

    def _reckon(self, start: datetime, calendar: WorkCalendar) -> Deadline:
        if isinstance(self.moment, Span | datetime):
            first, last = earliest(self.moment), latest(self.moment)
            return Deadline(
                at=last,
                earliest=first,
                latest=last,
                start=start,
                term=self,
                calendar=calendar.edition,
            )
        begun = calendar.date_of(start)
        days = self._last_days(begun, calendar)
        first, last = (self._end_of(day, start, calendar) for day in days.range)
        return Deadline(
            at=last,
            earliest=first,
            latest=last,
            provisional=days.provisional,
            start=start,
            term=self,
            calendar=calendar.edition,
            counted=days.counted,
            met=calendar.met(self._first_told(begun, days), days.range[1]),
        )

    def _last_days(self, begun: date, calendar: WorkCalendar) -> _LastDays:
        if self.unit == "workday" and self.count:
            before = begun - DAY if self.first_day else begun
            found = calendar.workday_range(before, self.count)
            return _LastDays(found, not calendar.knows(before + DAY, found[1]))
        nominal = self._nominal(begun, calendar)
        if not self.roll:
            return _LastDays((nominal, nominal), False, nominal)
        found = calendar.workday_range(nominal - DAY, 1)
        return _LastDays(found, not calendar.knows(nominal, found[1]), nominal)

    def _nominal(self, begun: date, calendar: WorkCalendar) -> date:
        if isinstance(self.moment, date):
            return self.moment
        if self.unit == "month":
            return months_later(begun, self.count, first_day=self.first_day)
        return calendar.days_after(begun, self.count - self.first_day)

    def _first_told(self, begun: date, days: _LastDays) -> date:
        """Where the telling begins: with the first day that counts."""
        if self.moment is not None and days.counted is not None:
            return days.counted
        return begun if self.first_day else begun + DAY

    def _end_of(self, day: date, start: datetime, calendar: WorkCalendar) -> datetime:
        end = calendar.closes(day) if self.end == "close" else None
        if end is None or (end < start and self.moment is None):
            return calendar.midnight_after(day)
        return end


class _LastDays(NamedTuple):
    """The earliest and latest last day, and the one counted before it was moved."""

    range: tuple[date, date]
    provisional: bool
    counted: date | None = None


def _fault(column: str, en: str, zh: str) -> Problem:
    return Problem(code=f"term.{column}", en=en, zh=zh, column=column)


@frozen(kw_only=True)
class Stop(Value):
    """A stretch that a deadline did not count; without an end it still runs."""

    since: When
    until: When | None = None


@frozen(kw_only=True)
class Fixed(Value):
    """A date that was set 定期, and since when it holds.

    An ``extension`` only ever moves a deadline later; a ``target`` is the new one
    whatever stood before; a ``restart`` counts its term from the matter's own start.
    """

    at: When
    term: Term
    kind: Literal["extension", "target", "restart"] = "extension"


@frozen(kw_only=True)
class Deadline(Value):
    """The instant a term ends in 办结时限, with everything it was reckoned from.

    ``at`` is the instant to assess by, the latest where there is a range. It is
    ``provisional`` where it rests on days whose notice has not been published: remind
    on ``earliest``, sanction only past ``latest``. ``counted`` is the last day before
    it was moved off a rest day; ``met`` are the holidays and make-up days on the way.
    ``stops`` and ``fixed`` have moved it; it is ``deferred`` while a stop runs on whose
    end nobody can name.
    """

    at: datetime
    earliest: datetime
    latest: datetime
    start: When
    term: Term
    calendar: Edition
    provisional: bool = False
    counted: date | None = None
    met: tuple[Stretch, ...] = ()
    stops: tuple[Stop, ...] = ()
    fixed: tuple[Fixed, ...] = ()
    deferred: bool = False
    semantics: int = SEMANTICS

    @property
    def when(self) -> When:
        """The deadline as an instant, or as the Span it is known to lie in."""
        if self.earliest == self.latest:
            return self.at
        return Span(self.earliest, self.latest)

    @property
    def certificate(self) -> dict[str, Any]:
        """The proof 计算凭证: plain data under a digest, for ``verify``."""
        term = self.term
        rule = {name: getattr(term, name) for name in _RULE}
        body = unstructure(
            {
                "semantics": self.semantics,
                "start": self.start,
                "term": {**rule, "moment": term.moment},
                "calendar": self.calendar,
                "counted": self.counted,
                "provisional": self.provisional,
                "earliest": self.earliest,
                "at": self.at,
                "latest": self.latest,
                "local": self.at.astimezone(ZoneInfo(self.calendar.zone)).isoformat(),
            }
        )
        return {**body, "digest": digest(body)}

    def explain(self, lang: str = "zh") -> list[str]:
        """Tell how it was reckoned, line by line, naming each holiday it met.

        >>> start = datetime.fromisoformat("2009-09-25T10:00+08:00")
        >>> deadline = Term.workdays(2).deadline(start, WorkCalendar.china())
        >>> deadline.explain()[1]
        '2009年9月27日（周日）调休上班（国庆节），计入。'
        """
        zone, term = self.calendar.zone, self.term
        say = partial(telling.instant_text, zone=zone, lang=lang)
        begun = self.start.text if isinstance(self.start, Span) else ""
        begun = begun or say(latest(self.start))
        counts = term.first_day if term.moment is None else None
        lines = [telling.start_text(begun, term.describe(lang), counts, lang)]
        lines += [
            telling.stretch_text(s, lang, workdays=term.unit == "workday")
            for s in self.met
        ]
        if self.counted is not None and self.last_day > self.counted:
            lines.append(telling.rolled_text(self.counted, self.last_day, lang))
        soonest = say(self.earliest, opening=isinstance(term.moment, Span))
        lines.append(telling.end_text(soonest, say(self.latest), lang))
        if self.provisional:
            lines.append(telling.provisional_text(lang))
        return [*lines, telling.edition_text(self.calendar, lang)]

    @property
    def last_day(self) -> date:
        """The day that ``latest`` ends in, in the calendar's zone."""
        local = (self.latest - TICK).astimezone(ZoneInfo(self.calendar.zone))
        return local.date()
