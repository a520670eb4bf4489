"""Many at once: a plan writes nothing and names every problem; applying is all."""

from __future__ import annotations

import pytest

from duban_flow import Conflict, DubanError, Forbidden, Invalid, NotFound
from duban_flow.engine.ports import Query
from duban_flow.storage.memory import MemoryStorage
from tests.engine.house import DCS, ZJJ, House, at

NOW = "06-20 09:00"
LEDGER = """编号,日期,动作,经办,事项,责任单位,督促单位,完成时限,进度,理由
A-1,2026-06-01,交办,督查室,修路,住建局,督查室,2026-06-05,,
A-2,2026-06-02,交办,督查室,修桥,住建局,督查室,2026-06-30,,
A-1,2026-06-03,反馈,住建局,,,,,40,
A-1,2026-06-08,办结,督查室,,,,,,现场核验通过
"""


def planned(house: House, text: str = LEDGER, when: str = NOW):
    """Let 督查室 plan the import of a ledger."""
    return house.desk(when=when).plan(text)


def apply(house: House, text: str = LEDGER, when: str = NOW):
    """Plan and apply at once."""
    return house.desk(when=when).apply(planned(house, text, when))


def test_a_plan_writes_nothing(house):
    """It says what would be done, and nothing is there."""
    plan = planned(house)
    assert plan.problems == ()
    assert dict(plan.counts) == {"assign": 2, "close": 1, "report": 1}
    assert len(house.desk().find()) == 0


def test_applied_every_row_is_an_act(house):
    """Each has its own time and unit, and the importer is who typed it in."""
    made = apply(house)
    assert (made.acts, made.born, made.changed, made.repeated) == (4, 2, 0, False)
    events = house.desk().history("A-1")
    assert [(e.action, e.actor_unit, e.recorder) for e in events] == [
        ("assign", DCS, DCS),
        ("report", ZJJ, DCS),
        ("close", DCS, DCS),
    ]
    assert all(e.recorded_at == at(NOW) for e in events)
    item = house.desk().get("A-1")
    assert item.closing is not None
    assert (item.state, item.closing.late) == ("closed", True)


def test_it_reads_as_if_it_had_been_typed_in_then(house):
    """As of a day of the ledger, the items stand as they stood."""
    apply(house)
    desk = house.desk(when=NOW)
    seen = desk.as_of(at("06-04 09:00")).get("A-1")
    assert (seen.state, seen.progress) == ("in_progress", 40)
    assert [i.code for i in desk.as_of(at("06-01 18:00")).find()] == ["A-1"]


def test_what_is_imported_is_armed_from_then(house):
    """Old lateness lapses, and rungs that had passed do not fire."""
    text = LEDGER.replace("A-1,2026-06-08,办结,督查室,,,,,,现场核验通过\n", "")
    apply(house, text)
    assert house.desk().get("A-1").armed_from == at(NOW)
    result = house.sweep(NOW)
    assert (result.lapsed, result.fired) == (1, 0)


def test_the_same_plan_again_is_nothing(house):
    """Applied twice, the second says that it was done."""
    desk = house.desk(when=NOW)
    plan = desk.plan(LEDGER)
    desk.apply(plan)
    again = desk.apply(plan)
    assert (again.acts, again.born, again.changed, again.repeated) == (0, 0, 0, True)
    assert len(house.desk().history("A-1")) == 3


def test_the_same_ledger_again_is_nothing(house):
    """Planned anew from the same file, it is known and changes nothing."""
    apply(house)
    again = apply(house, when="06-21 09:00")
    assert again.repeated
    assert len(house.desk().history("A-1")) == 3


def test_more_rows_for_items_that_are_there(house):
    """A second ledger changes what the first gave out."""
    apply(house)
    made = apply(house, "编号,日期,动作,经办,进度\nA-2,2026-06-19,反馈,住建局,70\n")
    assert (made.acts, made.born, made.changed) == (1, 0, 1)
    assert house.desk().get("A-2").progress == 70


def test_a_plan_that_has_gone_stale_is_refused(house):
    """What it found has changed since: nothing of it is written."""
    apply(house)
    text = (
        "编号,日期,动作,经办,事项,责任单位,督促单位,进度\n"
        "A-2,2026-06-19,反馈,住建局,,,,70\n"
        "A-3,2026-06-19,交办,督查室,架桥,住建局,督查室,\n"
    )
    plan = planned(house, text)
    house.desk(ZJJ, NOW).report("A-2", progress=60)
    with pytest.raises(Conflict) as refused:
        house.desk(when=NOW).apply(plan)
    assert refused.value.code == "plan.stale"
    assert [item.code for item in house.desk().find()] == ["A-1", "A-2"]


def test_a_code_that_was_taken_meanwhile_makes_it_stale(house):
    """Somebody else gave out a matter under the code."""
    plan = planned(house)
    house.assign("A-2")
    with pytest.raises(Conflict):
        house.desk(when=NOW).apply(plan)
    assert [item.code for item in house.desk().find()] == ["A-2"]


FAULTY = """编号,日期,动作,经办,事项,责任单位,督促单位,完成时限,进度,理由
A-1,2026-06-01,交办,督查室,修路,住建委局,督查室,2026-06-05,,
A-2,2026-06-31,交办,督查室,修桥,住建局,督查室,2026-06-30,,
A-3,2026-06-10,交办,督查室,架桥,住建局,督查室,2026-06-05,,
A-4,2026-06-01,交办,督查室,铺路,住建局,督查室,,,
A-4,2026-06-03,反馈,住建局,,,,,140,
A-9,2026-06-08,办结,督查室,,,,,,完成
"""


