"""Numbers in running text: which count something, and what."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duban_flow.domain.circular.numerals import figures_in, numerals, plain, spelt

UNITS = ("件", "宗", "亩", "%", "亿元", "分", "人", "个", "户", "家", "天", "平方米")


def read(text):
    """Give the numbers with a unit of a text."""
    found = numerals(plain(text), UNITS)
    return [(str(n.value), n.measure_unit) for n in found if n.measure_unit]


class TestRead:
    """What is read."""

    @pytest.mark.parametrize(
        ("text", "found"),
        [
            ("共104件，占61.54%", [("104", "件"), ("61.54", "%")]),
            ("共１０４件", [("104", "件")]),
            ("共 104 件", [("104", "件")]),
            ("完成1,270.5亩", [("1270.5", "亩")]),
            ("收入60.4594亿元", [("60.4594", "亿元")]),
            ("得50.74、53.75分", [("50.74", "分"), ("53.75", "分")]),
            ("逾期52~61天", [("52", "天"), ("61", "天")]),
            ("面积12㎡", [("12", "平方米")]),
            ("受益3万户", [("3", "万户")]),
            ("3个月、20个工作日", [("3", "个月"), ("20", "个工作日")]),
            ("<b>46</b>件 &#52;&#x35;件", [("46", "件"), ("45", "件")]),
            ("**46**件，\\*4件", [("46", "件"), ("4", "件")]),
            ("| 46件 | 4件 |\n|---|:--|\n", [("46", "件"), ("4", "件")]),
            ("<td>2009-12-15</td><td>25天</td>", [("25", "天")]),
            ("[4件](http://a.cn/7件)", [("4", "件")]),
        ],
    )
    def test_numbers_with_their_units(self, text, found):
        """Digits of either width, in Markdown or HTML, with what they count."""
        assert found == read(text)

    @pytest.mark.parametrize(
        "text",
        [
            *(
                "2009年12月15日",
                "12月15日",
                "11月23—29日",
                "2009-12-15",
                "17:30",
                "9时30分",
            ),
            *("第3件", "〔2009〕12号", "B-14地块", "6-9栋"),
            *(
                "<style>p{margin:3件}</style>",
                "<script>4件</script>",
                "3",
                "",
                "十八件",
            ),
            *("&copy;", "&#0;", "&#xffffffff;"),
        ],
    )
    def test_what_counts_nothing_is_left_out(self, text):
        """Dates, times, ordinals, names, and what no reader sees count nothing."""
        assert read(text) == []

    def test_words_do_not_run_together(self):
        """Two numbers that stand apart stay apart."""
        assert read("12 15件") == [("15", "件")]
        assert plain("a\n 1") == "a 1"


class TestEach:
    """各: one number, as many times as there are names."""

    STRATA = (
        "内资企业138个、外资企业40个、个体工商户10个、事业单位5个、群团5个、"
        "人大代表和政协委员各8人、机关干部15人"
    )

    def test_is_read_once_for_each_name(self):
        """Deputies and members, 8 each, make the strata add up to 229."""
        found = figures_in(f"其中，集中测评包含{self.STRATA}", ["个", "人"])

        assert sum(Decimal(f.number_text) for f in found) == 229
        assert len(found) == 8
        assert [f.name for f in found if f.value == 8] == ["人大代表", "政协委员"]
        assert found[0].name == "内资企业"

    def test_a_text_says_how_many_share_a_number(self):
        """A numeral knows how many names stand before its 各."""
        (numeral,) = numerals("甲、乙和丙各3件", ["件"])

        assert (Decimal(3), 3) == (numeral.value, numeral.each)

    def test_without_a_name_the_number_stands_alone(self):
        """各 at the beginning shares with nobody."""
        assert [str(f) for f in figures_in("各3件", ["件"])] == ["3件"]
        assert [f.name for f in figures_in("3件", ["件"])] == [""]

    def test_other_units_are_passed_over(self):
        """Only what is counted in the wanted units is read."""
        assert [str(f) for f in figures_in("甲2项、乙3件", ["件"])] == ["3件"]


@given(st.text(max_size=60))
def test_any_text_is_read(text):
    """No text, however odd, stops the reader."""
    assert isinstance(read(text), list)


@given(st.text("件a1 <&|*_`\\#", max_size=20))
def test_own_words_are_spelt_as_the_text_is(text):
    """A piece of our own words is found again in the same spelling."""
    assert spelt(text) == plain(text.replace("<", "＜").replace("&", "＆"))
