"""Units that matters are given to, and matters that are split into parts."""

from __future__ import annotations

from typing import Any

import pytest

from duban_flow import (
    Conflict,
    Forbidden,
    Invalid,
    NewItem,
    NotFound,
    Refused,
    Role,
    Unit,
)
from duban_flow.domain.units import Post
from tests.engine.house import CZJ, DCS, PANEL, ZJJ, House, at, matter


class TestDirectory:
    """Units and posts, and what they are meant by."""

    def test_units_are_found_by_any_of_their_names(self, house):
        """Names become codes; what is kept is the code."""
        item = house.assign(parties={"responsible": "住建局", "supervising": "督查室"})
        assert item.units() == (ZJJ, DCS)

    def test_a_renamed_unit_stays_itself(self, house):
        """Its matters are found under the new name, and the old one still finds it."""
        house.assign()
        house.desk().register(Unit(ZJJ, "城建局", aliases=("住建局",)))
        for name in (ZJJ, "城建局", "住建局"):
            assert [i.code for i in house.desk().find(unit=name)] == ["A-1"]
            assert house.desk(name).report("A-1", progress=1).code == "A-1"

    def test_registering_the_same_again_is_nothing(self, house):
        """No event is written for a unit that is as it was."""
        before = house.desk().register(Unit("x", "新区"))
        assert house.desk().register(Unit("x", "新区")) == before
        with house.storage.begin("default") as work:
            assert len(work.events(["x"])["x"]) == 1

    def test_posts_are_registered_beside_units(self, house):
        """A post since the same day is replaced."""
        house.desk().register(Post(unit=ZJJ, name="局长", officer="王"))
        told = house.desk().register(Post(unit=ZJJ, name="局长", officer="李"))
        assert [post.officer for post in told.posts] == ["李"]
        with house.storage.begin("default") as work:
            assert work.directory() == told

    def test_what_is_no_unit_is_refused(self, house):
        """A name alone registers nothing."""
        with pytest.raises(Invalid):
            house.desk().register("住建局")

    def test_two_units_under_one_name_are_refused(self, house):
        """Nothing of the registration is kept."""
        with pytest.raises(Invalid):
            house.desk().register(Unit("y", "新局"), Unit("z", "住建局"))
        with house.storage.begin("default") as work:
            assert work.directory().find("y") is None


class TestParts:
    """A matter that is split into parts."""

    def split(self, house: House, needs: Any = "all", n: int = 2) -> None:
        """Split A-1 into parts of two units."""
        house.assign(category="livelihood")
        parts = [
            NewItem(f"A-1-{place}", f"子项{place}", parties={Role.RESPONSIBLE: unit})
            for place, unit in enumerate([ZJJ, CZJ, "zjs"][:n], 1)
        ]
        house.desk().decompose("A-1", parts, needs=needs)

    def test_parts_are_born_with_what_they_inherit(self, house):
        """Category, workflow, policy and parent come from the whole."""
        self.split(house)
        part = house.desk().get("A-1-1")
        whole = house.desk().get("A-1")
        assert (part.parent, part.category, part.policy) == (
            whole.id,
            "livelihood",
            whole.policy,
        )
        assert whole.needs == "all"

    def test_a_whole_does_not_close_over_an_open_part(self, house):
        """Each mandatory part must be done first."""
        self.split(house)
        desk = house.desk(PANEL)
        desk.close("A-1-1", reason="完成")
        with pytest.raises(Refused, match="A-1-2"):
            desk.close("A-1", reason="完成")
        desk.close("A-1-2", reason="完成")
        assert desk.close("A-1", reason="完成").state == "closed"

    def test_n_of_m_suffice(self, house):
        """Two of three are enough where two are needed."""
        self.split(house, needs=2, n=3)
        desk = house.desk(PANEL)
        desk.close("A-1-1", reason="完成")
        with pytest.raises(Refused, match="2 are needed"):
            desk.close("A-1", reason="完成")
        desk.close("A-1-3", reason="完成")
        assert desk.close("A-1", reason="完成").state == "closed"

    def test_progress_rolls_up(self, house):
        """The progress of the whole is the mean of its parts, wherever it is read."""
        self.split(house)
        house.desk(ZJJ).report("A-1-1", progress=50)
        house.desk(PANEL).close("A-1-2", reason="完成")
        desk = house.desk(when="06-02 09:00")
        assert desk.get("A-1").progress == 75
        assert [i.progress for i in desk.find(text="A-1")] == [75, 50, 0]
        assert desk.as_of(at("06-02 08:00")).get("A-1").progress == 75

    def test_a_part_is_assigned_under_its_whole_later(self, house):
        """A lead may give out parts of what it leads."""
        house.assign(parties={Role.LEAD: ZJJ, Role.SUPERVISING: DCS})
        part = house.desk(ZJJ).assign(
            matter("A-1-9", parties={Role.RESPONSIBLE: CZJ}), parent="A-1"
        )
        assert part.parent == house.desk().get("A-1").id
        with pytest.raises(Forbidden):
            house.desk(CZJ).assign(matter("A-1-8"), parent="A-1-9")

    def test_a_part_whose_code_is_taken_undoes_the_split(self, house):
        """All parts are born, or none, and the whole is as it was."""
        house.assign("A-1")
        house.assign("A-2")
        with pytest.raises(Conflict):
            house.desk().decompose("A-1", [NewItem("A-3", "三"), NewItem("A-2", "二")])
        assert house.desk().get("A-1").needs is None
        with pytest.raises(NotFound):
            house.desk().get("A-3")
