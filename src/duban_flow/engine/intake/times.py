"""The dates and terms of a row, by declared forms: when it was, until when, how long.

A fact is never in the future, and what is known only as a range stays one.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Final, Literal

from attrs import evolve, frozen

from duban_flow.domain.dates import parse_date
from duban_flow.domain.instants import DAY, Span, When, latest
from duban_flow.domain.term import Term
from duban_flow.domain.written import Unreadable, narrow
from duban_flow.engine.intake.cells import Words
from duban_flow.errors import Invalid

_TERM: Final = re.compile(
    r"([0-9]{1,5}|[一二两三四五六七八九十百]{1,5}) ?(?:个 ?)?"
    r"(工作日|自然日|日历日|日|天|workdays?|days?)内?"
)
_TERM_MONTH: Final = re.compile(
    r"([0-9]{1,4}|[一二两三四五六七八九十百]{1,5}) ?(?:个 ?月|months?)内?"
)
_DIGITS: Final = {word: n for n, word in enumerate("一二三四五六七八九", 1)} | {"两": 2}
_HUNDREDS: Final = re.compile(
    r"(?:([一二两三四五六七八九])百)?(?:([一二三四五六七八九]?)(十))?([一二两三四五六七八九]?)"
)
_LONGEST: Final = {"workday": 250, "day": 366, "month": 12}
"""Beyond about a year of it, a counted term is perhaps a slip."""
_TERM_WANTED: Final = "15个工作日、60日、3个月、2009-11-30"


@frozen
class Cells(Words):
    """One row being read: each reader gives the value of a column, or None."""

    def date_text(
        self, column: str, assume: Literal["due", "fact"], said: str | None = None
    ) -> date | datetime | Span | None:
        """Read a date, an instant or a Span as it stands."""
        said = self.text(column) if said is None else said
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
        """Read a term: a count of days or months, or the date on which it ends."""
        said = narrow(self.text(column))
        if not said:
            return None
        if month := _TERM_MONTH.fullmatch(said):
            count = _count(month[1])
            if count is not None:
                return self._counted(column, "月", count)
        if counted := _TERM.fullmatch(said):
            count = _count(counted[1])
            if count is not None:
                return self._counted(column, counted[2], count)
        found = self._end(column, said)
        return None if found is None else Term.until(found)

    def _counted(self, column: str, word: str, count: int) -> Term | None:
        made = Term.days
        if word == "工作日" or word.startswith("workday"):
            made = Term.workdays
        elif word == "月":
            made = Term.months
        try:
            term = made(count)
        except Invalid as fault:
            self.refused(column, fault.reasons)
            return None
        if not 0 < count <= _LONGEST[term.unit]:
            said = self.row.get(column)
            en, zh = "Is this term meant?", "时限是否有误，请核对"
            self.remark(column, "term.unusual", en, zh, said=said)
        return term

    def _end(self, column: str, said: str) -> date | datetime | Span | None:
        """Read the date on which a term ends, and say so where it is a rest day."""
        before = len(self.noted.problems)
        found = self.date_text(column, "due", said)
        for place in range(before, len(self.noted.problems)):
            problem = self.noted.problems[place]
            if problem.code == "date.form":
                self.noted.problems[place] = evolve(
                    problem,
                    code="term.form",
                    en="It is neither a term nor a date.",
                    zh="不是时限，也不是日期",
                    wanted=_TERM_WANTED,
                )
        if isinstance(found, date) and not isinstance(found, datetime):
            self._rest_day(column, found)
        return found

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


def _count(said: str) -> int | None:
    """Read a count in digits or in Chinese numerals up to 999, or nothing."""
    if said.isdecimal():
        return int(said)
    found = _HUNDREDS.fullmatch(said)
    if found is None:
        return None
    hundreds, tens, ten, ones = (part or "" for part in found.groups())
    least = 1 if ten else 0
    return (
        _DIGITS.get(hundreds, 0) * 100
        + _DIGITS.get(tens, least) * 10
        + _DIGITS.get(ones, 0)
    )
