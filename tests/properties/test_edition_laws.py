"""Laws of editions: whatever is loaded in whatever order, nothing stored is wrong.

Notices come one after the other while matters are given out, paused, swept and closed.
"""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from duban_flow.domain.due import due_of
from duban_flow.domain.editions import CALENDARS, read_calendar
from duban_flow.domain.recalendar import RECALENDAR
from duban_flow.domain.time.certificate import verify
from duban_flow.domain.time.notice import CalendarNotice
from duban_flow.domain.time.term import Term
from duban_flow.errors import DubanError
from duban_flow.formats.policy_toml import load_policy
from duban_flow.storage.memory import MemoryStorage
from tests.engine.house import DCS, PANEL, House, at, matter

COUNTS = load_policy(
    """
name = "counts"
version = "1"
sitting = "month end - 2 workdays"
account_for = ["late"]

[kinds.prompt]
name = "行政效能提示"
approval = ["问责领导小组"]

[[rung]]
key = "remind"
at = "due - 3 workdays"
action = "remind"

[[rung]]
key = "urge"
at = "due + 2 workdays"
every = "3 workdays"
action = "urge"
when = ["open", "overrun <= 9 workdays"]

[[rung]]
key = "late"
at = "sitting after due"
action = "prompt"
on = ["responsible"]
when = ["open"]
reason = "{title}"
"""
)

START, HOUR = at("06-01 09:00"), timedelta(hours=1)
JUNE = [date(2026, 6, 2) + timedelta(days=n) for n in range(29)]

terms = st.one_of(
    st.integers(0, 18).map(Term.workdays),
    st.integers(1, 25).map(Term.days),
    st.sampled_from(JUNE).map(Term.until),
)
deeds = st.one_of(
    st.tuples(st.just("assign"), terms),
    st.tuples(st.just("load"), st.sets(st.sampled_from(JUNE), min_size=1, max_size=3)),
    st.tuples(st.just("suspend"), st.integers(0, 5)),
    st.tuples(st.just("resume"), st.integers(0, 5)),
    st.tuples(st.just("close"), st.integers(0, 5)),
    st.tuples(st.just("sweep"), st.none()),
)
plays = st.lists(st.tuples(st.integers(1, 60), deeds), min_size=3, max_size=10)
"""Deeds, each so many hours after the one before."""


def notice(house, days, place):
    """Turn days round: what is worked is off, what is off is worked."""
    calendar = house.office.settings.calendar()
    return CalendarNotice(
        name=f"通知{place}",
        version=f"2026.{place}",
        holidays=[day for day in days if calendar.is_workday(day)],
        make_up_days=[day for day in days if not calendar.is_workday(day)],
    )


def do(house, deed, what, now, place):
    """Do one thing; what is refused is refused."""
    desk, code = house.desk(DCS, now), f"A-{what}"
    try:
        if deed == "assign":
            made = len(desk.find(limit=99))
            desk.assign(matter(f"A-{made}", term=what))
        elif deed == "load":
            desk.apply(desk.plan(notice(house, what, place)))
        elif deed == "suspend":
            desk.suspend(code, reason="等待")
        elif deed == "resume":
            desk.resume(code)
        elif deed == "close":
            house.desk(PANEL, now).close(code, reason="办结")
        else:
            house.office.sweep(now=now)
    except DubanError:
        pass


def played(told):
    """Play deeds in a house of one's own; give it and the instant after the last."""
    house = House.open(MemoryStorage(), policies=[COUNTS])
    now = START
    for place, (hours, (deed, what)) in enumerate(told):
        now += hours * HOUR
        do(house, deed, what, now, place)
    return house, now


def dates(due):
    """Give what a deadline says, without its proof."""
    return None if due is None else (due.earliest, due.latest, due.provisional)


@given(plays)
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_every_open_deadline_is_that_of_the_edition_in_force(told):
    """As if it had been in force all along; and every certificate holds."""
    house, now = played(told)
    calendar = house.office.settings.calendar()
    with house.storage.begin("default") as work:
        editions = [read_calendar(kept) for kept in work.editions(CALENDARS)]
    for item in house.desk(when=now).find(limit=99):
        if item.due is None:
            continue
        if item.is_open and not item.due.deferred:
            assert dates(item.due) == dates(due_of(item, calendar))
        assert verify(item.due.certificate, editions) == ()


@given(plays, st.sets(st.sampled_from(JUNE), min_size=1, max_size=4))
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_the_audit_finds_nothing(told, days):
    """Every item is judged next when, by the edition in force, something can change."""
    house, now = played(told)
    house.office.sweep(now=now)
    do(house, "load", days, now + HOUR, len(told))
    assert house.office.settings.calendar().version == f"2026.{len(told)}"
    audit = house.office.audit(now=now + HOUR)
    assert audit.faults == ()


@given(plays)
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_what_did_not_move_is_left_alone(told):
    """Each event of a load changed a date, and loading once more changes nothing."""
    house, now = played(told)
    desk = house.desk(when=now)
    for item in desk.find(limit=99):
        for event in desk.history(item):
            if event.action == RECALENDAR:
                said = event.data["derived"]
                assert said["due_before"] != said["due"]["latest"]
    again = desk.plan(house.office.settings.calendar())
    assert (again.moves, again.firmed, again.problems) == ((), (), ())
