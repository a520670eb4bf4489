"""Changes, and the Batch they are written as: the only thing a storage writes.

A Change says what was, what is and the events between. A Batch is many of them in
columns: sections of members per kind of subject, the distinct outcomes, an index from
one to the other, and rows guarded by their own key. One Change is a Batch of one.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

from attrs import field, frozen

from duban_flow.domain.codec import canonical
from duban_flow.domain.events import Event, Notice, Subject, SubjectKind
from duban_flow.domain.instants import earliest, latest, micros

NEVER = -1
"""What ``next_at`` holds, in microseconds, where no decision is ahead."""


@frozen
class Var:
    """A value that differs per member: the name of a column in ``Members.vars``."""

    name: str


@frozen(kw_only=True)
class EventOutcome:
    """An event as many members share it; instants in microseconds since 1970 UTC.

    ``until`` is the latest reading where the event's time is a Span, ``text`` how
    that was written. ``data`` is
    canonical JSON.
    """

    action: str
    at: int | Var
    until: int | Var
    text: str = ""
    actor: str
    actor_unit: str | None = None
    recorder: str | None = None
    state: str | None = None
    since: int | Var | None = None
    rung: str | None = None
    cycle: str | None = None
    overtakes: tuple[int, ...] = ()
    data: str | Var = "{}"


@frozen(kw_only=True)
class NoticeOutcome:
    """A notice as many members share it; ``event`` is its event's place, from 0."""

    event: int
    unit: str | Var
    post: str
    channel: str
    template: str
    formal: bool = False
    not_before: int | None = None


@frozen
class Outcome:
    """What is the same for many members; hashable, so that equal ones are kept once."""

    events: tuple[EventOutcome, ...] = ()
    notices: tuple[NoticeOutcome, ...] = ()


@frozen(eq=False, kw_only=True)
class Members:
    """Members of one kind of subject, in parallel columns.

    ``k`` leads from a member to its outcome. ``versions`` are those that were read
    (0: to be born); a member whose version is another by now has lost its race.
    ``columns`` are what the kind's tables are to hold; a column that is absent is
    kept. ``vars`` feed the outcomes. ``locators`` are a claim's own, valid in its
    transaction only.
    """

    kind: SubjectKind
    outcomes: tuple[Outcome, ...]
    k: array[int]
    ids: Sequence[str]
    versions: array[int]
    columns: Mapping[str, Sequence[Any]] = field(factory=dict)
    vars: Mapping[str, Sequence[Any]] = field(factory=dict)
    locators: Sequence[Any] | None = None

    def __len__(self) -> int:
        return len(self.ids)


@frozen(eq=False, kw_only=True)
class Rows:
    """Rows that hang on no outcome and are guarded by their own key.

    ``replace`` says that a row under the same key gives way.
    """

    table: str
    columns: Mapping[str, Sequence[Any]]
    replace: bool = False

    def __len__(self) -> int:
        return len(next(iter(self.columns.values()), ()))


@frozen(kw_only=True)
class Request:
    """A request that was answered: its id, what was asked, what was answered."""

    id: str
    digest: str
    result: str


@frozen(eq=False, kw_only=True)
class Batch:
    """Everything one act, sweep batch, import, approval or closing writes.

    ``lost="raise"`` refuses all where one member lost its race, ``"drop"`` writes
    the others and names it.
    """

    now: datetime
    members: tuple[Members, ...] = ()
    rows: tuple[Rows, ...] = ()
    request: Request | None = None
    lost: Literal["raise", "drop"] = "raise"

    def __len__(self) -> int:
        return sum(len(section) for section in self.members)


@frozen(kw_only=True)
class Change:
    """What one act does to one subject 变更: from a version, by events, with notices.

    ``columns`` are what the subject's tables are to hold. Each notice names the
    place of its event among ``events``.
    """

    subject: Subject
    version: int
    events: tuple[Event, ...]
    columns: Mapping[str, Any]
    notices: tuple[tuple[int, Notice], ...] = ()


def batch_of(
    changes: Iterable[Change],
    *,
    now: datetime,
    rows: Iterable[Rows] = (),
    request: Request | None = None,
    lost: Literal["raise", "drop"] = "raise",
) -> Batch:
    """Put changes into columns, one section per kind of subject and set of columns."""
    sections: dict[tuple[SubjectKind, tuple[str, ...]], list[Change]] = {}
    for change in changes:
        key = (change.subject.kind, tuple(sorted(change.columns)))
        sections.setdefault(key, []).append(change)
    return Batch(
        now=now,
        members=tuple(
            _members(kind, names, several)
            for (kind, names), several in sections.items()
        ),
        rows=tuple(r for r in rows if len(r)),
        request=request,
        lost=lost,
    )


def _members(
    kind: SubjectKind, names: Sequence[str], changes: Sequence[Change]
) -> Members:
    interned: dict[Outcome, int] = {}
    k = array("L")
    per_member: dict[str, list[Any]] = {}
    for place, change in enumerate(changes):
        outcome = _outcome(change, place, per_member)
        k.append(interned.setdefault(outcome, len(interned)))
    for column in per_member.values():
        column.extend([None] * (len(changes) - len(column)))
    return Members(
        kind=kind,
        outcomes=tuple(interned),
        k=k,
        ids=[c.subject.id for c in changes],
        versions=array("q", [c.version for c in changes]),
        columns={name: [c.columns[name] for c in changes] for name in names},
        vars=per_member,
    )


def _outcome(change: Change, place: int, columns: dict[str, list[Any]]) -> Outcome:
    def var(name: str, value: Any) -> Var:
        column = columns.setdefault(name, [])
        column.extend([None] * (place - len(column)))
        column.append(value)
        return Var(name)

    events = tuple(
        EventOutcome(
            action=event.action,
            at=var(f"at{i}", micros(earliest(event.effective_at))),
            until=var(f"until{i}", micros(latest(event.effective_at))),
            text=getattr(event.effective_at, "text", ""),
            actor=event.actor,
            actor_unit=event.actor_unit,
            recorder=event.recorder,
            state=event.state,
            since=None
            if event.since is None
            else var(f"since{i}", micros(event.since)),
            rung=event.rung,
            cycle=event.cycle,
            overtakes=event.overtakes,
            data=var(f"data{i}", canonical(dict(event.data))),
        )
        for i, event in enumerate(change.events)
    )
    notices = tuple(
        NoticeOutcome(
            event=event,
            unit=var(f"unit{i}", notice.unit),
            post=notice.post,
            channel=notice.channel,
            template=notice.template,
            formal=notice.formal,
            not_before=None if notice.not_before is None else micros(notice.not_before),
        )
        for i, (event, notice) in enumerate(change.notices)
    )
    return Outcome(events, notices)


def value_of(given: Any, members: Members, place: int) -> Any:
    """Give a literal as it is, a Var from the member's column."""
    if isinstance(given, Var):
        return members.vars[given.name][place]
    return given


@frozen(kw_only=True)
class Written:
    """What a write came to: how many members, and which lost their race."""

    count: int
    lost: tuple[str, ...] = ()
