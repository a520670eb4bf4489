"""Options of counting, each by an example that a clerk could check by hand."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Any

import pytest

from duban_flow.domain.time.calendar import WorkCalendar
from duban_flow.domain.time.term import Term
from duban_flow.errors import Invalid

CHINA = WorkCalendar.china()
EAST = timezone(timedelta(hours=8))
NOON = time(12)
UNTYPED: Any = Term
"""For what a type checker would refuse before the rule does."""


def at(text: str) -> datetime:
    """Read a local time in Shanghai."""
    return datetime.fromisoformat(text).replace(tzinfo=EAST)


def due(term: Term, start: str) -> datetime:
    """Reckon the assessed instant of a term on the calendar of China."""
    return term.deadline(at(start), CHINA).at


class TestElapsed:
    """Terms that run working time."""

    def test_three_working_days_by_law_and_as_hours(self):
        """Given on Wednesday at 15:00: Monday at 17:30 by law, at 15:00 as 21 hours."""
        legal, elapsed = Term.workdays(3), Term.workdays(3, day_hours=7)
        assert due(legal, "2026-06-03T15:00") == at("2026-06-08T17:30")
        assert due(elapsed, "2026-06-03T15:00") == at("2026-06-08T15:00")
        proofs = [
            term.deadline(at("2026-06-03T15:00"), CHINA).certificate
            for term in (legal, elapsed)
        ]
        assert [proof["mode"] for proof in proofs] == ["legal", "elapsed"]

    @pytest.mark.parametrize(
        ("term", "start", "end"),
        [
            (Term.hours(1, minutes=30), "2026-06-05T17:00", "2026-06-08T10:00"),
            (Term.hours(1), "2026-06-05T11:30", "2026-06-05T14:00"),
            (Term.hours(3), "2026-06-05T07:00", "2026-06-05T12:00"),
            (Term.hours(7), "2009-09-26T10:00", "2009-09-27T17:30"),
            (Term.hours(0), "2026-06-06T10:00", "2026-06-06T10:00"),
            (Term.hours(0, minutes=90), "2026-06-05T09:00", "2026-06-05T10:30"),
        ],
    )
    def test_no_time_passes_out_of_hours(self, term, start, end):
        """Lunch, nights, weekends and holidays stand still; a make-up Sunday runs."""
        assert due(term, start) == at(end)

    def test_ninety_minutes_are_an_hour_and_a_half(self):
        """However they are said, they are one term."""
        assert Term.hours(0, minutes=90) == Term.hours(1, minutes=30)
        assert Term.hours(1, minutes=30).describe() == "1个工作小时30分钟"
        assert Term.hours(0, minutes=1).describe("en") == "1 working minute"

    def test_hours_past_the_last_notice_are_a_range(self):
        """Eighty hours from the last day of 2026 run over days nobody has published."""
        deadline = Term.hours(80).deadline(at("2026-12-31T09:00"), CHINA)
        assert deadline.provisional
        assert deadline.earliest < deadline.latest


class TestCutoff:
    """What is received after hours."""

    @pytest.mark.parametrize(
        ("start", "end"),
        [
            ("2026-06-03T17:00", "2026-06-04T17:30"),
            ("2026-06-03T17:01", "2026-06-05T17:30"),
            ("2026-06-06T10:00", "2026-06-09T17:30"),
        ],
    )
    def test_it_counts_as_received_the_next_working_day(self, start, end):
        """At the cut-off itself it is in time; past it, or on a Saturday, it is not."""
        assert due(Term.workdays(1, cutoff=time(17)), start) == at(end)

    def test_hours_run_from_the_opening_of_that_day(self):
        """Two hours of a matter that came at 17:20 end at 11:00 the next morning."""
        term = Term.hours(2, cutoff=time(17))
        assert due(term, "2026-06-03T17:20") == at("2026-06-04T11:00")
        assert due(term, "2026-06-03T16:30") == at("2026-06-04T10:00")

    def test_the_day_of_receipt_is_kept(self):
        """The deadline says on which day the matter counts as received."""
        term = Term.days(1, cutoff=time(17))
        assert term.deadline(at("2026-06-05T18:00"), CHINA).received == date(2026, 6, 8)
        assert term.deadline(at("2026-06-05T08:00"), CHINA).received is None


class TestRoll:
    """What a rest day does to a last day."""

    SECOND = Term.days(10, roll=2, roll_at=NOON)

    def test_to_noon_of_the_second_working_day_after_the_rest(self):
        """Ending on 1 October 2009, it ends at noon of the 10th, a make-up Saturday."""
        deadline = self.SECOND.deadline(at("2009-09-21T09:00"), CHINA)
        assert deadline.at == at("2009-10-10T12:00")
        assert deadline.counted == date(2009, 10, 1)

    def test_whoever_starts_later_does_not_end_earlier(self):
        """Ending on the first working day after the rest, it waits for the second."""
        assert due(self.SECOND, "2009-09-29T09:00") == at("2009-10-10T12:00")
        assert due(self.SECOND, "2009-09-30T09:00") == at("2009-10-10T17:30")

    def test_a_named_day_is_moved_only_off_a_rest(self):
        """Until the first working day after a rest means that day."""
        first = Term.until(date(2009, 10, 9), roll=2)
        holiday = Term.until(date(2009, 10, 8), roll=2)
        assert due(first, "2009-09-01T09:00") == at("2009-10-09T17:30")
        assert due(holiday, "2009-09-01T09:00") == at("2009-10-10T17:30")

    def test_the_hour_of_a_roll_never_lengthens_the_day(self):
        """Rolled to 20:00, it still ends when business closes."""
        term = Term.days(10, roll_at=time(20))
        assert due(term, "2009-09-21T09:00") == at("2009-10-09T17:30")

    def test_one_is_a_plain_yes_and_none_a_plain_no(self):
        """A roll of 1 is the roll of article 203."""
        assert Term.days(3, roll=1) == Term.days(3)
        assert Term.days(3, roll=1).to_dict() == Term.days(3).to_dict()
        assert Term.days(3, roll=0).to_dict() == Term.days(3, roll=False).to_dict()

    def test_past_the_last_notice_it_is_a_range(self):
        """Whether a day of next year is at rest is not known: it may stay, or move."""
        deadline = self.SECOND.deadline(at("2026-12-28T09:00"), CHINA)
        assert deadline.provisional
        assert deadline.earliest < deadline.latest


class TestHour:
    """A last day that ends at an hour of its own."""

    def test_it_ends_at_the_hour(self):
        """Three working days, by noon."""
        term = Term.workdays(3, at=NOON)
        assert due(term, "2026-06-03T15:00") == at("2026-06-08T12:00")
        assert str(term) == "3个工作日12:00"

    def test_an_hour_that_is_past_gives_way_to_midnight(self):
        """By noon of the same day, said at 15:00: until 24:00, not before it began."""
        term = Term.workdays(0, at=NOON)
        assert due(term, "2026-06-03T10:00") == at("2026-06-03T12:00")
        assert due(term, "2026-06-03T15:00") == at("2026-06-04T00:00")

    def test_an_hour_that_the_clocks_skip_moves_on(self):
        """In Berlin there was no 02:30 on 29 March 2026: it was 03:30."""
        berlin = WorkCalendar(name="berlin", version="1", zone="Europe/Berlin")
        term = Term.until(date(2026, 3, 29), at=time(2, 30))
        found = term.deadline(datetime(2026, 3, 1, tzinfo=UTC), berlin)
        assert found.at == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


class TestRefused:
    """Options that say nothing, or too much."""

    @pytest.mark.parametrize(
        ("made", "codes"),
        [
            (lambda: Term.hours(-1), {"term.count"}),
            (lambda: Term.hours(1, minutes=-1), {"term.minutes"}),
            (lambda: Term.workdays(1, day_hours=0), {"term.day_hours"}),
            (lambda: Term.workdays(1, day_hours=7, at=NOON), {"term.at"}),
            (lambda: Term(unit="day", count=1, day_hours=7), {"term.day_hours"}),
            (lambda: Term(unit="day", count=1, minutes=7), {"term.minutes"}),
            (lambda: Term(unit="workday", count=1, roll=2), {"term.roll"}),
            (lambda: Term.days(1, roll=11), {"term.roll"}),
            (lambda: Term.days(1, roll=-1), {"term.roll"}),
            (lambda: UNTYPED.days(1, roll="next"), {"term.roll"}),
            (lambda: Term.days(1, roll=False, roll_at=NOON), {"term.roll_at"}),
            (lambda: Term.days(1, at=NOON, end="24:00"), {"term.at"}),
            (lambda: Term.days(1, at=time(0)), {"term.at"}),
            (lambda: Term.days(1, at=time(12, tzinfo=UTC)), {"term.at"}),
            (lambda: UNTYPED.days(1, cutoff="17:00"), {"term.cutoff"}),
            (lambda: Term.until(at("2026-06-03T12:00"), at=NOON), {"term.at"}),
            (lambda: Term(unit="every"), {"term.cycle"}),
            (lambda: Term(unit="until", moment=date(2026, 6, 3), cutoff=NOON),
             {"term.cutoff"}),
        ],
    )  # fmt: skip
    def test_what_means_nothing_is_refused_by_name(self, made, codes):
        """No option is passed over in silence."""
        with pytest.raises(Invalid) as refused:
            made()
        assert {problem.code for problem in refused.value.problems} == codes

    def test_a_date_that_does_not_exist_is_shown(self):
        """2008年9月31日 is no date, and is named in the refusal."""
        with pytest.raises(Invalid) as refused:
            UNTYPED.until("2008年9月31日")
        assert "2008年9月31日" in str(refused.value)

    def test_a_naive_start_is_refused(self):
        """Hours from nowhere are no deadline."""
        for term in (Term.hours(1), Term.every("week", day=1)):
            with pytest.raises(Invalid) as refused:
                term.deadline(datetime(2026, 6, 3, 12), CHINA)
            assert refused.value.code == "instant.naive"

    @pytest.mark.parametrize(
        "term",
        [
            Term.hours(36_600),
            Term.every("week", day=1),
            Term.every("year", workday=-1),
            Term.days(1, cutoff=NOON),
        ],
    )
    def test_a_date_beyond_any_calendar_is_refused(self, term):
        """Near the end of the year 2200 nothing can be counted out any more."""
        with pytest.raises(Invalid) as refused:
            term.deadline(at("2200-12-31T20:00"), CHINA)
        assert refused.value.code == "calendar.out_of_range"
