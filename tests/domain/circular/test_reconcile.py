"""Reconciling: a figure's own parts, and every number of a text."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duban_flow.domain.circular.circular import Circular
from duban_flow.domain.circular.contents import (
    Bars,
    Entries,
    Link,
    Paragraph,
    Section,
    Table,
    day_text,
)
from duban_flow.domain.circular.fault import Reconciliation
from duban_flow.domain.circular.figure import Figure, Stated
from duban_flow.domain.circular.relations import Listing, Sum
from duban_flow.domain.circular.shares import Shares
from duban_flow.domain.quantities import Interval
from duban_flow.errors import Invalid
from duban_flow.formats import html, markdown
from tests.domain.circular import founding

PRINTED = Circular(
    "某县通报",
    [
        Figure("total", 43, "件"),
        Figure("done", 16, "件"),
        Figure("doing", 27, "件"),
        Figure("done_share", 37, "%"),
        Sum("total", ["done", "doing"]),
    ],
)


def found(told, text=None):
    """Give what was said and what follows, fault by fault."""
    return [(fault.figure, fault.said, fault.follows) for fault in told.reconcile(text)]


class TestOwn:
    """What a circular says of itself."""

    def test_a_number_typed_into_the_text_is_found(self):
        """A count that stands in the words and is no figure is a fault."""
        told = Circular(
            "通报", [Figure("n", 104, "件"), Paragraph("共{n}，办结46件。")]
        )

        assert found(told) == [("n", "46件", "104件")]

    def test_a_quotient_is_checked(self):
        """A figure that carries what it was divided from must be that quotient."""
        figure = Figure("s", "61.5", "%", numerator=40, denominator=65, rounding=2)

        assert found(Circular("t", [figure])) == [("s", "61.50%", "61.54%")]

    def test_half_a_quotient_is_no_quotient(self):
        """A numerator alone, or one over nothing, says nothing."""
        told = [Figure("a", 1, numerator=3), Figure("b", 1, numerator=3, denominator=0)]

        assert found(Circular("t", told)) == []

    def test_a_share_closed_to_100_may_differ_from_its_quotient(self):
        """The closing is checked, and the circular says that it was done."""
        names = ("a", "b", "c")
        told = Circular(
            "t",
            [
                *(
                    Figure(n, v, "%", numerator=1, denominator=3)
                    for n, v in zip(names, (34, 33, 33), strict=True)
                ),
                Shares(3, dict.fromkeys(names, 1), closing="largest_remainder"),
            ],
        )

        assert found(told) == []
        assert told.notes == ("a、b、c按最大余数法取整，合计为100%。",)

    def test_what_was_printed_is_compared(self):
        """A stated figure must be the number in its characters."""
        right = Figure("s", "95.52", "%", origin=Stated("95.52%"))
        wrong = Figure("s", "95.52", "%", origin=Stated("９５．２５％"))

        assert found(Circular("t", [right])) == []
        assert found(Circular("t", [wrong])) == [("s", "９５．２５％", "95.52%")]

    def test_what_is_unsure_is_named(self):
        """A count that left something undecided says how much, and so does a note."""
        told = Circular("t", [Figure("late", 3, "件", label="逾期", unsure=2)])
        (fault,) = told.reconcile()

        assert (fault.figure, fault.code) == ("late", "figure.unsure")
        assert "2 more are undecided" in fault.text("en")
        assert told.notes == ("逾期另有2件事实不明，未计入。",)

    def test_words_from_the_record_are_quoted(self):
        """A number inside a quoted title, a listed name or an entry counts nothing."""
        told = Circular(
            "通报",
            [
                Figure("area", "51.8", "亩"),
                Figure("n", 1, "件"),
                Listing("地块", "n", ["20亩老9号地块"]),
                Entries(["对未交25.19亩地的单位告诫。"]),
                Table(["事项"], [["果堰村11.65亩用地"], ["20亩老9号地块"]]),
            ],
            quoted=["果堰村11.65亩用地", "7亩"],
        )

        assert found(told) == []
        assert [said for _, said, _ in found(told, "共7亩。")] == ["7亩"]

    def test_a_cell_is_a_figure_too(self):
        """A figure that stands only in a table may be said in the text."""
        late = Figure("", 25, "天")
        told = Circular("t", [Table(["天数"], [[late]]), Paragraph("逾期25天。")])

        assert found(told) == []
        assert found(told, "逾期26天。") == [("", "26天", "25天")]

    def test_says_how_much_was_checked(self):
        """The result counts its checks and lists its faults, as text and as data."""
        result = PRINTED.reconcile("共44件。")

        assert str(result).startswith(f"核对{len(result.checks)}项，差错1处：\n- ")
        assert result.to_dict("en")["checks"] == len(result.checks)
        assert result.to_dict()["faults"][0]["said"] == "44件"
        assert Reconciliation() == ()


class TestText:
    """What a text says that a circular was printed in."""

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("共43件，办结16件，占37%。", []),
            ("共44件，办结16件，占37%。", ["44件"]),
            ("共<b>43</b>件 <td>占38 %</td>", ["38%"]),
            ("**43**件、17件", ["17件"]),
            ("2018年第5次会议3个月内18项", []),
            ("0.0043万件", []),
            ("0.0044万件", ["0.0044万件"]),
            ("3万户", []),
        ],
    )
    def test_each_number_in_a_known_unit_is_some_figure(self, text, said):
        """A number in a unit of the circular is a figure's, or a fault."""
        assert [fault.said for fault in PRINTED.reconcile(text)] == said

    def test_names_the_nearest_figure(self):
        """A number that is no figure is told which one comes nearest."""
        (fault,) = PRINTED.reconcile("共44件")

        assert (fault.figure, fault.follows) == ("total", "43件")
        assert "文中的44件不是本通报的数字" in str(fault)

    def test_a_number_in_its_place_must_be_that_figure(self):
        """Two figures that changed places are both found, though both are figures."""
        told = Circular(
            "t", [*PRINTED.contents, Paragraph("办结{done}，在办{doing}。")]
        )

        assert found(told, "办结27件，在办16件。") == [
            ("done", "27件", "16件"),
            ("doing", "16件", "27件"),
        ]

    def test_what_is_no_number_is_no_figure(self):
        """A number with two points is not read as the figure it stands for."""
        told = Circular("t", [*PRINTED.contents, Paragraph("已办结{done}。")])

        assert found(told, "已办结1.1.6件。") == [("done", "1.1.6件", "16件")]

    def test_the_longest_line_that_fits_tells(self):
        """Where one row stands in two tables, each table knows its own."""
        one, two = Figure("one", 46, "件"), Figure("two", 11, "件")
        told = Circular(
            "t",
            [
                *(one, two),
                Table(["信访", "数"], [["已办结", one]]),
                Table(["土地", "数"], [["已办结", two]]),
            ],
        )
        text = markdown.render(told)

        assert found(told, text) == []
        assert found(told, text.replace("11件", "46件")) == [("two", "46件", "11件")]

    def test_equal_lines_allow_each_other(self):
        """Where nothing tells two rows apart, either figure may stand there."""
        told = Circular(
            "t",
            [
                *(
                    Figure("a", 46, "件", label="已办"),
                    Figure("b", 11, "件", label="已办"),
                ),
                *(Bars("", ["a"]), Bars("", ["b"])),
            ],
        )

        assert found(told, "已办46件 已办11件") == []
        assert found(told, "已办12件") == [("a", "12件", "46件")]

    def test_a_single_character_claims_nothing(self):
        """Too few words make no place: the unit alone is asked."""
        told = Circular(
            "t", [Figure("a", 4, "件"), Figure("b", 5, "件"), Paragraph("共{a}")]
        )

        assert found(told, "共5件") == []


