"""The working calendar: what it knows, what it counts, and what it refuses."""

import json
from datetime import UTC, date, datetime, time, timedelta

import pytest
from chinese_calendar import is_workday

from duban_flow.domain.instants import DAY, TICK, Span
from duban_flow.domain.time.calendar import DayKind, Stretch, WorkCalendar
from duban_flow.domain.time.china import notices
from duban_flow.domain.time.tally import most_make_up, most_rest
from duban_flow.errors import Invalid

CHINA = WorkCalendar.china()


def _codes(error: Invalid) -> set[str]:
    return {problem.code for problem in error.problems}


class TestChina:
    """The calendar of China, against facts that can be looked up."""

    def test_a_quarter_and_a_year_are_counted(self):
        """The fourth quarter of 2009 has 61 working days, the year 250."""
        new_year = date(2009, 12, 31)
        assert CHINA.workdays_between(date(2009, 9, 30), new_year) == 61
        assert CHINA.workdays_between(date(2008, 12, 31), new_year) == 250

    @pytest.mark.parametrize(
        ("day", "kind", "name"),
        [
            (date(2009, 9, 27), DayKind.DECREED, "国庆节"),
            (date(2009, 9, 30), DayKind.ORDINARY, ""),
            (date(2009, 10, 1), DayKind.REST, "国庆节"),
            (date(2009, 10, 3), DayKind.REST, "中秋"),
            (date(2009, 10, 8), DayKind.REST, "国庆节"),
            (date(2009, 10, 10), DayKind.DECREED, "国庆节"),
            (date(2009, 10, 11), DayKind.REST, ""),
        ],
    )
    def test_each_date_is_one_of_three_things(self, day, kind, name):
        """A date is at rest, worked by decree or ordinary, under its holiday's name."""
        assert (CHINA.kind(day), CHINA.name_of(day)) == (kind, name)
        assert CHINA.is_workday(day) == (kind is not DayKind.REST)

    def test_every_published_day_agrees_with_its_source(self):
        """No day between 2004 and the last notice differs from the published table."""
        first, last = CHINA.known_from, CHINA.known_until
        assert first is not None
        assert last is not None
        days = (last - first).days + 1
        differing = [
            day
            for day in (first + n * DAY for n in range(days))
            if CHINA.is_workday(day) != is_workday(day)
        ]
        assert differing == []

    def test_it_ends_with_the_last_notice(self):
        """Knowledge ends on the last day of the last year with a notice."""
        assert CHINA.known_until == date(max(CHINA.holidays).year, 12, 31)
        assert CHINA.known(CHINA.known_until)
        assert not CHINA.known(CHINA.known_until + DAY)
        assert not CHINA.known(date(2003, 12, 31))

    def test_an_edition_ends_with_the_year_asked_for(self):
        """The calendar as it stood in 2009 knows nothing of 2010."""
        edition = WorkCalendar.china(through=2009)
        assert edition.known_until == date(2009, 12, 31)
        assert edition.version == "2009"
        assert edition.digest != CHINA.digest
        assert notices(2009).known_from == date(2004, 1, 1)

    @pytest.mark.parametrize("year", [2003, 2100])
    def test_a_year_without_a_notice_is_refused(self, year):
        """An edition nobody published cannot be had."""
        with pytest.raises(Invalid) as refused:
            WorkCalendar.china(through=year)
        assert refused.value.code == "calendar.no_notice"


