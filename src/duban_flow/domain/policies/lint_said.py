"""How the linter words what it finds, in two languages."""

from __future__ import annotations

from collections.abc import Iterable

from duban_flow.domain.policies.lint_cells import Grid, State
from duban_flow.domain.policies.model import Policy, Rung
from duban_flow.errors import Problem


def finding(
    policy: Policy,
    rung: Rung | None,
    code: str,
    en: str,
    zh: str,
    *,
    said: str = "",
    wanted: str = "",
) -> Problem:
    """Make a finding, at the rung it speaks of or at the policy as a whole."""
    return Problem(
        code=f"lint.{code}",
        en=en,
        zh=zh,
        sheet=policy.id,
        row=rung.line if rung else None,
        column=rung.key if rung else "",
        said=said,
        wanted=wanted,
    )


def scope_text(grid: Grid, scopes: Iterable[State], lang: str = "en") -> str:
    """Say which matters, as a policy would: ``category in a, b``; all say nothing."""
    zh = lang == "zh"
    other = "其他" if zh else "any other"
    several = list(scopes)
    said = []
    for fact in several[0] if several else ():
        found = dict.fromkeys(scope[fact] for scope in several)
        if len(found) < len(grid.cells[fact]):
            words = [other if cell is None else str(cell) for cell in found]
            said.append(
                f"{fact} {'is' if len(words) == 1 else 'in'} "
                + ("、" if zh else ", ").join(words)
            )
    return ("；" if zh else "; ").join(said)
