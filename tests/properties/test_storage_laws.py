"""Laws of storages: memory and SQL come to the same, whatever is written."""

from __future__ import annotations

from typing import Any

from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from duban_flow.domain.batch import Batch, Change, Request, Rows, batch_of
from duban_flow.domain.instants import micros
from duban_flow.domain.rows import citation_rows, judgement_rows, meta_rows
from duban_flow.domain.units import Unit
from duban_flow.engine.ports import Delivery, Query, SanctionQuery, Settlement, Storage
from duban_flow.errors import DubanError
from duban_flow.storage.memory import MemoryStorage
from duban_flow.storage.sql import SqlStorage
from duban_flow.testing.storage import samples as s

CODES = ["A-1", "a-1", "Ａ-1", "甲", "𠮷"]
TENANTS = [s.ONE, s.TWO]

codes = st.sampled_from(CODES)
versions = st.integers(0, 3)
words = st.text(st.characters(exclude_categories=["Cs"]), max_size=5)
instants = st.integers(-3, 3).map(lambda hours: s.MONDAY + hours * s.HOUR)


@st.composite
def births(draw: st.DrawFn) -> Change:
    """Give birth to an item, perhaps under another's code."""
    made = s.item(draw(codes), title=draw(words), next_at=draw(st.none() | instants))
    made = evolve(made, id=f"item:{draw(codes)}")
    told = [s.notice(unit) for unit in draw(st.lists(st.sampled_from(["zjj", "czj"])))]
    return s.birth(made, *told)


@st.composite
def acts(draw: st.DrawFn) -> Change:
    """Change some columns of an item at some version."""
    columns = draw(
        st.fixed_dictionaries(
            {},
            optional={
                "state": st.sampled_from(["overdue", "closed"]),
                "next_at": st.just(-1) | instants.map(micros),
                "code": codes,
                "fired": words,
            },
        )
    )
    actions = draw(st.lists(st.sampled_from(["report", "lapse"]), max_size=2))
    made = s.act(draw(codes), draw(versions), *actions, **columns)
    if not actions:
        return made
    return evolve(made, notices=((0, s.notice(channel=draw(words))),))


@st.composite
def others(draw: st.DrawFn) -> Change:
    """Change a sanction, a sitting or a unit."""
    version = draw(versions)
    number = draw(st.integers(1, 2))
    return draw(
        st.sampled_from(
            [
                s.proposal(s.sanction(f"s:{number}", draw(codes)), version),
                s.opening(s.sitting(f"sitting:{number}"), version),
                s.registration(Unit(f"u{number}", draw(words) or "甲"), version),
            ]
        )
    )


@st.composite
def batches(draw: st.DrawFn) -> Batch:
    """Put a few changes and rows into one batch."""
    changes = draw(st.lists(births() | acts() | others(), max_size=4))
    unique = {(c.subject.kind, c.subject.id): c for c in changes}
    rows: list[Rows] = draw(
        st.lists(
            st.builds(
                lambda n, code: citation_rows(s.sanction(f"s:{n}", code)),
                st.integers(1, 2),
                codes,
            )
            | codes.map(lambda code: judgement_rows("sitting:1", [s.judgement(code)]))
            | words.map(lambda word: meta_rows({"word": word})),
            max_size=2,
        )
    )
    request = draw(st.none() | st.sampled_from("rq"))
    return batch_of(
        unique.values(),
        now=draw(instants),
        rows=rows,
        request=None if request is None else Request(id=request, digest="d", result=""),
        lost=draw(st.sampled_from(["raise", "drop"])),
    )


steps = st.lists(st.tuples(st.sampled_from(TENANTS), batches()), max_size=8)


def outcome(store: Storage, tenant: str, batch: Batch) -> Any:
    """Write, and say what came of it: a count, or the kind of refusal."""
    try:
        with store.begin(tenant) as work:
            return work.write(batch)
    except DubanError as fault:
        return type(fault)


def view(store: Storage, tenant: str, word: str) -> dict[str, Any]:
    """Give everything that can be seen, and what is found by a word."""
    with store.begin(tenant) as work:
        claim = work.claim(s.MONDAY + s.HOUR, 3)
        found = {
            "claim": (list(claim.ids), list(claim.versions), list(claim.next_at)),
            "text": work.find(Query(text=word)),
            "page": work.find(Query(after="A-1", limit=2)),
            "unit": work.find(Query(unit="zjj", state=("overdue",))),
            "cited": work.sanctions(SanctionQuery(items=("item:A-1", "item:甲"))),
            "asked": [work.request(name) for name in "rq"],
            "keys": [queued.key for queued in work.notices()],
        }
    return {**s.picture(store, tenant), **found}


@given(steps, words.filter(lambda word: "\0" not in word))
def test_memory_equals_sql(told: list[tuple[str, Batch]], word: str) -> None:
    """The same batches are taken or refused alike, and leave the same behind."""
    memory, sql = MemoryStorage(), SqlStorage("sqlite://")
    sql.create()
    for tenant, batch in told:
        assert outcome(memory, tenant, batch) == outcome(sql, tenant, batch)
    for tenant in TENANTS:
        assert view(memory, tenant, word) == view(sql, tenant, word)
    sql.close()


@given(steps)
def test_a_refused_batch_leaves_no_trace(told: list[tuple[str, Batch]]) -> None:
    """Whatever a batch is refused for, everything reads as before."""
    store = MemoryStorage()
    for tenant, batch in told:
        before = view(store, tenant, "")
        if isinstance(outcome(store, tenant, batch), type):
            assert view(store, tenant, "") == before


@given(steps)
def test_versions_are_the_number_of_events(told: list[tuple[str, Batch]]) -> None:
    """Of every subject the events are numbered 1 to its version."""
    store = MemoryStorage()
    for tenant, batch in told:
        outcome(store, tenant, batch)
    for tenant in TENANTS:
        seen = s.picture(store, tenant)
        subjects = [*seen["items"].values(), *seen["sanctions"], *seen["sittings"]]
        for subject in subjects:
            numbers = [event.seq for event in seen["events"][subject.id]]
            assert numbers == list(range(1, subject.version + 1))


moves = st.lists(
    st.tuples(st.integers(0, 9), st.sampled_from(list(Delivery)), st.integers(1, 3)),
    max_size=6,
)


def deliver(store: Storage, told: list[tuple[int, Delivery, int]]) -> list[Any]:
    """Lease and settle as told, and give what was seen on the way."""
    several = [s.birth(s.item(f"A-{n}"), s.notice(), s.notice("czj")) for n in range(2)]
    s.put(store, *several)
    seen: list[Any] = []
    for hours, status, limit in told:
        now = s.MONDAY + hours * s.HOUR
        with store.begin(s.ONE) as work:
            queued = work.claim_notices(now, limit, now + 2 * s.HOUR, "w")
            work.settle(
                Settlement(key=q.key, status=status, attempts=q.attempts + 1, at=now)
                for q in queued[:2]
            )
            seen.append((queued, work.notices()))
    return seen


@given(moves)
def test_outboxes_agree(told: list[tuple[int, Delivery, int]]) -> None:
    """Leases, retries and settlements come to the same in memory and in SQL."""
    sql = SqlStorage("sqlite://")
    sql.create()
    assert deliver(MemoryStorage(), told) == deliver(sql, told)
    sql.close()
