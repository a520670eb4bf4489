"""Facts told late or by a day alone, parts of what has ended, units kept whole."""

from __future__ import annotations

from datetime import date

import pytest
from attrs import evolve

from duban_flow import Measure, NewItem, Refused, Role, Term, Unit, WorkCalendar
from duban_flow.domain.codec import structure
from duban_flow.engine.ports import Storage
from tests.engine.house import CZJ, DCS, ZJJ, House, at, matter

TOKYO = evolve(WorkCalendar.china(), name="tokyo", zone="Asia/Tokyo")


def part(code: str, days: int = 2) -> NewItem:
    """Make a part with a term of its own."""
    parties = {Role.RESPONSIBLE: CZJ}
    return NewItem(code, "部分", term=Term.workdays(days), parties=parties)


class TestWrittenDownLate:
    """What is written down late fires nothing that lay before."""

    def test_parts_of_a_back_dated_decomposition_are_armed_from_now(self, house):
        """As a matter that is given out late is; the lapse is recorded all the same."""
        house.assign(days=40)
        desk = house.desk(when="06-20 09:00")
        since = at("06-02 09:00")
        desk.decompose("A-1", [part("P-1")], effective_at=since)
        desk.assign(part("P-2"), parent="A-1", effective_at=since)
        house.sweep("06-20 10:00")
        for code in ("P-1", "P-2"):
            assert desk.get(code).armed_from == at("06-20 09:00")
            assert house.actions(code) == ["assign", "lapse"]

    def test_what_is_told_at_once_is_armed_from_its_beginning(self, house):
        """Today's date is no back-dating."""
        house.assign(days=40)
        desk = house.desk(when="06-02 09:00")
        desk.decompose("A-1", [part("P-1")])
        desk.assign(part("P-2"), parent="A-1", effective_at=date(2026, 6, 2))
        house.sweep("06-08 10:00")
        for code in ("P-1", "P-2"):
            assert desk.get(code).armed_from is None
            assert house.actions(code) == ["assign", "lapse", "urge"]


class TestDays:
    """A day alone is read by the calendar of the item it is told of."""

    @pytest.fixture
    def abroad(self, storage: Storage) -> House:
        """Give a house with two calendars, and A-1 by the second."""
        house = House.open(storage, calendars=[WorkCalendar.china(), TOKYO])
        house.assign(calendar="tokyo", days=20, measures=[Measure("投资", "万元")])
        return house

    def test_by_the_code_as_by_the_item(self, abroad):
        """Close of business is an hour earlier in Tokyo, however the item is named."""
        desk = abroad.desk(when="06-05 09:00")
        for named in (str, desk.get):
            desk.find_fault(named("A-1"), on=date(2026, 6, 3), text="漏项")
            assert desk.history("A-1")[-1].effective_at == at("06-03 16:30")

    def test_a_reading_of_a_day_is_of_its_end_there(self, abroad):
        """24:00 in Tokyo is 23:00 in Beijing."""
        desk = abroad.desk(when="06-05 09:00")
        for named in (str, desk.get):
            desk.measure(named("A-1"), "投资", actual=1, as_of=date(2026, 6, 3))
            [*_, case] = desk.cases()
            assert case.facts.readings[-1].as_of == at("06-03 23:00")

    def test_a_birth_goes_by_the_new_items_own(self, abroad):
        """Or by its whole's, of which it is a part."""
        desk = abroad.desk(when="06-05 09:00")
        told = date(2026, 6, 3)
        desk.assign(matter("B-1", calendar="tokyo"), effective_at=told)
        desk.assign(matter("A-1-1"), parent="A-1", effective_at=told)
        desk.assign(matter("C-1"), effective_at=told)
        born = [desk.get(code).assigned_at for code in ("B-1", "A-1-1", "C-1")]
        assert born == [at("06-03 16:30"), at("06-03 16:30"), at("06-03 17:30")]

    def test_a_repeat_is_one_on_another_hour_of_the_day(self, abroad):
        """A day is compared as it was told."""
        desk = abroad.desk(when="06-05 09:00")
        told = date(2026, 6, 5)
        first = desk.report("A-1", progress=5, effective_at=told, request_id="r")
        later = desk.at(at("06-05 11:00"))
        again = later.report("A-1", progress=5, effective_at=told, request_id="r")
        assert again == first


class TestPartsOfWhatHasEnded:
    """A matter that has ended is not split any more."""

    @pytest.mark.parametrize("end", ["close", "withdraw"])
    def test_no_part_is_given_out_under_it(self, house, end):
        """Neither by itself nor back-dated; once it is open again, it is."""
        house.assign()
        desk = house.desk(when="06-03 09:00")
        getattr(desk, end)("A-1", reason="已办")
        for since in (None, at("06-02 09:00")):
            with pytest.raises(Refused) as refused:
                desk.assign(part("P-1"), parent="A-1", effective_at=since)
            assert refused.value.code == "parent.closed"
        assert [item.code for item in desk.find()] == ["A-1"]
        if end == "close":
            desk.reopen("A-1", reason="复查不合格")
            assert desk.assign(part("P-1"), parent="A-1").parent is not None

    def test_a_ledger_is_refused_alike(self, house):
        """Its plan names the row."""
        house.assign()
        house.desk(when="06-03 09:00").close("A-1", reason="已办")
        told = "编号,事项,责任单位,上级事项\nP-1,部分,财政局,A-1\n"
        plan = house.desk(DCS, "06-04 09:00").plan(told)
        assert [(p.code, p.row) for p in plan.problems] == [("parent.closed", 2)]


class TestUnitsKeptWhole:
    """The event of a unit's registration holds all that was registered."""

    def test_a_unit_can_be_told_from_its_event(self, house):
        """Parent, aliases and validity too, at every change."""
        several = [
            Unit("n1", "新局", parent=ZJJ, aliases=("旧局",)),
            Unit("n1", "新区局", kind="body", valid_from=date(2026, 1, 1)),
        ]
        for unit in several:
            house.desk().register(unit)
        with house.storage.begin("default") as work:
            logged = work.events(["n1"])["n1"]
        assert [structure(dict(e.data), Unit) for e in logged] == several
