"""What moves a deadline, and by how much."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest

from duban_flow.domain.instants import TICK, Span
from duban_flow.domain.time.calendar import WorkCalendar
from duban_flow.domain.time.reckoning import reckon
from duban_flow.domain.time.term import Fixed, Stop, Term

CHINA = WorkCalendar.china()


def at(text: str) -> datetime:
    """Read an instant of 2026 on the clocks of Beijing."""
    return datetime.fromisoformat(f"2026-{text}+08:00")


MONDAY = at("06-01 09:00")


def due(term: Term, *moves: Stop | Fixed, start: datetime = MONDAY) -> str:
    """Reckon a deadline and name it on the clocks of Beijing."""
    stops = [m for m in moves if isinstance(m, Stop)]
    fixed = [m for m in moves if isinstance(m, Fixed)]
    found = reckon(term, start, CHINA, stops, fixed)
    return CHINA.local(found.at).strftime("%m-%d %H:%M")


def away(since: str, until: str | None) -> Stop:
    """Make a stop."""
    return Stop(since=at(since), until=None if until is None else at(until))


def longer(day: str, until: date) -> Fixed:
    """Make an extension that was decided on a day."""
    return Fixed(at=at(day), term=Term.until(until))


@pytest.mark.parametrize(
    ("term", "stop", "wanted"),
    [
        # Four working days end on Friday, 5 June; (2, 4 June] holds two of them.
        (Term.workdays(4), away("06-02 10:00", "06-04 15:00"), "06-09 17:30"),
        # Within a day no working day passes.
        (Term.workdays(4), away("06-02 09:00", "06-02 17:00"), "06-05 17:30"),
        # Five calendar days end on Saturday, 6 June; two more, on Monday.
        (Term.days(5), away("06-02 10:00", "06-04 15:00"), "06-08 17:30"),
        # A month ends on 1 July; ten calendar days later is Saturday, 11 July.
        (Term.months(1), away("06-05 10:00", "06-15 10:00"), "07-13 17:30"),
        # Ten hours: seven on Monday, three on Tuesday; stopped for two and a half.
        (Term.hours(10), away("06-01 10:00", "06-01 14:00"), "06-02 16:00"),
        # A day that was named moves by working days, a named instant by working time.
        (
            Term.until(date(2026, 6, 5)),
            away("06-02 10:00", "06-04 09:00"),
            "06-09 17:30",
        ),
        (
            Term.until(at("06-05 12:00")),
            away("06-02 09:00", "06-02 12:00"),
            "06-05 16:30",
        ),
    ],
)
def test_a_stop_is_measured_as_the_term_counts(term, stop, wanted):
    """Working days in working days, days in days, all else in working time."""
    assert due(term, stop) == wanted


def test_what_overlaps_counts_once():
    """Two stops over the same days are as long as the two together."""
    one, other = away("06-02 10:00", "06-03 15:00"), away("06-02 16:00", "06-04 15:00")
    both = away("06-02 10:00", "06-04 15:00")
    assert due(Term.workdays(4), one, other) == due(Term.workdays(4), both)


def test_a_stop_past_due_moves_nothing():
    """At the due instant it is too late; one tick before it is not."""
    term = Term.workdays(4)
    noted = Stop(since=at("06-05 17:30"), until=at("06-08 12:00"))
    counted = Stop(since=at("06-05 17:30") - TICK, until=at("06-08 12:00"))
    assert due(term, noted) == "06-05 17:30"
    assert due(term, counted) == "06-08 17:30"


def test_one_stop_brings_another_before_due():
    """The second begins past the first due and before the moved one: it counts."""
    first, second = (
        away("06-04 10:00", "06-08 10:00"),
        away("06-08 14:00", "06-09 10:00"),
    )
    assert due(Term.workdays(4), second) == "06-05 17:30"
    assert due(Term.workdays(4), first, second) == "06-10 17:30"


def test_while_a_stop_runs_on_nobody_can_say():
    """It is deferred, whatever instant stands there meanwhile."""
    found = reckon(Term.workdays(4), MONDAY, CHINA, [away("06-02 10:00", None)])
    assert found.deferred
    late = reckon(Term.workdays(4), MONDAY, CHINA, [away("06-08 10:00", None)])
    assert not late.deferred


def test_an_extension_only_moves_later():
    """Of two the later stands; one that pauses have overtaken moves nothing."""
    near, far = (
        longer("06-08 10:00", date(2026, 6, 9)),
        longer("06-03 10:00", date(2026, 6, 12)),
    )
    assert due(Term.workdays(4), far, near) == "06-12 17:30"
    four_days = away("06-01 10:00", "06-05 10:00")
    assert due(Term.workdays(4), near, four_days) == "06-11 17:30"


def test_a_date_that_was_set_knows_of_earlier_stops():
    """What was over when the date was named is in it; what comes after moves it."""
    stop, later = away("06-02 10:00", "06-03 10:00"), away("06-08 10:00", "06-09 10:00")
    given = longer("06-04 10:00", date(2026, 6, 12))
    assert due(Term.workdays(4), stop, given) == "06-12 17:30"
    assert due(Term.workdays(4), stop, given, later) == "06-15 17:30"


def test_a_stop_that_spans_a_decision_counts_from_it():
    """The date was named while the pause ran: only the rest of it moves the date."""
    given = longer("06-04 10:00", date(2026, 6, 12))
    assert (
        due(Term.workdays(4), away("06-02 10:00", "06-08 10:00"), given)
        == "06-16 17:30"
    )


def test_a_new_target_stands_whatever_stood_before():
    """It may lie earlier; an extension granted after it moves it again."""
    target = Fixed(
        at=at("06-02 10:00"), term=Term.until(date(2026, 6, 3)), kind="target"
    )
    assert due(Term.workdays(10), target) == "06-03 17:30"
    assert due(Term.workdays(10), target, longer("06-03 10:00", date(2026, 6, 10))) == (
        "06-10 17:30"
    )


def test_a_restart_counts_from_the_start_and_keeps_the_pauses():
    """Priority raised late: the new term runs from the first day, stops taken out."""
    again = Fixed(at=at("06-10 10:00"), term=Term.workdays(2), kind="restart")
    stop = away("06-02 10:00", "06-04 15:00")
    assert due(Term.workdays(15), again) == "06-03 17:30"
    assert due(Term.workdays(15), stop, again) == "06-05 17:30"
    before = longer("06-03 10:00", date(2026, 6, 30))
    assert due(Term.workdays(15), before, stop, again) == "06-05 17:30"


def test_what_is_known_as_a_range_gives_a_range():
    """The earliest reading is moved least, the latest most."""
    ended = Span(at("06-04 15:00"), at("06-08 15:00"))
    stop = Stop(since=at("06-02 10:00"), until=ended)
    found = reckon(Term.workdays(4), MONDAY, CHINA, [stop])
    assert CHINA.local(found.earliest).date() == date(2026, 6, 9)
    assert CHINA.local(found.latest).date() == date(2026, 6, 11)


def test_beyond_the_published_calendar_it_is_provisional():
    """Nobody knows how many working days January will have."""
    stop = Stop(
        since=datetime.fromisoformat("2026-12-28T10:00+08:00"),
        until=datetime.fromisoformat("2027-01-08T10:00+08:00"),
    )
    start = datetime.fromisoformat("2026-12-25T10:00+08:00")
    for term in (Term.workdays(2), Term.hours(14), Term.days(4)):
        found = reckon(term, start, CHINA, [stop])
        assert found.provisional, term
        assert found.earliest <= found.latest


def test_an_hour_of_a_day_is_kept():
    """A deadline at noon stays one at noon."""
    term = Term.until(datetime.combine(date(2026, 6, 5), time(12), CHINA.tz))
    assert due(term, away("06-02 09:00", "06-03 09:00")) == "06-08 12:00"
    noon = Term.workdays(4, at=time(12))
    assert due(noon, away("06-02 09:00", "06-03 09:00")) == "06-08 12:00"
    late = Term.workdays(4, end="24:00")
    found = reckon(late, MONDAY, CHINA, [away("06-02 10:00", "06-03 10:00")])
    assert found.at == CHINA.midnight_after(date(2026, 6, 8))


def test_the_holidays_on_the_way_to_the_new_end_are_named():
    """A pause that carries it past a holiday meets it."""
    stop = away("06-16 10:00", "06-18 10:00")
    found = reckon(Term.workdays(14), MONDAY, CHINA, [stop])
    assert [s.name for s in found.met] == ["端午"]
    assert found.stops == (stop,)
    assert found.last_day == date(2026, 6, 24)
