"""Who may read and act at a desk, in a rehearsal and in earnest."""

from __future__ import annotations

from datetime import date

import pytest

from duban_flow import (
    Actor,
    Forbidden,
    NotFound,
    Reason,
    Refused,
    Role,
    Unit,
)
from duban_flow.domain.items import Source
from tests.engine.house import CZJ, DCS, PANEL, UNITS, ZJJ, House, at, matter


class TestRights:
    """Who may read and act; what the host may only tighten."""

    @pytest.mark.parametrize(
        ("who", "sees"),
        [
            (DCS, True),
            (PANEL, True),
            ("sjj", True),
            (ZJJ, True),
            (CZJ, False),
            ("zjs", False),
            (Actor("li"), False),
        ],
    )
    def test_who_may_not_read_it_is_told_there_is_none(self, house, who, sees):
        """Reading, listing and acting all answer alike."""
        house.assign()
        desk = house.desk(who)
        assert [item.code for item in desk.find()] == (["A-1"] if sees else [])
        assert len(desk.cases()) == (1 if sees else 0)
        if not sees:
            for reading in (desk.get, desk.history, desk.explain, desk.available):
                with pytest.raises(NotFound, match="no item"):
                    reading("A-1")
            with pytest.raises(NotFound):
                desk.note("A-1", "一")

    def test_a_bureau_reads_what_its_office_handles(self, house):
        """The hierarchy is the directory's."""
        house.assign(parties={Role.RESPONSIBLE: "zjs"})
        assert house.desk(ZJJ).get("A-1").main_unit == "zjs"

    def test_who_complained_is_not_shown_to_who_handles(self, house):
        """In no reading of any kind, of the matter or of what it is part of."""
        secret = Source("信访", "信3号", complainant="张三")
        house.assign(source=secret)
        part = matter("A-1-1", source=secret, parties={Role.RESPONSIBLE: CZJ})
        house.desk().decompose("A-1", [part])
        desk = house.desk(ZJJ)
        told = [
            desk.get("A-1"),
            desk.find(),
            desk.history("A-1"),
            desk.cases(),
            desk.as_of(date(2026, 6, 1)).get("A-1"),
            desk.as_of(date(2026, 6, 1)).find(),
            desk.report("A-1", progress=1),
        ]
        assert not [one for one in told if "张三" in str(one)]
        assert "张三" not in "".join(repr(one) for one in told)
        assert "张三" in repr(house.desk().get("A-1"))

    @pytest.mark.parametrize(
        ("by", "closer", "allowed"),
        [
            (Actor("wang", unit=ZJJ), Actor("wang", unit=DCS), False),
            (
                Actor("wang", unit=ZJJ),
                Actor("li", unit=DCS, acting_for="wang"),
                False,
            ),
            (
                Actor("li", unit=ZJJ, acting_for="wang"),
                Actor("wang", unit=DCS),
                False,
            ),
            (Actor("wang", unit=DCS), Actor("li", unit=DCS), False),
            (Actor("wang", unit=ZJJ), Actor("li", unit=DCS), True),
        ],
    )
    def test_who_reported_does_not_close(self, house, by, closer, allowed):
        """Per person, per unit, and over acting-for chains both ways."""
        house.assign()
        house.desk(by).report("A-1", progress=100)
        if allowed:
            assert house.desk(closer).close("A-1", reason="完成").state == "closed"
            return
        with pytest.raises(Refused) as refused:
            house.desk(closer).close("A-1", reason="完成")
        assert refused.value.code == "duty.reporter_closes"

    @pytest.mark.parametrize("how", ["reason", "raises"])
    def test_a_host_may_tighten_acts(self, storage, how):
        """A reason is a refusal, and so is whatever the host's rule raises."""

        def permit(actor, action, item):
            if action != "close":
                return None
            if how == "raises":
                raise KeyError(action)
            return Reason(code="host.no", en="Not on Mondays.")

        house = House.open(storage, permit=permit)
        house.assign()
        with pytest.raises(Forbidden) as refused:
            house.desk().close("A-1", reason="完成")
        code = {"reason": "host.no", "raises": "rights.permit_raised"}[how]
        assert refused.value.code == code
        assert house.desk().get("A-1").state == "assigned"
        told = {one.action: one for one in house.desk().available("A-1")}
        assert [reason.code for reason in told["close"].reasons] == [code]

    def test_a_host_may_tighten_births(self, storage):
        """The item that would be born is shown to the host's rule."""

        def permit(actor, action, item):
            refused = action == "assign" and item.category == "secret"
            return Reason(code="host.no", en="No.") if refused else None

        house = House.open(storage, permit=permit)
        with pytest.raises(Forbidden):
            house.assign(category="secret")
        assert house.assign("A-2").code == "A-2"

    @pytest.mark.parametrize("how", ["reason", "raises"])
    def test_a_host_may_tighten_reads(self, storage, how):
        """What may not be read does not exist, in lists as by code."""

        def permit(actor, action, item):
            if action != "read" or item.code != "A-2":
                return None
            if how == "raises":
                raise KeyError(action)
            return Reason(code="host.no", en="No.")

        house = House.open(storage, permit=permit)
        for n in range(1, 4):
            house.assign(f"A-{n}")
        desk = house.desk()
        with pytest.raises(NotFound):
            desk.get("A-2")
        assert [item.code for item in desk.each()] == ["A-1", "A-3"]
        assert [case.item.code for case in desk.cases()] == ["A-1", "A-3"]
        page = desk.find(limit=2)
        assert ([item.code for item in page], page.next) == (["A-1"], "A-2")

    def test_a_host_may_not_loosen(self, storage):
        """Allowing everything opens nothing that the core refuses."""
        house = House.open(storage, permit=lambda *_: None)
        house.assign()
        with pytest.raises(Forbidden):
            house.desk(ZJJ).close("A-1", reason="完成")

    def test_sittings_are_for_oversight(self, house):
        """A unit that handles matters does not read the panel's papers."""
        assert house.desk().sittings() == ()
        with pytest.raises(Forbidden):
            house.desk(ZJJ).sittings()


