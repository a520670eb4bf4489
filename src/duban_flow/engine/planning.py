"""Many at once 计划: a plan writes nothing and names every problem; applying is all.

A plan runs each row through the same road as a verb, in a draft that is thrown away.
Applying runs it again and writes one batch. The same plan again is nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from attrs import evolve, frozen

from duban_flow.domain.batch import Written, batch_of
from duban_flow.domain.case import Case
from duban_flow.domain.codec import Value, digest, unstructure
from duban_flow.domain.ledger import Ledger, code_key
from duban_flow.domain.rights import GIVING
from duban_flow.domain.units import Actor, Directory
from duban_flow.engine.binding import outsider, unknown
from duban_flow.engine.draft import Draft
from duban_flow.engine.envelope import Envelope
from duban_flow.engine.intake.acts import PlannedAct, codes_in
from duban_flow.engine.intake.reading import read_acts
from duban_flow.engine.loading import load_cases
from duban_flow.engine.naming import command_with_codes, with_codes
from duban_flow.engine.ports import Progress, Work
from duban_flow.engine.road import give_birth, perform
from duban_flow.engine.settings import Settings
from duban_flow.engine.waking import wake_readers
from duban_flow.errors import Conflict, DubanError, Forbidden, Invalid, Problem


@frozen(kw_only=True)
class Plan:
    """What an import would do 导入计划: acts in order, problems, warnings.

    ``versions`` are the items it found and will touch: if one has changed by the
    time it is applied, the plan has gone stale. ``ledger`` is the digest of the file;
    of a file that was applied before the plan is ``repeated``, and holds nothing.
    """

    name: str
    acts: tuple[PlannedAct, ...]
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()
    versions: Mapping[str, int]
    now: datetime
    ledger: str = ""
    repeated: bool = False

    @property
    def digest(self) -> str:
        """Say in one word what the plan would write."""
        told = [
            [
                a.row,
                a.code,
                unstructure(a.actor),
                unstructure(a.effective_at),
                None if a.new is None else unstructure(a.new),
                a.parent,
                None
                if a.command is None
                else [a.command.action, unstructure(a.command.payload)],
            ]
            for a in self.acts
        ]
        return digest([self.name, told])

    @property
    def request(self) -> str:
        """The id of the request that applying it is: the same file's, or its own."""
        return f"ledger:{self.ledger}" if self.ledger else f"plan:{self.digest}"

    @property
    def counts(self) -> Mapping[str, int]:
        """How many acts of each action it holds."""
        found: dict[str, int] = {}
        for one in self.acts:
            word = "assign" if one.command is None else one.command.action
            found[word] = found.get(word, 0) + 1
        return dict(sorted(found.items()))


@frozen(kw_only=True)
class Applied(Value):
    """What applying a plan came to: acts, items born, items changed; or nothing new."""

    acts: int
    born: int
    changed: int
    repeated: bool = False


def make_plan(
    settings: Settings,
    work: Work,
    directory: Directory,
    ledger: Ledger,
    *,
    importer: Actor,
    now: datetime,
    year: int | None = None,
    progress: Progress | None = None,
) -> Plan:
    """Read a ledger's rows as acts and try them all; every problem is named.

    A file that was applied before is known by its digest: there is nothing to do.
    """
    bare = Plan(name=ledger.name, acts=(), versions={}, now=now, ledger=ledger.digest)
    if work.request(bare.request) is not None:
        return evolve(bare, repeated=True)
    known = work.items(work.ids_of(codes_in(ledger)).values()).values()
    read = read_acts(
        ledger,
        workflows=settings.workflows,
        directory=directory,
        calendar=settings.calendar(),
        importer=importer,
        now=now,
        year=year,
        existing={item.code: item.workflow for item in known},
        terms=settings.terms,
    )
    run = run_acts(settings, work, directory, read.acts, now, progress)
    found = (*near_codes(read.acts, work), *_not_theirs(read.acts, importer, directory))
    return evolve(
        bare,
        acts=read.acts,
        problems=_in_order([*ledger.problems, *read.problems, *found, *run.problems]),
        warnings=(*ledger.warnings, *read.warnings),
        versions=run.versions,
    )


def _not_theirs(
    acts: Iterable[PlannedAct], importer: Actor, directory: Directory
) -> tuple[Problem, ...]:
    """Name the rows that tell of other units' acts, where only oversight may."""
    if directory.kind(importer.unit) in GIVING:
        return ()
    return tuple(
        Problem(
            code="rights.recorder",
            en=f"{importer.id} may write down its own acts only, not those of "
            f"{one.actor.id}.",
            zh=f"{importer.id}只能登记本单位的行为，不能登记{one.actor.id}的。",
            row=one.row,
            column="by",
            said=one.actor.id,
        )
        for one in acts
        if directory.meant(one.actor).unit != importer.unit
    )


def _in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    unique = {(p.row, p.column, p.code, p.said, p.en): p for p in problems}
    return tuple(sorted(unique.values(), key=lambda p: (p.row or 0, p.column)))


@frozen(kw_only=True)
class Run:
    """A draft filled by running acts, and what could not be done."""

    draft: Draft
    problems: tuple[Problem, ...]
    versions: Mapping[str, int]
    born: int


