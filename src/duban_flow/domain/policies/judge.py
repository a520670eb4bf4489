"""A sitting's judgement of one case: the rows it writes and what the item remembers.

Rows of any number of batches and workers come to the same proposals, because
nothing here looks at another item.
"""

from __future__ import annotations

from collections.abc import Sequence

from attrs import evolve

from duban_flow.domain.case import Case
from duban_flow.domain.policies.decide import decide, flags
from duban_flow.domain.policies.memory import judged_before, marks, sat, seen
from duban_flow.domain.policies.model import (
    Decision,
    Judgement,
    PolicyLike,
    SittingDay,
    Verdict,
)
from duban_flow.domain.policies.vocabulary import Vocabulary
from duban_flow.domain.sanctions import Ground
from duban_flow.domain.units import Role

_OPEN = (Verdict.FIRES, Verdict.FAILS, Verdict.UNSURE)


def judge(
    case: Case,
    policy: PolicyLike,
    vocabulary: Vocabulary,
    sitting: SittingDay,
    decisions: Sequence[Decision] | None = None,
) -> tuple[tuple[Judgement, ...], tuple[str, ...]]:
    """Judge a case at a sitting 研究: its rows, and the marks the item must keep.

    *decisions* are those of the same pass, made with the same *sitting*. A case that
    this sitting has judged before, or that an earlier one has seen since it ended,
    gives nothing. The marks are all that the pass leaves behind, those of rungs without
    a sitting included.
    """
    if judged_before(case, sitting):
        return (), ()
    if decisions is None:
        decisions = decide(case, policy, vocabulary, sitting=sitting)
    kept = (*marks(decisions), *filter(None, (sat(case, sitting), seen(case))))
    return rows_of(case, decisions, flags(case, policy, vocabulary)), kept


def rows_of(
    case: Case, decisions: Sequence[Decision], flagged: Sequence[str] = ()
) -> tuple[Judgement, ...]:
    """Put decisions on measures into rows, as :func:`propose` wants them.

    An item that carries a flag gets a row for every rung that bears on it, so that
    the reason why not can be told; without any such rung, one row that says so.
    """
    bearing = [d for d in decisions if d.kind is not None or d.rung.action == "none"]
    wanted = [d for d in bearing if flagged or _judged_here(d)]
    rows = [_row(case, _settled(d), flagged) for d in wanted]
    if flagged and not rows:
        rows = [_bare(case, flagged)]
    return tuple(rows)


def proposed_now(case: Case, decisions: Sequence[Decision]) -> tuple[Judgement, ...]:
    """Give the rows of measures that fire without a sitting, to be proposed at once."""
    return tuple(
        _row(case, d, ())
        for d in decisions
        if d.kind is not None and not d.rung.at.sitting and d.verdict is Verdict.FIRES
    )


def _judged_here(one: Decision) -> bool:
    return one.rung.at.sitting and one.verdict in _OPEN


def _settled(one: Decision) -> Decision:
    """What fires without a sitting is proposed by its own pass, not by the sitting."""
    if one.verdict is Verdict.FIRES and not one.rung.at.sitting:
        return evolve(one, verdict=Verdict.DONE, note="fired")
    return one


def _row(case: Case, one: Decision, flagged: Sequence[str]) -> Judgement:
    item = case.item
    return Judgement(
        item=item.id,
        code=item.code,
        title=item.title,
        unit=one.unit,
        role=one.role,
        rung=one.rung.key,
        kind=one.kind.key if one.kind else "",
        cycle=one.cycle,
        verdict=one.verdict,
        grounds=(*one.grounds, *_why(case, one)),
        reason=one.reason,
        flags=tuple(flagged),
    )


def _why(case: Case, one: Decision) -> tuple[Ground, ...]:
    """Tell as a ground what no condition asked: that it is not time, or was done."""
    if one.verdict not in (Verdict.WAITS, Verdict.DONE):
        return ()
    found = one.note
    if one.note == "ahead" and one.instant is not None:
        found = case.calendar.day_of(one.instant).isoformat()
    scope = "at" if one.note in ("ahead", "no anchor") else "note"
    asked = one.rung.at.text if scope == "at" else one.note
    return (Ground(condition=asked, holds=False, found=found, scope=scope),)


def _bare(case: Case, flagged: Sequence[str]) -> Judgement:
    item = case.item
    named = item.units(Role.RESPONSIBLE, Role.LEAD)
    return Judgement(
        item=item.id,
        code=item.code,
        title=item.title,
        unit=named[0] if named else None,
        role=None,
        rung="",
        kind="",
        cycle="",
        verdict=Verdict.FAILS,
        grounds=(Ground(condition="rung", holds=False, scope="note"),),
        flags=tuple(flagged),
    )
