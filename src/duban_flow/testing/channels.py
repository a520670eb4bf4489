"""What every channel must hold to, as tests for channels in and out of this tree.

    class TestPager(ChannelConformance):
        def channel(self) -> Pager: ...

``channel`` gives a channel whose far end works and takes what it is sent; make it
afresh on every call.
"""

from __future__ import annotations

from datetime import UTC, datetime

from attrs import evolve

from duban_flow.engine.ports import (
    Channel,
    Message,
    OutcomeOfSending,
    Rejected,
    Retry,
    Sent,
    Unknown,
)

_OUTCOMES = (Sent, Retry, Rejected, Unknown)


def message(place: int = 1) -> Message:
    """Make a message as a delivery would, another one for each place."""
    return Message(
        key=f"n{place:039d}",
        unit="zjj",
        unit_name="住建局",
        post="head",
        name="张三",
        address=f"officer{place}@example.org",
        channel="under test",
        item=f"2026-{place:03d}",
        rung="past due",
        kind="urge",
        subject=f"【催办】2026-{place:03d} 老旧小区改造",
        text="住建局：\n2026-031《老旧小区改造》已到期，尚未办结。",
        at=datetime(2026, 6, 1, 1, tzinfo=UTC),
    )


class ChannelConformance:
    """The promises of a channel, as tests; a subclass says how one is made."""

    def channel(self) -> Channel:
        """Make a channel that works."""
        raise NotImplementedError

    def address(self) -> str:
        """Give an address the channel's far end takes."""
        return "officer@example.org"

    def test_it_is_a_channel_with_a_name(self) -> None:
        """It has a name of its own and can send."""
        channel = self.channel()
        assert isinstance(channel, Channel)
        assert channel.name
        assert channel.name == channel.name.strip()

    def test_it_says_plainly_whether_it_is_local(self) -> None:
        """A rehearsal must know whether what is sent leaves the machine."""
        assert getattr(self.channel(), "local", False) in (True, False)

    def test_it_sends_nothing_when_there_is_nothing(self) -> None:
        """An empty batch has no outcomes."""
        assert list(self.channel().send([])) == []

    def test_each_message_has_one_outcome_in_order(self) -> None:
        """A batch has as many outcomes as messages, all of them known kinds."""
        outcomes = self._send([message(place) for place in range(1, 6)])
        assert len(outcomes) == 5
        assert all(isinstance(outcome, _OUTCOMES) for outcome in outcomes)

    def test_what_works_is_sent(self) -> None:
        """With a far end that works, a plain message is sent."""
        assert isinstance(self._send([message()])[0], Sent)

    def test_it_takes_another_batch(self) -> None:
        """A channel is used again and again."""
        channel = self.channel()
        for place in (1, 2):
            told = evolve(message(place), address=self.address())
            assert isinstance(channel.send([told])[0], Sent)

    def test_awkward_text_is_data(self) -> None:
        """Line breaks, controls, markup and rare characters break nothing.

        Such a message may be refused, but the one after it is sent.
        """
        awkward = evolve(
            message(1),
            subject="题\r\nBcc: all@example.org",
            unit_name="\x1b[2J局\u202e",
            name='"; DROP TABLE',
            item=None,
            rung=None,
            text="=1+1\n<script>\x07\U00020000\n.\n" + "长" * 3000,
        )
        outcomes = self._send([awkward, message(2)])
        assert isinstance(outcomes[0], Sent | Rejected)
        assert isinstance(outcomes[1], Sent)

    def test_the_same_key_again_is_no_error(self) -> None:
        """After a crash the same message comes again under its key."""
        channel = self.channel()
        told = evolve(message(), address=self.address())
        channel.send([told])
        assert isinstance(channel.send([told])[0], Sent)

    def _send(self, batch: list[Message]) -> list[OutcomeOfSending]:
        reachable = [evolve(m, address=self.address()) for m in batch]
        return list(self.channel().send(reachable))
