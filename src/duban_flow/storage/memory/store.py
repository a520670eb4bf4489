"""The memory storage and its units of work.

A unit of work sees what was committed before it began, until it first writes, claims
or locks: then it waits for its turn, sees what stands now and is alone with it to the
end. There is no clock here: the caller gives one, or the last sweep is the time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import date, datetime
from threading import Lock, get_ident
from typing import Any

from duban_flow.domain.batch import NEVER, Batch, Written
from duban_flow.domain.editions import EditionTable, Kept
from duban_flow.domain.events import Event
from duban_flow.domain.items import Item
from duban_flow.domain.policies.model import Judgement
from duban_flow.domain.rows import judgement_from
from duban_flow.domain.sanctions import NotSanctioned, Sanction, Sitting, Unsure
from duban_flow.domain.storable import asked, asked_by
from duban_flow.domain.units import Directory
from duban_flow.engine.ports import (
    Claim,
    Query,
    Queued,
    SanctionQuery,
    Settlement,
    Work,
)
from duban_flow.errors import Busy, Invalid
from duban_flow.storage.memory import outbox, reading, writing
from duban_flow.storage.memory.tables import Published, Tables, as_data

Clock = Callable[[], datetime]

LAST_SWEEP = "last_sweep"


class MemoryStorage:
    """A storage in this process, for rehearsals and tests.

    ``patience``: seconds to wait for another thread's turn before it is Busy.

    >>> storage = MemoryStorage()
    >>> with storage.begin("default") as work:
    ...     work.open_count()
    0
    """

    name = "memory"
    capabilities: frozenset[str] = frozenset()

    def __init__(self, clock: Clock | None = None, *, patience: float = 5.0) -> None:
        self.clock = clock
        self._patience = patience
        self._published: dict[str, Published] = {}
        self._turn = Lock()
        self._holder: int | None = None

    def create(self) -> None:
        """Do nothing: there is no schema."""

    def verify(self) -> None:
        """Do nothing: there is no schema."""

    def close(self) -> None:
        """Do nothing: there are no connections."""

    @contextmanager
    def begin(self, tenant: str) -> Iterator[Work]:
        """Open a transaction of one's own: committed at the end, or nothing."""
        if not tenant.strip() or "\0" in tenant:
            raise Invalid(
                f"A tenant is a text that is not empty; {tenant!r} was given.",
                zh=f"租户不能为空：{tenant!r}。",
                code="tenant.empty",
            )
        work = MemoryWork(self, tenant)
        try:
            yield work
            work.commit()
        finally:
            work.end()

    def bound(self, tenant: str, on: Any) -> AbstractContextManager[Work]:
        """Refuse: there is no caller's transaction that memory could join.

        Raises:
            Invalid: always.
        """
        raise Invalid(
            f"The memory storage cannot join a transaction on {type(on).__name__}.",
            zh="内存存储不能加入外部事务。",
            code="bound.unsupported",
        )

    def standing(self, tenant: str) -> Published:
        """Give what is committed now."""
        return self._published.get(tenant, {})

    def take(self) -> None:
        """Wait for one's turn to write.

        Raises:
            Busy: it did not come, or this very thread has it.
        """
        mine = self._holder == get_ident()
        if mine or not self._turn.acquire(timeout=self._patience):
            raise Busy(
                "Another unit of work is writing.", zh="另一事务正在写入。", code="busy"
            )
        self._holder = get_ident()

    def give(self, tenant: str, published: Published | None) -> None:
        """Let everybody see what was written, if anything was, and let others write."""
        if published is not None:
            self._published[tenant] = published
        self._holder = None
        self._turn.release()


