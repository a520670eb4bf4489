"""Items go over to another edition of a policy 规则迁移: planned first, applied second.

A plan judges every item under both editions and says what would follow; it writes
nothing. Applying works it out once more, insists that it comes to the same, and writes
one event on each item, all in one transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from functools import cached_property
from typing import Final

from attrs import evolve, field, frozen

from duban_flow.domain.batch import batch_of
from duban_flow.domain.case import Case
from duban_flow.domain.codec import Value, digest, unstructure
from duban_flow.domain.editions import POLICIES, Kept, kept_policy
from duban_flow.domain.events import Subject, SubjectKind
from duban_flow.domain.fold import Folded, fold
from duban_flow.domain.items import Item
from duban_flow.domain.migrate import MIGRATE, Migrate, Mode
from duban_flow.domain.policies.decide import decide
from duban_flow.domain.policies.memory import OVERTAKEN
from duban_flow.domain.policies.model import (
    Decision,
    Policy,
    PolicyLike,
    Verdict,
    whole,
)
from duban_flow.domain.policies.vocabulary import needs_of
from duban_flow.domain.rights import GIVING
from duban_flow.domain.time.term import Deadline
from duban_flow.domain.units import Directory
from duban_flow.domain.workflow import payload_data
from duban_flow.engine.binding import outsider
from duban_flow.engine.draft import Draft
from duban_flow.engine.editions import check_free, shelving
from duban_flow.engine.envelope import Envelope
from duban_flow.engine.loading import load_cases
from duban_flow.engine.passing import lapsed
from duban_flow.engine.permitting import ask_permit
from duban_flow.engine.planning import Applied
from duban_flow.engine.ports import Progress, Query, Work
from duban_flow.engine.rearming import ALWAYS, judged_next
from duban_flow.engine.settings import Settings
from duban_flow.errors import Conflict, DubanError, Invalid, Problem, Reason

PAGE: Final = 500
CYCLES: Final = 1_000
"""How many cycles of one rung can have been missed; beyond, a person must look."""

_OPEN: Final = (Verdict.FIRES, Verdict.FAILS, Verdict.UNSURE)
_RIPE: Final = frozenset({"sitting", "submitted", "extending", "suspended", "in turn"})


@frozen(kw_only=True)
class Effect(Value):
    """What going over would mean for one item 迁移影响.

    ``fires`` are the rungs that the next sweep would let fire, ``sits`` those that wait
    for a sitting; ``inherited`` are marks of rungs that count as done. ``due`` does not
    move; ``next_at`` is when the item is judged next, before and after.
    """

    item: str
    code: str
    title: str
    unit: str
    before: str
    version: int
    due: Deadline | None = None
    fires: tuple[str, ...] = ()
    sits: tuple[str, ...] = ()
    inherited: tuple[str, ...] = ()
    next_before: datetime | None = None
    next_after: datetime | None = None


@frozen(kw_only=True)
class MigrationPlan:
    """What another edition of a policy would do to items under way 迁移计划.

    ``effects`` are the items that go over, with what follows for each; ``staying`` are
    the codes of those that keep the edition they have.
    """

    policy: Policy = field(repr=False)
    mode: Mode
    of: str = ""
    effects: tuple[Effect, ...] = ()
    staying: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    now: datetime

    @cached_property
    def digest(self) -> str:
        """Say in one word what the plan would write."""
        kept = kept_policy(self.policy, self.now)
        said = None if kept is None else kept.digest
        effects = [unstructure(one) for one in self.effects]
        return digest([self.policy.id, said, self.mode, self.of, effects])

    @property
    def request(self) -> str:
        """The id of the request that applying it is."""
        return f"policy:{digest([self.digest, self.now.isoformat()])}"

    @property
    def counts(self) -> Mapping[str, int]:
        """How many items go over and stay, and what follows from it."""
        return {
            "moving": len(self.effects),
            "staying": len(self.staying),
            "fires": sum(len(one.fires) for one in self.effects),
            "sits": sum(len(one.sits) for one in self.effects),
            "inherited": sum(len(one.inherited) for one in self.effects),
        }


def make_migration_plan(
    settings: Settings,
    work: Work,
    policy: PolicyLike,
    mode: Mode,
    of: str,
    now: datetime,
    progress: Progress | None = None,
) -> MigrationPlan:
    """Say what would follow for each item; every problem is named.

    ``of`` is the edition that items leave, ``name@version``; without one, every other
    edition under the policy's name.
    """
    run = _Run(
        settings=settings, work=work, policy=whole(policy), mode=mode, of=of, now=now
    )
    return run.plan(progress)


def apply_migration_plan(
    settings: Settings,
    work: Work,
    directory: Directory,
    plan: MigrationPlan,
    envelope: Envelope,
    progress: Progress | None = None,
) -> Applied:
    """Let items go over as planned; the same plan again is nothing.

    Raises:
        Invalid: the plan has problems.
        Forbidden: only supervising units and deciding bodies change policies.
        Conflict: what it found has changed since; plan again.
    """
    if plan.problems:
        raise Invalid("", *plan.problems)
    gives = directory.kind(envelope.actor.unit) in GIVING
    if directory.units and not gives and not settings.rehearsal:
        raise outsider(envelope.actor, "change policies")
    if work.request(plan.request) is not None:
        return Applied(acts=0, born=0, changed=0, repeated=True)
    run = _Run(
        settings=settings,
        work=work,
        policy=plan.policy,
        mode=plan.mode,
        of=plan.of,
        now=envelope.now,
        lock=True,
    )
    again = run.plan(progress)
    if again.problems or again.digest != plan.digest:
        raise Conflict(
            f"The plan for policy {plan.policy.id} has gone stale; plan again.",
            zh=f"规则{plan.policy.id}的迁移计划已过时，请重新生成。",
            code="plan.stale",
        )
    return _write(run, plan, envelope)


def _write(run: _Run, plan: MigrationPlan, envelope: Envelope) -> Applied:
    """Write one event on each item, the edition, and the answer to a repeat."""
    draft, settings = Draft(), run.settings
    for effect, after in run.found:
        ask_permit(settings, envelope.actor, MIGRATE, after.item)
        _put(settings, draft, after, effect, plan.mode, envelope)
    made = Applied(acts=len(run.found), born=0, changed=len(run.found))
    asked = evolve(envelope, request_id=plan.request)
    kept = _new(settings, plan.policy, envelope.now)
    run.work.write(
        batch_of(
            draft.changes(),
            now=envelope.now,
            rows=[] if kept is None else shelving(run.work, POLICIES, [kept]),
            request=asked.request(plan.digest, made.to_dict()),
        )
    )
    return made


def _new(settings: Settings, policy: Policy, now: datetime) -> Kept | None:
    """Write an edition down that is not kept yet; one in Python cannot be."""
    known = policy.id in settings.shelf.known.policies
    return None if known else kept_policy(policy, now)


def _put(
    settings: Settings,
    draft: Draft,
    after: Case,
    effect: Effect,
    mode: Mode,
    envelope: Envelope,
) -> None:
    """Put the event by which an item goes over, and when it is judged next."""
    item = after.item
    payload = Migrate(
        policy=item.policy, before=effect.before, mode=mode, inherited=effect.inherited
    )
    subject = Subject(SubjectKind.ITEM, item.id)
    event = envelope.event(subject, MIGRATE, payload_data(payload))
    event = evolve(event, seq=effect.version + 1)
    workflow = settings.workflow(item.workflow)
    folded = fold(workflow, Folded(item=item, facts=after.facts), [event])
    draft.item(evolve(after, item=folded.item), effect.version, [event])


@frozen(kw_only=True)
class _Run:
    """Items under way, judged under the edition they have and the one they get."""

    settings: Settings
    work: Work
    policy: Policy
    mode: Mode
    of: str
    now: datetime
    lock: bool = False
    found: list[tuple[Effect, Case]] = field(factory=list)
    staying: list[str] = field(factory=list)

    def plan(self, progress: Progress | None) -> MigrationPlan:
        """Judge every item, and name what cannot be."""
        problems = [*self.refused()]
        for place, case in enumerate(self.cases() if not problems else ()):
            try:
                self.one(case)
            except DubanError as refused:
                problems += [_problem(reason, case) for reason in refused.reasons]
            except Exception as fault:  # noqa: BLE001  # a host's policy may raise
                problems.append(_raised(case, fault))
            if progress is not None and place % 100 == 0:
                progress("plan", place, None)
        return MigrationPlan(
            policy=self.policy,
            mode=self.mode,
            of=self.of,
            effects=tuple(effect for effect, _ in self.found),
            staying=tuple(self.staying),
            problems=tuple(problems),
            now=self.now,
        )

    def refused(self) -> Iterator[Problem]:
        """Say what speaks against the edition itself."""
        kept, known = kept_policy(self.policy, self.now), self.settings.in_use()
        there = {one.id: one for one in known}.get(self.policy.id)
        if kept is None and there is None:
            yield Problem(
                code="policy.python",
                en=f"Policy {self.policy.id} is written in Python and cannot be kept; "
                "open the office with it.",
                zh=f"规则{self.policy.id}由程序写成，无法存档，须在打开时提供。",
                said=self.policy.id,
            )
        if kept is None or there is None:
            return
        old = kept_policy(there, self.now)
        if old is None or old.digest != kept.digest:
            try:
                check_free(self.work, POLICIES, kept)
            except Conflict as taken:
                yield from (_problem(reason) for reason in taken.reasons)

    def cases(self) -> Iterator[Case]:
        """Load the items of other editions for which anything is ahead."""
        words = self.settings.vocabulary
        for name in self._left():
            needs = ALWAYS | needs_of(self.policy, words)
            needs |= needs_of(self.settings.policy(name), words)
            for page in self._pages(name):
                ids = [item.id for item in page if _under_way(item)]
                items = self.work.items(ids, lock=self.lock).values()
                yield from load_cases(
                    self.settings, self.work, items, self.now, frozenset(needs)
                )

    def _left(self) -> Iterable[str]:
        """Name the editions that items leave."""
        if self.of:
            return (self.settings.policy(self.of).id,)
        return tuple(
            one.id
            for one in self.settings.in_use()
            if one.name == self.policy.name and one.id != self.policy.id
        )

    def _pages(self, name: str) -> Iterator[tuple[Item, ...]]:
        after: str | None = None
        while page := self.work.find(Query(policy=name, after=after, limit=PAGE)):
            yield page
            after = page[-1].code

    def one(self, case: Case) -> None:
        """Judge a case under both editions, and keep what going over would mean."""
        item = case.item
        if self.mode == "keep" or item.policy == self.policy.id:
            self.staying.append(item.code)
            return
        self._check(case)
        there = tuple(mark for mark in item.fired if mark not in _lent(case))
        moved = evolve(case, item=evolve(item, policy=self.policy.id, fired=there))
        inherited = self._inherited(case, moved) if self.mode == "from_now" else ()
        bears = tuple(dict.fromkeys((*there, *inherited)))
        moved = evolve(moved, item=evolve(moved.item, fired=bears))
        ahead = self._next(moved)
        moved = evolve(moved, item=evolve(moved.item, next_at=ahead))
        judged = lapsed(self.settings, moved)
        decisions = decide(judged, self.policy, self.settings.vocabulary)
        self.found.append(
            (
                Effect(
                    item=item.id,
                    code=item.code,
                    title=item.title,
                    unit=item.main_unit,
                    before=item.policy,
                    version=item.version,
                    due=item.due,
                    fires=_rungs(d for d in decisions if d.verdict is Verdict.FIRES),
                    sits=_rungs(d for d in decisions if d.note == "sitting"),
                    inherited=inherited,
                    next_before=item.next_at,
                    next_after=ahead,
                ),
                moved,
            )
        )

    def _next(self, case: Case) -> datetime | None:
        """Say when an item is judged next, under an edition not known elsewhere yet."""
        there = {**self.settings.policies, self.policy.id: self.policy}
        return judged_next(evolve(self.settings, policies=there), case)

    def _check(self, case: Case) -> None:
        """Refuse an edition that moves items by actions their workflow has not."""
        actions = self.settings.workflow(case.item.workflow).actions
        for kind in self.policy.kinds.values():
            if kind.moves and kind.moves not in actions:
                raise Invalid(
                    f"Policy {self.policy.id}: {kind.name} moves by {kind.moves!r}; "
                    f"workflow {case.item.workflow!r} has no such action.",
                    zh=f"规则{self.policy.id}：{kind.name}的动作“{kind.moves}”"
                    f"在工作流{case.item.workflow}中不存在。",
                    code="policy.moves",
                )

    def _inherited(self, case: Case, moved: Case) -> tuple[str, ...]:
        """Give the marks of what has passed, but for what is still open as it is.

        What the old edition had still to judge, the new one judges under the same key.
        """
        words, before = self.settings.vocabulary, self.settings.policy(case.item.policy)
        case, moved = lapsed(self.settings, case), lapsed(self.settings, moved)
        still = {d.mark for d in decide(case, before, words) if _open(d)}
        found: list[str] = []
        for _ in range(CYCLES):
            passed = [
                one.mark + OVERTAKEN
                for one in decide(moved, self.policy, words)
                if _open(one) and one.mark not in still
            ]
            if not passed:
                return tuple(found)
            found += passed
            bears = (*moved.item.fired, *passed)
            moved = evolve(moved, item=evolve(moved.item, fired=bears))
        raise Invalid(
            f"Item {case.item.code}: policy {self.policy.id} has more than {CYCLES} "
            "cycles that have passed.",
            zh=f"事项{case.item.code}：规则{self.policy.id}已过的周期超过{CYCLES}个。",
            code="policy.cycles",
        )


def _lent(case: Case) -> frozenset[str]:
    """Give the marks that going over before has left: nothing was done under them.

    What had passed under that edition may be ahead under this one.
    """
    return frozenset(
        mark
        for event in case.events
        if event.action == MIGRATE
        for mark in event.data.get("inherited", ())
    )


def _under_way(item: Item) -> bool:
    """Whether anything is ahead: open, or ended and for a sitting to look at."""
    return item.is_open or item.next_at is not None


def _open(one: Decision) -> bool:
    """Whether a rung has ripened and nothing is settled yet."""
    return one.verdict in _OPEN or one.note in _RIPE


def _rungs(decisions: Iterable[Decision]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.rung.key for one in decisions))


def _problem(reason: Reason, case: Case | None = None) -> Problem:
    """Put a reason as a problem, of an item where it is one's."""
    said = "" if case is None else case.item.code
    return Problem(code=reason.code, en=reason.en, zh=reason.zh, said=said)


def _raised(case: Case, fault: Exception) -> Problem:
    said = f"{type(fault).__name__}: {fault}"[:500]
    return Problem(
        code="policy.raised",
        en=f"Item {case.item.code} cannot be judged: {said}",
        zh=f"事项{case.item.code}无法判定：{said}",
        said=case.item.code,
    )
