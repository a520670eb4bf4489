"""A clock that stands where you put it, and a play through days of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, time, timedelta

from attrs import define, field, frozen

from duban_flow.domain.instants import aware
from duban_flow.engine.delivery import DeliveryResult
from duban_flow.engine.sweep import SweepResult
from duban_flow.office import Office


def _instant(at: datetime) -> datetime:
    return aware(at, "clock")


@define
class VirtualClock:
    """A clock for tests: it moves only when told.

    >>> from datetime import UTC
    >>> clock = VirtualClock(datetime(2026, 6, 1, 1, tzinfo=UTC))
    >>> clock.forward(timedelta(days=2)).isoformat()
    '2026-06-03T01:00:00+00:00'
    """

    now: datetime = field(converter=_instant)

    def forward(self, by: timedelta) -> datetime:
        """Move on, and say where it stands."""
        self.now += by
        return self.now

    def to(self, at: datetime) -> datetime:
        """Move to an instant, and say where it stands."""
        self.now = aware(at, "clock")
        return self.now


@frozen(kw_only=True)
class DayPlayed:
    """What one day of a play came to."""

    at: datetime
    sweep: SweepResult
    delivery: DeliveryResult


def play(
    office: Office,
    clock: VirtualClock,
    *,
    until: datetime,
    at: time = time(9),
    each_day: Callable[[datetime], None] | None = None,
) -> Iterator[DayPlayed]:
    """Sweep and deliver once a day at a local time, from the clock's day to ``until``.

    ``each_day`` is called before each sweep, to let people act.
    """
    zone = office.settings.calendar().tz
    day = clock.now.astimezone(zone).date()
    while (moment := datetime.combine(day, at, zone)) <= until:
        if moment >= clock.now:
            now = clock.to(moment)
            if each_day is not None:
                each_day(now)
            yield DayPlayed(
                at=now, sweep=office.sweep(now=now), delivery=office.deliver(now=now)
            )
        day += timedelta(days=1)
