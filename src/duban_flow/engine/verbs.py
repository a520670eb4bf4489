"""The verbs of supervision, written out 动作: each is one action of the workflow.

``desk.close(x, reason=r)`` is ``desk.act(x, Supervision.close(reason=r))``. A test
compares every verb's parameters with its payload's fields.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Literal, TypedDict, Unpack

from duban_flow.domain.case import Entry
from duban_flow.domain.instants import When
from duban_flow.domain.items import Item, NewItem, Source
from duban_flow.domain.quantities import Amount
from duban_flow.domain.supervision import Supervision
from duban_flow.domain.time.term import Term
from duban_flow.domain.units import Role
from duban_flow.domain.workflow import Command


class About(TypedDict, total=False):
    """What every verb takes besides its data: the envelope.

    ``effective_at``: since when it is so (an instant, a Span, or a day);
    ``request_id``: a repeat returns the first result; ``expect``: the version read.
    """

    effective_at: When | date | None
    request_id: str | None
    expect: int | None


class Verbs(ABC):
    """The verbs of a desk. ``item`` is a code, or an Item as it was read.

    Given an Item, a verb raises Stale if it has changed since. Every verb returns
    the item as it is afterwards, and raises NotFound, Forbidden, Refused or Invalid.
    """

    @abstractmethod
    def act(self, item: Item | str, command: Command, **about: Unpack[About]) -> Item:
        """Do what a command says to an item."""

    @abstractmethod
    def end_of(self, item: Item | str, day: date) -> datetime:
        """Give the 24:00 of a day, by the item's calendar; of today, now."""

    def acknowledge(self, item: Item | str, **about: Unpack[About]) -> Item:
        """Take the matter in hand 签收."""
        return self.act(item, Supervision.acknowledge(), **about)

    def report(
        self,
        item: Item | str,
        *,
        progress: int | None = None,
        note: str = "",
        at_risk: bool | None = None,
        content: str | None = None,
        **about: Unpack[About],
    ) -> Item:
        """Report progress 反馈, in percent."""
        command = Supervision.report(
            progress=progress, note=note, at_risk=at_risk, content=content
        )
        return self.act(item, command, **about)

    def measure(
        self,
        item: Item | str,
        name: str,
        *,
        actual: Decimal | int | str,
        as_of: date | datetime,
        target: Decimal | int | str | None = None,
        scheduled: Decimal | int | str | None = None,
        measure_unit: str = "",
        **about: Unpack[About],
    ) -> Item:
        """Write down what a measure shows as of an instant 读数; a day is its 24:00."""
        about.setdefault("effective_at", as_of)
        moment = as_of
        if not isinstance(moment, datetime):
            moment = self.end_of(item, moment)
        command = Supervision.measure(
            name=name,
            actual=actual,
            as_of=moment,
            target=target,
            scheduled=scheduled,
            measure_unit=measure_unit,
        )
        return self.act(item, command, **about)

    def submit(
        self, item: Item | str, *, note: str = "", **about: Unpack[About]
    ) -> Item:
        """Say it is done and ask for closing 报结."""
        return self.act(item, Supervision.submit(note=note), **about)

    def send_back(
        self,
        item: Item | str,
        *,
        reason: str,
        term: Term | None = None,
        **about: Unpack[About],
    ) -> Item:
        """Refuse a submit 退回重办; ``term`` is the new round's internal limit."""
        command = Supervision.send_back(reason=reason, term=term)
        return self.act(item, command, **about)

    def decline(self, item: Item | str, *, reason: str, **about: Unpack[About]) -> Item:
        """Say the matter is not one's duty 退回(非本单位职责)."""
        return self.act(item, Supervision.decline(reason=reason), **about)

    def reassign(
        self,
        item: Item | str,
        unit: str,
        *,
        role: Role = Role.RESPONSIBLE,
        replacing: str | None = None,
        term: Term | None = None,
        ruled: bool = False,
        adding: bool = False,
        reason: str = "",
        **about: Unpack[About],
    ) -> Item:
        """Give a role to another unit 改派; the one that leaves keeps its time.

        Of several in the role ``replacing`` names the one that leaves; with
        ``adding`` none does.
        """
        command = Supervision.reassign(
            unit=unit,
            role=role,
            replacing=replacing,
            term=term,
            ruled=ruled,
            adding=adding,
            reason=reason,
        )
        return self.act(item, command, **about)

    def rebaseline(
        self,
        item: Item | str,
        *,
        term: Term,
        reason: str,
        restart: bool = False,
        **about: Unpack[About],
    ) -> Item:
        """Move the target date 调整目标: counted, old dates kept.

        The term runs from now; with ``restart`` from the matter's own start.
        """
        command = Supervision.rebaseline(term=term, reason=reason, restart=restart)
        return self.act(item, command, **about)

    def transfer_out(
        self, item: Item | str, *, to: str, reason: str = "", **about: Unpack[About]
    ) -> Item:
        """Give the matter to another authority 移交."""
        return self.act(item, Supervision.transfer_out(to=to, reason=reason), **about)

    def hold(self, item: Item | str, *, reason: str, **about: Unpack[About]) -> Item:
        """Keep the matter stable where it cannot be solved now 稳控."""
        return self.act(item, Supervision.hold(reason=reason), **about)

    def release(
        self, item: Item | str, *, reason: str = "", **about: Unpack[About]
    ) -> Item:
        """End the holding 解除稳控."""
        return self.act(item, Supervision.release(reason=reason), **about)

    def withdraw(
        self, item: Item | str, *, reason: str, **about: Unpack[About]
    ) -> Item:
        """Take the matter back 撤销."""
        return self.act(item, Supervision.withdraw(reason=reason), **about)

    def suspend(
        self,
        item: Item | str,
        *,
        reason: str,
        until: When | None = None,
        authority: str = "",
        waits_for: str = "",
        resumed: When | None = None,
        **about: Unpack[About],
    ) -> Item:
        """Stop handling for a time 中止(不计入期限); ``authority`` is what allows it.

        ``waits_for`` is whom it waits for: a unit, or somebody outside.
        ``until`` is when it is to go on; with ``resumed`` a pause that is over is
        written down whole.
        """
        command = Supervision.suspend(
            reason=reason,
            until=until,
            authority=authority,
            waits_for=waits_for,
            resumed=resumed,
        )
        return self.act(item, command, **about)

    def resume(
        self, item: Item | str, *, reason: str = "", **about: Unpack[About]
    ) -> Item:
        """Go on handling 恢复."""
        return self.act(item, Supervision.resume(reason=reason), **about)

    def annul(
        self, item: Item | str, *, pause: int, reason: str, **about: Unpack[About]
    ) -> Item:
        """Take a pause out of the reckoning that should not have been 撤销中止."""
        return self.act(item, Supervision.annul(pause=pause, reason=reason), **about)

    def chase(
        self,
        item: Item | str,
        *,
        until: date | datetime | None = None,
        **about: Unpack[About],
    ) -> Item:
        """Let reminders follow another date 调整催办日期; due does not move."""
        return self.act(item, Supervision.chase(until=until), **about)

    def close(self, item: Item | str, *, reason: str, **about: Unpack[About]) -> Item:
        """Close the matter 办结/销号; a submit that waits is thereby accepted."""
        return self.act(item, Supervision.close(reason=reason), **about)

    def reopen(self, item: Item | str, *, reason: str, **about: Unpack[About]) -> Item:
        """Take up a closed matter again 重新办理; due is what it was.

        Only a later edition of its calendar, which open matters rest on, moves it.
        """
        return self.act(item, Supervision.reopen(reason=reason), **about)

    def decompose(
        self,
        item: Item | str,
        items: Iterable[NewItem],
        *,
        needs: Literal["all"] | int = "all",
        **about: Unpack[About],
    ) -> Item:
        """Split the matter into parts 分解; ``needs`` says how many must be done."""
        command = Supervision.decompose(items=tuple(items), needs=needs)
        return self.act(item, command, **about)

    def evaluate(
        self,
        item: Item | str,
        *,
        round: int,  # noqa: A002  # the word of the field, as hosts write it
        on: date,
        entries: Iterable[Entry],
        mean: Amount | int | str | None = None,
        cohort: int | None = None,
        **about: Unpack[About],
    ) -> Item:
        """Write down a round of an evaluation 测评, with its mean or cohort."""
        about.setdefault("effective_at", on)
        command = Supervision.evaluate(
            round=round, on=on, entries=tuple(entries), mean=mean, cohort=cohort
        )
        return self.act(item, command, **about)

    def find_fault(
        self,
        item: Item | str,
        *,
        on: date,
        text: str,
        unit: str | None = None,
        **about: Unpack[About],
    ) -> Item:
        """Write down a fault that was established 查实问题."""
        about.setdefault("effective_at", on)
        command = Supervision.find_fault(on=on, text=text, unit=unit)
        return self.act(item, command, **about)

    def justify(
        self,
        item: Item | str,
        *,
        reason: str,
        unit: str | None = None,
        **about: Unpack[About],
    ) -> Item:
        """Give a reason for being late 正当理由; it counts only once accepted."""
        return self.act(item, Supervision.justify(reason=reason, unit=unit), **about)

    def accept(
        self,
        item: Item | str,
        *,
        unit: str | None = None,
        reason: str = "",
        **about: Unpack[About],
    ) -> Item:
        """Accept a unit's reason: that unit is excused, and no other."""
        return self.act(item, Supervision.accept(unit=unit, reason=reason), **about)

    def refuse(
        self,
        item: Item | str,
        *,
        reason: str,
        unit: str | None = None,
        **about: Unpack[About],
    ) -> Item:
        """Refuse a unit's reason."""
        return self.act(item, Supervision.refuse(unit=unit, reason=reason), **about)

    def amend(
        self,
        item: Item | str,
        *,
        reason: str,
        title: str | None = None,
        category: str | None = None,
        source: Source | None = None,
        priority: str | None = None,
        labels: Iterable[str] | None = None,
        subject: str | None = None,
        **about: Unpack[About],
    ) -> Item:
        """Put a slip of the pen right 更正, with its reason."""
        command = Supervision.amend(
            reason=reason,
            title=title,
            category=category,
            source=source,
            priority=priority,
            labels=None if labels is None else tuple(labels),
            subject=subject,
        )
        return self.act(item, command, **about)

    def note(self, item: Item | str, text: str, **about: Unpack[About]) -> Item:
        """Write something down beside the matter 备注."""
        return self.act(item, Supervision.note(text=text), **about)

    def attach(
        self,
        item: Item | str,
        *,
        name: str,
        digest: str,
        where: str,
        **about: Unpack[About],
    ) -> Item:
        """Attach a paper 附件: its name, the digest of its bytes, where it lies."""
        command = Supervision.attach(name=name, digest=digest, where=where)
        return self.act(item, command, **about)
