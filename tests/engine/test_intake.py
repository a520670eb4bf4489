"""How rows become acts: items, commands of any workflow, instants and their order."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from typing import Literal
from zoneinfo import ZoneInfo

import pytest
from attrs import frozen
from hypothesis import given
from hypothesis import strategies as st

from duban_flow.domain.case import Entry
from duban_flow.domain.instants import Span, earliest
from duban_flow.domain.items import Party, Source
from duban_flow.domain.payloads import Close, Report
from duban_flow.domain.payloads_facts import Evaluate, FindFault, Measured
from duban_flow.domain.quantities import Interval, Measure
from duban_flow.domain.supervision import Supervision
from duban_flow.domain.time.calendar import WorkCalendar
from duban_flow.domain.time.term import Term
from duban_flow.domain.units import Actor, Directory, Role, Unit
from duban_flow.domain.workflow import Action, State, Workflow
from duban_flow.engine.intake import codes_in, fields_of, read_acts
from duban_flow.formats.ledger_csv import read_ledger

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2009, 12, 25, 16, tzinfo=SHANGHAI)
CLERK = Actor("user:7", unit="dcs")
DIRECTORY = Directory.of(
    [
        Unit("dcs", "督查室", kind="supervisor"),
        Unit("zjj", "住建局", aliases=["建设局"]),
        Unit("czj", "财政局"),
        Unit("fgs", "法规、政策室"),
    ]
)


class Urgency(Enum):
    """How soon."""

    SOON = "soon"
    LATER = "later"


@frozen(kw_only=True)
class Dispatch:
    """A ticket goes to a unit, with a field of every kind that a row can say."""

    unit: str
    times: int = 1
    share: Decimal = Decimal(0)
    urgency: Urgency = Urgency.LATER
    way: Literal["phone", "visit"] = "phone"
    tags: tuple[str, ...] = ()
    seen: date | None = None
    called: datetime | None = None
    nested: tuple[Party, ...] = ()


class Hotline(Workflow):
    """A workflow of a host's own."""

    name, version = "hotline", "1"
    received, dispatched = State(first=True), State(end=True)
    dispatch = Action(received.to(dispatched), Dispatch, zh="派单")


def read(text, *, importer=CLERK, now=NOW, **more):
    """Read a ledger's text in the setting of these tests."""
    workflows = {"supervision": Supervision, "hotline": Hotline}
    ledger = read_ledger(text, fields=fields_of(workflows.values()))
    assert ledger.problems == ()
    return read_acts(
        ledger,
        workflows=workflows,
        directory=DIRECTORY,
        calendar=WorkCalendar.china(),
        importer=importer,
        now=now,
        **more,
    )


def acts(text, **more):
    """Read what must be without fault; give its acts."""
    intake = read(text, **more)
    assert intake.problems == ()
    return intake.acts


def faults(text, **more):
    """Read what must not be without fault; give row, column, code and wanted."""
    intake = read(text, **more)
    assert intake.acts == ()
    return [(p.row, p.column, p.code, p.wanted) for p in intake.problems]


def told(intake):
    """Give the remarks that are about more than what an item may lack."""
    return [w for w in intake.warnings if not w.code.startswith("item.no_")]


def local(year, month, day, hour=0, minute=0):
    """Give an instant on the clocks of the district."""
    return datetime(year, month, day, hour, minute, tzinfo=SHANGHAI)


