"""Terms and the deadlines they end in: the rule, the instant, and the proof.

The rules follow the Civil Code of China, articles 200 to 204 (民法典), which give
way where another law or an agreement says otherwise: hence the options. A term never
reads a clock, and a deadline never changes: another rule makes another deadline.
"""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any, Final, Literal
from zoneinfo import ZoneInfo

from attrs import evolve, field, frozen

from duban_flow.domain.codec import Value, digest, unstructure
from duban_flow.domain.instants import (
    TICK,
    Span,
    When,
    aware,
    aware_when,
    earliest,
    latest,
)
from duban_flow.domain.time import explaining
from duban_flow.domain.time.calendar import Edition, Stretch, WorkCalendar
from duban_flow.domain.time.counting import ends_of
from duban_flow.domain.time.recurring import Every, Period
from duban_flow.domain.time.rule import Moment, Rule, TermEnd
from duban_flow.errors import Invalid

SEMANTICS: Final = 2
"""The version of the counting rules; an older certificate keeps its own.

Version 2 counts what version 1 did in the same way, and knows more rules.
"""

_RULE_1: Final = ("unit", "count", "first_day", "roll", "end", "moment")
_EDITION: Final = ("name", "version", "digest", "zone")
_MAY_BE: Final = ("counted", "received", "stops", "fixed", "deferred")


@frozen(kw_only=True)
class Term(Rule):
    """How long a matter may take 办理时限: the rule, not the date.

    ==============  =============================================================
    option          what it says
    ==============  =============================================================
    ``first_day``   the day of the start counts; by article 201 it does not
    ``roll``        a last day at rest moves to the next working day (article 203);
                    a number n moves it to the n-th after the rest, and a counted
                    last day that falls before that n-th waits with it
    ``roll_at``     the hour at which a last day that was moved ends, if not sooner
    ``at``          the hour at which the last day ends
    ``end``         else it ends at the ``"close"`` of business, or at ``"24:00"``
                    where there are no office hours (article 203)
    ``cutoff``      what is received after this hour, or on a day without work,
                    counts as received on the next working day
    ==============  =============================================================

    A later start or a longer term never ends earlier. A counted term never ends before
    it starts: where its hour is past by then, it ends at the day's 24:00.

    Raises:
        Invalid: for a negative or absurd count, an option that does not exist or means
            nothing to the unit, a recurring day that no period has.

    >>> deadline = Term.workdays(3).deadline(
    ...     datetime.fromisoformat("2026-06-03T15:00+08:00"), WorkCalendar.china())
    >>> deadline.at.isoformat()
    '2026-06-08T09:30:00+00:00'
    """

    @classmethod
    def workdays(
        cls,
        n: int,
        *,
        day_hours: int | None = None,
        first_day: bool = False,
        roll: bool = True,
        roll_at: time | None = None,
        at: time | None = None,
        end: TermEnd = "close",
        cutoff: time | None = None,
    ) -> Term:
        """Count working days 工作日; 0 ends on the day of the start.

        With *day_hours* each is so many hours of work, run from the start itself.

        >>> start = datetime.fromisoformat("2026-06-03T15:00+08:00")
        >>> elapsed = Term.workdays(3, day_hours=7)
        >>> elapsed.deadline(start, WorkCalendar.china()).at.isoformat()
        '2026-06-08T07:00:00+00:00'
        """
        return cls(
            unit="workday",
            count=n,
            day_hours=day_hours,
            first_day=first_day,
            roll=roll,
            roll_at=roll_at,
            at=at,
            end=end,
            cutoff=cutoff,
        )

    @classmethod
    def days(
        cls,
        n: int,
        *,
        first_day: bool = False,
        roll: bool | int = True,
        roll_at: time | None = None,
        at: time | None = None,
        end: TermEnd = "close",
        cutoff: time | None = None,
    ) -> Term:
        """Count calendar days 自然日 (article 200: by the Gregorian calendar)."""
        return cls(
            unit="day",
            count=n,
            first_day=first_day,
            roll=roll,
            roll_at=roll_at,
            at=at,
            end=end,
            cutoff=cutoff,
        )

    @classmethod
    def months(
        cls,
        n: int,
        *,
        first_day: bool = False,
        roll: bool | int = True,
        roll_at: time | None = None,
        at: time | None = None,
        end: TermEnd = "close",
        cutoff: time | None = None,
    ) -> Term:
        """Count months, to the matching day or the month's end (article 202)."""
        return cls(
            unit="month",
            count=n,
            first_day=first_day,
            roll=roll,
            roll_at=roll_at,
            at=at,
            end=end,
            cutoff=cutoff,
        )

    @classmethod
    def hours(cls, n: int, *, minutes: int = 0, cutoff: time | None = None) -> Term:
        """Run hours of work 工作小时 from the start, outside which no time passes.

        >>> friday = datetime.fromisoformat("2026-06-05T17:00+08:00")
        >>> Term.hours(1, minutes=30).deadline(friday, WorkCalendar.china()).at.hour
        2
        """
        if type(n) is int and type(minutes) is int and minutes > 0:
            more, minutes = divmod(minutes, 60)
            n += more
        return cls(unit="hour", count=n, minutes=minutes, cutoff=cutoff)

    @classmethod
    def until(
        cls,
        moment: Moment,
        *,
        roll: bool | int = False,
        roll_at: time | None = None,
        at: time | None = None,
        end: TermEnd = "close",
    ) -> Term:
        """Name the end itself: a day (its close of business), an instant or a Span."""
        return cls(
            unit="until", moment=moment, roll=roll, roll_at=roll_at, at=at, end=end
        )

    @classmethod
    def every(
        cls,
        period: Period,
        *,
        day: int | None = None,
        workday: int | None = None,
        month: int | None = None,
        roll: bool | int = True,
        roll_at: time | None = None,
        at: time | None = None,
        end: TermEnd = "close",
    ) -> Term:
        """Come round with every week, month, quarter or year 周期性时限.

        It ends with the first occurrence after its start; :meth:`next` gives the
        others. Of a week, day 1 is Monday; a day that a month lacks is its last.

        >>> tuesdays = Term.every("week", day=2, at=time(12))
        >>> start = datetime.fromisoformat("2009-09-29T12:00+08:00")
        >>> str(tuesdays), tuesdays.deadline(start, WorkCalendar.china()).at.day
        ('每周二12:00', 9)
        """
        return cls(
            unit="every",
            cycle=Every(period=period, day=day, workday=workday, month=month),
            roll=roll,
            roll_at=roll_at,
            at=at,
            end=end,
        )

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

    def next(self, after: datetime, calendar: WorkCalendar) -> Deadline:
        """Give the first occurrence of a recurring term that ends after an instant.

        Raises:
            Invalid: for a term that does not recur, and as :meth:`deadline` does.
        """
        if self.cycle is None:
            raise Invalid(
                f"{self.describe('en')!r} does not recur: it has no next occurrence.",
                zh=f"“{self}”不是周期性时限，没有下一次。",
                code="term.not_recurring",
            )
        return self._reckon(earliest(after), calendar)

    def _reckon(self, start: datetime, calendar: WorkCalendar) -> Deadline:
        if not isinstance(calendar, WorkCalendar):
            raise Invalid(
                f"{self.describe('en')}: {calendar!r} is no calendar; a WorkCalendar "
                "is wanted, such as WorkCalendar.china().",
                zh=f"“{self}”：{calendar!r}不是工作日历，例如应为WorkCalendar.china()。",
                code="term.calendar",
            )
        ends = ends_of(self, start, calendar)
        return Deadline(
            at=ends.latest,
            earliest=ends.earliest,
            latest=ends.latest,
            provisional=ends.provisional,
            start=start,
            term=self,
            calendar=calendar.edition,
            counted=ends.counted,
            received=ends.received,
            met=calendar.met(*ends.way) if ends.way else (),
            rests=calendar.rest_weekdays,
        )


