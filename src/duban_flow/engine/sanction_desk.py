"""The verbs and reads of sanctions 问责措施, as they hang on a desk."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from attrs import evolve

from duban_flow.domain.case import Case
from duban_flow.domain.instants import aware
from duban_flow.domain.policies.decide import decide
from duban_flow.domain.policies.model import SittingDay
from duban_flow.domain.rights import GIVING, sees_all
from duban_flow.domain.sanctions import Citation, Ground, Sanction, Stage
from duban_flow.domain.units import Directory, Role
from duban_flow.engine import issuing, sanctioning
from duban_flow.engine.binding import Binding, outsider
from duban_flow.engine.draft import Draft
from duban_flow.engine.envelope import Envelope
from duban_flow.engine.loading import load_cases
from duban_flow.engine.permitting import ask_permit, may_see
from duban_flow.engine.ports import SanctionQuery, Work
from duban_flow.engine.requests import first_answer, once, write_answered
from duban_flow.engine.settings import Settings
from duban_flow.errors import NotFound, Refused, Stale

T = TypeVar("T")
Step = Callable[[Work, Directory, Draft, Sanction, Envelope], Sanction]


class SanctionDesk:
    """Proposing, approving, issuing and revoking; finding what there is."""

    def __init__(self, binding: Binding) -> None:
        self._binding = binding

    def get(self, sanction: Sanction | str) -> Sanction:
        """Read one sanction.

        Raises:
            NotFound: there is none, or the actor may not see it.
        """
        return self._binding.run(
            lambda work: self._load(work, work.directory(), sanction)
        )

    def find(
        self,
        *,
        unit: str | None = None,
        stage: Stage | str | None = None,
        item: str | None = None,
        sitting: str | None = None,
        to_revoke: bool = False,
    ) -> tuple[Sanction, ...]:
        """Find sanctions, in the order in which they were proposed.

        ``to_revoke`` keeps those whose revocation is proposed 拟撤销 and not decided. A
        unit that is no unit of oversight finds those on itself and below it.
        """

        def job(work: Work) -> tuple[Sanction, ...]:
            directory = work.directory()
            items = None if item is None else tuple(work.ids_of([item]).values())
            named = None if unit is None else directory.find(unit)
            query = SanctionQuery(
                items=items,
                units=None if unit is None else (named.code if named else unit,),
                stages=() if stage is None else (str(stage),),
                sitting=sitting,
            )
            found = work.sanctions(query)
            if to_revoke:
                found = tuple(one for one in found if one.to_revoke)
            return self._seen(work, directory, found)

        return self._binding.run(job)

    def changed(self, sanction: Sanction | str) -> tuple[str, ...]:
        """Say which grounds are no longer what they were when it was proposed."""

        def job(work: Work) -> tuple[str, ...]:
            one = self._load(work, work.directory(), sanction)
            return self._changed(self._cited(work, one), one)

        return self._binding.run(job)

    def propose(
        self,
        item: str,
        *,
        kind: str,
        unit: str,
        role: Role | str = Role.RESPONSIBLE,
        reason: str,
        request_id: str | None = None,
    ) -> Sanction:
        """Propose a sanction by hand 提请问责, of a kind of the item's policy.

        After a rejection this is a new attempt at the same matter.

        Raises:
            Forbidden: only supervising units and deciding bodies propose.
            Invalid: no reason, or a role that does not exist.
            NotFound: an unknown item, unit or kind.
            Refused: the unit never had that role, or the matter is already before
                the bodies, or has been decided.
        """
        settings, role = self._binding.settings, Role.of(role)
        sanctioning.said(reason)

        def job(work: Work) -> Sanction:
            directory = work.directory()
            envelope = self._envelope(directory, request_id)
            what = [item, "propose", kind, unit, role.value, reason]
            if (first := first_answer(work, envelope, what)) is not None:
                return Sanction.from_json(first)
            if directory.kind(envelope.actor.unit) not in GIVING:
                raise outsider(envelope.actor, "propose")
            case = self._binding.case(work, item, directory)
            code = directory.get(unit).code
            sanction = _by_hand(settings, case, kind, code, role, reason, envelope)
            draft = Draft()
            put = sanctioning.put_proposal(
                settings, directory, draft, sanction, envelope
            )
            ask_permit(settings, envelope.actor, "sanctions.propose", case.item)
            write_answered(
                self._binding, work, draft, envelope, what=what, result=put.to_dict()
            )
            return put

        return once(self._binding.transactions, job, request_id)

    def approve(
        self,
        sanction: Sanction | str,
        *,
        affirm: bool = False,
        request_id: str | None = None,
    ) -> Sanction:
        """Agree, as the body whose turn it is 同意; ``affirm`` where grounds changed.

        Raises:
            Forbidden: another body's turn, the proposer, or the unit concerned.
            Refused: it waits for nothing, or its grounds have changed.
        """

        def step(
            work: Work, directory: Directory, draft: Draft, one: Sanction, by: Envelope
        ) -> Sanction:
            return sanctioning.approve(
                self._binding.settings,
                draft,
                directory,
                one,
                self._changed(self._cited(work, one, lock=True), one),
                by,
                affirm=affirm,
            )

        return self._step(sanction, ["approve", affirm], step, request_id)

    def reject(
        self, sanction: Sanction | str, *, reason: str, request_id: str | None = None
    ) -> Sanction:
        """Refuse, as the body whose turn it is 否决."""

        def step(
            _: Work, directory: Directory, draft: Draft, one: Sanction, by: Envelope
        ) -> Sanction:
            return sanctioning.reject(draft, directory, one, reason, by)

        return self._step(sanction, ["reject", reason], step, request_id)

    def issue(
        self,
        sanction: Sanction | str,
        *,
        number: str = "",
        rectify_by: datetime | None = None,
        request_id: str | None = None,
    ) -> Sanction:
        """Issue an approved sanction 下发: cited items move, the unit is told.

        Raises:
            Forbidden: only supervising units and deciding bodies issue.
            Refused: approvals are missing, or it has been issued.
        """
        if rectify_by is not None:
            rectify_by = aware(rectify_by, "rectify_by")

        def step(
            work: Work, directory: Directory, draft: Draft, one: Sanction, by: Envelope
        ) -> Sanction:
            if directory.kind(by.actor.unit) not in GIVING:
                raise outsider(by.actor, "issue")
            return issuing.issue(
                self._binding.settings,
                directory,
                draft,
                one,
                self._cited(work, one, lock=True),
                by,
                number=number,
                rectify_by=rectify_by,
            )

        return self._step(sanction, ["issue", number, rectify_by], step, request_id)

    def revoke(
        self, sanction: Sanction | str, *, reason: str, request_id: str | None = None
    ) -> Sanction:
        """Revoke an issued sanction 撤销; everyone who was told is told of that."""

        def step(
            work: Work, directory: Directory, draft: Draft, one: Sanction, by: Envelope
        ) -> Sanction:
            told = [
                (n.unit, n.post, n.channel)
                for n in work.notices(subject=one.id)
                if n.formal
            ]
            return issuing.revoke(
                self._binding.settings,
                draft,
                directory,
                one,
                self._cited(work, one, lock=True),
                told,
                reason,
                by,
            )

        return self._step(sanction, ["revoke", reason], step, request_id)

    def _step(
        self, sanction: Sanction | str, what: list[Any], step: Step, request: str | None
    ) -> Sanction:
        def job(work: Work) -> Sanction:
            directory = work.directory()
            envelope = self._envelope(directory, request)
            one = self._load(work, directory, sanction)
            asked = [one.id, *map(str, what)]
            if (first := first_answer(work, envelope, asked)) is not None:
                return Sanction.from_json(first)
            _check_read(sanction, one)
            draft = Draft()
            made = step(work, directory, draft, one, envelope)
            for item in work.items(c.item for c in one.citations).values():
                action = f"sanctions.{what[0]}"
                ask_permit(self._binding.settings, envelope.actor, action, item)
            write_answered(
                self._binding, work, draft, envelope, what=asked, result=made.to_dict()
            )
            return made

        return once(self._binding.transactions, job, request)

    def _envelope(self, directory: Directory, request: str | None) -> Envelope:
        return Envelope(
            actor=directory.meant(self._binding.actor),
            now=self._binding.now,
            request_id=request,
            issuing=True,
        )

    def _load(
        self, work: Work, directory: Directory, sanction: Sanction | str
    ) -> Sanction:
        ident = sanction if isinstance(sanction, str) else sanction.id
        several = work.sanctions(SanctionQuery(ids=(ident,)))
        found = self._seen(work, directory, several)
        if not found:
            raise NotFound(
                f"There is no sanction {ident!r}.",
                zh=f"没有问责措施{ident}。",
                code="sanction.none",
            )
        return found[0]

    def _seen(
        self, work: Work, directory: Directory, several: Sequence[Sanction]
    ) -> tuple[Sanction, ...]:
        """Keep what the actor may see: the core's rule, then the host's."""
        settings, actor = self._binding.settings, directory.meant(self._binding.actor)
        mine = several
        if not sees_all(actor, directory):
            below = directory.below(actor.unit) if actor.unit else frozenset()
            mine = [one for one in several if one.unit in below]
        if settings.permit is None:
            return tuple(mine)
        items = work.items(c.item for one in mine for c in one.citations)
        hidden = {
            ident
            for ident, item in items.items()
            if not may_see(settings, actor, item, "read", "sanctions.read")
        }
        return tuple(s for s in mine if hidden.isdisjoint(c.item for c in s.citations))

    def _cited(
        self, work: Work, sanction: Sanction, *, lock: bool = False
    ) -> dict[str, Case]:
        ids = [c.item for c in sanction.citations]
        items = work.items(ids, lock=lock).values()
        cases = load_cases(self._binding.settings, work, items, self._binding.now)
        return {case.item.id: case for case in cases}

    def _changed(
        self, cited: Mapping[str, Case], sanction: Sanction
    ) -> tuple[str, ...]:
        """Judge the cited items again, as of now, by the rungs that cited them."""
        settings = self._binding.settings
        policy = settings.policy(sanction.policy)
        now = self._binding.now
        found: dict[tuple[str, str], Iterable[Ground]] = {}
        for case in cited.values():
            # What fired is done by now; as if it had not, its grounds are asked again.
            fresh = evolve(
                case,
                item=evolve(case.item, fired=()),
                acts=tuple(a for a in case.acts if a.id != sanction.id),
            )
            day = SittingDay(opened_at=now, judged_at=now)
            for one in decide(fresh, policy, settings.vocabulary, sitting=day):
                if one.unit == sanction.unit and one.role == sanction.role:
                    found[case.item.id, one.rung.key] = one.grounds
        return sanctioning.changed_grounds(sanction, found)


def _check_read(read: Sanction | str, found: Sanction) -> None:
    """Refuse to act on a sanction that has changed since it was read.

    Raises:
        Stale: it has.
    """
    if isinstance(read, Sanction) and read.version != found.version:
        raise Stale(
            f"Sanction on {found.unit}: version {read.version} was read, "
            f"{found.version} is found.",
            zh=f"对{found.unit}的{found.kind_name}在您读取之后已有变动"
            f"（版本{read.version}→{found.version}）。",
        )


def _by_hand(
    settings: Settings,
    case: Case,
    kind: str,
    unit: str,
    role: Role,
    reason: str,
    envelope: Envelope,
) -> Sanction:
    """Draw up what a person proposes, of a kind of the item's policy."""
    item, policy = case.item, settings.policy(case.item.policy)
    if kind not in policy.kinds:
        there = ", ".join(policy.kinds) or "none"
        raise NotFound(
            f"Policy {policy.id} has no kind {kind!r}; there are {there}.",
            zh=f"升级规则{policy.id}没有措施种类“{kind}”。",
            code="kind.unknown",
        )
    _check_role(case, unit, role)
    attempt = _next_attempt(case, kind, unit, role)
    cited = Citation(
        item=item.id,
        code=item.code,
        title=item.title,
        rung=sanctioning.BY_HAND,
        cycle="hand:1",
        attempt=attempt,
    )
    return sanctioning.drawn_up(
        policy,
        kind,
        unit=unit,
        role=role,
        citations=(cited,),
        reason=sanctioning.said(reason),
        envelope=envelope,
        key=(settings.tenant, item.code, str(attempt)),
    )


