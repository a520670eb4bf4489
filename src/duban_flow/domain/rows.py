"""Rows that hang on no outcome: judgements, citations, accounts, posts, words kept.

Values to columns, and back. It knows which columns make a row's key; whether that
key is taken is a storage's to say.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from duban_flow.domain.batch import Rows
from duban_flow.domain.codec import structure, unstructure
from duban_flow.domain.editions import CALENDARS, POLICIES, EditionTable, Kept
from duban_flow.domain.instants import instant, micros
from duban_flow.domain.policies.model import Judgement
from duban_flow.domain.sanctions import NotSanctioned, Sanction, Unsure
from duban_flow.domain.units import Post

KEYS: Final[Mapping[str, tuple[str, ...]]] = {
    "citation": ("item", "unit", "role", "kind", "rung", "cycle", "attempt"),
    "judgement": ("sitting", "item", "unit", "role", "rung", "cycle"),
    "account": ("sitting", "ordinal"),
    "post": ("unit", "name", "since"),
    CALENDARS: ("name", "version"),
    POLICIES: ("name", "version"),
    "meta": ("key",),
}
"""The columns that make a row's key, beside the tenant; none of them is ever null."""

VALUES: Final[Mapping[str, tuple[str, ...]]] = {
    "citation": ("sanction", "grounds"),
    "judgement": ("code", "title", "kind", "verdict", "grounds", "reason", "flags"),
    "account": ("what", "body"),
    "post": ("until", "body"),
    CALENDARS: ("recorded_at", "body"),
    POLICIES: ("recorded_at", "body"),
    "meta": ("value",),
}
"""The columns that a row holds under its key."""

NOT_SANCTIONED: Final = "not_sanctioned"
UNSURE: Final = "unsure"


def _rows(
    table: str, several: Iterable[Mapping[str, Any]], *, replace: bool = False
) -> Rows:
    listed = list(several)
    names = (*KEYS[table], *VALUES[table])
    columns = {name: [row[name] for row in listed] for name in names}
    return Rows(table=table, columns=columns, replace=replace)


def judgement_rows(sitting: str, judgements: Iterable[Judgement]) -> Rows:
    """Put what a sitting judged into rows; nobody in a role is an empty text."""
    return _rows(
        "judgement",
        (
            {
                "sitting": sitting,
                "item": judged.item,
                "unit": judged.unit or "",
                "role": judged.role.value if judged.role else "",
                "rung": judged.rung,
                "cycle": judged.cycle,
                "code": judged.code,
                "title": judged.title,
                "kind": judged.kind,
                "verdict": judged.verdict.value,
                "grounds": unstructure(judged.grounds),
                "reason": judged.reason,
                "flags": list(judged.flags),
            }
            for judged in judgements
        ),
    )


def judgement_from(row: Mapping[str, Any]) -> Judgement:
    """Read a judgement from its row, JSON columns read."""
    kept = {name: row[name] for name in (*KEYS["judgement"], *VALUES["judgement"])}
    del kept["sitting"]
    kept["unit"] = kept["unit"] or None
    kept["role"] = kept["role"] or None
    return structure(kept, Judgement)


def citation_rows(sanction: Sanction) -> Rows:
    """Put a sanction's citations into the rows that make each of them single."""
    return _rows(
        "citation",
        (
            {
                "item": cited.item,
                "unit": sanction.unit,
                "role": sanction.role.value,
                "kind": sanction.kind,
                "rung": cited.rung,
                "cycle": cited.cycle,
                "attempt": cited.attempt,
                "sanction": sanction.id,
                "grounds": unstructure(cited.grounds),
            }
            for cited in sanction.citations
        ),
    )


def account_rows(
    sitting: str, not_sanctioned: Iterable[NotSanctioned], unsure: Iterable[Unsure]
) -> Rows:
    """Put a sitting's records into numbered rows, in the order given."""
    records = [(NOT_SANCTIONED, record) for record in not_sanctioned]
    doubts = [(UNSURE, doubt) for doubt in unsure]
    return _rows(
        "account",
        (
            {
                "sitting": sitting,
                "ordinal": ordinal,
                "what": what,
                "body": unstructure(record),
            }
            for ordinal, (what, record) in enumerate([*records, *doubts])
        ),
    )


def account_from(
    rows: Sequence[Mapping[str, Any]],
) -> tuple[tuple[NotSanctioned, ...], tuple[Unsure, ...]]:
    """Read a sitting's records from their rows, which come in order."""
    return (
        tuple(
            structure(row["body"], NotSanctioned)
            for row in rows
            if row["what"] == NOT_SANCTIONED
        ),
        tuple(structure(row["body"], Unsure) for row in rows if row["what"] == UNSURE),
    )


def post_rows(posts: Iterable[Post]) -> Rows:
    """Put posts into rows; the same post since the same day is replaced."""
    return _rows(
        "post",
        (
            {
                "unit": post.unit,
                "name": post.name,
                "since": post.since.isoformat() if post.since else "",
                "until": post.until.isoformat() if post.until else "",
                "body": unstructure(post),
            }
            for post in posts
        ),
        replace=True,
    )


def post_from(row: Mapping[str, Any]) -> Post:
    """Read a post from its row, its body read."""
    return structure(row["body"], Post)


def edition_rows(
    table: EditionTable, kept: Iterable[Kept], *, replace: bool = False
) -> Rows:
    """Put editions into rows; one under the same name and version is a conflict.

    With *replace* it gives way: for an edition on which nothing rests.
    """
    return _rows(
        table,
        (
            {
                "name": one.name,
                "version": one.version,
                "recorded_at": micros(one.recorded_at),
                "body": dict(one.body),
            }
            for one in kept
        ),
        replace=replace,
    )


def edition_from(row: Mapping[str, Any]) -> Kept:
    """Read an edition from its row, its body read."""
    return Kept(
        name=row["name"],
        version=row["version"],
        recorded_at=instant(row["recorded_at"]),
        body=row["body"],
    )


def meta_rows(words: Mapping[str, str]) -> Rows:
    """Keep words about the office itself; a word under the same key gives way."""
    return _rows(
        "meta",
        ({"key": key, "value": value} for key, value in words.items()),
        replace=True,
    )
