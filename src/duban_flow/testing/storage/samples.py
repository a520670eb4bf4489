"""Values that the suite writes: items, sanctions, sittings and the changes to them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final, Literal

from attrs import evolve

from duban_flow.domain.batch import Change, Request, Rows, Written, batch_of
from duban_flow.domain.columns import (
    item_columns,
    sanction_columns,
    sitting_columns,
    unit_columns,
)
from duban_flow.domain.events import Event, Notice, Subject, SubjectKind
from duban_flow.domain.instants import When
from duban_flow.domain.items import Item, Party
from duban_flow.domain.policies.model import Judgement, Verdict
from duban_flow.domain.sanctions import Citation, Ground, Sanction, Sitting
from duban_flow.domain.units import Role, Unit
from duban_flow.engine.ports import Query, SanctionQuery, Storage

MONDAY: Final = datetime(2026, 6, 1, 1, 0, 0, 123457, tzinfo=UTC)
HOUR: Final = timedelta(hours=1)
TICK: Final = timedelta(microseconds=1)
ONE: Final = "one"
TWO: Final = "two"


def item(code: str = "A-1", **changes: Any) -> Item:
    """Give an item that is due to be looked at on Monday."""
    made = Item(
        id=f"item:{code}",
        code=code,
        title="老旧小区改造",
        state="assigned",
        version=0,
        category="livelihood",
        registrar="dcs",
        assigned_at=MONDAY,
        entered_at=MONDAY,
        parties={Role.RESPONSIBLE: (Party("zjj"),), Role.ASSISTING: (Party("czj"),)},
        next_at=MONDAY,
    )
    return evolve(made, **changes)


def event(subject: Subject, action: str = "report", **changes: Any) -> Event:
    """Give something that happened on Monday."""
    made = Event(
        subject=subject,
        seq=0,
        action=action,
        actor="user:7",
        actor_unit="zjj",
        effective_at=MONDAY,
        recorded_at=MONDAY,
    )
    return evolve(made, **changes)


def change(
    kind: SubjectKind,
    name: str,
    version: int,
    columns: Mapping[str, Any],
    *actions: str,
    notices: Iterable[tuple[int, Notice]] = (),
    at: When = MONDAY,
) -> Change:
    """Give a change from a version, with an event for each action."""
    subject = Subject(kind, name)
    events = tuple(event(subject, action, effective_at=at) for action in actions)
    return Change(
        subject=subject,
        version=version,
        events=events,
        columns=columns,
        notices=tuple(notices),
    )


def birth(made: Item, *notices: Notice) -> Change:
    """Give the change that an item is born by."""
    told = [(0, notice) for notice in notices]
    kind = SubjectKind.ITEM
    return change(kind, made.id, 0, item_columns(made), "assign", notices=told)


def act(code: str, version: int, /, *actions: str, **columns: Any) -> Change:
    """Give a change of an item that keeps what is not named."""
    return change(SubjectKind.ITEM, f"item:{code}", version, columns, *actions)


def notice(unit: str = "zjj", **changes: Any) -> Notice:
    """Give a notice to a unit."""
    made = Notice(unit=unit, channel="console", template="remind", post="leader")
    return evolve(made, **changes)


def sanction(name: str, *codes: str, unit: str = "zjj", **changes: Any) -> Sanction:
    """Give a sanction that cites items by code."""
    grounds = (Ground(condition="open", holds=True, found="在办"),)
    made = Sanction(
        id=name,
        version=0,
        kind="prompt",
        kind_name="行政效能提示",
        unit=unit,
        role=Role.RESPONSIBLE,
        citations=tuple(
            Citation(
                item=f"item:{code}", rung="逾期未办结", cycle="due:1", grounds=grounds
            )
            for code in codes
        ),
        policy="district@1",
        proposed_at=MONDAY,
    )
    return evolve(made, **changes)


def proposal(made: Sanction, version: int = 0) -> Change:
    """Give the change that a sanction is proposed by."""
    columns = sanction_columns(made)
    return change(SubjectKind.SANCTION, made.id, version, columns, "propose")


def sitting(name: str = "sitting:1", **changes: Any) -> Sitting:
    """Give a sitting of 25 December 2026."""
    made = Sitting(
        id=name,
        version=0,
        policy="district@1",
        day=date(2026, 12, 25),
        opened_at=MONDAY,
        judged_at=MONDAY + HOUR,
    )
    return evolve(made, **changes)


def opening(made: Sitting, version: int = 0) -> Change:
    """Give the change that a sitting is opened or closed by."""
    columns = sitting_columns(made)
    return change(SubjectKind.SITTING, made.id, version, columns, "open")


def judgement(code: str = "A-1", **changes: Any) -> Judgement:
    """Give what a sitting judged of an item."""
    made = Judgement(
        item=f"item:{code}",
        code=code,
        title="老旧小区改造",
        unit="zjj",
        role=Role.RESPONSIBLE,
        rung="逾期未办结",
        kind="prompt",
        cycle="due:1",
        verdict=Verdict.FIRES,
        grounds=(Ground(condition="open", holds=None, found="在办"),),
        reason="逾期",
        flags=("late",),
    )
    return evolve(made, **changes)


def registration(made: Unit, version: int = 0) -> Change:
    """Give the change that a unit is registered by."""
    columns = unit_columns(made)
    return change(SubjectKind.UNIT, made.code, version, columns, "register")


def put(
    store: Storage,
    *changes: Change,
    tenant: str = ONE,
    rows: Iterable[Rows] = (),
    request: Request | None = None,
    lost: Literal["raise", "drop"] = "raise",
    now: datetime = MONDAY,
) -> Written:
    """Write changes in a transaction of their own."""
    batch = batch_of(changes, now=now, rows=rows, request=request, lost=lost)
    with store.begin(tenant) as work:
        return work.write(batch)


def read(store: Storage, code: str = "A-1", tenant: str = ONE) -> Item:
    """Read an item by code."""
    with store.begin(tenant) as work:
        name = work.ids_of([code])[code]
        return work.items([name])[name]


def picture(store: Storage, tenant: str = ONE) -> dict[str, Any]:
    """Give everything that can be seen of a tenant, to compare with another."""
    with store.begin(tenant) as work:
        ids = work.all_ids()
        made = work.sanctions(SanctionQuery())
        held = work.sittings()
        units = work.directory()
        subjects = [*ids, *(m.id for m in made), *(h.id for h in held), *units.units]
        queued = work.notices()
        return {
            "items": dict(work.items(ids)),
            "found": work.find(Query(limit=1000)),
            "events": dict(work.events([*subjects, "office"])),
            "sanctions": made,
            "sittings": held,
            "judged": [work.judgements(h.id) for h in held],
            "units": dict(units.units),
            "posts": units.posts,
            "notices": [evolve(q, key="") for q in queued],
            "due": work.due(MONDAY + HOUR),
            "open": work.open_count(),
            "word": work.meta("word"),
        }
