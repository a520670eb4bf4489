"""Editions: what an office was opened with is kept, what was loaded is seen by all."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import date

import pytest
from attrs import evolve

from duban_flow import Conflict, NotFound, WorkCalendar
from duban_flow.domain.batch import batch_of
from duban_flow.domain.editions import (
    CALENDARS,
    POLICIES,
    kept_calendar,
    kept_policy,
    read_policy,
)
from duban_flow.domain.instants import EPOCH, TICK
from duban_flow.domain.policies.plain import PLAIN
from duban_flow.engine.editions import Known, Shelf, shelving
from duban_flow.formats.policy_toml import load_policy
from duban_flow.storage.memory import MemoryStorage
from tests.engine.house import POLICY, House, at

CHINA = WorkCalendar.china()
FLOODED = evolve(
    CHINA,
    version="2026-flood",
    holidays={**CHINA.holidays, date(2026, 6, 3): "防汛停工"},
)
"""The same calendar, with the third of June off."""


def shelve(storage, calendar):
    """Put an edition on the shelf of a store, as another process would."""
    with storage.begin("default") as work:
        rows = shelving(work, CALENDARS, [kept_calendar(calendar, EPOCH)])
        work.write(batch_of([], now=EPOCH, rows=rows))


def kept(storage, table):
    """List what a store keeps in a table."""
    with storage.begin("default") as work:
        return [one.key for one in work.editions(table)]


class TestOpening:
    """What an office is opened with is written down, once."""

    def test_calendars_and_policies_are_written_down(self, storage):
        """Each under its name and version; opened again, nothing is added."""
        House.open(storage)
        House.open(storage)
        assert kept(storage, CALENDARS) == ["china@2026"]
        assert sorted(kept(storage, POLICIES)) == ["district@1", "plain@1"]

    def test_a_policy_in_python_is_not_written_down(self, storage):
        """It is code; only what is data can be kept."""

        class Own:
            """A policy written in Python."""

            name, version = "own", "1"

            def rungs(self, item, facts):
                """Give no rung."""
                return ()

        House.open(storage, policies=[Own()])
        assert kept(storage, POLICIES) == ["plain@1"]

    def test_another_policy_under_its_name_and_version_is_refused(self, storage):
        """Items rest on what it said; the name is told."""
        House.open(storage).assign("A-1")
        with pytest.raises(Conflict, match="district@1") as refused:
            House.open(storage, policies=[evolve(POLICY, basis=("another",))])
        assert refused.value.code == "policy.edition_changed"
        House.open(storage, policies=[evolve(POLICY, version="2")])

    def test_a_policy_on_which_nothing_rests_gives_way(self, storage):
        """While nobody has given a matter out by it, it may be written anew."""
        House.open(storage)
        changed = evolve(POLICY, basis=("another",))
        house = House.open(storage, policies=[changed])
        assert house.office.settings.shelf.known.policies["district@1"].basis == (
            "another",
        )

    def test_where_a_rung_stands_in_its_file_is_nothing_new(self, storage):
        """A comment above it moves it down; it says what it said."""
        House.open(storage).assign("A-1")
        moved = evolve(POLICY, rung=tuple(evolve(r, line=99) for r in POLICY.rung))
        House.open(storage, policies=[moved])

    def test_another_calendar_under_its_name_and_version_is_refused(self, storage):
        """Deadlines were counted by what it said."""
        House.open(storage).assign("A-1")
        changed = evolve(FLOODED, version=CHINA.version)
        with pytest.raises(Conflict, match="china@2026") as refused:
            House.open(storage, calendars=[changed])
        assert refused.value.code == "calendar.edition_changed"

    def test_a_calendar_on_which_nothing_rests_gives_way(self, storage):
        """Items by another calendar do not hold it fast."""
        other = evolve(CHINA, name="local")
        House.open(storage, calendars=[CHINA, other]).assign("A-1")
        changed = evolve(FLOODED, name="local", version=other.version)
        house = House.open(storage, calendars=[CHINA, changed])
        assert house.office.settings.calendar("local") == changed

    def test_two_offices_opened_at_once_keep_one_edition(self):
        """Between a first look and a first write somebody else has written it down."""

        class Meanwhile(MemoryStorage):
            """A storage on which another office is opened at that very moment."""

            met = False

            @contextmanager
            def begin(self, tenant):
                """Open a transaction; the first of the tenant's is overtaken."""
                with super().begin(tenant) as work:
                    if tenant == "default" and not self.met:
                        self.met = True
                        House.open(self)
                    yield work

        storage = Meanwhile()
        house = House.open(storage)
        assert kept(storage, CALENDARS) == ["china@2026"]
        assert house.office.settings.calendar() == CHINA


