"""Who reads what has changed of another is judged again: no fact goes unheard."""

from __future__ import annotations

from decimal import Decimal

import pytest

from duban_flow.domain.case import Case
from duban_flow.domain.items import NewItem
from duban_flow.domain.policies.vocabulary import STANDARD, condition
from duban_flow.domain.quantities import Measure
from duban_flow.domain.units import Role
from duban_flow.engine.ports import Storage
from duban_flow.formats.policy_toml import load_policy
from tests.engine.house import CZJ, DCS, PANEL, ZJJ, House, at, matter

KINDS = """
name = "reading"
version = "1"
sitting = "month end - 2 workdays"

[kinds.prompt]
name = "行政效能提示"
moves = "prompt"
approval = ["问责领导小组"]

[kinds.call]
name = "约谈"
ladder = "talks"

[[rung]]
key = "late"
at = "due"
action = "prompt"
on = ["responsible"]
when = ["open"]
"""
SECOND = """
[[rung]]
key = "a second time"
at = "assigned"
action = "remind"
on = ["responsible"]
when = ["open", "count(prompt, unit) >= 1"]
"""
UNMET = """
[[rung]]
key = "the whole is met"
at = "assigned"
action = "remind"
when = ["open", "met"]
"""


def part(code: str) -> NewItem:
    """Make a part of another matter."""
    return matter(code, days=3, parties={Role.RESPONSIBLE: ZJJ})


def fired(house: House, code: str) -> list[str]:
    """List the rungs that have fired for an item."""
    history = house.desk(when="06-30 09:00").history(code)
    return [event.rung for event in history if event.rung]


@pytest.fixture
def reading(storage: Storage) -> House:
    """Give a house where a rung reads the sanctions on a unit, and its matters."""
    house = House.open(storage, policies=[load_policy(KINDS + SECOND)])
    house.assign("A-1")
    house.assign("A-2", days=18)
    house.assign("A-3", days=18, parties={Role.RESPONSIBLE: CZJ, Role.SUPERVISING: DCS})
    house.sweep("06-08 09:00")
    return house


class TestSanctions:
    """Issued on a unit, a measure is read by the unit's other matters."""

    def test_an_issue_is_heard_by_the_units_other_matters(self, reading: House) -> None:
        """The next sweep reminds of A-2; nobody reminds of another unit's."""
        desk = reading.desk(PANEL, when="06-08 10:00")
        [act] = desk.sanctions.find()
        desk.sanctions.approve(act.id, affirm=True)
        desk.sanctions.issue(act.id)

        assert reading.office.audit(now=at("06-08 11:00")).faults == ()
        reading.sweep("06-08 11:00")
        assert fired(reading, "A-2") == ["a second time"]
        assert fired(reading, "A-3") == []

    def test_a_proposal_is_not(self, reading: House) -> None:
        """Only what stands counts: A-2 waits for what is ahead of it."""
        before = reading.desk().get("A-2").next_at
        desk = reading.desk(PANEL, when="06-08 10:00")
        [act] = desk.sanctions.find()
        desk.sanctions.approve(act.id, affirm=True)

        assert reading.desk().get("A-2").next_at == before

    def test_a_revocation_is_heard_too(self, reading: House) -> None:
        """Taken back before anybody was reminded, it reminds nobody."""
        desk = reading.desk(PANEL, when="06-08 10:00")
        [act] = desk.sanctions.find()
        desk.sanctions.approve(act.id, affirm=True)
        desk.sanctions.issue(act.id)
        reading.desk(PANEL, when="06-08 10:30").sanctions.revoke(act.id, reason="有误")
        reading.sweep("06-08 11:00")

        assert fired(reading, "A-2") == []
        assert reading.office.audit(now=at("06-08 11:00")).faults == ()

    def test_what_a_sweep_issues_is_heard_by_the_next(self, storage: Storage) -> None:
        """A measure without approval, issued in one pass, wakes for the one after."""
        text = (KINDS + SECOND).replace('approval = ["问责领导小组"]\n', "")
        house = House.open(storage, policies=[load_policy(text)])
        house.assign("A-1")
        house.assign("A-2", days=18)
        house.sweep("06-08 09:00")
        assert fired(house, "A-2") == []

        house.sweep("06-08 09:01")
        assert fired(house, "A-2") == ["a second time"]


class TestKin:
    """A whole and its parts read each other."""

    def test_a_reading_of_the_whole_is_heard_by_its_parts(
        self, storage: Storage
    ) -> None:
        """Where the whole has met its target, its part is judged by that."""
        house = House.open(storage, policies=[load_policy(KINDS + UNMET)])
        goal = Measure("拆迁", "户", target=Decimal(40), decisive=True)
        house.assign("A-1", days=18, measures=[goal])
        house.desk().assign(part("A-2"), parent="A-1")
        house.sweep("06-02 09:00")
        assert fired(house, "A-2") == []

        house.desk(when="06-02 10:00").measure(
            "A-1", "拆迁", actual=Decimal(40), as_of=at("06-02 10:00")
        )
        assert house.office.audit(now=at("06-02 11:00")).faults == ()
        house.sweep("06-02 11:00")
        assert fired(house, "A-2") == ["the whole is met"]

    def test_a_part_is_heard_by_its_whole(self, storage: Storage) -> None:
        """A condition of the host's own reads the parts of a matter."""

        @condition("parts done", needs=["parts"])
        def parts_done(case: Case, _unit: str | None) -> bool:
            return bool(case.parts) and all(part.done for part in case.parts)

        rules = load_policy(
            KINDS + UNMET.replace('"met"', '"parts done"'),
            vocabulary=STANDARD.with_words(parts_done),
        )
        house = House.open(storage, policies=[rules], conditions=[parts_done])
        house.assign("A-1", days=18)
        house.desk().assign(part("A-2"), parent="A-1")
        house.sweep("06-02 09:00")
        house.desk(when="06-02 10:00").close("A-2", reason="完成")
        house.sweep("06-02 11:00")

        assert fired(house, "A-1") == ["the whole is met"]

    def test_a_note_wakes_nobody(self, storage: Storage) -> None:
        """What no judgement reads leaves the others' instants alone."""
        house = House.open(storage, policies=[load_policy(KINDS + UNMET)])
        house.assign("A-1", days=18)
        house.desk().assign(part("A-2"), parent="A-1")
        house.sweep("06-02 09:00")
        before = house.desk().get("A-2").next_at
        house.desk(when="06-02 10:00").note("A-1", text="一")

        assert house.desk().get("A-2").next_at == before

    def test_what_changes_nothing_for_a_part_is_not_written(
        self, storage: Storage
    ) -> None:
        """A reading below the target, and a measure on the whole, leave it be."""
        house = House.open(storage, policies=[load_policy(KINDS + UNMET)])
        goal = Measure("拆迁", "户", target=Decimal(40), decisive=True)
        house.assign("A-1", measures=[goal])
        house.desk().assign(part("A-2"), parent="A-1")
        house.sweep("06-08 09:00")
        before = house.desk().get("A-2").next_at
        when = "06-08 10:00"
        house.desk(when=when).measure("A-1", "拆迁", actual=Decimal(1), as_of=at(when))
        desk = house.desk(PANEL, when=when)
        [act] = desk.sanctions.find(item="A-1")
        desk.sanctions.approve(act.id, affirm=True)
        desk.sanctions.issue(act.id)

        assert house.desk().get("A-2").next_at == before