def _check_role(case: Case, unit: str, role: Role) -> None:
    """Let nobody be charged with what was never theirs."""
    held = [p.unit for r, p in case.item.past_parties if r == role]
    if unit not in (*case.item.units(role), *held):
        raise Refused(
            f"Item {case.item.code}: {unit} is not and was not {role}.",
            zh=f"事项{case.item.code}：{unit}现在和过去都不是{role.zh}。",
            code="sanction.no_role",
        )


def _next_attempt(case: Case, kind: str, unit: str, role: Role) -> int:
    """Number the next attempt at a matter, once the last was rejected or revoked.

    Raises:
        Refused: the last one is under way, or stands.
    """
    same = [s for s in case.acts if (s.kind, s.unit, s.role) == (kind, unit, role)]
    for one in same:
        if one.stage not in (Stage.REJECTED, Stage.REVOKED):
            raise Refused(
                f"Item {case.item.code}: {kind} on {unit} is {one.stage} already.",
                zh=f"事项{case.item.code}对{unit}的{one.kind_name}已在办理（{one.stage}）。",
                code="sanction.again",
            )
    cited: Mapping[str, int] = {
        c.rung: c.attempt for s in same for c in s.citations if c.item == case.item.id
    }
    return max(cited.values(), default=0) + 1
