"""Workflows: states, actions with typed payloads, and the table that is read off.

A workflow is a class. ``transitions`` holds its definition; the table compiled from
the machine is what runs, since a table can give every reason for a refusal and needs
no model per item. That both agree is shown by enumeration in the tests.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, ClassVar, Final, Generic, ParamSpec

from attrs import evolve, field, frozen
from transitions import Machine

from duban_flow.domain.case import Case
from duban_flow.domain.codec import structure, unstructure
from duban_flow.domain.items import Item
from duban_flow.domain.units import Actor, Role
from duban_flow.errors import Invalid, Reason, Refused

P = ParamSpec("P")

STANDS: Final = "stands_"


@frozen(kw_only=True)
class Attempt:
    """Somebody about to do something to a case; what a guard is asked about.

    ``payload`` is None when only availability is asked. ``after`` is the item as the
    payload would leave it: where it then stands decides where STANDING leads.
    """

    case: Case
    actor: Actor
    action: str
    after: Item | None = None
    relations: frozenset[str] = frozenset()
    payload: Any = None
    issuing: bool = False


@frozen
class Guard:
    """A named condition on an action 条件: gives the reason why not, or nothing."""

    name: str
    test: Callable[[Attempt], Reason | None] = field(eq=False)


def guard(name: str) -> Callable[[Callable[[Attempt], Reason | None]], Guard]:
    """Make a guard of a pure function, under a name.

    >>> @guard("has_title")
    ... def has_title(attempt):
    ...     return None
    >>> has_title.name
    'has_title'
    """
    return lambda test: Guard(name, test)


class State:
    """A state of a workflow 状态; its name is the attribute it is assigned to."""

    name: str

    def __init__(self, *, first: bool = False, end: bool = False, zh: str = "") -> None:
        self.first, self.end, self._zh = first, end, zh

    def __set_name__(self, _: type, name: str) -> None:
        self.name = name

    @property
    def zh(self) -> str:
        """The Chinese name, or the name itself."""
        return self._zh or self.name

    def __or__(self, other: State | States) -> States:
        return States((self,)) | other

    def to(self, state: State | _Standing, *, when: Sequence[Guard] = ()) -> Moves:
        """Move from this state to another (or to where the facts put the item)."""
        return States((self,)).to(state, when=when)

    def stay(self, *, when: Sequence[Guard] = ()) -> Moves:
        """Act in this state and remain in it."""
        return States((self,)).stay(when=when)

    def __repr__(self) -> str:
        return f"State({self.name})"


class _Standing:
    """The destination that is computed: where the facts put the item."""


STANDING: Final = _Standing()


@frozen
class States:
    """Several states that share a move."""

    states: tuple[State, ...]

    def __or__(self, other: State | States) -> States:
        more = other.states if isinstance(other, States) else (other,)
        return States(self.states + more)

    def to(self, state: State | _Standing, *, when: Sequence[Guard] = ()) -> Moves:
        """Move from any of these states to another."""
        return Moves(tuple(Move(s, state, tuple(when)) for s in self.states))

    def stay(self, *, when: Sequence[Guard] = ()) -> Moves:
        """Act in any of these states and remain in it."""
        return Moves(tuple(Move(s, None, tuple(when)) for s in self.states))


@frozen
class Move:
    """One arrow; without a destination the action is internal."""

    source: State
    dest: State | _Standing | None
    when: tuple[Guard, ...] = ()


@frozen
class Moves:
    """The arrows of one action, first match first."""

    moves: tuple[Move, ...]

    def __add__(self, other: Moves) -> Moves:
        return Moves(self.moves + other.moves)


@frozen
class Command:
    """What somebody wants done 指令: an action of a workflow with its payload."""

    workflow: str
    action: str
    payload: Any


class Action(Generic[P]):
    """An action of a workflow 动作: its arrows, its payload, who may perform it.

    Calling it makes a Command, with the payload's own parameters. ``on_due`` marks
    the action that the sweep records when the deadline has passed; ``issued`` marks
    one that only the issuing of a sanction performs.
    """

    name: str
    workflow: str

    def __init__(
        self,
        moves: Moves,
        payload: Callable[P, Any],
        *,
        roles: Sequence[str] = (),
        guards: Sequence[Guard] = (),
        on_due: bool = False,
        issued: bool = False,
        zh: str = "",
    ) -> None:
        self.moves, self.payload = moves.moves, payload
        self.roles, self.guards = tuple(str(r) for r in roles), tuple(guards)
        self.on_due, self.issued, self._zh = on_due, issued, zh

    def __set_name__(self, _: type, name: str) -> None:
        self.name = name

    @property
    def zh(self) -> str:
        """The Chinese name, or the name itself."""
        return self._zh or self.name

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> Command:
        return Command(self.workflow, self.name, self.payload(*args, **kwargs))

    def read(self, data: Mapping[str, Any]) -> Any:
        """Read plain data as this action's payload.

        Raises:
            Invalid: naming each field that does not fit.
        """
        return structure(data, self.payload, self.name)  # type: ignore[arg-type]  # the payload is a class


@frozen
class Transition:
    """One row of the compiled table: where to, and under which guards."""

    dest: str | None
    guards: tuple[str, ...]


Table = Mapping[tuple[str, str], tuple[Transition, ...]]


class Workflow:
    """A state machine as a class 工作流: subclass it, name it, give states and actions."""

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
    def check(cls) -> None:
        """Refuse a workflow that cannot work.

        Raises:
            Invalid: naming each unreachable state, each open state with no way to an
                end, each action no role may perform, a missing or second first state.
        """
        reasons = _faults(cls)
        if reasons:
            raise Invalid("", *reasons)

    @classmethod
    def diagram(cls) -> str:
        """Draw the workflow as a Mermaid state diagram."""
        lines = ["stateDiagram-v2", f"    [*] --> {cls.first()}"]
        if cls.standings:
            lines.append("    state standing <<choice>>")
        lines += [
            f"    {a} --> {b}: {', '.join(said)}" for (a, b), said in _arrows(cls)
        ]
        lines += [f"    standing --> {state}" for state in cls.standings]
        lines += [f"    {name} --> [*]" for name in sorted(cls.ends())]
        return "\n".join(lines)


def _arrows(cls: type[Workflow]) -> Iterable[tuple[tuple[str, str], list[str]]]:
    """Give what a diagram draws: computed destinations meet in one choice."""
    arrows: dict[tuple[str, str], dict[str, None]] = {}
    for (source, action), rows in cls.table.items():
        for row in rows:
            computed = any(name.startswith(STANDS) for name in row.guards)
            dest = "standing" if computed else row.dest
            if dest is not None:
                arrows.setdefault((source, dest), {})[action] = None
    return [(ends, list(said)) for ends, said in arrows.items()]


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
            if isinstance(move.dest, _Standing):
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
    refused: dict[str, Reason] = {}
    for row in rows:
        reasons = [
            r for g in row.guards if (r := cls.guards[g].test(attempt)) is not None
        ]
        if not reasons:
            dest = None if row.dest == item.state else row.dest
            return dest, ()
        refused.update({reason.code: reason for reason in reasons})
    said = [r for r in refused.values() if r.code != "workflow.standing"]
    return None, tuple(said or refused.values())


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


def _faults(cls: type[Workflow]) -> list[Reason]:
    firsts = [s.name for s in cls.states.values() if s.first]
    faults = []
    if len(firsts) != 1:
        faults.append(("first", f"it wants one first state and has {len(firsts)}"))
    arrows: dict[str, set[str]] = {name: set() for name in cls.states}
    for (source, _), rows in cls.table.items():
        arrows[source] |= {row.dest for row in rows if row.dest is not None}
    reached = _closure(firsts, arrows)
    faults += [
        ("unreachable", f"no way leads to {s}") for s in arrows if s not in reached
    ]
    for state in arrows:
        if not cls.ends() & _closure([state], arrows):
            faults.append(("no_end", f"from {state} no way leads to an end"))
    for action in cls.actions.values():
        if not action.roles and not action.issued:
            faults.append(("no_role", f"nobody may perform {action.name}"))
    if sum(a.on_due for a in cls.actions.values()) > 1:
        faults.append(("on_due", "more than one action is on_due"))
    return [
        Reason(
            code=f"workflow.{code}",
            en=f"Workflow {cls.name!r}: {text}.",
            zh=f"工作流{cls.name}有误：{text}。",
        )
        for code, text in faults
    ]


def _closure(start: Iterable[str], arrows: Mapping[str, set[str]]) -> set[str]:
    found, open_ends = set(start), list(start)
    while open_ends:
        for dest in arrows[open_ends.pop()] - found:
            found.add(dest)
            open_ends.append(dest)
    return found


def payload_data(payload: Any) -> dict[str, Any]:
    """Write a payload as the plain data of its event."""
    data: dict[str, Any] = unstructure(payload)
    return data


@frozen(kw_only=True)
class Availability:
    """Whether an action may be performed now, and if not, every reason 可办动作.

    ``schema`` is the JSON Schema of the data that the action wants.
    """

    action: str
    zh: str
    allowed: bool
    reasons: tuple[Reason, ...] = ()
    schema: Mapping[str, Any] = field(factory=dict)

    def to_dict(self, lang: str = "zh") -> dict[str, Any]:
        """Give all that a form wants to draw a button."""
        return {
            "action": self.action,
            "name": self.zh if lang == "zh" else self.action,
            "allowed": self.allowed,
            "reasons": [reason.to_dict(lang) for reason in self.reasons],
            "schema": dict(self.schema),
        }


def attempted(attempt: Attempt, payload: Any) -> Attempt:
    """Give the same attempt with another payload."""
    return evolve(attempt, payload=payload)


ANYONE: Final = tuple(str(role) for role in Role)
