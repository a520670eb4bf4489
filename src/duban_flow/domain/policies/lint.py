"""The policy linter 升级规则检查: holes, dead rungs and rungs that say too much.

It never judges an item: it asks, cell by cell, what the rungs can tell apart. What
it finds is advice to the author, each finding under a stable code. A hole that is
meant is said by a rung whose action is ``none``.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from duban_flow.domain.policies.lint_cells import Grid, conditions
from duban_flow.domain.policies.lint_dates import before_birth
from duban_flow.domain.policies.lint_holes import silenced, too_wide, uncovered
from duban_flow.domain.policies.lint_posts import nobody_to_tell
from duban_flow.domain.policies.lint_rungs import no_rung_ahead, shadowed, unreachable
from duban_flow.domain.policies.model import Policy
from duban_flow.domain.policies.vocabulary import STANDARD, Vocabulary
from duban_flow.domain.time.calendar import WorkCalendar
from duban_flow.domain.time.term import Term
from duban_flow.domain.units import Directory
from duban_flow.errors import Invalid, Problem


def lint(
    policy: Policy,
    *,
    workflow_actions: Collection[str] | None = None,
    categories: Mapping[str, Term | None] | None = None,
    directory: Directory | None = None,
    calendar: WorkCalendar | None = None,
    vocabulary: Vocabulary = STANDARD,
) -> tuple[Problem, ...]:
    """Find what a policy says by mistake, or forgets to say.

    ``categories`` are those the office has, each with its usual term; without them
    those that the policy names are taken, and any other. Posts are checked against a
    directory, births on a calendar, what kinds move against the workflow's actions.

    Raises:
        Invalid: a condition asks for a word that the vocabulary does not have.

    >>> from duban_flow.domain.policies.plain import PLAIN
    >>> lint(PLAIN)
    ()
    """
    _check_words(policy, vocabulary)
    several = categories or {}
    grid = Grid.of(policy, vocabulary, several)
    found = [
        *uncovered(grid),
        *silenced(grid),
        *unreachable(grid, workflow_actions),
        *shadowed(grid),
        *too_wide(grid),
        *no_rung_ahead(grid, several),
        *before_birth(grid, several, calendar),
        *nobody_to_tell(grid, directory),
    ]
    return tuple(sorted(found, key=lambda p: p.row or 0))


def _check_words(policy: Policy, vocabulary: Vocabulary) -> None:
    """Refuse a policy that speaks with words of a host's own that were not given."""
    asked = [(rung, c.fact) for rung in policy.rung for c in conditions(rung)]
    problems = [
        Problem(
            code="lint.vocabulary",
            en=f"The vocabulary has no word {word!r}: pass vocabulary= with it",
            zh=f"条件词表中没有“{word}”，请以vocabulary=传入含有该词的词表",
            sheet=policy.id,
            row=rung.line,
            column=rung.key,
        )
        for rung, word in asked
        if word not in vocabulary
    ]
    if problems:
        raise Invalid("", *problems)
