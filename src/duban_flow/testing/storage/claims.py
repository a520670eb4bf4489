"""What is due: claimed oldest first, bounded, counted without gaps."""

from __future__ import annotations

from datetime import timedelta

from duban_flow.domain.batch import batch_of
from duban_flow.domain.columns import item_columns
from duban_flow.engine.ports import Storage
from duban_flow.testing.storage import samples as s
from duban_flow.testing.storage.ground import Ground, wants


class Claims(Ground):
    """A claim finds exactly what is due by now."""

    def fill(self, store: Storage) -> None:
        """Write items that are due an hour apart, the last never."""
        births = [
            s.birth(s.item(f"A-{n}", next_at=s.MONDAY + hours * s.HOUR))
            for n, hours in enumerate((3, 1, 2))
        ]
        s.put(store, *births, s.birth(s.item("A-3", next_at=None)))

    def test_the_oldest_are_claimed_first(self, store: Storage) -> None:
        """In the order of ``next_at``, of equals in the order of ids."""
        self.fill(store)
        equal = [
            s.birth(s.item(f"B-{n}", next_at=s.MONDAY + s.HOUR)) for n in (2, 0, 1)
        ]
        s.put(store, *equal)
        with store.begin(s.ONE) as work:
            claim = work.claim(s.MONDAY + timedelta(days=1), 9)
        found = [name.removeprefix("item:") for name in claim.ids]
        assert found == ["A-1", "B-0", "B-1", "B-2", "A-2", "A-0"]

    def test_a_claim_is_bounded(self, store: Storage) -> None:
        """No more than the limit, the oldest of them."""
        self.fill(store)
        later = s.MONDAY + timedelta(days=1)
        with store.begin(s.ONE) as work:
            sizes = [len(work.claim(later, limit)) for limit in (0, 1, 2, 9)]
            assert list(work.claim(later, 1).ids) == ["item:A-1"]
        assert sizes == [0, 1, 2, 3]

    def test_due_is_inclusive(self, store: Storage) -> None:
        """At the instant itself an item is due, a microsecond before it is not."""
        self.fill(store)
        at = s.MONDAY + s.HOUR
        with store.begin(s.ONE) as work:
            assert (work.due(at - s.TICK), len(work.claim(at - s.TICK, 9))) == (0, 0)
            assert (work.due(at), len(work.claim(at, 9))) == (1, 1)

    def test_never_is_never_due(self, store: Storage) -> None:
        """An item with no decision ahead is neither claimed nor counted."""
        self.fill(store)
        for_ever = s.MONDAY + timedelta(days=365 * 1000)
        with store.begin(s.ONE) as work:
            assert "item:A-3" not in work.claim(for_ever, 9).ids
            assert (work.due(for_ever), work.open_count()) == (3, 3)

    def test_a_claim_is_in_columns(self, store: Storage) -> None:
        """Ids, versions, instants and policies stand side by side."""
        later = s.MONDAY + s.HOUR
        s.put(store, s.birth(s.item("A-1", next_at=later, policy="district@1")))
        s.put(store, s.act("A-1", 1, "report", "submit"))
        with store.begin(s.ONE) as work:
            claim = work.claim(later, 9)
        assert (list(claim.ids), list(claim.versions)) == (["item:A-1"], [3])
        assert list(claim.next_at) == [item_columns(s.item(next_at=later))["next_at"]]
        assert list(claim.policies) == ["district@1"]

    def test_a_policy_narrows(self, store: Storage) -> None:
        """Claims and counts of one policy see its own items only."""
        self.fill(store)
        s.put(store, s.birth(s.item("B-1", policy="district@1")))
        later = s.MONDAY + timedelta(days=1)
        with store.begin(s.ONE) as work:
            assert list(work.claim(later, 9, "district@1").ids) == ["item:B-1"]
            counts = [work.due(later, p) for p in (None, "district@1", "plain@1", "x")]
        assert counts == [4, 1, 3, 0]

    def test_what_is_armed_anew_is_not_due(self, store: Storage) -> None:
        """After a batch of claims is written, the next claim finds the rest."""
        self.fill(store)
        later = s.MONDAY + timedelta(days=1)
        seen = []
        for _ in range(4):
            with store.begin(s.ONE) as work:
                claim = work.claim(later, 2)
                seen.append(len(claim))
                changes = [
                    s.act(name.removeprefix("item:"), version, next_at=-1)
                    for name, version in zip(claim.ids, claim.versions, strict=True)
                ]
                work.write(batch_of(changes, now=later, lost="drop"))
        assert seen == [2, 1, 0, 0]
        with store.begin(s.ONE) as work:
            assert (work.due(later), work.open_count()) == (0, 0)

    def test_two_workers_share_what_is_due(self, store: Storage) -> None:
        """What one has claimed the other skips, though both are at it."""
        wants(store, "skip_locked")
        self.fill(store)
        later = s.MONDAY + timedelta(days=1)
        with store.begin(s.ONE) as first, store.begin(s.ONE) as second:
            claims = [first.claim(later, 2), second.claim(later, 2)]
            assert second.due(later) == 3
        found = [name for claim in claims for name in claim.ids]
        assert found == ["item:A-1", "item:A-2", "item:A-0"]

    def test_what_was_due_before_1970_is_due(self, store: Storage) -> None:
        """No instant is mistaken for never."""
        made = s.item(next_at=s.MONDAY.replace(year=1931))
        s.put(store, s.birth(made))
        with store.begin(s.ONE) as work:
            assert work.due(s.MONDAY) == 1
