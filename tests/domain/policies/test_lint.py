"""What the linter finds, each kind of finding by a policy that shows it."""

import re
from datetime import date
from pathlib import Path

import pytest

from duban_flow.domain.calendar import WorkCalendar
from duban_flow.domain.policies.lint import lint
from duban_flow.domain.term import Term
from duban_flow.domain.units import Directory, Post, Unit
from duban_flow.formats.policy_toml import load_policy

EXAMPLES = Path(__file__).parents[3] / "examples"

HEAD = """
name = "p"
version = "1"
sitting = "quarter end - 4 workdays"
[kinds.yellow]
name = "黄牌"
[kinds.red]
name = "红牌"
level = 2
rectify = "5 workdays"
"""


def rung(key, **fields):
    """Write a rung as TOML, on the responsible unit unless it says otherwise."""
    said = {"at": "due", "action": "yellow", "on": ["responsible"], **fields}
    lines = [f"{name} = {value!r}" for name, value in said.items() if value is not None]
    return "\n".join(["[[rung]]", f"key = {key!r}", *lines, ""])


ALWAYS = rung("always", at="month end", action="urge", notify=["lead"], when=["open"])


def found(*rungs, head=HEAD, **given):
    """Lint a policy of these rungs, and give code, rung and what was said."""
    policy = load_policy(head + "\n".join(rungs))
    return [(p.code, p.column, p.said) for p in lint(policy, **given)]


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

        assert lines[finding.row - 1] == "[[rung]]"
        assert lines[finding.row] == 'key = "pace yellow"'
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

    def test_an_excuse_silences_nothing(self):
        """What speaks for the unit may quiet a rung."""
        assert not found(rung("a", when=["open", "not excused", "not held"]))


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


class TestDates:
    """Rungs ahead of due."""

    CALENDAR = WorkCalendar.china()

    def test_a_rung_before_birth_has_a_dated_witness(self):
        """Three workdays before the end of two there was nothing yet."""
        policy = load_policy(
            HEAD
            + rung("a", at="due - 3 workdays", action="urge", when=["open"])
            + ALWAYS
        )
        (finding,) = lint(
            policy, categories={"quick": Term.workdays(2)}, calendar=self.CALENDAR
        )
        dates = re.findall(r"\d{4}-\d\d-\d\d", finding.text("en"))
        given, due, said = map(date.fromisoformat, dates)

        assert finding.code == "lint.before_birth"
        assert said < given < due
        assert self.CALENDAR.workdays_between(said, due) == 3
        assert self.CALENDAR.workdays_between(given, due) == 2

    def test_days_meet_a_long_holiday_on_the_calendar(self):
        """Five workdays before the end of ten days fits, except across a holiday."""
        codes = found(
            ALWAYS,
            rung("a", at="due - 5 workdays", action="urge", when=["open"]),
            categories={"ten": Term.days(10)},
            calendar=self.CALENDAR,
        )

        assert [c[0] for c in codes] == ["lint.before_birth"]

    def test_a_term_that_is_long_enough_is_left_alone(self):
        """Nothing is said of a category that has the time."""
        assert not found(
            ALWAYS,
            rung("a", at="due - 3 workdays", action="urge", when=["open"]),
            categories={"slow": Term.workdays(20), "dated": None},
            calendar=self.CALENDAR,
        )

    def test_the_rung_must_be_about_the_category(self):
        """A category that the rung leaves out is not held against it."""
        assert not found(
            ALWAYS,
            rung(
                "a",
                at="due - 3 workdays",
                action="urge",
                where=["category is slow"],
                when=["open"],
            ),
            categories={"slow": Term.workdays(20), "quick": Term.workdays(1)},
            calendar=self.CALENDAR,
        )


class TestTooWide:
    """Rungs that would strike what was closed in time."""

    @pytest.mark.parametrize(
        "when", [[], ["not excused"], ["state in closed, overdue"]]
    )
    def test_a_due_rung_asks_whether_it_was_late(self, when):
        """Neither open nor late is asked."""
        assert ("lint.too_wide", "a") in [
            c[:2] for c in found(ALWAYS, rung("a", when=when))
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
        """Rungs about due do not await what has no due date."""
        assert found(
            rung("a", when=["open"]),
            categories={"dated": Term.days(30), "undated": None},
        ) == [("lint.no_rung_ahead", "", "category is undated")]


class TestNobodyToTell:
    """Rungs that speak to nobody."""

    DIRECTORY = Directory.of(
        [
            Unit("zjj", "住建局"),
            Unit("czj", "财政局"),
            Unit("dcs", "督查室", kind="supervisor"),
            Unit("cwh", "常委会", kind="body"),
        ],
        [Post(unit="zjj", name="head"), Post(unit="dcs", name="clerk")],
    )

    def test_a_reminder_names_somebody(self):
        """Without notify and without a role there is nobody."""
        assert found(
            rung("a", action="urge", on=None, when=["open"]),
        ) == [("lint.nobody_to_tell", "a", "urge")]

    @pytest.mark.parametrize(
        ("recipient", "missing"),
        [
            ("responsible/head", "财政局"),
            ("supervising/head", "督查室"),
            ("督查室/head", "督查室"),
        ],
    )
    def test_a_post_that_a_unit_does_not_have(self, recipient, missing):
        """The units that lack the post are named; bodies handle no matters."""
        policy = load_policy(HEAD + rung("a", notify=[recipient], when=["open"]))
        (finding,) = lint(policy, directory=self.DIRECTORY)

        assert finding.code == "lint.nobody_to_tell"
        assert finding.said == recipient
        assert missing in finding.en
        assert "住建局" not in finding.en

    def test_a_post_that_is_there_is_told(self):
        """Found in the directory, nothing is said."""
        assert not found(
            rung("a", notify=["督查室/clerk", "responsible"], when=["open"]),
            directory=self.DIRECTORY,
        )
