"""The SQL storage: opens units of work, makes its schema once, and checks it.

It never alters a schema that is there, and in a caller's transaction it only reads
and writes rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Lock, get_ident
from typing import Any

from sqlalchemy import Connection, Engine, Transaction, exc, insert, inspect, select
from sqlalchemy.engine import URL
from sqlalchemy.orm import Session
from sqlalchemy.pool import StaticPool

from duban_flow.errors import Busy, Invalid, SchemaMismatch
from duban_flow.storage.sql import dialects
from duban_flow.storage.sql import schema as s
from duban_flow.storage.sql.faults import opening, translated
from duban_flow.storage.sql.link import Link
from duban_flow.storage.sql.work import SqlWork

Address = str | URL | Engine
"""Where a database is: a URL, or the host's own Engine."""

NOBODY = ""
"""The tenant of the words about the schema itself."""


class SqlStorage:
    """A storage in a SQL database; give a URL, or the host's own Engine.

    ``patience``: seconds to wait for somebody else's lock before it is Busy.

    >>> storage = SqlStorage("sqlite://")
    >>> storage.create()
    >>> storage.verify()
    >>> with storage.begin("default") as work:
    ...     work.open_count()
    0
    >>> storage.close()
    """

    name = "sql"

    def __init__(self, at: str | URL | Engine, *, patience: float = 5.0) -> None:
        self._lent = isinstance(at, Engine)
        self._engine = (
            at if isinstance(at, Engine) else dialects.engine_for(at, patience)
        )
        self._own = dialects.writing(self._engine)
        self._patience = patience
        self.capabilities = dialects.capabilities_of(self._engine)
        # Where all threads share one connection, one of them has it at a time.
        shared = isinstance(self._engine.pool, StaticPool)
        self._turn = Lock() if shared else None
        self._holder: int | None = None

    @property
    def engine(self) -> Engine:
        """The engine, for a host that reads its tables beside its own."""
        return self._engine

    def create(self) -> None:
        """Make the schema where it is absent; one that is there is left as it is."""
        with self._transaction("create") as connection:
            if inspect(connection).has_table(s.meta.name):
                return
            s.metadata.create_all(connection)
            row = {"tenant": NOBODY, "key": "schema", "value": str(s.SCHEMA)}
            connection.execute(insert(s.meta), [row])

    def verify(self) -> None:
        """Check the schema.

        Raises:
            SchemaMismatch: it is absent, older or newer.
        """
        with self._transaction("verify") as connection:
            there = set(inspect(connection).get_table_names())
            missing = sorted(set(s.metadata.tables) - there)
            found = None
            if s.meta.name in there:
                told = select(s.meta.c.value).where(
                    s.meta.c.tenant == NOBODY, s.meta.c.key == "schema"
                )
                found = connection.execute(told).scalar()
        if missing or found != str(s.SCHEMA):
            raise _mismatch(found, missing)

    @contextmanager
    def begin(self, tenant: str) -> Iterator[SqlWork]:
        """Open a transaction of one's own: committed at the end, or nothing."""
        _check_tenant(tenant)
        with self._transaction("begin") as connection:
            link = Link(tenant, connection)
            try:
                yield SqlWork(link)
            except BaseException:
                link.drop()
                raise
            link.end()

    @contextmanager
    def bound(self, tenant: str, on: Any) -> Iterator[SqlWork]:
        """Join a caller's Connection or Session; it alone commits or rolls back.

        Raises:
            Invalid: for anything else, or a connection that commits by itself.
        """
        _check_tenant(tenant)
        link = Link(tenant, _connection_of(on))
        try:
            yield SqlWork(link)
        except BaseException:
            link.drop()
            raise
        link.end()

    def close(self) -> None:
        """Let go of connections; a host's engine is the host's."""
        if not self._lent:
            self._engine.dispose()

    @contextmanager
    def _transaction(self, doing: str) -> Iterator[Connection]:
        with self._alone():
            with translated(doing), opening():
                connection = self._own.connect()
            try:
                with translated(doing):
                    transaction = connection.begin()
                try:
                    yield connection
                except BaseException:
                    _roll_back(transaction)
                    raise
                with translated("commit"):
                    transaction.commit()
            finally:
                connection.close()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        if self._turn is None:
            yield
            return
        if self._holder == get_ident() or not self._turn.acquire(
            timeout=self._patience
        ):
            raise Busy(
                "The one connection of this database is in a transaction already.",
                zh="数据库唯一的连接正在另一事务中。",
                code="busy",
            )
        self._holder = get_ident()
        try:
            yield
        finally:
            self._holder = None
            self._turn.release()


def _roll_back(transaction: Transaction) -> None:
    # The fault that brought us here says more than that of a broken connection.
    with suppress(exc.SQLAlchemyError):
        transaction.rollback()


def _check_tenant(tenant: str) -> None:
    if not tenant.strip() or "\0" in tenant:
        raise Invalid(
            f"A tenant is a text that is not empty; {tenant!r} was given.",
            zh=f"租户不能为空：{tenant!r}。",
            code="tenant.empty",
        )


def _connection_of(on: Any) -> Connection:
    if isinstance(on, Session):
        with translated("join"):
            on = on.connection()
    if not isinstance(on, Connection):
        raise Invalid(
            f"on={type(on).__name__} cannot be joined: a SQLAlchemy Connection or "
            "Session in a transaction was wanted.",
            zh=f"不能加入{type(on).__name__}：应为SQLAlchemy的Connection或Session。",
            code="bound.type",
        )
    if on.closed or on.get_execution_options().get("isolation_level") == "AUTOCOMMIT":
        raise Invalid(
            "on= wants a connection in a transaction; this one is closed or commits "
            "every statement by itself.",
            zh="所给连接已关闭或为自动提交模式，不能加入。",
            code="bound.autocommit",
        )
    return on


def _mismatch(found: str | None, missing: list[str]) -> SchemaMismatch:
    if found is None:
        told, zh = "no schema was found", "数据库中没有表结构"
    elif found != str(s.SCHEMA):
        told, zh = f"schema {found} was found", f"数据库结构版本为{found}"
    else:
        told, zh = f"there is no {', '.join(missing)}", f"缺少表{'、'.join(missing)}"
    return SchemaMismatch(
        f"{told}; schema {s.SCHEMA} was wanted.",
        zh=f"{zh}，应为版本{s.SCHEMA}。",
        code="schema.absent" if found is None else "schema.other",
    )
