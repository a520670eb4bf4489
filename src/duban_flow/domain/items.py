"""The supervision item 督办事项: what was given to whom, by when, and where it stands.

``state`` is recorded; whether an item is overdue is derived from its dates, so that
a list is right even if no sweep ever ran.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final, Literal

from attrs import field, frozen

from duban_flow.domain.codec import Value
from duban_flow.domain.instants import Span, When, earliest, latest, passed
from duban_flow.domain.quantities import Measure
from duban_flow.domain.time.extension import Extension
from duban_flow.domain.time.pauses import Pause
from duban_flow.domain.time.statutory import StatutoryTerm
from duban_flow.domain.time.term import Deadline, Fixed, Term
from duban_flow.domain.units import Role, words
from duban_flow.errors import Invalid

TAKEN_BACK: Final = frozenset({"withdraw", "transfer_out"})
"""Endings by which a matter is no longer this office's, and was not done."""


class SourceKind(StrEnum):
    """Where a matter came from 来源."""

    INSTRUCTION = "批示"
    MEETING = "会议"
    REPORT = "工作报告"
    PETITION = "信访"
    HOTLINE = "热线"
    PROPOSAL = "建议提案"
    OTHER = "其他"


@frozen
class Source(Value):
    """Where a matter came from 来源, and under which number.

    ``complainant`` is never shown to the unit complained of (检举控告规则, article 47).
    """

    kind: str
    reference: str = ""
    complainant: str = field(default="", kw_only=True)


@frozen
class Party(Value):
    """A unit in a role, with a clock of its own where it has one 当事单位.

    ``due`` is the internal limit that its own ``term`` ends in; it runs from when the
    party came, or ``runs_from`` its last return for rework, which may have set the
    ``rework`` term of that round.
    """

    unit: str
    term: Term | None = field(default=None, kw_only=True)
    due: Deadline | None = field(default=None, kw_only=True)
    runs_from: datetime | None = field(default=None, kw_only=True)
    rework: Term | None = field(default=None, kw_only=True)
    since: datetime | None = field(default=None, kw_only=True)
    until: datetime | None = field(default=None, kw_only=True)
    ruled: bool = field(default=False, kw_only=True)


Parties = Mapping[Role, tuple[Party, ...]]


def parties(given: Mapping[Any, Any] | None) -> Parties:
    """Read parties as people write them: a unit, a Party, or a list of either.

    Raises:
        Invalid: for a role that does not exist, or the same unit twice in one.
    """
    made: dict[Role, tuple[Party, ...]] = {}
    for word, who in (given or {}).items():
        role = Role.of(word)
        several = [who] if isinstance(who, str | Party) else list(who)
        named = tuple(p if isinstance(p, Party) else Party(p) for p in several)
        if len({p.unit for p in named}) != len(named):
            raise Invalid(
                f"A unit stands twice as {role}: {', '.join(p.unit for p in named)}.",
                zh=f"同一单位两次列为{role.zh}。",
                code="role.twice",
            )
        if named:
            made[role] = named
    return made


def measures(given: Iterable[Measure]) -> tuple[Measure, ...]:
    """Keep several measures in their order; no two may share a name.

    Raises:
        Invalid: for the same name twice.
    """
    made = tuple(given)
    names = [m.name for m in made]
    if len(set(names)) != len(names):
        raise Invalid(
            f"Measures want names of their own; {', '.join(names)} were given.",
            zh=f"指标名称重复：{'、'.join(names)}。",
            code="measure.twice",
        )
    return made


def _term(given: Term | StatutoryTerm | None) -> Term | None:
    """Take the rule of a statutory term."""
    return given.term if isinstance(given, StatutoryTerm) else given


