"""Notices, layers, and the editions of a calendar that they make."""

import json
from datetime import date, time
from typing import Any

import pytest
from attrs import evolve

from duban_flow.domain.instants import DAY
from duban_flow.domain.time.calendar import DayKind, WorkCalendar
from duban_flow.domain.time.notice import CalendarNotice, Days
from duban_flow.domain.time.office_hours import Season
from duban_flow.errors import Conflict, Invalid

CHINA = WorkCalendar.china(2026)
MORNING = ((time(9), time(12)),)
FLOOD = date(2026, 7, 20)


def notice(**said: Any) -> CalendarNotice:
    """Make a notice that says this."""
    return CalendarNotice(**{"name": "通知", "version": "2026.1", **said})


def year_2027(**said: Any) -> CalendarNotice:
    """Make a notice that publishes the year 2027."""
    return notice(**{"version": "2027", "known_until": date(2027, 12, 31), **said})


def _codes(refused: pytest.ExceptionInfo[Invalid]) -> list[str]:
    return [problem.code for problem in refused.value.problems]


class TestLoading:
    """A notice makes the next edition, and changes nothing else."""

    def test_a_flood_day_is_off_from_the_next_edition_on(self):
        """The edition before it still says what it said."""
        flooded = CHINA.load(notice(holidays={FLOOD: "防汛"}))

        assert (flooded.name, flooded.version) == ("china", "2026.1")
        assert not flooded.is_workday(FLOOD)
        assert flooded.name_of(FLOOD) == "防汛"
        assert CHINA.is_workday(FLOOD)
        assert flooded.known_until == CHINA.known_until
        assert flooded.digest != CHINA.digest

    def test_a_years_notice_moves_what_is_known(self):
        """From its end on the calendar is as unsure as before."""
        loaded = CHINA.load(year_2027(holidays=[date(2027, 1, 1)]))

        assert loaded.known_from == CHINA.known_from
        assert loaded.known(date(2027, 12, 31))
        assert not loaded.known(date(2028, 1, 1))

    def test_a_notice_may_publish_days_before_the_first(self):
        """The year before the first may be had as well."""
        older = notice(known_from=date(2003, 1, 1), known_until=date(2003, 12, 31))
        loaded = CHINA.load(older)

        assert loaded.known_from == date(2003, 1, 1)
        assert loaded.known_until == CHINA.known_until

    def test_a_correction_gives_days_back(self):
        """What is withdrawn is as its weekday is."""
        holiday, made_up = date(2026, 10, 7), date(2026, 10, 10)
        corrected = CHINA.load(notice(withdrawn=[holiday, made_up]))

        assert corrected.kind(holiday) is DayKind.ORDINARY
        assert corrected.kind(made_up) is DayKind.REST
        assert corrected.name_of(holiday) == ""

    def test_the_later_notice_has_the_last_word(self):
        """A holiday becomes a day of work, a half day a holiday, and the reverse."""
        first = CHINA.load(notice(half_days={FLOOD: MORNING}))
        second = first.load(
            notice(
                version="2026.2",
                holidays=[FLOOD, date(2026, 10, 10)],
                make_up_days=[date(2026, 10, 7)],
            )
        )
        third = second.load(
            notice(version="2026.3", withdrawn=[FLOOD], half_days={FLOOD: MORNING})
        )

        assert first.closes(FLOOD) < CHINA.closes(FLOOD)
        assert [second.kind(day) for day in (FLOOD, date(2026, 10, 10))] == [
            DayKind.REST,
            DayKind.REST,
        ]
        assert second.kind(date(2026, 10, 7)) is DayKind.DECREED
        assert third.hours_of(FLOOD) == first.hours_of(FLOOD)

    def test_a_calendar_that_knows_all_dates_still_does(self):
        """A notice that publishes a year tells it nothing of what is known."""
        open_ended = WorkCalendar(name="x", version="1")
        loaded = open_ended.load(year_2027(holidays=[date(2027, 1, 1)]))

        assert loaded.known_until is None
        with pytest.raises(Invalid) as refused:
            open_ended.load(year_2027())
        assert refused.value.code == "calendar.nothing_new"

    def test_loaded_editions_are_values(self):
        """Written down and read again, they and the notice are the same."""
        flooded = CHINA.load(notice(half_days={FLOOD: MORNING}))
        again = WorkCalendar.from_dict(json.loads(json.dumps(flooded.to_dict())))
        told = year_2027(withdrawn=[FLOOD], half_days={FLOOD: MORNING})

        assert again == flooded
        assert CalendarNotice.from_dict(json.loads(json.dumps(told.to_dict()))) == told

    def test_what_is_new_leaves_older_digests_alone(self):
        """A calendar without seasons or half days has the digest it always had."""
        assert CHINA.digest == (
            "43f18e768319ea82b2483762e161e9480febc2544c5a50864820a345c6065050"
        )


