"""A desk driven at random, on memory and on SQLite side by side: both come to the same.

Verbs, sweeps and jumps of time in any order. After each step every observable of the
two stores is compared, and the invariants of the log are checked.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from attrs import evolve
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    precondition,
    rule,
)

from duban_flow.domain.fold import BIRTH, as_of, fold
from duban_flow.domain.instants import latest
from duban_flow.domain.items import Item, NewItem
from duban_flow.domain.supervision import Supervision
from duban_flow.domain.time.term import Term
from duban_flow.domain.units import Role
from duban_flow.engine.desk import Desk
from duban_flow.engine.ports import SanctionQuery
from duban_flow.errors import DubanError
from duban_flow.storage.memory import MemoryStorage
from duban_flow.storage.sql import SqlStorage
from tests.engine.house import COMMITTEE, CZJ, DCS, PANEL, ZJJ, House, at, matter

START = at("06-01 09:00")
HANDLER = "handler"
ACTORS = [DCS, HANDLER, PANEL, CZJ]
BODIES = [DCS, PANEL, COMMITTEE, ZJJ]
LEGAL = {
    (state, action, row.dest)
    for (state, action), rows in Supervision.table.items()
    for row in rows
}

units = st.sampled_from([ZJJ, CZJ])
backwards = st.sampled_from([None, None, None, 1, 6, 48])
VERBS: list[tuple[str, dict[str, st.SearchStrategy[Any]]]] = [
    ("acknowledge", {}),
    ("report", {"progress": st.integers(0, 100)}),
    ("report", {"at_risk": st.booleans()}),
    ("submit", {}),
    ("send_back", {"reason": st.just("不合格")}),
    ("hold", {"reason": st.just("重复信访")}),
    ("release", {}),
    ("suspend", {"reason": st.just("等待批复")}),
    ("resume", {}),
    ("close", {"reason": st.just("完成")}),
    ("reopen", {"reason": st.just("不满意")}),
    ("withdraw", {"reason": st.just("重复立项")}),
    ("reassign", {"unit": units}),
    (
        "rebaseline",
        {"term": st.integers(0, 9).map(Term.workdays), "reason": st.just("变更")},
    ),
    ("justify", {"reason": st.just("暴雨"), "unit": units}),
    ("accept", {"unit": units}),
    ("note", {"text": st.just("一")}),
]


@st.composite
def deeds(draw: st.DrawFn) -> tuple[str, str, dict[str, Any], int | None]:
    """Draw a verb, who does it, its data, and how many hours ago it was so."""
    name, fields = draw(st.sampled_from(VERBS))
    data = {key: draw(strategy) for key, strategy in fields.items()}
    return name, draw(st.sampled_from(ACTORS)), data, draw(backwards)


def seen_of(house: House, now: datetime) -> dict[str, Any]:
    """Give everything that can be seen of a house."""
    desk = house.desk(when=now)
    with house.storage.begin("default") as work:
        ids = work.all_ids()
        seen: dict[str, Any] = {
            "items": work.items(ids),
            "events": work.events(ids),
            "due": work.due(now),
            "sanctions": work.sanctions(SanctionQuery()),
            "sittings": work.sittings(),
            "notices": work.notices(),
        }
    return {**seen, "found": desk.find().items, "summary": desk.summary()}


class DeskMachine(RuleBasedStateMachine):
    """Two houses that are told the same."""

    codes: Bundle[str] = Bundle("codes")

    @initialize(target=codes)
    def open(self) -> str:
        """Open both, with the same units and a first matter."""
        sql = SqlStorage("sqlite://")
        sql.create()
        self.houses = [House.open(MemoryStorage()), House.open(sql)]
        self.now = START
        self.fired: dict[str, frozenset[str]] = {}
        for house in self.houses:
            house.desk(when=self.now).assign(matter())
        return "A-1"

    def both(self, ask: Callable[[House], Any]) -> Any:
        """Ask both houses, and hold their answers against each other."""
        one, other = (answer_of(ask, house) for house in self.houses)
        assert one == other
        return one

    def desk(self, house: House, by: str = DCS) -> Desk:
        """Give a house's desk at the present instant."""
        return house.desk(by, self.now)

    @rule(
        target=codes,
        days=st.none() | st.integers(0, 9),
        unit=units,
        whole=st.none() | codes,
    )
    def assign(self, days: int | None, unit: str, whole: str | None) -> Any:
        """Give out a matter, perhaps as a part of another."""
        code = f"A-{len(self.seen(self.houses[0])['items']) + 1}"
        term = None if days is None else Term.workdays(days)
        parties = {Role.RESPONSIBLE: unit, Role.SUPERVISING: DCS}
        new = NewItem(code, "修路", term=term, parties=parties)
        made = self.both(lambda house: self.desk(house).assign(new, parent=whole))
        return code if isinstance(made, Item) else multiple()

    @rule(code=codes, several=st.lists(deeds(), min_size=1, max_size=4))
    def act(
        self, code: str, several: list[tuple[str, str, dict[str, Any], int | None]]
    ) -> None:
        """Let somebody do something, now or some hours ago, and others after them."""
        for name, who, data, ago in several:
            when = None if ago is None else self.now - timedelta(hours=ago)
            self.do(code, name, who, {**data, "effective_at": when})

    def do(self, code: str, name: str, who: str, data: dict[str, Any]) -> None:
        """Let somebody act; whoever handles the matter is told by that word."""
        items = self.seen(self.houses[0])["items"].values()
        main = next(item.main_unit for item in items if item.code == code)
        by = main if who == HANDLER else who
        self.both(lambda house: getattr(self.desk(house, by), name)(code, **data))

    @rule(hours=st.integers(1, 48) | st.integers(1, 30 * 24))
    def wait(self, hours: int) -> None:
        """Let time go by."""
        self.now += timedelta(hours=hours)

    @rule(limit=st.none() | st.integers(1, 2), batch=st.sampled_from([1, 500]))
    def sweep(self, limit: int | None, batch: int) -> None:
        """Sweep, all or a few."""
        self.both(
            lambda house: house.office.sweep(now=self.now, limit=limit, batch=batch)
        )

    @rule()
    def sweep_twice(self) -> None:
        """Sweep, and again at the same instant: the second finds nothing (I12)."""
        self.both(lambda house: house.office.sweep(now=self.now))
        before = [self.seen(house) for house in self.houses]
        again = self.both(lambda house: house.office.sweep(now=self.now))
        assert (again.judged, again.fired, again.proposed, again.lapsed) == (0, 0, 0, 0)
        assert [self.seen(house) for house in self.houses] == before

    @precondition(lambda self: self.sanctions())
    @rule(body=st.sampled_from(BODIES), which=st.integers(0, 9), agree=st.booleans())
    def decide(self, body: str, which: int, agree: bool) -> None:
        """Let somebody decide on a sanction, and issue it where that is possible."""
        several = self.sanctions()
        ident = several[which % len(several)].id
        if agree:
            self.both(
                lambda house: self.desk(house, body).sanctions.approve(
                    ident, affirm=True
                )
            )
        else:
            self.both(
                lambda house: self.desk(house, body).sanctions.reject(
                    ident, reason="不妥"
                )
            )
        self.both(lambda house: self.desk(house, body).sanctions.issue(ident))

    @precondition(lambda self: self.sanctions())
    @rule(which=st.integers(0, 9))
    def revoke(self, which: int) -> None:
        """Let the panel take back what it issued."""
        several = self.sanctions()
        ident = several[which % len(several)].id
        self.both(
            lambda house: self.desk(house, PANEL).sanctions.revoke(ident, reason="有误")
        )

    def sanctions(self) -> Any:
        """Give the sanctions there are."""
        return self.seen(self.houses[0])["sanctions"]

    def seen(self, house: House) -> dict[str, Any]:
        """Give everything that can be seen of a house now."""
        return seen_of(house, self.now)

    @invariant()
    def memory_is_sqlite(self) -> None:
        """Every observable is the same on both."""
        if not hasattr(self, "houses"):
            return
        one, other = (self.seen(house) for house in self.houses)
        assert one == other
        for ident, item in one["items"].items():
            check_log(item, one["events"][ident], self.now)
            self.check_fired(ident, item)

    def check_fired(self, ident: str, item: Item) -> None:
        """What fired once has fired: no later instant takes it back."""
        fired = frozenset(item.fired)
        assert self.fired.get(ident, frozenset()) <= fired
        self.fired[ident] = fired

    def teardown(self) -> None:
        """Let go of connections."""
        for house in getattr(self, "houses", ()):
            house.storage.close()


