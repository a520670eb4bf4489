"""The dates and terms of a row, by declared forms: when it was, until when, how long.

A fact is never in the future, and what is known only as a range stays one.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Final, Literal

from attrs import evolve, frozen

from duban_flow.domain.instants import DAY, Span, When, latest
from duban_flow.domain.time.dates import parse_date
from duban_flow.domain.time.statutory import known_term, perhaps_meant
from duban_flow.domain.time.term import Term
from duban_flow.domain.time.terms import parse_term
from duban_flow.domain.written import Unreadable, narrow
from duban_flow.engine.intake.cells import Words
from duban_flow.errors import Invalid

_LONGEST: Final = {"workday": 250, "day": 366, "month": 12}
"""Beyond about a year of it, a counted term is perhaps a slip."""


@frozen
class Cells(Words):
    """One row being read: each reader gives the value of a column, or None."""

    def date_text(
        self, column: str, assume: Literal["due", "fact"]
    ) -> date | datetime | Span | None:
        """Read a date, an instant or a Span as it stands."""
        said = self.text(column)
        if not said:
            return None
        tz, year = self.setting.calendar.tz, self.setting.year
        try:
            return parse_date(said, zone=tz, year=year, assume=assume)
        except Unreadable as fault:
            self.refused(column, fault.problems)
            return None

    def happened(self, column: str) -> When | None:
        """Read when something happened; a bare date is its close of business.

        Today is, before close of business, now. A range ends now at the latest.
        """
        found, now = self.date_text(column, "fact"), self.setting.now
        if found is None or self._ahead(column, found):
            return None
        if isinstance(found, Span):
            return evolve(found, latest=min(found.latest, now))
        if isinstance(found, datetime):
            return found
        return min(self.setting.calendar.closes(found), now)

    def _ahead(self, column: str, found: date | datetime | Span) -> bool:
        """Refuse what has not happened yet."""
        if isinstance(found, Span):
            ahead = found.earliest > self.setting.now
        elif isinstance(found, datetime):
            ahead = found > self.setting.now
        else:
            ahead = found > self.setting.today
        if ahead:
            today = self.setting.today.isoformat()
            en, zh = "It lies in the future.", "日期在将来"
            said = self.row.get(column)
            self.fault(column, "date.future", en, zh, said=said, wanted=f"≤ {today}")
        return ahead

    def as_of(self, column: str) -> datetime | None:
        """Read an as-of instant: a bare date means its 24:00."""
        found = self.date_text(column, "due")
        if found is None or self._ahead(column, found):
            return None
        if isinstance(found, Span):
            self._about(column)
            return None
        if isinstance(found, datetime):
            return found
        return self.setting.calendar.midnight_after(found)

    def day(self, column: str) -> date | None:
        """Read a day; an instant is the day on which it falls."""
        found = self.date_text(column, "fact")
        if isinstance(found, Span):
            self._about(column)
            return None
        if isinstance(found, datetime):
            return self.setting.calendar.date_of(found)
        return found

    def _about(self, column: str) -> None:
        said, wanted = self.row.get(column), "2009-11-30"
        en, zh = "An exact day is wanted.", "应为确切日期"
        self.fault(column, "date.about", en, zh, said=said, wanted=wanted)

    def last_day(self, column: str) -> date | datetime | None:
        """Read the day, or the instant, that something lasts until."""
        found = self.date_text(column, "due")
        if isinstance(found, Span):
            self._about(column)
            return None
        return found

    def instant(self, column: str) -> datetime | None:
        """Read an instant, ahead or behind; a bare date is its close of business."""
        found = self.until(column)
        if isinstance(found, Span):
            self._about(column)
            return None
        return found

    def until(self, column: str) -> When | None:
        """Read until when; a bare date is its close of business."""
        found = self.date_text(column, "due")
        if found is None or isinstance(found, Span | datetime):
            return found
        return self.setting.calendar.closes(found)

    def term(self, column: str) -> Term | None:
        """Read a term: a count of days or months, its end, or a statutory term."""
        said = self.text(column)
        if not said:
            return None
        statutory = known_term(self.setting.terms, narrow(said))
        if statutory is not None:
            return statutory.term
        tz, year = self.setting.calendar.tz, self.setting.year
        try:
            term = parse_term(said, zone=tz, year=year)
        except Unreadable as fault:
            meant = perhaps_meant(self.setting.terms, said, fault)
            self.refused(column, meant.problems)
            return None
        except Invalid as fault:
            self.refused(column, fault.reasons)
            return None
        self._look_at(column, term)
        return term

    def _look_at(self, column: str, term: Term) -> None:
        """Remark on a term that is perhaps a slip, and on one that ends at rest."""
        longest = _LONGEST.get(term.unit)
        if longest is not None and not 0 < term.count <= longest:
            said = self.row.get(column)
            en, zh = "Is this term meant?", "时限是否有误，请核对"
            self.remark(column, "term.unusual", en, zh, said=said)
        if type(term.moment) is date:
            self._rest_day(column, term.moment)

    def _rest_day(self, column: str, day: date) -> None:
        calendar = self.setting.calendar
        if not calendar.known(day) or calendar.is_workday(day):
            return
        moved = calendar.workday_after(day - DAY, 1).isoformat()
        self.remark(
            column,
            "due.rest_day",
            f"A day of rest, kept as written; the next working day is {moved}.",
            f"为休息日，仍按所写日期；顺延后为{moved}",
            said=self.row.get(column),
            wanted=moved,
        )

    def due_after(self, column: str, term: Term, start: When) -> None:
        """Refuse a term that ends before the day on which it starts."""
        moment, calendar = term.moment, self.setting.calendar
        if moment is None:
            return
        if isinstance(moment, Span | datetime):
            day = calendar.day_of(latest(moment))
        else:
            day = moment
        begun = calendar.date_of(start.earliest if isinstance(start, Span) else start)
        if day < begun:
            en, zh = "It ends before it is given out.", "时限早于交办日期"
            said, wanted = self.row.get(column), f"≥ {begun.isoformat()}"
            self.fault(column, "due.before_assigned", en, zh, said=said, wanted=wanted)
