"""What all topics of the suite stand on: a fresh storage, and what a test may ask."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import Any

import pytest

from duban_flow.engine.ports import Storage


class Ground:
    """Gives each test a storage of its own."""

    def storage(self) -> Storage:
        """Give a fresh storage, without a schema: the one method to write."""
        raise NotImplementedError

    def caller(self, storage: Storage) -> AbstractContextManager[Any]:
        """Open a caller's own transaction on the storage's database.

        Yields what ``bound`` joins; commits at the end, rolls back on an exception.
        Wanted of a storage that declares ``bound``.
        """
        raise NotImplementedError

    @pytest.fixture
    def store(self) -> Iterator[Storage]:
        """Give the storage with its schema made."""
        made = self.storage()
        made.create()
        yield made
        made.close()


def wants(store: Storage, capability: str) -> None:
    """Skip the test by name where a storage does not declare a capability."""
    if capability not in store.capabilities:
        pytest.skip(f"{store.name} does not declare {capability!r}")
