"""What a row lacks or perhaps means otherwise: remarked, and refused nothing."""

import pytest

from duban_flow.domain.time.term import Term
from tests.engine.test_intake import acts, faults, read


def remarks(text, **more):
    """Read what must be without fault; give row, column and code of its remarks."""
    intake = read(text, **more)
    assert intake.problems == ()
    return [(w.row, w.column, w.code) for w in intake.warnings]


FULL = "编号,日期,事项,责任单位,时限\nB-1,2009-06-01,修路,住建局,"


class TestWanting:
    """What an item may lack, but is seldom meant to."""

    def test_an_item_without_a_term_or_a_unit_is_remarked(self):
        """Nobody will be urged for it; that is told, and refuses nothing."""
        text = "编号,日期,事项,责任单位,时限\nB-1,2009-06-01,修路,,\n"
        assert remarks(text) == [
            (2, "时限", "item.no_term"),
            (2, "责任单位", "item.no_unit"),
        ]
        assert remarks(FULL + "15个工作日\n") == []
        assert remarks("编号,日期,动作,进度\nB-1,2009-06-01,反馈,3\n") == []

    def test_a_lead_unit_is_unit_enough(self):
        """Either of the two roles will do."""
        text = "编号,日期,事项,牵头单位,时限\nB-1,2009-06-01,修路,住建局,3个月\n"
        assert remarks(text) == []

    @pytest.mark.parametrize(
        ("said", "odd"),
        [
            ("0个工作日", True),
            ("251个工作日", True),
            ("250个工作日", False),
            ("366天", False),
            ("400天", True),
            ("12个月", False),
            ("30个月", True),
            ("2009-12-31", False),
        ],
    )
    def test_a_term_of_nothing_or_of_more_than_a_year_is_remarked(self, said, odd):
        """It is kept as written, and a person may look again."""
        codes = [code for _, _, code in remarks(f"{FULL}{said}\n")]
        assert codes == (["term.unusual"] if odd else [])

    def test_a_ledger_of_headings_only_is_remarked(self):
        """Nothing is imported, and somebody is told so."""
        assert remarks("编号,事项\n") == [(None, "", "ledger.empty")]

    @pytest.mark.parametrize(
        ("said", "term"),
        [
            ("三个月", Term.months(3)),
            ("十二个月内", Term.months(12)),
            ("十五个工作日", Term.workdays(15)),
            ("两个工作日", Term.workdays(2)),
            ("二十日", Term.days(20)),
            ("一百二十天", Term.days(120)),
        ],
    )
    def test_a_term_is_read_in_chinese_numerals(self, said, term):
        """As a document writes it."""
        [act] = acts(f"{FULL}{said}\n")
        assert act.new.term == term

    @pytest.mark.parametrize("said", ["十十个月", "三五个工作日", "百日", "几个月"])
    def test_what_only_looks_like_a_numeral_is_refused(self, said):
        """三五 is no number, and is not guessed at."""
        assert faults(f"{FULL}{said}\n")[0][:3] == (2, "时限", "term.form")
