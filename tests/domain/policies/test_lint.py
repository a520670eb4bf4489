"""What the linter finds, each kind of finding by a policy that shows it."""

from pathlib import Path

import pytest

from duban_flow.domain.policies.lint import lint
from duban_flow.formats.policy_toml import load_policy
from tests.domain.policies.linted import ALWAYS, HEAD, found, rung

EXAMPLES = Path(__file__).parents[3] / "examples"


class TestExamples:
    """The schemes that were published."""

    @pytest.mark.parametrize(
        ("name", "expected"),
        [
            ("district/policy", []),
            (
                "policies/guangyuan",
                [("lint.silenced", "yellow: slow", "not at_risk")],
            ),
            ("policies/naive", [("lint.no_rung_ahead", "", "category is any other")]),
            ("policies/p13710", []),
            ("policies/sanming", []),
            ("policies/sanya", [("lint.no_rung_ahead", "", "category is any other")]),
            (
                "policies/yinchuan",
                [
                    ("lint.no_rung_ahead", "", "category is any other"),
                    ("lint.uncovered", "pace yellow", "behind > 0, behind < 10"),
                ],
            ),
            ("policies/zhanjiang", []),
        ],
    )
    def test_each_file_has_the_findings_on_record(self, name, expected):
        """Eight schemes, and what is wrong with each."""
        policy = load_policy(EXAMPLES / f"{name}.toml")

        assert [(p.code, p.column, p.said) for p in lint(policy)] == expected

    def test_a_finding_stands_at_its_rung(self):
        """A finding names the line of the rung, and speaks both languages."""
        path = EXAMPLES / "policies/yinchuan.toml"
        finding = lint(load_policy(path))[-1]
        lines = path.read_text(encoding="utf-8").splitlines()
        row = finding.row or 0

        assert lines[row - 1 : row + 1] == ["[[rung]]", 'key = "pace yellow"']
        assert "no rung answers this, where category is project" in finding.text("en")
        assert "没有一级对应（category is project）" in finding.text("zh")

    def test_categories_of_the_office_replace_those_guessed(self):
        """Told which categories there are, the linter speaks of no other."""
        policy = load_policy(EXAMPLES / "policies/sanya.toml")

        assert lint(policy, categories={"project": None, "district": None}) == ()


class TestUncovered:
    """Ranges that do harm and that no rung answers."""

    def test_a_hole_below_the_first_threshold(self):
        """Up to ten points behind nothing is said."""
        assert (
            "lint.uncovered",
            "a",
            "behind > 0, behind < 10",
        ) in found(ALWAYS, rung("a", at="month end", when=["open", "behind >= 10"]))

    def test_a_hole_between_two_thresholds_with_its_ends(self):
        """Where neither rung takes its own threshold in, the ends are in the hole."""
        assert found(
            ALWAYS,
            rung("a", at="month end", when=["behind > 0", "behind < 10"]),
            rung("b", at="month end", action="red", when=["behind > 30"]),
        ) == [("lint.uncovered", "a", "behind >= 10, behind <= 30")]

    def test_a_hole_above_the_last_threshold(self):
        """A scheme that ends too early is told so."""
        assert found(
            ALWAYS, rung("a", at="month end", when=["behind > 0", "behind <= 30"])
        ) == [("lint.uncovered", "a", "behind > 30")]

    def test_a_hole_meant_is_said_by_a_rung_that_does_nothing(self):
        """With action none the range is answered."""
        assert not found(
            ALWAYS,
            rung("a", at="month end", when=["behind >= 10"]),
            rung("ours", at="month end", action="none", when=["behind < 10"]),
        )

    def test_one_round_running_is_a_hole_too(self):
        """Where only two rounds in a row are answered, one is not."""
        assert found(
            ALWAYS, rung("a", at="round", when=["rank > 50% for 2 rounds"])
        ) == [("lint.uncovered", "a", "rank > 50% for at most 1 round")]

    def test_a_hole_that_is_open_downwards(self):
        """Far above the mean once is asked for, and answered only twice running."""
        assert (
            "lint.uncovered",
            "a",
            "gap < -5 for at most 1 round",
        ) in found(ALWAYS, rung("a", at="round", when=["gap < -5 for 2 rounds"]))

    def test_words_that_make_no_difference_are_not_named(self):
        """The hole is the category's, whatever the priority."""
        policy = load_policy(
            HEAD
            + ALWAYS
            + rung("a", at="month end", where=["category is a"], when=["behind > 5"])
            + rung("b", at="assigned", where=["priority is major"], when=["open"])
        )
        (finding,) = lint(policy)

        assert finding.text("en").count("where category is a;") == 1

    def test_a_hole_in_one_category_alone(self):
        """What another category answers does not help this one."""
        assert found(
            ALWAYS,
            rung("a", at="month end", where=["category is a"], when=["behind > 0"]),
            rung("b", at="month end", where=["category is b"], when=["behind > 5"]),
        ) == [("lint.uncovered", "b", "behind > 0, behind <= 5")]


