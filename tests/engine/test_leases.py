"""Leases of notices: who holds what, until when, and what is lost."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from threading import Thread
from typing import Any

import pytest
from attrs import define, field

from duban_flow.domain.instants import TICK
from duban_flow.engine.delivery import LEASE
from duban_flow.engine.ports import Message, OutcomeOfSending, Sent, Storage, Unknown
from duban_flow.storage.memory import MemoryStorage
from tests.engine import telling
from tests.engine.house import House, at

NOON = "06-05 18:00"


@define
class Line:
    """A channel that does something in the middle of its first sending."""

    name: str = "line"
    local: bool = True
    meanwhile: Any = None
    answer: OutcomeOfSending = field(factory=Sent)
    sent: list[str] = field(factory=list)

    def send(self, batch: Sequence[Message]) -> Sequence[OutcomeOfSending]:
        """Send, or let somebody else go first."""
        meanwhile, self.meanwhile = self.meanwhile, None
        if meanwhile is not None:
            meanwhile()
        self.sent += [message.key for message in batch]
        return [self.answer] * len(batch)


def late(storage: Storage, *lines: Line) -> House:
    """Give a house with two notices that may go out."""
    house = House.open(storage, channels=lines)
    house.assign()
    house.sweep(NOON)
    return house


class TestWhatIsLost:
    """A channel that takes longer than the lease loses what it sends."""

    def test_what_another_has_taken_over_is_its_own_to_settle(self, storage):
        """It is counted once as sent and once as lost, and a person is told."""
        line = Line()
        house = late(storage, line)
        other = []
        line.meanwhile = lambda: other.append(
            house.office.deliver(now=at(NOON) + LEASE, worker="B")
        )
        slow = house.office.deliver(now=at(NOON), worker="A")
        [fast] = other
        assert (fast.sent, fast.lost, fast.exit_code) == (2, 0, 0)
        assert (slow.sent, slow.lost, slow.left) == (0, 2, 0)
        assert [alarm.code for alarm in slow.alarms] == ["delivery.lost"]
        assert sorted(line.sent) == sorted(2 * list(dict.fromkeys(line.sent)))

    def test_what_came_of_it_elsewhere_stands(self, storage):
        """The slow one's success does not cover that the other does not know."""
        line = Line(answer=Unknown("timed out"))
        house = late(storage, line)

        def other() -> None:
            house.office.deliver(now=at(NOON) + LEASE, worker="B")
            line.answer = Sent()

        line.meanwhile = other
        house.office.deliver(now=at(NOON), worker="A")
        with storage.begin("default") as work:
            found = {notice.status for notice in work.notices()}
        assert found == {"unknown"}

    def test_a_lease_that_ran_out_unnoticed_is_settled(self, storage):
        """Nobody took it over, so nothing is lost."""
        line = Line()
        house = late(storage, line)
        result = house.office.deliver(now=at(NOON), worker="A")
        assert (result.sent, result.lost, result.alarms) == (2, 0, ())

    def test_two_threads_are_two_workers(self, storage):
        """Without a name each goes by its own, so that one takes nothing from the
        other unseen."""
        line = Line()
        house = late(storage, line)

        def other() -> None:
            later = at(NOON) + LEASE
            thread = Thread(target=lambda: house.office.deliver(now=later))
            thread.start()
            thread.join()

        line.meanwhile = other
        assert house.office.deliver(now=at(NOON)).lost == 2


class TestHowLong:
    """A batch is held from its own moment, as far as that is known."""

    def killed(self, house: telling.House) -> None:
        """Let a worker die while it sends."""

        class Dying(telling.Line):
            def send(self, batch: Sequence[Message]) -> Sequence[OutcomeOfSending]:
                raise KeyboardInterrupt

        house.put(telling.item_of(), telling.urge())
        with pytest.raises(KeyboardInterrupt):
            house.deliver(Dying(local=True))

    @pytest.mark.parametrize(
        ("clock", "rehearsal", "held"),
        [
            (timedelta(hours=1), False, timedelta(hours=1) + LEASE),
            (-timedelta(hours=1), False, LEASE),
            (timedelta(hours=1), True, LEASE),
            (None, False, LEASE),
        ],
    )
    def test_from_the_later_of_now_and_the_clock(self, clock, rehearsal, held):
        """A run that was told its now an hour ago still holds what it takes up; a
        rehearsal knows no other time than the one it is told."""
        tick = None if clock is None else lambda: telling.NOW + clock
        house = telling.House(storage=MemoryStorage(tick), rehearsal=rehearsal)
        self.killed(house)
        line = telling.Line(local=True)
        end = telling.NOW + held
        before = house.deliver(line, now=end - TICK, worker="other")
        assert (before.sent, before.left) == (0, 1)
        assert house.deliver(line, now=end, worker="other").sent == 1
