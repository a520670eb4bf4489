"""Unique keys: what makes a code, a citation, a request single."""

from __future__ import annotations

import pytest
from attrs import evolve

from duban_flow.domain.batch import Request
from duban_flow.domain.rows import citation_rows, meta_rows, post_rows
from duban_flow.domain.units import Post, Unit
from duban_flow.engine.ports import Storage
from duban_flow.errors import Conflict, Invalid
from duban_flow.testing.storage import samples as s
from duban_flow.testing.storage.ground import Ground


class Keys(Ground):
    """A key that is taken is a Conflict, whoever comes second."""

    def test_a_code_is_single(self, store: Storage) -> None:
        """Neither a later birth, nor a change, nor a twin in the batch takes a code."""
        s.put(store, s.birth(s.item("A-1")), s.birth(s.item("A-2")))
        other = s.birth(s.item("A-1", id="item:other"))
        twins = [s.birth(s.item("A-3")), s.birth(s.item("A-3", id="item:twin"))]
        for wrong in ([other], [s.act("A-2", 1, "amend", code="A-1")], twins):
            with pytest.raises(Conflict):
                s.put(store, *wrong)
        assert [i.code for i in s.picture(store)["found"]] == ["A-1", "A-2"]

    def test_a_code_that_was_let_go_is_free(self, store: Storage) -> None:
        """A corrected number leaves the old one to another item."""
        s.put(store, s.birth(s.item("A-1")))
        s.put(store, s.act("A-1", 1, "amend", code="A-9"))
        s.put(store, s.birth(s.item("A-1", id="item:other")))
        with store.begin(s.ONE) as work:
            found = work.ids_of(["A-1", "A-9"])
        assert found == {"A-1": "item:other", "A-9": "item:A-1"}

    def test_a_citation_is_single(self, store: Storage) -> None:
        """The same item, unit, role, kind, rung, cycle and attempt is cited once."""
        first = s.sanction("s:1", "A-1")
        s.put(store, s.proposal(first), rows=[citation_rows(first)])
        again = evolve(first, id="s:2")
        with pytest.raises(Conflict):
            s.put(store, s.proposal(again), rows=[citation_rows(again)])
        assert [m.id for m in s.picture(store)["sanctions"]] == ["s:1"]

    def test_a_citation_differs_by_every_part_of_its_key(self, store: Storage) -> None:
        """Another attempt, cycle, rung, unit or kind is another citation."""
        first = s.sanction("s:1", "A-1")
        (cited,) = first.citations
        others = [
            evolve(first, citations=(evolve(cited, attempt=2),)),
            evolve(first, citations=(evolve(cited, cycle="due:2"),)),
            evolve(first, citations=(evolve(cited, rung="再逾期"),)),
            evolve(first, unit="czj"),
            evolve(first, kind="warn"),
        ]
        named = [first, *(evolve(o, id=f"s:{n}") for n, o in enumerate(others, 2))]
        rows = [citation_rows(made) for made in named]
        s.put(store, *map(s.proposal, named), rows=rows)
        assert len(s.picture(store)["sanctions"]) == 6

    def test_a_batch_does_not_cite_twice(self, store: Storage) -> None:
        """Twins within one batch are a Conflict too."""
        made = s.sanction("s:1", "A-1")
        twice = [citation_rows(made), citation_rows(evolve(made, id="s:2"))]
        with pytest.raises(Conflict):
            s.put(store, s.proposal(made), rows=twice)

    def test_a_request_is_answered_once(self, store: Storage) -> None:
        """The first answer is found again; its id is not used for another."""
        told = Request(id="r-1", digest="d", result='{"code":"甲"}')
        s.put(store, s.birth(s.item()), request=told)
        again = Request(id="r-1", digest="e", result="{}")
        with pytest.raises(Conflict):
            s.put(store, s.act("A-1", 1, "report"), request=again)
        with store.begin(s.ONE) as work:
            assert work.request("r-1") == ("d", '{"code":"甲"}')
            assert work.request("r-2") is None
        assert s.read(store).version == 1

    def test_a_day_has_one_sitting_of_a_policy(self, store: Storage) -> None:
        """A second sitting on the day is a Conflict; of another policy it is not."""
        s.put(store, s.opening(s.sitting("sitting:1")))
        s.put(store, s.opening(s.sitting("sitting:2", policy="other@1")))
        with pytest.raises(Conflict):
            s.put(store, s.opening(s.sitting("sitting:3")))
        assert len(s.picture(store)["sittings"]) == 2

    def test_a_word_gives_way(self, store: Storage) -> None:
        """What is kept about the office itself is replaced by the last word."""
        s.put(store, rows=[meta_rows({"word": "first", "other": "甲"})])
        s.put(store, rows=[meta_rows({"word": "last"})])
        with store.begin(s.ONE) as work:
            words = [work.meta(key) for key in ("word", "other", "third")]
        assert words == ["last", "甲", None]

    def test_posts_are_kept_by_unit_name_and_day(self, store: Storage) -> None:
        """A post given again replaces itself; held later, it is another row."""
        unit = Unit("zjj", "住建局", aliases=("建设局",))
        first = Post(unit="zjj", name="leader", officer="甲")
        later = evolve(first, since=s.MONDAY.date(), officer="乙")
        s.put(store, s.registration(unit), rows=[post_rows([first, later])])
        s.put(store, rows=[post_rows([evolve(first, officer="丙")])])
        found = s.picture(store)
        assert found["units"] == {"zjj": unit}
        assert [post.officer for post in found["posts"]] == ["丙", "乙"]

    def test_rows_of_an_unknown_table_are_refused(self, store: Storage) -> None:
        """A misspelt table or column is Invalid, not ignored."""
        rows = meta_rows({"word": "said"})
        for wrong in (
            evolve(rows, table="mata"),
            evolve(rows, columns={"key": ["word"], "velue": ["said"]}),
        ):
            with pytest.raises(Invalid):
                s.put(store, rows=[wrong])
