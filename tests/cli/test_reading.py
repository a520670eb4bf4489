"""Commands that read: what a person sees, and what a program is given."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Duban
from tests.cli.screens import too_wide, trailing

LATE = "2026-06-26T09:00"

LIST = """\
编号     事项                   责任单位   状态     时限               进度
───────────────────────────────────────────────────────────────────────────
DB-001   老旧小区改造           住建局     已逾期   2026-06-23 17:30     0%
DB-002   背街小巷路灯修复       城管局     已逾期   2026-06-15 17:30     0%
DB-003   某小区物业纠纷信访件   信访局     已交办   2026-07-31 17:30     0%
DB-004   专项资金拨付           财政局     已逾期   2026-06-08 17:30     0%

共4件，逾期3件。
"""

HISTORY = """\
DB-004 专项资金拨付
    时间               动作   经办     内容
───────────────────────────────────────────────────────
1   2026-06-01 09:00   交办   督查室   → 已交办
2   2026-06-04 09:00   提醒   系统     规则“到期前提醒”
3   2026-06-08 17:30   逾期   系统     → 已逾期
4   2026-06-09 09:00   催办   系统     规则“到期催办”
"""

SHOW = """\
编号      DB-001
事项      老旧小区改造
类别      livelihood
状态      已交办
进度      0%
责任单位  住建局
协办单位  财政局、城管局
督促单位  督查室
时限      2026-06-23 17:30
期限      15个工作日
交办      2026-06-01 09:00
标签      民生
升级规则  local@1
版本      1
"""

KEYS = {
    *("code", "id", "title", "category", "state", "overdue", "due_at", "chase_at"),
    *("progress", "unit", "unit_name", "parties", "at_risk", "held", "submitted"),
    *("labels", "closing", "workflow", "policy", "version"),
    *("deferred", "provisional", "pauses", "extensions"),
}


def test_lists_items_under_one_another(sat: Duban) -> None:
    """A list is a table whose columns stand straight under Chinese headings."""
    assert sat("list", now=LATE).out == LIST


def test_lists_every_responsible_unit(filled: Duban, tmp_path: Path) -> None:
    """A matter of two units is a matter of both."""
    rows = "编号,事项,责任单位,时限\nDB-9,共建,住建局、财政局,5个工作日\n"
    (tmp_path / "two.csv").write_text(rows, "utf-8")
    assert filled("import two.csv -y").code == 0

    assert "住建局、财政局" in filled("list --text 共建").out


def test_lists_in_english(filled: Duban) -> None:
    """The words are English; what the ledger says stays as it is."""
    out = filled("list --lang en --unit zjj --text 老旧").out

    assert out.splitlines()[0].split() == [
        *("code", "title", "unit", "state", "due", "done"),
    ]
    assert "老旧小区改造" in out
    assert out.endswith("Items: 1; overdue: 0.\n")


def test_what_is_past_due_says_so_before_any_sweep(filled: Duban) -> None:
    """The light does not wait for the sweep: a late item reads late."""
    line = filled("list --overdue", now="2026-06-10T09:00").out.splitlines()[2]

    assert line.split()[3] == "已交办·逾期"


def test_pages_go_on_behind_a_code(filled: Duban) -> None:
    """A full page names where the next begins, and there it goes on."""
    first = filled("list --limit 3")
    assert first.out.endswith("本页3件，逾期0件。还有更多：--after DB-003\n")

    rest = filled("list --limit 3 --after DB-003 --json").data
    assert [item["code"] for item in rest["items"]] == ["DB-004"]
    assert rest["next"] is None


def test_a_program_is_given_the_same_keys_for_every_item(sat: Duban) -> None:
    """Nothing is left out because it is empty."""
    data = sat("list --json", now=LATE).data

    assert data["as_of"] == "2026-06-26T01:00:00Z"
    assert all(set(item) == KEYS for item in data["items"])
    assert [item["overdue"] for item in data["items"]] == [True, True, False, True]


@pytest.mark.parametrize("state", ["overdue", "已逾期"])
def test_states_go_by_either_name(sat: Duban, state: str) -> None:
    """A state is asked for as the workflow or as a clerk calls it."""
    found = sat(f"list --state {state} --json", now=LATE).data["items"]

    assert [item["code"] for item in found] == ["DB-001", "DB-002", "DB-004"]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("list --state 逾期", "没有状态“逾期”，最接近的是“已逾期”。"),
        ("list --unit 住房局", "没有单位“住房局”，最接近的是“住建局”。"),
        ("show DB-009", "没有事项“DB-009”。"),
        ("explain DB-009", "没有事项“DB-009”。"),
        ("history DB-009", "没有事项“DB-009”。"),
    ],
)
def test_a_name_that_nobody_knows_is_told(filled: Duban, line: str, said: str) -> None:
    """The error is its reason in words, exit 1, with the nearest name."""
    done = filled(line)

    assert (done.code, done.out, done.err.strip()) == (1, "", said)


def test_an_error_is_json_where_json_was_asked_for(filled: Duban) -> None:
    """A program reads the error where it reads the answer."""
    done = filled("show DB-009 --json")

    assert done.code == 1
    assert done.err == ""
    assert done.data["error"]["status"] == 404
    assert done.data["error"]["reasons"][0]["code"] == "item.none"


def test_mine_is_what_ones_own_unit_has_to_do(sat: Duban) -> None:
    """The open items of a unit in any role, the most urgent first."""
    items = sat("mine --by 财政局 --json", now=LATE).data["items"]

    assert [item["code"] for item in items] == ["DB-004", "DB-001"]


def test_mine_leaves_out_what_has_ended(filled: Duban, tmp_path: Path) -> None:
    """A closed item is shown only where all are wanted."""
    rows = "编号,动作,日期,理由\nDB-004,办结,2026-06-02,已拨付\n"
    (tmp_path / "closing.csv").write_text(rows, "utf-8")
    assert filled("import closing.csv --yes", now="2026-06-03T09:00").code == 0

    def codes(line: str) -> list[str]:
        items = filled(f"{line} --json", now="2026-06-03T09:00").data["items"]
        return [item["code"] for item in items]

    assert codes("mine --by czj") == ["DB-001"]
    assert codes("mine --by czj --all") == ["DB-001", "DB-004"]


def test_a_unit_sees_its_own_items_only(filled: Duban) -> None:
    """What a unit may not see does not exist for it."""
    assert filled("show DB-004 --by 住建局").err == "没有事项“DB-004”。\n"


def test_shows_one_item(filled: Duban) -> None:
    """Names and what they hold; then what may be done now."""
    out = filled("show DB-001").out

    assert out.startswith(SHOW)
    assert "现在可以：" in out
    assert "逾期" not in out


def test_shows_limits_rework_and_moved_targets(filled: Duban, tmp_path: Path) -> None:
    """A party's own limit, how often the matter was sent back and its target moved."""
    rows = [
        "编号,动作,经办,单位,时限,理由",
        "DB-004,改派,督查室,财政局,3个工作日,",
        "DB-004,调整目标,督查室,,20个工作日,资金未到位",
        "DB-004,报结,财政局,,,",
        "DB-004,退回重办,督查室,,,材料不全",
    ]
    (tmp_path / "more.csv").write_text("\n".join(rows), "utf-8")
    now = "2026-06-02T10:00"
    assert filled("import more.csv --yes", now=now).code == 0

    out = filled("show DB-004", now=now).out

    assert "内部时限  财政局  2026-06-05 17:30\n" in out
    assert "调整目标  1次\n退回重办  1次\n" in out
    english = filled("show DB-004 --lang en", now=now).out
    assert "sent back    1 time\n" in english
    assert too_wide(out + english) == []


