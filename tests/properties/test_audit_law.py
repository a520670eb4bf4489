"""After any sequence of verbs and sweeps, the audit finds nothing.

What is stored as an item's next instant is what follows from its facts, whatever was
done to it, to its parts, to the whole that it is a part of, and to the other matters
of its unit.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from attrs import evolve
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    multiple,
    precondition,
    rule,
)

from duban_flow.domain.case import Entry
from duban_flow.domain.items import Item, NewItem
from duban_flow.domain.migrate import Mode
from duban_flow.domain.policies.memory import OVERTAKEN
from duban_flow.domain.quantities import Measure
from duban_flow.domain.sanctions import Sanction
from duban_flow.domain.time.notice import CalendarNotice
from duban_flow.domain.time.term import Term
from duban_flow.domain.units import Role
from duban_flow.engine.desk import Desk
from duban_flow.engine.ports import SanctionQuery
from duban_flow.formats.policy_toml import load_policy
from duban_flow.storage.memory import MemoryStorage
from tests.engine.house import COMMITTEE, CZJ, DCS, PANEL, ZJJ, House, at
from tests.properties.test_desk_machine import HANDLER, answer_of, deeds, units

EVERYTHING = load_policy(
    """
name = "everything"
version = "1"
sitting = "month end - 2 workdays"
account_for = ["late", "at_risk", "short"]

[kinds.prompt]
name = "行政效能提示"
moves = "prompt"
rectify = "10 days"
approval = ["问责领导小组"]

[kinds.warn]
name = "行政效能告诫"
level = 2
moves = "warn"

[kinds.call]
name = "约谈"
ladder = "talks"

[[rung]]
key = "ahead"
at = "due - 2 workdays"
action = "remind"
when = ["open", "not held"]
catch_up = "skip_if_stale"

[[rung]]
key = "urge"
at = "due"
every = "2 workdays"
action = "urge"
when = ["open"]

[[rung]]
key = "each month"
at = "month end - 1 day"
action = "remind"
when = ["open", "not received(progress)"]
catch_up = "each"

[[rung]]
key = "long overdue"
at = "assigned + 2 days"
action = "remind"
on = ["responsible"]
where = ["overrun > 3 workdays"]
when = ["overrun >= 5 days", "not excused"]

[[rung]]
key = "chased"
at = "chase - 1 workday"
action = "remind"
when = ["open", "not late"]

[[rung]]
key = "far behind"
at = "assigned"
action = "remind"
when = ["open", "behind >= 10", "not met"]

[[rung]]
key = "the whole lags"
at = "assigned"
action = "remind"
when = ["open", "not met", "not late"]

[[rung]]
key = "past due"
at = "sitting after due"
action = "prompt"
on = ["responsible"]
when = ["open", "not held", "not excused"]

[[rung]]
key = "not put right"
at = "prompt due"
action = "warn"
on = ["responsible"]
when = ["open"]

[[rung]]
key = "poor"
at = "round"
action = "remind"
when = ["poor"]

[[rung]]
key = "once more"
at = "assigned + 1 day"
action = "call"
on = ["responsible"]
when = ["open", "count(prompt, unit) >= 1"]
reason = "同一单位已有提示"

[[rung]]
key = "paused"
at = "assigned + 1 day"
action = "remind"
when = ["paused"]

