"""The shelf 版本架: every edition of calendars and policies that an office knows.

What one process loads, all others see: each unit of work asks for one word, and only
where that is new are the rows read again. To the end of its unit of work a job sees
the editions that stood at its beginning.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from itertools import chain
from typing import Final

from attrs import evolve, field, frozen

from duban_flow.domain.batch import Rows, batch_of
from duban_flow.domain.codec import digest
from duban_flow.domain.editions import (
    CALENDARS,
    POLICIES,
    EditionTable,
    Kept,
    kept_calendar,
    kept_policy,
    read_calendar,
    read_policy,
)
from duban_flow.domain.instants import EPOCH, TICK
from duban_flow.domain.policies.model import Policy
from duban_flow.domain.rows import edition_rows, meta_rows
from duban_flow.domain.time.calendar import WorkCalendar
from duban_flow.engine.ports import Query, Work
from duban_flow.errors import Conflict

WORD: Final = "editions"
"""The word under which the store says, in a digest, which editions are kept."""

PAGE: Final = 500


@frozen(kw_only=True)
class Known:
    """The editions that were kept when a word was read.

    ``calendars`` are by name, in the order in which they were recorded; ``policies``
    by ``name@version``.
    """

    word: str = ""
    calendars: Mapping[str, tuple[WorkCalendar, ...]] = field(factory=dict)
    policies: Mapping[str, Policy] = field(factory=dict)

    def calendar(self, name: str) -> WorkCalendar | None:
        """Give the edition in force: known furthest ahead, of equals the last."""
        several = enumerate(self.calendars.get(name, ()))
        best = max(several, key=lambda at: (_known_until(at[1]), at[0]), default=None)
        return None if best is None else best[1]


def _known_until(calendar: WorkCalendar) -> date:
    return date.max if calendar.known_until is None else calendar.known_until


class Shelf:
    """What is known of the store's editions, shared by all threads of an office.

    The calendars that the office was *opened* with need not be read from their rows.
    """

    def __init__(self, opened: Iterable[WorkCalendar] = ()) -> None:
        self._known = Known()
        self._opened = tuple(opened)

    @property
    def known(self) -> Known:
        """What the unit of work at hand began with, else what was read last."""
        held = _HELD.get()
        return held[1] if held is not None and held[0] is self else self._known

    @contextmanager
    def held(self, work: Work) -> Iterator[None]:
        """Let everything inside see the editions that stand in a unit of work now."""
        token = _HELD.set((self, self._look(work)))
        try:
            yield
        finally:
            _HELD.reset(token)

    def _look(self, work: Work) -> Known:
        word, known = work.meta(WORD) or "", self._known
        if known.word != word:
            known = self._known = _read(work, word, known, self._opened)
        return known


_HELD: ContextVar[tuple[Shelf, Known] | None] = ContextVar("held", default=None)
"""Which shelf's editions the job at hand is held to; nothing between jobs."""


def _read(
    work: Work, word: str, before: Known, opened: Iterable[WorkCalendar]
) -> Known:
    """Read the rows; what is at hand and still says the same is taken over."""
    at_hand = (*opened, *chain.from_iterable(before.calendars.values()))
    there = {calendar.digest: calendar for calendar in at_hand}
    calendars: dict[str, tuple[WorkCalendar, ...]] = {}
    for kept in work.editions(CALENDARS):
        made = there.get(kept.digest) or read_calendar(kept)
        calendars[kept.name] = (*calendars.get(kept.name, ()), made)
    policies = {kept.key: read_policy(kept) for kept in work.editions(POLICIES)}
    return Known(word=word, calendars=calendars, policies=policies)


def shelving(
    work: Work, table: EditionTable, kept: Iterable[Kept], *, replace: bool = False
) -> list[Rows]:
    """Give the rows that put editions on the shelf, for a batch about to be written.

    Each is recorded after all that are there, whatever the clock says.
    """
    several, last = [], _last(work.editions(table))
    for one in kept:
        last = max(one.recorded_at, last + TICK)
        several.append(evolve(one, recorded_at=last))
    said = [[table, one.key, one.digest] for one in several]
    word = digest([work.meta(WORD), said])
    return [edition_rows(table, several, replace=replace), meta_rows({WORD: word})]


def _last(there: Iterable[Kept]) -> datetime:
    return max((one.recorded_at for one in there), default=EPOCH)


def keep_opened(
    work: Work, calendars: Iterable[WorkCalendar], policies: Iterable[Policy]
) -> None:
    """Write down what an office was opened with, once; what is there stays.

    A policy written in Python is code and is not written down: an item that rests on
    it is judged only where the office is opened with it.

    Raises:
        Conflict: an edition says something else than the one that items rest on.
    """
    dated = (kept_calendar(calendar, EPOCH) for calendar in calendars)
    written = (kept_policy(policy, EPOCH) for policy in policies)
    _keep(work, CALENDARS, dated)
    _keep(work, POLICIES, (one for one in written if one is not None))


def _keep(work: Work, table: EditionTable, given: Iterable[Kept]) -> None:
    there = {one.key: one.digest for one in work.editions(table)}
    new: list[Kept] = []
    other: list[Kept] = []
    for one in given:
        if one.key not in there:
            new.append(one)
        elif there[one.key] != one.digest:
            check_free(work, table, one)
            other.append(one)
    for several, replace in ((new, False), (other, True)):
        if several:
            rows = shelving(work, table, several, replace=replace)
            work.write(batch_of([], now=EPOCH, rows=rows))


def check_free(work: Work, table: EditionTable, kept: Kept) -> None:
    """Refuse an edition under a name and version whose content items rest on.

    Raises:
        Conflict: naming it.
    """
    what, zh = ("calendar", "日历") if table == CALENDARS else ("policy", "升级规则")
    if _rests(work, table, kept):
        raise Conflict(
            f"The {what} {kept.key} says something else than the one that items rest "
            "on; give it a version of its own.",
            zh=f"{zh}{kept.key}与现有事项所依据的同名版本内容不同，请使用新的版本号。",
            code=f"{what}.edition_changed",
        )


def _rests(work: Work, table: EditionTable, kept: Kept) -> bool:
    """Whether any item rests on that name; asked only where two editions differ."""
    if table == POLICIES:
        return bool(work.find(Query(policy=kept.key, limit=1)))
    after: str | None = None
    while page := work.find(Query(after=after, limit=PAGE)):
        if any(item.calendar == kept.name for item in page):
            return True
        after = page[-1].code
    return False
