"""duban_flow: supervision matters with their deadlines, and why each of them stands so.

An Office is configuration and runs the day; a Desk is who acts, when, and in whose
transaction; all else is a frozen value. These are the public names.
"""

from duban_flow.domain.case import Case, Entry, Facts
from duban_flow.domain.circular.circular import Circular
from duban_flow.domain.circular.contents import Bars, Paragraph, Section, Table
from duban_flow.domain.circular.figure import Figure
from duban_flow.domain.circular.ranking import Ranking
from duban_flow.domain.circular.relations import Difference, Listing, Share, Sum
from duban_flow.domain.circular.shares import Shares
from duban_flow.domain.events import Event
from duban_flow.domain.instants import Span
from duban_flow.domain.items import Item, NewItem, Party, Source
from duban_flow.domain.policies.model import Policy, Rung
from duban_flow.domain.policies.plain import PLAIN
from duban_flow.domain.policies.words import condition
from duban_flow.domain.quantities import Interval, Measure, Reading
from duban_flow.domain.sanctions import Sanction, Sitting
from duban_flow.domain.supervision import Supervision
from duban_flow.domain.time.calendar import WorkCalendar
from duban_flow.domain.time.certificate import verify
from duban_flow.domain.time.term import Deadline, Term
from duban_flow.domain.units import Actor, Directory, Post, Role, Unit
from duban_flow.domain.workflow import (
    STANDING,
    Action,
    Attempt,
    Command,
    State,
    Workflow,
    guard,
)
from duban_flow.engine.delivery import DeliveryResult
from duban_flow.engine.desk import Desk
from duban_flow.engine.hooks import hookimpl
from duban_flow.engine.planning import Plan
from duban_flow.engine.settings import Guard
from duban_flow.engine.sweep import SweepResult
from duban_flow.errors import (
    Busy,
    Conflict,
    DubanError,
    Forbidden,
    Invalid,
    NotFound,
    Problem,
    Reason,
    Refused,
    SchemaMismatch,
    Stale,
)
from duban_flow.formats.calendar_toml import load_calendar, load_notice
from duban_flow.formats.directory import load_directory
from duban_flow.formats.policy_toml import load_policy
from duban_flow.formats.terms_toml import load_terms
from duban_flow.office import Office

__all__ = [
    "PLAIN",
    "STANDING",
    "Action",
    "Actor",
    "Attempt",
    "Bars",
    "Busy",
    "Case",
    "Circular",
    "Command",
    "Conflict",
    "Deadline",
    "DeliveryResult",
    "Desk",
    "Difference",
    "Directory",
    "DubanError",
    "Entry",
    "Event",
    "Facts",
    "Figure",
    "Forbidden",
    "Guard",
    "Interval",
    "Invalid",
    "Item",
    "Listing",
    "Measure",
    "NewItem",
    "NotFound",
    "Office",
    "Paragraph",
    "Party",
    "Plan",
    "Policy",
    "Post",
    "Problem",
    "Ranking",
    "Reading",
    "Reason",
    "Refused",
    "Role",
    "Rung",
    "Sanction",
    "SchemaMismatch",
    "Section",
    "Share",
    "Shares",
    "Sitting",
    "Source",
    "Span",
    "Stale",
    "State",
    "Sum",
    "Supervision",
    "SweepResult",
    "Table",
    "Term",
    "Unit",
    "WorkCalendar",
    "Workflow",
    "condition",
    "guard",
    "hookimpl",
    "load_calendar",
    "load_directory",
    "load_notice",
    "load_policy",
    "load_terms",
    "verify",
]
