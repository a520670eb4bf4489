"""What recurs: once an occurrence is past due the sweep opens the next, exactly once.

住建局 reports every Tuesday at noon; the first time on 2 June 2026.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import time, timedelta
from typing import Any

import pytest
from attrs import define

from duban_flow.domain.continuing import following
from duban_flow.domain.items import Item, Party
from duban_flow.domain.quantities import Measure
from duban_flow.domain.time.term import Term
from duban_flow.domain.units import Role
from duban_flow.engine.passing import Pass
from duban_flow.engine.ports import Storage
from duban_flow.engine.recurring import open_next
from duban_flow.engine.sweep import Sweep
from duban_flow.errors import Busy
from duban_flow.formats.policy_toml import load_policy
from tests.engine.house import CZJ, DCS, PANEL, ZJJ, House, at, matter

TUESDAYS = Term.every("week", day=2, at=time(12))
TOLD = load_policy(
    """
name = "told"
version = "1"

[[rung]]
key = "given"
at = "assigned"
action = "remind"
notify = ["responsible"]

[[rung]]
key = "late"
at = "due"
action = "urge"
notify = ["responsible"]
when = ["open"]
"""
)


@define
class Mortal:
    """A storage whose process is killed when one transaction too many is begun."""

    inner: Storage
    lives: int

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)

    def begin(self, tenant: str) -> Any:
        """Begin a transaction, or die."""
        self.lives -= 1
        if self.lives < 0:
            raise KeyboardInterrupt
        return self.inner.begin(tenant)


def weekly(house: House, **fields: Any) -> Item:
    """Give out the weekly report on Monday 1 June."""
    return house.assign(term=TUESDAYS, title="进展周报", **fields)


def codes(house: House) -> list[str]:
    """List the codes of all items."""
    return [item.code for item in house.desk().find()]


class TestNext:
    """The occurrence that follows."""

    def test_it_opens_once_due_has_passed(self, house: House) -> None:
        """At noon of Tuesday not yet, a tick later it does, from that noon on."""
        weekly(house)
        assert house.sweep("06-02 12:00").opened == 0
        assert house.sweep("06-02 12:00:00.000001").opened == 1
        desk = house.desk(when="06-02 12:01")
        first, second = desk.get("A-1"), desk.get("A-1/2")
        assert (first.occurrence, first.continued) == (1, True)
        assert (second.occurrence, second.continued) == (2, False)
        assert (second.assigned_at, second.due_at) == (
            at("06-02 12:00"),
            at("06-09 12:00"),
        )
        assert second.state == "assigned"

    def test_it_is_the_same_matter(self, house: House) -> None:
        """Title, category, labels, measures, policy, and whoever has it by now."""
        weekly(
            house,
            category="weekly",
            labels=["周报"],
            measures=[Measure("完成率", "%", target=100)],
            parties={
                Role.RESPONSIBLE: Party(ZJJ, term=Term.workdays(1)),
                Role.SUPERVISING: DCS,
            },
        )
        house.desk(when="06-01 10:00").reassign(
            "A-1", unit=CZJ, term=Term.workdays(2), ruled=True
        )
        house.sweep("06-02 13:00")
        first, second = (house.desk().get(code) for code in ("A-1", "A-1/2"))
        for name in (
            *("title", "category", "labels", "measures", "policy", "term"),
            *("calendar", "workflow", "registrar"),
        ):
            assert getattr(second, name) == getattr(first, name)
        [party] = second.parties[Role.RESPONSIBLE]
        assert (party.unit, party.since, party.ruled) == (CZJ, at("06-02 12:00"), True)
        assert party.due is not None
        assert party.due.at == at("06-04 17:30")
        assert second.past_parties == ()

    def test_a_series_goes_on(self, house: House) -> None:
        """Each from the end of the last, under the next number; nothing drifts."""
        weekly(house)
        for day in ("06-02", "06-09", "06-16"):
            house.sweep(f"{day} 12:30")
        assert codes(house) == ["A-1", "A-1/2", "A-1/3", "A-1/4"]
        last = house.desk().get("A-1/4")
        assert (last.occurrence, last.due_at) == (4, at("06-23 12:00"))

    def test_the_log_says_what_followed_what(self, house: House) -> None:
        """One event on the former; the birth of the next names it."""
        first = weekly(house)
        house.sweep("06-02 13:00")
        [event] = [e for e in house.desk().history("A-1") if e.action == "continue"]
        assert (event.actor, event.effective_at, event.data["next"]) == (
            "engine",
            at("06-02 12:00"),
            "A-1/2",
        )
        birth = house.desk().history("A-1/2")[0]
        assert birth.data["derived"]["follows"] == first.id
        assert birth.data["derived"]["skipped"] == 0
        then = house.desk(when="06-02 13:00").as_of(at("06-02 11:00"))
        assert then.get("A-1").continued is False

    def test_its_rungs_fire_anew(self, storage: Storage) -> None:
        """Told of though it was given out before the sweep; urged when due."""
        house = House.open(storage, policies=[TOLD])
        weekly(house)
        house.sweep("06-02 13:00")
        house.sweep("06-09 13:00")
        fired = [e.rung for e in house.desk().history("A-1/2") if e.rung]
        assert fired == ["given", "late"]


class TestOnce:
    """Exactly once, whatever the number of sweeps."""

    @pytest.mark.parametrize("batch", [1, 2, 500])
    def test_the_size_of_a_batch_cannot_be_seen(self, house: House, batch: int) -> None:
        """Three series, swept thrice at one instant: three more items."""
        for code in ("A-1", "B-1", "C-1"):
            weekly(house, code=code)
        opened = [house.sweep("06-02 13:00", batch=batch).opened for _ in range(3)]
        assert opened == [3, 0, 0]
        assert codes(house) == ["A-1", "A-1/2", "B-1", "B-1/2", "C-1", "C-1/2"]
        assert house.actions().count("continue") == 1

    def test_a_second_worker_finds_it_opened(
        self, house: House, storage: Storage
    ) -> None:
        """Both had judged the item; the second writes nothing."""
        item = weekly(house)
        found = []
        for _ in range(2):
            with storage.begin("default") as work:
                this_pass = Pass(
                    settings=house.office.settings,
                    directory=work.directory(),
                    now=at("06-02 13:00"),
                )
                found.append(open_next(this_pass, work, item.id))
        assert found == [True, False]
        assert codes(house) == ["A-1", "A-1/2"]

    def test_workers_at_once_open_it_once(self, house: House) -> None:
        """Four sweep at the same moment: of each series there is one more item."""
        for n in range(6):
            weekly(house, code=f"S-{n}")

        def sweep(_: int) -> int:
            try:
                return house.sweep("06-02 13:00").opened
            except Busy:
                return 0

        with ThreadPoolExecutor(4) as workers:
            opened = sum(workers.map(sweep, range(4)))
        opened += house.sweep("06-02 13:00").opened
        assert opened == 6
        assert len(codes(house)) == 12
        for n in range(6):
            assert house.actions(f"S-{n}").count("continue") == 1

    @pytest.mark.parametrize("lives", range(1, 9))
    def test_killed_anywhere_it_is_opened_once(
        self, house: House, storage: Storage, lives: int
    ) -> None:
        """A sweep that dies before its n-th transaction is made good by the next."""
        weekly(house)
        dying = Sweep(
            settings=house.office.settings,
            storage=Mortal(storage, lives),
            now=at("06-02 13:00"),
        )
        with suppress(KeyboardInterrupt):
            dying.run()
        house.sweep("06-02 13:01")
        assert house.sweep("06-02 13:02").opened == 0
        assert codes(house) == ["A-1", "A-1/2"]
        assert house.actions().count("continue") == 1

    def test_an_item_that_is_not_there_is_none(
        self, house: House, storage: Storage
    ) -> None:
        """Nothing follows what nobody knows."""
        with storage.begin("default") as work:
            this_pass = Pass(
                settings=house.office.settings,
                directory=work.directory(),
                now=at("06-02 13:00"),
            )
            assert open_next(this_pass, work, "nothing") is False

    def test_a_code_that_is_taken_is_passed_over(self, house: House) -> None:
        """The host has an A-1/2 of its own; the series goes on as A-1/3."""
        weekly(house)
        house.desk().assign(matter("A-1/2"))
        house.sweep("06-02 13:00")
        third = house.desk().get("A-1/3")
        assert (third.occurrence, third.title) == (3, "进展周报")
        house.sweep("06-09 13:00")
        assert house.desk().get("A-1/4").occurrence == 4


class TestEnded:
    """However the former one ended."""

    def test_closed_early_the_next_opens_when_it_was_due(self, house: House) -> None:
        """Done on Monday: nothing until Tuesday noon, then the next."""
        weekly(house)
        house.desk(PANEL, "06-01 15:00").close("A-1", reason="已报")
        assert house.sweep("06-01 16:00").opened == 0
        assert house.desk().get("A-1").next_at == at("06-02 12:00:00.000001")
        assert house.sweep("06-02 13:00").opened == 1
        assert house.desk().get("A-1").next_at is None

    def test_closed_late_it_has_been_opened(self, house: House) -> None:
        """The lapse is one item's, the next another's."""
        weekly(house)
        house.sweep("06-02 13:00")
        closed = house.desk(PANEL, "06-03 09:00").close("A-1", reason="已报")
        assert closed.closing is not None
        assert closed.closing.late is True
        assert house.sweep("06-03 10:00").opened == 0
        assert codes(house) == ["A-1", "A-1/2"]

    def test_closed_before_any_sweep_it_is_opened_too(self, house: House) -> None:
        """Closed on Wednesday, swept on Thursday for the first time."""
        weekly(house)
        house.desk(PANEL, "06-03 09:00").close("A-1", reason="已报")
        assert house.sweep("06-04 10:00").opened == 1

    @pytest.mark.parametrize("verb", ["withdraw", "transfer_out"])
    def test_taken_back_nothing_follows(self, house: House, verb: str) -> None:
        """A matter that is no longer the office's does not come round again."""
        weekly(house)
        desk = house.desk(when="06-01 15:00")
        if verb == "withdraw":
            desk.withdraw("A-1", reason="取消")
        else:
            desk.transfer_out("A-1", to="市政府")
        assert house.sweep("06-02 13:00").opened == 0
        assert house.desk().get("A-1").next_at is None

    def test_a_pause_without_an_end_holds_it_up(self, house: House) -> None:
        """Nobody can say when it is due; resumed, the next follows the moved due."""
        weekly(house)
        house.desk(when="06-02 09:00").suspend("A-1", reason="停报")
        assert house.sweep("06-03 13:00").opened == 0
        first = house.desk(when="06-04 09:00").resume("A-1")
        assert first.due_at == at("06-04 12:00")
        assert house.sweep("06-04 13:00").opened == 1
        second = house.desk().get("A-1/2")
        assert (second.assigned_at, second.due_at) == (first.due_at, at("06-09 12:00"))


