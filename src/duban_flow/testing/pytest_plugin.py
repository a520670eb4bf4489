"""Fixtures for a host's tests: ``office``, ``clock`` and ``channel``.

They come with the distribution; a test only names them. The imports are late so that
a test run that needs none of them pays nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from duban_flow.office import Office
    from duban_flow.testing.clock import VirtualClock
    from duban_flow.testing.recording import Recording


@pytest.fixture
def clock() -> VirtualClock:
    """Give a clock that stands at 09:00 of Monday 1 June 2026 in China."""
    from duban_flow.testing.clock import VirtualClock  # noqa: PLC0415  # late

    return VirtualClock(datetime.fromisoformat("2026-06-01T09:00+08:00"))


@pytest.fixture
def channel() -> Recording:
    """Give a channel that keeps what it was given."""
    from duban_flow.testing.recording import Recording  # noqa: PLC0415  # late

    return Recording()


@pytest.fixture
def office(channel: Recording) -> Iterator[Office]:
    """Give a rehearsal in memory that tells everything to the ``channel``."""
    from duban_flow.office import Office  # noqa: PLC0415  # late

    with Office.rehearsal(channels=[channel]).closing() as opened:
        yield opened
