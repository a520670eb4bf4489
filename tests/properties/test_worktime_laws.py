"""The laws of working time, for calendars, zones and instants nobody wrote down."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

from attrs import evolve
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from duban_flow.domain.instants import DAY, TICK, day_end, day_start
from duban_flow.domain.time.calendar import WorkCalendar
from duban_flow.domain.time.office_hours import Season

ZONES = [
    "Asia/Shanghai",
    "America/New_York",
    "Australia/Lord_Howe",
    "America/Sao_Paulo",
    "America/St_Johns",
    "Africa/Cairo",
    "Pacific/Apia",
    "UTC",
]
MINUTE = timedelta(minutes=1)
NOTHING = timedelta()

instants = st.datetimes(
    datetime(1986, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)
)
near = st.timedeltas(timedelta(days=-40), timedelta(days=40))
amounts = st.timedeltas(timedelta(hours=-400), timedelta(hours=400)) | st.timedeltas(
    timedelta(hours=-9), timedelta(hours=9)
)


@st.composite
def hours(draw: st.DrawFn) -> list[tuple[time, time]]:
    """Hours of a day: a few intervals, some of them touching, some till 24:00."""
    cuts = sorted(draw(st.sets(st.integers(0, 96), min_size=2, max_size=6)))
    pairs = [(a, b) for a, b in pairwise(cuts)][:: draw(st.sampled_from([1, 2]))]
    return [(_clock(a), _clock(b)) for a, b in pairs]


def _clock(quarter: int) -> time:
    return time(quarter // 4 % 24, quarter % 4 * 15)


@st.composite
def calendars(draw: st.DrawFn) -> WorkCalendar:
    """Calendars of many zones, with seasons, half days, holidays and make-up days."""
    start = draw(st.dates(date(1986, 1, 1), date(2025, 1, 1)))
    off = {start + n * DAY for n in draw(st.sets(st.integers(0, 200), max_size=20))}
    on = {start + n * DAY for n in draw(st.sets(st.integers(0, 200), max_size=20))}
    half = draw(st.lists(st.integers(0, 200), max_size=4))
    rest = draw(st.sets(st.integers(0, 6), max_size=6))
    worked = [
        day
        for day in (start + n * DAY for n in half)
        if day in on or (day not in off and day.weekday() not in rest)
    ]
    turns = draw(st.tuples(st.integers(1, 6), st.integers(7, 12)))
    season = Season(first=(turns[0], 15), last=(turns[1], 14), hours=draw(hours()))
    return WorkCalendar(
        name="drawn",
        version="1",
        zone=draw(st.sampled_from(ZONES)),
        office_hours=draw(hours()),
        rest_weekdays=rest,
        seasons=draw(st.sampled_from([(), (season,)])),
        holidays=off - on,
        make_up_days=on,
        half_days={day: draw(hours()) for day in worked},
    )


def walked(calendar: WorkCalendar, a: datetime, b: datetime) -> timedelta:
    """Count working time by looking at every day and every interval of it."""
    day, total = calendar.date_of(a) - 2 * DAY, NOTHING
    while day <= calendar.date_of(b) + 2 * DAY:
        for opens, closes in calendar.hours_of(day):
            total += max(NOTHING, min(b, closes) - max(a, opens))
        day += DAY
    return total


class TestKnown:
    """Where all is published, working time is exact and behaves like time."""

    @given(calendars(), instants, near)
    def test_it_agrees_with_a_walk(self, calendar, a, away):
        """The tables count what a walk over every interval of every day counts."""
        low, high = min(a, a + away), max(a, a + away)
        assert calendar.worked(low, high) == walked(calendar, low, high)
        assert calendar.worked(high, low) == -walked(calendar, low, high)

    @given(calendars(), instants, st.timedeltas(NOTHING, 3 * DAY))
    @settings(max_examples=25)
    def test_it_agrees_with_a_walk_by_the_minute(self, calendar, near_to, into):
        """A minute counts if the office is open in it, on the clocks of its zone."""
        a = near_to.replace(second=0, microsecond=0)
        b = (a + into).replace(second=0, microsecond=0)
        minutes = int((b - a) / MINUTE)
        days = {calendar.date_of(a) + n * DAY for n in range(-2, 6)}
        stays = [stay for day in days for stay in calendar.hours_of(day)]
        counted = sum(
            any(opens <= a + n * MINUTE < closes for opens, closes in stays)
            for n in range(minutes)
        )
        assert calendar.worked(a, b) == counted * MINUTE

    @given(calendars(), instants, near, near)
    def test_it_adds_up(self, calendar, a, one, other):
        """What is worked from a to c is worked from a to b and from b to c."""
        b, c = a + one, a + other
        assert calendar.worked(a, c) == calendar.worked(a, b) + calendar.worked(b, c)

    @given(calendars(), instants, amounts)
    def test_after_and_worked_are_inverse(self, calendar, a, amount):
        """So much later, exactly so much has been worked; and so much earlier."""
        end = calendar.work_after(a, amount)
        assert calendar.worked(a, end) == amount
        assert calendar.work_range(a, amount) == (end, end)
        assert (end >= a) if amount >= NOTHING else (end <= a)

    @given(calendars(), instants, near)
    def test_it_ends_at_the_first_such_instant(self, calendar, a, away):
        """No instant nearer to the start has the same working time behind it."""
        b = a + away
        end = calendar.work_after(a, calendar.worked(a, b))
        assert (end <= b) if away >= NOTHING else (end >= b)
        assert calendar.worked(a, end) == calendar.worked(a, b)
        if end != a:
            nearer = end - TICK if end > a else end + TICK
            assert calendar.worked(a, nearer) != calendar.worked(a, end)

    @given(calendars(), instants, st.timedeltas(NOTHING, 40 * DAY), amounts, amounts)
    def test_it_is_monotone(self, calendar, a, later, one, other):
        """A later start or a longer time never ends earlier."""
        less, more = min(one, other), max(one, other)
        assert calendar.work_after(a, less) <= calendar.work_after(a, more)
        assert calendar.work_after(a, less) <= calendar.work_after(a + later, less)

    @given(calendars(), instants, st.timedeltas(NOTHING, timedelta(hours=400)))
    def test_another_rest_day_never_ends_it_earlier(self, calendar, a, amount):
        """One more day off can only put the end off."""
        end = calendar.work_after(a, amount)
        off = calendar.date_of(a + (end - a) / 2)
        rested = evolve(
            calendar,
            holidays={**calendar.holidays, off: ""},
            make_up_days=set(calendar.make_up_days) - {off},
            half_days={d: h for d, h in calendar.half_days.items() if d != off},
        )
        assert rested.work_after(a, amount) >= end

    @given(calendars(), st.dates(date(1986, 1, 1), date(2030, 1, 1)))
    def test_hours_stay_in_their_day_and_in_order(self, calendar, day):
        """No hours overlap, and none leave the day, however its clocks are set."""
        ends = [at for stay in calendar.hours_of(day) for at in stay]
        assert ends == sorted(ends)
        inside = day_start(day, calendar.tz), day_end(day, calendar.tz)
        assert all(inside[0] <= at <= inside[1] for at in ends)

    @given(calendars(), st.integers(1986, 2030))
    def test_a_year_is_the_sum_of_its_days(self, calendar, year):
        """What is counted for a whole year is what its days have."""
        days = [date(year, 1, 1) + n * DAY for n in range(367)]
        hours = [stay for day in days for stay in calendar.hours_of(day)]
        first = day_start(date(year, 1, 1), calendar.tz)
        last = day_start(date(year + 1, 1, 1), calendar.tz)
        summed = sum((b - a for a, b in hours if a < last), NOTHING)
        assert calendar.worked(first, last) == summed


class TestUnpublished:
    """Past what is published it gives a range, which holds whatever is published."""

    @given(calendars(), st.data())
    def test_the_range_holds_what_is_published_later(self, calendar, data):
        """Cut short, the same calendar gives a range that holds the whole answer."""
        listed = sorted([*calendar.holidays, *calendar.make_up_days])
        middle = listed[len(listed) // 2] if listed else date(2000, 1, 1)
        known = data.draw(st.integers(-30, 30))
        until = middle + known * DAY
        plain = evolve(calendar, holidays={}, make_up_days={}, half_days={})
        cut = evolve(plain, known_until=until)
        a = day_start(until, calendar.tz) + data.draw(near)
        b = a + data.draw(near)
        least, most = cut.worked_range(a, b)
        assert least <= plain.worked(a, b) <= most
        amount = data.draw(amounts)
        earliest, latest = cut.work_range(a, amount)
        assert earliest <= plain.work_after(a, amount) <= latest
        assert cut.work_after(a, amount) == latest

    @given(st.integers(2005, 2025), st.integers(-60, 90), near, amounts)
    @example(2006, 0, 30 * DAY, timedelta(hours=200))
    def test_no_notice_ever_broke_the_range(self, year, from_year_end, away, amount):
        """What China published a year later lay within the range given before."""
        before, after = WorkCalendar.china(year), WorkCalendar.china(year + 1)
        last = after.closes(date(year + 1, 12, 31))
        a = before.opens(date(year, 12, 31)) + from_year_end * DAY
        b = min(a + away, last)
        least, most = before.worked_range(a, b)
        assert least <= after.worked(a, b) <= most
        earliest, latest = before.work_range(a, amount)
        end = after.work_after(a, amount)
        assume(end <= last)
        assert earliest <= end <= latest

    @given(calendars(), instants, near, amounts)
    def test_its_ends_are_the_first_instants_with_enough(
        self, calendar, a, away, amount
    ):
        """A tick nearer to the start the most, or the least, would not be enough."""
        plain = evolve(calendar, holidays={}, make_up_days={}, half_days={})
        cut = evolve(plain, known_until=calendar.date_of(a + away))
        ends = cut.work_range(a, amount)
        nth_of = (1, 0) if amount > NOTHING else (0, 1)
        for nth, end in zip(nth_of, ends, strict=True):
            assert abs(cut.worked_range(*sorted((a, end)))[nth]) >= abs(amount)
            nearer = end - TICK if end > a else end + TICK
            if end != a:
                within = cut.worked_range(*sorted((a, nearer)))[nth]
                assert within < abs(amount)

    @given(
        calendars(), instants, near, amounts, amounts, st.timedeltas(NOTHING, 9 * DAY)
    )
    def test_the_range_is_monotone(self, calendar, a, away, one, other, later):
        """A later start or a longer time never ends earlier, at either end."""
        plain = evolve(calendar, holidays={}, make_up_days={}, half_days={})
        cut = evolve(plain, known_until=calendar.date_of(a + away))
        less, more = min(one, other), max(one, other)
        for nth in (0, 1):
            end = cut.work_range(a, less)[nth]
            assert end <= cut.work_range(a, more)[nth]
            assert end <= cut.work_range(a + later, less)[nth]
