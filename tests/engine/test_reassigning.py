"""A role changes hands: which of several leaves, and who comes beside them."""

from __future__ import annotations

import pytest

from duban_flow import Invalid, Role
from tests.engine.house import CZJ, DCS, ZJJ, House

PARTIES = {
    Role.RESPONSIBLE: ZJJ,
    Role.ASSISTING: [CZJ, "sjj"],
    Role.SUPERVISING: DCS,
}


@pytest.fixture
def shared(house: House) -> House:
    """Give a house with A-1, which two units assist."""
    house.assign(parties=PARTIES)
    return house


def test_nobody_is_thrown_out_unnamed(shared):
    """Of two that assist, which one leaves is asked; nothing is written."""
    desk = shared.desk(when="06-02 09:00")
    with pytest.raises(Invalid) as refused:
        desk.reassign("A-1", "zjs", role=Role.ASSISTING, reason="加一个")
    assert refused.value.code == "reassign.which"
    assert desk.get("A-1").units(Role.ASSISTING) == (CZJ, "sjj")
    assert shared.actions() == ["assign"]


def test_the_one_that_is_named_leaves(shared):
    """By any of its names."""
    desk = shared.desk(when="06-02 09:00")
    item = desk.reassign("A-1", "zjs", role=Role.ASSISTING, replacing="财政局")
    assert item.units(Role.ASSISTING) == ("sjj", "zjs")
    assert [party.unit for _, party in item.past_parties] == [CZJ]


def test_one_comes_beside_the_others(shared):
    """Each keeps its place, and its time; the new one reads the matter from now on."""
    desk = shared.desk(when="06-02 09:00")
    item = desk.reassign("A-1", "住建所", role=Role.ASSISTING, adding=True)
    assert item.units(Role.ASSISTING) == (CZJ, "sjj", "zjs")
    assert item.past_parties == ()
    assert shared.desk("zjs", "06-02 10:00").get("A-1") == desk.get("A-1")


def test_the_only_one_in_a_role_need_not_be_named(shared):
    """There is no doubt about it."""
    desk = shared.desk(when="06-02 09:00")
    item = desk.reassign("A-1", "zjs", reason="改派")
    assert item.units(Role.RESPONSIBLE) == ("zjs",)
