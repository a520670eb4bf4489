"""Circulars as they were printed: what holds passes, and its faults are found."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from duban_flow.domain.circular.circular import Circular
from duban_flow.domain.circular.contents import walk
from duban_flow.domain.circular.figure import Figure
from duban_flow.domain.circular.pace import by_day
from duban_flow.domain.circular.ranking import Ranking
from duban_flow.domain.circular.relations import Listing, Share, Sum
from duban_flow.domain.time.calendar import WorkCalendar
from tests.domain.circular.founding import CALLS, STRATA, circular

FOLDER = Path(__file__).parents[2] / "data" / "circulars"


def facts(number: str) -> Any:
    """Read the facts of one circular."""
    return json.loads((FOLDER / f"{number}.json").read_text("utf-8"))["facts"]


class TestFounding:
    """The founding circular: every invariant of its figures."""

    def test_everything_holds(self):
        """Its sums, shares, growths, gaps, ranks and lists all agree."""
        result = circular().reconcile()

        assert not result
        assert len(result.checks) > 100
        assert f"核对{len(result.checks)}项，全部相符。" == str(result)

    @pytest.mark.parametrize(
        "name",
        [
            *("petitions", "handled", "handled_closed", "handled_open"),
            *("kept", "kept_moved", "kept_here", "parcels", "listed", "waiting"),
            *("dated", "examined", "filed", "samples", "gathered", "deputies"),
            *(name for name, _, _ in (*STRATA, *CALLS)),
            *("livelihood", "livelihood_done", "livelihood_left", "moved", "health"),
            *("sanctions", "prompts", "warnings"),
        ],
    )
    def test_any_count_that_is_one_off_is_found(self, name):
        """No count can be changed by one without a fault that follows from it."""
        told = circular()
        by_one = {name: int(told.figures[name].number_text) + 1}
        faults = changed(told, by_one).reconcile()

        assert faults
        assert all(fault.said != fault.follows for fault in faults)

    @pytest.mark.parametrize(
        ("name", "value", "follows"),
        [
            ("livelihood_share", "62.54", "61.54%"),
            ("moved_share", "52.4", "52.5%"),
            ("pace", "96.15", "96.16%"),
            ("fourth_gap", "10.38", "10.28分"),
            ("revenue_growth", "6.99", "6.98%"),
            ("local_behind", "5.29", "5.19个百分点"),
        ],
    )
    def test_a_wrong_quotient_or_difference_is_named(self, name, value, follows):
        """A share, a growth, a pace or a gap that is off says what it should be."""
        faults = changed(circular(), {name: value}).reconcile()

        assert (name, follows) in [(fault.figure, fault.follows) for fault in faults]

    def test_pace_of_its_date(self):
        """17 December is day 351 of 365, 96.16 % of the year."""
        assert (
            str(circular().figures.pace) == f"{by_day(date(2009, 12, 17)).percent()}%"
        )

    def test_figures_stand_under_the_date_of_their_section(self):
        """Five dates appear in one circular, each figure under its own."""
        dates = {f.as_of for f in circular().figures.values() if f.as_of}

        assert {date(2009, 12, d) for d in (15, 17, 21)} < dates
        assert date(2009, 11, 30) in dates


def changed(told: Circular, values: dict[str, Any]) -> Circular:
    """Give a flat circular with some figures changed, and all its relations."""
    figures = [content for content, _ in walk(told.contents)]
    contents = [
        evolve(figure, value=values.get(figure.name, figure.value))
        for figure in figures
        if isinstance(figure, Figure)
    ]
    return Circular("改", [*contents, *told.relations])


class TestCounty05:
    """A county's report on 43 decisions: two faults in eleven lines, no more."""

    def printed(self, staged: int, building: int) -> Circular:
        """Give the circular as it was printed, but for two of its numbers."""
        said = facts("05")
        hostel = next(f for f in said["flagged"] if "passed" in f)
        bonds = next(f for f in said["flagged"] if "县自然资源局" in f)["县自然资源局"]
        pressing = said["doing_detail"]["需要加快推进"]
        return Circular(
            "落实情况通报",
            [
                Figure("items", said["items"], "件"),
                Figure("done", said["done"], "件"),
                Figure("doing", said["doing"], "件"),
                Figure("done_share", said["pct"]["done"], "%"),
                Figure("doing_share", said["pct"]["doing"], "%"),
                Figure("staged", staged, "件"),
                Figure("pressing", pressing, "件"),
                Figure("hostel", hostel["total"], "个"),
                Figure("hostel_passed", hostel["passed"], "个"),
                Figure("hostel_building", building, "个"),
                Figure("bonds", bonds["projects"], "个"),
                Figure("bonds_started", bonds["started"], "个"),
                Figure("bonds_not_started", bonds["not_started"], "个"),
                Sum("items", ["done", "doing"]),
                Share("done_share", part="done", whole="items"),
                Share("doing_share", part="doing", whole="items"),
                Sum("doing", ["staged", "pressing"]),
                Sum("hostel", ["hostel_passed", "hostel_building"]),
                Sum("bonds", ["bonds_started", "bonds_not_started"]),
            ],
        )

    def test_exactly_its_two_faults_are_found(self):
        """25 and 3 are 28 and not 27; 8 and 11 are 19 and not 18."""
        faults = self.printed(staged=25, building=11).reconcile()

        assert [(fault.figure, fault.said, fault.follows) for fault in faults] == [
            ("doing", "27件", "28件"),
            ("hostel", "18个", "19个"),
        ]

    def test_mended_it_has_none(self):
        """With one matter and one site less, everything holds."""
        assert self.printed(staged=24, building=10).reconcile() == ()


