"""Relations: what holds passes, what does not is named with both sides."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from duban_flow.domain.circular.asked import CountQuery
from duban_flow.domain.circular.figure import Counted, Figure, Figures, rounded
from duban_flow.domain.circular.ranking import Place, Ranking, competition_ranks
from duban_flow.domain.circular.relations import Difference, Growth, Listing, Share, Sum
from duban_flow.domain.circular.shares import Shares, largest_remainder
from duban_flow.domain.quantities import Interval
from duban_flow.errors import Invalid

NONE = Figures()
counts = st.integers(0, 5000)


def sides(relation, *figures):
    """Give what was said and what follows, fault by fault."""
    return [(f.said, f.follows) for f in relation.check(Figures(figures))]


class TestSum:
    """Parts and their total."""

    def test_counts_are_exact(self):
        """A count that is one off is a fault, however many parts there are."""
        figures = (Figure("all", 28, "件"), Figure("a", 24, "件"), Figure("b", 3, "件"))

        assert sides(Sum("all", ["a", "b"]), *figures) == [("28件", "27件")]

    def test_rounded_parts_are_ranges(self):
        """12.57 and 3.2 may add up to 15.8, not to 15.9."""
        parts = (Figure("a", "12.57", "万平方米"), Figure("b", "3.2", "万平方米"))
        total = Sum("all", ["a", "b"])

        assert sides(total, Figure("all", "15.8", "万平方米"), *parts) == []
        assert sides(total, Figure("all", "15.9", "万平方米"), *parts) == [
            ("15.9万平方米", "15.8万平方米")
        ]

    def test_a_whole_number_beside_decimals_may_be_rounded(self):
        """53 of 20.36 and 32.41 is right where nothing is counted one by one."""
        money = [Figure(n, v, "亿元") for n, v in (("a", "20.36"), ("b", "32.41"))]

        assert sides(Sum("all", ["a", "b"]), Figure("all", 53, "亿元"), *money) == []
        assert sides(Sum("all", ["a", "b"]), Figure("all", 54, "亿元"), *money) != []

    def test_a_whole_part_beside_decimals_is_exact(self):
        """20 and 51.8 are 71.8, not 72.2: a dropped nought is not a rounding."""
        parts = (Figure("a", 20, "亩"), Figure("b", "51.8", "亩"))

        assert sides(Sum("all", ["a", "b"]), Figure("all", "71.8", "亩"), *parts) == []
        assert sides(Sum("all", ["a", "b"]), Figure("all", "72.2", "亩"), *parts) == [
            ("72.2亩", "71.8亩")
        ]

    def test_a_part_in_a_larger_scale_may_be_rounded(self):
        """3万户 and 2400户 may be 32 100户, not 38 000户."""
        parts = (Figure("a", 3, "万户"), Figure("b", 2400, "户"))

        assert sides(Sum("all", ["a", "b"]), Figure("all", 32100, "户"), *parts) == []
        assert sides(Sum("all", ["a", "b"]), Figure("all", 38000, "户"), *parts) == [
            ("38000户", "32400户")
        ]

    def test_scales_are_multiplied_out(self):
        """万户 and 户 add up."""
        parts = (Figure("a", 10000, "户"), Figure("b", 2400, "户"))

        assert (
            sides(Sum("all", ["a", "b"]), Figure("all", "1.24", "万户"), *parts) == []
        )
        assert sides(Sum("all", ["a", "b"]), Figure("all", "1.34", "万户"), *parts) == [
            ("1.34万户", "1.24万户")
        ]

    def test_ranges_add_up_to_a_range(self):
        """A part that is only known as a range makes a range of the sum."""
        parts = (Figure("a", Interval(1, 3), "件"), Figure("b", 4, "件"))

        assert sides(Sum("all", ["a", "b"]), Figure("all", 9, "件"), *parts) == [
            ("9件", "5~7件")
        ]

    def test_no_parts_are_nothing(self):
        """A total of no parts is nought."""
        assert sides(Sum("all", []), Figure("all", 3, "件")) == [("3件", "0件")]

    def test_a_number_may_stand_for_itself(self):
        """A part that no figure carries is given as a number."""
        assert sides(Sum("all", [40, "b"]), Figure("all", 43), Figure("b", 3)) == []
        assert str(Sum("all", [40, "b"])) == "all = 40 + b"

    def test_names_the_figure_in_both_languages(self):
        """A fault says the figure, what stood there and what its parts come to."""
        figures = [Figure("doing", 27, "件", label="在办")]
        (fault,) = Sum("doing", [25, 3]).check(Figures(figures))

        assert fault.text("en") == "在办(doing): said 27件, but 25 + 3 = 28件."
        assert str(fault) == "“在办(doing)”写作27件，而25 + 3 = 28件。"
        assert (fault.figure, fault.code) == ("doing", "figure.sum")
        assert fault.to_dict("en")["follows"] == "28件"

    @given(st.lists(counts, min_size=1, max_size=8), st.integers(-3, 3))
    def test_finds_any_wrong_total_of_counts(self, parts, off):
        """A total is found wrong exactly where it is wrong."""
        total = Figure("all", sum(parts) + off, "件")

        assert bool(off) == bool(Sum("all", parts).check(Figures([total])))

    @given(st.lists(st.decimals(0, 999, places=4), min_size=1, max_size=6))
    def test_never_blames_honest_rounding(self, parts):
        """Parts and total that were each rounded plainly never disagree."""
        printed = [
            Figure(f"p{i}", rounded(p, 2), "亩", rounding=2)
            for i, p in enumerate(parts)
        ]
        total = Figure("all", rounded(sum(parts, Decimal(0)), 2), "亩", rounding=2)

        assert (
            Sum("all", [f.name for f in printed]).check(Figures([total, *printed]))
            == ()
        )


class TestShare:
    """A share of a whole."""

    @pytest.mark.parametrize(
        ("printed", "part", "whole", "follows"),
        [
            ("61.54", 40, 65, None),
            ("52.5", 21, 40, None),
            ("37", 16, 43, None),
            ("63", 27, 43, None),
            ("12.5", 1, 8, None),
            ("13", 1, 8, None),
            ("12", 1, 8, "13%"),
            ("38", 16, 43, "37%"),
            ("61.53", 40, 65, "61.54%"),
        ],
    )
    def test_is_rounded_plainly(self, printed, part, whole, follows):
        """Halves go up; the last printed place decides."""
        found = sides(
            Share("s", part=part, whole=whole), Figure("s", printed, "%", rounding=None)
        )

        assert ([] if follows is None else [(f"{printed}%", follows)]) == found

    def test_of_a_range_is_a_range(self):
        """A base known only as a range allows every share in it, and no other."""
        base = Figure("base", Interval("63.2917", "63.2984"), "亿元")
        part = Figure("part", "60.4594", "亿元")
        share = Share("s", part="part", whole="base")

        assert sides(share, Figure("s", "95.52", "%"), part, base) == []
        assert sides(share, Figure("s", "95.54", "%"), part, base) == [
            ("95.54%", "95.51~95.53%")
        ]

    def test_of_what_may_be_zero_is_named(self):
        """A base that can be zero has no shares."""
        (fault,) = Share("s", part=1, whole="base").check(
            Figures([Figure("s", 1, "%"), Figure("base", 0, "件")])
        )

        assert fault.code == "figure.zero"
        assert "base may be zero" in fault.text("en")

    def test_without_a_per_cent_is_a_ratio(self):
        """A figure in no unit is the quotient itself."""
        assert sides(Share("s", part=1, whole=4), Figure("s", "0.25")) == []
        assert str(Share("s", part=1, whole=4)) == "s = 1 ÷ 4"

    def test_a_printed_range_need_only_meet_the_result(self):
        """A share printed as a range is right where the two overlap."""
        share = Share("s", part=Figure("", Interval(3, 4), "亩"), whole=9)

        assert sides(share, Figure("s", Interval(44, 46), "%")) == []
        assert sides(share, Figure("s", Interval(45, 46), "%")) == [
            ("45~46%", "33~44%")
        ]

    @given(counts, st.integers(1, 5000), st.integers(0, 3))
    def test_passes_exactly_what_plain_rounding_prints(self, part, whole, places):
        """Of the shares near it, only the plainly rounded one passes."""
        right = rounded(Decimal(part) * 100 / whole, places)
        wrong = right + Decimal(1).scaleb(-places)
        share = Share("s", part=part, whole=whole)

        assert sides(share, Figure("s", right, "%", rounding=places)) == []
        assert sides(share, Figure("s", wrong, "%", rounding=places)) != []


class TestDifference:
    """One figure less another."""

    def test_reads_a_gap_as_a_gap(self):
        """Below the mean by 13, printed without decimals, fits a mean of 41.13."""
        mean, score = Figure("mean", "41.13", "分"), Figure("score", "28.13", "分")
        gap = Difference("gap", minuend="mean", subtrahend="score")

        assert sides(gap, Figure("gap", 13, "分", rounding=0), mean, score) == []
        assert sides(gap, Figure("gap", 15, "分", rounding=0), mean, score) == [
            ("15分", "13分")
        ]
        assert str(gap) == "gap = mean − score"


class TestGrowth:
    """Now over before, less one."""

    def test_is_the_quotient_less_one(self):
        """6.98 % on 56.5147 gives 60.4594."""
        growth = Growth("g", now="now", before="before")
        figures = (
            Figure("now", "60.4594", "亿元"),
            Figure("before", "56.5147", "亿元"),
        )

        assert sides(growth, Figure("g", "6.98", "%"), *figures) == []
        assert sides(growth, Figure("g", "7.98", "%"), *figures) == [("7.98%", "6.98%")]
        assert str(growth) == "g = now ÷ before − 1"

    def test_from_nothing_is_named(self):
        """What was nothing before has no growth."""
        assert sides(Growth("g", now=3, before=0), Figure("g", 5, "%")) == [("5%", "")]


class TestShares:
    """Shares of one whole."""

    THIRDS = ("a", "b", "c")

    def shares(self, printed, closing, whole=3):
        """Check three equal parts, printed like this."""
        parts = dict.fromkeys(self.THIRDS, 1)
        figures = [Figure(n, p, "%") for n, p in zip(self.THIRDS, printed, strict=True)]
        return sides(Shares(whole, parts, closing=closing), *figures)

    def test_each_is_rounded_plainly_by_default(self):
        """33, 33 and 33 are right; 34 is not."""
        assert self.shares((33, 33, 33), "") == []
        assert self.shares((34, 33, 33), "") == [("34%", "33%")]

    def test_closing_adds_up_to_100(self):
        """Any one of three equal parts may be rounded up, and one must be."""
        assert self.shares((34, 33, 33), "largest_remainder") == []
        assert self.shares((33, 33, 34), "largest_remainder") == []
        assert self.shares((33, 33, 33), "largest_remainder") == [("33%", "34%")]
        assert self.shares((32, 34, 34), "largest_remainder") != []
        assert self.shares((35, 33, 32), "largest_remainder") != []

    def test_closing_rounds_up_the_largest_remainder(self):
        """A smaller remainder does not go up before a larger one."""
        parts = {"a": 17, "b": 16, "c": 10}
        right = [Figure("a", 40, "%"), Figure("b", 37, "%"), Figure("c", 23, "%")]
        wrong = [Figure("a", 39, "%"), Figure("b", 38, "%"), Figure("c", 23, "%")]
        shares = Shares(43, parts, closing="largest_remainder")

        assert sides(shares, *right) == []
        assert sides(shares, *wrong) == [("39%", "40%"), ("38%", "37%")]

    def test_closing_wants_the_whole(self):
        """Parts that leave something over cannot be closed to 100."""
        found = self.shares((33, 33, 34), "largest_remainder", whole=4)

        assert found == [("4", "3")]

    def test_of_nothing_are_nothing(self):
        """Of no matters at all, every share is nought."""
        shares = Shares(0, {"a": 0}, closing="largest_remainder")

        assert sides(shares, Figure("a", 0, "%")) == []
        assert sides(shares, Figure("a", 5, "%")) != []

    def test_say_how_they_were_closed(self):
        """A reader is told where shares were made to add up."""
        assert (
            "按最大余数法取整" in Shares(3, {"a": 3}, closing="largest_remainder").note
        )
        assert Shares(3, {"a": 3}).note == ""
        assert "合计为100%" in str(Shares(3, {"a": 3}, closing="largest_remainder"))
        assert str(Shares("all", {"a": 3})) == "a = 各部分 ÷ all"

    @given(st.lists(counts, min_size=1, max_size=8), st.integers(0, 3))
    def test_largest_remainder_closes_and_passes_its_own_check(self, parts, places):
        """What is shared out adds up to 100, near each quotient, and is accepted."""
        assume(sum(parts))
        names = [f"s{i}" for i in range(len(parts))]
        made = largest_remainder([Decimal(p) for p in parts], places)
        figures = [
            Figure(n, v, "%", rounding=places) for n, v in zip(names, made, strict=True)
        ]
        pairs = dict(zip(names, parts, strict=True))
        exact = [Decimal(p) * 100 / sum(parts) for p in parts]

        assert sum(made) == 100
        assert all(
            abs(m - e) < Decimal(1).scaleb(-places)
            for m, e in zip(made, exact, strict=True)
        )
        assert (
            sides(Shares(sum(parts), pairs, closing="largest_remainder"), *figures)
            == []
        )

    def test_largest_remainder_of_nothing(self):
        """Nothing is shared out as nothing."""
        assert (Decimal("0.0"), Decimal("0.0")) == largest_remainder(
            [Decimal(0), Decimal(0)], 1
        )


class TestRanking:
    """Ranks with ties."""

    def test_a_tie_leaves_out_the_next_rank(self):
        """1, 2, 2, 4 is right and 1, 2, 2, 3 is not."""
        right = Ranking("进度", [(1, "甲"), (2, "乙"), (2, "丙"), (4, "丁")])
        wrong = Ranking("进度", [(1, "甲"), (2, "乙"), (2, "丙"), (3, "丁")])
        (fault,) = wrong.check(NONE)

        assert right.check(NONE) == ()
        assert (fault.figure, fault.said, fault.follows) == ("进度", "3", "4")
        assert "丁写作第3名，而其前有3个，应为第4名" in str(fault)
        assert "丁 is said to be number 3, but 3 stand before it" in fault.text("en")
        assert str(right) == "进度：4个名次"

    def test_a_missing_rank_is_found(self):
        """1, 3 is wrong where nobody shares the first place."""
        assert sides(Ranking("r", [(1, "甲"), (3, "乙")])) == [("3", "2")]

    def test_scores_decide(self):
        """Ranks that are right among themselves may still contradict the scores."""
        entries = [(1, "甲", 80), (2, "乙", 90), (3, "丙", 70)]

        assert sides(Ranking("r", entries)) == [("1", "2"), ("2", "1")]

    def test_equal_scores_share_a_rank(self):
        """Two equal scores at two ranks are a fault of the later one."""
        assert sides(Ranking("r", [(1, "甲", 90), (2, "乙", 80), (3, "丙", 80)])) == [
            ("3", "2")
        ]

    def test_lowest_may_be_first(self):
        """Where less is better, the least score is first."""
        entries = [(1, "甲", 10), (2, "乙", 20)]

        assert sides(Ranking("r", entries, order="lowest")) == []
        assert len(sides(Ranking("r", entries))) == 2

    def test_one_missing_score_leaves_the_ranks_to_themselves(self):
        """Scores are only compared where everybody has one."""
        assert sides(Ranking("r", [(1, "甲", 10), (2, "乙")])) == []

    def test_part_of_a_cohort_may_leave_ranks_out(self):
        """The fifth of six may stand alone; a seventh, or two sixths, may not."""
        assert sides(Ranking("r", [(5, "本区", "50.74")], cohort=6)) == []
        assert sides(Ranking("r", [(7, "本区")], cohort=6)) == [("7", "6")]
        assert sides(Ranking("r", [(6, "甲"), (6, "乙")], cohort=6)) == [
            ("6", "5"),
            ("6", "5"),
        ]
        assert sides(Ranking("r", [(1, "甲"), (1, "乙"), (2, "丙")], cohort=6)) == [
            ("2", "3")
        ]

    def test_several_may_share_an_entry(self):
        """An entry may name all who share the rank."""
        ranking = Ranking("r", [(1, "甲"), (2, ["乙", "丙"]), Place(4, "丁")])

        assert [place.who for place in ranking.entries] == ["甲", "乙", "丙", "丁"]
        assert ranking.check(NONE) == ()
        assert str(ranking.entries[-1]) == "第4名丁"

    def test_nobody_stands_twice(self):
        """A name that stands twice is found."""
        faults = Ranking("r", [(1, "甲"), (2, "甲")]).check(NONE)

        assert [fault.code for fault in faults] == ["figure.twice"]

    @pytest.mark.parametrize("rank", [0, "1", True, None])
    def test_a_rank_is_a_whole_number(self, rank):
        """What is no rank is refused at birth."""
        with pytest.raises(Invalid, match="rank"):
            Ranking("r", [(rank, "甲")])

    @given(st.lists(st.integers(0, 20), min_size=1, max_size=12), st.booleans())
    def test_ranks_of_scores_pass_and_any_other_fails(self, scores, ascending):
        """Ranks made from scores pass, alone and with the scores."""
        several = [Decimal(s) for s in scores]
        ranks = competition_ranks(several, ascending=ascending)
        who = [f"u{i}" for i in range(len(scores))]
        order: Literal["highest", "lowest"] = "lowest" if ascending else "highest"
        scored = list(zip(ranks, who, several, strict=True))
        moved = [(ranks[0] + 1, who[0], several[0]), *scored[1:]]

        assert Ranking("r", [(r, w) for r, w, _ in scored]).check(NONE) == ()
        assert Ranking("r", scored, order=order).check(NONE) == ()
        assert Ranking("r", moved, order=order).check(NONE) != ()


class TestListing:
    """A count and the names it counts."""

    NAMES = ("望江", "玉林", "红牌楼", "晋阳")

    def test_as_many_names_as_the_count(self):
        """Four centres are four names."""
        assert sides(Listing("中心", "n", self.NAMES), Figure("n", 4, "个")) == []
        assert sides(Listing("中心", "n", self.NAMES), Figure("n", 5, "个")) == [
            ("5个", "4")
        ]
        assert str(Listing("中心", "n", self.NAMES)) == "中心：n = 4个列名"

    def test_a_name_twice_is_found(self):
        """A name that fills two places is a fault of its own."""
        (fault,) = Listing("中心", 2, ["望江", "望江"]).check(NONE)

        assert (fault.code, fault.said) == ("figure.twice", "望江")
        assert "2 times" in fault.text("en")


def test_a_counted_figure_is_exact():
    """What was counted and not rounded leaves nothing open."""
    figure = Figure("n", "12.57", "亩", origin=Counted(CountQuery(())))

    assert Interval("12.57", "12.57") == figure.possible(fine=True)
