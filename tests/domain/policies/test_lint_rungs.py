"""Rungs that never come or add nothing, and matters that none awaits."""

import pytest
from attrs import evolve

from duban_flow.domain.policies.lint import lint
from duban_flow.domain.time.term import Term
from duban_flow.formats.policy_toml import load_policy
from tests.domain.policies.linted import ALWAYS, HEAD, found, rung


class TestUnreachable:
    """Rungs that never come."""

    @pytest.mark.parametrize(
        ("fields", "said"),
        [
            ({"when": ["open", "closed"]}, "open, closed"),
            ({"when": ["open", "not open"]}, "open, not open"),
            ({"when": ["open", "not late"]}, "open, not late"),
            (
                {"where": ["category is a", "category in b, c"], "when": ["late"]},
                "category is a, category in b, c, late",
            ),
            ({"when": ["open", "behind > 5", "behind < 5"]}, None),
            ({"when": ["open", "rebaselined > 1", "rebaselined < 2"]}, None),
            ({"when": ["open", "rank > 100%"]}, None),
            ({"when": ["open", "level > 3"]}, None),
            ({"when": ["open", "count(red, matter) >= 1"]}, None),
            ({"at": "red", "when": ["open"]}, "red"),
            ({"at": "yellow due", "when": ["open"]}, "yellow due"),
            ({"on": [], "when": ["open"]}, "yellow"),
        ],
    )
    def test_a_rung_that_nothing_leads_to(self, fields, said):
        """No cell, no act, no second date, nobody to bear it."""
        codes = found(ALWAYS, rung("a", **fields))

        dead = [c for c in codes if c[:2] == ("lint.unreachable", "a")]
        assert len(dead) == 1
        assert said is None or dead[0][2] == said

    def test_acts_are_followed_along_the_chain(self):
        """What hangs on a dead rung's act is dead; what hangs on a live one lives."""
        codes = found(
            ALWAYS,
            rung("a", when=["open", "closed"], action="red"),
            rung("b", at="red", when=["open"]),
            rung("c", at="yellow", action="urge", notify=["lead"], when=["open"]),
        )

        assert [c[1] for c in codes if c[0] == "lint.unreachable"] == ["a", "b", "c"]

    def test_an_act_that_only_itself_would_issue_never_starts(self):
        """A second card after a card that nothing begins."""
        assert ("lint.unreachable", "a", "red") in found(
            ALWAYS, rung("a", at="red", action="red", when=["open"])
        )

    def test_what_waits_for_a_sitting_wants_one(self):
        """A policy made in Python may forget its panel."""
        text = HEAD + ALWAYS + rung("a", at="sitting after due", when=["open"])
        policy = evolve(load_policy(text), sitting=None)

        assert [(p.code, p.said) for p in lint(policy)] == [
            ("lint.unreachable", "sitting after due")
        ]

    def test_a_kind_moves_by_an_action_of_the_workflow(self):
        """An action that the workflow does not have is named."""
        head = HEAD + '[kinds.prompt]\nname = "提示"\nmoves = "promt"\n'

        assert found(
            ALWAYS,
            rung("a", action="prompt", when=["open"]),
            head=head,
            workflow_actions=["prompt", "warn"],
        ) == [("lint.unreachable", "a", "promt")]


class TestShadowed:
    """Rungs that add nothing."""

    def test_a_rung_that_asks_less_no_later_shadows(self):
        """The stricter rung of the same kind and anchor never matters."""
        assert found(
            rung("wide", when=["open"]),
            rung("narrow", at="due + 5 workdays", when=["open", "not excused"]),
        ) == [("lint.shadowed", "narrow", "narrow")]

    def test_a_dead_rung_is_not_called_shadowed_too(self):
        """It has been named once, as one that never comes."""
        codes = found(
            rung("wide", when=["open"]), rung("dead", when=["open", "not open"])
        )

        assert [c[0] for c in codes] == ["lint.unreachable"]

    def test_distances_in_other_units_are_compared_with_care(self):
        """Three workdays are over within a month, but not within four days."""
        first = rung("a", at="due + 3 workdays", when=["open"])
        later = rung("b", at="due + 1 month", when=["open"])
        perhaps = rung("c", at="due + 4 days", action="yellow", when=["open"])

        assert found(first, later) == [("lint.shadowed", "b", "b")]
        assert found(first, perhaps) == []

    def test_the_same_rung_twice_is_said_once(self):
        """Of two alike the later one is needless."""
        assert found(rung("one", when=["open"]), rung("two", when=["open"])) == [
            ("lint.shadowed", "two", "two")
        ]

    @pytest.mark.parametrize(
        "fields",
        [
            {"action": "red"},
            {"at": "due - 1 day"},
            {"on": ["lead"]},
            {"every": "1 month"},
            {"when": ["late"]},
            {"where": ["category is a"], "when": ["open"], "at": "month end"},
        ],
    )
    def test_a_rung_that_differs_stands(self, fields):
        """Another kind, role or anchor, an earlier time, more of it, or a wider one."""
        codes = found(
            ALWAYS,
            rung("wide", when=["open"]),
            rung("b", **{"when": ["open"], **fields}),
        )

        assert ("lint.shadowed", "b", "b") not in codes


class TestNoRungAhead:
    """Matters that nothing would ever follow."""

    def test_a_category_without_a_rung(self):
        """A matter of any other category is let go."""
        assert found(rung("a", where=["category is a"], when=["open"])) == [
            ("lint.no_rung_ahead", "", "category is any other")
        ]

    def test_only_reminders_before_due_lead_nowhere(self):
        """Past due, nothing follows."""
        assert found(rung("a", at="due - 3 days", action="urge", when=["open"])) == [
            ("lint.no_rung_ahead", "", "")
        ]

    def test_a_matter_without_a_term_never_comes_to_due(self):
        """Rungs about due, or a limit, do not await what has no due date."""
        for anchor in ("due", "limit"):
            assert found(
                rung("a", at=anchor, when=["open"]),
                categories={"dated": Term.days(30), "undated": None},
            ) == [("lint.no_rung_ahead", "", "category is undated")]
