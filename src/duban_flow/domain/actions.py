"""What a workflow is made of: states, arrows, guards, actions, and commands.

Plain declarations. How they become a machine, and a table that runs, is
:mod:`duban_flow.domain.workflow`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, Generic, ParamSpec

from attrs import field, frozen

from duban_flow.domain.case import Case
from duban_flow.domain.codec import structure, unstructure
from duban_flow.domain.instants import When
from duban_flow.domain.items import Item
from duban_flow.domain.time.extension import ExtensionRule
from duban_flow.domain.units import Actor, Role
from duban_flow.errors import Reason

P = ParamSpec("P")

STANDS: Final = "stands_"
"""How the guards begin that say where the facts put an item."""

ANYONE: Final = tuple(str(role) for role in Role)
"""Every role a unit can stand in to an item."""


@frozen(kw_only=True)
class Attempt:
    """Somebody about to do something to a case; what a guard is asked about.

    ``payload`` is None when only availability is asked. ``after`` is the item as the
    payload would leave it: where it then stands decides where STANDING leads. ``rule``
    is what the item's policy says of extensions; ``effective_at`` is when it was so,
    of an act that somebody else wrote down.
    """

    case: Case
    actor: Actor
    action: str
    after: Item | None = None
    relations: frozenset[str] = frozenset()
    payload: Any = None
    issuing: bool = False
    rule: ExtensionRule | None = None
    effective_at: When | None = None


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

    def to(self, state: State | Standing, *, when: Sequence[Guard] = ()) -> Moves:
        """Move from this state to another (or to where the facts put the item)."""
        return States((self,)).to(state, when=when)

    def stay(self, *, when: Sequence[Guard] = ()) -> Moves:
        """Act in this state and remain in it."""
        return States((self,)).stay(when=when)

    def __repr__(self) -> str:
        return f"State({self.name})"


class Standing:
    """The destination that is computed: where the facts put the item."""


STANDING: Final = Standing()


@frozen
class States:
    """Several states that share a move."""

    states: tuple[State, ...]

    def __or__(self, other: State | States) -> States:
        more = other.states if isinstance(other, States) else (other,)
        return States(self.states + more)

    def to(self, state: State | Standing, *, when: Sequence[Guard] = ()) -> Moves:
        """Move from any of these states to another."""
        return Moves(tuple(Move(s, state, tuple(when)) for s in self.states))

    def stay(self, *, when: Sequence[Guard] = ()) -> Moves:
        """Act in any of these states and remain in it."""
        return Moves(tuple(Move(s, None, tuple(when)) for s in self.states))


@frozen
class Move:
    """One arrow; without a destination the action is internal."""

    source: State
    dest: State | Standing | None
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

    Calling it makes a Command, with the payload's own parameters. Without ``roles``
    every unit that stands in any role to the item may perform it. ``on_due`` marks
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
        roles: Sequence[str] | None = None,
        guards: Sequence[Guard] = (),
        on_due: bool = False,
        issued: bool = False,
        zh: str = "",
    ) -> None:
        self.moves, self.payload = moves.moves, payload
        named = ANYONE if roles is None else roles
        self.roles, self.guards = tuple(str(r) for r in named), tuple(guards)
        self.on_due, self.issued, self._zh = on_due, issued, zh

    def __set_name__(self, _: type, name: str) -> None:
        self.name = name

    @property
    def zh(self) -> str:
        """The Chinese name, or the name itself."""
        return self._zh or self.name

    def __call__(  # noqa: D102  # said by the class: calling it makes a Command
        self, *args: P.args, **kwargs: P.kwargs
    ) -> Command:
        return Command(self.workflow, self.name, self.payload(*args, **kwargs))

    def read(self, data: Mapping[str, Any]) -> Any:
        """Read plain data as this action's payload.

        Raises:
            Invalid: naming each field that does not fit.
        """
        return structure(data, self.payload, self.name)  # type: ignore[arg-type]  # the payload is a class


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


@frozen
class Transition:
    """One row of the compiled table: where to, and under which guards."""

    dest: str | None
    guards: tuple[str, ...]


Table = Mapping[tuple[str, str], tuple[Transition, ...]]
"""The compiled table: (state, action) to its transitions, first match first."""
