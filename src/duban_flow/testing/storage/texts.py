"""Texts, instants and numbers come back as they went in, or are refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from attrs import evolve

from duban_flow.domain.batch import Change, Request
from duban_flow.domain.instants import micros
from duban_flow.domain.rows import meta_rows
from duban_flow.engine.ports import Query, SanctionQuery, Storage, Work
from duban_flow.errors import Invalid
from duban_flow.testing.storage import samples as s
from duban_flow.testing.storage.ground import Ground

LONG = "督查督办𠮷🚧" * 1700
INSTANTS = (
    datetime(1970, 1, 1, tzinfo=UTC),
    datetime(2026, 12, 31, 15, 59, 59, 999999, tzinfo=UTC),
    datetime(2038, 1, 19, 3, 14, 8, 1, tzinfo=UTC),
    datetime(2100, 2, 28, 16, 0, 0, 5, tzinfo=UTC),
    datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
)


ASKED: Mapping[str, Callable[[Work, str], Any]] = {
    "code": lambda work, bad: work.ids_of(["A-1", bad]),
    "code nearby": lambda work, bad: work.codes_near([bad]),
    "text": lambda work, bad: work.find(Query(text=bad)),
    "state": lambda work, bad: work.find(Query(state=("assigned", bad))),
    "unit": lambda work, bad: work.find(Query(unit=bad)),
    "category": lambda work, bad: work.find(Query(category=bad)),
    "after": lambda work, bad: work.find(Query(after=bad)),
    "sanction": lambda work, bad: work.sanctions(SanctionQuery(ids=(bad,))),
    "sanctioned unit": lambda work, bad: work.sanctions(SanctionQuery(units=(bad,))),
    "sittings": lambda work, bad: work.sittings(bad),
    "request": lambda work, bad: work.request(bad),
    "meta": lambda work, bad: work.meta(bad),
    "worker": lambda work, bad: work.claim_notices(s.MONDAY, 1, s.MONDAY, bad),
}
"""Ways to ask, each with a text that somebody may have typed."""


class Texts(Ground):
    """What a database cannot keep is refused; all else is kept to the letter."""

    @pytest.mark.parametrize(
        "text",
        [
            "𠮷野家",
            "👩‍🚒🚧",
            "ﬁ ｆｉ",
            "e\u0301 é",
            " 前后 ",
            "行\n\t列\r\n",
            "\u200b\ufeff",
            LONG,
        ],
    )
    def test_a_text_comes_back_as_it_was(self, store: Storage, text: str) -> None:
        """Four-byte characters, emoji, spaces, line ends and ten thousand bytes."""
        made = s.item(title=text, note=text, attributes={"键": [text, 7, None, True]})
        s.put(store, s.birth(made), request=Request(id="r", digest="d", result=text))
        assert s.read(store) == evolve(made, version=1)
        with store.begin(s.ONE) as work:
            assert work.request("r") == ("d", text)

    def test_codes_differ_by_case_width_and_accent(self, store: Storage) -> None:
        """Codes that look alike are each found as themselves."""
        codes = ["A-1", "a-1", "Ａ-1", "A-１", "é", "e\u0301", "𠮷", "吉", "ß", "ss"]
        s.put(store, *(s.birth(s.item(code, title=code)) for code in codes))
        with store.begin(s.ONE) as work:
            ids = work.ids_of(codes)
            titles = {c: work.items([ids[c]])[ids[c]].title for c in codes}
        assert titles == {code: code for code in codes}

    @pytest.mark.parametrize("bad", ["a\0b", "\ud842"])
    def test_nul_and_half_characters_are_refused(
        self, store: Storage, bad: str
    ) -> None:
        """Wherever they stand, nothing of the batch is written."""
        base = s.birth(s.item())
        told = tuple(evolve(e, data={"note": [bad]}) for e in base.events)
        s.put(store, s.birth(s.item("A-0")))
        before = s.picture(store)
        wrong: list[Change] = [
            s.birth(s.item(title=bad)),
            s.birth(s.item(note=bad)),
            s.birth(s.item(attributes={bad: "x"})),
            evolve(base, events=told),
            s.birth(s.item(), s.notice(unit=bad)),
            s.act("A-0", 1, "amend", code=bad),
        ]
        for one in wrong:
            with pytest.raises(Invalid):
                s.put(store, one)
        with pytest.raises(Invalid):
            s.put(store, base, rows=[meta_rows({"word": bad})])
        assert s.picture(store) == before

    @pytest.mark.parametrize("asked", ASKED)
    def test_what_cannot_be_kept_cannot_be_asked_for(
        self, store: Storage, asked: str
    ) -> None:
        """A question that holds such a text is refused, by every storage alike."""
        s.put(store, s.birth(s.item()))
        for bad in ("a\0b", "\ud842"):
            with store.begin(s.ONE) as work, pytest.raises(Invalid):
                ASKED[asked](work, bad)
        with store.begin(s.ONE) as work:
            assert work.ids_of(["A-1"])

    def test_a_number_may_be_as_large_as_it_likes(self, store: Storage) -> None:
        """A page or a claim that holds more than there can be holds what there is."""
        s.put(store, s.birth(s.item(next_at=s.MONDAY), s.notice()))
        end = s.MONDAY + s.HOUR
        with store.begin(s.ONE) as work:
            assert len(work.find(Query(limit=10**20))) == 1
            assert len(work.claim(s.MONDAY, 10**20)) == 1
            assert len(work.claim_notices(s.MONDAY, 10**20, end, "w")) == 1

    def test_a_word_for_nul_is_a_word(self, store: Storage) -> None:
        """A backslash and ``u0000`` are six characters like any others."""
        made = s.item(note="\\u0000", attributes={"x": "\\\\u0000"})
        base = s.birth(made)
        told = tuple(evolve(e, data={"note": "\\u0000"}) for e in base.events)
        s.put(store, evolve(base, events=told))
        assert s.read(store) == evolve(made, version=1)

    @pytest.mark.parametrize("bad", [Decimal("1.5"), 1.5, s.MONDAY, {1, 2}])
    def test_what_is_not_plain_data_is_refused(self, store: Storage, bad: Any) -> None:
        """A float, a Decimal, an instant in a column are Invalid, never rounded."""
        with pytest.raises(Invalid):
            s.put(store, s.birth(s.item(attributes={"x": 1})), s.act("B", 1, body=bad))
        assert s.picture(store)["items"] == {}

    @pytest.mark.parametrize("at", INSTANTS)
    def test_an_instant_keeps_its_microseconds(
        self, store: Storage, at: datetime
    ) -> None:
        """From 1970 over 2038 and 2100 to the end."""
        made = s.item(entered_at=at, next_at=at, assigned_at=at)
        notice = s.notice(not_before=at)
        birth = s.birth(made, notice)
        told = tuple(evolve(e, effective_at=at, since=at) for e in birth.events)
        s.put(store, evolve(birth, events=told), now=at)
        assert s.read(store) == evolve(made, version=1)
        with store.begin(s.ONE) as work:
            (event,) = work.events([made.id])[made.id]
            (queued,) = work.notices()
            assert list(work.claim(at, 1).next_at) == [micros(at)]
        assert {event.effective_at, event.since, event.recorded_at} == {at}
        assert {queued.not_before, queued.created_at} == {at}

    def test_a_value_that_was_read_is_nobodys_elses(self, store: Storage) -> None:
        """Changing what was given or read afterwards changes nothing that is kept."""
        given: dict[str, Any] = {"list": ["a"]}
        s.put(store, s.birth(s.item(attributes=given)))
        given["list"].append("b")
        s.read(store).attributes["list"].append("c")
        assert s.read(store).attributes == {"list": ["a"]}
