"""A day of the past is put right: nothing is erased, everything is judged again."""

from __future__ import annotations

from datetime import date

import pytest

from duban_flow.domain.recalendar import RECALENDAR
from duban_flow.domain.time.notice import CalendarNotice
from duban_flow.formats.policy_toml import load_policy
from tests.engine.house import COMMITTEE, DCS, PANEL, ZJJ, House, at
from tests.engine.loaded import FLOOD, NOON, codes, load
from tests.engine.telling import Line

AT_ONCE = load_policy(
    """
name = "at once"
version = "1"
[kinds.call]
name = "约谈"
[[rung]]
key = "called in"
at = "due"
action = "call"
on = ["responsible"]
when = ["open"]
reason = "{title}"
"""
)
"""Whoever is past due is called in, and nobody need agree."""


class TestCorrection:
    """A day of the past is put right: nothing is erased, everything is judged again."""

    def test_a_breach_that_never_was_stays_in_history(self, house):
        """The lapse is overtaken, the state goes where the facts put it."""
        house.assign("A-1", days=4)
        house.desk(ZJJ, "06-02 09:00").acknowledge("A-1")
        house.sweep("06-05 18:00")
        assert house.desk().get("A-1").state == "overdue"
        load(house, FLOOD, "06-06 09:00")
        desk = house.desk(when="06-06 09:00")
        assert desk.get("A-1").state == "in_progress"
        events = desk.history("A-1")
        assert [e.action for e in events] == [
            "assign",
            "acknowledge",
            "lapse",
            "urge",
            RECALENDAR,
        ]
        assert (events[-1].overtakes, events[-1].state) == ((3,), "in_progress")
        assert events[-1].effective_at == at("06-05 17:30")

    def test_the_past_reads_as_it_was_and_as_it_was_believed(self, house):
        """On Friday evening it was in time; on Friday evening nobody knew that."""
        house.assign("A-1", days=4)
        house.sweep("06-05 18:00")
        friday = at("06-05 20:00")
        before = house.desk(when="06-05 21:00").as_of(friday).get("A-1")
        assert (before.state, before.overdue(friday)) == ("overdue", True)
        load(house, FLOOD, "06-06 09:00")
        desk = house.desk(when="06-07 09:00")
        after = desk.as_of(friday).get("A-1")
        assert (after.state, after.overdue(friday)) == ("assigned", False)
        assert after.due_at == at("06-08 17:30")
        believed = desk.as_known_at(friday).get("A-1")
        assert (believed.state, believed.due_at) == ("overdue", at("06-05 17:30"))
        assert desk.as_of(at("06-05 12:00")).get("A-1").due_at == at("06-05 17:30")

    def test_what_is_late_by_the_right_date_too_lapses_again(self, house):
        """The breach moves to the day on which it was one."""
        house.assign("A-1", days=4)
        house.sweep("06-05 18:00")
        house.sweep("06-10 09:00")
        load(house, FLOOD, "06-10 09:00")
        assert house.desk(when="06-10 09:00").get("A-1").overdue(at("06-10 09:00"))
        assert house.sweep("06-10 09:00").lapsed == 1
        desk = house.desk(when="06-10 10:00")
        assert desk.get("A-1").state == "overdue"
        lapses = [e.effective_at for e in desk.history("A-1") if e.action == "lapse"]
        assert lapses == [at("06-05 17:30"), at("06-08 17:30")]
        states = {
            day: desk.as_of(at(f"{day} 20:00")).get("A-1").state
            for day in ("06-05", "06-08")
        }
        assert states == {"06-05": "assigned", "06-08": "overdue"}

    def test_an_end_that_was_held_late_is_judged_again(self, house):
        """Closed on Monday: late by the old date, in time by the new."""
        house.assign("A-1", days=4)
        house.sweep("06-05 18:00")
        closed = house.desk(when="06-08 10:00").close("A-1", reason="办结")
        assert closed.closing is not None
        assert closed.closing.late is True
        (move,) = house.desk(when="06-09 09:00").plan(FLOOD).moves
        assert (move.closed, move.late) == (True, (True, False))
        load(house, FLOOD, "06-09 09:00")
        desk = house.desk(when="06-09 10:00")
        item = desk.get("A-1")
        assert (item.state, item.due_at) == ("closed", at("06-08 17:30"))
        assert item.closing is not None
        assert item.closing.late is False
        past = desk.as_of(at("06-08 12:00")).get("A-1")
        assert past.closing is not None
        assert past.closing.late is False
        assert desk.as_of(at("06-07 12:00")).get("A-1").state == "assigned"

    def test_an_end_in_time_is_left_alone(self, house):
        """It was in time by both dates: there is nothing to put right."""
        house.assign("A-1", days=4)
        house.desk(when="06-03 10:00").close("A-1", reason="办结")
        assert house.desk(when="06-09 09:00").plan(FLOOD).moves == ()

    def test_an_end_that_is_less_late_keeps_its_breach(self, house):
        """By how much it was late is put right; that it was late stays."""
        house.assign("A-1", days=4)
        house.sweep("06-05 18:00")
        house.desk(when="06-10 10:00").close("A-1", reason="办结")
        load(house, FLOOD, "06-11 09:00")
        desk = house.desk(when="06-11 10:00")
        closing = desk.get("A-1").closing
        assert closing is not None
        assert closing.late is True
        assert closing.late_by == (at("06-10 10:00") - at("06-08 17:30"),) * 2
        assert desk.history("A-1")[-1].overtakes == ()


