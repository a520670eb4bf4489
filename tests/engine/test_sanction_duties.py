"""Who may have a hand in a sanction, whom the host stops, and what was read of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from duban_flow import Actor, Forbidden, NotFound, Reason, Refused, Role, Stale
from duban_flow.domain.items import Item
from duban_flow.domain.sanctions import Sanction
from duban_flow.engine.ports import Storage
from tests.engine.house import COMMITTEE, CZJ, OPENING, PANEL, ZJJ, House

LATE = "06-08 09:00"
NO = Reason(code="host.no", en="Not by the host's rule.", zh="不允许。")

Permit = Callable[[Actor, str, Item], Reason | None]


def opened(storage: Storage, permit: Permit | None = None) -> House:
    """Give a house with A-1, late."""
    house = House.open(storage, permit=permit)
    house.assign()
    house.sweep(LATE)
    return house


def propose(house: House, kind: str = "prompt", unit: str = ZJJ) -> Sanction:
    """Let 督查室 propose a sanction."""
    desk = house.desk(when=LATE).sanctions
    return desk.propose("A-1", kind=kind, unit=unit, reason="久拖不决")


def done(house: House, verb: str, one: Sanction | None) -> Sanction:
    """Do a step by the units whose it is."""
    if one is None:
        return propose(house)
    if verb == "issue":
        return house.desk(when=LATE).sanctions.issue(one)
    desk = house.desk(PANEL, LATE).sanctions
    return desk.approve(one) if verb == "approve" else desk.reject(one, reason="不妥")


class Watching:
    """A storage that notes whether items are locked when they are read."""

    def __init__(self, inner: Any) -> None:
        self.inner = inner
        self.locks: list[bool] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)

    @contextmanager
    def begin(self, tenant: str) -> Iterator[Any]:
        """Open a transaction whose reads of items are noted."""
        with self.inner.begin(tenant) as work:
            noted = Watching(work)
            noted.locks = self.locks
            yield noted

    def items(self, ids: Iterable[str], *, lock: bool = False) -> Any:
        """Note whether it locks."""
        self.locks.append(lock)
        return self.inner.items(ids, lock=lock)


class TestTheHostsRule:
    """The host may stop each step, and the reading, by an item that is cited."""

    @pytest.mark.parametrize("verb", ["propose", "approve", "reject", "issue"])
    def test_each_verb_is_asked_about_the_cited_item(self, storage, verb):
        """Under a name of its own; what is stopped has not happened."""
        stopped = f"sanctions.{verb}"
        asked: list[tuple[str, str]] = []

        def permit(_: Actor, action: str, item: Item) -> Reason | None:
            asked.append((action, item.code))
            return NO if action == stopped else None

        house = opened(storage, permit)
        kind = "call" if verb == "issue" else "prompt"
        one = None if verb == "propose" else propose(house, kind)
        before = house.desk(when=LATE).sanctions.find()
        with pytest.raises(Forbidden) as refused:
            done(house, verb, one)
        assert refused.value.code == "host.no"
        assert (stopped, "A-1") in asked
        assert house.desk(when=LATE).sanctions.find() == before

    def test_a_revocation_may_be_stopped(self, storage):
        """The sanction stands."""

        def permit(_: Actor, action: str, __: Item) -> Reason | None:
            return NO if action == "sanctions.revoke" else None

        house = opened(storage, permit)
        one = house.desk(when=LATE).sanctions.issue(propose(house, "call"))
        with pytest.raises(Forbidden):
            house.desk(PANEL, LATE).sanctions.revoke(one, reason="有误")
        assert house.desk(when=LATE).sanctions.get(one) == one

    @pytest.mark.parametrize("action", ["read", "sanctions.read"])
    def test_what_cites_what_may_not_be_read_is_not_there(self, storage, action):
        """Neither by finding nor by its id."""

        def permit(actor: Actor, asked: str, _: Item) -> Reason | None:
            return NO if asked == action and actor.unit == PANEL else None

        house = opened(storage, permit)
        one = propose(house)
        desk = house.desk(PANEL, LATE).sanctions
        assert desk.find() == ()
        for reading in (desk.get, desk.changed, desk.approve):
            with pytest.raises(NotFound):
                reading(one)
        assert house.desk(COMMITTEE, LATE).sanctions.find() == (one,)

    def test_the_sweep_is_not_asked(self, storage):
        """What the rules propose no host's rule can keep from being proposed."""
        house = House.open(
            storage, permit=lambda *asked: NO if "sanctions" in asked[1] else None
        )
        house.assign()
        house.sweep(LATE)
        assert house.sweep(OPENING).proposed == 1


