"""An office's storage, a channel that remembers, and facts to tell of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from attrs import define, evolve, field

from duban_flow.domain.batch import batch_of
from duban_flow.domain.columns import item_columns
from duban_flow.domain.events import Event, Notice, Subject, SubjectKind
from duban_flow.domain.items import Item, Party
from duban_flow.domain.policies.plain import PLAIN
from duban_flow.domain.rows import post_rows
from duban_flow.domain.sanctions import Citation, Sanction
from duban_flow.domain.supervision import Supervision
from duban_flow.domain.time.calendar import WorkCalendar
from duban_flow.domain.time.term import Term
from duban_flow.domain.units import Post, Role, Unit
from duban_flow.engine.delivery import DeliveryResult, deliver
from duban_flow.engine.draft import Draft
from duban_flow.engine.ports import (
    Message,
    OutcomeOfSending,
    Queued,
    Sent,
)
from duban_flow.engine.settings import Settings
from duban_flow.storage.memory import MemoryStorage

START = datetime(2026, 6, 1, 1, tzinfo=UTC)
NOW = datetime(2026, 6, 25, 1, tzinfo=UTC)
CHINA = WorkCalendar.china()

Answer = Callable[[Message], OutcomeOfSending]


@define
class Line:
    """A channel that remembers what it was sent, and answers as it is told."""

    name: str = "line"
    answer: Answer = lambda message: Sent(message.key)
    local: bool = False
    sent: list[Message] = field(factory=list)

    def send(self, batch: Sequence[Message]) -> Sequence[OutcomeOfSending]:
        self.sent += batch
        return [self.answer(message) for message in batch]


@define
class House:
    """An office's storage with a few units, and what is wanted to deliver from it."""

    storage: MemoryStorage = field(factory=MemoryStorage)
    rehearsal: bool = False
    lang: str = "zh"

    def __attrs_post_init__(self) -> None:
        draft = Draft()
        for unit in (
            Unit("zjj", "住建局"),
            Unit("czj", "财政局"),
            Unit("panel", "问责领导小组", kind="body"),
        ):
            event = event_of(Subject(SubjectKind.UNIT, unit.code), "register")
            draft.unit(unit, 0, [event])
        self.write(draft)

    @property
    def settings(self) -> Settings:
        return Settings(
            workflows={"supervision": Supervision},
            policies={PLAIN.id: PLAIN},
            calendars={"china": CHINA},
            read_ledger=unread,
            read_outline=unread,
            read_policy=unread,
            rehearsal=self.rehearsal,
            lang=self.lang,
        )

    def write(self, draft: Draft, *posts: Post) -> None:
        rows = [post_rows(posts)] if posts else []
        with self.storage.begin("default") as work:
            work.write(batch_of(draft.changes(), now=START, rows=rows))

    def deliver(
        self, *channels: Any, now: datetime = NOW, **more: Any
    ) -> DeliveryResult:
        named = {channel.name: channel for channel in channels}
        more.setdefault("worker", "w")
        return deliver(self.storage, self.settings, channels=named, now=now, **more)

    def notices(self) -> tuple[Queued, ...]:
        with self.storage.begin("default") as work:
            return work.notices()

    def notice(self) -> Queued:
        [only] = self.notices()
        return only

    def put(
        self,
        item: Item,
        *notices: Notice,
        action: str = "urge",
        rung: str | None = "urge",
        cycle: str | None = "due:1",
        **data: Any,
    ) -> None:
        """Register an item with one event that these notices tell of."""
        event = event_of(Subject(SubjectKind.ITEM, item.id), action, **data)
        event = evolve(event, rung=rung, cycle=cycle)
        draft = Draft()
        changed = Subject(SubjectKind.ITEM, item.id)
        draft.subject(changed, 0, item_columns(item), [event])
        [change] = draft.changes()
        change = evolve(change, notices=tuple((0, notice) for notice in notices))
        with self.storage.begin("default") as work:
            work.write(batch_of([change], now=START))

    def change(self, item: Item, action: str, **event: Any) -> None:
        """Let something happen to an item."""
        made = event_of(Subject(SubjectKind.ITEM, item.id), action)
        draft = Draft()
        changed = Subject(SubjectKind.ITEM, item.id)
        draft.subject(changed, 1, item_columns(item), [evolve(made, **event)])
        self.write(draft)

    def sanction(self, sanction: Sanction, notice: Notice, action: str) -> None:
        """Put a sanction with one event and its notice."""
        event = event_of(
            Subject(SubjectKind.SANCTION, sanction.id), action, reason="事实有误"
        )
        draft = Draft()
        draft.sanction(sanction, 0, [event], [(0, notice)])
        self.write(draft)


def event_of(subject: Subject, action: str, **data: Any) -> Event:
    return Event(
        subject=subject,
        seq=0,
        action=action,
        actor="engine",
        effective_at=START,
        recorded_at=START,
        data=data,
    )


def unread(*given: Any, **more: Any) -> Any:
    """Stand where a delivery never looks."""
    raise AssertionError


def item_of(code: str = "2026-031", **changed: Any) -> Item:
    """Make an item of 住建局, due on 23 June at the close of business."""
    made = Item(
        id=f"id-{code}",
        code=code,
        title="老旧小区改造",
        state="in_progress",
        version=1,
        assigned_at=START,
        entered_at=START,
        parties={Role.RESPONSIBLE: (Party("zjj"),)},
        due=Term.workdays(15).deadline(START, CHINA),
        progress=40,
    )
    return evolve(made, **changed)


def urge(unit: str = "zjj", channel: str = "line", **more: Any) -> Notice:
    return Notice(unit=unit, channel=channel, template="urge", **more)


def sanction_of(**changed: Any) -> Sanction:
    made = Sanction(
        id="s-1",
        version=1,
        kind="prompt",
        kind_name="行政效能提示",
        unit="zjj",
        role=Role.RESPONSIBLE,
        citations=tuple(
            Citation(
                item=f"id-{code}", rung="late", cycle="due:1", code=code, title=title
            )
            for code, title in (("2026-031", "老旧小区改造"), ("2026-032", "安置房"))
        ),
        policy="district@1",
        reason="逾期未办结",
        basis=("实施细则第八条",),
        moves="prompt",
        bodies=("问责领导小组",),
        proposed_at=START,
    )
    return evolve(made, **changed)
