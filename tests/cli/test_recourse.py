"""duban recourse: which step stops what is ahead of an item, and until when."""

from __future__ import annotations

from tests.cli.conftest import Duban


def test_it_lists_the_steps_and_what_they_stop(filled: Duban) -> None:
    """Before due, the unit may submit, give a reason or ask for more time."""
    done = filled("recourse DB-001 --by 住建局")

    assert done.code == 0
    assert done.out.startswith("报结：由住建局，至")
    assert "申请延期" in done.out


def test_a_program_reads_the_same_keys_of_each(filled: Duban) -> None:
    """Every step says who, until when, whether, and what it stops."""
    told = filled("recourse DB-001 --by 住建局 --json").data

    assert told["code"] == "DB-001"
    assert {one["action"] for one in told["recourse"]} >= {"submit"}
    for one in told["recourse"]:
        assert one["stops"][0]["rung"]
        assert "zjj" in one["by"]
        assert one["lines"][0].startswith(tuple("报说申"))


def test_where_nothing_is_ahead_it_says_so(sat: Duban) -> None:
    """Of a matter that the panel has just prompted no step stops anything more."""
    done = sat("recourse DB-004", now="2026-06-26T10:00")

    assert done.out == "没有需要阻止的事项。\n"
