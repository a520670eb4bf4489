"""Items as they stood: progress of wholes, what had fired, what had been found."""

from __future__ import annotations

import pytest

from duban_flow import Circular, NewItem, NotFound
from duban_flow.domain.circular.contents import Entries
from duban_flow.formats.policy_toml import load_policy
from tests.engine.house import CZJ, OPENING, ZJJ, House, at, matter

PANEL_POLICY = """
name = "{name}"
version = "{version}"
sitting = "month end - 2 workdays"
account_for = ["late"]

[kinds.call]
name = "约谈"
level = 1
approval = ["问责领导小组"]

[[rung]]
key = "call"
at = "sitting after due"
action = "call"
on = ["responsible"]
when = ["held"]
reason = "{{title}}"
"""


def panel(name: str, version: str = "1"):
    """Make a policy whose panel spares whatever is not held."""
    return load_policy(PANEL_POLICY.format(name=name, version=version))


OUTLINE = """
title = "通报"

[[section]]
title = "未予问责"
[[section.not_sanctioned]]
text = "{codes}"
"""


def listed(circular: Circular) -> list[str]:
    """Give the codes in a circular's one list."""
    [section] = circular.sections
    [entries] = (c for c in section.contents if isinstance(c, Entries))
    return [code for entry in entries.entries for code in entry.split("、")]


def test_as_of_a_day_before_it_was_there_nothing_is_known_of_an_item(house):
    """A part that came later is not found, though its whole was there by then."""
    house.assign("W-1", days=9)
    part = matter("W-1-1", days=5)
    house.desk(when="06-03 09:00").decompose("W-1", [part])
    later = house.desk(when="06-04 09:00")
    assert later.as_of(at("06-03 10:00")).explain("W-1-1").lines
    with pytest.raises(NotFound, match="W-1-1"):
        later.as_of(at("06-02 09:00")).explain("W-1-1")


def test_what_was_told_late_is_read_as_of_its_day(house):
    """Of a matter without a deadline as well: there is none to be reckoned again."""
    house.assign("A-1", term=None)
    house.desk(ZJJ, when="06-04 09:00").report("A-1", progress=60)
    house.desk(ZJJ, when="06-05 09:00").report(
        "A-1", progress=20, effective_at=at("06-02 09:00")
    )
    past = house.desk(when="06-05 10:00").as_of(at("06-03 09:00"))
    item = past.get("A-1")
    assert (item.progress, item.due) == (20, None)


def spared(house: House, when: str) -> list[str]:
    """List what a circular says was not sanctioned: made at once, and from later."""
    at_once = listed(house.desk(when=when).circular(OUTLINE))
    past = house.desk(when="08-03 09:00").as_of(at(when))
    assert listed(past.circular(OUTLINE)) == at_once
    return at_once


class TestWholes:
    """A whole's progress is that of its parts, as of any day."""

    def test_a_whole_rolls_up_its_parts_as_they_stood(self, house):
        """What was reported later does not show, in whatever way it is read."""
        house.assign(days=30)
        parts = [NewItem(code, "部分", parties={"responsible": CZJ}) for code in "PQ"]
        house.desk(when="06-02 09:00").decompose("A-1", parts)
        house.desk(CZJ, "06-04 09:00").report("P", progress=20)
        house.desk(CZJ, "06-10 09:00").report("P", progress=80)
        desk = house.desk(when="06-11 09:00")
        for day, progress in (("06-03", 0), ("06-05", 10), ("06-11", 40)):
            past = desk.as_of(at(f"{day} 09:00"))
            assert past.get("A-1").progress == progress
            found = {item.code: item.progress for item in past.find()}
            assert found["A-1"] == progress


class TestExplaining:
    """What had fired is told as done, and what had not as still to come."""

    def test_what_fired_before_is_done(self, house):
        """As of an hour after the urging the item has been urged."""
        house.assign()
        house.sweep("06-05 18:00")
        desk = house.desk(when="06-09 09:00")
        now = str(desk.explain("A-1"))
        past = desk.as_of(at("06-08 09:00")).explain("A-1")
        urge = past.rungs[0]
        assert urge.rung == "urge"
        assert urge.judged == desk.explain("A-1").rungs[0].judged
        assert urge.judged in now.replace("\n   ", "")

    def test_what_fired_later_was_still_to_come(self, house):
        """As of the morning before, nothing had been done about it."""
        house.assign()
        house.sweep("06-05 18:00")
        desk = house.desk(when="06-09 09:00")
        before = desk.as_of(at("06-05 09:00")).explain("A-1")
        assert "此前已作处理" not in str(before)

    def test_what_waited_for_a_fact_had_not_fired(self, house):
        """Submitted at due and sent back later, it was urged only then."""
        house.assign()
        house.desk(ZJJ, "06-05 09:00").submit("A-1")
        house.desk(when="06-05 17:00").close("A-1", reason="已完成")
        house.sweep("06-05 18:00")
        house.desk(when="06-10 09:00").reopen("A-1", reason="复查不合格")
        house.sweep("06-10 10:00")
        assert house.actions()[-1] == "urge"
        desk = house.desk(when="06-12 09:00")
        assert "此前已作处理" in str(desk.explain("A-1"))
        past = desk.as_of(at("06-09 09:00"))
        assert "此前已作处理" not in str(past.explain("A-1"))