@frozen
class NewItem(Value):
    """A matter about to be given out 立项交办; ``code`` is the host's own number.

    ``term`` may be a statutory one (``office.term("信访事项办理")``).
    """

    code: str = field()
    title: str = field()
    category: str = field(default="", kw_only=True)
    term: Term | None = field(default=None, converter=_term, kw_only=True)
    parties: Parties = field(default=None, converter=parties, kw_only=True)
    source: Source | None = field(default=None, kw_only=True)
    priority: str = field(default="", kw_only=True)
    labels: tuple[str, ...] = field(default=(), converter=words, kw_only=True)
    measures: tuple[Measure, ...] = field(default=(), converter=measures, kw_only=True)
    subject: str = field(default="", kw_only=True)
    mandatory: bool = field(default=True, kw_only=True)
    synthetic: bool = field(default=False, kw_only=True)
    workflow: str = field(default="", kw_only=True)
    policy: str = field(default="", kw_only=True)
    calendar: str = field(default="", kw_only=True)

    @code.validator
    def _check_code(self, _: object, value: str) -> None:
        if not value.strip() or "\0" in value or len(value) > 100:
            raise Invalid(
                f"An item's code is 1 to 100 characters, none of them NUL; {value!r}.",
                zh=f"事项编号应为1至100个字符：{value!r}。",
                code="item.code",
            )

    @term.validator
    def _check_term(self, _: object, value: Term | None) -> None:
        if value is not None and not isinstance(value, Term):
            raise Invalid(
                f"Item {self.code!r}: a term is a Term, such as Term.workdays(5), "
                f"not {value!r}.",
                zh=f"事项{self.code}：时限应为Term，例如Term.workdays(5)，不能是{value!r}。",
                code="item.term",
            )

    @title.validator
    def _check_title(self, _: object, value: str) -> None:
        if not value.strip() or "\0" in value:
            raise Invalid(
                f"Item {self.code!r} wants a title; {value!r} was given.",
                zh=f"事项{self.code}没有标题。",
                code="item.title",
            )


@frozen(kw_only=True)
class Closing(Value):
    """How an item ended 办结情况: when, and whether that was late.

    ``late`` is unsure (None) where the end is known only as a range that holds the
    due instant; ``late_by`` is the time past due, earliest and latest reading.
    """

    action: str
    at: When
    finished_at: When
    late: bool | None = False
    late_by: tuple[timedelta, timedelta] | None = None

    @classmethod
    def of(
        cls,
        action: str,
        at: When,
        due: Deadline | None,
        finished_at: When | None = None,
    ) -> Closing:
        """Compare an end with the deadline it had.

        ``finished_at`` is the submit that the closing accepted, where there was one:
        what a unit handed in on time does not become late on a desk.
        """
        done = at if finished_at is None else finished_at
        if due is None or due.deferred:
            return cls(action=action, at=at, finished_at=done)
        least = max(earliest(done) - due.latest, timedelta())
        most = max(latest(done) - due.earliest, timedelta())
        late = True if least else (None if most else False)
        return cls(
            action=action, at=at, finished_at=done, late=late, late_by=(least, most)
        )


@frozen(kw_only=True)
class Act(Value):
    """A sanction that stands on an item: its id and the action it moved it by."""

    sanction: str
    action: str


@frozen(kw_only=True)
class Submission(Value):
    """A submit 报结 that waits for an answer."""

    unit: str
    at: When


