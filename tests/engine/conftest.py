"""Every test of the engine that asks for a storage runs on memory and on SQLite."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from duban_flow.engine.hooks import GROUP
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


@pytest.fixture
def distribution(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[str, str], None]:
    """Put a distribution with one plugin module where Python finds it."""
    monkeypatch.syspath_prepend(str(tmp_path))

    def install(name: str, source: str) -> None:
        module = name.replace("-", "_")
        (tmp_path / f"{module}.py").write_text(dedent(source), "utf-8")
        folder = tmp_path / f"{module}-2.5.dist-info"
        folder.mkdir()
        (folder / "METADATA").write_text(
            f"Metadata-Version: 2.1\nName: {name}\nVersion: 2.5\n", "utf-8"
        )
        (folder / "entry_points.txt").write_text(
            f"[{GROUP}]\nplugin = {module}\n", "utf-8"
        )

    return install
