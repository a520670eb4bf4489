"""Statutory terms in use: named in a ledger's cell, in a new item, by an office."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from attrs import evolve

from duban_flow import Invalid, NewItem, NotFound, Office, Term
from duban_flow.formats.terms_toml import load_terms, statutory

NOW = datetime(2026, 6, 1, 1, tzinfo=UTC)
HEAD = "编号,事项,责任单位,时限\n"


def planned(office: Office, cell: str):
    """Plan one row that gives out a matter with this term."""
    desk = office.desk(by="督查室", now=NOW)
    ledger = f"{HEAD}A-1,信访,住建局,{cell}\n"
    desk.assign(NewItem("A-0", "先行", parties={"responsible": "住建局"}))
    return desk, desk.plan(ledger)


@pytest.mark.parametrize("cell", ["信访事项办理", "petition_decide", " 信访事项办理 "])
def test_a_cell_may_name_a_statutory_term(cell):
    """By name or key it is the law's sixty days."""
    desk, plan = planned(Office.rehearsal(), cell)

    assert plan.problems == ()
    desk.apply(plan)
    due = desk.get("A-1").due
    assert due is not None
    assert due.term == Term.days(60)


def test_a_slip_is_answered_with_the_nearest_name():
    """Nothing is guessed; the cell is named with what was perhaps meant."""
    _, plan = planned(Office.rehearsal(), "信访事项办里")

    found = [(p.code, p.column, p.wanted) for p in plan.problems]
    assert found == [("statutory.unknown", "时限", "信访事项办理")]


def test_what_is_near_nothing_is_answered_with_the_forms():
    """A word that is no term at all gets examples."""
    _, plan = planned(Office.rehearsal(), "zzzz")
    assert [p.wanted.split("、")[0] for p in plan.problems] == ["15个工作日"]


def test_the_terms_of_the_host_come_first():
    """An office that promised 45 days counts 45."""
    ours = load_terms('[petition_decide]\nterm = "45日"\nsource = "承诺"\n')
    office = Office.rehearsal(terms=ours)

    desk, plan = planned(office, "信访事项办理")
    desk.apply(plan)

    assert office.term("petition_decide").cited == "承诺第三十四条"
    due = desk.get("A-1").due
    assert due is not None
    assert due.term == Term.days(45)


def test_a_new_item_takes_a_statutory_term():
    """The rule of the term is the item's, in office and in a part."""
    office = Office.rehearsal()
    desk = office.desk(by="督查室", now=NOW)

    desk.assign(NewItem("A-1", "许可", term=office.term("行政许可决定")))

    assert desk.get("A-1").term == Term.workdays(20)


def test_an_office_names_the_nearest_of_its_terms():
    """By key or by name."""
    office = Office.rehearsal()
    with pytest.raises(NotFound, match="the nearest is 'petition_decide'"):
        office.term("petition_decidee")


def test_a_term_of_another_kind_is_refused_still():
    """A text is no term; an office finds one by it."""
    with pytest.raises(Invalid, match="a term is a Term"):
        NewItem("A-1", "许可", term="行政许可决定")  # type: ignore[arg-type]  # bad input


def test_a_statutory_term_of_a_host_may_be_made_in_python():
    """Data need not come from a file."""
    law = statutory()["licence_decide"]
    promise = evolve(law, term=Term.workdays(10), source="承诺")
    office = Office.rehearsal(terms={**statutory(), "licence_decide": promise})
    assert office.term("行政许可决定").term == Term.workdays(10)
