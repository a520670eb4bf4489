"""A policy from TOML 升级规则文件: text in, a Policy out, or every fault with its line.

Nothing is guessed: an unknown field, anchor, fact, role, kind, category, body, unit
or action is refused with the nearest name there is. Bodies and units are checked
where a directory is given, actions and categories where they are.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from pathlib import Path
from typing import Final, Literal, cast

from duban_flow.domain.policies.grammar import ANCHORS, parse_time
from duban_flow.domain.policies.model import (
    Condition,
    Kind,
    Policy,
    TimeExpression,
)
from duban_flow.domain.policies.sittings import MONTHS
from duban_flow.domain.policies.vocabulary import STANDARD, Vocabulary
from duban_flow.domain.time.extension import ExtensionRule
from duban_flow.domain.units import Directory, Role
from duban_flow.errors import Invalid
from duban_flow.formats.policy_known import Known
from duban_flow.formats.policy_rungs import ACTIONS, positive, rungs
from duban_flow.formats.toml_file import read_toml
from duban_flow.formats.toml_table import Faults, Table

_FIELDS: Final = (
    "name",
    "version",
    "sitting",
    "account_for",
    "basis",
    "pause_overrun",
    "rebaseline_moves_due",
    "extension",
    "kinds",
    "rung",
)
_KIND_FIELDS: Final = (
    "name",
    "level",
    "moves",
    "ladder",
    "approval",
    "points",
    "measures",
    "rectify",
)
_EXTENSION_FIELDS: Final = ("by", "window", "max_count", "max_total")


def load_policy(
    path_or_text: str | Path,
    *,
    vocabulary: Vocabulary = STANDARD,
    directory: Directory | None = None,
    actions: Collection[str] | None = None,
    categories: Collection[str] | None = None,
) -> Policy:
    """Read a policy from a file, or from its text.

    Raises:
        Invalid: with every fault at once, each with file, line, what was said and
            the nearest name there is.

    >>> load_policy('''
    ... name = "district"
    ... version = "2026.1"
    ... [[rung]]
    ... key = "past due"
    ... at = "due"
    ... action = "urge"
    ... notify = "responsible"
    ... when = "open"
    ... ''').id
    'district@2026.1'
    """
    file = read_toml(path_or_text, code="policy.file", called="policy")
    faults = Faults(file.sheet, file.lines)
    kinds = file.data.get("kinds")
    known = Known(
        vocabulary=vocabulary,
        kinds=kinds if isinstance(kinds, dict) else {},
        directory=directory,
        actions=actions,
        categories=categories,
    )
    policy = _policy(Table.of(faults, (), "", file.data), known)
    if faults.found:
        raise Invalid("", *faults.sorted())
    return policy


def _policy(table: Table, known: Known) -> Policy:
    table.only(_FIELDS)
    sitting = _sitting(table)
    return Policy(
        name=_name(table, "name"),
        version=_name(table, "version"),
        kinds=_kinds(table, known),
        rung=rungs(table, known, sits="sitting" in table.data),
        sitting=sitting,
        account_for=_account_for(table, known),
        basis=table.texts("basis"),
        pause_overrun=cast(
            Literal["resume", "alarm"],
            table.choice(
                "pause_overrun", ("resume", "alarm"), "policy.choice", "resume"
            ),
        ),
        rebaseline_moves_due=table.flag("rebaseline_moves_due"),
        extension=_extension(table, known),
    )


def _name(table: Table, key: str) -> str:
    """Read a part of the id under which items pin the policy."""
    said = table.text(key, None)
    if said != said.strip() or "@" in said:
        table.fault(
            "policy.name",
            key,
            "a name without '@' and without spaces around it was wanted",
            "名称不能含“@”，首尾不能有空格",
            said=said,
        )
    return said


def _sitting(table: Table) -> TimeExpression | None:
    if "sitting" not in table.data:
        return None
    said = table.text("sitting", None)
    made = table.parsed("sitting", said, lambda t: parse_time(t, ()), "policy.time")
    if made is not None and (made.sitting or made.anchor not in MONTHS):
        table.fault(
            "policy.sitting",
            "sitting",
            f"a day reckoned from {', '.join(MONTHS)} was wanted",
            f"应由{'、'.join(MONTHS)}推算",
            said=said,
        )
    return made


def _account_for(table: Table, known: Known) -> tuple[Condition, ...]:
    made = (
        known.condition(table, "account_for", said)
        for said in table.texts("account_for")
    )
    several = tuple(condition for condition in made if condition is not None)
    for condition in several:
        if condition.operator or condition.negated:
            table.fault(
                "policy.condition",
                "account_for",
                "a flag was wanted, such as 'late'",
                "应为是非条件，例如late",
                said=condition.text,
            )
    return several


def _kinds(table: Table, known: Known) -> dict[str, Kind]:
    several = Table.of(table.faults, ("kinds",), "kinds", table.data.get("kinds", {}))
    return {key: _kind(several, key, data, known) for key, data in several.data.items()}


def _kind(several: Table, key: str, data: object, known: Known) -> Kind:
    table = Table.of(several.faults, ("kinds", key), f"kind {key!r}", data)
    table.only(_KIND_FIELDS)
    if not re.fullmatch(r"\w+", key) or key in (*ANCHORS, *ACTIONS):
        table.fault(
            "policy.kind",
            "",
            f"{key!r} cannot name a kind: one word was wanted that is no anchor "
            "and no action",
            f"“{key}”不能用作措施种类的键",
            said=key,
        )
    moves = table.text("moves")
    if moves and known.actions is not None:
        table.known("moves", moves, known.actions, "policy.action", "action")
    approval = table.texts("approval")
    for body in approval:
        known.unit(table, "approval", body, "policy.body")
    return Kind(
        key=key,
        name=table.text("name", None),
        level=table.number("level", 1, least=1),
        moves=moves,
        approval=approval,
        ladder=table.text("ladder"),
        points=table.number("points", 0, least=-1_000_000),
        measures=table.texts("measures"),
        rectify=positive(table, "rectify"),
    )


def _extension(table: Table, known: Known) -> ExtensionRule | None:
    if "extension" not in table.data:
        return None
    made = Table.of(table.faults, ("extension",), "extension", table.data["extension"])
    made.only(_EXTENSION_FIELDS)
    by = made.texts("by")
    for who in by:
        if who not in list(Role):
            known.unit(made, "by", who, "policy.body")
    count = made.number("max_count", 0, least=0) if "max_count" in made.data else None
    return ExtensionRule(
        by=by,
        window=positive(made, "window"),
        max_count=count,
        max_total=positive(made, "max_total"),
    )
