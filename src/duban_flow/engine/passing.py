"""One pass over one item: what has lapsed, which rungs fire, what a sitting judges.

The pass decides and puts into a draft. It acts as the engine, whose only rights are
to lapse, remind, urge, propose, and to issue where a kind asks for no approval.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from attrs import define, evolve, field, frozen

from duban_flow.domain.case import Case
from duban_flow.domain.codec import unstructure
from duban_flow.domain.columns import hot_columns
from duban_flow.domain.continuing import continues_at
from duban_flow.domain.days_ledger import Outage
from duban_flow.domain.events import Event, Notice, Subject, SubjectKind
from duban_flow.domain.fold import Folded, fold
from duban_flow.domain.instants import TICK
from duban_flow.domain.items import Item
from duban_flow.domain.payloads import Quarantine, Unquarantine
from duban_flow.domain.policies.decide import decide
from duban_flow.domain.policies.judge import proposed_now
from duban_flow.domain.policies.memory import marks
from duban_flow.domain.policies.model import (
    Decision,
    Judgement,
    Policy,
    Verdict,
)
from duban_flow.domain.policies.next import next_at, next_pass
from duban_flow.domain.policies.panel import Proposal, propose
from duban_flow.domain.sanctions import Sanction
from duban_flow.domain.units import ENGINE, Actor, Directory
from duban_flow.domain.workflow import Attempt
from duban_flow.engine.draft import Draft
from duban_flow.engine.envelope import Envelope
from duban_flow.engine.issuing import issue, recipients
from duban_flow.engine.pausing import pause_end
from duban_flow.engine.sanctioning import drawn_up, put_proposal
from duban_flow.engine.settings import Settings

SWEEPER: Final = Actor(ENGINE)
FIRST_BACKOFF: Final = timedelta(hours=1)
LONGEST_BACKOFF: Final = timedelta(days=1)


@frozen(kw_only=True)
class Pass:
    """One pass of the sweep: its configuration, directory, and instant.

    ``now`` is when it runs and what it records; a case carries the instant that it is
    judged by, which at a sitting may lie before. What fires late because of one of the
    ``outages`` says so.
    """

    settings: Settings
    directory: Directory
    now: datetime
    outages: tuple[Outage, ...] = ()

    @property
    def envelope(self) -> Envelope:
        """The envelope of everything the engine does at this instant."""
        return Envelope(actor=SWEEPER, now=self.now, issuing=True)


@define
class PassResults:
    """What passes came to: counts by word, judgement rows by policy.

    ``continuing`` are items whose next occurrence is to be opened, ``outages`` those
    that the office remembers.
    """

    counts: Counter[str] = field(factory=Counter)
    judgements: list[Judgement] = field(factory=list)
    continuing: list[str] = field(factory=list)
    outages: list[Outage] = field(factory=list)


def pass_over(
    this_pass: Pass,
    draft: Draft,
    case: Case,
    policy: Policy,
    fired: tuple[str, ...],
    found: PassResults,
) -> None:
    """Judge one item as of its case's instant, and put what follows into the draft.

    ``fired`` are the marks it bears by now: its own, and those of a sitting.
    """
    settings, version = this_pass.settings, case.item.version
    case = _readmit(this_pass, draft, case)
    case = _end_pause(this_pass, draft, case)
    case = _lapse(this_pass, draft, case, found)
    case = evolve(case, item=evolve(case.item, fired=fired))
    decisions = decide(case, policy, settings.vocabulary)
    kept = marks(decisions)
    _count(found, decisions)
    case = _tell(this_pass, draft, case, decisions, found)
    case = _propose_now(this_pass, draft, case, policy, decisions, found)
    settled = not any(d.verdict is Verdict.FIRES for d in decisions)
    bears = tuple(dict.fromkeys((*case.item.fired, *kept)))
    case = evolve(case, item=evolve(case.item, fired=bears))
    if settled:
        ahead = next_at(case, policy, settings.vocabulary, decisions)
    else:  # Once something has fired, the next instant is that of another judgement.
        ahead = next_pass(case, policy, settings.vocabulary)
    if (ripe := continues_at(case.item)) is not None and ripe <= case.at:
        found.continuing.append(case.item.id)
    item = evolve(case.item, next_at=_later_than(ahead, case.at))
    draft.rearm(evolve(case, item=item), version)


def _later_than(at: datetime | None, now: datetime) -> datetime | None:
    """Keep a pass from finding the same item again at the same instant."""
    return None if at is None else max(at, now + TICK)


def _count(found: PassResults, decisions: Sequence[Decision]) -> None:
    for decision in decisions:
        if decision.verdict in (Verdict.WAITS, Verdict.UNSURE):
            found.counts[decision.verdict.value] += 1


def _end_pause(this_pass: Pass, draft: Draft, case: Case) -> Case:
    """Write down that a pause has come to its planned end."""
    found = pause_end(this_pass.settings, case, _event(this_pass, case, "", {}))
    if found is None:
        return case
    return _happened(this_pass, draft, case, found.event, found.notices)


def _lapse(this_pass: Pass, draft: Draft, case: Case, found: PassResults) -> Case:
    """Record that the deadline has passed, effective at the due instant."""
    item, attempt = case.item, lapsing(this_pass.settings, case)
    if attempt is None or item.due is None:
        return case
    event = _event(this_pass, case, attempt.action, {})
    event = evolve(
        event,
        effective_at=item.due.latest,
        state=this_pass.settings.workflow(item.workflow).passage(attempt),
        since=item.entered_at,
    )
    found.counts["lapsed"] += 1
    return _happened(this_pass, draft, case, event, ())


def lapsing(settings: Settings, case: Case) -> Attempt | None:
    """Give the lapse that a pass over the case would record, where there is one."""
    item, workflow = case.item, settings.workflow(case.item.workflow)
    action = workflow.on_due()
    if action is None or item.due is None or not item.overdue(case.at):
        return None
    payload = workflow.actions[action].read({})
    attempt = Attempt(case=case, actor=SWEEPER, action=action, payload=payload)
    return None if workflow.refusals(attempt) else attempt


def lapsed(settings: Settings, case: Case) -> Case:
    """Give a case as a pass over it judges it: its lapse recorded first."""
    attempt = lapsing(settings, case)
    if attempt is None:
        return case
    workflow = settings.workflow(case.item.workflow)
    state = workflow.passage(attempt) or case.item.state
    return evolve(case, item=evolve(case.item, state=state))


def _tell(
    this_pass: Pass,
    draft: Draft,
    case: Case,
    decisions: Sequence[Decision],
    found: PassResults,
) -> Case:
    """Remind and urge: an event on the item, and a notice to each who is to hear."""
    for decision in decisions:
        if decision.verdict is not Verdict.FIRES or decision.kind is not None:
            continue
        found.counts["fired"] += 1
        data = {
            "unit": decision.unit,
            "reason": decision.reason,
            "grounds": unstructure(decision.grounds),
            **_delayed(this_pass, decision),
        }
        event = _event(this_pass, case, decision.rung.action, data)
        event = evolve(event, rung=decision.rung.key, cycle=decision.cycle)
        notices = _notices(this_pass, case, decision)
        case = _happened(this_pass, draft, case, event, notices)
    return case


def _delayed(this_pass: Pass, decision: Decision) -> dict[str, object]:
    """Say when a rung had ripened and which outage held it up, where one did."""
    ripe = decision.instant
    for outage in this_pass.outages:
        if ripe is not None and outage.since < ripe <= outage.until:
            return {"outage": {**unstructure(outage), "ripe_at": unstructure(ripe)}}
    return {}


def _notices(
    this_pass: Pass, case: Case, decision: Decision
) -> tuple[tuple[int, Notice], ...]:
    rung = decision.rung
    day = case.calendar.date_of(this_pass.now)
    whom = recipients(this_pass.directory, rung, case.item, day)
    if not rung.notify:
        named = [decision.unit] if decision.unit else [case.item.main_unit]
        whom = [(unit, "") for unit in named if unit]
    return tuple(
        (0, Notice(unit=unit, post=post, channel=channel, template=rung.action))
        for unit, post in whom
        for channel in rung.via or this_pass.settings.channels
    )


def _propose_now(
    this_pass: Pass,
    draft: Draft,
    case: Case,
    policy: Policy,
    decisions: Sequence[Decision],
    found: PassResults,
) -> Case:
    """Propose what fires without a sitting; issue it where nobody need approve."""
    rows = proposed_now(case, decisions)
    for proposal in propose(rows, policy):
        found.counts["proposed"] += 1
        draft.hold(case)
        sanction = put_sanction(
            this_pass, draft, policy, proposal, {case.item.id: case}
        )
        case = draft.cases[case.item.id]
        if sanction.issued_at is not None:
            found.counts["issued"] += 1
        acts = (*(a for a in case.acts if a.id != sanction.id), sanction)
        history = (*(a for a in case.history if a.id != sanction.id), sanction)
        case = evolve(case, acts=acts, history=history)
    return case


def put_sanction(
    this_pass: Pass,
    draft: Draft,
    policy: Policy,
    proposal: Proposal,
    cases: dict[str, Case],
    *,
    sitting: str | None = None,
) -> Sanction:
    """Put a proposal as a sanction; without approving bodies it is issued at once."""
    cited = sorted(f"{c.item}{c.rung}{c.cycle}" for c in proposal.citations)
    sanction = evolve(
        drawn_up(
            policy,
            proposal.kind,
            unit=proposal.unit,
            role=proposal.role,
            citations=proposal.citations,
            reason=proposal.reason,
            envelope=this_pass.envelope,
            key=(this_pass.settings.tenant, *cited),
        ),
        basis=proposal.basis or policy.basis,
        sitting=sitting,
        per_unit=proposal.per_unit,
        overtaken=proposal.overtaken,
    )
    made = put_proposal(
        this_pass.settings, this_pass.directory, draft, sanction, this_pass.envelope
    )
    if made.bodies:
        return made
    return issue(
        this_pass.settings, this_pass.directory, draft, made, cases, this_pass.envelope
    )


def _readmit(this_pass: Pass, draft: Draft, case: Case) -> Case:
    """Judged again, an item is no longer set aside."""
    if not case.item.quarantined:
        return case
    payload = Unquarantine(reason="judged again")
    event = _event(this_pass, case, "unquarantine", unstructure(payload))
    return _happened(this_pass, draft, case, event, ())


def set_aside(this_pass: Pass, draft: Draft, item: Item, fault: Exception) -> None:
    """Quarantine an item that could not be judged: backed off, counted, listed."""
    times = item.quarantined + 1
    wait = min(FIRST_BACKOFF * 2 ** (times - 1), LONGEST_BACKOFF)
    payload = Quarantine(error=_told(fault), until=this_pass.now + wait, times=times)
    event = Event(
        subject=Subject(SubjectKind.ITEM, item.id),
        seq=item.version + 1,
        action="quarantine",
        actor=ENGINE,
        effective_at=this_pass.now,
        recorded_at=this_pass.now,
        data=unstructure(payload),
    )
    after = evolve(item, quarantined=times, next_at=payload.until)
    draft.subject(event.subject, item.version, hot_columns(after), [event])


def _told(fault: Exception) -> str:
    """Word what a host's code raised, in characters that any store can keep."""
    said = f"{type(fault).__name__}: {fault}"[:500]
    return said.encode("utf-8", "backslashreplace").decode().replace("\0", "\\0")


def _event(this_pass: Pass, case: Case, action: str, data: dict[str, object]) -> Event:
    return Event(
        subject=Subject(SubjectKind.ITEM, case.item.id),
        seq=case.item.version + 1,
        action=action,
        actor=ENGINE,
        effective_at=case.at,
        recorded_at=this_pass.now,
        data=data,
    )


def _happened(
    this_pass: Pass,
    draft: Draft,
    case: Case,
    event: Event,
    notices: Sequence[tuple[int, Notice]],
) -> Case:
    workflow = this_pass.settings.workflow(case.item.workflow)
    folded = fold(workflow, Folded(item=case.item, facts=case.facts), [event])
    made = evolve(case, item=folded.item, events=(*case.events, event))
    return draft.item(made, case.item.version, [event], notices)
