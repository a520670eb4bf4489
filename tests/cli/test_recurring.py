"""A matter that comes round, from a ledger's row to the next occurrence."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Duban

LEDGER = """\
编号,动作,事项,类别,责任单位,督促单位,办理时限
W-1,交办,防汛工作周报,livelihood,住建局,督查室,每周二12:00前
"""


@pytest.fixture
def weekly(begun: Duban, tmp_path: Path) -> Duban:
    """Give ``duban`` where a weekly report has been imported on Monday 1 June."""
    (tmp_path / "weekly.csv").write_text(LEDGER, "utf-8")
    done = begun("import weekly.csv --yes")
    assert done.code == 0, done.err
    return begun


def test_the_sweep_says_that_it_opened_the_next(weekly: Duban) -> None:
    """Counted among what it did; the list has both."""
    told = weekly("sweep", now="2026-06-02T13:00").out
    assert "周期事项开启下一期  1" in told
    codes = [one["code"] for one in weekly("list --json").data["items"]]
    assert codes == ["W-1", "W-1/2"]


def test_the_history_names_it(weekly: Duban) -> None:
    """In words: what was done, and under which code it goes on."""
    weekly("sweep", now="2026-06-24T13:00")
    told = weekly("history W-1", now="2026-06-24T13:00").out
    assert "开启下一期" in told
    assert "下一期：W-1/2；略过期数：3" in told.replace("\n", "")
