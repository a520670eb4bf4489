"""Whether an actor may 许可: the core's rule first, then the host's own.

The host's rule only tightens; whatever it raises means no. What a duty kept apart
forbids is a guard of the workflow, not a right.
"""

from __future__ import annotations

from duban_flow.domain.case import Case
from duban_flow.domain.items import Item
from duban_flow.domain.rights import refusal, relations
from duban_flow.domain.schema import schema_of
from duban_flow.domain.units import ENGINE, Actor, Directory
from duban_flow.domain.workflow import Attempt, Availability
from duban_flow.engine.envelope import Envelope
from duban_flow.engine.settings import Settings
from duban_flow.errors import Forbidden, Reason


def permitted(
    settings: Settings,
    directory: Directory,
    item: Item,
    action: str,
    envelope: Envelope,
) -> frozenset[str]:
    """Check an actor's right to an action, the core's rule first, then the host's.

    Raises:
        Forbidden: with the reason.
    """
    found = relations(envelope.actor, item, directory)
    declared = settings.workflow(item.workflow).action(action)
    if not declared.issued:
        roles = declared.roles
        reason = refusal(
            envelope.actor, action, roles, found, item.code, zh=declared.zh
        )
        if reason is not None:
            raise Forbidden("", reason)
    ask_permit(settings, envelope.actor, action, item)
    return found


def availability(
    settings: Settings, directory: Directory, case: Case, action: str, actor: Actor
) -> Availability:
    """Say whether an actor may do something to a case now, and if not, every reason."""
    workflow = settings.workflow(case.item.workflow)
    declared = workflow.action(action)
    reasons: list[Reason] = []
    found: frozenset[str] = frozenset()
    try:
        envelope = Envelope(actor=actor, now=case.at)
        found = permitted(settings, directory, case.item, action, envelope)
    except Forbidden as refused:
        reasons += refused.reasons
    rule = settings.policy(case.item.policy).extension
    attempt = Attempt(case=case, actor=actor, action=action, relations=found, rule=rule)
    reasons += workflow.refusals(attempt)
    return Availability(
        action=action,
        zh=declared.zh,
        allowed=not reasons,
        reasons=tuple(reasons),
        schema=schema_of(declared.payload),
    )


def ask_permit(settings: Settings, actor: Actor, action: str, item: Item) -> None:
    """Ask the host's own rule; it may only tighten, and an exception is a refusal.

    Raises:
        Forbidden: the host gave a reason, or its rule broke.
    """
    if settings.permit is None or actor.id == ENGINE:
        return
    try:
        reason = settings.permit(actor, action, item)
    except Exception as fault:  # the host's code: whatever it raises means no
        raise Forbidden(
            f"Item {item.code}: the host's permit raised {fault!r}.",
            zh=f"事项{item.code}：权限检查出错，按不允许处理。",
            code="rights.permit_raised",
        ) from fault
    if reason is not None:
        raise Forbidden("", reason)


def may_see(settings: Settings, actor: Actor, item: Item, *actions: str) -> bool:
    """Whether the host lets an actor read; each of the actions must be allowed."""
    try:
        for action in actions:
            ask_permit(settings, actor, action, item)
    except Forbidden:
        return False
    return True
