"""The delivery 发送: queued notices leave through channels; what came of it is kept.

Three steps, of which only the first and the last are transactions: lease and look
again, send, settle. A channel is never called inside a transaction. What may have
been sent is never sent again blindly; what was surely not is tried again, later each
time, and at last laid aside as dead.

A process that dies between sending and settling leaves a lease that runs out; its
notices are then sent again under the same key, by which a receiver knows them. So it
is with a channel that takes longer than a lease: what another worker has taken over
meanwhile is that worker's to settle, and is counted here as lost.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final

from attrs import define, field, frozen

from duban_flow.domain.instants import aware
from duban_flow.engine.notices import Facts, compose, stale
from duban_flow.engine.ports import (
    Channel,
    Delivery,
    Message,
    Progress,
    Queued,
    Settlement,
    Storage,
    Work,
)
from duban_flow.engine.sending import send, settlement
from duban_flow.engine.settings import Settings
from duban_flow.engine.transactions import Transactions
from duban_flow.errors import Invalid, Reason

BATCH: Final = 100
LEASE: Final = timedelta(minutes=5)
NO_CHANNEL_WAIT: Final = timedelta(minutes=10)
"""How long a notice without a channel stands aside, so that others are not held up."""


@frozen(kw_only=True)
class DeliveryResult:
    """What a delivery came to 发送结果, in numbers.

    ``retried`` will be tried again later, ``dead`` were tried too often, ``recorded``
    would have left the machine were this no rehearsal. ``waiting`` have no channel
    under their name. ``left`` may go out now and did not. ``lost`` were taken over by
    another worker while a channel took too long. ``alarms`` are for a person.
    """

    at: datetime
    sent: int = 0
    retried: int = 0
    cancelled: int = 0
    rejected: int = 0
    unknown: int = 0
    dead: int = 0
    recorded: int = 0
    waiting: int = 0
    left: int = 0
    lost: int = 0
    alarms: tuple[Reason, ...] = ()

    @property
    def exit_code(self) -> int:
        """0 done, 3 waits for a person, 4 run again, 5 dead or unknown messages."""
        if self.dead or self.unknown:
            return 5
        if self.left:
            return 4
        return 3 if self.waiting else 0


def deliver(
    storage: Storage,
    settings: Settings,
    *,
    channels: Mapping[str, Channel],
    now: datetime,
    limit: int | None = None,
    worker: str,
    lease: timedelta = LEASE,
    progress: Progress | None = None,
) -> DeliveryResult:
    """Send what may go out by now, oldest first, at most ``limit`` notices.

    In a rehearsal only channels with a true ``local`` are called. Delivered twice at
    the same instant sends nothing twice. A lease is known by its ``worker``: two that
    may run at once need two names.

    Raises:
        Invalid: ``now`` has no zone.
        Busy: the database gave no transaction after several attempts.
    """
    now = aware(now, "deliver: now")
    run = _Run(
        transactions=Transactions(storage, settings.tenant, shelf=settings.shelf),
        settings=settings,
        channels=channels,
        now=now,
        lease=lease,
        worker=worker,
    )
    done = 0
    while limit is None or done < limit:
        count = run.batch(BATCH if limit is None else min(BATCH, limit - done))
        if not count:
            break
        done += count
        if progress is not None:
            progress("deliver", done, None)
    return run.result()


@frozen(kw_only=True)
class _Claimed:
    """A leased batch, looked at again: what is to be sent, and what is not."""

    notices: Sequence[Queued]
    messages: Mapping[str, Message]
    settled: Sequence[Settlement]
    alarms: Sequence[Reason]


@define(kw_only=True)
class _Run:
    """One delivery under way."""

    transactions: Transactions
    settings: Settings
    channels: Mapping[str, Channel]
    now: datetime
    lease: timedelta
    worker: str
    counts: Counter[str] = field(factory=Counter)
    alarms: dict[str, Reason] = field(factory=dict)

    def batch(self, size: int) -> int:
        """Lease, send and settle one batch; give how many notices it was."""
        claimed = self.transactions.run(lambda work: self._claim(work, size))
        if not claimed.notices:
            return 0
        self._alarm(*claimed.alarms)
        settled = list(claimed.settled)
        for name, notices in _by_channel(claimed):
            settled += self._through(name, notices, claimed.messages)
        gone = self.transactions.run(lambda work: work.settle(settled, self.worker))
        tried = {notice.key: notice.attempts for notice in claimed.notices}
        kept = [s for s in settled if s.key not in gone]
        self.counts.update(_word(s, tried[s.key]) for s in kept)
        if gone:
            self.counts["lost"] += len(gone)
            self._alarm(taken_over(len(gone)))
        return len(claimed.notices)

    def _lease_until(self, work: Work) -> datetime:
        """Say until when a batch is held: from now, or from the clock if that is later.

        Told an instant long ago, or at work for long, a worker still has its time. In
        a rehearsal time is only what is told.
        """
        since = self.now
        if not self.settings.rehearsal:
            # A storage in memory may have no clock; then what was told is the time.
            with suppress(Invalid):
                since = max(since, work.clock())
        return since + self.lease

    def _claim(self, work: Work, size: int) -> _Claimed:
        until = self._lease_until(work)
        notices = work.claim_notices(self.now, size, until, self.worker)
        facts = Facts.load(work, notices)
        messages, settled, alarms = {}, [], []
        for notice in notices:
            reason = stale(notice, facts, self.now)
            if reason is None:
                message, alarm = compose(notice, facts, self.settings, self.now)
                messages[notice.key] = message
                alarms += [alarm] if alarm else []
            else:
                detail = reason.text(self.settings.lang)
                settled.append(self._unsent(notice, Delivery.CANCELLED, detail))
        return _Claimed(
            notices=notices, messages=messages, settled=settled, alarms=alarms
        )

    def _through(
        self, name: str, notices: Sequence[Queued], messages: Mapping[str, Message]
    ) -> Iterator[Settlement]:
        """Send one channel's notices, or say why they are not sent."""
        channel = self.channels.get(name)
        if channel is None:
            self._alarm(no_channel(name))
            later = self.now + NO_CHANNEL_WAIT
            for notice in notices:
                yield self._unsent(notice, Delivery.PENDING, "no channel", later)
            return
        if self.settings.rehearsal and not getattr(channel, "local", False):
            for notice in notices:
                subject = messages[notice.key].subject
                yield self._unsent(notice, Delivery.RECORDED, subject)
            return
        outcomes = send(channel, [messages[notice.key] for notice in notices])
        for notice, outcome in zip(notices, outcomes, strict=True):
            made = settlement(notice, outcome, self.now)
            if made.status in (Delivery.UNKNOWN, Delivery.DEAD):
                self._alarm(failed(name, made))
            yield made

    def _unsent(
        self,
        notice: Queued,
        status: Delivery,
        detail: str,
        not_before: datetime | None = None,
    ) -> Settlement:
        return Settlement(
            key=notice.key,
            status=status,
            attempts=notice.attempts,
            at=self.now,
            not_before=not_before,
            detail=detail,
        )

    def _alarm(self, *alarms: Reason) -> None:
        self.alarms.update({alarm.en: alarm for alarm in alarms})

    def result(self) -> DeliveryResult:
        """Count what may go out now and did not, and give everything."""
        pending = self.transactions.run(
            lambda work: work.notices(statuses=(Delivery.PENDING,))
        )
        left = sum(notice.not_before <= self.now for notice in pending)
        return DeliveryResult(
            at=self.now, left=left, alarms=tuple(self.alarms.values()), **self.counts
        )


