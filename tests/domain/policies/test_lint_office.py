"""What the linter finds in an office's calendar, categories and posts."""

import re
from datetime import date

import pytest
from attrs import evolve

from duban_flow.domain.policies.lint import lint
from duban_flow.domain.time.calendar import WorkCalendar
from duban_flow.domain.time.term import Term
from duban_flow.domain.units import Directory, Post, Unit
from duban_flow.errors import Invalid
from duban_flow.formats.policy_toml import load_policy
from tests.domain.policies.linted import ALWAYS, HEAD, found, rung


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

    def test_a_limit_before_birth_too(self):
        """A party without a limit of its own goes by the due, which lies too near."""
        codes = found(
            ALWAYS,
            rung("a", at="limit - 3 workdays", action="urge", when=["open"]),
            categories={"quick": Term.workdays(2), "hours": Term.hours(7)},
            calendar=self.CALENDAR,
        )
        assert [c[0] for c in codes] == ["lint.before_birth"] * 2

    def test_what_recurs_is_looked_at_like_the_rest(self):
        """On the day itself it exists; ten days ahead of each Tuesday it does not."""
        near, far = (
            found(
                ALWAYS,
                rung("a", at=f"due - {n} days", action="urge", when=["open"]),
                categories={"weekly": Term.every("week", day=2)},
                calendar=self.CALENDAR,
            )
            for n in (0, 10)
        )
        assert near == []
        assert [c[0] for c in far] == ["lint.before_birth"]

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

    def test_a_term_far_longer_is_not_even_counted(self):
        """A year is longer than three workdays on any calendar."""
        assert not found(
            ALWAYS,
            rung("a", at="due - 3 workdays", action="urge", when=["open"]),
            categories={"year": Term.months(12), "until": Term.until(date(2026, 6, 1))},
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


class TestWords:
    """What a host adds to the vocabulary."""

    def test_a_word_that_was_not_given_is_asked_for(self):
        """Linting without the vocabulary of a condition says to pass it, and where."""
        policy = load_policy(HEAD + rung("a", action="urge", when=["open"]) + ALWAYS)
        asks = evolve(policy.rung[0].when[0], fact="funded centrally")
        policy = evolve(policy, rung=(evolve(policy.rung[0], when=(asks,)),))

        with pytest.raises(Invalid, match="vocabulary=") as caught:
            lint(policy)
        assert "funded centrally" in caught.value.text()
