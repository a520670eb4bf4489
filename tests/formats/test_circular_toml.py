"""The outline of a circular in TOML: what is read, and what is refused, and where."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from duban_flow.domain.circular.asked import (
    CountQuery,
    DifferenceQuery,
    GrowthQuery,
    PaceQuery,
    RoundQuery,
    SanctionQuery,
    ShareQuery,
    SumQuery,
    TimesQuery,
    UnitsQuery,
)
from duban_flow.domain.circular.contents import Bars, Paragraph
from duban_flow.domain.circular.outline import (
    CaseTable,
    FigureTable,
    NotSanctionedList,
    SanctionList,
)
from duban_flow.domain.circular.queries import evaluate
from duban_flow.domain.circular.ranking import Ranking
from duban_flow.domain.circular.relations import Difference, Growth, Listing, Share, Sum
from duban_flow.domain.circular.shares import Shares
from duban_flow.domain.time.calendar import WorkCalendar
from duban_flow.domain.units import Role
from duban_flow.errors import Invalid, Problem
from duban_flow.formats.circular_toml import load_circular

WHOLE = '''title = "第四季度通报"
issuer = "督查办"
addressee = "各单位"
number = "督〔2009〕4号"
closing = "特此通报。"
issued_on = 2009-12-31
quoted = ["B-14地块"]

[[section]]
title = "信访维稳"
as_of = 2009-12-15
text = """
纳入督办{total}。

