"""The reason a rung gives 事由: its template, filled from a case.

A part in square brackets drops out where a field in it is empty. A template holds no
logic, and a field it does not know is empty, never an error on the day of a sitting.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final

from duban_flow.domain.case import Case
from duban_flow.domain.units import Role

_PART = re.compile(r"\[([^\[\]]*)\]")
_FIELD = re.compile(r"\{(\w+)\}")


def excuse_of(case: Case, unit: str | None) -> str:
    """Give the last reason a unit gave for itself that has not been accepted."""
    given = [
        j.reason
        for j in case.facts.justifications
        if j.status != "accepted" and (j.unit is None or j.unit == unit)
    ]
    return given[-1] if given else ""


def _due(case: Case) -> str:
    due = case.item.due
    if due is None:
        return ""
    day = case.calendar.day_of(due.latest)
    return f"{day.year}年{day.month}月{day.day}日"


def _finding(case: Case, unit: str | None) -> str:
    found = [f.text for f in case.facts.findings if f.unit in (None, unit)]
    return found[-1] if found else ""


_FIELDS: Final[Mapping[str, Callable[[Case, str | None, Role | None], str]]] = {
    "title": lambda case, _, __: case.item.title,
    "code": lambda case, _, __: case.item.code,
    "category": lambda case, _, __: case.item.category,
    "unit": lambda case, unit, _: case.names.get(unit or "", unit or ""),
    "role": lambda _, __, role: role.zh if role else "",
    "due": lambda case, _, __: _due(case),
    "excuse": lambda case, unit, _: excuse_of(case, unit),
    "finding": lambda case, unit, _: _finding(case, unit),
}

FIELDS: Final = tuple(_FIELDS)
"""The fields that a reason may name in braces."""


def reason_of(template: str, case: Case, unit: str | None, role: Role | None) -> str:
    """Fill a rung's template for one party."""

    def value(name: str) -> str:
        read = _FIELDS.get(name)
        return read(case, unit, role) if read else ""

    def kept(found: re.Match[str]) -> str:
        part = found[1]
        return part if all(value(name) for name in _FIELD.findall(part)) else ""

    shortened = _PART.sub(kept, template)
    return _FIELD.sub(lambda found: value(found[1]), shortened)