def test_shows_why_an_action_is_not_possible(filled: Duban) -> None:
    """Each action that is refused has its reason beside it."""
    out = filled("show DB-001 --actions").out

    assert too_wide(out) == []
    (line,) = [x for x in out.splitlines() if "恢复 " in x and "解除" not in x]
    assert "没有在中止。" in line
    (line,) = [x for x in out.splitlines() if "重新办理 " in x]
    assert "须处于：已办结。" in line


def test_a_program_is_given_the_whole_record(filled: Duban) -> None:
    """The item as stored, and each action with its schema."""
    data = filled("show DB-001 --json").data

    assert set(data) > KEYS
    assert data["record"]["schema"] == 1
    close = next(one for one in data["actions"] if one["action"] == "close")
    assert close["allowed"] is True
    assert "reason" in close["schema"]["properties"]


def test_history_tells_what_happened_in_order(filled: Duban) -> None:
    """Events in the order of recording, each at the time it was so."""
    filled("sweep", now="2026-06-04T09:00")
    filled("sweep", now="2026-06-09T09:00")

    assert filled("history DB-004", now="2026-06-09T09:00").out == HISTORY
    events = filled("history DB-004 --json", now="2026-06-09T09:00").data["events"]
    assert [e["action"] for e in events] == ["assign", "remind", "lapse", "urge"]
    assert [e["state"] for e in events] == ["assigned", None, "overdue", None]


