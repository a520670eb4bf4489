"""Calendars and notices from TOML 日历与放假安排文件: every fault with file and line.

A notice, as a clerk writes it::

    name = "国务院办公厅关于2027年部分节假日安排的通知"
    version = "2027"            # the edition it makes; calendar = "china" says of which
    known_until = 2027-12-31    # where it publishes a year; known_from, source
    withdrawn = ["2027-05-04"]  # days that are as usual again

    [holidays]                  # a name, and its days: a date, a run, or several
    "元旦" = "2027-01-01~2027-01-03"
    "春节" = ["2027-02-05~2027-02-12"]

    [make_up_days]
    "春节" = ["2027-01-30", "2027-02-20"]

    [half_days]                 # hours of their own
    2027-02-04 = "09:00-12:00"

A calendar has the same days, and ``zone``, ``office_hours`` and ``rest_weekdays``,
``known_from`` and ``known_until``, and hours of a season::

    [[season]]                  # first, last: month and day; name
    first = "05-01"
    last = "09-30"
    hours = ["08:30-12:00", "14:30-18:00"]

One that says ``over = "china"`` is laid over that calendar: it has its zone, its week,
and what is known.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeVar

from duban_flow.domain.time.calendar import WorkCalendar
from duban_flow.domain.time.notice import CalendarNotice, Days
from duban_flow.domain.time.office_hours import OFFICE_HOURS
from duban_flow.errors import Invalid
from duban_flow.formats.calendar_fields import DAYS, CalendarFields
from duban_flow.formats.toml_file import read_toml
from duban_flow.formats.toml_table import Faults, Table

T = TypeVar("T")

_NOTICE: Final = (
    *("name", "version", "calendar", "source", "known_from", "known_until"),
    *DAYS,
)
_OWN: Final = ("zone", "rest_weekdays", "known_from", "known_until")
_CALENDAR: Final = ("name", "version", "over", "office_hours", "season", *_OWN, *DAYS)


def load_notice(path_or_text: Path | str) -> CalendarNotice:
    """Read a notice from a file, or from its text 读取放假安排.

    Raises:
        Invalid: with every fault at once: its file, its line, what was said, and the
            nearest name there is.

    >>> notice = load_notice('''
    ... name = "防汛停工"
    ... version = "2026.1"
    ... [holidays]
    ... "防汛" = "2026-07-20~2026-07-21"
    ... ''')
    >>> WorkCalendar.china(2026).load(notice).version
    '2026.1'
    """
    return _loaded(path_or_text, "notice", _notice)


def load_calendar(
    path_or_text: Path | str, *, base: WorkCalendar | None = None
) -> WorkCalendar:
    """Read a calendar from a file, or from its text 读取工作日历.

    *base* is what one that is laid over another stands on; China's need not be given.

    Raises:
        Invalid: with every fault at once: its file, its line, what was said, and the
            nearest name there is.

    >>> calendar = load_calendar('''
    ... name = "county"
    ... version = "1"
    ... over = "china"
    ... office_hours = ["08:30-12:00", "14:00-17:30"]
    ... ''')
    >>> calendar.over == WorkCalendar.china().edition
    True
    """
    return _loaded(path_or_text, "calendar", lambda fields: _calendar(fields, base))


def _loaded(
    path_or_text: Path | str, called: str, reads: Callable[[CalendarFields], T]
) -> T:
    file = read_toml(path_or_text, code="calendar.file", called=called)
    faults = Faults(file.sheet, file.lines, area="calendar")
    fields = CalendarFields(Table.of(faults, (), "", file.data))
    try:
        made = reads(fields)
    except Invalid as fault:
        fields.refused(fault)
        raise Invalid("", *faults.sorted()) from fault
    if faults.found:
        raise Invalid("", *faults.sorted())
    return made


def _notice(fields: CalendarFields) -> CalendarNotice:
    top = fields.top
    top.only(_NOTICE)
    return CalendarNotice(
        name=top.text("name", None),
        version=top.text("version", None),
        calendar=top.text("calendar"),
        source=top.text("source"),
        known_from=fields.day("known_from"),
        known_until=fields.day("known_until"),
        holidays=fields.named_days("holidays"),
        make_up_days=fields.named_days("make_up_days"),
        half_days=fields.half_days(),
        withdrawn=fields.days("withdrawn"),
    )


def _calendar(fields: CalendarFields, base: WorkCalendar | None) -> WorkCalendar:
    top = fields.top
    top.only(_CALENDAR)
    name, version = top.text("name", None), top.text("version", None)
    days = Days(
        holidays=fields.named_days("holidays"),
        make_up_days=fields.named_days("make_up_days"),
        half_days=fields.half_days(),
        withdrawn=fields.days("withdrawn"),
    )
    hours, seasons = fields.office_hours(), fields.seasons()
    if "over" in top.data or base is not None:
        over = _base(top, base)
        return over.layered(
            name=name, version=version, days=days, office_hours=hours, seasons=seasons
        )
    if days.withdrawn:
        en, zh = "there is no base to withdraw days of", "没有可撤销日期的上级日历"
        top.fault("calendar.no_base", "withdrawn", en, zh)
    return WorkCalendar(
        name=name,
        version=version,
        zone=top.text("zone", "Asia/Shanghai"),
        office_hours=OFFICE_HOURS if hours is None else hours,
        rest_weekdays=fields.weekdays() if "rest_weekdays" in top.data else (5, 6),
        holidays=days.holidays,
        make_up_days=days.make_up_days,
        known_from=fields.day("known_from"),
        known_until=fields.day("known_until"),
        seasons=seasons or (),
        half_days=days.half_days,
    )


def _base(top: Table, base: WorkCalendar | None) -> WorkCalendar:
    """Give the calendar that this one is laid over, by its name or its edition."""
    said = top.text("over", None)
    found = base or WorkCalendar.china()
    if said and said not in {found.name, str(found)}:
        top.known("over", said, (found.name, str(found)), "calendar.base", "base")
    for key in _OWN:
        if key in top.data:
            en, zh = "its base says this", "由上级日历决定"
            top.fault("calendar.of_base", key, en, zh, said=top.data[key])
    return found
