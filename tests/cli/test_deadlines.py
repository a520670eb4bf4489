"""A deadline reckoned from the shell: told day by day, and proved."""

from __future__ import annotations

from pathlib import Path

import pytest

from duban_flow import WorkCalendar, verify
from tests.cli.conftest import Duban
from tests.cli.screens import too_wide, trailing

LINE = "deadline 5个工作日 --from 2026-09-28T10:00"


def test_a_term_is_reckoned_day_by_day(duban: Duban) -> None:
    """The holiday and the make-up Saturday on the way are named, without any office."""
    done = duban(LINE)

    assert done.code == 0
    flat = done.out.replace("\n", "")
    assert "国庆节" in flat
    assert "2026年10月10日（周六）17:30" in flat
    assert too_wide(done.out) == trailing(done.out) == []
    english = duban(f"{LINE} --lang en").out
    assert "2026-10-10 (Sat) 17:30" in " ".join(english.split())
    assert too_wide(english) == []


def test_it_begins_now_unless_said_otherwise(duban: Duban) -> None:
    """Without --from the call's own instant counts, on the calendar's clocks."""
    told = duban("deadline 3个月 --json", now="2026-06-01T09:00").data
    said = duban("deadline 3个月 --json --from 2026-06-01T09:00").data
    assert told == said
    assert told["at"] == "2026-09-01T09:30:00Z"


def test_the_certificate_holds(duban: Duban) -> None:
    """What --json gives can be verified, and a changed one cannot."""
    told = duban(f"{LINE} --json").data
    certificate, china = told["certificate"], WorkCalendar.china()

    assert verify(certificate, [china]) == ()
    assert verify({**certificate, "at": "2026-10-30T09:30:00Z"}, [china]) != ()


def test_a_year_without_a_notice_gives_a_range(duban: Duban) -> None:
    """It says that it is provisional, and between which instants it lies."""
    told = duban("deadline 30个工作日 --from 2026-12-20T09:00 --json").data
    assert told["provisional"] is True
    assert told["earliest"] < told["latest"] == told["at"]


@pytest.mark.parametrize("said", ["尽快", "2026-02-30", "20"])
def test_what_is_no_term_is_refused(duban: Duban, said: str) -> None:
    """It says what was typed and what is wanted, and leaves with 1."""
    done = duban(f"deadline {said}")
    assert (done.code, done.out) == (1, "")
    assert said in done.err


@pytest.mark.parametrize(
    ("said", "near"), [("信访事项办里", "信访事项办理"), ("特急", "特急电报")]
)
def test_a_slip_is_answered_with_the_nearest(
    duban: Duban, said: str, near: str
) -> None:
    """A name that is nearly that of a statutory term is told which; a count is not."""
    assert f"最接近的是{near}" in duban(f"deadline {said}").err.replace("\n", "")
    assert "最接近" not in duban("deadline 5工作天").err


def test_an_instant_is_told_on_the_clocks(duban: Duban) -> None:
    """A term until an instant is told in the calendar's own time, as its end is."""
    told = duban("deadline 2026-06-30T12:00 --from 2026-06-03T09:00").out
    assert "截至2026年6月30日（周二）12:00。" in told
    assert "+00:00" not in told


def test_what_is_typed_is_on_the_clocks_of_the_calendar(
    filled: Duban, tmp_path: Path
) -> None:
    """Nine in the morning by a calendar of Paris is nine in Paris."""
    (tmp_path / "mairie.toml").write_text(
        'name = "mairie"\nversion = "1"\nzone = "Europe/Paris"\n'
        '[half_days]\n2026-12-24 = "09:00-12:00"\n',
        "utf-8",
    )
    config = tmp_path / "duban.toml"
    told = 'calendars = ["mairie.toml"]\n' + config.read_text("utf-8")
    config.write_text(told, "utf-8")

    line = "deadline 5个工作日 --from 2026-07-10T09:00 --calendar"
    for name in ("mairie", "china"):
        assert "自2026年7月10日（周五）09:00起" in filled(f"{line} {name}").out
    shown = filled("calendar show mairie --year 2026").out
    assert "半日      2026-12-24 09:00-12:00\n" in shown


