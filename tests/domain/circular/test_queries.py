"""Counting: each query answered from the matters as they stood."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from duban_flow.domain.case import Entry, Facts, Round
from duban_flow.domain.circular.asked import (
    CountQuery,
    DifferenceQuery,
    GrowthQuery,
    PaceQuery,
    RoundPart,
    RoundQuery,
    ShareQuery,
    SumQuery,
    TimesQuery,
    UnitsQuery,
)
from duban_flow.domain.circular.queries import recount
from duban_flow.domain.circular.shares import Shares
from duban_flow.domain.instants import Span
from duban_flow.domain.quantities import Interval, Measure, Reading
from duban_flow.domain.units import Role
from duban_flow.errors import Invalid
from tests.domain.circular.matters import (
    AS_OF,
    CHINA,
    at,
    conditions,
    filled,
    item,
    reads,
    spec,
)


class TestCount:
    """How many matters meet the conditions."""

    PETITIONS = (
        item("A-1", category="petition", end="2009-12-01", labels=["协调"]),
        item("A-2", category="petition", labels=["协调", "重点"]),
        item("A-3", category="petition", end="2009-12-02", how="transfer_out"),
        item("B-1", category="land", parties={Role.LEAD: "jh"}, parent="id-B"),
    )

    @pytest.mark.parametrize(
        ("asked", "count"),
        [
            (["category is petition"], 3),
            (["category is petition", "closed"], 2),
            (["category is petition", "label is 重点"], 1),
            (["label in 重点, 协调"], 2),
            (["ended is transfer_out"], 1),
            (["lead is 金花桥街办"], 1),
            (["responsible is wh"], 3),
            (["unit is 金花桥街办"], 1),
            (["assisting is wh"], 0),
            (["code is B-1"], 1),
            (["synthetic"], 0),
            (["part"], 1),
            (["not part"], 3),
            ([], 4),
        ],
    )
    def test_counts_those_that_meet_every_condition(self, asked, count):
        """Category, state, labels, source, units in their roles, by code or by name."""
        told = filled(reads(*self.PETITIONS), spec("n", CountQuery(conditions(*asked))))

        assert str(told.figures.n) == f"{count}件"
        assert told.figures.n.as_of == AS_OF

    def test_an_undecided_matter_is_not_counted_but_told(self):
        """A closing known only as a range leaves a count unsure within it."""
        mid = Span.of_days(date(2009, 12, 11), date(2009, 12, 20), CHINA.tz)
        open_or_not = item("A-4", category="petition", end=mid)
        asked = CountQuery(conditions("category is petition", "closed"))
        told = filled(
            reads(*self.PETITIONS, open_or_not), spec("n", asked, label="办结")
        )

        assert (str(told.figures.n), told.figures.n.unsure) == ("2件", 1)
        assert [fault.code for fault in told.reconcile()] == ["figure.unsure"]

    def test_what_is_false_beside_what_is_unknown_is_false(self):
        """One condition that fails decides, whatever another leaves open."""
        mid = Span.of_days(date(2009, 12, 11), date(2009, 12, 20), CHINA.tz)
        asked = CountQuery(conditions("closed", "category is land"))
        told = filled(
            reads(item("A-4", category="petition", end=mid)), spec("n", asked)
        )

        assert (str(told.figures.n), told.figures.n.unsure) == ("0件", 0)

    def test_units_are_counted_once(self):
        """The units in a role, each once, whatever they have in hand."""
        asked = UnitsQuery(conditions("category is petition"), Role.RESPONSIBLE)
        told = filled(reads(*self.PETITIONS), spec("n", asked, measure_unit="家"))

        assert str(told.figures.n) == "1家"

    def test_moves_of_targets_are_added(self):
        """How often targets were moved stays visible."""
        plot = item("P-1", category="demolition", rebaselined=3)
        asked = TimesQuery(conditions("category is demolition"))

        assert str(filled(reads(plot), spec("n", asked)).figures.n) == "3次"


class TestSum:
    """What a measure adds up to."""

    AREA = Measure("面积", "亩", target="30")

    def facts(self, *actual: str, **more: Any) -> Facts:
        """Give readings of the area, one a day from 1 December on."""
        return Facts(
            readings=tuple(
                Reading(
                    name="面积",
                    actual=value,
                    measure_unit=more.get("unit", "亩"),
                    as_of=at(f"2009-12-{i:02}"),
                    target=more.get("target"),
                    scheduled=more.get("scheduled"),
                )
                for i, value in enumerate(actual, 1)
            )
        )

    def test_adds_the_last_readings(self):
        """The last reading by the date counts, in the unit it was taken in."""
        told = filled(
            reads(
                *(item(code, measures=[self.AREA]) for code in ("P-1", "P-2")),
                facts={"P-1": self.facts("10", "20.5"), "P-2": self.facts("51.8")},
            ),
            spec("n", SumQuery((), "面积")),
        )

        assert str(told.figures.n) == "72.3亩"
        assert told.figures.n.unsure == 0

    def test_an_unread_measure_is_unsure(self):
        """A matter that has the measure and no reading is told; others do not count."""
        told = filled(
            reads(item("P-1", measures=[self.AREA]), item("P-2")),
            spec("n", SumQuery((), "面积")),
        )

        assert (str(told.figures.n), told.figures.n.unsure) == ("0亩", 1)

    def test_targets_come_from_the_reading_or_the_measure(self):
        """What was aimed at stands in the reading, else in the measure."""
        told = filled(
            reads(
                item("P-1", measures=[self.AREA]),
                item("P-2"),
                facts={"P-2": self.facts("1", target="12.5", scheduled="6")},
            ),
            spec("target", SumQuery((), "面积", "target")),
            spec("scheduled", SumQuery((), "面积", "scheduled")),
        )

        assert str(told.figures.target) == "42.5亩"
        assert str(told.figures.scheduled) == "6亩"
        assert told.figures.scheduled.unsure == 1

    def test_two_units_are_not_added(self):
        """亩 and 公顷 have no sum."""
        cases_at = reads(
            item("P-1"),
            item("P-2"),
            facts={"P-1": self.facts("1"), "P-2": self.facts("1", unit="公顷")},
        )

        with pytest.raises(Invalid, match="several units: 亩、公顷"):
            filled(cases_at, spec("n", SumQuery((), "面积")))


class TestFollowing:
    """Figures that follow from others."""

    HALVES = (
        spec("now", stated="60.4594", measure_unit="亿元"),
        spec("before", stated="56.5147", measure_unit="亿元"),
    )

    def test_a_share_keeps_what_it_was_divided_from(self):
        """40 of 65 prints as 61.54 %, with both numbers, and is checked as a share."""
        told = filled(
            reads(),
            spec("done", stated="40", measure_unit="项"),
            spec("all", stated="65", measure_unit="项"),
            spec("share", ShareQuery("done", "all")),
            spec("rough", ShareQuery("done", "all"), places=0),
        )

        share = told.figures.share
        assert (str(share), str(told.figures.rough)) == ("61.54%", "62%")
        assert (str(share.numerator), str(share.denominator)) == ("40", "65")
        assert told.reconcile() == ()
        assert len(told.relations) == 2

    def test_growth_and_difference(self):
        """6.98 % of growth, and a difference in its own unit."""
        told = filled(
            reads(),
            *self.HALVES,
            spec("growth", GrowthQuery("now", "before")),
            spec("more", DifferenceQuery("now", "before")),
        )

        assert str(told.figures.growth) == "6.98%"
        assert str(told.figures.more) == "3.9447亿元"
        assert told.reconcile() == ()

    def test_a_difference_of_shares_is_in_points(self):
        """A per cent less a per cent is points."""
        told = filled(
            reads(),
            spec("pace", PaceQuery("day"), as_of=date(2009, 12, 17)),
            spec("share", stated="95.52", measure_unit="%"),
            spec("behind", DifferenceQuery("pace", "share"), places=2),
            spec("months", PaceQuery("month"), as_of=date(2009, 7, 31)),
        )

        assert [str(f) for f in told.figures.values()] == [
            *("96.16%", "95.52%", "0.64个百分点", "58.33%"),
        ]
        pace = told.figures.pace
        assert (str(pace.numerator), str(pace.denominator)) == ("351", "365")
        assert told.reconcile() == ()

    def test_ranges_stay_ranges_unless_they_round_to_one(self):
        """A base known as a range gives a share as wide, printed as one where it is."""
        told = filled(
            reads(),
            spec("part", stated="60.4594", measure_unit="亿元"),
            spec("whole", stated="63.2917~63.2984", measure_unit="亿元"),
            spec("share", ShareQuery("part", "whole"), places=1),
            spec("growth", GrowthQuery("whole", "part"), places=4),
            spec("less", DifferenceQuery("whole", "part"), places=1),
        )

        assert str(told.figures.share) == "95.5%"
        assert str(told.figures.growth) == "4.6846~4.6957%"
        assert str(told.figures.less) == "2.8亿元"
        assert told.figures.share.numerator is None

    def test_a_circle_is_refused(self):
        """Two shares of each other have no beginning."""
        specs = (spec("a", ShareQuery("b", "a")), spec("b", ShareQuery("a", "b")))

        with pytest.raises(Invalid, match="circle: a → b → a"):
            filled(reads(), *specs)

    def test_a_share_of_nothing_is_refused(self):
        """Of no matters there is no share."""
        specs = (spec("n", CountQuery(())), spec("s", ShareQuery("n", "n")))

        with pytest.raises(Invalid, match="no data yet") as caught:
            filled(reads(), *specs)
        assert "暂无数据" in caught.value.text()

    def test_a_share_of_what_may_be_nothing_is_refused(self):
        """Of an amount that is only known to lie between 0 and 5 there is no share."""
        specs = (
            spec("part", stated="1", measure_unit="亿元"),
            spec("whole", stated="0~5", measure_unit="亿元"),
            spec("share", ShareQuery("part", "whole")),
        )

        with pytest.raises(Invalid, match="can be zero") as caught:
            filled(reads(), *specs)
        assert caught.value.code == "figure.zero"
        assert "可能为零" in caught.value.text()

    def test_what_is_unsure_of_its_parts_is_unsure_of_the_whole(self):
        """A share of an unsure count is unsure as well."""
        mid = Span.of_days(date(2009, 12, 11), date(2009, 12, 20), CHINA.tz)
        told = filled(
            reads(item("A-1", end=mid), item("A-2")),
            *(
                spec("all", CountQuery(())),
                spec("done", CountQuery(conditions("closed"))),
            ),
            spec("share", ShareQuery("done", "all")),
        )

        assert told.figures.share.unsure == 1

    def test_shares_are_closed_where_it_is_asked(self):
        """Three thirds add up to 100, and still do when they are counted again."""
        names = ("a", "b", "c")
        closing = Shares("all", {f"{n}_share": n for n in names}, "largest_remainder")
        counts = [spec(n, CountQuery(conditions(f"label is {n}"))) for n in names]
        shares = [spec(f"{n}_share", ShareQuery(n, "all"), places=0) for n in names]
        cases_at = reads(*(item(f"A-{n}", labels=[n]) for n in names))
        told = filled(
            cases_at,
            *(spec("all", CountQuery(())), *counts, *shares),
            blocks=(closing, Shares("all", {"a_share": "a"})),
        )

        assert [str(told.figures[f"{n}_share"]) for n in names] == ["34%", "33%", "33%"]
        assert recount(told, cases_at, calendar=CHINA) == ()


class TestRound:
    """What a round of an evaluation gave."""

    THIRD = Round(
        ordinal=3,
        on=date(2009, 10, 30),
        entries=(Entry("一环路", score="28.13", rank=5), Entry("二环路")),
        mean=Interval("40.63", "41.63"),
        effective_at=at("2009-10-30"),
    )

    def asked(
        self, what: RoundPart, code: str = "E-1", ordinal: int = 3, **fields: Any
    ) -> str:
        """Ask for one number of a round, as it is printed."""
        cases_at = reads(
            item("E-1", title="一环路"),
            item("E-2", title="二环路"),
            item("E-3", title="三环路"),
            facts=dict.fromkeys(("E-1", "E-2", "E-3"), Facts(rounds=(self.THIRD,))),
        )
        query = RoundQuery(conditions(f"code is {code}"), ordinal, what)
        return str(filled(cases_at, spec("n", query, **fields)).figures.n)

    def test_score_rank_mean_and_gap(self):
        """Each is read of the one matter; a gap of a range may be printed as one."""
        assert self.asked("score") == "28.13分"
        assert self.asked("rank") == "5名"
        assert self.asked("mean") == "40.63~41.63分"
        assert self.asked("gap") == "12.50~13.50分"
        assert self.asked("gap", places=0) == "13分"

    @pytest.mark.parametrize(
        ("what", "code", "ordinal", "wanted"),
        [
            ("score", "E-2", 3, "E-2 has no score in round 3"),
            ("rank", "E-3", 3, "E-3 has no rank in round 3"),
            ("score", "E-1", 4, "E-1 has no score in round 4"),
            ("score", "E-9", 3, "found: none"),
        ],
    )
    def test_what_is_not_there_is_refused(self, what, code, ordinal, wanted):
        """A matter without a number in that round, or no such matter, is named."""
        with pytest.raises(Invalid, match=wanted):
            self.asked(what, code, ordinal)

    def test_two_matters_have_no_one_score(self):
        """Conditions that two matters meet do not say which is meant."""
        cases_at = reads(item("E-1"), item("E-2"))

        with pytest.raises(Invalid, match="found: E-1、E-2"):
            filled(cases_at, spec("n", RoundQuery((), 3, "score")))
