"""How late an item is, and what is left of its time 逾期与剩余时间.

In calendar days, working days and working time, each by the least and the most. Exact
at the boundary: at the due instant itself nothing is late, a microsecond later it is.
Nothing is a share here, so nothing is rounded.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final

from attrs import frozen

from duban_flow.domain.codec import Value
from duban_flow.domain.due import stopped
from duban_flow.domain.instants import TICK, Span, When, aware, earliest, latest, passed
from duban_flow.domain.items import Item
from duban_flow.domain.time.calendar import WorkCalendar
from duban_flow.domain.time.pauses import Pause

Days = tuple[int, int]
Time = tuple[timedelta, timedelta]

NO_TIME: Final = timedelta()


@frozen(kw_only=True)
class Lateness(Value):
    """By how much an item is past due 逾期, or was when it was finished.

    ``late`` is unsure (None) where due, or the end, is known only as a range that
    holds the other. ``days``, ``workdays`` and ``hours`` (working time) are each the
    least and the most; a matter may be late by less than a day, and at night by no
    working time at all.
    """

    late: bool | None
    days: Days = (0, 0)
    workdays: Days = (0, 0)
    hours: Time = (NO_TIME, NO_TIME)


@frozen(kw_only=True)
class Remaining(Value):
    """What is left until due 剩余时间: days, working days, working time.

    Each by the least and the most; nothing at and past due. The day of due itself is
    the day on which 0 days are left.
    """

    days: Days
    workdays: Days
    hours: Time


def late(item: Item, now: datetime, calendar: WorkCalendar) -> Lateness:
    """Say by how much an item is late at an instant, or was when it was finished.

    What was handed in in time is not late because it was closed late. While a pause
    runs whose end nobody can name there is no due, and nothing is late.

    Raises:
        Invalid: for a naive instant, or one beyond the years 1900 to 2200.
    """
    due, until = item.due, ended(item, aware(now, "now"))
    if due is None or due.deferred:
        return Lateness(late=False)
    least = _worked(due.latest, earliest(until), calendar)[0]
    most = _worked(due.earliest, latest(until), calendar)[1]
    return Lateness(
        late=passed(due.when, until),
        days=overrun(item, now, calendar, "day"),
        workdays=overrun(item, now, calendar, "workday"),
        hours=(least, most),
    )


def overrun(item: Item, now: datetime, calendar: WorkCalendar, unit: str) -> Days:
    """Count whole days past due, or working days, by the least and the most."""
    due = item.due
    if due is None or due.deferred:
        return 0, 0
    count = calendar.workdays_late if unit == "workday" else calendar.days_late
    until = ended(item, now)
    return count(due.latest, until)[0], count(due.earliest, until)[1]


def ended(item: Item, now: datetime) -> When:
    """Give until when an item's time is counted: what its closing accepted, or now."""
    closing, is_open = item.closing, item.open_at(now)
    if closing is None or is_open is True:
        return now
    done = closing.finished_at
    if is_open is None and isinstance(done, Span):
        return Span(done.earliest, now)
    return done


def remaining(item: Item, now: datetime, calendar: WorkCalendar) -> Remaining | None:
    """Say what is left of an item's time; None where it has no due, or has ended.

    Paused time is not used up: while a pause runs, what is left is what will be left
    when it ends, and where nobody can say when that is, what was left as it began.

    Raises:
        Invalid: for a naive instant, or one beyond the years 1900 to 2200.
    """
    due = item.due
    if due is None or item.open_at(aware(now, "now")) is False:
        return None
    since = _stands(item, now)
    first, last = earliest(since), latest(since)
    days = _days(last, due.earliest, calendar), _days(first, due.latest, calendar)
    workdays = (
        calendar.workdays_range(*_dates(last, due.earliest, calendar))[0],
        calendar.workdays_range(*_dates(first, due.latest, calendar))[1],
    )
    return Remaining(
        days=(max(0, days[0]), max(0, days[1])),
        workdays=(max(0, workdays[0]), max(0, workdays[1])),
        hours=(
            _worked(last, due.earliest, calendar)[0],
            _worked(first, due.latest, calendar)[1],
        ),
    )


def _stands(item: Item, now: datetime) -> When:
    """Give the instant from which what is left is counted: where time stands still."""
    stands: When = now
    while (pause := stopped(item, latest(stands))) is not None:
        if pause.end is None:
            return _since(item, pause)
        stands = pause.end
    return stands


def _since(item: Item, pause: Pause) -> When:
    """Give the beginning of a pause, and of those that lead up to it."""
    while (before := stopped(item, earliest(pause.since) - TICK)) is not None:
        pause = before
    return pause.since


def _dates(a: datetime, b: datetime, calendar: WorkCalendar) -> tuple[date, date]:
    return calendar.date_of(a), calendar.day_of(b)


def _days(a: datetime, b: datetime, calendar: WorkCalendar) -> int:
    first, last = _dates(a, b, calendar)
    return (last - first).days


def _worked(a: datetime, b: datetime, calendar: WorkCalendar) -> Time:
    """Bound the working time from one instant to another; none where it is behind."""
    if b <= a:
        return NO_TIME, NO_TIME
    return calendar.worked_range(a, b)
