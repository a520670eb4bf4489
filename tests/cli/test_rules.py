"""policy lint, diagram, plugins, db: what an office is made of."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Duban

HOLE = """\
name = "hole"
version = "1"
[[rung]]
key = "petition due"
at = "due"
action = "urge"
notify = ["responsible"]
where = ["category is petition"]
when = ["open"]
"""


def test_the_starters_policy_has_no_hole(begun: Duban) -> None:
    """Without a file the policies of the configuration are looked at."""
    done = begun("policy lint")

    assert (done.code, done.out) == (0, "local@1：没有发现问题。\n")


def test_a_hole_is_a_finding(begun: Duban, tmp_path: Path) -> None:
    """Matters that no rung speaks of are named, and are exit 1."""
    (tmp_path / "hole.toml").write_text(HOLE, "utf-8")

    done = begun("policy lint hole.toml")

    assert done.code == 1
    assert done.out.startswith("- hole@1")
    found = begun("policy lint hole.toml --json").data
    assert found["policies"] == ["hole@1"]
    assert all(one["code"].startswith("lint.") for one in found["findings"])
    assert found["findings"]


def test_a_policy_is_linted_without_any_office(duban: Duban, tmp_path: Path) -> None:
    """No configuration and no database are needed to look at a file."""
    (tmp_path / "hole.toml").write_text(HOLE, "utf-8")

    assert duban("policy lint hole.toml").code == 1
    assert duban("policy lint").code == 2
    assert [path.name for path in tmp_path.iterdir()] == ["hole.toml"]


def test_a_body_that_nobody_declared_is_refused(begun: Duban, tmp_path: Path) -> None:
    """A policy is read against the directory: file, line and the nearest name."""
    path = tmp_path / "policy.toml"
    text = path.read_text("utf-8").replace("问责领导小组", "问责小组", 1)
    path.write_text(text, "utf-8")

    done = begun("policy lint")

    assert done.code == 1
    assert "policy.toml 第10行" in done.err
    assert "问责领导小组" in done.err


def test_draws_the_workflow(duban: Duban) -> None:
    """The first workflow as a Mermaid state diagram; an unknown one is told."""
    out = duban("diagram").out

    assert out.startswith("stateDiagram-v2\n")
    assert duban("diagram supervision --json").data["mermaid"] + "\n" == out
    assert duban("diagram supervison").code == 1


def test_lists_what_there_is(begun: Duban) -> None:
    """Everything built in is listed with who brought it."""
    rows = begun("plugins --json").data["plugins"]

    named = {(row["hook"], row["name"]) for row in rows}
    assert ("duban_register_workflows", "supervision") in named
    assert ("duban_register_ledger_formats", "csv") in named
    assert "supervision" in begun("plugins").out


def test_the_database_is_made_and_checked(duban: Duban, tmp_path: Path) -> None:
    """Before create there is no schema; after it the schema and the units fit."""
    duban("init --rehearsal")
    (tmp_path / "duban.db").unlink()
    config = tmp_path / "duban.toml"
    text = config.read_text("utf-8").replace("rehearsal = true", "rehearsal = false")
    config.write_text(text, "utf-8")

    assert duban("db verify").code == 1
    assert duban("db create").out == "数据库可用。\n登记单位6个、岗位1个。\n"
    assert duban("db create").out == "数据库可用。\n"
    assert duban("db verify").out == "结构相符，单位齐全。\n"


def test_a_new_unit_is_registered_by_create(begun: Duban, tmp_path: Path) -> None:
    """Verify names what the file has besides; create registers it and no more."""
    path = tmp_path / "units.toml"
    added = '\n[[unit]]\ncode = "slj"\nname = "水利局"\n'
    path.write_text(path.read_text("utf-8") + added, "utf-8")

    behind = begun("db verify")
    assert behind.code == 1
    assert "slj" in behind.out
    assert begun("db create --json").data == {"units": 1, "posts": 0}
    assert begun("db verify --json").data["units"] == []
