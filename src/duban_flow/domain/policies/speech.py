"""How things are called in one language: instants, units, lists, measures.

Small words only; sentences are made where they are said.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from attrs import field, frozen

from duban_flow.domain.case import Case
from duban_flow.domain.instants import TICK
from duban_flow.domain.policies.model import Policy
from duban_flow.domain.time.telling import instant_text


@frozen(kw_only=True)
class Speech:
    """The words for one case under one policy, in Chinese or in English.

    ``states`` are the Chinese names of a workflow's states.
    """

    case: Case
    policy: Policy
    lang: str
    states: Mapping[str, str] = field(factory=dict)

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

    def state(self, name: str) -> str:
        """Name a state: in Chinese as its workflow does, in English by its word."""
        return self.say(self.states.get(name, name), name.replace("_", " "))

    def listed(self, names: Iterable[str]) -> str:
        """Put names in a row, each once, without the empty ones."""
        return self.say("、", ", ").join(filter(None, dict.fromkeys(names)))
