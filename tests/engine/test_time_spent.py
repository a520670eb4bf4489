"""The days ledger of a desk, and the outages that a released sweep writes down."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from duban_flow.domain.days_ledger import Outage
from duban_flow.engine.outages import outages_of
from duban_flow.engine.ports import Storage
from duban_flow.engine.settings import Guard
from duban_flow.errors import NotFound
from duban_flow.office import Office
from duban_flow.storage.memory import MemoryStorage
from tests.engine.house import CZJ, DCS, UNITS, ZJJ, House, at, matter

DAY = timedelta(days=1)


def kept(storage: Storage) -> tuple[Outage, ...]:
    """Read the outages that the office remembers."""
    with storage.begin("default") as work:
        return outages_of(work)


class TestRead:
    """What a desk tells of the time a matter took."""

    def test_a_transfer_keeps_what_each_has_had(self, house: House) -> None:
        """Two days 住建局's, a day 财政局's; names are given."""
        house.assign()
        house.desk(when="06-02 17:30").reassign("A-1", unit=CZJ)
        found = house.desk(when="06-03 17:30").time_spent("A-1")
        assert [(p.name, p.worked) for p in found.by_party] == [
            ("住建局", timedelta(hours=14)),
            ("财政局", timedelta(hours=7)),
        ]

    def test_the_past_is_read_as_of_then(self, house: House) -> None:
        """On Tuesday at noon nobody else had had it yet."""
        house.assign()
        house.desk(when="06-02 17:30").reassign("A-1", unit=CZJ)
        desk = house.desk(when="06-03 17:30")
        found = desk.as_of(at("06-02 12:00")).time_spent("A-1")
        assert [(p.party, p.worked) for p in found.by_party] == [
            (ZJJ, timedelta(hours=10))
        ]

    def test_it_is_shown_to_who_may_read_the_item(self, house: House) -> None:
        """Another department has no such item."""
        house.assign()
        with pytest.raises(NotFound):
            house.desk(CZJ, "06-03 09:00").time_spent("A-1")


class TestOutages:
    """A sweep that comes too late stops; released, it keeps what it missed."""

    @pytest.fixture
    def office(
        self, storage: Storage, open_in_earnest: Callable[..., Office]
    ) -> Office:
        """Give an office whose sweeps may be two days apart, on any clock."""
        if isinstance(storage, MemoryStorage):
            storage.clock = lambda: at("06-01 10:00")
        guard = Guard(skew=timedelta(days=3_650), gap=2 * DAY)
        office = open_in_earnest(guard=guard)
        office.desk(by=DCS, now=at("06-01 09:00")).register(UNITS)
        return office

    def test_it_is_written_once(self, office: Office, storage: Storage) -> None:
        """Stopped, nothing is written; released, from when to when and why."""
        office.sweep(now=at("06-01 10:00"))
        stopped = office.sweep(now=at("06-10 10:00")).stopped
        assert stopped is not None
        assert stopped.code == "guard.gap"
        assert kept(storage) == ()
        for _ in range(2):
            office.sweep(now=at("06-10 11:00"), released="停电九天")
        assert kept(storage) == (
            Outage(since=at("06-01 10:00"), until=at("06-10 11:00")),
        )
        with storage.begin("default") as work:
            log = work.events(["office"])["office"]
        [event] = [e for e in log if e.action == "outage"]
        assert event.data["reason"] == "停电九天"

    def test_a_release_for_another_reason_is_none(
        self, office: Office, storage: Storage
    ) -> None:
        """A crowd let through, or a first sweep, missed nothing."""
        office.sweep(now=at("06-01 10:00"), released="首次")
        office.sweep(now=at("06-03 10:00"), released="到期较多")
        assert kept(storage) == ()

    def test_it_is_not_charged_to_the_unit(self, office: Office) -> None:
        """Nine days down in the middle of a matter: the engine's, to the minute."""
        office.sweep(now=at("06-01 10:00"))
        office.desk(by=DCS, now=at("06-01 10:00")).assign(matter(days=20))
        office.sweep(now=at("06-10 09:00"), released="停电九天")
        found = office.desk(by=DCS, now=at("06-10 17:30")).time_spent("A-1")
        assert found.of("") == found.worked - timedelta(hours=7)
        assert [e.side for e in found.entries] == ["outage", "unit"]

    def test_a_rehearsal_knows_no_outage(self, house: House) -> None:
        """It has no guard, and takes time as told."""
        house.assign()
        house.sweep("06-01 10:00")
        house.sweep("06-20 10:00", released="演练")
        found = house.desk(when="06-20 10:00").time_spent("A-1")
        assert {e.side for e in found.entries} == {"unit"}
