"""Sanctions that rest on a date that was wrong 依据失实: judged again by the right one.

Each is judged as it was when it was proposed: by what had been recorded then, but by
the other edition of the calendar. Nothing is revoked here; a person does that.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from attrs import evolve, frozen

from duban_flow.domain.case import Case
from duban_flow.domain.codec import Value
from duban_flow.domain.due import due_of
from duban_flow.domain.fold import fold, overtaken
from duban_flow.domain.policies.decide import decide
from duban_flow.domain.policies.model import SittingDay, Verdict
from duban_flow.domain.sanctions import Citation, Sanction, Stage
from duban_flow.domain.time.calendar import WorkCalendar
from duban_flow.engine.loading import load_cases
from duban_flow.engine.ports import SanctionQuery, Work
from duban_flow.engine.sanctioning import BY_HAND
from duban_flow.engine.settings import Settings

STANDING = frozenset({Stage.PROPOSED, Stage.APPROVED, Stage.ISSUED})


@frozen(kw_only=True)
class Resting(Value):
    """A sanction that cites items whose date moves, and what is left of its grounds.

    ``codes`` are those items; for the ``unfounded`` among them it would not have been
    proposed. What a person proposed by hand no rule can judge again.
    """

    sanction: str
    kind_name: str
    unit: str
    stage: Stage
    codes: tuple[str, ...]
    unfounded: tuple[str, ...] = ()


def resting_on(
    settings: Settings,
    work: Work,
    moved: Iterable[str],
    calendars: Mapping[str, WorkCalendar],
    now: datetime,
) -> tuple[Resting, ...]:
    """List the sanctions that rest on dates of these items, each judged again.

    ``calendars`` are the new editions, by name.
    """
    ids = tuple(moved)
    found = work.sanctions(SanctionQuery(items=ids)) if ids else ()
    standing = [s for s in found if s.stage in STANDING and s.revocation is None]
    cited = dict.fromkeys(
        c.item for s in standing for c in s.citations if c.item in ids
    )
    cases = {
        case.item.id: case
        for case in load_cases(settings, work, work.items(cited).values(), now)
    }
    return tuple(
        Resting(
            sanction=one.id,
            kind_name=one.kind_name,
            unit=one.unit,
            stage=one.stage,
            codes=tuple(
                dict.fromkeys(c.code for c in one.citations if c.item in cases)
            ),
            unfounded=tuple(_unfounded(settings, work, one, cases, calendars)),
        )
        for one in standing
    )


def _unfounded(
    settings: Settings,
    work: Work,
    sanction: Sanction,
    cases: Mapping[str, Case],
    calendars: Mapping[str, WorkCalendar],
) -> Iterator[str]:
    at = _judged_at(work, sanction)
    for cited in sanction.citations:
        case = cases.get(cited.item)
        if case is None or cited.rung == BY_HAND:
            continue
        then = believed(settings, case, at, calendars[case.item.calendar])
        if not _fires(settings, then, sanction, cited):
            yield cited.code


def _judged_at(work: Work, sanction: Sanction) -> datetime:
    """Say by which instant it was judged: that of its sitting, where it had one."""
    sittings = work.sittings(sanction.policy) if sanction.sitting else ()
    judged = {held.id: held.judged_at for held in sittings}
    return judged.get(sanction.sitting or "", sanction.proposed_at)


def believed(
    settings: Settings, case: Case, at: datetime, calendar: WorkCalendar
) -> Case:
    """Give a case as it was known at an instant, had the calendar been this one."""
    workflow = settings.workflow(case.item.workflow)
    known = [e for e in case.events if e.recorded_at <= at]
    gone = overtaken(known)
    then = fold(workflow, None, [e for e in known if e.seq not in gone])
    due = due_of(then.item, calendar)
    item = evolve(then.item, policy=case.item.policy, due=due, fired=())
    if item.state in workflow.standings:
        item = evolve(item, state=workflow.standing(item, at))
    return evolve(
        case,
        item=item,
        at=at,
        calendar=calendar,
        facts=then.facts,
        events=tuple(known),
        acts=tuple(a for a in case.acts if a.proposed_at < at),
        history=tuple(a for a in case.history if a.proposed_at < at),
    )


def _fires(settings: Settings, case: Case, sanction: Sanction, cited: Citation) -> bool:
    """Whether the rung that cited an item fires on it still."""
    without = evolve(case, acts=tuple(a for a in case.acts if a.id != sanction.id))
    day = SittingDay(opened_at=case.at, judged_at=case.at)
    policy = settings.policy(sanction.policy)
    return any(
        one.verdict is Verdict.FIRES
        and (one.unit, one.role, one.rung.key)
        == (sanction.unit, sanction.role, cited.rung)
        for one in decide(without, policy, settings.vocabulary, sitting=day)
    )
