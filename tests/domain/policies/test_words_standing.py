"""What words about an item itself answer, and when they do not know."""

import pytest
from attrs import evolve

from duban_flow.domain.case import Justification
from duban_flow.domain.instants import TICK
from duban_flow.domain.items import Closing, Source
from duban_flow.domain.time.term import Term
from tests.domain.policies.asked import (
    CALENDAR,
    MID_DECEMBER,
    answer,
    at,
    case,
    ended,
    item,
)


class TestColumns:
    """What stands on the item itself."""

    @pytest.mark.parametrize(
        ("said", "holds", "found"),
        [
            ("category is petition", True, "category petition"),
            ("category in land, revenue", False, "category petition"),
            ("source is 信访", True, "source 信访"),
            ("priority is major", False, "priority none"),
            ("state is in_progress", True, "state in_progress"),
            ("held", True, "held"),
            ("not held", False, "held"),
            ("at_risk", False, "not at_risk"),
            ("paused", False, "not paused"),
            ("extending", False, "not extending"),
            ("rebaselined >= 3", True, "rebaselined 3"),
            ("received(plan)", True, "received(plan)"),
            ("not received(progress)", True, "not received(progress)"),
        ],
    )
    def test_columns(self, said, holds, found):
        """Each is read as it stands."""
        made = item(
            category="petition", source=Source("信访"), held=True, rebaselined=3
        )

        assert answer(said, case(made=made, facts={"received": ("plan",)})) == (
            holds,
            found,
        )


class TestTime:
    """Open, closed, late and by how much."""

    def test_an_open_item_past_due(self):
        """铁佛新居: 25 natural and 19 working days on 25 December."""
        asked_of = case()

        assert answer("open", asked_of) == (True, "open")
        assert answer("late", asked_of) == (True, "late 25 days")
        assert answer("overrun >= 25 days", asked_of) == (True, "overrun 25 days")
        assert answer("overrun > 19 workdays", asked_of) == (
            False,
            "overrun 19 workdays",
        )

    def test_at_the_due_instant_nothing_is_late(self):
        """Due is inclusive; a tick later it is late."""
        due = item().due.at

        assert answer("late", case(now=due))[0] is False
        assert answer("late", case(now=due + TICK))[0] is True

    def test_closed_late_stays_late(self):
        """Finished late is late all the same, by the days it was."""
        asked_of = case(made=ended(at("2009-12-02")))

        assert answer("late", asked_of) == (True, "late 2 days")
        assert answer("not open", asked_of) == (True, "closed 2009-12-02")
        assert answer("closed", asked_of)[0] is True

    def test_closed_in_time_is_not_late(self):
        """However long ago due has passed."""
        asked_of = case(made=ended(at("2009-11-30")))

        assert answer("late", asked_of) == (False, "not late")
        assert answer("overrun > 0 days", asked_of) == (False, "overrun 0 days")

    @pytest.mark.parametrize(
        ("now", "is_open"),
        [("2009-12-10", True), ("2009-12-15", None), ("2009-12-25", False)],
    )
    def test_a_closing_known_as_a_range(self, now, is_open):
        """Inside 11-20 December nobody knows whether it is open."""
        asked_of = case(now=now, made=ended(MID_DECEMBER))

        assert answer("open", asked_of)[0] is is_open
        assert answer("closed", asked_of)[0] == (
            None if is_open is None else not is_open
        )
        assert answer("late", asked_of)[0] is True

    def test_days_late_of_a_range_are_an_interval(self):
        """A threshold inside the interval leaves the condition undecided."""
        asked_of = case(made=ended(MID_DECEMBER))

        assert answer("overrun > 10 days", asked_of) == (True, "overrun 11~20 days")
        assert answer("overrun > 15 days", asked_of)[0] is None
        assert answer("overrun > 20 days", asked_of)[0] is False

    def test_past_the_latest_reading_of_due_only(self):
        """A due known as mid-December is late after the 20th."""
        due = Term.until(MID_DECEMBER).deadline(at("2009-10-09"), CALENDAR)

        assert answer("late", case(now="2009-12-15", made=item(due=due)))[0] is False
        assert answer("late", case(now="2009-12-21", made=item(due=due)))[0] is True

    def test_closed_around_a_due_known_as_a_range_is_unknown(self):
        """Whether that was late is for a person to say."""
        due = Term.until(MID_DECEMBER).deadline(at("2009-10-09"), CALENDAR)
        made = item(due=due)
        done = evolve(made, closing=Closing.of("close", MID_DECEMBER, due))

        assert answer("late", case(made=done))[0] is None
        assert answer("late", case(made=done))[1].startswith("perhaps late")

    def test_without_a_due_date_nothing_is_late(self):
        """An evaluation is never past due."""
        asked_of = case(made=item(due=None))

        assert answer("late", asked_of)[0] is False
        assert answer("overrun > 0 days", asked_of)[0] is False

    def test_past_due_at_each_of_the_last_months(self):
        """Late on 30 November's evening and before is not: one month end of two."""
        asked_of = case(now="2010-01-04")

        assert answer("overrun > 0 days for 2 months", asked_of) == (
            False,
            "overrun 0 days, 31 days",
        )
        assert (
            answer("overrun > 0 days for 2 months", case(now="2010-02-01"))[0] is True
        )


class TestExcused:
    """A reason accepted for a unit shields that unit alone."""

    @pytest.mark.parametrize(
        ("unit", "status", "decided_by", "holds"),
        [
            ("城投公司", "accepted", "督查室", True),
            (None, "accepted", "督查室", True),
            ("五花办", "accepted", "督查室", False),
            ("城投公司", "accepted", "城投公司", False),
            ("城投公司", "given", "", False),
            ("城投公司", "refused", "督查室", False),
        ],
    )
    def test_who_is_excused(self, unit, status, decided_by, holds):
        """Of this unit or of the item, accepted, and by somebody else."""
        reason = Justification(
            unit=unit,
            reason="燃气管道",
            given_by="城投公司",
            status=status,
            decided_by=decided_by,
            effective_at=at("2009-12-01"),
        )
        found = "excused: 燃气管道" if holds else "not excused"

        assert answer("excused", case(facts={"justifications": (reason,)})) == (
            holds,
            found,
        )

    def test_nobody_is_shielded_by_anothers_reason(self):
        """A decision without a unit looks at reasons of the item alone."""
        reason = Justification(
            unit="城投公司",
            reason="x",
            given_by="城投公司",
            status="accepted",
            decided_by="督查室",
            effective_at=at("2009-12-01"),
        )

        asked_of = case(facts={"justifications": (reason,)})
        assert answer("excused", asked_of, unit=None)[0] is False
