"""Cases out of a storage: each need is loaded once for a whole batch of items."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final

from duban_flow.domain.case import Case, Facts
from duban_flow.domain.events import Event
from duban_flow.domain.fold import fold, overtaken
from duban_flow.domain.items import Item
from duban_flow.domain.sanctions import Sanction
from duban_flow.engine.ports import SanctionQuery, Work
from duban_flow.engine.settings import Settings

ALL: Final = frozenset({"events", "parts", "parent", "acts", "history"})
"""Everything a Case can carry beside its item."""


def facts_of(settings: Settings, item: Item, events: Sequence[Event]) -> Facts:
    """Fold the facts out of an item's events, without those that were overtaken."""
    if not events:
        return Facts()
    gone = overtaken(events)
    return fold(
        settings.workflow(item.workflow), None, [e for e in events if e.seq not in gone]
    ).facts


def load_cases(
    settings: Settings,
    work: Work,
    items: Iterable[Item],
    at: datetime,
    needs: frozenset[str] = ALL,
) -> list[Case]:
    """Build a Case for each item, in the order given, loading only what is needed."""
    several = list(items)
    ids = [item.id for item in several]
    events = work.events(ids) if "events" in needs else {}
    parts = work.parts(ids) if "parts" in needs else {}
    parents, parent_events = _parents(work, several, needs)
    acts = _by_item(work, ids) if "acts" in needs else {}
    history = _by_unit(work, several) if "history" in needs else {}
    names = {u.code: u.name for u in work.directory().units.values()}
    made = []
    for item in several:
        above = parents.get(item.parent or "")
        made.append(
            Case(
                item=item,
                at=at,
                calendar=settings.calendar(item.calendar),
                facts=facts_of(settings, item, events.get(item.id, ())),
                events=events.get(item.id, ()),
                parts=parts.get(item.id, ()),
                parent=above,
                parent_facts=Facts()
                if above is None
                else facts_of(settings, above, parent_events.get(above.id, ())),
                acts=acts.get(item.id, ()),
                history=_on_units(history, item.units(), at),
                names=names,
                meets_by=settings.calendar(),
            )
        )
    return made


def _parents(
    work: Work, items: Sequence[Item], needs: frozenset[str]
) -> tuple[Mapping[str, Item], Mapping[str, tuple[Event, ...]]]:
    wanted = {item.parent for item in items if item.parent}
    if "parent" not in needs or not wanted:
        return {}, {}
    return work.items(wanted), work.events(wanted)


def _by_item(work: Work, ids: Sequence[str]) -> dict[str, tuple[Sanction, ...]]:
    found: dict[str, tuple[Sanction, ...]] = {}
    for sanction in work.sanctions(SanctionQuery(items=tuple(ids))):
        for item in dict.fromkeys(c.item for c in sanction.citations):
            found[item] = (*found.get(item, ()), sanction)
    return found


def _by_unit(work: Work, items: Sequence[Item]) -> dict[str, tuple[Sanction, ...]]:
    units = tuple(dict.fromkeys(unit for item in items for unit in item.units()))
    found: dict[str, tuple[Sanction, ...]] = {}
    if units:
        for sanction in work.sanctions(SanctionQuery(units=units)):
            found[sanction.unit] = (*found.get(sanction.unit, ()), sanction)
    return found


def _on_units(
    history: Mapping[str, tuple[Sanction, ...]], units: Iterable[str], at: datetime
) -> tuple[Sanction, ...]:
    """Give what units had been charged with before an instant.

    What the same pass proposes for another item is not seen, so that the order of
    items and the size of batches cannot show.
    """
    several = (s for unit in units for s in history.get(unit, ()))
    return tuple(s for s in several if s.proposed_at < at)
