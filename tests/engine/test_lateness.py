"""Lateness is measured one way everywhere: to what the closing accepted."""

from __future__ import annotations

from duban_flow.domain.instants import DAY, TICK
from tests.engine.house import DCS, OPENING, TALK, ZJJ, House

TABLE = """
title = "t"
[[section]]
title = "x"
text = "{late}"
[section.figure.late]
count = ["late"]
unit = "件"
[[section.table]]
columns = ["code", "days_late", "workdays_late"]
"""


def closed_late(storage):
    """Open a house with a matter handed in in time and closed late by the clerk."""
    house = House.open(storage, policies=(TALK,))
    house.assign("A-1")
    house.desk(ZJJ, when="06-03 09:00").submit("A-1")
    house.desk(DCS, when="06-10 09:00").close("A-1", reason="核验")
    return house


def test_what_was_handed_in_in_time_is_not_late(storage):
    """The item, the policy and the circular agree with one another."""
    house = closed_late(storage)
    desk = house.desk(when=OPENING)
    assert desk.get("A-1").closing.late is False
    assert house.sweep(OPENING).proposed == 0
    told = house.office.render(desk.circular(TABLE))
    assert "0件" in told
    assert "| A-1 |  |  |" in told


def test_the_explanation_tells_both_dates(storage):
    """When it was handed in, when it was closed, and that it was not late."""
    told = str(closed_late(storage).desk(when=OPENING).explain("A-1"))
    flat = told.replace("\n", "")
    assert "2026年6月3日（周三）09:00报结" in flat
    assert "2026年6月10日（周三）09:00办结" in flat
    assert "未逾期" in flat


def test_nothing_is_announced_for_an_ended_matter(storage):
    """No urging and no sitting lies ahead of what is over and in order."""
    house = House.open(storage)
    house.assign("A-1", days=30)
    house.desk(when="06-03 09:00").close("A-1", reason="核验")
    told = str(house.desk(when="06-04 09:00").explain("A-1"))
    assert "没有预定的动作" in told
    assert "催办" not in told.partition("接下来")[2]


def test_a_desk_says_how_late_and_what_is_left(house):
    """At the due instant nothing is left and nothing late; a microsecond later it is.

    The view, the list and the past say the same.
    """
    house.assign("A-1")
    due = house.desk().get("A-1").due_at
    ahead, now, past = (house.desk(when=due + n * TICK) for n in (-1, 0, 1))

    assert ahead.remaining("A-1").hours == (TICK, TICK)
    assert now.remaining("A-1").hours == (0 * TICK, 0 * TICK)
    assert [d.late("A-1").late for d in (ahead, now, past)] == [False, False, True]
    assert [len(d.find(overdue=True)) for d in (ahead, now, past)] == [0, 0, 1]
    later = house.desk(when=due + 9 * DAY)
    assert later.late("A-1").days == (9, 9)
    assert later.as_of(due + TICK).late("A-1") == past.late("A-1")


def test_a_closed_matter_has_nothing_left(house):
    """Closed, it is late by when it was finished, and no time is left."""
    house.assign("A-1")
    house.desk(ZJJ, when="06-03 09:00").submit("A-1")
    house.desk(DCS, when="06-10 09:00").close("A-1", reason="核验")
    desk = house.desk(when=OPENING)

    assert desk.remaining("A-1") is None
    assert desk.late("A-1").late is False
