"""Subjects, events and rows, read from a unit of work's tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from operator import itemgetter
from typing import Any

from attrs import evolve

from duban_flow.domain.batch import NEVER
from duban_flow.domain.codec import structure
from duban_flow.domain.columns import item_from, sanction_from, sitting_from
from duban_flow.domain.editions import EditionTable, Kept
from duban_flow.domain.events import Event
from duban_flow.domain.instants import micros
from duban_flow.domain.items import Item
from duban_flow.domain.rendering import event_from
from duban_flow.domain.rows import account_from, edition_from, post_from
from duban_flow.domain.sanctions import NotSanctioned, Sanction, Sitting, Unsure
from duban_flow.domain.units import Directory, Unit
from duban_flow.engine.ports import LOWER, Query, SanctionQuery
from duban_flow.storage.memory.tables import Row, Tables, as_data


def item(row: Row) -> Item:
    """Read an item from its row."""
    return item_from(as_data(row))


def events(tables: Tables, subjects: Iterable[str]) -> Mapping[str, tuple[Event, ...]]:
    """Load every event of subjects, in order."""
    table = tables["event"]
    return {
        name: tuple(event_from(row) for row in table.get(name, ())) for name in subjects
    }


def parts(tables: Tables, parents: Iterable[str]) -> Mapping[str, tuple[Item, ...]]:
    """Load the parts of items, by code."""
    found: dict[str, list[Item]] = {name: [] for name in parents}
    for row in by_code(tables):
        if row["parent"] in found:
            found[row["parent"]].append(item(row))
    return {name: tuple(several) for name, several in found.items()}


def by_code(tables: Tables) -> Iterator[Row]:
    """Give the rows of all items, by code."""
    return iter(sorted(tables["item"].values(), key=lambda row: str(row["code"])))


def due(tables: Tables, now: datetime, policy: str | None) -> list[Row]:
    """Give the rows of the items that are due, oldest first."""
    at = micros(now)
    found = [
        row
        for row in tables["item"].values()
        if NEVER < row["next_at"] <= at and policy in {None, row["policy"]}
    ]
    return sorted(found, key=lambda row: (row["next_at"], row["id"]))


def find(tables: Tables, query: Query) -> tuple[Item, ...]:
    """Find items, by code, at most ``limit`` after ``after``."""
    found: list[Item] = []
    for row in by_code(tables):
        if len(found) >= query.limit:
            break
        if _of_state(row, query) and _dated(row, query) and _asked(row, query):
            found.append(item(row))
    return tuple(found)


def _of_state(row: Row, query: Query) -> bool:
    wanted = ((n, getattr(query, n)) for n in ("category", "policy", "parent"))
    if any(value is not None and row[name] != value for name, value in wanted):
        return False
    if query.state and row["state"] not in query.state:
        return False
    return not query.quarantined or bool(row["quarantined"])


def _dated(row: Row, query: Query) -> bool:
    due_at = row["due_at"]
    if query.overdue_at is not None and not (
        row["is_open"] and due_at is not None and due_at < micros(query.overdue_at)
    ):
        return False
    if query.due_from is not None and not (
        row["is_open"] if due_at is None else due_at >= micros(query.due_from)
    ):
        return False
    if query.next_from is not None and row["next_at"] < max(micros(query.next_from), 0):
        return False
    return query.due_by is None or (
        due_at is not None and due_at <= micros(query.due_by)
    )


def _asked(row: Row, query: Query) -> bool:
    if query.after is not None and row["code"] <= query.after:
        return False
    if query.text:
        wanted = query.text.translate(LOWER)
        texts = (row["code"], row["title"])
        if not any(wanted in text.translate(LOWER) for text in texts):
            return False
    units = {unit for _, _, unit in as_data({"parties": row["parties"]})["parties"]}
    if query.unit is not None and query.unit not in units:
        return False
    seen = query.visible_to
    return seen is None or not units.isdisjoint(seen) or row["registrar"] in seen


def sanctions(tables: Tables, query: SanctionQuery) -> tuple[Sanction, ...]:
    """Find sanctions, in the order in which they were proposed."""
    citing: set[Any] | None = None
    if query.items is not None:
        citations = tables["citation"].values()
        citing = {row["sanction"] for row in citations if row["item"] in query.items}
    found = [
        sanction_from(as_data(row))
        for row in tables["sanction"].values()
        if (not query.stages or row["stage"] in query.stages)
        and query.sitting in {None, row["sitting"]}
        and (query.units is None or row["unit"] in query.units)
        and (query.ids is None or row["id"] in query.ids)
        and (citing is None or row["id"] in citing)
    ]
    return tuple(sorted(found, key=lambda made: (made.proposed_at, made.id)))


def sitting(tables: Tables, policy: str, day: date) -> Sitting | None:
    """Find a sitting, with its records."""
    return next((made for made in sittings(tables, policy) if made.day == day), None)


def sittings(tables: Tables, policy: str | None) -> tuple[Sitting, ...]:
    """List sittings by day, with their records."""
    rows = [r for r in tables["sitting"].values() if policy in {None, r["policy"]}]
    found = []
    for row in sorted(rows, key=lambda row: (row["day"], row["policy"])):
        records, doubts = account(tables, row["id"])
        made = sitting_from(as_data(row))
        found.append(evolve(made, not_sanctioned=records, unsure=doubts))
    return tuple(found)


def account(
    tables: Tables, name: str
) -> tuple[tuple[NotSanctioned, ...], tuple[Unsure, ...]]:
    """Load a sitting's records, in order."""
    rows = [r for r in tables.ordered("account") if r["sitting"] == name]
    return account_from([as_data(row) for row in rows])


def editions(tables: Tables, table: EditionTable) -> tuple[Kept, ...]:
    """Load what is kept of calendars or policies, in the order of recording."""
    rows = sorted(
        tables[table].values(), key=itemgetter("recorded_at", "name", "version")
    )
    return tuple(edition_from(as_data(row)) for row in rows)


def directory(tables: Tables) -> Directory:
    """Load units and posts, by their keys."""
    units: Sequence[Unit] = [
        structure(as_data(row)["body"], Unit) for row in tables.ordered("unit")
    ]
    posts = tuple(post_from(as_data(row)) for row in tables.ordered("post"))
    return Directory({made.code: made for made in units}, posts)
