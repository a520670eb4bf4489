"""Issuing 下发 and revoking 撤销: what a sanction does to the items it cites.

Issuing writes one event on each cited item and tells the unit; revoking takes it off
again and tells everyone who was told.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, Final

from attrs import evolve

from duban_flow.domain.case import Case
from duban_flow.domain.events import Notice, Subject, SubjectKind
from duban_flow.domain.fold import Folded, fold
from duban_flow.domain.instants import latest
from duban_flow.domain.items import Item
from duban_flow.domain.payloads import Revoke, Sanctioned
from duban_flow.domain.policies.model import Rung
from duban_flow.domain.rights import GIVING
from duban_flow.domain.sanctions import Sanction, Stage
from duban_flow.domain.time.offset import shift
from duban_flow.domain.units import Actor, Directory
from duban_flow.domain.workflow import Attempt, payload_data
from duban_flow.engine.draft import Draft
from duban_flow.engine.envelope import Envelope
from duban_flow.engine.sanctioning import said, sanction_event
from duban_flow.engine.settings import Settings
from duban_flow.errors import Forbidden, Refused

GENERIC: Final = "sanction"
"""The event on a cited item that the sanction does not move."""


def issue(
    settings: Settings,
    directory: Directory,
    draft: Draft,
    sanction: Sanction,
    cases: Mapping[str, Case],
    envelope: Envelope,
    *,
    number: str = "",
    rectify_by: datetime | None = None,
) -> Sanction:
    """Issue a sanction 下发: an event on each cited item, a formal notice to the unit.

    Cited items are moved where the action is legal there, and left where it is not.

    Raises:
        Refused: approvals are missing, or it has been issued already.
    """
    _check_ready(sanction)
    made = evolve(
        sanction,
        version=sanction.version + 1,
        stage=Stage.ISSUED,
        issued_at=envelope.now,
        number=number,
        rectify_by=rectify_by or _second_date(settings, sanction, cases, envelope.now),
    )
    event = sanction_event(sanction, "issue", envelope, {"number": number})
    notices = _formal(settings, directory, sanction, cases, envelope.now)
    draft.sanction(made, sanction.version, [event], notices)
    for item in dict.fromkeys(c.item for c in made.citations):
        case = draft.cases.get(item) or cases[item]
        _cite(settings, draft, made, case, envelope)
    return made


def _check_ready(sanction: Sanction) -> None:
    unasked = sanction.stage is Stage.PROPOSED and not sanction.bodies
    if sanction.stage is not Stage.APPROVED and not unasked:
        raise Refused(
            f"Sanction on {sanction.unit} cannot be issued; it is {sanction.stage}"
            + (f" and waits for {sanction.next_body}." if sanction.next_body else "."),
            zh=f"对{sanction.unit}的{sanction.kind_name}不能下发：{sanction.stage}。",
            code="sanction.not_approved",
        )


def _formal(
    settings: Settings,
    directory: Directory,
    sanction: Sanction,
    cases: Mapping[str, Case],
    now: datetime,
) -> tuple[tuple[int, Notice], ...]:
    """Tell the unit, and whom the rung names, by the rung's channels or all."""
    cited = sanction.citations[0]
    policy = settings.policy(sanction.policy)
    case = cases[cited.item]
    rungs = policy.rungs(case.item, case.facts)
    rung = next((r for r in rungs if r.key == cited.rung), None)
    whom: list[tuple[str, str]] = [(sanction.unit, "")]
    if rung is not None:
        day = case.calendar.date_of(now)
        whom = recipients(directory, rung, case.item, day, whom)
    channels = rung.via if rung is not None and rung.via else settings.channels
    template = sanction.moves or GENERIC
    return tuple(
        (0, Notice(unit=u, post=p, channel=c, template=template, formal=True))
        for u, p in dict.fromkeys(whom)
        for c in channels
    )


def recipients(
    directory: Directory,
    rung: Rung,
    item: Item,
    day: date,
    first: Iterable[tuple[str, str]] = (),
) -> list[tuple[str, str]]:
    """Say whom a rung tells of an item on a day: (unit, post), each once, in order.

    ``first`` are told before them. A post that nobody holds falls back to its unit,
    so it is left out where its unit is told already.
    """
    found = list(first)
    for recipient in rung.notify:
        if recipient.role is not None:
            units: tuple[str, ...] = item.units(recipient.role)
        else:
            unit = directory.find(recipient.unit or "")
            units = (unit.code if unit else recipient.unit or "",)
        found += [(unit, recipient.post) for unit in units]
    told = {code for code, post in found if not post}
    kept = []
    for code, post in dict.fromkeys(found):
        held = not post or directory.holder(code, post, day) is not None
        if held or code not in told:
            kept.append((code, post))
        if not held:
            told.add(code)
    return kept


