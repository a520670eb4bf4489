"""The SQL storage is held to the suite on SQLite, in a file and in memory."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from sqlalchemy import Connection, create_engine, event, insert, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from duban_flow import tables
from duban_flow.domain.batch import batch_of
from duban_flow.engine.ports import Query, Storage
from duban_flow.errors import Busy, Conflict, DubanError, Invalid, SchemaMismatch
from duban_flow.storage.sql import SqlStorage
from duban_flow.storage.sql import schema as t
from duban_flow.testing.storage import StorageConformance
from duban_flow.testing.storage import samples as s
from duban_flow.testing.storage.joining import Joining

Statements = list[str]


class TestSqliteFile(StorageConformance):
    """A file on disk, its callers on connections of their own."""

    @pytest.fixture(autouse=True)
    def folder(self, tmp_path: Path) -> None:
        """Give each test a folder."""
        self.path = tmp_path / "duban.db"

    def storage(self) -> Storage:
        """Give a storage over a new file."""
        return SqlStorage(f"sqlite:///{self.path}")

    @contextmanager
    def caller(self, storage: Storage) -> Iterator[Connection]:
        """Open a transaction on the caller's own engine."""
        engine = create_engine(f"sqlite:///{self.path}")
        try:
            with engine.begin() as connection:
                yield connection
        finally:
            engine.dispose()


class TestSqliteFileBySession(Joining):
    """The same, joined through a Session that is already in use."""

    @pytest.fixture(autouse=True)
    def folder(self, tmp_path: Path) -> None:
        """Give each test a folder."""
        self.path = tmp_path / "duban.db"

    def storage(self) -> Storage:
        """Give a storage over a new file."""
        return SqlStorage(f"sqlite:///{self.path}")

    @contextmanager
    def caller(self, storage: Storage) -> Iterator[Any]:
        """Open a session's transaction."""
        engine = create_engine(f"sqlite:///{self.path}")
        try:
            with Session(engine) as session, session.begin():
                session.execute(select(1))
                yield session
        finally:
            engine.dispose()


class TestSqliteMemory(StorageConformance):
    """One connection for all threads, one of them at a time."""

    def storage(self) -> Storage:
        """Give a storage that ends with its connection."""
        return SqlStorage("sqlite://")

    @contextmanager
    def caller(self, storage: Storage) -> Iterator[Connection]:
        """Open a transaction on the only connection there is."""
        assert isinstance(storage, SqlStorage)
        with storage.engine.begin() as connection:
            yield connection


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStorage]:
    """Give a storage over a new file, its schema made."""
    made = SqlStorage(f"sqlite:///{tmp_path / 'duban.db'}", patience=0.05)
    made.create()
    yield made
    made.close()


