"""calendar show and load: the days that are known, and a notice from plan to force."""

from __future__ import annotations

from pathlib import Path

import pytest

from duban_flow import WorkCalendar
from tests.cli.conftest import Duban
from tests.cli.screens import too_wide, trailing

FLOOD = """\
name = "防汛停工"
version = "2026.1"
source = "区防指"
[holidays]
"防汛" = "2026-06-04"
"""

NOON = "2026-06-03T12:00"


@pytest.fixture
def flooded(filled: Duban, tmp_path: Path) -> Duban:
    """Give ``duban`` where the notice of a flood lies beside four open items."""
    (tmp_path / "flood.toml").write_text(FLOOD, "utf-8")
    return filled


def test_shows_the_calendar_and_the_days_of_a_year(duban: Duban) -> None:
    """Its hours, how far it knows, its digest; what is off and what is worked."""
    done = duban("calendar show --year 2026")
    assert done.code == 0
    assert "china@2026" in done.out
    assert "09:00-12:00, 13:30-17:30" in done.out
    assert "2026-10-01~2026-10-07" in done.out
    assert "国庆节" in done.out
    assert too_wide(done.out) == trailing(done.out) == []
    english = duban("calendar show --lang en").out
    assert "published  2004-01-01~2026-12-31" in english
    assert too_wide(english) == []


def test_a_year_nobody_has_published_is_empty(duban: Duban) -> None:
    """It says so, and for a program it is an empty list."""
    assert "2031年没有已公布的安排。" in duban("calendar show --year 2031").out
    told = duban("calendar show --year 2031 --json").data
    assert (told["days"], told["edition"]["name"]) == ([], "china")
    assert told["known_until"] == "2026-12-31"
    assert WorkCalendar.from_dict(told["record"]) == WorkCalendar.china()


def test_a_notice_is_planned_before_it_is_loaded(flooded: Duban) -> None:
    """Who moves, from when to when; without --apply nothing does."""
    before = flooded("show DB-004 --json").data["due_at"]

    done = flooded("calendar load flood.toml", now=NOON)

    assert done.code == 0
    assert done.out.startswith("china@2026.1：时限变动")
    assert "尚未生效：加 --apply 使其生效。" in done.out
    assert too_wide(done.out) == trailing(done.out) == []
    told = flooded("calendar load flood.toml --json", now=NOON).data
    moved = {
        one["code"]: (one["before"], one["after"]) for one in told["plan"]["moves"]
    }
    assert moved["DB-004"] == ("2026-06-08T09:30:00Z", "2026-06-09T09:30:00Z")
    assert told["applied"] is None
    assert flooded("show DB-004 --json").data["due_at"] == before


def test_a_notice_comes_into_force_once(flooded: Duban) -> None:
    """With --apply dates move and the calendar shows the day; again it is nothing."""
    done = flooded("calendar load flood.toml --apply", now=NOON)

    assert (done.code, done.out.splitlines()[-1][:6]) == (0, "已生效：更新")
    assert flooded("show DB-004 --json", now=NOON).data["due_at"] == (
        "2026-06-09T09:30:00Z"
    )
    shown = flooded("calendar show", now=NOON).out
    assert "china@2026.1" in shown
    assert "2026-06-04" in shown
    reckoned = flooded("deadline 3个工作日 --from 2026-06-02T09:00 --json", now=NOON)
    assert reckoned.data["at"] == "2026-06-08T09:30:00Z"
    again = flooded("calendar load flood.toml --apply --json", now=NOON).data
    assert (again["plan"]["moves"], again["applied"]["changed"]) == ([], 0)
    for line in ("calendar load flood.toml", "calendar load flood.toml --apply"):
        assert flooded(line, now=NOON).out.endswith("此前已生效，没有变动。\n")


def test_what_rests_on_an_old_date_is_named(sat: Duban, tmp_path: Path) -> None:
    """A sanction that would not have been is put up for revocation."""
    days = '"防汛" = "2026-06-04~2026-06-25"'
    text = FLOOD.replace('"防汛" = "2026-06-04"', days)
    (tmp_path / "flood.toml").write_text(text, "utf-8")

    done = sat("calendar load flood.toml", now="2026-06-29T09:00")

    assert sat("sanctions --to-revoke", now="2026-06-29T09:00").out == (
        "没有问责措施。\n"
    )
    assert "! 行政效能提示" in done.out
    assert "不再成立，将提请撤销。" in done.out.replace("\n", "").replace("  ", "")
    assert too_wide(done.out) == []

    sat("calendar load flood.toml --apply", now="2026-06-29T09:00")

    listed = sat("sanctions --to-revoke", now="2026-06-29T10:00").out
    assert "（拟撤销）" in listed
    assert too_wide(listed) == []
    found = sat("sanctions --to-revoke --json", now="2026-06-29T10:00").data
    assert found["sanctions"]
    for one in found["sanctions"]:
        assert (one["to_revoke"], one["stage"]) == (True, "proposed")
        assert one["revocation"]["codes"] == [one["items"][0]["code"]]
        whole = sat(f"sanctions show {one['id']}", now="2026-06-29T10:00").out
        assert "按更正后的时限" in whole
        assert "（日历china@2026.1）" in whole.replace("\n", "").replace(" ", "")
        assert too_wide(whole) == []


COUNTY = """\
name = "county"
version = "1"
over = "china"
office_hours = ["08:30-12:00", "14:30-18:00"]
[holidays]
"泼水节" = "2026-06-05"
"""


def test_a_place_has_a_calendar_of_its_own(begun: Duban, tmp_path: Path) -> None:
    """Named in duban.toml it is the default; what its base is told reaches it."""
    path = tmp_path / "duban.toml"
    path.write_text('calendars = ["county.toml"]\n' + path.read_text("utf-8"), "utf-8")
    (tmp_path / "county.toml").write_text(COUNTY, "utf-8")
    (tmp_path / "flood.toml").write_text(
        FLOOD.replace("source", 'calendar = "china"\nsource'), "utf-8"
    )
    assert begun("import ledger.csv --yes").code == 0
    shown = begun("calendar show").out
    assert "county@1" in shown
    assert "08:30-12:00, 14:30-18:00" in shown
    assert begun("show DB-004 --json").data["due_at"] == "2026-06-09T10:00:00Z"

    loaded = begun("calendar load flood.toml --apply --json", now=NOON).data

    assert [one["name"] for one in loaded["plan"]["others"]] == ["county"]
    assert begun("show DB-004 --json", now=NOON).data["due_at"] == (
        "2026-06-10T10:00:00Z"
    )
    assert "china@2026.1" in begun("calendar show", now=NOON).out


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (FLOOD.replace("[holidays]", "[holiday]"), "holidays"),
        (FLOOD.replace('"防汛" = "2026-06-04"', '"防汛" = "2026-06-31"'), "2026-06-31"),
        (FLOOD.replace('version = "2026.1"', 'version = "2026"'), "2026"),
    ],
)
def test_a_notice_with_a_fault_is_not_loaded(
    filled: Duban, tmp_path: Path, text: str, said: str
) -> None:
    """The file, the line and what is wrong are named; exit 1, and nothing moves."""
    (tmp_path / "flood.toml").write_text(text, "utf-8")
    done = filled("calendar load flood.toml --apply", now=NOON)
    assert done.code == 1
    assert said in done.err + done.out
    assert "2026-06-04" not in filled("calendar show", now=NOON).out
