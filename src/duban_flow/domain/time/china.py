"""The days off and make-up days of China, as the State Council published them 放假安排.

Read from the tables of ``chinesecalendar``. It says nothing about a year whose
notice has not been published.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache

from attrs import frozen
from chinese_calendar.constants import Holiday, holidays, workdays

from duban_flow.errors import Invalid


@frozen(kw_only=True)
class Notices:
    """What a run of yearly notices says 节假日安排通知; names are in Chinese."""

    holidays: Mapping[date, str]
    make_up_days: Mapping[date, str]
    known_from: date
    known_until: date


@cache
def notices(through: int | None = None) -> Notices:
    """Give every notice up to the year *through*; without it, all there are.

    A notice covers its calendar year, so that is where knowledge ends.

    Raises:
        Invalid: for a year without a notice.
    """
    names = {holiday.value: holiday.chinese for holiday in Holiday}
    first, last = min(holidays).year, max(holidays).year
    if through is None:
        through = last
    if not first <= through <= last:
        raise Invalid(
            f"No notice for {through} is at hand; there are {first} to {last}.",
            zh=f"没有{through}年的放假安排，现有{first}年至{last}年。",
            code="calendar.no_notice",
        )
    return Notices(
        holidays={d: names[n] for d, n in holidays.items() if d.year <= through},
        make_up_days={d: names[n] for d, n in workdays.items() if d.year <= through},
        known_from=date(first, 1, 1),
        known_until=date(through, 12, 31),
    )
