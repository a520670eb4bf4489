"""What a desk reads: what may be done, lists, pages, days gone by."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from duban_flow import (
    Circular,
    Figure,
    Invalid,
    NotFound,
    Refused,
    Role,
    Supervision,
)
from duban_flow.engine.reading import PAGE
from duban_flow.storage.memory import MemoryStorage
from tests.engine.house import CZJ, DCS, PANEL, ZJJ, House, at, matter


class TestAvailable:
    """What may be done, and why not."""

    def test_every_action_is_told_with_its_reasons_and_data(self, house):
        """Who handles may report and not close; both are said."""
        item = house.assign()
        told = {one.action: one for one in house.desk(ZJJ).available(item)}
        issued = {"prompt", "warn", "sanction", "revoke"}
        assert set(told) == set(Supervision.actions) - issued
        assert told["report"].allowed
        assert told["report"].reasons == ()
        assert not told["close"].allowed
        assert [r.code for r in told["close"].reasons] == ["rights.role"]
        assert told["close"].schema["required"] == ["reason"]

    def test_every_reason_is_told_at_once(self, house):
        """Neither the right nor the state is there: both are named."""
        house.assign()
        told = {one.action: one for one in house.desk(ZJJ).available("A-1")}
        codes = [reason.code for reason in told["reopen"].reasons]
        assert codes == ["rights.role", "workflow.state"]
        assert all(r.text("zh") and r.text("en") for r in told["reopen"].reasons)

    def test_what_is_available_can_be_done(self, house):
        """An action that is told to be allowed is not refused for who or where."""
        house.assign()
        told = house.desk(ZJJ).available("A-1")
        assert "acknowledge" in [one.action for one in told if one.allowed]
        assert house.desk(ZJJ).acknowledge("A-1").state == "in_progress"


class TestReading:
    """Lists, pages, histories, and what stood when."""

    @pytest.fixture
    def several(self, house):
        """Give out five matters of two units, one of them closed, one late."""
        for n in range(1, 4):
            house.assign(f"A-{n}", category="petition")
        house.assign("B-1", parties={Role.RESPONSIBLE: CZJ, Role.LEAD: ZJJ}, days=2)
        house.assign(
            "B-2", parties={Role.RESPONSIBLE: CZJ}, title="湖滨路整治", term=None
        )
        house.desk(PANEL).close("A-2", reason="完成")
        return house

    @pytest.mark.parametrize(
        ("which", "codes"),
        [
            ({}, "A-1 A-2 A-3 B-1 B-2"),
            ({"state": "closed"}, "A-2"),
            ({"state": ["closed", "assigned"], "category": "petition"}, "A-1 A-2 A-3"),
            ({"unit": "住建局"}, "A-1 A-2 A-3 B-1"),
            ({"unit": "nobody"}, ""),
            ({"overdue": True}, "B-1"),
            ({"due_by": at("06-03 17:30")}, "B-1"),
            ({"text": "湖滨"}, "B-2"),
            ({"text": "B-"}, "B-1 B-2"),
            ({"policy": "district@1", "category": ""}, "B-1 B-2"),
            ({"policy": "plain@1"}, ""),
            ({"after": "A-3"}, "B-1 B-2"),
        ],
    )
    def test_each_word_narrows(self, several, which, codes):
        """As things stand and as they stood, the same items are found."""
        now = at("06-04 09:00")
        desk = several.desk(when=now)
        assert [item.code for item in desk.find(**which)] == codes.split()
        assert [item.code for item in desk.as_of(now).find(**which)] == codes.split()

    def test_pages_follow_one_another(self, several):
        """Every item comes once, in the order of codes, whatever the page holds."""
        desk = several.desk()
        first = desk.find(limit=2)
        assert (len(first), first.next) == (2, "A-2")
        second = desk.find(limit=2, after=first.next)
        third = desk.find(limit=2, after=second.next)
        codes = [item.code for page in (first, second, third) for item in page]
        assert (codes, third.next) == (["A-1", "A-2", "A-3", "B-1", "B-2"], None)
        assert [item.code for item in desk.each()] == codes
        assert [item.code for item in desk.each(unit=CZJ)] == ["B-1", "B-2"]

    def test_a_naive_instant_finds_nothing_it_could_mean(self, several):
        """It is refused, not compared."""
        with pytest.raises(Invalid):
            several.desk().find(due_by=datetime(2026, 6, 3))

    def test_history_is_in_the_order_of_recording(self, several):
        """With who and when."""
        events = several.desk().history("A-2")
        assert [(e.seq, e.action, e.actor_unit) for e in events] == [
            (1, "assign", DCS),
            (2, "close", PANEL),
        ]

    def test_as_of_a_day_what_came_later_is_not_there(self, house):
        """A day means its 24:00; before its birth there is no item."""
        house.assign()
        house.desk(PANEL, "06-03 09:00").close("A-1", reason="完成")
        desk = house.desk(when="06-04 09:00")
        assert desk.as_of(date(2026, 6, 2)).get("A-1").state == "assigned"
        assert desk.as_of(date(2026, 6, 3)).get("A-1").state == "closed"
        assert [e.action for e in desk.as_of(date(2026, 6, 2)).history("A-1")] == [
            "assign"
        ]
        with pytest.raises(NotFound):
            desk.as_of(date(2026, 5, 31)).get("A-1")
        assert len(desk.as_of(date(2026, 5, 31)).find()) == 0

    def test_a_reader_of_a_day_has_no_verbs(self, house):
        """Nothing can be done in the past."""
        assert not hasattr(house.desk().as_of(date(2026, 6, 1)), "close")

    def test_rates_stand_on_what_was_due(self, several):
        """Closed and in time are counted on the same base; late on everything."""
        desk = several.desk(when="06-08 09:00")
        told = desk.summary()
        assert (told.total, told.due, told.closed_of_due, told.on_time) == (5, 4, 1, 1)
        assert told.by_state == {"assigned": 4, "closed": 1}
        assert told.by_unit == {CZJ: 2, ZJJ: 3}
        assert told.closure_rate is not None
        assert told.on_time_rate is not None
        assert told.overdue_rate is not None
        rates = [told.closure_rate, told.on_time_rate, told.overdue_rate]
        assert [rate.value for rate in rates] == [25, 25, 60]
        assert (rates[0].numerator, rates[0].denominator) == (1, 4)
        assert all(rate.label.endswith("（按办理时限）") for rate in rates)

    def test_a_rate_without_a_base_is_absent(self, several):
        """Where nothing was due there is no rate, not a zero."""
        told = several.desk().summary(category="petition")
        assert (told.due, told.closure_rate, told.on_time_rate) == (0, None, None)
        assert several.desk().summary(category="none").overdue_rate is None

    def test_an_explanation_is_read_by_who_may_read(self, several):
        """In either language."""
        desk = several.desk(when="06-04 09:00")
        assert "逾期" in str(desk.explain("B-1"))
        assert "late" in str(desk.explain("B-1", lang="en"))


def test_a_walk_goes_over_every_page():
    """More items than a page holds are all met, each once, in order."""
    house = House.open(MemoryStorage(), policies=())
    desk = house.desk()
    with desk.atomic():
        for n in range(PAGE + 1):
            desk.assign(matter(f"A-{n:04}", term=None))
    codes = [item.code for item in desk.each()]
    assert codes == [f"A-{n:04}" for n in range(PAGE + 1)]


def test_a_circular_may_be_a_function_of_a_reader(house):
    """It reads as of the reader's day, and its figures are counted again."""
    house.assign()

    def template(reader):
        late = Figure("late", reader.summary().overdue, "件")
        return Circular("通报", [late])

    desk = house.desk(when="06-10 09:00")
    assert desk.circular(template).figures["late"].value == 1
    assert desk.as_of(date(2026, 6, 4)).circular(template).figures["late"].value == 0


def test_several_acts_need_no_request(house):
    """Without an id each member is done, or its error is kept."""
    house.assign()
    acts = [
        ("A-1", Supervision.note(text="一")),
        ("A-1", Supervision.reopen(reason="不服")),
    ]
    done = house.desk().act_many(acts)
    assert [type(one.error) for one in done] == [type(None), Refused]
