"""A suite that never fails proves nothing: storages broken on purpose must fail it.

Each is a good storage behind one wrong habit, told in the port's own words.
"""

from __future__ import annotations

import inspect
from array import array
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from attrs import evolve

from duban_flow.domain.batch import Batch, Members, Written
from duban_flow.domain.events import SubjectKind
from duban_flow.engine.ports import Delivery, Settlement, Storage, Work
from duban_flow.errors import Conflict
from duban_flow.storage.memory import MemoryStorage
from duban_flow.testing.storage import StorageConformance


class Wrapped:
    """A unit of work that hands everything on; a wrong habit overrides one thing."""

    def __init__(self, inner: Work, storage: MemoryStorage, tenant: str) -> None:
        self.inner = inner
        self.storage = storage
        self.tenant = tenant

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)


class NoVersions(Wrapped):
    """Takes every member for current."""

    def write(self, batch: Batch) -> Written:
        """Write over whatever stands."""
        return self.inner.write(
            evolve(batch, members=tuple(map(self._current, batch.members)))
        )

    def _current(self, section: Members) -> Members:
        if section.kind is not SubjectKind.ITEM:
            return section
        found = self.inner.items(section.ids)
        stands = (found[n].version if n in found else 0 for n in section.ids)
        return evolve(section, versions=array("q", stands))


class TwoTransactions(Wrapped):
    """Commits each write at once, whatever becomes of the unit of work."""

    def write(self, batch: Batch) -> Written:
        """Write in a transaction of its own."""
        with MemoryStorage.begin(self.storage, self.tenant) as other:
            return other.write(batch)


class NoUniqueCitation(Wrapped):
    """Lets a citation be made again."""

    def write(self, batch: Batch) -> Written:
        """Let the old citation give way."""
        rows = tuple(
            evolve(r, replace=True) if r.table == "citation" else r for r in batch.rows
        )
        return self.inner.write(evolve(batch, rows=rows))


class ForgetsRows(Wrapped):
    """Writes the rows apart from the members, so that half may stay."""

    def write(self, batch: Batch) -> Written:
        """Write the members, then try the rows."""
        written = self.inner.write(evolve(batch, rows=(), request=None))
        try:
            self.inner.write(evolve(batch, members=()))
        except Conflict:
            return written
        return written


class LosesSilently(Wrapped):
    """Drops members that lost and does not say so."""

    def write(self, batch: Batch) -> Written:
        """Count everybody as written."""
        self.inner.write(batch)
        return Written(count=len(batch))


class NeverLeases(Wrapped):
    """Gives the same notice to every worker."""

    def claim_notices(self, now: Any, limit: int, lease_until: Any, worker: str) -> Any:
        """Lease until now, which is no lease."""
        return self.inner.claim_notices(now, limit, now, worker)


class SettlesAgain(Wrapped):
    """Says Retry whatever became of a notice."""

    def settle(self, settlements: Any, worker: str | None = None) -> Any:
        """Settle nothing for good."""
        several = [
            Settlement(key=x.key, status=Delivery.PENDING, attempts=x.attempts, at=x.at)
            for x in settlements
        ]
        return self.inner.settle(several, worker)


class SettlesForOthers(Wrapped):
    """Lets a worker settle what another holds."""

    def settle(self, settlements: Any, worker: str | None = None) -> Any:
        """Settle whatever is named."""
        return self.inner.settle(settlements)


class ClaimsNewest(Wrapped):
    """Claims what is due in no order."""

    def claim(self, now: Any, limit: int, policy: str | None = None) -> Any:
        """Give the columns backwards."""
        found = self.inner.claim(now, limit, policy)
        return evolve(
            found,
            ids=found.ids[::-1],
            versions=found.versions[::-1],
            next_at=found.next_at[::-1],
            policies=found.policies[::-1],
        )


