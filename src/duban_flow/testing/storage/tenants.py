"""Tenants: nothing of one is ever seen, counted or written by another."""

from __future__ import annotations

from datetime import timedelta

import pytest

from duban_flow.domain.batch import Request
from duban_flow.domain.rows import citation_rows, judgement_rows, meta_rows, post_rows
from duban_flow.domain.units import Post, Unit
from duban_flow.engine.ports import Delivery, Query, SanctionQuery, Settlement, Storage
from duban_flow.errors import Invalid
from duban_flow.testing.storage import samples as s
from duban_flow.testing.storage.ground import Ground

STEPS = 4


def step(store: Storage, tenant: str, number: int) -> None:
    """Do one part of a short life of a tenant, under ids that all tenants share."""
    made = s.sanction("s:1", "A-1")
    if number == 0:
        s.put(
            store,
            s.birth(s.item("A-1"), s.notice()),
            s.birth(s.item("A-2")),
            s.registration(Unit("zjj", "住建局")),
            tenant=tenant,
            rows=[post_rows([Post(unit="zjj", name="leader")])],
            request=Request(id="r", digest="d", result="{}"),
        )
    elif number == 1:
        rows = [citation_rows(made), judgement_rows("sitting:1", [s.judgement()])]
        opening = s.opening(s.sitting())
        s.put(store, s.proposal(made), opening, tenant=tenant, rows=rows)
    elif number == 2:
        changes = [s.act("A-1", 1, "lapse", state="overdue"), s.act("A-2", 9, "lapse")]
        s.put(store, *changes, tenant=tenant, lost="drop")
    else:
        with store.begin(tenant) as work:
            (queued,) = work.claim_notices(s.MONDAY, 9, s.MONDAY + s.HOUR, "worker")
            sent = Settlement(
                key=queued.key, status=Delivery.SENT, attempts=1, at=s.MONDAY
            )
            work.settle([sent])
        s.put(store, tenant=tenant, rows=[meta_rows({"word": "said"})])


class Tenants(Ground):
    """Two tenants on one storage live as if each had its own."""

    def test_equal_ids_do_not_meet(self, store: Storage) -> None:
        """Ids, codes, requests, citations, units and days are each tenant's own."""
        for tenant in (s.ONE, s.TWO):
            for number in range(STEPS):
                step(store, tenant, number)
        assert s.picture(store, s.ONE) == s.picture(store, s.TWO)

    def test_a_twin_run_equals_two_runs_alone(self, store: Storage) -> None:
        """Interleaved with another's, a tenant's life comes to the same."""
        for number in range(STEPS):
            step(store, "alone", number)
        for number in range(STEPS):
            for tenant in (s.ONE, s.TWO):
                step(store, tenant, number)
        wanted = s.picture(store, "alone")
        assert s.picture(store, s.ONE) == wanted
        assert s.picture(store, s.TWO) == wanted

    def test_a_stranger_sees_nothing(self, store: Storage) -> None:
        """No read finds, counts or claims what is another's."""
        for number in range(STEPS - 1):
            step(store, s.ONE, number)
        later = s.MONDAY + timedelta(days=1)
        with store.begin(s.TWO) as work:
            assert work.ids_of(["A-1"]) == {}
            assert work.items(["item:A-1"]) == {}
            assert work.events(["item:A-1"]) == {"item:A-1": ()}
            assert work.parts(["item:A-1"]) == {"item:A-1": ()}
            assert work.sanctions(SanctionQuery(items=("item:A-1",))) == ()
            assert work.sanctions(SanctionQuery(ids=("s:1",))) == ()
            assert (work.find(Query()), work.all_ids()) == ((), ())
            assert len(work.claim(later, 9)) == work.due(later) == 0
            assert work.open_count() == 0
            assert work.sitting("district@1", s.sitting().day) is None
            assert (work.sittings(), work.judgements("sitting:1")) == ((), ())
            assert work.directory().units == {}
            assert work.request("r") is None
            assert work.claim_notices(later, 9, later, "worker") == ()
            assert work.notices() == ()

    def test_a_stranger_changes_nothing(self, store: Storage) -> None:
        """A write under another tenant meets none of the first one's rows."""
        step(store, s.ONE, 0)
        before = s.picture(store)
        s.put(store, s.birth(s.item(title="另一件")), tenant=s.TWO)
        s.put(store, s.act("A-1", 1, "close", state="closed"), tenant=s.TWO)
        assert s.picture(store) == before
        assert s.read(store, "A-1", s.TWO).state == "closed"

    def test_tenants_differ_by_case_and_width(self, store: Storage) -> None:
        """``one``, ``ONE`` and the full-width word are three tenants."""
        for tenant in ("one", "ONE", "ｏｎｅ"):
            s.put(store, s.birth(s.item(title=tenant)), tenant=tenant)
        assert s.read(store, "A-1", "ONE").title == "ONE"

    @pytest.mark.parametrize("name", ["", " ", "a\0b"])
    def test_a_tenant_has_a_name(self, store: Storage, name: str) -> None:
        """An empty name would be everybody's."""
        with pytest.raises(Invalid), store.begin(name):
            pass
