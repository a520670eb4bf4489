"""The envelope 信封 of what is asked; the same asked again is answered alike."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from attrs import frozen

from duban_flow.domain.batch import Request
from duban_flow.domain.codec import canonical, digest, unstructure
from duban_flow.domain.events import Event, Subject
from duban_flow.domain.instants import When
from duban_flow.domain.units import Actor
from duban_flow.errors import Conflict


@frozen(kw_only=True)
class Envelope:
    """What surrounds a command 信封: who, when, since when, and what is expected.

    ``recorder`` is who typed it in, where that is not the actor. ``told`` is the time
    as it was told, where ``effective_at`` was read from it.
    """

    actor: Actor
    now: datetime
    recorder: str | None = None
    effective_at: When | None = None
    request_id: str | None = None
    expect: int | None = None
    issuing: bool = False
    told: When | date | None = None

    @property
    def at(self) -> When:
        """When the fact is so: as told, else now."""
        return self.now if self.effective_at is None else self.effective_at

    def event(self, subject: Subject, action: str, data: Mapping[str, Any]) -> Event:
        """Make the event of what was asked; its number is given where it is put.

        For whom somebody acted is kept: duties are kept apart over them too.
        """
        said, principal = dict(data), self.actor.acting_for
        if principal is not None:
            said["derived"] = {**said.get("derived", {}), "acting_for": principal}
        return Event(
            subject=subject,
            seq=0,
            action=action,
            actor=self.actor.id,
            actor_unit=self.actor.unit,
            recorder=self.recorder,
            effective_at=self.at,
            recorded_at=self.now,
            data=said,
        )

    def request(self, what: Any, result: Any) -> Request | None:
        """Give the request row that makes a repeat answer the same."""
        if self.request_id is None:
            return None
        return Request(
            id=self.request_id, digest=self.digest(what), result=canonical(result)
        )

    def digest(self, what: Any) -> str:
        """Say in one word what was asked, by whom, with which data."""
        # As it was told: "today" means another instant when it is asked again.
        told = self.effective_at if self.told is None else self.told
        when = None if told is None else unstructure(told)
        return digest([unstructure(self.actor), when, what])


def replayed(
    found: tuple[str, str] | None, envelope: Envelope, what: Any
) -> str | None:
    """Give the first answer of a repeated request; other data under its id is refused.

    Raises:
        Conflict: the id was used for something else.
    """
    if found is None:
        return None
    if found[0] != envelope.digest(what):
        raise Conflict(
            f"Request {envelope.request_id!r} was used before, for something else.",
            zh=f"请求号{envelope.request_id}已用于其他请求。",
            code="request.other",
        )
    return found[1]