def prompted(storage, line, **about):
    """Open a house in which a prompt was issued for a matter due on 25 June."""
    house = House.open(storage, channels=[line], **about)
    house.assign("A-1", days=17)
    house.assign("A-2", days=4)
    house.sweep("06-26 09:00")
    for sanction in house.desk(when="06-26 10:00").sanctions.find():
        house.desk(PANEL, "06-26 10:00").sanctions.approve(sanction.id)
        house.desk(COMMITTEE, "06-26 11:00").sanctions.approve(sanction.id)
        house.desk(when="06-26 12:00").sanctions.issue(sanction.id)
    house.office.deliver(now=at("06-26 13:00"))
    line.sent.clear()
    return house


class TestSanctions:
    """What should not have been proposed is put before those who agreed to it."""

    WRONG = CalendarNotice(
        name="更正", version="2", holidays={date(2026, 6, 24): "补放假"}
    )

    @pytest.fixture
    def line(self):
        """Give a channel that remembers."""
        return Line(local=True)

    @pytest.fixture
    def told(self, storage, line):
        """Give a house in which a prompt was issued for a matter due on 25 June."""
        return prompted(storage, line)

    def test_the_plan_says_which_rest_on_the_old_date(self, told):
        """The one matter was not due by the sitting; the other was, by far."""
        assert told.desk(when="06-27 09:00").get("A-1").state == "prompted"
        plan = told.desk(when="06-27 09:00").plan(self.WRONG)
        assert codes(plan.moves) == ["A-1"]
        (resting,) = plan.sanctions
        assert (resting.unit, resting.codes, resting.unfounded) == (
            ZJJ,
            ("A-1",),
            ("A-1",),
        )

    def test_a_revocation_is_proposed_and_a_person_decides(self, told, line):
        """The sanction stands, and the bodies that agreed to it are told."""
        load(told, self.WRONG, "06-27 09:00")
        desk = told.desk(when="06-27 10:00")
        (doubted,) = desk.sanctions.find(to_revoke=True)
        assert doubted.revocation is not None
        assert (doubted.stage, doubted.revocation.codes) == ("issued", ("A-1",))
        assert desk.get("A-1").state == "prompted"
        told.office.deliver(now=at("06-27 10:00"))
        asked = [m for m in line.sent if m.subject.startswith("【拟撤销】")]
        assert {m.unit for m in asked} == {PANEL, COMMITTEE}
        assert "A-1" in asked[0].text
        desk.sanctions.revoke(doubted, reason="依据失实")
        assert desk.get("A-1").state == "overdue"
        assert desk.sanctions.find(to_revoke=True) == ()

    def test_read_as_of_a_day_an_act_on_several_is_told_of_the_one(self, told):
        """The paper cites two matters; only the one asked for is recalled."""
        desk = told.desk(when="06-28 09:00")
        past = desk.as_of(at("06-26 18:00")).explain("A-2")
        before = desk.as_of(at("06-26 08:00")).explain("A-2")
        assert "已对住建局予以行政效能提示" in str(past)
        assert "已对住建局" not in str(before)

    def test_the_proposal_is_told_in_english_too(self, storage, line):
        """The kind, the unit, the matters, and what is asked of the body."""
        told = prompted(storage, line, lang="en")
        load(told, self.WRONG, "06-27 09:00")
        told.office.deliver(now=at("06-27 10:00"))
        asked = [m for m in line.sent if m.subject.startswith("To be revoked?")]
        assert {m.unit for m in asked} == {PANEL, COMMITTEE}
        assert "住建局" in asked[0].subject
        assert "A-1 gave no ground" in asked[0].text

    def test_once_proposed_it_is_not_proposed_again(self, told):
        """A second correction finds that a person has it before them."""
        load(told, self.WRONG, "06-27 09:00")
        second = CalendarNotice(
            name="再更正", version="3", holidays={date(2026, 6, 23): "放假"}
        )
        plan = told.desk(when="06-27 11:00").plan(second)
        assert codes(plan.moves) == ["A-1"]
        assert plan.sanctions == ()

    def test_what_holds_by_the_right_date_too_is_listed_and_left(self, told):
        """A day in early June moves the other matter, which was late all the same."""
        early = CalendarNotice(
            name="更正", version="2", holidays={date(2026, 6, 4): "补放假"}
        )
        plan = told.desk(when="06-27 09:00").plan(early)
        by_code = {r.codes: r.unfounded for r in plan.sanctions}
        assert by_code == {("A-1",): ("A-1",), ("A-2",): ()}
        told.desk(when="06-27 09:00").apply(plan)
        (doubted,) = told.desk(when="06-27 10:00").sanctions.find(to_revoke=True)
        assert [c.code for c in doubted.citations] == ["A-1"]


