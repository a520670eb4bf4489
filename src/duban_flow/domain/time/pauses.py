"""Pauses 中止(不计入期限): stretches of time that a term does not count.

A ledger of intervals with reason and authority; which of them move a deadline, and by
how much, is :mod:`duban_flow.domain.time.reckoning`'s to say.
"""

from __future__ import annotations

from datetime import datetime

from attrs import field, frozen

from duban_flow.domain.codec import Value
from duban_flow.domain.instants import When, aware_when, earliest, latest


@frozen(kw_only=True)
class Pause(Value):
    """One stretch that does not count, by its number in the item's ledger.

    ``until`` is when handling went on, ``planned`` when it was to go on. One that
    ``ends_itself`` is over at its planned end at the latest; another runs on and an
    alarm is given (``pause_overrun`` of the policy). ``authority`` is what allows it,
    ``waits_for`` whom it waits for. ``annulled`` ones never were.
    """

    ordinal: int
    since: When = field(converter=aware_when)
    until: When | None = field(default=None, converter=aware_when)
    planned: When | None = field(default=None, converter=aware_when)
    ends_itself: bool = True
    reason: str = ""
    authority: str = ""
    waits_for: str = ""
    annulled: bool = False

    @property
    def end(self) -> When | None:
        """When it was over, or is to be by itself; nothing while nobody can say."""
        planned = self.planned if self.ends_itself else None
        if self.until is None or planned is None:
            return planned if self.until is None else self.until
        return min(self.until, planned, key=latest)

    def runs_at(self, at: datetime) -> bool:
        """Whether it runs at an instant; from its beginning, and no more at its end."""
        if self.annulled or earliest(self.since) > at:
            return False
        return self.end is None or at < latest(self.end)
