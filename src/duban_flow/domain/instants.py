"""Instants: aware, in UTC, exact to the microsecond, or known only as a range.

A naive datetime is refused at the door. What a range cannot decide stays
undecided: the answer is ``None``, never a guess.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Final
from zoneinfo import ZoneInfo

from attrs import field, frozen

from duban_flow.errors import Invalid

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
TICK: Final = timedelta(microseconds=1)
DAY: Final = timedelta(days=1)


def aware(moment: datetime, what: str = "instant") -> datetime:
    """Give the same instant in UTC.

    Raises:
        Invalid: for a datetime without a zone, and for what is no datetime.
    """
    if not isinstance(moment, datetime):
        raise Invalid(
            f"{what}: {moment!r} was given, a datetime with a zone was wanted.",
            zh=f"{what}：应为带时区的日期时间，实为{moment!r}。",
            code="instant.type",
        )
    if moment.tzinfo is UTC:
        return moment
    if moment.utcoffset() is None:
        raise Invalid(
            f"{what}: {moment.isoformat()} has no zone, so it names no instant.",
            zh=f"{what}：{moment.isoformat()}没有时区，不能确定时刻。",
            code="instant.naive",
        )
    try:
        return moment.astimezone(UTC)
    except OverflowError as fault:
        raise Invalid(
            f"{what}: {moment.isoformat()} lies outside the years 1 to 9999 in UTC.",
            zh=f"{what}：{moment.isoformat()}超出可表示的范围。",
            code="instant.range",
        ) from fault


def micros(moment: datetime) -> int:
    """Count the microseconds since 1970-01-01T00:00Z, exactly.

    >>> micros(datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC))
    1000000
    """
    return (aware(moment) - EPOCH) // TICK


def instant(count: int) -> datetime:
    """Give the instant that many microseconds after 1970-01-01T00:00Z.

    Raises:
        Invalid: for a count outside the years 1 to 9999.

    >>> instant(1_000_000).isoformat()
    '1970-01-01T00:00:01+00:00'
    """
    try:
        return EPOCH + count * TICK
    except OverflowError as fault:
        raise Invalid(
            f"{count} microseconds lie outside the years 1 to 9999.",
            zh=f"{count}微秒超出可表示的范围。",
            code="instant.range",
        ) from fault


def zone_of(name: str | tzinfo) -> tzinfo:
    """Give the zone of a name such as Asia/Shanghai; a zone stays what it is.

    Raises:
        Invalid: for a name that no clock of the world goes by.
    """
    if isinstance(name, tzinfo):
        return name
    try:
        return ZoneInfo(name)
    # A name may be missing, malformed, a folder, or no text at all.
    except (LookupError, ValueError, OSError, TypeError, AttributeError) as fault:
        raise Invalid(
            f"There is no zone {name!r}; Asia/Shanghai is one.",
            zh=f"没有时区{name!r}，例如应为Asia/Shanghai。",
            code="instant.zone",
        ) from fault


def on_clock(day: date, clock: time, zone: tzinfo) -> datetime:
    """Give the instant at which the clocks of a zone show this time of a day.

    A time that the clocks skip moves on by what they skipped; of a time shown
    twice the first is meant.
    """
    return datetime.combine(day, clock, tzinfo=zone).astimezone(UTC)


def day_start(day: date, zone: tzinfo) -> datetime:
    """Give the instant at which a day begins in a zone."""
    return on_clock(day, time(), zone)


def day_end(day: date, zone: tzinfo) -> datetime:
    """Give the 24:00 of a day 二十四时: the instant at which the next day begins."""
    return on_clock(day + DAY, time(), zone)


def _bound(moment: datetime) -> datetime:
    return aware(moment, "span")


@frozen
class Span:
    """An instant known only as a range, both ends possible 时间范围.

    ``text`` keeps how it was written, such as ``12月中旬``.

    Raises:
        Invalid: for a naive end, or an end before the beginning.
    """

    earliest: datetime = field(converter=_bound)
    latest: datetime = field(converter=_bound)
    text: str = ""

    def __attrs_post_init__(self) -> None:
        if self.earliest > self.latest:
            raise Invalid(
                f"A span runs forwards; {self.earliest.isoformat()} to "
                f"{self.latest.isoformat()} was given.",
                zh=f"时间范围的起点{self.earliest.isoformat()}"
                f"晚于终点{self.latest.isoformat()}。",
                code="span.order",
            )

    @classmethod
    def of_days(cls, first: date, last: date, zone: tzinfo, text: str = "") -> Span:
        """Make the range that holds every instant of these days, and no other.

        >>> span = Span.of_days(date(2009, 12, 11), date(2009, 12, 20), UTC)
        >>> span.latest.isoformat()
        '2009-12-20T23:59:59.999999+00:00'
        """
        return cls(day_start(first, zone), day_end(last, zone) - TICK, text)

    def holds(self, at: datetime) -> bool:
        """Whether it can have been at this instant."""
        return self.earliest <= at <= self.latest

    def __str__(self) -> str:
        return self.text or f"{self.earliest.isoformat()}~{self.latest.isoformat()}"


When = datetime | Span
"""An instant, or what is known of it."""


def earliest(when: When) -> datetime:
    """Give the first instant it can have been."""
    return when.earliest if isinstance(when, Span) else aware(when)


def latest(when: When) -> datetime:
    """Give the last instant it can have been."""
    return when.latest if isinstance(when, Span) else aware(when)


def aware_when(told: When | None) -> When | None:
    """Give an instant in UTC, a Span as it is, and nothing for nothing.

    Raises:
        Invalid: for a datetime without a zone, and for what is neither.
    """
    return told if told is None or isinstance(told, Span) else aware(told)


def passed(when: When, at: When) -> bool | None:
    """Say whether *at* lies strictly after *when*; ``None`` where that is unsure.

    A due instant is inclusive: at the instant itself nothing has passed.

    >>> noon = datetime(2009, 11, 30, 12, tzinfo=UTC)
    >>> passed(noon, noon), passed(noon, noon + TICK)
    (False, True)
    >>> passed(Span(noon, noon + DAY), noon + TICK) is None
    True
    """
    if earliest(at) > latest(when):
        return True
    return False if latest(at) <= earliest(when) else None