def answer_of(ask: Callable[[House], Any], house: House) -> Any:
    """Give a house's answer, or the error it was refused with."""
    try:
        return ask(house)
    except DubanError as refused:
        return type(refused).__name__, refused.code, refused.text("en")


def check_log(item: Item, events: Any, now: datetime) -> None:
    """Hold an item against its log: I01, I02, and only moves that the table knows."""
    assert [e.seq for e in events] == list(range(1, item.version + 1))
    recorded = [e.recorded_at for e in events]
    assert recorded == sorted(recorded)
    assert all(latest(e.effective_at) <= e.recorded_at for e in events)
    bare = evolve(item, next_at=None, fired=())
    assert fold(Supervision, None, events).item == bare
    past = as_of(Supervision, events, now)
    assert past is not None
    assert past.item == bare
    state = Supervision.first()
    for event in events:
        if event.action != BIRTH and event.state is not None:
            assert (state, event.action, event.state) in LEGAL
            state = event.state
    assert item.state == state


TestDesk = DeskMachine.TestCase
TestDesk.settings = settings(
    max_examples=15,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
TestDesk.__doc__ = "Memory and SQLite come to the same under any sequence of acts."


@pytest.mark.faults
class TestDeskLong(TestDesk):  # type: ignore[misc, valid-type]  # made by Hypothesis
    """The same, for longer."""

    settings = settings(
        max_examples=100,
        stateful_step_count=60,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
