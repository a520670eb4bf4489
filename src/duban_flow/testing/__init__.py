"""For the tests of hosts and plugins: suites that hold an adapter to its port.

Wants pytest and Hypothesis, which come with the extra ``testing``.
"""

import pytest

pytest.register_assert_rewrite("duban_flow.testing.storage")

from duban_flow.testing.channels import ChannelConformance  # noqa: E402  # as below
from duban_flow.testing.clock import DayPlayed, VirtualClock, play  # noqa: E402  # too
from duban_flow.testing.recording import Recording  # noqa: E402  # too
from duban_flow.testing.storage import StorageConformance  # noqa: E402  # rewritten first

__all__ = [
    "ChannelConformance",
    "DayPlayed",
    "Recording",
    "StorageConformance",
    "VirtualClock",
    "play",
]
