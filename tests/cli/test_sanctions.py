"""Sanctions on the command line: listed, shown, approved, rejected, issued, revoked."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Done, Duban
from tests.cli.screens import too_wide

LATE = "2026-06-26T10:00"


def at(duban: Duban, line: str, hour: int = 10) -> Done:
    """Run a line on 26 June."""
    return duban(line, now=f"2026-06-26T{hour}:00")


def ident(duban: Duban, code: str) -> str:
    """Find the sanction that cites an item."""
    (found,) = at(duban, f"sanctions --item {code} --json").data["sanctions"]
    return str(found["id"])


def test_lists_what_waits_for_whom(sat: Duban) -> None:
    """One line a sanction: kind, unit, items, how far, whose turn."""
    lines = at(sat, "sanctions").out.splitlines()

    assert lines[0].split() == ["ID", "措施", "单位", "事项", "阶段", "待"]
    (line,) = [x for x in lines if "DB-004" in x]
    assert line.split()[1:] == [
        *("行政效能提示", "财政局", "DB-004", "已提请", "问责领导小组"),
    ]
    assert line.split()[0] == ident(sat, "DB-004")[-8:]


def test_says_so_where_there_are_none(filled: Duban) -> None:
    """An empty list is a sentence, and for a program an empty list."""
    assert filled("sanctions").out == "没有问责措施。\n"
    assert filled("sanctions --json").data == {"sanctions": []}


def test_shows_the_grounds_in_words(sat: Duban) -> None:
    """Each ground with its mark, as a clerk would say it."""
    out = at(sat, f"sanctions show {ident(sat, 'DB-004')[-8:]}").out

    assert "理由  未按时完成专项资金拨付\n" in out
    assert "DB-004 专项资金拨付  规则“逾期未办结”\n  ✓ 尚未办结\n" in out
    assert too_wide(out) == []


def test_walks_from_proposal_to_issue(sat: Duban) -> None:
    """The body agrees, the office issues, the item moves."""
    one = ident(sat, "DB-004")

    agreed = at(sat, f"approve {one[-8:]} --by 问责领导小组")
    issued = at(sat, f"issue {one[-8:]} --number 督〔2026〕1号", 11)

    assert agreed.out.endswith("行政效能提示，财政局：已同意，待下发。\n")
    assert issued.out.endswith("行政效能提示，财政局：已下发。\n")
    assert at(sat, "show DB-004 --json", 12).data["state"] == "prompted"
    told = at(sat, f"sanctions show {one} --json", 12).data
    assert (told["stage"], told["number"]) == ("issued", "督〔2026〕1号")
    assert [a["body"] for a in told["approvals"]] == ["问责领导小组"]


def test_history_tells_of_an_act_in_words(sat: Duban) -> None:
    """What was issued, to whom and why, and its revocation: no ids and no keys."""
    one = ident(sat, "DB-004")
    at(sat, f"approve {one} --by 问责领导小组")
    at(sat, f"issue {one}", 11)
    at(sat, f"revoke {one} --reason 事实有误", 12)

    out = at(sat, "history DB-004", 13).out
    joined = "".join(line.strip() for line in out.splitlines())
    assert "下发行政效能提示；单位：财政局；理由：" in joined
    assert "撤销行政效能提示；单位：财政局；理由：事实有误" in joined
    english = at(sat, "history DB-004 --lang en", 13).out
    flat = " ".join(english.split())
    assert "issued: 行政效能提示" in flat
    for text in (out, english):
        assert one not in text
        assert one[:8] not in text
        assert "kind_name" not in text


def test_another_body_may_not_approve(sat: Duban) -> None:
    """Whose turn it is not is told so, exit 1, and nothing changes."""
    one = ident(sat, "DB-004")

    assert at(sat, f"approve {one}").code == 1
    assert at(sat, f"sanctions show {one} --json").data["stage"] == "proposed"


def test_nothing_is_issued_before_it_is_approved(sat: Duban) -> None:
    """To issue what waits for approval is refused."""
    assert at(sat, f"issue {ident(sat, 'DB-004')}").code == 1


def test_a_body_may_reject(sat: Duban) -> None:
    """A rejection has its reason, and leaves the item as it was."""
    one = ident(sat, "DB-001")

    done = at(sat, f"reject {one} --by wzb --reason 已有说明")

    assert done.out.endswith("住建局：已否决。\n")
    assert at(sat, "show DB-001 --json").data["state"] == "overdue"
    assert at(sat, f"reject {one} --by wzb").code == 2


def test_what_was_issued_can_be_revoked(sat: Duban) -> None:
    """A revoked sanction lets the item stand where the facts put it."""
    one = ident(sat, "DB-004")
    at(sat, f"approve {one} --by wzb")
    at(sat, f"issue {one}", 11)

    done = at(sat, f"revoke {one} --reason 事实有误", 12)

    assert done.code == 0
    assert at(sat, "show DB-004 --json", 13).data["state"] == "overdue"


def test_changed_grounds_want_to_be_affirmed(sat: Duban, tmp_path: Path) -> None:
    """Once the item is held, approval is refused until the body affirms it."""
    one = ident(sat, "DB-004")
    (tmp_path / "hold.csv").write_text(
        "编号,动作,理由\nDB-004,稳控,资金未到\n", "utf-8"
    )
    assert at(sat, "import hold.csv -y").code == 0

    shown = at(sat, f"sanctions show {one}", 11)
    refused = at(sat, f"approve {one} --by wzb", 11)
    affirmed = at(sat, f"approve {one} --by wzb --affirm", 11)

    assert "提请以后有变化：" in shown.out
    assert (refused.code, affirmed.code) == (1, 0)


def test_an_ending_of_several_is_refused(sat: Duban) -> None:
    """An ending that fits more than one sanction names none of them."""
    done = at(sat, "sanctions show -- ")
    assert done.code == 2

    ids = [s["id"] for s in at(sat, "sanctions --json").data["sanctions"]]
    assert len(ids) == 3
    assert at(sat, f"sanctions show {ids[0][:8]}").code == 1


def test_a_unit_sees_its_own_only(sat: Duban) -> None:
    """What is proposed on another unit does not exist for a department."""
    seen = at(sat, "sanctions --by 财政局 --json").data["sanctions"]

    assert [one["unit_name"] for one in seen] == ["财政局"]
    assert at(sat, f"sanctions show {ident(sat, 'DB-001')} --by 财政局").code == 1


def test_narrows_by_unit_and_stage(sat: Duban) -> None:
    """A list is narrowed by the unit's name and by how far it has come."""
    at(sat, f"approve {ident(sat, 'DB-004')} --by wzb")

    def units(line: str) -> list[str]:
        found = at(sat, f"sanctions {line} --json", 11).data["sanctions"]
        return sorted(one["unit_name"] for one in found)

    assert units("--stage approved") == ["财政局"]
    assert units("--unit 城管局") == ["城管局"]
    assert units("") == ["住建局", "城管局", "财政局"]
