"""Matters, figures that are wanted of them, and circulars filled with them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from attrs import evolve

from duban_flow.domain.case import Case, Facts
from duban_flow.domain.circular.circular import Circular
from duban_flow.domain.circular.circular_words import CIRCULAR
from duban_flow.domain.circular.outline import (
    FigureSpec,
    Outline,
    OutlineSection,
)
from duban_flow.domain.circular.queries import evaluate
from duban_flow.domain.items import Closing, Item
from duban_flow.domain.policies.grammar import parse_condition
from duban_flow.domain.time.calendar import WorkCalendar
from duban_flow.domain.time.term import Term
from duban_flow.domain.units import Role

CHINA = WorkCalendar.china()
AS_OF = date(2009, 12, 15)


def at(day: str, clock: str = "09:00") -> datetime:
    """Read an instant on the clocks of Beijing."""
    return datetime.fromisoformat(f"{day}T{clock}+08:00").astimezone(UTC)


def item(code: str, **fields: Any) -> Item:
    """Make an item of one unit since 1 June 2009; ``due`` and ``end`` are days."""
    due, end = fields.pop("due", None), fields.pop("end", None)
    how = fields.pop("how", "close")
    start = at("2009-06-01")
    made = Item(
        **{
            "id": f"id-{code}",
            "code": code,
            "title": f"事项{code}",
            "state": "in_progress",
            "version": 1,
            "assigned_at": start,
            "entered_at": start,
            "parties": {Role.RESPONSIBLE: "wh"},
            **fields,
        }
    )
    if due is not None:
        term = Term.until(date.fromisoformat(due))
        made = evolve(made, due=term.deadline(start, CHINA))
    if end is None:
        return made
    when = at(end) if isinstance(end, str) else end
    return evolve(made, state="closed", closing=Closing.of(how, when, made.due))


def reads(*items: Item, facts: dict[str, Facts] | None = None) -> Any:
    """Give the items as they would be found at any instant."""
    known = facts or {}

    def cases_at(when: datetime) -> list[Case]:
        return [
            Case(
                item=one,
                at=when,
                calendar=CHINA,
                facts=known.get(one.code, Facts()),
                names={"wh": "五花办", "jh": "金花桥街办"},
            )
            for one in items
        ]

    return cases_at


def conditions(*texts: str) -> Any:
    """Read conditions in the words of a circular."""
    return tuple(parse_condition(text, CIRCULAR) for text in texts)


def spec(name: str, query: Any = None, **fields: Any) -> FigureSpec:
    """Want a figure."""
    return FigureSpec(name=name, query=query, **fields)


def filled(
    cases_at: Any, *specs: FigureSpec, blocks: Any = (), **more: Any
) -> Circular:
    """Fill an outline of one section."""
    as_of = more.pop("section_as_of", AS_OF)
    section = OutlineSection(title="信访", as_of=as_of, figures=specs, blocks=blocks)
    outline = Outline(title="通报", sections=(section,), **more.pop("outline", {}))
    return evaluate(outline, cases_at, calendar=CHINA, **more)
