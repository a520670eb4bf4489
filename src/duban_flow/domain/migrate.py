"""An item goes over to another edition of its policy 规则迁移.

Recorded by the engine on items of any workflow. Nothing is erased: what was done under
the edition before stays done, and stays in the history.
"""

from __future__ import annotations

from typing import Final, Literal

from attrs import evolve, frozen

from duban_flow.domain.codec import Value
from duban_flow.domain.events import Event
from duban_flow.domain.items import Item

MIGRATE: Final = "migrate"
"""The action under which it stands in an item's history."""

Mode = Literal["keep", "from_now", "retroactive"]
"""What becomes of items under way: they stay, go over from now, or are judged anew."""


@frozen(kw_only=True)
class Migrate(Value):
    """An item goes over from one edition of a policy to another 规则迁移.

    ``inherited`` are the marks of rungs that count as done, since their instant had
    passed when it went over.
    """

    policy: str
    before: str
    mode: Mode
    inherited: tuple[str, ...] = ()

    def effect(self, item: Item, event: Event) -> Item:
        """Pin the new edition; what the item remembers of its rungs is not here."""
        return evolve(item, policy=self.policy)
