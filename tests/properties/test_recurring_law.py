"""However often a series is swept, its periods follow one another, none twice.

Sweeps at random instants, in batches of any size, some items closed or handed over in
between: the same series comes of it as of one sweep at the end of every period seen.
"""

from __future__ import annotations

from datetime import time, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from duban_flow.domain.items import Item
from duban_flow.domain.time.term import Term
from duban_flow.storage.memory import MemoryStorage
from tests.engine.house import PANEL, House, at

START = at("06-01 09:00")
TERMS = st.sampled_from(
    [
        Term.every("week", day=2, at=time(12)),
        Term.every("week", workday=-1),
        Term.every("month", day=31),
        Term.every("month", workday=1),
    ]
)
STEPS = st.lists(
    st.tuples(st.integers(1, 30_000), st.booleans(), st.integers(1, 3)), max_size=10
)


def series(house: House) -> list[Item]:
    """Give the occurrences, in their order."""
    return sorted(house.desk().find(), key=lambda item: item.occurrence)


@given(term=TERMS, steps=STEPS)
def test_periods_follow_one_another(term, steps):
    """Each begins where a period ended, and is due with the next; the last one runs."""
    house = House.open(MemoryStorage(), policies=())
    house.assign(term=term)
    now = START
    for minutes, closes, batch in steps:
        now += timedelta(minutes=minutes)
        if closes:
            running = series(house)[-1]
            if running.is_open:
                house.desk(PANEL, now).close(running.code, reason="完成")
        house.office.sweep(now=now, batch=batch)
        assert house.office.sweep(now=now).opened == 0
        assert house.office.audit(now=now).faults == ()

    found = series(house)
    assert [item.occurrence for item in found] == list(range(1, len(found) + 1))
    assert [item.continued for item in found] == [True] * (len(found) - 1) + [False]
    assert max(found[-1].due_at or now, now) == found[-1].due_at
    calendar = house.office.settings.calendar()
    for one, following in pairwise(found):
        ends = [one.due_at]
        birth = house.desk().history(following.code)[0].data["derived"]
        for _ in range(birth["skipped"]):
            ends.append(term.next(ends[-1], calendar).latest)
        assert following.assigned_at == ends[-1]
        assert following.due_at == term.next(ends[-1], calendar).latest
