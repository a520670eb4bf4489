"""How late an item is and what is left of it, to the microsecond."""

from __future__ import annotations

from datetime import timedelta

import pytest
from attrs import evolve

from duban_flow import Invalid, Item
from duban_flow.domain.due import due_of
from duban_flow.domain.instants import DAY, TICK, Span
from duban_flow.domain.items import Closing
from duban_flow.domain.lateness import Lateness, Remaining, late, remaining
from duban_flow.domain.time.pauses import Pause
from duban_flow.domain.time.term import Term
from tests.domain.policies.cases import CHINA, at, item, span

HOUR = timedelta(hours=1)
NONE = Lateness(late=False)


def paused(one: Item, *pauses: Pause) -> Item:
    """Let pauses move an item's due, as the engine does."""
    held = evolve(one, term=Term.workdays(15), pauses=pauses)
    return evolve(held, due=due_of(held, CHINA))


class TestLate:
    @pytest.mark.parametrize("due", ["2009-11-30", "2009-11-28 10:00"])
    def test_at_the_due_instant_nothing_is_late(self, due):
        """A tick before and at it: on time, whether or not it is a working day."""
        one, when = item(due=due), at(due)

        assert late(one, when - TICK, CHINA) == NONE
        assert late(one, when, CHINA) == NONE

    def test_one_microsecond_later_it_is_late(self):
        """Late, by no whole day, and by a microsecond of work where work goes on."""
        one = item(due="2009-11-30 10:00")

        found = late(one, at("2009-11-30 10:00") + TICK, CHINA)

        assert found == Lateness(late=True, hours=(TICK, TICK))

    def test_after_hours_it_is_late_by_no_work(self):
        """The evening past a close of business has no working time."""
        found = late(item(due="2009-11-30"), at("2009-11-30 23:00"), CHINA)
        assert found == Lateness(late=True)

    def test_almost_all_of_a_time_is_not_all_of_it(self):
        """A term used up by 99.995 % and more is not past; nothing is rounded."""
        one = item(due="2009-11-30")
        whole = at("2009-11-30") - one.entered_at
        most = one.entered_at + whole * 99_995 // 100_000

        assert late(one, most, CHINA) == NONE
        left = remaining(one, most, CHINA)
        assert left is not None
        assert left.hours[0] > timedelta()

    def test_counts_days_working_days_and_hours(self):
        """The handover of 铁佛新居 on 25 December: 25 days, 19 of them worked."""
        found = late(item(due="2009-11-30"), at("2009-12-25"), CHINA)

        assert found.late is True
        assert (found.days, found.workdays) == ((25, 25), (19, 19))
        assert found.hours == (19 * 7 * HOUR, 19 * 7 * HOUR)

    def test_is_a_range_where_due_is_one(self):
        """Inside the range nobody knows; past it, by the least and the most."""
        one = item(due=span("2009-12-10 18:00", "2009-12-20 23:59"))

        inside = late(one, at("2009-12-15"), CHINA)
        past = late(one, at("2009-12-25"), CHINA)

        assert inside.late is None
        assert (inside.days, inside.hours) == ((0, 5), (timedelta(), 21 * HOUR))
        assert past.late is True
        assert (past.days, past.workdays) == ((5, 15), (5, 11))

    def test_an_end_that_is_a_range_is_late_by_one(self):
        """核桃小区 was done in mid-December: 52 to 61 days."""
        one = item(due="2009-10-20")
        done = Span(at("2009-12-11 00:00"), at("2009-12-20 23:59"))
        one = evolve(one, closing=Closing.of("close", done, one.due))

        found = late(one, at("2009-12-25"), CHINA)

        assert found.late is True
        assert (found.days, found.workdays) == ((52, 61), (38, 43))

    def test_within_the_range_of_its_end_it_may_have_been_done(self):
        """Asked on 15 December: done since the 11th at the earliest, or not yet."""
        one = item(due="2009-10-20")
        done = Span(at("2009-12-11 00:00"), at("2009-12-20 23:59"))
        one = evolve(one, closing=Closing.of("close", done, one.due))

        assert late(one, at("2009-12-15"), CHINA).days == (52, 56)

    def test_a_closed_item_is_late_by_when_it_was_finished(self):
        """Handed in on time is on time, however late the desk closed it."""
        one = item(due="2009-11-30")
        closing = Closing.of("close", at("2009-12-10"), one.due, at("2009-11-27"))

        assert late(evolve(one, closing=closing), at("2009-12-25"), CHINA) == NONE
        closed = late(
            item(due="2009-11-30", closed="2009-12-02"), at("2009-12-25"), CHINA
        )
        assert closed.days == (2, 2)

    def test_before_its_closing_it_is_late_by_the_instant_asked(self):
        """The past is told as it was."""
        one = item(due="2009-11-30", closed="2009-12-10")
        assert late(one, at("2009-12-02"), CHINA).days == (2, 2)

    def test_without_due_nothing_is_late(self):
        """No clock, no lateness."""
        assert late(item(), at("2009-12-02"), CHINA) == NONE

    def test_a_pause_without_an_end_defers_due(self):
        """While nobody can name the end, nothing is late."""
        one = paused(item(), Pause(ordinal=1, since=at("2009-06-03 09:00")))
        assert late(one, at("2009-12-02"), CHINA) == NONE

    def test_a_pause_moves_the_instant_from_which_it_is_late(self):
        """Two weeks away are two weeks more."""
        away = Pause(
            ordinal=1, since=at("2009-06-08 09:00"), until=at("2009-06-22 09:00")
        )
        one = paused(item(), away)
        due = one.due_at

        assert due is not None
        assert due > at("2009-06-22")
        assert late(one, due, CHINA) == NONE
        assert late(one, due + DAY, CHINA).late is True

    def test_wants_an_instant_with_a_zone(self):
        """A naive now is refused."""
        with pytest.raises(Invalid, match=r"now: .* has no zone"):
            late(item(), at("2009-12-02").replace(tzinfo=None), CHINA)


