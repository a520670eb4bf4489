"""Circulars in print: what Markdown and HTML show, and what they never do."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duban_flow.domain.circular.circular import Circular
from duban_flow.domain.circular.contents import (
    Bars,
    Content,
    Entries,
    Link,
    Paragraph,
    Section,
    Table,
)
from duban_flow.domain.circular.figure import Figure
from duban_flow.domain.circular.shares import Shares
from duban_flow.formats import html, markdown
from duban_flow.formats.bar_lengths import lengths
from duban_flow.formats.circular_layout import chinese, safe_href
from tests.domain.circular import founding

EVIL = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</style><script>1</script>",
    "{{ 7 * 7 }}{% raw %}",
    "[点](javascript:alert(1))",
    "a | b\n| c | d |",
    "# 标题",
    "1. 甲",
    "- 乙",
    "*粗* _斜_ `码` ~删~",
)
FIGURES: tuple[Content, ...] = (
    Figure("done", 46, "件", label="已办结", as_of=date(2009, 12, 15)),
    Figure("open", 4, "件", label="在办"),
)


class Page(HTMLParser):
    """Reads a page: which tags it has, with which attributes, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        """Note a tag."""
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_data(self, data):
        """Note text."""
        self.text += data


def everywhere(words: str) -> Circular:
    """Put words in every place that a ledger or a person fills."""
    escaped = words.replace("{", "{{").replace("}", "}}")
    return Circular(
        words,
        [
            Figure("n", 3, words, label=words),
            Section(
                words,
                [
                    Paragraph(f"{escaped}{{n}}"),
                    Table([words], [[words], [Link(words, words)]], words),
                    Bars(words, [(words, "n")]),
                    Entries([words], words),
                ],
            ),
        ],
        issuer=words,
        number=words,
        addressee=words,
        closing=words,
    )


class TestHtml:
    """The page."""

    def test_asks_for_nothing_and_runs_nothing(self):
        """No script, no style or picture from elsewhere, and a policy that says so."""
        page = html.render(founding.circular())
        read = Page(page)

        assert not set(read.tags) & {
            "script",
            "link",
            "img",
            "iframe",
            "object",
            "form",
        }
        assert not [
            n for n, _ in read.attributes if n in {"src", "style"} or n[:2] == "on"
        ]
        assert "default-src 'none'" in page
        assert "url(" not in page
        assert "@import" not in page

    def test_is_a_chinese_page_for_a_phone(self):
        """It says its language, its letters and its width."""
        page = html.render(founding.circular())

        assert page.startswith('<!DOCTYPE html>\n<html lang="zh-CN">')
        assert '<meta charset="utf-8">' in page
        assert "width=device-width" in page
        assert "size: A4" in page

    @pytest.mark.parametrize("words", EVIL)
    def test_words_stay_words(self, words):
        """Whatever a ledger holds is shown as it stands, and is nothing else."""
        tame, wild = (
            Page(html.render(everywhere("甲"))),
            Page(html.render(everywhere(words))),
        )

        assert wild.tags == tame.tags
        assert wild.text.count(words) >= 14

    @pytest.mark.parametrize(
        ("href", "kept"),
        [
            ("https://example.org/a?b=1&c=2", "https://example.org/a?b=1&amp;c=2"),
            ("/items/1", "/items/1"),
            ("mailto:a@example.org", "mailto:a@example.org"),
            ("javascript:alert(1)", ""),
            ("JaVaScRiPt:alert(1)", ""),
            (" java\tscript:alert(1)", ""),
            ("java\u200bscript:alert(1)", ""),
            ("data:text/html,x", ""),
            ("vbscript:x", ""),
            ("file:///etc/passwd", ""),
            ("1.html", ""),
        ],
    )
    def test_a_link_leads_to_the_web_or_nowhere(self, href, kept):
        """An address that runs something is dropped and its words stay."""
        page = html.render(Circular("t", [Table(["a"], [[Link("台账", href)]])]))

        assert (f'href="{kept}"' in page) == bool(kept)
        assert ("href" in page) == bool(kept)
        assert "台账" in page

    def test_figures_say_their_value_and_their_date(self):
        """A figure carries its number, and the day it is as of."""
        page = html.render(Circular("t", [*FIGURES, Paragraph("{done}、{done.value}")]))

        assert (
            '<data value="46" title="已办结(done)，截至2009年12月15日">46件</data>'
            in page
        )
        assert ">46</data>" in page

    def test_bars_are_drawn_in_proportion(self):
        """The longest is whole, the others in proportion, with label and number."""
        page = html.render(Circular("t", [*FIGURES, Bars("进度", ["done", "open"])]))

        assert re.findall(r'class="done" width="([\d.]+)"', page) == ["100.0", "8.7"]
        assert "<caption>进度</caption>" in page
        assert '<th scope="row">已办结</th>' in page

    def test_wide_tables_are_cards_on_a_phone(self):
        """More than three columns are wide; each cell knows its column."""
        narrow = html.render(Circular("t", [Table(["a"] * 3, [["x"] * 3])]))
        wide = html.render(Circular("t", [Table(["甲"] * 4, [["", *["x"] * 3]])]))

        assert 'class="wide"' not in narrow
        assert '<table class="wide">' in wide
        assert '<td data-column="甲" class="empty"></td>' in wide

    def test_empty_tables_and_lists_say_so(self):
        """Nothing is said in words."""
        page = html.render(Circular("t", [Table(["a", "b"], []), Entries([])]))

        assert '<td colspan="2" class="none">无</td>' in page
        assert "<p>无。</p>" in page

    def test_what_is_not_there_takes_no_place(self):
        """Without head, notes and end the page has none of them."""
        page = Page(html.render(Circular("t")))

        assert not {"aside", "footer", "h2"} & set(page.tags)


