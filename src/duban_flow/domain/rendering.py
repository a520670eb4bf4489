"""A batch as the rows it comes to: what every storage does with it before it writes.

Compares versions that were found, drops what was lost, spells out events and notices.
It reads no store and knows no key that is taken.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from attrs import evolve

from duban_flow.domain.batch import Batch, Members, Outcome, Rows, value_of
from duban_flow.domain.codec import canonical, digest
from duban_flow.domain.events import Event, Subject, SubjectKind
from duban_flow.domain.instants import Span, instant
from duban_flow.domain.rows import KEYS
from duban_flow.errors import Busy, Conflict, Stale

OWNERS: Final = ("item", "sanction")
"""Columns by which a row belongs to a member: it is lost with it."""

# --- who lost its race --------------------------------------------------------------


def lost_members(
    batch: Batch, found: Mapping[SubjectKind, Mapping[str, int]]
) -> dict[SubjectKind, list[str]]:
    """Name the members whose version is not the one that was read, in their order.

    ``found`` holds the versions that stand now; a subject not yet born is absent.
    A sanction is lost with any item that it cites here, and with it the others.

    Raises:
        Stale: there are some, and the batch says raise.
        Busy: a sitting is among them, on which all that was judged rests.
    """
    lost: dict[SubjectKind, set[str]] = {}
    for section in batch.members:
        stands = found.get(section.kind, {})
        for name, version in zip(section.ids, section.versions, strict=True):
            if stands.get(name, 0) == version:
                continue
            if batch.lost == "raise":
                raise stale(section.kind, name, version, stands.get(name, 0))
            if section.kind is SubjectKind.SITTING:
                raise Busy(
                    f"Sitting {name} was opened or closed meanwhile.",
                    zh=f"研究会{name}已被他人开启或结束，请重试。",
                    code="sitting.busy",
                )
            lost.setdefault(section.kind, set()).add(name)
    if lost:
        _spread(batch, lost)
    return {
        kind: [n for s in batch.members if s.kind is kind for n in s.ids if n in names]
        for kind, names in lost.items()
    }


def _spread(batch: Batch, lost: dict[SubjectKind, set[str]]) -> None:
    pairs = [
        pair
        for rows in batch.rows
        if rows.table == "citation"
        for pair in zip(rows.columns["item"], rows.columns["sanction"], strict=True)
    ]
    items = lost.setdefault(SubjectKind.ITEM, set())
    sanctions = lost.setdefault(SubjectKind.SANCTION, set())
    size = -1
    while size != len(items) + len(sanctions):
        size = len(items) + len(sanctions)
        sanctions |= {sanction for item, sanction in pairs if item in items}
        items |= {item for item, sanction in pairs if sanction in sanctions}


def stale(kind: SubjectKind, name: str, wanted: int, found: int | None) -> Stale:
    """Say that a subject is at another version than the one that was read."""
    there = "another" if found is None else str(found)
    return Stale(
        f"{kind} {name}: version {wanted} was read, {there} stands now.",
        zh=f"{name}在读取之后已有变动（读取时版本{wanted}，现为{there}）。",
        code="stale",
    )


def taken(what: str, key: object) -> Conflict:
    """Say that a key is taken by something else."""
    told = "/".join(map(str, key)) if isinstance(key, tuple) else key
    return Conflict(
        f"{what} {told!r} is taken already.",
        zh=f"{what}“{told}”已经存在。",
        code=f"{what}.taken",
    )


def winners(section: Members, lost: Collection[str]) -> list[int]:
    """Give the places of the members that did not lose their race."""
    return [place for place, name in enumerate(section.ids) if name not in lost]


def kept(
    rows: Iterable[Rows], lost: Mapping[SubjectKind, Collection[str]]
) -> list[Rows]:
    """Give the rows without those that belong to a member that lost."""
    if not lost:
        return [several for several in rows if len(several)]
    remaining = []
    for several in rows:
        columns = several.columns
        places = list(range(len(several)))
        for owner in OWNERS:
            gone = lost.get(SubjectKind(owner), ())
            if owner in columns and gone:
                places = [p for p in places if columns[owner][p] not in gone]
        picked = {name: [column[p] for p in places] for name, column in columns.items()}
        if places:
            remaining.append(evolve(several, columns=picked))
    return remaining


# --- what is written ----------------------------------------------------------------


def new_version(section: Members, place: int) -> int:
    """Give the version a member has afterwards: the old one and its events."""
    return section.versions[place] + len(_outcome(section, place).events)


def event_rows(
    section: Members, places: Iterable[int], now: int
) -> Iterator[dict[str, Any]]:
    """Spell out the events of members, by column name; ``data`` is canonical JSON."""
    for place in places:
        first = section.versions[place] + 1
        for ordinal, event in enumerate(_outcome(section, place).events):
            yield {
                "subject": section.ids[place],
                "seq": first + ordinal,
                "kind": section.kind.value,
                "action": event.action,
                "actor": event.actor,
                "actor_unit": event.actor_unit,
                "recorder": event.recorder,
                "effective_at": value_of(event.at, section, place),
                "effective_until": value_of(event.until, section, place),
                "effective_text": event.text,
                "recorded_at": now,
                "state": event.state,
                "since": value_of(event.since, section, place),
                "rung": event.rung,
                "cycle": event.cycle,
                "overtakes": canonical(event.overtakes),
                "data": value_of(event.data, section, place),
            }


def event_from(row: Mapping[str, Any]) -> Event:
    """Read an event from its row; JSON columns may be text or read already."""
    at, until = row["effective_at"], row["effective_until"]
    since = row["since"]
    return Event(
        subject=Subject(SubjectKind(row["kind"]), row["subject"]),
        seq=row["seq"],
        action=row["action"],
        actor=row["actor"],
        actor_unit=row["actor_unit"],
        recorder=row["recorder"],
        effective_at=instant(at)
        if at == until
        else Span(instant(at), instant(until), row["effective_text"]),
        recorded_at=instant(row["recorded_at"]),
        state=row["state"],
        since=None if since is None else instant(since),
        rung=row["rung"],
        cycle=row["cycle"],
        overtakes=tuple(plain(row["overtakes"])),
        data=plain(row["data"]),
    )


def notice_key(
    tenant: str, subject: str, seq: int, recipient: str, channel: str
) -> str:
    """Give the key under which a notice is sent, the same on every attempt."""
    return "n" + digest([tenant, subject, seq, recipient, channel])[:39]


def notice_rows(
    tenant: str, section: Members, places: Iterable[int], now: int
) -> Iterator[dict[str, Any]]:
    """Spell out the notices of members, pending, by column name.

    Of notices of one event to one post by one channel only the first stands:
    nothing is said twice.
    """
    for place in places:
        subject = section.ids[place]
        said: set[str] = set()
        for notice in _outcome(section, place).notices:
            seq = section.versions[place] + 1 + notice.event
            unit = value_of(notice.unit, section, place)
            recipient = f"{unit}/{notice.post}"
            key = notice_key(tenant, subject, seq, recipient, notice.channel)
            if key in said:
                continue
            said.add(key)
            held = notice.not_before
            yield {
                "key": key,
                "subject": subject,
                "kind": section.kind.value,
                "seq": seq,
                "recipient": recipient,
                "unit": unit,
                "post": notice.post,
                "channel": notice.channel,
                "template": notice.template,
                "formal": int(notice.formal),
                "status": "pending",
                "attempts": 0,
                "not_before": now if held is None else held,
                "created_at": now,
                "settled_at": None,
                "detail": "",
                "worker": None,
                "lease_until": None,
            }


def row_dicts(rows: Rows) -> list[dict[str, Any]]:
    """Turn columns into rows by column name."""
    names = list(rows.columns)
    return [
        dict(zip(names, values, strict=True))
        for values in zip(*rows.columns.values(), strict=True)
    ]


def key_of(table: str, row: Mapping[str, Any]) -> tuple[Any, ...]:
    """Give a row's key."""
    return tuple(row[name] for name in KEYS[table])


def single(table: str, rows: Sequence[Rows]) -> list[tuple[dict[str, Any], bool]]:
    """Give a table's rows, each with whether it replaces; one row a key.

    Raises:
        Conflict: two rows of the batch have one key and neither gives way.
    """
    found: dict[tuple[Any, ...], tuple[dict[str, Any], bool]] = {}
    for several in rows:
        for row in row_dicts(several):
            key = key_of(table, row)
            if key in found and not several.replace:
                raise taken(table, key)
            found[key] = (row, several.replace)
    return list(found.values())


def plain(value: Any) -> Any:
    """Read JSON where it is still text."""
    return json.loads(value) if isinstance(value, str) else value


def _outcome(section: Members, place: int) -> Outcome:
    return section.outcomes[section.k[place]]
