"""The fields of a calendar file: days, runs of days, hours, seasons and weekdays.

Every fault is kept with its line, and where each date stands is remembered, so that
what a calendar refuses later can be shown at the line that said it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any, Final

from attrs import field, frozen

from duban_flow.domain.instants import DAY
from duban_flow.domain.time.dates import parse_date
from duban_flow.domain.time.office_hours import Hours, Season
from duban_flow.domain.written import Unreadable
from duban_flow.errors import Invalid, Problem
from duban_flow.formats.toml_lines import Place
from duban_flow.formats.toml_table import Faults, Table

DAYS: Final = ("holidays", "make_up_days", "half_days", "withdrawn")
_LONGEST: Final = 366
_FOLLOWING: Final = frozenset(
    {"calendar.no_working_time", "calendar.version", "notice.empty", "notice.no_end"}
)
_RUN: Final = re.compile(r"\s*([^~～至]+?)\s*(?:[~～至]\s*([^~～至]+?))?\s*")
_HOURS: Final = re.compile(
    r"\s*(\d{1,2}):(\d{2})(?::(\d{2}))?\s*[-~～–—至]\s*(\d{1,2}):(\d{2})(?::(\d{2}))?\s*"
)
_TURN: Final = re.compile(r"\s*(\d{1,2})(?:-|月)(\d{1,2})日?\s*")
_WEEK: Final = (
    *("monday", "tuesday", "wednesday", "thursday", "friday"),
    *("saturday", "sunday"),
)
_WEEK_ZH: Final = "一二三四五六日"


@frozen
class CalendarFields:
    """A file of days as it is read, and the place of every date in it."""

    top: Table
    places: dict[tuple[str, str], Place] = field(factory=dict)

    @property
    def faults(self) -> Faults:
        """The faults found so far."""
        return self.top.faults

    def day(self, key: str) -> date | None:
        """Read a date, if there is one."""
        if key not in self.top.data:
            return None
        return self._date((key,), self.top.data[key])

    def named_days(self, key: str) -> dict[date, str]:
        """Read a table of names, each with its days: ``"春节" = "2027-02-05~…"``."""
        table = Table.of(self.faults, (key,), key, self.top.data.get(key, {}))
        made: dict[date, str] = {}
        for name, told in table.data.items():
            for day in self._days((key, name), told):
                if day in made:
                    self._fault(
                        (key, name),
                        "duplicate",
                        "a date is said twice",
                        "日期重复",
                        day,
                    )
                made[day] = name
                self.places[key, day.isoformat()] = (key, name)
        return made

    def days(self, key: str) -> tuple[date, ...]:
        """Read a list of days and runs of days."""
        made = tuple(self._days((key,), self.top.data.get(key, [])))
        self.places.update(((key, day.isoformat()), (key,)) for day in made)
        return made

    def half_days(self) -> dict[date, Hours]:
        """Read half days with their hours: ``2027-02-05 = "09:00-12:00"``."""
        key = "half_days"
        table = Table.of(self.faults, (key,), key, self.top.data.get(key, {}))
        made = {}
        for said, told in table.data.items():
            day = self._date((key, said), said)
            if day is not None:
                made[day] = self.hours((key, said), told)
                self.places[key, day.isoformat()] = (key, said)
        return made

    def office_hours(self) -> Hours | None:
        """Read the ordinary hours, if there are any."""
        if "office_hours" not in self.top.data:
            return None
        return self.hours(("office_hours",), self.top.data["office_hours"])

    def seasons(self) -> tuple[Season, ...] | None:
        """Read the seasons, if there are any."""
        told = self.top.data.get("season")
        if told is None:
            return None
        several = told if isinstance(told, list) else [told]
        made = (self._season(place, one) for place, one in enumerate(several))
        return tuple(season for season in made if season is not None)

    def weekdays(self) -> tuple[int, ...]:
        """Read the weekdays at rest by their names; Saturday and Sunday by default."""
        made = []
        for said in self.top.texts("rest_weekdays"):
            plain = re.sub(r"^(星期|周|礼拜)", "", said.strip().lower())
            plain = plain.replace("天", "日")
            if plain in _WEEK:
                made.append(_WEEK.index(plain))
            elif len(plain) == 1 and plain in _WEEK_ZH:
                made.append(_WEEK_ZH.index(plain))
            else:
                self.top.known("rest_weekdays", said, _WEEK, "calendar.weekday")
        return tuple(made)

    def hours(self, path: Place, told: object) -> Hours:
        """Read hours, one text or several: ``["09:00-12:00", "13:30-17:30"]``."""
        several = told if isinstance(told, list) else [told]
        made = [self._interval(path, said) for said in several]
        return tuple(pair for pair in made if pair is not None)

    def refused(self, fault: Invalid) -> None:
        """Note what a calendar found wrong, at the lines that said it.

        What may only be missing because it could not be read is not told again.
        """
        unread = bool(self.faults.found)
        for reason in fault.problems:
            if unread and reason.code in _FOLLOWING:
                continue
            told = reason if isinstance(reason, Problem) else Problem(code="", en="")
            column, said = told.column, told.said
            key, _, rest = column.partition(" ")
            place = self.places.get((key, rest or said[:10]), (key,))
            self.faults.add(
                reason.code,
                place,
                reason.en,
                reason.zh,
                said=said,
                wanted=told.wanted,
                label=column,
            )

    def _season(self, place: int, told: Any) -> Season | None:
        path = ("season", place)
        table = Table.of(self.faults, path, f"season {place + 1}", told)
        table.only(("name", "first", "last", "hours"))
        first, last = (self._turn(table, key) for key in ("first", "last"))
        hours = self.hours((*path, "hours"), table.data.get("hours", []))
        if first is None or last is None:
            return None
        made = Season(first=first, last=last, hours=hours, name=table.text("name"))
        self.places["season", str(made)] = path
        return made

    def _turn(self, table: Table, key: str) -> tuple[int, int] | None:
        said = table.text(key, None)
        found = _TURN.fullmatch(said)
        if found is not None:
            return int(found[1]), int(found[2])
        if said:
            en, zh = "a month and a day were wanted", "应为月和日"
            table.fault("calendar.turn", key, en, zh, said=said, wanted="05-01")
        return None

    def _interval(self, path: Place, said: object) -> tuple[time, time] | None:
        found = _HOURS.fullmatch(said) if isinstance(said, str) else None
        if found is not None:
            ends = [
                tuple(int(n or 0) for n in found.groups()[i : i + 3]) for i in (0, 3)
            ]
            if ends[1] == (24, 0, 0):
                ends[1] = (0, 0, 0)
            if all(h < 24 and m < 60 and s < 60 for h, m, s in ends):
                (h, m, s), (until, past, ticks) = ends
                return time(h, m, s), time(until, past, ticks)
        en, zh = "hours were wanted", "应为时段"
        self._fault(path, "hours", en, zh, said, wanted="09:00-12:00")
        return None

    def _days(self, path: Place, told: object) -> Iterator[date]:
        """Read days and runs of days, one or several."""
        for said in told if isinstance(told, list) else [told]:
            run = _RUN.fullmatch(said) if isinstance(said, str) else None
            first = self._date(path, said if run is None else run[1])
            last = self._date(path, run[2]) if run is not None and run[2] else first
            if first is None or last is None:
                continue
            days = (last - first).days
            if not 0 <= days < _LONGEST:
                en, zh = f"a run of 1 to {_LONGEST} days was wanted", "日期范围不对"
                self._fault(path, "run", en, zh, said)
                continue
            yield from (first + n * DAY for n in range(days + 1))

    def _date(self, path: Place, said: object) -> date | None:
        if isinstance(said, date) and not isinstance(said, datetime):
            return said
        try:
            found = parse_date(said, zone="UTC") if isinstance(said, str) else said
        except Unreadable as fault:
            for reason in fault.problems:
                wanted = reason.wanted if isinstance(reason, Problem) else ""
                self.faults.add(
                    reason.code, path, reason.en, reason.zh, said=said, wanted=wanted
                )
            return None
        if isinstance(found, date) and not isinstance(found, datetime):
            return found
        en, zh = "a day was wanted", "应为确切日期"
        self._fault(path, "not_a_date", en, zh, said, wanted="2027-02-05")
        return None

    def _fault(
        self, path: Place, code: str, en: str, zh: str, said: object, wanted: str = ""
    ) -> None:
        self.faults.add(f"calendar.{code}", path, en, zh, said=said, wanted=wanted)
