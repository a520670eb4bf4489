"""Certificates of what was moved, of every option, and of rules now older."""

from __future__ import annotations

import json
from datetime import date, datetime, time, timedelta, timezone
from typing import Any

import pytest
import rfc8785

from duban_flow.domain.codec import digest
from duban_flow.domain.time.calendar import WorkCalendar
from duban_flow.domain.time.certificate import verify
from duban_flow.domain.time.reckoning import reckon
from duban_flow.domain.time.term import Fixed, Stop, Term

CHINA = WorkCalendar.china()
EAST = timezone(timedelta(hours=8))


def at(text: str) -> datetime:
    """Read a local time in Shanghai."""
    return datetime.fromisoformat(text).replace(tzinfo=EAST)


VERSION_1: dict[str, Any] = {
    "semantics": 1,
    "start": "2009-09-21T01:00:00Z",
    "term": {
        "unit": "day",
        "count": 10,
        "first_day": False,
        "roll": True,
        "end": "close",
        "moment": None,
    },
    "calendar": {
        "name": "china",
        "version": "2009",
        "digest": "e9e2b7979143575107b6e3a84cd186686241afe0ab908a25975610dc1ab09aa3",
        "zone": "Asia/Shanghai",
    },
    "counted": "2009-10-01",
    "provisional": False,
    "earliest": "2009-10-09T09:30:00Z",
    "at": "2009-10-09T09:30:00Z",
    "latest": "2009-10-09T09:30:00Z",
    "local": "2009-10-09T17:30:00+08:00",
    "digest": "fb6de378d3b833805fcca05c2d28e758e593aa0ea7ec2d351d2a248af2a69b31",
}
"""As the first version of the counting rules wrote it."""


def moved() -> dict[str, Any]:
    """Give the certificate of a term that was stopped once and then extended."""
    return reckon(
        Term.workdays(5, cutoff=time(17)),
        at("2026-06-03T15:00"),
        CHINA,
        [Stop(since=at("2026-06-04T09:00"), until=at("2026-06-08T09:00"))],
        [Fixed(at=at("2026-06-09T09:00"), term=Term.until(date(2026, 7, 1)))],
    ).certificate


def test_one_of_version_1_still_holds():
    """What was certified before there were more rules verifies word for word."""
    assert verify(VERSION_1, [CHINA, WorkCalendar.china(2009)]) == ()


def test_one_of_version_1_knows_no_later_option():
    """A rule that its version did not have is named."""
    term = {**VERSION_1["term"], "roll": 2}
    found = verify({**VERSION_1, "term": term}, [WorkCalendar.china(2009)])
    codes = {problem.code for problem in found}
    assert {"certificate.digest", "certificate.at"} <= codes


@pytest.mark.parametrize("semantics", [0, 3, 99, True, "2", None])
def test_other_rules_of_counting_are_not_judged(semantics):
    """A version that this library does not know is left alone."""
    found = verify({**VERSION_1, "semantics": semantics}, [CHINA])
    assert [p.code for p in found] == ["certificate.digest", "certificate.semantics"]


def test_what_moved_it_is_in_the_proof():
    """The stop and the date that was set are certified, and reckoned again."""
    proof = moved()
    assert len(proof["stops"]) == len(proof["fixed"]) == 1
    assert verify(json.loads(rfc8785.dumps(proof)), [CHINA]) == ()


@pytest.mark.parametrize(("name", "kept"), [("stops", 0), ("fixed", 1)])
def test_a_move_that_is_left_out_is_found(name, kept):
    """Without its pause, or its extension, the date does not follow any more."""
    stops = [Stop(since=at("2026-06-04T09:00"), until=at("2026-06-08T09:00"))]
    fixed = [Fixed(at=at("2026-06-09T09:00"), term=Term.until(date(2026, 7, 1)))]
    start = at("2026-06-03T15:00")
    proof = reckon(Term.workdays(5), start, CHINA, stops, fixed[:kept]).certificate
    body = {part: said for part, said in proof.items() if part not in (name, "digest")}
    found = verify({**body, "digest": digest(body)}, [CHINA])
    assert "certificate.at" in {problem.code for problem in found}


def test_it_is_small():
    """A plain one says what is not usual, and nothing else."""
    proof = Term.workdays(20).deadline(at("2026-06-03T15:00"), CHINA).certificate
    assert proof["term"] == {"unit": "workday", "count": 20}
    assert not {"counted", "received", "stops", "fixed", "deferred"} & proof.keys()
    assert len(rfc8785.dumps(proof)) < 640


@pytest.mark.parametrize(
    "term",
    [
        {"unit": "hour", "count": 2, "at": "12:00:00"},
        {"unit": "every"},
        {"unit": "month", "count": 36600},
        {"unit": "day", "count": 1, "cutoff": "25:00"},
    ],
)
def test_a_rule_that_cannot_be_counted_is_said_not_to_read(term):
    """Nonsense gives a problem, never a traceback."""
    found = verify({**moved(), "term": term}, [CHINA])
    assert "certificate.form" in {problem.code for problem in found}
