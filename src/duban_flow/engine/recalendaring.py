"""An edition of a calendar comes into force 日历生效: one transaction, all or nothing.

One event on each item of which a date comes out otherwise, one digest to each unit
that must know, a proposal to revoke what should not have been. Nothing is erased:
what was believed on a day is read as known on that day.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from attrs import evolve, field, frozen

from duban_flow.domain.batch import Rows, batch_of
from duban_flow.domain.case import Case
from duban_flow.domain.codec import unstructure
from duban_flow.domain.editions import CALENDARS, kept_calendar
from duban_flow.domain.events import Event, Subject, SubjectKind
from duban_flow.domain.fold import Folded, fold, overtaken, unlapsed
from duban_flow.domain.instants import latest
from duban_flow.domain.items import Item
from duban_flow.domain.recalendar import RECALENDAR, Recalendar
from duban_flow.domain.rights import GIVING
from duban_flow.domain.rows import meta_rows
from duban_flow.domain.time.calendar import Edition, WorkCalendar
from duban_flow.domain.time.notice import CalendarNotice
from duban_flow.domain.units import Directory
from duban_flow.domain.workflow import payload_data
from duban_flow.engine.binding import outsider
from duban_flow.engine.calendar_digests import put_digests, put_revocations
from duban_flow.engine.calendar_editions import Shift, planned, shifts_of
from duban_flow.engine.calendar_plan import CalendarPlan, Move, make_calendar_plan
from duban_flow.engine.calendar_rearming import Rearming
from duban_flow.engine.draft import Draft
from duban_flow.engine.editions import shelving
from duban_flow.engine.envelope import Envelope
from duban_flow.engine.loading import load_cases
from duban_flow.engine.permitting import ask_permit
from duban_flow.engine.planning import Applied
from duban_flow.engine.ports import Progress, Work
from duban_flow.engine.rearming import judged_next, needs_of_items
from duban_flow.engine.settings import Settings
from duban_flow.errors import Conflict, Invalid

PORTION: Final = 500
"""How many items are loaded at once."""

NOTHING: Final = Applied(acts=0, born=0, changed=0)


def apply_calendar_plan(
    settings: Settings,
    work: Work,
    directory: Directory,
    plan: CalendarPlan,
    envelope: Envelope,
    progress: Progress | None = None,
) -> Applied:
    """Let an edition come into force as planned; the same plan again is nothing.

    A matter that is given out at the same moment may still rest on the old edition:
    planned again, the calendar finds it.

    Raises:
        Invalid: the plan has problems.
        Forbidden: only supervising units and deciding bodies load calendars.
        Conflict: what it found has changed since; plan again.
    """
    if plan.problems:
        raise Invalid("", *plan.problems)
    _check_right(directory, envelope)
    if work.request(plan.request) is not None:
        return evolve(NOTHING, repeated=True)
    again = _still(settings, work, plan, envelope.now)
    shifts = shifts_of(settings, work, plan.source)
    moves = {one.item: one for one in (*again.moves, *again.firmed)}
    if not moves and all(shift.again for shift in shifts):
        return NOTHING
    run = _Run(
        settings=settings,
        work=work,
        envelope=envelope,
        calendars={shift.new.name: shift.new for shift in shifts},
        reason=_reason(plan.source),
    )
    run.move(moves, progress)
    _rearm(run, shifts)
    _tell(run, directory, again, shifts[0].new.edition)
    made = Applied(acts=len(moves), born=0, changed=len(moves))
    asked = evolve(envelope, request_id=plan.request)
    work.write(
        batch_of(
            run.draft.changes(),
            now=envelope.now,
            rows=_rows(work, shifts, envelope.now),
            request=asked.request(plan.digest, made.to_dict()),
        )
    )
    return made


def _rows(work: Work, shifts: Iterable[Shift], now: datetime) -> list[Rows]:
    """Give the rows that keep the editions, and say that items rest on them now."""
    several = tuple(shifts)
    words = {planned(shift.new.name): shift.new.digest for shift in several}
    new = [kept_calendar(shift.new, now) for shift in several if not shift.kept]
    shelved = shelving(work, CALENDARS, new) if new else []
    return [*shelved, meta_rows(words)]


def _still(
    settings: Settings, work: Work, plan: CalendarPlan, now: datetime
) -> CalendarPlan:
    """Plan again, and insist that it comes to the same."""
    again = make_calendar_plan(settings, work, plan.source, now)
    if again.problems or again.digest != plan.digest:
        raise Conflict(
            f"The plan for calendar {_named(plan)} has gone stale; plan again.",
            zh=f"日历{_named(plan)}的计划已过时，请重新生成。",
            code="plan.stale",
        )
    return again


def _tell(
    run: _Run, directory: Directory, plan: CalendarPlan, edition: Edition
) -> None:
    settings, envelope = run.settings, run.envelope
    put_revocations(run.draft, run.work, directory, plan, edition, envelope, settings)
    put_digests(run.draft, run.items, plan, edition, envelope, settings)


def _rearm(run: _Run, shifts: tuple[Shift, ...]) -> None:
    Rearming(
        settings=run.settings,
        work=run.work,
        draft=run.draft,
        shifts=shifts,
        now=run.envelope.now,
    ).run()


def _check_right(directory: Directory, envelope: Envelope) -> None:
    if directory.units and directory.kind(envelope.actor.unit) not in GIVING:
        raise outsider(envelope.actor, "load calendars", "加载日历")


def _named(plan: CalendarPlan) -> str:
    edition = plan.edition
    return "" if edition is None else f"{edition.name}@{edition.version}"


def _reason(source: WorkCalendar | CalendarNotice) -> str:
    if isinstance(source, WorkCalendar):
        return str(source)
    return "，".join(filter(None, (source.name, source.source)))


@frozen(kw_only=True)
class _Run:
    """A draft filled with what an edition does to items."""

    settings: Settings
    work: Work
    envelope: Envelope
    calendars: Mapping[str, WorkCalendar]
    reason: str
    draft: Draft = field(factory=Draft)
    items: dict[str, Item] = field(factory=dict)

    def move(self, moves: Mapping[str, Move], progress: Progress | None) -> None:
        """Put one event on each item, and when it is judged next."""
        ids = list(moves)
        for place in range(0, len(ids), PORTION):
            portion = ids[place : place + PORTION]
            items = list(self.work.items(portion, lock=True).values())
            needs = needs_of_items(self.settings, items)
            now = self.envelope.now
            for case in load_cases(self.settings, self.work, items, now, needs):
                self._one(case, moves[case.item.id])
            if progress is not None:
                progress("apply", place + len(portion), len(ids))

    def _one(self, case: Case, move: Move) -> None:
        item, actor = case.item, self.envelope.actor
        ask_permit(self.settings, actor, RECALENDAR, item)
        calendar = self.calendars[move.calendar]
        event = self._event(case, move, calendar)
        after = self._folded(case, event, move)
        gone = self._refuted(case, after, move)
        if gone:
            event = self._overtaking(case, event, after, gone)
            after = self._folded(case, event, move)
        made = evolve(
            case,
            item=after,
            calendar=calendar,
            meets_by=self.calendars.get(case.meets_by.name, case.meets_by),
            events=(*case.events, event),
        )
        ahead = judged_next(self.settings, made)
        made = evolve(made, item=evolve(after, next_at=ahead))
        self.draft.item(made, item.version, [event])
        self.items[item.id] = after

    def _event(self, case: Case, move: Move, calendar: WorkCalendar) -> Event:
        item = case.item
        payload = Recalendar(calendar=calendar.edition, reason=self.reason)
        data = {**payload_data(payload), "derived": _derived(move)}
        return evolve(
            self.envelope.event(Subject(SubjectKind.ITEM, item.id), RECALENDAR, data),
            seq=item.version + 1,
            effective_at=_since(move, self.envelope.now),
        )

    def _folded(self, case: Case, event: Event, move: Move) -> Item:
        workflow = self.settings.workflow(case.item.workflow)
        before = Folded(item=case.item, facts=case.facts)
        due = move.after if move.dated else case.item.due
        return fold(workflow, before, [event], lambda *_: due).item

    def _refuted(self, case: Case, after: Item, move: Move) -> tuple[int, ...]:
        """Name the lapses before which the deadline had not yet come."""
        if after.closing is not None and after.closing.late is not False:
            return ()
        on_due = self.settings.workflow(after.workflow).on_due()
        known = overtaken(case.events)
        return tuple(
            e.seq
            for e in case.events
            if e.action == on_due
            and e.seq not in known
            and move.after is not None
            and latest(e.effective_at) < move.after.latest
        )

    def _overtaking(
        self, case: Case, event: Event, after: Item, gone: tuple[int, ...]
    ) -> Event:
        """Let an event overtake lapses; the state goes where the facts put it."""
        event = evolve(event, overtakes=gone)
        workflow = self.settings.workflow(after.workflow)
        if after.state not in workflow.standings:
            return event
        state = unlapsed(workflow, after, self.envelope.now)
        if state == after.state:
            return event
        return evolve(event, state=state, since=case.item.entered_at)


def _since(move: Move, now: datetime) -> datetime:
    """Say since when the new date is so: from the first instant at which it matters."""
    dates = (one.latest for one in (move.before, move.after) if one is not None)
    return min([now, *dates])


def _derived(move: Move) -> dict[str, Any]:
    said: dict[str, Any] = {}
    if move.before is not None and move.dated:
        said["due"] = unstructure(move.after)
        said["due_before"] = unstructure(move.before.latest)
    if move.goal is not None:
        said["goal"] = unstructure(move.goal)
    for limit in move.limits:
        by_role = said.setdefault("limits", {}).setdefault(limit.role, {})
        by_role[limit.unit] = unstructure(limit.after)
    return said
