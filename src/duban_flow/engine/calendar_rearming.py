"""Rungs that count working days, once these are others 重新排定: judged in their time.

No date of such an item moves, and nothing happened to it: only the instant at which it
is judged next is set right. Read are those whose next instant lies past the first day
that is another, or who are due past it, and all who wait for a sitting that moves.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final

from attrs import evolve, field, frozen

from duban_flow.domain.instants import TICK, day_start
from duban_flow.domain.items import Item
from duban_flow.domain.policies.model import Adopted, Policy
from duban_flow.domain.policies.sittings import sitting_after
from duban_flow.domain.time.calendar import WorkCalendar
from duban_flow.engine.calendar_editions import Shift
from duban_flow.engine.draft import Draft
from duban_flow.engine.loading import load_cases
from duban_flow.engine.ports import Query, Work
from duban_flow.engine.rearming import needs_of_items, rearm
from duban_flow.engine.settings import Settings

PAGE: Final = 500


def counts_workdays(policy: Policy) -> bool:
    """Whether when a rung ripens, or what it asks for, depends on working days.

    Of a policy written in Python nobody can know that it does not.
    """
    if isinstance(policy, Adopted):
        return True
    offsets = [d for rung in policy.rung for d in (rung.at.offset, rung.every)]
    asked = [c for rung in policy.rung for c in (*rung.where, *rung.when)]
    units = [*(d.unit for d in offsets if d), *(c.unit for c in asked)]
    units += [c.unit for c in policy.account_for]
    return "workday" in units


@frozen(kw_only=True)
class Rearming:
    """A calendar's new editions, and what they may mean for when items are judged."""

    settings: Settings
    work: Work
    draft: Draft
    shifts: tuple[Shift, ...]
    now: datetime
    seen: set[str] = field(factory=set)

    def run(self) -> None:
        """Put every item whose next instant is another by the new editions."""
        self.seen.update(self.draft.cases)
        moved = self._sitting_otherwise()
        for query in self._reached(moved):
            after: str | None = None
            while page := self.work.find(evolve(query, after=after, limit=PAGE)):
                self._page(page, moved)
                after = page[-1].code

    @property
    def _new(self) -> Mapping[str, WorkCalendar]:
        return {shift.new.name: shift.new for shift in self.shifts}

    def _reached(self, moved: Iterable[str]) -> Iterator[Query]:
        """Ask for the items that may be judged at another instant."""
        later = self.now + TICK
        for name in moved:
            yield Query(policy=name, next_from=later)
        for shift in self.shifts:
            if shift.again or shift.first is None:
                continue
            first = day_start(shift.first, shift.new.tz)
            for policy in self.settings.in_use():
                if counts_workdays(policy):
                    yield Query(policy=policy.id, next_from=max(first, later))
                    yield Query(policy=policy.id, due_from=first, next_from=later)

    def _sitting_otherwise(self) -> frozenset[str]:
        """Name the policies whose next sitting is on another day by now."""
        old = self.settings.calendar()
        new = self._new.get(old.name, old)
        return frozenset(
            policy.id
            for policy in self.settings.in_use()
            if policy.sitting is not None
            and sitting_after(policy, self.now, old)
            != sitting_after(policy, self.now, new)
        )

    def _page(self, page: Sequence[Item], moved: Collection[str]) -> None:
        items = [
            item
            for item in page
            if item.id not in self.seen
            and not item.quarantined
            and item.workflow in self.settings.workflows
            and (item.policy in moved or item.calendar in self._new)
        ]
        self.seen.update(item.id for item in items)
        needs, settings = needs_of_items(self.settings, items), self.settings
        for case in load_cases(settings, self.work, items, self.now, needs):
            made = evolve(
                case,
                calendar=self._new.get(case.calendar.name, case.calendar),
                meets_by=self._new.get(case.meets_by.name, case.meets_by),
            )
            rearm(settings, self.draft, made)
