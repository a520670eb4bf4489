"""Payloads that establish facts: readings, rounds, findings, justifications, papers."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from attrs import evolve, field, frozen

from duban_flow.domain.case import (
    Attachment,
    Entry,
    Facts,
    Finding,
    Justification,
    Round,
)
from duban_flow.domain.codec import Value
from duban_flow.domain.events import Event
from duban_flow.domain.instants import aware
from duban_flow.domain.items import Item
from duban_flow.domain.payloads import not_empty
from duban_flow.domain.quantities import (
    Amount,
    Reading,
    amount,
    number,
    optional_number,
)
from duban_flow.domain.units import Actor, Role
from duban_flow.errors import Invalid


def _taken(moment: datetime) -> datetime:
    return aware(moment, "measure: as_of")


@frozen(kw_only=True)
class Measured(Value):
    """A measure was read 读数: the actual quantity as of an instant."""

    name: str
    actual: Decimal = field(converter=number)
    as_of: datetime = field(converter=_taken)
    target: Decimal | None = field(default=None, converter=optional_number)
    scheduled: Decimal | None = field(default=None, converter=optional_number)
    measure_unit: str = ""

    def given_to(self, item: Item, facts: Facts, actor: Actor) -> Measured:
        """Take the unit of measure from the item's own measure, where it has one.

        Raises:
            Invalid: another unit than the measure's, or none at all: a number is
                never bare.
        """
        declared = {m.name: m.measure_unit for m in item.measures}.get(self.name)
        unit = self.measure_unit or declared
        if not unit or declared not in (None, unit):
            said, wanted = self.measure_unit or "-", declared or "a unit of measure"
            raise Invalid(
                f"Item {item.code}: measure {self.name!r} was given in {said}, "
                f"{wanted} is wanted.",
                zh=f"事项{item.code}：指标“{self.name}”的计量单位为“{said}”，"
                f"应为{declared or '明确的计量单位'}。",
                code="measure.unit",
            )
        return evolve(self, measure_unit=unit)

    def facts(self, facts: Facts, event: Event) -> Facts:
        """Add the reading."""
        made = Reading(
            name=self.name,
            actual=self.actual,
            measure_unit=self.measure_unit,
            as_of=self.as_of,
            target=self.target,
            scheduled=self.scheduled,
        )
        return evolve(facts, readings=(*facts.readings, made))


def _ordinal(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise Invalid(
            f"evaluate: round is the number of the round, from 1; {value!r} was given.",
            zh=f"测评轮次应为从1起的整数，不能是{value!r}。",
            code="evaluate.round",
        )
    return value


def _entries(given: Iterable[Entry]) -> tuple[Entry, ...]:
    return tuple(given)


@frozen(kw_only=True)
class Evaluate(Value):
    """A round of an evaluation 测评, with its entries and its mean or cohort."""

    round: int = field(converter=_ordinal)
    on: date
    entries: tuple[Entry, ...] = field(converter=_entries)
    mean: Amount | None = field(default=None, converter=amount)
    cohort: int | None = None

    def __attrs_post_init__(self) -> None:
        for entry in self.entries:
            if entry.rank is not None and not 1 <= entry.rank <= (
                self.cohort or entry.rank
            ):
                raise Invalid(
                    f"evaluate: {entry.subject} is ranked {entry.rank} "
                    f"of {self.cohort}.",
                    zh=f"测评：{entry.subject}排名{entry.rank}，共{self.cohort}个。",
                    code="evaluate.rank",
                )

    def facts(self, facts: Facts, event: Event) -> Facts:
        """Add the round; the same number again replaces it."""
        return facts.with_round(
            Round(
                ordinal=self.round,
                on=self.on,
                entries=self.entries,
                mean=self.mean,
                cohort=self.cohort,
                effective_at=event.effective_at,
            )
        )


@frozen(kw_only=True)
class FindFault(Value):
    """A fault was established 查实问题, on a day, perhaps of a unit."""

    on: date
    text: str = field(validator=not_empty)
    unit: str | None = None

    def facts(self, facts: Facts, event: Event) -> Facts:
        """Add the finding."""
        made = Finding(
            on=self.on,
            text=self.text,
            unit=self.unit,
            effective_at=event.effective_at,
            seq=event.seq,
        )
        return evolve(facts, findings=(*facts.findings, made))


@frozen(kw_only=True)
class Justify(Value):
    """A reason for being late is given 正当理由; it counts only once accepted."""

    reason: str = field(validator=not_empty)
    unit: str | None = None

    def given_to(self, item: Item, facts: Facts, actor: Actor) -> Justify:
        """Let a unit that handles the item speak for itself, unless told otherwise."""
        handles = item.units(Role.LEAD, Role.RESPONSIBLE, Role.ASSISTING)
        own = self.unit is None and actor.unit in handles
        return evolve(self, unit=actor.unit) if own else self

    def facts(self, facts: Facts, event: Event) -> Facts:
        """Add the justification, not yet answered."""
        made = Justification(
            unit=self.unit,
            reason=self.reason,
            given_by=event.actor_unit or event.actor,
            effective_at=event.effective_at,
        )
        return evolve(facts, justifications=(*facts.justifications, made))


def _waiting(facts: Facts, unit: str | None) -> str | None:
    """Name whose reason is meant: the unit's, or that of the only one that waits."""
    waiting = {j.unit for j in facts.justifications if j.status == "given"}
    return waiting.pop() if unit is None and len(waiting) == 1 else unit


def _decided(
    facts: Facts,
    event: Event,
    unit: str | None,
    status: Literal["accepted", "refused"],
    reason: str,
) -> Facts:
    """Answer the last unanswered justification of a unit."""
    several = list(facts.justifications)
    for place in reversed(range(len(several))):
        one = several[place]
        if one.unit == unit and one.status == "given":
            several[place] = evolve(
                one,
                status=status,
                decided_by=event.actor_unit or event.actor,
                decision=reason,
            )
            break
    return evolve(facts, justifications=tuple(several))


@frozen(kw_only=True)
class Accept(Value):
    """A justification is accepted: that unit is excused, and no other."""

    unit: str | None = None
    reason: str = ""

    def given_to(self, item: Item, facts: Facts, actor: Actor) -> Accept:
        """Mean the only reason that waits, where no unit is named."""
        return evolve(self, unit=_waiting(facts, self.unit))

    def facts(self, facts: Facts, event: Event) -> Facts:
        """Answer the justification."""
        return _decided(facts, event, self.unit, "accepted", self.reason)


@frozen(kw_only=True)
class Refuse(Value):
    """A justification is refused."""

    unit: str | None = None
    reason: str = field(validator=not_empty)

    def given_to(self, item: Item, facts: Facts, actor: Actor) -> Refuse:
        """Mean the only reason that waits, where no unit is named."""
        return evolve(self, unit=_waiting(facts, self.unit))

    def facts(self, facts: Facts, event: Event) -> Facts:
        """Answer the justification."""
        return _decided(facts, event, self.unit, "refused", self.reason)


@frozen(kw_only=True)
class Attach(Value):
    """A paper is attached 附件: its name, the digest of its bytes, where it lies."""

    name: str
    digest: str
    where: str

    def facts(self, facts: Facts, event: Event) -> Facts:
        """Add the paper."""
        made = Attachment(name=self.name, digest=self.digest, where=self.where)
        return evolve(facts, attachments=(*facts.attachments, made))
