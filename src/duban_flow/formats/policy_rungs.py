"""The rungs of a policy file, one table each 升级规则的级.

A rung is read whole: what is wrong with it is noted and the reading goes on.
"""

from __future__ import annotations

import re
from functools import partial
from typing import Final, Literal, cast

from duban_flow.domain.policies.grammar import (
    parse_offset,
    parse_recipient,
    parse_time,
)
from duban_flow.domain.policies.model import (
    CatchUp,
    Condition,
    Recipient,
    Rung,
    TimeExpression,
)
from duban_flow.domain.policies.reason import FIELDS
from duban_flow.domain.time.offset import Offset
from duban_flow.domain.units import Role
from duban_flow.formats.policy_known import Known
from duban_flow.formats.toml_table import Table

ACTIONS: Final = ("remind", "urge", "none")
"""What a rung may do besides what the kinds of the policy are."""

_FIELDS: Final = (
    "key",
    "at",
    "every",
    "action",
    "on",
    "per",
    "at_least",
    "where",
    "when",
    "notify",
    "via",
    "basis",
    "reason",
    "catch_up",
)
_CATCH_UP: Final = ("highest_only", "skip_if_stale", "each")
_UNREAD: Final = TimeExpression(text="", anchor="due")
_OPTIONAL: Final = re.compile(r"\[[^\[\]]*\]")
_MARKED: Final = re.compile(r"\{[^{}]*\}|[{}]")


def rungs(policy: Table, known: Known, *, sits: bool) -> tuple[Rung, ...]:
    """Read every rung; a key must be its rung's alone."""
    several = policy.data.get("rung", [])
    if not isinstance(several, list):
        policy.fault(
            "policy.type",
            "rung",
            "rungs are written as [[rung]]",
            "各级应写作[[rung]]",
        )
        return ()
    made: list[Rung] = []
    for place, data in enumerate(several):
        name = data.get("key", place + 1) if isinstance(data, dict) else place + 1
        table = Table.of(policy.faults, ("rung", place), f"rung {name!r}", data)
        rung = _rung(table, known, sits=sits)
        if rung.key in {other.key for other in made}:
            table.fault(
                "policy.duplicate",
                "key",
                "another rung already has this key",
                "级的键重复",
                said=rung.key,
            )
        made.append(rung)
    return tuple(made)


def positive(table: Table, key: str) -> Offset | None:
    """Read a distance that leads somewhere, where there is one."""
    said = table.text(key)
    if not said:
        return None
    made = table.parsed(key, said, parse_offset, "policy.offset")
    if made is not None and made.n == 0:
        table.fault(
            "policy.offset",
            key,
            "a distance of at least 1 was wanted",
            "间隔至少为1",
            said=said,
        )
    return made


def _rung(table: Table, known: Known, *, sits: bool) -> Rung:
    table.only(_FIELDS)
    per = cast(
        Literal["item", "unit"],
        table.choice("per", ("item", "unit"), "policy.choice", "item"),
    )
    return Rung(
        key=table.text("key", None),
        at=_at(table, known, sits=sits),
        every=positive(table, "every"),
        action=_action(table, known),
        on=_roles(table),
        per=per,
        at_least=_at_least(table),
        where=_conditions(table, "where", known),
        when=_conditions(table, "when", known),
        notify=_notify(table, known),
        via=table.texts("via"),
        basis=table.texts("basis"),
        reason=_reason(table),
        catch_up=cast(
            CatchUp,
            table.choice("catch_up", _CATCH_UP, "policy.choice", "highest_only"),
        ),
        line=table.faults.lines.line(table.path),
    )


def _at(table: Table, known: Known, *, sits: bool) -> TimeExpression:
    said = table.text("at", None)
    reads = partial(parse_time, kinds=known.kinds)
    made = table.parsed("at", said, reads, "policy.time") if said else None
    if made is not None and made.sitting and not sits:
        table.fault(
            "policy.sitting",
            "at",
            "it waits for a sitting, and the policy names none",
            "须等候研究会，但规则没有写明sitting",
            said=said,
        )
    return made or _UNREAD


def _action(table: Table, known: Known) -> str:
    said = table.text("action", None)
    if said:
        table.known(
            "action", said, [*ACTIONS, *known.kinds], "policy.kind", "action or kind"
        )
    return said


def _roles(table: Table) -> tuple[Role, ...]:
    return tuple(
        Role(said)
        for said in table.texts("on")
        if table.known("on", said, [r.value for r in Role], "policy.role", "role")
    )


def _at_least(table: Table) -> int:
    if "at_least" in table.data and table.data.get("per", "item") == "item":
        table.fault(
            "policy.at_least",
            "at_least",
            'it counts the matters of a unit: per = "unit" was wanted beside it',
            'at_least须与per = "unit"同用',
            said=table.data["at_least"],
        )
    return table.number("at_least", 1, least=1)


def _conditions(table: Table, key: str, known: Known) -> tuple[Condition, ...]:
    made = (known.condition(table, key, said) for said in table.texts(key))
    return tuple(condition for condition in made if condition is not None)


def _notify(table: Table, known: Known) -> tuple[Recipient, ...]:
    made = table.each("notify", parse_recipient, "policy.recipient")
    for recipient in made:
        if recipient.unit is not None:
            known.unit(table, "notify", recipient.unit, "policy.unit")
    return made


def _reason(table: Table) -> str:
    """Read the template of a reason, and refuse a field that nothing fills."""
    said = table.text("reason")
    for marked in _MARKED.findall(said):
        table.known(
            "reason",
            marked,
            [f"{{{name}}}" for name in FIELDS],
            "policy.reason",
            "field",
        )
    if set(_OPTIONAL.sub("", said)) & set("[]"):
        table.fault(
            "policy.reason",
            "reason",
            "every [ wants its ], and none inside another",
            "方括号不配对或嵌套",
            said=said,
        )
    return said
