"""Every certificate that a test makes goes to both verifiers, who have to agree.

It watches: what a test sees is what the library gave.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest

from duban_flow.domain.time import term
from duban_flow.domain.time.calendar import WorkCalendar
from duban_flow.domain.time.certificate import verify
from duban_flow.domain.time.counting import Ends, ends_of
from duban_flow.domain.time.rule import Rule
from tools.verify_deadline import faults


@pytest.fixture(autouse=True, scope="session")
def certified() -> Iterator[None]:
    """Hold the library's verdict on each certificate against the other verifier's."""
    calendars: dict[str, WorkCalendar] = {}
    written = vars(term.Deadline)["certificate"].fget
    judging: list[dict[str, Any]] = []

    def counted(rule: Rule, start: datetime, calendar: WorkCalendar) -> Ends:
        calendars[calendar.digest] = calendar
        return ends_of(rule, start, calendar)

    def certificate(deadline: term.Deadline) -> dict[str, Any]:
        proof: dict[str, Any] = written(deadline)
        calendar = calendars.get(proof["calendar"]["digest"])
        # To verify one the library makes another: that is not the test's.
        if not judging and calendar is not None:
            judging.append(proof)
            try:
                agree(proof, calendar)
            finally:
                judging.clear()
        return proof

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(term, "ends_of", counted)
        shown = property(certificate, doc=written.__doc__)
        patched.setattr(term.Deadline, "certificate", shown)
        yield


def agree(proof: dict[str, Any], calendar: WorkCalendar) -> None:
    """Ask both verifiers, and want one verdict."""
    shown = json.loads(json.dumps([proof, calendar.to_dict()]))
    ours, theirs = verify(shown[0], [calendar]), faults(*shown)
    assert bool(ours) == bool(theirs), (ours, theirs, proof)
