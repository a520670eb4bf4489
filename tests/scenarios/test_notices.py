"""A notice is published, a holiday announced at noon, a day of the past corrected."""

from __future__ import annotations

from datetime import date

import pytest

from duban_flow.domain.sanctions import Stage
from duban_flow.domain.time.calendar import WorkCalendar
from duban_flow.domain.time.certificate import verify
from duban_flow.domain.time.notice import CalendarNotice
from duban_flow.domain.time.term import Term
from duban_flow.domain.units import Role
from duban_flow.testing import Recording
from tests.engine.house import CZJ, DCS, OPENING, PANEL, TALK, ZJJ, House, at

CHINA = WorkCalendar.china(2026)

NEXT_YEAR = CalendarNotice(
    name="2027年放假安排",
    version="2027",
    holidays={
        date(2027, 1, 1): "元旦",
        **{date(2027, 2, d): "春节" for d in range(5, 12)},
    },
    known_until=date(2027, 12, 31),
)

FLOOD = CalendarNotice(
    name="防汛停工",
    version="2026.1",
    holidays={date(2026, 6, 4): "防汛"},
    source="区防指",
)
"""Thursday, 4 June, is off."""


def due_of(house, code):
    """Give where the deadline of a matter stands."""
    return house.desk(when="12-31 09:00").get(code).due


@pytest.fixture
def crossing(storage):
    """Give a house with three matters that cross into the next year, and two not."""
    line = Recording("paper")
    house = House.open(storage, calendars=[CHINA], channels=[line])
    parties = {Role.RESPONSIBLE: CZJ, Role.SUPERVISING: DCS}
    house.assign("A-1", when="12-21 09:00", days=30)
    house.assign("A-2", when="12-21 09:00", days=12)
    house.assign("A-3", when="12-21 09:00", days=30, parties=parties)
    house.assign("B-1", when="12-21 09:00", days=5)
    house.assign("B-2", when="12-21 09:00", term=Term.until(date(2027, 3, 1)))
    return house, line


def published(house, when):
    """Load the notice, tell whom it concerns, and give the codes of its plan."""
    desk = house.desk(when=when)
    plan = desk.plan(NEXT_YEAR)
    assert plan.problems == ()
    desk.apply(plan)
    house.office.deliver(now=at(when))
    return {move.code for move in (*plan.moves, *plan.firmed)}


def test_4_notice_published(crossing):
    """It firms up and moves the matters that cross into the year, and no others."""
    house, _ = crossing
    before = {code: due_of(house, code) for code in ("A-1", "A-2", "A-3", "B-1", "B-2")}
    assert [code for code in before if before[code].provisional] == [
        "A-1",
        "A-2",
        "A-3",
    ]

    assert published(house, "12-30 09:00") == {"A-1", "A-2", "A-3"}

    for code in ("A-1", "A-2", "A-3"):
        after = due_of(house, code)
        assert not after.provisional
        assert before[code].earliest <= after.at <= before[code].latest
        assert house.actions(code) == ["assign", "recalendar"]
        assert verify(after.certificate, [CHINA, CHINA.load(NEXT_YEAR)]) == ()
    for code in ("B-1", "B-2"):
        assert due_of(house, code) == before[code]
        assert house.actions(code) == ["assign"]


def test_4_notice_published_again(crossing):
    """Each recipient has one digest, and the same version once more is nothing."""
    house, line = crossing
    published(house, "12-30 09:00")
    assert sorted(message.unit for message in line.messages) == sorted([ZJJ, CZJ, DCS])

    assert published(house, "12-30 10:00") == set()

    assert house.actions("A-1") == ["assign", "recalendar"]
    assert len(line.messages) == 3


LEDGER = "编号,日期,事项,责任单位,办理时限\n"


