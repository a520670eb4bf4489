"""Recourse 救济途径: which lawful step stops what is about to follow, and until when.

Nothing here is a table of rules beside the policy's. What would follow is judged at
the instant at which it would, once as things stand and once as the step would leave
them: a step stops what it turns round.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Final, Literal

from attrs import evolve, frozen

from duban_flow.domain.case import Case, Justification
from duban_flow.domain.codec import Value
from duban_flow.domain.instants import TICK
from duban_flow.domain.items import Submission
from duban_flow.domain.policies.decide import decide
from duban_flow.domain.policies.explain_rung import rung_told
from duban_flow.domain.policies.memory import marks
from duban_flow.domain.policies.model import Decision, Policy, SittingDay, Verdict
from duban_flow.domain.policies.speech import Speech
from duban_flow.domain.rights import HANDLING
from duban_flow.domain.sanctions import Sanction
from duban_flow.domain.supervision_time import last_asked, reach
from duban_flow.domain.time.extension import Extension
from duban_flow.domain.time.term import Term
from duban_flow.domain.units import Actor, Directory, Role
from duban_flow.domain.workflow import Availability
from duban_flow.engine.passing import lapsed
from duban_flow.engine.permitting import availability
from duban_flow.engine.settings import Settings
from duban_flow.errors import Reason

Step = Literal["submit", "justify", "request_extension", "object"]

OBJECTING: Final = Term.days(30)
"""How long a unit may object to a conclusion (政府督查工作条例, article 17)."""

_FOLLOWS: Final = (Verdict.FIRES, Verdict.UNSURE)


@frozen(kw_only=True)
class Pending(Value):
    """What follows if nobody acts 待执行事项: which rung, on whom, judged when.

    ``kind`` is the measure it proposes, empty where it only tells somebody; ``does``
    says it in words. It is not ``sure`` where the facts do not decide it and a person
    must.
    """

    rung: str
    kind: str = ""
    does: str = ""
    unit: str | None = None
    at: datetime
    sure: bool = True


@frozen(kw_only=True)
class Recourse(Value):
    """One lawful step 救济途径: by whom, until when, and what it stops.

    ``until`` is the last instant at which it may be taken and is in time for the first
    of what it ``stops``. ``reach`` is how far extensions may move due. ``allowed`` and
    ``reasons`` are about who asks; a step that is made ``outside`` cannot be taken
    here. ``sanction`` is the id of the measure objected to. ``lines`` tell it all.
    """

    action: Step
    by: tuple[str, ...]
    until: datetime | None = None
    stops: tuple[Pending, ...] = ()
    allowed: bool
    reasons: tuple[Reason, ...] = ()
    outside: bool = False
    sanction: str = ""
    reach: datetime | None = None
    lang: str = "zh"
    lines: tuple[str, ...] = ()

    def __str__(self) -> str:
        return "\n".join(self.lines)


@frozen(kw_only=True)
class Follows:
    """A decision that follows, what is told of it, and the marks borne by then."""

    decision: Decision
    told: Pending
    fired: tuple[str, ...]


@frozen(kw_only=True)
class Ahead:
    """What is ahead of a case: judged as of each instant, with a change or without."""

    settings: Settings
    policy: Policy
    case: Case
    lang: str

    @property
    def speech(self) -> Speech:
        """The words to tell it in."""
        return Speech(case=self.case, policy=self.policy, lang=self.lang)

    def pending(self) -> tuple[Follows, ...]:
        """List what would follow if nobody acted, in its order.

        What has fired by then is remembered, or it would overtake what comes after.
        """
        found: list[Follows] = []
        borne = self.case.item.fired
        for at, one in sorted(self._ahead(), key=lambda pair: (pair[0], pair[1].mark)):
            item = evolve(self.case.item, fired=borne)
            then = self._then(evolve(self.case, item=item), one, at)
            if then is None or then.verdict not in _FOLLOWS:
                continue
            told = Pending(
                rung=one.rung.key,
                kind=one.kind.key if one.kind else "",
                does=rung_told(self.speech, one).does,
                unit=one.unit,
                at=at,
                sure=then.verdict is Verdict.FIRES,
            )
            found.append(Follows(decision=one, told=told, fired=borne))
            borne = (*borne, *marks([then]))
        return tuple(found)

    def _ahead(self) -> Iterator[tuple[datetime, Decision]]:
        """Judge the case as it stands, and as it will once it is past due.

        Some rungs are about late matters only: on time, nobody would hear of them.
        """
        due, words = self.case.item.due, self.settings.vocabulary
        several = decide(self.case, self.policy, words)
        if due is not None and due.latest >= self.case.at:
            then = self._at(self.case, due.latest + TICK)
            several = (*several, *decide(then, self.policy, words))
        first = {(d.rung.key, d.slot): d for d in reversed(several)}
        for one in first.values():
            at = one.instant if one.verdict is Verdict.FIRES else one.until
            if at is not None:
                yield max(at, self.case.at), one

    def stopped(
        self, pending: Iterable[Follows], change: Callable[[Case], Case]
    ) -> tuple[Pending, ...]:
        """List what no longer follows once the case has been changed so."""
        kept = []
        for one in pending:
            item = evolve(self.case.item, fired=one.fired)
            changed = change(evolve(self.case, item=item))
            then = self._then(changed, one.decision, one.told.at)
            if then is None or then.verdict not in _FOLLOWS:
                kept.append(one.told)
        return tuple(kept)

    def _then(self, case: Case, one: Decision, at: datetime) -> Decision | None:
        """Judge a rung as the pass at that instant would."""
        then = self._at(case, at)
        sits = SittingDay(opened_at=at, judged_at=at) if one.rung.at.sitting else None
        words = self.settings.vocabulary
        judged = decide(then, self.policy, words, sitting=sits)
        same = (d for d in judged if (d.rung.key, d.slot) == (one.rung.key, one.slot))
        return next(same, None)

    def _at(self, case: Case, at: datetime) -> Case:
        """Give a case at a later instant, its lapse recorded as the pass would."""
        return lapsed(self.settings, evolve(case, at=at))


def recourse(
    settings: Settings,
    directory: Directory,
    case: Case,
    actor: Actor,
    lang: str = "zh",
) -> tuple[Recourse, ...]:
    """List the steps that stop something which is ahead of a case, or stands on it."""
    policy = settings.policy(case.item.policy)
    ahead = Ahead(settings=settings, policy=policy, case=case, lang=lang)
    pending = ahead.pending()
    ask = partial(availability, settings, directory, case, actor=actor)
    made = [*_here(ahead, pending, ask), *_objections(ahead, pending, actor)]
    zh = {n: a.zh for n, a in settings.workflow(case.item.workflow).actions.items()}
    return tuple(evolve(one, lang=lang, lines=_told(ahead, one, zh)) for one in made)


def _here(
    ahead: Ahead,
    pending: Sequence[Follows],
    ask: Callable[[str], Availability],
) -> Iterator[Recourse]:
    """Give the steps that are taken at a desk and stop something."""
    case, rule = ahead.case, ahead.policy.extension
    known = ahead.settings.workflow(case.item.workflow).actions
    for action, by, change in _steps(case):
        if action not in known or not by:
            continue
        stops = ahead.stopped(pending, change)
        if not stops:
            continue
        able, asks = ask(action), action == "request_extension"
        yield Recourse(
            action=action,
            by=by,
            until=_until(case, ahead.policy, action, stops),
            stops=stops,
            allowed=able.allowed,
            reasons=able.reasons,
            reach=reach(case.item, rule, case.calendar) if asks else None,
        )


def _until(
    case: Case, policy: Policy, action: Step, stops: Sequence[Pending]
) -> datetime:
    """Give the last instant of a step: the rule's, or that of what it is to stop."""
    first = min(one.at for one in stops)
    if action != "request_extension":
        return first
    last = last_asked(case.item, policy.extension, case.calendar)
    return first if last is None else min(first, last)


