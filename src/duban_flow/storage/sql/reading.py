"""Subjects, events and rows, read from the tables; it locks where it is asked to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from attrs import evolve
from sqlalchemy import Select, select

from duban_flow.domain.codec import structure
from duban_flow.domain.columns import item_from, sanction_from, sitting_from
from duban_flow.domain.editions import EditionTable, Kept
from duban_flow.domain.events import Event
from duban_flow.domain.items import Item
from duban_flow.domain.policies.model import Judgement
from duban_flow.domain.rendering import event_from
from duban_flow.domain.rows import (
    account_from,
    edition_from,
    judgement_from,
    post_from,
)
from duban_flow.domain.sanctions import NotSanctioned, Sanction, Sitting, Unsure
from duban_flow.domain.units import Directory, Unit
from duban_flow.engine.ports import SanctionQuery
from duban_flow.storage.sql import schema as s
from duban_flow.storage.sql.link import Link, chunks


def whole_items() -> Select[Any]:
    """Select everything that :func:`item_from` reads."""
    detail = s.item_detail
    return (
        select(s.item, detail.c.code, detail.c.parent, detail.c.body)
        .select_from(s.item)
        .join(
            detail,
            (detail.c.tenant == s.item.c.tenant) & (detail.c.id == s.item.c.id),
        )
    )


def items(link: Link, ids: Iterable[str], *, lock: bool) -> Mapping[str, Item]:
    """Load items by id, in the order asked; an unknown id is absent."""
    wanted = list(ids)
    found: dict[str, Item] = {}
    for portion in chunks(wanted):
        query = whole_items().where(link.mine(s.item), s.item.c.id.in_(portion))
        if lock:
            query = query.order_by(s.item.c.id).with_for_update(of=s.item)
        found |= {row["id"]: item_from(row) for row in link.rows(query)}
    return {name: found[name] for name in dict.fromkeys(wanted) if name in found}


def ids_of(link: Link, codes: Iterable[str]) -> Mapping[str, str]:
    """Give the ids of items by code."""
    detail = s.item_detail
    found: dict[str, str] = {}
    for portion in chunks(codes):
        query = select(detail.c.code, detail.c.id).where(
            link.mine(detail), detail.c.code.in_(portion)
        )
        found |= {row["code"]: row["id"] for row in link.rows(query)}
    return found


def codes_near(link: Link, keys: Iterable[str]) -> Mapping[str, str]:
    """Give the codes in use by their keys."""
    detail = s.item_detail
    found: dict[str, str] = {}
    for portion in chunks(keys):
        query = (
            select(detail.c.code_key, detail.c.code)
            .where(link.mine(detail), detail.c.code_key.in_(portion))
            .order_by(detail.c.code)
        )
        found |= {row["code_key"]: row["code"] for row in link.rows(query)}
    return found


def all_ids(link: Link) -> tuple[str, ...]:
    """Give the ids of all items, by code."""
    detail = s.item_detail
    query = select(detail.c.id).where(link.mine(detail)).order_by(detail.c.code)
    return tuple(row["id"] for row in link.rows(query))


def parts(link: Link, parents: Iterable[str]) -> Mapping[str, tuple[Item, ...]]:
    """Load the parts of items, by code."""
    found: dict[str, list[Item]] = {name: [] for name in parents}
    detail = s.item_detail
    for portion in chunks(found):
        query = (
            whole_items()
            .where(link.mine(s.item), detail.c.parent.in_(portion))
            .order_by(detail.c.code)
        )
        for row in link.rows(query):
            found[row["parent"]].append(item_from(row))
    return {name: tuple(several) for name, several in found.items()}


def events(link: Link, subjects: Iterable[str]) -> Mapping[str, tuple[Event, ...]]:
    """Load every event of subjects, in order."""
    found: dict[str, list[Event]] = {name: [] for name in subjects}
    for portion in chunks(found):
        query = (
            select(s.event)
            .where(link.mine(s.event), s.event.c.subject.in_(portion))
            .order_by(s.event.c.subject, s.event.c.seq)
        )
        for row in link.rows(query):
            found[row["subject"]].append(event_from(row))
    return {name: tuple(several) for name, several in found.items()}


def sanctions(link: Link, query: SanctionQuery) -> tuple[Sanction, ...]:
    """Find sanctions, in the order in which they were proposed."""
    table = s.sanction
    base = select(table).where(link.mine(table))
    if query.stages:
        base = base.where(table.c.stage.in_(query.stages))
    if query.sitting is not None:
        base = base.where(table.c.sitting == query.sitting)
    if query.units is not None:
        base = base.where(table.c.unit.in_(query.units))
    wanted: Sequence[str] | None = query.ids
    if query.items is not None:
        citing = _citing(link, query.items)
        wanted = (
            citing if wanted is None else [name for name in wanted if name in citing]
        )
    found: list[Mapping[str, Any]] = []
    if wanted is None:
        found.extend(link.rows(base))
    else:
        for portion in chunks(wanted):
            found.extend(link.rows(base.where(table.c.id.in_(portion))))
    made = [sanction_from(row) for row in found]
    return tuple(sorted(made, key=lambda made: (made.proposed_at, made.id)))


def _citing(link: Link, cited: Iterable[str]) -> Sequence[str]:
    table = s.citation
    found: dict[str, None] = {}
    for portion in chunks(cited):
        query = select(table.c.sanction).where(
            link.mine(table), table.c.item.in_(portion)
        )
        found |= dict.fromkeys(row["sanction"] for row in link.rows(query))
    return list(found)


def sitting(link: Link, policy: str, day: date, lock: str | None) -> Sitting | None:
    """Find a sitting, with its records; ``lock`` is "share" or "exclusive"."""
    table = s.sitting
    query = select(table).where(
        link.mine(table), table.c.policy == policy, table.c.day == day.isoformat()
    )
    if lock is not None:
        query = query.with_for_update(read=lock == "share")
    found = link.rows(query)
    return _with_account(link, found[0]) if found else None


def sittings(link: Link, policy: str | None) -> tuple[Sitting, ...]:
    """List sittings by day, with their records."""
    table = s.sitting
    query = select(table).where(link.mine(table)).order_by(table.c.day, table.c.policy)
    if policy is not None:
        query = query.where(table.c.policy == policy)
    return tuple(_with_account(link, row) for row in link.rows(query))


def _with_account(link: Link, row: Mapping[str, Any]) -> Sitting:
    records, doubts = account(link, row["id"])
    return evolve(sitting_from(row), not_sanctioned=records, unsure=doubts)


def account(
    link: Link, name: str
) -> tuple[tuple[NotSanctioned, ...], tuple[Unsure, ...]]:
    """Load a sitting's records, in order."""
    table = s.account
    query = (
        select(table)
        .where(link.mine(table), table.c.sitting == name)
        .order_by(table.c.ordinal)
    )
    return account_from(link.rows(query))