class TestItems:
    """Rows that give out an item."""

    def test_a_row_gives_everything_an_item_has(self):
        """Parties by name or alias, term, source, labels and measures side by side."""
        (act,) = acts(
            "编号,日期,事项,类别,牵头单位,责任单位,协办单位,督促单位,时限,来源,文号,标签,优先级,"
            "指标,计量单位,目标值,决定性,必办,推定,测评对象\n"
            'B-1,2009-06-01,修路,livelihood,建设局,"法规、政策室",财政局、zjj,督查室,15工作日,'
            "会议,第3号,甲、乙,急,面积、宗数,亩、宗,1270.5、18,是、否,否,是,一环路\n"
        )

        new = act.new
        assert new is not None
        assert new.parties == {
            Role.LEAD: (Party("zjj"),),
            Role.RESPONSIBLE: (Party("fgs"),),
            Role.ASSISTING: (Party("czj"), Party("zjj")),
            Role.SUPERVISING: (Party("dcs"),),
        }
        assert new.term == Term.workdays(15)
        assert new.source == Source("会议", "第3号")
        assert (new.labels, new.priority, new.subject) == (("甲", "乙"), "急", "一环路")
        assert new.measures == (
            Measure("面积", "亩", target=Decimal("1270.5"), decisive=True),
            Measure("宗数", "宗", target=Decimal(18)),
        )
        assert (new.mandatory, new.synthetic, act.synthetic) == (False, True, True)
        assert (act.actor.id, act.recorder) == ("user:7", "user:7")

    @pytest.mark.parametrize(
        ("said", "term"),
        [
            ("15工作日", Term.workdays(15)),
            ("１５个工作日内", Term.workdays(15)),
            ("60日", Term.days(60)),
            ("60个自然日", Term.days(60)),
            ("3个月", Term.months(3)),
            ("2 months", Term.months(2)),
            ("2009-12-31", Term.until(date(2009, 12, 31))),
            ("年底", Term.until(date(2009, 12, 31))),
            ("12月31日 24:00", Term.until(local(2010, 1, 1))),
            (
                "12月中旬",
                Term.until(
                    Span.of_days(
                        date(2009, 12, 11), date(2009, 12, 20), SHANGHAI, "12月中旬"
                    )
                ),
            ),
        ],
    )
    @pytest.mark.parametrize("column", ["时限", "完成时限"])
    def test_a_term_is_a_count_or_a_date(self, said, term, column):
        """Either column takes either; about is about."""
        (act,) = acts(
            f"编号,日期,事项,{column}\nB-1,2009-06-01,修路,{said}\n", year=2009
        )

        assert act.new is not None
        assert act.new.term == term

    def test_a_term_and_a_date_must_agree(self):
        """Where both are written they end on the same day."""
        text = "编号,日期,事项,时限,完成时限\nB-1,2009-06-01,修路,15个工作日,{}\n"

        assert acts(text.format("2009-06-22"))[0].new is not None
        assert faults(text.format("2009-06-23")) == [
            (2, "完成时限", "due.term", "2009-06-22")
        ]

    def test_a_due_date_at_rest_is_remarked(self):
        """It stays as written, and the date it would be moved to is told."""
        intake = read("编号,日期,事项,完成时限\nB-1,2009-06-01,修路,2009-10-01\n")

        assert intake.problems == ()
        assert [(w.code, w.wanted) for w in told(intake)] == [
            ("due.rest_day", "2009-10-09")
        ]

    def test_measures_stand_side_by_side(self):
        """As many units and targets as names, each with its unit of measure."""
        assert faults("编号,事项,指标,计量单位,目标值\nB-1,路,甲、乙,亩,1、2、3\n") == [
            (2, "计量单位", "measure.count", "2"),
            (2, "目标值", "measure.count", "2"),
        ]
        assert faults("编号,事项,指标,目标值\nB-1,路,甲,3\n") == [
            (2, "计量单位", "cell.missing", "")
        ]

    def test_only_a_share_may_be_below_zero(self):
        """A growth rate may shrink; an area may not."""
        text = "编号,事项,指标,目标值\nB-1,路,甲,{}\n"

        assert acts(text.format("-1.2%"))[0].new is not None
        assert faults(text.format("-1.2亩")) == [
            (2, "目标值", "number.negative", "≥ 0")
        ]