class TestRemaining:
    def test_counts_down_to_nothing_at_due(self):
        """A microsecond of work before due is left; at due and past it nothing is."""
        one, due = item(due="2009-11-30"), at("2009-11-30")
        nothing = Remaining(days=(0, 0), workdays=(0, 0), hours=(timedelta(),) * 2)

        before = remaining(one, due - TICK, CHINA)
        assert before == evolve(nothing, hours=(TICK, TICK))
        assert remaining(one, due, CHINA) == nothing
        assert remaining(one, due + 5 * DAY, CHINA) == nothing

    def test_says_days_working_days_and_hours(self):
        """From a Friday morning to the Monday's close."""
        found = remaining(item(due="2009-11-30"), at("2009-11-27 09:00"), CHINA)
        assert found == Remaining(days=(3, 3), workdays=(1, 1), hours=(14 * HOUR,) * 2)

    def test_is_a_range_where_due_is_one(self):
        """The least to the earliest reading, the most to the latest."""
        one = item(due=span("2009-12-10", "2009-12-18"))
        found = remaining(one, at("2009-12-09"), CHINA)
        assert found is not None
        assert (found.days, found.workdays) == ((1, 9), (1, 7))
        assert found.hours == (7 * HOUR, 49 * HOUR)

    @pytest.mark.parametrize(
        "one", [item(), item(due="2009-11-30", closed="2009-11-02")]
    )
    def test_nothing_to_say_of_what_has_no_due_or_has_ended(self, one):
        """None, which is not nothing left."""
        assert remaining(one, at("2009-11-27"), CHINA) is None

    @pytest.mark.parametrize("until", [None, "2009-06-17 09:00"])
    def test_paused_time_is_not_used_up(self, until):
        """All through a pause as much is left as was left when it began."""
        end = None if until is None else at(until)
        since = at("2009-06-08 11:00")
        whole = remaining(paused(item()), since, CHINA)
        away = paused(item(), Pause(ordinal=1, since=since, planned=end))

        for hours in (0, 5, 100):
            found = remaining(away, since + hours * HOUR, CHINA)
            assert found is not None
            assert whole is not None
            assert found.workdays == whole.workdays

    def test_pauses_that_follow_one_another_are_one(self):
        """Inside the first, what is left is what will be left after the last."""
        first = Pause(ordinal=1, since=at("2009-06-08 09:00"), until=at("2009-06-12"))
        more = Pause(ordinal=2, since=at("2009-06-10 09:00"), until=at("2009-06-17"))
        endless = Pause(ordinal=3, since=at("2009-06-16 09:00"))
        one, open_end = (
            paused(item(), first, more),
            paused(item(), first, more, endless),
        )
        whole = remaining(paused(item()), at("2009-06-08 09:00"), CHINA)

        assert whole is not None
        for day in ("2009-06-08 09:00", "2009-06-11", "2009-06-16"):
            for asked in (one, open_end):
                found = remaining(asked, at(day), CHINA)
                assert found is not None
                assert found.workdays == whole.workdays
        after = remaining(one, at("2009-06-17"), CHINA)
        assert after == remaining(one, at("2009-06-10"), CHINA)