class TestCounting:
    """Working days forwards and backwards."""

    def test_the_eight_day_holiday_is_stepped_over(self):
        """The working day after 30 September 2009 is 9 October, then the 10th."""
        eve = date(2009, 9, 30)
        assert CHINA.workday_after(eve, 1) == date(2009, 10, 9)
        assert CHINA.workday_after(eve, 2) == date(2009, 10, 10)
        assert CHINA.workday_after(date(2009, 10, 9), -1) == eve
        assert CHINA.workday_after(eve, 0) == eve

    def test_counting_backwards_is_negative(self):
        """From a later to an earlier date the count is the same, below zero."""
        a, b = date(2009, 9, 30), date(2009, 12, 31)
        assert CHINA.workdays_between(b, a) == -61
        assert CHINA.workdays_between(a, a) == 0

    def test_calendar_days_are_stepped_too(self):
        """A calendar day is a day, whatever it is."""
        assert CHINA.days_after(date(2009, 9, 30), 1) == date(2009, 10, 1)

    @pytest.mark.parametrize(
        ("due", "closed", "natural", "working"),
        [
            (date(2009, 11, 30), date(2009, 12, 25), (25, 25), (19, 19)),
            (date(2009, 9, 30), date(2009, 12, 25), (86, 86), (57, 57)),
        ],
    )
    def test_days_late_as_the_founding_circular_has_them(
        self, due, closed, natural, working
    ):
        """Two hand-overs of new housing, still open on 25 December 2009."""
        due_at = CHINA.closes(due)
        for at in (CHINA.opens(closed), CHINA.midnight_after(closed)):
            assert CHINA.days_late(due_at, at) == natural
            assert CHINA.workdays_late(due_at, at) == working

    def test_days_late_is_a_range_where_the_end_is_one(self):
        """Due on 20 October, done in mid-December: 52 to 61 days, 38 to 43 worked."""
        done = Span.of_days(date(2009, 12, 11), date(2009, 12, 20), CHINA.tz)
        due = CHINA.closes(date(2009, 10, 20))
        assert CHINA.days_late(due, done) == (52, 61)
        assert CHINA.workdays_late(due, done) == (38, 43)

    def test_nothing_is_late_before_it_is_due(self):
        """On the due day and before it the count is zero, never negative."""
        due = CHINA.closes(date(2009, 11, 30))
        assert CHINA.days_late(due, due - 5 * DAY) == (0, 0)
        assert CHINA.workdays_late(due, due) == (0, 0)

    def test_a_due_at_midnight_is_late_from_the_next_day(self):
        """Due at 24:00 of the 30th, closed on the 1st: one day late, not none."""
        due = CHINA.midnight_after(date(2009, 11, 30))
        assert CHINA.days_late(due, CHINA.opens(date(2009, 12, 1))) == (1, 1)

    @pytest.mark.parametrize("n", [10**6, -(10**6)])
    def test_a_walk_out_of_the_years_is_refused(self, n):
        """However far it is asked to count, it ends in a typed error."""
        with pytest.raises(Invalid) as refused:
            CHINA.workday_after(date(2009, 9, 30), n)
        assert refused.value.code == "calendar.out_of_range"

    @pytest.mark.parametrize(
        ("day", "code"),
        [
            (date(1899, 12, 31), "calendar.out_of_range"),
            (date(2201, 1, 1), "calendar.out_of_range"),
            (datetime(2009, 9, 30, tzinfo=UTC), "calendar.not_a_date"),
            ("2009-09-30", "calendar.not_a_date"),
        ],
    )
    def test_a_date_it_cannot_speak_of_is_refused(self, day, code):
        """Beyond its years, and what is no date, it names and refuses."""
        with pytest.raises(Invalid) as refused:
            CHINA.closes(day)
        assert refused.value.code == code