[[rung]]
key = "asked for more time"
at = "assigned + 1 day"
action = "remind"
when = ["extending", "late"]
"""
)


OTHER = evolve(
    EVERYTHING,
    version="2",
    rung=(
        *(one for one in EVERYTHING.rung if one.key != "each month"),
        evolve(EVERYTHING.rung[0], key="ahead too", catch_up="each"),
        evolve(EVERYTHING.rung[1], key="urge again", every=None),
    ),
)
WHO = [DCS, HANDLER, PANEL]
ANSWERS = st.sampled_from(["request", "grant", "reject", "withdraw", "override"])


class AuditMachine(RuleBasedStateMachine):
    """A house in which everything happens, and an auditor who comes at any time."""

    codes: Bundle[str] = Bundle("codes")

    @initialize(target=codes)
    def open(self) -> str:
        """Open it with a first matter, which has something measured."""
        self.house = House.open(MemoryStorage(), policies=[EVERYTHING])
        self.now = at("06-01 09:00")
        self.count = self.notices = 0
        self.new(Term.workdays(3), ZJJ, None, measured=True)
        return "A-1"

    def new(
        self, term: Term | None, unit: str, whole: str | None, *, measured: bool
    ) -> Any:
        """Give out the next matter."""
        goals = [Measure("拆迁", "户", target=Decimal(40), decisive=True)]
        new = NewItem(
            f"A-{self.count + 1}",
            "修路",
            term=term,
            parties={Role.RESPONSIBLE: unit, Role.SUPERVISING: DCS},
            measures=goals if measured else (),
        )
        made = self.tried(lambda: self.desk().assign(new, parent=whole))
        self.count += isinstance(made, Item)
        return made

    def tried(self, ask: Any) -> Any:
        """Do something that may be refused."""
        return answer_of(lambda _house: ask(), self.house)

    def desk(self, by: str = DCS) -> Desk:
        """Give a desk at the present instant."""
        return self.house.desk(by, self.now)

    @rule(
        target=codes,
        days=st.none() | st.integers(0, 9),
        unit=units,
        whole=st.none() | codes,
        measured=st.booleans(),
    )
    def assign(
        self, days: int | None, unit: str, whole: str | None, measured: bool
    ) -> Any:
        """Give out a matter, perhaps as a part of another."""
        term = None if days is None else Term.workdays(days)
        made = self.new(term, unit, whole, measured=measured)
        return made.code if isinstance(made, Item) else multiple()

    @rule(code=codes, several=st.lists(deeds(), min_size=1, max_size=4))
    def act(self, code: str, several: list[Any]) -> None:
        """Let people act, now or some hours ago."""
        for name, who, data, ago in several:
            when = None if ago is None else self.now - timedelta(hours=ago)
            main = self.desk().get(code).main_unit
            by = main if who == HANDLER else who
            verb = getattr(self.desk(by), name)
            self.tried(lambda v=verb, d=data, w=when: v(code, effective_at=w, **d))

    @rule(code=codes, actual=st.integers(0, 60), goal=st.none() | st.just(30))
    def measure(self, code: str, actual: int, goal: int | None) -> None:
        """Take a reading."""
        self.tried(
            lambda: self.desk().measure(
                code,
                "拆迁",
                actual=Decimal(actual),
                as_of=self.now,
                target=None if goal is None else Decimal(goal),
            )
        )

    @rule(code=codes, days=st.integers(1, 20), answer=ANSWERS, who=st.sampled_from(WHO))
    def extend(self, code: str, days: int, answer: str, who: str) -> None:
        """Ask for more time, or answer who asked."""
        until = self.now.date() + timedelta(days=days)
        main = self.desk().get(code).main_unit
        verbs = self.desk(main if who == HANDLER else who).extensions
        told: dict[str, Any] = {} if answer == "grant" else {"reason": "变更"}
        if answer in ("request", "override"):
            told["until"] = until
        self.tried(lambda: getattr(verbs, answer)(code, **told))

    @rule(code=codes, days=st.none() | st.integers(1, 20))
    def chase(self, code: str, days: int | None) -> None:
        """Let reminders follow another date."""
        until = None if days is None else self.now.date() + timedelta(days=days)
        self.tried(lambda: self.desk().chase(code, until=until))

    @rule(code=codes, hours=st.integers(1, 200), pause=st.integers(1, 3))
    def suspend(self, code: str, hours: int, pause: int) -> None:
        """Stop until an instant that was named, or take a pause back."""
        until = self.now + timedelta(hours=hours)
        desk = self.desk()
        self.tried(lambda: desk.suspend(code, reason="等待批复", until=until))
        if pause > 1:
            self.tried(lambda: desk.annul(code, pause=pause - 1, reason="有误"))

    @rule(day=st.integers(2, 40))
    def load(self, day: int) -> None:
        """Load a notice of a day off, ahead or in the past."""
        self.notices += 1
        off = date(2026, 6, 1) + timedelta(days=day)
        notice = CalendarNotice(
            name="防汛停工", version=f"2026.{self.notices}", holidays={off: "防汛"}
        )
        self.tried(lambda: self.desk().apply(self.desk().plan(notice)))

    @rule(
        mode=st.sampled_from(["from_now", "retroactive"]),
        old=st.booleans(),
        sweeps=st.booleans(),
    )
    def migrate(self, mode: Mode, old: bool, sweeps: bool) -> None:
        """Let every item go over to another edition, or back.

        The next sweep does to none of them more than the plan said.
        """
        policy = EVERYTHING if old else OTHER
        plan = self.desk().plan(policy, mode=mode)
        before = {code: self.fired(code) for code in self.all()}
        self.desk().apply(plan)
        if sweeps:
            self.house.office.sweep(now=self.now)
            for one in plan.effects:
                new = self.fired(one.code) - before[one.code]
                rungs = {mark.partition("@")[0] for mark in new}
                assert rungs <= {*one.fires, *one.sits}, (rungs, one)

    @rule(code=codes, score=st.integers(60, 90))
    def evaluate(self, code: str, score: int) -> None:
        """Record a round."""
        ordinal = len(self.desk().history(code))
        self.tried(
            lambda: self.desk().evaluate(
                code,
                round=ordinal,
                on=self.now.date(),
                entries=[Entry("修路", score=Decimal(score))],
                mean=Decimal(75),
            )
        )

    @rule(hours=st.integers(1, 48) | st.integers(1, 30 * 24))
    def wait(self, hours: int) -> None:
        """Let time go by."""
        self.now += timedelta(hours=hours)

    @rule(limit=st.none() | st.integers(1, 2), batch=st.sampled_from([1, 500]))
    def sweep(self, limit: int | None, batch: int) -> None:
        """Sweep, all or a few."""
        self.house.office.sweep(now=self.now, limit=limit, batch=batch)

    @precondition(lambda self: self.sanctions())
    @rule(
        body=st.sampled_from([PANEL, COMMITTEE, CZJ]),
        which=st.integers(0, 9),
        deed=st.sampled_from(["issue", "reject", "revoke"]),
    )
    def decide(self, body: str, which: int, deed: str) -> None:
        """Let somebody decide on a sanction, issue it, or take it back."""
        several = self.sanctions()
        ident = several[which % len(several)].id
        verbs = self.desk(body).sanctions
        if deed == "issue":
            self.tried(lambda: verbs.approve(ident, affirm=True))
            self.tried(lambda: verbs.issue(ident))
        else:
            self.tried(lambda: getattr(verbs, deed)(ident, reason="不妥"))

    def all(self) -> list[str]:
        """List the codes there are."""
        return [f"A-{n + 1}" for n in range(self.count)]

    def fired(self, code: str) -> frozenset[str]:
        """Give the marks of what has fired for an item, or was put to a sitting."""
        marks = self.desk().get(code).fired
        return frozenset(m for m in marks if "@" in m and not m.endswith(OVERTAKEN))

    def sanctions(self) -> tuple[Sanction, ...]:
        """Give the sanctions there are."""
        with self.house.storage.begin("default") as work:
            return work.sanctions(SanctionQuery())

    @rule()
    def audit(self) -> None:
        """Let the auditor come."""
        found = self.house.office.audit(now=self.now)
        assert found.items == self.count
        assert found.faults == (), str(found)

    def teardown(self) -> None:
        """Let the auditor come once more, after all has been judged."""
        if hasattr(self, "house"):
            self.house.office.sweep(now=self.now)
            self.audit()


TestAudit = AuditMachine.TestCase
TestAudit.settings = settings(
    max_examples=25,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
TestAudit.__doc__ = "The audit finds nothing after any sequence of acts and sweeps."


@pytest.mark.faults
class TestAuditLong(TestAudit):  # type: ignore[misc, valid-type]  # made by Hypothesis
    """The same, for longer."""

    settings = settings(
        max_examples=200,
        stateful_step_count=60,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
