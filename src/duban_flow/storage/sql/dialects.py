"""What differs between databases: the only place that names one of them.

It makes engines of our own and says how their transactions begin. An engine that a
host lends is never altered.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, func, select
from sqlalchemy.engine import URL, make_url
from sqlalchemy.pool import StaticPool

from duban_flow.storage.sql.faults import opening

SQLITE = "sqlite"


def engine_for(url: str | URL, patience: float) -> Engine:
    """Make an engine; ``patience`` is how many seconds a SQLite lock is waited for.

    Raises:
        NotFound, Invalid: what is told by :func:`opening`.
    """
    with opening():
        return _engine(make_url(url), patience)


def _engine(parsed: URL, patience: float) -> Engine:
    if parsed.get_backend_name() != SQLITE:
        return create_engine(parsed, pool_pre_ping=True)
    if in_memory(parsed):
        return create_engine(
            parsed, poolclass=StaticPool, connect_args={"check_same_thread": False}
        )
    return create_engine(parsed, connect_args={"timeout": patience})


def in_memory(url: URL) -> bool:
    """Say whether a SQLite database lives in one connection and ends with it."""
    return url.get_backend_name() == SQLITE and url.database in (None, "", ":memory:")


def writing(engine: Engine) -> Engine:
    """Give an engine over the same connections that takes its lock at once.

    A SQLite transaction that reads and then writes fails at once if another has
    written in between, whatever its timeout; one that begins IMMEDIATE waits.
    """
    if engine.dialect.name != SQLITE:
        return engine
    own = engine.execution_options()

    @event.listens_for(own, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return own


def capabilities_of(engine: Engine) -> frozenset[str]:
    """Say what this database can do."""
    found = {"bound"}
    if engine.dialect.name != SQLITE:
        found.add("skip_locked")
    if not in_memory(engine.url):
        found.add("persistent")
    return frozenset(found)


def clock(connection: Connection) -> datetime:
    """Ask the database for its time, as finely as it tells it."""
    name = connection.dialect.name
    told: Any
    if name == SQLITE:
        told = func.strftime("%Y-%m-%d %H:%M:%f", "now")
    elif name == "postgresql":
        told = func.clock_timestamp()
    elif name in {"mysql", "mariadb"}:
        told = func.utc_timestamp(6)
    else:
        told = func.current_timestamp()
    found = connection.execute(select(told)).scalar_one()
    moment = datetime.fromisoformat(found) if isinstance(found, str) else found
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
