"""Whose reason is meant: the unit's own, and the only one that waits."""

from __future__ import annotations

import pytest

from duban_flow import Refused, Role
from tests.engine.house import CZJ, DCS, ZJJ

BOTH = {Role.RESPONSIBLE: [ZJJ, CZJ], Role.SUPERVISING: DCS}


def test_a_unit_speaks_for_itself(house):
    """A responsible unit's reason excuses that unit and no other."""
    house.assign("A-1", parties=BOTH)
    house.desk(ZJJ).justify("A-1", reason="管线未移交")
    house.desk().accept("A-1")
    grounds = [e.data for e in house.desk().history("A-1")[1:]]
    assert grounds == [
        {"reason": "管线未移交", "unit": ZJJ},
        {"unit": ZJJ},
    ]


def test_where_two_reasons_wait_one_must_be_named(house):
    """Accepting without a unit means neither of them."""
    house.assign("A-1", parties=BOTH)
    house.desk(ZJJ).justify("A-1", reason="管线未移交")
    house.desk(CZJ).justify("A-1", reason="资金未到")
    with pytest.raises(Refused):
        house.desk().accept("A-1")
    house.desk().refuse("A-1", unit=CZJ, reason="资金早已到位")
    house.desk().accept("A-1")
