"""sweep, deliver, run: what they tell, and the exit codes that cron goes by."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Duban

HOST = """\
from duban_flow import Office, Unit
from duban_flow.ports import Rejected, Retry, Unknown

class Odd:
    name = "odd"
    local = True

    def send(self, batch):
        return [{outcome} for _ in batch]

def office():
    return Office.rehearsal("sqlite:///host.db", channels=[Odd()])
"""


def test_sweep_tells_what_it_did(filled: Duban) -> None:
    """Counts of what happened; what did not happen is not mentioned."""
    done = filled("sweep", now="2026-06-09T09:00")

    assert done.code == 0
    assert done.out.splitlines()[1:] == ["  提醒、催办  1", "  转为逾期    1"]


def test_swept_again_nothing_happens(filled: Duban) -> None:
    """A second sweep at the same instant judges nothing."""
    filled("sweep", now="2026-06-09T09:00")

    again = filled("sweep", now="2026-06-09T09:00")

    assert again.out == "巡检（2026-06-09 09:00）：判定0件。\n"


def test_run_sweeps_and_then_sends(filled: Duban, tmp_path: Path) -> None:
    """What fires leaves through every channel of the configuration in one go."""
    out = filled("run", now="2026-06-09T09:00").out

    assert out.index("判定") < out.index("【催办】DB-004") < out.index("已发送  4")
    lines = (tmp_path / "notices.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(line)["unit_name"] for line in lines] == ["财政局", "督查室"]


def test_json_is_not_mixed_with_notices(filled: Duban) -> None:
    """The console channel speaks beside the answer that a program reads."""
    done = filled("run --json", now="2026-06-09T09:00")

    assert done.data["sweep"]["fired"] == 1
    assert done.data["delivery"]["sent"] == 4
    assert done.data["exit_code"] == 0
    assert "【催办】DB-004" in done.err


def test_delivered_twice_sends_nothing_twice(filled: Duban) -> None:
    """A second delivery has nothing to send, and says so."""
    filled("run", now="2026-06-09T09:00")

    again = filled("deliver", now="2026-06-09T09:00")

    assert again.out.splitlines()[1:] == ["  没有待发通知。"]


def test_a_sweep_that_is_cut_short_wants_to_be_run_again(filled: Duban) -> None:
    """With a limit below what is due the exit is 4, until nothing is left."""
    codes = [filled("sweep --limit 3").code for _ in range(2)]

    assert codes == [4, 0]


def test_a_wrong_clock_stops_the_sweep_for_a_person(duban: Duban) -> None:
    """In earnest a time far from the database's is exit 3, released or not."""
    duban("init")

    for line in ("sweep", "sweep --released 已核实", "run"):
        done = duban(line, now="2020-06-01T09:00")
        assert done.code == 3
        assert "请人工确认" in done.out
    assert duban("sweep --json", now="2020-06-01T09:00").data["stopped"]["code"] == (
        "guard.clock"
    )


@pytest.mark.parametrize(
    ("outcome", "code", "said"),
    [
        ('Unknown("lost")', 5, "是否送达不明"),
        ('Retry("busy")', 0, "稍后重试"),
        ('Rejected("no such address")', 0, "被渠道拒绝"),
    ],
)
def test_what_became_of_notices_is_told_by_the_exit_code(
    duban: Duban, tmp_path: Path, outcome: str, code: int, said: str
) -> None:
    """Unknown wants a person (5); a refusal and a later attempt do not."""
    module = f"host_{outcome[:3].lower()}"
    (tmp_path / f"{module}.py").write_text(HOST.format(outcome=outcome), "utf-8")
    rows = "编号,事项,责任单位,时限\nA-1,修路,住建局,1个工作日\n"
    (tmp_path / "one.csv").write_text(rows, "utf-8")
    (tmp_path / "units.toml").write_text(UNITS, "utf-8")
    (tmp_path / "duban.toml").write_text(CONFIG, "utf-8")
    assert duban("db create").code == 0
    assert duban(f"--office {module}:office --by 督查室 import one.csv -y").code == 0

    done = duban(f"--office {module}:office run", now="2026-06-03T09:00")

    assert done.code == code
    assert said in done.out


UNITS = """\
[[unit]]
code = "dcs"
name = "督查室"
kind = "supervisor"
[[unit]]
code = "zjj"
name = "住建局"
"""

CONFIG = """\
database = "sqlite:///host.db"
rehearsal = true
directory = "units.toml"
"""
