"""Periods that end, and the days on which a panel sits.

A month, quarter or year ends at the 24:00 of its last day; a panel sits on a day
reckoned from such an end, and opens at 09:00. Nothing here judges.
"""

from __future__ import annotations

from datetime import datetime, time
from typing import Final

from duban_flow.domain.instants import When, latest, on_clock
from duban_flow.domain.policies.model import PolicyLike, TimeExpression, whole
from duban_flow.domain.time.calendar import WorkCalendar
from duban_flow.domain.time.offset import month_end, shift
from duban_flow.errors import Invalid

OPENS: Final = time(9)
"""The time of day at which a sitting opens."""

MONTHS: Final = {"month end": 1, "quarter end": 3, "year end": 12}
"""How many months each period has that can end."""


def period_of(moment: datetime, anchor: str, calendar: WorkCalendar) -> int:
    """Number the period that an instant lies in; 24:00 lies in the one it ends."""
    day = calendar.day_of(moment)
    return (day.year * 12 + day.month - 1) // MONTHS[anchor]


def period_end(anchor: str, period: int, calendar: WorkCalendar) -> datetime:
    """Give the 24:00 at which a period ends."""
    months = MONTHS[anchor]
    year, month = divmod(period * months + months - 1, 12)
    return calendar.midnight_after(month_end(year, month + 1))


def period_name(anchor: str, period: int) -> str:
    """Name a period as a cycle does.

    >>> period_name("month end", 2009 * 12 + 11), period_name("year end", 2009)
    ('month:2009-12', 'year:2009')
    """
    if anchor == "year end":
        return f"year:{period}"
    year, place = divmod(period, 12 // MONTHS[anchor])
    if anchor == "quarter end":
        return f"quarter:{year}-{place + 1}"
    return f"month:{year}-{place + 1:02}"


def moved(when: When, expression: TimeExpression, calendar: WorkCalendar) -> When:
    """Move an anchor by an expression's offset, keeping its local time."""
    offset = expression.offset
    if offset is None:
        return when
    return shift(when, offset.n, offset.unit, calendar)


def sitting_after(
    policy: PolicyLike, instant: datetime, calendar: WorkCalendar
) -> datetime:
    """Give the opening of the first sitting at or after an instant 下一次研究会.

    Raises:
        Invalid: for a policy that names no sitting, or not by the end of a period.
    """
    expression = _sitting(policy)
    period = period_of(instant, expression.anchor, calendar)
    while _opening(expression, period, calendar) >= instant:
        period -= 1
    while (opening := _opening(expression, period, calendar)) < instant:
        period += 1
    return opening


def latest_sitting(
    policy: PolicyLike, now: datetime, calendar: WorkCalendar
) -> datetime | None:
    """Give the opening of the last sitting at or before an instant, if there is one."""
    if whole(policy).sitting is None:
        return None
    expression = _sitting(policy)
    period = period_of(now, expression.anchor, calendar)
    while _opening(expression, period, calendar) <= now:
        period += 1
    while (opening := _opening(expression, period, calendar)) > now:
        period -= 1
    return opening


def _opening(
    expression: TimeExpression, period: int, calendar: WorkCalendar
) -> datetime:
    end = period_end(expression.anchor, period, calendar)
    day = calendar.day_of(latest(moved(end, expression, calendar)))
    return on_clock(day, OPENS, calendar.tz)


def _sitting(policy: PolicyLike) -> TimeExpression:
    expression = whole(policy).sitting
    if expression is None or expression.anchor not in MONTHS:
        said = "nothing" if expression is None else repr(expression.text)
        raise Invalid(
            f"Policy {policy.name!r}: sitting: {said} was given, a day reckoned from "
            f"{', '.join(MONTHS)} was wanted.",
            zh=f"规则“{policy.name}”没有写明研究会日期，应由月末、季末或年末推算。",
            code="policy.sitting",
        )
    return expression
