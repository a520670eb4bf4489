"""Loading a notice over many open items against loading it over those it moves alone.

Plan and apply together, on SQLite. What it does not move is neither read nor written,
so both should take about as long however many there are.
"""

from __future__ import annotations

import tempfile
from datetime import date, datetime, timedelta
from pathlib import Path

from benchmarks.measuring import Pair, paired
from duban_flow import NewItem, Office, Role, Term
from duban_flow.domain.time.notice import CalendarNotice

START = datetime.fromisoformat("2026-06-01T09:00+08:00")
FLOOD = CalendarNotice(
    name="防汛停工", version="1", holidays={date(2026, 7, 20): "防汛"}
)
MOVED = 100
"""So many items have a term that runs over the day."""


def filled(folder: Path, count: int) -> Office:
    """Open a rehearsal on disk; all but a hundred items are due before the day."""
    office = Office.rehearsal(f"sqlite:///{folder / 'loaded.db'}")
    desk = office.desk(by="督查室", now=START)
    with desk.atomic():
        for n in range(count):
            term = Term.workdays(60 if n < MOVED else 20)
            parties = {Role.RESPONSIBLE: f"单位{n % 50}"}
            desk.assign(NewItem(f"A-{n}", "修路", term=term, parties=parties))
    office.sweep(now=START)
    return office


def load(office: Office) -> None:
    """Plan the notice and let it come into force."""
    desk = office.desk(by="督查室", now=START + timedelta(days=2))
    assert desk.apply(desk.plan(FLOOD)).changed == MOVED


def run(count: int = 10_000) -> Pair:
    """Load one notice over many items, and over those that it moves."""
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as two:
        many, few = filled(Path(one), count), filled(Path(two), MOVED)
        pair = paired(
            f"notice over {count} open items, {MOVED} move",
            lambda: load(many),
            lambda: load(few),
            units=MOVED,
            against=f"over these {MOVED} alone",
            rounds=1,
        )
        many.close()
        few.close()
        return pair
