"""What the engine asks of the outside: a storage, channels, a watcher of progress.

A port is small, in the words of the domain, and says what it promises and what it
refuses. The conformance suites in :mod:`duban_flow.testing` hold every adapter to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final, Protocol, runtime_checkable

from attrs import field, frozen

from duban_flow.domain.batch import Batch, Written
from duban_flow.domain.codec import Value
from duban_flow.domain.editions import EditionTable, Kept
from duban_flow.domain.events import Event, SubjectKind
from duban_flow.domain.items import Item
from duban_flow.domain.policies.model import Judgement
from duban_flow.domain.sanctions import NotSanctioned, Sanction, Sitting, Unsure
from duban_flow.domain.units import Directory

LOWER: Final = str.maketrans(
    {chr(c): chr(c + 32) for c in range(ord("A"), ord("Z") + 1)}
)
"""How texts are compared when items are found: A to Z match in either case."""


@frozen(kw_only=True)
class Query:
    """Which items are wanted; every field narrows, ``after`` is the last code seen.

    ``unit`` is a unit in any role; ``visible_to`` keeps items in which one of these
    units has a role or which one of them registered. ``due_from`` keeps what is due at
    an instant or later, and what is open and due at one that nobody can name yet;
    ``next_from`` what is judged next at an instant or later.
    """

    state: tuple[str, ...] = ()
    unit: str | None = None
    category: str | None = None
    policy: str | None = None
    parent: str | None = None
    text: str | None = None
    overdue_at: datetime | None = None
    due_by: datetime | None = None
    due_from: datetime | None = None
    next_from: datetime | None = None
    quarantined: bool = False
    visible_to: tuple[str, ...] | None = None
    after: str | None = None
    limit: int = 50


@frozen(kw_only=True)
class SanctionQuery:
    """Which sanctions are wanted; an empty field does not narrow."""

    ids: tuple[str, ...] | None = None
    items: tuple[str, ...] | None = None
    units: tuple[str, ...] | None = None
    stages: tuple[str, ...] = ()
    sitting: str | None = None


@frozen(eq=False, kw_only=True)
class Claim:
    """Due items, in columns, oldest first; valid in its unit of work only.

    ``next_at`` is in microseconds. ``locators`` are the storage's own and opaque.
    """

    ids: Sequence[str] = ()
    versions: Sequence[int] = ()
    next_at: Sequence[int] = ()
    policies: Sequence[str] = ()
    locators: Sequence[Any] | None = None

    def __len__(self) -> int:
        return len(self.ids)


class Delivery(StrEnum):
    """Where a queued notice stands."""

    PENDING = "pending"
    SENT = "sent"
    CANCELLED = "cancelled"
    REJECTED = "rejected"
    UNKNOWN = "unknown"
    DEAD = "dead"
    RECORDED = "recorded"
    """A rehearsal wrote down what would have left the machine."""


@frozen(kw_only=True)
class Queued(Value):
    """A notice in the outbox, keyed by subject, seq, recipient and channel.

    ``recipient`` is ``unit/post``. ``key`` is stable over every attempt.
    """

    key: str
    subject: str
    kind: SubjectKind
    seq: int
    unit: str
    post: str
    channel: str
    template: str
    formal: bool = False
    status: Delivery = Delivery.PENDING
    attempts: int = 0
    not_before: datetime
    created_at: datetime
    settled_at: datetime | None = None
    detail: str = ""


@frozen(kw_only=True)
class Settlement:
    """What became of a claimed notice; Retry leaves it pending, from ``not_before``."""

    key: str
    status: Delivery
    attempts: int
    at: datetime
    not_before: datetime | None = None
    detail: str = ""


class Work(Protocol):
    """A unit of work: reads see what was committed before, writes are all or nothing.

    Promises: a write compares each member's version; events are append-only and
    numbered without gaps; nothing of another tenant is seen. Refuses: to commit or
    roll back what it was lent, to issue DDL, to guess.
    """

    def clock(self) -> datetime:
        """Give the database's clock."""
        ...

    def meta(self, key: str) -> str | None:
        """Give a word that is kept about the office itself."""
        ...

    def ids_of(self, codes: Iterable[str]) -> Mapping[str, str]:
        """Give the ids of items by code; an unknown code is absent."""
        ...

    def codes_near(self, keys: Iterable[str]) -> Mapping[str, str]:
        """Give the codes in use by their keys: alike but for width, case and space."""
        ...

    def items(self, ids: Iterable[str], *, lock: bool = False) -> Mapping[str, Item]:
        """Load items by id; an unknown id is absent."""
        ...

    def events(self, subjects: Iterable[str]) -> Mapping[str, tuple[Event, ...]]:
        """Load every event of subjects, in order; who has none has an empty tuple."""
        ...

    def parts(self, parents: Iterable[str]) -> Mapping[str, tuple[Item, ...]]:
        """Load the parts of items, by code; who has none has an empty tuple."""
        ...

    def sanctions(self, query: SanctionQuery) -> tuple[Sanction, ...]:
        """Find sanctions, in the order in which they were proposed."""
        ...

    def find(self, query: Query) -> tuple[Item, ...]:
        """Find items, by code, at most ``limit`` after ``after``."""
        ...

    def all_ids(self) -> tuple[str, ...]:
        """Give the ids of all items, by code."""
        ...

    def claim(self, now: datetime, limit: int, policy: str | None = None) -> Claim:
        """Claim items whose ``next_at`` is not after now, oldest first.

        What another worker holds is skipped where the database can.
        """
        ...

    def due(self, now: datetime, policy: str | None = None) -> int:
        """Count the items whose ``next_at`` is not after now; skips nothing."""
        ...

    def open_count(self) -> int:
        """Count the items for which a decision is ahead."""
        ...

    def sitting(
        self, policy: str, day: date, *, lock: str | None = None
    ) -> Sitting | None:
        """Find a sitting; ``lock`` is "share" or "exclusive", held to the end."""
        ...

    def sittings(self, policy: str | None = None) -> tuple[Sitting, ...]:
        """List sittings by day, with their accounts."""
        ...

    def judgements(self, sitting: str) -> tuple[Judgement, ...]:
        """Load a sitting's judgement rows."""
        ...

    def account(
        self, sitting: str
    ) -> tuple[tuple[NotSanctioned, ...], tuple[Unsure, ...]]:
        """Load a sitting's not-sanctioned and unsure records, in order."""
        ...

    def directory(self) -> Directory:
        """Load units and posts."""
        ...

    def editions(self, table: EditionTable) -> tuple[Kept, ...]:
        """Load what is kept of calendars or policies, in the order of recording.

        ``table`` is ``calendar_version`` or ``policy_version``.
        """
        ...

    def request(self, request_id: str) -> tuple[str, str] | None:
        """Find an answered request: its digest and its result."""
        ...

    def write(self, batch: Batch) -> Written:
        """Write a batch, all of it or nothing.

        A sanction is lost with any item that it cites in the batch, and a row with
        the item or sanction it names. Of notices of one event to one post by one
        channel the first stands.

        Raises:
            Stale: a member lost its race and the batch says raise.
            Conflict: a code, a citation or a request id is taken.
            Busy: a sitting lost its race, on which a whole set-wise batch rests.
            Invalid: the batch contradicts itself, or a text cannot be kept.
        """
        ...

    def claim_notices(
        self, now: datetime, limit: int, lease_until: datetime, worker: str
    ) -> tuple[Queued, ...]:
        """Lease pending notices that may go out, oldest first.

        A lease is known by its worker's name: two workers need two names.
        """
        ...

    def settle(
        self, settlements: Iterable[Settlement], worker: str | None = None
    ) -> tuple[str, ...]:
        """Keep what became of notices and let go of the lease; give the keys lost.

        A ``worker`` settles what it still holds: what another has leased or settled
        since is lost, and left as it is. Without one, a person speaks, of any notice.
        What was sent, cancelled, rejected or recorded stays so.

        Raises:
            NotFound: there is no notice under a key; none is settled.
        """
        ...

    def notices(
        self, *, statuses: Sequence[str] = (), subject: str | None = None
    ) -> tuple[Queued, ...]:
        """List notices, oldest first."""
        ...