def _steps(
    case: Case,
) -> Iterator[tuple[Step, tuple[str, ...], Callable[[Case], Case]]]:
    """Give each step with who takes it, and what a case is once it has been taken."""
    item = case.item
    main = item.units(Role.LEAD, Role.RESPONSIBLE)
    handling = tuple(u for role in Role if role in HANDLING for u in item.units(role))
    handling = tuple(dict.fromkeys(handling))
    if item.submitted is None:
        yield "submit", main, partial(_submitted, unit=main[0] if main else "")
    for unit in handling:
        yield "justify", (unit,), partial(_excused, unit=unit)
    unit = handling[0] if handling else ""
    yield "request_extension", handling, partial(_asked, unit=unit)


def _submitted(case: Case, unit: str) -> Case:
    waiting = Submission(unit=unit, at=case.at)
    return evolve(case, item=evolve(case.item, submitted=waiting))


def _excused(case: Case, unit: str) -> Case:
    """The reason of a unit, accepted by somebody else."""
    made = Justification(
        unit=unit, reason="", given_by=unit, status="accepted", effective_at=case.at
    )
    several = (*case.facts.justifications, made)
    return evolve(case, facts=evolve(case.facts, justifications=several))


def _asked(case: Case, unit: str) -> Case:
    """A request that waits; how far it reaches decides nothing while it does."""
    item = case.item
    made = Extension(
        ordinal=len(item.extensions) + 1, unit=unit, asked_at=case.at, until=case.at
    )
    return evolve(case, item=evolve(item, extensions=(*item.extensions, made)))


