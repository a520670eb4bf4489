"""The one road 唯一通路: command → case → rights → workflow → effect → change.

Whoever acts, a person, an import or the sweep, what changes an item comes through
:func:`perform` or :func:`give_birth`. They decide and put into a draft; writing is the
caller's next step.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from attrs import evolve

from duban_flow.domain.case import Case, Facts
from duban_flow.domain.codec import unstructure
from duban_flow.domain.events import Event, Subject, SubjectKind
from duban_flow.domain.fold import BIRTH, Folded, born, fold, overtaken, unlapsed
from duban_flow.domain.ids import uuid7
from duban_flow.domain.instants import earliest, latest
from duban_flow.domain.items import Item, NewItem
from duban_flow.domain.limits import late_limits, outside_whole
from duban_flow.domain.payloads import Decompose
from duban_flow.domain.payloads_time import moment_text
from duban_flow.domain.rights import refusal, relations
from duban_flow.domain.time.telling import instant_text
from duban_flow.domain.time.term import Deadline
from duban_flow.domain.units import Actor, Directory, Role
from duban_flow.domain.workflow import Attempt, Command, Workflow, payload_data
from duban_flow.engine.deriving import with_derived, with_limits_beside
from duban_flow.engine.draft import Draft
from duban_flow.engine.envelope import Envelope
from duban_flow.engine.permitting import ask_permit, permitted
from duban_flow.engine.settings import Settings
from duban_flow.errors import Forbidden, Invalid, Refused, Stale

SILENT = frozenset({"note", "attach"})
"""Actions after which no judgement can differ: they wake nobody."""


def perform(
    settings: Settings,
    directory: Directory,
    draft: Draft,
    case: Case,
    command: Command,
    envelope: Envelope,
) -> Case:
    """Do one thing to one item, or refuse with every reason.

    Raises:
        Invalid: a fact from the future or from before the item, wrong data.
        Stale: the item is no longer at the version that was expected.
        Forbidden: this actor may not.
        Refused: the workflow does not allow it here.
    """
    item = case.item
    workflow = settings.workflow(item.workflow)
    _check_envelope(item, command, envelope)
    command = _given_to(case, command, envelope.actor)
    found = permitted(settings, directory, item, command.action, envelope)
    event = _event(settings, case, command, envelope)
    before = Folded(item=item, facts=case.facts)
    folded = fold(workflow, before, [event])
    attempt = _attempt(settings, case, command, envelope)
    dest = workflow.passage(evolve(attempt, after=folded.item, relations=found))
    gone = _overtakes(workflow, case, event, dest, folded.item)
    if gone and (dest or item.state) in workflow.standings:
        standing = unlapsed(workflow, folded.item, envelope.now)
        dest = None if standing == item.state else standing
    if dest is not None or gone:
        since = None if dest is None else item.entered_at
        event = evolve(event, state=dest, since=since, overtakes=gone)
        folded = fold(workflow, before, [event])
    after = folded.item
    if command.action not in SILENT:
        after = evolve(after, next_at=envelope.now)
    made = evolve(case, item=after, facts=folded.facts, events=(*case.events, event))
    draft.item(made, item.version, [event])
    if isinstance(command.payload, Decompose):
        _bear_parts(settings, draft, made, command.payload, envelope)
    return made


def let_go(
    settings: Settings,
    directory: Directory,
    draft: Draft,
    case: Case,
    command: Command,
    envelope: Envelope,
) -> Case:
    """Let an item be judged again that was set aside: a person's, in any workflow.

    Raises:
        Invalid, Stale: as :func:`perform`.
        Forbidden: neither a supervising unit nor a deciding body.
        Refused: it is not set aside.
    """
    item = case.item
    _check_envelope(item, evolve(command, workflow=item.workflow), envelope)
    found = relations(envelope.actor, item, directory)
    roles = (str(Role.SUPERVISING), "body")
    reason = refusal(envelope.actor, command.action, roles, found, item.code)
    if reason is not None:
        raise Forbidden("", reason)
    ask_permit(settings, envelope.actor, command.action, item)
    if not item.quarantined:
        raise Refused(
            f"Item {item.code} is not set aside.",
            zh=f"事项{item.code}未被隔离。",
            code="quarantine.none",
        )
    subject = Subject(SubjectKind.ITEM, item.id)
    event = envelope.event(subject, command.action, payload_data(command.payload))
    event = evolve(event, seq=item.version + 1)
    workflow = settings.workflow(item.workflow)
    folded = fold(workflow, Folded(item=item, facts=case.facts), [event])
    after = evolve(folded.item, next_at=envelope.now)
    return draft.item(
        evolve(case, item=after, events=(*case.events, event)), item.version, [event]
    )


def _attempt(
    settings: Settings, case: Case, command: Command, envelope: Envelope
) -> Attempt:
    """Say what is tried, and by which rule of the item's policy.

    Nobody's own word says that they did in time what they tell of late; what another
    writes down of them does.
    """
    return Attempt(
        case=evolve(case, at=envelope.now),
        actor=envelope.actor,
        action=command.action,
        payload=command.payload,
        issuing=envelope.issuing,
        rule=settings.policy(case.item.policy).extension,
        effective_at=None if envelope.recorder is None else envelope.at,
    )


Step = Callable[[Settings, Directory, Draft, Case, Command, Envelope], Case]
"""One step on the road: :func:`perform` or :func:`let_go`."""


def give_birth(
    settings: Settings,
    draft: Draft,
    new: NewItem,
    envelope: Envelope,
    *,
    parent: Item | None = None,
    series: Mapping[str, Any] | None = None,
) -> Case:
    """Make a new item under its first event.

    Of one that is written down late, no rung fires for what was before it was. The
    next of a ``series`` is written down late each time, and says what it follows.

    Raises:
        Invalid: a fact from the future, a due before the beginning.
        NotFound: an unknown workflow, policy or calendar.
        Refused: what it is a part of has ended, or is due before; an assisting unit
            has a limit after the lead's.
    """
    _check_parent(new, parent)
    workflow = settings.workflow(new.workflow or (parent.workflow if parent else ""))
    policy = settings.policy(new.policy or (parent.policy if parent else ""))
    calendar = settings.calendar(new.calendar or (parent.calendar if parent else ""))
    told = partial(_on_clocks, calendar.zone)
    _check_time(new.code, BIRTH, envelope, told)
    deadline = None if new.term is None else new.term.deadline(envelope.at, calendar)
    if deadline is not None:
        _check_due(new, deadline, envelope, parent)
    derived = {
        "policy": policy.id,
        "calendar": calendar.name,
        **_told_at_birth(envelope, deadline, parent, series),
    }
    subject = Subject(
        SubjectKind.ITEM, uuid7(envelope.now, settings.tenant, BIRTH, new.code)
    )
    event = envelope.event(subject, BIRTH, {**unstructure(new), "derived": derived})
    event = evolve(event, seq=1, state=workflow.first())
    event = with_limits_beside(event, born(workflow, event), calendar)
    item = evolve(born(workflow, event), next_at=envelope.now)
    late = () if series is not None else tuple(late_limits(item))
    if late:
        raise Refused("", *late)
    case = Case(
        item=item, at=envelope.now, calendar=calendar, facts=Facts(), events=(event,)
    )
    return draft.item(case, 0, [event])


def _told_at_birth(
    envelope: Envelope,
    deadline: Deadline | None,
    parent: Item | None,
    series: Mapping[str, Any] | None,
) -> dict[str, Any]:
    """Give what an item's first event keeps beside what was said of it."""
    told: dict[str, Any] = {"registrar": envelope.actor.unit or envelope.actor.id}
    if deadline is not None:
        told["due"] = unstructure(deadline)
    if parent is not None:
        told["parent"] = parent.id
    if series is None and earliest(envelope.at) < envelope.now:
        told["armed_from"] = unstructure(envelope.now)
    return {**told, **(series or {})}