def test_history_tells_fields_as_a_ledger_heads_them(
    filled: Duban, tmp_path: Path
) -> None:
    """A reading stands there in Chinese words, and on the office's clocks."""
    head = "编号,动作,指标,计量单位,实际值,截至"
    rows = f"{head}\nDB-004,填报指标,拨付额,万元,50,2026-06-02\n"
    (tmp_path / "reading.csv").write_text(rows, "utf-8")
    assert filled("import reading.csv -y", now="2026-06-03T09:00").code == 0

    out = filled("history DB-004", now="2026-06-03T09:00").out

    joined = "".join(line.strip() for line in out.splitlines())
    assert "指标：拨付额" in joined
    assert "截至：2026-06-02 24:00" in joined


def test_explains_in_either_language(sat: Duban) -> None:
    """Every rung with its grounds, and what comes next."""
    zh = sat("explain DB-003", now=LATE).out
    en = sat("explain DB-003 --lang en", now=LATE).out

    assert "逐项说明：" in zh
    assert "接下来：" in zh
    assert "What comes next:" in en
    assert sat("explain DB-003 --json", now=LATE).data["next_at"] is not None


def test_as_of_lists_items_as_they_stood(sat: Duban) -> None:
    """At 24:00 of 10 June one of today's three late items was late."""
    done = sat("as-of 2026-06-10", now=LATE)
    assert done.out.startswith("截至2026-06-10 24:00\n")
    assert done.out.endswith("共4件，逾期1件。\n")

    data = sat("as-of 2026-06-10 --json", now=LATE).data
    assert data["as_of"] == "2026-06-10T16:00:00Z"
    assert [i["code"] for i in data["items"] if i["overdue"]] == ["DB-004"]


def test_as_of_takes_an_instant_too(sat: Duban) -> None:
    """At the due instant itself nothing is late; a minute after it is."""
    at = sat("as-of 2026-06-08T17:30 --overdue --json", now=LATE).data["items"]
    after = sat("as-of 2026-06-08T17:31 --overdue --json", now=LATE).data["items"]

    assert ([i["code"] for i in at], [i["code"] for i in after]) == ([], ["DB-004"])


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(
    "line",
    [
        *("list", "mine", "show DB-001", "show DB-001 --actions", "explain DB-004"),
        *("history DB-004", "as-of 2026-06-10", "sanctions", "plugins", "run"),
    ],
)
def test_nothing_is_wider_than_the_screen(sat: Duban, line: str, lang: str) -> None:
    """No line takes more than eighty columns, and none ends in spaces."""
    out = sat(f"{line} --lang {lang}", now=LATE).out

    assert out
    assert (too_wide(out), trailing(out)) == ([], [])


def test_a_long_title_breaks_where_chinese_may(begun: Duban, tmp_path: Path) -> None:
    """A title gives way before codes, states and dates do."""
    title = "关于进一步推进全区老旧小区改造和背街小巷整治工作的若干意见的落实情况"
    rows = f"编号,事项,责任单位,时限\nL-2026-000123,{title},住建局,60日\n"
    (tmp_path / "long.csv").write_text(rows, "utf-8")
    begun("import long.csv --yes")

    lines = begun("list").out.splitlines()

    assert too_wide("\n".join(lines)) == []
    assert lines[2].startswith("L-2026-000123   关于")
    assert "2026-07-31 17:30" in lines[2]


def test_a_control_character_is_shown_and_not_obeyed(
    begun: Duban, tmp_path: Path
) -> None:
    """A title can neither clear the screen nor colour it, nor is it markup."""
    rows = "编号,事项,责任单位,时限\nC-1,[red]红[/red]\u202e倒,住建局,60日\n"
    (tmp_path / "odd.csv").write_text(rows, "utf-8")
    begun("import odd.csv --yes")

    out = begun("list").out

    assert "[red]红[/red]" in out
    assert "\u202e" not in out