class TestMissed:
    """Periods that an outage swallowed are not made up."""

    def test_they_are_counted_and_left_out(self, house: House) -> None:
        """Nothing swept for three weeks: one item, for the week that runs."""
        weekly(house)
        assert house.sweep("06-24 09:00").opened == 1
        assert codes(house) == ["A-1", "A-1/2"]
        second = house.desk().get("A-1/2")
        assert (second.assigned_at, second.due_at) == (
            at("06-23 12:00"),
            at("06-30 12:00"),
        )
        for code in ("A-1", "A-1/2"):
            [data] = [
                e.data.get("derived", e.data)
                for e in house.desk().history(code)
                if e.action == ("continue" if code == "A-1" else "assign")
            ]
            assert data["skipped"] == 3

    def test_what_was_extended_over_a_period_counts_it(self, house: House) -> None:
        """Due moved from Tuesday to the Thursday of next week: a Tuesday was missed."""
        weekly(house)
        house.desk(ZJJ, "06-01 10:00").extensions.request(
            "A-1", until=at("06-11 17:30").date(), reason="数据未到"
        )
        item = house.desk(when="06-01 11:00").extensions.grant("A-1")
        house.sweep("06-12 09:00")
        second = house.desk().get("A-1/2")
        assert (second.assigned_at, second.due_at) == (item.due_at, at("06-16 12:00"))
        assert house.desk().history("A-1/2")[0].data["derived"]["skipped"] == 1


