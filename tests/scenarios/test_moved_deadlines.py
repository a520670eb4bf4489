"""What moves a deadline and what does not: pauses, extensions, priority, a chase."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duban_flow.domain.time.calendar import WorkCalendar
from duban_flow.domain.time.reckoning import reckon
from duban_flow.domain.time.term import Stop, Term
from duban_flow.errors import DubanError, Forbidden, Refused
from duban_flow.formats.policy_toml import load_policy
from duban_flow.testing import Recording
from tests.engine.house import COMMITTEE, DCS, PANEL, ZJJ, House, at

CHINA = WorkCalendar.china()
DUE = at("06-05 17:30")
"""Four working days from Monday, 1 June."""


def test_14_pause_after_due(house):
    """Past due a pause is only noted: the item stays late, and the lapse stands."""
    house.assign()
    house.sweep("06-08 09:00")

    paused = house.desk(when="06-08 10:00").suspend("A-1", reason="等待鉴定")

    assert (paused.state, paused.due_at) == ("overdue", DUE)
    assert [p.reason for p in paused.pauses] == ["等待鉴定"]
    assert paused.overdue(at("06-09 09:00")) is True
    resumed = house.desk(when="06-10 09:00").resume("A-1")
    assert (resumed.state, resumed.due_at) == ("overdue", DUE)
    closed = house.desk(when="06-11 09:00").close("A-1", reason="核验")
    assert closed.closing.late_by == (at("06-11 09:00") - DUE,) * 2
    assert not any(event.overtakes for event in house.desk().history("A-1"))


STARTS = st.datetimes(datetime(2026, 1, 5), datetime(2026, 11, 1)).map(
    lambda naive: naive.replace(tzinfo=CHINA.tz)
)
TERMS = st.one_of(
    st.builds(Term.workdays, st.integers(0, 30)),
    st.builds(Term.days, st.integers(0, 60)),
    st.builds(Term.months, st.integers(0, 3)),
    st.builds(Term.hours, st.integers(0, 200)),
)


LATER = st.timedeltas(timedelta(), timedelta(days=400))


@given(STARTS, TERMS, st.lists(st.tuples(LATER, LATER), min_size=1, max_size=4))
def test_14_no_pause_after_due_ever_moves_it(start, term, drawn):
    """The law behind it: what begins at due or later changes no deadline."""
    due = term.deadline(start, CHINA)
    stops = [
        Stop(since=due.latest + after, until=due.latest + after + long)
        for after, long in drawn
    ]
    stops.append(Stop(since=due.latest + drawn[0][0]))
    moved = reckon(term, start, CHINA, stops)
    assert (moved.at, moved.earliest, moved.latest, moved.deferred) == (
        due.at,
        due.earliest,
        due.latest,
        False,
    )


LADDER = """
name = "ladder"
version = "1"
rebaseline_moves_due = true
[[rung]]
key = "eight days ahead"
at = "due - 8 workdays"
action = "remind"
notify = ["responsible"]
when = ["open"]
[[rung]]
key = "a day ahead"
at = "due - 1 workday"
action = "remind"
notify = ["responsible"]
when = ["open"]
[[rung]]
key = "due"
at = "due"
action = "urge"
notify = ["responsible"]
when = ["open"]
"""


def on_ladder(storage, rule=""):
    """Open a house whose units are reminded twice and urged, and their messages."""
    line = Recording("paper")
    text = LADDER.replace("[[rung]]", f"{rule}\n[[rung]]", 1)
    house = House.open(storage, policies=[load_policy(text)], channels=[line])
    return house, line


def swept(house, when):
    """Sweep and deliver at an instant."""
    house.sweep(when)
    house.office.deliver(now=at(when))


def test_15_priority_raised_late(storage):
    """Counted again from its start, the new due lies behind: it is told once.

    The pause before it still stands outside the days, and the reminders that would
    have come earlier never come.
    """
    house, line = on_ladder(storage)
    house.assign(days=20)
    house.desk(when="06-02 09:00").suspend("A-1", reason="等待资料")
    house.desk(when="06-04 09:00").resume("A-1")
    swept(house, "06-08 09:00")
    assert line.messages == []

    raised = house.desk(when="06-15 09:00").rebaseline(
        "A-1", term=Term.workdays(5), reason="列为急件", restart=True
    )

    # Five working days from Monday end on the 8th, and two of them were paused.
    assert raised.due_at == at("06-10 17:30")
    assert (raised.state, raised.rebaselined) == ("overdue", 1)
    for when in ("06-15 10:00", "06-16 09:00", "06-17 09:00"):
        swept(house, when)
    assert [message.kind for message in line.messages] == ["urge"]
    told = str(house.desk(when="06-17 09:00").explain("A-1")).replace("\n", "")
    assert "时点早于交办，不适用" in told


class TestExtensions:
    """An extension is asked for in time, within its caps, and decided by another."""

    @pytest.fixture
    def house(self, storage):
        """Give a house where one extension of ten days at most may be asked for."""
        rule = """
