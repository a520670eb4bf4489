"""A claimed batch, judged item by item 逐件判定, each under its policy and sitting.

What raises is set aside by itself. A sitting judges by what had been recorded when it
was judged, so that where one batch ended and the next began cannot show in it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from attrs import evolve, frozen

from duban_flow.domain.case import Case
from duban_flow.domain.fold import fold, overtaken
from duban_flow.domain.policies.decide import decide
from duban_flow.domain.policies.judge import judge
from duban_flow.domain.policies.memory import judged_before, marks, sat, seen
from duban_flow.domain.policies.model import Policy, SittingDay
from duban_flow.domain.rows import judgement_rows
from duban_flow.domain.sanctions import Sitting
from duban_flow.engine import sitting as sittings
from duban_flow.engine.draft import Draft
from duban_flow.engine.passing import Pass, PassResults, pass_over, set_aside
from duban_flow.engine.ports import Work

Held = tuple[SittingDay, Sitting | None]
"""A sitting in prospect, with its row where it has been opened."""


@frozen
class ClaimedBatch:
    """Cases that were claimed together, and the draft that their passes fill."""

    this_pass: Pass
    work: Work
    draft: Draft
    found: PassResults

    def judge(self, cases: Sequence[Case], policies: Mapping[str, Policy]) -> None:
        """Judge each case under its policy, with the sitting that the policy holds."""
        settings, now = self.this_pass.settings, self.this_pass.now
        for key, policy in policies.items():
            held = sittings.prospect(settings, self.work, policy, now)
            self._under(policy, held, [c for c in cases if c.item.policy == key])

    def refuse(self, cases: Sequence[Case], unknown: Mapping[str, Exception]) -> None:
        """Set aside the cases whose policy the office was opened without."""
        for case in cases:
            if case.item.policy in unknown:
                self._aside(case, unknown[case.item.policy])

    def _under(self, policy: Policy, held: Held | None, cases: Sequence[Case]) -> None:
        rows = PassResults()
        for case in cases:
            day = held[0] if held is not None and _is_of(case, held[0]) else None
            self._one(policy, case, day, rows)
        if rows.judgements and held is not None:
            day, row = held
            ident = (
                row.id
                if row
                else sittings.put_opening(self.this_pass, self.draft, policy, day)
            )
            self.draft.rows.append(judgement_rows(ident, rows.judgements))
        self.found.counts.update(rows.counts)

    def _one(
        self, policy: Policy, case: Case, day: SittingDay | None, rows: PassResults
    ) -> None:
        trial, found = Draft(), PassResults()
        try:
            fired = case.item.fired
            if day is not None:
                fired = self._sit(policy, case, day, found)
            pass_over(self.this_pass, trial, case, policy, fired, found)
        except Exception as fault:  # noqa: BLE001  # a host's policy may raise anything
            self._aside(case, fault)
            return
        self.draft.take(trial)
        rows.counts.update(found.counts)
        rows.judgements += found.judgements
        self.found.continuing += found.continuing

    def _sit(
        self, policy: Policy, case: Case, day: SittingDay, found: PassResults
    ) -> tuple[str, ...]:
        """Judge a case at a sitting; give the marks that the item then bears."""
        words = self.this_pass.settings.vocabulary
        then = recorded_by(self.this_pass, case, day)
        decisions = decide(then, policy, words, sitting=day)
        rows, _ = judge(then, policy, words, day, decisions)
        found.judgements += rows
        # What fires without a sitting is the pass's own, which comes after.
        own = [d for d in decisions if d.rung.at.sitting or d.note == "overtaken"]
        kept = (*marks(own), sat(then, day), seen(then))
        return tuple(dict.fromkeys(filter(None, (*case.item.fired, *kept))))

    def _aside(self, case: Case, fault: Exception) -> None:
        set_aside(self.this_pass, self.draft, case.item, fault)
        self.found.counts["quarantined"] += 1


def recorded_by(this_pass: Pass, case: Case, day: SittingDay) -> Case:
    """Give a case as it was known when the sitting was judged.

    What was recorded after that shows as changed grounds to those who approve.
    """
    known = [e for e in case.events if e.recorded_at <= day.judged_at]
    if len(known) == len(case.events):
        return evolve(case, at=day.judged_at)
    gone = overtaken(known)
    workflow = this_pass.settings.workflow(case.item.workflow)
    then = fold(workflow, None, [e for e in known if e.seq not in gone])
    item = evolve(
        then.item,
        policy=case.item.policy,
        armed_from=case.item.armed_from,
        fired=case.item.fired,
    )
    return evolve(
        case,
        item=item,
        facts=then.facts,
        events=tuple(known),
        at=day.judged_at,
        acts=tuple(a for a in case.acts if a.proposed_at <= day.judged_at),
    )


def _is_of(case: Case, day: SittingDay) -> bool:
    """An item that was written down after a sitting opened waits for the next."""
    born = case.events[0].recorded_at if case.events else case.item.entered_at
    return born <= day.opened_at and not judged_before(case, day)