def judgements(link: Link, name: str) -> tuple[Judgement, ...]:
    """Load a sitting's judgement rows, by their key."""
    table = s.judgement
    keys = (table.c[n] for n in ("item", "unit", "role", "rung", "cycle"))
    query = select(table).where(link.mine(table), table.c.sitting == name)
    return tuple(judgement_from(row) for row in link.rows(query.order_by(*keys)))


def directory(link: Link) -> Directory:
    """Load units and posts, by their keys."""
    units = link.rows(
        select(s.unit.c.body).where(link.mine(s.unit)).order_by(s.unit.c.id)
    )
    keys = (s.post.c[n] for n in ("unit", "name", "since"))
    posts = link.rows(select(s.post).where(link.mine(s.post)).order_by(*keys))
    several = [structure(row["body"], Unit) for row in units]
    named = {made.code: made for made in several}
    return Directory(named, tuple(post_from(row) for row in posts))


def editions(link: Link, table: EditionTable) -> tuple[Kept, ...]:
    """Load what is kept of calendars or policies, in the order of recording."""
    kept = s.ROWS[table]
    order = (kept.c[n] for n in ("recorded_at", "name", "version"))
    query = select(kept).where(link.mine(kept)).order_by(*order)
    return tuple(edition_from(row) for row in link.rows(query))


def request(link: Link, name: str) -> tuple[str, str] | None:
    """Find an answered request: its digest and its result."""
    table = s.request
    query = select(table.c.digest, table.c.result).where(
        link.mine(table), table.c.id == name
    )
    found = link.rows(query)
    return (found[0]["digest"], found[0]["result"]) if found else None


def meta(link: Link, key: str) -> str | None:
    """Give a word that is kept about the office itself."""
    found = link.rows(
        select(s.meta.c.value).where(link.mine(s.meta), s.meta.c.key == key)
    )
    return found[0]["value"] if found else None
