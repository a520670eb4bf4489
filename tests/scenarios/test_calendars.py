"""How days count: first day, rest days, years without a notice, no work at all."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

import pytest
from attrs import evolve

from duban_flow.domain.time.calendar import WorkCalendar
from duban_flow.domain.time.certificate import verify
from duban_flow.domain.time.term import Term
from duban_flow.errors import Invalid
from tests.engine.house import House, at

CHINA = WorkCalendar.china(2026)


def beijing(text: str) -> datetime:
    """Read an instant of any year on the clocks of Beijing."""
    return datetime.fromisoformat(f"{text}+08:00")


@pytest.mark.parametrize(
    ("term", "due", "mode"),
    [
        (Term.workdays(3), "06-08 17:30", None),
        (Term.workdays(3, day_hours=7), "06-08 15:00", 7),
    ],
)
def test_1_start_day_excluded(house, term, due, mode):
    """Given out on Wednesday at 15:00: by days the first is left out, by hours it runs.

    The certificate says in which of the two ways was counted.
    """
    house.assign(when="06-03 15:00", term=term)
    read = house.desk(when="06-03 15:00").get("A-1").due
    assert read is not None
    assert read.at == at(due)
    certificate = read.certificate
    assert certificate["term"].get("day_hours") == mode
    assert verify(certificate, [CHINA]) == ()
    other = {**certificate["term"], "day_hours": 7 if mode is None else None}
    assert verify({**certificate, "term": other}, [CHINA]) != ()


def test_2_last_day_is_a_holiday(house):
    """Thirty days from 1 September end on 8 October; 1 October is kept and told."""
    item = house.assign(when="09-01 09:00", term=Term.days(30))

    read = house.desk(when="09-01 09:00").get("A-1")
    assert read.due_at == at("10-08 17:30")
    assert read.due is not None
    assert read.due == item.due
    assert (read.due.counted, read.due.last_day) == (
        date(2026, 10, 1),
        date(2026, 10, 8),
    )
    told = "\n".join(read.due.explain("en"))
    assert "2026-10-01" in told
    assert "2026-10-08" in told
    assert read.due.certificate["counted"] == "2026-10-01"


FAR = Term.workdays(80)
"""Given out in October 2026 it ends in February 2027, of which nobody knows yet."""


def test_3_unpublished_year(storage):
    """Due in a year without a notice: accepted, provisional, with its range."""
    house = House.open(storage, calendars=[CHINA])
    house.assign(when="10-12 09:00", term=FAR)
    due = house.desk(when="10-12 09:00").get("A-1").due

    assert due is not None
    assert due.provisional
    assert due.earliest < due.latest == due.at
    assert due.earliest.year == due.latest.year == 2027
    weekends = FAR.deadline(at("10-12 09:00"), evolve(CHINA, known_until=None))
    assert due.earliest <= weekends.at < due.latest
    told = "\n".join(due.explain("zh"))
    assert "暂定" in told


def test_3_unpublished_year_is_urged_late_and_never_early(storage):
    """Inside the range nobody is late for sure; past its latest reading one is."""
    house = House.open(storage, calendars=[CHINA])
    due = house.assign(when="10-12 09:00", term=FAR).due
    assert due is not None
    between = due.earliest + (due.latest - due.earliest) / 2

    inside = house.office.sweep(now=between)
    assert house.desk(when=between).get("A-1").overdue(between) is None
    assert (inside.lapsed, inside.proposed) == (0, 0)

    day_after = beijing("2027-03-01T09:00")
    assert day_after > due.latest
    assert house.office.sweep(now=day_after).lapsed == 1


DAYS_OFF: dict[str, Any] = {
    "rest_weekdays": range(7),
    "known_from": date(2026, 1, 1),
    "known_until": date(2026, 12, 31),
}


@pytest.mark.parametrize(
    "about",
    [
        {"office_hours": ()},
        {"office_hours": ((time(9), time(9)),)},
        {"rest_weekdays": range(7)},
        DAYS_OFF,
        {
            "rest_weekdays": range(1, 7),
            "holidays": [date(2026, 6, 1)],
            "known_from": date(2026, 6, 1),
            "known_until": date(2026, 6, 7),
        },
    ],
)
def test_10_no_working_time(about):
    """Without an open interval, or with every date closed, there is no calendar."""
    with pytest.raises(Invalid) as refused:
        WorkCalendar(name="x", version="1", **about)
    assert refused.value.status == 400


def test_10_a_walk_that_leads_nowhere_ends():
    """One day a week is worked, and more are asked for than there are: refused."""
    sundays = WorkCalendar(name="sundays", version="1", rest_weekdays=range(6))
    start = at("06-01 09:00")
    assert Term.workdays(2).deadline(start, sundays).last_day == date(2026, 6, 14)
    for absurd in (Term.workdays(10_000), Term.months(2_200), Term.days(36_600)):
        with pytest.raises(Invalid, match="1900 to 2200") as refused:
            absurd.deadline(beijing("2150-06-01T09:00"), sundays)
        assert refused.value.code == "calendar.out_of_range"
    with pytest.raises(Invalid, match="1900 to 2200"):
        sundays.workday_after(date(1900, 1, 5), -1_000)
