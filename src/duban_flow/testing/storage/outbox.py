"""The outbox: each notice once, leased to one worker, settled for good."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from attrs import evolve

from duban_flow.domain.batch import Change
from duban_flow.engine.ports import Delivery, Queued, Settlement, Storage
from duban_flow.errors import NotFound
from duban_flow.testing.storage import samples as s
from duban_flow.testing.storage.ground import Ground, wants


def lease(
    store: Storage, hours: float = 0, limit: int = 9, worker: str = "w1"
) -> tuple[Queued, ...]:
    """Lease notices for an hour."""
    now = s.MONDAY + hours * s.HOUR
    with store.begin(s.ONE) as work:
        return work.claim_notices(now, limit, now + s.HOUR, worker)


def settle(
    store: Storage,
    notices: Iterable[Queued],
    status: Delivery,
    hours: float = 0,
    worker: str | None = None,
) -> tuple[str, ...]:
    """Settle notices, and give those that were lost; a retry waits for two hours."""
    at = s.MONDAY + hours * s.HOUR
    waits = at + 2 * s.HOUR if status is Delivery.PENDING else None
    with store.begin(s.ONE) as work:
        return work.settle(
            [
                Settlement(
                    key=queued.key,
                    status=status,
                    attempts=queued.attempts + 1,
                    at=at,
                    not_before=waits,
                    detail="答复",
                )
                for queued in notices
            ],
            worker,
        )


class Outbox(Ground):
    """A notice belongs to one event, one recipient and one channel."""

    def listed(self, store: Storage) -> tuple[Queued, ...]:
        """Read the whole outbox."""
        with store.begin(s.ONE) as work:
            return work.notices()

    def test_a_notice_is_queued_with_its_event(self, store: Storage) -> None:
        """It names its subject, the event's number, whom it tells and how."""
        told = [
            (0, s.notice("zjj")),
            (1, s.notice("czj", formal=True, template="lapse")),
        ]
        s.put(store, s.birth(s.item()))
        base = s.act("A-1", 1, "report", "lapse")
        s.put(store, evolve(base, notices=tuple(told)))
        first, second = self.listed(store)
        assert (first.subject, first.kind, first.seq) == ("item:A-1", "item", 2)
        assert (first.unit, first.post, first.channel) == ("zjj", "leader", "console")
        assert (first.template, first.formal, first.attempts) == ("remind", False, 0)
        assert (first.status, first.not_before) == (Delivery.PENDING, s.MONDAY)
        assert (second.seq, second.unit, second.formal) == (3, "czj", True)
        assert (second.template, second.created_at) == ("lapse", s.MONDAY)

    def test_keys_are_stable_and_distinct(self, store: Storage) -> None:
        """Another post, unit, channel or event is another key; a claim changes none."""
        told = [s.notice("zjj"), s.notice("czj"), s.notice("zjj", post="clerk")]
        s.put(store, s.birth(s.item("A-1"), *told, s.notice("zjj", channel="mail")))
        s.put(store, s.birth(s.item("A-2"), s.notice("zjj")))
        keys = {queued.key for queued in self.listed(store)}
        assert len(keys) == 5
        assert {queued.key for queued in lease(store)} == keys
        assert {queued.key for queued in lease(store, hours=2)} == keys

    def test_nothing_is_said_twice(self, store: Storage) -> None:
        """Told twice of one event by one channel, a post hears the first."""
        s.put(store, s.birth(s.item(), s.notice(), s.notice(template="urge")))
        assert [queued.template for queued in self.listed(store)] == ["remind"]

    def test_a_lease_is_one_workers(self, store: Storage) -> None:
        """What is leased is not leased again before its end."""
        s.put(store, s.birth(s.item(), s.notice()))
        assert len(lease(store, worker="w1")) == 1
        assert lease(store, hours=0.5, worker="w2") == ()
        assert len(lease(store, hours=1, worker="w2")) == 1

    def test_two_workers_lease_nothing_twice(self, store: Storage) -> None:
        """What one is leasing the other skips, at once, though both are at it."""
        wants(store, "skip_locked")
        s.put(store, *(s.birth(s.item(f"A-{n}"), s.notice()) for n in range(3)))
        end = s.MONDAY + s.HOUR
        with store.begin(s.ONE) as first, store.begin(s.ONE) as second:
            leased = first.claim_notices(s.MONDAY, 2, end, "w1")
            others = second.claim_notices(s.MONDAY, 2, end, "w2")
        assert [q.subject for q in leased] == ["item:A-0", "item:A-1"]
        # A database that locks all it sorts leaves the third to the next round.
        assert [q.subject for q in others] in ([], ["item:A-2"])

    def test_the_oldest_go_first_and_not_too_early(self, store: Storage) -> None:
        """In the order in which they were queued, none before its time, bounded."""
        held = s.notice("czj", not_before=s.MONDAY + 2 * s.HOUR)
        s.put(store, s.birth(s.item("A-1"), s.notice()), now=s.MONDAY)
        s.put(store, s.birth(s.item("A-0"), s.notice()), now=s.MONDAY + s.TICK)
        s.put(store, s.birth(s.item("A-2"), held), now=s.MONDAY)
        assert [q.subject for q in lease(store, 1, limit=1)] == ["item:A-1"]
        assert [q.subject for q in lease(store, 1)] == ["item:A-0"]
        later = [q.subject for q in lease(store, 2.5)]
        assert later == ["item:A-1", "item:A-2", "item:A-0"]

    def test_a_retry_waits_and_counts(self, store: Storage) -> None:
        """It is pending again, from its new time on, under the same key."""
        s.put(store, s.birth(s.item(), s.notice()))
        (first,) = lease(store)
        settle(store, [first], Delivery.PENDING)
        assert lease(store, hours=1.9) == ()
        (again,) = lease(store, hours=2)
        assert (again.key, again.attempts, again.detail) == (first.key, 1, "答复")
        assert again.settled_at is None

    @pytest.mark.parametrize("status", [x for x in Delivery if x != Delivery.PENDING])
    def test_what_is_settled_is_not_leased(
        self, store: Storage, status: Delivery
    ) -> None:
        """Whatever it was settled as, no worker gets it by itself."""
        s.put(store, s.birth(s.item(), s.notice()))
        settle(store, lease(store), status, hours=0.5)
        (found,) = self.listed(store)
        assert (found.status, found.attempts, found.detail) == (status, 1, "答复")
        assert found.settled_at == s.MONDAY + 0.5 * s.HOUR
        assert lease(store, hours=9) == ()

    def test_what_was_sent_stays_sent(self, store: Storage) -> None:
        """A late worker does not move a notice back; of an unknown one a person may."""
        s.put(store, s.birth(s.item(), s.notice()))
        queued = lease(store)
        settle(store, queued, Delivery.UNKNOWN)
        settle(store, queued, Delivery.SENT)
        for late in (Delivery.PENDING, Delivery.DEAD, Delivery.CANCELLED):
            settle(store, queued, late)
        assert [q.status for q in self.listed(store)] == [Delivery.SENT]
        assert lease(store, hours=9) == ()

    def test_a_worker_settles_what_it_holds(self, store: Storage) -> None:
        """Though its lease has run out, while nobody else has taken it over."""
        s.put(store, s.birth(s.item(), s.notice()))
        queued = lease(store, worker="w1")
        assert settle(store, queued, Delivery.SENT, hours=3, worker="w1") == ()
        assert [q.status for q in self.listed(store)] == [Delivery.SENT]

    def test_what_another_has_taken_over_is_lost(self, store: Storage) -> None:
        """It is left to the other, and the rest is settled all the same."""
        s.put(store, s.birth(s.item("A-1"), s.notice()))
        first = lease(store, worker="w1")
        assert len(lease(store, hours=1, worker="w2")) == 1
        s.put(store, s.birth(s.item("A-2"), s.notice()))
        both = (*first, *lease(store, hours=1, worker="w1"))
        lost = settle(store, both, Delivery.SENT, hours=1, worker="w1")
        assert lost == tuple(queued.key for queued in first)
        found = {q.subject: q.status for q in self.listed(store)}
        assert found == {"item:A-1": Delivery.PENDING, "item:A-2": Delivery.SENT}
        assert settle(store, first, Delivery.UNKNOWN, hours=1, worker="w2") == ()

    def test_what_another_has_settled_is_lost(self, store: Storage) -> None:
        """Nobody holds it any more; a person may still say what became of it."""
        s.put(store, s.birth(s.item(), s.notice()))
        queued = lease(store, worker="w1")
        lease(store, hours=1, worker="w2")
        settle(store, queued, Delivery.UNKNOWN, hours=1, worker="w2")
        (lost,) = settle(store, queued, Delivery.SENT, hours=2, worker="w1")
        assert lost == queued[0].key
        assert [q.status for q in self.listed(store)] == [Delivery.UNKNOWN]
        assert settle(store, queued, Delivery.SENT, hours=3) == ()
        assert [q.status for q in self.listed(store)] == [Delivery.SENT]

    def test_an_unknown_key_is_not_found(self, store: Storage) -> None:
        """Who settles what was never queued hears of it, and settles nothing."""
        s.put(store, s.birth(s.item(), s.notice()))
        (queued,) = lease(store)
        stranger = evolve(queued, key="nobody")
        with pytest.raises(NotFound):
            settle(store, [queued, stranger], Delivery.SENT)
        assert [q.status for q in self.listed(store)] == [Delivery.PENDING]

    def test_notices_are_listed_by_status_and_subject(self, store: Storage) -> None:
        """Both narrow; neither gives all, oldest first."""
        several: list[Change] = [
            s.birth(s.item(f"A-{n}"), s.notice()) for n in range(3)
        ]
        for n, one in enumerate(several):
            s.put(store, one, now=s.MONDAY + n * s.TICK)
        settle(store, lease(store, 0.1, limit=1), Delivery.SENT)
        with store.begin(s.ONE) as work:
            pending = work.notices(statuses=(Delivery.PENDING,))
            assert [q.subject for q in pending] == ["item:A-1", "item:A-2"]
            both = work.notices(statuses=("sent", "dead"), subject="item:A-0")
            assert len(both) == 1
            assert work.notices(statuses=("sent",), subject="item:A-1") == ()
            assert len(work.notices()) == 3