def test_a_plan_is_applied_only_where_its_items_are(house):
    """Another office has neither the matter nor the whole that its rows speak of."""
    apply(house)
    other = House.open(MemoryStorage())
    report = "编号,日期,动作,经办,进度\nA-2,2026-06-18,反馈,住建局,50\n"
    part = "编号,日期,事项,责任单位,上级事项\nA-2-1,2026-06-18,桥墩,住建局,A-2\n"
    for text, missing in ((report, "A-2"), (part, "A-2")):
        plan = planned(house, text)
        assert plan.problems == ()
        with pytest.raises(DubanError, match=missing):
            other.desk(when=NOW).apply(plan)
        assert len(other.desk().find()) == 0


def test_every_problem_is_named_at_once_with_its_row(house):
    """A unit, a date, a due date, a progress, a code: each with row and column."""
    plan = planned(house, FAULTY)
    rows = sorted({problem.row for problem in plan.problems})
    assert rows == [2, 3, 4, 6, 7]
    told = "\n".join(problem.text("zh") for problem in plan.problems)
    assert "住建局" in told
    assert "2026-06-31" in told


def test_with_a_problem_nothing_is_applied(house):
    """The good rows wait until the bad ones are mended."""
    plan = planned(house, FAULTY)
    with pytest.raises(Invalid) as refused:
        house.desk(when=NOW).apply(plan)
    assert refused.value.problems == plan.problems
    assert len(house.desk().find()) == 0


def test_what_the_road_refuses_is_a_problem_of_its_row(house):
    """A right that is not there, an action that is not possible: named with the row."""
    text = LEDGER + (
        "A-2,2026-06-09,办结,住建局,,,,,,自行办结\nA-1,2026-06-09,反馈,住建局,,,,,90,\n"
    )
    plan = planned(house, text)
    assert [(p.row, p.code) for p in plan.problems] == [
        (6, "rights.role"),
        (7, "workflow.state"),
    ]


def test_duties_are_kept_apart_over_imported_history(house):
    """Who reported, by the ledger, may not close, by the ledger."""
    text = LEDGER.replace("A-1,2026-06-03,反馈,住建局", "A-1,2026-06-03,反馈,督查室")
    [problem] = planned(house, text).problems
    assert (problem.row, problem.code) == (5, "duty.reporter_closes")


def test_only_units_of_oversight_give_out_matters_by_ledger(house):
    """A row that lets another unit assign is refused."""
    text = LEDGER.replace("A-2,2026-06-02,交办,督查室", "A-2,2026-06-02,交办,财政局")
    [problem] = planned(house, text).problems
    assert (problem.row, problem.code) == (3, "rights.unit")


def test_a_code_that_is_all_but_another_is_refused(house):
    """A code that differs by case or width only would be two items to nobody."""
    house.assign("A-1")
    problems = planned(house, LEDGER.replace("A-1", "a-１")).problems
    assert {(p.row, p.said) for p in problems} >= {(2, "a-1")}


def test_a_unit_writes_down_its_own_acts_only(house):
    """By ledger nobody acts in another unit's name but units of oversight."""
    apply(house)
    rows = "编号,日期,动作,经办,进度,理由\n"
    own = house.desk(ZJJ, NOW).plan(rows + "A-2,2026-06-19,反馈,住建局,70,\n")
    assert own.problems == ()
    foreign = rows + "A-2,2026-06-19,办结,督查室,,自行办结\n"
    [problem] = house.desk(ZJJ, NOW).plan(foreign).problems
    assert (problem.row, problem.code) == (2, "rights.recorder")
    with pytest.raises(Forbidden):
        house.desk(ZJJ, NOW).apply(planned(house, foreign))
    assert house.desk().get("A-2").is_open


def test_units_are_never_invented_by_a_ledger(house):
    """Not even in a rehearsal."""
    text = LEDGER.replace("住建局", "交通局")
    plan = planned(house, text)
    assert {problem.row for problem in plan.problems} >= {2, 3}
    with house.storage.begin("default") as work:
        assert work.directory().find("交通局") is None


def test_parts_and_wholes_come_in_one_ledger(house):
    """A whole does not close over its open part, in the ledger as at a desk."""
    text = """编号,日期,动作,经办,事项,责任单位,督促单位,上级编号,理由
W-1,2026-06-01,交办,督查室,整治,住建局,督查室,,
W-1-1,2026-06-02,交办,督查室,整治一段,住建局,督查室,W-1,
"""
    apply(house, text)
    with house.storage.begin("default") as work:
        [part] = work.find(Query(text="W-1-1"))
        [whole] = work.ids_of(["W-1"]).values()
    assert part.parent == whole
    plan = planned(house, "编号,日期,动作,经办,理由\nW-1,2026-06-03,办结,督查室,完成\n")
    assert [(p.row, p.code) for p in plan.problems] == [(2, "close.open_part")]


def test_progress_of_planning_is_told(house):
    """Long work says how far it is."""
    told = []
    desk = house.desk(when=NOW)
    plan = desk.plan(LEDGER, progress=lambda *said: told.append(said))
    assert told
    assert told[0] == ("plan", 0, 4)
    before = len(told)
    desk.apply(plan, progress=lambda *said: told.append(said))
    assert len(told) > before


def test_headings_of_the_hosts_own_are_mapped(house):
    """What the ledger calls 承办 is the responsible unit."""
    text = LEDGER.replace("编号,", "督办号,", 1).replace("责任单位", "哪家办", 1)
    plan = house.desk(when=NOW).plan(
        text, columns={"督办号": "code", "哪家办": "responsible"}
    )
    assert plan.problems == ()
    assert dict(plan.counts)["assign"] == 2


def test_a_ledger_of_an_unknown_kind_is_refused(house):
    """Where nothing reads the file, what can be read is named."""
    with pytest.raises(NotFound, match="csv"):
        house.desk(when=NOW).plan("台账.xlsx")
