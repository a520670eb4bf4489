"""What must hold before a deadline is moved: pauses, and extensions by their rule.

Guards of the workflow of supervision; each gives the reason why not. What the policy
says of extensions comes with the attempt.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from attrs import evolve

from duban_flow.domain.due import due_of, named, stopped
from duban_flow.domain.instants import earliest, latest
from duban_flow.domain.items import Item
from duban_flow.domain.time.calendar import WorkCalendar
from duban_flow.domain.time.extension import Day, ExtensionRule
from duban_flow.domain.time.offset import Offset, shift
from duban_flow.domain.time.telling import instant_text
from duban_flow.domain.time.term import Term
from duban_flow.domain.units import Role
from duban_flow.domain.workflow import Attempt, guard
from duban_flow.errors import Reason

NO_RULE: Final = ExtensionRule()
"""Where a policy says nothing: the supervising unit grants, asked for before due."""


@guard("one_pause")
def one_pause(attempt: Attempt) -> Reason | None:
    """Only one pause runs at a time; one that is over may be written down any time."""
    item = attempt.case.item
    running = item.pause
    if getattr(attempt.payload, "resumed", None) is not None or running is None:
        return None
    if not running.runs_at(attempt.case.at):
        return None
    return Reason(
        code="suspend.paused",
        en=f"Item {item.code}: pause {running.ordinal} runs since "
        f"{earliest(running.since).isoformat()}.",
        zh=f"事项{item.code}已在中止（第{running.ordinal}次）。",
    )


@guard("stops_now")
def stops_now(attempt: Attempt) -> Reason | None:
    """Handling stops where a pause runs that began before due; past due it is noted."""
    item, at = attempt.after or attempt.case.item, attempt.case.at
    if stopped(item, at) is not None:
        return None
    if any(pause.runs_at(at) for pause in item.pauses):
        en = f"Item {item.code} was past due when the pause began; it is only noted."
        zh = f"事项{item.code}中止时已逾期，仅作记录。"
    else:
        en, zh = f"Item {item.code}: no pause runs.", f"事项{item.code}没有在中止。"
    return Reason(code="suspend.noted", en=en, zh=zh)


@guard("pause_runs")
def pause_runs(attempt: Attempt) -> Reason | None:
    """Only a pause that has not been ended can be."""
    item = attempt.case.item
    if item.pause is not None:
        return None
    return Reason(
        code="resume.none",
        en=f"Item {item.code}: no pause runs.",
        zh=f"事项{item.code}没有在中止。",
    )


def last_asked(
    item: Item, rule: ExtensionRule | None, calendar: WorkCalendar
) -> datetime | None:
    """Give the last instant at which more time may be asked for.

    Nothing bounds it without a deadline, or while nobody can say when a pause ends.
    """
    window = (rule or NO_RULE).window
    if item.due is None or item.due.deferred:
        return None
    if window is None:
        return item.due.latest
    return earliest(shift(item.due.latest, -abs(window.n), window.unit, calendar))


def reach(
    item: Item, rule: ExtensionRule | None, calendar: WorkCalendar
) -> datetime | None:
    """Give the last instant to which extensions may move due, where a rule caps it."""
    most = (rule or NO_RULE).max_total
    first = due_of(evolve(item, extensions=()), calendar)
    if most is None or first is None:
        return None
    return latest(shift(first.latest, most.n, most.unit, calendar))


@guard("pause_stands")
def pause_stands(attempt: Attempt) -> Reason | None:
    """Only a pause that stands in the ledger can be taken out of the reckoning."""
    item = attempt.case.item
    if any(not pause.annulled for pause in item.pauses):
        return None
    return Reason(
        code="annul.none",
        en=f"Item {item.code}: there is no pause to annul.",
        zh=f"事项{item.code}没有可撤销的中止。",
    )


@guard("in_time")
def in_time(attempt: Attempt) -> Reason | None:
    """More time is asked for before due, and as long before it as the rule says."""
    item, calendar = attempt.case.item, attempt.case.calendar
    if item.due is None:
        return Reason(
            code="extension.no_due",
            en=f"Item {item.code} has no deadline that could be extended.",
            zh=f"事项{item.code}没有办理时限，无从延期。",
        )
    window = (attempt.rule or NO_RULE).window
    last = last_asked(item, attempt.rule, calendar)
    asked = attempt.case.at if attempt.effective_at is None else attempt.effective_at
    if last is None or latest(asked) <= last:
        return None
    ahead = "" if window is None else _told(window)
    return Reason(
        code="extension.late",
        en=f"Item {item.code}: an extension is asked for by "
        f"{instant_text(last, calendar.zone, 'en')}; it was asked for "
        f"{instant_text(latest(asked), calendar.zone, 'en')}.",
        zh=f"事项{item.code}：延期须在{'时限届满前' + ahead if ahead else '时限届满前'}"
        f"（{instant_text(last, calendar.zone)}）申请。",
    )


@guard("one_request")
def one_request(attempt: Attempt) -> Reason | None:
    """One request waits at a time."""
    waiting = attempt.case.item.asked
    if waiting is None:
        return None
    return Reason(
        code="extension.asked",
        en=f"Item {attempt.case.item.code}: the request of "
        f"{_named(attempt, waiting.unit)} waits for an answer.",
        zh=f"事项{attempt.case.item.code}：{_named(attempt, waiting.unit)}的"
        "延期申请尚未答复。",
    )


@guard("request_waits")
def request_waits(attempt: Attempt) -> Reason | None:
    """There must be a request that waits for an answer."""
    if attempt.case.item.asked is not None:
        return None
    return Reason(
        code="extension.none",
        en=f"Item {attempt.case.item.code}: no request for an extension waits.",
        zh=f"事项{attempt.case.item.code}：没有待答复的延期申请。",
    )


@guard("own_request")
def own_request(attempt: Attempt) -> Reason | None:
    """Who asked takes the request back, nobody else."""
    waiting = attempt.case.item.asked
    if waiting is None or attempt.actor.unit == waiting.unit:
        return None
    asked, other = _named(attempt, waiting.unit), _actor(attempt)
    return Reason(
        code="extension.not_yours",
        en=f"Item {attempt.case.item.code}: {asked} asked, not {other}.",
        zh=f"事项{attempt.case.item.code}：延期由{asked}申请，{other}不得撤回。",
    )


def _named(attempt: Attempt, unit: str) -> str:
    """Name a unit as people do; its code stands for it where it is not known."""
    return attempt.case.names.get(unit, unit)


def _actor(attempt: Attempt) -> str:
    unit = attempt.actor.unit
    return attempt.actor.id if unit is None else _named(attempt, unit)


@guard("not_own_request")
def not_own_request(attempt: Attempt) -> Reason | None:
    """Nobody decides on their own request: per person and per unit."""
    item, waiting = attempt.case.item, attempt.case.item.asked
    if waiting is None:
        return None
    asked = [e for e in attempt.case.events if e.action == "request_extension"]
    persons = asked[-1].persons if asked else frozenset[str]()
    if attempt.actor.unit != waiting.unit and not attempt.actor.persons & persons:
        return None
    return Reason(
        code="duty.own_request",
        en=f"Item {item.code}: {attempt.actor.id} may not decide on its own request.",
        zh=f"事项{item.code}：{attempt.actor.id}不得批准自己的延期申请。",
    )


@guard("not_own_matter")
def not_own_matter(attempt: Attempt) -> Reason | None:
    """Nobody sets a date outside the rule for a matter of their own, or one asked for.

    Per unit that handles it, and per person who ever asked.
    """
    item = attempt.case.item
    asked = [e for e in attempt.case.events if e.action == "request_extension"]
    persons = frozenset[str]().union(*(e.persons for e in asked))
    handles = item.units(Role.LEAD, Role.RESPONSIBLE, Role.ASSISTING)
    if attempt.actor.unit not in handles and not attempt.actor.persons & persons:
        return None
    return Reason(
        code="duty.own_matter",
        en=f"Item {item.code}: {attempt.actor.id} may not set a date outside the rule "
        "for a matter of its own.",
        zh=f"事项{item.code}：{attempt.actor.id}不得为自己承办或申请的事项特批延期。",
    )


@guard("may_grant")
def may_grant(attempt: Attempt) -> Reason | None:
    """The policy says who grants; where it does not, the supervising unit does."""
    rule = attempt.rule or NO_RULE
    by = rule.by or (str(Role.SUPERVISING),)
    names = attempt.relations | {attempt.actor.unit or ""}
    names |= {attempt.case.names.get(attempt.actor.unit or "", "")}
    if names & set(by):
        return None
    roles = {role.value: role.zh for role in Role}
    granting = "、".join(roles.get(word, word) for word in by)
    return Reason(
        code="extension.by",
        en=f"Item {attempt.case.item.code}: extensions are granted by "
        f"{', '.join(by)}, not by {_actor(attempt)}.",
        zh=f"事项{attempt.case.item.code}：延期由{granting}批准，"
        f"{_actor(attempt)}无权批准。",
    )


@guard("later_than_due")
def later_than_due(attempt: Attempt) -> Reason | None:
    """An extension moves the date later, never earlier."""
    item, until = attempt.case.item, _until(attempt)
    if until is None or item.due is None:
        return None
    calendar = attempt.case.calendar
    asked, due_at = _instant(until, item, calendar), _stands(attempt)
    if due_at is None or asked > due_at:
        return None
    return Reason(
        code="extension.earlier",
        en=f"Item {item.code}: an extension until "
        f"{instant_text(asked, calendar.zone, 'en')} is no later than due, "
        f"{instant_text(due_at, calendar.zone, 'en')}.",
        zh=f"事项{item.code}：延期至{instant_text(asked, calendar.zone)}"
        f"不晚于现时限{instant_text(due_at, calendar.zone)}。",
    )


def _stands(attempt: Attempt) -> datetime | None:
    """Give where due stands; while it is open, where it would if handling went on."""
    item, now = attempt.case.item, attempt.case.at
    ended = tuple(
        evolve(p, until=now) if p.end is None and p.runs_at(now) else p
        for p in item.pauses
    )
    due = item.due
    if due is not None and due.deferred:
        due = due_of(evolve(item, pauses=ended), attempt.case.calendar)
    return None if due is None else due.latest


@guard("chased_ahead")
def chased_ahead(attempt: Attempt) -> Reason | None:
    """Reminders follow a date that lies ahead: one that is past would remind nobody."""
    item, until = attempt.case.item, _until(attempt)
    if until is None:
        return None
    calendar, told = attempt.case.calendar, attempt.effective_at or attempt.case.at
    wanted = _instant(until, item, calendar)
    if wanted > latest(told):
        return None
    return Reason(
        code="chase.past",
        en=f"Item {item.code}: reminders cannot follow "
        f"{instant_text(wanted, calendar.zone, 'en')}, which is past.",
        zh=f"事项{item.code}：催办日期{instant_text(wanted, calendar.zone)}已过。",
    )


@guard("within_count")
def within_count(attempt: Attempt) -> Reason | None:
    """The rule caps how often one is granted; what was overridden does not count."""
    item, rule = attempt.case.item, attempt.rule or NO_RULE
    given = sum(e.status == "granted" and not e.override for e in item.extensions)
    if rule.max_count is None or given < rule.max_count:
        return None
    return Reason(
        code="extension.count",
        en=f"Item {item.code}: {given} extensions were granted; the policy allows "
        f"{rule.max_count}.",
        zh=f"事项{item.code}：已延期{given}次，规定最多{rule.max_count}次。",
    )


@guard("within_total")
def within_total(attempt: Attempt) -> Reason | None:
    """The rule caps how far all extensions together move the due before them."""
    item, until = attempt.case.item, _until(attempt)
    rule, calendar = attempt.rule or NO_RULE, attempt.case.calendar
    last = reach(item, rule, calendar)
    if rule.max_total is None or until is None or last is None:
        return None
    asked = _instant(until, item, calendar)
    if asked <= last:
        return None
    most = _told(rule.max_total)
    return Reason(
        code="extension.total",
        en=f"Item {item.code}: extensions reach {rule.max_total} at most, until "
        f"{instant_text(last, calendar.zone, 'en')}; "
        f"{instant_text(asked, calendar.zone, 'en')} was given.",
        zh=f"事项{item.code}：延期累计不得超过{most}"
        f"（至{instant_text(last, calendar.zone)}），"
        f"不能延至{instant_text(asked, calendar.zone)}。",
    )


def _told(distance: Offset) -> str:
    return Term(unit=distance.unit, count=abs(distance.n)).describe()


def _until(attempt: Attempt) -> Day | None:
    found: Day | None = getattr(attempt.payload, "until", None)
    return found


def _instant(until: Day, item: Item, calendar: WorkCalendar) -> datetime:
    return named(item, until).deadline(item.assigned_at, calendar).latest
