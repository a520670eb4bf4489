"""A channel that keeps what it was given, for tests of a host's own rules."""

from __future__ import annotations

from collections.abc import Sequence

from attrs import define, field

from duban_flow.engine.ports import Message, OutcomeOfSending, Sent


@define(eq=False)
class Recording:
    """A channel that sends to a list; it stays on this machine."""

    name: str = "recording"
    local: bool = True
    messages: list[Message] = field(factory=list)

    def send(self, batch: Sequence[Message]) -> Sequence[OutcomeOfSending]:
        """Keep the messages, in order."""
        self.messages += batch
        return [Sent() for _ in batch]