OWN = founding.circular()
RENDERED = {"html": html.render(OWN), "md": markdown.render(OWN)}


def spots(text):
    """List the digits of every figure that stands in a rendering."""
    shown = {str(figure) for figure in OWN.figures.values()}
    body = text.find("<body>") + 1
    found = set()
    for said in shown:
        start = text.find(said, body)
        while start >= 0:
            alone = not text[start - 1].isdigit() and text[start - 1] not in ".-~"
            if alone and text[start - 1] not in '"=':
                found |= {start + i for i, c in enumerate(said) if c.isdigit()}
            start = text.find(said, start + 1)
    return sorted(found)


SPOTS = {kind: spots(text) for kind, text in RENDERED.items()}


class TestMutated:
    """Any digit of any figure, in any rendering."""

    @pytest.mark.parametrize("kind", RENDERED)
    def test_a_rendering_agrees_with_its_circular(self, kind):
        """What we print of a circular is what the circular says."""
        assert OWN.reconcile(RENDERED[kind]) == ()
        assert len(SPOTS[kind]) > 100

    @given(st.data(), st.sampled_from(sorted(RENDERED)), st.integers(1, 9))
    def test_each_single_digit_is_found(self, data, kind, by):
        """One digit of one figure changed is one fault or more."""
        text = RENDERED[kind]
        at = data.draw(st.sampled_from(SPOTS[kind]))
        digit = (int(text[at]) + by) % 10
        mutated = f"{text[:at]}{digit}{text[at + 1 :]}"

        assert OWN.reconcile(mutated), mutated[max(0, at - 30) : at + 30]


