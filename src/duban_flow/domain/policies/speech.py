"""How things are called in one language: instants, units, lists, measures.

Small words only; sentences are made where they are said.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from attrs import frozen

from duban_flow.domain.case import Case
from duban_flow.domain.instants import TICK
from duban_flow.domain.policies.model import Policy
from duban_flow.domain.telling import instant_text


@frozen(kw_only=True)
class Speech:
    """The words for one case under one policy, in Chinese or in English."""

    case: Case
    policy: Policy
    lang: str

    def say(self, zh: str, en: str) -> str:
        """Choose between the two languages."""
        return zh if self.lang == "zh" else en

    def when(self, moment: datetime) -> str:
        """Name an instant; one tick after a due instant is that instant to people."""
        told = moment - TICK if moment.microsecond == 1 else moment
        return instant_text(told, self.case.calendar.zone, self.lang)

    def name(self, unit: str | None) -> str:
        """Name a unit, by its code where no name is known."""
        return self.case.names.get(unit or "", unit or "")

    def listed(self, names: Iterable[str]) -> str:
        """Put names in a row, without the empty ones."""
        return self.say("、", ", ").join(filter(None, names))
