"""Payloads that move a deadline, or the date that reminders follow 期限变动.

Each keeps a fact on the item; where the deadline then stands is reckoned from all of
them together (:mod:`duban_flow.domain.time.reckoning`) and written beside the event.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from attrs import evolve, field, frozen

from duban_flow.domain.case import Facts
from duban_flow.domain.codec import Value, structure
from duban_flow.domain.events import Event
from duban_flow.domain.instants import When, aware, aware_when, earliest, latest
from duban_flow.domain.items import Item
from duban_flow.domain.payloads import not_empty
from duban_flow.domain.time.extension import Day, Extension
from duban_flow.domain.time.pauses import Pause
from duban_flow.domain.time.telling import instant_text
from duban_flow.domain.time.term import Deadline, Fixed, Term
from duban_flow.domain.units import Actor
from duban_flow.errors import Invalid


def _day(value: Day | None) -> Day | None:
    return aware(value, "until") if isinstance(value, datetime) else value


def _in_order(item: Item, since: When, until: When | None, action: str) -> None:
    """Refuse a pause that ends before it starts."""
    if until is not None and latest(until) < earliest(since):
        ends, starts = latest(until), earliest(since)
        raise Invalid(
            f"Item {item.code}: {action}: the pause ends "
            f"{moment_text(item, ends, 'en')}, before it starts "
            f"{moment_text(item, starts, 'en')}.",
            zh=f"事项{item.code}：中止的结束时间{moment_text(item, ends, 'zh')}"
            f"早于开始时间{moment_text(item, starts, 'zh')}。",
            code="pause.order",
        )


def moment_text(item: Item, moment: datetime, lang: str) -> str:
    """Name an instant on the clocks that the item's deadline goes by."""
    if item.due is None:
        return moment.isoformat()
    return instant_text(moment, item.due.calendar.zone, lang)


@frozen(kw_only=True)
class Suspend(Value):
    """Handling stops for a time 中止(不计入期限); ``authority`` is what allows it.

    ``waits_for`` is whom the matter waits for meanwhile, a unit or somebody outside.
    ``until`` is when it is to go on; ``resumed`` when it did, of a pause that is
    written down once it is over.
    """

    moves: ClassVar[bool] = True

    reason: str = field(validator=not_empty)
    until: When | None = field(default=None, converter=aware_when)
    authority: str = ""
    waits_for: str = ""
    resumed: When | None = field(default=None, converter=aware_when)

    def effect(self, item: Item, event: Event) -> Item:
        """Open a pause; one that begins past due is kept and moves nothing."""
        since = event.effective_at
        for end in (self.until, self.resumed):
            _in_order(item, since, end, "suspend")
        _happened(item, self.resumed, event.recorded_at)
        made = Pause(
            ordinal=len(item.pauses) + 1,
            since=since,
            until=self.resumed,
            planned=self.until,
            ends_itself=event.derived.get("ends_itself", True),
            reason=self.reason,
            authority=self.authority,
            waits_for=self.waits_for,
        )
        return evolve(item, pauses=(*_ended(item.pauses, event.recorded_at), made))


def _ended(pauses: tuple[Pause, ...], by: datetime) -> tuple[Pause, ...]:
    """Write down the end of what had ended by itself when another is written down."""
    return tuple(
        evolve(p, until=p.end)
        if p.until is None and p.end is not None and latest(p.end) <= by
        else p
        for p in pauses
    )


def _happened(item: Item, resumed: When | None, now: datetime) -> None:
    """Refuse the end of a pause that is written down as over and is not yet."""
    if resumed is not None and latest(resumed) > now:
        said = latest(resumed)
        raise Invalid(
            f"Item {item.code}: suspend: resumed {moment_text(item, said, 'en')} lies "
            f"in the future of {moment_text(item, now, 'en')}; a planned end is given "
            "as until.",
            zh=f"事项{item.code}：中止的恢复时间{moment_text(item, said, 'zh')}"
            f"在当前时间{moment_text(item, now, 'zh')}之后；计划恢复时间请用until。",
            code="effective.future",
        )


@frozen(kw_only=True)
class Resume(Value):
    """Handling goes on 恢复."""

    moves: ClassVar[bool] = True

    reason: str = ""

    def effect(self, item: Item, event: Event) -> Item:
        """End the pause that runs."""
        running = item.pause
        if running is None:
            return item
        _in_order(item, running.since, event.effective_at, "resume")
        ended = evolve(running, until=event.effective_at)
        return evolve(
            item, pauses=tuple(ended if p == running else p for p in item.pauses)
        )


@frozen(kw_only=True)
class Annul(Value):
    """A pause should not have been written down 撤销中止: it moves nothing any more."""

    moves: ClassVar[bool] = True

    pause: int
    reason: str = field(validator=not_empty)

    def given_to(self, item: Item, facts: Facts, actor: Actor) -> Annul:
        """Insist on a pause that is in the item's ledger and stands.

        Raises:
            Invalid: there is no such pause, or it was annulled before.
        """
        standing = [p.ordinal for p in item.pauses if not p.annulled]
        if self.pause not in standing:
            raise Invalid(
                f"Item {item.code}: annul: there is no pause {self.pause}; "
                f"there are {standing}.",
                zh=f"事项{item.code}：没有可撤销的第{self.pause}次中止。",
                code="pause.none",
            )
        return self

    def effect(self, item: Item, event: Event) -> Item:
        """Keep it in the ledger, marked."""
        return evolve(
            item,
            pauses=tuple(
                evolve(p, annulled=True) if p.ordinal == self.pause else p
                for p in item.pauses
            ),
        )


