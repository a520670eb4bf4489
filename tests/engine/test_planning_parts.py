"""Wholes and parts in one ledger: a whole is closed after its parts, never before."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from duban_flow import Office, Unit

NOW = datetime(2026, 6, 30, 18, tzinfo=ZoneInfo("Asia/Shanghai"))
GIVEN = """日期,动作,经办,编号,事项,上级事项,理由
2026-06-01,交办,督查室,W,民生工程,,
2026-06-01,交办,督查室,W-1,修路,W,
2026-06-01,交办,督查室,W-2,修桥,W,
"""
DONE = """日期,动作,经办,编号,事项,上级事项,理由
2026-06-29,办结,督查室,W-1,,,完工
{left}2026-06-30,办结,督查室,W,,,全部完工
"""
LEFT = "2026-06-29,办结,督查室,W-2,,,完工\n"


@pytest.fixture
def desk():
    """Give the desk of an office where a whole and its parts were given out."""
    desk = Office.rehearsal().desk(by="督查室", now=NOW)
    desk.register(Unit("督查室", "督查室", kind="supervisor"))
    desk.apply(desk.plan(GIVEN))
    return desk


def test_one_plan_closes_the_parts_and_then_the_whole(desk):
    """Rows see what earlier rows of their ledger did to the parts."""
    desk.apply(desk.plan(DONE.format(left=LEFT)))

    assert [desk.get(code).state for code in ("W-1", "W-2", "W")] == ["closed"] * 3


def test_a_plan_that_leaves_a_part_open_cannot_close_the_whole(desk):
    """The row of the whole is a problem that names the part."""
    (problem,) = desk.plan(DONE.format(left="")).problems

    assert problem.code == "close.open_part"
    assert "W-2" in problem.text("en")


def test_a_ledger_from_birth_to_end_is_one_plan(desk):
    """A whole, its parts and their ends may stand in a single ledger."""
    text = (GIVEN + DONE.format(left=LEFT).split("\n", 1)[1]).replace(",W", ",X")

    assert desk.plan(text).problems == ()