class AnswersTwice(Wrapped):
    """Forgets which requests it answered."""

    def write(self, batch: Batch) -> Written:
        """Write without the request."""
        return self.inner.write(evolve(batch, request=None))


class ForgetsOrder(Wrapped):
    """Gives editions by their names, whenever each was recorded."""

    def editions(self, table: Any) -> Any:
        """Sort by what is no order of recording."""
        found = self.inner.editions(table)
        return tuple(sorted(found, key=lambda kept: (kept.name, kept.version)))


class Broken(MemoryStorage):
    """A good storage whose units of work have one wrong habit."""

    def __init__(self, habit: Callable[[Work, MemoryStorage, str], Any]) -> None:
        super().__init__(patience=0.05)
        self.habit = habit

    @contextmanager
    def begin(self, tenant: str) -> Iterator[Work]:
        """Open a transaction behind the habit."""
        with super().begin(tenant) as work:
            yield self.habit(work, self, tenant)


class ForgetsTenant(MemoryStorage):
    """Keeps everybody's rows together."""

    @contextmanager
    def begin(self, tenant: str) -> Iterator[Work]:
        """Open everybody's transaction."""
        with super().begin("everybody" if tenant.strip() else tenant) as work:
            yield work


def broken_by(suite: StorageConformance, make: Callable[[], Storage]) -> set[str]:
    """Run every test of the suite and name those that fail."""
    failed = set()
    for name, test in inspect.getmembers(suite, inspect.ismethod):
        if (
            not name.startswith("test_")
            or "store" not in inspect.signature(test).parameters
        ):
            continue
        for given in cases(test):
            try:
                test(make(), **given)
            except pytest.skip.Exception:
                continue
            except (Exception, pytest.fail.Exception):  # noqa: BLE001  # any fault is a catch
                failed.add(name)
    return failed


def cases(test: Any) -> list[dict[str, Any]]:
    """Give the arguments that a test is parametrized by."""
    for mark in getattr(test, "pytestmark", ()):
        if mark.name == "parametrize":
            names, values = mark.args
            if isinstance(names, str):
                return [{names: value} for value in values]
            return [dict(zip(names, value, strict=True)) for value in values]
    return [{}]


def test_a_good_storage_passes_as_the_broken_are_run() -> None:
    """What fails below fails for its habit, not for how it is run."""
    assert broken_by(StorageConformance(), MemoryStorage) == set()


@pytest.mark.parametrize(
    ("habit", "caught"),
    [
        (NoVersions, "test_a_stale_writer_is_refused_and_told_of_whom"),
        (TwoTransactions, "test_an_exception_takes_everything_back"),
        (NoUniqueCitation, "test_a_citation_is_single"),
        (ForgetsRows, "test_one_refusal_refuses_all"),
        (LosesSilently, "test_lost_members_are_dropped_and_named"),
        (NeverLeases, "test_a_lease_is_one_workers"),
        (SettlesAgain, "test_what_is_settled_is_not_leased"),
        (SettlesForOthers, "test_what_another_has_taken_over_is_lost"),
        (SettlesForOthers, "test_what_another_has_settled_is_lost"),
        (ClaimsNewest, "test_the_oldest_are_claimed_first"),
        (AnswersTwice, "test_a_request_is_answered_once"),
        (ForgetsOrder, "test_editions_come_back_as_they_were"),
    ],
)
def test_a_broken_storage_fails(habit: Any, caught: str) -> None:
    """Each wrong habit is caught, by the test that is there for it."""
    assert caught in broken_by(StorageConformance(), lambda: Broken(habit))


def test_a_storage_that_forgets_the_tenant_fails() -> None:
    """Equal ids of two tenants meet, and a stranger sees what is not his."""
    failed = broken_by(StorageConformance(), ForgetsTenant)
    assert {
        "test_equal_ids_do_not_meet",
        "test_a_twin_run_equals_two_runs_alone",
        "test_a_stranger_sees_nothing",
        "test_a_stranger_changes_nothing",
    } <= failed
