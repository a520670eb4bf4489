"""What the grammar of policies reads, and what it refuses."""

from decimal import Decimal

import pytest

from duban_flow.domain.policies.grammar import (
    GrammarFault,
    parse_condition,
    parse_offset,
    parse_recipient,
    parse_time,
)
from duban_flow.domain.policies.model import Recipient
from duban_flow.domain.policies.vocabulary import STANDARD, condition
from duban_flow.domain.time.offset import Offset
from duban_flow.domain.units import Role


class TestTimes:
    """Anchors and distances."""

    @pytest.mark.parametrize(
        ("text", "anchor", "kind", "offset", "sitting"),
        [
            ("due", "due", "", None, False),
            ("due - 3 workdays", "due", "", Offset(-3, "workday"), False),
            ("assigned + 1 day", "assigned", "", Offset(1, "day"), False),
            ("month end", "month end", "", None, False),
            ("sitting after round", "round", "", None, True),
            (
                "sitting after prompt + 15 workdays",
                "act",
                "prompt",
                Offset(15, "workday"),
                True,
            ),
            ("yellow due", "act due", "yellow", None, False),
            ("黄牌 due + 2 months", "act due", "黄牌", Offset(2, "month"), False),
        ],
    )
    def test_a_time_is_read(self, text, anchor, kind, offset, sitting):
        """Every form of the time expression gives its parts."""
        made = parse_time(text)

        assert (made.anchor, made.kind, made.offset, made.sitting) == (
            anchor,
            kind,
            offset,
            sitting,
        )

    def test_spacing_does_not_matter(self):
        """However it is spaced, the same time is written in one way."""
        assert parse_time("  sitting  after due+3  workdays ").text == (
            "sitting after due + 3 workdays"
        )

    @pytest.mark.parametrize(
        ("text", "nearest"),
        [
            ("dew", "due"),
            ("monthend", "month end"),
            ("siting after due", None),
            ("yelow due", "yellow due"),
        ],
    )
    def test_an_unknown_anchor_is_refused_with_the_nearest(self, text, nearest):
        """Where the kinds are known, a word that is no anchor is refused."""
        with pytest.raises(GrammarFault) as fault:
            parse_time(text, kinds={"yellow": ...})

        assert fault.value.said == text
        if nearest is not None:
            assert fault.value.nearest == nearest

    @pytest.mark.parametrize(
        "text",
        [
            "due + 3",
            "due + 3 weeks",
            "due + 3 workday - 1 day",
            "due - -3 days",
            "due + ３ days",
            "due + 1.5 days",
            "due + 99999 days",
            "",
            "+ 3 days",
        ],
    )
    def test_a_distance_that_is_none_is_refused(self, text):
        """One whole number in ASCII digits and one unit, or a fault."""
        with pytest.raises(GrammarFault):
            parse_time(text)

    def test_a_unit_of_time_is_named_when_misspelt(self):
        """The nearest unit is offered."""
        with pytest.raises(GrammarFault) as fault:
            parse_offset("5 workdys")

        assert fault.value.nearest == "workdays"

    def test_a_unit_may_touch_its_number(self):
        """The space before a unit may be left out."""
        assert parse_offset("5workdays") == Offset(5, "workday")


