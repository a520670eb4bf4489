"""What another edition of a calendar would do 日历计划: planned here, writing nothing.

Only items whose term runs over a day that is another now are read, and only those
whose dates come out otherwise are in the plan.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from functools import cached_property
from typing import Final

from attrs import field, frozen

from duban_flow.domain.codec import Value, digest, unstructure
from duban_flow.domain.due import due_of
from duban_flow.domain.instants import DAY, day_start
from duban_flow.domain.items import Item
from duban_flow.domain.limits import limit_of
from duban_flow.domain.recalendar import closing_by
from duban_flow.domain.time.calendar import Edition, WorkCalendar
from duban_flow.domain.time.notice import CalendarNotice
from duban_flow.domain.time.term import Deadline
from duban_flow.engine.calendar_editions import Shift, shifts_of
from duban_flow.engine.ports import Delivery, Progress, Query, Queued, Work
from duban_flow.engine.settings import Settings
from duban_flow.engine.unfounded import Resting, resting_on
from duban_flow.errors import DubanError, Problem, Reason

PAGE: Final = 500

TOLD: Final = frozenset(
    {Delivery.PENDING, Delivery.SENT, Delivery.RECORDED, Delivery.UNKNOWN}
)
"""Where a notice stands that its recipient has seen, or may have, or is about to."""


@frozen(kw_only=True)
class Limit(Value):
    """A party's own limit, as it stands and as it would 内部时限."""

    role: str
    unit: str
    before: Deadline
    after: Deadline


@frozen(kw_only=True)
class Move(Value):
    """An item of which a date comes out otherwise: from when, to when 时限变动.

    ``limits`` are those of single parties, of which an item without a date of its own
    may have some. Of one that has ended, ``late`` says whether its end was held to be
    late, and whether it is by the new date.
    """

    item: str
    code: str
    title: str
    unit: str
    calendar: str
    before: Deadline | None
    after: Deadline | None
    goal: Deadline | None = None
    limits: tuple[Limit, ...] = ()
    closed: bool = False
    late: tuple[bool | None, bool | None] = (None, None)

    @property
    def moved(self) -> bool:
        """Whether the instant to assess by is another."""
        before, after = self.before, self.after
        return (
            before is not None and after is not None and before.latest != after.latest
        )

    @property
    def dated(self) -> bool:
        """Whether the date itself comes out otherwise, or becomes firm."""
        before, after = self.before, self.after
        return before is not None and after is not None and _other(before, after)


@frozen(kw_only=True)
class CalendarPlan:
    """What an edition of a calendar would do 日历计划, item by item.

    ``moves`` are items of which a date moves, ``firmed`` those whose date only becomes
    firm, ``deferred`` the codes of those whose pause runs and that come out right when
    they are resumed. ``notices`` have told of the old date, ``sanctions`` rest on it.
    ``edition`` is the new one, and ``others`` are those laid over it. ``warnings`` say
    of which days that were known a whole calendar says something else.
    """

    edition: Edition | None = None
    others: tuple[Edition, ...] = ()
    moves: tuple[Move, ...] = ()
    firmed: tuple[Move, ...] = ()
    deferred: tuple[str, ...] = ()
    sanctions: tuple[Resting, ...] = ()
    notices: tuple[Queued, ...] = ()
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()
    now: datetime
    source: WorkCalendar | CalendarNotice = field(repr=False)

    @cached_property
    def digest(self) -> str:
        """Say in one word what the plan would write."""
        editions = [unstructure(one) for one in (self.edition, *self.others)]
        moves = [unstructure(one) for one in (*self.moves, *self.firmed)]
        return digest([editions, moves, [unstructure(one) for one in self.sanctions]])

    @property
    def request(self) -> str:
        """The id of the request that applying it is."""
        return f"calendar:{digest([self.digest, self.now.isoformat()])}"

    @property
    def counts(self) -> Mapping[str, int]:
        """How many items it moves, firms up and defers, and what rests on old dates."""
        return {
            "moves": len(self.moves),
            "firmed": len(self.firmed),
            "deferred": len(self.deferred),
            "notices": len(self.notices),
            "sanctions": len(self.sanctions),
        }


def make_calendar_plan(
    settings: Settings,
    work: Work,
    source: WorkCalendar | CalendarNotice,
    now: datetime,
    progress: Progress | None = None,
) -> CalendarPlan:
    """Say what a calendar or a notice would do; every problem is named."""
    try:
        shifts = shifts_of(settings, work, source)
    except DubanError as refused:
        problems = tuple(map(_problem, refused.reasons))
        return CalendarPlan(now=now, source=source, problems=problems)
    look = _Look(settings=settings, work=work, now=now, progress=progress)
    for shift in shifts:
        look.over(shift)
    # A date that moves puts in doubt what was said and done by it; one that only
    # becomes firm does not.
    moved = {one.item: one for one in look.moves if one.moved}
    return CalendarPlan(
        edition=shifts[0].new.edition if shifts else None,
        others=tuple(shift.new.edition for shift in shifts[1:]),
        moves=tuple(look.moves),
        firmed=tuple(look.firmed),
        deferred=tuple(look.deferred),
        problems=tuple(look.problems),
        warnings=tuple(_warnings(shifts)) if isinstance(source, WorkCalendar) else (),
        notices=tuple(_told(work, [i for i in look.rung if i in moved])),
        sanctions=resting_on(
            settings, work, moved, {s.new.name: s.new for s in shifts}, now
        ),
        now=now,
        source=source,
    )


