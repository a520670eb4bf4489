"""The audit 核验: what the engine stored, against what follows from the facts.

The sweep asks one question, which rows are due; an item whose stored instant is wrong
is an item that nobody asks about. So every item is worked out once more, page by page
along the codes, and what differs is named. It reads, and never writes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any, Final, Literal

from attrs import fields, frozen

from duban_flow.domain.case import Case
from duban_flow.domain.codec import Value, canonical, unstructure
from duban_flow.domain.due import due_of
from duban_flow.domain.instants import TICK, aware
from duban_flow.domain.items import Item
from duban_flow.domain.limits import limit_of
from duban_flow.domain.policies.model import Policy
from duban_flow.domain.policies.next import next_pass
from duban_flow.domain.time.calendar import WorkCalendar
from duban_flow.domain.time.certificate import verify
from duban_flow.domain.time.term import Deadline
from duban_flow.engine.loading import load_cases
from duban_flow.engine.passing import lapsing
from duban_flow.engine.ports import Progress, Query, Storage, Work
from duban_flow.engine.rearming import needs_of_items
from duban_flow.engine.settings import Settings
from duban_flow.engine.sweep import LAST_SWEEP
from duban_flow.engine.transactions import Transactions
from duban_flow.errors import Busy, Invalid, NotFound

PAGE: Final = 500
KEPT: Final = 1_000
"""How many faults are told one by one; all are counted."""

Check = Literal["next_at", "due", "certificate", "judgement"]

_CHECKS: Final[Mapping[str, tuple[str, str]]] = {
    "next_at": ("下次判定时间", "the next instant"),
    "due": ("办结时限", "the deadline"),
    "certificate": ("计算凭证", "the certificate"),
    "judgement": ("判定", "the judgement"),
}


@frozen(kw_only=True)
class AuditFault(Value):
    """One thing that is not as the facts have it 核验差异: of which item, and how.

    ``check`` is ``next_at``, ``due``, ``certificate``, or ``judgement`` where the item
    cannot be judged at all. ``stored`` and ``recomputed`` are texts, an instant in UTC;
    empty where there is nothing.
    """

    code: str
    check: Check
    stored: str = ""
    recomputed: str = ""

    def text(self, lang: str = "zh") -> str:
        """Say it in one line.

        >>> AuditFault(code="A-1", check="next_at", recomputed="2026-06-05").text("en")
        'A-1: the next instant: stored nothing, recomputed 2026-06-05.'
        """
        zh, en = _CHECKS[self.check]
        if lang == "zh":
            stored, made = self.stored or "无", self.recomputed or "无"
            return f"{self.code}：{zh}：存储为{stored}，重新计算为{made}。"
        stored, made = self.stored or "nothing", self.recomputed or "nothing"
        return f"{self.code}: {en}: stored {stored}, recomputed {made}."

    def __str__(self) -> str:
        return self.text()


@frozen(kw_only=True)
class Audit(Value):
    """What an audit came to 核验结果, in numbers, and every fault.

    ``items`` looked at, of them ``open`` and ``ended``; ``due`` are for the next sweep
    to judge, ``quarantined`` wait for a person; of all others ``recomputed`` instants
    were held against the stored ones. ``deadlines`` were reckoned again. ``faults`` are
    the first thousand of ``faulty``.
    """

    at: datetime
    items: int = 0
    open: int = 0
    ended: int = 0
    due: int = 0
    quarantined: int = 0
    recomputed: int = 0
    deadlines: int = 0
    faulty: int = 0
    faults: tuple[AuditFault, ...] = ()

    @property
    def exit_code(self) -> int:
        """0 all is as it should be, 3 a person must look at what is not."""
        return 3 if self.faulty else 0

    def text(self, lang: str = "zh") -> str:
        """Say what was looked at, then each fault on a line of its own."""
        if lang == "zh":
            head = (
                f"核验{self.items}件（在办{self.open}件，已终结{self.ended}件）："
                f"重算判定时间{self.recomputed}件、时限{self.deadlines}件，"
                f"待巡检{self.due}件，已隔离{self.quarantined}件，"
                f"差异{self.faulty}处。"
            )
        else:
            head = (
                f"{self.items} items ({self.open} open, {self.ended} ended): "
                f"{self.recomputed} instants and {self.deadlines} deadlines worked "
                f"out again, {self.due} due, {self.quarantined} set aside, "
                f"{self.faulty} faults."
            )
        return "\n".join([head, *(one.text(lang) for one in self.faults)])

    def __str__(self) -> str:
        return self.text()


@frozen(kw_only=True)
class Auditor:
    """An audit about to run, as of an instant: how large its pages, what it tells."""

    settings: Settings
    storage: Storage
    now: datetime
    page: int = PAGE
    kept: int = KEPT
    progress: Progress | None = None

    def run(self) -> Audit:
        """Look at every item once.

        Raises:
            Invalid: ``now`` has no zone, or lies before the last sweep.
            Busy: the database gave no transaction after several attempts.
        """
        aware(self.now, "audit: now")
        settings = self.settings
        transactions = Transactions(self.storage, settings.tenant, shelf=settings.shelf)
        transactions.run(self._check_now)
        counts: Counter[str] = Counter()
        faults: list[AuditFault] = []
        after: str | None = None
        while True:
            seen = transactions.run(partial(self._look, after))
            if seen.suspects:
                found = transactions.run(partial(self._again, seen.suspects))
                counts["faulty"] += len(found)
                faults += found[: self.kept - len(faults)]
            counts.update(seen.counts)
            if self.progress is not None:
                self.progress("audit", counts["items"], None)
            if seen.last is None:
                return Audit(at=self.now, faults=tuple(faults), **counts)
            after = seen.last

    def _check_now(self, work: Work) -> None:
        last = work.meta(LAST_SWEEP)
        if last is not None and self.now < datetime.fromisoformat(last):
            raise Invalid(
                f"audit: now is {self.now.isoformat()} and the last sweep was at "
                f"{last}; what it stored cannot be told from before it.",
                zh=f"核验时间{self.now.isoformat()}早于上次巡检{last}。",
                code="audit.now",
            )

    def _look(self, after: str | None, work: Work) -> _Page:
        items = work.find(Query(after=after, limit=self.page))
        counts: Counter[str] = Counter()
        found = list(self._faults(work, items, counts))
        return _Page(
            last=items[-1].code if len(items) == self.page else None,
            counts=counts,
            suspects=tuple(dict.fromkeys(one.code for one in found)),
        )

    def _again(self, codes: Sequence[str], work: Work) -> list[AuditFault]:
        """Look once more at what seemed wrong: somebody may have been writing it."""
        ids = work.ids_of(codes)
        items = work.items([ids[code] for code in codes if code in ids])
        return list(self._faults(work, items.values(), Counter()))

    def _faults(
        self, work: Work, items: Iterable[Item], counts: Counter[str]
    ) -> Iterator[AuditFault]:
        ahead: list[Item] = []
        for item in items:
            counts["items"] += 1
            counts["open" if item.is_open else "ended"] += 1
            counts["deadlines"] += item.due is not None
            yield from self._deadline_faults(item)
            if (waits := self._waits(item)) is not None:
                counts[waits] += 1
            elif (gap := self._unjudged(item)) is not None:
                yield gap
            else:
                ahead.append(item)
        for case in self._cases(work, ahead):
            if isinstance(case, AuditFault):
                yield case
            else:
                counts["due" if _woken(case) else "recomputed"] += 1
                yield from self._instant_faults(case)

    def _waits(self, item: Item) -> Literal["quarantined", "due"] | None:
        """Say who is about to look at an item, so that its instant tells nothing."""
        if item.quarantined:
            return "quarantined"
        # What the next pass is to look at, it looks at a tick after this one.
        soon = item.next_at is not None and item.next_at <= self.now + TICK
        return "due" if soon else None

    def _unjudged(self, item: Item) -> AuditFault | None:
        """Say what the office was opened without, where the item needs it."""
        try:
            self.settings.workflow(item.workflow)
            self.settings.policy(item.policy)
            self.settings.calendar(item.calendar)
        except NotFound as fault:
            return AuditFault(code=item.code, check="judgement", recomputed=str(fault))
        return None

    def _cases(self, work: Work, items: Sequence[Item]) -> Iterator[Case | AuditFault]:
        """Load cases together; one by one where something in one cannot be read."""
        if not items:
            return
        needs = needs_of_items(self.settings, items)
        try:
            yield from load_cases(self.settings, work, items, self.now, needs)
        except Busy:
            raise
        except Exception as fault:  # noqa: BLE001  # whatever one item's data may raise
            if len(items) == 1:
                yield _raised(items[0].code, fault)
                return
            for item in items:
                yield from self._cases(work, [item])

    def _instant_faults(self, case: Case) -> Iterator[AuditFault]:
        if _woken(case):
            return
        policy = self.settings.policy(case.item.policy)
        try:
            made = worked_out(self.settings, case, policy)
        except Exception as fault:  # noqa: BLE001  # a host's policy may raise anything
            yield _raised(case.item.code, fault)
            return
        if made != case.item.next_at:
            yield AuditFault(
                code=case.item.code,
                check="next_at",
                stored=_instant(case.item.next_at),
                recomputed=_instant(made),
            )

    def _deadline_faults(self, item: Item) -> Iterator[AuditFault]:
        """Reckon an item's deadline again, and the limits of its parties."""
        if item.due is not None:
            yield from self._reckoned(item, item.due, partial(due_of, item))
        for several in item.parties.values():
            for party in several:
                if party.due is not None:
                    again = partial(limit_of, item, party)
                    yield from self._reckoned(item, party.due, again)

    def _reckoned(
        self,
        item: Item,
        due: Deadline,
        again: Callable[[WorkCalendar], Deadline | None],
    ) -> Iterator[AuditFault]:
        """Reckon by the very edition it was reckoned by, and verify its certificate."""
        try:
            calendar = self.settings.edition(due.calendar)
            made = again(calendar)
            problems = verify(due.certificate, [calendar])
        except Exception as fault:  # noqa: BLE001  # whatever one item's data may raise
            yield _raised(item.code, fault, "certificate")
            return
        if made != due:
            stored, reckoned = _differing(due, made)
            yield AuditFault(
                code=item.code, check="due", stored=stored, recomputed=reckoned
            )
        for problem in problems:
            yield AuditFault(
                code=item.code, check="certificate", recomputed=problem.text("en")
            )


