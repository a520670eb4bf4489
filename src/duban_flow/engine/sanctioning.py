"""The life of a sanction 问责措施: proposed, approved in order, issued, revoked.

Everything here decides and puts into a draft. A sanction's notices hang on the
sanction's own event, so fifty cited petitions do not make fifty notices.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from attrs import evolve

from duban_flow.domain.events import Event, Notice, Subject, SubjectKind
from duban_flow.domain.ids import uuid7
from duban_flow.domain.policies.model import Policy
from duban_flow.domain.rows import citation_rows
from duban_flow.domain.sanctions import Approval, Citation, Sanction, Stage
from duban_flow.domain.units import Actor, Directory, Role
from duban_flow.engine.draft import Draft
from duban_flow.engine.envelope import Envelope
from duban_flow.engine.settings import Settings
from duban_flow.errors import Forbidden, Invalid, Refused

BY_HAND: Final = "by hand"
"""The rung of what a person proposed."""


def sanction_event(
    sanction: Sanction, action: str, envelope: Envelope, data: Mapping[str, Any]
) -> Event:
    """Make an event of a sanction; the draft gives it its number."""
    return envelope.event(Subject(SubjectKind.SANCTION, sanction.id), action, data)


def drawn_up(
    policy: Policy,
    kind: str,
    *,
    unit: str,
    role: Role,
    citations: tuple[Citation, ...],
    reason: str,
    envelope: Envelope,
    key: tuple[str, ...],
) -> Sanction:
    """Draw up a sanction of a policy's kind; ``key`` makes its id, always the same."""
    made = policy.kinds[kind]
    return Sanction(
        id=uuid7(envelope.now, "sanction", kind, unit, role.value, *key),
        version=0,
        kind=kind,
        kind_name=made.name,
        unit=unit,
        role=role,
        citations=citations,
        policy=policy.id,
        reason=reason,
        basis=policy.basis,
        level=made.level,
        ladder=made.ladder,
        moves=made.moves,
        points=made.points,
        measures=made.measures,
        bodies=made.approval,
        proposer=envelope.actor.id,
        proposer_unit=envelope.actor.unit,
        proposer_for=envelope.actor.acting_for,
        proposed_at=envelope.now,
    )


def put_proposal(
    settings: Settings,
    directory: Directory,
    draft: Draft,
    sanction: Sanction,
    envelope: Envelope,
) -> Sanction:
    """Put a new sanction with its first event; the first body is told it is asked."""
    event = sanction_event(
        sanction,
        "propose",
        envelope,
        {"reason": sanction.reason, "cites": [c.code for c in sanction.citations]},
    )
    made = evolve(sanction, version=1)
    draft.sanction(made, 0, [event], _asked(settings, directory, made))
    draft.rows.append(citation_rows(made))
    return made


def _asked(
    settings: Settings, directory: Directory, sanction: Sanction
) -> tuple[tuple[int, Notice], ...]:
    """Tell the body whose turn it is that its approval is wanted."""
    if sanction.next_body is None:
        return ()
    body = directory.find(sanction.next_body)
    code = body.code if body else sanction.next_body
    return tuple(
        (0, Notice(unit=code, channel=channel, template="approval"))
        for channel in settings.channels
    )


def approve(
    settings: Settings,
    draft: Draft,
    directory: Directory,
    sanction: Sanction,
    changed: tuple[str, ...],
    envelope: Envelope,
    *,
    affirm: bool,
) -> Sanction:
    """Let the body whose turn it is agree 同意.

    Raises:
        Refused: it is not waiting, or its grounds have changed and the body does
            not affirm it.
        Forbidden: another body's turn, the proposer, or the unit concerned.
    """
    body = _whose_turn(directory, sanction, envelope.actor)
    if changed and not affirm:
        raise Refused(
            f"Sanction on {sanction.unit}: its grounds have changed since it was "
            f"proposed: {'; '.join(changed)}. Affirm or reject it.",
            zh=f"对{sanction.unit}的{sanction.kind_name}：提出后依据有变：{'；'.join(changed)}。"
            "请确认或否决。",
            code="sanction.grounds_changed",
        )
    approval = Approval(
        body=body,
        actor=envelope.actor.id,
        on=envelope.now,
        changed=changed,
        acting_for=envelope.actor.acting_for,
    )
    made = evolve(
        sanction,
        version=sanction.version + 1,
        approvals=(*sanction.approvals, approval),
    )
    if made.next_body is None:
        made = evolve(made, stage=Stage.APPROVED)
    event = sanction_event(
        sanction, "approve", envelope, {"body": body, "changed": list(changed)}
    )
    notices = _asked(settings, directory, made)
    draft.sanction(made, sanction.version, [event], notices)
    return made