def _objections(
    ahead: Ahead, pending: Sequence[Follows], actor: Actor
) -> Iterator[Recourse]:
    """Give the objection to each measure that stands on the item."""
    case = ahead.case
    for act in case.acts:
        if act.issued_at is None or not act.stands(case.at):
            continue
        until = OBJECTING.deadline(act.issued_at, case.calendar).latest
        reasons = tuple(_why_not(case, act, actor, until))
        yield Recourse(
            action="object",
            by=(act.unit,),
            until=until,
            stops=ahead.stopped(pending, partial(_without, act=act)),
            allowed=not reasons,
            reasons=reasons,
            outside=True,
            sanction=act.id,
        )


def _without(case: Case, act: Sanction) -> Case:
    """The case where a measure has been set aside."""
    gone = evolve(act, revoked_at=case.at)

    def kept(several: tuple[Sanction, ...]) -> tuple[Sanction, ...]:
        return tuple(gone if one.id == act.id else one for one in several)

    item = case.item
    acts = tuple(one for one in item.acts if one.sanction != act.id)
    return evolve(
        case,
        item=evolve(item, acts=acts),
        acts=kept(case.acts),
        history=kept(case.history),
    )


def _why_not(
    case: Case, act: Sanction, actor: Actor, until: datetime
) -> Iterator[Reason]:
    name = case.names.get(act.unit, act.unit)
    if actor.unit != act.unit:
        yield Reason(
            code="recourse.not_yours",
            en=f"Item {case.item.code}: {name} objects to {act.kind_name}, not "
            f"{actor.id}.",
            zh=f"事项{case.item.code}：应由{name}对{act.kind_name}提出异议，"
            f"不是{actor.id}。",
        )
    if case.at > until:
        yield Reason(
            code="recourse.late",
            en=f"Item {case.item.code}: the 30 days to object to {act.kind_name} "
            f"ended {until.isoformat()}.",
            zh=f"事项{case.item.code}：对{act.kind_name}提出异议的30日期限已过。",
        )


_EFFECTS: Final[dict[Step, tuple[str, str]]] = {
    "submit": (
        "审核答复之前，不提出：",
        "Until it is answered, these are not proposed:",
    ),
    "justify": (
        "理由经他人认定后，不再进行：",
        "Once somebody else has accepted the reason, these do not follow:",
    ),
    "request_extension": (
        "答复之前，不提出（同意后随新的时限重新计算）：",
        "Until it is answered, these are not proposed (granted, they move with due):",
    ),
    "object": (
        "经复核撤销后，不再进行：",
        "Where the measure is set aside, these do not follow:",
    ),
}


def _told(ahead: Ahead, one: Recourse, names: Mapping[str, str]) -> tuple[str, ...]:
    """Tell a step in lines: what, by whom and until when; whether; what it stops."""
    speech = ahead.speech
    who = speech.listed(map(speech.name, one.by))
    when = "" if one.until is None else speech.when(one.until)
    what = names.get(one.action, one.action) if speech.lang == "zh" else one.action
    if one.outside:
        acts = (act.kind_name for act in ahead.case.acts if act.id == one.sanction)
        kind = next(acts, "")
        what = speech.say(f"对{kind}提出异议", f"object to {kind}")
    what = what.replace("_", " ")
    lines = [
        speech.say(f"{what}：由{who}，至{when}。", f"{what}: {who}, until {when}.")
    ]
    lines += [f"  {line}" for line in _whether(speech, one)]
    if one.stops:
        lines.append("  " + speech.say(*_EFFECTS[one.action]))
    for stop in one.stops:
        moment = speech.when(stop.at)
        perhaps = "" if stop.sure else speech.say("（存疑）", " (not sure)")
        lines.append(
            speech.say(
                f"  - {moment}，“{stop.rung}”：{stop.does}{perhaps}",
                f"  - {moment}, {stop.rung!r}: {stop.does}{perhaps}",
            )
        )
    return tuple(lines)


def _whether(speech: Speech, one: Recourse) -> Iterator[str]:
    """Say whether the step may be taken now, where, and how far it reaches."""
    if one.outside:
        yield speech.say(
            "向作出决定的机关书面提出，不在本系统办理。",
            "It is made in writing to who decided, not here.",
        )
    if one.reach is not None:
        last = speech.when(one.reach)
        yield speech.say(f"累计最迟延至{last}。", f"Extensions reach {last} at most.")
    if one.allowed and not one.outside:
        yield speech.say("现在可以办理。", "It is possible now.")
    yield from (reason.text(speech.lang) for reason in one.reasons)
