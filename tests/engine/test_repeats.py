"""The same request, asked again while the first is still on its way."""

from __future__ import annotations

from typing import Any

import pytest

from duban_flow import Actor, Conflict, Reason, Refused, Stale
from duban_flow.domain.items import Item
from duban_flow.storage.memory import MemoryStorage
from tests.engine.house import ZJJ, House, matter


class TestSideBySide:
    """Two that are alike run at once: the slower is given the answer of the faster.

    The host's rule is asked between reading and writing, so that what it does there
    happens in the middle of the act.
    """

    def both(self, act: Any, action: str) -> tuple[Any, Any]:
        """Run an act in the middle of the same act, and give both answers."""
        inner: list[Any] = []

        def permit(_: Actor, asked: str, __: Item) -> Reason | None:
            if asked == action and not inner:
                inner.append(None)
                inner[0] = act(house)
            return None

        house = House.open(MemoryStorage(), permit=permit)
        outer = act(house)
        return inner[0], outer

    def test_a_birth_is_answered_once(self):
        """The code is taken, by the very same request."""
        first, second = self.both(
            lambda house: house.desk().assign(matter(), request_id="r"), "assign"
        )
        assert second == first

    def test_a_proposal_is_answered_once(self):
        """The citation is taken, by the very same request."""

        def act(house):
            if not list(house.desk().find()):
                house.assign()
            desk = house.desk().sanctions
            return desk.propose(
                "A-1", kind="call", unit=ZJJ, reason="久拖", request_id="r"
            )

        first, second = self.both(act, "sanctions.propose")
        assert second == first

    def test_without_an_id_the_slower_is_refused(self):
        """Nothing says that the two were meant as one."""
        with pytest.raises(Stale):
            self.both(lambda house: house.desk().assign(matter()), "assign")

    def test_another_request_is_refused(self):
        """The faster was somebody else's, under an id of its own."""
        ids = iter("ab")
        with pytest.raises(Stale):
            self.both(
                lambda house: house.desk().assign(matter(), request_id=next(ids)),
                "assign",
            )


class TestOneAfterTheOther:
    """What was refused is remembered by nobody."""

    def test_a_refused_request_may_be_made_again(self, house):
        """Under the same id, once it is legal."""
        house.assign()
        desk = house.desk()
        with pytest.raises(Refused):
            desk.reopen("A-1", reason="复查", request_id="r")
        desk.close("A-1", reason="已办")
        assert desk.reopen("A-1", reason="复查", request_id="r").is_open

    def test_in_a_shared_transaction_nothing_is_tried_again(self, house):
        """The first refusal stands, and everything with it."""

        def twice() -> None:
            with house.desk().atomic() as desk:
                desk.assign(matter())
                desk.assign(matter(), request_id="r")

        with pytest.raises(Conflict):
            twice()
        assert list(house.desk().find()) == []
