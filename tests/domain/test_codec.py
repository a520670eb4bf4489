"""Values to plain data and back: nothing is lost, and nothing is guessed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import attrs
import pytest
from attrs import frozen
from hypothesis import given
from hypothesis import strategies as st

from duban_flow.domain.case import Entry
from duban_flow.domain.codec import (
    SCHEMA,
    Value,
    canonical,
    digest,
    structure,
    unstructure,
)
from duban_flow.domain.events import Event, Notice, Subject, SubjectKind
from duban_flow.domain.instants import Span
from duban_flow.domain.items import (
    Act,
    Closing,
    Item,
    NewItem,
    Party,
    Submission,
)
from duban_flow.domain.payloads import Decompose, Report
from duban_flow.domain.payloads_facts import Evaluate, Measured
from duban_flow.domain.payloads_time import Rebaseline, Suspend
from duban_flow.domain.quantities import Interval, Measure
from duban_flow.domain.sanctions import (
    Approval,
    Citation,
    Ground,
    NotSanctioned,
    Sanction,
    Sitting,
    Stage,
    Unsure,
)
from duban_flow.domain.time.calendar import WorkCalendar
from duban_flow.domain.time.term import Deadline, Term
from duban_flow.domain.units import Actor, Post, Role, Unit
from duban_flow.errors import Invalid

CHINA = WorkCalendar.china()
DUE = Term.workdays(4).deadline(datetime(2026, 6, 1, 1, tzinfo=UTC), CHINA)

instants = st.datetimes(
    datetime(2009, 1, 1), datetime(2030, 1, 1), timezones=st.timezones()
).map(lambda moment: moment.astimezone(UTC))
spans = st.tuples(instants, instants).map(lambda two: Span(min(two), max(two)))
numbers = st.decimals(allow_nan=False, allow_infinity=False, places=2)
words = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1).filter(
    str.strip
)
codes = st.from_regex(r"[a-z]{1,5}", fullmatch=True)
data = st.dictionaries(codes, st.integers() | words, max_size=2)
terms = st.integers(0, 20).map(Term.workdays)
intervals = st.tuples(numbers, numbers).map(lambda two: Interval(min(two), max(two)))

PLAIN: Mapping[Any, st.SearchStrategy[Any]] = {
    str: words,
    int: st.integers(1, 100),
    bool: st.booleans(),
    date: st.dates(),
    datetime: instants,
    timedelta: st.timedeltas(),
    Decimal: numbers,
    Span: spans,
    Interval: intervals,
    Term: terms,
    Deadline: st.just(DUE),
    type(None): st.none(),
}


def any_of(kind: Any) -> st.SearchStrategy[Any]:
    """Give a strategy for a type: plain, a union, several, or a value's fields."""
    if kind in PLAIN:
        return PLAIN[kind]
    if get_origin(kind) is not None:
        return made_of(get_origin(kind), get_args(kind))
    if issubclass(kind, Enum):
        return st.sampled_from(list(kind))
    return values_of(kind)


def made_of(origin: Any, arms: tuple[Any, ...]) -> st.SearchStrategy[Any]:
    """Give a strategy for a type that is made of others."""
    if origin in {Union, UnionType}:
        return st.one_of(*map(any_of, arms))
    if origin is Literal:
        return st.sampled_from(arms)
    if origin is not tuple:
        return data
    if arms[-1] is ...:
        return st.lists(any_of(arms[0]), max_size=1).map(tuple)
    return st.tuples(*map(any_of, arms))


def values_of(kind: Any) -> st.SearchStrategy[Any]:
    """Give a strategy for a value, every field of it filled."""
    hints = get_type_hints(kind)
    own = OWN.get(kind, {})
    return st.builds(
        kind,
        **{
            f.alias: own[f.name] if f.name in own else any_of(hints[f.name])
            for f in attrs.fields(kind)
            if f.init
        },
    )


parties = st.dictionaries(
    st.sampled_from(Role), codes.map(lambda code: (Party(code),)), max_size=3
)
measures = words.map(lambda name: (Measure(name, "万元", target="3.50"),))
OWN: dict[Any, dict[str, st.SearchStrategy[Any]]] = {
    Decompose: {
        "items": codes.map(lambda code: (NewItem(code, "子项"),)),
        "needs": st.just(1),
    },
    Entry: {"rank": st.none() | st.integers(1, 9)},
    Evaluate: {"cohort": st.integers(9, 20)},
    Item: {"parties": parties, "measures": measures},
    NewItem: {"code": codes, "parties": parties, "measures": measures},
    Post: {"addresses": st.dictionaries(codes, words, max_size=2)},
    Unit: {"code": codes},
}

VALUES = [
    Act, Actor, Approval, Citation, Closing, Decompose, Entry, Evaluate, Event, Ground,
    Item, Measured, NewItem, NotSanctioned, Notice, Post, Rebaseline, Report, Sanction,
    Sitting, Submission, Subject, Suspend, Unit, Unsure,
]  # fmt: skip


