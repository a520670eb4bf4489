"""duban policy migrate: a plan of what would follow, and going over."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Duban

CALL = """
[[rung]]
key = "逾期三日约谈"
at = "due + 1 day"
action = "urge"
when = ["open"]
"""
NOW = "2026-06-10T09:00"


@pytest.fixture
def edited(filled: Duban, tmp_path: Path) -> Duban:
    """Give a swept folder, and a policy file that has been edited beside it."""
    text = (tmp_path / "policy.toml").read_text("utf-8")
    (tmp_path / "new.toml").write_text(
        text.replace('version = "1"', 'version = "2"', 1) + CALL, "utf-8"
    )
    filled("sweep", now=NOW)
    return filled


def test_a_plan_tells_and_writes_nothing(edited: Duban) -> None:
    """Which items go over, and what follows for each; nothing has changed."""
    done = edited("policy migrate new.toml --mode retroactive", now=NOW)

    assert done.code == 0
    assert done.out.startswith("local@2：迁移4件，不变0件。\n")
    assert "逾期三日约谈" in done.out
    assert edited("show DB-004 --json", now=NOW).data["policy"] == "local@1"


def test_applied_they_go_over(edited: Duban) -> None:
    """Each item says so in its history, and the next sweep does what was planned."""
    done = edited("policy migrate new.toml --mode from_now --apply", now=NOW)

    assert done.out.endswith("已迁移4件。\n")
    assert edited("show DB-004 --json", now=NOW).data["policy"] == "local@2"
    assert "规则迁移" in edited("history DB-004", now=NOW).out
    assert edited("sweep --json", now=NOW).data["fired"] == 0


def test_a_program_reads_the_plan(edited: Duban) -> None:
    """The same keys for every item, and what applying came to."""
    told = edited(
        "policy migrate new.toml --mode from_now --of local@1 --json", now=NOW
    ).data

    assert told["applied"] is None
    assert told["plan"]["counts"]["moving"] == 4
    [late] = [one for one in told["plan"]["effects"] if one["code"] == "DB-004"]
    assert late["inherited"] == ["逾期三日约谈@-:due:1~"]


def test_the_same_version_with_other_content_is_a_problem(
    filled: Duban, tmp_path: Path
) -> None:
    """What items rest on is not rewritten: exit 1, and the reason."""
    text = (tmp_path / "policy.toml").read_text("utf-8")
    (tmp_path / "same.toml").write_text(text + CALL, "utf-8")
    done = filled("policy migrate same.toml --mode keep")

    assert done.code == 1
    assert "local@1" in done.out


def test_of_very_many_items_the_first_are_drawn(
    edited: Duban, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rest is counted, and stands in the JSON."""
    monkeypatch.setattr("duban_flow.cli.migrating.SHOWN", 3)
    done = edited("policy migrate new.toml --mode from_now --lang en", now=NOW)

    assert done.out.endswith("And 1 more: see --json.\n")
    assert "DB-004" not in done.out
