"""What no storage can hold, found before anything is written.

It refuses a batch that contradicts itself and a text that no database keeps as it
is; whether a version or a key still stands is the storage's to say.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final, TypeVar

from attrs import AttrsInstance, asdict

from duban_flow.domain.batch import Batch, Members, Rows
from duban_flow.domain.columns import COLUMNS
from duban_flow.domain.events import SubjectKind
from duban_flow.domain.rows import KEYS, VALUES
from duban_flow.errors import Invalid

Q = TypeVar("Q", bound=AttrsInstance)

_ESCAPED_NUL: Final = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")


def check(batch: Batch) -> None:
    """Refuse a batch that no storage can hold.

    Raises:
        Invalid: a column that does not exist, is missing at a birth or is of another
            length; a birth without an event; a subject named twice; a text that
            holds NUL or half a character.
    """
    seen: set[tuple[SubjectKind, str]] = set()
    for section in batch.members:
        _check_columns(section)
        _check_births(section)
        _check_texts(section)
        for name in section.ids:
            if (section.kind, name) in seen:
                raise _invalid(f"{section.kind} {name} stands twice in one batch.")
            seen.add((section.kind, name))
    for rows in batch.rows:
        _check_rows(rows)
    if batch.request is not None:
        for text in (batch.request.id, batch.request.digest, batch.request.result):
            check_plain(text, "request")


def _check_columns(section: Members) -> None:
    kind, size = section.kind, len(section)
    lengths = {"k": section.k, "versions": section.versions}
    for name, column in {**lengths, **section.columns, **section.vars}.items():
        if len(column) != size:
            raise _invalid(f"{kind}: {name} has {len(column)} values for {size}.")
    unknown = section.columns.keys() - set(COLUMNS[kind])
    if unknown:
        raise _invalid(f"{kind}: there is no column {', '.join(sorted(unknown))}.")


def _check_births(section: Members) -> None:
    missing = [name for name in COLUMNS[section.kind] if name not in section.columns]
    for place, version in enumerate(section.versions):
        if version:
            continue
        what = f"{section.kind} {section.ids[place]}"
        if missing:
            raise _invalid(f"{what}: born without {', '.join(missing)}.")
        if not section.outcomes[section.k[place]].events:
            raise _invalid(f"{what}: born without an event.")


def _check_texts(section: Members) -> None:
    kind = section.kind
    check_plain(section.ids, f"{kind}, id")
    for name, column in section.columns.items():
        check_plain(column, f"{kind}, {name}")
    for name, column in section.vars.items():
        check_plain(column, f"{kind}, {name}")
        for value in column:
            # Canonical JSON spells NUL out, so that the text itself holds none.
            if isinstance(value, str) and _ESCAPED_NUL.search(value):
                raise _nul(f"{kind}, {name}", value)
    for outcome in section.outcomes:
        for event in outcome.events:
            told = (event.action, event.actor, event.actor_unit, event.recorder)
            check_plain((*told, event.rung, event.cycle), f"{kind}, event")
        for notice in outcome.notices:
            check_plain(
                (notice.post, notice.channel, notice.template), f"{kind}, notice"
            )


def _check_rows(rows: Rows) -> None:
    if rows.table not in KEYS:
        raise _invalid(
            f"There are no rows of {rows.table!r}; only of {', '.join(KEYS)}."
        )
    wanted = {*KEYS[rows.table], *VALUES[rows.table]}
    if wanted != rows.columns.keys():
        odd = ", ".join(sorted(wanted ^ rows.columns.keys()))
        raise _invalid(f"{rows.table}: columns are missing or unknown: {odd}.")
    if len({len(column) for column in rows.columns.values()}) > 1:
        raise _invalid(f"{rows.table}: columns of different lengths.")
    for name, column in rows.columns.items():
        check_plain(column, f"{rows.table}, {name}")


def check_plain(value: Any, where: str) -> None:
    """Refuse what no database keeps as it is: NUL, half a character, a float, a value.

    Raises:
        Invalid: with what was found and where it stands.
    """
    if isinstance(value, str):
        _check_one(value, where)
    elif isinstance(value, Mapping):
        for key, held in value.items():
            check_plain(key, where)
            check_plain(held, where)
    elif isinstance(value, list | tuple):
        for held in value:
            check_plain(held, where)
    elif value is not None and not isinstance(value, int):
        raise Invalid(
            f"{where}: {value!r} is neither text nor a whole number.",
            zh=f"{where}：{value!r}既不是文字也不是整数。",
            code="storage.value",
        )


def asked(texts: Iterable[str]) -> list[str]:
    """Give texts that are asked for; what cannot be kept cannot be asked for either.

    Raises:
        Invalid: one of them holds NUL or half a character.
    """
    several = list(texts)
    check_plain(several, "asked for")
    return several


def asked_by(query: Q) -> Q:
    """Give a query, whose texts can be asked for.

    Raises:
        Invalid: one of its texts holds NUL or half a character.
    """
    for name, value in asdict(query, recurse=False).items():
        if isinstance(value, str | tuple):
            check_plain(value, f"asked for, {name}")
    return query


def _check_one(value: str, where: str) -> None:
    if "\0" in value:
        raise _nul(where, value)
    try:
        value.encode()
    except UnicodeEncodeError as fault:
        raise Invalid(
            f"{where}: {value!r} holds half a character.",
            zh=f"{where}：{value!r}含有不完整的字符。",
            code="text.surrogate",
        ) from fault


def _nul(where: str, value: str) -> Invalid:
    return Invalid(
        f"{where}: {value!r} holds NUL, which is no character.",
        zh=f"{where}：{value!r}含有空字符。",
        code="text.nul",
    )


def _invalid(told: str) -> Invalid:
    return Invalid(told, zh=f"写入的数据自相矛盾：{told}", code="batch.invalid")
