"""A law of sweeping: how often nobody can see, in what lapses and since when.

Swept every hour, every day, or once at the end, the same deadlines have lapsed, each
from its own due instant on; and what is urged is urged once.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from duban_flow.domain.instants import earliest
from duban_flow.storage.memory import MemoryStorage
from tests.engine.house import PANEL, House, at, matter

START, END = at("06-01 09:00"), at("06-20 09:00")
HOURS = int((END - START) / timedelta(hours=1))

matters = st.lists(
    st.tuples(st.integers(0, 9), st.none() | st.integers(1, HOURS - 1)),
    min_size=1,
    max_size=4,
)
"""Of each matter: its term in working days, and the hour in which it is closed."""


def instants(every: timedelta) -> list[datetime]:
    """List the instants of sweeping, the last of them always at the end."""
    found, now = [], START
    while now < END:
        found.append(now)
        now += every
    return [*found, END]


def played(told: list[tuple[int, int | None]], every: timedelta) -> House:
    """Give out matters, close some of them in their hour, and sweep in between."""
    house = House.open(MemoryStorage(), policies=())
    for place, (days, _) in enumerate(told):
        house.desk(when=START).assign(matter(f"A-{place}", days=days))
    ends: dict[datetime, list[str]] = {}
    for place, (_, hour) in enumerate(told):
        if hour is not None:
            moment = START + timedelta(hours=hour)
            ends.setdefault(moment, []).append(f"A-{place}")
    for now in sorted({*instants(every), *ends}):
        for code in ends.get(now, ()):
            house.desk(PANEL, now).close(code, reason="完成")
        if now in instants(every):
            house.office.sweep(now=now)
    return house


def lapses(house: House) -> dict[str, Any]:
    """Give the lapses that stand, each with its effective instant."""
    found = {}
    for item in house.desk(when=END).find():
        events = house.desk(when=END).history(item.code)
        found[item.code] = [
            earliest(e.effective_at) for e in events if e.action == "lapse"
        ]
    return found


def due_and_open(told: list[tuple[int, int | None]], house: House) -> dict[str, Any]:
    """Say which lapses there must be: of what was open when its due had passed."""
    wanted = {}
    for place, (_, hour) in enumerate(told):
        item = house.desk(when=END).get(f"A-{place}")
        assert item.due_at is not None
        closed = END if hour is None else START + timedelta(hours=hour)
        late = item.due_at < (END if hour is None else closed)
        wanted[item.code] = (item.due_at, late)
    return wanted


@settings(max_examples=15)
@given(matters)
def test_how_often_one_sweeps_cannot_be_seen_in_what_lapses(told):
    """Hourly or daily or once: what is open past its due has lapsed since its due."""
    hourly = lapses(played(told, timedelta(hours=1)))
    daily = lapses(played(told, timedelta(days=1)))
    once = lapses(played(told, END - START))
    for code, (days, hour) in zip(hourly, told, strict=True):
        if hour is None:
            assert hourly[code] == daily[code] == once[code], days


@settings(max_examples=15)
@given(matters, st.sampled_from([1, 24]))
def test_what_lapses_lapses_at_its_due_and_once(told, hours):
    """No sweep records a lapse twice, too early, or at its own instant."""
    house = played(told, timedelta(hours=hours))
    wanted = due_and_open(told, house)
    for code, found in lapses(house).items():
        due, late = wanted[code]
        assert found in ([], [due])
        if not late:
            assert found == []
        if hours == 1 and late and due + timedelta(hours=1) <= END:
            closing = house.desk(when=END).get(code).closing
            if closing is None or earliest(closing.at) - due > timedelta(hours=1):
                assert found == [due]


@settings(max_examples=15)
@given(matters)
def test_an_urging_is_said_once_however_often_one_sweeps(told):
    """Nothing is said twice for one occurrence of a rung."""
    for every in (timedelta(hours=1), timedelta(days=1), END - START):
        house = played(told, every)
        for item in house.desk(when=END).find():
            events = house.desk(when=END).history(item.code)
            said = [(e.rung, e.cycle) for e in events if e.rung]
            assert len(said) == len(set(said))


@settings(max_examples=15)
@given(matters, st.integers(1, 5))
def test_sweeping_twice_is_sweeping_once(told, times):
    """At every instant of the play the second sweep finds nothing."""
    one = played(told, timedelta(days=1))
    for _ in range(times):
        again = one.office.sweep(now=END)
        assert (again.judged, again.fired, again.lapsed) == (0, 0, 0)