def test_a_late_end_may_turn_out_late_by_correction(house):
    """A Saturday was worked: the end that was held to be in time came after due."""
    house.assign("A-1", when="06-05 09:00", days=2)
    house.desk(when="06-09 10:00").close("A-1", reason="办结")
    worked = CalendarNotice(
        name="调休", version="2", make_up_days={date(2026, 6, 6): "调休"}
    )
    (move,) = house.desk(when="06-10 09:00").plan(worked).moves
    assert move.late == (False, True)
    load(house, worked, "06-10 09:00")
    closing = house.desk(when="06-10 10:00").get("A-1").closing
    assert closing is not None
    assert closing.late is True
    assert (
        house.desk(when="06-10 10:00")
        .as_known_at(at("06-09 12:00"))
        .get("A-1")
        .closing.late
        is False
    )


class TestWhoLooksAgain:
    """Who agreed looks at it again, else whose turn it is, else who watches."""

    def asked(self, house):
        """Load a day off before the sitting, and name who is asked to look."""
        wrong = CalendarNotice(
            name="更正", version="2", holidays={date(2026, 6, 24): "补放假"}
        )
        load(house, wrong, "06-27 09:00")
        (doubted,) = house.desk(when="06-27 09:00").sanctions.find(to_revoke=True)
        with house.storage.begin("default") as work:
            notices = work.notices(subject=doubted.id)
        told = {n.unit for n in notices if n.template == "propose_revocation"}
        return doubted.stage, told

    def test_what_nobody_has_agreed_to_goes_to_whose_turn_it_is(self, storage):
        """It is proposed only; the first body has it before it."""
        house = House.open(storage, channels=[Line(local=True)])
        house.assign("A-1", days=17)
        house.sweep("06-26 09:00")
        assert self.asked(house) == ("proposed", {PANEL})

    def test_what_was_issued_at_once_goes_to_who_watches(self, storage):
        """No body was asked for it; the supervising unit is told."""
        house = House.open(storage, policies=[AT_ONCE], channels=[Line(local=True)])
        house.assign("A-1", days=17)
        house.sweep("06-26 09:00")
        assert self.asked(house) == ("issued", {DCS})

    def test_what_a_person_proposed_no_rule_judges_again(self, house):
        """It is listed as resting on the old date, and left to that person."""
        house.assign("A-1", days=4)
        house.sweep("06-05 18:00")
        house.desk(when="06-05 19:00").sanctions.propose(
            "A-1", kind="call", unit=ZJJ, reason="逾期"
        )
        (resting,) = house.desk(when="06-06 09:00").plan(FLOOD).sanctions
        assert (resting.codes, resting.unfounded) == (("A-1",), ())


def test_reopened_it_is_due_by_the_edition_in_force(house):
    """A notice leaves an end alone that it judges alike; taken up again it counts."""
    house.assign("A-1", days=4)
    house.desk(when="06-02 09:00").close("A-1", reason="已办结")
    load(house, FLOOD, NOON)
    item = house.desk(when="06-03 15:00").reopen("A-1", reason="群众反映未办")
    assert item.due_at == at("06-08 17:30")
    assert item.due.calendar.version == "2026.1"