class TestInstants:
    """When something happened."""

    @pytest.mark.parametrize(
        ("said", "at"),
        [
            ("2009-12-01", local(2009, 12, 1, 17, 30)),
            ("2009-12-05", local(2009, 12, 5, 17, 30)),
            ("2009-12-01 09:15", local(2009, 12, 1, 9, 15)),
            ("2009-12-01 24:00", local(2009, 12, 2)),
            ("2009-12-25", NOW),
            ("", NOW),
        ],
    )
    def test_a_bare_date_is_its_close_of_business(self, said, at):
        """Rest days too; today it is now; without a date it is now."""
        (act,) = acts(f"编号,日期,事项\nB-1,{said},修路\n")

        assert act.effective_at == at

    def test_a_date_about_is_a_span_that_ends_now(self):
        """What has happened by now did not happen later."""
        made = acts(
            "编号,日期,动作,理由\nB-1,11月中旬,办结,好\nB-1,12月,签收,\n", year=2009
        )

        assert [str(act.effective_at) for act in made] == ["11月中旬", "12月"]
        assert made[0].effective_at == Span.of_days(
            date(2009, 11, 11), date(2009, 11, 20), SHANGHAI, "11月中旬"
        )
        assert isinstance(made[1].effective_at, Span)
        assert made[1].effective_at.latest == NOW

    @pytest.mark.parametrize("said", ["2009-12-26", "2009-12-25 16:01", "2010年1月"])
    def test_the_future_is_no_fact(self, said):
        """Named with its row and its column."""
        assert faults(f"编号,日期,事项\nB-1,{said},修路\n") == [
            (2, "日期", "date.future", "≤ 2009-12-25")
        ]

    def test_as_of_a_date_is_its_end(self):
        """24:00 of that day; without a date, of the day of the act."""
        made = acts(
            "编号,日期,动作,指标,实际值,截至\nB-1,2009-12-17,填报指标,甲,3亩,2009-11-30\n"
            "B-1,2009-12-18,填报指标,甲,4亩,\n"
        )

        payloads = [act.command.payload for act in made if act.command]
        assert [payload.as_of for payload in payloads] == [
            local(2009, 12, 1),
            local(2009, 12, 19),
        ]

    @given(st.permutations(range(4)))
    def test_acts_stand_in_the_order_in_which_they_happened(self, order):
        """However the rows stand, a whole comes first, then its part, then the acts."""
        rows = [
            "W-1,2009-06-01,,总,",
            "P-1,2009-06-01,,分,W-1",
            "P-1,2009-06-01,签收,,",
            "W-1,2009-05-30 09:00,反馈,,",
        ]
        made = acts(
            "\n".join(["编号,日期,动作,事项,上级事项", *(rows[n] for n in order), ""])
        )

        codes = [(a.code, a.command.action if a.command else "") for a in made]
        assert codes.index(("W-1", "")) < codes.index(("P-1", ""))
        assert codes.index(("P-1", "")) < codes.index(("P-1", "acknowledge"))
        assert codes.index(("W-1", "")) < codes.index(("W-1", "report"))