class TestRefused:
    """A notice that contradicts itself or the calendar is refused by name."""

    @pytest.mark.parametrize(
        ("said", "codes"),
        [
            ({}, ["notice.empty"]),
            ({"version": " "}, ["calendar.version", "notice.empty"]),
            ({"version": "a@1", "holidays": [FLOOD]}, ["calendar.version"]),
            (
                {"holidays": [FLOOD], "make_up_days": [FLOOD]},
                ["calendar.rest_and_make_up"],
            ),
            (
                {"holidays": [FLOOD], "withdrawn": [FLOOD]},
                ["notice.withdrawn_and_listed"],
            ),
            (
                {"half_days": {FLOOD: [(time(12), time(9))]}},
                ["calendar.hours_order"],
            ),
            (
                {"holidays": [FLOOD], "known_from": FLOOD},
                ["notice.no_end"],
            ),
            (
                {"known_from": FLOOD, "known_until": FLOOD - DAY},
                ["calendar.known_order"],
            ),
        ],
    )
    def test_a_notice_that_contradicts_itself(self, said, codes):
        """Every fault is named, before any calendar is asked."""
        with pytest.raises(Invalid) as refused:
            notice(**said)
        assert _codes(refused) == codes

    @pytest.mark.parametrize(
        ("said", "codes"),
        [
            ({"calendar": "japan", "holidays": [FLOOD]}, ["notice.calendar"]),
            ({"withdrawn": [FLOOD]}, ["notice.not_listed"]),
            (
                {"known_until": date(2028, 12, 31)},
                ["notice.gap"],
            ),
            (
                {"known_from": date(2001, 1, 1), "known_until": date(2001, 12, 31)},
                ["notice.gap"],
            ),
            ({"holidays": [date(2027, 1, 1)]}, ["calendar.beyond_known"]),
            (
                {"half_days": {date(2026, 10, 1): MORNING}},
                ["calendar.half_day_at_rest"],
            ),
            ({"holidays": {date(2026, 10, 1): "国庆节"}}, ["calendar.nothing_new"]),
            ({"known_until": date(2025, 12, 31)}, ["calendar.nothing_new"]),
        ],
    )
    def test_a_notice_that_does_not_fit_the_calendar(self, said, codes):
        """Another calendar's, one year too far, nothing to withdraw, nothing new."""
        with pytest.raises(Invalid) as refused:
            CHINA.load(notice(**said))
        assert _codes(refused) == codes

    def test_the_gap_is_named_with_its_dates(self):
        """Whoever loads 2028 before 2027 is told which days are missing."""
        with pytest.raises(Invalid, match="2027-01-01~2027-12-31"):
            CHINA.load(notice(known_until=date(2028, 12, 31)))

    def test_an_edition_of_the_same_version_with_other_contents(self):
        """Two editions never share a version; the same twice says nothing new."""
        once = notice(holidays=[FLOOD])
        flooded = CHINA.load(once)

        with pytest.raises(Invalid) as refused:
            flooded.load(once)
        assert refused.value.code == "calendar.nothing_new"
        with pytest.raises(Conflict) as taken:
            flooded.load(notice(holidays=[FLOOD + DAY]))
        assert taken.value.code == "calendar.version_taken"


