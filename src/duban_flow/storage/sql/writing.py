"""A batch, written: everything is asked first, then each table is met once a section.

It never commits. What it was refused for leaves nothing behind.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Table, bindparam, delete, insert, update

from duban_flow.domain.batch import Batch, Members, Request, Written
from duban_flow.domain.columns import DETAIL
from duban_flow.domain.events import SubjectKind
from duban_flow.domain.instants import micros
from duban_flow.domain.rendering import (
    event_rows,
    kept,
    lost_members,
    new_version,
    notice_rows,
    winners,
)
from duban_flow.domain.rows import KEYS
from duban_flow.domain.storable import check
from duban_flow.errors import Busy
from duban_flow.storage.sql import schema as s
from duban_flow.storage.sql import taken
from duban_flow.storage.sql.link import Link, chunks


def write(link: Link, batch: Batch) -> Written:
    """Write a batch, all of it or nothing.

    Raises:
        Stale: a member lost its race and the batch says raise.
        Conflict: a code, a citation or a request id is taken.
        Invalid: the batch contradicts itself.
    """
    check(batch)
    taken.check_request(link, batch.request)
    lost = lost_members(batch, taken.versions(link, batch))
    gone = {kind: frozenset(names) for kind, names in lost.items()}
    named: dict[str, str] = {}
    for section in batch.members:
        taken.check_names(link, section, gone.get(section.kind, ()), named)
    rows = taken.check_rows(link, kept(batch.rows, gone))
    now = micros(batch.now)
    count = 0
    with link.unbroken():
        for section in batch.members:
            places = winners(section, gone.get(section.kind, ()))
            _write_subjects(link, section, places)
            count += len(places)
        _write_told(link, batch, gone, now)
        for table, (leave, come) in rows.items():
            _delete(link, s.ROWS[table], KEYS[table], leave)
            _insert(link, s.ROWS[table], come)
        if batch.request is not None:
            _write_request(link, batch.request, now)
    return Written(count=count, lost=tuple(n for names in lost.values() for n in names))


def _write_subjects(link: Link, section: Members, places: Sequence[int]) -> None:
    births = [p for p in places if section.versions[p] == 0]
    others = [p for p in places if section.versions[p] != 0]
    table = s.SUBJECTS[section.kind]
    names = [n for n in section.columns if n in table.c]
    _insert(link, table, _born(section, births, names))
    _update(link, table, section, others, names)
    if section.kind is SubjectKind.ITEM:
        held = [n for n in DETAIL if n in section.columns]
        details = _columns(section, births, held)
        _insert(link, s.item_detail, details)
        _update_details(link, _columns(section, others, held), held)
        _write_parties(link, section, births, others)


def _columns(
    section: Members, places: Iterable[int], names: Sequence[str]
) -> list[dict[str, Any]]:
    return [
        {"id": section.ids[p], **{n: section.columns[n][p] for n in names}}
        for p in places
    ]


def _born(
    section: Members, places: Sequence[int], names: Sequence[str]
) -> list[dict[str, Any]]:
    versions = (new_version(section, p) for p in places)
    rows = _columns(section, places, names)
    return [
        {**row, "version": version} for row, version in zip(rows, versions, strict=True)
    ]


def _update(
    link: Link,
    table: Table,
    section: Members,
    places: Sequence[int],
    names: Sequence[str],
) -> None:
    """Compare and set: the row must still be at the version that was read."""
    statement = (
        update(table)
        .where(
            link.mine(table),
            table.c.id == bindparam("at_id"),
            table.c.version == bindparam("at_version"),
        )
        .values({n: bindparam(f"new_{n}") for n in (*names, "version")})
    )
    rows = [
        {
            "at_id": section.ids[p],
            "at_version": section.versions[p],
            "new_version": new_version(section, p),
            **{f"new_{n}": section.columns[n][p] for n in names},
        }
        for p in places
    ]
    met = link.run(statement, rows)
    if met not in {-1, len(rows)}:
        raise Busy(
            f"{section.kind}: {len(rows) - met} of {len(rows)} changed while they "
            "were being written.",
            zh="数据在写入过程中被他人改动，请重试。",
            code="busy",
        )


def _update_details(
    link: Link, rows: Sequence[Mapping[str, Any]], names: Sequence[str]
) -> None:
    if not names:
        return
    table = s.item_detail
    statement = (
        update(table)
        .where(link.mine(table), table.c.id == bindparam("at_id"))
        .values({n: bindparam(f"new_{n}") for n in names})
    )
    link.run(
        statement,
        [{"at_id": row["id"], **{f"new_{n}": row[n] for n in names}} for row in rows],
    )


def _write_parties(
    link: Link, section: Members, births: Sequence[int], others: Sequence[int]
) -> None:
    if "parties" not in section.columns:
        return
    for portion in chunks(section.ids[p] for p in others):
        gone = delete(s.party).where(link.mine(s.party), s.party.c.item.in_(portion))
        link.execute(gone)
    _insert(
        link,
        s.party,
        [
            {"item": section.ids[p], "role": role, "place": place, "unit": unit}
            for p in (*births, *others)
            for role, place, unit in section.columns["parties"][p]
        ],
    )


def _write_told(
    link: Link, batch: Batch, gone: Mapping[SubjectKind, Collection[str]], now: int
) -> None:
    events: list[dict[str, Any]] = []
    notices: list[dict[str, Any]] = []
    for section in batch.members:
        places = winners(section, gone.get(section.kind, ()))
        events.extend(event_rows(section, places, now))
        notices.extend(notice_rows(link.tenant, section, places, now))
    _insert(link, s.event, events)
    _insert(link, s.outbox, notices)


def _write_request(link: Link, request: Request, now: int) -> None:
    row = {
        "id": request.id,
        "digest": request.digest,
        "result": request.result,
        "recorded_at": now,
    }
    _insert(link, s.request, [row])


def _insert(link: Link, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    if rows:
        link.run(insert(table), [{**row, "tenant": link.tenant} for row in rows])


def _delete(
    link: Link, table: Table, key: Sequence[str], rows: Sequence[Mapping[str, Any]]
) -> None:
    statement = delete(table).where(
        link.mine(table), *(table.c[n] == bindparam(f"at_{n}") for n in key)
    )
    link.run(statement, [{f"at_{n}": row[n] for n in key} for row in rows])
