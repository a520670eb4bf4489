"""The verifier of one file: what it says, and that it owes nothing to the package."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from duban_flow.domain.instants import DAY
from duban_flow.domain.time.calendar import WorkCalendar
from duban_flow.domain.time.reckoning import reckon
from duban_flow.domain.time.term import Stop, Term
from tools import verify_deadline
from tools.verify_deadline import digest, faults

CHINA = WorkCalendar.china()
SHOWN = json.loads(json.dumps(CHINA.to_dict()))
START = datetime.fromisoformat("2009-09-21T09:00+08:00")
PAGE = Path(verify_deadline.__file__)


def proof() -> dict[str, Any]:
    """Give the certificate of a term with an option, as JSON has it."""
    term = Term.days(10, roll=2, roll_at=time(12))
    told: dict[str, Any] = term.deadline(START, CHINA).certificate
    return told


def sealed(body: dict[str, Any]) -> dict[str, Any]:
    """Put a fitting digest under what was changed."""
    plain = {name: said for name, said in body.items() if name != "digest"}
    return {**plain, "digest": digest(plain)}


def run(folder: Path, *told: dict[str, Any]) -> subprocess.CompletedProcess[str]:
    """Run the page by itself, away from the package, on what it is told."""
    paths = [folder / f"{place}.json" for place in range(len(told))]
    for path, said in zip(paths, told, strict=True):
        path.write_text(json.dumps(said), "utf-8")
    return subprocess.run(
        [sys.executable, "-I", "-S", str(PAGE), *map(str, paths)],
        capture_output=True,
        text=True,
        check=False,
        encoding="utf-8",
    )


def test_it_imports_the_standard_library_alone():
    """A page that shares code with what it verifies proves nothing."""
    tree = ast.parse(PAGE.read_text("utf-8"))
    named = {
        alias.name.split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for alias in node.names
    } | {
        str(node.module).split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
    }
    assert named <= sys.stdlib_module_names


def test_it_agrees_by_itself(tmp_path):
    """Run without any other package, it says so and exits with 0."""
    done = run(tmp_path, proof(), SHOWN)
    assert (done.returncode, done.stdout.strip()) == (0, "agrees")


def test_it_says_what_differs(tmp_path):
    """A date that was moved, under a digest that fits, is named; it exits with 1."""
    done = run(
        tmp_path, sealed({**proof(), "latest": "2009-10-12T04:00:00+00:00"}), SHOWN
    )
    assert done.returncode == 1
    assert done.stdout.splitlines()[0] == "differs:"
    assert "counted again, it is 2009-10-10 04:00:00+00:00" in done.stdout


@pytest.mark.parametrize("told", [(), ({},), (sealed({}), {}), ([], {})])
def test_what_it_cannot_read_is_neither(tmp_path, told):
    """Nonsense is no difference: it says so, and how it is used, and exits with 2."""
    done = run(tmp_path, *told)
    assert done.returncode == 2
    assert "CERTIFICATE.json CALENDAR.json" in done.stderr


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"at": "2009-10-12T04:00:00Z"}, "at is"),
        ({"earliest": "2009-10-09T04:00:00Z"}, "earliest is"),
        ({"provisional": True}, "provisional is True"),
        ({"counted": "2009-10-02"}, "counted is 2009-10-02"),
        ({"local": "2009-10-10T12:00:00+09:00"}, "the local time is"),
        ({"deferred": True}, "deferred is True"),
        ({"received": "2009-09-22"}, "received is 2009-09-22"),
        ({"semantics": 3}, "rules of version 3"),
        ({"term": {"unit": "day", "count": 11}}, "counted again"),
    ],
)
def test_each_part_is_counted_again(changed, named):
    """Whichever part was edited, and sealed anew, it is told."""
    assert any(
        named in wrong for wrong in faults(sealed({**proof(), **changed}), SHOWN)
    )


def test_another_calendar_is_not_its_own():
    """It goes by the digest of the calendar, not by its name."""
    other = json.loads(json.dumps(WorkCalendar.china(2009).to_dict()))
    (wrong,) = faults(proof(), other)
    assert "not reckoned by china@2009" in wrong


def test_a_broken_seal_is_enough():
    """Without a digest that fits nothing else is looked at."""
    assert faults({**proof(), "at": "2009-10-12T04:00:00Z"}, SHOWN) == [
        "its digest is not that of its content"
    ]


def test_a_provisional_range_has_to_hold_plain_weekdays():
    """Where no notice is published, its range may not leave them out."""
    told = reckon(
        Term.workdays(80),
        datetime.fromisoformat("2026-10-12T09:00+08:00"),
        CHINA,
        [Stop(since=START, until=START + timedelta(hours=1))],
    )
    assert faults(json.loads(json.dumps(told.certificate)), SHOWN) == []
    narrow = sealed(
        {**told.certificate, "earliest": (told.latest - DAY).isoformat()},
    )
    assert any("earliest is" in wrong for wrong in faults(narrow, SHOWN))


def test_it_reads_what_the_command_line_prints(tmp_path):
    """A certificate and a calendar are found under the names they are printed under."""
    assert (
        run(tmp_path, {"certificate": proof()}, {"record": SHOWN}).stdout == "agrees\n"
    )


def test_what_is_no_certificate_is_not_said_to_differ(tmp_path):
    """Another file by mistake cannot be read; that is no verdict on a deadline."""
    done = run(tmp_path, {"code": "A-1"}, SHOWN)
    assert (done.returncode, done.stdout) == (2, "")
