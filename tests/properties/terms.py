"""Terms of every kind, calendars and what moves a deadline, as they may be drawn."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from hypothesis import strategies as st

from duban_flow.domain.instants import DAY, Span, When, earliest
from duban_flow.domain.time.calendar import WorkCalendar
from duban_flow.domain.time.notice import CalendarNotice
from duban_flow.domain.time.office_hours import Season
from duban_flow.domain.time.term import Fixed, Stop, Term

COUNTED = ("workday", "day", "month")
ELAPSED = ("hour", "day_hours")
LONGEST = {"week": 7, "month": 31, "quarter": 92, "year": 366}

clocks = st.integers(1, 24 * 60 - 1).map(lambda n: time(*divmod(n, 60)))
instants = st.datetimes(
    datetime(2000, 1, 1), datetime(2022, 1, 1), timezones=st.just(UTC)
)
spans = st.tuples(instants, st.timedeltas(timedelta(), 40 * DAY)).map(
    lambda pair: Span(pair[0], pair[0] + pair[1])
)


@st.composite
def endings(draw: st.DrawFn, *, most_rolled: int) -> dict[str, Any]:
    """Draw how a last day is moved and when it ends."""
    further = st.integers(2, most_rolled) if most_rolled > 1 else st.just(True)
    made: dict[str, Any] = {"roll": draw(st.booleans() | further)}
    if made["roll"]:
        made["roll_at"] = draw(st.none() | clocks)
    if draw(st.booleans()):
        return {**made, "at": draw(clocks)}
    return {**made, "end": draw(st.sampled_from(["close", "24:00"]))}


@st.composite
def counted(draw: st.DrawFn, *kinds: str) -> Term:
    """Draw a term that counts days, working days, months or hours, with any options."""
    kind = draw(st.sampled_from(kinds or COUNTED + ELAPSED))
    cutoff = draw(st.none() | clocks)
    if kind == "hour":
        return Term.hours(
            draw(st.integers(0, 90)), minutes=draw(st.integers(0, 59)), cutoff=cutoff
        )
    if kind == "day_hours":
        hours = draw(st.integers(1, 12))
        return Term.workdays(draw(st.integers(0, 12)), day_hours=hours, cutoff=cutoff)
    ends = draw(endings(most_rolled=1 if kind == "workday" else 4))
    first_day = draw(st.booleans())
    most = 14 if kind == "month" else 60
    made: Any = getattr(Term, f"{kind}s")
    count = draw(st.integers(int(first_day), most))
    return made(count, first_day=first_day, cutoff=cutoff, **ends)  # type: ignore[no-any-return]  # made by name


@st.composite
def recurring(draw: st.DrawFn) -> Term:
    """Draw a term that comes round."""
    period: Any = draw(st.sampled_from(list(LONGEST)))
    ends = draw(endings(most_rolled=4))
    sign = draw(st.sampled_from([1, -1]))
    month = None
    if period in ("quarter", "year") and draw(st.booleans()):
        month = draw(st.integers(1, 3))
    if draw(st.booleans()):
        nth = sign * draw(st.integers(1, 5))
        return Term.every(period, workday=nth, month=month, **ends)
    longest = LONGEST[period] if month is None else 28
    nth = sign * draw(st.integers(1, longest))
    return Term.every(period, day=nth, month=month, **ends)


@st.composite
def stated(draw: st.DrawFn) -> Term:
    """Draw a term that names its end."""
    if draw(st.booleans()):
        return Term.until(draw(instants | spans))
    day = draw(st.dates(date(2000, 1, 1), date(2022, 1, 1)))
    return Term.until(day, **draw(endings(most_rolled=4)))


terms = counted() | recurring() | stated()

winter = Season(first=(10, 1), last=(4, 30), hours=[(time(10), time(16))])


@st.composite
def calendars(draw: st.DrawFn) -> WorkCalendar:
    """Draw a calendar: its zone, its week, its seasons, and how much of it is known."""
    start = draw(st.dates(date(2000, 1, 1), date(2018, 1, 1)))
    days = sorted(draw(st.sets(st.integers(0, 700), max_size=30)))
    listed = [start + n * DAY for n in days]
    cut = draw(st.integers(0, len(listed)))
    half = draw(st.integers(0, cut))
    bounded = draw(st.booleans())
    rests = draw(st.sets(st.integers(0, 6), max_size=4))
    halves = [day for day in listed[:half] if day.weekday() not in rests]
    return WorkCalendar(
        name="drawn",
        version="1",
        zone=draw(st.sampled_from(["Asia/Shanghai", "Europe/Berlin", "Pacific/Apia"])),
        rest_weekdays=rests,
        seasons=draw(st.sampled_from([(), (winter,)])),
        holidays=listed[half:cut],
        half_days={day: [(time(9), time(11))] for day in halves},
        make_up_days=listed[cut:],
        known_from=start if bounded else None,
        known_until=start + 900 * DAY if bounded else None,
    )


@st.composite
def notices(draw: st.DrawFn, calendar: WorkCalendar, number: int) -> CalendarNotice:
    """Draw a notice of the days that follow those a calendar knows."""
    known = calendar.known_until or date(2030, 1, 1)
    days = sorted(draw(st.sets(st.integers(1, 300), min_size=1, max_size=8)))
    return CalendarNotice(
        name="notice",
        version=str(number),
        holidays=[known + n * DAY for n in days],
        known_from=known + DAY,
        known_until=known + 301 * DAY,
    )


@st.composite
def moves(draw: st.DrawFn, start: When) -> tuple[list[Stop], list[Fixed]]:
    """Draw the stops and the dates set that a deadline may have met."""
    begun = earliest(start)
    ahead = st.timedeltas(timedelta(), 60 * DAY).map(lambda on: begun + on)
    stops = []
    for since in draw(st.lists(ahead, max_size=3)):
        length = draw(st.none() | st.timedeltas(timedelta(), 30 * DAY))
        stops.append(
            Stop(since=since, until=None if length is None else since + length)
        )
    kinds: Any = st.sampled_from(["extension", "target", "restart"])
    fixed = [
        Fixed(at=at, term=draw(terms), kind=draw(kinds))
        for at in draw(st.lists(ahead, max_size=2))
    ]
    return stops, fixed
