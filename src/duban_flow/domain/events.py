"""What happened: events, the subjects they belong to, the notices they cause.

An event is written once and never changed. What was wrong is answered by a later
event that names what it overtakes.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from attrs import field, frozen

from duban_flow.domain.codec import Value
from duban_flow.domain.instants import When


class SubjectKind(StrEnum):
    """What a subject can be: each has its own version and sequence."""

    ITEM = "item"
    SANCTION = "sanction"
    SITTING = "sitting"
    UNIT = "unit"
    OFFICE = "office"


@frozen
class Subject(Value):
    """What events, notices and changes are keyed by."""

    kind: SubjectKind
    id: str


@frozen(kw_only=True)
class Event(Value):
    """One thing that happened to a subject 事件, in the order of ``seq``.

    ``effective_at`` is when it was so, ``recorded_at`` when it was written down.
    ``state`` is the state it moved the subject to, or nothing where it moved none.
    ``since`` is when the state it ended had been entered.
    """

    subject: Subject
    seq: int
    action: str
    actor: str
    effective_at: When
    recorded_at: datetime
    actor_unit: str | None = None
    recorder: str | None = None
    state: str | None = None
    since: datetime | None = None
    rung: str | None = None
    cycle: str | None = None
    overtakes: tuple[int, ...] = ()
    data: Mapping[str, Any] = field(factory=dict)

    @property
    def derived(self) -> Mapping[str, Any]:
        """What was derived when it was recorded, beside what was said."""
        found: Mapping[str, Any] = self.data.get("derived", {})
        return found

    @property
    def persons(self) -> frozenset[str]:
        """Everyone it must be held against: who acted, and whom they acted for."""
        principal = self.derived.get("acting_for")
        return frozenset(filter(None, (self.actor, principal)))


@frozen(kw_only=True)
class Notice(Value):
    """What is to be said of an event 通知: to which post, by which channel.

    ``template`` names what is said (remind, urge, lapse, prompt, warn, revoke …);
    ``not_before`` holds it back.
    """

    unit: str
    channel: str
    template: str
    post: str = ""
    not_before: datetime | None = None
    formal: bool = False

    @property
    def recipient(self) -> str:
        """The post that is told, as one word of a key."""
        return f"{self.unit}/{self.post}"
