"""Editions of calendars and policies, as they are written down 版本存档.

What an item rests on stays readable when the file it came from is gone. A policy
written in Python is code and cannot be written down: an office is opened with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cached_property
from typing import Any, Final, Literal

from attrs import evolve, field, frozen

from duban_flow.domain.codec import Value, digest, structure, unstructure
from duban_flow.domain.policies.model import Policy
from duban_flow.domain.time.calendar import WorkCalendar

EditionTable = Literal["calendar_version", "policy_version"]

CALENDARS: Final = "calendar_version"
"""The table that keeps editions of calendars."""

POLICIES: Final = "policy_version"
"""The table that keeps editions of policies."""


@frozen(kw_only=True)
class Kept(Value):
    """One edition as it was written down: its name, its version and all that it says.

    ``body`` is plain data; two editions that say the same have the same ``digest``.
    """

    name: str
    version: str
    recorded_at: datetime
    body: Mapping[str, Any] = field(repr=False)

    @property
    def key(self) -> str:
        """The name under which people and items know it."""
        return f"{self.name}@{self.version}"

    @cached_property
    def digest(self) -> str:
        """The SHA-256 of all that it says."""
        return digest(self.body)


def kept_calendar(calendar: WorkCalendar, at: datetime) -> Kept:
    """Write an edition of a calendar down.

    >>> from datetime import UTC
    >>> china = WorkCalendar.china()
    >>> read_calendar(kept_calendar(china, datetime(2026, 6, 1, tzinfo=UTC))) == china
    True
    """
    return Kept(
        name=calendar.name,
        version=calendar.version,
        recorded_at=at,
        body=calendar.to_dict(),
    )


def read_calendar(kept: Kept) -> WorkCalendar:
    """Read an edition of a calendar again; its digest is what it was."""
    return WorkCalendar.from_dict(kept.body)


def kept_policy(policy: Policy, at: datetime) -> Kept | None:
    """Write an edition of a policy down; nothing for one that is written in Python.

    On which line of its file a rung stands is no part of what it says.
    """
    if type(policy) is not Policy:
        return None
    bare = evolve(policy, rung=tuple(evolve(rung, line=None) for rung in policy.rung))
    return Kept(
        name=policy.name,
        version=policy.version,
        recorded_at=at,
        body=unstructure(bare),
    )


def read_policy(kept: Kept) -> Policy:
    """Read an edition of a policy again."""
    return structure(kept.body, Policy, kept.key)
