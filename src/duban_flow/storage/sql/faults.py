"""What a driver raised, in the words of the port.

Told by error numbers and SQLSTATE, by text only where a driver gives neither.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from sqlalchemy import exc

from duban_flow.errors import (
    Busy,
    Conflict,
    DubanError,
    Invalid,
    NotFound,
    SchemaMismatch,
)

_SQLITE_BUSY: Final = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_SQLSTATE_BUSY: Final = {"40001", "40P01", "55P03", "57P01", "25P03"}
_SQLSTATE_ABSENT: Final = {"42P01", "42703", "42S02", "42S22"}
_MYSQL_BUSY: Final = {1020, 1205, 1213, 3572, 2006, 2013}
_MYSQL_ABSENT: Final = {1054, 1146}


@contextmanager
def translated(doing: str) -> Iterator[None]:
    """Run something, and say what a driver raises in our own words.

    Raises:
        Busy: the rows are held, the connection broke, what is under way cannot go
            on: roll back and run again.
        Conflict: a unique key is taken.
        Invalid: a value does not fit its column, or what was lent is in no state to
            be used.
        SchemaMismatch: a table or a column is not there.
        DubanError: anything else: disk full, damaged file, no permission.
    """
    try:
        yield
    except exc.DBAPIError as fault:
        raise _told(fault, doing) from fault
    except (exc.TimeoutError, exc.PendingRollbackError) as fault:
        raise _busy(doing, fault) from fault
    except (UnicodeError, OverflowError, exc.StatementError) as fault:
        raise _unfit(doing, fault) from fault
    except exc.InvalidRequestError as fault:
        raise Invalid(
            f"{doing}: the connection or session cannot be used: {fault}",
            zh=f"所给连接或会话不能使用：{fault}",
            code="bound.state",
        ) from fault
    except exc.SQLAlchemyError as fault:
        raise _fault(doing, fault) from fault


@contextmanager
def opening() -> Iterator[None]:
    """Make an engine or its first connection; the address is never repeated.

    An address holds secrets, and a driver says what it likes of one.

    Raises:
        NotFound: no such database or driver is known.
        Invalid: the driver is not installed, or the address cannot be read.
    """
    try:
        yield
    except exc.NoSuchModuleError as fault:
        raise NotFound(
            "No such database or driver is known: "
            "sqlite, postgresql+psycopg, mysql+pymysql are.",
            zh="没有这种数据库或驱动，例如应为sqlite、postgresql+psycopg、mysql+pymysql。",
            code="storage.unknown",
        ) from fault
    except ImportError as fault:
        raise Invalid(
            f"The driver {fault.name!r} of this database is not installed.",
            zh=f"没有安装该数据库的驱动{fault.name}。",
            code="storage.driver",
        ) from fault
    except (exc.ArgumentError, TypeError, ValueError) as fault:
        raise Invalid(
            "This cannot be read as the address of a database; "
            "sqlite:///duban.db or postgresql+psycopg://user@host/name is one.",
            zh="数据库地址无效，例如应为sqlite:///duban.db或"
            "postgresql+psycopg://用户@主机/库名。",
            code="storage.address",
        ) from fault


def _told(fault: exc.DBAPIError, doing: str) -> DubanError:
    if fault.connection_invalidated or _is_busy(fault.orig):
        return _busy(doing, fault.orig)
    if isinstance(fault, exc.IntegrityError):
        return Conflict(
            f"{doing}: a key is taken: {fault.orig}",
            zh=f"编号或主键已经存在：{fault.orig}",
            code="key.taken",
        )
    if isinstance(fault, exc.DataError):
        return _unfit(doing, fault.orig)
    if _is_absent(fault.orig):
        return SchemaMismatch(
            f"{doing}: the schema is not the one that is wanted: {fault.orig}",
            zh=f"数据库结构与本程序不符：{fault.orig}",
            code="schema.absent",
        )
    return _fault(doing, fault.orig)


def _fault(doing: str, fault: object) -> DubanError:
    return DubanError(
        f"{doing}: the database refused: {fault}",
        zh=f"数据库出错：{fault}",
        code="storage.fault",
    )


def _unfit(doing: str, fault: object) -> Invalid:
    return Invalid(
        f"{doing}: a value does not fit: {fault}",
        zh=f"数据不符合存储要求：{fault}",
        code="storage.value",
    )


def _busy(doing: str, fault: object) -> Busy:
    return Busy(
        f"{doing}: somebody else holds it: {fault}",
        zh=f"数据正被占用，请稍后重试：{fault}",
        code="busy",
    )


def _is_busy(orig: Any) -> bool:
    if isinstance(orig, sqlite3.Error):
        return getattr(orig, "sqlite_errorcode", 0) & 0xFF in _SQLITE_BUSY
    return _sqlstate(orig) in _SQLSTATE_BUSY or _number(orig) in _MYSQL_BUSY


def _is_absent(orig: Any) -> bool:
    if isinstance(orig, sqlite3.Error):
        # SQLite has one number for every fault in a statement.
        return str(orig).startswith(("no such table", "no such column"))
    return _sqlstate(orig) in _SQLSTATE_ABSENT or _number(orig) in _MYSQL_ABSENT


def _sqlstate(orig: Any) -> str:
    return str(getattr(orig, "sqlstate", None) or getattr(orig, "pgcode", None) or "")


def _number(orig: Any) -> int:
    first = next(iter(getattr(orig, "args", ())), 0)
    return first if isinstance(first, int) else 0