class TestConditions:
    """One fact, compared with constants."""

    @pytest.mark.parametrize(("text", "negated"), [("open", False), ("not held", True)])
    def test_a_flag(self, text, negated):
        """A flag stands alone or after not."""
        made = parse_condition(text, STANDARD)

        assert (made.text, made.fact, made.negated) == (
            text,
            text.removeprefix("not "),
            negated,
        )

    def test_a_flag_with_an_argument(self):
        """What has come in is named in brackets."""
        made = parse_condition("not received( progress )", STANDARD)

        assert (made.fact, made.arguments, made.negated) == (
            "received",
            ("progress",),
            True,
        )
        assert made.text == "not received(progress)"

    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("category is petition", ("petition",)),
            ("source in 批示, 重大，紧急", ("批示", "重大", "紧急")),
        ],
    )
    def test_words(self, text, words):
        """A word is one of those named."""
        assert parse_condition(text, STANDARD).words == words

    @pytest.mark.parametrize(
        ("text", "limit", "unit", "running"),
        [
            ("rank > 50%", "50", "%", 1),
            ("rank > 50 % for 2 rounds", "50", "%", 2),
            ("gap >= 13 points", "13", "point", 1),
            ("gap > 0", "0", "", 1),
            ("gap > -0.5points", "-0.5", "point", 1),
            ("overrun >= 5workdays", "5", "workday", 1),
            ("overrun < 1 day", "1", "day", 1),
            ("shortfall > 0% for 2 months", "0", "%", 2),
            ("behind <= 30", "30", "", 1),
        ],
    )
    def test_a_number(self, text, limit, unit, running):
        """A number is compared with a constant, in a unit it is counted in."""
        made = parse_condition(text, STANDARD)

        assert (made.limit, made.unit, made.running) == (Decimal(limit), unit, running)

    def test_a_number_with_arguments(self):
        """Acts are counted of a kind, on a matter or a unit, perhaps in a year."""
        made = parse_condition("count(yellow, unit, year) >= 2", STANDARD)

        assert made.arguments == ("yellow", "unit", "year")
        assert made.text == "count(yellow, unit, year) >= 2"

    @pytest.mark.parametrize(
        ("text", "nearest"),
        [
            ("opne", "open"),
            ("not excuse", "excused"),
            ("categry is petition", "category"),
            ("rnk > 50%", "rank"),
            ("count(yellow, mater) >= 2", "matter"),
            ("overrun > 3 workdys", "workdays"),
        ],
    )
    def test_a_misspelt_word_is_refused_with_the_nearest(self, text, nearest):
        """A typing slip is answered with the word that was probably meant."""
        with pytest.raises(GrammarFault) as fault:
            parse_condition(text, STANDARD)

        assert (fault.value.said, fault.value.nearest) != ("", None)
        assert fault.value.nearest == nearest

    @pytest.mark.parametrize(
        "text",
        [
            "gap > behind",
            "gap > 3 + 2",
            "gap + 1 > 3",
            "gap > rank for 2 rounds",
            "1 < gap",
            "1 < gap < 3",
            "gap > 1e3",
            "gap > １３",
            "gap > 1,000",
            "gap > NaN",
            "gap == 3",
        ],
    )
    def test_arithmetic_and_second_facts_are_refused(self, text):
        """A condition has one fact and constants in plain digits, nothing else."""
        with pytest.raises(GrammarFault):
            parse_condition(text, STANDARD)

    @pytest.mark.parametrize(
        "text",
        [
            "overrun",
            "open > 3",
            "open is true",
            "gap is 3",
            "category",
            "category > 3",
            "not rank > 50%",
            "not category is petition",
            "received",
            "received()",
            "open(now)",
            "count(yellow) > 1",
            "count(yellow, matter, month) > 1",
            "overrun > 3",
            "rank > 50",
            "gap > 5%",
            "behind > 0 for 2 rounds",
            "rank > 50% for 2 months",
            "rank > 50% for 0 rounds",
            "level > 1 for 2 months",
            "category in petition,",
            "category in a, a",
            "",
            "x" * 501,
        ],
    )
    def test_a_fact_is_asked_as_it_can_be(self, text):
        """A flag is not compared, a number has its units, brackets hold their list."""
        with pytest.raises(GrammarFault):
            parse_condition(text, STANDARD)

    def test_a_fault_speaks_two_languages(self):
        """What was wanted is said in Chinese too."""
        with pytest.raises(GrammarFault) as fault:
            parse_condition("gap > behind", STANDARD)

        assert "constant" in fault.value.wanted
        assert "常数" in fault.value.zh

    def test_a_word_of_a_host_is_read_whole(self):
        """A host's flag may have spaces, even a word of the grammar in it."""

        @condition("funding is central")
        def central(case, unit):
            return True

        vocabulary = STANDARD.with_words(central)

        assert parse_condition("not funding is central", vocabulary).negated

    def test_a_long_text_is_refused_before_it_is_read(self):
        """A text of a hundred thousand characters is a fault, not a wait."""
        with pytest.raises(GrammarFault, match="at most 500"):
            parse_condition("not " + "(" * 100_000, STANDARD)


def test_what_is_no_text_is_refused():
    """A policy made in Python may hand over anything."""
    with pytest.raises(GrammarFault, match="a text was wanted"):
        parse_offset(5)  # type: ignore[arg-type] # the misuse that is tested


class TestRecipients:
    """Whom a rung tells."""

    @pytest.mark.parametrize(
        ("text", "made"),
        [
            ("responsible", Recipient(role=Role.RESPONSIBLE)),
            ("lead/head", Recipient(role=Role.LEAD, post="head")),
            ("督查室/head", Recipient(unit="督查室", post="head")),
        ],
    )
    def test_a_recipient_is_read(self, text, made):
        """A role, a role's post, a unit's post."""
        assert parse_recipient(text) == made

    @pytest.mark.parametrize(
        ("text", "nearest"),
        [
            ("responsble", "responsible"),
            ("督查室", None),
            ("responsble/head", "responsible"),
            ("lead/", "lead"),
            ("/head", None),
            ("督查室/a/b", None),
        ],
    )
    def test_what_is_no_recipient_is_refused(self, text, nearest):
        """A misspelt role is not taken for a unit."""
        with pytest.raises(GrammarFault) as fault:
            parse_recipient(text)

        assert fault.value.nearest == nearest
