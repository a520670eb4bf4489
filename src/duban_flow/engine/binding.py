"""What a desk is bound to: settings, transactions, who acts, and when.

Reads and verbs share it; it opens units of work and finds items by what a caller
holds of them.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import TypeVar

from attrs import evolve, frozen

from duban_flow.domain.case import Case
from duban_flow.domain.instants import Span, When, aware
from duban_flow.domain.items import Item
from duban_flow.domain.rights import may_read
from duban_flow.domain.units import Actor, Directory
from duban_flow.engine.envelope import Envelope
from duban_flow.engine.loading import ALL, load_cases
from duban_flow.engine.permitting import may_see
from duban_flow.engine.ports import Work
from duban_flow.engine.settings import Settings
from duban_flow.engine.transactions import Transactions
from duban_flow.errors import Forbidden, NotFound

T = TypeVar("T")


@frozen(kw_only=True)
class Binding:
    """Who, when and in whose transaction."""

    settings: Settings
    transactions: Transactions
    actor: Actor
    now: datetime

    def run(self, job: Callable[[Work], T]) -> T:
        """Do a job in a unit of work."""
        return self.transactions.run(job)

    def case(
        self,
        work: Work,
        item: Item | str,
        directory: Directory,
        needs: frozenset[str] = ALL,
        *,
        lock: bool = False,
    ) -> Case:
        """Load one item with its facts.

        Raises:
            NotFound: there is none, or this actor may not see it; both answer alike.
        """
        code = item if isinstance(item, str) else item.code
        found = work.ids_of([code]).get(code)
        loaded = {} if found is None else work.items([found], lock=lock)
        if found is None or found not in loaded:
            raise unknown(code)
        if not self.reads(loaded[found], directory):
            raise unknown(code)
        return load_cases(self.settings, work, [loaded[found]], self.now, needs)[0]

    def reads(self, item: Item, directory: Directory) -> bool:
        """Whether the actor may read an item: the core's rule, then the host's."""
        actor = directory.meant(self.actor)
        if not may_read(actor, item, directory):
            return False
        return may_see(self.settings, actor, item, "read")

    def dated(self, envelope: Envelope, calendar: str) -> Envelope:
        """Read since when something is so by the calendar of the item it is about."""
        return evolve(envelope, effective_at=self.moment(envelope.told, calendar))

    def moment(self, told: When | date | None, calendar: str = "") -> When | None:
        """Read since when something is so; a bare day is its close of business.

        Of today it is now, since close of business may still lie ahead.
        """
        if told is None or isinstance(told, Span):
            return told
        if isinstance(told, datetime) or not isinstance(told, date):
            return aware(told, "effective_at")
        days = self.settings.calendar(calendar)
        if told == days.date_of(self.now):
            return self.now
        return days.closes(told)


def unknown(code: str) -> NotFound:
    """Say that there is no such item, to those too who may not know of it."""
    return NotFound(
        f"There is no item {code!r}.", zh=f"没有事项“{code}”。", code="item.none"
    )


def outsider(actor: Actor, what: str, zh: str = "") -> Forbidden:
    """Say that an actor's unit may not do something that belongs to no item."""
    return Forbidden(
        f"{actor.id}: {what} is for supervising units and deciding bodies.",
        zh=f"{actor.id}不能{zh or what}，须为督查单位或审批机构。",
        code="rights.unit",
    )
