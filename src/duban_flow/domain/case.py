"""A Case 案卷: an item with the facts a judgement needs, as of one instant.

Facts are folded from the item's events by the payloads that carry them; nothing
here reads a store.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Final, Literal

from attrs import Factory, evolve, field, frozen

from duban_flow.domain.codec import Value
from duban_flow.domain.events import Event
from duban_flow.domain.instants import When
from duban_flow.domain.items import Item
from duban_flow.domain.quantities import (
    Amount,
    Interval,
    Reading,
    amount,
)
from duban_flow.domain.sanctions import Sanction
from duban_flow.domain.time.calendar import WorkCalendar


@frozen
class Entry(Value):
    """One subject's place in a round of an evaluation 测评结果."""

    subject: str
    score: Amount | None = field(default=None, converter=amount, kw_only=True)
    rank: int | None = field(default=None, kw_only=True)


@frozen(kw_only=True)
class Round(Value):
    """One round of an evaluation 轮次: entries, and the mean or cohort they stand in.

    ``ordinal`` is the round's number: consecutive rounds have consecutive numbers.
    ``mean`` may be an interval where only a rounded difference was printed.
    """

    ordinal: int
    on: date
    entries: tuple[Entry, ...]
    mean: Amount | None = field(default=None, converter=amount)
    cohort: int | None = None
    effective_at: When

    def entry(self, subject: str) -> Entry | None:
        """Find a subject's entry; a round of one entry is about that one."""
        for entry in self.entries:
            if entry.subject == subject:
                return entry
        return None

    def gap(self, subject: str) -> Interval | None:
        """Give points below the mean, or nothing where either is absent."""
        entry = self.entry(subject)
        if entry is None or entry.score is None or self.mean is None:
            return None
        return Interval.of(self.mean).minus(Interval.of(entry.score))

    def rank_share(self, subject: str) -> Decimal | None:
        """Give (rank − 1)/(cohort − 1) in percent: first 0, last 100."""
        entry = self.entry(subject)
        if entry is None or entry.rank is None or not self.cohort:
            return None
        if self.cohort == 1:
            return Decimal(0)
        return Decimal(100) * (entry.rank - 1) / (self.cohort - 1)


@frozen(kw_only=True)
class Finding(Value):
    """A dated fault that was established 查实问题."""

    on: date
    text: str
    unit: str | None = None
    effective_at: When
    seq: int


@frozen(kw_only=True)
class Justification(Value):
    """A reason given for being late 正当理由, and what became of it."""

    unit: str | None
    reason: str
    given_by: str
    status: Literal["given", "accepted", "refused"] = "given"
    decided_by: str = ""
    decision: str = ""
    effective_at: When


@frozen(kw_only=True)
class Attachment(Value):
    """A paper by name, digest and where it lies 附件; never its bytes."""

    name: str
    digest: str
    where: str


@frozen(kw_only=True)
class Facts(Value):
    """What an item's events established, beyond where it stands."""

    rounds: tuple[Round, ...] = ()
    readings: tuple[Reading, ...] = ()
    findings: tuple[Finding, ...] = ()
    justifications: tuple[Justification, ...] = ()
    received: tuple[str, ...] = ()
    attachments: tuple[Attachment, ...] = ()

    def reading(self, name: str, at: datetime) -> Reading | None:
        """Give the last reading of a measure that was taken by an instant."""
        taken = [r for r in self.readings if r.name == name and r.as_of <= at]
        # Of two readings of one instant the later written puts the other right.
        return max(reversed(taken), key=lambda r: r.as_of, default=None)

    def with_round(self, made: Round) -> Facts:
        """Add a round; the same ordinal again replaces it."""
        kept = [r for r in self.rounds if r.ordinal != made.ordinal]
        return evolve(
            self, rounds=tuple(sorted([*kept, made], key=lambda r: r.ordinal))
        )


NO_FACTS: Final = Facts()
"""What is known of an item before anything has been established."""


@frozen(kw_only=True)
class Case:
    """An item with the facts a judgement needs 案卷, judged at ``at``.

    ``acts`` are sanctions that cite the item, ``history`` every sanction on a unit
    of the item; both hold rejected and revoked ones too. ``meets_by`` is the calendar
    by which panels meet: the office's, whatever the item's own is.
    """

    item: Item
    at: datetime
    calendar: WorkCalendar
    facts: Facts = NO_FACTS
    events: tuple[Event, ...] = ()
    parts: tuple[Item, ...] = ()
    parent: Item | None = None
    parent_facts: Facts = NO_FACTS
    acts: tuple[Sanction, ...] = ()
    history: tuple[Sanction, ...] = ()
    names: Mapping[str, str] = field(factory=dict)
    meets_by: WorkCalendar = field(
        default=Factory(lambda case: case.calendar, takes_self=True)
    )
