"""All or nothing: over subjects, over tables, over everything in a transaction."""

from __future__ import annotations

from contextlib import suppress

import pytest
from attrs import evolve

from duban_flow.domain.batch import Change, Request, Rows, batch_of
from duban_flow.domain.events import SubjectKind
from duban_flow.domain.rows import citation_rows, meta_rows
from duban_flow.domain.units import Unit
from duban_flow.engine.ports import Storage
from duban_flow.errors import Conflict, DubanError, Invalid, Stale
from duban_flow.testing.storage import samples as s
from duban_flow.testing.storage.ground import Ground


class Interrupted(Exception):
    """Something else went wrong in the middle."""


class Wholeness(Ground):
    """A write is all of it or nothing."""

    def everything(self) -> tuple[list[Change], list[Rows], Request]:
        """Give a batch that meets every table."""
        made = s.sanction("s:1", "A-1")
        changes = [
            s.birth(s.item(), s.notice()),
            s.proposal(made),
            s.opening(s.sitting()),
            s.registration(Unit("zjj", "住建局")),
            s.change(SubjectKind.OFFICE, "office", 0, {}, "open"),
        ]
        rows = [citation_rows(made), meta_rows({"word": "said"})]
        return changes, rows, Request(id="r", digest="d", result="{}")

    def test_every_kind_of_subject_is_kept(self, store: Storage) -> None:
        """One batch writes an item, a sanction, a sitting, a unit and the office."""
        changes, rows, request = self.everything()
        written = s.put(store, *changes, rows=rows, request=request)
        seen = s.picture(store)
        assert written.count == 5
        names = ("item:A-1", "s:1", "sitting:1", "zjj", "office")
        kinds = [seen["events"][name][0].subject.kind for name in names]
        assert kinds == list(SubjectKind)
        assert list(seen["items"]) == ["item:A-1"]
        assert seen["units"] == {"zjj": Unit("zjj", "住建局")}
        assert (len(seen["notices"]), seen["word"]) == (1, "said")

    def test_an_exception_takes_everything_back(self, store: Storage) -> None:
        """What was written before an exception in the same transaction is gone."""
        before = s.picture(store)
        changes, rows, request = self.everything()
        batch = batch_of(changes, now=s.MONDAY, rows=rows, request=request)

        def interrupted() -> None:
            with store.begin(s.ONE) as work:
                work.write(batch)
                raise Interrupted

        with pytest.raises(Interrupted):
            interrupted()
        assert s.picture(store) == before
        with store.begin(s.ONE) as work:
            assert work.request("r") is None
            assert work.ids_of(["A-1"]) == {}

    def test_two_writes_are_one_transaction(self, store: Storage) -> None:
        """A second write that is refused takes the first back, once it is raised."""
        before = s.picture(store)

        def both() -> None:
            with store.begin(s.ONE) as work:
                work.write(batch_of([s.birth(s.item())], now=s.MONDAY))
                work.write(batch_of([s.act("A-1", 7, "report")], now=s.MONDAY))

        with pytest.raises(Stale):
            both()
        assert s.picture(store) == before

    @pytest.mark.parametrize("spoilt", ["stale", "code", "citation", "request", "day"])
    def test_one_refusal_refuses_all(self, store: Storage, spoilt: str) -> None:
        """Whatever a batch is refused for, none of its subjects has changed."""
        self.refuse(store, spoilt)

    def refuse(self, store: Storage, spoilt: str) -> None:
        """Write a batch of which one thing cannot be."""
        made = s.sanction("s:0", "A-0")
        first = Request(id="r", digest="d", result="{}")
        s.put(
            store,
            s.birth(s.item("A-0")),
            s.proposal(made),
            s.opening(s.sitting("sitting:0")),
            rows=[citation_rows(made)],
            request=first,
        )
        before = s.picture(store)
        faults = {
            "stale": [s.act("A-0", 7, "report")],
            "code": [s.birth(s.item("A-0", id="item:other"))],
            "day": [s.opening(s.sitting("sitting:other"))],
        }
        changes = [
            s.birth(s.item("A-9"), s.notice()),
            s.proposal(s.sanction("s:9")),
            *faults.get(spoilt, []),
        ]
        rows = [meta_rows({"word": "said"})]
        if spoilt == "citation":
            rows.append(citation_rows(s.sanction("s:9", "A-0")))
        request = Request(id="r" if spoilt == "request" else "q", digest="e", result="")
        with pytest.raises(Stale if spoilt == "stale" else Conflict):
            s.put(store, *changes, rows=rows, request=request)
        assert s.picture(store) == before
        with store.begin(s.ONE) as work:
            assert work.request("q") is None

    def test_a_swallowed_refusal_leaves_nothing_behind(self, store: Storage) -> None:
        """Who goes on after a refusal commits what else was done, and no half of it."""
        s.put(store, s.birth(s.item("A-0")))
        with store.begin(s.ONE) as work:
            work.write(batch_of([s.birth(s.item("A-1"))], now=s.MONDAY))
            doubled = [s.birth(s.item("A-2")), s.birth(s.item("A-0", id="item:other"))]
            with suppress(Conflict):
                work.write(batch_of(doubled, now=s.MONDAY))
        seen = s.picture(store)
        assert list(seen["items"]) == ["item:A-0", "item:A-1"]
        assert set(seen["events"]) == {"item:A-0", "item:A-1", "office"}

    def test_an_ended_unit_of_work_does_nothing_more(self, store: Storage) -> None:
        """Reads and writes after the end are refused."""
        with store.begin(s.ONE) as work:
            pass
        with pytest.raises(DubanError):
            work.all_ids()
        with pytest.raises(DubanError):
            work.write(batch_of([s.birth(s.item())], now=s.MONDAY))
        assert s.picture(store)["items"] == {}

    def test_a_birth_wants_every_column_and_an_event(self, store: Storage) -> None:
        """A subject that is born in part, or by nothing, is refused."""
        for half in (s.act("A-1", 0, "assign", state="assigned"), s.birth(s.item())):
            wrong = half if len(half.columns) == 1 else evolve(half, events=())
            with pytest.raises(Invalid):
                s.put(store, wrong)
        with pytest.raises(Invalid):
            s.put(store, s.act("A-1", 1, "report", colour="red"))

    def test_columns_are_as_long_as_their_members(self, store: Storage) -> None:
        """A column too short or too long is refused before anything is written."""
        batch = batch_of([s.birth(s.item())], now=s.MONDAY)
        (section,) = batch.members
        rows = meta_rows({"word": "said"})
        long_rows = evolve(rows, columns={**rows.columns, "value": ["a", "b"]})
        long_ids = evolve(section, ids=["item:A-1", "item:A-2"])
        for wrong in (
            evolve(batch, members=(long_ids,)),
            evolve(batch, rows=(long_rows,)),
        ):
            with store.begin(s.ONE) as work, pytest.raises(Invalid):
                work.write(wrong)
        assert s.picture(store)["items"] == {}

    def test_its_own_writes_are_seen_before_the_end(self, store: Storage) -> None:
        """A unit of work reads what it wrote; others do not until it commits."""
        with store.begin(s.ONE) as work:
            work.write(batch_of([s.birth(s.item())], now=s.MONDAY))
            assert work.items(["item:A-1"])["item:A-1"].version == 1
            assert work.ids_of(["A-1", "A-2"]) == {"A-1": "item:A-1"}
        assert s.read(store).version == 1
