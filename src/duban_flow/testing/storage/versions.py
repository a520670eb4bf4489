"""Compare and set: who decided on an old version writes nothing."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from attrs import evolve

from duban_flow.domain.batch import batch_of
from duban_flow.domain.rows import citation_rows, judgement_rows
from duban_flow.engine.ports import Storage
from duban_flow.errors import Busy, Invalid, Stale
from duban_flow.testing.storage import samples as s
from duban_flow.testing.storage.ground import Ground


class Versions(Ground):
    """Every subject has a version; a write names the one that it was decided on."""

    def test_a_stale_writer_is_refused_and_told_of_whom(self, store: Storage) -> None:
        """Of two who read the same version, the second is Stale and changes nothing."""
        s.put(store, s.birth(s.item()))
        s.put(store, s.act("A-1", 1, "report", state="in_progress"))
        before = s.picture(store)
        with pytest.raises(Stale, match="item:A-1"):
            s.put(store, s.act("A-1", 1, "close", state="closed"))
        assert s.picture(store) == before

    def test_of_eight_writers_one_wins(self, store: Storage) -> None:
        """Eight threads that write on one version leave one event behind."""
        s.put(store, s.birth(s.item()))
        together = Barrier(8)

        def write(worker: int) -> str:
            together.wait()
            for _ in range(100):
                try:
                    s.put(store, s.act("A-1", 1, f"note-{worker}"))
                except Busy:
                    continue
                except Stale:
                    return "lost"
                return "won"
            return "never came in"

        with ThreadPoolExecutor(8) as pool:
            outcomes = sorted(pool.map(write, range(8)))
        assert outcomes == ["lost"] * 7 + ["won"]
        assert s.read(store).version == 2
        with store.begin(s.ONE) as work:
            assert len(work.events(["item:A-1"])["item:A-1"]) == 2

    def test_a_version_grows_by_the_number_of_events(self, store: Storage) -> None:
        """None, two and one event lead from 1 to 1, 3 and 4."""
        s.put(store, s.birth(s.item()))
        found = []
        for version, actions in ((1, ()), (1, ("report", "submit")), (3, ("close",))):
            s.put(store, s.act("A-1", version, *actions, category=f"c{version}"))
            found.append(s.read(store).version)
        assert found == [1, 3, 4]

    def test_a_column_that_is_absent_is_kept(self, store: Storage) -> None:
        """A change of one column leaves all others as they were."""
        made = s.item(labels=("重点",), note="已进场")
        s.put(store, s.birth(made))
        s.put(store, s.act("A-1", 1, state="overdue"))
        assert s.read(store) == evolve(made, version=1, state="overdue")

    def test_a_birth_over_a_living_subject_is_stale(self, store: Storage) -> None:
        """Who gives birth to what lives already lost the race."""
        s.put(store, s.birth(s.item()))
        with pytest.raises(Stale):
            s.put(store, s.birth(s.item(title="另一件")))
        assert s.read(store).title == "老旧小区改造"

    def test_a_change_of_what_was_never_born_is_stale(self, store: Storage) -> None:
        """A version that never stood is another than the one that stands."""
        with pytest.raises(Stale):
            s.put(store, s.act("A-1", 1, "report"))
        assert s.picture(store)["events"] == {"office": ()}

    def test_lost_members_are_dropped_and_named(self, store: Storage) -> None:
        """A set-wise batch writes the others and says who lost."""
        s.put(store, *(s.birth(s.item(f"A-{n}")) for n in range(5)))
        s.put(store, s.act("A-1", 1, "report"), s.act("A-3", 1, "report"))
        changes = [s.act(f"A-{n}", 1, "lapse", state="overdue") for n in range(5)]
        written = s.put(store, *changes, lost="drop")
        assert (written.count, written.lost) == (3, ("item:A-1", "item:A-3"))
        states = [s.read(store, f"A-{n}").state for n in range(5)]
        assert states == ["overdue", "assigned", "overdue", "assigned", "overdue"]
        with store.begin(s.ONE) as work:
            events = work.events(["item:A-1", "item:A-2"])
        told = {name: [e.action for e in several] for name, several in events.items()}
        assert told == {
            "item:A-1": ["assign", "report"],
            "item:A-2": ["assign", "lapse"],
        }

    def test_rows_of_a_lost_member_are_dropped_with_it(self, store: Storage) -> None:
        """A judgement of an item that changed meanwhile is not kept."""
        s.put(store, s.birth(s.item("A-1")), s.birth(s.item("A-2")))
        s.put(store, s.opening(s.sitting()))
        s.put(store, s.act("A-1", 1, "report"))
        rows = judgement_rows("sitting:1", [s.judgement("A-1"), s.judgement("A-2")])
        changes = [s.act("A-1", 1, next_at=-1), s.act("A-2", 1, next_at=-1)]
        written = s.put(store, *changes, rows=[rows], lost="drop")
        assert written.lost == ("item:A-1",)
        with store.begin(s.ONE) as work:
            assert [j.code for j in work.judgements("sitting:1")] == ["A-2"]

    def test_a_sanction_is_lost_with_an_item_it_cites(self, store: Storage) -> None:
        """No sanction stands on an item whose citation was not kept."""
        s.put(store, *(s.birth(s.item(f"A-{n}")) for n in range(3)))
        s.put(store, s.act("A-1", 1, "report"))
        both, other = s.sanction("s:1", "A-0", "A-1"), s.sanction("s:2", "A-2")
        changes = [s.act(f"A-{n}", 1, fired="f") for n in range(3)]
        written = s.put(
            store,
            *changes,
            s.proposal(both),
            s.proposal(other),
            rows=[citation_rows(both), citation_rows(other)],
            lost="drop",
        )
        assert set(written.lost) == {"item:A-0", "item:A-1", "s:1"}
        assert [m.id for m in s.picture(store)["sanctions"]] == ["s:2"]
        assert [s.read(store, f"A-{n}").fired for n in range(3)] == [(), (), ("f",)]

    def test_a_lost_sitting_takes_the_whole_batch_back(self, store: Storage) -> None:
        """What was judged rests on the sitting's row: without it, judge again."""
        s.put(store, s.birth(s.item()), s.opening(s.sitting()))
        before = s.picture(store)
        with pytest.raises(Busy):
            s.put(
                store, s.act("A-1", 1, fired="f"), s.opening(s.sitting()), lost="drop"
            )
        assert s.picture(store) == before

    def test_an_item_that_is_held_is_written_on(self, store: Storage) -> None:
        """Who locks what it reads decides on what stands, and writes in peace."""
        s.put(store, s.birth(s.item("A-1")), s.birth(s.item("A-2")))
        with store.begin(s.ONE) as work:
            held = work.items(["item:A-2", "item:A-1", "item:A-9"], lock=True)
            changes = [s.act(i.code, i.version, "close") for i in held.values()]
            written = work.write(batch_of(changes, now=s.MONDAY))
        assert (list(held), written.count) == (["item:A-2", "item:A-1"], 2)

    def test_a_subject_stands_once_in_a_batch(self, store: Storage) -> None:
        """Two changes of one subject in one batch contradict each other."""
        s.put(store, s.birth(s.item()))
        with pytest.raises(Invalid):
            s.put(store, s.act("A-1", 1, "a"), s.act("A-1", 1, "b", state="overdue"))
        assert s.read(store).version == 1
