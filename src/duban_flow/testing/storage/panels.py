"""Sittings, what they judged and what they said; sanctions and whom they cite."""

from __future__ import annotations

from datetime import date

import pytest
from attrs import evolve

from duban_flow.domain.batch import batch_of
from duban_flow.domain.policies.model import Verdict
from duban_flow.domain.rows import account_rows, citation_rows, judgement_rows
from duban_flow.domain.sanctions import NotSanctioned, Sanction, Stage, Unsure
from duban_flow.engine.ports import SanctionQuery, Storage
from duban_flow.errors import Conflict
from duban_flow.testing.storage import samples as s
from duban_flow.testing.storage.ground import Ground


class Panels(Ground):
    """What a panel judged is kept row by row, and what came of it in order."""

    def test_judgements_come_back_as_they_were(self, store: Storage) -> None:
        """Every field of a judgement, in the order of item, unit, role and rung."""
        bare = s.judgement("A-3", unit=None, role=None, rung="", kind="", cycle="")
        several = (
            s.judgement("A-1"),
            s.judgement("A-2", verdict=Verdict.UNSURE, grounds=(), flags=()),
            bare,
        )
        s.put(
            store,
            s.opening(s.sitting()),
            rows=[judgement_rows("sitting:1", reversed(several))],
        )
        with store.begin(s.ONE) as work:
            assert work.judgements("sitting:1") == several
            assert work.judgements("sitting:2") == ()

    def test_an_item_is_judged_once_a_sitting(self, store: Storage) -> None:
        """The same rung for the same party in the same sitting is a Conflict."""
        rows = judgement_rows("sitting:1", [s.judgement()])
        s.put(store, rows=[rows])
        with pytest.raises(Conflict):
            s.put(store, rows=[rows])
        s.put(store, rows=[judgement_rows("sitting:2", [s.judgement()])])
        with store.begin(s.ONE) as work:
            assert len(work.judgements("sitting:1")) == 1
            assert len(work.judgements("sitting:2")) == 1

    def test_judging_in_any_batches_comes_to_the_same(self, store: Storage) -> None:
        """One batch or one a row, forwards or backwards: the same rows."""
        several = [s.judgement(f"A-{n}") for n in range(7)]
        s.put(store, rows=[judgement_rows("sitting:1", several)])
        for one in reversed(several):
            s.put(store, rows=[judgement_rows("sitting:2", [one])])
        with store.begin(s.ONE) as work:
            assert work.judgements("sitting:1") == work.judgements("sitting:2")

    def test_a_sitting_is_found_by_policy_and_day(self, store: Storage) -> None:
        """With and without a lock, with its records in the order given."""
        record = NotSanctioned(
            items=("item:A-1",),
            codes=("A-1",),
            titles=("老旧小区改造",),
            unit="zjj",
            reason="有正当理由",
        )
        doubt = Unsure(
            item="item:A-2", code="A-2", title="甲", unit=None, rung="r", grounds=()
        )
        made = s.sitting(tally={"judged": 2}, sanctions=("s:1",))
        rows = account_rows(made.id, [record, evolve(record, unit="czj")], [doubt])
        s.put(store, s.opening(made), rows=[rows])
        wanted = evolve(
            made,
            version=1,
            not_sanctioned=(record, evolve(record, unit="czj")),
            unsure=(doubt,),
        )
        with store.begin(s.ONE) as work:
            for lock in (None, "share", "exclusive"):
                assert work.sitting("district@1", made.day, lock=lock) == wanted
            assert work.sitting("district@1", date(2026, 12, 24)) is None
            assert work.sitting("other@1", made.day) is None
            assert work.account(made.id) == (wanted.not_sanctioned, (doubt,))

    def test_sittings_are_listed_by_day(self, store: Storage) -> None:
        """Of one policy, or of all."""
        days = {"b": date(2026, 11, 25), "a": date(2026, 12, 25)}
        made = [s.sitting(f"sitting:{n}", day=day) for n, day in days.items()]
        other = s.sitting("sitting:c", policy="other@1", day=date(2026, 11, 1))
        s.put(store, *map(s.opening, [*made, other]))
        with store.begin(s.ONE) as work:
            assert [x.id[-1] for x in work.sittings()] == ["c", "b", "a"]
            assert [x.id[-1] for x in work.sittings("district@1")] == ["b", "a"]

    def test_a_sitting_is_closed_in_place(self, store: Storage) -> None:
        """Closing keeps the instants it was opened and judged by."""
        made = s.sitting()
        s.put(store, s.opening(made))
        closed = evolve(made, closed_at=s.MONDAY + 2 * s.HOUR)
        s.put(store, s.opening(closed, 1))
        (found,) = s.picture(store)["sittings"]
        assert found == evolve(closed, version=2)

    def test_sanctions_come_back_as_they_were(self, store: Storage) -> None:
        """Every field, in the order in which they were proposed."""
        late = s.sanction("s:1", "A-1", proposed_at=s.MONDAY + s.HOUR)
        early = s.sanction("s:2", "A-1", "A-2", unit="czj", sitting="sitting:1")
        s.put(store, s.proposal(late), s.proposal(early))
        wanted = [evolve(made, version=1) for made in (early, late)]
        assert list(s.picture(store)["sanctions"]) == wanted

    def test_sanctions_are_found_by_what_narrows(self, store: Storage) -> None:
        """By id, cited item, unit, stage and sitting, and by several at once."""
        made = [
            s.sanction("s:1", "A-1"),
            s.sanction("s:2", "A-1", "A-2", unit="czj", sitting="sitting:1"),
            s.sanction("s:3", "A-3", stage=Stage.ISSUED),
        ]
        s.put(store, *map(s.proposal, made), rows=map(citation_rows, made))
        asked = {
            "s:1 s:3": SanctionQuery(ids=("s:3", "s:1", "s:9")),
            "s:1 s:2": SanctionQuery(items=("item:A-1",)),
            "s:2": SanctionQuery(items=("item:A-1",), units=("czj",)),
            "s:3": SanctionQuery(stages=("issued",)),
            "": SanctionQuery(ids=("s:1",), items=("item:A-3",)),
            "s:2 ": SanctionQuery(sitting="sitting:1"),
            "s:1 s:2 s:3": SanctionQuery(),
            " ": SanctionQuery(ids=()),
        }
        with store.begin(s.ONE) as work:
            found = {name: work.sanctions(query) for name, query in asked.items()}
        assert {name: " ".join(m.id for m in got) for name, got in found.items()} == {
            name: name.strip() for name in asked
        }

    def test_a_sanction_moves_on_by_its_version(self, store: Storage) -> None:
        """Approval compares and sets like any other change."""
        made = s.sanction("s:1", "A-1")
        s.put(store, s.proposal(made))
        issued: Sanction = evolve(made, stage=Stage.ISSUED, issued_at=s.MONDAY)
        s.put(store, s.proposal(issued, 1))
        with store.begin(s.ONE) as work:
            found = work.sanctions(SanctionQuery(stages=("issued",)))
            assert found == (evolve(issued, version=2),)
            work.write(batch_of([], now=s.MONDAY))
