"""Extensions 延期: asked for, granted with a definite date, refused or taken back.

The rule is the policy's: who grants, until when one may ask, how often and how far.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from attrs import field, frozen

from duban_flow.domain.codec import Value
from duban_flow.domain.instants import When, aware, aware_when
from duban_flow.domain.time.offset import Offset

Day = date | datetime


@frozen(kw_only=True)
class ExtensionRule:
    """Who grants an extension, until when one may ask, how often and how far.

    ``by`` names roles or bodies; without one the supervising units grant. ``window``
    is how long before due one must have asked; ``max_total`` how far all of them
    together may move the first due.
    """

    by: tuple[str, ...] = ()
    window: Offset | None = None
    max_count: int | None = None
    max_total: Offset | None = None


def _day(value: Day | None) -> Day | None:
    return aware(value, "extension") if isinstance(value, datetime) else value


@frozen(kw_only=True)
class Extension(Value):
    """One extension, by its number in the item's ledger, and what became of it.

    ``until`` is the date asked for, ``granted`` the definite one that was set. An
    ``override`` was set outside the rule, by another right, and asked for by nobody.
    """

    ordinal: int
    unit: str
    asked_at: When = field(converter=aware_when)
    until: Day = field(converter=_day)
    reason: str = ""
    status: Literal["asked", "granted", "rejected", "withdrawn"] = "asked"
    granted: Day | None = field(default=None, converter=_day)
    decided_at: When | None = field(default=None, converter=aware_when)
    decided_by: str = ""
    decision: str = ""
    override: bool = False
