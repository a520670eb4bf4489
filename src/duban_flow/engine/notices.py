"""A queued notice, looked at again just before it leaves: to whom, whether still, what.

Reminders that have been overtaken by facts, or by later ones of their own rung, are
cancelled with the reason; formal acts and revocations are not. Who holds a post is
asked now, not when the notice was queued. Nothing is sent here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from attrs import frozen

from duban_flow.domain.events import Event, SubjectKind
from duban_flow.domain.fold import overtaken
from duban_flow.domain.instants import earliest
from duban_flow.domain.items import Item
from duban_flow.domain.limits import limit_under
from duban_flow.domain.sanctions import Sanction, Stage
from duban_flow.domain.units import Directory, Unit
from duban_flow.engine.ports import Message, Queued, SanctionQuery, Work
from duban_flow.engine.settings import Settings
from duban_flow.engine.wording import ZONE, Told, wording
from duban_flow.engine.wording_calendar import calendar_wording
from duban_flow.errors import NotFound, Reason


@frozen(kw_only=True)
class Facts:
    """Everything that a batch of queued notices is about, as it stands now."""

    items: Mapping[str, Item]
    sanctions: Mapping[str, Sanction]
    events: Mapping[str, tuple[Event, ...]]
    directory: Directory

    @classmethod
    def load(cls, work: Work, queued: Sequence[Queued]) -> Facts:
        """Read the subjects of notices, each once."""
        subjects = dict.fromkeys((q.kind, q.subject) for q in queued)
        items = [s for kind, s in subjects if kind is SubjectKind.ITEM]
        acts = tuple(s for kind, s in subjects if kind is SubjectKind.SANCTION)
        found = work.sanctions(SanctionQuery(ids=acts)) if acts else ()
        return cls(
            items=work.items(items) if items else {},
            sanctions={s.id: s for s in found},
            events=work.events(list(dict.fromkeys(s for _, s in subjects))),
            directory=work.directory(),
        )

    def event(self, queued: Queued) -> Event | None:
        """Find the event that a notice tells of."""
        for event in self.events.get(queued.subject, ()):
            if event.seq == queued.seq:
                return event
        return None

    def zone(self, queued: Queued) -> str:
        """Name the zone by whose clocks a notice tells time."""
        item = self.items.get(queued.subject)
        return item.due.calendar.zone if item and item.due else ZONE


# --- whether still --------------------------------------------------------------


def stale(queued: Queued, facts: Facts, now: datetime) -> Reason | None:
    """Say why a notice is not to go out any more by now, or nothing."""
    if queued.formal:
        return None
    if queued.kind is SubjectKind.ITEM:
        return _stale_on_item(queued, facts, now)
    if queued.kind is SubjectKind.SANCTION and queued.template == "approval":
        return _stale_approval(queued, facts)
    return None


def _stale_on_item(queued: Queued, facts: Facts, now: datetime) -> Reason | None:
    item, event = facts.items.get(queued.subject), facts.event(queued)
    if item is None or event is None:
        return Reason(
            code="notice.gone", en="there is nothing to tell of", zh="事项不存在"
        )
    if event.seq in overtaken(facts.events.get(queued.subject, ())):
        en = f"event {event.seq} of {item.code} was overtaken by a later fact"
        zh = f"{item.code}的第{event.seq}号事件已被更正"
        return Reason(code="notice.overtaken", en=en, zh=zh)
    if item.closing is not None:
        en, zh = f"{item.code} has ended ({item.state})", f"{item.code}已办结或撤销"
        return Reason(code="notice.closed", en=en, zh=zh)
    unit = event.data.get("unit")
    if isinstance(unit, str) and unit and not item.roles_of(unit):
        en = f"{item.code} is no longer with {facts.directory.name(unit)}"
        zh = f"{item.code}已不由{facts.directory.name(unit)}办理"
        return Reason(code="notice.reassigned", en=en, zh=zh)
    return (
        _moved(item, event)
        or _too_late(queued, item, event, now)
        or _superseded(item, event, facts)
    )


def _moved(item: Item, event: Event) -> Reason | None:
    """Say that the date a notice tells of has moved: the item's, or the unit's own."""
    cycle, unit = (event.cycle or "").partition("/")[0], event.data.get("unit") or ""
    if cycle.startswith("due:") and cycle != f"due:{item.due_ordinal}":
        en, zh = f"the deadline of {item.code} has moved", f"{item.code}的时限已调整"
        return Reason(code="notice.moved", en=en, zh=zh)
    if cycle.startswith("limit:") and limit_under(item, unit, cycle) is None:
        en = f"the limit of {unit} on {item.code} has moved"
        return Reason(code="notice.moved", en=en, zh=f"{item.code}的内部时限已调整")
    return None


def _too_late(queued: Queued, item: Item, event: Event, now: datetime) -> Reason | None:
    """Refuse a reminder of a deadline that passed while it lay in the queue."""
    if queued.template != "remind" or item.due is None or item.due.latest >= now:
        return None
    if earliest(event.effective_at) > item.due.latest:
        return None  # The policy itself reminds after due.
    return Reason(
        code="notice.past_due",
        en=f"{item.code} is past due by now; a reminder comes too late",
        zh=f"{item.code}已过时限，不再提醒",
    )


def _superseded(item: Item, event: Event, facts: Facts) -> Reason | None:
    """Let only the latest of a rung's notices out: it says all that earlier ones do."""
    if event.rung is None:
        return None
    events = facts.events.get(item.id, ())
    gone = overtaken(events)
    later = max(
        (e.seq for e in events if _same_notice(e, event) and e.seq not in gone),
        default=event.seq,
    )
    if later <= event.seq:
        return None
    return Reason(
        code="notice.superseded",
        en=f"event {later} of {item.code} says the same, later",
        zh=f"已由{item.code}的第{later}号事件（同一规则）接替",
    )


