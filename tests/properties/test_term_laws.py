"""The laws of terms, whatever they count, under every option and on any calendar."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from attrs import evolve
from hypothesis import assume, given
from hypothesis import strategies as st

from duban_flow.domain.instants import DAY, Span, earliest, latest
from duban_flow.domain.time.calendar import WorkCalendar
from duban_flow.domain.time.certificate import verify
from duban_flow.domain.time.reckoning import reckon
from duban_flow.domain.time.term import Deadline, Term
from duban_flow.errors import Invalid
from tests.properties.terms import (
    calendars,
    counted,
    instants,
    moves,
    notices,
    recurring,
    spans,
    terms,
)
from tools.verify_deadline import faults

CHINA = WorkCalendar.china()
known = st.dates(date(2005, 1, 1), date(2023, 1, 1))


class TestCounted:
    """Terms that give time: days, working days, months, hours."""

    @given(terms, instants, st.timedeltas(timedelta(), 60 * DAY), calendars())
    def test_a_later_start_never_ends_earlier(self, term, start, delay, calendar):
        """Both ends of a deadline are monotone in its start."""
        sooner, later = (
            term.deadline(begun, calendar) for begun in (start, start + delay)
        )
        assert sooner.earliest <= later.earliest
        assert sooner.latest <= later.latest

    @given(counted(), instants, calendars())
    def test_a_longer_term_never_ends_earlier(self, term, start, calendar):
        """Both ends of a deadline are monotone in its length."""
        sooner = term.deadline(start, calendar)
        later = evolve(term, count=term.count + 1).deadline(start, calendar)
        assert sooner.earliest <= later.earliest
        assert sooner.latest <= later.latest

    @given(counted() | recurring(), instants, calendars())
    def test_no_term_ends_before_it_starts(self, term, start, calendar):
        """It gives time, or none; where it is a range, that is provisional."""
        deadline = term.deadline(start, calendar)
        assert start <= deadline.earliest <= deadline.latest == deadline.at
        assert deadline.provisional or deadline.earliest == deadline.latest

    @given(counted(), instants, known)
    def test_one_more_rest_day_never_ends_earlier(self, term, start, day):
        """A calendar with one holiday more gives no less time."""
        assume(day not in CHINA.make_up_days)
        more = evolve(CHINA, version="more", holidays={**CHINA.holidays, day: "多一天"})
        fewer = term.deadline(start, CHINA)
        assume(not fewer.provisional)
        assert fewer.at <= term.deadline(start, more).at

    @given(counted() | recurring(), instants, st.sampled_from([2005, 2010, 2015, 2020]))
    def test_a_later_notice_firms_up_within_the_range(self, term, start, year):
        """What an edition called possible, the notices that followed kept to."""
        guessed = term.deadline(start, WorkCalendar.china(year))
        firm = term.deadline(start, CHINA)
        assume(not firm.provisional)
        assert guessed.earliest <= firm.at <= guessed.latest
        assert guessed.provisional or guessed.at == firm.at


class TestRecurring:
    """Terms that come round."""

    @given(recurring(), instants)
    def test_occurrences_follow_one_another(self, term, start):
        """The next is after the last one, and nothing lies between them."""
        first = term.next(start, CHINA)
        assume(not first.provisional)
        assert first.at > start
        assert term.next(start + (first.at - start) / 2, CHINA).at == first.at
        assert term.next(first.at, CHINA).at > first.at

    @given(recurring(), instants)
    def test_an_occurrence_does_not_drift(self, term, start):
        """However it is come by, from afar or one by one, it is the same."""
        plain = evolve(term, roll=False, roll_at=None)
        assume(plain.cycle.workday is None)
        found, seen = start, []
        for _ in range(5):
            found = plain.next(found, CHINA).at
            seen.append(found)
        for before, after in pairwise(seen):
            assert plain.next(after - timedelta(seconds=1), CHINA).at == after
            assert before < after


class TestProved:
    """Certificates, by the library and by a page that knows nothing of it."""

    @given(st.data(), terms, instants | spans, calendars() | st.just(CHINA))
    def test_both_verifiers_agree(self, data, term, start, calendar):
        """Every option, stop and set date comes out the same when counted by hand."""
        stops, fixed = data.draw(moves(start))
        found = reckon(term, start, calendar, stops, fixed)
        proof = json.loads(json.dumps(found.certificate))
        assert verify(proof, [calendar]) == ()
        assert faults(proof, json.loads(json.dumps(calendar.to_dict()))) == []
        assert Deadline.from_dict(json.loads(json.dumps(found.to_dict()))) == found

    @given(st.data(), terms, instants, st.sampled_from([-3600, -1, 1, 3600, 86400]))
    def test_neither_is_told_another_instant(self, data, term, start, seconds):
        """A firm deadline that was moved, and sealed anew, deceives neither of them."""
        found = reckon(term, start, CHINA, *data.draw(moves(start)))
        assume(not found.provisional and not isinstance(found.when, Span))
        at = found.at + timedelta(seconds=seconds)
        forged = evolve(found, at=at, earliest=at, latest=at).certificate
        assert {"certificate.at"} <= {p.code for p in verify(forged, [CHINA])}
        assert faults(json.loads(json.dumps(forged)), CHINA_SHOWN)

    @given(st.data(), terms, instants | spans, calendars(), st.integers(1, 4))
    def test_a_certificate_outlives_every_edition(
        self, data, term, start, calendar, number
    ):
        """It verifies after any sequence of notices, and only by its own edition."""
        assume(calendar.known_until is not None)
        editions = [calendar]
        for place in range(number):
            editions.append(editions[-1].load(data.draw(notices(editions[-1], place))))
        made = [term.deadline(start, edition).certificate for edition in editions]
        for proof in made:
            assert verify(proof, reversed(editions)) == ()
        missing = verify(made[0], editions[1:])
        assert [problem.code for problem in missing] == ["certificate.calendar"]

    @given(
        st.data(), terms, instants | spans, calendars(), st.sampled_from(["zh", "en"])
    )
    def test_whatever_moved_it_can_be_told(self, data, term, start, calendar, lang):
        """There is a line for the start, each stop, each date set and the calendar."""
        stops, fixed = data.draw(moves(start))
        found = reckon(term, start, calendar, stops, fixed)
        lines = found.explain(lang)
        assert len(lines) >= 3 + len(found.fixed)
        assert all(lines)


CHINA_SHOWN = json.loads(json.dumps(CHINA.to_dict()))


@given(counted(), spans)
def test_a_start_known_as_a_range_holds_every_start_in_it(term, span):
    """Whichever instant it was, its deadline lies in the range."""
    told = term.deadline(span, CHINA)
    for start in (earliest(span), latest(span)):
        exact = term.deadline(start, CHINA)
        assert told.earliest <= exact.earliest
        assert exact.latest <= told.latest


EDGES = [
    datetime(1, 1, 1, tzinfo=UTC),
    datetime(1899, 12, 31, 12, tzinfo=UTC),
    datetime(2200, 12, 31, 15, tzinfo=UTC),
    datetime(9999, 12, 31, 23, tzinfo=UTC),
]


@given(
    terms, st.datetimes(timezones=st.just(UTC)) | st.sampled_from(EDGES), calendars()
)
def test_a_start_of_any_year_is_counted_or_refused(term, start, calendar):
    """Where no calendar reaches, the refusal is typed; all else can be told."""
    refused = None
    try:
        assert term.deadline(start, calendar).explain()
    except Invalid as fault:
        refused = fault.code
    assert refused in (None, "calendar.out_of_range")


@given(terms)
def test_a_term_is_itself_again(term):
    """Every option survives being written down, and can be said in a few words."""
    assert Term.from_dict(json.loads(json.dumps(term.to_dict()))) == term
    assert term.describe("en")
    assert term.describe()
