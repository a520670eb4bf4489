"""New zone data changes an offset that lies ahead: what clocks will show stays."""

from __future__ import annotations

import struct
import zoneinfo
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from duban_flow.domain.time.calendar import WorkCalendar
from duban_flow.domain.time.certificate import verify
from tests.engine.house import House

PLACE = "Test/Place"
JULY = datetime(2026, 6, 30, 16, tzinfo=UTC)
"""1 July, 00:00, eight hours ahead of Greenwich."""


def write_zone(folder: Path, *changes: tuple[datetime, int]) -> None:
    """Write the data of a zone that is eight hours ahead, until it changes."""
    hours = [8, *(to for _, to in changes)]
    times = [int(at.timestamp()) for at, _ in changes]
    counts = (0, 0, 0, len(times), len(hours), 4)
    body = struct.pack(f">{len(times)}l", *times)
    body += bytes(range(1, len(hours)))
    body += b"".join(struct.pack(">lbb", to * 3600, 0, 0) for to in hours)
    path = folder / PLACE
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(
        b"TZif" + bytes(16) + struct.pack(">6l", *counts) + body + b"LMT\0"
    )
    zoneinfo.ZoneInfo.clear_cache(only_keys=[PLACE])


@pytest.fixture
def folder(tmp_path):
    """Give a folder in which Python looks for zones first."""
    path = tmp_path / "zones"
    path.mkdir()
    before = zoneinfo.TZPATH
    zoneinfo.reset_tzpath(to=[str(path), *before])
    yield path
    zoneinfo.reset_tzpath(to=before)
    zoneinfo.ZoneInfo.clear_cache(only_keys=[PLACE])


def calendar():
    """Give the calendar of the place, by the zone data of the moment."""
    return WorkCalendar(name="place", version="1", zone=PLACE)


def local(text):
    """Read an instant on the clocks of the place, as they went before."""
    return datetime.fromisoformat(f"2026-{text}+08:00")


def test_9_zone_data_update(storage, folder):
    """The due hour stays what the clocks will show; its instant is derived again.

    What had passed is left alone, and so is what is due before the change.
    """
    write_zone(folder)
    house = House.open(storage, calendars=[calendar()])
    for code, days in (("A-1", 4), ("A-2", 20), ("A-3", 40)):
        house.assign(code, days=days)
    before = {code: house.desk().get(code) for code in ("A-1", "A-2", "A-3")}
    assert before["A-3"].due_at == local("07-27 17:30")

    write_zone(folder, (JULY, 9))
    later = House(House.open(storage, calendars=[calendar()]).office, storage)
    desk = later.desk(when="06-10 09:00")
    assert desk.get("A-3").due_at == local("07-27 17:30")  # nothing by itself
    plan = desk.plan(calendar())
    desk.apply(plan)

    [move] = plan.moves
    hour = timedelta(hours=1)
    assert (move.code, move.after.latest) == ("A-3", move.before.latest - hour)
    after = desk.get("A-3")
    assert after.due_at == local("07-27 16:30")
    assert after.due_at.astimezone(calendar().tz).hour == 17
    assert after.due is not None
    assert after.assigned_at == before["A-3"].assigned_at
    assert verify(after.due.certificate, [calendar()]) == ()
    for code in ("A-1", "A-2"):
        assert desk.get(code).due == before[code].due
        assert later.actions(code) == ["assign"]
    assert desk.plan(calendar()).moves == ()
