"""The district's quarter: from its ledgers to its circular, its summary, its screen."""

from __future__ import annotations

import io
import json
import re
from datetime import date
from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.console import Console

from duban_flow import Problem
from examples.district import demo
from examples.district.play import (
    HERE,
    OPENING,
    Play,
    at,
    ledger_of,
    open_office,
    play_quarter,
    read_facts,
)
from examples.district.screen import FILES, WIDTH, show
from examples.district.summary import outcome_of, summary_of
from tests.examples.judging import DIRECTORY, SIX, is_act

FIGURES = {
    "health_centres": (4, "2009-12-25"),
    **dict.fromkeys(["livelihood_done", "livelihood_reported"], (40, "2009-11-30")),
    "livelihood_total": (65, "2009-11-30"),
    "livelihood_open": (25, "2009-11-30"),
    "livelihood_share": (61.54, "2009-11-30"),
    "livelihood_offices": (8, "2009-11-30"),
    "new_building": (12.57, "2009-11-30"),
    "new_built": (11.16, "2009-11-30"),
    "resettle_building": (3.2, "2009-11-30"),
    "resettle_built": (60.21, "2009-11-30"),
    "rehoused": (4536, "2009-11-30"),
    "revenue_total": (60.4594, "2009-12-17"),
    "revenue_total_target": (63.295, "2009-12-17"),
    "revenue_total_share": (95.52, "2009-12-17"),
    "revenue_total_growth": (6.98, "2009-12-17"),
    "revenue_total_behind": (0.64, "2009-12-17"),
    "revenue_local": (19.6679, "2009-12-17"),
    "revenue_local_target": (21.6202, "2009-12-17"),
    "revenue_local_share": (90.97, "2009-12-17"),
    "revenue_local_growth": (1.88, "2009-12-17"),
    "revenue_local_behind": (5.19, "2009-12-17"),
    "revenue_pace": (96.16, "2009-12-17"),
    "chaos_kinds": (7, "2009-12-25"),
    "petitions": (104, "2009-12-15"),
    "petitions_handled": (50, "2009-12-15"),
    "petitions_closed": (46, "2009-12-15"),
    "petitions_open": (4, "2009-12-15"),
    "petitions_stable": (54, "2009-12-15"),
    "petitions_moved": (4, "2009-12-15"),
    "petitions_held": (50, "2009-12-15"),
    "services": (536, "2009-12-25"),
    "cases_late": (4, "2009-12-25"),
    "insurance": (40, "2009-10-01"),
    "insurance_moved": (21, "2009-10-01"),
    "insurance_share": (52.5, "2009-10-01"),
    "centres": (13, "2009-10-01"),
    "stations": (26, "2009-10-01"),
    "parcels": (18, "2009-12-21"),
    "parcels_listed": (11, "2009-12-21"),
    "parcels_waiting": (7, "2009-12-21"),
    "parcels_dated": (3, "2009-12-21"),
    "parcels_passed": (3, "2009-12-21"),
    "parcels_sent": (1, "2009-12-21"),
    "land_area": (1270.5, "2009-12-21"),
    "next_parcels": (28, "2009-12-21"),
    "next_area": (1165, "2009-12-21"),
    "samples": (943, "2009-12-25"),
    "samples_gathered": (229, "2009-12-25"),
    "samples_home": (604, "2009-12-25"),
    "plots": (4, "2009-12-15"),
    "plots_area": (108.64, "2009-12-15"),
    "farmers": (11, "2009-12-15"),
    "builders": (9, "2009-12-15"),
    "target_moves": (3, "2009-12-15"),
    "housing_late": (3, "2009-12-25"),
    "housing_open": (2, "2009-12-25"),
    "district_score_3": (50.74, "2009-12-25"),
    "district_score_4": (53.75, "2009-12-25"),
    "district_rank_3": (5, "2009-12-25"),
    "district_rank_4": (4, "2009-12-25"),
    "road_score_3": (28.13, "2009-12-25"),
    "road_mean_3": ("40.63~41.63", "2009-12-25"),
    "road_gap_3": (13, "2009-12-25"),
    "road_score_4": (32, "2009-12-25"),
    "road_mean_4": (42.28, "2009-12-25"),
    "road_gap_4": (10.28, "2009-12-25"),
    "sanctions": (6, "2009-12-25"),
    "methods": (4, "2009-12-25"),
}
"""What the circular of the quarter prints, and the date for which it prints it."""