class TestCity14:
    """A city's ranking of eight counties, two of them third."""

    def test_the_tie_passes(self):
        """1, 2, 3, 3, 5 to 8 is a ranking of eight."""
        ranking = Ranking("综合排名", facts("14")["ranking"])

        assert len(ranking.entries) == 8
        assert Circular("进度", [ranking]).reconcile() == ()

    @pytest.mark.parametrize("changes", [{5: 4}, {3: 4}, {8: 9}])
    def test_a_wrong_tie_fails(self, changes):
        """A fourth after two thirds, two fourths, or a ninth of eight is a fault."""
        entries = [
            (changes.get(rank, rank), who) for rank, who in facts("14")["ranking"]
        ]

        assert Circular("进度", [Ranking("综合排名", entries)]).reconcile()

    def test_the_lagging_are_counted(self):
        """Seven projects lag, and five of them name one county."""
        lagging = facts("14")["lagging"]
        who = [one["project"] for one in lagging if "舒城县" in one["who"]]

        assert (
            Circular(
                "进度",
                [
                    Listing("滞后", 7, [p["project"] for p in lagging]),
                    Listing("舒城县", len(who), who),
                ],
            ).reconcile()
            == ()
        )


class TestCity19:
    """A city's cards: thirteen yellow and five red."""

    def test_its_counts_stand_in_its_text(self):
        """A text with the two counts passes; one more card does not."""
        counts = facts("19")["counts"]
        told = Circular(
            "预警",
            [Figure("yellow", counts["黄"], "张"), Figure("red", counts["红"], "张")],
        )

        assert told.reconcile("2018年挂黄牌13张、红牌5张。") == ()
        (fault,) = told.reconcile("2018年挂黄牌13张、红牌6张。")
        assert (fault.said, fault.code) == ("6张", "text.number")


class TestCity01:
    """A city's seven matters due on one day, several of them under one unit."""

    def test_counts_by_unit_make_up_the_whole(self):
        """Six matters are printed: two closed, four overdue, in four units."""
        said = facts("01")
        by_unit = said["by_unit"]
        closed = [u.get("closed", 0) for u in by_unit.values()]
        overdue = [u.get("overdue", 0) for u in by_unit.values()]
        told = Circular(
            "督查结果",
            [
                Figure("all", len(said["items"]), "件"),
                Figure("closed", 2, "件"),
                Figure("overdue", 4, "件"),
                Sum("closed", closed),
                Sum("overdue", overdue),
                Sum("all", ["closed", "overdue"]),
                Listing("责任单位", 4, list(by_unit)),
            ],
        )

        assert told.reconcile() == ()

    def test_days_overdue_are_four_by_either_count(self):
        """30 June to 4 July 2014 is four days, all of them worked."""
        calendar = WorkCalendar.china()
        due, on = calendar.closes(date(2014, 6, 30)), calendar.closes(date(2014, 7, 4))
        wanted = facts("01")["days_overdue_on_last_inspection_day"]

        assert (wanted["natural"],) * 2 == calendar.days_late(due, on)
        assert (wanted["working"],) * 2 == calendar.workdays_late(due, on)
