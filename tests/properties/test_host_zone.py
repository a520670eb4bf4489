"""Nothing depends on the zone of the machine: the same facts give the same words.

A small history is told by processes that believe to be in different places: calendars,
terms, certificates and working time, and an office that assigns, sweeps and tells.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time as clock
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import product
from pathlib import Path

from duban_flow.domain.instants import micros
from duban_flow.domain.time.calendar import WorkCalendar
from duban_flow.domain.time.dates import parse_date
from duban_flow.domain.time.offset import shift
from duban_flow.domain.time.term import Term
from duban_flow.storage.sql import SqlStorage
from tests.engine.house import House

ROOT = Path(__file__).parent.parent.parent
TELL = "from tests.properties.test_host_zone import tell; tell()"


def _of_calendars() -> Iterator[object]:
    zones = ("Asia/Shanghai", "America/Sao_Paulo", "America/New_York")
    terms = (Term.workdays(9), Term.days(30), Term.months(1), Term.hours(50))
    for zone, year, month in product(zones, (1988, 2009, 2018), range(1, 13)):
        calendar = WorkCalendar(name="x", version="1", zone=zone)
        start = datetime(year, month, 17, 3, 30, tzinfo=UTC)
        yield calendar.closes(date(year, month, 17))
        yield calendar.day_of(start), calendar.date_of(start)
        yield calendar.work_after(start, timedelta(hours=100))
        yield shift(start, 1, "month", calendar)
        yield from (term.deadline(start, calendar).certificate for term in terms)
    for said in ("2018-11-04", "2018-11-04 00:30", "11月上旬", "2018-11-03T24:00Z"):
        yield said, parse_date(said, zone="America/Sao_Paulo", year=2018)
    yield micros(datetime(1986, 5, 4, tzinfo=UTC))


def _of_an_office() -> Iterator[object]:
    storage = SqlStorage("sqlite://")
    house = House.open(storage)
    house.assign(days=4)
    for when in ("06-05 17:30", "06-05 17:31", "06-26 09:00", "07-06 00:00"):
        yield house.sweep(when)
    yield from house.desk(when="07-06 09:00").history("A-1")
    yield house.desk(when="07-06 09:00").explain("A-1")
    storage.close()


def tell() -> None:
    """Print the history, and the zone that the machine believes to be in."""
    words = [str(word) for word in (*_of_calendars(), *_of_an_office())]
    sys.stdout.write(json.dumps({"zone": clock.strftime("%z"), "words": words}))


def test_the_same_is_told_wherever_the_machine_is(monkeypatch):
    """No instant, certificate, event or explanation changes with the machine's zone."""
    started = []
    for zone in ("Asia/Shanghai", "America/Sao_Paulo", "Pacific/Kiritimati"):
        monkeypatch.setenv("TZ", zone)
        command = [sys.executable, "-X", "utf8", "-c", TELL]
        started.append(subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE))
    told = [json.loads(process.communicate(timeout=120)[0]) for process in started]

    assert [process.returncode for process in started] == [0, 0, 0]
    assert len({one["zone"] for one in told}) == 3
    assert len(told[0]["words"]) > 800
    assert all(one["words"] == told[0]["words"] for one in told)
