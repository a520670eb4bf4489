"""Rows that move a deadline: pauses and extensions."""

from __future__ import annotations

from datetime import date

import pytest

from tests.engine.house import CZJ, DCS, House, at

GIVEN = "编号,日期,动作,经办,事项,责任单位,时限,延期至,恢复日期,依据,理由,第几次中止\n"
MATTER = "B-1,2026-06-01 09:00,交办,督查室,修路,财政局,9个工作日,,,,,\n"


def taken_in(house: House, *rows: str):
    """Take in a matter and rows about it, on 30 June; give the item."""
    desk = house.desk(when="06-30 09:00")
    plan = desk.plan(GIVEN + MATTER + "".join(f"{row}\n" for row in rows))
    assert plan.problems == ()
    desk.apply(plan)
    return desk.get("B-1")


def test_an_extension_is_asked_for_by_its_unit_and_granted(house):
    """The row's unit asks, another grants; 延期至 is the date of both."""
    item = taken_in(
        house,
        "B-1,2026-06-05,申请延期,财政局,,,,2026-06-22,,,雨季,",
        "B-1,2026-06-08,同意延期,督查室,,,,2026-06-18,,,情况属实,",
    )
    [made] = item.extensions
    assert (made.unit, made.until, made.granted) == (
        CZJ,
        date(2026, 6, 22),
        date(2026, 6, 18),
    )
    assert (made.decided_by, item.due_at) == (DCS, at("06-18 17:30"))


def test_a_pause_is_told_at_once_or_in_two_rows(house):
    """With the day it was over, or by a row that resumes; with what allowed it."""
    item = taken_in(
        house,
        "B-1,2026-06-02,中止,督查室,,,,,2026-06-04,许可法第四十五条,听证,",
        "B-1,2026-06-08,中止,督查室,,,,2026-06-12,,,鉴定,",
        "B-1,2026-06-10,恢复,督查室,,,,,,,,",
    )
    first, second = item.pauses
    assert (first.until, first.authority) == (at("06-04 17:30"), "许可法第四十五条")
    assert (second.planned, second.until) == (at("06-12 17:30"), at("06-10 17:30"))
    # Nine working days end on the 12th; two and two were paused.
    assert item.due_at == at("06-18 17:30")


def test_a_pause_that_should_not_have_been_is_annulled(house):
    """By its number; the deadline stands where it stood."""
    item = taken_in(
        house,
        "B-1,2026-06-02,中止,督查室,,,,,2026-06-04,,听证,",
        "B-1,2026-06-05,撤销中止,督查室,,,,,,,登记有误,1",
    )
    assert item.pauses[0].annulled
    assert item.due_at == at("06-12 17:30")


@pytest.mark.parametrize(
    ("said", "code"), [("6月中旬", "date.about"), ("尽快", "date.form")]
)
def test_an_extension_wants_a_definite_date(house, said, code):
    """What is no day is refused, with its row and column."""
    desk = house.desk(when="06-30 09:00")
    row = f"B-1,2026-06-05,申请延期,财政局,,,,{said},,,雨季,\n"
    plan = desk.plan(GIVEN + MATTER + row, year=2026)
    assert [(p.row, p.column, p.code) for p in plan.problems] == [(3, "延期至", code)]


def test_what_the_rule_refuses_is_a_problem_of_its_row(house):
    """Asked for past due, the plan names the row and the reason; nothing is written."""
    desk = house.desk(when="06-30 09:00")
    row = "B-1,2026-06-15,申请延期,财政局,,,,2026-06-22,,,雨季,\n"
    plan = desk.plan(GIVEN + MATTER + row)
    assert [(p.row, p.code) for p in plan.problems] == [(3, "extension.late")]
