"""What a cell must say to be read, and what is told where it does not."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from attrs import field, frozen

from duban_flow.domain.items import Source
from duban_flow.domain.payloads import Amend, Reassign
from duban_flow.domain.supervision import Supervision
from duban_flow.domain.time.calendar import WorkCalendar
from duban_flow.domain.units import Role
from duban_flow.domain.workflow import Action, State, Workflow
from duban_flow.engine.intake import fields_of, read_acts
from duban_flow.errors import Invalid
from duban_flow.formats.ledger_csv import read_ledger
from tests.engine.test_intake import CLERK, DIRECTORY, NOW, local, told
from tests.engine.test_intake import acts as acts_of
from tests.engine.test_intake import faults as faults_of
from tests.engine.test_intake import read as intake_of

LONG = "长" * 1_001
"""More than a cell of one line may hold: the ledger refuses it and gives nothing."""


@frozen(kw_only=True)
class Visit:
    """A call on a unit, at most thrice; its fee follows and is never written."""

    times: int = 1
    at: datetime | None = None
    fee: int = field(default=0, init=False)

    def __attrs_post_init__(self) -> None:
        if self.times > 3:
            raise Invalid("visit: too often.", zh="次数过多。", code="visit.times")


class Rounds(Workflow):
    """A workflow of a host's own."""

    name, version = "rounds", "1"
    planned, visited = State(first=True), State(end=True)
    visit = Action(planned.to(visited), Visit, zh="走访")


def read(text: str, **more: Any) -> Any:
    """Read a ledger of either workflow, whatever its cells are."""
    workflows = {"supervision": Supervision, "rounds": Rounds}
    return read_acts(
        read_ledger(text, fields=fields_of(workflows.values())),
        workflows=workflows,
        directory=DIRECTORY,
        calendar=WorkCalendar.china(),
        importer=CLERK,
        now=NOW,
        **more,
    )


def faults(text: str, **more: Any) -> list[tuple[str, str]]:
    """Give column and code of each fault that was found in reading the cells."""
    return [(p.column, p.code) for p in read(text, **more).problems]


def payloads(text: str, **more: Any) -> list[Any]:
    """Give what the rows do, where nothing is wrong with them."""
    return [act.command.payload for act in acts_of(text, **more) if act.command]


class TestNumbers:
    """Ranges, sums, and numbers that only stand together."""

    @pytest.mark.parametrize(
        ("said", "code"), [("40~x", "quantity.number"), ("43~41", "interval.order")]
    )
    def test_a_range_has_two_ends_in_order(self, said, code):
        """One that is no number, or lies below the other, is refused."""
        text = f"编号,动作,轮次,测评对象,平均分\nB-1,测评,3,甲,{said}\n"
        assert faults(text) == [("平均分", code)]

    def test_a_column_that_cannot_be_read_has_no_sum(self):
        """The cell is named; the total below it is not called wrong as well."""
        text = (
            "编号,事项,指标,目标值\nB-1,甲,面积,{}亩\nB-2,乙,面积,270亩\n合计,,,300\n"
        )
        assert "total.differs" in {w.code for w in told(intake_of(text.format(31)))}
        made = read(text.format("x"))
        assert [p.code for p in made.problems] == ["quantity.number"]
        assert "total.differs" not in {w.code for w in made.warnings}

    @pytest.mark.parametrize(
        ("done", "total", "fault"),
        [
            ("3", "", ("总数", "cell.missing")),
            ("", "8", ("已完成数", "cell.missing")),
            ("9", "8", ("已完成数", "done.over_total")),
        ],
    )
    def test_what_is_done_is_part_of_a_total(self, done, total, fault):
        """Neither stands alone, and no more is done than there is."""
        assert faults(f"编号,动作,已完成数,总数\nB-1,反馈,{done},{total}\n") == [fault]

    def test_only_a_reading_of_a_share_may_be_below_zero(self):
        """A rate may shrink; an area may not."""
        text = "编号,动作,指标,实际值\nB-1,填报指标,甲,{}\n"
        (made,) = payloads(text.format("-3%"))
        assert (made.actual, made.measure_unit) == (Decimal(-3), "%")
        assert faults(text.format("-3亩")) == [("实际值", "number.negative")]

    def test_a_target_wants_its_unit(self):
        """A measure without a number has one of its own, or none can be told."""
        text = "编号,事项,指标,目标值\nB-1,甲,面积,{}\n"
        assert faults(text.format("")) == [("计量单位", "cell.missing")]
        assert faults(text.format("x")) == [("目标值", "quantity.number")]

    def test_a_rank_is_held_to_the_cohort_of_its_round(self):
        """Said in its own row, or only in another row of the round."""
        text = "编号,动作,轮次,测评对象,排名,参评数\nB-1,测评,4,甲,9,{}\n"
        assert faults(text.format(6)) == [("排名", "rank.range")]
        other = text.format("") + "B-1,测评,4,乙,2,6\n"
        assert faults(other) == [("排名", "evaluate.rank")]
        assert faults(text.format("") + "B-1,测评,4,乙,2,9\n") == []

    def test_of_a_round_everything_is_said_alike(self):
        """The same cohort twice is one; only another one is a fault."""
        text = "编号,动作,轮次,测评对象,参评数\nB-1,测评,4,甲,6\nB-1,测评,4,乙,{}\n"
        (made,) = payloads(text.format(6))
        assert made.cohort == 6
        assert faults(text.format(7)) == [("参评数", "round.differs")]


