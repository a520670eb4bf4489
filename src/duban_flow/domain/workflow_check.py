"""Whether a workflow can work 工作流检查, and how it is drawn: read off its table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from attrs import frozen

from duban_flow.domain.actions import STANDS, Action, State, Table
from duban_flow.errors import Reason


@frozen(kw_only=True)
class Blueprint:
    """A workflow's parts, for those who look at it as a whole."""

    name: str
    states: Mapping[str, State]
    actions: Mapping[str, Action[Any]]
    table: Table
    standings: tuple[str, ...] = ()

    @property
    def ends(self) -> frozenset[str]:
        """The states in which an item is no longer open."""
        return frozenset(s.name for s in self.states.values() if s.end)

    @property
    def firsts(self) -> tuple[str, ...]:
        """The states an item may be born in; there should be one."""
        return tuple(s.name for s in self.states.values() if s.first)


def faults(seen: Blueprint) -> list[Reason]:
    """Name everything that keeps a workflow from working; nothing means it can."""
    ways = {name: _ways(seen, name) for name in seen.states}
    reached = _closure(seen.firsts, ways)
    found = [_fault(seen, "first", str(len(seen.firsts)))] * (len(seen.firsts) != 1)
    found += [_fault(seen, "unreachable", s) for s in ways if s not in reached]
    found += [
        _fault(seen, "no_end", state)
        for state in ways
        if not seen.ends & _closure([state], ways)
    ]
    found += [
        _fault(seen, "no_role", action.name)
        for action in seen.actions.values()
        if not action.roles and not action.issued
    ]
    on_due = [a.name for a in seen.actions.values() if a.on_due]
    if len(on_due) > 1:
        found.append(_fault(seen, "on_due", ", ".join(on_due)))
    return found


_SAID: Final[Mapping[str, tuple[str, str]]] = {
    "first": ("it wants one first state and has {}", "应有一个起始状态，现有{}个"),
    "unreachable": ("no way leads to {}", "没有途径到达“{}”"),
    "no_end": ("from {} no way leads to an end", "从“{}”没有途径到达终结状态"),
    "no_role": ("nobody may perform {}", "没有任何角色可以做“{}”"),
    "on_due": ("more than one action is on_due: {}", "到期动作多于一个：{}"),
}


def _fault(seen: Blueprint, code: str, what: str) -> Reason:
    en, zh = _SAID[code]
    return Reason(
        code=f"workflow.{code}",
        en=f"Workflow {seen.name!r}: {en.format(what)}.",
        zh=f"工作流{seen.name}：{zh.format(what)}。",
    )


def _ways(seen: Blueprint, source: str) -> frozenset[str]:
    rows = [r for (s, _), several in seen.table.items() if s == source for r in several]
    return frozenset(row.dest for row in rows if row.dest is not None)


def _closure(start: Iterable[str], ways: Mapping[str, frozenset[str]]) -> set[str]:
    found, ahead = set(start), list(start)
    while ahead:
        new = ways[ahead.pop()] - found
        found |= new
        ahead += new
    return found


def diagram(seen: Blueprint) -> str:
    """Draw a workflow as a Mermaid state diagram; computed ways meet in one choice."""
    lines = ["stateDiagram-v2", *(f"    [*] --> {first}" for first in seen.firsts)]
    if seen.standings:
        lines.append("    state standing <<choice>>")
    lines += [f"    {a} --> {b}: {', '.join(w)}" for (a, b), w in _arrows(seen).items()]
    lines += [f"    standing --> {state}" for state in seen.standings]
    lines += [f"    {name} --> [*]" for name in sorted(seen.ends)]
    return "\n".join(lines)


def _arrows(seen: Blueprint) -> Mapping[tuple[str, str], list[str]]:
    arrows: dict[tuple[str, str], list[str]] = {}
    for (source, action), rows in seen.table.items():
        for row in rows:
            computed = any(name.startswith(STANDS) for name in row.guards)
            dest = "standing" if computed else row.dest
            if dest is not None and action not in arrows.get((source, dest), ()):
                arrows.setdefault((source, dest), []).append(action)
    return arrows
