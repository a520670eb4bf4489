"""An outline filled: lists, tables and dates, and every figure counted again."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from attrs import evolve

from duban_flow.domain.case import Case
from duban_flow.domain.circular.asked import (
    CountQuery,
    SanctionQuery,
    ShareQuery,
)
from duban_flow.domain.circular.circular import Circular
from duban_flow.domain.circular.contents import Entries, Paragraph, Table
from duban_flow.domain.circular.counter import Record
from duban_flow.domain.circular.figure import Figure
from duban_flow.domain.circular.outline import (
    CaseTable,
    FigureTable,
    NotSanctionedList,
    Outline,
    OutlineSection,
    SanctionList,
)
from duban_flow.domain.circular.queries import evaluate, recount
from duban_flow.domain.instants import Span
from duban_flow.domain.items import Item
from duban_flow.domain.sanctions import Citation, NotSanctioned, Sanction
from duban_flow.domain.units import Role
from duban_flow.errors import Invalid
from tests.domain.circular.matters import (
    AS_OF,
    CHINA,
    at,
    conditions,
    filled,
    item,
    reads,
    spec,
)


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

    def test_of_many_matters_the_first_are_named(self):
        """Ten are all named; of eleven three, and how many there are."""
        told: list[Any] = []
        for many in (10, 11):
            codes = tuple(f"P-{n}" for n in range(1, many + 1))
            matter = NotSanctioned(
                items=codes, codes=codes, titles=codes, unit="wh", reason="时限未到"
            )
            made = filled(
                reads(),
                blocks=(NotSanctionedList(text="{codes}"),),
                record=Record(not_sanctioned=(matter,)),
            )
            told += made.sections[0].contents

        ten = "、".join(f"P-{n}" for n in range(1, 11))
        assert told == [Entries([ten]), Entries(["P-1、P-2、P-3等11件"])]


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
