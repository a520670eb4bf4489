"""Sittings: opened by who judges first, judged by one instant, closed once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest

from duban_flow import Role
from duban_flow.domain.sanctions import Stage
from duban_flow.engine import sitting as sittings
from duban_flow.engine.passing import Pass, PassResults
from duban_flow.engine.ports import SanctionQuery
from duban_flow.formats.policy_toml import load_policy
from duban_flow.storage.sql import SqlStorage
from tests.engine.house import CZJ, OPENING, PANEL, POLICY, ZJJ, House, at, matter

EVE = "06-25 18:00"
"""The evening before the panel sits."""


def outcome(house: House) -> list[tuple[str, str, list[str]]]:
    """Say what sanctions there are: kind, unit and the codes cited."""
    found = house.desk().sanctions.find()
    return sorted((s.kind, s.unit, [c.code for c in s.citations]) for s in found)


def account(house: House, when: str = OPENING) -> list[tuple[list[str], str]]:
    """Say who was spared at the last sitting, and why."""
    [*_, last] = house.desk(when=when).sittings()
    return [(list(one.codes), one.reason) for one in last.not_sanctioned]


def late(house: House, n: int = 2) -> None:
    """Give out matters that are late by the day of the sitting."""
    for place in range(1, n + 1):
        house.assign(f"A-{place}")


def test_without_anything_to_judge_no_sitting_is_opened(house):
    """A month without a matter before the panel leaves no paper."""
    assert house.sweep(OPENING).sittings == ()
    assert house.desk(when=OPENING).sittings() == ()


def test_before_its_opening_nothing_is_put_to_the_panel(house):
    """On its eve what is late waits."""
    late(house)
    result = house.sweep(EVE)
    assert (result.proposed, result.sittings) == (0, ())
    assert result.waiting > 0


def test_it_is_judged_and_closed_by_the_sweep_of_its_day(house):
    """Both instants are kept, and what came of it."""
    late(house)
    result = house.sweep("06-26 10:00")
    assert (result.proposed, result.sittings) == (2, (POLICY.id,))
    [held] = house.desk(when="06-26 10:00").sittings()
    assert (held.day, held.opened_at, held.judged_at, held.closed_at) == (
        date(2026, 6, 26),
        at(OPENING),
        at("06-26 10:00"),
        at("06-26 10:00"),
    )
    assert len(held.sanctions) == 2
    assert outcome(house) == [("prompt", ZJJ, ["A-1"]), ("prompt", ZJJ, ["A-2"])]


def test_it_is_closed_once(house):
    """A sweep later that day finds nothing more to do."""
    late(house)
    house.sweep(OPENING)
    again = house.sweep("06-26 16:00")
    assert (again.proposed, again.sittings) == (0, ())
    assert len(house.desk(when="06-26 16:00").sittings()) == 1


def test_cut_short_it_stays_open_and_keeps_its_instant(house):
    """The rest is judged later by the facts of the first instant, then it closes."""
    late(house, 3)
    first = house.sweep(OPENING, limit=1)
    assert (first.cut_short, first.sittings, outcome(house)) == (True, (), [])
    [held] = house.desk(when=OPENING).sittings()
    assert (held.judged_at, held.closed_at) == (at(OPENING), None)
    house.sweep("06-26 11:00")
    [held] = house.desk(when="06-26 11:00").sittings()
    assert (held.judged_at, held.closed_at) == (at(OPENING), at("06-26 11:00"))
    assert len(outcome(house)) == 3


def test_latecomers_wait_for_the_next(house):
    """Written down after the panel sat, a matter is judged at its next sitting."""
    late(house, 1)
    house.sweep(OPENING)
    house.desk(when="06-27 09:00").assign(matter("A-2"), effective_at=at("06-01 09:00"))
    assert house.sweep("06-28 09:00").proposed == 0
    result = house.sweep("07-30 09:00")
    assert result.proposed == 1
    assert outcome(house)[-1] == ("prompt", ZJJ, ["A-2"])


def test_written_down_while_it_sits_a_matter_waits_too(house):
    """Between two sweeps of one sitting nothing new comes before it."""
    late(house, 2)
    house.sweep(OPENING, limit=1)
    house.assign("B-1", when="06-26 09:30", days=0)
    house.sweep("06-26 18:00")
    assert [codes for _, _, codes in outcome(house)] == [["A-1"], ["A-2"]]


def test_a_missed_sitting_is_made_up(house):
    """Down over its day, it is judged at the next sweep, and both days are kept."""
    late(house)
    house.sweep(EVE)
    result = house.sweep("06-29 09:00")
    assert (result.proposed, result.sittings) == (2, (POLICY.id,))
    [held] = house.desk(when="06-29 09:00").sittings()
    assert (held.opened_at, held.judged_at) == (at(OPENING), at("06-29 09:00"))


def test_a_sitting_that_found_nobody_late_is_not_made_up_later(house):
    """A sweep went by on its day; what becomes late after it waits for July."""
    house.assign("A-1", days=20)
    house.sweep(OPENING)
    assert house.sweep("06-30 09:00").proposed == 0
    assert house.sweep("07-30 09:00").proposed == 1


@pytest.mark.parametrize("batch", [1, 2, 500])
def test_the_size_of_batches_cannot_be_seen(house, batch):
    """However the rows were gathered, the same sanctions come of them."""
    late(house, 5)
    house.desk(PANEL, "06-20 09:00").close("A-5", reason="完成")
    house.desk(when="06-20 09:00").hold("A-4", reason="重复信访")
    result = house.sweep(OPENING, batch=batch)
    assert (result.proposed, result.not_sanctioned) == (3, 2)
    assert [codes for _, _, codes in outcome(house)] == [["A-1"], ["A-2"], ["A-3"]]
    assert sorted(codes for codes, _ in account(house)) == [["A-4"], ["A-5"]]


def test_who_is_spared_is_told_why(house):
    """Held, excused or closed late: each flagged matter has its record."""
    late(house, 3)
    house.desk(when="06-20 09:00").hold("A-1", reason="重复信访")
    house.desk(ZJJ, "06-20 09:00").justify("A-2", reason="暴雨", unit=ZJJ)
    house.desk(PANEL, "06-20 10:00").accept("A-2", unit=ZJJ)
    house.desk(PANEL, "06-20 09:00").close("A-3", reason="完成")
    house.sweep(OPENING)
    told = {codes[0]: reason for codes, reason in account(house)}
    assert sorted(told) == ["A-1", "A-2", "A-3"]
    assert all(told.values())
    assert outcome(house) == []


def test_a_unit_is_judged_for_its_own_part(house):
    """Of two responsible units the excused one is spared."""
    house.assign("A-1", parties={Role.RESPONSIBLE: [ZJJ, CZJ]})
    house.desk(ZJJ, "06-20 09:00").justify("A-1", reason="暴雨", unit=ZJJ)
    house.desk(PANEL, "06-20 10:00").accept("A-1", unit=ZJJ)
    house.sweep(OPENING)
    assert outcome(house) == [("prompt", CZJ, ["A-1"])]


def test_one_paper_for_all_matters_of_a_unit(storage):
    """A rung ``per = "unit"`` gathers what it finds under one sanction."""
    text = """
