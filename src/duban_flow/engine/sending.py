"""One batch through one channel 发送, and what each outcome means for its notice.

A channel that raises, or answers for another number of messages than it was given,
has perhaps sent: every notice of the batch is Unknown, and nobody sends it again
blindly.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from duban_flow.engine.ports import (
    Channel,
    Delivery,
    Message,
    OutcomeOfSending,
    Queued,
    Rejected,
    Retry,
    Sent,
    Settlement,
    Unknown,
)

ATTEMPTS: Final = 8
"""How often a notice is tried before it is laid aside as dead."""

FIRST_WAIT: Final = timedelta(minutes=1)
LONGEST_WAIT: Final = timedelta(hours=6)
DETAIL: Final = 500
"""Characters kept of what a channel says."""


def send(channel: Channel, batch: Sequence[Message]) -> Sequence[OutcomeOfSending]:
    """Call a channel, and answer for every message, in order."""
    try:
        outcomes = list(channel.send(batch))
    except Exception as fault:  # noqa: BLE001 # a channel's code may raise anything
        return [Unknown(f"{type(fault).__name__}: {fault}")] * len(batch)
    if len(outcomes) != len(batch):
        why = f"{len(outcomes)} outcomes for {len(batch)} messages"
        return [Unknown(why)] * len(batch)
    return [_outcome(given) for given in outcomes]


def _outcome(given: object) -> OutcomeOfSending:
    if isinstance(given, Sent | Retry | Rejected | Unknown):
        return given
    return Unknown(f"not an outcome: {given!r}")


def settlement(queued: Queued, outcome: OutcomeOfSending, now: datetime) -> Settlement:
    """Say what becomes of a notice after an attempt."""
    attempts = queued.attempts + 1
    again = isinstance(outcome, Retry) and attempts < ATTEMPTS
    detail = outcome.reference if isinstance(outcome, Sent) else outcome.why
    return Settlement(
        key=queued.key,
        status=Delivery.PENDING if again else _END[type(outcome)],
        attempts=attempts,
        at=now,
        not_before=next_attempt(queued.key, attempts, now) if again else None,
        detail=_keepable(detail),
    )


def _keepable(detail: str) -> str:
    """Give what a channel said as a storage can keep it: it must never fail there."""
    plain = detail.replace("\0", "").encode(errors="replace").decode()
    return plain[:DETAIL]


_END: Final[Mapping[type, Delivery]] = {
    Sent: Delivery.SENT,
    Rejected: Delivery.REJECTED,
    Unknown: Delivery.UNKNOWN,
    Retry: Delivery.DEAD,
}


def next_attempt(key: str, attempts: int, now: datetime) -> datetime:
    """Say when to try again: doubling from a minute, spread by key, six hours at most.

    >>> from datetime import UTC
    >>> noon = datetime(2026, 6, 1, 12, tzinfo=UTC)
    >>> waits = [next_attempt("n1", tried, noon) - noon for tried in (1, 2, 20)]
    >>> waits == sorted(waits), str(waits[-1])
    (True, '6:00:00')
    """
    doubled = FIRST_WAIT * (1 << min(attempts - 1, 12))
    told = hashlib.sha256(f"{key}/{attempts}".encode()).digest()
    spread = doubled * (int.from_bytes(told[:2]) % 256) / 1024
    return now + min(doubled + spread, LONGEST_WAIT)
