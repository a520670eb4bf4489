"""The schema: made once, checked, never guessed at; and the clock."""

from __future__ import annotations

import pytest

from duban_flow.engine.ports import Storage
from duban_flow.errors import Invalid, SchemaMismatch
from duban_flow.testing.storage import samples as s
from duban_flow.testing.storage.ground import Ground, wants


class Schema(Ground):
    """A storage says what is wrong with its schema before anything is lost."""

    def test_made_twice_it_is_as_it_was(self, store: Storage) -> None:
        """Creating again touches nothing that is there."""
        s.put(store, s.birth(s.item()))
        before = s.picture(store)
        store.create()
        store.verify()
        assert s.picture(store) == before

    def test_an_absent_schema_is_a_mismatch(self) -> None:
        """Verify, and a unit of work too, say that it is absent."""
        bare = self.storage()
        wants(bare, "bound")
        with pytest.raises(SchemaMismatch):
            bare.verify()
        with pytest.raises(SchemaMismatch), bare.begin(s.ONE) as work:
            work.all_ids()
        bare.close()

    def test_the_clock_is_aware_and_does_not_go_back(self, store: Storage) -> None:
        """A storage with a clock of its own tells an instant in UTC."""
        wants(store, "bound")
        with store.begin(s.ONE) as work:
            first, second = work.clock(), work.clock()
        assert first.utcoffset() == s.HOUR * 0
        assert second >= first

    def test_it_says_who_it_is(self, store: Storage) -> None:
        """A name, and only capabilities that the suite knows."""
        assert store.name
        assert store.capabilities <= {"bound", "skip_locked", "persistent"}

    def test_without_bound_a_caller_is_refused(self, store: Storage) -> None:
        """What cannot be joined is Invalid, by name."""
        with pytest.raises(Invalid), store.bound(s.ONE, object()):
            pass