@frozen(kw_only=True)
class RequestExtension(Value):
    """A unit asks for more time 申请延期; asking does not move the date."""

    until: Day = field(converter=_day)
    reason: str = field(validator=not_empty)

    def effect(self, item: Item, event: Event) -> Item:
        """Keep the request until it is answered."""
        made = Extension(
            ordinal=len(item.extensions) + 1,
            unit=event.actor_unit or event.actor,
            asked_at=event.effective_at,
            until=self.until,
            reason=self.reason,
        )
        return evolve(item, extensions=(*item.extensions, made))


def _answered(item: Item, event: Event, **answer: Any) -> Item:
    """Answer the request that waits."""
    waiting = item.asked
    made = tuple(
        evolve(
            e,
            decided_at=decided_at(event),
            decided_by=event.actor_unit or event.actor,
            **answer,
        )
        if e == waiting
        else e
        for e in item.extensions
    )
    return evolve(item, extensions=made)


def decided_at(event: Event) -> When:
    """Say when a decision was taken, which may be later than it takes effect."""
    told = event.derived.get("decided_at")
    if told is None:
        return event.effective_at
    found: When = structure(told, When)  # type: ignore[arg-type]  # a union
    return found


@frozen(kw_only=True)
class GrantExtension(Value):
    """An extension is granted with a definite date 同意延期; without one, as asked.

    Granted past due it takes effect from the due instant: nothing was late between.
    """

    moves: ClassVar[bool] = True
    reaches_back: ClassVar[bool] = True

    until: Day | None = field(default=None, converter=_day)
    reason: str = ""

    def given_to(self, item: Item, facts: Facts, actor: Actor) -> GrantExtension:
        """Grant what was asked for, where no other date is named."""
        asked = item.asked
        return self if self.until or asked is None else evolve(self, until=asked.until)

    def effect(self, item: Item, event: Event) -> Item:
        """Answer the request with the date."""
        return _answered(
            item, event, status="granted", granted=self.until, decision=self.reason
        )


@frozen(kw_only=True)
class RejectExtension(Value):
    """An extension is refused 不同意延期; the date stays what it was."""

    reason: str = field(validator=not_empty)

    def effect(self, item: Item, event: Event) -> Item:
        """Answer the request."""
        return _answered(item, event, status="rejected", decision=self.reason)


@frozen(kw_only=True)
class WithdrawExtension(Value):
    """Who asked for an extension takes the request back 撤回延期申请."""

    reason: str = ""

    def effect(self, item: Item, event: Event) -> Item:
        """Answer the request."""
        return _answered(item, event, status="withdrawn", decision=self.reason)


@frozen(kw_only=True)
class OverrideExtension(Value):
    """A deciding body sets a later date outside the rule 特批延期: a record apart."""

    moves: ClassVar[bool] = True
    reaches_back: ClassVar[bool] = True

    until: Day = field(converter=_day)
    reason: str = field(validator=not_empty)

    def effect(self, item: Item, event: Event) -> Item:
        """Keep it as an extension that nobody asked for; a request is left waiting."""
        by = event.actor_unit or event.actor
        made = Extension(
            ordinal=len(item.extensions) + 1,
            unit=by,
            asked_at=event.effective_at,
            until=self.until,
            status="granted",
            granted=self.until,
            decided_at=decided_at(event),
            decided_by=by,
            decision=self.reason,
            override=True,
        )
        return evolve(item, extensions=(*item.extensions, made))


@frozen(kw_only=True)
class Chase(Value):
    """Reminders follow another date 催办日期; what is assessed does not move.

    Without a date they follow the due date again.
    """

    until: Day | None = field(default=None, converter=_day)

    def effect(self, item: Item, event: Event) -> Item:
        """Keep the instant that reminders follow."""
        told = event.derived.get("chase_at")
        return evolve(
            item, chase_at=None if told is None else structure(told, datetime)
        )


@frozen(kw_only=True)
class Rebaseline(Value):
    """The target date is moved 调整目标: counted, every old date kept.

    Whether the assessed deadline moves with it is the policy's to say. With
    ``restart`` the term is counted from the matter's own start, as where its priority
    was raised late; else from now.
    """

    moves: ClassVar[bool] = True

    term: Term
    reason: str = field(validator=not_empty)
    restart: bool = False

    def effect(self, item: Item, event: Event) -> Item:
        """Count the move and keep the date; set it where the policy lets it.

        Told late, of a time before the last move, it does not take that one's place.
        """
        said, since = event.derived, item.goal_since
        old, new = item.goal or item.due, structure(said["goal"], Deadline)
        late = since is not None and latest(event.effective_at) < latest(since)
        past, goal = (new, old) if late else (old, new)
        kept = evolve(
            item,
            rebaselined=item.rebaselined + 1,
            goal=goal,
            goal_since=since if late else event.effective_at,
            past_goals=(*item.past_goals, *([past] if past else [])),
        )
        if not said.get("moves_due"):
            return kept
        made = Fixed(
            at=event.effective_at,
            term=self.term,
            kind="restart" if self.restart else "target",
        )
        return evolve(kept, fixed=(*kept.fixed, made))