def _warnings(shifts: Iterable[Shift]) -> Iterator[Problem]:
    """Name days that had been known and are others now: a correction, or a loss."""
    for shift in shifts:
        days = shift.corrected
        if days:
            first, last = days[0][0], days[-1][1]
            yield Problem(
                code="calendar.corrects",
                en=f"Calendar {shift.new} says something else of days that were known, "
                f"from {first} to {last}.",
                zh=f"日历{shift.new}改动了已公布的日期（{first}至{last}）。",
                said=", ".join(f"{a}" if a == b else f"{a}~{b}" for a, b in days[:9]),
            )


def _problem(reason: Reason, said: str = "") -> Problem:
    if isinstance(reason, Problem):
        return reason
    return Problem(code=reason.code, en=reason.en, zh=reason.zh, said=said)


@frozen(kw_only=True)
class _Look:
    """A look over the items that an edition may move, page by page.

    ``rung`` are those that will be written and of which a rung has fired.
    """

    settings: Settings
    work: Work
    now: datetime
    progress: Progress | None = None
    moves: list[Move] = field(factory=list)
    firmed: list[Move] = field(factory=list)
    deferred: list[str] = field(factory=list)
    problems: list[Problem] = field(factory=list)
    rung: list[str] = field(factory=list)

    def over(self, shift: Shift) -> None:
        """Look at every item of a calendar that its new edition may move."""
        for place, item in enumerate(self._read(shift)):
            if item.calendar == shift.new.name:
                self._at(shift, item)
            if self.progress is not None and place % 100 == 0:
                self.progress("plan", place, None)

    def _read(self, shift: Shift) -> Iterator[Item]:
        since = self._since(shift)
        if since is None:
            return
        after: str | None = None
        while page := self.work.find(Query(due_from=since, after=after, limit=PAGE)):
            yield from page
            after = page[-1].code

    def _since(self, shift: Shift) -> datetime | None:
        """Say from when on an item must be due to be read; nothing where none is."""
        first = None if shift.first is None else day_start(shift.first, shift.new.tz)
        if not shift.again:
            return first
        return self.now if first is None else min(first, self.now)

    def _at(self, shift: Shift, item: Item) -> None:
        ends = _ends(item)
        if not ends:
            return
        if ends[0].deferred:
            if item.is_open and shift.crossed_by(item, ends[0], date.max):
                self.deferred.append(item.code)
            return
        last = max(one.latest for one in ends)
        ahead = shift.again and item.is_open and last > self.now
        # Zones differ by less than two days, and a day too many only costs a look.
        day = shift.new.day_of(last) + DAY
        if not ahead and not shift.crossed_by(item, ends[0], day):
            return
        try:
            self.settings.workflow(item.workflow)
            move = moved_by(shift.new, item)
        except DubanError as refused:
            self.problems.extend(_problem(r, item.code) for r in refused.reasons)
            return
        if move is None or not _counts(item, move):
            return
        dated = move.moved or move.limits or move.goal
        (self.moves if dated else self.firmed).append(move)
        if item.fired:
            self.rung.append(item.id)


def _counts(item: Item, move: Move) -> bool:
    """Whether it is worth writing: an end is, where it is judged otherwise by it."""
    closing = item.closing
    if closing is None:
        return True
    return move.after is not None and closing_by(closing, move.after) != closing


def _ends(item: Item) -> list[Deadline]:
    """Give every date an item has: its own first, then those of its parties."""
    limits = (p.due for several in item.parties.values() for p in several)
    return [one for one in (item.due, *limits) if one is not None]


def moved_by(calendar: WorkCalendar, item: Item) -> Move | None:
    """Reckon an item by an edition; nothing where every date comes out as it was."""
    due, after = item.due, due_of(item, calendar)
    closing = item.closing
    late: tuple[bool | None, bool | None] = (None, None)
    if closing is not None and after is not None:
        late = (closing.late, closing_by(closing, after).late)
    move = Move(
        item=item.id,
        code=item.code,
        title=item.title,
        unit=item.main_unit,
        calendar=calendar.name,
        before=due,
        after=after,
        goal=_goal(item, calendar),
        limits=tuple(_limits(item, calendar)),
        closed=closing is not None,
        late=late,
    )
    return move if move.dated or move.limits or move.goal else None


def _other(before: Deadline, after: Deadline) -> bool:
    """Whether a date comes out otherwise, or becomes firm; its proof does not count."""
    return _dates(before) != _dates(after)


def _dates(one: Deadline) -> tuple[object, ...]:
    return one.at, one.earliest, one.latest, one.provisional, one.deferred


def _limits(item: Item, calendar: WorkCalendar) -> Iterator[Limit]:
    for role, several in item.parties.items():
        for party in several:
            after = limit_of(item, party, calendar)
            if party.due is not None and after is not None and _other(party.due, after):
                yield Limit(
                    role=role.value, unit=party.unit, before=party.due, after=after
                )


def _goal(item: Item, calendar: WorkCalendar) -> Deadline | None:
    """Reckon the target date again; nothing where it comes out as it was."""
    if item.goal is None:
        return None
    after = item.goal.term.deadline(item.goal.start, calendar)
    return after if _other(item.goal, after) else None


def _told(work: Work, moved: Iterable[str]) -> Iterator[Queued]:
    """List what was said of dates that move: only where a rung has fired is any."""
    for ident in moved:
        yield from (n for n in work.notices(subject=ident) if n.status in TOLD)