class TestWhoIsCharged:
    """A person proposes on units that had to do with the matter."""

    def test_a_unit_without_the_role_is_not_charged(self, storage):
        """It is neither the role's now, nor was it before."""
        house = opened(storage)
        for unit in (CZJ, "sjj", "dcs"):
            with pytest.raises(Refused) as refused:
                propose(house, unit=unit)
            assert refused.value.code == "sanction.no_role"

    def test_a_unit_that_had_the_role_is(self, storage):
        """Another bears it now; what was left undone was left undone before."""
        house = opened(storage)
        house.desk(when=LATE).reassign("A-1", CZJ, reason="改派")
        assert propose(house, unit="住建局").unit == ZJJ
        assert propose(house, unit=CZJ).unit == CZJ

    def test_the_role_is_that_of_the_proposal(self, storage):
        """Who supervises is not charged as who answers for it."""
        house = opened(storage)
        desk = house.desk(when=LATE).sanctions
        one = desk.propose(
            "A-1", kind="call", unit="dcs", role=Role.SUPERVISING, reason="失察"
        )
        assert (one.unit, one.role) == ("dcs", Role.SUPERVISING)


class TestOnePerson:
    """A person decides for one body, whatever bodies it sits in."""

    @pytest.mark.parametrize(
        "second",
        [
            Actor("wang", unit=COMMITTEE),
            Actor("li", unit=COMMITTEE, acting_for="wang"),
            Actor("zhang", unit=COMMITTEE),
        ],
    )
    def test_nobody_agrees_for_two_bodies(self, storage, second):
        """Neither in person, nor through somebody who acts for them, nor the other
        way round."""
        house = opened(storage)
        first = Actor("wang", unit=PANEL, acting_for="zhang")
        one = house.desk(first, LATE).sanctions.approve(propose(house))
        with pytest.raises(Forbidden) as refused:
            house.desk(second, LATE).sanctions.approve(one)
        assert refused.value.code == "duty.same_person"
        with pytest.raises(Forbidden):
            house.desk(second, LATE).sanctions.reject(one, reason="不妥")
        other = house.desk(Actor("zhao", unit=COMMITTEE), LATE)
        assert other.sanctions.approve(one).next_body is None

    def test_bodies_that_act_as_such_are_nobody_twice(self, storage):
        """A body named as the actor is a person of its own."""
        house = opened(storage)
        one = house.desk(PANEL, LATE).sanctions.approve(propose(house))
        assert house.desk(COMMITTEE, LATE).sanctions.approve(one).next_body is None


class TestWhatWasRead:
    """A sanction given as it was read must still be so."""

    def test_a_sanction_that_moved_on_is_stale(self, storage):
        """Given as a value it is refused, by its id it is meant as it is."""
        house = opened(storage)
        one = propose(house)
        house.desk(PANEL, LATE).sanctions.approve(one)
        desk = house.desk(COMMITTEE, LATE).sanctions
        with pytest.raises(Stale):
            desk.approve(one)
        with pytest.raises(Stale):
            desk.reject(one, reason="不妥")
        assert desk.approve(one.id).next_body is None

    def test_a_repeat_is_answered_though_it_holds_what_was_read_before(self, storage):
        """The first answer is given before anything is compared."""
        house = opened(storage)
        one = propose(house)
        desk = house.desk(PANEL, LATE).sanctions
        first = desk.approve(one, request_id="r")
        assert desk.approve(one, request_id="r") == first

    def test_to_ask_what_changed_locks_nothing(self, storage):
        """Reading makes nobody wait; agreeing holds what it judges by."""
        watching = Watching(storage)
        house = opened(watching)
        one = propose(house)
        watching.locks.clear()
        assert house.desk(when=LATE).sanctions.changed(one) == ()
        assert watching.locks
        assert not any(watching.locks)
        house.desk(PANEL, LATE).sanctions.approve(one)
        assert any(watching.locks)
