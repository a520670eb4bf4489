"""What a sitting comes to 研究结果: measures to propose, and why the rest is spared.

Both functions are pure and sort what they are given: the order of the rows, and how
they were split into batches, cannot show in the result.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from attrs import evolve, frozen

from duban_flow.domain.codec import Value
from duban_flow.domain.policies.explain_text import ground_text, joined
from duban_flow.domain.policies.model import (
    Judgement,
    Kind,
    Policy,
    PolicyLike,
    Rung,
    Verdict,
    whole,
)
from duban_flow.domain.sanctions import Citation, Ground, NotSanctioned, Unsure
from duban_flow.domain.units import Role

NO_UNIT: Final = "未明确责任单位"


@frozen(kw_only=True)
class Proposal(Value):
    """A measure to be proposed 拟予措施: on a unit in a role, citing items.

    ``overtaken`` are lower measures on the same items that this one stands for.
    """

    kind: str
    unit: str
    role: Role
    rung: str
    citations: tuple[Citation, ...]
    reason: str = ""
    basis: tuple[str, ...] = ()
    per_unit: bool = False
    overtaken: tuple[Citation, ...] = ()


def propose(
    judgements: Iterable[Judgement], policy: PolicyLike
) -> tuple[Proposal, ...]:
    """Turn the rows that fire into measures 拟予问责.

    Each unit gets, per item and role, only its highest kind within a ladder. Rungs
    ``per = "unit"`` put one unit's matters into one measure, if there are enough.
    """
    said = whole(policy)
    firing = _enough(_firing(judgements, said), said)
    winners, losers = _highest(firing, said)
    groups: dict[tuple[str, ...], list[Judgement]] = {}
    for row in winners:
        group = "" if _per_unit(row, said) else row.item
        groups.setdefault(
            (row.kind, row.unit or "", _role(row), row.rung, group), []
        ).append(row)
    made = [_proposal(rows, losers, said) for rows in groups.values()]
    return tuple(sorted(made, key=lambda p: _standing(p, said)))


def account(
    judgements: Iterable[Judgement],
    proposals: Sequence[Proposal],
    policy: PolicyLike,
) -> tuple[tuple[NotSanctioned, ...], tuple[Unsure, ...]]:
    """Say of every flagged item that no proposal cites why not 未予问责及原因.

    An item is cited, or unsure, or has its reasons: never two of them for the same
    party, never none. Items with the same unit, grounds and reason share one record.
    """
    said = whole(policy)
    rows = _sorted(judgements)
    cited = {c.item for p in proposals for c in p.citations}
    open_rows = _undecided(rows, proposals, said)
    doubtful = {row.item for row in open_rows}
    spared: dict[tuple[str, str | None], list[Judgement]] = {}
    for row in rows:
        if row.flags and row.item not in cited and row.item not in doubtful:
            spared.setdefault((row.item, row.unit), []).append(row)
    left = _named_only(spared)
    records = _records([_spared(several, said) for several in left.values()])
    return records, tuple(map(_unsure, open_rows))


def _sorted(judgements: Iterable[Judgement]) -> list[Judgement]:
    """One row of each key, in an order that depends on nothing else."""
    unique = {_key(row): row for row in sorted(judgements, key=repr)}
    return [unique[key] for key in sorted(unique)]


def _key(row: Judgement) -> tuple[str, ...]:
    return (row.code, row.item, row.unit or "", _role(row), row.rung, row.cycle)


def _role(row: Judgement) -> str:
    return row.role.value if row.role else ""


def _rung(row: Judgement, policy: Policy) -> Rung | None:
    return next((r for r in policy.rung if r.key == row.rung), None)


def _per_unit(row: Judgement, policy: Policy) -> bool:
    rung = _rung(row, policy)
    return rung is not None and rung.per == "unit"


def _firing(judgements: Iterable[Judgement], policy: Policy) -> list[Judgement]:
    return [
        row
        for row in _sorted(judgements)
        if row.verdict is Verdict.FIRES
        and row.unit is not None
        and row.role is not None
        and row.kind in policy.kinds
    ]


def _enough(firing: Sequence[Judgement], policy: Policy) -> list[Judgement]:
    """Leave out what would need more matters of the same unit than there are."""
    counted: dict[tuple[str, ...], int] = {}
    for row in firing:
        group = (row.rung, row.unit or "", _role(row))
        counted[group] = counted.get(group, 0) + 1
    kept = []
    for row in firing:
        rung = _rung(row, policy)
        least = rung.at_least if rung is not None and rung.per == "unit" else 1
        if counted[row.rung, row.unit or "", _role(row)] >= least:
            kept.append(row)
    return kept


def _highest(
    firing: Sequence[Judgement], policy: Policy
) -> tuple[list[Judgement], dict[tuple[str, ...], list[Judgement]]]:
    """Part the rows into the highest of each item, party and ladder, and others."""
    order = {rung.key: place for place, rung in enumerate(policy.rung)}
    contests: dict[tuple[str, ...], list[Judgement]] = {}
    for row in firing:
        contests.setdefault(_contest(row, policy.kinds[row.kind]), []).append(row)
    winners, losers = [], {}
    for contest, rows in contests.items():
        ranked = sorted(
            rows,
            key=lambda r: (-policy.kinds[r.kind].level, order.get(r.rung, 0), _key(r)),
        )
        winners.append(ranked[0])
        losers[contest] = ranked[1:]
    return winners, losers


def _contest(row: Judgement, kind: Kind) -> tuple[str, ...]:
    return (row.item, row.unit or "", _role(row), kind.ladder)


def _proposal(
    rows: Sequence[Judgement],
    losers: Mapping[tuple[str, ...], Sequence[Judgement]],
    policy: Policy,
) -> Proposal:
    first = rows[0]
    kind, rung = policy.kinds[first.kind], _rung(first, policy)
    lost = [r for row in rows for r in losers[_contest(row, kind)]]
    return Proposal(
        kind=first.kind,
        unit=first.unit or "",
        role=first.role or Role.RESPONSIBLE,
        rung=first.rung,
        citations=tuple(map(_citation, sorted(rows, key=_key))),
        reason="；".join(sorted({row.reason for row in rows if row.reason})),
        basis=(rung.basis if rung is not None else ()) or policy.basis,
        per_unit=rung is not None and rung.per == "unit",
        overtaken=tuple(map(_citation, sorted(lost, key=_key))),
    )


def _citation(row: Judgement) -> Citation:
    return Citation(
        item=row.item,
        rung=row.rung,
        cycle=row.cycle,
        code=row.code,
        title=row.title,
        grounds=row.grounds,
    )


def _standing(one: Proposal, policy: Policy) -> tuple[int, str, str, str, str, str]:
    """The order in print: by level, then kind, unit, role, rung and first item."""
    level = policy.kinds[one.kind].level
    cited = one.citations[0]
    return (level, one.kind, one.unit, one.role, one.rung, cited.code + cited.item)


def _undecided(
    rows: Sequence[Judgement], proposals: Sequence[Proposal], policy: Policy
) -> list[Judgement]:
    """Rows a person must decide, but for those that a proposal makes idle."""
    settled: dict[tuple[str, ...], int] = {}
    for one in proposals:
        kind = policy.kinds[one.kind]
        for c in one.citations:
            key = (c.item, one.unit, one.role.value, kind.ladder)
            settled[key] = max(settled.get(key, kind.level), kind.level)
    found = []
    for row in rows:
        if row.verdict is not Verdict.UNSURE:
            continue
        asked = policy.kinds.get(row.kind, Kind(key=row.kind, name=row.kind))
        if asked.level > settled.get(_contest(row, asked), asked.level - 1):
            found.append(row)
    return found


def _unsure(row: Judgement) -> Unsure:
    return Unsure(
        item=row.item,
        code=row.code,
        title=row.title,
        unit=row.unit,
        rung=row.rung,
        grounds=tuple(g for g in row.grounds if g.holds is None),
    )


def _named_only(
    spared: Mapping[tuple[str, str | None], list[Judgement]],
) -> Mapping[tuple[str, str | None], list[Judgement]]:
    """Speak of nobody only where an item has nobody."""
    named = {item for item, unit in spared if unit is not None}
    return {
        (item, unit): rows
        for (item, unit), rows in spared.items()
        if unit is not None or item not in named
    }


def _spared(rows: Sequence[Judgement], policy: Policy) -> NotSanctioned:
    """Tell of one item and party: the unmet grounds of the rows that speak."""
    first, speaking = rows[0], _speaking(rows)
    unmet = {g.condition: (g, row) for row in speaking for g in _unmet(row)}
    said = [
        ground_text(one, _rung(row, policy), "zh", kinds=policy.kinds)
        for one, row in unmet.values()
        if one.scope != "on"
    ]
    said += [_alone(row, policy) for row in speaking if row.verdict is Verdict.FIRES]
    if first.unit is None:
        said.append(NO_UNIT)
    roles = {row.role for row in speaking if row.role is not None}
    grounds = sorted((one for one, _ in unmet.values()), key=_place)
    return NotSanctioned(
        items=(first.item,),
        codes=(first.code,),
        titles=(first.title,),
        unit=first.unit,
        role=min(roles).value if len(roles) == 1 else None,
        reason=joined(dict.fromkeys(said), "zh"),
        grounds=tuple(grounds),
    )


def _place(one: Ground) -> tuple[str, str]:
    return one.scope, one.condition


def _unmet(row: Judgement) -> list[Ground]:
    """What stood against the party; before its time, only that it is not time."""
    unmet = [one for one in row.grounds if one.holds is False]
    if row.verdict in (Verdict.FIRES, Verdict.FAILS):
        return unmet
    return [one for one in unmet if one.scope in ("at", "on", "note")]


def _alone(row: Judgement, policy: Policy) -> str:
    rung = _rung(row, policy)
    return f"同类事项不足{rung.at_least if rung is not None else 1}件"


def _speaking(rows: Sequence[Judgement]) -> Sequence[Judgement]:
    """Those that were judged; else what was done before; else what is still ahead.

    A rung whose anchor never happened says least of all.
    """

    def weight(row: Judgement) -> int:
        if row.verdict in (Verdict.FIRES, Verdict.FAILS):
            return 3
        if row.verdict is Verdict.DONE:
            return 2
        return 0 if any(g.found == "no anchor" for g in row.grounds) else 1

    most = max(map(weight, rows))
    return [row for row in rows if weight(row) == most]


def _records(spared: Iterable[NotSanctioned]) -> tuple[NotSanctioned, ...]:
    """Put equal reasons on one record; what was found is kept where it is the same."""
    groups: dict[tuple[object, ...], list[NotSanctioned]] = {}
    for one in spared:
        asked = tuple((g.scope, g.condition) for g in one.grounds)
        key = (one.unit or "", one.role or "", one.reason, asked)
        groups.setdefault(key, []).append(one)
    made = [_together(several) for several in groups.values()]
    return tuple(sorted(made, key=lambda n: (n.unit or "", n.reason, n.codes, n.items)))


def _together(several: Sequence[NotSanctioned]) -> NotSanctioned:
    several = sorted(several, key=lambda n: (n.codes, n.items))
    grounds = tuple(
        same[0] if len(set(same)) == 1 else evolve(same[0], found="")
        for same in zip(*(n.grounds for n in several), strict=True)
    )
    return evolve(
        several[0],
        items=tuple(n.items[0] for n in several),
        codes=tuple(n.codes[0] for n in several),
        titles=tuple(n.titles[0] for n in several),
        grounds=grounds,
    )
