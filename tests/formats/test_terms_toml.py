"""Statutory terms from TOML: the library's own, a host's over them, every fault."""

from __future__ import annotations

from datetime import date, time

import pytest

from duban_flow import Invalid, Problem, Term
from duban_flow.formats.terms_toml import load_terms, statutory

CYCLE = "x.term.cycle.perod"


def problems(refused: pytest.ExceptionInfo[Invalid]) -> list[Problem]:
    """Give the faults that were found, with their places."""
    return [p for p in refused.value.problems if isinstance(p, Problem)]


class TestTheTermsOfTheLibrary:
    @pytest.mark.parametrize(
        ("key", "term", "extension"),
        [
            ("petition_register", Term.days(15), None),
            ("petition_decline", Term.workdays(5), None),
            ("petition_decide", Term.days(60), Term.days(30)),
            ("petition_review", Term.days(30), None),
            ("petition_decide_2005", Term.days(60), Term.days(30)),
            ("licence_correction", Term.workdays(5), None),
            ("licence_decide", Term.workdays(20), Term.workdays(10)),
            ("licence_joint", Term.workdays(45), Term.workdays(15)),
            ("licence_deliver", Term.workdays(10), None),
            ("disclosure_answer", Term.workdays(20), Term.workdays(20)),
            ("disclosure_correction", Term.workdays(7), None),
            ("disclosure_third_party", Term.workdays(15), None),
            ("proposal_answer", Term.months(3), None),
            ("proposal_answer_hard", Term.months(6), None),
            ("supervision_objection", Term.days(30), None),
            ("supervision_review", Term.days(30), None),
            ("coercion_10", Term.workdays(10), None),
            ("hotline_anyang", Term.workdays(5), Term.workdays(5)),
            ("13710_assign", Term.days(0, roll=False), None),
            ("13710_major", Term.months(1), None),
            ("telegram_urgent", Term.days(5), None),
            ("tunnel_weekly", Term.every("week", day=2, at=time(12), roll=2), None),
        ],
    )
    def test_says_what_the_law_says(self, key, term, extension):
        """Working days, days and months are those of the rule, and so is how far."""
        found = statutory()[key]

        assert found.term == term
        assert found.extension == extension

    def test_names_a_source_for_every_term(self):
        """Each stands in an article, or on a page that can be looked up."""
        lacking = [
            term.key
            for term in statutory().values()
            if not (term.article or term.link or "代表法" in term.source)
        ]
        assert lacking == []

    def test_has_each_term_under_its_own_key(self):
        """The key of the table is the key of the value, in two languages."""
        for key, term in statutory().items():
            assert term.key == key
            assert term.name_en

    def test_knows_from_when_to_when_a_rule_is_in_force(self):
        """The rules of 2005 gave way on the day the new ones came into force."""
        old, new = statutory()["petition_decide_2005"], statutory()["petition_decide"]
        assert old.until == new.in_force == date(2022, 5, 1)


class TestAFileOfTheHost:
    def test_adds_terms(self):
        """A new key stands beside the library's."""
        terms = load_terms(
            '[ours]\nname = "本区急件"\nterm = "两个工作日"\nsource = "区办规定"\n'
        )

        assert terms["ours"].term == Term.workdays(2)
        assert set(terms) == {*statutory(), "ours"}

    def test_changes_the_fields_it_names(self):
        """Under a known key the rest stays as the law has it."""
        terms = load_terms('[petition_decide]\nterm = "45日"\nsource = "承诺"\n')
        law = statutory()["petition_decide"]

        assert terms["petition_decide"].term == Term.days(45)
        assert terms["petition_decide"].extension == law.extension
        assert law.term == Term.days(60)

    def test_takes_the_options_of_a_term_as_a_table(self):
        """What words cannot say stands in the fields of a Term."""
        terms = load_terms(
            '[ours]\nname = "n"\nsource = "s"\n'
            'term = { unit = "day", count = 7, roll = false, end = "24:00" }\n'
        )
        assert terms["ours"].term == Term.days(7, roll=False, end="24:00")

    def test_is_read_from_a_file_too(self, tmp_path):
        """A path is opened; its name stands in every fault."""
        path = tmp_path / "ours.toml"
        path.write_text('[ours]\nname = "n"\nterm = "3日"\n', "utf-8")

        with pytest.raises(Invalid, match="source") as refused:
            load_terms(path)
        assert problems(refused)[0].sheet == path.name


@pytest.mark.parametrize(
    ("text", "code", "row", "column", "wanted"),
    [
        ('[petition_decid]\nterm = "3日"\n', "new", 1, "petition_decid.name", "decide"),
        ('[x]\nnmae = "a"\n', "field", 2, "x.nmae", "name"),
        ("[x]\nname = 3\n", "type", 2, "x.name", ""),
        ('[x]\nterm = "sixty"\n', "term", 2, "x.term", "60日"),
        ("[x]\nterm = 60\n", "term", 2, "x.term", "60日"),
        ('[x]\nterm = "99999日"\n', "term", 2, "x.term", "60日"),
        ('[x]\nterm = { unit = "day", cuont = 3 }\n', "field", 2, "x.term.cuont", ""),
        ('[x]\nterm = { cycle = { perod = "week" } }\n', "field", 2, CYCLE, "period"),
        ("[x]\nterm = { cycle = { day = 1 } }\n", "term", 2, "x.term", "60日"),
        ("[x]\nterm = { count = 3 }\n", "term", 2, "x.term", ""),
        ('[x]\nin_force = "2020"\n', "type", 2, "x.in_force", ""),
        ("x = 3\n# one\n", "type", 1, "x", ""),
        (
            '[x]\nname = "n"\nterm = "2009-11-30"\nsource = "s"\n',
            "term",
            1,
            "x",
            "",
        ),
        (
            '[x]\nname = "信访事项办理"\nterm = "3日"\nsource = "s"\n',
            "twice",
            2,
            "x.name",
            "",
        ),
        ('[x]\nname = ""\nterm = "3日"\nsource = "s"\n', "term", 1, "x", ""),
        ("[x\nname = 1", "file", 1, "", ""),
    ],
)
def test_each_fault_names_its_line_and_key(text, code, row, column, wanted):
    """A fault says where it stands, and what is nearest or would be right."""
    with pytest.raises(Invalid) as refused:
        load_terms(text)

    found = [
        p
        for p in problems(refused)
        if p.code == f"statutory.{code}" and p.column == column
    ]
    assert [(p.row, wanted in p.wanted) for p in found[:1]] == [(row, True)]


def test_every_fault_of_a_file_is_named_at_once():
    """Nobody mends a file one fault at a time."""
    with pytest.raises(Invalid) as refused:
        load_terms('[x]\nname = 3\nterm = "?"\n[y]\nin_force = 1\n')
    assert len({p.column for p in problems(refused)}) >= 5


def test_a_file_that_is_not_there_is_named():
    """The reason is in words."""
    with pytest.raises(Invalid, match="there is no such file"):
        load_terms("nowhere.toml")
