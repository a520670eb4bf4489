"""Finding items: by what is asked, page by page, in whatever writing."""

from __future__ import annotations

import pytest
from attrs import evolve

from duban_flow.domain.batch import Change
from duban_flow.domain.columns import item_columns
from duban_flow.domain.items import Closing, Party
from duban_flow.domain.ledger import code_key
from duban_flow.domain.units import Role
from duban_flow.engine.ports import Query, Storage
from duban_flow.testing.storage import samples as s
from duban_flow.testing.storage.ground import Ground


def found(store: Storage, query: Query) -> str:
    """Find items and name their codes."""
    with store.begin(s.ONE) as work:
        return " ".join(item.code for item in work.find(query))


def due(code: str, hours: int, **changes: object) -> Change:
    """Give birth to an item under a due instant."""
    made = s.birth(s.item(code, **changes))
    at = item_columns(s.item(next_at=s.MONDAY + hours * s.HOUR))["next_at"]
    return evolve(made, columns={**made.columns, "due_at": at})


class Finding(Ground):
    """Pages run along the codes; every field of a query narrows."""

    def test_pages_run_along_the_codes(self, store: Storage) -> None:
        """Each page begins after the last code of the one before."""
        codes = ["A-1", "A-10", "A-2", "B", "a", "甲-1", "𠮷-1"]
        s.put(store, *(s.birth(s.item(code)) for code in reversed(codes)))
        pages, after = [], None
        while page := found(store, Query(limit=3, after=after)):
            pages.append(page)
            after = page.split()[-1]
        assert pages == ["A-1 A-10 A-2", "B a 甲-1", "𠮷-1"]
        assert found(store, Query(limit=0)) == ""

    def test_every_field_narrows(self, store: Storage) -> None:
        """State, category, policy, parent, unit, and several at once."""
        s.put(
            store,
            s.birth(s.item("A-1")),
            s.birth(s.item("A-2", state="closed", category="petition")),
            s.birth(s.item("A-3", parent="item:A-1", policy="district@1")),
            s.birth(s.item("A-4", parties={Role.LEAD: (Party("cgj"),)})),
        )
        asked = {
            "A-2": Query(state=("closed", "withdrawn")),
            "A-1 A-3 A-4": Query(category="livelihood"),
            "A-3": Query(policy="district@1"),
            "A-3 ": Query(parent="item:A-1"),
            "A-1 A-2 A-3": Query(unit="czj"),
            "A-4": Query(unit="cgj", state=("assigned",)),
            "": Query(unit="cgj", category="petition"),
            "A-1 A-2 A-3 A-4": Query(),
        }
        assert {name: found(store, q) for name, q in asked.items()} == {
            name: name.strip() for name in asked
        }

    def test_a_change_of_parties_is_found(self, store: Storage) -> None:
        """After a reassignment the new unit finds the item and the old does not."""
        s.put(store, s.birth(s.item()))
        moved = s.item(parties={Role.RESPONSIBLE: (Party("cgj"), Party("zjj"))})
        named = item_columns(moved)["parties"]
        s.put(store, s.act("A-1", 1, "reassign", parties=named))
        units = ("cgj", "zjj", "czj")
        assert [found(store, Query(unit=u)) for u in units] == ["A-1", "A-1", ""]

    def test_a_unit_sees_what_concerns_it(self, store: Storage) -> None:
        """A role in the item or its registration lets a unit see it."""
        other = {Role.RESPONSIBLE: (Party("cgj"),)}
        s.put(
            store,
            s.birth(s.item("A-1")),
            s.birth(s.item("A-2", registrar="zjj", parties=other)),
            s.birth(s.item("A-3", parties=other)),
        )
        assert found(store, Query(visible_to=("zjj",))) == "A-1 A-2"
        assert found(store, Query(visible_to=("czj", "cgj"))) == "A-1 A-2 A-3"
        assert found(store, Query(visible_to=())) == ""
        assert found(store, Query(visible_to=("dcs",), unit="cgj")) == "A-3"

    def test_overdue_asks_for_open_and_past_due(self, store: Storage) -> None:
        """At the due instant it is not overdue; once closed it is not either."""
        closing = Closing(action="close", at=s.MONDAY, finished_at=s.MONDAY)
        s.put(
            store,
            due("A-1", 1),
            due("A-2", 2),
            due("A-3", 1, closing=closing),
            s.birth(s.item("A-4")),
        )
        at = s.MONDAY + s.HOUR
        assert found(store, Query(overdue_at=at)) == ""
        assert found(store, Query(overdue_at=at + s.TICK)) == "A-1"
        assert found(store, Query(overdue_at=at + 9 * s.HOUR)) == "A-1 A-2"
        assert found(store, Query(due_by=at - s.TICK)) == ""
        assert found(store, Query(due_by=at)) == "A-1 A-3"

    def test_what_is_due_from_an_instant_is_found(self, store: Storage) -> None:
        """At the instant or later, ended or not; and what is open without a date."""
        closing = Closing(action="close", at=s.MONDAY, finished_at=s.MONDAY)
        s.put(
            store,
            due("A-1", 1),
            due("A-2", 2),
            due("A-3", 2, closing=closing),
            s.birth(s.item("A-4")),
            s.birth(s.item("A-5", closing=closing)),
        )
        at = s.MONDAY + 2 * s.HOUR
        assert found(store, Query(due_from=at)) == "A-2 A-3 A-4"
        assert found(store, Query(due_from=at + s.TICK)) == "A-4"
        assert found(store, Query(due_from=at, due_by=at)) == "A-2 A-3"

    def test_what_is_judged_from_an_instant_is_found(self, store: Storage) -> None:
        """At the instant or later; what is never judged again is not."""
        later = s.MONDAY + s.HOUR
        s.put(
            store,
            s.birth(s.item("A-1")),
            s.birth(s.item("A-2", next_at=later)),
            s.birth(s.item("A-3", next_at=None)),
        )
        assert found(store, Query(next_from=s.MONDAY)) == "A-1 A-2"
        assert found(store, Query(next_from=s.MONDAY + s.TICK)) == "A-2"
        assert found(store, Query(next_from=later + s.TICK)) == ""
        assert found(store, Query(next_from=s.MONDAY - 60 * 365 * 24 * s.HOUR)) == (
            "A-1 A-2"
        )

    @pytest.mark.parametrize(
        ("text", "codes"),
        [
            ("小区", "A-1"),
            ("𠮷", "A-2"),
            ("🚧", "A-2"),
            ("100%", "A-3"),
            ("0_0", "A-4"),
            ("c:\\d", "A-4"),
            ("'; --", "A-5"),
            ("road", "A-5"),
            ("a-3", "A-3"),
            ("ＡＢ", "A-6"),
            ("AB", "A-7"),
            ("é", "A-8"),
            ("É", ""),
            ("%", "A-3"),
            ("没有", ""),
        ],
    )
    def test_a_text_is_found_in_title_and_code(
        self, store: Storage, text: str, codes: str
    ) -> None:
        """A pattern's signs mean themselves; only A to Z match in either case."""
        titles = (
            "老旧小区改造",
            "𠮷林路围挡🚧拆除",
            "完成100%",
            "c:\\d 0_0",
            "'; -- ROAD",
            "全角ＡＢ",
            "半角Ab",
            "café",
        )
        births = [s.birth(s.item(f"A-{n}", title=t)) for n, t in enumerate(titles, 1)]
        s.put(store, *births)
        assert found(store, Query(text=text)) == codes

    def test_a_code_is_found_however_it_is_written(self, store: Storage) -> None:
        """Alike but for width, case and space, a code in use is named as it stands."""
        s.put(store, *(s.birth(s.item(code)) for code in ("信访-１", "Ab-2", "C-3")))
        asked = [code_key(code) for code in ("信访-1", "ＡＢ-2", "ab -2", "D-4")]
        with store.begin(s.ONE) as work:
            found = work.codes_near(asked)
        assert set(found.values()) == {"信访-１", "Ab-2"}
        assert set(found) == {asked[0], asked[1]}

    def test_parts_are_listed_by_code(self, store: Storage) -> None:
        """Every parent that is asked for is answered."""
        parts = [s.birth(s.item(f"P-{n}", parent="item:A-1")) for n in (2, 1)]
        s.put(store, s.birth(s.item()), *parts)
        with store.begin(s.ONE) as work:
            several = work.parts(["item:A-1", "item:P-1"])
            listed = work.all_ids()
        assert [p.code for p in several["item:A-1"]] == ["P-1", "P-2"]
        assert several["item:P-1"] == ()
        assert listed == ("item:A-1", "item:P-1", "item:P-2")

    def test_many_are_found_at_once(self, store: Storage) -> None:
        """More than a database takes in one statement, in the order asked."""
        names = [f"A-{n:04}" for n in range(1100)]
        s.put(store, *(s.birth(s.item(name)) for name in names))
        ids = [f"item:{name}" for name in reversed(names)]
        with store.begin(s.ONE) as work:
            assert list(work.items([*ids, "item:nobody", ids[0]])) == ids
            assert len(work.ids_of([*names, "nobody"])) == 1100
            assert len(work.events(ids)) == 1100
