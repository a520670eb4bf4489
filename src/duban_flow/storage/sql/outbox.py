"""Notices that wait to go out: leased to one worker at a time, settled once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, or_, select, update

from duban_flow.domain.instants import micros
from duban_flow.engine.ports import Delivery, Queued, Settlement
from duban_flow.engine.queue import FINAL, queued_from
from duban_flow.errors import NotFound
from duban_flow.storage.sql import schema as s
from duban_flow.storage.sql.link import Link, bounded, chunks

_ORDER = tuple(
    s.outbox.c[n] for n in ("created_at", "subject", "seq", "recipient", "channel")
)


def claim(
    link: Link, now: datetime, limit: int, lease_until: datetime, worker: str
) -> tuple[Queued, ...]:
    """Lease pending notices that may go out, oldest first."""
    box = s.outbox.c
    at = micros(now)
    found = link.rows(
        select(s.outbox)
        .where(
            link.mine(s.outbox),
            box.status == Delivery.PENDING.value,
            box.not_before <= at,
            or_(box.lease_until.is_(None), box.lease_until <= at),
        )
        .order_by(*_ORDER)
        .limit(bounded(limit))
        .with_for_update(skip_locked=True)
    )
    lease = (
        update(s.outbox)
        .where(link.mine(s.outbox), box.key == bindparam("at_key"))
        .values(worker=worker, lease_until=micros(lease_until))
    )
    link.run(lease, [{"at_key": row["key"]} for row in found])
    return tuple(queued_from(row) for row in found)


def settle(
    link: Link, settlements: Iterable[Settlement], worker: str | None
) -> tuple[str, ...]:
    """Keep what became of notices and let go of the lease; what is final stays."""
    several = list(settlements)
    box = s.outbox.c
    standing: dict[str, Mapping[str, Any]] = {}
    for portion in chunks(settled.key for settled in several):
        query = select(box.key, box.status, box.worker).where(
            link.mine(s.outbox), box.key.in_(portion)
        )
        rows = link.rows(query.order_by(box.key).with_for_update())
        standing |= {row["key"]: row for row in rows}
    unknown = [settled.key for settled in several if settled.key not in standing]
    if unknown:
        raise NotFound(
            f"There is no notice {unknown[0]!r} to settle.",
            zh=f"没有待发通知{unknown[0]}。",
            code="notice.unknown",
        )
    held = [x for x in several if worker in {None, standing[x.key]["worker"]}]
    open_ones = [x for x in held if Delivery(standing[x.key]["status"]) not in FINAL]
    for keeps_time in (True, False):
        rows_ = [_settled(x) for x in open_ones if (x.not_before is None) is keeps_time]
        link.run(_settling(link, keeps_time=keeps_time), rows_)
    return tuple(x.key for x in several if x not in held)


def _settling(link: Link, *, keeps_time: bool) -> Any:
    names = ["status", "attempts", "detail", "settled_at"]
    if not keeps_time:
        names.append("not_before")
    return (
        update(s.outbox)
        .where(link.mine(s.outbox), s.outbox.c.key == bindparam("at_key"))
        .values(
            worker=None,
            lease_until=None,
            **{name: bindparam(f"new_{name}") for name in names},
        )
    )


def _settled(settled: Settlement) -> dict[str, Any]:
    waits = settled.status is Delivery.PENDING
    row: dict[str, Any] = {
        "at_key": settled.key,
        "new_status": settled.status.value,
        "new_attempts": settled.attempts,
        "new_detail": settled.detail,
        "new_settled_at": None if waits else micros(settled.at),
    }
    if settled.not_before is not None:
        row["new_not_before"] = micros(settled.not_before)
    return row


def notices(
    link: Link, statuses: Sequence[str], subject: str | None
) -> tuple[Queued, ...]:
    """List notices, oldest first."""
    query = select(s.outbox).where(link.mine(s.outbox)).order_by(*_ORDER)
    if statuses:
        query = query.where(s.outbox.c.status.in_(list(map(str, statuses))))
    if subject is not None:
        query = query.where(s.outbox.c.subject == subject)
    return tuple(queued_from(row) for row in link.rows(query))
