"""Nobody has to know what the database is made of: its own faults never come out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from sqlalchemy import Column, Engine, Integer, create_engine, text
from sqlalchemy import exc as foreign
from sqlalchemy.orm import DeclarativeBase, Session

from duban_flow import Busy, DubanError, Invalid, NotFound, Office
from duban_flow.domain.rows import meta_rows
from duban_flow.storage.sql import SqlStorage
from duban_flow.storage.sql.faults import translated
from duban_flow.testing.storage import samples as s


class Base(DeclarativeBase):
    """The host's own tables."""


class Absent(Base):
    """One that its database does not have."""

    __tablename__ = "absent"
    id = Column(Integer, primary_key=True)


class TestOpening:
    """What cannot be opened is refused in our own words."""

    @pytest.mark.parametrize(
        ("url", "wanted", "code"),
        [
            ("mysql+nothing://x", NotFound, "storage.unknown"),
            ("postgresql+nodriver://x/y", NotFound, "storage.unknown"),
            ("postgresql://x:notaport/y", Invalid, "storage.address"),
            ("no address", Invalid, "storage.address"),
            (7, Invalid, "storage.address"),
            (Path("duban.db"), Invalid, "storage.address"),
        ],
    )
    def test_an_address_that_leads_nowhere(self, url, wanted, code):
        """It is said what was given; the foreign fault is the cause."""
        with pytest.raises(wanted) as refused:
            SqlStorage(url)
        assert refused.value.code == code
        assert refused.value.__cause__ is not None
        assert refused.value.reasons[0].zh

    def test_a_driver_that_is_not_installed(self):
        """It is named, so that it can be."""
        with pytest.raises(Invalid) as refused:
            SqlStorage("mysql+asyncmy://x/y")
        assert refused.value.code == "storage.driver"
        assert "asyncmy" in refused.value.text("en")
        assert isinstance(refused.value.__cause__, ImportError)

    def test_no_password_is_told(self):
        """An address holds secrets."""
        with pytest.raises(DubanError) as refused:
            SqlStorage("mysql+nothing://me:secret@x")
        assert "secret" not in refused.value.text("en") + refused.value.text("zh")

    def test_an_option_that_says_nothing(self, tmp_path):
        """It is part of the address."""
        with pytest.raises(Invalid) as refused:
            SqlStorage(f"sqlite:///{tmp_path}/x.db?timeout=soon")
        assert refused.value.code == "storage.address"

    def test_an_option_the_driver_does_not_know(self, tmp_path):
        """The host's engine shows it at the first connection."""
        engine = create_engine(
            f"sqlite:///{tmp_path}/x.db", connect_args={"nonsense": 1}
        )
        with pytest.raises(Invalid) as refused:
            SqlStorage(engine).create()
        assert refused.value.code == "storage.address"

    def test_an_office_says_the_same(self, tmp_path):
        """A folder that is not there, a file that is none, a word that means none."""
        (tmp_path / "bad.db").write_bytes(b"garbage" * 1000)
        for url in (
            f"sqlite:///{tmp_path}/nowhere/x.db",
            f"sqlite:///{tmp_path}/bad.db",
            "nonsense",
            "postgresql://x:notaport/y",
        ):
            with pytest.raises(DubanError):
                Office.open(url, create=True)


class TestJoining:
    """A caller's Session in no state to be joined is told so."""

    @pytest.fixture
    def engine(self, tmp_path: Path) -> Iterator[Engine]:
        """Give the host's own engine."""
        made = create_engine(f"sqlite:///{tmp_path}/host.db")
        with made.begin() as connection:
            connection.execute(text("create table once (id integer primary key)"))
        yield made
        made.dispose()

    @pytest.fixture
    def storage(self, engine: Engine) -> Iterator[SqlStorage]:
        """Give a storage on it, with a word in it."""
        made = SqlStorage(engine)
        made.create()
        yield made
        made.close()

    def ask(self, storage: SqlStorage, on: Any) -> str | None:
        """Read in the caller's transaction."""
        with storage.bound(s.ONE, on) as work:
            return work.meta("word")

    def test_a_session_after_a_failed_flush_wants_to_be_rolled_back(
        self, storage, engine
    ):
        """Busy: roll back and run again; after that it is joined."""
        with Session(engine) as session:
            session.add(Absent(id=1))
            with pytest.raises(foreign.OperationalError):
                session.flush()
            with pytest.raises(Busy) as refused:
                self.ask(storage, session)
            assert isinstance(refused.value.__cause__, foreign.PendingRollbackError)
            session.rollback()
            assert self.ask(storage, session) is None

    def test_a_session_of_no_engine_cannot_be_joined(self, storage):
        """It knows no database."""
        with Session() as session, pytest.raises(Invalid) as refused:
            self.ask(storage, session)
        assert refused.value.code == "bound.state"

    def test_a_session_that_is_done_cannot_be_joined(self, storage, engine):
        """Its transaction has ended inside a block that has not."""
        with Session(engine) as session, session.begin():
            session.execute(text("select 1"))
            session.commit()
            with pytest.raises(Invalid) as refused:
                self.ask(storage, session)
        assert refused.value.code == "bound.state"


class TestInTheMiddle:
    """Values that a driver cannot carry are Invalid, wherever they come from."""

    @pytest.mark.parametrize(
        ("raised", "wanted"),
        [
            (OverflowError("int too large"), Invalid),
            (UnicodeEncodeError("utf-8", "\ud800", 0, 1, "surrogates"), Invalid),
            (foreign.StatementError("bad", "select", {}, TypeError("x")), Invalid),
            (foreign.PendingRollbackError("roll back"), Busy),
            (foreign.ResourceClosedError("closed"), Invalid),
            (foreign.UnboundExecutionError("no bind"), Invalid),
            (foreign.NoSuchModuleError("no dialect"), DubanError),
        ],
    )
    def test_it_is_told_in_our_own_words(self, raised, wanted):
        """With the foreign fault as the cause."""
        with pytest.raises(wanted) as told, translated("read"):
            raise raised
        assert told.value.__cause__ is raised
        assert told.value.reasons[0].zh

    def test_a_number_too_large_for_its_column(self):
        """The storage goes on as if nothing had been asked."""
        storage = SqlStorage("sqlite://")
        storage.create()
        wrong = s.birth(s.item(), s.notice())
        odd = {**wrong.columns, "quarantined": 10**20}
        with pytest.raises(Invalid):
            s.put(storage, evolve(wrong, columns=odd))
        s.put(storage, rows=[meta_rows({"word": "said"})])
        with storage.begin(s.ONE) as work:
            assert work.meta("word") == "said"
        storage.close()


READS: tuple[Callable[[Any, str], Any], ...] = (
    lambda desk, bad: desk.get(bad),
    lambda desk, bad: desk.find(text=bad),
    lambda desk, bad: desk.find(unit=bad),
    lambda desk, bad: desk.sanctions.get(bad),
    lambda desk, bad: desk.note("A-1", "x", request_id=bad),
)


@pytest.mark.parametrize("read", READS)
@pytest.mark.parametrize("bad", ["\ud800", "a\0b"])
@pytest.mark.parametrize("url", [None, "sqlite://"])
def test_a_desk_answers_alike_in_memory_and_in_sql(read, bad, url):
    """What no storage can keep is Invalid to ask for."""
    office = Office.rehearsal(url)
    desk = office.desk(by="督查室", now=s.MONDAY)
    with pytest.raises(Invalid) as refused:
        read(desk, bad)
    assert refused.value.code in {"text.surrogate", "text.nul"}
    assert len(desk.find(limit=10**20)) == 0
    office.close()