class TestShelf:
    """One word tells whether the rows must be read again."""

    def test_what_another_process_loaded_is_seen(self, storage):
        """By the next unit of work of an office that was opened before."""
        house = House.open(storage)
        before = house.assign("A-1", days=4)
        shelve(storage, FLOODED)
        after = house.assign("A-2", days=4)
        assert (before.due_at, after.due_at) == (at("06-05 17:30"), at("06-08 17:30"))
        assert house.office.settings.calendar() == FLOODED

    def test_a_job_sees_one_edition_to_its_end(self, storage):
        """What is loaded meanwhile is for the next job."""
        house = House.open(storage)
        settings = house.office.settings
        with storage.begin("default") as work, settings.shelf.held(work):
            # Another thread reads what was loaded in between.
            settings.shelf._known = Known(word="next", calendars={"china": ()})
            assert settings.calendar() == CHINA

    def test_two_shelves_do_not_meet(self, storage):
        """A job of one office inside a job of another sees its own."""
        storage.create()
        first, second = Shelf(), Shelf()
        shelve(storage, FLOODED)
        with storage.begin("default") as work, first.held(work):
            assert first.known.calendar("china") == FLOODED
            assert second.known.calendar("china") is None

    def test_what_was_taken_back_is_not_seen(self, storage):
        """A unit of work that fails leaves the edition that stood."""
        house = House.open(storage)
        desk = house.desk()
        with pytest.raises(RuntimeError):
            self.load_and_fail(house, desk)
        house.assign("A-1")
        assert house.office.settings.calendar() == CHINA

    def load_and_fail(self, house, desk):
        """Load an edition in a unit of work that comes to nothing."""
        with desk.atomic():
            work = desk._binding.transactions._shared
            rows = shelving(work, CALENDARS, [kept_calendar(FLOODED, EPOCH)])
            work.write(batch_of([], now=EPOCH, rows=rows))
            desk.find()
            assert house.office.settings.calendar() == FLOODED
            raise RuntimeError

    def test_of_two_editions_the_one_known_further_is_in_force(self, storage):
        """Of those that are known as far, it is the last that was recorded."""
        house = House.open(storage)
        short = evolve(
            WorkCalendar.china(through=2025), version="2025-late", holidays={}
        )
        shelve(storage, short)
        house.desk().find()
        assert house.office.settings.calendar() == CHINA
        shelve(storage, FLOODED)
        shelve(storage, evolve(FLOODED, version="third"))
        house.desk().find()
        assert house.office.settings.calendar().version == "third"

    def test_editions_are_recorded_one_after_the_other(self, storage):
        """Whatever the clock says, no two share an instant."""
        storage.create()
        shelve(storage, CHINA)
        shelve(storage, FLOODED)
        with storage.begin("default") as work:
            times = [one.recorded_at for one in work.editions(CALENDARS)]
        assert times == [EPOCH + TICK, EPOCH + 2 * TICK]


class TestFinding:
    """An edition is found by what it says, not by what is in force."""

    def test_an_edition_is_found_by_its_digest(self, storage):
        """One that was opened, one that was kept, one that China published."""
        house = House.open(storage)
        shelve(storage, FLOODED)
        house.desk().find()
        settings = house.office.settings
        for wanted in (CHINA, FLOODED, WorkCalendar.china(through=2012)):
            assert settings.edition(wanted.edition) == wanted

    def test_an_edition_that_is_nowhere_is_named(self, storage):
        """Its name, its version and the beginning of its digest."""
        settings = House.open(storage).office.settings
        lost = evolve(FLOODED, name="lost").edition
        with pytest.raises(NotFound, match="lost@2026-flood") as refused:
            settings.edition(lost)
        assert refused.value.code == "calendar.edition"

    def test_a_policy_that_was_deleted_is_found(self, storage):
        """By its full name; a new matter under its bare name is not given out."""
        House.open(storage).assign("A-1")
        settings = House.open(storage, policies=()).office.settings
        assert settings.policy("district@1").kinds == POLICY.kinds
        assert [p.id for p in settings.in_use()] == ["plain@1", "district@1"]
        assert settings.policy("") == PLAIN
        with pytest.raises(NotFound):
            settings.policy("district")

    def test_an_opened_policy_comes_before_a_kept_one(self, storage):
        """It is the object the office was opened with."""
        settings = House.open(storage).office.settings
        assert settings.policy("district@1") is POLICY


def test_a_kept_policy_is_what_was_written():
    """Kinds, rungs, times and conditions come back; the lines of the file do not."""
    full = load_policy(
        """
        name = "full"
        version = "3"
        sitting = "month end - 2 workdays"
        account_for = ["late"]
        [kinds.warn]
        name = "行政效能告诫"
        level = 2
        approval = ["问责领导小组"]
        rectify = "10 workdays"
        [[rung]]
        key = "late"
        at = "due + 3 workdays"
        action = "warn"
        on = ["responsible"]
        when = ["open", "overrun >= 5 workdays", "not held"]
        reason = "{title}"
        """
    )
    kept_as = kept_policy(full, EPOCH)
    assert kept_as is not None
    again = read_policy(kept_as)
    assert again == evolve(full, rung=tuple(evolve(r, line=None) for r in full.rung))
