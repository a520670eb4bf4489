"""What nobody reads through the past, and whose name nobody may go by."""

from __future__ import annotations

import pytest
from attrs import evolve

from duban_flow import Actor, Invalid, NotFound, Reason, Unit
from duban_flow.domain.items import Source
from tests.engine.house import CZJ, DCS, ZJJ, House, at

OUTLINE = """
title = "通报"

[[section]]
title = "信访"
text = "共{all}件。"
[section.figure.all]
count = ["state is assigned"]
unit = "件"
"""
BEFORE = at("06-02 09:00")


def handed_over(house: House) -> House:
    """Give A-1, about which somebody complained, to 住建局 and then to 财政局."""
    house.assign(source=Source("信访", complainant="张三"))
    house.desk(when="06-03 09:00").reassign("A-1", CZJ, reason="职责所在")
    return house


def told(thing: object) -> bool:
    """Whether the complainant is named anywhere in what was read."""
    return "张三" in repr(thing)


class TestWhoComplained:
    """The name is kept from who handles the matter, now or then, whenever it reads."""

    @pytest.mark.parametrize("when", [None, BEFORE])
    def test_the_unit_that_handles_it_now_reads_no_name_in_its_past(self, house, when):
        """Not even as of a day on which the matter was another's."""
        desk = handed_over(house).desk(CZJ, "06-04 09:00")
        reader = desk if when is None else desk.as_of(when)
        assert not told(reader.get("A-1"))
        assert not told(reader.history("A-1"))
        assert not told(reader.cases())
        page = reader.find()
        assert [item.code for item in page] == ["A-1"]
        assert not told(page)

    def test_oversight_reads_the_name_at_any_time(self, house):
        """Who gave the matter out knows from whom it came."""
        desk = handed_over(house).desk(DCS, "06-04 09:00")
        for reader in (desk, desk.as_of(BEFORE)):
            assert told(reader.get("A-1"))
            assert told(reader.history("A-1"))
            assert told(reader.find())


class TestWhoIsGone:
    """What a unit may not read now it may not read as of then."""

    def test_a_former_party_finds_nothing_in_the_past(self, house):
        """Listing, counting and reading answer alike."""
        past = handed_over(house).desk(ZJJ, "06-04 09:00").as_of(BEFORE)
        assert list(past.find()) == []
        assert past.cases() == ()
        assert past.summary().total == 0
        for reading in (past.get, past.history, past.explain):
            with pytest.raises(NotFound):
                reading("A-1")

    def test_a_circular_counts_what_may_be_read_now(self, house):
        """The figure of a day gone by is the same for whoever may read."""
        handed_over(house)
        counted = {
            who: house.desk(who, "06-04 09:00").as_of(BEFORE).circular(OUTLINE)
            for who in (ZJJ, CZJ, DCS)
        }
        found = {who: made.figures.all.value for who, made in counted.items()}
        assert found == {ZJJ: 0, CZJ: 1, DCS: 1}

    def test_the_host_is_asked_about_the_item_as_it_is(self, storage):
        """What the host hides by a label given later is hidden in the past too."""

        def permit(_: Actor, action: str, item: object) -> Reason | None:
            hidden = action == "read" and "保密" in getattr(item, "labels", ())
            return Reason(code="host.no", en="Secret.") if hidden else None

        house = House.open(storage, permit=permit)
        house.assign()
        past = house.desk(when="06-05 09:00").as_of(BEFORE)
        assert [item.code for item in past.find()] == ["A-1"]
        desk = house.desk(when="06-03 09:00")
        desk.amend("A-1", labels=["保密"], reason="定密")
        assert list(past.find()) == []
        assert past.cases() == ()


class TestTheSweepsName:
    """The name under which the sweep acts opens everything, so nobody has it."""

    @pytest.mark.parametrize(
        "who",
        [
            "engine",
            Actor("engine"),
            Actor("engine", unit=CZJ),
            Actor("li", unit=CZJ, acting_for="engine"),
        ],
    )
    def test_nobody_goes_by_it(self, house, who):
        """Neither as themselves nor for it."""
        with pytest.raises(Invalid) as refused:
            house.desk(who)
        assert refused.value.code == "actor.reserved"

    def test_no_unit_goes_by_it(self):
        """A ledger names units as actors."""
        with pytest.raises(Invalid) as refused:
            Unit("engine", "引擎局")
        assert refused.value.code == "actor.reserved"
        assert evolve(Unit("yqj", "engine"), name="引擎局").code == "yqj"

    def test_the_sweep_itself_goes_on(self, house):
        """It lapses and urges under its own name."""
        house.assign()
        house.sweep("06-05 18:00")
        history = house.desk().history("A-1")
        assert [e.actor for e in history] == [DCS, "engine", "engine"]
