"""Working time by example: lunch, half days, weekends, unpublished years, limits."""

from datetime import UTC, date, datetime, time, timedelta
from typing import cast

import pytest

from duban_flow.domain.instants import TICK
from duban_flow.domain.time.calendar import WorkCalendar
from duban_flow.domain.time.office_hours import Season
from duban_flow.errors import Invalid

CHINA = WorkCalendar.china(2026)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


def at(text: str) -> datetime:
    """Read a time of Shanghai."""
    return datetime.fromisoformat(f"{text}+08:00")


class TestKnown:
    """Where all is published there is one answer."""

    @pytest.mark.parametrize(
        ("start", "end", "minutes"),
        [
            ("2009-09-30T17:00", "2009-10-09T09:10", 40),
            ("2009-09-30T11:50", "2009-09-30T13:40", 20),
            ("2009-09-30T12:10", "2009-09-30T13:20", 0),
            ("2009-09-27T00:00", "2009-09-28T00:00", 420),
            ("2009-10-01T00:00", "2009-10-09T00:00", 0),
        ],
    )
    def test_lunch_and_holidays_do_not_count(self, start, end, minutes):
        """Only office hours do, on a make-up Sunday as on any other day."""
        assert CHINA.worked(at(start), at(end)) == minutes * MINUTE
        assert CHINA.worked(at(end), at(start)) == -minutes * MINUTE

    @pytest.mark.parametrize(
        ("start", "hours", "end"),
        [
            ("2009-09-30T16:30", 1, "2009-09-30T17:30"),
            ("2009-09-30T16:30", 2, "2009-10-09T10:00"),
            ("2009-10-09T10:00", -2, "2009-09-30T16:30"),
            ("2009-10-09T09:00", -1, "2009-09-30T16:30"),
            ("2009-09-30T20:00", 0, "2009-09-30T20:00"),
            ("2009-12-31T16:30", 8, "2010-01-04T17:30"),
            ("2010-01-04T09:00", -7, "2009-12-31T09:00"),
        ],
    )
    def test_so_much_later_work_is_done(self, start, hours, end):
        """It ends at a close of business, and begins at an opening."""
        assert CHINA.work_after(at(start), hours * HOUR) == at(end)

    def test_it_is_exact_to_the_microsecond(self):
        """The last tick before the close counts, the first after it does not."""
        close = at("2009-09-30T17:30")

        assert CHINA.worked(close - TICK, close + HOUR) == TICK
        assert CHINA.work_after(close - TICK, 2 * TICK) == at("2009-10-09T09:00") + TICK

    def test_hours_change_with_the_season_and_on_half_days(self):
        """A half day counts its hours, a summer's day those of the summer."""
        calendar = WorkCalendar(
            name="x",
            version="1",
            seasons=[Season(first=(6, 1), last=(9, 30), hours=[(time(8), time(14))])],
            half_days={date(2026, 6, 3): [(time(9), time(11))]},
        )
        start = at("2026-05-29T00:00")

        assert calendar.worked(start, at("2026-06-04T00:00")) == (7 + 6 + 6 + 2) * HOUR
        assert calendar.work_after(start, 20 * HOUR) == at("2026-06-03T10:00")

    def test_years_without_work_are_stepped_over(self):
        """A calendar may be at rest for years; time goes on after them."""
        calendar = WorkCalendar(
            name="x",
            version="1",
            rest_weekdays=[0, 1, 2, 3, 4, 5],
            holidays=[date.fromordinal(n) for n in range(733_000, 734_500)],
        )
        start = calendar.opens(date.fromordinal(732_998))
        end = calendar.work_after(start, 20 * HOUR)

        assert calendar.worked(start, end) == 20 * HOUR
        assert calendar.work_after(end, -20 * HOUR) == start
        assert end - start > timedelta(days=1500)

    def test_at_rest_there_are_no_hours(self):
        """A Sunday has none, a make-up Sunday two stretches of them."""
        assert CHINA.hours_of(date(2009, 9, 20)) == ()
        assert CHINA.hours_of(date(2009, 9, 27)) == (
            (at("2009-09-27T09:00"), at("2009-09-27T12:00")),
            (at("2009-09-27T13:30"), at("2009-09-27T17:30")),
        )


