"""``duban`` as a process of its own: exit codes, encodings, no traceback."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import MONDAY, SURROUNDINGS, Duban

Started = Callable[..., "subprocess.CompletedProcess[bytes]"]


@pytest.fixture
def started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Started:
    """Give ``python -m duban_flow`` as a process in the test's folder."""
    for name, value in SURROUNDINGS.items():
        if value is None:
            monkeypatch.delenv(name, raising=False)
        else:
            monkeypatch.setenv(name, value)

    def start(line: str, **env: str) -> subprocess.CompletedProcess[bytes]:
        for name, value in env.items():
            monkeypatch.setenv(name, value)
        return subprocess.run(
            ["sh", "-c", f"{sys.executable} -m duban_flow --now {MONDAY} {line}"],
            cwd=tmp_path,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )

    return start


def test_a_process_leaves_with_the_exit_code(begun: Duban, started: Started) -> None:
    """Done, error, usage and a question that nobody answers: 0, 1, 2, 3."""
    wanted = {"list": 0, "show X": 1, "list --now x": 2, "import ledger.csv": 3}

    found = {line: started(line) for line in wanted}

    assert {line: done.returncode for line, done in found.items()} == wanted
    assert all(b"Traceback" not in done.stderr for done in found.values())


def test_json_is_utf_8_that_a_program_can_read(filled: Duban, started: Started) -> None:
    """Chinese stands as it is in JSON, and nothing else is printed."""
    done = started("list --json", PYTHONUTF8="1")

    assert "老旧小区改造".encode() in done.stdout
    assert json.loads(done.stdout)["items"][0]["title"] == "老旧小区改造"
    assert done.stderr == b""


def test_a_screen_that_cannot_say_a_character_spells_it_out(
    filled: Duban, started: Started
) -> None:
    """A GBK screen gets its Chinese, and an escape for what GBK has not."""
    untold = started("list", PYTHONIOENCODING="ascii")
    chinese = started("show DB-001 --actions", PYTHONIOENCODING="gbk")

    assert (untold.returncode, chinese.returncode) == (0, 0)
    assert "老旧小区改造" in untold.stdout.decode()
    assert rb"\u2713" in chinese.stdout
    assert "老旧小区改造" in chinese.stdout.decode("gbk")


def test_a_reader_that_leaves_early_is_no_error(
    filled: Duban, started: Started
) -> None:
    """`duban … | head` ends quietly."""
    done = started("explain DB-001 | head -1")

    assert done.stdout.decode().startswith("DB-001")
    assert done.stderr == b""
