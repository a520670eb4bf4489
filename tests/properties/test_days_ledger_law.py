"""Whatever happens to a matter, its days ledger adds up to the whole, to the tick.

Verbs in any order, recorded late or at once, and outages anywhere: entries follow one
another without a gap from the assignment to the end, none in another.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duban_flow.domain.days_ledger import Outage, time_spent
from duban_flow.domain.supervision import Supervision
from duban_flow.domain.time.calendar import WorkCalendar
from duban_flow.domain.time_spent import TimeSpent
from duban_flow.domain.units import Role
from duban_flow.errors import DubanError
from duban_flow.storage.memory import MemoryStorage
from tests.engine.house import CZJ, DCS, PANEL, ZJJ, House, at

START = at("06-01 09:00")
PLACES = st.integers(0, 60 * 24 * 30).map(lambda n: START + timedelta(minutes=n))
VERBS: list[tuple[str, str, dict[str, Any]]] = [
    ("handler", "submit", {}),
    ("handler", "decline", {"reason": "非本单位职责"}),
    (DCS, "send_back", {"reason": "不合格"}),
    (DCS, "reassign", {"unit": CZJ}),
    (DCS, "reassign", {"unit": ZJJ}),
    (DCS, "suspend", {"reason": "等待批复"}),
    (DCS, "suspend", {"reason": "等待批复", "waits_for": "市规划局"}),
    (DCS, "resume", {}),
    (DCS, "annul", {"pause": 1, "reason": "误记"}),
    (PANEL, "close", {"reason": "完成"}),
    (PANEL, "reopen", {"reason": "反弹"}),
]
STEPS = st.tuples(
    st.sampled_from(VERBS),
    st.integers(1, 2_000),
    st.none() | st.integers(1, 3_000),
)
OUTAGES = st.lists(st.tuples(PLACES, PLACES), max_size=3).map(
    lambda pairs: [Outage(since=min(p), until=max(p)) for p in pairs]
)
CALENDARS = {
    "china": WorkCalendar.china(),
    "unpublished": WorkCalendar.china(2025),
}


def play(house: House, steps: list[tuple[Any, int, int | None]]) -> datetime:
    """Do what can be done, each thing later than the last; give when it is now."""
    house.assign(
        parties={
            Role.RESPONSIBLE: ZJJ,
            Role.SUPERVISING: DCS,
            Role.COUNTERPARTY: CZJ,
        }
    )
    now = START
    for (by, verb, data), minutes, back in steps:
        now += timedelta(minutes=minutes)
        item = house.desk(when=now).get("A-1")
        actor = item.main_unit if by == "handler" else by
        about = {} if back is None else {"effective_at": now - timedelta(minutes=back)}
        try:
            getattr(house.desk(actor, now), verb)("A-1", **data, **about)
        except DubanError:
            continue
    return now


def reconciles(found: TimeSpent) -> None:
    """Hold a ledger against the laws."""
    if found.entries:
        assert found.entries[0].since == found.since
        assert found.entries[-1].until == found.until
    else:
        assert found.since == found.until
    for one in found.entries:
        assert one.since < one.until
        assert one.worked >= timedelta()
    for one, following in pairwise(found.entries):
        assert one.until == following.since
        assert (one.side, one.party, one.why, one.round) != (
            following.side,
            following.party,
            following.why,
            following.round,
        )
    for name in ("worked", "elapsed"):
        whole = getattr(found, name)
        for several in (found.entries, found.by_party):
            assert sum((getattr(one, name) for one in several), timedelta()) == whole
    assert sum(
        (found.of(p) for p in {e.party for e in found.entries}), timedelta()
    ) == (found.worked)


@pytest.mark.parametrize("calendar", CALENDARS.values(), ids=CALENDARS)
@given(steps=st.lists(STEPS, max_size=12), outages=OUTAGES)
def test_the_ledger_adds_up(calendar, steps, outages):
    """Disjoint, in order, without a gap; by party too; of a year not published too."""
    storage = MemoryStorage()
    house = House.open(storage, policies=(), calendars=[calendar])
    now = play(house, steps)
    desk = house.desk(when=now)
    reconciles(desk.time_spent("A-1"))
    [case] = [c for c in desk.cases() if c.item.code == "A-1"]
    found = time_spent(case, Supervision, outages)
    reconciles(found)
    assert found.worked == case.calendar.worked(found.since, found.until)
    reconciles(desk.as_of(START + (now - START) / 2).time_spent("A-1"))
