"""Counting a rule out 期限计算: from a start and a calendar to the instants it ends at.

Whatever the options, two laws hold: a later start, or a longer term, never ends
earlier; and no term ends before it starts. It counts by the calendar's tables and never
walks a term from day to day. Past the notices that are published it gives a range.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from duban_flow.domain.instants import DAY, Span, earliest, latest, on_clock
from duban_flow.domain.time.calendar import WorkCalendar
from duban_flow.domain.time.offset import months_later
from duban_flow.domain.time.recurring import Every
from duban_flow.domain.time.rule import Rule

Days = tuple[date, date]


class Ends(NamedTuple):
    """Where a rule ends, and what there is to tell of the way.

    ``counted`` is the last day before a rest day moved it, ``counted_first`` that of
    the earliest end where it is another; ``received`` the day that counts as that of
    receipt, where the office's cut-off moved it.
    """

    earliest: datetime
    latest: datetime
    provisional: bool = False
    counted: date | None = None
    counted_first: date | None = None
    received: date | None = None
    way: Days | None = None


def ends_of(rule: Rule, start: datetime, calendar: WorkCalendar) -> Ends:
    """Count a rule out from an instant.

    Raises:
        Invalid: for a naive start, or an end beyond the years 1900 to 2200.
    """
    moment, begun = rule.moment, _dated(start, calendar)
    if isinstance(moment, Span | datetime):
        first, last = earliest(moment), latest(moment)
        for end in (first, last):
            _dated(end, calendar)
        return Ends(first, last)
    if rule.cycle is not None:
        return _next(rule, rule.cycle, start, calendar)
    if moment is not None:
        return _named(rule, moment, calendar)
    received = (begun, begun)
    if rule.cutoff is not None:
        received = _received(rule.cutoff, start, begun, calendar)
    if rule.elapsed is not None:
        ends = _elapsed(rule, rule.elapsed, (start, received), calendar)
    else:
        ends = _counted(rule, start, received, calendar)
    if received[1] == begun:
        return ends
    sure = calendar.knows(begun, received[1])
    return ends._replace(provisional=ends.provisional or not sure, received=received[1])


def _dated(moment: datetime, calendar: WorkCalendar) -> date:
    """Give the date of an instant, or refuse one that no calendar speaks of."""
    return calendar.days_after(calendar.date_of(moment), 0)


def _received(
    cutoff: time, start: datetime, begun: date, calendar: WorkCalendar
) -> Days:
    """Give the day that counts as that of receipt: past the cut-off, the next."""
    in_time = start <= on_clock(begun, cutoff, calendar.tz)
    return calendar.workday_range(begun - DAY if in_time else begun, 1)


def _elapsed(
    rule: Rule,
    amount: timedelta,
    begun: tuple[datetime, Days],
    calendar: WorkCalendar,
) -> Ends:
    """Run working time from the start, or from the opening of the day of receipt."""
    start, received = begun
    low = high = start
    if rule.cutoff is not None:
        low, high = (max(start, calendar.opens(day)) for day in received)
    first = calendar.work_range(low, amount)[0]
    last = calendar.work_range(high, amount)[1]
    way = (calendar.date_of(high), calendar.day_of(last))
    return Ends(first, last, first != last, way=way)


def _counted(
    rule: Rule, start: datetime, received: Days, calendar: WorkCalendar
) -> Ends:
    """Count days, working days or months on from the day of receipt."""
    low = high = _last_days(rule, received[0], calendar)
    if received[1] != received[0]:
        high = _last_days(rule, received[1], calendar)
    last = first = _end_of(rule, high.last, high.counted, start, calendar)
    if low is not high or low.first != low.last:
        first = _end_of(rule, low.first, low.counted, start, calendar)
    told = received[1] if rule.first_day else received[1] + DAY
    unsure = not (low.sure and high.sure)
    counted = (high.counted, low.counted)
    return Ends(first, last, unsure, *counted, way=(told, high.last))


def _named(rule: Rule, day: date, calendar: WorkCalendar) -> Ends:
    """End on the day that the rule names; whether that lies ahead is not asked."""
    days = _moved(rule.rolled, day, calendar)
    return Ends(
        _end_of(rule, days.first, day, None, calendar),
        _end_of(rule, days.last, day, None, calendar),
        not days.sure,
        day,
        way=(day, days.last),
    )


class _Last(NamedTuple):
    """The earliest and latest last day, whether they are sure, and the one counted."""

    first: date
    last: date
    sure: bool = True
    counted: date | None = None


def _last_days(rule: Rule, begun: date, calendar: WorkCalendar) -> _Last:
    if rule.unit == "workday" and rule.count:
        before = begun - DAY if rule.first_day else begun
        first, last = calendar.workday_range(before, rule.count)
        return _Last(first, last, calendar.knows(before + DAY, last))
    if rule.unit == "month":
        nominal = months_later(begun, rule.count, first_day=rule.first_day)
    else:
        nominal = calendar.days_after(begun, rule.count - rule.first_day)
    if rule.rolled > 1:
        return _waited(rule.rolled, nominal, calendar)
    return _moved(rule.rolled, nominal, calendar)


def _moved(n: int, nominal: date, calendar: WorkCalendar) -> _Last:
    """Move a day at rest to the n-th working day after it; one that is worked stays."""
    if not n:
        return _Last(nominal, nominal, counted=nominal)
    first, last = calendar.workday_range(nominal - DAY, 1)
    if n > 1:
        later = calendar.workday_range(nominal, n)
        first = nominal if first == nominal else later[0]
        last = nominal if last == nominal else later[1]
    return _Last(first, last, calendar.knows(nominal, last), nominal)


def _waited(n: int, nominal: date, calendar: WorkCalendar) -> _Last:
    """Move a counted day that falls in a rest, or before the n-th working day after it.

    Were only the days at rest moved, whoever starts a day later would end earlier.
    """
    first = last = day = nominal
    while True:
        low, high = calendar.workday_range(day, n)
        if high <= nominal:
            break
        rests = calendar.workday_range(day - DAY, 1)
        first = max(first, low) if rests[0] > day else first
        last = max(last, high) if rests[1] > day else last
        day -= DAY
    return _Last(first, last, calendar.knows(day + DAY, last), nominal)


def _end_of(
    rule: Rule,
    day: date,
    counted: date | None,
    start: datetime | None,
    calendar: WorkCalendar,
) -> datetime:
    """Give the instant a last day ends at: its hour, its close, or its 24:00.

    An hour that is past when the term starts gives way to the day's 24:00.
    """
    if rule.at is not None:
        end = min(on_clock(day, rule.at, calendar.tz), calendar.midnight_after(day))
    elif rule.end == "close":
        end = calendar.closes(day)
    else:
        end = calendar.midnight_after(day)
    if rule.roll_at is not None and counted is not None and day > counted:
        end = min(end, on_clock(day, rule.roll_at, calendar.tz))
    if start is not None and end < start:
        return calendar.midnight_after(day)
    return end


def _next(rule: Rule, every: Every, after: datetime, calendar: WorkCalendar) -> Ends:
    """Find the first occurrence that ends after an instant.

    The earliest and the latest it can be may be two occurrences, where it is not known
    on which side of the instant one of them ends.
    """
    day = calendar.date_of(after)
    index = every.index(day)
    while _reach(rule, every.named(index, calendar)[1], calendar) >= day:
        index -= 1
    ahead: list[Ends] = []
    while True:
        index += 1
        named = every.named(index, calendar)
        surely = [ends for ends in ahead if ends.earliest > after]
        best = min(surely, key=lambda ends: ends.latest, default=None)
        if best is not None and named[0] > calendar.date_of(best.latest):
            low = min(max(ends.earliest, after) for ends in ahead)
            unsure = best.provisional or low < best.latest
            return best._replace(earliest=low, provisional=unsure)
        found = _occurrence(rule, every, named, calendar)
        if found.latest > after:
            ahead.append(found)


def _reach(rule: Rule, named: date, calendar: WorkCalendar) -> date:
    """Give the last day to which an occurrence can be moved."""
    if not rule.rolled:
        return named
    return calendar.workday_range(named, rule.rolled)[1]


def _occurrence(rule: Rule, every: Every, named: Days, calendar: WorkCalendar) -> Ends:
    first, last = named
    days = _Last(first, last, first == last)
    if every.workday is None:
        days = _moved(rule.rolled, first, calendar)
    return Ends(
        _end_of(rule, days.first, days.counted, None, calendar),
        _end_of(rule, days.last, days.counted, None, calendar),
        not days.sure,
        days.counted,
        way=(days.counted or days.first, days.last),
    )