def reject(
    draft: Draft,
    directory: Directory,
    sanction: Sanction,
    reason: str,
    envelope: Envelope,
) -> Sanction:
    """Let the body whose turn it is refuse 否决; a person may propose anew."""
    body = _whose_turn(directory, sanction, envelope.actor)
    made = evolve(
        sanction,
        version=sanction.version + 1,
        stage=Stage.REJECTED,
        rejected_by=body,
    )
    event = sanction_event(
        sanction, "reject", envelope, {"body": body, "reason": said(reason)}
    )
    draft.sanction(made, sanction.version, [event])
    return made


def _whose_turn(directory: Directory, sanction: Sanction, actor: Actor) -> str:
    body = sanction.next_body
    if body is None:
        raise Refused(
            f"Sanction on {sanction.unit} waits for no approval; "
            f"it is {sanction.stage}.",
            zh=f"对{sanction.unit}的{sanction.kind_name}不在待审批状态（{sanction.stage}）。",
            code="sanction.not_waiting",
        )
    unit = directory.find(body)
    if actor.unit not in (body, unit.code if unit else body):
        raise Forbidden(
            f"Sanction on {sanction.unit}: it is the turn of {body}, "
            f"not of {actor.id}.",
            zh=f"对{sanction.unit}的{sanction.kind_name}应由{body}审批，不是{actor.id}。",
            code="sanction.other_body",
        )
    _check_duties(sanction, actor)
    return body


def _check_duties(sanction: Sanction, actor: Actor) -> None:
    """Keep apart who proposes, who agrees for each body, and whom it is on."""
    proposers = {sanction.proposer, sanction.proposer_for}
    if actor.persons & proposers or actor.unit == sanction.proposer_unit:
        raise Forbidden(
            f"Sanction on {sanction.unit}: {actor.id} proposed it "
            "and may not approve it.",
            zh=f"{actor.id}是提出者，不得审批对{sanction.unit}的{sanction.kind_name}。",
            code="duty.proposer_approves",
        )
    if actor.unit == sanction.unit:
        raise Forbidden(
            f"Sanction on {sanction.unit}: the unit concerned may not approve it.",
            zh=f"{sanction.unit}不得审批对本单位的问责。",
            code="duty.own_sanction",
        )
    before = [a for a in sanction.approvals if a.persons & actor.persons]
    if before:
        raise Forbidden(
            f"Sanction on {sanction.unit}: {actor.id} agreed to it for "
            f"{before[0].body} and may not decide for another body.",
            zh=f"{actor.id}已代表{before[0].body}同意对{sanction.unit}的"
            f"{sanction.kind_name}，不得再代表其他机构审批。",
            code="duty.same_person",
        )


def said(reason: str) -> str:
    """Insist on a reason."""
    if not reason.strip():
        raise Invalid("A reason is wanted.", zh="缺少理由。", code="payload.empty")
    return reason


def changed_grounds(
    sanction: Sanction, now_found: Mapping[tuple[str, str], Iterable[Any]]
) -> tuple[str, ...]:
    """Say which grounds of a sanction are no longer what they were.

    ``now_found`` gives, by (item, rung), the grounds as the facts now have them; a
    rung that is not in it no longer bears on the unit.
    """
    said: list[str] = []
    for citation in sanction.citations:
        found = now_found.get((citation.item, citation.rung))
        if found is None and citation.rung != BY_HAND:
            said.append(f"{citation.code} {citation.rung}: no longer applies")
        now = {g.condition: g for g in found or ()}
        said += [
            f"{citation.code} {old.condition}: {old.holds} → {new.holds} ({new.found})"
            for old in citation.grounds
            if (new := now.get(old.condition)) is not None and new.holds != old.holds
        ]
    return tuple(said)
