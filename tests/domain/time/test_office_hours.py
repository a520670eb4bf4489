"""Office hours: seasons, half days, and days on which the clocks are set."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from duban_flow.domain.instants import DAY
from duban_flow.domain.time.calendar import WorkCalendar
from duban_flow.domain.time.office_hours import (
    OFFICE_HOURS,
    Clocks,
    Season,
    hours_text,
    shifts,
)
from duban_flow.errors import Invalid, Problem

SHORT = ((time(9), time(12)),)
ALWAYS = ((time(0), time(0)),)
HOUR = timedelta(hours=1)


def _lengths(zone: str, *days: date) -> list[float]:
    calendar = WorkCalendar(
        name="x", version="1", zone=zone, office_hours=ALWAYS, rest_weekdays=()
    )
    hours = [calendar.hours_of(day) for day in days]
    return [sum(((b - a) / HOUR for a, b in stays), 0.0) for stays in hours]


class TestSeasons:
    """Parts of a year with hours of their own."""

    def test_a_season_has_its_first_and_its_last_day(self):
        """From 1 June to 30 September, both of them in it."""
        season = Season(first=(6, 1), last=(9, 30), hours=SHORT)
        calendar = WorkCalendar(name="x", version="1", seasons=[season])
        eve, first, last, after = (
            date(2027, 5, 31),
            date(2027, 6, 1),
            date(2027, 9, 30),
            date(2027, 10, 1),
        )
        noon = [calendar.closes(day).hour == 4 for day in (eve, first, last, after)]

        assert noon == [False, True, True, False]
        assert str(season) == "06-01~09-30"

    def test_seasons_are_apart(self):
        """Two that touch are taken; one day in common is refused, with that day."""
        summer = Season(first=(6, 1), last=(9, 30), hours=SHORT)
        autumn = Season(first=(10, 1), last=(10, 31), hours=SHORT)
        WorkCalendar(name="x", version="1", seasons=[summer, autumn])
        early = Season(first=(9, 30), last=(10, 31), hours=SHORT)

        with pytest.raises(Invalid) as refused:
            WorkCalendar(name="x", version="1", seasons=[summer, early])
        (problem,) = refused.value.reasons
        assert problem.code == "calendar.seasons_overlap"
        assert "09-30~09-30" in str(problem)

    def test_a_season_may_run_over_the_turn_of_the_year(self):
        """Winter hours hold in December and in January, not in July."""
        winter = Season(first=(11, 1), last=(2, 29), hours=SHORT)

        assert winter.holds(date(2027, 12, 31))
        assert winter.holds(date(2027, 2, 28))
        assert winter.holds(date(2028, 2, 29))
        assert not winter.holds(date(2027, 3, 1))
        assert not winter.holds(date(2027, 7, 1))

    @pytest.mark.parametrize("year", [2027, 2028])
    @pytest.mark.parametrize(
        ("first", "last"),
        [((2, 29), (6, 30)), ((6, 1), (2, 29)), ((1, 1), (12, 31)), ((3, 1), (3, 1))],
    )
    def test_its_runs_of_days_are_its_days(self, year, first, last):
        """Runs of equal days say of every date what the season says of it."""
        season = Season(first=first, last=last, hours=SHORT)
        clocks = Clocks("UTC", OFFICE_HOURS, (season,), {})
        said = {
            day: length
            for start, end, length in clocks.runs(year)
            for day in range(start, end + 1)
        }

        assert len(said) == (366 if year % 4 == 0 else 365)
        assert all(length == clocks.length(day) for day, length in said.items())

    def test_a_half_day_in_a_season_has_its_own_hours(self):
        """What is said of one date goes before what is said of a season."""
        season = Season(first=(6, 1), last=(9, 30), hours=OFFICE_HOURS)
        calendar = WorkCalendar(
            name="x",
            version="1",
            seasons=[season],
            half_days={date(2027, 7, 1): SHORT},
        )

        assert len(calendar.hours_of(date(2027, 7, 1))) == 1
        assert len(calendar.hours_of(date(2027, 7, 2))) == 2

    def test_hours_are_written_as_people_write_them(self):
        """Till 24:00, not till 00:00."""
        assert hours_text(((time(9), time(12)), (time(20), time()))) == (
            "09:00-12:00, 20:00-24:00"
        )


class TestClocks:
    """Days that are shorter or longer than others, and midnights that do not exist."""

    def test_new_york_has_a_day_of_23_and_one_of_25_hours(self):
        """In 2026 its clocks are set on 8 March and 1 November."""
        days = date(2026, 3, 7), date(2026, 3, 8), date(2026, 11, 1)

        assert _lengths("America/New_York", *days) == [24, 23, 25]

    def test_lord_howe_sets_its_clocks_by_half_an_hour(self):
        """Its days are half an hour longer or shorter."""
        days = date(2026, 4, 5), date(2026, 10, 4)

        assert _lengths("Australia/Lord_Howe", *days) == [24.5, 23.5]

    def test_shanghai_had_summer_time(self):
        """From 1986 to 1991; on 12 April 1987 its day had 23 hours."""
        days = date(1987, 4, 12), date(1987, 9, 13), date(1992, 4, 12)

        assert _lengths("Asia/Shanghai", *days) == [23, 25, 24]
        assert [len(shifts("Asia/Shanghai", y)) for y in (1985, 1988, 1992)] == [
            0,
            2,
            0,
        ]

    def test_sao_paulo_had_a_day_without_a_midnight(self):
        """Its 4 November 2018 began at 01:00; its 17 February had 25 hours."""
        days = date(2018, 11, 3), date(2018, 11, 4), date(2018, 2, 17)

        assert _lengths("America/Sao_Paulo", *days) == [24, 23, 25]

    def test_st_johns_showed_a_date_again_after_it_was_over(self):
        """Its clocks went from 00:01 back to 23:01 of the day before."""
        days = date(2010, 11, 6), date(2010, 11, 7), date(2010, 11, 8)

        assert _lengths("America/St_Johns", *days) == [24, 25, 24]

    def test_time_goes_on_while_a_date_is_shown_again(self):
        """In St John's every minute of that night counts once, on either showing."""
        calendar = WorkCalendar(
            name="x",
            version="1",
            zone="America/St_Johns",
            office_hours=ALWAYS,
            rest_weekdays=(),
        )
        first = calendar.opens(date(2010, 11, 6))
        for minutes in range(22 * 60, 27 * 60, 7):
            at = first + timedelta(minutes=minutes)
            assert calendar.worked(first, at) == at - first
            assert calendar.work_after(first, at - first) == at

    def test_toronto_left_out_a_midnight_that_began_the_day_before(self):
        """On 30 March 1919 its clocks went from 23:30 to 00:30."""
        days = date(1919, 3, 30), date(1919, 3, 31)
        calendar = WorkCalendar(
            name="x",
            version="1",
            zone="America/Toronto",
            office_hours=ALWAYS,
            rest_weekdays=(),
        )
        first, last = calendar.opens(days[0]), calendar.midnight_after(days[1])

        assert sum(_lengths("America/Toronto", *days)) == 47
        assert calendar.worked(first, last) == 47 * HOUR
        shown = datetime(1919, 3, 31, 4, 45, tzinfo=UTC)
        assert calendar.worked(first, shown) == shown - first

    def test_samoa_had_no_30_december_2011(self):
        """A day that its clocks never showed has no hours, and no other loses any."""
        days = [date(2011, 12, day) for day in (29, 30, 31)]

        assert _lengths("Pacific/Apia", *days) == [24, 0, 24]
        assert _lengths("Pacific/Apia", date(2012, 1, 1)) == [24]

    def test_hours_that_the_clocks_skip_are_not_there(self):
        """From 02:30 to 03:15 in a night that leaves out 02:00 to 03:00: nothing."""
        calendar = WorkCalendar(
            name="night",
            version="1",
            zone="America/New_York",
            office_hours=[(time(1), time(2)), (time(2, 30), time(3, 15))],
            rest_weekdays=(),
        )
        night = date(2026, 3, 8)

        assert len(calendar.hours_of(night)) == 1
        assert len(calendar.hours_of(night + DAY)) == 2
        assert calendar.worked(calendar.opens(night), calendar.closes(night)) == HOUR
        begins, ends = (calendar.midnight_after(night - n * DAY) for n in (1, 0))
        assert calendar.worked(begins, ends) == HOUR

    def test_hours_that_run_into_skipped_ones_count_once(self):
        """01:00 to 02:30 ends at 03:30 that night; what opens at 03:00 waits for it."""
        calendar = WorkCalendar(
            name="night",
            version="1",
            zone="America/New_York",
            office_hours=[(time(1), time(2, 30)), (time(3), time(4))],
            rest_weekdays=(),
        )
        night = date(2026, 3, 8)
        (_, ends), (again, _) = calendar.hours_of(night)

        assert ends == again
        assert (
            calendar.worked(calendar.opens(night), calendar.closes(night)) == 2 * HOUR
        )

    def test_the_shortest_and_longest_day_heed_the_clocks(self):
        """Open all day in New York, a day has 23 to 25 hours; by day always eight."""
        night = Clocks("America/New_York", ALWAYS, (), {})
        by_day = Clocks("America/New_York", ((time(9), time(17)),), (), {})
        micros = 3_600_000_000

        assert night.extremes[1] == 25 * micros
        assert night.extremes[0] <= 23 * micros
        assert by_day.extremes == (8 * micros, 8 * micros)