class TestCommands:
    """Rows that act on an item."""

    def test_the_rows_unit_acts_and_the_importer_records(self):
        """History keeps who did it and who typed it in."""
        (act,) = acts(
            "编号,动作,经办,进度,难以完成,说明\nB-1,反馈,建设局,40%,是,缺钱\n"
        )

        assert (act.actor, act.recorder) == (Actor("zjj", unit="zjj"), "user:7")
        assert act.command is not None
        assert act.command.payload == Report(progress=40, note="缺钱", at_risk=True)

    def test_progress_is_counted_where_it_is_not_said(self):
        """3 of 8 is 37 per cent; what was said stands, with a remark."""
        intake = read("编号,动作,进度,已完成数,总数\nB-1,反馈,,3,8\nB-1,反馈,50,3,8\n")

        payloads = [act.command.payload for act in intake.acts if act.command]
        assert [payload.progress for payload in payloads] == [37, 50]
        assert [(w.code, w.wanted) for w in told(intake)] == [
            ("progress.differs", "37")
        ]

    def test_entries_of_one_round_are_one_act(self):
        """Their rows are all named; mean and cohort are said once or alike."""
        (act,) = acts(
            "编号,日期,动作,轮次,测评对象,得分,排名,平均分,参评数\n"
            "B-1,2009-11-30,测评,4,甲,32,,42.28,\n"
            "B-1,2009-11-30,测评,第4轮,乙,53.75,4,,6\n"
        )

        assert (act.row, act.rows) == (2, (2, 3))
        assert act.command is not None
        assert act.command.payload == Evaluate(
            round=4,
            on=date(2009, 11, 30),
            entries=[
                Entry("甲", score=Decimal(32)),
                Entry("乙", score=Decimal("53.75"), rank=4),
            ],
            mean=Decimal("42.28"),
            cohort=6,
        )

    def test_rounds_are_held_together(self):
        """One subject once, one mean."""
        assert faults(
            "编号,日期,动作,轮次,测评对象,平均分\nB-1,2009-11-30,测评,4,甲,42\n"
            "B-1,2009-11-30,测评,4,甲,43\n"
        ) == [
            (3, "测评对象", "subject.twice", ""),
            (3, "平均分", "round.differs", "42"),
        ]

    def test_a_mean_may_be_a_range(self):
        """Where only a rounded difference was printed."""
        (act,) = acts("编号,动作,轮次,测评对象,平均分\nB-1,测评,3,甲,40.63～41.63\n")

        assert act.command is not None
        assert act.command.payload.mean == Interval("40.63", "41.63")

    def test_an_entry_is_the_items_own_where_it_names_no_other(self):
        """What an evaluation calls the item: its subject, or its title."""
        text = "编号,日期,动作,事项,轮次,得分\nB-1,2009-06-01,,一环路,,\n"
        made = acts(text + "B-1,2009-07-01,测评,,1,30\n")

        assert made[1].command is not None
        assert made[1].command.payload.entries == (Entry("一环路", score=Decimal(30)),)
        assert faults("编号,动作,轮次,得分\nB-9,测评,1,30\n") == [
            (2, "测评对象", "cell.missing", "")
        ]

    def test_a_reading_is_held_to_its_item(self):
        """The measure is one of the item's, and its unit is the item's."""
        text = (
            "编号,日期,动作,事项,指标,计量单位,目标值,实际值\n"
            "B-1,2009-06-01,,土地,面积,亩,1270.5,\n"
        )
        made = acts(text + "B-1,2009-12-01,填报指标,,面积,,,640\n")

        assert made[1].command is not None
        assert made[1].command.payload == Measured(
            name="面积",
            actual=Decimal(640),
            as_of=local(2009, 12, 2),
            measure_unit="亩",
        )
        assert faults(text + "B-1,2009-12-01,填报指标,,面棋,,,640\n") == [
            (3, "指标", "measure.unknown", "面积")
        ]
        assert faults(text + "B-1,2009-12-01,填报指标,,面积,公顷,,64\n") == [
            (3, "计量单位", "quantity.unit", "亩")
        ]

    def test_a_finding_takes_its_day_and_its_text(self):
        """The day is that of the act; 说明 will do for the text."""
        (act,) = acts(
            "编号,日期,动作,单位,说明\nB-1,2009-10-11,登记查实问题,财政局,脱岗\n"
        )

        assert act.command is not None
        assert act.command.payload == FindFault(
            on=date(2009, 10, 11), text="脱岗", unit="czj"
        )

    def test_what_an_action_does_not_take_is_remarked(self):
        """A figure in the wrong row is not lost in silence."""
        intake = read("编号,事项,进度\nB-1,修路,40\n")

        assert [(w.column, w.code) for w in told(intake)] == [("进度", "cell.unused")]

    def test_a_reason_may_stand_under_either_heading(self):
        """理由 first, else 说明."""
        made = acts("编号,动作,理由,说明\nB-1,办结,核验,\nB-2,办结,,通过\n")

        assert [a.command.payload for a in made if a.command] == [
            Close(reason="核验"),
            Close(reason="通过"),
        ]

    def test_a_row_cannot_say_everything(self):
        """Whole items in one row, and what only a sanction does, are refused."""
        assert [fault[2] for fault in faults("编号,动作\nB-1,分解\nB-1,warn\n")] == [
            "action.not_by_row",
            "action.issued",
        ]