def _second_date(
    settings: Settings, sanction: Sanction, cases: Mapping[str, Case], now: datetime
) -> datetime | None:
    """Compute the date that the act orders, by the policy's own distance."""
    kind = settings.policy(sanction.policy).kinds.get(sanction.kind)
    if kind is None or kind.rectify is None:
        return None
    case = cases[sanction.citations[0].item]
    return latest(shift(now, kind.rectify.n, kind.rectify.unit, case.calendar))


def _cite(
    settings: Settings,
    draft: Draft,
    sanction: Sanction,
    case: Case,
    envelope: Envelope,
) -> None:
    """Write a sanction's one event on a cited item."""
    workflow = settings.workflow(case.item.workflow)
    payload = Sanctioned(
        sanction=sanction.id,
        kind=sanction.kind,
        kind_name=sanction.kind_name,
        unit=sanction.unit,
    )
    action, dest = GENERIC, None
    if sanction.moves in workflow.actions:
        attempt = Attempt(
            case=evolve(case, at=envelope.now),
            actor=envelope.actor,
            action=sanction.moves,
            payload=payload,
            issuing=True,
        )
        if not workflow.refusals(attempt):
            action, dest = sanction.moves, workflow.passage(attempt)
    _on_item(settings, draft, case, action, payload_data(payload), dest, envelope)
    held = draft.cases[case.item.id]
    acts = (*(s for s in held.acts if s.id != sanction.id), sanction)
    draft.hold(evolve(held, acts=acts))


def _on_item(
    settings: Settings,
    draft: Draft,
    case: Case,
    action: str,
    data: Mapping[str, Any],
    dest: str | None,
    envelope: Envelope,
) -> None:
    item = case.item
    event = evolve(
        envelope.event(Subject(SubjectKind.ITEM, item.id), action, data),
        seq=item.version + 1,
        state=dest,
        since=item.entered_at if dest else None,
    )
    folded = fold(
        settings.workflow(item.workflow), Folded(item=item, facts=case.facts), [event]
    )
    after = evolve(folded.item, next_at=envelope.now)
    made = evolve(case, item=after, events=(*case.events, event))
    draft.item(made, item.version, [event])


def revoke(
    settings: Settings,
    draft: Draft,
    directory: Directory,
    sanction: Sanction,
    cases: Mapping[str, Case],
    told: Iterable[tuple[str, str, str]],
    reason: str,
    envelope: Envelope,
) -> Sanction:
    """Revoke a sanction 撤销, with its reason; everyone who was told is told of that.

    ``told`` are the (unit, post, channel) that its notices went to.

    Raises:
        Refused: it has not been issued, or is revoked already.
        Forbidden: neither a deciding body nor a supervising unit, or the unit itself.
    """
    _check_revocable(directory, sanction, envelope.actor)
    made = evolve(
        sanction,
        version=sanction.version + 1,
        stage=Stage.REVOKED,
        revoked_at=envelope.now,
    )
    event = sanction_event(sanction, "revoke", envelope, {"reason": said(reason)})
    notices = tuple(
        (0, Notice(unit=u, post=p, channel=c, template="revoke", formal=True))
        for u, p, c in dict.fromkeys(told)
    )
    draft.sanction(made, sanction.version, [event], notices)
    payload = Revoke(sanction=sanction.id, reason=reason)
    for item in dict.fromkeys(c.item for c in sanction.citations):
        _uncite(settings, draft, cases[item], payload, envelope)
    return made


def _check_revocable(directory: Directory, sanction: Sanction, actor: Actor) -> None:
    if sanction.stage is not Stage.ISSUED:
        raise Refused(
            f"Sanction on {sanction.unit} cannot be revoked; it is {sanction.stage}.",
            zh=f"对{sanction.unit}的{sanction.kind_name}不能撤销：{sanction.stage}。",
            code="sanction.not_issued",
        )
    if directory.kind(actor.unit) not in GIVING or actor.unit == sanction.unit:
        raise Forbidden(
            f"Sanction on {sanction.unit}: {actor.id} may not revoke it.",
            zh=f"{actor.id}不得撤销对{sanction.unit}的{sanction.kind_name}。",
            code="rights.revoke",
        )


def _uncite(
    settings: Settings, draft: Draft, case: Case, payload: Revoke, envelope: Envelope
) -> None:
    """Take a sanction off a cited item; the facts say where it then stands."""
    workflow = settings.workflow(case.item.workflow)
    after = payload.effect(case.item, case.events[0])
    dest = None
    if "revoke" in workflow.actions:
        attempt = Attempt(
            case=evolve(case, at=envelope.now),
            actor=envelope.actor,
            action="revoke",
            after=after,
            payload=payload,
            issuing=True,
        )
        dest = None if workflow.refusals(attempt) else workflow.passage(attempt)
    data = payload_data(payload)
    _on_item(settings, draft, case, "revoke", data, dest, envelope)
