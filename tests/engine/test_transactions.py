"""Transactions of our own are run again while the storage is busy; a host's are not."""

from __future__ import annotations

import pytest

from duban_flow.engine.transactions import ATTEMPTS, Transactions
from duban_flow.errors import Busy
from duban_flow.storage.memory import MemoryStorage


class Crowded(MemoryStorage):
    """A storage that is busy a number of times before it lets anybody in."""

    def __init__(self, times: int) -> None:
        super().__init__()
        self.times = times
        self.asked = 0

    def begin(self, tenant):
        """Refuse while it is crowded."""
        self.asked += 1
        if self.asked <= self.times:
            raise Busy
        return super().begin(tenant)

    def bound(self, tenant, on):
        """Join anything, or refuse while it is crowded."""
        return self.begin(tenant)


def test_a_busy_storage_is_asked_again():
    """Three refusals are not seen by who asked."""
    storage = Crowded(3)
    assert Transactions(storage, "default").run(lambda work: work.open_count()) == 0
    assert storage.asked == 4


def test_the_last_attempt_is_one_like_the_others():
    """Let in at last, the job is done and its answer given."""
    storage = Crowded(ATTEMPTS - 1)
    assert Transactions(storage, "default").run(lambda work: work.open_count()) == 0
    assert storage.asked == ATTEMPTS


def test_not_for_ever():
    """After several attempts the caller is told."""
    storage = Crowded(100)
    with pytest.raises(Busy):
        Transactions(storage, "default").run(lambda work: work.open_count())
    assert storage.asked == ATTEMPTS


def test_a_job_that_meets_a_lock_runs_again_as_a_whole():
    """From its first read, not from where it stopped."""
    ran = []

    def job(work):
        ran.append(work)
        if len(ran) == 1:
            raise Busy
        return "done"

    assert Transactions(MemoryStorage(), "default").run(job) == "done"
    assert ran[0] is not ran[1]


def test_a_hosts_transaction_is_never_run_again():
    """Only its owner can roll it back."""
    storage = Crowded(1)
    with pytest.raises(Busy):
        Transactions(storage, "default", on=object()).run(lambda work: None)
    assert storage.asked == 1


def test_several_that_share_one_are_not_run_again():
    """What was done before in it would be done twice."""
    transactions = Transactions(MemoryStorage(), "default")
    ran = []

    def busy(work):
        ran.append(work)
        raise Busy

    def together():
        with transactions.shared():
            transactions.run(ran.append)
            transactions.run(busy)

    with pytest.raises(Busy):
        together()
    assert len(ran) == 2
    assert ran[0] is ran[1]