[section.figure.fake]
"""

[section.figure.total]
count = [
  "category is petition",  # [ in a comment
]
label = "督办"
[section.figure.closed]
count = ["state is closed"]
[section.figure.share]
share = ["closed", "total"]
places = 1

[[section.section]]
title = "其他"
as_of = 2009-12-15T09:00:00+08:00
[section.section.figure."面积"]
sum = []
measure = "面积"
of = "target"
unit = "亩"
'''

BLOCKS = """stated = 1
[[section.table]]
columns = ["code", "days_late"]
where = ["late"]
title = "逾期"
[[section.table]]
columns = ["类别", "件数"]
rows = [["信访", "{n}"]]
[[section.bars]]
title = "进度"
figures = ["n"]
[[section.sanctions]]
kind = "warn"
[[section.not_sanctioned]]
text = "{titles}：{reason}"
[[section.relation]]
sum = ["n"]
of = "n"
[[section.relation]]
share = ["n", "n"]
of = "n"
[[section.relation]]
difference = ["n", "n"]
of = "n"
[[section.relation]]
growth = ["n", "n"]
of = "n"
[[section.relation]]
shares = { n = "n" }
of = "n"
closing = "largest_remainder"
[[section.relation]]
ranking = [[1, "甲", 90.5], [2, ["乙", "丙"]]]
name = "排名"
cohort = 6
order = "lowest"
[[section.relation]]
listing = ["望江", "玉林"]
of = "n"
name = "中心"
"""


def refused(text: str) -> list[tuple[int | None, str, str]]:
    """Give each problem of a text: its line, what was said, what is nearest."""
    with pytest.raises(Invalid) as fault:
        load_circular(text)
    problems = [p for p in fault.value.problems if isinstance(p, Problem)]
    assert [p.sheet for p in problems] == ["circular"] * len(problems)
    assert all(p.text("zh") and p.text("en") for p in problems)
    return [(p.row, p.said, p.wanted) for p in problems]


def section(body: str) -> str:
    """Give a text of one section; its body begins on line 4."""
    return f'[[section]]\ntitle = "一"\nas_of = 2009-12-15\n{body}\n'


def figure(body: str) -> str:
    """Give a text of one figure; its body begins on line 5."""
    return section(f"[section.figure.n]\n{body}")


class TestRead:
    """What a file says."""

    def test_the_head_and_the_sections(self):
        """Title, head, sections in sections, dates and instants, paragraphs by line."""
        outline = load_circular(WHOLE)
        first = outline.sections[0]
        inner = first.sections[0]

        assert outline.title == "第四季度通报"
        assert outline.head["number"] == "督〔2009〕4号"
        assert outline.issued_on == date(2009, 12, 31)
        assert outline.quoted == ("B-14地块",)
        assert first.as_of == date(2009, 12, 15)
        assert first.blocks == (
            Paragraph("纳入督办{total}。"),
            Paragraph("[section.figure.fake]"),
        )
        assert [spec.name for spec in first.figures] == ["total", "closed", "share"]
        assert isinstance(inner.as_of, datetime)
        assert inner.as_of == datetime(2009, 12, 15, 1, tzinfo=UTC)
        assert inner.as_of.utcoffset() == timedelta(hours=8)
        assert inner.figures[0].query == SumQuery((), "面积", "target")
        assert inner.figures[0].measure_unit == "亩"

    def test_a_file_is_read_by_its_path(self, tmp_path):
        """A path, or a text of one line, names a file; a BOM is no matter."""
        path = tmp_path / "circular.toml"
        path.write_text("\ufeff" + WHOLE, "utf-8")

        assert load_circular(path) == load_circular(str(path)) == load_circular(WHOLE)

    def test_a_missing_file_is_told_in_words(self, tmp_path):
        """A file that is not there is reported as such, by its name."""
        with pytest.raises(Invalid, match="there is no such file") as caught:
            load_circular(tmp_path / "none.toml")
        assert "none.toml" in caught.value.text()

    def test_without_a_title_it_is_a_supervision_circular(self):
        """A title may be left out."""
        assert load_circular(section("")).title == "督查督办工作通报"

    @pytest.mark.parametrize(
        ("body", "query"),
        [
            ("count = []", CountQuery(())),
            ("units = []\nrole = 'lead'", UnitsQuery((), Role.LEAD)),
            ("units = []", UnitsQuery((), Role.RESPONSIBLE)),
            ("sum = []\nmeasure = '亩数'", SumQuery((), "亩数", "actual")),
            ("rebaselined = []", TimesQuery(())),
            ("score = []\nround = 3", RoundQuery((), 3, "score")),
            ("rank = []\nround = 3", RoundQuery((), 3, "rank")),
            ("gap = []\nround = 3", RoundQuery((), 3, "gap")),
            ("mean = []\nround = 3", RoundQuery((), 3, "mean")),
            ("sanctions = 'warn'", SanctionQuery("warn")),
            ("pace = 'month'", PaceQuery("month")),
            ("share = ['n', 'n']", ShareQuery("n", "n")),
            ("difference = ['n', 'n']", DifferenceQuery("n", "n")),
            ("growth = ['n', 'n']", GrowthQuery("n", "n")),
            ("stated = 41.13", None),
            ("stated = '12.5~13.5'", None),
        ],
    )
    def test_every_question(self, body, query):
        """A figure asks one question, in the words of the policy language."""
        (spec,) = load_circular(figure(body)).sections[0].figures

        assert spec.query == query
        assert bool(spec.stated) == (query is None)

    def test_every_block(self):
        """Tables, bars, lists and relations, in the order in which they are written."""
        outline = load_circular(figure(BLOCKS))
        entries = [(1, "甲", "90.5"), (2, ["乙", "丙"])]

        assert [type(block) for block in outline.sections[0].blocks[:2]] == [
            CaseTable,
            FigureTable,
        ]
        assert outline.sections[0].blocks[2:] == (
            Bars("进度", ["n"]),
            SanctionList(kind="warn", text="对{reason}的{unit}给予{kind}。"),
            NotSanctionedList(text="{titles}：{reason}"),
            Sum("n", ["n"]),
            Share("n", part="n", whole="n"),
            Difference("n", minuend="n", subtrahend="n"),
            Growth("n", now="n", before="n"),
            Shares("n", {"n": "n"}, "largest_remainder"),
            Ranking("排名", entries, cohort=6, order="lowest"),
            Listing("中心", "n", ["望江", "玉林"]),
        )

    def test_an_outline_becomes_a_circular(self):
        """With no matters at all a count is nought, and its head is printed."""
        outline = load_circular(
            WHOLE.replace('share = ["closed", "total"]', "stated = 0")
        )
        told = evaluate(outline, lambda _: (), calendar=WorkCalendar.china())

        assert str(told.figures.total) == "0件"
        assert (told.issuer, told.addressee, told.number, told.closing) == (
            *("督查办", "各单位", "督〔2009〕4号", "特此通报。"),
        )


class TestRefused:
    """What a file says wrongly, all of it at once."""

    def test_every_fault_of_a_file_with_its_line(self):
        """A wrong field, fact, figure, column and date are five problems in order."""
        text = (
            'titel = "x"\n[[section]]\ntitle = "一"\nas_of = "2009-12-15"\n'
            'text = "共{totl}"\n[section.figure.total]\ncount = ["categry is a"]\n'
            '[[section.table]]\ncolumns = ["code", "titel"]\n'
        )

        assert refused(text) == [
            (1, "titel", "title"),
            (4, "2009-12-15", ""),
            (5, "totl", "total"),
            (7, "categry", "category"),
            (9, "titel", "title"),
        ]

    def test_what_is_not_toml(self):
        """A text that TOML cannot read is refused as such."""
        with pytest.raises(Invalid, match=r"circular"):
            load_circular("title = \n")

    @pytest.mark.parametrize(
        ("body", "problem"),
        [
            ("", (4, "", "")),
            ("count = []\nsum = []\nmeasure = 'm'", (4, "count, sum", "")),
            ("count = 3", (5, "3", "")),
            ("count = [3]", (5, "[3]", "")),
            ("count = []\nplaces = -1", (6, "-1", "")),
            ("count = []\nplaces = true", (6, "True", "")),
            ("count = []\nlable = 'x'", (6, "lable", "label")),
            ("count = []\nlabel = 3", (6, "3", "")),
            ("count = []\nas_of = 2009-12-15T09:00:00", (6, "2009-12-15 09:00:00", "")),
            ("sum = []", (4, "", "")),
            ("sum = []\nmeasure = 'm'\nof = 'actuel'", (7, "actuel", "actual")),
            ("units = []\nrole = 'led'", (6, "led", "lead")),
            ("score = []", (4, "", "")),
            ("share = ['n']", (5, "['n']", "")),
            ("share = ['n', 'm']", (4, "m", "")),
            ("growth = ['n', 'm']", (4, "m", "")),
            ("pace = 'dai'", (5, "dai", "day")),
            ("stated = 'many'", (5, "many", "")),
            ("stated = true", (5, "True", "")),
            ("stated = '3~2'", (5, "3~2", "")),
            ("stated = '1~2~3'", (5, "1~2~3", "")),
        ],
    )
    def test_a_figure(self, body, problem):
        """A figure that asks nothing, twice, or in no known words is named."""
        assert problem in refused(figure(body))

    @pytest.mark.parametrize(
        ("body", "problem"),
        [
            ("figure = 3", (4, "3", "")),
            ("table = 3", (4, "3", "")),
            ("table = [3]", (4, "3", "")),
            ("figure = { n = 3 }", (4, "3", "")),
            ("[section.figure.as_of]\nstated = 1", (4, "as_of", "")),
            ('[section.figure."a{b"]\nstated = 1', (4, "a{b", "")),
            ("[[section.table]]\nwhere = []", (4, "", "")),
            ("[[section.table]]\ncolumns = ['a']\nrows = 3", (6, "3", "")),
            (
                "[[section.table]]\ncolumns = ['a']\nrows = [['a', 'b']]",
                (6, "[['a', 'b']]", ""),
            ),
            ("[[section.table]]\ncolumns = ['a']\nrows = [['{m}']]", (4, "m", "")),
            ("[[section.bars]]\nfigures = ['m']", (4, "m", "")),
            ("[[section.sanctions]]\ntext = '{unti}'", (5, "unti", "unit")),
            ("[[section.not_sanctioned]]\ntext = '{kind}'", (5, "kind", "")),
            ("[[section.relation]]\nof = 'n'", (4, "", "")),
            ("[[section.relation]]\nsum = []\nshare = []", (4, "sum, share", "")),
            ("[[section.relation]]\nsum = []\nof = 'm'", (4, "m", "")),
            ("[[section.relation]]\nshares = ['a']\nof = 'm'", (5, "['a']", "")),
            (
                "[[section.relation]]\nranking = [[0, '甲']]\nname = 'r'",
                (5, "[[0, '甲']]", ""),
            ),
            ("[[section.relation]]\nranking = [3]\nname = 'r'", (5, "[3]", "")),
            ("[[section.relation]]\nlisting = ['a']", (4, "", "")),
        ],
    )
    def test_a_section(self, body, problem):
        """A block that is none, or names what is not there, is named with its line."""
        assert problem in refused(section(body))

    def test_a_name_stands_once(self):
        """Two sections cannot both have a figure of one name."""
        body = "[section.figure.n]\nstated = 1\n"
        text = section(body) + section(body)

        assert refused(text) == [(10, "n", "")]

    def test_a_date_is_no_instant(self):
        """A day of issue has no time."""
        assert refused("issued_on = 2009-12-31T09:00:00Z\n")[0][0] == 1
