"""Transactions of our own are retried whole; the caller's are never.

A retry runs the whole unit of work again from its first read. What keeps an act
single is a unique key, so that a retry after a lost answer finds its own work.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event as Pause
from typing import Any, Final, TypeVar

from attrs import define, field

from duban_flow.engine.editions import Shelf
from duban_flow.engine.ports import Storage, Work
from duban_flow.errors import Busy

T = TypeVar("T")

ATTEMPTS: Final = 6
FIRST_PAUSE: Final = 0.02
"""Seconds before the first retry; each further one doubles it."""


@define
class Transactions:
    """Opens units of work: our own, the caller's, or one that several verbs share.

    A job sees the editions on the ``shelf`` as they stood when it began.
    """

    storage: Storage
    tenant: str
    on: Any = None
    shelf: Shelf = field(factory=Shelf)
    _shared: Work | None = field(default=None, init=False)

    @property
    def own(self) -> bool:
        """Whether each job is a transaction of its own: neither lent nor shared."""
        return self.on is None and self._shared is None

    @contextmanager
    def shared(self) -> Iterator[None]:
        """Let everything inside be one transaction: all of it or nothing."""
        if self._shared is not None:
            yield
            return
        with self._open() as work:
            self._shared = work
            try:
                yield
            finally:
                self._shared = None

    def run(self, job: Callable[[Work], T]) -> T:
        """Do a job in a unit of work; in one of our own, again while it is Busy.

        Raises:
            Busy: in the caller's transaction at once, in our own after
                several attempts.
        """
        if self._shared is not None:
            return self._do(job, self._shared)
        if self.on is not None:
            with self._open() as work:
                return self._do(job, work)
        pause = FIRST_PAUSE
        for _ in range(ATTEMPTS - 1):
            try:
                with self._open() as work:
                    return self._do(job, work)
            except Busy:
                Pause().wait(pause)
                pause *= 2
        with self._open() as work:
            return self._do(job, work)

    def _do(self, job: Callable[[Work], T], work: Work) -> T:
        with self.shelf.held(work):
            return job(work)

    def _open(self) -> Any:
        if self.on is not None:
            return self.storage.bound(self.tenant, self.on)
        return self.storage.begin(self.tenant)
