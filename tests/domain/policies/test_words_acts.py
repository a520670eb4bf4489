"""What words about sanctions already on a unit answer."""

import pytest

from duban_flow.domain.sanctions import Citation, Sanction, Stage
from duban_flow.domain.units import Role
from tests.domain.policies.asked import (
    answer,
    at,
    case,
    evaluated,
)


def act(number, issued, cycle="due:1", cited="i", **fields):
    """Make a sanction that was issued then."""
    return Sanction(
        **{
            "id": f"s{number}",
            "version": 1,
            "kind": "yellow",
            "kind_name": "黄牌",
            "unit": "城投公司",
            "role": Role.RESPONSIBLE,
            "citations": (Citation(item=cited, rung="r", cycle=cycle),),
            "policy": "p@1",
            "stage": Stage.ISSUED,
            "proposed_at": at(issued),
            "issued_at": at(issued),
            **fields,
        }
    )


class TestActs:
    """Level, count and streak."""

    def test_the_highest_that_stands_on_the_party(self):
        """Revoked ones, later ones and those on another unit do not count."""
        acts = (
            act(1, "2009-12-01"),
            act(2, "2009-12-02", level=3, revoked_at=at("2009-12-03")),
            act(3, "2009-12-30", level=3),
            act(4, "2009-12-02", level=3, unit="五花办"),
            act(5, "2009-12-02", level=3, issued_at=None, stage=Stage.PROPOSED),
        )

        assert answer("level < 2", case(acts=acts)) == (True, "level 1")
        assert answer("level < 2", case(acts=acts), "五花办") == (False, "level 3")

    def test_acts_on_a_matter_and_on_a_unit(self):
        """The matter counts its own, the unit those on any matter."""
        mine, other = act(1, "2009-12-01"), act(2, "2009-12-02", cited="j")
        asked_of = case(acts=(mine,), history=(mine, other))

        assert answer("count(yellow, matter) >= 2", asked_of) == (
            False,
            "count(yellow, matter) 1",
        )
        assert answer("count(yellow, unit) >= 2", asked_of)[0] is True
        assert answer("count(red, unit) >= 1", asked_of)[0] is False

    def test_a_year_is_the_calendars(self):
        """Two in a year, not one in each of two; 24:00 of 31 December is December."""
        acts = (act(1, "2008-12-31"), act(2, "2010-01-01T00:00"), act(3, "2009-03-01"))
        asked_of = case(history=acts)

        assert answer("count(yellow, unit, year) >= 2", asked_of)[0] is False
        later = case(now="2010-01-01T00:00", history=acts)
        assert answer("count(yellow, unit, year) >= 2", later)[0] is True

    @pytest.mark.parametrize(
        ("cycles", "expected"),
        [
            (["month:2009-10", "month:2009-11"], 2),
            (["month:2009-09", "month:2009-11"], 1),
            (["month:2009-08", "month:2009-09"], 0),
            (["month:2008-12", "month:2009-01"], 0),
            (["quarter:2009-2", "quarter:2009-3"], 2),
            (["due:1/1", "due:1/2", "due:1/3"], 3),
            (["due:1"], 1),
            (["finding:7"], 1),
            (["act:abc"], 0),
            ([], 0),
        ],
    )
    def test_a_streak_runs_over_consecutive_cycles_up_to_now(self, cycles, expected):
        """On 25 December the last month end was November's."""
        acts = tuple(act(n, "2009-12-01", cycle) for n, cycle in enumerate(cycles))

        assert answer("streak(yellow, matter) >= 0", case(acts=acts))[1] == (
            f"streak(yellow, matter) {expected}"
        )

    def test_a_units_months_run_across_its_matters(self):
        """One matter in October and another in November are two months running."""
        acts = (
            act(1, "2009-11-01", "month:2009-10"),
            act(2, "2009-12-01", "month:2009-11", cited="j"),
        )
        asked_of = case(acts=acts[:1], history=acts)

        assert answer("streak(yellow, unit) >= 2", asked_of)[0] is True
        assert answer("streak(yellow, matter) >= 2", asked_of)[0] is False

    def test_rounds_are_counted_by_their_numbers(self):
        """Rounds three and four follow one another."""
        acts = (act(1, "2009-11-01", "round:3"), act(2, "2009-12-01", "round:4"))
        asked_of = evaluated((3, 5, None, None), (4, 5, None, None), acts=acts)

        assert answer("streak(yellow, matter) >= 2", asked_of)[0] is True
