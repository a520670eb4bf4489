"""A draft 草稿: what a unit of work is about to write, subject by subject.

Several acts on one item in one batch (an import, a decomposition) build on each
other here; only the end result is written, with every event between.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from attrs import define, evolve, field

from duban_flow.domain.batch import Change, Rows
from duban_flow.domain.case import Case
from duban_flow.domain.columns import (
    hot_columns,
    item_columns,
    sanction_columns,
    unit_columns,
)
from duban_flow.domain.events import Event, Notice, Subject, SubjectKind
from duban_flow.domain.sanctions import Sanction
from duban_flow.domain.units import Unit


@define
class _Pending:
    version: int
    columns: Mapping[str, Any]
    events: list[Event] = field(factory=list)
    notices: list[tuple[int, Notice]] = field(factory=list)


@define
class Draft:
    """Changes in the making; nothing is written before :meth:`changes` is."""

    cases: dict[str, Case] = field(factory=dict)
    sanctions: dict[str, Sanction] = field(factory=dict)
    rows: list[Rows] = field(factory=list)
    _codes: dict[str, str] = field(factory=dict)
    _pending: dict[str, tuple[Subject, _Pending]] = field(factory=dict)

    def hold(self, case: Case) -> None:
        """Take a case as it was read."""
        self.cases[case.item.id] = case
        self._codes[case.item.code] = case.item.id

    def by_code(self, code: str) -> Case | None:
        """Find a case that is held, by its item's code."""
        found = self._codes.get(code)
        return None if found is None else self.cases[found]

    def item(
        self,
        case: Case,
        version: int,
        events: Iterable[Event],
        notices: Iterable[tuple[int, Notice]] = (),
    ) -> Case:
        """Put an item's next state; ``version`` is the one that was read."""
        self.hold(case)
        subject = Subject(SubjectKind.ITEM, case.item.id)
        self._put(subject, version, item_columns(case.item), events, notices)
        return case

    def rearm(self, case: Case, version: int) -> None:
        """Put an item to which nothing happened but a new next instant."""
        self.hold(case)
        subject = Subject(SubjectKind.ITEM, case.item.id)
        if subject.id in self._pending:
            self._put(subject, version, item_columns(case.item), (), ())
        else:
            self._put(subject, version, hot_columns(case.item), (), ())

    def sanction(
        self,
        sanction: Sanction,
        version: int,
        events: Iterable[Event],
        notices: Iterable[tuple[int, Notice]] = (),
    ) -> None:
        """Put a sanction's next state."""
        self.sanctions[sanction.id] = sanction
        subject = Subject(SubjectKind.SANCTION, sanction.id)
        self._put(subject, version, sanction_columns(sanction), events, notices)

    def unit(self, unit: Unit, version: int, events: Iterable[Event]) -> None:
        """Put a unit's next state."""
        subject = Subject(SubjectKind.UNIT, unit.code)
        self._put(subject, version, unit_columns(unit), events, ())

    def subject(
        self,
        subject: Subject,
        version: int,
        columns: Mapping[str, Any],
        events: Iterable[Event],
        notices: Iterable[tuple[int, Notice]] = (),
    ) -> None:
        """Put any other subject's next state."""
        self._put(subject, version, columns, events, notices)

    def _put(
        self,
        subject: Subject,
        version: int,
        columns: Mapping[str, Any],
        events: Iterable[Event],
        notices: Iterable[tuple[int, Notice]],
    ) -> None:
        _, pending = self._pending.setdefault(
            subject.id, (subject, _Pending(version, columns))
        )
        before = len(pending.events)
        pending.columns = columns
        pending.events += list(events)
        pending.notices += [(before + place, notice) for place, notice in notices]

    def take(self, other: Draft) -> None:
        """Take over everything another draft holds; both are about other subjects."""
        self.cases.update(other.cases)
        self.sanctions.update(other.sanctions)
        self.rows += other.rows
        self._codes.update(other._codes)
        self._pending.update(other._pending)

    def changes(self) -> list[Change]:
        """Give one Change per subject, in the order in which they were first put."""
        return [
            Change(
                subject=subject,
                version=pending.version,
                events=tuple(
                    evolve(event, seq=pending.version + 1 + place)
                    for place, event in enumerate(pending.events)
                ),
                columns=pending.columns,
                notices=tuple(pending.notices),
            )
            for subject, pending in self._pending.values()
        ]

    def __len__(self) -> int:
        return len(self._pending)