class TestUnpublished:
    """Past the last notice it answers with a range, never with plain weekends."""

    def test_the_range_holds_more_than_weekends(self):
        """Twenty working days into an unpublished year end on a range of dates."""
        eve = date(2026, 12, 31)
        first, last = WorkCalendar.china(2026).workday_range(eve, 20)
        assert first < eve + timedelta(days=28) < last
        assert WorkCalendar.china(2026).workday_after(eve, 20) == last

    def test_the_count_is_a_range_too(self):
        """A month nobody has published has fewer and more working days it may have."""
        fewest, most = WorkCalendar.china(2026).workdays_range(
            date(2027, 1, 31), date(2027, 2, 28)
        )
        assert fewest < 20 < most

    def test_before_the_first_notice_it_is_no_wiser(self):
        """The years before 2004 are as unknown as those to come."""
        first, last = CHINA.workday_range(date(2004, 1, 5), -20)
        assert first < last <= date(2003, 12, 31)
        fewest, most = CHINA.workdays_range(date(2003, 6, 1), date(2003, 6, 30))
        assert fewest < most

    def test_a_window_of_nothing_but_rest_cannot_lose_a_day(self):
        """No notice takes a working day off a weekend."""
        saturday = date(2030, 6, 1)
        assert CHINA.workdays_range(saturday - DAY, saturday + DAY) == (0, 2)

    @pytest.mark.parametrize("through", [2004, 2012, 2019])
    def test_the_bounds_were_never_broken(self, through):
        """In no window of the published years did a notice take off or give more."""
        plain = WorkCalendar(name="plain", version="1")
        start = date(through, 1, 1)
        for length in (1, 2, 5, 8, 10, 30, 79, 120, 366):
            for offset in range(366):
                a = start + offset * DAY
                b = a + length * DAY
                gained = CHINA.workdays_between(a, b) - plain.workdays_between(a, b)
                assert -most_rest(length) <= gained <= most_make_up(length)


class TestHours:
    """Instants at which the office opens and closes."""

    def test_the_default_office_opens_and_closes(self):
        """Nine to half past five in Shanghai, as UTC instants."""
        day = date(2009, 11, 30)
        assert CHINA.opens(day) == datetime(2009, 11, 30, 1, tzinfo=UTC)
        assert CHINA.closes(day) == datetime(2009, 11, 30, 9, 30, tzinfo=UTC)
        assert CHINA.midnight_after(day) == datetime(2009, 11, 30, 16, tzinfo=UTC)

    def test_an_office_that_never_shuts_closes_at_midnight(self):
        """Hours that end at 00:00 end at the 24:00 of their day."""
        always = WorkCalendar(
            name="always", version="1", office_hours=[(time(0), time(0))]
        )
        assert always.closes(date(2009, 11, 30)) == always.midnight_after(
            date(2009, 11, 30)
        )

    def test_an_instant_has_a_local_date(self):
        """Half past four in the afternoon in UTC is already tomorrow in Shanghai."""
        moment = datetime(2009, 11, 30, 16, 30, tzinfo=UTC)
        assert CHINA.local(moment).isoformat() == "2009-12-01T00:30:00+08:00"
        assert CHINA.date_of(moment) == date(2009, 12, 1)

    def test_midnight_belongs_to_the_day_it_ends(self):
        """As an end, 24:00 is still its own day."""
        midnight = CHINA.midnight_after(date(2009, 11, 30))
        assert CHINA.day_of(midnight) == date(2009, 11, 30)
        assert CHINA.day_of(midnight + TICK) == date(2009, 12, 1)
        assert CHINA.date_of(midnight) == date(2009, 12, 1)


class TestValue:
    """A calendar is a value: written down, read again, compared by content."""

    def test_it_survives_being_written_down(self):
        """From JSON comes the same calendar, with the same digest."""
        again = WorkCalendar.from_dict(json.loads(json.dumps(CHINA.to_dict())))
        assert again == CHINA
        assert hash(again) == hash(CHINA)
        assert again != WorkCalendar.china(through=2009)
        assert CHINA != "china"

    def test_its_digest_covers_all_it_says(self):
        """One more holiday, another hour or another zone is another calendar."""
        base = WorkCalendar(name="x", version="1")
        others = [
            WorkCalendar(name="x", version="1", holidays=[date(2009, 10, 1)]),
            WorkCalendar(name="x", version="1", zone="Asia/Urumqi"),
            WorkCalendar(name="x", version="1", office_hours=[(time(9), time(17))]),
        ]
        assert len({base.digest, *(other.digest for other in others)}) == 4

    def test_it_shows_itself_shortly(self):
        """Neither form prints six hundred holidays."""
        assert str(WorkCalendar.china(2026)) == "china@2026"
        assert "621 days" in repr(WorkCalendar.china(2026))
        assert CHINA.edition.name == "china"

    def test_days_in_a_row_are_one_stretch(self):
        """The holiday of October 2009 is one stretch of eight days with two names."""
        found = CHINA.met(date(2009, 9, 28), date(2009, 10, 20))
        assert found == (
            Stretch(date(2009, 10, 1), date(2009, 10, 8), DayKind.REST, "国庆节、中秋"),
            Stretch(date(2009, 10, 10), date(2009, 10, 10), DayKind.DECREED, "国庆节"),
        )
        assert found[0].days == 8

    def test_a_stretch_is_cut_to_what_was_asked_for(self):
        """Only the days met on the way are told of, to the end of what is listed."""
        (found,) = CHINA.met(date(2009, 10, 3), date(2009, 10, 5))
        assert (found.first, found.last) == (date(2009, 10, 3), date(2009, 10, 5))
        assert CHINA.met(date(2030, 1, 1), date(2030, 2, 1)) == ()


