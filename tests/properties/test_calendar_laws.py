"""The laws of editions: what a notice leaves alone, how layers and notices add up."""

from datetime import UTC, date, datetime, time

from attrs import evolve
from hypothesis import assume, given
from hypothesis import strategies as st

from duban_flow.domain.instants import DAY
from duban_flow.domain.time.calendar import WorkCalendar
from duban_flow.domain.time.notice import Days
from duban_flow.domain.time.office_hours import Season
from duban_flow.domain.time.term import Term
from duban_flow.errors import Invalid

START = date(2020, 1, 1)
LENGTH = 500
MORNING = ((time(9), time(12)),)
SUMMER = Season(first=(6, 1), last=(9, 30), hours=((time(8), time(14)),))
BASE = WorkCalendar(
    name="base",
    version="0",
    holidays=[START + n * DAY for n in (0, 1, 40, 41, 42)],
    make_up_days=[date(2020, 1, 4), date(2020, 2, 15)],
    half_days={date(2020, 1, 23): MORNING},
    seasons=[SUMMER],
    known_from=START,
    known_until=START + LENGTH * DAY,
)

dates = st.integers(0, LENGTH).map(lambda n: START + n * DAY)
terms = (
    st.builds(Term.workdays, st.integers(0, 40))
    | st.builds(Term.days, st.integers(0, 90))
    | st.builds(Term.hours, st.integers(1, 200))
)
instants = st.datetimes(
    datetime(2019, 10, 1), datetime(2021, 12, 1), timezones=st.just(UTC)
)


@st.composite
def said(draw: st.DrawFn) -> Days:
    """Days that do not contradict themselves."""
    off, on = draw(st.sets(dates, max_size=5)), draw(st.sets(dates, max_size=5))
    half = draw(st.sets(dates.filter(lambda day: day.weekday() < 5), max_size=3))
    back = draw(st.sets(st.sampled_from([*BASE.holidays, *BASE.make_up_days])))
    return Days(
        holidays=off - on - half - back,
        make_up_days=on - back,
        half_days=dict.fromkeys(half - set(BASE.holidays), MORNING),
        withdrawn=back,
    )


def laid(base: WorkCalendar, days: Days) -> WorkCalendar:
    """Lay days over a calendar; what contradicts it is no example."""
    try:
        return base.layered(name="unit", version="1", days=days)
    except Invalid as fault:
        assume(fault.code not in {"calendar.half_day_at_rest", "notice.not_listed"})
        raise


def flat(calendar: WorkCalendar) -> dict[str, object]:
    """Give all that a calendar says, without where it has it from."""
    told = calendar.to_dict()
    return {key: told[key] for key in told if key not in {"layer", "version", "name"}}


@given(said())
def test_what_differs_is_what_a_date_says(days):
    """A date is in a stretch that differs if, and only if, it says something else."""
    unit = laid(BASE, days)
    differing = [
        first + n * DAY
        for first, last in BASE.differs(unit)
        for n in range((last - first).days + 1)
    ]

    for day in (START + n * DAY for n in range(LENGTH + 1)):
        same = (
            BASE.is_workday(day) == unit.is_workday(day)
            and BASE.hours_of(day) == unit.hours_of(day)
            and BASE.kind(day) == unit.kind(day)
        )
        assert same == (day not in differing)


@given(said(), st.booleans(), instants, st.lists(terms, min_size=1))
def test_a_deadline_clear_of_what_differs_stays(days, published, start, several):
    """What lies wholly outside the stretches ends when it did, published or not."""
    unit = laid(BASE, days)
    if published:
        unit = evolve(unit, known_until=START + (LENGTH + 90) * DAY)
    stretches = BASE.differs(unit)
    for term in several:
        before, after = term.deadline(start, BASE), term.deadline(start, unit)
        begun = BASE.date_of(start)
        ended = max(BASE.day_of(before.latest), BASE.day_of(after.latest))
        if all(last < begun or ended < first for first, last in stretches):
            assert (before.earliest, before.latest) == (after.earliest, after.latest)


@given(said(), said())
def test_notices_one_after_another_are_one(first, second):
    """Said at once, or one after the other, two sets of days leave the same."""
    both, turns = laid(BASE, first.then(second)), laid(laid(BASE, first), second)

    assert flat(both) == flat(turns)


@given(said(), said())
def test_a_layer_over_a_later_base_is_a_layer_over_it(own, later):
    """Laying the base anew gives what laying over the new base gives."""
    base = evolve(laid(BASE, later), name="base", layer=None)
    assume(base.digest != BASE.digest)
    fresh = laid(base, own)
    anew = laid(BASE, own).rebased(base, version="2")

    assert flat(anew) == flat(fresh)
    assert anew.over == base.edition
