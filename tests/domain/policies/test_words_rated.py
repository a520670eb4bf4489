"""What words about evaluations and findings answer."""

from datetime import date

import pytest
from attrs import evolve

from duban_flow.domain.case import Finding
from duban_flow.domain.quantities import Interval
from tests.domain.policies.asked import (
    answer,
    at,
    case,
    evaluated,
)


class TestRounds:
    """Gap, rank and what is made of them."""

    def test_rank_counts_from_nought_to_a_hundred(self):
        """Fifth of six is 80 %, fourth 60 %."""
        asked_of = evaluated((3, 5, "50.74", None), (4, 4, "53.75", None))

        assert answer("rank > 50% for 2 rounds", asked_of) == (True, "rank 80%, 60%")
        assert answer("rank > 60%", asked_of) == (False, "rank 60%")

    def test_the_third_of_six_is_in_the_upper_half(self):
        """40 % of the way down is no low rank."""
        asked_of = evaluated((3, 5, None, None), (4, 3, None, None))

        assert answer("rank > 50% for 2 rounds", asked_of)[0] is False

    def test_rounds_must_follow_one_another(self):
        """Rounds two and four are not two in a row."""
        asked_of = evaluated((2, 5, None, None), (4, 5, None, None))

        assert answer("rank > 50% for 2 rounds", asked_of) == (
            False,
            "rounds 2, 4, not 2 in a row",
        )

    def test_one_round_is_not_two(self):
        """What has been seen once has not happened twice."""
        asked_of = evaluated((1, 5, None, None))

        assert answer("rank > 50% for 2 rounds", asked_of)[0] is False
        assert answer("rank > 50%", case()) == (False, "no round yet")

    def test_a_gap_may_be_an_interval(self):
        """Thirteen points, printed without decimals, is 12.5 to 13.5."""
        mean = Interval("40.63", "41.63")
        asked_of = evaluated((3, None, "28.13", mean), (4, None, "32", "42.28"))

        assert answer("gap > 0 for 2 rounds", asked_of) == (
            True,
            "gap 12.5~13.5 points, 10.28 points",
        )

    def test_a_threshold_inside_an_interval_is_unsure(self):
        """More than thirteen points? Nobody knows."""
        asked_of = evaluated((3, None, "28.13", Interval("40.63", "41.63")))

        assert answer("gap > 13 points", asked_of)[0] is None

    def test_a_score_never_given_is_unknown(self):
        """A round with a mean and no score decides nothing."""
        asked_of = evaluated((3, None, None, "41.13"))

        assert answer("gap > 0", asked_of) == (None, "gap unknown")

    @pytest.mark.parametrize(
        ("rank", "score", "mean", "holds"),
        [
            (5, None, None, True),
            (3, None, None, False),
            (3, "40", "41", True),
            (None, "42", "41", False),
            (None, "40", Interval("39", "41"), None),
        ],
    )
    def test_poor(self, rank, score, mean, holds):
        """Below the mean, or in the lower half, in the last round."""
        assert answer("poor", evaluated((1, rank, score, mean)))[0] is holds

    def test_a_last_round_without_figures_is_unknown(self):
        """It carried figures before; whether it is poor now nobody knows."""
        silent = evaluated((3, 5, None, None), (4, None, None, None))

        assert answer("poor", silent) == (None, "round 4: no figure")

    def test_without_rounds_nothing_is_poor(self):
        """Neither ranked nor averaged."""
        for said in ("poor", "ranked", "averaged"):
            assert answer(said, case())[0] is False

    def test_ranked_and_averaged(self):
        """Each is told by what its rounds carry."""
        assert answer("ranked", evaluated((1, 5, None, None)))[0] is True
        assert answer("averaged", evaluated((1, 5, None, None)))[0] is False
        assert answer("averaged", evaluated((1, None, "28", "41")))[0] is True

    def test_a_finding_concerns_its_unit_or_all(self):
        """A finding without a unit is against whoever is asked about."""
        finding = Finding(
            on=date(2009, 12, 1),
            text="窗口无人",
            unit="五花办",
            effective_at=at("2009-12-01"),
            seq=3,
        )

        asked_of = case(facts={"findings": (finding,)})
        assert answer("faulted", asked_of, "五花办") == (True, "2009-12-01 窗口无人")
        assert answer("faulted", asked_of, "城投公司") == (False, "no finding")
        anyone = case(facts={"findings": (evolve(finding, unit=None),)})
        assert answer("faulted", anyone, "城投公司")[0] is True