class TestInEarnest:
    """Outside a rehearsal nobody is invented."""

    def test_a_rehearsals_verbs_invent_units(self, storage):
        """Whoever is named is there; who gives out first is a supervisor."""
        house = House.open(storage)
        item = house.desk("领导小组办").assign(
            matter(parties={Role.RESPONSIBLE: "城管局"})
        )
        assert item.units() == ("城管局",)
        moved = house.desk("领导小组办").reassign("A-1", "交通局")
        assert moved.main_unit == "交通局"
        with house.storage.begin("default") as work:
            kinds = {n: work.directory().kind(n) for n in ("领导小组办", "城管局")}
        assert kinds == {"领导小组办": "supervisor", "城管局": "department"}

    def test_in_earnest_unknown_units_are_refused(self, open_in_earnest):
        """In a new matter, in a verb and as who acts."""
        office = open_in_earnest()
        desk = office.desk(DCS, now=at("06-01 09:00"))
        desk.register(UNITS)
        desk.assign(matter())
        with pytest.raises(NotFound, match="住建局"):
            desk.assign(matter("A-2", parties={Role.RESPONSIBLE: "住建厅局"}))
        with pytest.raises(NotFound):
            desk.reassign("A-1", "交通局")
        with pytest.raises(Forbidden):
            office.desk("督查二室", now=at("06-01 09:00")).assign(matter("A-3"))

    def test_units_are_registered_by_those_who_give_out_matters(self, open_in_earnest):
        """The first registration is anybody's, the next is not."""
        office = open_in_earnest()
        office.desk("setup", now=at("06-01 09:00")).register(UNITS)
        with pytest.raises(Forbidden):
            office.desk(ZJJ, now=at("06-01 09:00")).register(Unit("x", "新局"))
        told = office.desk(DCS, now=at("06-01 09:00")).register(Unit("x", "新局"))
        assert told.name("x") == "新局"
