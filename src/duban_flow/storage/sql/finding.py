"""Items found by what is asked of them, page by page along their codes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_

from duban_flow.domain.columns import item_from
from duban_flow.domain.instants import micros
from duban_flow.domain.items import Item
from duban_flow.engine.ports import LOWER, Query
from duban_flow.storage.sql import schema as s
from duban_flow.storage.sql.link import Link, bounded
from duban_flow.storage.sql.reading import whole_items

ESCAPE = "\\"
_WILD = str.maketrans({ESCAPE: ESCAPE * 2, "%": ESCAPE + "%", "_": ESCAPE + "_"})


def find(link: Link, query: Query) -> tuple[Item, ...]:
    """Find items, by code, at most ``limit`` after ``after``."""
    chosen = (
        whole_items()
        .where(link.mine(s.item), *_conditions(link, query))
        .order_by(s.item_detail.c.code)
        .limit(bounded(query.limit))
    )
    return tuple(item_from(row) for row in link.rows(chosen))


def _conditions(link: Link, query: Query) -> Iterator[ColumnElement[bool]]:
    detail = s.item_detail.c
    yield from _of_state(query)
    yield from _dated(query)
    if query.text:
        yield or_(_holds(detail.code, query.text), _holds(detail.title, query.text))
    if query.unit is not None:
        yield _party(link, (query.unit,))
    if query.visible_to is not None:
        units = query.visible_to
        yield or_(_party(link, units), detail.registrar.in_(units))
    if query.after is not None:
        yield detail.code > query.after


def _of_state(query: Query) -> Iterator[ColumnElement[bool]]:
    hot = s.item.c
    for column, wanted in (
        (hot.category, query.category),
        (hot.policy, query.policy),
        (s.item_detail.c.parent, query.parent),
    ):
        if wanted is not None:
            yield column == wanted
    if query.state:
        yield hot.state.in_(query.state)
    if query.quarantined:
        yield hot.quarantined > 0


def _dated(query: Query) -> Iterator[ColumnElement[bool]]:
    hot = s.item.c
    if query.overdue_at is not None:
        yield hot.is_open == 1
        yield hot.due_at < micros(query.overdue_at)
    if query.due_from is not None:
        unnamed = and_(hot.is_open == 1, hot.due_at.is_(None))
        yield or_(hot.due_at >= micros(query.due_from), unnamed)
    if query.next_from is not None:
        # As in the index, which holds only what is judged at all.
        yield hot.next_at >= s.NONE
        yield hot.next_at >= micros(query.next_from)
    if query.due_by is not None:
        yield hot.due_at <= micros(query.due_by)


def _party(link: Link, units: tuple[str, ...]) -> ColumnElement[bool]:
    return exists().where(
        link.mine(s.party), s.party.c.item == s.item.c.id, s.party.c.unit.in_(units)
    )


def _holds(column: Any, text: str) -> ColumnElement[bool]:
    """Ask for a text in a column; A to Z match in either case, all else exactly."""
    pattern = "%" + text.translate(LOWER).translate(_WILD) + "%"
    return func.lower(column).like(pattern, escape=ESCAPE)
