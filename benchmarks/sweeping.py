"""The sweep on SQLite against hand-written statements with the same writes.

The limit is the same batch written by executemany: item, event, outbox rows. What the
library adds is loading cases, judging them, and keeping why.
"""

from __future__ import annotations

import resource
import sqlite3
import tempfile
from datetime import datetime, timedelta
from pathlib import Path

from benchmarks.measuring import Pair, paired
from duban_flow import NewItem, Office, Role, Term
from duban_flow.domain.instants import micros
from duban_flow.testing import Recording

START = datetime.fromisoformat("2026-06-01T09:00+08:00")


def filled(folder: Path, count: int) -> Office:
    """Open a rehearsal on disk with items that all fall due together."""
    office = Office.rehearsal(
        f"sqlite:///{folder / 'swept.db'}", channels=[Recording()]
    )
    desk = office.desk(by="督查室", now=START)
    with desk.atomic():
        for n in range(count):
            parties = {Role.RESPONSIBLE: f"单位{n % 50}"}
            new = NewItem(f"A-{n}", "修路", term=Term.workdays(5), parties=parties)
            desk.assign(new)
    office.sweep(now=START)
    return office


def by_hand(path: Path, count: int, batch: int = 500) -> None:
    """Write what a sweep writes, by statements a person would write."""
    now = micros(START)
    with sqlite3.connect(path) as db:
        db.executescript(
            "CREATE TABLE item(id TEXT PRIMARY KEY, state TEXT, version INT, "
            "next_at INT, body TEXT); CREATE INDEX due ON item(next_at);"
            "CREATE TABLE event(subject TEXT, seq INT, action TEXT, at INT, data TEXT,"
            " PRIMARY KEY(subject, seq));"
            "CREATE TABLE outbox(key TEXT PRIMARY KEY, subject TEXT, unit TEXT);"
        )
        rows = [(str(n), "assigned", 1, now, "{}" * 200) for n in range(count)]
        db.executemany("INSERT INTO item VALUES (?,?,?,?,?)", rows)
    with sqlite3.connect(path, isolation_level=None) as db:
        for _ in range(0, count, batch):
            db.execute("BEGIN IMMEDIATE")
            due = db.execute(
                "SELECT id FROM item WHERE next_at <= ? ORDER BY next_at LIMIT ?",
                (now, batch),
            ).fetchall()
            ids = [row[0] for row in due]
            db.executemany(
                "UPDATE item SET state='overdue', version=version+2, next_at=?"
                " WHERE id=?",
                [(now + 1, i) for i in ids],
            )
            events = [(i, s, "urge", now, "{}" * 50) for i in ids for s in (2, 3)]
            db.executemany("INSERT INTO event VALUES (?,?,?,?,?)", events)
            told = [(f"{i}/u", i, "u") for i in ids]
            db.executemany("INSERT INTO outbox VALUES (?,?,?)", told)
            db.execute("COMMIT")


def run(count: int = 1_000) -> Pair:
    """Let every item lapse and be urged in one sweep."""
    due = START + timedelta(days=20)
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as two:
        office = filled(Path(one), count)
        pair = paired(
            f"sweep {count} due items, SQLite",
            lambda: office.sweep(now=due),
            lambda: by_hand(Path(two) / "hand.db", count),
            units=count,
            against="executemany by hand",
            rounds=1,
        )
        office.close()
        return pair


def memory() -> str:
    """Say how much memory the process has taken at the most."""
    kilobytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return f"{kilobytes / 1024:.0f} MB"