class TestUnpublished:
    """Days without a notice give a range, and never plain weekends."""

    def test_the_first_days_of_a_year_may_all_be_off(self):
        """Into 2027 there may be no work at all for a week, or some on a Saturday."""
        least, most = CHINA.worked_range(at("2026-12-31T17:00"), at("2027-01-06T00:00"))

        assert least == 30 * MINUTE
        assert most > (3 * 7 + 0.5) * HOUR

    def test_the_end_is_a_range(self):
        """Ten working hours from the last afternoon of 2026 end within days."""
        start = at("2026-12-31T16:30")
        earliest, latest = CHINA.work_range(start, 10 * HOUR)

        assert earliest < at("2027-01-05T10:00") < latest
        assert CHINA.work_after(start, 10 * HOUR) == latest
        assert CHINA.work_range(start, HOUR)[0] == CHINA.closes(date(2026, 12, 31))

    def test_a_day_that_is_over_has_no_say(self):
        """From the evening of a year's last day back, all is published."""
        start, end = at("2026-12-31T09:00"), at("2027-01-01T08:00")

        assert CHINA.worked_range(start, end) == (7 * HOUR, 7 * HOUR)
        assert CHINA.worked_range(end, start) == (-7 * HOUR, -7 * HOUR)
        assert CHINA.work_range(end, -HOUR) == (at("2026-12-31T16:30"),) * 2
        night = CHINA.worked_range(at("2027-01-01T20:00"), at("2027-01-02T08:00"))
        assert night == (timedelta(), timedelta())

    def test_an_evening_before_the_first_notice_has_no_say(self):
        """From the last evening of 2003 on, all that counts is published."""
        evening, later = at("2003-12-31T20:00"), at("2004-01-05T00:00")

        assert CHINA.worked_range(evening, later) == (7 * HOUR, 7 * HOUR)
        assert CHINA.work_range(evening, HOUR) == (at("2004-01-02T10:00"),) * 2

    def test_no_day_can_be_worked_twice(self):
        """In three unpublished days there is at most the time of three."""
        three = at("2027-03-03T00:00"), at("2027-03-06T00:00")

        assert CHINA.worked_range(*three) == (timedelta(), 21 * HOUR)

    def test_short_days_of_a_season_leave_the_range_in_order(self):
        """Eight hours of three a day may be over at the opening of the third."""
        calendar = WorkCalendar(
            name="x",
            version="1",
            seasons=[Season(first=(6, 1), last=(9, 30), hours=[(time(9), time(12))])],
            known_until=date(2027, 5, 31),
        )
        start = at("2027-06-01T00:00")
        earliest, latest = calendar.work_range(start, 8 * HOUR)

        assert earliest == at("2027-06-03T09:00") + TICK
        assert latest > at("2027-06-10T12:00")
        assert calendar.worked_range(start, earliest)[1] >= 8 * HOUR

    def test_before_the_first_notice_it_is_no_wiser(self):
        """Back into 2003 the answer is a range as well."""
        start = at("2004-01-02T10:00")
        earliest, latest = CHINA.work_range(start, -20 * HOUR)

        assert earliest < latest < start
        assert CHINA.work_after(start, -20 * HOUR) == latest

    def test_one_unpublished_day_may_be_worked_or_not(self):
        """Between an hour and none may have been worked in one hour of it."""
        hour = at("2027-03-03T10:00"), at("2027-03-03T11:00")

        assert CHINA.worked_range(*hour) == (timedelta(), HOUR)

    def test_a_stretch_on_both_sides_of_what_is_known_is_unsure_on_both(self):
        """From 2003 to 2027 the answer is unsure at either end, and not between."""
        whole = CHINA.worked_range(at("2003-06-01T00:00"), at("2027-06-01T00:00"))
        known = CHINA.worked(at("2004-01-01T00:00"), at("2027-01-01T00:00"))

        assert known < whole[0] < whole[1]


class TestRefused:
    """What has no answer is refused, at once and by name."""

    @pytest.mark.parametrize("zone", ["Asia/Shanghai", "America/New_York"])
    @pytest.mark.parametrize("sign", [1, -1])
    @pytest.mark.parametrize("hours", [10**6, 20 * 10**9])
    def test_a_walk_out_of_the_years_ends(self, zone, sign, hours):
        """However much is asked for, the answer is a typed error."""
        calendar = WorkCalendar(name="x", version="1", zone=zone)
        with pytest.raises(Invalid) as refused:
            calendar.work_after(at("2009-09-30T09:00"), sign * hours * HOUR)
        assert refused.value.code == "calendar.out_of_range"
        if hours == 10**6:
            with pytest.raises(Invalid):
                CHINA.work_after(at("2009-09-30T09:00"), sign * hours * HOUR)

    @pytest.mark.parametrize(
        ("a", "b", "code"),
        [
            (datetime(2009, 9, 30), at("2009-10-01T00:00"), "instant.naive"),
            (at("2009-10-01T00:00"), datetime(1800, 1, 1, tzinfo=UTC), "out_of_range"),
            (at("2009-10-01T00:00"), datetime(2300, 1, 1, tzinfo=UTC), "out_of_range"),
            (at("2009-10-01T00:00"), date(2009, 10, 2), "instant.type"),
        ],
    )
    def test_an_instant_it_cannot_speak_of(self, a, b, code):
        """A naive one, and one beyond the years 1900 to 2200."""
        with pytest.raises(Invalid) as refused:
            CHINA.worked(a, b)
        assert refused.value.code.endswith(code)

    def test_a_length_that_is_none(self):
        """An amount is a timedelta, and says so."""
        with pytest.raises(Invalid) as refused:
            CHINA.work_after(at("2009-09-30T09:00"), cast("timedelta", 8))
        assert refused.value.code == "calendar.not_a_length"
