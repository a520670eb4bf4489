"""Queued notices out of the rows a storage keeps; which of their states are final."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from duban_flow.domain.events import SubjectKind
from duban_flow.domain.instants import instant
from duban_flow.engine.ports import Delivery, Queued

FINAL: Final = frozenset(
    {Delivery.SENT, Delivery.CANCELLED, Delivery.REJECTED, Delivery.RECORDED}
)
"""What a notice never comes back from; an unknown or dead one a person may settle."""


def queued_from(row: Mapping[str, Any]) -> Queued:
    """Read a notice from its row; instants are in microseconds."""
    settled = row["settled_at"]
    return Queued(
        key=row["key"],
        subject=row["subject"],
        kind=SubjectKind(row["kind"]),
        seq=row["seq"],
        unit=row["unit"],
        post=row["post"],
        channel=row["channel"],
        template=row["template"],
        formal=bool(row["formal"]),
        status=Delivery(row["status"]),
        attempts=row["attempts"],
        not_before=instant(row["not_before"]),
        created_at=instant(row["created_at"]),
        settled_at=None if settled is None else instant(settled),
        detail=row["detail"],
    )
