"""A folder with a starter office in it, and ``duban`` run there as people type it."""

from __future__ import annotations

import contextlib
import json
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from attrs import frozen
from click.testing import CliRunner

from duban_flow.cli.app import duban as command

MONDAY = "2026-06-01T09:00"
"""When the starter's ledger is imported; no test asks the machine's clock."""

SURROUNDINGS = {
    "COLUMNS": "80",
    "LANG": "zh_CN.UTF-8",
    "LC_ALL": None,
    "LC_MESSAGES": None,
    "DUBAN_OFFICE": None,
    "DUBAN_CONFIG": None,
    "DUBAN_BY": None,
    "DUBAN_LANG": None,
}


@frozen
class Done:
    """What a call came to: its exit code, what it printed, what it said beside."""

    code: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        """Read what was printed as JSON."""
        return json.loads(self.out)


Duban = Callable[..., Done]


def run(
    line: str, now: str | None = MONDAY, answer: str = "", **env: str | None
) -> Done:
    """Run ``duban`` in the current folder."""
    words = [*(["--now", now] if now else []), *line.split()]
    found = CliRunner().invoke(
        command, words, input=answer, env={**SURROUNDINGS, **env}
    )
    if found.exception and not isinstance(found.exception, SystemExit):
        raise found.exception
    return Done(found.exit_code, found.stdout, found.stderr)


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    """Make each of the folders that tests begin in, once."""
    folders = {
        name: tmp_path_factory.mktemp(name) for name in ("begun", "filled", "sat")
    }
    with contextlib.chdir(folders["begun"]):
        assert run("init --rehearsal").code == 0
    shutil.copytree(folders["begun"], folders["filled"], dirs_exist_ok=True)
    with contextlib.chdir(folders["filled"]):
        assert run("import ledger.csv --yes").code == 0
    shutil.copytree(folders["filled"], folders["sat"], dirs_exist_ok=True)
    with contextlib.chdir(folders["sat"]):
        for day in ("04", "09", "16", "24", "26"):
            assert run("sweep", now=f"2026-06-{day}T09:00").code == 0
    return folders


@pytest.fixture
def duban(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Duban:
    """Give ``duban``, run in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return run


@pytest.fixture
def begun(duban: Duban, made: Mapping[str, Path], tmp_path: Path) -> Duban:
    """Give ``duban`` in a folder that ``duban init --rehearsal`` has filled."""
    shutil.copytree(made["begun"], tmp_path, dirs_exist_ok=True)
    return duban


@pytest.fixture
def filled(duban: Duban, made: Mapping[str, Path], tmp_path: Path) -> Duban:
    """Give ``duban`` where the starter's ledger has been imported as well."""
    shutil.copytree(made["filled"], tmp_path, dirs_exist_ok=True)
    return duban


@pytest.fixture
def sat(duban: Duban, made: Mapping[str, Path], tmp_path: Path) -> Duban:
    """Give ``duban`` on 26 June 09:00, when the panel has sat on three late items."""
    shutil.copytree(made["sat"], tmp_path, dirs_exist_ok=True)
    return duban