def _check_parent(new: NewItem, parent: Item | None) -> None:
    if parent is not None and not parent.is_open:
        raise Refused(
            f"Item {new.code} cannot be part of {parent.code}, which is "
            f"{parent.state}.",
            zh=f"{parent.code}已终结（{parent.state}），不能再有分解事项{new.code}。",
            code="parent.closed",
        )


def _check_due(
    new: NewItem, deadline: Deadline, envelope: Envelope, parent: Item | None
) -> None:
    if deadline.latest < earliest(envelope.at):
        zone, begun = deadline.calendar.zone, earliest(envelope.at)
        raise Invalid(
            f"Item {new.code}: due {instant_text(deadline.latest, zone, 'en')} lies "
            f"before its assignment {instant_text(begun, zone, 'en')}.",
            zh=f"事项{new.code}：时限{instant_text(deadline.latest, zone)}"
            f"早于交办时间{instant_text(begun, zone)}。",
            code="item.due_before_assignment",
        )
    outside = None if parent is None else outside_whole(new.code, deadline, parent)
    if outside is not None:
        raise Refused("", outside)


def _bear_parts(
    settings: Settings,
    draft: Draft,
    case: Case,
    payload: Decompose,
    envelope: Envelope,
) -> None:
    parts = tuple(
        give_birth(
            settings,
            draft,
            evolve(new, category=new.category or case.item.category),
            envelope,
            parent=case.item,
        ).item
        for new in payload.items
    )
    draft.hold(evolve(case, parts=(*case.parts, *parts)))


