"""What an office was opened with: the configuration that the whole engine reads.

Settings hold no connection and no state; they are shared by threads.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

from attrs import Factory, field, frozen

from duban_flow.domain.circular.circular_words import CIRCULAR
from duban_flow.domain.circular.outline import Outline
from duban_flow.domain.items import Item
from duban_flow.domain.ledger import Ledger
from duban_flow.domain.policies.model import Policy
from duban_flow.domain.policies.vocabulary import STANDARD
from duban_flow.domain.policies.words import Vocabulary
from duban_flow.domain.time.calendar import Edition, WorkCalendar
from duban_flow.domain.time.statutory import NO_TERMS, Terms
from duban_flow.domain.units import Actor
from duban_flow.domain.workflow import Workflow
from duban_flow.engine.editions import Shelf
from duban_flow.errors import Invalid, NotFound, Reason

T = TypeVar("T")

Named = bytes | str | Path
LedgerReader = Callable[[Named, Mapping[str, str] | None], Ledger]
"""Reads a ledger from a path, bytes or text; headings of the host's own are mapped."""

OutlineReader = Callable[[str | Path, Vocabulary], Outline]
"""Reads the outline of a circular from a path or text."""

PolicyReader = Callable[[str | Path], Policy]
"""Reads a policy from a path or text."""

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
    name; the first of each is the default. ``terms`` are statutory ones, by their
    keys; ``channels`` the names that a rung without ``via`` uses. The ``shelf`` holds
    the editions that the store keeps, those too that were loaded after the office was
    opened.
    """

    tenant: str = "default"
    workflows: Mapping[str, type[Workflow]]
    policies: Mapping[str, Policy]
    calendars: Mapping[str, WorkCalendar]
    vocabulary: Vocabulary = STANDARD
    circular_vocabulary: Vocabulary = CIRCULAR
    read_ledger: LedgerReader
    read_outline: OutlineReader
    read_policy: PolicyReader
    terms: Terms = NO_TERMS
    channels: tuple[str, ...] = ()
    permit: Permit | None = None
    rehearsal: bool = False
    guard: Guard | None = field(factory=Guard)
    lang: str = "zh"
    shelf: Shelf = field(
        default=Factory(lambda self: Shelf(self.calendars.values()), takes_self=True),
        eq=False,
    )

    def workflow(self, name: str) -> type[Workflow]:
        """Find a workflow; an empty name is the office's first."""
        return _find(self.workflows, name, "workflow", "工作流")

    def policy(self, name: str) -> Policy:
        """Find a policy by ``name@version``, or the last one opened under a name.

        What items rest on is found although the office was opened without it, as long
        as it is data: of a policy written in Python nothing was kept.
        """
        if name and "@" not in name:
            named = [p for p in self.policies.values() if p.name == name]
            if named:
                return named[-1]
        if name not in self.policies and name in self.shelf.known.policies:
            return self.shelf.known.policies[name]
        return _find(self.policies, name, "policy", "升级规则")

    def in_use(self) -> tuple[Policy, ...]:
        """List the policies by which items may be judged: opened ones, then kept."""
        kept = self.shelf.known.policies
        there = {**self.policies, **kept, **self.policies}
        return tuple(there.values())

    def calendar(self, name: str = "") -> WorkCalendar:
        """Find the edition of a calendar that is in force; the office's first if empty.

        It is the one that is known furthest ahead, and of equals the last recorded.
        """
        kept = self.shelf.known.calendar(name or next(iter(self.calendars), ""))
        if kept is not None:
            return kept
        return _find(self.calendars, name, "calendar", "工作日历")

    def edition(self, wanted: Edition) -> WorkCalendar:
        """Find an edition of a calendar by its digest, whichever is in force now.

        Raises:
            NotFound: it was neither opened nor kept, and is no edition of China's.
        """
        for calendar in self._editions(wanted):
            if calendar.digest == wanted.digest:
                return calendar
        raise NotFound(
            f"The calendar {wanted.name}@{wanted.version} ({wanted.digest[:12]}) "
            "is not at hand.",
            zh=f"缺少日历{wanted.name}@{wanted.version}（{wanted.digest[:12]}）。",
            code="calendar.edition",
        )

    def _editions(self, wanted: Edition) -> Iterator[WorkCalendar]:
        yield from self.shelf.known.calendars.get(wanted.name, ())
        if wanted.name in self.calendars:
            yield self.calendars[wanted.name]
        with suppress(Invalid, ValueError):
            yield WorkCalendar.china(int(wanted.version))


def _find(there: Mapping[str, T], name: str, what: str, zh: str) -> T:
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
