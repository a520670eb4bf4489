"""Workflows: a class of states and actions, its machine, and the table that runs.

``transitions`` holds the definition; the table compiled from the machine is what
runs, since a table can give every reason for a refusal and needs no model per item.
That both agree is shown by enumeration in the tests.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from transitions import Machine

from duban_flow.domain.actions import (
    STANDING,
    STANDS,
    Action,
    Attempt,
    Availability,
    Command,
    Guard,
    Standing,
    State,
    Table,
    Transition,
    guard,
    payload_data,
)
from duban_flow.domain.items import Item
from duban_flow.domain.workflow_check import Blueprint, diagram, faults
from duban_flow.errors import Invalid, Reason, Refused

__all__ = [
    "STANDING",
    "Action",
    "Attempt",
    "Availability",
    "Command",
    "Guard",
    "State",
    "Workflow",
    "guard",
    "payload_data",
    "read_table",
]


class Workflow:
    """A state machine as a class 工作流: name it, give it states and actions."""

    name: ClassVar[str]
    version: ClassVar[str]
    states: ClassVar[Mapping[str, State]]
    actions: ClassVar[Mapping[str, Action[Any]]]
    guards: ClassVar[Mapping[str, Guard]]
    machine: ClassVar[Machine]
    table: ClassVar[Table]
    standings: ClassVar[tuple[str, ...]] = ()

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        members = {
            k: v for base in reversed(cls.__mro__) for k, v in vars(base).items()
        }
        cls.states = {k: v for k, v in members.items() if isinstance(v, State)}
        cls.actions = {k: v for k, v in members.items() if isinstance(v, Action)}
        if not cls.states:
            return
        for action in cls.actions.values():
            action.workflow = cls.name
        cls.guards = _gather_guards(cls)
        cls.machine = _build(cls)
        cls.table = read_table(cls.machine)

    @classmethod
    def standing(cls, item: Item, at: Any) -> str:
        """Say where the facts put an item; needed where an action leads to STANDING."""
        return cls.first()

    @classmethod
    def first(cls) -> str:
        """Name the state in which an item is born."""
        return next(s.name for s in cls.states.values() if s.first)

    @classmethod
    def ends(cls) -> frozenset[str]:
        """Name the states in which an item is no longer open."""
        return frozenset(s.name for s in cls.states.values() if s.end)

    @classmethod
    def on_due(cls) -> str | None:
        """Name the action that the passing of the deadline is, if there is one."""
        return next((a.name for a in cls.actions.values() if a.on_due), None)

    @classmethod
    def parse(cls, action: str, data: Mapping[str, Any]) -> Command:
        """Read a form as a Command.

        Raises:
            Invalid: for an unknown action (naming the nearest) or unfitting data.
        """
        return Command(cls.name, action, cls.action(action).read(data))

    @classmethod
    def action(cls, name: str) -> Action[Any]:
        """Find an action by name.

        Raises:
            Invalid: naming the nearest action there is.
        """
        if name in cls.actions:
            return cls.actions[name]
        near = difflib.get_close_matches(name, cls.actions, n=1, cutoff=0.3)
        raise Invalid(
            f"Workflow {cls.name!r} has no action {name!r}"
            + (f"; the nearest is {near[0]!r}." if near else "."),
            zh=f"工作流{cls.name}没有动作“{name}”"
            + (f"，最接近的是“{near[0]}”。" if near else "。"),
            code="action.unknown",
        )

    @classmethod
    def refusals(cls, attempt: Attempt) -> tuple[Reason, ...]:
        """Give every reason why an attempt is not legal here; none means it is."""
        return _run(cls, attempt)[1]

    @classmethod
    def passage(cls, attempt: Attempt) -> str | None:
        """Say which state an attempt leads to; None means it stays.

        Raises:
            Refused: with every reason.
        """
        dest, reasons = _run(cls, attempt)
        if reasons:
            raise Refused("", *reasons)
        return dest

    @classmethod
    def blueprint(cls) -> Blueprint:
        """Give the parts, for those who look at the workflow as a whole."""
        return Blueprint(
            name=cls.name,
            states=cls.states,
            actions=cls.actions,
            table=cls.table,
            standings=cls.standings,
        )

    @classmethod
    def check(cls) -> None:
        """Refuse a workflow that cannot work.

        Raises:
            Invalid: naming each unreachable state, each open state with no way to an
                end, each action no role may perform, a missing or second first state.
        """
        reasons = faults(cls.blueprint())
        if reasons:
            raise Invalid("", *reasons)

    @classmethod
    def diagram(cls) -> str:
        """Draw the workflow as a Mermaid state diagram."""
        return diagram(cls.blueprint())


def _stands(cls: type[Workflow], state: str) -> Guard:
    def test(attempt: Attempt) -> Reason | None:
        item = attempt.after or attempt.case.item
        found = cls.standing(item, attempt.case.at)
        if found == state:
            return None
        return Reason(
            code="workflow.standing",
            en=f"The facts put {item.code} in {found}, not in {state}.",
            zh=f"按事实{item.code}应为{found}，不是{state}。",
        )

    return Guard(f"{STANDS}{state}", test)


def _gather_guards(cls: type[Workflow]) -> Mapping[str, Guard]:
    found: dict[str, Guard] = {}
    named = [g for a in cls.actions.values() for g in a.guards]
    named += [g for a in cls.actions.values() for m in a.moves for g in m.when]
    named += [_stands(cls, state) for state in cls.standings]
    for one in named:
        other = found.setdefault(one.name, one)
        if other.test is not one.test:
            raise Invalid(
                f"Workflow {cls.name!r}: two guards are called {one.name!r}.",
                zh=f"工作流{cls.name}：有两个条件都叫“{one.name}”。",
                code="guard.duplicate",
            )
    return found


def _build(cls: type[Workflow]) -> Machine:
    """Give ``transitions`` the definition; its conditions are names of guards."""
    rows: list[dict[str, Any]] = []
    for action in cls.actions.values():
        for move in action.moves:
            names = [g.name for g in (*action.guards, *move.when)]
            base = {"trigger": action.name, "source": move.source.name}
            if isinstance(move.dest, Standing):
                rows += [
                    {**base, "dest": state, "conditions": [*names, f"{STANDS}{state}"]}
                    for state in cls.standings
                ]
            else:
                dest = None if move.dest is None else move.dest.name
                rows.append({**base, "dest": dest, "conditions": names})
    first = [s.name for s in cls.states.values() if s.first]
    return Machine(
        model=None,
        states=list(cls.states),
        initial=first[0] if first else next(iter(cls.states)),
        transitions=rows,
        auto_transitions=False,
    )


def read_table(machine: Machine) -> Table:
    """Read the table off a machine: (state, action) to its transitions, in order."""
    table: dict[tuple[str, str], tuple[Transition, ...]] = {}
    for action, event in machine.events.items():
        for source, rows in event.transitions.items():
            table[source, action] = tuple(
                Transition(row.dest, tuple(str(c.func) for c in row.conditions))
                for row in rows
            )
    return table


def _run(
    cls: type[Workflow], attempt: Attempt
) -> tuple[str | None, tuple[Reason, ...]]:
    action = cls.action(attempt.action)
    item = attempt.case.item
    if action.issued and not attempt.issuing:
        return None, (_only_issued(item, action),)
    rows = cls.table.get((item.state, action.name))
    if rows is None:
        return None, (_no_arrow(cls, item, action),)
    ways: list[dict[str, Reason]] = []
    for row in rows:
        found = (cls.guards[name].test(attempt) for name in row.guards)
        reasons = {r.code: r for r in found if r is not None}
        if not reasons:
            dest = None if row.dest == item.state else row.dest
            return dest, ()
        ways.append(reasons)
    return None, _reasons(ways)


def _reasons(ways: Sequence[Mapping[str, Reason]]) -> tuple[Reason, ...]:
    """Say why none of several ways is open: no more than one of them asks for.

    Where each asks for something of its own, all of it.
    """
    said = [{c: r for c, r in w.items() if c != "workflow.standing"} for w in ways]
    least = min(said, key=len)
    if least and all(least.keys() <= way.keys() for way in said):
        return tuple(least.values())
    every = {code: reason for way in said for code, reason in way.items()}
    return tuple((every or ways[-1]).values())


def _no_arrow(cls: type[Workflow], item: Item, action: Action[Any]) -> Reason:
    sources = [s for s, a in cls.table if a == action.name]
    wanted = ", ".join(sources) or "no state at all"
    named = "、".join(cls.states[s].zh for s in sources)
    state = cls.states.get(item.state)
    return Reason(
        code="workflow.state",
        en=f"Item {item.code}: {action.name} is not possible in {item.state}; "
        f"it wants {wanted}.",
        zh=f"事项{item.code}处于“{state.zh if state else item.state}”，"
        f"不能{action.zh}；须处于：{named}。",
    )


def _only_issued(item: Item, action: Action[Any]) -> Reason:
    return Reason(
        code="workflow.issued",
        en=f"Item {item.code}: {action.name} happens only when a sanction is issued.",
        zh=f"事项{item.code}：“{action.zh}”只能由下发问责措施产生。",
    )
