"""A connection in a transaction, for one tenant: the only place where SQL is run.

It translates faults and refuses to go on after a write broke in the middle. It never
commits and never rolls back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any, Final, cast

from sqlalchemy import ColumnElement, Connection, Executable, Table

from duban_flow.errors import Busy, Invalid
from duban_flow.storage.sql.faults import translated

CHUNK: Final = 500
"""How many values go into one IN: every database takes that many."""

MOST: Final = 2**31 - 1
"""More rows than anybody asks for at once."""


class Link:
    """One tenant's way to the database, for one unit of work."""

    def __init__(self, tenant: str, connection: Connection) -> None:
        self.tenant = tenant
        self._connection = connection
        self._ended = False
        self._broken = False

    @property
    def connection(self) -> Connection:
        """The connection, while the unit of work lasts.

        Raises:
            Invalid: it has ended.
            Busy: a write broke in the middle; only a rollback helps.
        """
        if self._ended:
            raise Invalid(
                "This unit of work has ended.", zh="事务已经结束。", code="work.ended"
            )
        if self._broken:
            raise Busy(
                "A write broke in the middle: roll back and run again.",
                zh="写入中断，请回滚后重试。",
                code="work.broken",
            )
        return self._connection

    def mine(self, table: Table) -> ColumnElement[bool]:
        """Give the condition that keeps to the tenant."""
        return table.c.tenant == self.tenant

    def rows(self, statement: Executable) -> Sequence[Mapping[str, Any]]:
        """Run a statement and give its rows by column name."""
        with translated("read"):
            found: Any = self.connection.execute(statement).mappings().all()
        return cast("Sequence[Mapping[str, Any]]", found)

    def execute(self, statement: Executable) -> None:
        """Run a statement by itself."""
        with translated("write"):
            self.connection.execute(statement)

    def run(self, statement: Executable, rows: Sequence[Mapping[str, Any]]) -> int:
        """Run a statement once for many rows; give how many it met, -1 if untold."""
        if not rows:
            return 0
        connection = self.connection
        with translated("write"):
            result = connection.execute(statement, [dict(row) for row in rows])
        many = len(rows) > 1
        dialect = connection.dialect
        told = (
            dialect.supports_sane_multi_rowcount
            if many
            else dialect.supports_sane_rowcount
        )
        return result.rowcount if told else -1

    @contextmanager
    def unbroken(self) -> Iterator[None]:
        """Run something of which half is worse than nothing."""
        try:
            yield
        except BaseException:
            self._broken = True
            raise

    def end(self) -> None:
        """Let nothing more be done.

        Raises:
            Busy: a write broke in the middle and somebody swallowed that.
        """
        broken = self._broken
        self.drop()
        if broken:
            raise Busy(
                "A write broke in the middle: roll back and run again.",
                zh="写入中断，请回滚后重试。",
                code="work.broken",
            )

    def drop(self) -> None:
        """Let nothing more be done, whatever became of it."""
        self._ended = True


def bounded(limit: int) -> int:
    """Give a limit that every database takes: none has more rows than that."""
    return min(max(limit, 0), MOST)


def chunks(values: Iterable[Any]) -> Iterator[list[Any]]:
    """Give distinct values in portions that fit into one statement."""
    waiting = iter(dict.fromkeys(values))
    while portion := list(islice(waiting, CHUNK)):
        yield portion
