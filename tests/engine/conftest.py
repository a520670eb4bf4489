"""Every test of the engine that asks for a storage runs on memory and on SQLite."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from duban_flow.engine.ports import Storage
from duban_flow.office import Office
from duban_flow.storage.memory import MemoryStorage
from duban_flow.storage.sql import SqlStorage
from tests.engine.house import POLICY, House


@pytest.fixture(params=["memory", "sqlite"])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Storage]:
    """Give a storage with nothing in it."""
    opened: Storage = (
        MemoryStorage()
        if request.param == "memory"
        else SqlStorage(f"sqlite:///{tmp_path / 'duban.db'}")
    )
    yield opened
    opened.close()


@pytest.fixture
def house(storage: Storage) -> House:
    """Give a rehearsal with a few units."""
    return House.open(storage)


@pytest.fixture
def open_in_earnest(storage: Storage) -> Callable[..., Office]:
    """Give what opens an office in earnest, on the storage."""

    def opened(**about: Any) -> Office:
        return Office.open(storage, policies=[POLICY], create=True, **about)

    return opened
