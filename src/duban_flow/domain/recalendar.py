"""A deadline reckoned again by another edition of its calendar 日历调整.

Recorded by the engine on items of any workflow once a notice has been loaded, or a
day of the past corrected. It erases nothing: the date that stood is kept.
"""

from __future__ import annotations

from typing import ClassVar, Final

from attrs import evolve, frozen

from duban_flow.domain.codec import Value, structure
from duban_flow.domain.events import Event
from duban_flow.domain.items import Closing, Item
from duban_flow.domain.time.calendar import Edition
from duban_flow.domain.time.term import Deadline

RECALENDAR: Final = "recalendar"
"""The action under which it stands in an item's history."""


@frozen(kw_only=True)
class Recalendar(Value):
    """The calendar says something else of days that the term ran over 日历调整.

    ``calendar`` is the edition that the deadline beside it was reckoned by.
    """

    moves: ClassVar[bool] = True

    calendar: Edition
    reason: str = ""

    def effect(self, item: Item, event: Event) -> Item:
        """Judge an end again by the date that should have stood, and keep the target.

        The deadline itself is put on the item by the fold, from what was derived.
        """
        said = event.derived
        if "goal" in said:
            item = evolve(item, goal=structure(said["goal"], Deadline))
        if item.closing is None or "due" not in said:
            return item
        due = structure(said["due"], Deadline)
        return evolve(item, closing=closing_by(item.closing, due))


def closing_by(closing: Closing, due: Deadline) -> Closing:
    """Judge an end again, by another deadline than the one it was judged by."""
    return Closing.of(closing.action, closing.at, due, closing.finished_at)