class TestRefused:
    """A calendar that contradicts itself is refused at birth, with every fault."""

    def test_all_faults_are_named_at_once(self):
        """An unknown zone, hours that overlap and a doubled date, in one refusal."""
        with pytest.raises(Invalid) as refused:
            WorkCalendar(
                name="x",
                version="1",
                zone="Asia/Atlantis",
                office_hours=[(time(9), time(12)), (time(11), time(17))],
                holidays=[date(2009, 10, 1)],
                make_up_days=[date(2009, 10, 1)],
            )
        assert _codes(refused.value) == {
            "calendar.zone",
            "calendar.hours_overlap",
            "calendar.rest_and_make_up",
        }

    @pytest.mark.parametrize(
        ("given", "code"),
        [
            ({"zone": "../secret"}, "calendar.zone"),
            ({"zone": None}, "calendar.zone"),
            ({"office_hours": []}, "calendar.no_working_time"),
            ({"rest_weekdays": range(7)}, "calendar.no_working_time"),
            ({"rest_weekdays": [7]}, "calendar.weekday"),
            ({"office_hours": [(time(9), time(9))]}, "calendar.hours_order"),
            ({"office_hours": [(time(17), time(9))]}, "calendar.hours_order"),
            (
                {"office_hours": [(time(9), time(0)), (time(10), time(11))]},
                "calendar.hours_overlap",
            ),
            (
                {"known_from": date(2010, 1, 1), "known_until": date(2009, 1, 1)},
                "calendar.known_order",
            ),
            (
                {"holidays": [date(2010, 1, 1)], "known_until": date(2009, 12, 31)},
                "calendar.beyond_known",
            ),
            ({"make_up_days": [date(1850, 1, 1)]}, "calendar.beyond_known"),
            (
                {
                    "known_from": date(2009, 10, 5),
                    "known_until": date(2009, 10, 9),
                    "holidays": [date(2009, 10, day) for day in range(5, 10)],
                },
                "calendar.no_working_time",
            ),
        ],
    )
    def test_each_fault_has_its_code(self, given, code):
        """Whatever is wrong with it has a name that does not change."""
        with pytest.raises(Invalid) as refused:
            WorkCalendar(name="x", version="1", **given)
        assert _codes(refused.value) == {code}
        assert all(problem.zh for problem in refused.value.problems)

    def test_a_week_may_rest_on_other_days(self):
        """Where Friday and Saturday are at rest, Sunday is worked."""
        calendar = WorkCalendar(name="x", version="1", rest_weekdays=[5, 4])
        assert calendar.rest_weekdays == (4, 5)
        assert calendar.is_workday(date(2009, 11, 29))
        assert calendar.workday_after(date(2009, 11, 26), 1) == date(2009, 11, 29)

    def test_hours_that_touch_do_not_overlap(self):
        """An interval may begin at the instant at which the one before it ends."""
        hours = [(time(9), time(12)), (time(12), time(17))]
        calendar = WorkCalendar(name="x", version="1", office_hours=hours)
        assert calendar.office_hours[1][0] == time(12)
