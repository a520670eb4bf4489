"""What a plan of a calendar leaves alone."""

from __future__ import annotations

from datetime import date

from attrs import evolve

from tests.engine.loaded import CHINA, FLOOD, NOON


def test_what_is_paused_is_left_where_the_day_lies_before_it(house):
    """A day of May is no day of a term that began in June."""
    house.assign("A-1", days=4)
    house.desk(when="06-02 09:00").suspend("A-1", reason="材料不齐")
    may = evolve(FLOOD, holidays={date(2026, 5, 20): "防汛"})
    plan = house.desk(when=NOON).plan(may)
    assert (plan.deferred, plan.moves, plan.problems) == ((), (), ())


def test_a_notice_that_says_what_is_known_is_nothing(house):
    """National Day is off already, whoever says so again."""
    house.assign("A-1", days=4)
    day = date(2026, 10, 1)
    known = evolve(FLOOD, holidays={day: CHINA.holidays[day]})
    plan = house.desk(when=NOON).plan(known)
    assert (plan.moves, plan.firmed, plan.problems) == ((), (), ())
    assert house.desk(when=NOON).apply(plan).changed == 0
    assert house.office.settings.calendar() == CHINA