@frozen(kw_only=True)
class Stop(Value):
    """A stretch that a deadline did not count; without an end it still runs."""

    since: When = field(converter=aware_when)
    until: When | None = field(default=None, converter=aware_when)


@frozen(kw_only=True)
class Fixed(Value):
    """A date that was set 定期, and since when it holds.

    An ``extension`` only ever moves a deadline later; a ``target`` is the new one
    whatever stood before; a ``restart`` counts its term from the matter's own start.
    """

    at: When = field(converter=aware_when)
    term: Term
    kind: Literal["extension", "target", "restart"] = "extension"


@frozen(kw_only=True)
class Deadline(Value):
    """The instant a term ends in 办结时限, with everything it was reckoned from.

    ``at`` is the instant to assess by, the latest where there is a range. It is
    ``provisional`` where it rests on days whose notice has not been published: remind
    on ``earliest``, sanction only past ``latest``. ``counted`` is the last day before
    it was moved off a rest day, ``received`` the day of receipt where the office's
    cut-off moved that; ``met`` are the holidays and make-up days on the way, and
    ``rests`` the weekdays that the week itself has off.
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
    received: date | None = None
    met: tuple[Stretch, ...] = ()
    rests: tuple[int, ...] = (5, 6)
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
        at, begun, term, edition = self.at, self.start, self.term, self.calendar
        body: dict[str, Any] = {
            "semantics": self.semantics,
            "start": _utc(begun) if isinstance(begun, datetime) else unstructure(begun),
            "term": _rule_body(term, self.semantics),
            "calendar": {name: getattr(edition, name) for name in _EDITION},
            "provisional": self.provisional,
            "earliest": _utc(self.earliest),
            "at": _utc(at),
            "latest": _utc(self.latest),
            "local": at.astimezone(ZoneInfo(edition.zone)).isoformat(),
        }
        if self.semantics == 1:
            body["counted"] = unstructure(self.counted)
        else:
            body["mode"] = term.mode
            for name in _MAY_BE:
                if said := getattr(self, name):
                    plain = type(said) is date
                    body[name] = said.isoformat() if plain else unstructure(said)
        body["digest"] = digest(body)
        return body

    def explain(self, lang: str = "zh") -> list[str]:
        r"""Tell how it was reckoned, line by line, and of a short term day by day.

        Each holiday and make-up day on the way is named, each stop and each date that
        was set.

        >>> start = datetime.fromisoformat("2009-09-25T10:00+08:00")
        >>> deadline = Term.workdays(2).deadline(start, WorkCalendar.china())
        >>> print(*deadline.explain()[1:4], sep="\n")
        2009年9月26日（周六）休息，不计入。
        2009年9月27日（周日）调休上班（国庆节），第1个工作日。
        2009年9月28日（周一），第2个工作日。
        """
        return explaining.lines(self, lang)

    @property
    def last_day(self) -> date:
        """The day that ``latest`` ends in, in the calendar's zone."""
        local = (self.latest - TICK).astimezone(ZoneInfo(self.calendar.zone))
        return local.date()


def _rule_body(term: Term, semantics: int) -> dict[str, Any]:
    """Write a rule for a certificate; version 1 wrote out what was usual as well."""
    if semantics == 1:
        said = {name: getattr(term, name) for name in _RULE_1}
    else:
        said = {"unit": term.unit, "count": term.count, **term.options()}
    return {
        name: one if isinstance(one, str | int | None) else unstructure(one)
        for name, one in said.items()
    }


def _utc(moment: datetime) -> str:
    return aware(moment).isoformat().replace("+00:00", "Z")