@frozen(kw_only=True)
class _Page:
    """What one page came to, and where the next begins."""

    last: str | None
    counts: Counter[str]
    suspects: tuple[str, ...]


def worked_out(settings: Settings, case: Case, policy: Policy) -> datetime | None:
    """Work out an item's next instant as of a case; at once where it has lapsed."""
    if lapsing(settings, case) is not None:
        return case.at
    return next_pass(case, policy, settings.vocabulary)


def _woken(case: Case) -> bool:
    """Whether nobody has judged the item since something was recorded on it."""
    at = case.item.next_at
    return bool(case.events) and at is not None and at <= case.events[-1].recorded_at


def _raised(code: str, fault: Exception, check: Check = "judgement") -> AuditFault:
    said = f"{type(fault).__name__}: {fault}"[:500]
    return AuditFault(code=code, check=check, recomputed=said)


def _instant(at: datetime | None) -> str:
    return "" if at is None else str(unstructure(at))


def _differing(stored: Deadline, made: Deadline | None) -> tuple[str, str]:
    """Say the part in which two deadlines differ that matters most."""
    if made is None:
        return _instant(stored.latest), ""
    names = ("latest", "earliest", "deferred", "provisional")
    others = (a.name for a in fields(Deadline))
    name = next(n for n in (*names, *others) if getattr(stored, n) != getattr(made, n))
    one, other = (getattr(deadline, name) for deadline in (stored, made))
    if isinstance(one, datetime) and isinstance(other, datetime):
        return _instant(one), _instant(other)
    return f"{name} {_plain(one)}", f"{name} {_plain(other)}"


def _plain(value: Any) -> str:
    return canonical(unstructure(value))[:500]
