"""F27 to F29: the machine's zone, the ends of months, a calendar that is missing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duban_flow.domain.calendar import WorkCalendar
from duban_flow.domain.offset import months_later
from duban_flow.domain.policies.plain import PLAIN
from duban_flow.domain.term import Term
from duban_flow.testing import Recording
from tests.engine.house import POLICY, House, at

CHINA = WorkCalendar.china(2026)
ROOT = Path(__file__).parents[2]

STORY = """
import json
from datetime import date, datetime, timedelta
from duban_flow import NewItem, Office, Role, Term

def at(text):
    return datetime.fromisoformat(f"2026-{text}+08:00")

office = Office.rehearsal()
desk = office.desk(by="督查室", now=at("06-01 09:00"))
parties = {Role.RESPONSIBLE: "住建局", Role.SUPERVISING: "督查室"}
terms = [Term.workdays(4), Term.days(30), Term.months(1), Term.hours(20),
         Term.until(date(2026, 6, 12))]
for n, term in enumerate(terms):
    desk.assign(NewItem(f"A-{n}", "修路", term=term, parties=parties))
desk.at(at("06-02 09:00")).suspend("A-0", reason="听证")
desk.at(at("06-03 09:00")).resume("A-0", effective_at=date(2026, 6, 2))
for day in range(2, 30):
    office.sweep(now=at(f"06-{day:02} 17:31"))
late = office.desk(by="督查室", now=at("07-10 09:00"))
print(json.dumps([
    [[e.action, str(e.effective_at), str(e.recorded_at)] for e in late.history(i.code)]
    + [str(i.due_at), i.due.certificate, i.due.explain()]
    for i in late.find()
]))
"""


def played(zone):
    """Play a month on a machine of a zone; give all that came of it."""
    done = subprocess.run(
        [sys.executable, "-c", STORY],
        env=os.environ | {"TZ": zone, "PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


def test_f27_the_zone_of_the_machine_cannot_be_seen():
    """A day behind, a day ahead, or with summer time: the same events and proofs."""
    here = played("Asia/Shanghai")
    assert len(here) == 5
    for zone in ("America/Sao_Paulo", "Pacific/Kiritimati", "Europe/Berlin"):
        assert played(zone) == here


TERMS = st.one_of(
    st.builds(Term.workdays, st.integers(0, 40)),
    st.builds(Term.days, st.integers(0, 90)),
    st.builds(Term.months, st.integers(0, 12)),
    st.builds(Term.hours, st.integers(0, 200)),
)
INSTANTS = st.datetimes(
    datetime(2006, 1, 1), datetime(2026, 1, 1), timezones=st.just(UTC)
)


@given(TERMS, INSTANTS, st.timezones())
def test_f27_an_instant_is_one_in_whatever_zone_it_is_told(term, start, zone):
    """The calendar's own clocks count, not those of who tells it."""
    told = term.deadline(start.astimezone(zone), CHINA)
    assert told == term.deadline(start, CHINA)
    assert told.certificate == term.deadline(start, CHINA).certificate


def test_f27_old_dates_of_a_ledger_are_dates():
    """In 1988 clocks were an hour ahead, in 1900 five minutes; the day is the day."""
    calendar = WorkCalendar(name="old", version="1")
    for day, offset in (
        (date(1988, 7, 1), timedelta(hours=9)),
        (date(1900, 6, 1), timedelta(hours=8, minutes=5, seconds=43)),
        (date(2026, 7, 1), timedelta(hours=8)),
    ):
        due = Term.until(day).deadline(calendar.opens(day), calendar)
        assert due.last_day == day
        assert calendar.local(due.at).time() == time(17, 30)
        assert calendar.local(due.at).utcoffset() == offset


def test_f28_a_month_later_is_the_matching_day_or_the_months_end():
    """Every day of a century by one to twelve months, leap days among them."""
    day, last = date(1999, 1, 1), date(2101, 12, 31)
    while day <= last:
        for n in (1, 2, 11, 12):
            found = months_later(day, n)
            months = found.year * 12 + found.month - day.year * 12 - day.month
            assert months == n
            assert found.day == min(day.day, monthrange(found.year, found.month)[1])
        day += timedelta(days=1)


def test_f28_what_comes_round_does_not_drift():
    """On the 31st of each month: the end of a shorter one, and the 31st after it."""
    calendar = WorkCalendar(name="plain", version="1", rest_weekdays=())
    term = Term.every("month", day=31)
    now, found = datetime(2027, 12, 31, 1, tzinfo=UTC), []
    for _ in range(14):
        due = term.next(now, calendar)
        found.append(due.last_day)
        now = due.at
    assert all(later > earlier for earlier, later in pairwise(found))
    assert [(d.month, d.day) for d in found if d.month in (2, 3, 4)] == [
        *((2, 29), (3, 31), (4, 30)),
    ]


def test_f28_the_anniversary_of_a_leap_day_is_the_months_end():
    """A year after 29 February is 28 February, and four years after it is the 29th."""
    assert months_later(date(2028, 2, 29), 12) == date(2029, 2, 28)
    assert months_later(date(2028, 2, 29), 48) == date(2032, 2, 29)


def test_f29_what_is_provisional_is_reminded_early_and_sanctioned_late(storage):
    """Reminded by the earliest reading; before the latest nothing else happens."""
    line = Recording("paper")
    house = House.open(
        storage, policies=[POLICY, PLAIN], calendars=[CHINA], channels=[line]
    )
    due = house.assign(when="12-21 09:00", term=Term.workdays(30), policy=PLAIN.id).due
    assert due is not None
    assert due.provisional
    day = timedelta(days=1)
    now = at("12-31 09:00")
    while now < due.earliest:
        house.office.sweep(now=now)
        now += day
    house.office.sweep(now=due.earliest)
    assert house.actions() == ["assign", "remind"]
    while now < due.latest:
        result = house.office.sweep(now=now)
        assert (result.lapsed, result.proposed) == (0, 0)
        now += day
    house.office.sweep(now=due.latest)
    assert house.actions() == ["assign", "remind"]
    house.office.sweep(now=due.latest + day)
    assert house.actions() == ["assign", "remind", "lapse", "urge"]


@pytest.mark.parametrize("later", [2010, 2020, 2026])
def test_f29_each_matter_keeps_the_edition_it_was_counted_by(later):
    """A deadline names its edition; a later one knows further and says no day else."""
    first = WorkCalendar.china(2009)
    start = datetime(2009, 12, 1, 1, tzinfo=UTC)
    due = Term.workdays(20).deadline(start, first)
    assert due.calendar == first.edition
    known = WorkCalendar.china(later)
    assert all(days[0] > date(2009, 12, 31) for days in first.differs(known))
    assert Term.workdays(20).deadline(start, known).at == due.at