def _given_to(case: Case, command: Command, actor: Actor) -> Command:
    """Let a payload take from the item what it leaves to it, or refuse the item."""
    given_to = getattr(command.payload, "given_to", None)
    if given_to is None:
        return command
    return evolve(command, payload=given_to(case.item, case.facts, actor))


def _event(
    settings: Settings, case: Case, command: Command, envelope: Envelope
) -> Event:
    data = payload_data(command.payload)
    subject = Subject(SubjectKind.ITEM, case.item.id)
    event = envelope.event(subject, command.action, data)
    event = evolve(event, seq=case.item.version + 1)
    return with_derived(settings, case, command.payload, event)


def _overtakes(
    workflow: type[Workflow],
    case: Case,
    event: Event,
    dest: str | None,
    after: Item,
) -> tuple[int, ...]:
    """Name the lapses that a back-dated end, or a later due, shows never to have been.

    A lapse is recorded as of the due instant of its day.
    """
    lapses = [e for e in case.events if e.action == workflow.on_due()]
    if dest in workflow.ends():
        finished = case.item.submitted.at if case.item.submitted else event.effective_at
        gone = [e for e in lapses if earliest(e.effective_at) >= latest(finished)]
    elif after.due != case.item.due and after.due is not None:
        due = after.due
        gone = [
            e for e in lapses if due.deferred or latest(e.effective_at) < due.latest
        ]
    else:
        gone = []
    known = overtaken(case.events)
    return tuple(e.seq for e in gone if e.seq not in known)


def _on_clocks(zone: str, moment: datetime, lang: str) -> str:
    return instant_text(moment, zone, lang)


def _check_envelope(item: Item, command: Command, envelope: Envelope) -> None:
    if envelope.expect is not None and envelope.expect != item.version:
        raise Stale(
            f"Item {item.code}: {command.action} expects version {envelope.expect} "
            f"and finds {item.version}.",
            zh=f"事项{item.code}在您读取之后已有变动（版本{envelope.expect}→{item.version}）。",
        )
    if command.workflow != item.workflow:
        raise Invalid(
            f"Item {item.code}: {command.action} belongs to workflow "
            f"{command.workflow!r}; the item's is {item.workflow!r}.",
            zh=f"事项{item.code}的工作流是{item.workflow}，不是{command.workflow}。",
            code="workflow.other",
        )
    _check_time(item.code, command.action, envelope, partial(moment_text, item))
    begun, at = earliest(item.assigned_at), latest(envelope.at)
    if at < begun:
        raise Invalid(
            f"Item {item.code}: {command.action} lies before its assignment "
            f"{moment_text(item, begun, 'en')}.",
            zh=f"事项{item.code}：生效时间{moment_text(item, at, 'zh')}"
            f"早于交办时间{moment_text(item, begun, 'zh')}。",
            code="effective.before_birth",
        )


def _check_time(
    code: str, action: str, envelope: Envelope, told: Callable[[datetime, str], str]
) -> None:
    at, now = latest(envelope.at), envelope.now
    if at > now:
        raise Invalid(
            f"Item {code}: {action} at {told(at, 'en')} lies in the future of "
            f"{told(now, 'en')}.",
            zh=f"事项{code}：生效时间{told(at, 'zh')}在当前时间{told(now, 'zh')}之后。",
            code="effective.future",
        )