class TestOwnWorkflow:
    """Payloads of a host's own, read by the types of their fields."""

    HEADING = "编号,工作流,动作,单位,times,share,urgency,way,tags,seen,called,nested\n"

    def test_every_field_is_read_by_its_type(self):
        """Numbers, words of a closed set, lists, days and instants."""
        (act,) = acts(
            self.HEADING + "H-1,hotline,派单,财政局,3,0.5,soon,visit,甲、乙,2009-12-01,"
            "2009-12-01 10:00,\n"
        )

        assert act.command is not None
        assert (act.command.workflow, act.command.action) == ("hotline", "dispatch")
        assert act.command.payload == Dispatch(
            unit="czj",
            times=3,
            share=Decimal("0.5"),
            urgency=Urgency.SOON,
            way="visit",
            tags=("甲", "乙"),
            seen=date(2009, 12, 1),
            called=datetime(2009, 12, 1, 2, tzinfo=UTC),
        )

    def test_every_field_is_refused_by_its_type(self):
        """All at once, each with what it wants."""
        found = faults(
            self.HEADING + "H-1,hotline,派单,,1.5,x,sooon,vist,,12月中旬,明天,\n",
            year=2009,
        )

        assert {(column, code) for _, column, code, _ in found} == {
            ("单位", "cell.missing"),
            ("times", "number.whole"),
            ("share", "quantity.number"),
            ("urgency", "word.unknown"),
            ("way", "word.unknown"),
            ("seen", "date.about"),
            ("called", "date.form"),
        }

    def test_an_unknown_workflow_is_named_with_the_nearest(self):
        """Neither the first nor any other is taken in its place."""
        assert faults("编号,工作流,动作\nH-1,hotlin,派单\n") == [
            (2, "工作流", "workflow.unknown", "hotline")
        ]

    def test_the_workflow_is_that_of_the_item(self):
        """As the ledger gives it out, or as the store knows it."""
        made = acts(
            "编号,工作流,动作,事项,单位\nH-1,hotline,,漏水,\nH-1,,派单,,财政局\n"
        )
        known = acts("编号,动作,单位\nH-2,派单,财政局\n", existing={"H-2": "hotline"})

        assert made[1].command is not None
        assert known[0].command is not None
        assert {made[1].command.workflow, known[0].command.workflow} == {"hotline"}


class TestStore:
    """What is already there."""

    def test_codes_in_names_every_code(self):
        """Of items and of wholes, as they are written."""
        ledger = read_ledger("编号,事项,上级事项\nB-1,修路,W-1\nB-2,桥,\n")

        assert codes_in(ledger) == {"B-1", "W-1", "B-2"}

    def test_taken_and_unknown_codes_are_found_where_the_store_is_known(self):
        """The nearest code is named; a code is the same however it is spelled."""
        text = (
            "编号,动作,事项,上级事项\nW-1,,总,\nB-1,,分,W-02\nb-2,签收,,\nB-3,签收,,\n"
        )

        assert faults(text, existing={"W-1": "", "W-2": "", "B-2": ""}) == [
            (2, "编号", "code.taken", "W-1"),
            (3, "上级事项", "parent.unknown", "W-2"),
            (5, "编号", "item.unknown", "B-2"),
        ]

    def test_a_code_is_taken_as_its_item_spells_it(self):
        """The other spelling is remarked."""
        intake = read("编号,动作\nｂ-2,签收\n", existing={"B-2": "supervision"})

        assert [act.code for act in intake.acts] == ["B-2"]
        assert [w.code for w in told(intake)] == ["code.spelling"]

    def test_a_whole_does_not_come_after_its_part(self):
        """A part cannot be older than what it is a part of."""
        text = "编号,日期,事项,上级事项\nB-1,2009-06-01,分,W-1\nW-1,{},总,\n"

        assert len(acts(text.format("2009-06-01"))) == 2
        assert faults(text.format("2009-06-02")) == [
            (2, "上级事项", "parent.later", "")
        ]

    def test_a_fact_older_than_its_item_is_remarked(self):
        """A finding may be why the item was given out."""
        intake = read(
            "编号,日期,动作,事项,说明\nB-1,2009-10-15,,作风,\n"
            "B-1,2009-10-11,登记查实问题,,脱岗\n"
        )

        assert [w.code for w in told(intake)] == ["on.before_assigned"]
        assert [act.row for act in intake.acts] == [2, 3]


@pytest.mark.parametrize(
    ("total", "code"), [("1270.5", None), ("1270", "total.differs")]
)
def test_totals_are_held_to_their_rows(total, code):
    """A row of totals is compared and never imported."""
    intake = read(
        f"编号,事项,指标,目标值\nB-1,甲,面积,1000.5亩\nB-2,乙,面积,270亩\n合计,,,{total}\n"
    )

    assert len(intake.acts) == 2
    assert [w.code for w in told(intake)] == ([code] if code else [])


@given(st.integers(0, 400), st.integers(0, 23))
def test_no_act_is_after_now(days, hour):
    """Whatever date is written, what is read has happened, or is refused."""
    now = local(2009, 12, 25, hour)
    day = (now - timedelta(days=200) + timedelta(days=days)).date().isoformat()

    intake = read(f"编号,日期,事项\nB-1,{day},修路\n", now=now)

    assert bool(intake.problems) == (day > "2009-12-25")
    assert all(earliest(act.effective_at) <= now for act in intake.acts)
