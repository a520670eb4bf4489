"""New zone data: local intent stays, instants ahead are reckoned again, no past one."""

from __future__ import annotations

import struct
import zoneinfo
from datetime import UTC, datetime

import pytest

from duban_flow import Term, WorkCalendar
from duban_flow.domain.recalendar import RECALENDAR
from tests.engine.house import House, at

ZONE = "Test/City"
EVER = datetime(1970, 1, 1, tzinfo=UTC)
DAYS = 30
"""Working days from the first of June: the term ends on the thirteenth of July."""


def zone_file(*offsets):
    """Write zone data by hand: (since, hours ahead), the first from ever."""
    times = [int(since.timestamp()) for since, _ in offsets[1:]]
    kinds = b"".join(struct.pack(">lbb", h * 3600, 0, 0) for _, h in offsets)
    counts = struct.pack(">6l", 0, 0, 0, len(times), len(offsets), 4)
    moves = struct.pack(f">{len(times)}l", *times)
    return (
        b"TZif"
        + bytes(16)
        + counts
        + moves
        + bytes(range(1, len(offsets)))
        + kinds
        + b"CTY\0"
    )


@pytest.fixture
def zone(tmp_path, monkeypatch):
    """Give what lays zone data where Python reads it, as an update of it would."""
    monkeypatch.setattr(zoneinfo, "TZPATH", zoneinfo.TZPATH)
    (tmp_path / "Test").mkdir()

    def lay(*offsets):
        (tmp_path / ZONE).write_bytes(zone_file(*offsets))
        zoneinfo.reset_tzpath(to=[str(tmp_path)])
        zoneinfo.ZoneInfo.clear_cache()

    yield lay
    zoneinfo.reset_tzpath()
    zoneinfo.ZoneInfo.clear_cache()


def city():
    """Give the city's calendar, by the zone data of the day."""
    return WorkCalendar(name="city", version="1", zone=ZONE)


def test_what_lies_ahead_is_reckoned_again_and_the_past_is_not(storage, zone):
    """The city goes an hour ahead in July; business closes at the same hour there."""
    zone((EVER, 8))
    house = House.open(storage, calendars=[city()])
    house.assign("ahead", term=Term.workdays(DAYS))
    house.assign("sooner", term=Term.workdays(10))
    house.assign("over", term=Term.workdays(2))
    assert house.desk().get("ahead").due_at == at("07-13 17:30")

    zone(
        (EVER, 8),
        (at("06-02 00:00"), 9),
        (at("06-10 00:00"), 8),
        (at("07-01 00:00"), 9),
    )
    later = House.open(storage, calendars=[city()])
    desk = later.desk(when="06-12 09:00")
    plan = desk.plan(city())
    (move,) = plan.moves
    assert (move.code, move.before.latest, move.after.latest) == (
        "ahead",
        at("07-13 17:30"),
        at("07-13 16:30"),
    )
    assert desk.apply(plan).changed == 1
    item = desk.get("ahead")
    assert (item.due_at, item.due_ordinal) == (at("07-13 16:30"), 2)
    assert later.actions("ahead") == ["assign", RECALENDAR]
    assert desk.get("over").due_at == at("06-03 17:30")
    assert desk.get("sooner").version == 1
    assert desk.plan(city()).moves == ()
