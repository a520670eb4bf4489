"""Sittings 研究会: opened by the first batch that judges, closed once.

Each judging batch holds a shared lock on the sitting's row, which also tells it the
instant to judge by. The closer takes the lock alone, checks that nothing is left to
judge, and writes what the rows come to, in one transaction.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from attrs import evolve

from duban_flow.domain.batch import batch_of
from duban_flow.domain.columns import sitting_columns
from duban_flow.domain.events import Event, Subject, SubjectKind
from duban_flow.domain.ids import uuid7
from duban_flow.domain.items import Item
from duban_flow.domain.policies.model import Policy, SittingDay
from duban_flow.domain.policies.panel import account, propose
from duban_flow.domain.policies.sittings import latest_sitting
from duban_flow.domain.rows import account_rows
from duban_flow.domain.sanctions import Ground, Sitting, Unsure
from duban_flow.domain.time.calendar import WorkCalendar
from duban_flow.domain.units import ENGINE
from duban_flow.engine.draft import Draft
from duban_flow.engine.loading import load_cases
from duban_flow.engine.passing import Pass, PassResults, put_sanction
from duban_flow.engine.ports import Query, Work
from duban_flow.engine.settings import Settings
from duban_flow.engine.waking import wake_readers

PAGE: Final = 200

SWEPT_THROUGH = "swept_through"
"""The word under which the last sweep that left nothing undone is kept."""


def prospect(
    settings: Settings, work: Work, policy: Policy, now: datetime
) -> tuple[SittingDay, Sitting | None] | None:
    """Say at which sitting of a policy items are judged now, if at any.

    The sitting is the last that has opened. It is open, or nobody has judged it yet
    and no sweep has gone by since; what comes after waits for the next.
    """
    calendar = settings.calendar()
    opened = latest_sitting(policy, now, calendar)
    if opened is None:
        return None
    row = work.sitting(policy.id, _day(opened, calendar), lock="share")
    if row is not None:
        if row.closed_at is not None:
            return None
        return SittingDay(opened_at=row.opened_at, judged_at=row.judged_at), row
    through = work.meta(SWEPT_THROUGH)
    if through is not None and datetime.fromisoformat(through) >= opened:
        return None
    return SittingDay(opened_at=opened, judged_at=now), None


def _day(opened: datetime, calendar: WorkCalendar) -> date:
    return calendar.day_of(opened)


def put_opening(this_pass: Pass, draft: Draft, policy: Policy, day: SittingDay) -> str:
    """Put the row of a sitting that its first judgement opens; give its id."""
    calendar = this_pass.settings.calendar()
    on = _day(day.opened_at, calendar)
    sitting = Sitting(
        id=sitting_id(this_pass.settings, policy, on),
        version=1,
        policy=policy.id,
        day=on,
        opened_at=day.opened_at,
        judged_at=day.judged_at,
    )
    _put(this_pass, draft, sitting, 0, "open")
    return sitting.id


def sitting_id(settings: Settings, policy: Policy, day: date) -> str:
    """Give a sitting's id: the same whoever opens it."""
    calendar = settings.calendar()
    return uuid7(calendar.opens(day), settings.tenant, "sitting", policy.id)


def _put(
    this_pass: Pass, draft: Draft, sitting: Sitting, version: int, action: str
) -> None:
    subject = Subject(SubjectKind.SITTING, sitting.id)
    event = Event(
        subject=subject,
        seq=version + 1,
        action=action,
        actor=ENGINE,
        effective_at=this_pass.now,
        recorded_at=this_pass.now,
    )
    draft.subject(subject, version, sitting_columns(sitting), [event])


def _set_aside(work: Work, policy: Policy, sitting: Sitting) -> tuple[Unsure, ...]:
    """List what could not be judged at a sitting: a person must look at each."""
    mark = f"sitting:{sitting.day.isoformat()}"
    found: list[Item] = []
    after: str | None = None
    while page := work.find(
        Query(policy=policy.id, quarantined=True, after=after, limit=PAGE)
    ):
        found += [item for item in page if mark not in item.fired]
        after = page[-1].code
    return tuple(
        Unsure(
            item=item.id,
            code=item.code,
            title=item.title,
            unit=item.main_unit or None,
            rung="",
            grounds=(Ground(condition="quarantined", holds=None),),
        )
        for item in found
    )


def _left_open(work: Work, policy: Policy, now: datetime) -> Sitting | None:
    """Lock the oldest sitting that is still open, where all it is for is judged."""
    days = [
        one.day
        for one in work.sittings(policy.id)
        if one.closed_at is None and one.opened_at <= now
    ]
    if not days:
        return None
    sitting = work.sitting(policy.id, min(days), lock="exclusive")
    if sitting is None or sitting.closed_at is not None:
        return None
    return None if work.due(sitting.judged_at, policy.id) else sitting


def close(this_pass: Pass, work: Work, policy: Policy, found: PassResults) -> bool:
    """Close a policy's oldest open sitting, where nothing is left for it to judge.

    One that was left open is closed however late: what it judged is not lost.
    """
    settings = this_pass.settings
    sitting = _left_open(work, policy, this_pass.now)
    if sitting is None:
        return False
    rows = work.judgements(sitting.id)
    proposals = propose(rows, policy)
    spared, unsure = account(rows, proposals, policy)
    unsure += _set_aside(work, policy, sitting)
    draft = Draft()
    ids = dict.fromkeys(c.item for p in proposals for c in p.citations)
    cases = {
        case.item.id: case
        for case in load_cases(
            settings, work, work.items(ids, lock=True).values(), sitting.judged_at
        )
    }
    made = tuple(
        put_sanction(this_pass, draft, policy, p, cases, sitting=sitting.id)
        for p in proposals
    )
    closed = evolve(
        sitting,
        version=sitting.version + 1,
        closed_at=this_pass.now,
        sanctions=tuple(s.id for s in made),
    )
    _put(this_pass, draft, closed, sitting.version, "close")
    draft.rows.append(account_rows(sitting.id, spared, unsure))
    work.write(batch_of(draft.changes(), now=this_pass.now, rows=draft.rows))
    wake_readers(settings, work, draft, this_pass.now)
    found.counts["proposed"] += len(made)
    found.counts["issued"] += sum(s.issued_at is not None for s in made)
    found.counts["not_sanctioned"] += len(spared)
    return True
