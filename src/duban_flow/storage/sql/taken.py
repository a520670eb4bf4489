"""What stands already: versions, codes, keys. Asked before anything is written.

A key that is found taken leaves a host's transaction as usable as it was; on some
databases a failed INSERT would not. A race that slips between is caught by the
unique keys themselves.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import select

from duban_flow.domain.batch import Batch, Members, Request, Rows
from duban_flow.domain.events import SubjectKind
from duban_flow.domain.rendering import key_of, single, taken, winners
from duban_flow.domain.rows import KEYS
from duban_flow.storage.sql import schema as s
from duban_flow.storage.sql.link import Link, chunks
from duban_flow.storage.sql.reading import ids_of

_NARROW = {"judgement": ("sitting", "item")}
"""By which columns rows of a key are looked for, where the first alone finds many."""


def versions(link: Link, batch: Batch) -> dict[SubjectKind, dict[str, int]]:
    """Give the versions that stand, each row held until the end where it can be."""
    found: dict[SubjectKind, dict[str, int]] = {}
    for section in batch.members:
        table = s.SUBJECTS[section.kind]
        stands = found.setdefault(section.kind, {})
        # One order everywhere, so that two writers wait for each other and not both.
        for portion in chunks(sorted(section.ids)):
            query = (
                select(table.c.id, table.c.version)
                .where(link.mine(table), table.c.id.in_(portion))
                .order_by(table.c.id)
                .with_for_update()
            )
            stands |= {row["id"]: row["version"] for row in link.rows(query)}
    return found


def check_request(link: Link, request: Request | None) -> None:
    """Refuse a request id that was answered before.

    Raises:
        Conflict: it was.
    """
    if request is None:
        return
    known = select(s.request.c.id).where(
        link.mine(s.request), s.request.c.id == request.id
    )
    if link.rows(known):
        raise taken("request", request.id)


def check_names(
    link: Link, section: Members, lost: Collection[str], named: dict[str, str]
) -> None:
    """Refuse codes of items and days of sittings that are another's.

    ``named`` gathers the codes over all sections of a batch.

    Raises:
        Conflict: one is.
    """
    places = winners(section, lost)
    if section.kind is SubjectKind.ITEM and "code" in section.columns:
        owners = {section.columns["code"][p]: section.ids[p] for p in places}
        if len(owners) < len(places) or owners.keys() & named.keys():
            codes = [*named, *(section.columns["code"][p] for p in places)]
            raise taken("code", next(c for c in codes if codes.count(c) > 1))
        named |= owners
        for code, holder in ids_of(link, owners).items():
            if owners[code] != holder:
                raise taken("code", code)
    if section.kind is SubjectKind.SITTING and "day" in section.columns:
        _check_days(link, section, places)


def _check_days(link: Link, section: Members, places: Sequence[int]) -> None:
    policies, days = section.columns["policy"], section.columns["day"]
    owners = {(policies[p], days[p]): section.ids[p] for p in places}
    table = s.sitting
    for portion in chunks(days[p] for p in places):
        query = select(table.c.id, table.c.policy, table.c.day).where(
            link.mine(table), table.c.day.in_(portion)
        )
        for row in link.rows(query):
            key = (row["policy"], row["day"])
            if owners.get(key, row["id"]) != row["id"]:
                raise taken("sitting", key)


def standing(
    link: Link, table: str, rows: Sequence[Mapping[str, Any]]
) -> set[tuple[Any, ...]]:
    """Give those keys of rows that stand already."""
    columns = s.ROWS[table].c
    wanted = {key_of(table, row) for row in rows}
    found: set[tuple[Any, ...]] = set()
    first, *further = _NARROW.get(table, KEYS[table][:1])
    for portion in chunks(row[(further or [first])[0]] for row in rows):
        query = select(*(columns[name] for name in KEYS[table])).where(
            link.mine(s.ROWS[table]), columns[(further or [first])[0]].in_(portion)
        )
        if further:
            query = query.where(columns[first].in_({row[first] for row in rows}))
        found |= {tuple(row.values()) for row in link.rows(query)}
    return found & wanted


def check_rows(
    link: Link, rows: Sequence[Rows]
) -> dict[str, tuple[list[dict[str, Any]], list[dict[str, Any]]]]:
    """Give by table the rows that give way and those that come.

    Raises:
        Conflict: a key is taken and the row was not to replace it.
    """
    made = {}
    for table in dict.fromkeys(several.table for several in rows):
        marked = single(table, [several for several in rows if several.table == table])
        come = [row for row, _ in marked]
        stands = standing(link, table, come)
        for row, replaces in marked:
            if key_of(table, row) in stands and not replaces:
                raise taken(table, key_of(table, row))
        made[table] = ([r for r in come if key_of(table, r) in stands], come)
    return made
