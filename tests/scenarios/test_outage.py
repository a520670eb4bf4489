"""Nine days down: what a person lets go on, and what is made up for."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from attrs import define

from duban_flow.domain.units import Role
from duban_flow.engine.ports import Storage
from duban_flow.engine.settings import Guard
from duban_flow.engine.sweep import SweepResult
from duban_flow.formats.policy_toml import load_policy
from duban_flow.office import Office
from duban_flow.storage.memory import MemoryStorage
from tests.engine.house import CZJ, DCS, PANEL, UNITS, ZJJ, at, matter

DOWN, UP = at("06-02 10:00"), at("06-11 10:00")
"""The last sweep before the outage, and the one that a person releases."""

LADDER = """
name = "{name}"
version = "1"

[[rung]]
key = "a day ahead"
at = "due - 1 workday"
action = "remind"
notify = ["responsible"]
when = ["open"]
catch_up = "{catch_up}"

[[rung]]
key = "due"
at = "due"
action = "urge"
notify = ["responsible"]
when = ["open"]
catch_up = "{catch_up}"

[[rung]]
key = "three days past"
at = "due + 3 days"
action = "urge"
notify = ["supervising"]
when = ["open"]
catch_up = "{catch_up}"
"""
"""Thursday, Friday 5 June and Monday: each falls into the outage."""

WAYS = ("each", "highest_only", "skip_if_stale")
POLICIES = [load_policy(LADDER.format(name=way[:4], catch_up=way)) for way in WAYS]


@define
class Earnest:
    """An office in earnest on a storage, its sweeps on whatever clock is told."""

    office: Office

    def sweep(self, now: datetime, released: str = "") -> SweepResult:
        """Sweep at an instant."""
        return self.office.sweep(now=now, released=released)

    def told(self, code: str) -> list[tuple[str, str]]:
        """List what was told of an item: the rung, and when."""
        log = self.office.desk(by=DCS, now=UP).history(code)
        return [(e.rung, f"{e.recorded_at:%d}") for e in log if e.rung]


@pytest.fixture
def earnest(storage: Storage) -> Earnest:
    """Give out a matter under each policy, due on Friday; the first sweep is done."""
    if isinstance(storage, MemoryStorage):
        storage.clock = lambda: DOWN
    guard = Guard(skew=timedelta(days=36_500))
    office = Office.open(storage, policies=POLICIES, create=True, guard=guard)
    desk = office.desk(by=DCS, now=at("06-01 09:00"))
    desk.register(UNITS)
    for way in WAYS:
        desk.assign(matter(way, policy=way[:4]))
    made = Earnest(office)
    made.sweep(DOWN)
    return made


def events(earnest: Earnest, code: str, **which: Any) -> list[Any]:
    """Find the events of an item that carry these values."""
    log = earnest.office.desk(by=DCS, now=UP).history(code)
    return [e for e in log if all(getattr(e, k) == v for k, v in which.items())]


def test_26_nine_days_down_over_three_rungs(earnest: Earnest) -> None:
    """Stopped for a person; released, each policy catches up as it says, once."""
    assert earnest.sweep(UP).stopped is not None
    assert [earnest.told(way) for way in WAYS] == [[], [], []]

    for minutes in range(4):
        released = "机房断电" if minutes == 0 else ""
        earnest.sweep(UP + timedelta(minutes=minutes), released)

    assert earnest.told("each") == [
        ("a day ahead", "11"),
        ("due", "11"),
        ("three days past", "11"),
    ]
    # A reminder of what is past due is stale; of two that are not, the later stands.
    desk = earnest.office.desk(by=DCS, now=UP)
    for way, notes in (
        ("highest_only", ["overtaken", "overtaken", "fired"]),
        ("skip_if_stale", ["stale", "overtaken", "fired"]),
    ):
        assert earnest.told(way) == [("three days past", "11")]
        assert [one.note for one in desk.explain(way).rungs] == notes


def test_26_what_was_held_up_says_so(earnest: Earnest) -> None:
    """When it had ripened, when it was told, and the outage in between."""
    earnest.sweep(UP, "机房断电")
    [event] = events(earnest, "highest_only", rung="three days past")
    assert event.recorded_at == UP
    assert event.data["outage"] == {
        "since": "2026-06-02T02:00:00Z",
        "until": "2026-06-11T02:00:00Z",
        "ripe_at": "2026-06-08T09:30:00Z",
    }
    [lapse] = events(earnest, "highest_only", action="lapse")
    assert (lapse.effective_at, lapse.recorded_at) == (at("06-05 17:30"), UP)


def test_26_what_closed_meanwhile_is_left_alone(earnest: Earnest) -> None:
    """Nobody is told of it, and the explanation says why."""
    earnest.office.desk(by=PANEL, now=at("06-04 09:00")).close("each", reason="完成")
    earnest.sweep(UP, "机房断电")
    assert earnest.told("each") == []
    desk = earnest.office.desk(by=DCS, now=UP)
    assert {one.note for one in desk.explain("each").rungs} == {"ended"}


def test_26_the_delay_is_not_charged_to_the_unit(earnest: Earnest) -> None:
    """Of nine working days and more, the outage has had all but what went before."""
    earnest.sweep(UP, "机房断电")
    found = earnest.office.desk(by=DCS, now=UP).time_spent("each")
    assert [(e.side, e.since, e.until) for e in found.entries] == [
        ("unit", at("06-01 09:00"), DOWN),
        ("outage", DOWN, UP),
    ]
    assert found.of(ZJJ) == timedelta(hours=8)
    # It is late all the same: what is assessed moves by no outage.
    assert earnest.office.desk(by=DCS, now=UP).get("each").overdue(UP)


def test_26_after_it_all_is_as_ever(earnest: Earnest) -> None:
    """What ripens after the outage refers to none."""
    earnest.sweep(UP, "机房断电")
    desk = earnest.office.desk(by=DCS, now=UP)
    parties = {Role.RESPONSIBLE: CZJ, Role.SUPERVISING: DCS}
    desk.assign(matter("B-1", days=1, policy="high", parties=parties))
    earnest.sweep(at("06-12 18:00"))
    log = earnest.office.desk(by=DCS, now=at("06-12 18:00")).history("B-1")
    [event] = [e for e in log if e.rung == "due"]
    assert "outage" not in event.data
