"""Counting: each query answered from the matters as they stood, and asked again."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from attrs import evolve

from duban_flow.domain.calendar import WorkCalendar
from duban_flow.domain.case import Case, Entry, Facts, Round
from duban_flow.domain.circular.asked import (
    CountQuery,
    DifferenceQuery,
    GrowthQuery,
    PaceQuery,
    RoundPart,
    RoundQuery,
    SanctionQuery,
    ShareQuery,
    SumQuery,
    TimesQuery,
    UnitsQuery,
)
from duban_flow.domain.circular.circular import Circular
from duban_flow.domain.circular.circular_words import CIRCULAR
from duban_flow.domain.circular.contents import Entries, Paragraph, Table
from duban_flow.domain.circular.counter import Record
from duban_flow.domain.circular.figure import Figure
from duban_flow.domain.circular.outline import (
    CaseTable,
    FigureSpec,
    FigureTable,
    NotSanctionedList,
    Outline,
    OutlineSection,
    SanctionList,
)
from duban_flow.domain.circular.queries import evaluate, recount
from duban_flow.domain.circular.shares import Shares
from duban_flow.domain.instants import Span
from duban_flow.domain.items import Closing, Item
from duban_flow.domain.policies.grammar import parse_condition
from duban_flow.domain.quantities import Interval, Measure, Reading
from duban_flow.domain.sanctions import Citation, NotSanctioned, Sanction
from duban_flow.domain.term import Term
from duban_flow.domain.units import Role
from duban_flow.errors import Invalid

CHINA = WorkCalendar.china()
AS_OF = date(2009, 12, 15)


def at(day: str, clock: str = "09:00") -> datetime:
    """Read an instant on the clocks of Beijing."""
    return datetime.fromisoformat(f"{day}T{clock}+08:00").astimezone(UTC)


def item(code: str, **fields: Any) -> Item:
    """Make an item of one unit since 1 June 2009; ``due`` and ``end`` are days."""
    due, end = fields.pop("due", None), fields.pop("end", None)
    how = fields.pop("how", "close")
    start = at("2009-06-01")
    made = Item(
        **{
            "id": f"id-{code}",
            "code": code,
            "title": f"事项{code}",
            "state": "in_progress",
            "version": 1,
            "assigned_at": start,
            "entered_at": start,
            "parties": {Role.RESPONSIBLE: "wh"},
            **fields,
        }
    )
    if due is not None:
        term = Term.until(date.fromisoformat(due))
        made = evolve(made, due=term.deadline(start, CHINA))
    if end is None:
        return made
    when = at(end) if isinstance(end, str) else end
    return evolve(made, state="closed", closing=Closing.of(how, when, made.due))


def reads(*items: Item, facts: dict[str, Facts] | None = None) -> Any:
    """Give the items as they would be found at any instant."""
    known = facts or {}

    def cases_at(when: datetime) -> list[Case]:
        return [
            Case(
                item=one,
                at=when,
                calendar=CHINA,
                facts=known.get(one.code, Facts()),
                names={"wh": "五花办", "jh": "金花桥街办"},
            )
            for one in items
        ]

    return cases_at


def conditions(*texts: str) -> Any:
    """Read conditions in the words of a circular."""
    return tuple(parse_condition(text, CIRCULAR) for text in texts)


def spec(name: str, query: Any = None, **fields: Any) -> FigureSpec:
    """Want a figure."""
    return FigureSpec(name=name, query=query, **fields)


def filled(
    cases_at: Any, *specs: FigureSpec, blocks: Any = (), **more: Any
) -> Circular:
    """Fill an outline of one section."""
    as_of = more.pop("section_as_of", AS_OF)
    section = OutlineSection(title="信访", as_of=as_of, figures=specs, blocks=blocks)
    outline = Outline(title="通报", sections=(section,), **more.pop("outline", {}))
    return evaluate(outline, cases_at, calendar=CHINA, **more)


class TestCount:
    """How many matters meet the conditions."""

    PETITIONS = (
        item("A-1", category="petition", end="2009-12-01", labels=["协调"]),
        item("A-2", category="petition", labels=["协调", "重点"]),
        item("A-3", category="petition", end="2009-12-02", how="transfer_out"),
        item("B-1", category="land", parties={Role.LEAD: "jh"}),
    )

    @pytest.mark.parametrize(
        ("asked", "count"),
        [
            (["category is petition"], 3),
            (["category is petition", "closed"], 2),
            (["category is petition", "label is 重点"], 1),
            (["label in 重点, 协调"], 2),
            (["ended is transfer_out"], 1),
            (["lead is 金花桥街办"], 1),
            (["responsible is wh"], 3),
            (["unit is 金花桥街办"], 1),
            (["assisting is wh"], 0),
            (["code is B-1"], 1),
            (["synthetic"], 0),
            ([], 4),
        ],
    )
    def test_counts_those_that_meet_every_condition(self, asked, count):
        """Category, state, labels, source, units in their roles, by code or by name."""
        told = filled(reads(*self.PETITIONS), spec("n", CountQuery(conditions(*asked))))

        assert str(told.figures.n) == f"{count}件"
        assert told.figures.n.as_of == AS_OF

    def test_an_undecided_matter_is_not_counted_but_told(self):
        """A closing known only as a range leaves a count unsure within it."""
        mid = Span.of_days(date(2009, 12, 11), date(2009, 12, 20), CHINA.tz)
        open_or_not = item("A-4", category="petition", end=mid)
        asked = CountQuery(conditions("category is petition", "closed"))
        told = filled(
            reads(*self.PETITIONS, open_or_not), spec("n", asked, label="办结")
        )

        assert (str(told.figures.n), told.figures.n.unsure) == ("2件", 1)
        assert [fault.code for fault in told.reconcile()] == ["figure.unsure"]

    def test_what_is_false_beside_what_is_unknown_is_false(self):
        """One condition that fails decides, whatever another leaves open."""
        mid = Span.of_days(date(2009, 12, 11), date(2009, 12, 20), CHINA.tz)
        asked = CountQuery(conditions("closed", "category is land"))
        told = filled(
            reads(item("A-4", category="petition", end=mid)), spec("n", asked)
        )

        assert (str(told.figures.n), told.figures.n.unsure) == ("0件", 0)

    def test_units_are_counted_once(self):
        """The units in a role, each once, whatever they have in hand."""
        asked = UnitsQuery(conditions("category is petition"), Role.RESPONSIBLE)
        told = filled(reads(*self.PETITIONS), spec("n", asked, measure_unit="家"))

        assert str(told.figures.n) == "1家"

    def test_moves_of_targets_are_added(self):
        """How often targets were moved stays visible."""
        plot = item("P-1", category="demolition", rebaselined=3)
        asked = TimesQuery(conditions("category is demolition"))

        assert str(filled(reads(plot), spec("n", asked)).figures.n) == "3次"


class TestSum:
    """What a measure adds up to."""

    AREA = Measure("面积", "亩", target="30")

    def facts(self, *actual: str, **more: Any) -> Facts:
        """Give readings of the area, one a day from 1 December on."""
        return Facts(
            readings=tuple(
                Reading(
                    name="面积",
                    actual=value,
                    measure_unit=more.get("unit", "亩"),
                    as_of=at(f"2009-12-{i:02}"),
                    target=more.get("target"),
                    scheduled=more.get("scheduled"),
                )
                for i, value in enumerate(actual, 1)
            )
        )

    def test_adds_the_last_readings(self):
        """The last reading by the date counts, in the unit it was taken in."""
        told = filled(
            reads(
                *(item(code, measures=[self.AREA]) for code in ("P-1", "P-2")),
                facts={"P-1": self.facts("10", "20.5"), "P-2": self.facts("51.8")},
            ),
            spec("n", SumQuery((), "面积")),
        )

        assert str(told.figures.n) == "72.3亩"
        assert told.figures.n.unsure == 0

    def test_an_unread_measure_is_unsure(self):
        """A matter that has the measure and no reading is told; others do not count."""
        told = filled(
            reads(item("P-1", measures=[self.AREA]), item("P-2")),
            spec("n", SumQuery((), "面积")),
        )

        assert (str(told.figures.n), told.figures.n.unsure) == ("0亩", 1)

    def test_targets_come_from_the_reading_or_the_measure(self):
        """What was aimed at stands in the reading, else in the measure."""
        told = filled(
            reads(
                item("P-1", measures=[self.AREA]),
                item("P-2"),
                facts={"P-2": self.facts("1", target="12.5", scheduled="6")},
            ),
            spec("target", SumQuery((), "面积", "target")),
            spec("scheduled", SumQuery((), "面积", "scheduled")),
        )

        assert str(told.figures.target) == "42.5亩"
        assert str(told.figures.scheduled) == "6亩"
        assert told.figures.scheduled.unsure == 1

    def test_two_units_are_not_added(self):
        """亩 and 公顷 have no sum."""
        cases_at = reads(
            item("P-1"),
            item("P-2"),
            facts={"P-1": self.facts("1"), "P-2": self.facts("1", unit="公顷")},
        )

        with pytest.raises(Invalid, match="several units: 亩、公顷"):
            filled(cases_at, spec("n", SumQuery((), "面积")))


class TestFollowing:
    """Figures that follow from others."""

    HALVES = (
        spec("now", stated="60.4594", measure_unit="亿元"),
        spec("before", stated="56.5147", measure_unit="亿元"),
    )

    def test_a_share_keeps_what_it_was_divided_from(self):
        """40 of 65 prints as 61.54 %, with both numbers, and is checked as a share."""
        told = filled(
            reads(),
            spec("done", stated="40", measure_unit="项"),
            spec("all", stated="65", measure_unit="项"),
            spec("share", ShareQuery("done", "all")),
            spec("rough", ShareQuery("done", "all"), places=0),
        )

        share = told.figures.share
        assert (str(share), str(told.figures.rough)) == ("61.54%", "62%")
        assert (str(share.numerator), str(share.denominator)) == ("40", "65")
        assert told.reconcile() == ()
        assert len(told.relations) == 2

    def test_growth_and_difference(self):
        """6.98 % of growth, and a difference in its own unit."""
        told = filled(
            reads(),
            *self.HALVES,
            spec("growth", GrowthQuery("now", "before")),
            spec("more", DifferenceQuery("now", "before")),
        )

        assert str(told.figures.growth) == "6.98%"
        assert str(told.figures.more) == "3.9447亿元"
        assert told.reconcile() == ()

    def test_a_difference_of_shares_is_in_points(self):
        """A per cent less a per cent is points."""
        told = filled(
            reads(),
            spec("pace", PaceQuery("day"), as_of=date(2009, 12, 17)),
            spec("share", stated="95.52", measure_unit="%"),
            spec("behind", DifferenceQuery("pace", "share"), places=2),
            spec("months", PaceQuery("month"), as_of=date(2009, 7, 31)),
        )

        assert [str(f) for f in told.figures.values()] == [
            *("96.16%", "95.52%", "0.64个百分点", "58.33%"),
        ]
        pace = told.figures.pace
        assert (str(pace.numerator), str(pace.denominator)) == ("351", "365")
        assert told.reconcile() == ()

    def test_ranges_stay_ranges_unless_they_round_to_one(self):
        """A base known as a range gives a share as wide, printed as one where it is."""
        told = filled(
            reads(),
            spec("part", stated="60.4594", measure_unit="亿元"),
            spec("whole", stated="63.2917~63.2984", measure_unit="亿元"),
            spec("share", ShareQuery("part", "whole"), places=1),
            spec("growth", GrowthQuery("whole", "part"), places=4),
            spec("less", DifferenceQuery("whole", "part"), places=1),
        )

        assert str(told.figures.share) == "95.5%"
        assert str(told.figures.growth) == "4.6846~4.6957%"
        assert str(told.figures.less) == "2.8亿元"
        assert told.figures.share.numerator is None

    def test_a_circle_is_refused(self):
        """Two shares of each other have no beginning."""
        specs = (spec("a", ShareQuery("b", "a")), spec("b", ShareQuery("a", "b")))

        with pytest.raises(Invalid, match="circle: a → b → a"):
            filled(reads(), *specs)

    def test_a_share_of_nothing_is_refused(self):
        """Of no matters there is no share."""
        specs = (spec("n", CountQuery(())), spec("s", ShareQuery("n", "n")))

        with pytest.raises(Invalid, match="can be zero"):
            filled(reads(), *specs)

    def test_what_is_unsure_of_its_parts_is_unsure_of_the_whole(self):
        """A share of an unsure count is unsure as well."""
        mid = Span.of_days(date(2009, 12, 11), date(2009, 12, 20), CHINA.tz)
        told = filled(
            reads(item("A-1", end=mid), item("A-2")),
            *(
                spec("all", CountQuery(())),
                spec("done", CountQuery(conditions("closed"))),
            ),
            spec("share", ShareQuery("done", "all")),
        )

        assert told.figures.share.unsure == 1

    def test_shares_are_closed_where_it_is_asked(self):
        """Three thirds add up to 100, and still do when they are counted again."""
        names = ("a", "b", "c")
        closing = Shares("all", {f"{n}_share": n for n in names}, "largest_remainder")
        counts = [spec(n, CountQuery(conditions(f"label is {n}"))) for n in names]
        shares = [spec(f"{n}_share", ShareQuery(n, "all"), places=0) for n in names]
        cases_at = reads(*(item(f"A-{n}", labels=[n]) for n in names))
        told = filled(
            cases_at,
            *(spec("all", CountQuery(())), *counts, *shares),
            blocks=(closing, Shares("all", {"a_share": "a"})),
        )

        assert [str(told.figures[f"{n}_share"]) for n in names] == ["34%", "33%", "33%"]
        assert recount(told, cases_at, calendar=CHINA) == ()


class TestRound:
    """What a round of an evaluation gave."""

    THIRD = Round(
        ordinal=3,
        on=date(2009, 10, 30),
        entries=(Entry("一环路", score="28.13", rank=5), Entry("二环路")),
        mean=Interval("40.63", "41.63"),
        effective_at=at("2009-10-30"),
    )

    def asked(
        self, what: RoundPart, code: str = "E-1", ordinal: int = 3, **fields: Any
    ) -> str:
        """Ask for one number of a round, as it is printed."""
        cases_at = reads(
            item("E-1", title="一环路"),
            item("E-2", title="二环路"),
            item("E-3", title="三环路"),
            facts=dict.fromkeys(("E-1", "E-2", "E-3"), Facts(rounds=(self.THIRD,))),
        )
        query = RoundQuery(conditions(f"code is {code}"), ordinal, what)
        return str(filled(cases_at, spec("n", query, **fields)).figures.n)

    def test_score_rank_mean_and_gap(self):
        """Each is read of the one matter; a gap of a range may be printed as one."""
        assert self.asked("score") == "28.13分"
        assert self.asked("rank") == "5名"
        assert self.asked("mean") == "40.63~41.63分"
        assert self.asked("gap") == "12.50~13.50分"
        assert self.asked("gap", places=0) == "13分"

    @pytest.mark.parametrize(
        ("what", "code", "ordinal", "wanted"),
        [
            ("score", "E-2", 3, "E-2 has no score in round 3"),
            ("rank", "E-3", 3, "E-3 has no rank in round 3"),
            ("score", "E-1", 4, "E-1 has no score in round 4"),
            ("score", "E-9", 3, "found: none"),
        ],
    )
    def test_what_is_not_there_is_refused(self, what, code, ordinal, wanted):
        """A matter without a number in that round, or no such matter, is named."""
        with pytest.raises(Invalid, match=wanted):
            self.asked(what, code, ordinal)

    def test_two_matters_have_no_one_score(self):
        """Conditions that two matters meet do not say which is meant."""
        cases_at = reads(item("E-1"), item("E-2"))

        with pytest.raises(Invalid, match="found: E-1、E-2"):
            filled(cases_at, spec("n", RoundQuery((), 3, "score")))


def sanction(kind: str, unit: str, name: str) -> Sanction:
    """Make a sanction on a unit for one item."""
    return Sanction(
        id=f"S-{unit}",
        version=1,
        kind=kind,
        kind_name=name,
        unit=unit,
        role=Role.RESPONSIBLE,
        citations=(
            Citation(item="1", rung="r", cycle="due:1", code="H-1", title="移交"),
        ),
        policy="district@1",
        reason="信访超时未办结",
        basis=("实施细则",),
        bodies=("panel",),
        proposed_at=at("2009-12-25"),
    )


class TestTold:
    """Sanctions, and what was not sanctioned."""

    RECORD = Record(
        sanctions=(
            sanction("prompt", "jh", "提示"),
            sanction("warn", "wh", "告诫"),
        ),
        not_sanctioned=(
            NotSanctioned(
                items=("1", "2"),
                codes=("P-1", "P-2"),
                titles=("20亩老9号地块", "B-14地块"),
                unit=None,
                reason="时限未到",
            ),
        ),
        names={"jh": "金花桥街办", "wh": "五花办", "panel": "问责领导小组"},
    )

    def test_are_listed_by_kind_in_the_words_of_the_template(self):
        """A list tells each sanction of its kind, and all of them without one."""
        given = "给予{kind}，{titles}{codes}{basis}{bodies}{number}"
        text = "对{reason}的{unit}({role})" + given
        told = filled(
            reads(),
            blocks=(
                SanctionList(kind="prompt", text=text),
                SanctionList(kind="", text="{unit}"),
            ),
            record=self.RECORD,
        )
        one, every = (c for c in told.sections[0].contents if isinstance(c, Entries))

        assert one.entries == (
            "对信访超时未办结的金花桥街办(责任单位)给予提示，移交H-1实施细则问责领导小组",
        )
        assert every.entries == ("金花桥街办", "五花办")

    def test_are_counted_by_kind(self):
        """Six are one and five; here two are one and one."""
        told = filled(
            reads(),
            *(spec("all", SanctionQuery("")), spec("warned", SanctionQuery("warn"))),
            record=self.RECORD,
        )

        assert [str(f) for f in told.figures.values()] == ["2个", "1个"]

    def test_matters_that_were_not_sanctioned_say_why(self):
        """Without a unit the list says that none was charged."""
        text = "{titles}（{unit}）：{reason}{codes}"
        told = filled(
            reads(), blocks=(NotSanctionedList(text=text),), record=self.RECORD
        )
        (entries,) = told.sections[0].contents

        assert entries == Entries(
            ["20亩老9号地块、B-14地块（未明确责任单位）：时限未到P-1、P-2"]
        )
        assert told.reconcile() == ()


class TestTables:
    """Tables of matters and of figures."""

    COLUMNS = (
        *("code", "title", "unit", "lead", "state", "assigned", "due", "closed"),
        *("days_late", "workdays_late", "rebaselined", "progress", "note"),
    )
    OPEN = item("H-1", due="2009-11-30", note="未签协议")
    DONE = item("H-3", due="2009-10-20", end="2009-12-11", state="closed")
    NO_DUE = item("H-4", state="received")

    def table(self, *items: Item, where: Any = (), as_of: Any = None) -> Table:
        """Fill one table as of 25 December."""
        block = CaseTable(columns=self.COLUMNS, where=where, title="事项", as_of=as_of)
        told = filled(reads(*items), blocks=(block,), section_as_of=date(2009, 12, 25))
        (made,) = told.sections[0].contents
        assert isinstance(made, Table)
        assert told.reconcile() == ()
        return made

    def test_one_row_a_matter(self):
        """25 natural and 19 working days late on 25 December, in the unit's name."""
        (row,) = self.table(self.OPEN).rows

        assert [str(cell) for cell in row] == [
            *(
                "H-1",
                "事项H-1",
                "五花办",
                "",
                "办理中",
                "2009年6月1日",
                "2009年11月30日",
            ),
            *("", "25天", "19天", "0次", "0%", "未签协议"),
        ]

    def test_a_closed_matter_was_late_up_to_its_end(self):
        """What is closed is late by its closing, what has no time limit by nothing."""
        done, no_due = self.table(self.DONE, self.NO_DUE).rows

        assert [str(cell) for cell in done[7:10]] == ["2009年12月11日", "52天", "38天"]
        assert [str(cell) for cell in no_due[4:10]] == [
            *("received", "2009年6月1日", "", "", "", ""),
        ]

    def test_a_range_is_shown_as_it_was_said(self):
        """A closing in mid-December prints in those words, its lateness as a range."""
        mid = Span.of_days(date(2009, 12, 11), date(2009, 12, 20), CHINA.tz, "12月中旬")
        (row,) = self.table(item("H-3", due="2009-10-20", end=mid)).rows

        assert [str(cell) for cell in row[7:10]] == ["12月中旬", "52~61天", "38~43天"]

    def test_what_may_belong_stands_last_and_marked(self):
        """A matter that its facts do not decide is shown, not dropped."""
        mid = Span.of_days(date(2009, 12, 11), date(2009, 12, 20), CHINA.tz)
        rows = self.table(
            item("H-3", end=mid),
            self.OPEN,
            item("H-5", end="2009-12-01"),
            where=conditions("open"),
            as_of=AS_OF,
        ).rows

        assert [row[0] for row in rows] == ["H-1", "H-3（存疑）"]

    def test_a_table_written_out_shows_figures(self):
        """A cell that is one figure stays one; any other is text."""
        told = filled(
            reads(),
            spec("n", CountQuery(())),
            blocks=(
                FigureTable(
                    columns=("类别", "件数"),
                    rows=(("信访{{}}", "{n}"), ("{n.value}", "共{n}")),
                    title="统计",
                ),
            ),
        )
        table = told.sections[0].contents[-1]

        assert isinstance(table, Table)
        assert table.rows[0] == ("信访{}", told.figures.n)
        assert table.rows[1] == ("0", "共0件")