class TestLayers:
    """A unit's own calendar over its base."""

    def test_it_has_its_base_and_its_own(self):
        """Own days and hours go first; everything else is the base's."""
        county = CHINA.layered(
            name="county",
            version="1",
            days=Days(
                holidays={FLOOD: "县庆"},
                withdrawn=[date(2026, 10, 7)],
                half_days={date(2026, 7, 21): MORNING},
            ),
            office_hours=((time(8), time(12)),),
        )

        assert county.over == CHINA.edition
        assert CHINA.over is None
        assert not county.is_workday(FLOOD)
        assert county.is_workday(date(2026, 10, 7))
        assert not county.is_workday(date(2026, 10, 6))
        assert county.opens(FLOOD) < CHINA.opens(FLOOD)
        assert county.known_until == CHINA.known_until
        assert WorkCalendar.from_dict(county.to_dict()) == county

    def test_a_layer_that_cannot_be_is_refused(self):
        """Days withdrawn that are not there, and hours that are empty."""
        wrong: list[tuple[dict[str, Any], str]] = [
            ({"days": Days(withdrawn=[FLOOD])}, "notice.not_listed"),
            ({"office_hours": ()}, "calendar.no_working_time"),
            ({"days": Days(holidays=[date(2027, 1, 1)])}, "calendar.beyond_known"),
        ]
        for about, code in wrong:
            with pytest.raises(Invalid) as refused:
                CHINA.layered(name="county", version="1", **about)
            assert refused.value.code == code

    def test_a_later_base_is_laid_under_it(self):
        """What the county said of its own stays, what the base says is new."""
        summer = Season(first=(6, 1), last=(9, 30), hours=MORNING)
        county = WorkCalendar.china(2025).layered(
            name="county",
            version="1",
            days=Days(withdrawn=[date(2025, 10, 7)]),
            seasons=(summer,),
        )
        flooded = county.load(notice(version="2", holidays=[date(2025, 7, 21)]))
        later = flooded.rebased(CHINA, version="3")

        assert later.over == CHINA.edition
        assert (later.name, later.version) == ("county", "3")
        assert later.seasons == (summer,)
        assert later.is_workday(date(2025, 10, 7))
        assert not later.is_workday(date(2025, 7, 21))
        assert not later.is_workday(date(2026, 10, 1))

    def test_layers_lie_on_layers(self):
        """A town over a county over China; each knows the one below it."""
        county = CHINA.layered(name="county", version="1", days=Days(holidays=[FLOOD]))
        town = county.layered(name="town", version="1")

        assert town.over == county.edition
        assert not town.is_workday(FLOOD)
        assert town.differs(county) == ()

    def test_only_a_later_base_of_its_own_is_laid_under_it(self):
        """Another base, no base at all, and the same base again are refused."""
        county = CHINA.layered(name="county", version="1")
        other = WorkCalendar(name="other", version="1")
        for calendar, base in ((county, other), (other, CHINA)):
            with pytest.raises(Invalid) as refused:
                calendar.rebased(base, version="2")
            assert refused.value.code == "calendar.base"
        with pytest.raises(Invalid) as again:
            county.rebased(CHINA, version="2")
        assert again.value.code == "calendar.nothing_new"


class TestDiffers:
    """The stretches of dates of which two editions say different things."""

    def test_a_notice_touches_the_days_it_changes(self):
        """Days in a row are one stretch; a name alone changes nothing."""
        flooded = CHINA.load(
            notice(
                holidays={FLOOD: "", FLOOD + DAY: "", date(2026, 10, 1): "国庆"},
                half_days={date(2026, 8, 3): MORNING},
            )
        )

        expected = (
            (FLOOD, FLOOD + DAY),
            (date(2026, 8, 3), date(2026, 8, 3)),
        )
        assert CHINA.differs(flooded) == expected
        assert flooded.differs(CHINA) == expected
        assert CHINA.differs(CHINA) == ()

    def test_a_year_that_is_published_differs_as_a_whole(self):
        """What was unknown and is known differs, holiday or not, at either end."""
        loaded = CHINA.load(year_2027())
        earlier = evolve(CHINA, known_from=date(2003, 1, 1))

        assert CHINA.differs(loaded) == ((date(2027, 1, 1), date(2027, 12, 31)),)
        assert earlier.differs(CHINA) == ((date(2003, 1, 1), date(2003, 12, 31)),)

    def test_other_hours_differ_on_every_date(self):
        """Another zone, week, season or hours leave no date the same."""
        base = WorkCalendar(name="x", version="1")
        for change in (
            {"zone": "UTC"},
            {"rest_weekdays": (6,)},
            {"office_hours": MORNING},
            {"seasons": (Season(first=(6, 1), last=(6, 2), hours=MORNING),)},
        ):
            whole = ((date(1900, 1, 1), date(2200, 12, 31)),)
            assert base.differs(evolve(base, **change)) == whole
