"""The desk: every verb once, and its typed errors."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from duban_flow import (
    Conflict,
    Forbidden,
    Invalid,
    NotFound,
    Refused,
    Role,
    Supervision,
    Term,
)
from duban_flow.domain.case import Entry
from duban_flow.domain.instants import Span
from duban_flow.domain.quantities import Measure
from tests.engine.house import CZJ, DCS, PANEL, ZJJ, at, matter


class TestVerbs:
    """Each verb once, with what it leaves behind."""

    def test_assign_gives_out_a_matter(self, house):
        """It is born under its code, due when its term ends, with its parties."""
        item = house.assign()
        assert (item.code, item.state, item.version) == ("A-1", "assigned", 1)
        assert item.due_at == at("06-05 17:30")
        assert (item.units(Role.RESPONSIBLE), item.registrar) == ((ZJJ,), DCS)
        assert house.desk().get("A-1") == item

    @pytest.mark.parametrize(
        ("by", "verb", "given", "left"),
        [
            (ZJJ, "acknowledge", {}, {"state": "in_progress", "started": True}),
            (ZJJ, "report", {"progress": 40, "note": "已进场"}, {"progress": 40}),
            (ZJJ, "report", {"at_risk": True}, {"at_risk": True}),
            (ZJJ, "submit", {"note": "请验收"}, {"state": "in_progress"}),
            (ZJJ, "decline", {"reason": "非本单位职责"}, {"declined_by": ZJJ}),
            (ZJJ, "justify", {"reason": "暴雨"}, {"state": "assigned"}),
            (DCS, "reassign", {"unit": "财政局"}, {"main_unit": CZJ}),
            (
                DCS,
                "rebaseline",
                {"term": Term.workdays(9), "reason": "设计变更"},
                {"rebaselined": 1, "due_at": at("06-05 17:30")},
            ),
            (DCS, "transfer_out", {"to": "市法院"}, {"state": "withdrawn"}),
            (DCS, "hold", {"reason": "重复信访"}, {"held": True}),
            (DCS, "withdraw", {"reason": "重复立项"}, {"state": "withdrawn"}),
            (DCS, "suspend", {"reason": "等待批复"}, {"state": "suspended"}),
            (PANEL, "close", {"reason": "已完成"}, {"state": "closed"}),
            (DCS, "amend", {"reason": "错字", "title": "修桥"}, {"title": "修桥"}),
            (DCS, "note", {"text": "已电话了解"}, {"version": 2}),
            (
                DCS,
                "attach",
                {"name": "照片", "digest": "ab", "where": "dms:7"},
                {"version": 2},
            ),
            (
                DCS,
                "find_fault",
                {"on": date(2026, 6, 1), "text": "迟到"},
                {"version": 2},
            ),
            (
                DCS,
                "evaluate",
                {"round": 1, "on": date(2026, 6, 1), "entries": [Entry("甲", score=9)]},
                {"version": 2},
            ),
            (
                ZJJ,
                "measure",
                {
                    "name": "产值",
                    "actual": "3.5",
                    "as_of": date(2026, 6, 1),
                    "measure_unit": "亿元",
                },
                {"version": 2},
            ),
        ],
    )
    def test_a_verb_does_what_it_says(self, house, by, verb, given, left):
        """It returns the item as it is afterwards, and that is what is kept."""
        house.assign()
        item = getattr(house.desk(by, "06-02 09:00"), verb)("A-1", **given)
        assert {name: getattr(item, name) for name in left} == left
        assert house.desk().get("A-1") == item
        assert house.actions() == ["assign", verb]

    @pytest.mark.parametrize(
        ("before", "verb", "given", "left"),
        [
            ("submit", "send_back", {"reason": "不合格"}, {"returned": 1}),
            ("hold", "release", {}, {"held": False}),
            ("suspend", "resume", {}, {"state": "in_progress"}),
            ("close", "reopen", {"reason": "群众不满意"}, {"state": "in_progress"}),
            ("justify", "accept", {"unit": ZJJ}, {"version": 4}),
            ("justify", "refuse", {"unit": ZJJ, "reason": "不足"}, {"version": 4}),
        ],
    )
    def test_a_verb_that_answers_another(self, house, before, verb, given, left):
        """What was asked is answered, what was stopped goes on."""
        house.assign()
        desks = {who: house.desk(who, "06-02 09:00") for who in (ZJJ, DCS)}
        desks[ZJJ].acknowledge("A-1")
        first = {"submit": {}, "justify": {"reason": "暴雨", "unit": "住建局"}}
        about: dict[str, Any] = first.get(before, {"reason": "理由"})
        getattr(desks[ZJJ if before in first else DCS], before)("A-1", **about)
        item = getattr(desks[DCS], verb)("A-1", **given)
        assert {name: getattr(item, name) for name in left} == left

    def test_act_does_what_the_verb_does(self, house):
        """A command is a value; a form is read into one."""
        house.assign()
        desk = house.desk(ZJJ)
        desk.act("A-1", Supervision.report(progress=10))
        item = desk.act("A-1", Supervision.parse("report", {"progress": 20}))
        assert item.progress == 20

    def test_a_reading_of_today_is_known_today(self, house):
        """It was taken by now; a reading of an earlier day is its 24:00."""
        house.assign(measures=[Measure("产值", "亿元", target=10)])
        desk = house.desk(ZJJ, "06-03 09:00")
        for day in (1, 3):
            desk.measure("A-1", "产值", actual=day, as_of=date(2026, 6, day))
        [case] = desk.cases()
        assert [r.as_of for r in case.facts.readings] == [
            at("06-02 00:00"),
            at("06-03 09:00"),
        ]
        found = case.facts.reading("产值", at("06-03 09:00"))
        assert found is not None
        assert found.actual == Decimal(3)

    def test_a_reading_of_an_instant_was_so_at_that_instant(self, house):
        """As of then it is known, whenever it was written down."""
        house.assign()
        house.desk(ZJJ, "06-04 09:00").measure(
            "A-1", "产值", actual=3, as_of=at("06-02 09:00"), measure_unit="亿元"
        )
        [case] = house.desk().as_of(at("06-03 09:00")).cases()
        assert [r.actual for r in case.facts.readings] == [Decimal(3)]


class TestRefusals:
    """What cannot be done is told by a typed error, and nothing is written."""

    @pytest.fixture(autouse=True)
    def _assigned(self, house):
        """Let A-1 be there."""
        house.assign()

    @pytest.fixture(autouse=True)
    def _unchanged(self, house, _assigned):
        """See that nothing was written to A-1."""
        before = house.desk().get("A-1")
        yield
        assert house.desk().get("A-1") == before

    def test_an_unknown_code(self, house):
        """Is not found."""
        with pytest.raises(NotFound) as refused:
            house.desk().close("A-9", reason="完成")
        assert refused.value.code == "item.none"

    def test_an_actor_without_the_right(self, house):
        """Is forbidden, and told whose it is."""
        with pytest.raises(Forbidden, match="supervising"):
            house.desk(ZJJ).close("A-1", reason="完成")

    def test_an_action_that_is_not_possible_here(self, house):
        """Is refused with its reason."""
        with pytest.raises(Refused) as refused:
            house.desk().reopen("A-1", reason="不服")
        assert refused.value.code == "workflow.state"

    @pytest.mark.parametrize("when", ["naive", date(2026, 6, 30), "yesterday"])
    def test_an_instant_that_is_none(self, house, when):
        """Naive, of the future, or no instant at all."""
        told = at("06-01 08:00").replace(tzinfo=None) if when == "naive" else when
        with pytest.raises(Invalid):
            house.desk().note("A-1", "一", effective_at=told)

    def test_a_fact_of_the_future(self, house):
        """Cannot be known yet, not even in part."""
        for when in (at("06-01 09:01"), Span(at("06-01 09:00"), at("06-01 09:01"))):
            with pytest.raises(Invalid) as refused:
                house.desk().note("A-1", "一", effective_at=when)
            assert refused.value.code == "effective.future"

    def test_a_fact_from_before_its_birth(self, house):
        """Nothing happens to what is not there yet."""
        with pytest.raises(Invalid) as refused:
            house.desk().note("A-1", "一", effective_at=at("06-01 08:59"))
        assert refused.value.code == "effective.before_birth"

    def test_data_of_a_wrong_type(self, house):
        """Names the field."""
        with pytest.raises(Invalid, match="progress"):
            house.desk(ZJJ).act("A-1", Supervision.parse("report", {"progress": "4"}))

    def test_a_naive_instant_in_the_data(self, house):
        """Is refused wherever it stands."""
        naive = datetime(2026, 6, 1, 8)
        with pytest.raises(Invalid, match="zone"):
            house.desk().measure("A-1", "产值", actual=1, as_of=naive)
        with pytest.raises(Invalid, match="zone"):
            house.desk().suspend("A-1", reason="等待", until=naive)

    def test_a_float(self, house):
        """Is no quantity."""
        with pytest.raises(Invalid, match=r"1\.5"):
            house.desk().measure("A-1", "产值", actual=1.5, as_of=date(2026, 6, 1))

    def test_a_command_of_another_workflow(self, house):
        """Does not fit, whatever its action is called."""
        command = Supervision.note(text="一")
        other = type(command)("hotline", command.action, command.payload)
        with pytest.raises(Invalid) as refused:
            house.desk().act("A-1", other)
        assert refused.value.code == "workflow.other"

    def test_a_code_that_is_taken(self, house):
        """Is a conflict; the item under it stays as it was."""
        with pytest.raises(Conflict):
            house.desk(when="06-02 09:00").assign(matter("A-1", title="另一件"))

    def test_a_matter_due_before_it_is_given_out(self, house):
        """Contradicts itself."""
        with pytest.raises(Invalid) as refused:
            house.desk().assign(matter("A-2", term=Term.until(date(2026, 5, 1))))
        assert refused.value.code == "item.due_before_assignment"
        assert "时限2026年5月1日（周五）17:30早于" in refused.value.text("zh")

    @pytest.mark.parametrize("what", ["workflow", "policy", "calendar"])
    def test_a_matter_under_something_unknown(self, house, what):
        """Names the nearest there is."""
        fields: dict[str, Any] = {what: "supervisor plain china"}
        with pytest.raises(NotFound, match="nearest"):
            house.desk().assign(matter("A-2", **fields))

    def test_a_unit_that_gives_out_nothing(self, house):
        """Only units of oversight give out matters."""
        with pytest.raises(Forbidden):
            house.desk(ZJJ).assign(matter("A-2"))

    @pytest.mark.parametrize("limit", [0, -1])
    def test_a_page_of_nothing(self, house, limit):
        """A page holds at least one item."""
        with pytest.raises(Invalid):
            house.desk().find(limit=limit)

    def test_a_desk_at_no_instant(self, house):
        """A naive now is refused as the desk is asked for."""
        with pytest.raises(Invalid):
            house.desk(when=datetime(2026, 6, 1))
        with pytest.raises(Invalid):
            house.desk().at(datetime(2026, 6, 1))
        with pytest.raises(Invalid):
            house.desk().as_of(datetime(2026, 6, 1))


def test_a_desk_says_who_and_when(house):
    """Its actor and its instant, and the same desk at another."""
    desk = house.desk(DCS)
    later = desk.at(at("06-02 09:00"))
    assert (desk.actor.unit, desk.now, later.now) == (
        DCS,
        at("06-01 09:00"),
        at("06-01 09:00") + timedelta(days=1),
    )
