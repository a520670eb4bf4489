"""Editions of calendars and policies: kept once, found again in order."""

from __future__ import annotations

import pytest
from attrs import evolve

from duban_flow.domain.batch import batch_of
from duban_flow.domain.editions import CALENDARS, POLICIES, EditionTable, Kept
from duban_flow.domain.rows import edition_rows
from duban_flow.engine.ports import Storage
from duban_flow.errors import Conflict
from duban_flow.testing.storage import samples as s
from duban_flow.testing.storage.ground import Ground


def kept(name: str = "china", version: str = "2026", later: int = 0) -> Kept:
    """Give an edition that was recorded so many ticks after Monday."""
    return Kept(
        name=name,
        version=version,
        recorded_at=s.MONDAY + later * s.TICK,
        body={"holidays": {"2026-10-01": "国庆节"}, "version": version},
    )


def found(store: Storage, table: EditionTable, tenant: str = s.ONE) -> tuple[Kept, ...]:
    """Read what is kept in a table."""
    with store.begin(tenant) as work:
        return work.editions(table)


class Editions(Ground):
    """What items rest on is kept under its name and version, and never twice."""

    @pytest.mark.parametrize("table", [CALENDARS, POLICIES])
    def test_editions_come_back_as_they_were(
        self, store: Storage, table: EditionTable
    ) -> None:
        """Every edition is found, body and all, in the order of recording."""
        several = [kept(version="2027"), kept("local", later=1), kept(later=2)]
        for one in reversed(several):
            s.put(store, rows=[edition_rows(table, [one])])
        assert found(store, table) == tuple(several)
        assert [one.digest for one in found(store, table)] == [
            one.digest for one in several
        ]

    def test_calendars_and_policies_do_not_meet(self, store: Storage) -> None:
        """The same name and version in the other table is another edition."""
        s.put(store, rows=[edition_rows(CALENDARS, [kept()])])
        s.put(store, rows=[edition_rows(POLICIES, [kept(later=1)])])
        assert found(store, CALENDARS) == (kept(),)
        assert found(store, POLICIES) == (kept(later=1),)

    def test_an_edition_is_kept_once(self, store: Storage) -> None:
        """A second one under the same name and version is a Conflict."""
        s.put(store, rows=[edition_rows(CALENDARS, [kept()])])
        other = evolve(kept(later=1), body={"holidays": {}})
        with pytest.raises(Conflict):
            s.put(store, rows=[edition_rows(CALENDARS, [other])])
        assert found(store, CALENDARS) == (kept(),)

    def test_an_edition_gives_way_where_that_is_said(self, store: Storage) -> None:
        """One on which nothing rests is replaced, body and instant."""
        s.put(store, rows=[edition_rows(POLICIES, [kept()])])
        other = evolve(kept(later=1), body={"rung": []})
        s.put(store, rows=[edition_rows(POLICIES, [other], replace=True)])
        assert found(store, POLICIES) == (other,)

    def test_editions_are_a_tenants_own(self, store: Storage) -> None:
        """What one tenant keeps the other neither sees nor is hindered by."""
        s.put(store, rows=[edition_rows(CALENDARS, [kept()])])
        assert found(store, CALENDARS, s.TWO) == ()
        s.put(store, rows=[edition_rows(CALENDARS, [kept(later=1)])], tenant=s.TWO)
        assert found(store, CALENDARS) == (kept(),)

    def test_an_edition_is_seen_where_it_was_written(self, store: Storage) -> None:
        """A unit of work reads what it has just recorded itself."""
        with store.begin(s.ONE) as work:
            rows = edition_rows(CALENDARS, [kept()])
            work.write(batch_of([], now=s.MONDAY, rows=[rows]))
            assert work.editions(CALENDARS) == (kept(),)
