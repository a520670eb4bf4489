"""What a ledger means before anything is written: its rows as planned acts."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime

from attrs import field, frozen

from duban_flow.domain.instants import When
from duban_flow.domain.items import NewItem
from duban_flow.domain.ledger import COLUMNS, Ledger
from duban_flow.domain.time.calendar import WorkCalendar
from duban_flow.domain.time.statutory import NO_TERMS, Terms
from duban_flow.domain.units import Actor, Directory
from duban_flow.domain.workflow import Command, Workflow
from duban_flow.errors import Problem


@frozen(kw_only=True)
class PlannedAct:
    """One act that a ledger asks for: a new item, or a command on one.

    ``row`` is where it stands; ``rows`` are more than one where several rows are
    entries of one round. The actor is the row's unit, or the importer, who is the
    recorder in any case. ``parent`` is the code of the whole that a new item is a
    part of. ``synthetic`` marks what was not printed anywhere.
    """

    row: int
    rows: tuple[int, ...]
    code: str
    actor: Actor
    recorder: str
    effective_at: When
    new: NewItem | None = None
    parent: str | None = None
    command: Command | None = None
    synthetic: bool = False


def _acts(acts: Iterable[PlannedAct]) -> tuple[PlannedAct, ...]:
    return tuple(acts)


def _problems(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    return tuple(problems)


@frozen(kw_only=True)
class Intake:
    """A ledger as it was understood: acts in the order in which they happened.

    Problems are those of meaning; those of form are the Ledger's. With any of either
    there is nothing to apply. Warnings say what was made of what.
    """

    acts: tuple[PlannedAct, ...] = field(default=(), converter=_acts)
    problems: tuple[Problem, ...] = field(default=(), converter=_problems)
    warnings: tuple[Problem, ...] = field(default=(), converter=_problems)


@frozen(kw_only=True)
class Setting:
    """In what a ledger is read: who there is, how days count, who imports, when.

    ``year`` stands in for dates that have none. ``existing`` gives the workflow of
    each item already in the store; None where that is not known here. ``terms`` are the
    statutory ones that a cell may name.
    """

    workflows: Mapping[str, type[Workflow]]
    directory: Directory
    calendar: WorkCalendar
    importer: Actor
    now: datetime
    year: int | None = None
    existing: Mapping[str, str] | None = None
    terms: Terms = NO_TERMS

    @property
    def today(self) -> date:
        """The date that the calendar's zone shows."""
        return self.calendar.date_of(self.now)


def codes_in(ledger: Ledger) -> frozenset[str]:
    """Give every code that a ledger names, of items and of wholes, as written."""
    return frozenset(
        code
        for row in ledger.rows
        for code in (row.get("code"), row.get("parent"))
        if code
    )


def fields_of(workflows: Collection[type[Workflow]]) -> frozenset[str]:
    """Give the fields of all payloads that a ledger may name as its columns."""
    return frozenset(
        field.alias or field.name
        for workflow in workflows
        for action in workflow.actions.values()
        for field in getattr(action.payload, "__attrs_attrs__", ())
        if field.init
    ) - set(COLUMNS)
