"""Who may do what 权限: relations of an actor to an item, and what they open.

The core decides first; a host's ``permit`` may only tighten. Duties that must be
kept apart over the history of an item are guards of its workflow.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from attrs import evolve

from duban_flow.domain.case import Case
from duban_flow.domain.items import Item
from duban_flow.domain.units import ENGINE, Actor, Directory, Role
from duban_flow.errors import Reason

OVERSIGHT: Final = frozenset({"supervisor", "body", "auditor"})
"""Kinds of unit that may read every item of their tenant."""

HANDLING: Final = frozenset({Role.LEAD, Role.RESPONSIBLE, Role.ASSISTING})
"""Roles of the units that a complaint may be about."""

GIVING: Final = frozenset({"supervisor", "body"})
"""Kinds of unit that may give out matters, register units and hold evaluations."""


def relations(actor: Actor, item: Item, directory: Directory) -> frozenset[str]:
    """Say what an actor is to an item: its unit's roles, and more.

    The unit that registered the item, and every unit above one that supervises it,
    supervises it too; ``body`` is a unit that approves; ``engine`` is the sweep.
    """
    if actor.id == ENGINE:
        return frozenset({ENGINE})
    found = {str(role) for role in item.roles_of(actor.unit)}
    overseers = {item.registrar, *item.units(Role.SUPERVISING)} - {""}
    above = {up for code in overseers for up in directory.above(code)}
    if actor.unit in overseers | above:
        found.add(str(Role.SUPERVISING))
    if directory.kind(actor.unit) in ("body", "auditor"):
        found.add(directory.kind(actor.unit))
    return frozenset(found)


def refusal(
    actor: Actor,
    action: str,
    roles: tuple[str, ...],
    found: frozenset[str],
    code: str,
    *,
    zh: str = "",
) -> Reason | None:
    """Say why an actor with these relations may not perform an action, or nothing.

    ``zh`` is the action's Chinese name.
    """
    if found & set(roles):
        return None
    stands = ", ".join(sorted(found)) or "nothing to it"
    return Reason(
        code="rights.role",
        en=f"Item {code}: {action} is for {', '.join(roles) or 'nobody'}; "
        f"{actor.id} is {stands}.",
        zh=f"事项{code}：{actor.id}（{_roles(found) or '无关单位'}）"
        f"不能做“{zh or action}”，"
        f"须为{_roles(roles) or '系统'}。",
    )


_WORDS: Final = {"body": "审批机构", "auditor": "审计单位", ENGINE: "系统"}


def _roles(words: frozenset[str] | tuple[str, ...]) -> str:
    named = {str(role): role.zh for role in Role} | _WORDS
    return "、".join(named.get(word, word) for word in sorted(words))


def sees_all(actor: Actor, directory: Directory) -> bool:
    """Whether an actor reads every item: the engine, and units of oversight."""
    return actor.id == ENGINE or directory.kind(actor.unit) in OVERSIGHT


def visible_to(actor: Actor, directory: Directory) -> tuple[str, ...] | None:
    """Give the units whose items an actor may read; None means all."""
    if sees_all(actor, directory):
        return None
    return tuple(sorted(directory.below(actor.unit))) if actor.unit else ()


def may_read(actor: Actor, item: Item, directory: Directory) -> bool:
    """Whether an actor may read an item: its parties, and every unit above them."""
    units = visible_to(actor, directory)
    return units is None or bool({item.registrar, *item.units()} & set(units))


def shown(item: Item, actor: Actor, *also: Item) -> Item:
    """Give the item as this actor may see it.

    Who complained is never shown to a unit that handles the matter: a hard rule,
    not a role (检举控告规则, article 47). ``also`` is the item as it stands at other
    times: who handles it at one of them is not shown it at any.
    """
    return _masked(item) if _handles((item, *also), actor) else item


def shown_case(case: Case, actor: Actor, *also: Item) -> Case:
    """Give a case as this actor may see it, its log included; ``also`` as above."""
    if not _handles((case.item, *also), actor):
        return case
    return evolve(
        case,
        item=_masked(case.item),
        events=tuple(evolve(e, data=_without_name(e.data)) for e in case.events),
        parts=tuple(_masked(part) for part in case.parts),
        parent=None if case.parent is None else _masked(case.parent),
    )


def _masked(item: Item) -> Item:
    source = item.source
    return (
        item if source is None else evolve(item, source=evolve(source, complainant=""))
    )


def _without_name(data: Any) -> Any:
    """Leave out who complained, however deep it lies: a decomposition holds parts."""
    if isinstance(data, Mapping):
        return {k: _without_name(v) for k, v in data.items() if k != "complainant"}
    return [_without_name(one) for one in data] if isinstance(data, list) else data


def _handles(several: tuple[Item, ...], actor: Actor) -> bool:
    """Whether the complaint may be about the actor's unit, past parties included."""
    return any(
        actor.unit in item.units(*HANDLING)
        or any(p.unit == actor.unit for r, p in item.past_parties if r in HANDLING)
        for item in several
    )
