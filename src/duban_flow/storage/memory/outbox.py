"""Notices that wait to go out: leased to one worker at a time, settled once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from operator import itemgetter

from duban_flow.domain.instants import micros
from duban_flow.engine.ports import Delivery, Queued, Settlement
from duban_flow.engine.queue import FINAL, queued_from
from duban_flow.errors import NotFound
from duban_flow.storage.memory.tables import Row, Tables

_ORDER = itemgetter("created_at", "subject", "seq", "recipient", "channel")


def _ordered(rows: Iterable[Row]) -> list[Row]:
    return sorted(rows, key=_ORDER)


def claim(
    tables: Tables, now: datetime, limit: int, lease_until: datetime, worker: str
) -> tuple[Queued, ...]:
    """Lease pending notices that may go out, oldest first."""
    at = micros(now)
    box = tables.changing("outbox")
    found = _ordered(
        row
        for row in box.values()
        if row["status"] == Delivery.PENDING.value
        and row["not_before"] <= at
        and (row["lease_until"] is None or row["lease_until"] <= at)
    )[: max(limit, 0)]
    lease = {"worker": worker, "lease_until": micros(lease_until)}
    box.update({row["key"]: {**row, **lease} for row in found})
    return tuple(queued_from(row) for row in found)


def settle(
    tables: Tables, settlements: Iterable[Settlement], worker: str | None
) -> tuple[str, ...]:
    """Keep what became of notices and let go of the lease; what is final stays."""
    several = list(settlements)
    box = tables.changing("outbox")
    for settled in several:
        if settled.key not in box:
            raise NotFound(
                f"There is no notice {settled.key!r} to settle.",
                zh=f"没有待发通知{settled.key}。",
                code="notice.unknown",
            )
    lost = []
    for settled in several:
        row = box[settled.key]
        if worker not in {None, row["worker"]}:
            lost.append(settled.key)
            continue
        if Delivery(row["status"]) in FINAL:
            continue
        waits = settled.status is Delivery.PENDING
        held = settled.not_before
        box[settled.key] = {
            **row,
            "status": settled.status.value,
            "attempts": settled.attempts,
            "detail": settled.detail,
            "settled_at": None if waits else micros(settled.at),
            "not_before": row["not_before"] if held is None else micros(held),
            "worker": None,
            "lease_until": None,
        }
    return tuple(lost)


def notices(
    tables: Tables, statuses: Sequence[str], subject: str | None
) -> tuple[Queued, ...]:
    """List notices, oldest first."""
    wanted = set(map(str, statuses))
    return tuple(
        queued_from(row)
        for row in _ordered(tables["outbox"].values())
        if (not wanted or row["status"] in wanted) and subject in {None, row["subject"]}
    )