class TestMarkdown:
    """The text."""

    @pytest.mark.parametrize("words", EVIL)
    def test_words_stay_words(self, words):
        """No mark of Markdown or HTML is left standing in words from a ledger."""
        text = markdown.render(everywhere(words))

        assert "<script" not in text
        assert "<img" not in text
        assert not re.search(r"(?<!\\)\]\(", text)
        assert text.count("\n| --- |") == 2
        assert text.count("\n#") == 1

    @pytest.mark.parametrize(
        ("words", "written"),
        [
            ("# 标题", "\\# 标题"),
            ("1. 甲", "1\\. 甲"),
            ("2009) 乙", "2009\\) 乙"),
            ("- 丙", "\\- 丙"),
            ("a_b*c|d", "a\\_b\\*c\\|d"),
            ("a < b & c", "a &lt; b &amp; c"),
            ("甲\n乙", "甲 乙"),
            ("2009年", "2009年"),
        ],
    )
    def test_marks_are_escaped(self, words, written):
        """What would be a mark is written so that it is read as itself."""
        assert markdown.escaped(words) == written

    def test_links_keep_to_the_web(self):
        """A safe address is a link, its brackets written so that they close nothing."""
        rows = [[Link("台账", "https://a.cn/(1)|<2")], [Link("脚本", "javascript:1")]]
        text = markdown.render(Circular("t", [Table(["a"], rows)]))

        assert "| [台账](https://a.cn/%281%29%7C%3C2) |" in text
        assert "| 脚本 |" in text

    def test_bars_are_blocks(self):
        """A bar is drawn with letters, the longest with twenty."""
        text = markdown.render(
            Circular("t", [*FIGURES, Bars("进度", ["done", "open"])])
        )

        assert f"| 已办结 | 46件 | {'█' * 20} |" in text
        assert f"| 在办 | 4件 | {'█' * 2} |" in text
        assert "**进度**" in text

    def test_head_notes_and_end_are_told(self):
        """Number, addressee, notes, closing, issuer and day stand where they belong."""
        told = Circular(
            "通报",
            [
                *FIGURES,
                Figure("share", 100, "%"),
                Shares(46, {"share": "done"}, "largest_remainder"),
                Entries([]),
            ],
            number="督〔2009〕4号",
            addressee="各单位",
            closing="特此通报。",
            issuer="督查办",
            issued_on=date(2009, 12, 31),
        )

        assert markdown.render(told) == (
            "# 通报\n\n督〔2009〕4号\n\n各单位：\n\n无。\n\n"
            "> 注：share按最大余数法取整，合计为100%。\n\n"
            "特此通报。\n\n督查办\n\n2009年12月31日\n"
        )
        assert "<aside>" in html.render(told)