class TestDates:
    """What wants a definite day, and what is the day of something else."""

    @pytest.mark.parametrize(
        ("on", "as_of", "wanted"),
        [
            ("2009-12-01", "2009-11-30", local(2009, 12, 1)),
            ("2009-12-01", "2009-11-30 09:00", local(2009, 11, 30, 9)),
            ("2009-12-01", "", local(2009, 12, 2)),
            ("2009-12-01 10:00", "", local(2009, 12, 1, 10)),
            ("", "", NOW),
        ],
    )
    def test_a_reading_is_of_its_date_or_of_when_it_was_taken(self, on, as_of, wanted):
        """A bare date is its 24:00, an instant is itself, and nothing is now."""
        row = f"B-1,{on},填报指标,甲,3亩,{as_of}\n"
        (made,) = payloads("编号,日期,动作,指标,实际值,截至\n" + row)
        assert made.as_of == wanted

    @pytest.mark.parametrize(
        ("on", "as_of", "fault"),
        [
            ("11月中旬", "", ("截至", "cell.missing")),
            ("2009-12-01", "11月中旬", ("截至", "date.about")),
            ("2009-12-01", "2010-01-31", ("截至", "date.future")),
        ],
    )
    def test_a_reading_wants_a_definite_date(self, on, as_of, fault):
        """Of a month's middle, or of a day to come, there is no figure."""
        row = f"B-1,{on},填报指标,甲,3亩,{as_of}\n"
        text = "编号,日期,动作,指标,实际值,截至\n" + row
        assert faults(text, year=2009) == [fault]

    def test_a_finding_is_of_the_day_of_its_instant(self):
        """On the clocks of the district; about a date is no day."""
        text = "编号,日期,动作,说明\nB-1,{},登记查实问题,脱岗\n"
        (made,) = payloads(text.format("2009-10-11 00:30"))
        assert made.on == date(2009, 10, 11)
        about = text.format("10月中旬")
        assert faults(about, year=2009) == [("日期", "date.about")]

    def test_an_instant_is_no_range(self):
        """What a field of an instant says lies on the clock, not about a date."""
        text = "编号,工作流,动作,at\nV-1,rounds,走访,{}\n"
        (visit,) = read(text.format("2009-12-01 10:00")).acts
        assert visit.command.payload.at == datetime(2009, 12, 1, 2, tzinfo=UTC)
        assert faults(text.format("12月中旬"), year=2009) == [("at", "date.about")]

    def test_a_term_that_no_term_has_is_refused_in_its_cell(self):
        """A count out of all bounds is neither a term nor a date."""
        text = "编号,事项,时限\nB-1,甲,99999日\n"
        assert faults(text) == [("时限", "term.count")]


class TestWords:
    """Roles, sources, codes, and cells that were not fit to be read."""

    def test_a_role_is_one_of_the_six(self):
        """With or without 单位; another word is answered with the nearest."""
        text = "编号,动作,角色,单位\nB-1,改派,{},财政局\n"
        assert payloads(text.format("协办")) == [
            Reassign(role=Role.ASSISTING, unit="czj")
        ]
        assert faults_of(text.format("协理")) == [
            (2, "角色", "role.unknown", "协办单位")
        ]

    def test_a_source_is_read_with_its_number(self):
        """Of an item that is given out, and of one that is put right."""
        assert payloads("编号,动作,来源,文号,理由\nB-1,更正,会议,3号,笔误\n") == [
            Amend(reason="笔误", source=Source("会议", "3号"))
        ]
        text = "编号,事项,来源,文号\nB-1,甲,,3号\n"
        assert faults(text) == [("来源", "cell.missing")]

    def test_a_code_that_no_item_can_have_is_refused_in_its_cell(self):
        """A hundred characters are a code; one more are none."""
        text = "编号,事项\n{},甲\n"
        assert acts_of(text.format("B" * 100))[0].code == "B" * 100
        assert faults(text.format("B" * 101)) == [("编号", "item.code")]

    def test_an_act_wants_the_code_of_its_item(self):
        """Without one nobody knows what was done."""
        assert faults("编号,动作,理由\n,办结,好\n") == [("编号", "cell.missing")]

    @pytest.mark.parametrize(
        "text",
        [
            f"编号,动作,角色,单位\nB-1,改派,{LONG},财政局\n",
            f"编号,动作\nB-1,{LONG}\n",
            f"编号,事项,时限\nB-1,甲,{LONG}\n",
        ],
    )
    def test_a_cell_that_the_ledger_refused_is_not_called_empty(self, text):
        """It was named once, where it was found unfit; nothing is done with its row."""
        made = read(text)
        assert made.problems == ()
        assert made.acts == ()

    def test_a_fault_of_a_cell_is_named_once(self):
        """The day of a finding is read for the act and for what it says."""
        assert faults("编号,日期,动作,说明\nB-1,明天,登记查实问题,脱岗\n") == [
            ("日期", "date.form")
        ]


class TestOwnPayload:
    """A host's payload, which has rules of its own."""

    TEXT = "编号,工作流,动作,times\nV-1,rounds,走访,{}\n"

    def test_what_is_derived_is_never_read(self):
        """A field that no caller can give is no column."""
        (act,) = read(self.TEXT.format(3)).acts
        assert act.command.payload == Visit(times=3)

    def test_what_it_refuses_is_told_in_the_cell_that_its_code_names(self):
        """A rule of the host's own, with the host's words."""
        (problem,) = read(self.TEXT.format(4)).problems
        assert (problem.row, problem.column, problem.code) == (
            2,
            "times",
            "visit.times",
        )
        assert problem.zh == "次数过多。"
