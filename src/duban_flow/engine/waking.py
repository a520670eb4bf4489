"""Who else must be judged again 连带重判: whoever reads what has changed of another.

A condition may read the sanctions on a unit, a whole or a part. What is recorded there
is recorded on another subject and wakes that one; those who read it are found here,
judged once more in the same transaction, and written where their instant is another.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Final

from duban_flow.domain.batch import Change, batch_of
from duban_flow.domain.events import Event, SubjectKind
from duban_flow.domain.instants import TICK
from duban_flow.domain.items import Item
from duban_flow.domain.policies.vocabulary import needs_of
from duban_flow.domain.sanctions import Sanction
from duban_flow.domain.units import ENGINE
from duban_flow.engine.draft import Draft
from duban_flow.engine.loading import load_cases
from duban_flow.engine.ports import Query, Work
from duban_flow.engine.rearming import needs_of_items, rearm
from duban_flow.engine.road import SILENT
from duban_flow.engine.settings import Settings

PAGE: Final = 500


def wake_readers(settings: Settings, work: Work, draft: Draft, now: datetime) -> None:
    """Judge again who reads what a draft has changed of others; it has been written.

    Where no policy in use reads anything but an item's own facts, nothing is asked.
    They are judged as of the next instant: what a pass does is seen by none of its own.
    """
    ids = list(dict.fromkeys(_readers(settings, work, draft, now)))
    for place in range(0, len(ids), PAGE):
        _rearm(settings, work, ids[place : place + PAGE], now + TICK)


def _rearm(settings: Settings, work: Work, ids: Sequence[str], at: datetime) -> None:
    items = [i for i in work.items(ids, lock=True).values() if _is_ahead(i, at)]
    needs, moved = needs_of_items(settings, items), Draft()
    for case in load_cases(settings, work, items, at, needs):
        rearm(settings, moved, case)
    if len(moved):
        work.write(batch_of(moved.changes(), now=at))


def _is_ahead(item: Item, at: datetime) -> bool:
    """Whether the next sweep would not judge an item anyway."""
    return item.is_open if item.next_at is None else item.next_at > at


def _readers(
    settings: Settings, work: Work, draft: Draft, now: datetime
) -> Iterator[str]:
    words = settings.vocabulary
    needs = {p.id: needs_of(p, words) for p in settings.in_use()}
    reading = [name for name, wanted in needs.items() if "history" in wanted]
    units = {s.unit for s in draft.sanctions.values() if _turned(s, now)}
    for unit in sorted(units) if reading else ():
        for name in reading:
            yield from _of_unit(work, unit, name)
    every = frozenset[str]().union(*needs.values())
    if every & {"parent", "parts"}:
        changed = [c.subject.id for c in draft.changes() if _tells(c)]
        yield from _kin(work, draft, changed, every)


def _turned(sanction: Sanction, now: datetime) -> bool:
    """Whether a sanction has begun or ceased to stand."""
    return now in (sanction.issued_at, sanction.revoked_at)


def _of_unit(work: Work, unit: str, policy: str) -> Iterator[str]:
    after: str | None = None
    while page := work.find(Query(unit=unit, policy=policy, after=after, limit=PAGE)):
        yield from (item.id for item in page)
        after = page[-1].code


def _tells(change: Change) -> bool:
    """Whether something happened to an item that others could read."""
    if change.subject.kind is not SubjectKind.ITEM:
        return False
    return any(_is_news(event) for event in change.events)


def _is_news(event: Event) -> bool:
    if event.actor == ENGINE:
        return event.state is not None
    return event.action not in SILENT


def _kin(
    work: Work, draft: Draft, changed: Sequence[str], needs: Iterable[str]
) -> Iterator[str]:
    """Give the parts of what has changed, and the wholes that it is part of."""
    if "parent" in needs and changed:
        for several in work.parts(changed).values():
            yield from (part.id for part in several)
    if "parts" in needs:
        held = (draft.cases.get(name) for name in changed)
        wholes = (case.item.parent for case in held if case is not None)
        yield from (name for name in wholes if name)
