"""What hosts need of time: calendars and their notices, terms, what moves a deadline.

Pure values and functions; nothing here needs an office. ``Term``, ``Deadline``,
``WorkCalendar``, ``verify`` and what reads files stand in ``duban_flow`` itself.
Everything is promised: it changes with a line in the changelog only. Nothing inside
imports this module.
"""

from duban_flow.domain.lateness import Lateness, Remaining, late, remaining
from duban_flow.domain.time.backward import BackwardSchedule, Milestone, Stage, backward
from duban_flow.domain.time.extension import Extension, ExtensionRule
from duban_flow.domain.time.many_deadlines import Deadlines, deadlines
from duban_flow.domain.time.notice import CalendarNotice, Days
from duban_flow.domain.time.office_hours import Season
from duban_flow.domain.time.pauses import Pause
from duban_flow.domain.time.reckoning import reckon
from duban_flow.domain.time.statutory import StatutoryTerm
from duban_flow.domain.time.stretches import DayKind, Edition, Stretch
from duban_flow.domain.time.term import Fixed, Stop
from duban_flow.domain.time_spent import PartyTime, TimeEntry, TimeSpent
from duban_flow.formats.terms_toml import statutory

__all__ = [
    "BackwardSchedule",
    "CalendarNotice",
    "DayKind",
    "Days",
    "Deadlines",
    "Edition",
    "Extension",
    "ExtensionRule",
    "Fixed",
    "Lateness",
    "Milestone",
    "PartyTime",
    "Pause",
    "Remaining",
    "Season",
    "Stage",
    "StatutoryTerm",
    "Stop",
    "Stretch",
    "TimeEntry",
    "TimeSpent",
    "backward",
    "deadlines",
    "late",
    "reckon",
    "remaining",
    "statutory",
]