@pytest.mark.parametrize(
    "many", [120, pytest.param(10_000, marks=pytest.mark.long)], ids=["few", "many"]
)
def test_5_holiday_announced_at_noon_for_tomorrow(house, many):
    """Of all that is open only what runs over tomorrow moves, paused or not.

    Every third matter ends today, every third on Friday, the others name their date.
    """
    terms = ("2个工作日", "4个工作日", "2026-06-12")
    rows = (f"A-{n},2026-06-01,修路,住建局,{terms[n % 3]}\n" for n in range(many))
    desk = house.desk(when="06-01 18:00")
    desk.apply(desk.plan(LEDGER + "".join(rows)))
    house.desk(when="06-02 09:00").suspend("A-4", reason="等待鉴定")
    house.desk(when="06-02 09:00").close("A-7", reason="完工")

    noon = house.desk(when="06-03 12:00")
    plan = noon.plan(FLOOD)
    noon.apply(plan)

    cross = {f"A-{n}" for n in range(1, many, 3)} - {"A-4", "A-7"}
    assert {move.code for move in plan.moves} == cross
    assert (plan.firmed, plan.deferred) == ((), ("A-4",))
    moved = noon.get("A-1")
    assert (moved.due_at, len(moved.past_dues)) == (at("06-08 17:30"), 1)
    assert house.actions("A-0") == house.actions("A-2") == ["assign"]
    assert house.actions("A-7") == ["assign", "close"]
    # Two days were paused, one was off: Friday becomes Wednesday.
    resumed = house.desk(when="06-05 09:00").resume("A-4")
    assert resumed.due_at == at("06-10 17:30")


@pytest.fixture
def corrected(storage):
    """Give a house where a day of the past was corrected after a sanction was agreed.

    The matter lapsed on Friday, was closed on Monday, sanctioned on the 26th, and on
    the 29th it is found that Thursday was off.
    """
    line = Recording("paper")
    house = House.open(storage, policies=[TALK], channels=[line])
    house.assign()
    house.sweep("06-08 09:00")
    house.desk(when="06-08 15:00").close("A-1", reason="核验")
    house.sweep(OPENING)
    desk = house.desk(when="06-29 09:00")
    closing = desk.get("A-1").closing
    assert closing is not None
    assert closing.late is True
    [sanction] = desk.sanctions.find()
    house.desk(PANEL, "06-29 09:10").sanctions.approve(sanction.id)
    correcting = house.desk(when="06-29 10:00")
    plan = correcting.plan(FLOOD)
    [rests] = plan.sanctions
    assert (rests.sanction, rests.unfounded) == (sanction.id, ("A-1",))
    correcting.apply(plan)
    house.office.deliver(now=at("06-29 10:30"))
    return house, line


def test_6_calendar_correction_in_the_past(corrected):
    """The lapse stays in the history, and a correction that overtakes it follows."""
    desk = corrected[0].desk(when="06-29 11:00")
    item = desk.get("A-1")
    assert item.closing is not None
    assert (item.due_at, item.closing.late) == (at("06-08 17:30"), False)
    assert [due.at for due in item.past_dues] == [at("06-05 17:30")]
    history = {event.seq: event.action for event in desk.history("A-1")}
    assert list(history.values()) == ["assign", "lapse", "close", "recalendar"]
    assert [history[seq] for seq in desk.history("A-1")[-1].overtakes] == ["lapse"]


def test_6_both_pasts_reproduce(corrected):
    """As it was believed on Monday, and as is known now of Monday."""
    desk, monday = corrected[0].desk(when="06-29 11:00"), at("06-08 10:00")
    believed, known = desk.as_known_at(monday), desk.as_of(monday)
    assert believed.get("A-1").state == "overdue"
    assert believed.summary().overdue == 1
    assert known.get("A-1").state == "assigned"
    assert known.summary().overdue == 0


def test_6_the_sanction_is_put_up_for_revocation(corrected):
    """Nobody has revoked it; the body that agreed to it is told."""
    house, line = corrected
    [waiting] = house.desk(when="06-29 11:00").sanctions.find()
    assert waiting.stage is Stage.APPROVED
    assert waiting.revocation is not None
    assert waiting.revocation.codes == ("A-1",)
    assert PANEL in {message.unit for message in line.messages}
