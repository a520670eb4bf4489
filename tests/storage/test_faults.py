"""What a driver raises is told in the words of the port, by number and not by text."""

from __future__ import annotations

import sqlite3

import pytest
from sqlalchemy import exc

from duban_flow.errors import Busy, Conflict, DubanError, Invalid, SchemaMismatch
from duban_flow.storage.sql.faults import translated


class Refused(Exception):
    """A driver's fault, with the number or the SQLSTATE that it carries."""

    def __init__(self, number: int = 0, sqlstate: str | None = None) -> None:
        super().__init__(number, "whatever the server says in its own language")
        self.sqlstate = sqlstate


def sqlite_fault(number: int, told: str = "") -> sqlite3.OperationalError:
    """Give a fault of SQLite under one of its numbers."""
    fault = sqlite3.OperationalError(told)
    fault.sqlite_errorcode = number
    return fault


@pytest.mark.parametrize(
    ("kind", "orig", "wanted"),
    [
        (exc.OperationalError, Refused(sqlstate="40001"), Busy),
        (exc.OperationalError, Refused(sqlstate="40P01"), Busy),
        (exc.OperationalError, Refused(sqlstate="55P03"), Busy),
        (exc.OperationalError, Refused(1213), Busy),
        (exc.OperationalError, Refused(1205), Busy),
        (exc.OperationalError, sqlite_fault(sqlite3.SQLITE_BUSY), Busy),
        (exc.OperationalError, sqlite_fault(sqlite3.SQLITE_BUSY_SNAPSHOT), Busy),
        (exc.OperationalError, sqlite_fault(sqlite3.SQLITE_LOCKED), Busy),
        (exc.IntegrityError, Refused(1062), Conflict),
        (exc.IntegrityError, Refused(sqlstate="23505"), Conflict),
        (exc.IntegrityError, Refused(1213), Busy),
        (exc.DataError, Refused(sqlstate="22001"), Invalid),
        (exc.ProgrammingError, Refused(sqlstate="42P01"), SchemaMismatch),
        (exc.ProgrammingError, Refused(1146), SchemaMismatch),
        (exc.OperationalError, sqlite_fault(1, "no such table: x"), SchemaMismatch),
        (exc.OperationalError, sqlite_fault(sqlite3.SQLITE_FULL), DubanError),
        (exc.OperationalError, Refused(sqlstate="53100"), DubanError),
    ],
)
def test_a_fault_is_told_by_its_number(
    kind: type[exc.DBAPIError], orig: Exception, wanted: type[DubanError]
) -> None:
    """Held rows are Busy, taken keys Conflict, absent tables SchemaMismatch."""
    raised = kind("SELECT 1", {}, orig)
    with pytest.raises(DubanError) as told, translated("read"):
        raise raised
    assert type(told.value) is wanted
    assert told.value.__cause__ is raised
    assert told.value.reasons[0].zh


def test_a_lost_connection_is_busy() -> None:
    """Whether a commit came through is asked again under its request id."""
    broken = exc.OperationalError("COMMIT", {}, Refused(9), connection_invalidated=True)
    with pytest.raises(Busy), translated("commit"):
        raise broken
    with pytest.raises(Busy), translated("begin"):
        raise exc.TimeoutError


def test_a_callers_own_fault_passes() -> None:
    """What is not a driver's is nobody's to translate."""
    with pytest.raises(KeyError), translated("read"):
        raise KeyError("mine")
