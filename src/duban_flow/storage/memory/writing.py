"""A batch, written into a unit of work's own tables: everything is asked first."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from duban_flow.domain.batch import Batch, Members, Written
from duban_flow.domain.events import SubjectKind
from duban_flow.domain.instants import micros
from duban_flow.domain.rendering import (
    event_rows,
    kept,
    key_of,
    lost_members,
    new_version,
    notice_rows,
    single,
    taken,
    winners,
)
from duban_flow.domain.storable import check
from duban_flow.storage.memory.tables import Tables, as_text

Gone = Mapping[SubjectKind, Collection[str]]


def write(tables: Tables, tenant: str, batch: Batch) -> Written:
    """Write a batch, all of it or nothing.

    Raises:
        Stale: a member lost its race and the batch says raise.
        Conflict: a code, a citation or a request id is taken.
        Invalid: the batch contradicts itself.
    """
    check(batch)
    if batch.request is not None and batch.request.id in tables["request"]:
        raise taken("request", batch.request.id)
    lost = lost_members(batch, _versions(tables, batch))
    gone = {kind: frozenset(names) for kind, names in lost.items()}
    codes = _codes(tables, batch, gone)
    _check_days(tables, batch, gone)
    rows = _rows(tables, batch, gone)
    count = 0
    for section in batch.members:
        places = winners(section, gone.get(section.kind, ()))
        _write_section(tables, tenant, section, places, micros(batch.now))
        count += len(places)
    tables.changing("code").update(codes)
    for name, several in rows.items():
        tables.changing(name).update(several)
    if batch.request is not None:
        answer = (batch.request.digest, batch.request.result)
        tables.changing("request")[batch.request.id] = answer
    return Written(count=count, lost=tuple(n for names in lost.values() for n in names))


def _versions(tables: Tables, batch: Batch) -> dict[SubjectKind, dict[str, int]]:
    found: dict[SubjectKind, dict[str, int]] = {}
    for section in batch.members:
        rows = tables.rows(section.kind.value, section.ids)
        stands = {row["id"]: row["version"] for row in rows}
        found.setdefault(section.kind, {}).update(stands)
    return found


def _codes(tables: Tables, batch: Batch, gone: Gone) -> dict[str, str]:
    owners: dict[str, str] = {}
    standing = tables["code"]
    for section in batch.members:
        if section.kind is not SubjectKind.ITEM or "code" not in section.columns:
            continue
        for place in winners(section, gone.get(section.kind, ())):
            code, name = section.columns["code"][place], section.ids[place]
            if code in owners or standing.get(code, name) != name:
                raise taken("code", code)
            owners[code] = name
    return owners


def _check_days(tables: Tables, batch: Batch, gone: Gone) -> None:
    standing = {(r["policy"], r["day"]): r["id"] for r in tables["sitting"].values()}
    for section in batch.members:
        if section.kind is not SubjectKind.SITTING or "day" not in section.columns:
            continue
        for place in winners(section, gone.get(section.kind, ())):
            key = (section.columns["policy"][place], section.columns["day"][place])
            if standing.setdefault(key, section.ids[place]) != section.ids[place]:
                raise taken("sitting", key)


def _rows(tables: Tables, batch: Batch, gone: Gone) -> dict[str, dict[Any, Any]]:
    several = kept(batch.rows, gone)
    made: dict[str, dict[Any, Any]] = {}
    for name in dict.fromkeys(rows.table for rows in several):
        marked = single(name, [rows for rows in several if rows.table == name])
        for row, replaces in marked:
            key = key_of(name, row)
            if key in tables[name] and not replaces:
                raise taken(name, key)
            made.setdefault(name, {})[key] = as_text(row)
    return made


def _write_section(
    tables: Tables,
    tenant: str,
    section: Members,
    places: Sequence[int],
    now: int,
) -> None:
    subjects = tables.changing(section.kind.value)
    for place in places:
        name = section.ids[place]
        columns = {n: column[place] for n, column in section.columns.items()}
        before = subjects.get(name, {})
        if "code" in before and "code" in columns:
            _let_go(tables, before["code"], name)
        version = new_version(section, place)
        subjects[name] = {
            **before,
            **as_text(columns),
            "id": name,
            "version": version,
        }
    events = tables.changing("event")
    for row in event_rows(section, places, now):
        events[row["subject"]] = (*events.get(row["subject"], ()), row)
    outbox = tables.changing("outbox")
    outbox.update({r["key"]: r for r in notice_rows(tenant, section, places, now)})


def _let_go(tables: Tables, code: str, name: str) -> None:
    if tables["code"].get(code) == name:
        del tables.changing("code")[code]