class TestFinding:
    """What is found as of a day is found by the same words."""

    @pytest.mark.parametrize("text", ["a-1", "A-1", "Road", "rOAD", "Ж", "事项"])
    def test_letters_match_alike_now_and_then(self, house, text):
        """A to Z in either case, all else as it is written."""
        house.assign(title="事项 road ж")
        desk = house.desk(when="06-02 09:00")
        now = [item.code for item in desk.find(text=text)]
        past = desk.as_of(at("06-01 12:00"))
        assert [item.code for item in past.find(text=text)] == now
        assert bool(now) == (text != "Ж")

    def test_pages_follow_each_other_in_the_past_too(self, house):
        """Each begins behind the last code of the one before."""
        for number in range(5):
            house.assign(f"A-{number}")
        past = house.desk(when="06-02 09:00").as_of(at("06-01 12:00"))
        first = past.find(limit=2)
        second = past.find(limit=2, after=first.next)
        third = past.find(limit=2, after=second.next)
        codes = [item.code for page in (first, second, third) for item in page]
        assert codes == [f"A-{number}" for number in range(5)]
        assert third.next is None


class TestTheAccount:
    """What was not sanctioned, by every policy's last sitting that was closed."""

    def test_all_policies_are_joined(self, storage):
        """Two panels meet on one day; the circular has both their records."""
        house = House.open(storage, policies=[panel("one"), panel("two")])
        house.assign("A-1", policy="one")
        house.assign("A-2", policy="two")
        house.sweep(OPENING)
        assert spared(house, "06-27 09:00") == ["A-1", "A-2"]

    def test_the_editions_of_a_policy_are_one(self, storage):
        """Items pinned to two editions are accounted for at one sitting's day."""
        house = House.open(storage, policies=[panel("one"), panel("one", "2")])
        house.assign("A-1", policy="one@1")
        house.assign("A-2", policy="one@2")
        house.sweep(OPENING)
        assert spared(house, "06-27 09:00") == ["A-1", "A-2"]

    def test_of_each_policy_the_last_one_counts(self, storage):
        """In July that of July, as of June that of June; none is told twice."""
        house = House.open(storage, policies=[panel("one")])
        house.assign("A-1")
        house.sweep(OPENING)
        house.desk(when="07-01 09:00").assign(matter("A-2"))
        house.sweep("07-30 09:00")
        assert spared(house, "06-27 09:00") == ["A-1"]
        assert spared(house, "07-31 09:00") == ["A-1", "A-2"]

    def test_a_sitting_that_is_not_closed_has_no_record_yet(self, storage):
        """While items wait to be judged, the one before is the last."""
        house = House.open(storage, policies=[panel("one")])
        house.assign("A-1")
        house.assign("A-2")
        house.sweep(OPENING, limit=1)
        assert spared(house, "06-26 09:30") == []


def test_a_date_that_moved_and_has_passed_as_well_lapses_on_its_own_day(house):
    """The lapse of the first date is overtaken, that of the second stands."""
    house.assign()
    house.sweep("06-08 09:00")
    house.desk(when="06-12 09:00").suspend(
        "A-1",
        reason="等待鉴定",
        effective_at=at("06-02 10:00"),
        resumed=at("06-04 10:00"),
    )
    house.sweep("06-12 10:00")
    desk = house.desk(when="06-12 11:00")
    states = {
        "now": desk.get("A-1").state,
        "as of now": desk.as_of(desk.now).get("A-1").state,
        "as known now": desk.as_known_at(desk.now).get("A-1").state,
    }
    assert set(states.values()) == {"overdue"}
    lapses = [e.effective_at for e in desk.history("A-1") if e.action == "lapse"]
    assert lapses == [at("06-05 17:30"), at("06-09 17:30")]