def _same_notice(one: Event, other: Event) -> bool:
    """Whether two events are of one rung, one action and about one unit."""
    return (one.rung, one.action, one.data.get("unit") or "") == (
        other.rung,
        other.action,
        other.data.get("unit") or "",
    )


def _stale_approval(queued: Queued, facts: Facts) -> Reason | None:
    sanction = facts.sanctions.get(queued.subject)
    turn = sanction.next_body if sanction else None
    body = facts.directory.find(turn) if turn else None
    if turn is not None and queued.unit in (turn, body.code if body else turn):
        return None
    stage = sanction.stage if sanction else Stage.REJECTED
    return Reason(
        code="notice.decided",
        en=f"it is not the turn of {facts.directory.name(queued.unit)} ({stage})",
        zh=f"现不待{facts.directory.name(queued.unit)}审批（{stage}）",
    )


# --- to whom --------------------------------------------------------------------


@frozen(kw_only=True)
class Addressee:
    """Whom a notice reaches 收件人: the unit as it now is, and who holds the post."""

    unit: str
    unit_name: str
    post: str = ""
    name: str = ""
    address: str = ""
    alarm: Reason | None = None


def addressee(queued: Queued, directory: Directory, day: date) -> Addressee:
    """Find who is to be told on a day.

    A post without its officer falls back to a deputy, an empty one to its unit; either
    is an alarm.
    """
    unit = _standing(queued.unit, directory, day)
    code = unit.code if unit else queued.unit
    named = unit.name if unit else queued.unit
    held = directory.holder(code, queued.post, day)
    alarm = None
    if held is not None and not held.officer and held.deputies:
        alarm = Reason(
            code="post.deputy",
            en=f"The post {held.name!r} of {named} has no officer; its deputy "
            f"{held.deputies[0]} was told.",
            zh=f"{named}的岗位“{held.name}”无负责人，已改发副职{held.deputies[0]}。",
        )
    if queued.post and held is None:
        alarm = Reason(
            code="post.empty",
            en=f"Nobody holds the post {queued.post!r} of {named}; the unit was told.",
            zh=f"{named}的岗位“{queued.post}”无人在岗，已改发单位。",
        )
        held = directory.holder(code, "", day)
    if held is None:
        return Addressee(unit=code, unit_name=named, alarm=alarm)
    return Addressee(
        unit=code,
        unit_name=named,
        post=held.name,
        name=held.officer or next(iter(held.deputies), ""),
        address=held.addresses.get(queued.channel, ""),
        alarm=alarm,
    )


def _standing(code: str, directory: Directory, day: date) -> Unit | None:
    """Give the unit, or the one that stands in its place on that day."""
    unit, seen = directory.find(code), {code}
    while unit and unit.successor and not unit.valid_on(day):
        if unit.successor in seen:
            break
        seen.add(unit.successor)
        unit = directory.find(unit.successor)
    return unit


# --- what -----------------------------------------------------------------------


def compose(
    queued: Queued, facts: Facts, settings: Settings, now: datetime
) -> tuple[Message, Reason | None]:
    """Write the message of a notice, with an alarm where its post is empty."""
    zone = facts.zone(queued)
    to = addressee(queued, facts.directory, now.astimezone(ZoneInfo(zone)).date())
    item, event = facts.items.get(queued.subject), facts.event(queued)
    sanction = facts.sanctions.get(queued.subject)
    told = Told(
        template=queued.template,
        to=f"{to.unit_name}{to.post}",
        unit=to.unit,
        now=now,
        event=event,
        item=item,
        sanction=sanction,
        names={u.code: u.name for u in facts.directory.units.values()},
        basis=_basis(settings, item, event),
        zone=zone,
    )
    words = calendar_wording(told, settings.lang) or wording(told, settings.lang)
    about = _about(item, sanction)
    message = Message(
        key=queued.key,
        unit=to.unit,
        unit_name=to.unit_name,
        post=to.post,
        name=to.name,
        address=to.address,
        channel=queued.channel,
        item=about[0] if len(about) == 1 else None,
        rung=_rung(event, sanction),
        kind=sanction.kind if sanction else queued.template,
        subject=words.subject,
        text=words.text,
        at=now,
        attributes={"template": queued.template, "formal": queued.formal},
    )
    return message, to.alarm


def _about(item: Item | None, sanction: Sanction | None) -> list[str]:
    if item is not None:
        return [item.code]
    return list(dict.fromkeys(c.code for c in sanction.citations)) if sanction else []


def _rung(event: Event | None, sanction: Sanction | None) -> str | None:
    if sanction is not None and sanction.citations:
        return sanction.citations[0].rung
    return event.rung if event else None


def _basis(
    settings: Settings, item: Item | None, event: Event | None
) -> tuple[str, ...]:
    """Find what a rung rests on: its own basis, else its policy's."""
    if item is None or event is None or event.rung is None:
        return ()
    try:
        policy = settings.policy(item.policy)
    except NotFound:
        return ()
    own = next((r.basis for r in policy.rung if r.key == event.rung), ())
    return own or policy.basis