@pytest.fixture(scope="module")
def quarter():
    """Play the whole quarter in memory."""
    play = Play(office=open_office(), facts=read_facts())
    play_quarter(play)
    return play


@pytest.fixture(scope="module")
def outcome(quarter):
    """Read what came of the quarter."""
    return outcome_of(quarter.last_desk(), DIRECTORY, HERE / "circular.toml")


@pytest.fixture(scope="module")
def summary(outcome):
    """Give the summary as it is written."""
    return json.loads(json.dumps(summary_of(outcome), ensure_ascii=False))


def test_the_summary_holds_exactly_the_six_sanctions(summary):
    """Kind, unit, role and matters of each are those that the circular prints."""
    told = {
        (s["kind"], s["unit"], s["role"], tuple(i["code"] for i in s["items"]))
        for s in summary["sanctions"]
    }
    assert told == SIX
    assert len(summary["sanctions"]) == 6
    assert all(i["title"] for s in summary["sanctions"] for i in s["items"])


def test_each_sanction_says_why_on_what_basis_and_who_agreed(summary):
    """Both bodies agreed in order, and the excuse that was refused is quoted."""
    for sanction in summary["sanctions"]:
        assert sanction["stage"] == "issued"
        assert [(a["body"], a["on"]) for a in sanction["approvals"]] == [
            ("问责领导小组", "2009-12-28"),
            ("区委常委会", "2009-12-30"),
        ]
        assert len(sanction["basis"]) == 2
    reasons = {s["unit"]: s["reason"] for s in summary["sanctions"]}
    assert reasons["区审批局"] == "因“网络维护”未按时办结行政审批事务"
    assert reasons["区城管局"].endswith("负牵头协调责任")


def test_every_matter_that_was_spared_has_a_reason(summary):
    """No record of a spared matter is without its reason, and nothing is unsure."""
    assert summary["unsure"] == []
    assert all(record["reason"] for record in summary["not_sanctioned"])
    by_code = {
        item["code"]: record
        for record in summary["not_sanctioned"]
        for item in record["items"]
    }
    assert by_code["AZ-03"]["unit"] == "国土分局"
    assert by_code["XF-104"]["unit"] == "簇桥街办"
    assert by_code["CQ-01"]["unit"] == "未明确责任单位"


def test_figures_are_counted_as_of_their_dates(summary):
    """Each figure of the circular follows from the ledgers, for the date it names."""
    told = {
        name: (summary["figures"][name]["value"], summary["figures"][name]["as_of"])
        for name in FIGURES
    }
    assert told == FIGURES
    by_date = {
        name: (value, day)
        for day, figures in summary["as_of"].items()
        for name, value in figures.items()
    }
    assert by_date.items() >= FIGURES.items()


def test_a_share_carries_its_parts(summary):
    """A share says of what it is a share."""
    share = summary["figures"]["livelihood_share"]
    assert (share["numerator"], share["denominator"]) == (40, 65)


def test_the_circular_reconciles_in_itself_in_print_and_with_the_store(
    quarter, outcome
):
    """Sums, shares, differences and ranks hold; so do both prints, and the recount."""
    kinds = {type(relation).__name__ for relation in outcome.circular.relations}
    assert kinds >= {"Sum", "Share", "Difference", "Growth", "Ranking", "Listing"}
    assert len(outcome.circular.relations) >= 24
    assert outcome.holds
    for form in ("markdown", "html"):
        printed = quarter.office.render(outcome.circular, form)
        assert list(outcome.circular.reconcile(text=printed)) == []


def test_no_number_of_the_circular_is_typed():
    """Its sentences hold no digits but dates and names; figures stand in braces."""
    text = (HERE / "circular.toml").read_text(encoding="utf-8")
    told = re.findall(r'"([^"]*[。，；][^"]*)"', text)
    dates = r"\d+月\d+日(至\d+日)?|“188栏目”|老9号|\{[^}]*\}"
    assert told
    assert [one for one in told if re.search(r"\d", re.sub(dates, "", one))] == []


