"""The laws of time, for calendars, terms and dates nobody wrote down."""

import contextlib
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from chinese_calendar import is_workday
from hypothesis import assume, given
from hypothesis import strategies as st

from duban_flow.domain.amounts import parse_quantity
from duban_flow.domain.instants import (
    DAY,
    TICK,
    Span,
    day_end,
    day_start,
    earliest,
    instant,
    latest,
    micros,
    on_clock,
    passed,
)
from duban_flow.domain.time.calendar import WorkCalendar
from duban_flow.domain.time.dates import parse_date
from duban_flow.domain.time.offset import months_later, shift
from duban_flow.domain.time.tally import most_make_up, most_rest
from duban_flow.domain.written import Unreadable

CHINA = WorkCalendar.china()

any_day = st.dates(date(1990, 1, 1), date(2100, 12, 31))
published = st.dates(date(2005, 1, 1), date(2024, 12, 31))
any_instant = st.datetimes(
    datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)
)
spans = st.tuples(any_instant, st.timedeltas(timedelta(), 90 * DAY)).map(
    lambda pair: Span(pair[0], pair[0] + pair[1])
)
whens = any_instant | spans


@st.composite
def calendars(draw: st.DrawFn) -> WorkCalendar:
    """Small calendars of anywhere, known for a while or for ever."""
    start = draw(st.dates(date(2000, 1, 1), date(2020, 1, 1)))
    days = draw(st.sets(st.integers(0, 700), max_size=40))
    listed = [start + n * DAY for n in sorted(days)]
    cut = draw(st.integers(0, len(listed)))
    bounded = draw(st.booleans())
    return WorkCalendar(
        name="drawn",
        version="1",
        zone=draw(st.sampled_from(["Asia/Shanghai", "Europe/Berlin", "Pacific/Apia"])),
        rest_weekdays=draw(st.sets(st.integers(0, 6), max_size=5)),
        holidays=listed[:cut],
        make_up_days=listed[cut:],
        known_from=start if bounded else None,
        known_until=start + 900 * DAY if bounded else None,
    )


class TestCounting:
    """Tables against a walk from day to day, and against themselves."""

    @given(published, st.integers(-250, 250))
    def test_tables_agree_with_a_walk(self, day, n):
        """The n-th working day is the one that walking finds."""
        walked, step, left = day, (DAY if n > 0 else -DAY), abs(n)
        while left:
            walked += step
            left -= is_workday(walked)
        assert CHINA.workday_after(day, n) == walked

    @given(published, published)
    def test_counts_agree_with_a_walk(self, a, b):
        """The count of working days is the count of working days."""
        low, high = min(a, b), max(a, b)
        walked = sum(is_workday(low + n * DAY) for n in range(1, (high - low).days + 1))
        assert CHINA.workdays_between(a, b) == (walked if a <= b else -walked)

    @given(calendars(), any_day, st.integers(1, 500))
    def test_after_and_between_are_inverse(self, calendar, day, n):
        """Where all is known, n working days later lie n working days between."""
        later = calendar.workday_after(day, n)
        assume(calendar.knows(day, later))
        assert calendar.workdays_between(day, later) == n
        assert calendar.is_workday(later)
        assert calendar.workday_after(later, -n) <= day < later

    @given(calendars(), any_day, any_day, any_day)
    def test_counts_add_up(self, calendar, a, b, c):
        """From a to c is from a to b and from b to c, as far as is known."""
        assume(calendar.knows(min(a, b, c), max(a, b, c)))
        whole = calendar.workdays_between(a, c)
        assert whole == (
            calendar.workdays_between(a, b) + calendar.workdays_between(b, c)
        )

    @given(calendars(), any_day, st.integers(-300, 300))
    def test_a_range_runs_forwards_and_is_ordered(self, calendar, day, n):
        """Earliest before latest, more days no sooner, a later start no sooner."""
        first, last = calendar.workday_range(day, n)
        assert first <= last
        for low, high in (
            calendar.workday_range(day, n + 1),
            calendar.workday_range(day + DAY, n),
        ):
            assert first <= low
            assert last <= high

    @given(calendars(), any_day, st.integers(0, 2000))
    def test_a_count_is_bounded_by_its_length(self, calendar, day, length):
        """No window has less than no working day, or more than it has days."""
        fewest, most = calendar.workdays_range(day, day + length * DAY)
        assert 0 <= fewest <= most
        assert most <= length + 2 * most_make_up(length)

    @given(published, st.integers(1, 3000))
    def test_no_notice_broke_the_bounds(self, day, length):
        """What the unpublished is bounded by has held for all that was published."""
        assume(CHINA.known(day + length * DAY))
        weekdays = WorkCalendar(name="plain", version="1")
        gained = CHINA.workdays_between(
            day, day + length * DAY
        ) - weekdays.workdays_between(day, day + length * DAY)
        assert -most_rest(length) <= gained <= most_make_up(length)


