"""What an office was opened with: the configuration that the whole engine reads.

Settings hold no connection and no state; they are shared by threads.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

from attrs import field, frozen

from duban_flow.domain.calendar import WorkCalendar
from duban_flow.domain.circular.circular_words import CIRCULAR
from duban_flow.domain.circular.outline import Outline
from duban_flow.domain.items import Item
from duban_flow.domain.ledger import Ledger
from duban_flow.domain.policies.model import Policy
from duban_flow.domain.policies.vocabulary import STANDARD
from duban_flow.domain.policies.words import Vocabulary
from duban_flow.domain.units import Actor
from duban_flow.domain.workflow import Workflow
from duban_flow.errors import Invalid, NotFound, Reason

T = TypeVar("T")

Named = bytes | str | Path
LedgerReader = Callable[[Named, Mapping[str, str] | None], Ledger]
"""Reads a ledger from a path, bytes or text; headings of the host's own are mapped."""

OutlineReader = Callable[[str | Path, Vocabulary], Outline]
"""Reads the outline of a circular from a path or text."""

Permit = Callable[[Actor, str, Item], Reason | None]
"""The host's own rule: a reason is a refusal, and so is an exception."""


@frozen(kw_only=True)
class Guard:
    """What stops a sweep for a person 安全闸: a clock or a crowd that cannot be right.

    ``skew``: how far ``now`` may lie from the database's clock. ``gap``: how long
    after the last sweep the next may come. More due items than ``cap`` and than
    ``share`` percent of the open ones stop it too.
    """

    skew: timedelta = timedelta(seconds=120)
    gap: timedelta = timedelta(days=7)
    cap: int = 50
    share: int = 5


@frozen(kw_only=True)
class Settings:
    """The configuration of an office.

    ``workflows`` are by name, ``policies`` by ``name@version``, ``calendars`` by
    name; the first of each is the default. ``channels`` are the names that a rung
    without ``via`` uses.
    """

    tenant: str = "default"
    workflows: Mapping[str, type[Workflow]]
    policies: Mapping[str, Policy]
    calendars: Mapping[str, WorkCalendar]
    vocabulary: Vocabulary = STANDARD
    circular_vocabulary: Vocabulary = CIRCULAR
    read_ledger: LedgerReader
    read_outline: OutlineReader
    channels: tuple[str, ...] = ()
    permit: Permit | None = None
    rehearsal: bool = False
    guard: Guard | None = field(factory=Guard)
    lang: str = "zh"

    def workflow(self, name: str) -> type[Workflow]:
        """Find a workflow; an empty name is the office's first."""
        return _find(self.workflows, name, "workflow", "工作流")

    def policy(self, name: str) -> Policy:
        """Find a policy by ``name@version``, or the last one opened under a name."""
        if name and "@" not in name:
            named = [p for p in self.policies.values() if p.name == name]
            if named:
                return named[-1]
        return _find(self.policies, name, "policy", "升级规则")

    def calendar(self, name: str = "") -> WorkCalendar:
        """Find a calendar; an empty name is the office's first."""
        return _find(self.calendars, name, "calendar", "工作日历")


def _find(there: Mapping[str, T], name: str, what: str, zh: str) -> T:
    if not there:
        raise Invalid(
            f"The office has no {what}.", zh=f"没有{zh}。", code=f"{what}.none"
        )
    if not name:
        return next(iter(there.values()))
    if name in there:
        return there[name]
    near = difflib.get_close_matches(name, there, n=1, cutoff=0.3)
    raise NotFound(
        f"There is no {what} {name!r}"
        + (f"; the nearest is {near[0]!r}." if near else "."),
        zh=f"没有{zh}“{name}”" + (f"，最接近的是“{near[0]}”。" if near else "。"),
        code=f"{what}.unknown",
    )