def test_no_rule_names_a_unit_or_a_matter():
    """The policy speaks of categories and roles; bodies stand in approvals alone."""
    policy = (HERE / "policy.toml").read_text(encoding="utf-8")
    bodies = {u.name for u in DIRECTORY.units.values() if u.kind == "body"}
    names = {
        name
        for unit in DIRECTORY.units.values()
        for name in (unit.code, unit.name, *unit.aliases)
    } - bodies
    codes = {fact.row.get("code") for fact in read_facts()}
    titles = {fact.row.get("title") for fact in read_facts()} - {""}
    words = set(re.split(r'[\s"\[\],=]+', policy))
    assert not words & (names | codes | titles)
    assert not [
        name for name in names | titles if re.search("[一-鿿]", name) and name in policy
    ]


def test_what_has_not_happened_is_refused_on_the_first_day(quarter):
    """Shown the whole quarter on the first day, the office takes none of it."""
    ahead = [f for f in read_facts() if f.known > at(date(2009, 10, 2), OPENING)]
    assert len(quarter.refused) >= len(ahead) - 21
    assert all(isinstance(p, Problem) for p in quarter.refused)
    assert quarter.fed == len(read_facts())


def test_nothing_is_quarantined_or_lost(quarter):
    """Every item could be judged on every day, and every notice went out once."""
    assert quarter.counts["quarantined"] == 0
    assert quarter.counts["proposed"] == 6


CHANGES = [
    ("XF-003", "办结", "petitions_closed", 45),
    ("MS-05", "办结", "livelihood_done", 39),
    ("CP-10", "填报指标", "samples", 339),
    ("SB-07", "办结", "insurance_moved", 20),
    ("XF-060", "稳控", "petitions_held", 49),
    ("FW-200", "办结", "services", 535),
]


@pytest.mark.parametrize(("code", "action", "figure", "value"), CHANGES)
def test_a_row_left_out_changes_the_circular(code, action, figure, value):
    """One row less is one less in the figure, and what no longer adds up is named."""
    wanted = {fact.ledger for fact in read_facts() if is_act(fact, code, action)}
    kept = [
        fact
        for fact in read_facts()
        if not is_act(fact, code, action)
        and not is_act(fact, "MS-00", "办结")  # a whole stays open with its part
        and (fact.ledger in wanted or fact.ledger != "07-catalogue")
    ]
    play = Play(office=open_office(), facts=[])
    desk = play.last_desk()
    desk.register(DIRECTORY)
    desk.apply(desk.plan(ledger_of("all", kept)))
    circular = desk.circular(HERE / "circular.toml")

    assert int(str(circular.figures[figure].value)) == value


def test_a_figure_that_its_ledger_no_longer_gives_is_named():
    """A fact that comes in after the circular was made shows when it is recounted."""
    play = Play(office=open_office(), facts=[])
    desk = play.last_desk()
    desk.register(DIRECTORY)
    known = [f for f in read_facts() if f.ledger != "07-catalogue"]
    desk.apply(desk.plan(ledger_of("all", known)))
    made = outcome_of(desk, DIRECTORY, HERE / "circular.toml")
    desk.reopen("MS-05", reason="质量不合格", effective_at=date(2009, 11, 27))

    named = {fault.figure for fault in desk.recount(made.circular)}
    assert {"livelihood_done", "livelihood_open", "livelihood_share"} <= named


def test_the_screen_keeps_to_eighty_columns(quarter, outcome):
    """No line is wider than the terminal, and each unit that is sanctioned is named."""
    stream = io.StringIO()
    show(Console(file=stream, width=WIDTH), quarter, outcome, Path("build/demo"))
    lines = stream.getvalue().splitlines()

    assert max(map(cell_len, lines)) <= WIDTH
    assert all(unit in stream.getvalue() for _, unit, _, _ in SIX)


@pytest.mark.long
def test_the_demo_writes_the_same_twice(tmp_path, capsys, summary):
    """On SQLite, twice into one folder: every text is the same, and the summary too."""
    names = [name for name in FILES if not name.endswith(".db")]

    def texts():
        assert demo.main(["--into", str(tmp_path)]) == 0
        return {name: (tmp_path / name).read_bytes() for name in names}

    first = texts()
    assert texts() == first
    assert json.loads(first["summary.json"]) == summary
    assert all(first.values())
    assert "summary.json" in capsys.readouterr().out