class TestDates:
    """As of when."""

    def test_a_date_means_the_end_of_its_day(self):
        """Matters are asked for as of 24:00, once for each date."""
        asked: list[datetime] = []

        def cases_at(when: datetime) -> list[Case]:
            asked.append(when)
            return []

        specs = [spec(n, CountQuery(())) for n in ("a", "b")]
        filled(cases_at, *specs)

        assert asked == [at("2009-12-16", "00:00")]

    def test_a_section_in_a_section_inherits(self):
        """Without a date of its own a section has that of the one around it."""
        inner = OutlineSection(
            title="内", figures=(spec("n", CountQuery(())),), blocks=(Paragraph("{n}"),)
        )
        shares = OutlineSection(title="甲", sections=(inner,), as_of=AS_OF)
        told = evaluate(
            Outline(title="通报", sections=(shares,)), reads(), calendar=CHINA
        )

        assert told.figures.n.as_of == AS_OF

    @pytest.mark.parametrize(
        ("as_of", "told_as"),
        [
            (at("2009-12-16", "00:00"), date(2009, 12, 15)),
            (at("2009-12-15", "12:00"), at("2009-12-15", "12:00")),
        ],
    )
    def test_the_circulars_own_instant_serves_where_nothing_is_said(
        self, as_of, told_as
    ):
        """24:00 is told as its day, any other instant as itself."""
        told = filled(
            reads(), spec("n", CountQuery(())), section_as_of=None, as_of=as_of
        )

        assert told.figures.n.as_of == told_as

    def test_without_any_date_nothing_is_counted(self):
        """A figure that nothing dates is refused by name."""
        with pytest.raises(Invalid, match="Figure 'n' has no as_of"):
            filled(reads(), spec("n", CountQuery(())), section_as_of=None)


