"""A deadline told line by line 时限说明: day by day where it is short.

It tells what was reckoned and reckons nothing: of a short term every day with its
number, of a long one the holidays and make-up days that it met.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from functools import partial
from typing import Any, Final, Protocol
from zoneinfo import ZoneInfo

from attrs import evolve

from duban_flow.domain.instants import DAY, Span, When, earliest, latest
from duban_flow.domain.time import telling_terms as telling
from duban_flow.domain.time.rule import Rule
from duban_flow.domain.time.stretches import DayKind, Edition, Stretch, stretched
from duban_flow.domain.time.telling import instant_text, stretch_text

SHORT: Final = 14
"""The most days of a term that is told day by day."""


class Stopped(Protocol):
    """A stretch that a deadline did not count."""

    @property
    def since(self) -> When:
        """When it began."""

    @property
    def until(self) -> When | None:
        """When it was over, if it is."""


class Set(Protocol):
    """A date that was set."""

    @property
    def at(self) -> When:
        """When it was set."""

    @property
    def term(self) -> Rule:
        """The rule that was counted."""

    @property
    def kind(self) -> str:
        """Whether it extends, replaces or restarts."""


class Reckoned(Protocol):
    """A deadline, as far as it is told."""

    @property
    def earliest(self) -> datetime:
        """The first instant it can be."""

    @property
    def latest(self) -> datetime:
        """The last instant it can be."""

    @property
    def start(self) -> When:
        """From when it was counted."""

    @property
    def term(self) -> Rule:
        """The rule that was counted."""

    @property
    def calendar(self) -> Edition:
        """What it was counted by."""

    @property
    def provisional(self) -> bool:
        """Whether it rests on days that are not published."""

    @property
    def counted(self) -> date | None:
        """The last day before it was moved."""

    @property
    def received(self) -> date | None:
        """The day of receipt, where the cut-off moved it."""

    @property
    def met(self) -> tuple[Stretch, ...]:
        """The holidays and make-up days on the way."""

    @property
    def rests(self) -> tuple[int, ...]:
        """The weekdays at rest."""

    @property
    def stops(self) -> Sequence[Stopped]:
        """What was not counted."""

    @property
    def fixed(self) -> Sequence[Set]:
        """What was set."""

    @property
    def deferred(self) -> bool:
        """Whether a stop runs on."""

    @property
    def last_day(self) -> date:
        """The day it ends in."""


def lines(deadline: Reckoned, lang: str) -> list[str]:
    """Tell how a deadline was reckoned, from its start to the calendar it went by."""
    term = deadline.term
    say = partial(instant_text, zone=deadline.calendar.zone, lang=lang)
    told = [_start(deadline, say, lang)]
    if deadline.received is not None and term.cutoff is not None:
        told.append(telling.received_text(deadline.received, term.cutoff, lang))
    told += _way(deadline, say, lang)
    counted, last = deadline.counted, deadline.last_day
    if counted is not None and last > counted and not deadline.deferred:
        nth, sure = term.rolled or 1, not deadline.provisional
        told.append(
            telling.rolled_text(
                counted, last, lang, zone=deadline.calendar.zone, nth=nth, sure=sure
            )
        )
    if deadline.deferred:
        told.append(telling.deferred_text(lang))
    else:
        soonest = say(deadline.earliest, opening=isinstance(term.moment, Span))
        told.append(telling.end_text(soonest, say(deadline.latest), lang))
    if deadline.provisional:
        told.append(telling.provisional_text(lang))
    return [*told, telling.edition_text(deadline.calendar, lang)]


def _start(deadline: Reckoned, say: Any, lang: str) -> str:
    start, term = deadline.start, deadline.term
    begun = start.text if isinstance(start, Span) else ""
    begun = begun or say(latest(start))
    rule = _rule(term, say, lang)
    if term.mode == "elapsed":
        return telling.elapsed_text(begun, rule, lang)
    counts = term.first_day if term.mode == "legal" else None
    return telling.start_text(begun, rule, counts, deadline.calendar.zone, lang)


def _rule(term: Rule, say: Any, lang: str) -> str:
    """Name a rule; an instant it ends at is on the clocks of the calendar."""
    if isinstance(term.moment, datetime):
        return telling.until_text(say(term.moment), lang)
    return term.describe(lang)


def _way(deadline: Reckoned, say: Any, lang: str) -> Iterator[str]:
    """Tell the way day by day where that is short, else by what was met on it."""
    term, moves = deadline.term, _moves(deadline, say, lang)
    last = deadline.counted or deadline.last_day
    by_day = _by_day(deadline, [text for _, text in moves], last, lang)
    if not by_day:
        stretches = deadline.met
        by_workday = None if term.unit == "until" else term.unit not in ("day", "month")
        yield from (stretch_text(s, lang, workdays=by_workday) for s in stretches)
        yield from (text for _, text in sorted(moves, key=lambda pair: pair[0]))
        return
    yield from by_day
    for stretch in deadline.met:
        if stretch.last > last:
            rest = evolve(stretch, first=max(stretch.first, last + DAY))
            yield stretch_text(rest, lang)


def _moves(deadline: Reckoned, say: Any, lang: str) -> list[tuple[datetime, str]]:
    """Tell of every stop, and every date that was set, each with its time."""
    told = []
    for stop in deadline.stops:
        until = None if stop.until is None else say(latest(stop.until))
        moves = earliest(stop.since) < deadline.latest
        text = telling.stopped_text(say(earliest(stop.since)), until, moves, lang)
        told.append((earliest(stop.since), text))
    for one in deadline.fixed:
        rule = _rule(one.term, say, lang)
        text = telling.fixed_text(say(latest(one.at)), one.kind, rule, lang)
        told.append((latest(one.at), text))
    return told


def _by_day(deadline: Reckoned, stops: list[str], last: date, lang: str) -> list[str]:
    """Tell each day with its number; nothing where that is too long, or not sure."""
    term = deadline.term
    days = _days(deadline, _first_day(deadline), last)
    sure = deadline.earliest == deadline.latest and not deadline.provisional
    counts = term.unit in ("workday", "day") and term.mode == "legal"
    if not counts or not sure or len(days) > SHORT or deadline.fixed:
        return []
    told, resting, nth = [], list[Stretch](), 0
    away = {day: text for text, held in _away(deadline, stops) for day in held}
    for day in [*days, None]:
        if day is not None and day.kind is DayKind.REST and term.unit == "workday":
            resting.append(day)
            continue
        told += [telling.day_line(r, None, term.unit, lang) for r in stretched(resting)]
        resting = []
        if day is not None and day.first in away:
            told += [away[day.first]] if away[day.first] not in told else []
        elif day is not None:
            nth += 1
            told.append(telling.day_line(day, nth, term.unit, lang))
    told += [text for text in stops if text not in told]
    # What the numbers do not bear out is told by its stretches.
    return told if nth == term.count else []


def _away(deadline: Reckoned, stops: list[str]) -> Iterator[tuple[str, list[date]]]:
    """Give each stop with the days that it took out."""
    zone = ZoneInfo(deadline.calendar.zone)
    for stop, text in zip(deadline.stops, stops, strict=True):
        if stop.until is not None and earliest(stop.since) < deadline.latest:
            first = earliest(stop.since).astimezone(zone).date()
            last = latest(stop.until).astimezone(zone).date()
            days = [first + n * DAY for n in range(1, (last - first).days + 1)]
            yield text, days


def _first_day(deadline: Reckoned) -> date:
    zone = ZoneInfo(deadline.calendar.zone)
    begun = latest(deadline.start).astimezone(zone).date()
    begun = deadline.received or begun
    return begun if deadline.term.first_day else begun + DAY


def _days(deadline: Reckoned, first: date, last: date) -> list[Stretch]:
    """List the days of a way, no more than would be told."""
    days = min((last - first).days + 1, SHORT + 1)
    return [_kind(deadline, first + n * DAY) for n in range(days)]


def _kind(deadline: Reckoned, day: date) -> Stretch:
    for met in deadline.met:
        if met.first <= day <= met.last:
            return Stretch(day, day, met.kind, met.name)
    rests = day.weekday() in deadline.rests
    return Stretch(day, day, DayKind.REST if rests else DayKind.ORDINARY)
