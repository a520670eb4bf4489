"""Ids that sort by time and repeat themselves: UUIDv7 from ``now`` and a digest.

No randomness: the same request at the same instant has the same id, so that a
rehearsal repeats itself to the letter.
"""

from __future__ import annotations

import hashlib
import uuid
from datetime import datetime

from duban_flow.domain.instants import micros


def uuid7(now: datetime, *parts: str) -> str:
    """Make a UUIDv7 (RFC 9562): 48 bits of milliseconds, the rest a digest of parts.

    >>> from datetime import UTC
    >>> uuid7(datetime(2026, 6, 1, tzinfo=UTC), "default", "A-1")[:18]
    '019e807a-ec00-717e'
    """
    told = hashlib.sha256("\x1f".join((now.isoformat(), *parts)).encode()).digest()
    value = (micros(now) // 1000) << 80 | int.from_bytes(told[:10], "big")
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return str(uuid.UUID(int=value))
