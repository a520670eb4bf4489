"""When rungs ripen: anchors, offsets, cycles, and what "after" means."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from attrs import evolve

from duban_flow.domain.case import Case
from duban_flow.domain.instants import TICK
from duban_flow.domain.items import Item, Party
from duban_flow.domain.policies.model import Policy, Rung
from duban_flow.domain.policies.occurrence import (
    Occurrence,
    acts_of,
    occurrences,
    resolves,
)
from duban_flow.domain.policies.sittings import latest_sitting, sitting_after
from duban_flow.domain.time.calendar import WorkCalendar
from duban_flow.domain.time.reckoning import reckon
from duban_flow.domain.time.term import Stop, Term
from duban_flow.domain.units import Role
from duban_flow.errors import Invalid
from tests.domain.policies.cases import (
    CHINA,
    act,
    at,
    case,
    facts,
    found,
    item,
    policy,
    rung,
    scored,
    sits,
    span,
    told,
)


def ripenings(
    made: Rung, one: Case, unit: str | None = None, *, sanctions: bool = False
) -> list[Occurrence]:
    """List a rung's ripenings up to one past the instant of the case."""
    return list(occurrences(made, one, unit, one.at, sanctions=sanctions))


def cycles(made: Rung, one: Case, **options: Any) -> list[tuple[str, str]]:
    """List cycle and instant of each."""
    return [(o.cycle, told(o.instant)) for o in ripenings(made, one, **options)]


def test_due_is_passed_strictly() -> None:
    """A rung at due ripens one tick after it: closing at due is on time."""
    one = case("2009-11-01", item(due="2009-11-30"))
    (made,) = ripenings(rung("r", "due"), one)
    assert (made.cycle, made.instant, made.ripe) == (
        "due:1",
        at("2009-11-30"),
        at("2009-11-30") + TICK,
    )


def test_an_offset_keeps_the_local_time_and_its_instant() -> None:
    """Three working days before a Friday evening are Tuesday evening, ripe at once."""
    one = case("2009-10-01", item(due="2009-10-09 17:30"))
    (made,) = ripenings(rung("r", "due - 3 workdays"), one)
    assert told(made.instant) == "2009-09-28 17:30"
    assert made.ripe == made.instant
    assert made.stale == at("2009-10-09") + TICK


def test_nothing_is_due_without_a_due_date_or_a_chase_date() -> None:
    """An anchor that was never set gives no ripening."""
    one = case("2009-11-01", item())
    assert ripenings(rung("r", "due"), one) == []
    assert ripenings(rung("r", "chase"), one) == []


def test_a_limit_that_is_deferred_gives_no_ripening() -> None:
    """While a pause runs on nobody can say when it is, and the item's due is not it."""
    start = at("2009-06-01 09:00")
    term = Term.until(at("2009-06-10"))
    runs_on = Stop(since=at("2009-06-02 09:00"), until=None)
    rungs = rung("r", "limit", on=["responsible"])
    for stops, limits in (((), ["2009-06-10 17:30"]), ((runs_on,), [])):
        own = Party("五花办", term=term, due=reckon(term, start, CHINA, stops))
        one = item(due="2009-11-30", parties={Role.RESPONSIBLE: [own]})
        made = cycles(rungs, case("2009-07-01", one), unit="五花办")
        assert [moment for _, moment in made] == limits


def test_a_chase_date_names_its_cycle_by_its_day() -> None:
    """Another chase date is another cycle."""
    one = case("2009-11-01", item(chase_at=at("2009-11-05")))
    assert cycles(rung("r", "chase + 1 day"), one) == [
        ("chase:2009-11-05", "2009-11-06 17:30")
    ]


def test_a_reminder_goes_by_the_earliest_reading_and_a_measure_by_the_latest() -> None:
    """What is known only as a range reminds early and sanctions late."""
    ends = span("2009-12-11 00:00", "2009-12-20 23:59")
    one = case("2009-11-01", item(due=ends))
    before, after = rung("r", "due - 1 day"), rung("r", "due + 1 day")
    assert cycles(before, one) == [("due:1", "2009-12-10 24:00".replace("24", "00"))]
    assert cycles(before, one, sanctions=True) == [("due:1", "2009-12-19 23:59")]
    assert cycles(after, one) == [("due:1", "2009-12-21 23:59")]


