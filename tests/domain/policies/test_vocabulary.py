"""The vocabulary as a set of words, and what a policy needs loaded."""

from decimal import Decimal

import pytest
from attrs import evolve

from duban_flow.domain.policies.grammar import parse_condition, parse_time
from duban_flow.domain.policies.model import Policy, Rung
from duban_flow.domain.policies.vocabulary import (
    STANDARD,
    condition,
    ground,
    needs_of,
)
from duban_flow.errors import Invalid
from tests.domain.policies.asked import (
    case,
    item,
)


class TestVocabulary:
    """The set of words, and words of a host's own."""

    def test_every_word_of_the_language_is_there(self):
        """The vocabulary is closed; this is all of it."""
        assert set(STANDARD) == {
            *("category", "source", "priority", "state", "open", "closed", "late"),
            *("held", "paused", "extending", "excused", "met", "short", "at_risk"),
            *("poor", "faulted", "ranked", "averaged", "received", "overrun", "gap"),
            *("rank", "behind", "shortfall", "rebaselined", "level"),
            *("count", "streak"),
        }

    def test_it_names_its_words(self):
        """Shown to a person, a vocabulary lists them."""
        assert repr(STANDARD).startswith("Vocabulary(category, source, ")
        assert len(STANDARD) == 28

    def test_harmless_is_nought_where_more_is_worse(self):
        """The values at which nothing is wrong."""
        assert {n for n, w in STANDARD.items() if w.harmless == Decimal(0)} == {
            *("overrun", "gap", "behind", "shortfall"),
        }

    def test_a_host_adds_a_word(self):
        """Its flag is read like any other, unknown included."""

        @condition("funded centrally", needs=["labels", "parent"])
        def funded(asked_of, unit):
            return None if not asked_of.item.labels else "中央" in asked_of.item.labels

        words = STANDARD.with_words(funded)
        made = parse_condition("not funded centrally", words)

        assert ground(made, case(), None, words).holds is None
        asked_of = case(made=item(labels=("中央",)))
        assert ground(made, asked_of, None, words).holds is False
        assert ground(made, asked_of, None, words).found == "funded centrally"

    @pytest.mark.parametrize("name", ["open", "", "not mine", "a > b", "f(x)", "a, b"])
    def test_a_word_that_could_not_be_said_is_refused(self, name):
        """A name taken, or one that reads as something else."""
        with pytest.raises(Invalid):
            STANDARD.with_words(condition(name)(lambda asked_of, unit: True))

    def test_needs_are_gathered_from_all_a_policy_asks(self):
        """Conditions, flags to account for, anchors and reasons."""

        def policy(at_, *when, **fields):
            rung = Rung(
                key="r",
                at=parse_time(at_),
                action="urge",
                when=tuple(parse_condition(w, STANDARD) for w in when),
            )
            return Policy(name="p", version="1", rung=(evolve(rung, **fields),))

        assert needs_of(policy("due", "open", "late")) == frozenset()
        assert needs_of(policy("due", "not excused")) == {"events"}
        assert needs_of(policy("due", reason="因{excuse}")) == {"events"}
        assert needs_of(policy("due", reason="{finding}")) == {"events"}
        assert needs_of(policy("round")) == {"events"}
        assert needs_of(policy("yellow", "level < 1")) == {"acts"}
        flagged = evolve(
            policy("due"), account_for=(parse_condition("short", STANDARD),)
        )
        assert needs_of(flagged) == {"events"}
        assert needs_of(policy("due", "not met")) == {"events", "parent"}

    def test_a_ground_says_which_list_asked(self):
        """What the rung is about is told from what must hold."""
        made = ground(
            parse_condition("open", STANDARD), case(), None, STANDARD, scope="where"
        )

        assert (made.condition, made.scope) == ("open", "where")
