"""What an extension and a chase date may change, and what they never do."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from duban_flow.domain.time.calendar import WorkCalendar
from duban_flow.formats.policy_toml import load_policy
from duban_flow.storage.memory import MemoryStorage
from tests.engine.house import ZJJ, House, at

CHINA = WorkCalendar.china(2026)
LADDER = load_policy(
    """
name = "ladder"
version = "1"
[[rung]]
key = "-8"
at = "due - 8 workdays"
action = "remind"
when = ["open"]
catch_up = "each"
[[rung]]
key = "-3"
at = "due - 3 workdays"
action = "remind"
when = ["open"]
catch_up = "each"
[[rung]]
key = "0"
at = "due"
action = "urge"
when = ["open"]
catch_up = "each"
[[rung]]
key = "pressed"
at = "chase - 1 workday"
action = "urge"
when = ["open"]
catch_up = "each"
"""
)
FIRST = date(2026, 6, 1)
DAYS = (2, 4, 9, 10, 11, 15, 16, 19, 24, 30, 40, 57, 58, 59)
"""When it is swept besides; each rung has its turn, one a pass, whatever is told."""


def on(day: int) -> str:
    """Name an evening by its number from 1 June."""
    return f"{FIRST + timedelta(days=day - 1):%m-%d} 18:00"


def opened() -> House:
    """Open a house with a matter of ten working days, due on Monday, 15 June."""
    house = House.open(MemoryStorage(), policies=[LADDER])
    house.assign("A-1", days=10)
    return house


def said(house: House) -> list[tuple[str, str]]:
    """List the rungs that have fired, with the day each did."""
    return [
        (event.rung, f"{event.recorded_at:%m-%d}")
        for event in house.desk().history("A-1")
        if event.rung
    ]


@given(asked=st.integers(1, 12), further=st.integers(1, 30))
def test_what_had_passed_is_not_said_again(asked, further):
    """Of each rung once for each due; what was past for the new one, never more."""
    house = opened()
    again: set[str] = set()
    for day in sorted({*DAYS, asked}):
        house.sweep(on(day))
        if day == asked:
            before = {rung for rung, _ in said(house)}
            until = date(2026, 6, 15) + timedelta(days=further)
            house.desk(ZJJ, on(day)).extensions.request("A-1", until=until, reason="难")
            house.desk(when=on(day)).extensions.grant("A-1")
            today = CHINA.day_of(at(on(day)))
            again = {
                rung
                for rung in before & {"-8", "-3", "0"}
                if CHINA.workday_after(until, int(rung)) > today
            }
    fired = [rung for rung, _ in said(house)]
    counts = {rung: fired.count(rung) for rung in ("-8", "-3", "0")}
    assert counts == {rung: 1 + (rung in again) for rung in counts}


@given(
    told=st.sampled_from(DAYS), further=st.integers(1, 50), closed=st.sampled_from(DAYS)
)
def test_a_chase_date_changes_nothing_that_is_assessed(told, further, closed):
    """Lapse, lateness, lists and rates are those of the same matter without one."""
    plain, chased = opened(), opened()
    for day in DAYS:
        if day == closed:
            for house in (plain, chased):
                house.desk(when=on(day)).close("A-1", reason="核验")
        if day == told and told < closed:
            until = FIRST + timedelta(days=day - 1 + further)
            chased.desk(when=on(day)).chase("A-1", until=until)
        assert plain.sweep(on(day)).lapsed == chased.sweep(on(day)).lapsed
        one, other = (house.desk(when=on(day)) for house in (plain, chased))
        assert one.get("A-1").due == other.get("A-1").due
        assert one.get("A-1").state == other.get("A-1").state
        assert one.late("A-1") == other.late("A-1")
        assert one.summary() == other.summary()