[extension]
by = ["supervising"]
window = "1 workday"
max_count = 1
max_total = "10 days"
"""
        house, _ = on_ladder(storage, rule)
        house.assign()
        return house

    @pytest.mark.parametrize(
        ("when", "until", "code"),
        [
            ("06-05 17:30", date(2026, 6, 12), "extension.late"),
            ("06-08 09:00", date(2026, 6, 12), "extension.late"),
            ("06-03 09:00", date(2026, 6, 16), "extension.total"),
            ("06-03 09:00", date(2026, 6, 5), "extension.earlier"),
        ],
    )
    def test_16_filed_late_or_over_the_cap(self, house, when, until, code):
        """Refused, naming the rule; nothing is written and nothing moves."""
        with pytest.raises(Refused) as refused:
            house.desk(ZJJ, when).extensions.request("A-1", until=until, reason="难")
        assert [reason.code for reason in refused.value.reasons] == [code]
        assert refused.value.reasons[0].zh
        assert house.desk().get("A-1").due_at == DUE
        assert house.actions() == ["assign"]

    def test_16_one_more_than_the_rule_allows(self, house):
        """Once is allowed; the second request is refused by its number."""
        house.desk(ZJJ, "06-02 09:00").extensions.request(
            "A-1", until=date(2026, 6, 8), reason="难"
        )
        house.desk(when="06-02 10:00").extensions.grant("A-1")
        with pytest.raises(Refused) as refused:
            house.desk(ZJJ, "06-04 09:00").extensions.request(
                "A-1", until=date(2026, 6, 9), reason="仍难"
            )
        assert refused.value.code == "extension.count"

    def test_16_an_override_is_another_right_and_another_record(self, house):
        """Past every cap a deciding body may set a date, and it stands apart."""
        for by in (ZJJ, DCS):
            with pytest.raises((Forbidden, Refused)):
                house.desk(by, "06-08 09:00").extensions.override(
                    "A-1", until=date(2026, 7, 31), reason="特批"
                )
        house.sweep("06-08 09:00")
        item = house.desk(COMMITTEE, "06-09 09:00").extensions.override(
            "A-1", until=date(2026, 7, 31), reason="汛期停工"
        )
        [made] = item.extensions
        assert (made.override, made.status, made.decided_by) == (
            True,
            "granted",
            COMMITTEE,
        )
        assert item.due_at == at("07-31 17:30")
        assert [due.at for due in item.past_dues] == [DUE]
        # It takes effect from the old due: nothing was late between.
        assert (item.state, item.overdue(at("06-09 09:00"))) == ("assigned", False)
        assert house.actions()[-1] == "override_extension"

    def test_16_rejection_leaves_the_breach(self, house):
        """Asked for in time and refused past due: late since the first date."""
        house.desk(ZJJ, "06-03 09:00").extensions.request(
            "A-1", until=date(2026, 6, 12), reason="难"
        )
        house.sweep("06-08 09:00")

        item = house.desk(when="06-08 10:00").extensions.reject("A-1", reason="不难")

        assert (item.state, item.due_at) == ("overdue", DUE)
        lapse = next(e for e in house.desk().history("A-1") if e.action == "lapse")
        assert lapse.effective_at == DUE

    def test_16_nobody_decides_on_their_own_request(self, house):
        """Neither the unit that asked nor one without the right."""
        house.desk(ZJJ, "06-03 09:00").extensions.request(
            "A-1", until=date(2026, 6, 12), reason="难"
        )
        with pytest.raises(DubanError):
            house.desk(ZJJ, "06-03 10:00").extensions.grant("A-1")
        assert house.desk().get("A-1").due_at == DUE


def test_16_the_policy_says_who_grants(storage):
    """A body that it names grants, by its name; the supervising unit does not."""
    rule = '[extension]\nby = ["问责领导小组"]\n'
    house, _ = on_ladder(storage, rule)
    house.assign()
    house.desk(ZJJ, "06-03 09:00").extensions.request(
        "A-1", until=date(2026, 6, 12), reason="难"
    )
    with pytest.raises(Refused) as refused:
        house.desk(DCS, "06-03 10:00").extensions.grant("A-1")
    [reason] = refused.value.reasons
    assert reason.code == "extension.by"
    assert reason.zh == "事项A-1：延期由问责领导小组批准，督查室无权批准。"
    item = house.desk(PANEL, "06-03 11:00").extensions.grant("A-1")
    assert (item.due_at, item.extensions[0].decided_by) == (at("06-12 17:30"), PANEL)


def test_17_extension_moves_a_fired_rung_into_the_future(storage):
    """What lies ahead for the new due is said once more; what is past is not.

    Nine working days end on 12 June; extended to the 22nd, eight days ahead is the 9th,
    which was past when it was granted, and a day ahead the 18th, which was not.
    """
    house, line = on_ladder(storage)
    house.assign(days=9)
    swept(house, "06-02 18:00")
    swept(house, "06-11 18:00")
    assert [message.rung for message in line.messages] == [
        "eight days ahead",
        "a day ahead",
    ]
    house.desk(ZJJ, "06-11 18:10").extensions.request(
        "A-1", until=date(2026, 6, 22), reason="难"
    )
    house.desk(when="06-11 18:20").extensions.grant("A-1")
    for day in range(12, 23):
        swept(house, f"06-{day} 09:00")
    swept(house, "06-18 18:00")
    swept(house, "06-22 18:00")

    assert [message.rung for message in line.messages][2:] == ["a day ahead", "due"]
    told = str(house.desk(when="06-22 18:00").explain("A-1")).replace("\n", "")
    assert "不再重复" in told


def test_18_no_extension_new_chase_date(storage):
    """Reminders follow the chase date; lateness, lists and rates the original."""
    policy = load_policy(
        LADDER.replace('at = "due - 1 workday"', 'at = "chase - 1 workday"')
    )
    line = Recording("paper")
    house = House.open(storage, policies=[policy], channels=[line])
    house.assign()

    chased = house.desk(when="06-02 09:00").chase("A-1", until=date(2026, 6, 12))

    assert (chased.due_at, chased.chase_at) == (DUE, at("06-12 17:30"))
    swept(house, "06-05 09:00")
    assert line.messages == []  # the reminder went with the date
    swept(house, "06-08 09:00")
    desk = house.desk(when="06-08 09:00")
    assert desk.get("A-1").state == "overdue"
    assert [item.code for item in desk.find(overdue=True)] == ["A-1"]
    swept(house, "06-11 18:00")
    assert [message.rung for message in line.messages] == ["due", "a day ahead"]
    closed = house.desk(when="06-12 09:00").close("A-1", reason="核验")
    assert closed.closing is not None
    assert closed.closing.late is True
    assert house.desk(when="06-12 09:00").summary().on_time == 0
    explained = str(house.desk(when="06-12 09:00").explain("A-1"))
    assert "催办" in explained
