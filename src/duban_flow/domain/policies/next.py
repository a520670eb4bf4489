"""The next instant 下次判定: when, at the earliest, any decision on a case can change.

One function computes what an item's ``next_at`` holds. It looks only at what time
itself can change: whoever records a fact has the item judged at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from math import floor
from typing import Final

from attrs import evolve

from duban_flow.domain.case import Case
from duban_flow.domain.continuing import continues_at
from duban_flow.domain.instants import DAY, TICK, day_start, latest
from duban_flow.domain.policies.decide import (
    GONE,
    Bench,
    decide,
    flags,
    parties_of,
)
from duban_flow.domain.policies.memory import seen
from duban_flow.domain.policies.model import (
    Condition,
    Decision,
    PolicyLike,
    Rung,
    Verdict,
    whole,
)
from duban_flow.domain.policies.occurrence import occurrences, resolves
from duban_flow.domain.policies.sittings import sitting_after
from duban_flow.domain.policies.vocabulary import STANDARD, Vocabulary

_WAITING: Final = frozenset({"sitting", "submitted", "extending", "suspended"})
"""Why a rung that has ripened is not judged yet, and will be at a sitting."""

LASTING: Final = frozenset(
    {"category", "source", "priority", "state", "held", "paused", "extending"}
    | {"excused", "met", "at_risk", "poor", "faulted", "ranked", "averaged"}
    | {"received", "gap", "rank", "rebaselined", "level", "streak"}
)
"""Words that only a recorded fact can change; all others may change with time."""


def next_at(
    case: Case,
    policy: PolicyLike,
    vocabulary: Vocabulary = STANDARD,
    decisions: Sequence[Decision] | None = None,
) -> datetime | None:
    """Give the first instant after ``case.at`` at which a decision can change.

    *decisions* are those just made of this very case; without them it judges. Nothing
    is given where nothing is ahead: an item that has ended is ahead of a sitting only,
    until one has seen it, and of the next occurrence where it recurs.
    """
    if decisions is None:
        decisions = decide(case, policy, vocabulary)
    closing = case.item.closing
    if closing is not None and closing.action in GONE:
        found: Iterable[datetime | None] = ()
    elif case.item.open_at(case.at) is False:
        found = (
            _sitting_for_ended(case, policy, vocabulary, decisions),
            _continuing(case),
        )
    else:
        found = _while_open(case, policy, vocabulary, decisions)
    return min((at for at in found if at is not None and at > case.at), default=None)


def next_pass(
    case: Case, policy: PolicyLike, vocabulary: Vocabulary = STANDARD
) -> datetime | None:
    """Give the instant of the next pass: at once, where something fires as it stands.

    So it is after a pass in which a rung that wants each of its cycles has fired once.
    One that waits for company (``at_least``) fires on until its act is there.
    """
    decisions = decide(case, policy, vocabulary)
    if any(one.fires_alone for one in decisions):
        return case.at + TICK
    return next_at(case, policy, vocabulary, decisions)


def _sitting_for_ended(
    case: Case,
    policy: PolicyLike,
    vocabulary: Vocabulary,
    decisions: Sequence[Decision],
) -> datetime | None:
    if whole(policy).sitting is None or seen(case) in case.item.fired:
        return None
    wanted = any(map(_ripe_for_sitting, decisions)) or flags(case, policy, vocabulary)
    return sitting_after(policy, case.at + TICK, case.meets_by) if wanted else None


def _continuing(case: Case) -> datetime | None:
    """When the next occurrence is to be opened; at once where that has come."""
    ripe = continues_at(case.item)
    return None if ripe is None else max(ripe, case.at + TICK)


def _ripe_for_sitting(one: Decision) -> bool:
    open_verdicts = (Verdict.FAILS, Verdict.UNSURE)
    waits = one.verdict is Verdict.WAITS and one.note in _WAITING
    return one.rung.at.sitting and (waits or one.verdict in open_verdicts)


def _while_open(
    case: Case,
    policy: PolicyLike,
    vocabulary: Vocabulary,
    decisions: Sequence[Decision],
) -> Iterator[datetime | None]:
    yield from (one.until for one in decisions)
    yield _continuing(case)
    yield from _dates(case)
    yield from _crossings(case, policy, decisions)
    judged = {(one.rung.key, one.slot) for one in decisions}
    bench = Bench(case=case, policy=whole(policy), vocabulary=vocabulary, sitting=None)
    for rung in policy.rungs(case.item, case.facts):
        if any(asked.fact not in LASTING for asked in rung.where):
            yield from _silent(bench, rung, judged)
    if bench.policy.sitting is not None:
        opening = sitting_after(policy, case.at + TICK, case.meets_by)
        # What is in order today may be late or short by the day of the sitting.
        then = evolve(case, at=opening)
        if any(map(_ripe_for_sitting, decisions)) or flags(then, policy, vocabulary):
            yield opening


def _dates(case: Case) -> Iterator[datetime | None]:
    """The item's own dates: where lateness begins, where a Span is passed."""
    item = case.item
    if item.due is not None:
        yield item.due.latest + TICK
        yield from resolves(item.due.when)
    if item.closing is not None:
        yield from resolves(item.closing.at)
    if item.suspended_until is not None:
        yield latest(item.suspended_until)


def _silent(
    bench: Bench, rung: Rung, judged: set[tuple[str, str]]
) -> Iterator[datetime | None]:
    """A rung that is not about the item today, where time can bring it into scope."""
    for party in parties_of(bench.case, rung):
        if (rung.key, party.slot) not in judged:
            times = occurrences(
                rung,
                bench.case,
                party.unit,
                bench.case.at,
                sanctions=rung.action in bench.policy.kinds,
            )
            yield from (bench.wait(rung, o.ripe) for o in times)


def _crossings(
    case: Case, policy: PolicyLike, decisions: Sequence[Decision]
) -> Iterator[datetime]:
    """Days on which a count of days past due, or a month, turns a condition round."""
    settled = {
        (one.rung.key, text)
        for one in decisions
        if one.verdict in (Verdict.DONE, Verdict.FIRES)
        for text in (c.text for c in one.rung.when)
    }
    for rung in policy.rungs(case.item, case.facts):
        for asked in (*rung.where, *rung.when):
            if (rung.key, asked.text) not in settled:
                yield from _crossing(case, asked)
    for asked in whole(policy).account_for:
        yield from _crossing(case, asked)


def _crossing(case: Case, asked: Condition) -> Iterator[datetime]:
    calendar = case.calendar
    if asked.running_unit == "month" or "year" in asked.arguments:
        first = calendar.day_of(case.at + TICK).replace(day=1)
        following = (first + 31 * DAY).replace(day=1)
        yield day_start(following, calendar.tz)
        yield day_start(following, calendar.tz) + TICK
    if asked.fact != "overrun" or case.item.due is None or asked.limit is None:
        return
    least = max(floor(asked.limit), 0)
    for reading in {case.item.due.earliest, case.item.due.latest}:
        due = calendar.day_of(reading)
        for n in (least, least + 1):
            if asked.unit == "workday":
                days = calendar.workday_range(due, n)
            else:
                days = (calendar.days_after(due, n),) * 2
            # A day counts once it has begun: its 00:00 still closes the day before.
            yield from (day_start(day, calendar.tz) + TICK for day in days)