def run_acts(
    settings: Settings,
    work: Work,
    directory: Directory,
    acts: Sequence[PlannedAct],
    now: datetime,
    progress: Progress | None = None,
) -> Run:
    """Run acts through the road, into a draft; every refusal becomes a problem."""
    draft, problems, born = Draft(), [], 0
    codes = {a.code for a in acts} | {a.parent for a in acts if a.parent}
    known = work.ids_of(codes)
    loaded = load_cases(settings, work, work.items(known.values()).values(), now)
    for case in loaded:
        draft.hold(case)
    versions = {case.item.code: case.item.version for case in loaded}
    for place, one in enumerate(acts):
        try:
            born += _run_one(settings, directory, draft, one, now, versions)
        except DubanError as refused:
            problems += _problems(one, refused)
        if progress is not None and place % 100 == 0:
            progress("plan", place, len(acts))
    return Run(draft=draft, problems=tuple(problems), versions=versions, born=born)


def _run_one(
    settings: Settings,
    directory: Directory,
    draft: Draft,
    one: PlannedAct,
    now: datetime,
    before: Mapping[str, int],
) -> int:
    envelope = Envelope(
        actor=directory.meant(one.actor),
        now=now,
        recorder=one.recorder,
        effective_at=one.effective_at,
    )

    def code(name: str) -> str:
        return directory.get(name).code

    if one.new is not None:
        if one.code in before:
            raise Conflict(
                f"There is an item {one.code!r} already.",
                zh=f"事项编号{one.code}已存在。",
                code="item.code_taken",
            )
        if directory.kind(envelope.actor.unit) not in GIVING:
            raise outsider(envelope.actor, "assign")
        above = None if one.parent is None else draft.by_code(one.parent)
        if one.parent is not None and above is None:
            raise unknown(one.parent)
        new = with_codes(one.new, code)
        parent = None if above is None else above.item
        made = give_birth(settings, draft, new, envelope, parent=parent)
        if above is not None:
            _join(draft, above.item.id, made.item.id)
        return 1
    case = draft.by_code(one.code)
    if case is None or one.command is None:
        raise unknown(one.code)
    command = command_with_codes(one.command, code)
    perform(settings, directory, draft, _current(draft, case), command, envelope)
    return 0


def _current(draft: Draft, case: Case) -> Case:
    """Give a case whose parts stand as earlier rows of the same batch left them."""
    if not case.parts:
        return case
    parts = (draft.cases[p.id].item if p.id in draft.cases else p for p in case.parts)
    return evolve(case, parts=tuple(parts))


def _join(draft: Draft, parent: str, part: str) -> None:
    """Let a parent know a part that is born in the same batch."""
    above = draft.cases[parent]
    draft.hold(evolve(above, parts=(*above.parts, draft.cases[part].item)))


def _problems(one: PlannedAct, refused: DubanError) -> list[Problem]:
    return [
        reason
        if isinstance(reason, Problem) and reason.row
        else Problem(
            code=reason.code,
            en=reason.en,
            zh=reason.zh,
            row=one.row,
            said=one.code,
        )
        for reason in refused.reasons
    ]


def apply_plan(
    settings: Settings,
    work: Work,
    directory: Directory,
    plan: Plan,
    envelope: Envelope,
    progress: Progress | None = None,
) -> Applied:
    """Write a plan, all of it or nothing; the same plan again is nothing.

    Raises:
        Invalid: the plan has problems.
        Forbidden: it tells of other units' acts, and only oversight may.
        Conflict: what it found has changed since; plan again.
    """
    if plan.problems:
        raise Invalid("", *plan.problems)
    not_theirs = _not_theirs(plan.acts, envelope.actor, directory)
    if not_theirs:
        raise Forbidden("", *not_theirs)
    if work.request(plan.request) is not None:
        return Applied(acts=0, born=0, changed=0, repeated=True)
    run = run_acts(settings, work, directory, plan.acts, envelope.now, progress)
    if run.problems or run.versions != plan.versions:
        raise Conflict(
            f"{plan.name}: the plan has gone stale; plan again."
            + "".join(f" {p.text('en')}" for p in run.problems[:3]),
            zh=f"{plan.name}：计划已过时，请重新生成。",
            code="plan.stale",
        )
    asked = evolve(envelope, request_id=plan.request)
    made = Applied(
        acts=len(plan.acts), born=run.born, changed=len(run.draft) - run.born
    )
    written: Written = work.write(
        batch_of(
            run.draft.changes(),
            now=envelope.now,
            rows=run.draft.rows,
            request=asked.request(plan.digest, made.to_dict()),
        )
    )
    wake_readers(settings, work, run.draft, envelope.now)
    return evolve(made, changed=written.count - run.born)


def near_codes(acts: Iterable[PlannedAct], work: Work) -> list[Problem]:
    """Name new codes that differ from one in the store by case, width or space only."""
    new = {one.code: one for one in acts if one.new is not None}
    there = work.codes_near({code_key(code) for code in new})
    return [
        Problem(
            code="item.code_near",
            en=f"The code {code!r} is all but {known!r}, which exists.",
            zh=f"编号“{code}”与已有的“{known}”只差大小写、全半角或空格。",
            row=one.row,
            column="code",
            said=code,
        )
        for code, one in new.items()
        if (known := there.get(code_key(code))) is not None and known != code
    ]
