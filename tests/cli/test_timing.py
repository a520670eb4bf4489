"""Pauses, extensions and a chase date on the command line."""

from __future__ import annotations

from tests.cli.conftest import Duban
from tests.cli.screens import too_wide, trailing

TUESDAY, WEDNESDAY = "2026-06-02T09:00", "2026-06-03T09:00"


def test_what_is_paused_waits_and_then_moves(filled: Duban) -> None:
    """DB-004 has five working days; two were paused, one was worked."""
    before = filled("show DB-004 --json").data["due_at"]

    paused = filled(
        "suspend DB-004 --reason 等待评审 --authority 第四十五条", now=TUESDAY
    )
    assert paused.out == "DB-004 专项资金拨付：已中止，时限暂缓（中止中）。\n"
    told = filled("show DB-004 --json", now=WEDNESDAY).data
    assert (told["due_at"], told["deferred"], told["state"]) == (
        None,
        True,
        "suspended",
    )
    assert "暂缓" in filled("list --lang zh", now=WEDNESDAY).out
    why = filled("explain DB-004", now=WEDNESDAY).out
    assert "→ 中止中，时限暂缓。" in why
    assert "未设时限" not in why
    assert "时限届满" not in why

    resumed = filled("resume DB-004", now="2026-06-04T09:00")

    assert resumed.out.endswith("时限2026-06-10 17:30。\n")
    after = filled("show DB-004 --json", now="2026-06-04T09:00").data
    assert (before, after["due_at"]) == (
        "2026-06-08T09:30:00Z",
        "2026-06-10T09:30:00Z",
    )
    past = filled("history DB-004", now="2026-06-04T09:00").out
    assert "时限：暂缓（中止中）" in past
    assert "→ 已交办；时限：2026-06-10 17:30\n" in past
    shown = filled("show DB-004", now="2026-06-04T09:00").out
    assert "原时限    2026-06-08 17:30\n" in shown
    assert (
        "中止      第1次，2026-06-02 09:00至2026-06-04 09:00：等待评审，第四十五条"
        in shown
    )
    assert too_wide(shown) == trailing(shown) == []


def test_a_pause_that_says_until_when_has_a_date(filled: Duban) -> None:
    """A day means its close of business, and the deadline is known at once."""
    line = "suspend DB-004 --reason 听证 --until 2026-06-04"
    told = filled(f"{line} --json", now=TUESDAY).data
    assert told["due_at"] == "2026-06-10T09:30:00Z"
    [pause] = told["pauses"]
    assert pause["planned"] == "2026-06-04T09:30:00Z"


def test_a_pause_is_taken_out_by_its_number(filled: Duban) -> None:
    """The deadline stands where it stood; the pause is shown, marked."""
    assert filled("annul DB-004 --pause 1 --reason 误录", now=TUESDAY).code == 1
    filled("suspend DB-004 --reason 听证 --until 2026-06-04", now=TUESDAY)

    done = filled("annul DB-004 --pause 1 --reason 误录", now=WEDNESDAY)

    assert done.out == "DB-004 专项资金拨付：已交办，时限2026-06-08 17:30。\n"
    shown = filled("show DB-004", now=WEDNESDAY).out
    assert "听证（已撤销）\n" in shown
    assert filled("annul DB-004 --pause 2 --reason 误录", now=WEDNESDAY).code == 1


def test_an_extension_from_request_to_grant(filled: Duban) -> None:
    """The unit asks, another grants with a definite date, and both dates are shown."""
    asked = filled(
        "extension request DB-004 --until 2026-06-15 --reason 资料未齐 --by czj",
        now=TUESDAY,
    )
    assert asked.out == (
        "DB-004 专项资金拨付：已交办，时限2026-06-08 17:30，延期申请待答复。\n"
    )
    again = filled(
        "extension request DB-004 --until 2026-06-16 --reason 难 --by czj", now=TUESDAY
    )
    assert again.err == "事项DB-004：财政局的延期申请尚未答复。\n"
    own = filled("extension grant DB-004 --by czj", now=WEDNESDAY)
    assert own.code == 1

    granted = filled("extension grant DB-004 --until 2026-06-12", now=WEDNESDAY)

    assert granted.out.endswith("时限2026-06-12 17:30。\n")
    shown = filled("show DB-004", now=WEDNESDAY).out
    assert "延期      财政局申请至2026-06-15，同意至2026-06-12\n" in shown
    english = filled("show DB-004 --lang en", now=WEDNESDAY).out
    assert "asked until 2026-06-15, granted until 2026-06-12" in english
    assert too_wide(english) == []
    told = filled("history DB-004", now=WEDNESDAY).out
    assert "理由：资料未齐；至：2026-06-15" in told
    assert "至：2026-06-12" in told
    assert "中止至" not in told


def test_a_request_is_refused_or_taken_back(filled: Duban) -> None:
    """The date stays what it was; past due nothing is asked for."""
    ask = "extension request DB-004 --until 2026-06-15 --reason 难 --by czj"
    filled(ask, now=TUESDAY)
    taken = filled("extension withdraw DB-004 --by czj", now=TUESDAY)
    assert "延期申请" not in taken.out
    filled(ask, now=WEDNESDAY)
    refused = filled("extension reject DB-004 --reason 不难 --json", now=WEDNESDAY).data
    assert [one["status"] for one in refused["extensions"]] == ["withdrawn", "rejected"]
    assert refused["due_at"] == "2026-06-08T09:30:00Z"
    late = filled(ask, now="2026-06-09T09:00")
    assert late.code == 1
    assert "时限届满前" in late.err


def test_a_body_sets_a_date_outside_the_rule(filled: Duban) -> None:
    """It is the body's right alone, and its record says so."""
    line = "extension override DB-004 --until 2026-07-31 --reason 汛期"
    assert filled(line, now=WEDNESDAY).code == 1
    told = filled(f"{line} --by 问责领导小组 --json", now=WEDNESDAY).data
    assert told["due_at"] == "2026-07-31T09:30:00Z"
    assert [one["override"] for one in told["extensions"]] == [True]
    assert "特批至2026-07-31" in filled("show DB-004", now=WEDNESDAY).out


def test_reminders_follow_another_date(filled: Duban) -> None:
    """The chase date is set and taken back; the deadline does not move."""
    chased = filled("chase DB-004 --until 2026-06-15", now=TUESDAY)
    assert chased.out == (
        "DB-004 专项资金拨付：已交办，时限2026-06-08 17:30，催办按2026-06-15 17:30。\n"
    )
    assert "催办" not in filled("chase DB-004", now=TUESDAY).out


def test_what_happened_before_is_told_with_its_day(filled: Duban) -> None:
    """A pause and its end are written down days later, and count from their own."""
    now = "2026-06-05T09:00"
    filled("suspend DB-004 --reason 听证 --on 2026-06-02T09:00", now=now)
    told = filled("resume DB-004 --on 2026-06-04T09:00 --json", now=now).data
    assert told["due_at"] == "2026-06-10T09:30:00Z"
    assert filled("resume DB-004", now=now).code == 1