@frozen(kw_only=True)
class Item(Value):
    """A supervision item as it stands 督办事项.

    ``code`` is the host's, ``id`` is ours and never changes. ``version`` grows by
    the number of events. ``fired`` holds marks of rungs that have been judged.
    ``pauses``, ``extensions`` and ``fixed`` (dates that were set) move ``due``. Of a
    recurring matter it is one ``occurrence``, ``continued`` once the next is open.
    """

    id: str
    code: str
    title: str
    state: str
    version: int
    category: str = ""
    workflow: str = "supervision"
    policy: str = "plain@1"
    calendar: str = "china"
    registrar: str = ""
    assigned_at: When
    entered_at: datetime
    armed_from: datetime | None = None
    parties: Parties = field(factory=dict, converter=parties)
    past_parties: tuple[tuple[Role, Party], ...] = ()
    term: Term | None = None
    due: Deadline | None = None
    due_ordinal: int = 1
    past_dues: tuple[Deadline, ...] = ()
    past_goals: tuple[Deadline, ...] = ()
    rebaselined: int = 0
    goal: Deadline | None = None
    goal_since: When | None = None
    declined_by: str = ""
    chase_at: datetime | None = None
    source: Source | None = None
    priority: str = ""
    labels: tuple[str, ...] = ()
    measures: tuple[Measure, ...] = ()
    subject: str = ""
    synthetic: bool = False
    parent: str | None = None
    mandatory: bool = True
    needs: Literal["all"] | int | None = None
    reported_at: datetime | None = None
    progress: int = 0
    note: str = ""
    at_risk: bool = False
    held: bool = False
    started: bool = False
    submitted: Submission | None = None
    returned: int = 0
    closing: Closing | None = None
    acts: tuple[Act, ...] = ()
    pauses: tuple[Pause, ...] = ()
    extensions: tuple[Extension, ...] = ()
    fixed: tuple[Fixed, ...] = ()
    occurrence: int = 1
    continued: bool = False
    fired: tuple[str, ...] = ()
    next_at: datetime | None = None
    quarantined: int = 0
    attributes: Mapping[str, Any] = field(factory=dict)

    @property
    def due_at(self) -> datetime | None:
        """The instant the item is assessed by; the latest where it is a range.

        While a pause runs of which nobody can say when it ends, there is none.
        """
        return None if self.due is None or self.due.deferred else self.due.latest

    @property
    def pause(self) -> Pause | None:
        """The pause that has not been ended, where one runs."""
        running = (p for p in self.pauses if p.until is None and not p.annulled)
        return next(running, None)

    @property
    def suspended_until(self) -> When | None:
        """When the pause that runs is to end, where that was said."""
        return None if self.pause is None else self.pause.planned

    @property
    def asked(self) -> Extension | None:
        """The request for an extension that waits for an answer."""
        return next((e for e in self.extensions if e.status == "asked"), None)

    @property
    def is_open(self) -> bool:
        """Whether no end has been recorded."""
        return self.closing is None

    @property
    def done(self) -> bool:
        """Whether it has ended otherwise than by being taken back."""
        return self.closing is not None and self.closing.action not in TAKEN_BACK

    def open_at(self, at: datetime) -> bool | None:
        """Whether it was open at an instant; unsure inside the Span of its closing."""
        if self.closing is None:
            return True
        end = self.closing.at
        if isinstance(end, Span) and end.earliest < at < end.latest:
            return None
        return at < latest(end)

    def overdue(self, at: datetime) -> bool | None:
        """Whether it is open and past due; at the due instant itself it is not."""
        if self.due is None or self.due.deferred:
            return False
        is_open = self.open_at(at)
        if is_open is False:
            return False
        past = passed(Span(self.due.earliest, self.due.latest), at)
        if past is False:
            return False
        return None if is_open is None or past is None else True

    def units(self, *roles: Role) -> tuple[str, ...]:
        """List the units in these roles (in any, without), in their order."""
        wanted = roles or tuple(Role)
        found = [p.unit for role in wanted for p in self.parties.get(role, ())]
        return tuple(dict.fromkeys(found))

    def roles_of(self, unit: str | None) -> frozenset[Role]:
        """Give every role in which a unit stands to the item."""
        return frozenset(
            role
            for role, named in self.parties.items()
            if any(p.unit == unit for p in named)
        )

    @property
    def main_unit(self) -> str:
        """The unit that lists and reports count the item under."""
        named = self.units(Role.RESPONSIBLE, Role.LEAD)
        return named[0] if named else ""

    @property
    def content(self) -> str:
        """What an evaluation's entry calls the item."""
        return self.subject or self.title

    def __str__(self) -> str:
        return f"{self.code} {self.title} [{self.state}]"


def rolled_up(parts: Iterable[Item]) -> int:
    """Give the progress of a decomposed item: the mean of its mandatory parts.

    A closed part counts 100, one that was taken back not at all; without mandatory
    parts, all of them count.
    """
    several = [p for p in parts if p.is_open or p.done]
    counted = [p for p in several if p.mandatory] or several
    if not counted:
        return 0
    total = sum(Decimal(100 if p.done else p.progress) for p in counted)
    return int(total / len(counted))
