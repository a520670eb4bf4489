"""A policy as data 升级规则: kinds, rungs, times and conditions, and what they decide.

Nothing here judges. The grammar is read in :mod:`grammar`, facts are found in
:mod:`vocabulary`, judgement is :mod:`decide`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final, Literal, Protocol, get_args

from attrs import field, fields, frozen

from duban_flow.domain.case import Facts
from duban_flow.domain.items import Item
from duban_flow.domain.sanctions import Ground
from duban_flow.domain.time.extension import ExtensionRule
from duban_flow.domain.time.offset import Offset
from duban_flow.domain.units import Role

CatchUp = Literal["highest_only", "skip_if_stale", "each"]
Clock = Literal["due", "chase", "limit"]


@frozen(kw_only=True)
class TimeExpression:
    """When a rung ripens: ``[sitting after] ANCHOR [± n day|workday|month]``.

    ``anchor`` is assigned, due, chase, limit, round, finding, month end, quarter end,
    year end, ``act`` or ``act due``; the last two carry ``kind``.
    """

    text: str
    anchor: str
    kind: str = ""
    offset: Offset | None = None
    sitting: bool = False


@frozen(kw_only=True)
class Condition:
    """One fact compared with constants: a flag, words, or a number.

    ``arguments`` are those in brackets after the word, as in ``count(yellow, matter)``.
    ``running`` asks that it held for so many rounds or months in a row.
    """

    text: str
    fact: str
    arguments: tuple[str, ...] = ()
    negated: bool = False
    operator: Literal["", "in", "<", "<=", ">", ">="] = ""
    words: tuple[str, ...] = ()
    limit: Decimal | None = None
    unit: str = ""
    running: int = 1
    running_unit: Literal["", "round", "month"] = ""


@frozen(kw_only=True)
class Recipient:
    """Whom a rung tells: a role or a unit, and perhaps a post in it."""

    role: Role | None = None
    unit: str | None = None
    post: str = ""


@frozen(kw_only=True)
class Kind:
    """A kind of measure 措施种类, an act as data.

    Without ``approval`` the pass that proposes it issues it. ``rectify`` is the
    second date the act orders.
    """

    key: str
    name: str
    level: int = 1
    moves: str = ""
    approval: tuple[str, ...] = ()
    ladder: str = ""
    points: int = 0
    measures: tuple[str, ...] = ()
    rectify: Offset | None = None


@frozen(kw_only=True)
class Rung:
    """One rung 一级: when it ripens, what must hold, what follows, for whom.

    ``where`` says what the rung is about (unmet: silence); ``when`` says what must
    hold (unmet: a recorded reason). ``line`` is where it stands in its file.
    """

    key: str
    at: TimeExpression
    action: str
    every: Offset | None = None
    on: tuple[Role, ...] = ()
    per: Literal["item", "unit"] = "item"
    at_least: int = 1
    where: tuple[Condition, ...] = ()
    when: tuple[Condition, ...] = ()
    notify: tuple[Recipient, ...] = ()
    via: tuple[str, ...] = ()
    basis: tuple[str, ...] = ()
    reason: str = ""
    catch_up: CatchUp = "highest_only"
    line: int | None = None


@frozen(kw_only=True)
class Policy:
    """A policy 升级规则, pinned by items as ``name@version``.

    ``account_for`` names flags: a matter with one of them is sanctioned, or a
    record says why not.
    """

    name: str
    version: str
    kinds: Mapping[str, Kind] = field(factory=dict)
    rung: tuple[Rung, ...] = ()
    sitting: TimeExpression | None = None
    account_for: tuple[Condition, ...] = ()
    basis: tuple[str, ...] = ()
    pause_overrun: Literal["resume", "alarm"] = "resume"
    rebaseline_moves_due: bool = False
    extension: ExtensionRule | None = None

    @property
    def id(self) -> str:
        """The name under which an item pins it."""
        return f"{self.name}@{self.version}"

    def rungs(self, item: Item, facts: Facts) -> Sequence[Rung]:
        """Give the rungs that may concern an item; a policy in Python may choose."""
        return self.rung


_SAYS: Final = tuple(
    a.name for a in fields(Policy) if a.name not in {"name", "version"}
)


class PolicyLike(Protocol):
    """What a policy written in Python must offer; all else is optional."""

    @property
    def name(self) -> str:
        """Under which name items pin it."""
        ...

    @property
    def version(self) -> str:
        """Which edition of it this is."""
        ...

    def rungs(self, item: Item, facts: Facts) -> Sequence[Rung]:
        """Give the rungs for an item: pure, no clock, no I/O."""
        ...


@frozen(kw_only=True)
class Adopted(Policy):
    """A policy written in Python, with defaults for what it does not say."""

    inner: PolicyLike

    def rungs(self, item: Item, facts: Facts) -> Sequence[Rung]:
        """Ask the policy itself."""
        return self.inner.rungs(item, facts)


def whole(policy: PolicyLike) -> Policy:
    """Give all that a policy says, with defaults where one in Python says nothing."""
    if isinstance(policy, Policy):
        return policy
    said = {name: getattr(policy, name) for name in _SAYS if hasattr(policy, name)}
    return Adopted(name=policy.name, version=policy.version, inner=policy, **said)


class Verdict(StrEnum):
    """What a rung's judgement came to 判定."""

    WAITS = "waits"
    FIRES = "fires"
    FAILS = "fails"
    UNSURE = "unsure"
    DONE = "done"


@frozen(kw_only=True)
class SittingDay:
    """A sitting in prospect: when it opens, and the instant it is judged by."""

    opened_at: datetime
    judged_at: datetime


@frozen(kw_only=True)
class Decision:
    """What one rung means for one party of one item 判定, with every ground.

    ``slot`` is ``role#ordinal``, ``role#0`` where nobody fills the role, or ``-``.
    ``cycle`` is the anchor's occurrence, ``memo`` how the item's memory names it where
    that differs (an act by its ordinal, not its id). ``instant`` is when the rung
    ripened or will; ``until`` the next instant at which this decision can change of
    itself. ``note`` says in a word why it is done or waits (fired, overtaken,
    inherited, stale, unarmed, sitting, submitted …).
    """

    rung: Rung
    slot: str
    unit: str | None
    role: Role | None
    cycle: str
    verdict: Verdict
    memo: str = ""
    instant: datetime | None = None
    until: datetime | None = None
    kind: Kind | None = None
    grounds: tuple[Ground, ...] = ()
    reason: str = ""
    note: str = ""

    @property
    def clock(self) -> Clock | None:
        """The clock it goes by 时钟: due, chase, or the party's own limit.

        Of a party without a limit of its own that is the due; other anchors are no
        clock.
        """
        word = self.cycle.partition(":")[0] or self.rung.at.anchor
        return next((clock for clock in get_args(Clock) if clock == word), None)

    @property
    def fires_alone(self) -> bool:
        """Whether it fires by itself; one that waits for company waits for its act."""
        return self.verdict is Verdict.FIRES and self.rung.at_least == 1

    @property
    def mark(self) -> str:
        """What the item remembers once it has fired; holds no id of any unit."""
        return f"{self.rung.key}@{self.slot}:{self.memo or self.cycle}"


@frozen(kw_only=True)
class Judgement:
    """What a sitting's row holds: one rung judged for one party of one item.

    A row without a rung says only that the item carries a flag to account for.
    """

    item: str
    code: str
    title: str
    unit: str | None
    role: Role | None
    rung: str
    kind: str
    cycle: str
    verdict: Verdict
    grounds: tuple[Ground, ...] = ()
    reason: str = ""
    flags: tuple[str, ...] = ()
