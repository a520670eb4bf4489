"""Units as people name them, to units as they are kept: code, name or alias.

In earnest a name that is not declared is refused. In a rehearsal a verb may invent
the unit; an import never may.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final

import attrs
from attrs import evolve

from duban_flow.domain.codec import unstructure
from duban_flow.domain.events import Event, Subject, SubjectKind
from duban_flow.domain.items import NewItem
from duban_flow.domain.payloads import Decompose
from duban_flow.domain.units import Directory, Unit
from duban_flow.domain.workflow import Command
from duban_flow.engine.draft import Draft
from duban_flow.engine.envelope import Envelope

NAMED: Final = ("unit", "replacing")
"""Fields of a payload that name a unit."""


def named_units(new: NewItem) -> list[str]:
    """List the units that a new item names, as they were written."""
    return [p.unit for several in new.parties.values() for p in several]


def with_codes(new: NewItem, code: Callable[[str], str]) -> NewItem:
    """Give a new item whose parties are meant by code."""
    named = {
        role: tuple(evolve(p, unit=code(p.unit)) for p in several)
        for role, several in new.parties.items()
    }
    return evolve(new, parties=named)


def command_with_codes(command: Command, code: Callable[[str], str]) -> Command:
    """Give a command whose payload means units by code."""
    payload: Any = command.payload
    if isinstance(payload, Decompose):
        parts = tuple(with_codes(new, code) for new in payload.items)
        return evolve(command, payload=evolve(payload, items=parts))
    if not attrs.has(type(payload)):
        return command
    found = {
        f.name: code(value)
        for f in attrs.fields(type(payload))
        if f.name in NAMED and isinstance(value := getattr(payload, f.name), str)
    }
    return evolve(command, payload=evolve(payload, **found)) if found else command


def command_units(command: Command) -> list[str]:
    """List the units that a command names, as they were written."""
    names: list[str] = []

    def kept(name: str) -> str:
        names.append(name)
        return name

    command_with_codes(command, kept)
    return names


def command_codes(command: Command) -> list[str]:
    """List the codes under which a command gives birth to parts."""
    payload = command.payload
    if not isinstance(payload, Decompose):
        return []
    return [new.code for new in payload.items]


def invent(
    directory: Directory, draft: Draft, wanted: Iterable[tuple[str, str]], now: Envelope
) -> Directory:
    """Invent the units that a rehearsal's verb names and nobody has registered.

    ``wanted`` are (name, kind).
    """
    for name, kind in wanted:
        if directory.find(name) is None:
            unit = Unit(name, name, kind=kind)
            directory = directory.with_units(unit)
            draft.unit(unit, 0, [unit_event(unit, now)])
    return directory


def unit_event(unit: Unit, envelope: Envelope) -> Event:
    """Make the event by which a unit is registered; it keeps the unit whole."""
    subject = Subject(SubjectKind.UNIT, unit.code)
    return evolve(
        envelope.event(subject, "register", unstructure(unit)),
        effective_at=envelope.now,
    )