def test_periods_end_at_the_24_00_of_their_last_day() -> None:
    """A month's end is the next day's 00:00; the last and the next one are given."""
    one = case("2009-12-01 00:00", item())
    made = {o.cycle: o for o in ripenings(rung("r", "month end"), one)}
    assert made["month:2009-11"].ripe == at("2009-12-01 00:00")
    assert made["month:2009-12"].ripe == at("2010-01-01 00:00")


@pytest.mark.parametrize(
    ("anchor", "cycle", "instant"),
    [
        ("quarter end - 4 workdays", "quarter:2009-4", "2009-12-26 00:00"),
        ("year end", "year:2009", "2010-01-01 00:00"),
        ("month end + 3 workdays", "month:2009-12", "2010-01-07 00:00"),
    ],
)
def test_periods_and_their_cycles(anchor: str, cycle: str, instant: str) -> None:
    """A period's cycle is its name; working days are counted back from its 24:00."""
    one = case("2009-12-20", item())
    assert (cycle, instant) in cycles(rung("r", anchor), one)


def test_a_period_that_ended_before_the_item_was_born_is_not_its_own() -> None:
    """An item given out in December has nothing to answer for in November."""
    young = item(assigned_at=at("2009-12-15"))
    made = ripenings(rung("r", "month end - 20 days"), case("2009-12-20", young))
    assert (made[0].cycle, made[0].born) == ("month:2009-12", False)


def test_a_rung_before_birth_is_known_as_such() -> None:
    """Five working days before a term of three lie before the item."""
    short = item(assigned_at=at("2009-12-14 09:00"), due="2009-12-17")
    (made,) = ripenings(rung("r", "due - 5 workdays"), case("2009-12-14", short))
    assert not made.born


def test_each_period_is_given_to_a_rung_that_wants_each() -> None:
    """After downtime a rung that catches up each cycle has all of them."""
    one = case("2009-12-20", item())
    every = rung("r", "month end", catch_up="each")
    assert [c for c, _ in cycles(every, one)][:6] == [
        f"month:2009-{month:02}" for month in range(6, 12)
    ]


def test_repetitions_are_counted_from_the_anchor() -> None:
    """Under `every` the first is at the anchor, and months never drift."""
    one = case("2009-12-15", item(due="2009-08-31"))
    made = cycles(rung("r", "due", every="1 month"), one)
    assert made == [
        ("due:1/1", "2009-08-31 17:30"),
        ("due:1/4", "2009-11-30 17:30"),
        ("due:1/5", "2009-12-31 17:30"),
    ]
    each = cycles(rung("r", "due", every="1 month", catch_up="each"), one)
    assert [c for c, _ in each] == [f"due:1/{k}" for k in range(1, 6)]


def test_repetitions_begin_with_the_anchor_and_not_before() -> None:
    """Before its anchor a repeated rung has one ripening ahead."""
    one = case("2009-08-01", item(due="2009-08-31"))
    assert cycles(rung("r", "due", every="5 workdays"), one) == [
        ("due:1/1", "2009-08-31 17:30")
    ]


def test_repetitions_end_where_the_next_anchor_begins() -> None:
    """A rung repeated from each month's end starts afresh at the next."""
    one = case("2009-12-02", item(assigned_at=at("2009-10-20")))
    made = [c for c, _ in cycles(rung("r", "month end", every="20 days"), one)]
    assert made == [
        "month:2009-10/1",
        "month:2009-10/2",
        "month:2009-11/1",
        "month:2009-11/2",
    ]


def test_a_stride_of_nothing_is_no_repetition() -> None:
    """`every` 0 days would never come to an end: it does not begin."""
    one = case("2009-12-15", item(due="2009-08-31"))
    assert len(cycles(rung("r", "due", every="0 days"), one)) == 1


def test_rounds_and_findings_are_cycles_of_their_own() -> None:
    """A round is named by its ordinal, a finding by its place in the log."""
    one = case(
        "2009-12-15",
        item(),
        facts=facts(
            rounds=[scored(3, "2009-10-20", "50", "60", "事项A-1")],
            findings=[found(7, "2009-11-02"), found(9, "2009-11-09", "城管局")],
        ),
    )
    assert cycles(rung("r", "round"), one) == [("round:3", "2009-10-20 17:30")]
    assert [c for c, _ in cycles(rung("r", "finding"), one)] == [
        "finding:7",
        "finding:9",
    ]
    assert cycles(rung("r", "finding"), one, unit="五花办") == [
        ("finding:7", "2009-11-02 17:30")
    ]


