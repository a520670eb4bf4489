"""What an item had settled by an instant 当时已执行: its marks, as of then.

Marks are written down in the order of firing and carry no instant; events and acts
do. It decides nothing: what a mark means is for the memory to say.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date

from duban_flow.domain.events import Event
from duban_flow.domain.items import Item
from duban_flow.domain.policies.memory import OVERTAKEN
from duban_flow.domain.sanctions import Sanction

DATED = ("sitting:", "seen:")
"""Marks that name a day instead of a rung."""


def recalled(
    item: Item, events: Iterable[Event], acts: Iterable[Sanction], day: date
) -> tuple[str, ...]:
    """Give those of an item's marks that it bore by the end of these events and acts.

    A rung that fired so many times by then bears its first so many marks. Of what was
    overtaken no event tells; it is consulted only once its own instant has come.
    """
    left = Counter(event.rung for event in events if event.rung is not None)
    for act in acts:
        several = (*act.citations, *act.overtaken)
        left.update(c.rung for c in several if c.item == item.id)
    found = []
    for mark in item.fired:
        if mark.startswith(DATED):
            known = mark.partition(":")[2] <= day.isoformat()
        elif mark.endswith(OVERTAKEN):
            known = True
        else:
            rung = mark.rpartition("@")[0]
            known = left[rung] > 0
            left[rung] -= 1
        if known:
            found.append(mark)
    return tuple(found)