class TestBirth:
    """What is no circular."""

    def test_every_unknown_name_is_told_at_once(self):
        """A relation, a text and a bar that name no figure are three problems."""
        with pytest.raises(Invalid) as refused:
            Circular(
                "t",
                [
                    Figure("total", 1),
                    Sum("totl", []),
                    Paragraph("{gone}于{as_of}"),
                    Section("s", [Bars("b", ["else"])]),
                ],
            )

        told = refused.value.text("en")
        assert len(refused.value.reasons) == 3
        assert "Sum names 'totl'" in told
        assert "the nearest is 'total'" in told
        assert "最接近的是“total”" in refused.value.text("zh")

    def test_two_figures_of_one_name_are_refused(self):
        """A name stands for one figure in the whole circular."""
        with pytest.raises(Invalid, match="Two figures are called 'n'"):
            Circular("t", [Figure("n", 1), Section("s", [Figure("n", 2)])])

    def test_what_does_not_stand_in_a_circular_is_refused(self):
        """A bare number is no content."""
        with pytest.raises(Invalid, match="not something that stands"):
            Circular("t", [43])  # type: ignore[list-item]  # on purpose


class TestContents:
    """Blocks and the text in them."""

    FIGURE = Figure("n", 104, "件", label="督办", as_of=date(2009, 12, 15))

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("{n}", "104件"),
            ("{n.value} {n.unit} {n.label}", "104 件 督办"),
            ("{n.as_of}", "2009年12月15日"),
            ("截至{as_of}", "截至2009年12月1日"),
            ("{{n}}", "{n}"),
        ],
    )
    def test_braces_name_a_figure_or_part_of_it(self, text, said):
        """A text shows a figure, its value, unit, label or date."""
        told = Circular(
            "t", [Section("s", [self.FIGURE, Paragraph(text)], date(2009, 12, 1))]
        )

        assert f"\n\n{said}\n" in markdown.render(told)

    def test_a_figure_without_date_or_label_says_its_name(self):
        """What is not said is left out."""
        told = Circular("t", [Figure("n", 1), Paragraph("[{n.label}{n.as_of}{as_of}]")])

        assert r"\[n\]" in markdown.render(told)

    def test_the_end_of_a_day_belongs_to_it(self):
        """24:00 prints as its day, any other instant with its time."""
        east = timezone(timedelta(hours=8))

        assert day_text(datetime(2009, 12, 16, tzinfo=east)) == "2009年12月15日"
        assert (
            day_text(datetime(2009, 12, 15, 9, 5, tzinfo=UTC))
            == "2009年12月15日9时05分"
        )

    def test_is_read_back_as_it_was(self):
        """A circular written down and read again is the same circular."""
        told = founding.circular()
        linked = Circular("t", [Table(["a"], [[Link("x", "https://a.cn")]])])

        assert Circular.from_dict(told.to_dict()) == told
        assert Circular.from_dict(linked.to_dict()) == linked

    def test_a_link_reads_as_its_words(self):
        """Where no address can be followed, a link is its words."""
        assert str(Link("台账", "https://a.cn")) == "台账"

    def test_lists_its_sections(self):
        """The sections of the first level are at hand, those inside them within."""
        titles = [section.title for section in founding.circular().sections]

        assert titles == ["督查情况", "问题", "效能问责"]


@given(st.decimals(0, 999, places=2), st.decimals(0, 999, places=2))
def test_a_range_prints_both_ends(one, other):
    """Both ends of a range stand in the text, and both are checked there."""
    low, high = sorted((one, other))
    told = Circular(
        "t", [Figure("gap", Interval(low, high), "分"), Paragraph("相差{gap}。")]
    )

    assert told.reconcile(markdown.render(told)) == ()
    assert told.reconcile(f"相差{low}~{high + Decimal(1)}分。")
