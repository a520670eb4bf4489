"""``duban time``: who had a matter in hand, and how long."""

from __future__ import annotations

from tests.cli.conftest import Duban
from tests.cli.screens import too_wide, trailing

LATE = "2026-06-09T09:00"

TIME = """\
DB-004：2026年6月1日（周一）09:00至2026年6月9日（周二）09:00，工作时间42小时，历
时8天。

起                 止                 由谁             事由   轮次   工作时间
─────────────────────────────────────────────────────────────────────────────
2026-06-01 09:00   2026-06-09 09:00   承办单位财政局   办理      1     42小时

承办单位财政局：42小时，占100.0%。
"""


def test_it_tells_each_stretch_and_each_share(sat: Duban) -> None:
    """One unit has had it all along; nothing is wider than the screen."""
    told = sat("time DB-004 --as-of 2026-06-09T09:00", now="2026-06-26T09:00").out
    assert told == TIME
    assert too_wide(told) == trailing(told) == []


def test_it_speaks_english(sat: Duban) -> None:
    """The same, in the words of the other language."""
    told = sat("--lang en time DB-004", now=LATE).out
    assert "42 h of working time" in told
    assert "unit 财政局: 42 h, 100.0%." in told


def test_a_program_is_given_entries_and_sums(sat: Duban) -> None:
    """As JSON: the entries, what each party had, and the whole."""
    data = sat("time DB-004 --json", now=LATE).data
    [entry], [party] = data["entries"], data["by_party"]
    assert entry["worked"] == party["worked"] == data["worked"]
    assert (entry["side"], entry["round"]) == ("unit", 1)


def test_an_unknown_item_is_said(sat: Duban) -> None:
    """In words, and with the exit code of an error."""
    done = sat("time DB-404", now=LATE)
    assert (done.code, "没有事项" in done.err) == (1, True)
