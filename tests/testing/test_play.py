"""The shipped fixtures, the virtual clock, and a play through days."""

from __future__ import annotations

from datetime import timedelta

import pytest

from duban_flow import Invalid, NewItem, Role, Term
from duban_flow.testing import play


def test_a_reminder_is_heard_in_a_play(office, clock, channel):
    """Ten days of sweeps bring one reminder and one urging, each once."""
    desk = office.desk(by="督查室", now=clock.now)
    parties = {Role.RESPONSIBLE: "住建局"}
    desk.assign(NewItem("A-1", "修路", term=Term.workdays(5), parties=parties))

    days = list(play(office, clock, until=clock.now + timedelta(days=10)))

    assert len(days) == 11
    assert sum(day.delivery.sent for day in days) == len(channel.messages)
    assert [m.rung for m in channel.messages] == ["remind", "urge"]


def test_people_may_act_each_day(office, clock, channel):
    """Closing in time leaves nothing to say."""
    desk = office.desk(by="督查室", now=clock.now)
    parties = {Role.RESPONSIBLE: "住建局"}
    desk.assign(NewItem("A-1", "修路", term=Term.workdays(5), parties=parties))

    def close_on_the_second(now):
        if now == start + timedelta(days=1):
            desk.at(now).close("A-1", reason="已完成")

    start = clock.now
    end = start + timedelta(days=10)
    list(play(office, clock, until=end, each_day=close_on_the_second))

    assert channel.messages == []


def test_the_clock_moves_only_when_told(clock):
    """It stands, moves on, and moves to an instant; never without a zone."""
    before = clock.now
    assert clock.forward(timedelta(hours=1)) - before == timedelta(hours=1)
    assert clock.to(before) == before
    with pytest.raises(Invalid):
        clock.to(before.replace(tzinfo=None))
