"""What is due: claimed oldest first, in columns, and counted."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import ColumnElement, func, select

from duban_flow.domain.instants import micros
from duban_flow.engine.ports import Claim
from duban_flow.storage.sql import schema as s
from duban_flow.storage.sql.link import Link, bounded


def _due(
    link: Link, now: datetime, policy: str | None
) -> Iterator[ColumnElement[bool]]:
    yield link.mine(s.item)
    yield s.item.c.next_at >= s.NONE
    yield s.item.c.next_at <= micros(now)
    if policy is not None:
        yield s.item.c.policy == policy


def claim(link: Link, now: datetime, limit: int, policy: str | None) -> Claim:
    """Claim items that are due; what another worker holds is skipped if it can be."""
    hot = s.item.c
    found = link.rows(
        select(hot.id, hot.version, hot.next_at, hot.policy)
        .where(*_due(link, now, policy))
        .order_by(hot.next_at, hot.id)
        .limit(bounded(limit))
        .with_for_update(skip_locked=True)
    )
    return Claim(
        ids=[row["id"] for row in found],
        versions=[row["version"] for row in found],
        next_at=[row["next_at"] for row in found],
        policies=[row["policy"] for row in found],
    )


def due(link: Link, now: datetime, policy: str | None) -> int:
    """Count what is due; locked rows count too."""
    query = select(func.count().label("n")).select_from(s.item)
    return int(link.rows(query.where(*_due(link, now, policy)))[0]["n"])


def open_count(link: Link) -> int:
    """Count the items for which a decision is ahead."""
    query = select(func.count().label("n")).select_from(s.item)
    found = link.rows(query.where(link.mine(s.item), s.item.c.next_at >= s.NONE))
    return int(found[0]["n"])