class MemoryWork:
    """A unit of work in memory: see :class:`duban_flow.engine.ports.Work`."""

    def __init__(self, storage: MemoryStorage, tenant: str) -> None:
        self._storage = storage
        self._tenant = tenant
        self._seen: Tables | None = Tables(storage.standing(tenant))
        self._alone = False

    @property
    def _tables(self) -> Tables:
        if self._seen is None:
            raise Invalid(
                "This unit of work has ended.", zh="事务已经结束。", code="work.ended"
            )
        return self._seen

    def _mine(self) -> Tables:
        """Give the tables as they stand now, to be changed by nobody else."""
        seen = self._tables
        if not self._alone:
            self._storage.take()
            self._alone = True
            seen = self._seen = Tables(self._storage.standing(self._tenant))
        return seen

    def commit(self) -> None:
        """Let everybody see what was written."""
        tables = self._tables
        if self._alone:
            self._alone = False
            published = tables.publish() if tables.changed else None
            self._storage.give(self._tenant, published)

    def end(self) -> None:
        """Let nothing more be done; what was not committed is forgotten."""
        self._seen = None
        if self._alone:
            self._alone = False
            self._storage.give(self._tenant, None)

    def clock(self) -> datetime:
        """Give the caller's clock, else the time of the last sweep."""
        if self._storage.clock is not None:
            return self._storage.clock()
        last = self.meta(LAST_SWEEP)
        if last is None:
            raise Invalid(
                "The memory storage was given no clock, and nothing was swept yet.",
                zh="内存存储没有时钟。",
                code="clock.none",
            )
        return datetime.fromisoformat(last)

    def meta(self, key: str) -> str | None:
        """Give a word that is kept about the office itself."""
        row = self._tables["meta"].get((*asked([key]),))
        return None if row is None else row["value"]

    def ids_of(self, codes: Iterable[str]) -> Mapping[str, str]:
        """Give the ids of items by code."""
        known = self._tables["code"]
        return {code: known[code] for code in asked(codes) if code in known}

    def codes_near(self, keys: Iterable[str]) -> Mapping[str, str]:
        """Give the codes in use by their keys."""
        wanted = set(asked(keys))
        rows = reading.by_code(self._tables)
        return {r["code_key"]: r["code"] for r in rows if r["code_key"] in wanted}

    def items(self, ids: Iterable[str], *, lock: bool = False) -> Mapping[str, Item]:
        """Load items by id."""
        tables = self._mine() if lock else self._tables
        return {row["id"]: reading.item(row) for row in tables.rows("item", ids)}

    def events(self, subjects: Iterable[str]) -> Mapping[str, tuple[Event, ...]]:
        """Load every event of subjects, in order."""
        return reading.events(self._tables, subjects)

    def parts(self, parents: Iterable[str]) -> Mapping[str, tuple[Item, ...]]:
        """Load the parts of items, by code."""
        return reading.parts(self._tables, parents)

    def sanctions(self, query: SanctionQuery) -> tuple[Sanction, ...]:
        """Find sanctions, in the order in which they were proposed."""
        return reading.sanctions(self._tables, asked_by(query))

    def find(self, query: Query) -> tuple[Item, ...]:
        """Find items, by code."""
        return reading.find(self._tables, asked_by(query))

    def all_ids(self) -> tuple[str, ...]:
        """Give the ids of all items, by code."""
        return tuple(row["id"] for row in reading.by_code(self._tables))

    def claim(self, now: datetime, limit: int, policy: str | None = None) -> Claim:
        """Claim items that are due, oldest first."""
        found = reading.due(self._mine(), now, policy)[: max(limit, 0)]
        return Claim(
            ids=[row["id"] for row in found],
            versions=[row["version"] for row in found],
            next_at=[row["next_at"] for row in found],
            policies=[row["policy"] for row in found],
        )

    def due(self, now: datetime, policy: str | None = None) -> int:
        """Count what is due."""
        return len(reading.due(self._tables, now, policy))

    def open_count(self) -> int:
        """Count the items for which a decision is ahead."""
        return sum(row["next_at"] > NEVER for row in self._tables["item"].values())

    def sitting(
        self, policy: str, day: date, *, lock: str | None = None
    ) -> Sitting | None:
        """Find a sitting."""
        return reading.sitting(self._mine() if lock else self._tables, policy, day)

    def sittings(self, policy: str | None = None) -> tuple[Sitting, ...]:
        """List sittings by day."""
        asked([] if policy is None else [policy])
        return reading.sittings(self._tables, policy)

    def judgements(self, sitting: str) -> tuple[Judgement, ...]:
        """Load a sitting's judgement rows."""
        rows = self._tables.ordered("judgement")
        return tuple(
            judgement_from(as_data(r)) for r in rows if r["sitting"] == sitting
        )

    def account(
        self, sitting: str
    ) -> tuple[tuple[NotSanctioned, ...], tuple[Unsure, ...]]:
        """Load a sitting's records."""
        return reading.account(self._tables, sitting)

    def directory(self) -> Directory:
        """Load units and posts."""
        return reading.directory(self._tables)

    def editions(self, table: EditionTable) -> tuple[Kept, ...]:
        """Load what is kept of calendars or policies, in the order of recording."""
        return reading.editions(self._tables, table)

    def request(self, request_id: str) -> tuple[str, str] | None:
        """Find an answered request."""
        (name,) = asked([request_id])
        found: tuple[str, str] | None = self._tables["request"].get(name)
        return found

    def write(self, batch: Batch) -> Written:
        """Write a batch, all of it or nothing."""
        return writing.write(self._mine(), self._tenant, batch)

    def claim_notices(
        self, now: datetime, limit: int, lease_until: datetime, worker: str
    ) -> tuple[Queued, ...]:
        """Lease pending notices."""
        asked([worker])
        return outbox.claim(self._mine(), now, limit, lease_until, worker)

    def settle(
        self, settlements: Iterable[Settlement], worker: str | None = None
    ) -> tuple[str, ...]:
        """Keep what became of notices."""
        return outbox.settle(self._mine(), settlements, worker)

    def notices(
        self, *, statuses: Sequence[str] = (), subject: str | None = None
    ) -> tuple[Queued, ...]:
        """List notices, oldest first."""
        return outbox.notices(self._tables, statuses, subject)