class TestOffsets:
    """Offsets and months."""

    @given(any_instant, st.integers(-300, 300), calendars())
    def test_days_there_and_back(self, moment, n, calendar):
        """Calendar days can be taken back, where no clock was moved on the way."""
        there = shift(moment, n, "day", calendar)
        assert isinstance(there, datetime)
        local = calendar.local(moment)
        assume(calendar.local(there).timetz().replace(tzinfo=None) == local.time())
        back = shift(there, -n, "day", calendar)
        assert isinstance(back, datetime)
        assert abs(back - moment) <= timedelta(days=1)
        assert calendar.local(back).time() == local.time()

    @given(any_day, st.integers(0, 240))
    def test_months_do_not_drift(self, day, n):
        """n months on is in the n-th month, on the same day or the month's last."""
        later = months_later(day, n)
        assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == n
        assert later.day == day.day or (later + DAY).day == 1

    @given(
        spans,
        st.integers(0, 1000),
        st.integers(-30, 30),
        st.sampled_from(["day", "workday", "month"]),
    )
    def test_a_moved_range_holds_every_moved_instant(self, span, permille, n, unit):
        """Whichever instant of the range it was, its offset lies in the moved one."""
        inside = span.earliest + (span.latest - span.earliest) * permille // 1000
        moved, found = (shift(when, n, unit, CHINA) for when in (span, inside))
        assert isinstance(moved, Span)
        assert moved.earliest <= earliest(found) <= latest(found) <= moved.latest

    @given(whens, st.integers(-200, 200), st.sampled_from(["day", "workday", "month"]))
    def test_an_offset_keeps_the_order(self, when, n, unit):
        """A moved range runs forwards, and a larger offset leads no less far."""
        bounds = [shift(when, k, unit, CHINA) for k in (n, n + 1)]
        (a, b), (c, d) = (
            (w.earliest, w.latest) if isinstance(w, Span) else (w, w) for w in bounds
        )
        assert a <= b
        assert c <= d
        assert a <= c
        assert b <= d


class TestInstants:
    """Instants, ranges and clocks."""

    @given(st.datetimes(timezones=st.timezones()))
    def test_microseconds_lose_nothing(self, moment):
        """Any instant survives being counted, whatever its zone."""
        assume(datetime(2, 1, 1) < moment.replace(tzinfo=None) < datetime(9998, 1, 1))
        assert instant(micros(moment)) == moment.astimezone(UTC)

    @given(whens, any_instant)
    def test_three_values_exclude_one_another(self, when, at):
        """Passed for sure, not passed for sure, or undecided: exactly one holds."""
        low, high = (
            (when.earliest, when.latest) if isinstance(when, Span) else (when, when)
        )
        answers = {True: at > high, False: at <= low, None: low < at <= high}
        assert [a for a, holds in answers.items() if holds] == [passed(when, at)]

    @given(st.timezone_keys(), st.dates(date(1970, 1, 1), date(2100, 1, 1)))
    def test_a_day_ends_where_the_next_begins(self, key, day):
        """In every zone of the world days follow one another without a gap."""
        zone = ZoneInfo(key)
        assert day_end(day, zone) == day_start(day + DAY, zone)
        assert day_start(day, zone) <= on_clock(day, time(12), zone)
        span = Span.of_days(day, day, zone)
        assert span.latest - span.earliest <= 26 * timedelta(hours=1) - TICK


class TestTexts:
    """What people write, and what they might write."""

    @given(st.dates(date(1900, 1, 1), date(2200, 12, 31)))
    @pytest.mark.parametrize(
        "form",
        ["{:%Y}-{:%m}-{:%d}", "{0.year}年{0.month}月{0.day}日", "{:%Y%m%d}",
         "{0.year}.{0.month}.{0.day}", "{0.year}/{0.month}/{0.day}"],
    )  # fmt: skip
    def test_every_date_reads_back(self, form, day):
        """Each form of each date, also in full-width digits, is that date."""
        text = form.format(day, day, day)
        wide = "".join(chr(ord(c) + 0xFEE0) if c.isascii() else c for c in text)
        assert parse_date(text, zone="Asia/Shanghai") == day
        assert parse_date(wide, zone="Asia/Shanghai") == day

    @given(st.text() | st.from_regex(r"[0-9]{0,4}[-年./][0-9十]{0,2}[-月./]?.{0,4}"))
    def test_a_text_is_read_or_refused(self, text):
        """Nothing a person can type raises anything but a typed refusal."""
        for read in (
            lambda: parse_date(text, zone="Asia/Shanghai", year=2009),
            lambda: parse_quantity(text),
        ):
            with contextlib.suppress(Unreadable):
                read()

    @given(st.decimals(-(10**9), 10**9, places=4, allow_nan=False))
    def test_every_quantity_reads_back(self, number):
        """With or without commas, a number is exactly itself."""
        assert parse_quantity(f"{number:f}亩") == (number, "亩")
        assert parse_quantity(f"{number:,f} 亩") == (number, "亩")
