"""Laws of what moves a deadline: order, conservation, monotony, and the proof."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from duban_flow.domain.due import due_of
from duban_flow.domain.instants import DAY, TICK, When
from duban_flow.domain.items import Item
from duban_flow.domain.time.calendar import WorkCalendar
from duban_flow.domain.time.certificate import verify
from duban_flow.domain.time.extension import Extension
from duban_flow.domain.time.pauses import Pause
from duban_flow.domain.time.reckoning import measure_of, reckon
from duban_flow.domain.time.term import Deadline, Fixed, Stop, Term

CHINA = WorkCalendar.china()
FIRST = datetime(2026, 1, 5, 1, tzinfo=UTC)

minutes = st.integers(0, 400 * 24 * 60)
instants = minutes.map(lambda n: FIRST + timedelta(minutes=n))
terms = st.one_of(
    st.integers(0, 40).map(Term.workdays),
    st.integers(0, 60).map(Term.days),
    st.integers(0, 3).map(Term.months),
    st.integers(1, 200).map(Term.hours),
    st.dates(date(2026, 2, 1), date(2026, 12, 1)).map(Term.until),
)


@st.composite
def stops(draw: st.DrawFn) -> Stop:
    """Draw a stop, some without an end."""
    since = draw(instants)
    length = draw(st.integers(1, 30 * 24 * 60))
    open_ended = draw(st.integers(0, 9)) == 0
    return Stop(
        since=since, until=None if open_ended else since + timedelta(minutes=length)
    )


@st.composite
def dates_set(draw: st.DrawFn) -> Fixed:
    """Draw a date that was set, of any kind."""
    day, at = draw(st.dates(date(2026, 1, 10), date(2027, 3, 1))), draw(instants)
    one = Fixed(at=at, term=Term.until(day))
    again = Fixed(at=at, term=draw(terms), kind="restart")
    return draw(st.sampled_from([one, one, evolve(one, kind="target"), again]))


@given(
    terms, st.lists(stops(), max_size=5), st.lists(dates_set(), max_size=3), st.data()
)
def test_the_order_of_recording_changes_nothing(term, away, fixed, data):
    """The order law: the same facts in any order, some of them twice, give one date."""
    told = reckon(term, FIRST, CHINA, away, fixed)
    again = data.draw(st.permutations([*away, *away[:1]]))
    others = data.draw(st.permutations([*fixed, *fixed[:1]]))
    assert reckon(term, FIRST, CHINA, again, others) == told


@given(terms, st.lists(stops(), max_size=4), st.lists(dates_set(), max_size=2))
def test_what_was_moved_is_proved(term, away, fixed):
    """Its certificate verifies, whatever moved it and whichever editions came later."""
    found = reckon(term, FIRST, CHINA, away, fixed)
    editions = [WorkCalendar.china(2025), CHINA]
    assert verify(found.certificate, editions) == ()


def whole(away: Stop) -> bool:
    """Whether a stop ends."""
    return away.until is not None


@given(terms, st.lists(stops().filter(whole), max_size=5))
def test_a_pause_never_makes_it_earlier(term, away):
    """With each stop more the deadline stays or moves later."""
    reached = [reckon(term, FIRST, CHINA, away[:n]).at for n in range(len(away) + 1)]
    assert all(one <= other for one, other in pairwise(reached))


known = st.integers(0, 200 * 24 * 60).map(lambda n: FIRST + timedelta(minutes=n))


def left(found: Deadline, at: datetime, term: Term) -> int:
    """Say how much of a term is left at an instant, in the term's own measure."""
    if measure_of(term) == "worked":
        return CHINA.worked(at, found.at) // TICK
    first, last = CHINA.date_of(at), CHINA.day_of(found.at)
    if measure_of(term) == "workdays":
        return CHINA.workdays_between(first, last)
    return max(0, ((found.counted or last) - first).days)


@given(terms, known, st.integers(1, 20 * 24 * 60))
def test_a_pause_conserves_what_is_left(term, since, length):
    """After a pause exactly as much of the term is left as before it.

    Calendar days are those to the last day counted, before it is moved off a rest day.
    """
    before = reckon(term, FIRST, CHINA)
    until = since + timedelta(minutes=length)
    after = reckon(term, FIRST, CHINA, [Stop(since=since, until=until)])
    if since >= before.at:
        assert after.at == before.at
    else:
        assert left(after, until, term) == left(before, since, term)


@given(terms, st.lists(stops().filter(whole), max_size=3), st.integers(1, 5000))
def test_a_later_start_never_ends_earlier(term, away, later):
    """Monotone in the start, with the same stops."""
    start: When = FIRST + timedelta(minutes=later)
    first = reckon(term, FIRST, CHINA, away).at
    assert first <= reckon(term, start, CHINA, away).at or term.moment is not None


@given(st.permutations(range(4)), st.booleans())
def test_an_items_ledgers_are_read_as_sets(order, annulled):
    """Pauses and extensions in any order of their recording give an item one due."""
    day = FIRST + 2 * DAY
    pauses = [
        Pause(ordinal=1, since=day, until=day + DAY),
        Pause(ordinal=2, since=day + DAY / 2, until=day + 3 * DAY, annulled=annulled),
        Pause(ordinal=3, since=day + 5 * DAY, planned=day + 6 * DAY),
        Pause(ordinal=4, since=day + 60 * DAY, until=day + 61 * DAY),
    ]
    longer = Extension(
        ordinal=1,
        unit="zjj",
        asked_at=day,
        until=date(2026, 2, 27),
        status="granted",
        granted=date(2026, 2, 27),
        decided_at=day + DAY,
    )
    refused = evolve(longer, ordinal=2, status="rejected", granted=date(2026, 12, 1))
    item = Item(
        id="1",
        code="A-1",
        title="修路",
        state="assigned",
        version=1,
        assigned_at=FIRST,
        entered_at=FIRST,
        term=Term.workdays(10),
        pauses=tuple(pauses),
        extensions=(longer, refused),
    )
    other = evolve(
        item,
        pauses=tuple(pauses[n] for n in order),
        extensions=(refused, longer),
    )
    assert due_of(other, CHINA) == due_of(item, CHINA)
