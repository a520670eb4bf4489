"""``duban init``: a folder in which everything can be tried at once."""

from __future__ import annotations

import tomllib
from pathlib import Path

from tests.cli.conftest import Duban


def test_writes_files_that_work_at_once(duban: Duban) -> None:
    """What init writes can be imported, listed, linted and printed as it is."""
    assert duban("init --rehearsal").code == 0
    lines = ("policy lint", "db verify", "import ledger.csv --yes", "list", "run")
    for line in (*lines, "circular circular.toml"):
        done = duban(line)
        assert done.code == 0, done


def test_what_to_type_next_works_as_it_stands(duban: Duban) -> None:
    """Every line that a rehearsal is told to type is exit 0."""
    told = duban("init --rehearsal", now=None).out
    lines = [s.strip() for s in told.splitlines() if s.startswith("  duban --now")]
    assert len(lines) == 4
    for line in lines:
        done = duban(line.removeprefix("duban "), now=None, answer="y\n")
        assert done.code == 0, (line, done)


def test_earnest_work_is_told_to_go_by_the_clock(duban: Duban) -> None:
    """Nobody is sent into a guard by an instant of an example."""
    told = duban("init", now=None).out
    assert "--now 2026" not in told
    assert "duban init --rehearsal" in told


def test_registers_the_units_of_its_directory(duban: Duban) -> None:
    """After init a unit is found by its code, its name and its alias."""
    duban("init --rehearsal")
    for name in ("zjj", "住建局", "住房和城乡建设局"):
        assert duban(f"mine --by {name}").out == "没有事项。\n"


def test_overwrites_nothing(duban: Duban, tmp_path: Path) -> None:
    """A file that is there is named, and no other is written."""
    (tmp_path / "policy.toml").write_text("mine")

    done = duban("init")

    assert done.code == 1
    assert "policy.toml" in done.err
    assert [path.name for path in tmp_path.iterdir()] == ["policy.toml"]
    assert (tmp_path / "policy.toml").read_text() == "mine"


def test_writes_into_another_folder_in_the_language_of_the_call(
    duban: Duban, tmp_path: Path
) -> None:
    """The folder is made; the configuration speaks the language that was asked for."""
    done = duban("init over/there --lang en")

    config = tomllib.loads((tmp_path / "over/there/duban.toml").read_text("utf-8"))
    assert (config["lang"], config["rehearsal"]) == ("en", False)
    assert "  cd over/there\n" in done.out
    assert duban("--config over/there/duban.toml list").out == "No items.\n"


def test_a_rehearsal_stays_one(duban: Duban, tmp_path: Path) -> None:
    """A rehearsal's database is refused for earnest use, in words."""
    duban("init --rehearsal")
    path = tmp_path / "duban.toml"
    text = path.read_text("utf-8")
    path.write_text(text.replace("rehearsal = true", "rehearsal = false"), "utf-8")

    done = duban("list")

    assert done.code == 1
    assert done.err == "该数据库用于演练，不能用于正式工作。\n"