class TestRefused:
    """Hours that cannot be kept are refused, each with its date or season."""

    @pytest.mark.parametrize(
        ("given", "code", "said"),
        [
            (
                {"seasons": [Season(first=(6, 1), last=(9, 31), hours=SHORT)]},
                "calendar.no_such_day",
                "09-31",
            ),
            (
                {"seasons": [Season(first=(13, 1), last=(9, 30), hours=SHORT)]},
                "calendar.no_such_day",
                "13-01",
            ),
            (
                {
                    "seasons": [
                        Season(first=(5, 1), last=(9, 30), hours=SHORT),
                        Season(first=(9, 1), last=(12, 31), hours=SHORT),
                    ]
                },
                "calendar.seasons_overlap",
                "09-01~09-30, 09-01~12-31",
            ),
            (
                {"seasons": [Season(first=(5, 1), last=(9, 30), hours=())]},
                "calendar.no_working_time",
                "",
            ),
            (
                {
                    "seasons": [
                        Season(
                            first=(5, 1),
                            last=(9, 30),
                            hours=[(time(9), time(12)), (time(11), time(13))],
                        )
                    ]
                },
                "calendar.hours_overlap",
                "09:00-12:00, 11:00",
            ),
            (
                {"half_days": {date(2027, 7, 2): [(time(12), time(9))]}},
                "calendar.hours_order",
                "12:00-09:00",
            ),
            (
                {"half_days": {date(2027, 7, 3): SHORT}},
                "calendar.half_day_at_rest",
                "2027-07-03",
            ),
            (
                {
                    "half_days": {date(2027, 7, 2): SHORT},
                    "holidays": [date(2027, 7, 2)],
                },
                "calendar.half_day_at_rest",
                "2027-07-02",
            ),
            (
                {
                    "half_days": {date(2027, 7, 2): SHORT},
                    "known_until": date(2026, 12, 31),
                },
                "calendar.beyond_known",
                "2027-07-02",
            ),
            (
                {"office_hours": [(time(9, tzinfo=UTC), time(12, tzinfo=UTC))]},
                "calendar.not_a_time",
                "09:00:00+00:00, 12:00:00+00:00",
            ),
            ({"office_hours": [(9, 12)]}, "calendar.not_a_time", "9, 12"),
            ({"holidays": ["2027-07-02"]}, "calendar.not_a_date", "2027-07-02"),
            (
                {"make_up_days": [datetime(2027, 7, 2, tzinfo=UTC)]},
                "calendar.not_a_date",
                "2027-07-02 00:00:00+00:00",
            ),
            ({"known_until": "2027"}, "calendar.not_a_date", "2027"),
        ],
    )
    def test_each_is_named(self, given, code, said):
        """The fault says which season, which date, which hours."""
        with pytest.raises(Invalid) as refused:
            WorkCalendar(name="x", version="1", **given)

        (problem,) = refused.value.problems
        assert isinstance(problem, Problem)
        assert (problem.code, problem.said) == (code, said)
        assert problem.zh