def test_an_assignment_is_one_cycle() -> None:
    """What is counted from the assignment happens once."""
    assert cycles(rung("r", "assigned + 1 month"), case("2009-06-02", item())) == [
        ("assigned:1", "2009-07-01 09:00")
    ]


def test_an_act_starts_nothing_at_its_own_instant() -> None:
    """A rung after an act ripens strictly later, even if its offset leads back."""
    one = item()
    made = act(one, rectify_by=at("2009-10-27 10:00"))
    judged = case("2009-10-20 10:00", one, acts=(made,))
    (plain,) = ripenings(rung("r", "prompt"), judged)
    assert plain.ripe == at("2009-10-20 10:00") + TICK
    (back,) = ripenings(rung("r", "prompt due - 5 workdays"), judged)
    assert back.instant == at("2009-10-20 10:00")
    assert back.ripe == at("2009-10-20 10:00") + TICK


def test_acts_count_for_the_party_they_are_on_and_while_they_stand() -> None:
    """Another unit's act, a revoked one and one without a second date start nothing."""
    one = item()
    mine = act(one)
    revoked = act(one, issued="2009-09-01 10:00", revoked_at=at("2009-09-05"))
    other = act(one, issued="2009-11-02 10:00", unit="城投公司")
    judged = case("2009-12-01", one, acts=(other, mine, revoked))
    (made,) = ripenings(rung("r", "prompt"), judged, unit="五花办")
    assert (made.cycle, made.memo) == (f"act:{mine.id}", "act:2")
    assert ripenings(rung("r", "prompt due"), judged, unit="五花办") == []
    assert acts_of(judged, "prompt", None) == (revoked, mine, other)


def test_the_panel_sits_at_09_00_of_a_reckoned_day() -> None:
    """Four working days before the quarter's end are 25 December 2009."""
    district = policy()
    assert told(sitting_after(district, at("2009-10-01"), CHINA)) == "2009-12-25 09:00"
    assert sitting_after(district, at("2009-12-25 09:00"), CHINA) == sits().opened_at
    after = sitting_after(district, at("2009-12-25 09:00") + TICK, CHINA)
    assert told(after) == "2010-03-25 09:00"
    assert latest_sitting(district, at("2009-12-25 09:00"), CHINA) == sits().opened_at
    before = latest_sitting(district, at("2009-12-25 09:00") - TICK, CHINA)
    assert before is not None
    assert told(before) == "2009-09-25 09:00"
    assert latest_sitting(policy(sitting=None), at("2009-12-25"), CHINA) is None


def test_a_sitting_may_lie_after_its_period() -> None:
    """The tenth day of the next month is reckoned from the month's end as well."""
    late = policy(sitting="month end + 40 days")
    assert told(sitting_after(late, at("2009-12-01"), CHINA)) == "2009-12-10 09:00"
    found_day = latest_sitting(late, at("2009-12-01"), CHINA)
    assert found_day is not None
    assert told(found_day) == "2009-11-09 09:00"


def test_a_sitting_that_no_day_can_be_reckoned_for_is_refused() -> None:
    """Without a sitting, or with one that hangs on an item, there is no day."""
    with pytest.raises(Invalid, match="nothing was given"):
        sitting_after(policy(sitting=None), at("2009-12-01"), CHINA)
    with pytest.raises(Invalid, match="'due' was given"):
        sitting_after(policy(sitting="due"), at("2009-12-01"), CHINA)


def test_a_span_resolves_at_its_ends() -> None:
    """Asked again at either end, what was unsure may be sure."""
    made = span("2009-12-11 00:00", "2009-12-20 23:59")
    assert resolves(made)[-1] == made.latest + TICK
    assert resolves(made.latest) == ()


def test_far_ahead_working_days_are_a_range() -> None:
    """Where no notice is published, a measure waits for the latest day it can be."""
    calendar = WorkCalendar.china(through=2009)
    one = evolve(case("2009-12-31", item(due="2009-12-31")), calendar=calendar)
    (made,) = ripenings(rung("r", "due + 20 workdays"), one, sanctions=True)
    assert made.instant - at("2009-12-31") > timedelta(days=28)


def test_item_and_policy_are_values() -> None:
    """The builders of these tests make what the product makes."""
    assert isinstance(item(), Item)
    assert isinstance(policy(), Policy)