@pytest.mark.parametrize("kind", VALUES, ids=lambda kind: kind.__name__)
@given(told=st.data())
def test_a_value_that_is_written_down_reads_the_same(kind, told):
    """Through plain data and through text, each value comes back as it was."""
    value = told.draw(values_of(kind))
    written = value.to_dict()
    assert written["schema"] == SCHEMA
    assert kind.from_dict(written) == value
    assert kind.from_json(canonical(written)) == value
    assert canonical(kind.from_dict(written).to_dict()) == canonical(written)


@frozen
class Told(Value):
    """One field of each kind that is written in a way of its own."""

    at: datetime | None = None
    day: date | None = None
    hour: time | None = None
    wait: timedelta | None = None
    amount: Decimal | Interval | None = None
    when: datetime | Span | None = None
    count: int = 0
    sure: bool = False
    who: str = ""
    how: Literal["all", "none"] = "all"


def test_each_kind_is_written_in_its_own_way():
    """Instants in UTC, distances in microseconds, quantities as text."""
    told = Told(
        at=datetime.fromisoformat("2026-06-01T09:00+08:00"),
        day=date(2026, 6, 1),
        hour=time(9),
        wait=timedelta(seconds=1),
        amount=Decimal("1E+2"),
    )
    assert told.to_dict() == {
        "schema": 1,
        "at": "2026-06-01T01:00:00Z",
        "day": "2026-06-01",
        "hour": "09:00:00",
        "wait": 1_000_000,
        "amount": "100",
    }
    assert Told.from_dict(told.to_dict()) == attrs.evolve(told, amount=Decimal(100))


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"at": "2026-06-01T09:00"}, "at"),
        ({"at": "yesterday"}, "at"),
        ({"day": "2026-09-31"}, "day"),
        ({"amount": 1.5}, "amount"),
        ({"amount": "NaN"}, "amount"),
        ({"amount": True}, "amount"),
        ({"amount": "1O"}, "amount"),
        ({"when": {"earliest": "2026-06-02T00:00Z"}}, "when"),
        ({"count": "3"}, "count"),
        ({"count": True}, "count"),
        ({"sure": 1}, "sure"),
        ({"how": "some"}, "how"),
        ({"who": 7}, "who"),
        ({"whom": "王"}, "whom"),
    ],
)
def test_data_that_does_not_fit_names_its_field(body, field):
    """A wrong type, a missing zone, a float, an unknown field: each is named."""
    with pytest.raises(Invalid) as refused:
        Told.from_dict(body)
    assert len(refused.value.problems) == 1
    assert field in refused.value.text("en")
    assert field in refused.value.text("zh")


def test_every_fault_is_named_at_once():
    """Two wrong fields are two problems."""
    with pytest.raises(Invalid) as refused:
        Told.from_dict({"count": "3", "who": 7})
    assert len(refused.value.problems) == 2


def test_what_is_missing_is_named():
    """A field without a default must be there."""
    with pytest.raises(Invalid) as refused:
        Party.from_dict({})
    assert "unit" in refused.value.text("en")


def test_what_a_value_itself_refuses_is_said_in_its_words():
    """A range that runs backwards is told as such, not as a failure to read."""
    with pytest.raises(Invalid) as refused:
        structure({"low": "2", "high": "1"}, Interval)
    assert "upwards" in refused.value.problems[0].en


def test_another_schema_is_not_read():
    """Data of a later library is refused by its number."""
    with pytest.raises(Invalid, match="schema 2"):
        Party.from_dict({"schema": 2, "unit": "zjj"})


def test_an_instant_without_a_zone_is_not_written():
    """Where it lay is not guessed from the machine's zone."""
    with pytest.raises(Invalid, match="no zone"):
        unstructure({"at": datetime(2026, 6, 1, 9)})


def test_what_is_read_already_stays():
    """Instants and days that a storage gives as such are taken as they are."""
    now = datetime(2026, 6, 1, tzinfo=UTC)
    assert structure({"at": now, "day": now.date()}, Told) == Told(now, now.date())


def test_a_plain_fault_is_told_too():
    """What is no mapping at all is refused under the name of what was wanted."""
    with pytest.raises(Invalid):
        structure("x", int, "count")


class TestCanonical:
    """One text for one meaning."""

    def test_the_order_of_writing_does_not_matter(self):
        """Keys are sorted, nothing is escaped that need not be."""
        assert canonical({"b": 1, "a": "督"}) == '{"a":"督","b":1}'
        assert digest({"b": 1, "a": 2}) == digest({"a": 2, "b": 1})
        assert digest({"a": 1}) != digest({"a": 2})

    def test_endless_numbers_are_not_written(self):
        """JSON has no NaN."""
        with pytest.raises(ValueError, match="JSON"):
            canonical(float("nan"))

    @given(st.dictionaries(words, st.integers() | words | st.none()))
    def test_it_reads_back(self, told):
        """The canonical text is JSON."""
        assert json.loads(canonical(told)) == told


def test_a_stage_is_written_as_its_word():
    """Enumerations are words, in data as in text."""
    assert unstructure(Stage.ISSUED) == "issued"
    assert unstructure(SubjectKind.ITEM) == "item"