def spied(store: SqlStorage) -> Statements:
    """Write down every statement that is sent, executemany once."""
    seen: Statements = []

    @event.listens_for(store.engine, "before_cursor_execute")
    def _see(_c: Any, _k: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    return seen


def test_a_bound_unit_of_work_sends_reads_and_writes_only(store: SqlStorage) -> None:
    """No commit, no rollback, no savepoint, no DDL, by statement or by call."""
    seen, ended = spied(store), []
    for what in ("commit", "rollback", "savepoint"):
        event.listen(store.engine, what, lambda *_, w=what: ended.append(w))
    with store.engine.connect() as connection:
        transaction = connection.begin()
        with store.bound(s.ONE, connection) as work:
            work.write(batch_of([s.birth(s.item(), s.notice())], now=s.MONDAY))
            twin = batch_of([s.birth(s.item(id="item:twin"))], now=s.MONDAY)
            with pytest.raises(Conflict):
                work.write(twin)
            work.claim_notices(s.MONDAY, 1, s.MONDAY + s.HOUR, "w")
            work.find(Query(text="x"))
        assert ended == []
        verbs = {statement.split()[0] for statement in seen}
        assert verbs <= {"SELECT", "INSERT", "UPDATE", "DELETE"}
        transaction.rollback()
    assert ended == ["rollback"]
    assert s.picture(store)["items"] == {}


def test_a_host_writes_its_own_rows_beside_ours(store: SqlStorage) -> None:
    """An audit row and an item are in one transaction, kept or taken together."""
    with store.engine.begin() as connection:
        connection.execute(text("CREATE TABLE audit (item TEXT)"))
    for keeps in (False, True):
        with store.engine.connect() as connection:
            transaction = connection.begin()
            connection.execute(text("INSERT INTO audit VALUES ('A-1')"))
            with store.bound(s.ONE, connection) as work:
                work.write(batch_of([s.birth(s.item())], now=s.MONDAY))
            transaction.commit() if keeps else transaction.rollback()
        with store.engine.connect() as connection:
            rows = connection.execute(text("SELECT count(*) FROM audit")).scalar()
        assert rows == len(s.picture(store)["items"]) == int(keeps)


def test_a_connection_that_commits_by_itself_is_refused(store: SqlStorage) -> None:
    """All or nothing is not to be had there."""
    with store.engine.connect() as connection:
        loose = connection.execution_options(isolation_level="AUTOCOMMIT")
        with pytest.raises(Invalid, match="itself"), store.bound(s.ONE, loose):
            pass
    with pytest.raises(Invalid, match="closed"), store.bound(s.ONE, connection):
        pass


def test_statements_do_not_grow_with_the_rows(store: SqlStorage) -> None:
    """One act and fifty take the same number of statements."""
    seen = spied(store)
    counts = []
    for size in (1, 50):
        codes = [f"{size}-{n}" for n in range(size)]
        s.put(store, *(s.birth(s.item(code), s.notice()) for code in codes))
        seen.clear()
        changes = [
            s.act(code, 1, "lapse", "note", state="overdue", next_at=-1)
            for code in codes
        ]
        s.put(store, *changes, lost="drop")
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 5


def test_a_transaction_of_our_own_takes_the_lock_at_once(store: SqlStorage) -> None:
    """Who reads first and writes later is not refused for a lock it could not raise."""
    with store.begin(s.ONE) as work:
        work.all_ids()
        with pytest.raises(Busy):
            s.put(store, s.birth(s.item("A-2")))
        work.write(batch_of([s.birth(s.item())], now=s.MONDAY))
    assert list(s.picture(store)["items"]) == ["item:A-1"]


def test_a_hosts_engine_is_left_as_it_was(tmp_path: Path) -> None:
    """Its own transactions do not begin otherwise, and closing is its own."""
    engine = create_engine(f"sqlite:///{tmp_path / 'host.db'}")
    store = SqlStorage(engine)
    store.create()
    seen = spied(store)
    with engine.begin() as connection:
        connection.execute(select(t.item))
    assert [statement.split()[0] for statement in seen] == ["SELECT"]
    with store.begin(s.ONE):
        pass
    assert seen[-1] == "BEGIN IMMEDIATE"
    store.close()
    with engine.connect() as connection:
        assert connection.execute(select(t.item)).all() == []
    engine.dispose()


def test_one_thread_has_the_connection_in_memory() -> None:
    """A second unit of work in the thread is Busy, and another thread waits in vain."""
    store = SqlStorage("sqlite://", patience=0.01)
    store.create()
    faults: list[Exception] = []

    def write() -> None:
        try:
            s.put(store, s.birth(s.item()))
        except Busy as fault:
            faults.append(fault)

    with store.begin(s.ONE):
        other = Thread(target=write)
        other.start()
        other.join()
        write()
    assert len(faults) == 2
    write()
    assert s.read(store).version == 1
    store.close()


@pytest.mark.parametrize("number", ["0", "2", "x"])
def test_another_schema_is_a_mismatch(store: SqlStorage, number: str) -> None:
    """Older, newer or unreadable: it is told, and creating does not change it."""
    with store.engine.begin() as connection:
        connection.execute(update(t.meta).values(value=number))
    store.create()
    with pytest.raises(SchemaMismatch, match=f"schema {number} was found"):
        store.verify()


def test_a_missing_table_is_named(store: SqlStorage) -> None:
    """A schema of the right number with a table gone is a mismatch too."""
    with store.engine.begin() as connection:
        t.outbox.drop(connection)
    with pytest.raises(SchemaMismatch, match="duban_outbox"):
        store.verify()


def test_a_mark_without_a_number_is_no_schema(store: SqlStorage) -> None:
    """Somebody else's table of that name is not taken for ours."""
    with store.engine.begin() as connection:
        connection.execute(t.meta.delete())
    with pytest.raises(SchemaMismatch, match="no schema"):
        store.verify()


def test_a_race_for_a_key_is_caught_by_the_key_itself(store: SqlStorage) -> None:
    """Whoever slips in between asking and writing is a Conflict; half is never kept."""
    slipped: list[bool] = []

    @event.listens_for(store.engine, "before_cursor_execute")
    def _slip(connection: Connection, _c: Any, statement: str, *_rest: Any) -> None:
        if statement.startswith("INSERT INTO duban_event") and not slipped:
            slipped.append(True)
            row = {"tenant": s.ONE, "subject": "item:A-1", "seq": 1, "kind": "item"}
            told = {"action": "x", "actor": "x", "overtakes": [], "data": {}}
            at = dict.fromkeys(("effective_at", "effective_until", "recorded_at"), 0)
            connection.execute(insert(t.event), [{**row, **told, **at}])

    def swallow() -> None:
        with store.begin(s.ONE) as work:
            try:
                work.write(batch_of([s.birth(s.item())], now=s.MONDAY))
            except Conflict:
                return

    with pytest.raises(Busy, match="middle"):
        swallow()
    assert s.picture(store)["items"] == {}


def test_a_drivers_fault_is_told_in_our_words(store: SqlStorage) -> None:
    """A full disk is a fault under our own root, with the driver's as its cause."""
    with store.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 1")
        connection.commit()
        transaction = connection.begin()
        births = [s.birth(s.item(f"A-{n}", note="长" * 9000)) for n in range(99)]
        full = batch_of(births, now=s.MONDAY)
        with pytest.raises(DubanError) as told, store.bound(s.ONE, connection) as work:
            work.write(full)
        cause = told.value.__cause__
        assert isinstance(cause, DBAPIError)
        assert isinstance(cause.orig, sqlite3.OperationalError)
        assert told.value.code == "storage.fault"
        transaction.rollback()
    assert s.picture(store)["items"] == {}


def test_the_claim_reads_its_partial_index(store: SqlStorage) -> None:
    """What is never due is not even walked over."""
    with store.begin(s.ONE), store.engine.connect() as connection:
        hot = t.item.c
        due = select(hot.id).where(
            hot.tenant == s.ONE, hot.next_at >= t.NONE, hot.next_at <= 1
        )
        told = str(due.compile(compile_kwargs={"literal_binds": True}))
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {told}").all()
    assert "ix_duban_item_due" in plan[0][-1]


def test_text_in_json_is_found_by_like(store: SqlStorage) -> None:
    """Chinese lies in the columns as it is, not as numbers."""
    s.put(store, s.birth(s.item(note="已进场")))
    with store.engine.connect() as connection:
        body = text("SELECT count(*) FROM duban_item_detail WHERE body LIKE '%已进场%'")
        assert connection.execute(body).scalar() == 1


def test_a_host_joins_the_item_table(store: SqlStorage) -> None:
    """``duban_flow.tables.item`` is the table that the storage writes."""
    s.put(store, s.birth(s.item()))
    with store.engine.connect() as connection:
        query = select(tables.item.c.state, tables.item.c.unit)
        assert connection.execute(query).all() == [("assigned", "zjj")]
    assert tables.__all__ == ["item", "item_detail"]


def test_every_key_is_led_by_the_tenant() -> None:
    """No key and no index leads across tenants, and no table has a foreign key."""
    for table in t.metadata.tables.values():
        assert table.name.startswith("duban_")
        assert next(iter(table.primary_key.columns)).name == "tenant"
        assert all(next(iter(i.columns)).name == "tenant" for i in table.indexes)
        assert not table.foreign_keys
