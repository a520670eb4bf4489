"""The caller's transaction: joined, never ended, all of it or nothing."""

from __future__ import annotations

from contextlib import suppress

import pytest

from duban_flow.domain.batch import Request, batch_of
from duban_flow.domain.rows import citation_rows
from duban_flow.engine.ports import Storage, Work
from duban_flow.errors import Conflict, DubanError, Invalid, Stale
from duban_flow.testing.storage import samples as s
from duban_flow.testing.storage.ground import Ground, wants
from duban_flow.testing.storage.wholeness import Interrupted


class Joining(Ground):
    """``bound`` writes into a transaction that is somebody else's."""

    def test_the_callers_commit_keeps_all(self, store: Storage) -> None:
        """Items, events, notices, citations and the request are there."""
        wants(store, "bound")
        with self.caller(store) as on, store.bound(s.ONE, on) as work:
            self.write(work)
        seen = s.picture(store)
        assert (list(seen["items"]), len(seen["notices"])) == (["item:A-1"], 1)
        assert len(seen["sanctions"]) == 1

    def test_the_callers_rollback_takes_all(self, store: Storage) -> None:
        """Nothing is left, though the unit of work had ended well."""
        wants(store, "bound")
        before = s.picture(store)
        with suppress(Interrupted), self.caller(store) as on:
            with store.bound(s.ONE, on) as work:
                self.write(work)
            raise Interrupted
        assert s.picture(store) == before
        with store.begin(s.ONE) as work:
            assert work.request("r") is None

    def test_several_units_of_work_share_it(self, store: Storage) -> None:
        """The second sees what the first wrote, before anybody commits."""
        wants(store, "bound")
        with self.caller(store) as on:
            with store.bound(s.ONE, on) as work:
                work.write(batch_of([s.birth(s.item())], now=s.MONDAY))
            with store.bound(s.ONE, on) as work:
                assert work.items(["item:A-1"])["item:A-1"].version == 1
                change = s.act("A-1", 1, "report", state="in_progress")
                work.write(batch_of([change], now=s.MONDAY))
            with store.bound(s.TWO, on) as work:
                assert work.all_ids() == ()
        assert s.read(store).version == 2

    def test_a_refusal_leaves_the_caller_its_transaction(self, store: Storage) -> None:
        """After Stale and Conflict the caller goes on, and commits the rest."""
        wants(store, "bound")
        s.put(store, s.birth(s.item("A-0")))
        with self.caller(store) as on, store.bound(s.ONE, on) as work:
            self.write(work)
            wrong = [
                (Stale, s.act("A-0", 9, "report")),
                (Conflict, s.birth(s.item("A-0", id="item:other"))),
            ]
            for fault, one in wrong:
                changes = [s.birth(s.item("A-9")), one]
                with pytest.raises(fault):
                    work.write(batch_of(changes, now=s.MONDAY))
            again = s.sanction("s:2", "A-1")
            with pytest.raises(Conflict):
                work.write(
                    batch_of([], now=s.MONDAY, rows=[citation_rows(again)]),
                )
        assert list(s.picture(store)["items"]) == ["item:A-0", "item:A-1"]

    def test_anything_else_is_invalid(self, store: Storage) -> None:
        """What is no transaction is refused with what was wanted."""
        wants(store, "bound")
        for wrong in (None, "sqlite://", object()):
            with pytest.raises(Invalid, match="Session"), store.bound(s.ONE, wrong):
                pass

    def test_after_its_end_nothing_is_done(self, store: Storage) -> None:
        """A unit of work that has ended does nothing, though the caller goes on."""
        wants(store, "bound")
        with self.caller(store) as on:
            with store.bound(s.ONE, on) as work:
                pass
            with pytest.raises(DubanError):
                self.write(work)
        assert s.picture(store)["items"] == {}

    def write(self, work: Work) -> None:
        """Write into every table that an act and a proposal meet."""
        made = s.sanction("s:1", "A-1")
        changes = [s.birth(s.item(), s.notice()), s.proposal(made)]
        request = Request(id="r", digest="d", result="{}")
        rows = [citation_rows(made)]
        work.write(batch_of(changes, now=s.MONDAY, rows=rows, request=request))