def _by_channel(claimed: _Claimed) -> Iterator[tuple[str, list[Queued]]]:
    """Part what is to be sent by channel, each in its order."""
    parted: dict[str, list[Queued]] = {}
    for notice in claimed.notices:
        if notice.key in claimed.messages:
            parted.setdefault(notice.channel, []).append(notice)
    yield from parted.items()


def _word(made: Settlement, attempts: int) -> str:
    """Name the count that a settlement goes into."""
    if made.status is not Delivery.PENDING:
        return made.status.value
    return "retried" if made.attempts > attempts else "waiting"


def taken_over(count: int) -> Reason:
    """Say that a channel took longer than a lease, so that others may have sent too."""
    return Reason(
        code="delivery.lost",
        en=f"{count} notices were taken over by another worker while they were being "
        "sent; each may have gone out twice, under one key.",
        zh=f"发送过慢，{count}条通知已由其他进程接手，可能以同一编号重复发出。",
    )


def no_channel(name: str) -> Reason:
    """Say that notices wait for a channel that the office does not have."""
    return Reason(
        code="channel.missing",
        en=f"There is no channel {name!r}; its notices wait.",
        zh=f"没有渠道“{name}”，相关通知暂不发送。",
    )


def failed(channel: str, made: Settlement) -> Reason:
    """Say that a notice was laid aside, or that nobody knows whether it was sent."""
    if made.status is Delivery.DEAD:
        return Reason(
            code="delivery.dead",
            en=f"{channel}: a notice was tried {made.attempts} times and laid aside: "
            f"{made.detail}",
            zh=f"{channel}：通知已尝试{made.attempts}次，不再重试：{made.detail}",
        )
    return Reason(
        code="delivery.unknown",
        en=f"{channel}: whether notices were sent is not known: {made.detail}",
        zh=f"{channel}：通知是否送达不明：{made.detail}",
    )
