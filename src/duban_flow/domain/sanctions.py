"""Sanctions 问责措施: proposed on grounds, approved in order, issued, perhaps revoked.

A sanction is on a unit in a role and cites items. Nothing is deleted: a wrong one is
revoked by an event with its reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from attrs import field, frozen

from duban_flow.domain.codec import Value
from duban_flow.domain.units import Role


class Stage(StrEnum):
    """How far a sanction has come."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    ISSUED = "issued"
    REJECTED = "rejected"
    REVOKED = "revoked"


@frozen(kw_only=True)
class Ground(Value):
    """One ground of a decision 依据: the condition, whether it held, what was found.

    ``holds`` is None where the facts do not decide it. ``scope`` says whether it
    was asked by ``where`` or by ``when``.
    """

    condition: str
    holds: bool | None
    found: str = ""
    scope: str = "when"


@frozen(kw_only=True)
class Citation(Value):
    """One item cited in a sanction 引用事项, with the grounds it was cited on."""

    item: str
    rung: str
    cycle: str
    code: str = ""
    title: str = ""
    attempt: int = 1
    grounds: tuple[Ground, ...] = ()


@frozen(kw_only=True)
class Approval(Value):
    """A body's agreement 同意, with the changed grounds it saw."""

    body: str
    actor: str
    on: datetime
    changed: tuple[str, ...] = ()
    acting_for: str | None = None

    @property
    def persons(self) -> frozenset[str]:
        """Everyone it must be held against: who agreed, and for whom they acted."""
        return frozenset(filter(None, (self.actor, self.acting_for)))


@frozen(kw_only=True)
class Revocation(Value):
    """A revocation that is proposed 拟撤销, because a date it rests on was wrong.

    ``codes`` are the cited matters for which it would not have been proposed. A person
    decides; until then the sanction stands.
    """

    proposed_at: datetime
    codes: tuple[str, ...]
    reason: str = ""


@frozen(kw_only=True)
class Sanction(Value):
    """A measure of accountability 问责措施 on a unit, in a role.

    ``kind`` is the policy's word for it (prompt, warn, yellow …), ``kind_name`` what
    it is called in print. ``moves`` is the action of the cited items' workflow, or
    empty. ``bodies`` must approve in their order. ``revocation`` says why it should
    be revoked, where that was proposed.
    """

    id: str
    version: int
    kind: str
    kind_name: str
    unit: str
    role: Role
    citations: tuple[Citation, ...]
    policy: str
    reason: str = ""
    basis: tuple[str, ...] = ()
    level: int = 1
    ladder: str = ""
    moves: str = ""
    points: int = 0
    measures: tuple[str, ...] = ()
    bodies: tuple[str, ...] = ()
    stage: Stage = Stage.PROPOSED
    proposer: str = ""
    proposer_unit: str | None = None
    proposer_for: str | None = None
    proposed_at: datetime
    sitting: str | None = None
    approvals: tuple[Approval, ...] = ()
    issued_at: datetime | None = None
    revoked_at: datetime | None = None
    rejected_by: str = ""
    number: str = ""
    rectify_by: datetime | None = None
    per_unit: bool = False
    overtaken: tuple[Citation, ...] = ()
    revocation: Revocation | None = None

    @property
    def next_body(self) -> str | None:
        """The body whose turn it is to approve, or none."""
        left = self.bodies[len(self.approvals) :]
        return left[0] if left and self.stage is Stage.PROPOSED else None

    @property
    def to_revoke(self) -> bool:
        """Whether its revocation was proposed and nobody has decided on it yet."""
        over = self.stage in (Stage.REVOKED, Stage.REJECTED)
        return self.revocation is not None and not over

    def stands(self, at: datetime) -> bool:
        """Whether it had been issued and not revoked at an instant."""
        if self.issued_at is None or self.issued_at > at:
            return False
        return self.revoked_at is None or self.revoked_at > at

    def cites(self, item: str) -> bool:
        """Whether an item is among those it cites."""
        return any(c.item == item for c in self.citations)


@frozen(kw_only=True)
class NotSanctioned(Value):
    """Why matters that were late or short were not sanctioned 未予问责及原因.

    Items with the same unit, grounds and reason share one record.
    """

    items: tuple[str, ...]
    codes: tuple[str, ...]
    titles: tuple[str, ...]
    unit: str | None
    role: str | None = None
    reason: str
    grounds: tuple[Ground, ...] = ()


@frozen(kw_only=True)
class Unsure(Value):
    """A matter that its facts do not decide 存疑: a person must."""

    item: str
    code: str
    title: str
    unit: str | None
    rung: str
    grounds: tuple[Ground, ...]


@frozen(kw_only=True)
class Sitting(Value):
    """A meeting of the panel 研究会, and what came of it.

    ``opened_at`` is 09:00 of its day, ``judged_at`` the instant of the sweep that
    judged it; a missed sitting is made up at the next sweep, and both are kept.
    """

    id: str
    version: int
    policy: str
    day: date
    opened_at: datetime
    judged_at: datetime
    closed_at: datetime | None = None
    sanctions: tuple[str, ...] = ()
    not_sanctioned: tuple[NotSanctioned, ...] = ()
    unsure: tuple[Unsure, ...] = ()
    tally: Mapping[str, Any] = field(factory=dict)
