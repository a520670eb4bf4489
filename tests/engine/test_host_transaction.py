"""In a host's transaction: its commit keeps everything, its rollback takes it away."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.orm import Session

from duban_flow import Invalid, NotFound, Refused
from duban_flow.storage.memory import MemoryStorage
from duban_flow.storage.sql import SqlStorage
from tests.engine.house import DCS, PANEL, ZJJ, House, at, matter


@pytest.fixture
def engine(tmp_path):
    """Give a host's own engine, with a table of its own."""
    made = create_engine(f"sqlite:///{tmp_path / 'host.db'}")
    with made.begin() as connection:
        connection.execute(text("CREATE TABLE audit (item TEXT)"))
    yield made
    made.dispose()


@pytest.fixture
def house(engine):
    """Give a rehearsal on the host's engine."""
    return House.open(SqlStorage(engine))


@pytest.fixture(params=["connection", "session"])
def opened(request, engine):
    """Give what a host works with: a connection or a session."""
    kind = Connection if request.param == "connection" else Session
    return lambda: kind(engine)


@pytest.fixture
def statements(engine: Engine):
    """Keep every statement, commit and rollback that the engine sees."""
    seen: list[str] = []
    event.listen(
        engine, "before_cursor_execute", lambda *said: seen.append(said[2].strip())
    )
    event.listen(engine, "commit", lambda _: seen.append("COMMIT"))
    event.listen(engine, "rollback", lambda _: seen.append("ROLLBACK"))
    return seen


def audited(work, item) -> None:
    """Write a row of the host's own."""
    work.execute(text("INSERT INTO audit VALUES (:item)"), {"item": item.id})


def rows(engine: Engine) -> int:
    """Count the host's own rows."""
    with engine.connect() as connection:
        return int(connection.execute(text("SELECT count(*) FROM audit")).scalar_one())


def test_the_hosts_commit_keeps_all(house, engine, opened):
    """The item and the host's own row are there together."""
    with opened() as work, work.begin():
        desk = house.desk(on=work)
        item = desk.assign(matter())
        audited(work, item)
        desk.note(item, "一")
    assert house.desk().get("A-1").version == 2
    assert rows(engine) == 1


def test_the_hosts_rollback_takes_all_away(house, engine, opened):
    """Neither the item nor the host's own row is left, nor the request."""
    with opened() as work:
        transaction = work.begin()
        item = house.desk(on=work).assign(matter(), request_id="r")
        audited(work, item)
        transaction.rollback()
    with pytest.raises(NotFound):
        house.desk().get("A-1")
    assert rows(engine) == 0
    assert house.desk().assign(matter(), request_id="r").version == 1


def test_what_the_host_has_not_committed_it_reads_itself(house, opened):
    """Inside its transaction a desk sees what was done there."""
    with opened() as work, work.begin():
        desk = house.desk(on=work)
        desk.assign(matter())
        assert desk.get("A-1").code == "A-1"
        assert [item.code for item in desk.find()] == ["A-1"]
        assert [e.action for e in desk.history("A-1")] == ["assign"]


def test_no_transaction_is_ended_and_no_schema_touched(house, opened, statements):
    """Between the host's begin and its commit we only read and write rows."""
    house.assign()
    with opened() as work, work.begin():
        statements.clear()
        desk = house.desk(PANEL, "06-02 09:00", on=work)
        desk.find()
        desk.explain("A-1")
        desk.available("A-1")
        with desk.atomic():
            desk.close("A-1", reason="完成")
        house.desk(on=work).assign(matter("A-2"))
        desk.sanctions.find()
        with pytest.raises(Refused):
            desk.close("A-1", reason="完成")
        seen = {statement.split()[0].upper() for statement in statements}
    assert seen <= {"SELECT", "INSERT", "UPDATE", "DELETE"}


def test_a_refusal_leaves_the_hosts_transaction_as_it_was(house, engine, opened):
    """The host may go on after an error of ours and commit its own."""
    house.assign()
    with opened() as work, work.begin():
        audited(work, house.desk(on=work).get("A-1"))
        with pytest.raises(Refused):
            house.desk(on=work).reopen("A-1", reason="不服")
    assert rows(engine) == 1
    assert house.desk().get("A-1").version == 1


def test_a_sanction_is_carried_through_in_the_hosts_transaction(house, opened):
    """Proposed, approved, issued and rolled back, nothing of it was."""
    house.assign()
    house.sweep("06-08 09:00")
    with opened() as work:
        transaction = work.begin()
        desk = house.desk(DCS, "06-08 09:00", on=work)
        one = desk.sanctions.propose("A-1", kind="call", unit=ZJJ, reason="久拖")
        issued = desk.sanctions.issue(one)
        assert issued.issued_at == at("06-08 09:00")
        transaction.rollback()
    assert house.desk().sanctions.find() == ()
    assert house.actions() == ["assign", "lapse", "urge"]


def test_what_cannot_be_joined_is_refused(house):
    """No engine, no name of one, and nothing in memory."""
    for wrong in ("sqlite://", object()):
        with pytest.raises(Invalid):
            house.desk(on=wrong).find()
    with pytest.raises(Invalid):
        House.open(MemoryStorage()).desk(on=object()).find()