class TestLayout:
    """What every printer does alike."""

    def test_sections_are_numbered_by_level(self):
        """一、 （一） 1. （1）, each level from one; what has a number keeps it."""
        deep = Section("四", [Section("五")])
        told = Circular(
            "t",
            [
                Section("甲", [Section("乙", [Section("丙", [deep])]), Section("丁")]),
                Section("二、戊"),
                Section("己"),
            ],
        )
        lines = [ln for ln in markdown.render(told).splitlines() if ln.startswith("##")]

        assert lines == [
            *("## 一、甲", "### （一）乙", "#### 1\\. 丙", "##### （1）四"),
            *("###### （1）五", "### （二）丁", "## 二、戊", "## 三、己"),
        ]

    def test_a_date_is_said_once(self):
        """A section says its date unless its text does."""
        said = Section("甲", [Paragraph("截至{as_of}")], date(2009, 12, 15))
        unsaid = Section("乙", [Paragraph("无日期")], date(2009, 12, 17))
        text = markdown.render(Circular("t", [said, unsaid]))

        assert text.count("2009年12月15日") == 1
        assert "*截至2009年12月17日*" in text

    @given(st.integers(1, 99))
    def test_chinese_numerals(self, number):
        """Each number has one numeral, and no two share one."""
        assert chinese(number) not in {chinese(n) for n in range(1, number)}

    def test_an_address_is_safe_twice(self):
        """What was kept is kept again."""
        assert safe_href(safe_href("https://a.cn")) == "https://a.cn"

    def test_bars_of_each_unit_have_their_own_scale(self):
        """A per cent is of 100, others of their largest; below nothing is nought."""
        figures = [
            *(Figure("a", 50, "%"), Figure("b", 4, "件"), Figure("c", 8, "件")),
            *(Figure("d", -1, "亩"), Figure("e", 0, "户"), Figure("f", 150, "‰")),
        ]

        assert lengths(figures) == tuple(
            map(Decimal, ("0.5", "0.5", "1", "0", "0", "1"))
        )

    @given(st.lists(st.integers(-50, 300), max_size=8))
    def test_bars_never_leave_their_place(self, values):
        """Every bar is between nothing and the whole."""
        figures = [Figure(f"f{i}", v, "%") for i, v in enumerate(values)]

        assert all(0 <= size <= 1 for size in lengths(figures))


@given(st.text(max_size=30))
def test_any_words_are_printed_and_agree(words):
    """No words break a page, and no page says another number than its circular."""
    told = Circular("通报", [*FIGURES, Paragraph("办结{done}。"), Entries([words])])

    assert told.reconcile(html.render(told)) == ()
    assert told.reconcile(markdown.render(told)) == ()


@pytest.mark.parametrize("addressee", ["各单位", "各单位：", "各单位:", "各单位： "])
@pytest.mark.parametrize("render", [html.render, markdown.render])
def test_an_addressee_has_one_colon_behind_it(render, addressee):
    """Whoever typed it already does not get two."""
    printed = render(Circular("通报", [], addressee=addressee))
    assert "各单位：" in printed
    assert not re.search(r"各单位\s*[：:]\s*[：:]", printed)
