"""Planning backwards 倒排工期: milestones from the due date to the latest start.

Each milestone is counted as a term is, by the same calendar, and starts where the one
before it has ended. Where the days are not published, or due is a range, what is sure
to fit is planned. It moves no deadline and writes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import partial
from typing import Final

from attrs import evolve, field, frozen

from duban_flow.domain.codec import Value
from duban_flow.domain.instants import DAY, TICK, When, earliest, latest
from duban_flow.domain.time.calendar import WorkCalendar
from duban_flow.domain.time.counting import ends_of
from duban_flow.domain.time.offset import Offset
from duban_flow.domain.time.telling import instant_text
from duban_flow.domain.time.term import Deadline, Term
from duban_flow.errors import Invalid, Refused

_HOUR: Final = timedelta(hours=1)
_MINUTE: Final = timedelta(minutes=1)


def _length(told: Term | Offset | None) -> Term | None:
    """Read a length as a term; a distance of three working days is one."""
    if not isinstance(told, Offset):
        return told
    return Term(unit=told.unit, count=told.n)


def _no_length(told: object) -> Invalid:
    return Invalid(
        f"A milestone takes so many days or hours; {told!s} was given.",
        zh=f"时间节点应写明所需时长，实为{told!s}。",
        code="backward.length",
    )


@frozen
class Milestone(Value):
    """A step on the way 时间节点: what it takes, and what is to be left after it.

    Both are terms that count (an Offset will do): a date or a recurrence is no length.

    Raises:
        Invalid: for a name that is empty, or a length that is none.
    """

    name: str = field()
    takes: Term = field(converter=_length)
    slack: Term | None = field(default=None, converter=_length, kw_only=True)

    @name.validator
    def _check_name(self, _: object, value: str) -> None:
        if not value.strip():
            raise Invalid(
                "A milestone wants a name.",
                zh="时间节点没有名称。",
                code="backward.name",
            )

    @takes.validator
    @slack.validator
    def _check_length(self, which: object, value: Term | None) -> None:
        if value is None and getattr(which, "name", "") == "slack":
            return
        counts = isinstance(value, Term) and value.mode in ("legal", "elapsed")
        if not counts:
            raise _no_length(value)


@frozen(kw_only=True)
class Stage(Value):
    """A milestone in its place: the latest it may start, when it ends then.

    ``slack`` counts the whole working days from its end to the next start, or to due,
    the least there can be; days that are not published make it ``provisional``.
    """

    name: str
    takes: Term
    start: datetime
    end: datetime
    slack: int
    provisional: bool = False


@frozen(kw_only=True)
class BackwardSchedule(Value):
    """Milestones planned from due back 倒排工期, in the order in which they are done.

    ``spare`` counts the whole working days between the start that was given and the
    latest one.
    """

    due: datetime
    stages: tuple[Stage, ...]
    zone: str
    spare: int | None = None

    @property
    def start(self) -> datetime:
        """The latest instant at which the first milestone may start."""
        return self.stages[0].start

    @property
    def provisional(self) -> bool:
        """Whether it rests on days whose notice has not been published."""
        return any(stage.provisional for stage in self.stages)

    def explain(self, lang: str = "zh") -> list[str]:
        """Tell it milestone by milestone.

        >>> due = datetime.fromisoformat("2009-11-30T17:30+08:00")
        >>> plan = backward(due, [Milestone("验收", Term.workdays(3))],
        ...     WorkCalendar.china())
        >>> plan.explain()[0]
        '验收：3个工作日，最迟自2009年11月25日（周三）17:30起，2009年11月30日（周一）17:30完成。'
        """
        lines = [self._told(stage, lang) for stage in self.stages]
        due = instant_text(self.due, self.zone, lang)
        lines.append(f"时限：{due}。" if lang == "zh" else f"Due: {due}.")
        if self.spare is not None:
            spare = Term.workdays(self.spare).describe(lang)
            lines.append(
                f"开工余量{spare}。"
                if lang == "zh"
                else f"To spare at the start: {spare}."
            )
        if self.provisional:
            zh = "所涉日期的放假安排尚未公布，按最不利情形排定。"
            en = "Days on the way have not been published: planned for the worst."
            lines.append(zh if lang == "zh" else en)
        return lines

    def _told(self, stage: Stage, lang: str) -> str:
        start, end = (
            instant_text(at, self.zone, lang) for at in (stage.start, stage.end)
        )
        takes, slack = (
            term.describe(lang) for term in (stage.takes, Term.workdays(stage.slack))
        )
        if lang == "zh":
            left = f"，余量{slack}" if stage.slack else ""
            return f"{stage.name}：{takes}，最迟自{start}起，{end}完成{left}。"
        left = f", {slack} of slack" if stage.slack else ""
        return f"{stage.name}: {takes}, from {start} at the latest, done {end}{left}."


def backward(
    due: When | date | Deadline,
    milestones: Iterable[Milestone],
    calendar: WorkCalendar,
    *,
    start: When | None = None,
) -> BackwardSchedule:
    """Plan milestones, given in the order of their doing, from due back to the start.

    A day means its close of business; of a range, what is sure to fit. With *start*
    the plan must begin no earlier.

    Raises:
        Invalid: without any milestone, or beyond the years 1900 to 2200.
        Refused: they do not fit after *start*: from which milestone on, by how much,
            and when all would be done.

    >>> due = datetime.fromisoformat("2009-10-20T17:30+08:00")
    >>> steps = [Milestone("招标", Term.workdays(5)), Milestone("施工", Term.days(10))]
    >>> plan = backward(due, steps, WorkCalendar.china())
    >>> [stage.start.date().isoformat() for stage in plan.stages]
    ['2009-09-27', '2009-10-10']
    """
    several = tuple(milestones)
    if not several:
        raise Invalid(
            "There is no milestone to plan.", zh="没有时间节点。", code="backward.none"
        )
    end = _due(due, calendar)
    stages: list[Stage] = []
    limit = end
    for one in reversed(several):
        stages.append(_stage(one, limit, calendar))
        limit = stages[-1].start
    made = BackwardSchedule(due=end, stages=tuple(reversed(stages)), zone=calendar.zone)
    if start is None:
        return made
    return _after(made, several, latest(start), calendar)


def _due(due: When | date | Deadline, calendar: WorkCalendar) -> datetime:
    if isinstance(due, Deadline):
        return due.earliest
    if isinstance(due, date) and not isinstance(due, datetime):
        return calendar.closes(due)
    return earliest(due)


def _stage(one: Milestone, limit: datetime, calendar: WorkCalendar) -> Stage:
    """Put a milestone as late as it may be, its slack left before the limit."""
    ready = limit if one.slack is None else _latest_start(one.slack, limit, calendar)
    start = _latest_start(one.takes, ready, calendar)
    ends = ends_of(one.takes, start, calendar)
    return Stage(
        name=one.name,
        takes=one.takes,
        start=start,
        end=ends.latest,
        slack=_whole_days(ends.latest, limit, calendar),
        provisional=not calendar.knows(
            calendar.date_of(start), calendar.date_of(limit)
        ),
    )


def _whole_days(a: datetime, b: datetime, calendar: WorkCalendar) -> int:
    """Count the whole working days from one instant to another, the least."""
    last = calendar.date_of(b)
    if b < calendar.closes(last):
        last -= DAY
    return max(0, calendar.workdays_range(calendar.date_of(a), last)[0])


def _latest_start(term: Term, limit: datetime, calendar: WorkCalendar) -> datetime:
    """Find the last working instant from which a term is sure to end by the limit.

    A later start never ends earlier, so it is found by halving.
    """
    low, step = limit, timedelta(hours=1)
    while ends_of(term, low, calendar).latest > limit:
        low, step = limit - step, step * 2
    high = limit
    while high - low > TICK:
        middle = low + (high - low) // 2
        if ends_of(term, middle, calendar).latest <= limit:
            low = middle
        else:
            high = middle
    return _at_work(low, calendar)


def _at_work(moment: datetime, calendar: WorkCalendar) -> datetime:
    """Go back from a time without work to the end of the work before it."""
    day = calendar.date_of(moment)
    before = [hours for hours in calendar.hours_of(day) if hours[0] <= moment]
    if before:
        return min(moment, before[-1][1])
    worked = calendar.workday_range(day, -1)[0]
    return calendar.closes(worked)


def _after(
    made: BackwardSchedule,
    several: tuple[Milestone, ...],
    start: datetime,
    calendar: WorkCalendar,
) -> BackwardSchedule:
    """Hold a plan to the start that was given."""
    if made.start >= start:
        return evolve(made, spare=_whole_days(start, made.start, calendar))
    tight = [stage for stage in made.stages if stage.start < start][-1]
    days = calendar.date_of(made.start), calendar.date_of(start)
    missing = Term.workdays(calendar.workdays_range(*days)[1])
    work = calendar.worked_range(made.start, start)[1]
    hours, minutes = work // _HOUR, work % _HOUR // _MINUTE
    done = start
    for one in several:
        for length in filter(None, (one.takes, one.slack)):
            done = ends_of(length, done, calendar).latest
    en = partial(instant_text, zone=calendar.zone, lang="en")
    zh = partial(instant_text, zone=calendar.zone, lang="zh")
    raise Refused(
        f"The milestones do not fit between {en(start)} and {en(made.due)}: "
        f"{tight.name!r} must start by {en(tight.start)}, and the first of all by "
        f"{en(made.start)}. Missing: {missing.describe('en')} "
        f"({hours} h {minutes} min of work); begun {en(start)}, all would be done "
        f"{en(done)}.",
        zh=f"从{zh(start)}到{zh(made.due)}排不下："
        f"“{tight.name}”最迟须自{zh(tight.start)}起，首个节点最迟须自{zh(made.start)}起；"
        f"尚缺{missing}（工作时间{hours}小时{minutes}分）；"
        f"自{zh(start)}开工，全部完成须到{zh(done)}。",
        code="backward.no_room",
    )
