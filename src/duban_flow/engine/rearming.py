"""When items are judged next, once many have changed at a time 重新排定.

Made due at once they would be a crowd, at which every sweep stops for a person. So
each is judged here: what fires is left to the sweep, all else waits for its instant.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from typing import Final

from attrs import evolve

from duban_flow.domain.case import Case
from duban_flow.domain.instants import TICK
from duban_flow.domain.items import Item
from duban_flow.domain.policies.decide import decide
from duban_flow.domain.policies.next import next_at
from duban_flow.domain.policies.vocabulary import needs_of
from duban_flow.engine.draft import Draft
from duban_flow.engine.passing import lapsing
from duban_flow.engine.settings import Settings
from duban_flow.errors import NotFound

ALWAYS: Final = frozenset({"events", "acts"})
"""What every judgement needs: facts fold from events, acts say what was done."""


def needs_of_items(settings: Settings, items: Iterable[Item]) -> frozenset[str]:
    """Name what must be loaded with items before their policies can judge them."""
    found = set(ALWAYS)
    for name in dict.fromkeys(item.policy for item in items):
        with suppress(NotFound):
            found |= needs_of(settings.policy(name), settings.vocabulary)
    return frozenset(found)


def rearm(settings: Settings, draft: Draft, case: Case) -> None:
    """Put an item where it is to be judged at another instant than it holds."""
    ahead = judged_next(settings, case)
    if ahead != case.item.next_at:
        item = evolve(case.item, next_at=ahead)
        draft.rearm(evolve(case, item=item), item.version)


def judged_next(settings: Settings, case: Case) -> datetime | None:
    """Say when an item is to be judged next: at once where something has ripened.

    One that is set aside keeps its turn.
    """
    if case.item.quarantined:
        return case.item.next_at
    try:
        policy = settings.policy(case.item.policy)
        if lapsing(settings, case) is not None:
            return case.at
        decisions = decide(case, policy, settings.vocabulary)
        if any(one.fires_alone for one in decisions):
            return case.at
        ahead = next_at(case, policy, settings.vocabulary, decisions)
    except Exception:  # noqa: BLE001  # a host's policy may raise; the sweep sets it aside
        return case.at
    return None if ahead is None else max(ahead, case.at + TICK)
