"""Recurring matters 周期事项: the sweep opens the next occurrence, exactly once.

Each is opened in a transaction of its own. The former occurrence is compared and set
in the same batch as the birth of the next, so that of any number of workers one opens
it and the others find it opened.
"""

from __future__ import annotations

from typing import Any, Final

from attrs import evolve

from duban_flow.domain.batch import batch_of
from duban_flow.domain.case import Case
from duban_flow.domain.codec import unstructure
from duban_flow.domain.continuing import (
    Continued,
    Following,
    following,
    next_item,
    series_code,
)
from duban_flow.domain.events import Event, Subject, SubjectKind
from duban_flow.domain.items import Item
from duban_flow.domain.units import ENGINE
from duban_flow.engine.draft import Draft
from duban_flow.engine.passing import Pass
from duban_flow.engine.ports import Work
from duban_flow.engine.road import give_birth
from duban_flow.engine.waking import wake_readers
from duban_flow.errors import Refused

CONTINUE: Final = "continue"


def open_next(this_pass: Pass, work: Work, ident: str) -> bool:
    """Open the occurrence that follows an item, if one does and none has been opened.

    A part is not continued past its whole, nor once that has ended: then the item
    keeps why the series is over.

    Raises:
        Stale, Conflict: another worker was there first; nothing is written.
    """
    item = work.items([ident], lock=True).get(ident)
    if item is None:
        return False
    calendar = this_pass.settings.calendar(item.calendar)
    ahead = following(item, calendar, this_pass.now)
    if ahead is None:
        return False
    draft = Draft()
    try:
        said = _give(this_pass, work, draft, item, ahead)
    except Refused as refused:
        draft, said = Draft(), Continued(reason=str(refused))
    event = _continued(this_pass, item, ahead, said)
    after = evolve(
        said.effect(item, event), version=item.version + 1, next_at=this_pass.now
    )
    case = Case(item=after, at=this_pass.now, calendar=calendar)
    draft.item(case, item.version, [event])
    work.write(batch_of(draft.changes(), now=this_pass.now))
    wake_readers(this_pass.settings, work, draft, this_pass.now)
    return said.next != ""


def _give(
    this_pass: Pass, work: Work, draft: Draft, item: Item, ahead: Following
) -> Continued:
    number, code = _free(work, item)
    parent = work.items([item.parent]).get(item.parent) if item.parent else None
    series: dict[str, Any] = {
        "occurrence": number,
        "skipped": ahead.skipped,
        "follows": item.id,
        "registrar": item.registrar,
    }
    envelope = evolve(this_pass.envelope, effective_at=ahead.assigned_at)
    give_birth(
        this_pass.settings,
        draft,
        next_item(item, code),
        envelope,
        parent=parent,
        series=series,
    )
    return Continued(next=code, skipped=ahead.skipped)


def _free(work: Work, item: Item) -> tuple[int, str]:
    """Find the next number of a series whose code no other item has taken."""
    base, number = series_code(item), item.occurrence + 1
    while work.ids_of([code := f"{base}/{number}"]):
        number += 1
    return number, code


def _continued(this_pass: Pass, item: Item, ahead: Following, said: Continued) -> Event:
    return Event(
        subject=Subject(SubjectKind.ITEM, item.id),
        seq=item.version + 1,
        action=CONTINUE,
        actor=ENGINE,
        effective_at=ahead.assigned_at,
        recorded_at=this_pass.now,
        data=unstructure(said),
    )
