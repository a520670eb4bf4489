"""The memory storage is held to the suite like every other."""

from __future__ import annotations

from datetime import UTC, datetime
from threading import Thread

import pytest

from duban_flow.domain.rows import meta_rows
from duban_flow.engine.ports import Storage
from duban_flow.errors import Busy, Invalid
from duban_flow.storage.memory import MemoryStorage
from duban_flow.testing.storage import StorageConformance
from duban_flow.testing.storage import samples as s


class TestMemory(StorageConformance):
    """The reference keeps every promise that it makes."""

    def storage(self) -> Storage:
        """Give a fresh one."""
        return MemoryStorage()


def test_the_clock_is_the_callers() -> None:
    """The storage tells the time that it is told."""
    store = MemoryStorage(lambda: s.MONDAY)
    with store.begin(s.ONE) as work:
        assert work.clock() == s.MONDAY


def test_without_a_clock_the_last_sweep_is_the_time() -> None:
    """Nothing here reads the machine's clock; before the first sweep there is none."""
    store = MemoryStorage()
    with store.begin(s.ONE) as work, pytest.raises(Invalid, match="clock"):
        work.clock()
    s.put(store, rows=[meta_rows({"last_sweep": s.MONDAY.isoformat()})])
    with store.begin(s.ONE) as work:
        assert work.clock() == s.MONDAY.astimezone(UTC)


def test_a_reader_is_not_disturbed_by_a_writer() -> None:
    """What was committed before a unit of work began is what it reads."""
    store = MemoryStorage()
    s.put(store, s.birth(s.item()))
    with store.begin(s.ONE) as work:
        s.put(store, s.act("A-1", 1, "close", state="closed"))
        assert work.items(["item:A-1"])["item:A-1"].state == "assigned"
        locked = work.items(["item:A-1"], lock=True)
        assert locked["item:A-1"].state == "closed"


def test_one_writes_at_a_time() -> None:
    """Another thread that waits in vain is Busy, and so is a second one in this."""
    store = MemoryStorage(patience=0.01)
    faults: list[Exception] = []

    def write() -> None:
        try:
            s.put(store, s.birth(s.item("A-2")))
        except Busy as fault:
            faults.append(fault)

    with store.begin(s.ONE) as work:
        work.claim(datetime(2026, 1, 1, tzinfo=UTC), 1)
        other = Thread(target=write)
        other.start()
        other.join()
        write()
    assert len(faults) == 2
    write()
    assert s.read(store, "A-2").version == 1
