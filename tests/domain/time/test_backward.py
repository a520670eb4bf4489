"""Planning backwards: the latest starts, the slack kept, and why it does not fit."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duban_flow import Invalid, Refused, Span, Term, WorkCalendar
from duban_flow.domain.instants import DAY, TICK
from duban_flow.domain.time.backward import BackwardSchedule, Milestone, backward
from duban_flow.domain.time.offset import Offset
from tests.domain.policies.cases import at

CHINA = WorkCalendar.china()
DUE = date(2009, 11, 30)
STEPS = [
    Milestone("立项", Offset(3, "workday")),
    Milestone("招标", Term.workdays(20), slack=Offset(2, "workday")),
    Milestone("验收", Term.days(10)),
    Milestone("签字", Term.hours(4)),
]


def test_each_milestone_starts_where_the_one_before_has_ended():
    """From due back, over a weekend, days and hours alike."""
    plan = backward(DUE, STEPS, CHINA)

    assert [(s.name, s.start, s.end, s.slack) for s in plan.stages] == [
        ("立项", at("2009-10-13"), at("2009-10-16"), 0),
        ("招标", at("2009-10-16"), at("2009-11-13"), 2),
        ("验收", at("2009-11-17"), at("2009-11-27"), 0),
        ("签字", at("2009-11-30 13:30"), at("2009-11-30"), 0),
    ]
    assert plan.start == at("2009-10-13")
    assert plan.due == at("2009-11-30")


def test_due_may_be_a_day_an_instant_a_range_or_a_deadline():
    """Of what is not exact, the earliest is sure to fit."""
    step = [Milestone("验收", Term.workdays(3))]
    wanted = backward(DUE, step, CHINA)
    deadline = Term.until(DUE).deadline(at("2009-10-01"), CHINA)

    assert backward(at("2009-11-30"), step, CHINA) == wanted
    assert backward(Span(at("2009-11-30"), at("2009-12-20")), step, CHINA) == wanted
    assert backward(deadline, step, CHINA) == wanted


def test_is_told_in_two_languages():
    """What, from when at the latest, until when, and what is left."""
    plan = backward(DUE, STEPS, CHINA, start=at("2009-09-30 09:00"))

    zh, en = plan.explain(), plan.explain("en")

    assert zh[1] == (
        "招标：20个工作日，最迟自2009年10月16日（周五）17:30起，"
        "2009年11月13日（周五）17:30完成，余量2个工作日。"
    )
    assert en[1].endswith("done 2009-11-13 (Fri) 17:30, 2 working days of slack.")
    assert zh[-2:] == ["时限：2009年11月30日（周一）17:30。", "开工余量4个工作日。"]
    assert en[-1] == "To spare at the start: 4 working days."


def test_a_plan_past_what_is_published_is_for_the_worst():
    """It says so, and still fits whatever the notice brings."""
    last = CHINA.known_until or date(2026, 12, 31)
    plan = backward(last + 60 * DAY, [Milestone("验收", Term.workdays(10))], CHINA)

    assert plan.provisional
    assert "尚未公布" in plan.explain()[-1]
    assert "worst" in plan.explain("en")[-1]


class TestDoesNotFit:
    def test_says_which_milestone_how_much_and_when_all_would_be_done(self):
        """Begun on 20 October, bidding should have been under way for two days."""
        with pytest.raises(Refused) as refused:
            backward(DUE, STEPS, CHINA, start=at("2009-10-20 09:00"))

        assert refused.value.code == "backward.no_room"
        said = refused.value.text("en")
        assert "'招标' must start by 2009-10-16 (Fri) 17:30" in said
        assert "the first of all by 2009-10-13 (Tue) 17:30" in said
        assert "Missing: 5 working days (28 h 0 min of work)" in said
        assert "all would be done 2009-12-07 (Mon) 14:30" in said
        assert "尚缺5个工作日" in refused.value.text()

    def test_the_latest_start_fits_and_a_tick_later_does_not(self):
        """The boundary is exact."""
        start = backward(DUE, STEPS, CHINA).start

        assert backward(DUE, STEPS, CHINA, start=start).spare == 0
        with pytest.raises(Refused):
            backward(DUE, STEPS, CHINA, start=start + TICK)


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (lambda: Milestone(" ", Term.workdays(3)), "wants a name"),
        (lambda: Milestone("a", Term.until(DUE)), "so many days or hours"),
        (lambda: Milestone("a", Term.every("week", day=1)), "so many days or hours"),
        (lambda: Milestone("a", Offset(-3, "day")), "-3 was given"),
        (
            lambda: Milestone("a", Term.days(1), slack=Term.until(DUE)),
            "so many days or hours",
        ),
        (lambda: Milestone("a", None), "so many days or hours"),
        (lambda: backward(DUE, [], CHINA), "no milestone"),
        (lambda: backward(datetime(2009, 1, 1), STEPS, CHINA), "no zone"),
    ],
)
def test_what_is_no_plan_is_refused(make, why):
    """A date is no length, and nothing is no plan."""
    with pytest.raises(Invalid, match=why):
        make()


lengths = st.builds(
    Term,
    unit=st.sampled_from(["workday", "day", "month", "hour"]),
    count=st.integers(0, 3),
) | st.builds(Term.workdays, st.integers(0, 9), cutoff=st.just(time(15)))
steps = st.lists(
    st.builds(Milestone, st.just("x"), lengths, slack=st.none() | lengths),
    min_size=1,
    max_size=4,
)


@given(
    st.datetimes(datetime(2006, 1, 1), datetime(2026, 6, 1), timezones=st.just(UTC)),
    steps,
)
def test_every_milestone_ends_before_the_next_starts(due, several):
    """The law: each ends by the next one's start, the last by due."""
    plan: BackwardSchedule = backward(due, several, CHINA)

    ends = [*(stage.start for stage in plan.stages[1:]), plan.due]
    for stage, one, limit in zip(plan.stages, several, ends, strict=True):
        found = stage.takes.deadline(stage.start, CHINA)
        left = one.slack or Term.hours(0)
        assert found.latest == stage.end
        assert left.deadline(stage.end, CHINA).latest <= limit


@given(
    st.datetimes(datetime(2006, 1, 1), datetime(2026, 6, 1), timezones=st.just(UTC)),
    lengths,
)
def test_a_later_working_start_would_be_too_late(due, length):
    """The law: after the start that is given, no instant of work will do."""
    start = backward(due, [Milestone("x", length)], CHINA).start

    later = CHINA.work_after(start, TICK)
    assert later > due or length.deadline(later, CHINA).latest > due