class TestParts:
    """A part of something larger comes round as long as its whole lasts."""

    def test_it_ends_with_its_whole(self, house: House) -> None:
        """Due on Friday 12 June: the third Tuesday lies outside, and it says so."""
        house.assign(days=9)
        house.desk().assign(matter("W-1", term=TUESDAYS), parent="A-1")
        house.sweep("06-02 13:00")
        house.sweep("06-09 13:00")
        house.sweep("06-09 13:00")
        assert codes(house) == ["A-1", "W-1", "W-1/2"]
        assert house.desk().get("W-1/2").parent == house.desk().get("A-1").id
        [event] = [e for e in house.desk().history("W-1/2") if e.action == "continue"]
        assert "next" not in event.data
        assert "A-1" in event.data["reason"]
        assert house.sweep("06-16 13:00").opened == 0

    def test_it_ends_once_its_whole_has(self, house: House) -> None:
        """The whole is withdrawn before the next part is due."""
        house.assign(days=9)
        house.desk().assign(matter("W-1", term=TUESDAYS), parent="A-1")
        house.desk(when="06-01 10:00").withdraw("A-1", reason="取消")
        assert house.sweep("06-02 13:00").opened == 0
        assert house.desk().get("W-1").continued


def test_a_series_that_cannot_go_on_is_set_aside(house: House) -> None:
    """Its code has no room for a number; the others go on, a person is told why."""
    long = "A" * 99
    weekly(house, code=long)
    weekly(house, code="B-1")
    result = house.sweep("06-02 13:00")
    assert (result.opened, result.quarantined) == (1, 1)
    [event] = [e for e in house.desk().history(long) if e.action == "quarantine"]
    assert "1 to 100 characters" in event.data["error"]


def test_what_does_not_recur_has_none_to_follow(house: House) -> None:
    """An ordinary term ends once."""
    item = house.assign()
    calendar = house.office.settings.calendar()
    assert following(item, calendar, at("06-30 09:00")) is None
    early = weekly(house, code="B-1")
    assert early.due_at is not None
    assert following(early, calendar, early.due_at) is None
    found = following(early, calendar, early.due_at + timedelta(hours=1))
    assert found is not None
    assert found.skipped == 0


def test_closed_while_paused_it_is_followed_all_the_same(house: House) -> None:
    """Its period ends where it would have; a pause nobody ended ends no series."""
    house.assign(term=TUESDAYS)
    house.desk(when="06-01 10:00").suspend("A-1", reason="等待鉴定")
    house.desk(when="06-01 11:00").close("A-1", reason="已办结")
    house.sweep("06-03 09:00")
    following_one = house.desk(when="06-03 09:00").get("A-1/2")
    assert following_one.due_at == at("06-09 12:00")
