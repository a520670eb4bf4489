"""The port's unit of work over one connection; each method is told where it is done."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from duban_flow.domain.batch import Batch, Written
from duban_flow.domain.editions import EditionTable, Kept
from duban_flow.domain.events import Event
from duban_flow.domain.items import Item
from duban_flow.domain.policies.model import Judgement
from duban_flow.domain.sanctions import NotSanctioned, Sanction, Sitting, Unsure
from duban_flow.domain.storable import asked, asked_by
from duban_flow.domain.units import Directory
from duban_flow.engine.ports import Claim, Query, Queued, SanctionQuery, Settlement
from duban_flow.storage.sql import claiming, dialects, finding, outbox, reading, writing
from duban_flow.storage.sql.faults import translated
from duban_flow.storage.sql.link import Link


class SqlWork:
    """A unit of work on SQL tables: see :class:`duban_flow.engine.ports.Work`."""

    def __init__(self, link: Link) -> None:
        self._link = link

    def clock(self) -> datetime:
        """Give the database's clock."""
        with translated("clock"):
            return dialects.clock(self._link.connection)

    def meta(self, key: str) -> str | None:
        """Give a word that is kept about the office itself."""
        return reading.meta(self._link, *asked([key]))

    def ids_of(self, codes: Iterable[str]) -> Mapping[str, str]:
        """Give the ids of items by code."""
        return reading.ids_of(self._link, asked(codes))

    def codes_near(self, keys: Iterable[str]) -> Mapping[str, str]:
        """Give the codes in use by their keys."""
        return reading.codes_near(self._link, asked(keys))

    def items(self, ids: Iterable[str], *, lock: bool = False) -> Mapping[str, Item]:
        """Load items by id."""
        return reading.items(self._link, ids, lock=lock)

    def events(self, subjects: Iterable[str]) -> Mapping[str, tuple[Event, ...]]:
        """Load every event of subjects, in order."""
        return reading.events(self._link, subjects)

    def parts(self, parents: Iterable[str]) -> Mapping[str, tuple[Item, ...]]:
        """Load the parts of items, by code."""
        return reading.parts(self._link, parents)

    def sanctions(self, query: SanctionQuery) -> tuple[Sanction, ...]:
        """Find sanctions, in the order in which they were proposed."""
        return reading.sanctions(self._link, asked_by(query))

    def find(self, query: Query) -> tuple[Item, ...]:
        """Find items, by code."""
        return finding.find(self._link, asked_by(query))

    def all_ids(self) -> tuple[str, ...]:
        """Give the ids of all items, by code."""
        return reading.all_ids(self._link)

    def claim(self, now: datetime, limit: int, policy: str | None = None) -> Claim:
        """Claim items that are due, oldest first."""
        return claiming.claim(self._link, now, limit, policy)

    def due(self, now: datetime, policy: str | None = None) -> int:
        """Count what is due."""
        return claiming.due(self._link, now, policy)

    def open_count(self) -> int:
        """Count the items for which a decision is ahead."""
        return claiming.open_count(self._link)

    def sitting(
        self, policy: str, day: date, *, lock: str | None = None
    ) -> Sitting | None:
        """Find a sitting."""
        return reading.sitting(self._link, policy, day, lock)

    def sittings(self, policy: str | None = None) -> tuple[Sitting, ...]:
        """List sittings by day."""
        return reading.sittings(
            self._link, policy if policy is None else asked([policy])[0]
        )

    def judgements(self, sitting: str) -> tuple[Judgement, ...]:
        """Load a sitting's judgement rows."""
        return reading.judgements(self._link, sitting)

    def account(
        self, sitting: str
    ) -> tuple[tuple[NotSanctioned, ...], tuple[Unsure, ...]]:
        """Load a sitting's records."""
        return reading.account(self._link, sitting)

    def directory(self) -> Directory:
        """Load units and posts."""
        return reading.directory(self._link)

    def editions(self, table: EditionTable) -> tuple[Kept, ...]:
        """Load what is kept of calendars or policies, in the order of recording."""
        return reading.editions(self._link, table)

    def request(self, request_id: str) -> tuple[str, str] | None:
        """Find an answered request."""
        return reading.request(self._link, *asked([request_id]))

    def write(self, batch: Batch) -> Written:
        """Write a batch, all of it or nothing."""
        return writing.write(self._link, batch)

    def claim_notices(
        self, now: datetime, limit: int, lease_until: datetime, worker: str
    ) -> tuple[Queued, ...]:
        """Lease pending notices."""
        return outbox.claim(self._link, now, limit, lease_until, *asked([worker]))

    def settle(
        self, settlements: Iterable[Settlement], worker: str | None = None
    ) -> tuple[str, ...]:
        """Keep what became of notices."""
        return outbox.settle(self._link, settlements, worker)

    def notices(
        self, *, statuses: Sequence[str] = (), subject: str | None = None
    ) -> tuple[Queued, ...]:
        """List notices, oldest first."""
        return outbox.notices(self._link, statuses, subject)
