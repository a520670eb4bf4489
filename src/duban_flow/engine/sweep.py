"""The sweep 巡检: everything that is due by now, judged once, oldest first.

Any number of workers may sweep, as often as they like: swept twice equals swept once.
Each batch is one short transaction. What raises is set aside and the others go on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from attrs import field, frozen

from duban_flow.domain.batch import batch_of
from duban_flow.domain.events import Event
from duban_flow.domain.instants import aware
from duban_flow.domain.items import Item
from duban_flow.domain.policies.model import Policy
from duban_flow.domain.policies.vocabulary import needs_of
from duban_flow.domain.rows import meta_rows
from duban_flow.domain.time.telling import length_text
from duban_flow.domain.units import ENGINE
from duban_flow.engine import sitting as sittings
from duban_flow.engine.draft import Draft
from duban_flow.engine.judging import ClaimedBatch
from duban_flow.engine.loading import load_cases
from duban_flow.engine.outages import OFFICE, outage_before, outage_event, outages_of
from duban_flow.engine.passing import Pass, PassResults, set_aside
from duban_flow.engine.ports import Progress, Storage, Work
from duban_flow.engine.recurring import open_next
from duban_flow.engine.settings import Guard, Settings
from duban_flow.engine.transactions import Transactions
from duban_flow.engine.waking import wake_readers
from duban_flow.errors import Busy, Conflict, Invalid, NotFound, Reason, Stale

BATCH: Final = 500
LAST_SWEEP: Final = "last_sweep"
ALWAYS: Final = frozenset({"events", "acts"})
"""What every pass needs: facts fold from events, standing acts say what was done."""


@frozen(kw_only=True)
class SweepResult:
    """What a sweep came to 巡检结果, in numbers.

    ``fired`` reminders and urgings, ``lapsed`` deadlines recorded, ``proposed`` and
    ``issued`` sanctions, ``opened`` next occurrences of what recurs,
    ``not_sanctioned`` records, ``waiting`` and ``unsure``
    decisions met, ``quarantined`` items, ``lost`` races left to the next sweep.
    ``stopped`` says why a guard stopped it, ``cut_short`` that due items are left.
    """

    at: datetime
    judged: int = 0
    fired: int = 0
    lapsed: int = 0
    proposed: int = 0
    issued: int = 0
    opened: int = 0
    not_sanctioned: int = 0
    waiting: int = 0
    unsure: int = 0
    quarantined: int = 0
    lost: int = 0
    sittings: tuple[str, ...] = ()
    stopped: Reason | None = None
    cut_short: bool = False

    @property
    def exit_code(self) -> int:
        """0 done, 3 stopped for a person, 4 run again."""
        if self.stopped is not None:
            return 3
        return 4 if self.cut_short or self.lost else 0


@frozen(kw_only=True)
class Sweep:
    """A sweep about to run: how large its batches are and where it ends."""

    settings: Settings
    storage: Storage
    now: datetime
    batch: int = BATCH
    limit: int | None = None
    released: str = ""
    progress: Progress | None = None
    found: PassResults = field(factory=PassResults)

    def run(self) -> SweepResult:
        """Judge everything that is due, then close the sittings that are complete.

        Raises:
            Invalid: ``now`` has no zone, or a batch or a limit holds nothing.
            Busy: the database gave no transaction after several attempts.
        """
        aware(self.now, "sweep: now")
        for name, size in (("batch", self.batch), ("limit", self.limit)):
            if size is not None and size < 1:
                raise Invalid(
                    f"sweep: {name} is at least 1; {size} was given.",
                    zh=f"巡检：{name}至少为1，不能是{size}。",
                    code=f"sweep.{name}",
                )
        stopped = self._transactions().run(self._stopped)
        if stopped is not None:
            return SweepResult(at=self.now, stopped=stopped)
        judged, lost, cut_short = self._judge_all(0)
        held: tuple[str, ...] = ()
        if not cut_short and not lost:
            held = tuple(self._close_sittings())
            self._transactions().run(self._swept)
        if held:
            # What a closing issued at once is a new fact on the items it cites.
            judged, lost, cut_short = self._judge_all(judged)
        counts = self.found.counts
        return SweepResult(
            at=self.now,
            judged=judged,
            fired=counts["fired"],
            lapsed=counts["lapsed"],
            proposed=counts["proposed"],
            issued=counts["issued"],
            opened=counts["opened"],
            not_sanctioned=counts["not_sanctioned"],
            waiting=counts["waits"],
            unsure=counts["unsure"],
            quarantined=counts["quarantined"],
            lost=lost,
            sittings=held,
            cut_short=cut_short,
        )

    def _transactions(self) -> Transactions:
        settings = self.settings
        return Transactions(self.storage, settings.tenant, shelf=settings.shelf)

    def _pass(self, work: Work) -> Pass:
        return Pass(
            settings=self.settings,
            directory=work.directory(),
            now=self.now,
            outages=tuple(self.found.outages),
        )

    def _stopped(self, work: Work) -> Reason | None:
        guard = self.settings.guard
        if guard is not None:
            reason = guard_stops(guard, work, self.now, released=bool(self.released))
            if reason is not None:
                return reason
        if self.released:
            self._note_release(work)
        self._reached(work, LAST_SWEEP)
        self.found.outages[:] = outages_of(work)
        return None

    def _note_release(self, work: Work) -> None:
        """Keep why the sweep was let go on, and any outage: in the office's own log."""
        event = Event(
            subject=OFFICE,
            seq=0,
            action="release",
            actor=ENGINE,
            effective_at=self.now,
            recorded_at=self.now,
            data={"reason": self.released},
        )
        events, guard = [event], self.settings.guard
        outage = guard and outage_before(guard, work.meta(LAST_SWEEP), self.now)
        if outage:
            events.append(outage_event(outage, self.released))
        version = len(work.events([OFFICE.id])[OFFICE.id])
        draft = Draft()
        draft.subject(OFFICE, version, {}, events)
        work.write(batch_of(draft.changes(), now=self.now))

    def _swept(self, work: Work) -> None:
        self._reached(work, sittings.SWEPT_THROUGH)

    def _reached(self, work: Work, word: str) -> None:
        """Keep the latest instant under a word; a rehearsal may go back in time."""
        last = work.meta(word)
        if last is None or datetime.fromisoformat(last) <= self.now:
            words = {word: self.now.isoformat()}
            work.write(batch_of([], now=self.now, rows=[meta_rows(words)]))

    def _judge_all(self, judged: int) -> tuple[int, int, bool]:
        """Judge batch by batch, on from how many have been judged already."""
        lost = 0
        total = judged + self._transactions().run(lambda work: work.due(self.now))
        while self.limit is None or judged < self.limit:
            size = self.batch
            if self.limit is not None:
                size = min(size, self.limit - judged)
            count, missed = self._some(size)
            judged, lost = judged + count, lost + missed
            self._continue()
            if self.progress is not None:
                self.progress("sweep", judged, max(total, judged))
            if count == missed:
                break
        left = self._transactions().run(lambda work: work.due(self.now))
        return judged, lost, left > 0

    def _continue(self) -> None:
        """Open what follows the recurring items just judged, each by itself."""
        waiting, self.found.continuing[:] = tuple(self.found.continuing), []
        for ident in waiting:
            try:
                with suppress(Stale, Conflict):  # another worker was there first
                    opened = self._transactions().run(partial(self._next, ident))
                    self.found.counts["opened"] += opened
            except Busy:
                raise
            except Exception as fault:  # noqa: BLE001  # whatever one item may raise
                self._transactions().run(partial(self._put_aside, [ident], fault))

    def _next(self, ident: str, work: Work) -> bool:
        return open_next(self._pass(work), work, ident)

    def _some(self, size: int) -> tuple[int, int]:
        """Judge a batch; halve it where it fails, down to the item that is to blame."""
        try:
            return self._transactions().run(partial(self._batch, size))
        except Busy:
            raise
        except Exception as fault:  # noqa: BLE001  # whatever one item's data may raise
            if size > 1:
                return self._some(size // 2)
            return self._transactions().run(partial(self._set_aside, fault))

    def _set_aside(self, fault: Exception, work: Work) -> tuple[int, int]:
        return self._put_aside(work.claim(self.now, 1).ids, fault, work), 0

    def _put_aside(self, ids: Sequence[str], fault: Exception, work: Work) -> int:
        this_pass = self._pass(work)
        draft = Draft()
        for item in work.items(ids).values():
            set_aside(this_pass, draft, item, fault)
        written = work.write(batch_of(draft.changes(), now=self.now))
        self.found.counts["quarantined"] += written.count
        return written.count

    def _batch(self, size: int, work: Work) -> tuple[int, int]:
        claim = work.claim(self.now, size)
        if not len(claim):
            return 0, 0
        found = PassResults()
        this_pass = self._pass(work)
        draft = Draft()
        loaded = work.items(claim.ids)
        policies, unknown = self._policies(loaded.values())
        needs = ALWAYS.union(
            *(needs_of(p, self.settings.vocabulary) for p in policies.values())
        )
        items = [loaded[i] for i in claim.ids if i in loaded]
        cases = load_cases(self.settings, work, items, self.now, needs)
        batch = ClaimedBatch(this_pass, work, draft, found)
        batch.judge(cases, policies)
        batch.refuse(cases, unknown)
        changes = draft.changes()
        written = work.write(
            batch_of(changes, now=self.now, rows=draft.rows, lost="drop")
        )
        wake_readers(self.settings, work, draft, self.now)
        self.found.counts.update(found.counts)
        self.found.continuing += found.continuing
        return len(claim), len(written.lost)

    def _policies(
        self, items: Iterable[Item]
    ) -> tuple[dict[str, Policy], dict[str, NotFound]]:
        """Find the policies of items; the office may have been opened without one."""
        found: dict[str, Policy] = {}
        unknown: dict[str, NotFound] = {}
        for name in dict.fromkeys(item.policy for item in items):
            try:
                found[name] = self.settings.policy(name)
            except NotFound as fault:
                unknown[name] = fault
        return found, unknown

    def _close_sittings(self) -> Iterator[str]:
        for policy in self.settings.in_use():
            found = PassResults()

            def close(
                work: Work, policy: Policy = policy, into: PassResults = found
            ) -> bool:
                return sittings.close(self._pass(work), work, policy, into)

            while self._transactions().run(close):
                self.found.counts.update(found.counts)
                found.counts.clear()
                yield policy.id


def guard_stops(
    guard: Guard, work: Work, now: datetime, *, released: bool = False
) -> Reason | None:
    """Say why a sweep must wait for a person, or nothing.

    A release lets a long gap and a large crowd pass, never a wrong clock.
    """
    skew = abs(now - work.clock())
    if skew > guard.skew:
        return _stop(
            "clock",
            f"now lies {length_text(skew, 'en')} from the database's clock; "
            f"at most {length_text(guard.skew, 'en')}",
            f"当前时间与数据库时钟相差{length_text(skew)}，"
            f"上限为{length_text(guard.skew)}",
        )
    last = work.meta(LAST_SWEEP)
    gap = timedelta() if last is None else now - datetime.fromisoformat(last)
    if gap < -guard.skew:
        return _stop(
            "backwards",
            f"now lies {length_text(gap, 'en')} before the last sweep",
            f"当前时间早于上次巡检{length_text(gap)}",
        )
    if released:
        return None
    if gap > guard.gap:
        return _stop(
            "gap",
            f"the last sweep was {length_text(gap, 'en')} ago; "
            f"at most {length_text(guard.gap, 'en')}",
            f"距上次巡检已{length_text(gap)}，上限为{length_text(guard.gap)}",
        )
    due, cap = work.due(now), max(guard.cap, work.open_count() * guard.share // 100)
    if due > cap:
        return _stop(
            "crowd",
            f"{due} items are due; at most {cap}",
            f"到期{due}件，上限为{cap}件",
        )
    return None


def _stop(code: str, en: str, zh: str) -> Reason:
    return Reason(
        code=f"guard.{code}",
        en=f"The sweep stopped for a person: {en}.",
        zh=f"巡检已暂停，请人工确认：{zh}。",
    )
