"""Rows about matters 事项列表: one row a matter, its columns chosen by name.

Words are quoted from the record as they are; days are figures, counted here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

from duban_flow.domain.case import Case
from duban_flow.domain.circular.contents import Cell, Table, day_text
from duban_flow.domain.circular.counting import chosen
from duban_flow.domain.circular.figure import Figure
from duban_flow.domain.circular.outline import CaseTable
from duban_flow.domain.instants import Span, When
from duban_flow.domain.lateness import ended
from duban_flow.domain.policies.vocabulary import Vocabulary
from duban_flow.domain.quantities import Interval
from duban_flow.domain.time.calendar import WorkCalendar
from duban_flow.domain.units import Role

Column = Callable[[Case], Cell]

UNSURE: Final = "（存疑）"
"""What follows the first cell of a matter that may belong to the table."""

STATES: Final[Mapping[str, str]] = {
    "assigned": "已交办",
    "in_progress": "办理中",
    "overdue": "逾期",
    "prompted": "已提示",
    "warned": "已告诫",
    "closed": "已办结",
    "suspended": "中止",
    "withdrawn": "已撤销",
}


def _day(case: Case, when: When | None) -> str:
    if when is None:
        return ""
    return str(when) if isinstance(when, Span) else day_text(case.calendar.day_of(when))


def _units(*roles: Role) -> Column:
    def read(case: Case) -> Cell:
        return "、".join(case.names.get(unit, unit) for unit in case.item.units(*roles))

    return read


def _late(count: Callable[[WorkCalendar], Callable[..., tuple[int, int]]]) -> Column:
    """Count days past due up to the end, or up to the instant of the case."""

    def read(case: Case) -> Cell:
        item = case.item
        if item.due is None or item.due.deferred:
            return ""
        least, most = count(case.calendar)(item.due.latest, ended(item, case.at))
        return Figure("", Interval(least, most), "天") if most else ""

    return read


COLUMNS: Final[Mapping[str, tuple[str, Column]]] = {
    "code": ("编号", lambda case: case.item.code),
    "title": ("事项", lambda case: case.item.title),
    "unit": ("责任单位", _units(Role.RESPONSIBLE)),
    "lead": ("牵头单位", _units(Role.LEAD)),
    "assisting": ("协办单位", _units(Role.ASSISTING)),
    "supervising": ("督促单位", _units(Role.SUPERVISING)),
    "counterparty": ("接收单位", _units(Role.COUNTERPARTY)),
    "category": ("类别", lambda case: case.item.category),
    "state": ("状态", lambda case: STATES.get(case.item.state, case.item.state)),
    "assigned": ("交办日期", lambda case: _day(case, case.item.assigned_at)),
    "due": ("时限", lambda case: _day(case, getattr(case.item.due, "when", None))),
    "closed": (
        "办结日期",
        lambda case: _day(case, getattr(case.item.closing, "at", None)),
    ),
    "days_late": ("逾期天数", _late(lambda calendar: calendar.days_late)),
    "workdays_late": ("逾期工作日", _late(lambda calendar: calendar.workdays_late)),
    "rebaselined": (
        "目标调整",
        lambda case: Figure("", case.item.rebaselined, "次"),
    ),
    "progress": ("进度", lambda case: Figure("", case.item.progress, "%")),
    "note": ("情况", lambda case: case.item.note),
}
"""The columns there are: name, heading, how a matter fills it."""


def rows_of(cases: Iterable[Case], columns: Sequence[str]) -> list[tuple[Cell, ...]]:
    """Give one row a matter, in their order."""
    return [tuple(COLUMNS[name][1](case) for name in columns) for case in cases]


def table_of(
    wanted: CaseTable, cases: Iterable[Case], vocabulary: Vocabulary
) -> tuple[Table, tuple[str, ...]]:
    """Fill a table, and give the words it quotes from the record.

    A matter whose facts do not decide a condition stands at the end, marked.
    """
    met, unsure = chosen(wanted.where, cases, vocabulary)
    rows = rows_of(met, wanted.columns)
    marked = [
        (f"{row[0]}{UNSURE}", *row[1:]) for row in rows_of(unsure, wanted.columns)
    ]
    quoted = dict.fromkeys(
        cell
        for row in [*rows, *marked]
        for cell in row
        if isinstance(cell, str) and cell
    )
    headings = [COLUMNS[name][0] for name in wanted.columns]
    return Table(headings, [*rows, *marked], wanted.title), tuple(quoted)
