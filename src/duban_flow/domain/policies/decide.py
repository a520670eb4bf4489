"""The judgement 判定: one Decision for each rung in scope and each party in its role.

Pure: the same case gives the same Decisions. It says what follows and why; it
writes nothing, tells nobody and moves nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from attrs import evolve, frozen

from duban_flow.domain.case import Case
from duban_flow.domain.due import stopped
from duban_flow.domain.instants import TICK, latest
from duban_flow.domain.policies.contest import contested
from duban_flow.domain.policies.logic import all_of
from duban_flow.domain.policies.memory import fired, inherited, judged_before
from duban_flow.domain.policies.model import (
    Decision,
    Kind,
    Policy,
    PolicyLike,
    Rung,
    SittingDay,
    Verdict,
    whole,
)
from duban_flow.domain.policies.occurrence import Occurrence, occurrences
from duban_flow.domain.policies.reason import reason_of
from duban_flow.domain.policies.sittings import sitting_after
from duban_flow.domain.policies.vocabulary import STANDARD, Vocabulary, ground
from duban_flow.domain.sanctions import Ground
from duban_flow.domain.units import Role

GONE = frozenset({"withdraw", "transfer_out"})
"""Endings after which nothing more is judged."""


@frozen(kw_only=True)
class Bench:
    """What every rung of one case is judged with."""

    case: Case
    policy: Policy
    vocabulary: Vocabulary
    sitting: SittingDay | None

    def horizon(self, rung: Rung) -> datetime:
        """The instant by which a rung must have ripened to be judged now."""
        if rung.at.sitting and self.sitting is not None:
            return self.sitting.opened_at
        return self.case.at

    def wait(self, rung: Rung, ripe: datetime | None) -> datetime | None:
        """The instant at which a rung that ripens then comes to be judged."""
        if ripe is None or not rung.at.sitting:
            return ripe
        if self.policy.sitting is None:
            return None
        return sitting_after(self.policy, ripe, self.case.meets_by)


@frozen(kw_only=True)
class Party:
    """Whom a rung is judged for: a place in a role, perhaps filled by nobody."""

    slot: str = "-"
    role: Role | None = None
    unit: str | None = None


def decide(
    case: Case,
    policy: PolicyLike,
    vocabulary: Vocabulary = STANDARD,
    *,
    sitting: SittingDay | None = None,
) -> tuple[Decision, ...]:
    """Judge every rung of a policy for a case, as of ``case.at`` 判定.

    With *sitting* it judges the rungs that wait for one, those that had ripened when it
    opened; without, they wait. The pass that acts on the Decisions keeps
    :func:`marks` of them in ``item.fired``. A sitting judges a case once: asked again,
    its rungs wait for the next.
    """
    if sitting is not None and judged_before(case, sitting):
        sitting = None
    bench = Bench(
        case=case, policy=whole(policy), vocabulary=vocabulary, sitting=sitting
    )
    found = (
        _decision(bench, rung, party)
        for rung in policy.rungs(case.item, case.facts)
        for party in parties_of(case, rung)
    )
    return contested([d for d in found if d is not None], case.at)


def parties_of(case: Case, rung: Rung) -> tuple[Party, ...]:
    """List whom a rung is judged for; a role nobody fills gives one without a unit.

    The number of a party in its role never changes: who left keeps theirs.
    """
    if not rung.on:
        return (Party(),)
    found: list[Party] = []
    for role in rung.on:
        numbers = _numbers(case, role)
        named = [p.unit for p in case.item.parties.get(role, ())]
        found += [
            Party(slot=f"{role}#{numbers[unit]}", role=role, unit=unit)
            for unit in named
        ]
        if not named:
            found.append(Party(slot=f"{role}#0", role=role))
    return tuple(found)


def _numbers(case: Case, role: Role) -> dict[str, int]:
    past = [party for held, party in case.item.past_parties if held == role]
    born = latest(case.item.assigned_at)
    came = sorted(
        (party.since or born, party.unit)
        for party in (*past, *case.item.parties.get(role, ()))
    )
    first = dict.fromkeys(unit for _, unit in came)
    return {unit: place for place, unit in enumerate(first, 1)}


def flags(
    case: Case, policy: PolicyLike, vocabulary: Vocabulary = STANDARD
) -> tuple[str, ...]:
    """List what the case must be accounted for: flags that hold, or may hold."""
    return tuple(
        asked.text
        for asked in whole(policy).account_for
        if ground(asked, case, None, vocabulary).holds is not False
    )


def _decision(bench: Bench, rung: Rung, party: Party) -> Decision | None:
    """Judge one rung for one party; nothing where it is not about this case."""
    case = bench.case
    scope = [ground(c, case, party.unit, bench.vocabulary, "where") for c in rung.where]
    if all_of(g.holds for g in scope) is False:
        return None
    kind = bench.policy.kinds.get(rung.action)
    times = occurrences(
        rung, case, party.unit, bench.horizon(rung), sanctions=kind is not None
    )
    ripe = [o for o in times if o.ripe <= bench.horizon(rung)]
    ahead = next((o for o in times if o.ripe > bench.horizon(rung)), None)
    asked = [ground(c, case, party.unit, bench.vocabulary) for c in rung.when]
    base = Decision(
        rung=rung,
        slot=party.slot,
        unit=party.unit,
        role=party.role,
        cycle=ahead.cycle if ahead else "",
        memo=ahead.memo if ahead else "",
        verdict=Verdict.WAITS,
        kind=kind,
        instant=ahead.instant if ahead else None,
        until=bench.wait(rung, ahead.ripe if ahead else None),
        grounds=(*scope, *asked, *_nobody(kind, party)),
        note="ahead" if ahead else "no anchor",
    )
    for moment in _in_turn(rung, ripe):
        one = evolve(
            base, cycle=moment.cycle, memo=moment.memo, instant=moment.instant, note=""
        )
        decision = _done(bench, one, moment) or _judged(bench, one)
        if decision.verdict is not Verdict.DONE or rung.catch_up != "each":
            return decision
        base = decision
    return base


def _in_turn(rung: Rung, ripe: Sequence[Occurrence]) -> Sequence[Occurrence]:
    """Give the ripenings to judge: the last one, or each in order until one is open."""
    return ripe if rung.catch_up == "each" else ripe[-1:]


def _nobody(kind: Kind | None, party: Party) -> tuple[Ground, ...]:
    """A measure is on a unit, and what bears on a role on whoever fills it."""
    if party.unit is not None or (party.role is None and kind is None):
        return ()
    role = party.role or Role.RESPONSIBLE
    return (Ground(condition=f"on {role}", holds=False, scope="on"),)


def _done(bench: Bench, one: Decision, moment: Occurrence) -> Decision | None:
    """Say why nothing more follows in this cycle, where that is so."""
    case, item = bench.case, bench.case.item
    note = fired(case, one)
    if not note and item.closing is not None and item.closing.action in GONE:
        note = "withdrawn"
    if not note and _after_the_end(case, one, moment):
        note = "ended"
    note = note or _untimely(bench, one, moment)
    if not note and inherited(case, one):
        note = "inherited"
    return evolve(one, verdict=Verdict.DONE, note=note) if note else None


def _after_the_end(case: Case, one: Decision, moment: Occurrence) -> bool:
    """Whether the item had ended; a sitting looks at what had ripened before.

    Were what ripens later ripe too, it would depend on the day of the sweep whether
    a sitting sees a matter that has ended.
    """
    closing = case.item.closing
    if closing is None or case.item.open_at(case.at) is not False:
        return False
    return not one.rung.at.sitting or moment.ripe > latest(closing.at)


def _untimely(bench: Bench, one: Decision, moment: Occurrence) -> str:
    """Say why an instant does not count for this item, where it does not."""
    if not moment.born:
        return "before start"
    armed = bench.case.item.armed_from
    judged: datetime | None = moment.instant
    if one.rung.at.sitting:
        judged = bench.sitting.opened_at if bench.sitting else None
    if armed is not None and judged is not None and judged < armed:
        return "unarmed"
    if one.rung.catch_up != "skip_if_stale" or moment.stale is None:
        return ""
    return "stale" if bench.case.at >= moment.stale else ""


def _judged(bench: Bench, one: Decision) -> Decision:
    """Judge a rung that is ripe and open: it waits, fires, fails or is unsure."""
    item = bench.case.item
    pause = stopped(item, bench.case.at)
    if pause is not None:
        back = pause.planned if pause.end is None else pause.end
        return evolve(
            one, note="suspended", until=None if back is None else latest(back)
        )
    if one.rung.at.sitting and bench.sitting is None:
        following = bench.wait(one.rung, bench.case.at + TICK)
        return evolve(one, note="sitting", until=following)
    holds = all_of(g.holds for g in one.grounds)
    shield = "submitted" if item.submitted else "extending" if item.asked else ""
    if holds is not False and one.kind is not None and shield:
        return evolve(one, note=shield)
    reason = reason_of(one.rung.reason, bench.case, one.unit, one.role)
    if holds is True:
        if one.rung.action == "none":
            return evolve(one, verdict=Verdict.DONE, note="none")
        return evolve(one, verdict=Verdict.FIRES, reason=reason)
    verdict = Verdict.UNSURE if holds is None else Verdict.FAILS
    return evolve(one, verdict=verdict, reason=reason, until=_again(bench, one))


def _again(bench: Bench, one: Decision) -> datetime | None:
    """When a decision that failed comes up again of itself."""
    if one.rung.at.sitting:
        return bench.wait(one.rung, bench.case.at + TICK)
    return one.until
