"""Subjects as columns, and back: what a storage holds of items, sanctions, sittings.

Hot columns of an item are narrow; everything else lies in its body, as JSON.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from duban_flow.domain.batch import NEVER
from duban_flow.domain.codec import structure, unstructure
from duban_flow.domain.events import SubjectKind
from duban_flow.domain.instants import instant, micros
from duban_flow.domain.items import Item
from duban_flow.domain.ledger import code_key
from duban_flow.domain.sanctions import Sanction, Sitting
from duban_flow.domain.units import Unit

HOT: Final = (
    "state",
    "is_open",
    "next_at",
    "due_at",
    "unit",
    "category",
    "policy",
    "fired",
    "entered_at",
    "quarantined",
)
"""Columns of the narrow item row, beside tenant, id and version."""

DETAIL: Final = ("code", "code_key", "title", "parent", "registrar", "body")
"""Columns of an item that are not needed to sweep it."""

COLUMNS: Final[Mapping[SubjectKind, tuple[str, ...]]] = {
    SubjectKind.ITEM: (*HOT, *DETAIL, "parties"),
    SubjectKind.SANCTION: ("kind", "unit", "role", "stage", "sitting", "body"),
    SubjectKind.SITTING: (
        "policy",
        "day",
        "opened_at",
        "judged_at",
        "closed_at",
        "body",
    ),
    SubjectKind.UNIT: ("name", "kind", "body"),
    SubjectKind.OFFICE: (),
}
"""What a storage holds of each kind of subject, beside tenant, id and version."""

_HELD_HOT: Final = frozenset(
    {"id", "version", "state", "next_at", "category", "policy", "fired", "entered_at"}
    | {"quarantined", "code", "parent"}
)


def hot_columns(item: Item) -> dict[str, Any]:
    """Give an item's narrow row; instants in microseconds, ``fired`` as one text.

    ``is_open`` is 0 or 1. A decision that was ahead before 1970 is ahead at once.
    """
    return {
        "state": item.state,
        "is_open": int(item.is_open),
        "next_at": NEVER if item.next_at is None else max(micros(item.next_at), 0),
        "due_at": None if item.due_at is None else micros(item.due_at),
        "unit": item.main_unit,
        "category": item.category,
        "policy": item.policy,
        "fired": "\n".join(item.fired),
        "entered_at": micros(item.entered_at),
        "quarantined": item.quarantined,
    }


def item_columns(item: Item) -> dict[str, Any]:
    """Give everything a storage holds of an item.

    ``body`` is plain data; ``parties`` are (role, place, unit) rows.
    """
    body = {k: v for k, v in unstructure(item).items() if k not in _HELD_HOT}
    named = [
        (role.value, place, party.unit)
        for role, several in item.parties.items()
        for place, party in enumerate(several)
    ]
    return {
        **hot_columns(item),
        "code": item.code,
        "code_key": code_key(item.code),
        "title": item.title,
        "parent": item.parent,
        "registrar": item.registrar,
        "body": body,
        "parties": named,
    }


def item_from(row: Mapping[str, Any]) -> Item:
    """Read an item from its columns: id, version, the hot ones, code, parent, body."""
    next_at = row["next_at"]
    return structure(
        {
            **row["body"],
            "id": row["id"],
            "version": row["version"],
            "code": row["code"],
            "parent": row["parent"],
            "state": row["state"],
            "category": row["category"],
            "policy": row["policy"],
            "quarantined": row["quarantined"],
            "entered_at": instant(row["entered_at"]),
            "next_at": None if next_at == NEVER else instant(next_at),
            "fired": row["fired"].split("\n") if row["fired"] else [],
        },
        Item,
    )


def sanction_columns(sanction: Sanction) -> dict[str, Any]:
    """Give everything a storage holds of a sanction; its citations are rows besides."""
    return {
        "kind": sanction.kind,
        "unit": sanction.unit,
        "role": sanction.role.value,
        "stage": sanction.stage.value,
        "sitting": sanction.sitting,
        "body": unstructure(sanction),
    }


def sanction_from(row: Mapping[str, Any]) -> Sanction:
    """Read a sanction from its columns: id, version, body."""
    return structure(
        {**row["body"], "id": row["id"], "version": row["version"]}, Sanction
    )


def sitting_columns(sitting: Sitting) -> dict[str, Any]:
    """Give everything a storage holds of a sitting; its accounts are rows besides."""
    closed = sitting.closed_at
    return {
        "policy": sitting.policy,
        "day": sitting.day.isoformat(),
        "opened_at": micros(sitting.opened_at),
        "judged_at": micros(sitting.judged_at),
        "closed_at": None if closed is None else micros(closed),
        "body": {"sanctions": list(sitting.sanctions), "tally": dict(sitting.tally)},
    }


def sitting_from(row: Mapping[str, Any]) -> Sitting:
    """Read a sitting from its columns."""
    closed = row["closed_at"]
    return structure(
        {
            "id": row["id"],
            "version": row["version"],
            "policy": row["policy"],
            "day": row["day"],
            "opened_at": instant(row["opened_at"]),
            "judged_at": instant(row["judged_at"]),
            "closed_at": None if closed is None else instant(closed),
            **row["body"],
        },
        Sitting,
    )


def unit_columns(unit: Unit) -> dict[str, Any]:
    """Give everything a storage holds of a unit."""
    return {"name": unit.name, "kind": unit.kind, "body": unstructure(unit)}