@runtime_checkable
class Storage(Protocol):
    """A place where an office's subjects are kept.

    ``capabilities`` are words the conformance suite knows: ``bound`` (joins a
    caller's transaction), ``skip_locked``, ``persistent``.
    """

    name: str
    capabilities: frozenset[str]

    def create(self) -> None:
        """Make the schema where it is absent; never changes one that is there."""
        ...

    def verify(self) -> None:
        """Check the schema.

        Raises:
            SchemaMismatch: it is absent, older or newer.
        """
        ...

    def begin(self, tenant: str) -> AbstractContextManager[Work]:
        """Open a transaction of one's own: committed at the end, or nothing."""
        ...

    def bound(self, tenant: str, on: Any) -> AbstractContextManager[Work]:
        """Join the caller's transaction: never commits, rolls back or issues DDL."""
        ...

    def close(self) -> None:
        """Let go of connections."""
        ...


@frozen(kw_only=True)
class Message(Value):
    """What a channel sends: a rendered notice, under a key that never changes.

    ``item`` is the code, or nothing where the notice is not about one.
    """

    key: str
    unit: str
    unit_name: str
    post: str = ""
    name: str = ""
    address: str = ""
    channel: str
    item: str | None = None
    rung: str | None = None
    kind: str = ""
    subject: str
    text: str
    html: str = ""
    at: datetime
    attributes: Mapping[str, Any] = field(factory=dict)


@frozen
class Sent(Value):
    """The provider took it; ``reference`` is its own number."""

    reference: str = ""


@frozen
class Retry(Value):
    """It was surely not sent; try again later."""

    why: str = ""


@frozen
class Rejected(Value):
    """It will never be taken."""

    why: str = ""


@frozen
class Unknown(Value):
    """Whether it was sent is not known; nobody may blindly send it again."""

    why: str = ""


OutcomeOfSending = Sent | Retry | Rejected | Unknown


@runtime_checkable
class Channel(Protocol):
    """A way to tell people 渠道.

    Promises one outcome per message, in order. Raising means Unknown for the whole
    batch. A channel with a true attribute ``local`` stays on this machine and is
    called in a rehearsal; of the others a rehearsal only records what would go out.
    """

    name: str

    def send(self, batch: Sequence[Message]) -> Sequence[OutcomeOfSending]:
        """Send messages."""
        ...


class Progress(Protocol):
    """Somebody who watches long work."""

    def __call__(self, what: str, done: int, total: int | None) -> None:
        """Hear how far it is."""
        ...
