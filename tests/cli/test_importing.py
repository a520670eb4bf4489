"""``duban import``: the plan first, then all of it or nothing."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from tests.cli.conftest import Duban
from tests.cli.screens import too_wide, trailing

BAD = """\
编号,动作,日期,经办,理由,进度
DB-0022,办结,2026-06-01,督查室,完成,
DB-002,办结,2026-09-31,督查室,完成,
DB-002,办洁,2026-06-01,督查室,完成,
DB-003,反馈进展,2026-06-01,信访局,,140
"""

TABLE = """\
问题4处
行   栏目   写的是       问题                                  提示
───────────────────────────────────────────────────────────────────────────────
 2   编号   DB-0022      没有这个事项                          最接近的是DB-002
 3   日期   2026-09-31   没有这一天，2026年9月最后一天是30日   例如2026-09-30
 4   动作   办洁         没有这个动作                          最接近的是办结
 5   进度   140          超出范围                              范围是0~100
"""


@pytest.mark.parametrize("answer", ["n\n", ""])
def test_nothing_is_imported_without_a_yes(begun: Duban, answer: str) -> None:
    """A no, and no answer at all, leave everything as it was and are exit 3."""
    done = begun("import ledger.csv", answer=answer)

    assert done.code == 3
    assert done.out.startswith("ledger.csv：4项动作。\n  交办  4\n")
    assert done.out.endswith("没有导入。\n")
    assert begun("list --json").data["items"] == []


def test_a_yes_imports_all_of_it(begun: Duban) -> None:
    """The plan is shown, a person agrees, and it is said what came of it."""
    done = begun("import ledger.csv", answer="y\n")

    assert done.code == 0
    assert done.out.endswith("已导入：新增事项4件，更新0件。\n")
    assert len(begun("list --json").data["items"]) == 4


def test_a_plan_is_only_looked_at(begun: Duban) -> None:
    """With --plan nobody is asked, nothing is written, and the exit is 0."""
    done = begun("import ledger.csv --plan --yes")

    assert (done.code, done.out) == (0, "ledger.csv：4项动作。\n  交办  4\n")
    assert begun("list --json").data["items"] == []


def test_every_problem_is_shown_at_once(filled: Duban, tmp_path: Path) -> None:
    """Row, column, what was said and what was wanted, in a table that fits."""
    (tmp_path / "bad.csv").write_text(BAD, "utf-8")

    done = filled("import bad.csv --yes")

    assert done.code == 1
    assert TABLE in done.out
    assert done.out.endswith("没有导入；请改正后再来。\n")
    assert (too_wide(done.out), trailing(done.out)) == ([], [])
    assert [e["seq"] for e in filled("history DB-002 --json").data["events"]] == [1]


def test_a_program_is_given_every_problem(filled: Duban, tmp_path: Path) -> None:
    """Problems with their places and codes; nothing was applied."""
    (tmp_path / "bad.csv").write_text(BAD, "utf-8")

    done = filled("import bad.csv --yes --json")

    assert done.code == 1
    assert done.data["applied"] is None
    assert [p["row"] for p in done.data["plan"]["problems"]] == [2, 3, 4, 5]


def test_json_asks_nobody(begun: Duban) -> None:
    """Without --yes a program is given the plan, and nothing is written."""
    looked = begun("import ledger.csv --json")
    assert (looked.code, looked.data["applied"]) == (0, None)
    assert looked.data["plan"]["counts"] == {"assign": 4}

    done = begun("import ledger.csv --json --yes").data["applied"]
    assert done == {"acts": 4, "born": 4, "changed": 0, "repeated": False}


def test_acts_that_were_imported_are_not_imported_twice(
    filled: Duban, tmp_path: Path
) -> None:
    """The same acts again are nothing, and that is said."""
    rows = "编号,动作,经办,进度\nDB-001,反馈进展,住建局,40\n"
    (tmp_path / "acts.csv").write_text(rows, "utf-8")
    first = filled("import acts.csv -y")
    assert first.out.endswith("更新1件。\n")

    again = filled("import acts.csv -y")

    assert again.code == 0
    assert again.out.endswith("这份台账已经导入过，没有变动。\n")


def test_headings_of_ones_own_are_mapped(begun: Duban, tmp_path: Path) -> None:
    """--column says what a heading means, or that it is not to be read."""
    rows = "督办号,标题,落实单位,批示原文,时限\nA-1,修路,住建局,抓紧,60日\n"
    (tmp_path / "own.csv").write_text(rows, "utf-8")
    own = "--column 督办号=code --column 落实单位=responsible --column 批示原文="

    assert begun("import own.csv -y").code == 1
    assert begun(f"import own.csv -y {own}").code == 0
    assert begun("show A-1 --json").data["parties"] == {"responsible": ["zjj"]}


@pytest.mark.parametrize("said", ["督办号", "=code"])
def test_a_mapping_without_both_sides_is_usage(begun: Duban, said: str) -> None:
    """A column option that maps nothing is exit 2."""
    assert begun(f"import ledger.csv --column {said}").code == 2


def test_a_ledger_in_another_encoding_is_read(begun: Duban, tmp_path: Path) -> None:
    """GB18030, as spreadsheets write it, is taken as it is."""
    rows = "编号,事项,责任单位,时限\nA-1,背街小巷整治,城管局,60日\n"
    (tmp_path / "old.csv").write_bytes(unicodedata.normalize("NFC", rows).encode("gbk"))

    assert begun("import old.csv -y").code == 0
    assert begun("show A-1 --json").data["title"] == "背街小巷整治"
