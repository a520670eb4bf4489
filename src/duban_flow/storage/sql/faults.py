"""What a driver raised, in the words of the port.

Told by error numbers and SQLSTATE, by text only where a driver gives neither.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from sqlalchemy import exc

from duban_flow.errors import Busy, Conflict, DubanError, Invalid, SchemaMismatch

_SQLITE_BUSY: Final = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_SQLSTATE_BUSY: Final = {"40001", "40P01", "55P03", "57P01", "25P03"}
_SQLSTATE_ABSENT: Final = {"42P01", "42703", "42S02", "42S22"}
_MYSQL_BUSY: Final = {1020, 1205, 1213, 3572, 2006, 2013}
_MYSQL_ABSENT: Final = {1054, 1146}


@contextmanager
def translated(doing: str) -> Iterator[None]:
    """Run something, and say what a driver raises in our own words.

    Raises:
        Busy: the rows are held, the connection broke: roll back and run again.
        Conflict: a unique key is taken.
        Invalid: a value does not fit its column.
        SchemaMismatch: a table or a column is not there.
        DubanError: anything else: disk full, damaged file, no permission.
    """
    try:
        yield
    except exc.DBAPIError as fault:
        raise _told(fault, doing) from fault
    except exc.TimeoutError as fault:
        raise _busy(doing, fault) from fault


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
        return Invalid(
            f"{doing}: a value does not fit: {fault.orig}",
            zh=f"数据不符合存储要求：{fault.orig}",
            code="storage.value",
        )
    if _is_absent(fault.orig):
        return SchemaMismatch(
            f"{doing}: the schema is not the one that is wanted: {fault.orig}",
            zh=f"数据库结构与本程序不符：{fault.orig}",
            code="schema.absent",
        )
    return DubanError(
        f"{doing}: the database refused: {fault.orig}",
        zh=f"数据库出错：{fault.orig}",
        code="storage.fault",
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