def test_a_named_day_off_is_not_counted_out(duban: Duban) -> None:
    """A date that was named stands, holiday or not: nothing is counted."""
    told = duban("deadline 2026-10-01 --from 2026-09-03T09:00").out
    assert "放假（国庆节）。" in told
    assert "不计入" not in told


def test_a_rest_that_nobody_announced_is_not_asserted(duban: Duban) -> None:
    """Past the last notice the last day is perhaps at rest, and said to be perhaps."""
    line = "deadline 60日 --from 2026-11-20T09:00"
    assert "如为休息日，最迟顺延至" in duban(line).out
    assert "if it is at rest, moves to" in duban(f"{line} --lang en").out


def test_a_calendar_that_nobody_knows_is_refused(duban: Duban) -> None:
    """A misspelt calendar is named with the nearest one there is."""
    done = duban(f"{LINE} --calendar chine")
    assert done.code == 1
    assert "china" in done.err


def test_a_statutory_term_goes_by_its_key_or_its_name(duban: Duban) -> None:
    """The rule is named above the days, and stands beside the certificate."""
    line = "--from 2026-06-03T15:00"
    told = duban(f"deadline licence_decide {line} --json").data

    assert told["rule"] == "行政许可法第四十二条"
    assert told == duban(f"deadline 行政许可决定 {line} --json").data
    counted = duban(f"deadline 20个工作日 {line} --json").data
    assert told["certificate"] == counted["certificate"]
    assert "行政许可法第四十二条" in duban(f"deadline licence_decide {line}").out
    english = duban(f"deadline licence_decide {line} --lang en").out
    assert english.startswith("decide on a licence: 20 working days + 10 working days")
    assert too_wide(english) == []


def test_statutory_terms_are_listed_with_their_sources(duban: Duban) -> None:
    """All of them fit the screen, and words narrow the list."""
    for lang in ("zh", "en"):
        whole = duban(f"terms --lang {lang}").out
        assert "petition_decide" in whole
        assert too_wide(whole) == trailing(whole) == []
    found = duban("terms 信访工作条例 复核 --json").data["terms"]
    assert [one["key"] for one in found] == [
        "petition_recheck_request",
        "petition_recheck",
    ]
    assert duban("terms 没有").out == "没有这样的时限。\n"


def test_a_place_lays_its_own_terms_over_them(duban: Duban, tmp_path: Path) -> None:
    """A shorter promise takes the place of the statutory term, under the same key."""
    promised = """
[licence_decide]
term = "7个工作日"
source = "本区承诺"
article = ""
"""
    (tmp_path / "ours.toml").write_text(promised, "utf-8")

    listed = duban("terms --terms ours.toml 承诺 --json").data["terms"]
    told = duban("deadline licence_decide --terms ours.toml --json").data

    assert [one["key"] for one in listed] == ["licence_decide"]
    assert told["rule"] == "本区承诺"
    assert told["at"] == duban("deadline 7个工作日 --json").data["at"]


def test_terms_of_the_configuration_are_the_offices(
    begun: Duban, tmp_path: Path
) -> None:
    """A ledger, `deadline` and `terms` go by the file that duban.toml names."""
    config = tmp_path / "duban.toml"
    text = config.read_text("utf-8")
    config.write_text(f'terms = "terms.toml"\n{text}', "utf-8")
    (tmp_path / "terms.toml").write_text(
        '[ours]\nname = "本区急件"\nterm = "2个工作日"\nsource = "区办规定"\n', "utf-8"
    )
    ledger = "编号,事项,责任单位,时限\nT-1,急件,住建局,本区急件\n"
    (tmp_path / "urgent.csv").write_text(ledger, "utf-8")

    assert [t["key"] for t in begun("terms 本区急件 --json").data["terms"]] == ["ours"]
    assert begun("deadline 本区急件 --json").data["rule"] == "区办规定"
    assert begun("import urgent.csv --yes").code == 0
    assert begun("show T-1 --json").data["record"]["term"]["count"] == 2