class TestSilenced:
    """A worse fact that quiets a rung."""

    def test_a_rung_that_steps_back_from_a_worse_state(self):
        """Slow is answered, slow and judged unable is not."""
        assert found(rung("a", at="month end", when=["open", "not at_risk"])) == [
            ("lint.silenced", "a", "not at_risk")
        ]

    def test_another_rung_may_step_in(self):
        """Answered by a rung of its own, nothing is silenced."""
        assert not found(
            rung("a", at="month end", when=["open", "not at_risk"]),
            rung("b", at="month end", action="red", when=["open", "at_risk"]),
        )

    def test_a_rung_that_comes_only_past_due_does_not_step_in_before(self):
        """Before the milestone the red card is not there yet."""
        assert found(
            rung("a", at="month end", when=["open", "not late", "not at_risk"]),
            rung("b", at="due", when=["open", "not at_risk"]),
            rung("c", at="due", action="red", when=["open", "at_risk"]),
        ) == [("lint.silenced", "a", "not at_risk")]

    def test_a_rung_that_steps_in_over_part_of_a_range_is_not_enough(self):
        """Between nought and ten points behind, nothing answers the one at risk."""
        codes = found(
            rung("a", at="month end", when=["open", "behind > 0", "not at_risk"]),
            rung("b", at="month end", action="red", when=["at_risk", "behind > 10"]),
        )

        assert ("lint.silenced", "a", "not at_risk") in codes

    def test_a_meant_hole_and_a_closed_matter_are_left_alone(self):
        """What does nothing steps back from nothing; nor does what looks back."""
        assert not found(
            ALWAYS,
            rung("a", at="month end", action="none", when=["open", "not at_risk"]),
            rung("b", at="month end", when=["closed", "not at_risk"]),
        )

    def test_each_category_is_answered_for_itself(self):
        """Stepping in for one category leaves the other silenced."""
        policy = load_policy(
            HEAD
            + rung(
                "a",
                at="month end",
                where=["category in x, y"],
                when=["open", "not at_risk"],
            )
            + rung(
                "b",
                at="month end",
                action="red",
                where=["category is x"],
                when=["open", "at_risk"],
            )
        )
        kinds = ("x", "y", "z")
        (finding,) = [
            problem
            for problem in lint(policy, categories=dict.fromkeys(kinds))
            if problem.code != "lint.no_rung_ahead"
        ]

        assert finding.code == "lint.silenced"
        assert finding.text("en").count("category is y") == 1

    def test_an_excuse_silences_nothing(self):
        """What speaks for the unit may quiet a rung."""
        assert not found(rung("a", when=["open", "not excused", "not held"]))


class TestTooWide:
    """Rungs that would strike what was closed in time."""

    @pytest.mark.parametrize(
        "when", [[], ["not excused"], ["state in closed, overdue"]]
    )
    def test_a_due_rung_asks_whether_it_was_late(self, when):
        """Neither open nor late is asked; of a limit no more than of the due."""
        for anchor in ("due", "limit"):
            assert ("lint.too_wide", "a") in [
                c[:2] for c in found(ALWAYS, rung("a", at=anchor, when=when))
            ]

    @pytest.mark.parametrize(
        "when",
        [
            ["open"],
            ["late"],
            ["not closed"],
            ["overrun > 0 days"],
            ["state is overdue"],
        ],
    )
    def test_each_way_of_asking_is_enough(self, when):
        """Open, late, time past due, or a state that no closed matter has."""
        codes = found(ALWAYS, rung("a", when=when))

        assert "lint.too_wide" not in [c[0] for c in codes]