class TestRecount:
    """Asking the store again."""

    SPECS = (
        spec("all", CountQuery(())),
        spec("done", CountQuery(conditions("closed"))),
        spec("share", ShareQuery("done", "all"), places=0),
        spec("told", stated="12.5~13.5", measure_unit="分"),
        spec("seen", stated="5", measure_unit="分"),
    )
    ITEMS = tuple(item(f"A-{i}", end="2009-12-01" if i < 3 else None) for i in range(7))

    def test_the_same_matters_give_no_fault(self):
        """What has not changed is counted alike."""
        told = filled(reads(*self.ITEMS), *self.SPECS)

        assert recount(told, reads(*self.ITEMS), calendar=CHINA) == ()

    def test_changed_matters_are_named(self):
        """A matter more changes the count, and the share with its base."""
        told = filled(reads(*self.ITEMS), *self.SPECS)
        more = reads(*self.ITEMS, item("A-9"))
        faults = recount(told, more, calendar=CHINA)

        assert [(f.figure, f.said, f.follows) for f in faults] == [
            ("all", "7件", "8件"),
            ("share", "43%", "38%"),
        ]
        assert "counting again gives 8件" in faults[0].text("en")

    def test_a_changed_base_is_named_where_the_printed_share_is_not(self):
        """3 of 7 and 6 of 14 print alike; the numbers behind them do not."""
        told = filled(reads(*self.ITEMS), *self.SPECS)
        twice = [evolve(one, code=f"B-{one.code}") for one in self.ITEMS]
        faults = recount(told, reads(*self.ITEMS, *twice), calendar=CHINA)

        assert (faults[-1].said, faults[-1].follows) == ("43%(3/7)", "43%(6/14)")

    def test_a_circular_by_hand_has_nothing_to_count(self):
        """Stated figures are taken as they stand."""
        told = Circular("t", [Figure("n", Decimal(3), "件")])

        assert recount(told, reads(), calendar=CHINA) == ()
