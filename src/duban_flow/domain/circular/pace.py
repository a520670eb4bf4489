"""Schedule pace 序时进度: how much of a year had passed, by the day or by the month.

The two rules differ: on 17 December 2009 the year is 351/365 over by days, and 12/12
by months. A figure must say which it used; here the caller does.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from attrs import frozen

from duban_flow.domain.circular.asked import PaceRule
from duban_flow.domain.circular.figure import rounded


@frozen
class Pace:
    """A part of a year that has passed 序时进度, as a fraction.

    >>> Pace(351, 365).percent()
    Decimal('96.16')
    """

    passed: int
    of: int

    def percent(self, places: int = 2) -> Decimal:
        """Give it in points, rounded plainly."""
        return rounded(Decimal(100) * self.passed / self.of, places)


def by_day(on: date) -> Pace:
    """Count days: the day itself has passed, a leap year has 366.

    >>> by_day(date(2009, 12, 17))
    Pace(passed=351, of=365)
    """
    first, last = date(on.year, 1, 1), date(on.year, 12, 31)
    return Pace((on - first).days + 1, (last - first).days + 1)


def by_month(on: date) -> Pace:
    """Count months: the month itself has passed.

    >>> by_month(date(2009, 7, 31)).percent()
    Decimal('58.33')
    """
    return Pace(on.month, 12)


def pace(on: date, rule: PaceRule) -> Pace:
    """Count by the day or by the month."""
    return by_day(on) if rule == "day" else by_month(on)
