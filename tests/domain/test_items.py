"""Items and what they are made of: what is refused, and what is derived."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from attrs import evolve

from duban_flow.domain.instants import Span
from duban_flow.domain.items import (
    Closing,
    Item,
    NewItem,
    Party,
    Source,
    SourceKind,
    parties,
    rolled_up,
)
from duban_flow.domain.quantities import Measure
from duban_flow.domain.units import Role
from duban_flow.errors import Invalid

NOW = datetime(2026, 6, 1, 1, tzinfo=UTC)


def item(code: str = "A-1", **fields: Any) -> Item:
    """Make an item of several units."""
    made = Item(
        id=f"i-{code}",
        code=code,
        title="修路",
        state="in_progress",
        version=1,
        assigned_at=NOW,
        entered_at=NOW,
        parties={
            Role.SUPERVISING: "dcs",
            Role.RESPONSIBLE: "zjj",
            Role.ASSISTING: ["czj", "zjj"],
        },
    )
    return evolve(made, **fields)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"code": ""}, "item.code"),
        ({"code": " "}, "item.code"),
        ({"code": "A\0"}, "item.code"),
        ({"code": "A" * 101}, "item.code"),
        ({"title": "\t"}, "item.title"),
        ({"title": "修\0路"}, "item.title"),
        ({"parties": {"boss": "zjj"}}, "role.unknown"),
        ({"parties": {"lead": ["zjj", Party("zjj")]}}, "role.twice"),
        ({"labels": "民生"}, "words.text"),
        (
            {"measures": [Measure("产值", "万元"), Measure("产值", "亿元")]},
            "measure.twice",
        ),
    ],
)
def test_what_cannot_be_given_out_is_refused(fields, code):
    """Each slip in a new item is refused under its own code."""
    with pytest.raises(Invalid) as refused:
        NewItem(**({"code": "A-1", "title": "修路"} | fields))
    assert refused.value.code == code


def test_parties_are_read_as_people_write_them():
    """A unit, a Party, a list of either; a role without anybody is left out."""
    made = parties(
        {"lead": "fgj", Role.ASSISTING: ["czj", Party("cgj")], "responsible": []}
    )
    assert made == {
        Role.LEAD: (Party("fgj"),),
        Role.ASSISTING: (Party("czj"), Party("cgj")),
    }
    assert parties(None) == {}


def test_units_are_listed_once_in_the_order_of_roles():
    """In any role or in those asked for; a unit in two roles counts once."""
    one = item()
    assert one.units() == ("zjj", "czj", "dcs")
    assert one.units(Role.ASSISTING) == ("czj", "zjj")
    assert one.roles_of("zjj") == {Role.RESPONSIBLE, Role.ASSISTING}
    assert one.roles_of(None) == frozenset()


@pytest.mark.parametrize(
    ("named", "main"),
    [
        ({Role.RESPONSIBLE: ["a", "b"], Role.LEAD: "c"}, "a"),
        ({Role.LEAD: "c"}, "c"),
        ({Role.SUPERVISING: "d"}, ""),
    ],
)
def test_lists_count_an_item_under_its_main_unit(named, main):
    """The first responsible unit, else the lead, else nobody."""
    assert item(parties=named).main_unit == main


def test_what_an_evaluation_calls_it_is_its_title_unless_told():
    """A subject of its own goes before the title."""
    assert item().content == "修路"
    assert item(subject="修路办").content == "修路办"


def test_it_reads_well():
    """Its text names code, title and state."""
    assert str(item()) == "A-1 修路 [in_progress]"


def test_it_has_no_due_instant_without_a_deadline():
    """Without a term nothing is due."""
    assert item().due_at is None


def test_open_at_the_end_of_a_span_it_is_closed():
    """At the last instant of its closing it is closed, whatever came before."""
    until = NOW.replace(day=3)
    one = item(closing=Closing.of("close", Span(NOW, until), None))
    inside = NOW + timedelta(hours=1)
    found = [one.open_at(at) for at in (NOW, inside, until)]
    assert found == [True, None, False]


class TestRolledUp:
    """The progress of a whole is that of its parts."""

    def closed(self, action: str = "close") -> Item:
        """Make a part that has ended."""
        return item("P-9", progress=30, closing=Closing.of(action, NOW, None))

    def test_it_is_the_mean_of_the_mandatory_parts(self):
        """What may be left out does not count; a closed part counts 100."""
        spare = item("P-2", progress=0, mandatory=False)
        assert rolled_up([item("P-1", progress=40), self.closed(), spare]) == 70

    def test_without_mandatory_parts_all_count(self):
        """Where everything may be left out, everything counts."""
        parts = [item(f"P-{n}", progress=n, mandatory=False) for n in (10, 20)]
        assert rolled_up(parts) == 15

    def test_it_is_never_rounded_up_to_done(self):
        """Two of three done and 99 per cent of the third are not 100."""
        parts = [self.closed(), self.closed(), item("P-1", progress=99)]
        assert rolled_up(parts) == 99

    def test_what_was_taken_back_does_not_count(self):
        """A part that was withdrawn is neither done nor open."""
        assert rolled_up([item("P-1", progress=40), self.closed("withdraw")]) == 40

    def test_nothing_has_come_nowhere(self):
        """Without parts there is no progress."""
        assert rolled_up([]) == 0


def test_a_source_may_be_of_any_kind():
    """The usual kinds have names; a host may have its own."""
    assert SourceKind("信访") is SourceKind.PETITION
    assert Source("领导小组纪要").kind == "领导小组纪要"
