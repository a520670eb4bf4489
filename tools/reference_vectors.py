"""The test vectors of deadlines, read from their file and shown as a table."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from attrs import frozen

from duban_flow.domain.time.calendar import WorkCalendar
from duban_flow.domain.time.term import Fixed, Stop, Term
from duban_flow.domain.time.terms import parse_term
from tools.reference_tables import table

FILE: Final = Path(__file__).parents[1] / "docs" / "reference" / "deadline-vectors.toml"
CALENDAR: Final = WorkCalendar.china(2026)


@frozen(kw_only=True)
class Vector:
    """One vector: what a deadline is reckoned from, and where it then stands."""

    name: str
    term: Term
    start: datetime
    stops: tuple[Stop, ...]
    fixed: tuple[Fixed, ...]
    due: datetime
    deferred: bool


def vectors() -> tuple[Vector, ...]:
    """Read every vector of the file."""
    return tuple(_read(row) for row in _rows())


def vector_rows() -> Iterator[str]:
    """Show the vectors as a table."""
    head = ("Vector", "Term", "Start", "Stops", "Dates set", "Due")
    yield from table(head, (_told(row) for row in _rows()))


def _rows() -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = tomllib.loads(FILE.read_text("utf-8"))["vector"]
    return rows


def _at(said: str) -> datetime:
    return datetime.fromisoformat(said).replace(tzinfo=CALENDAR.tz)


def _read(row: dict[str, Any]) -> Vector:
    return Vector(
        name=row["name"],
        term=parse_term(row["term"], zone=CALENDAR.tz),
        start=_at(row["start"]),
        stops=tuple(
            Stop(since=_at(since), until=_at(until) if until else None)
            for since, until in row.get("stops", ())
        ),
        fixed=tuple(
            Fixed(kind=kind, at=_at(at), term=parse_term(term, zone=CALENDAR.tz))
            for kind, at, term in row.get("set", ())
        ),
        due=_at(row["due"]),
        deferred=row.get("deferred", False),
    )


def _told(row: dict[str, Any]) -> tuple[str, ...]:
    stops = (f"{since} ~ {until or '…'}" for since, until in row.get("stops", ()))
    dates = (f"{kind} {term}, on {at}" for kind, at, term in row.get("set", ()))
    due = "deferred" if row.get("deferred") else row["due"]
    told = (row["name"], row["term"], row["start"])
    return (*told, "; ".join(stops), "; ".join(dates), due)