name = "gathering"
version = "1"
sitting = "month end - 2 workdays"
[kinds.prompt]
name = "行政效能提示"
moves = "prompt"
approval = ["问责领导小组"]
[[rung]]
key = "past due"
at = "sitting after due"
action = "prompt"
per = "unit"
on = ["responsible"]
when = ["open"]
reason = "超时未办结"
"""
    house = House.open(storage, policies=[load_policy(text)])
    late(house, 3)
    house.assign("B-1", parties={Role.RESPONSIBLE: CZJ})
    house.sweep(OPENING, batch=1)
    assert outcome(house) == [
        ("prompt", CZJ, ["B-1"]),
        ("prompt", ZJJ, ["A-1", "A-2", "A-3"]),
    ]
    # Read one by one as of that day, each matter knows the paper that cites it too.
    told = house.desk(when="06-26 10:00").explain("A-1")
    past = house.desk(when="07-01 09:00").as_of(at("06-26 10:00"))
    assert str(past.explain("A-1")) == str(told)


UNASKED = """
name = "unasked"
version = "1"
sitting = "month end - 2 workdays"
account_for = ["late"]
[kinds.call]
name = "约谈"
[kinds.prompt]
name = "行政效能提示"
level = 2
moves = "prompt"
[[rung]]
key = "called in"
at = "due + 2 workdays"
action = "call"
on = ["responsible"]
when = ["open"]
reason = "逾期两日"
[[rung]]
key = "past due"
at = "sitting after due"
action = "prompt"
on = ["responsible"]
when = ["open"]
reason = "超时未办结"
"""


class TestWithoutApproval:
    """A kind that asks nobody is issued by the sweep that finds its ground."""

    @pytest.fixture
    def house(self, storage):
        """Give a house whose policy asks nobody."""
        return House.open(storage, policies=[load_policy(UNASKED)])

    def test_outside_a_sitting_it_is_issued_at_once(self, house):
        """Proposed and issued in one pass, with its event on the item."""
        house.assign()
        result = house.sweep("06-10 09:00")
        assert (result.proposed, result.issued) == (1, 1)
        [one] = house.desk().sanctions.find()
        assert (one.stage, one.proposer, one.kind) == (Stage.ISSUED, "engine", "call")
        assert house.actions() == ["assign", "lapse", "sanction"]

    def test_at_a_sitting_it_is_issued_as_it_closes(self, house):
        """The item is moved with it, and a second sweep has nothing to do."""
        house.assign()
        house.sweep("06-10 09:00")
        result = house.sweep(OPENING)
        assert (result.proposed, result.issued, result.judged) == (1, 1, 2)
        assert house.desk().get("A-1").state == "prompted"
        again = house.sweep(OPENING)
        assert (again.judged, again.proposed, again.issued) == (0, 0, 0)


def test_two_who_sweep_at_once_hold_one_sitting(house):
    """Two threads, one closing, each matter judged and proposed once."""
    late(house, 6)
    start = Barrier(2)

    def sweep(_):
        start.wait(timeout=30)
        return house.sweep(OPENING, batch=1).proposed

    with ThreadPoolExecutor(2) as pool:
        proposed = [*pool.map(sweep, range(2)), house.sweep(OPENING).proposed]
    assert sorted(proposed) == [0, 0, 6]
    cited = [codes for _, _, codes in outcome(house)]
    assert cited == [[f"A-{n}"] for n in range(1, 7)]
    [held] = house.desk(when=OPENING).sittings()
    assert len(held.sanctions) == 6
    for n in range(1, 7):
        assert house.actions(f"A-{n}") == ["assign", "lapse", "urge"]


def test_two_storages_on_one_file_hold_one_sitting(tmp_path):
    """Two processes' worth of connections come to the same as one."""
    url = f"sqlite:///{tmp_path / 'duban.db'}"
    houses = [House.open(SqlStorage(url)) for _ in range(2)]
    late(houses[0], 4)
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda one: one.sweep(OPENING, batch=1), houses))
    houses[1].sweep(OPENING)
    with houses[0].storage.begin("default") as work:
        assert len(work.sanctions(SanctionQuery())) == 4
        assert len(work.sittings()) == 1
    for one in houses:
        one.storage.close()


def test_a_sitting_left_open_is_closed_however_late(house):
    """Cut short in June and swept again in July, what June judged is not lost."""
    late(house, 3)
    house.sweep(OPENING, limit=1)
    result = house.sweep("07-31 09:00")
    assert result.proposed == 3
    held = house.desk(when="07-31 09:00").sittings()
    assert [(one.day, one.closed_at is not None) for one in held] == [
        (date(2026, 6, 26), True),
        (date(2026, 7, 29), True),
    ]
    assert [codes for _, _, codes in outcome(house)] == [["A-1"], ["A-2"], ["A-3"]]


def test_it_does_not_close_while_anything_is_left_to_judge(house):
    """Who closes looks again: an item due by its instant keeps it open."""
    late(house, 2)
    house.sweep(OPENING, limit=1)
    with house.storage.begin("default") as work:
        this_pass = Pass(
            settings=house.office.settings,
            directory=work.directory(),
            now=at("06-26 10:00"),
        )
        assert not sittings.close(this_pass, work, POLICY, PassResults())
    [held] = house.desk(when="06-26 10:00").sittings()
    assert held.closed_at is None
