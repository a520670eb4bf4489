"""Which editions a calendar or a notice comes to, and which days they say otherwise.

Calendars that are laid over it follow: each gets an edition over the new base.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from functools import cached_property

from attrs import frozen

from duban_flow.domain.codec import digest
from duban_flow.domain.instants import earliest
from duban_flow.domain.items import Item
from duban_flow.domain.time.calendar import WorkCalendar
from duban_flow.domain.time.notice import CalendarNotice
from duban_flow.domain.time.term import Deadline
from duban_flow.engine.ports import Work
from duban_flow.engine.settings import Settings
from duban_flow.errors import DubanError, Invalid, Problem

Stretches = tuple[tuple[date, date], ...]


@frozen(slots=False)
class Shift:
    """An edition that comes into force, and the one that items rest on until then.

    ``others`` are all that are kept under its name. Loaded once more it is ``again``:
    then whatever rests on an older edition, or on older zone data, is found.
    """

    old: WorkCalendar | None
    new: WorkCalendar
    others: tuple[WorkCalendar, ...] = ()

    @property
    def again(self) -> bool:
        """Whether items rest on it already."""
        return self.old is not None and self.old.digest == self.new.digest

    @property
    def kept(self) -> bool:
        """Whether it is written down already."""
        return any(one.digest == self.new.digest for one in self.others)

    @cached_property
    def first(self) -> date | None:
        """The first day of which anything before says something else."""
        firsts = (days[0][0] for days in self._said_before.values() if days)
        return min(firsts, default=None)

    @cached_property
    def _said_before(self) -> dict[str, Stretches]:
        """The days that are others now, by the digest of the edition that knew them.

        Items that an edition did not touch still name the one before it; that they
        need not be touched by its days was seen then.
        """
        before = self.others if self.again else [one for one in (self.old,) if one]
        return {one.digest: one.differs(self.new) for one in before}

    @property
    def corrected(self) -> Stretches:
        """The days that an edition before it knew, and knew otherwise."""
        found: dict[tuple[date, date], None] = {}
        before = self.others if self.again else [one for one in (self.old,) if one]
        for one in before:
            end = one.known_until or date.max
            for since, until in one.differs(self.new):
                if since <= end:
                    found[since, min(until, end)] = None
        return tuple(sorted(found))

    def crossed_by(self, item: Item, due: Deadline, last: date) -> bool:
        """Whether an item's term, up to *last*, ran over days that are others now."""
        said, old = self._said_before, self.old
        pinned = due.calendar if self.again or old is None else old.edition
        begun = self.new.date_of(earliest(item.assigned_at))
        days = said.get(pinned.digest, ((date.min, date.max),))
        return any(since <= last and begun <= until for since, until in days)


def planned(name: str) -> str:
    """Name the word under which the store knows which edition items rest on."""
    return f"calendar:{digest(name)[:32]}"


def shifts_of(
    settings: Settings, work: Work, source: WorkCalendar | CalendarNotice
) -> tuple[Shift, ...]:
    """Give the editions that come into force with a calendar or a notice.

    Raises:
        Invalid, Conflict: the notice does not fit, the edition is known less far than
            the one in force, or another stands under its name and version.
        NotFound: a notice for a calendar that does not exist.
    """
    new = source if isinstance(source, WorkCalendar) else _loaded(settings, source)
    shift = _shift(settings, work, new)
    known = shift.others or new.name in settings.calendars
    in_force = settings.calendar(new.name) if known else None
    _check(shift, in_force)
    if shift.kept and new != in_force:
        return ()  # It was loaded once, and a later one has taken its place.
    return shift, *_above(settings, work, new)


def _shift(settings: Settings, work: Work, new: WorkCalendar) -> Shift:
    """Find what items rest on: what was planned last, else what was kept first.

    An edition that an office was opened with is in force at once for what is given
    out from then on; what was there before rests on another until it is planned.
    """
    others = settings.shelf.known.calendars.get(new.name, ())
    last = work.meta(planned(new.name))
    rests = [one for one in others if one.digest == last] or others[:1]
    return Shift(next(iter(rests), None), new, others)


def _loaded(settings: Settings, notice: CalendarNotice) -> WorkCalendar:
    """Load a notice; one that was loaded before comes to the edition it made then."""
    old = settings.calendar(notice.calendar)
    several = settings.shelf.known.calendars.get(old.name, ())
    made = {one.digest: one for one in several}
    for before in several:
        with suppress(DubanError):
            again = made.get(before.load(notice).digest)
            if again is not None:
                return again
    try:
        return old.load(notice)
    except Invalid as refused:
        if {reason.code for reason in refused.reasons} == {"calendar.nothing_new"}:
            return old
        raise


def _check(shift: Shift, old: WorkCalendar | None) -> None:
    new = shift.new
    same = [one for one in shift.others if one.version == new.version]
    problems = []
    if same and not shift.kept:
        problems.append(
            Problem(
                code="calendar.edition_changed",
                en=f"The calendar {new} says something else than the one that is kept "
                "under its name and version; give it a version of its own.",
                zh=f"日历{new}与已存的同名版本内容不同，请使用新的版本号。",
            )
        )
    ends = (None if one is None else one.known_until for one in (old, new))
    before, after = (date.max if end is None else end for end in ends)
    if old is not None and after < before and not shift.kept:
        problems.append(
            Problem(
                code="calendar.known_less",
                en=f"The calendar {new} is known until {after}; {old}, which is in "
                f"force, until {'any date' if before == date.max else before}.",
                zh=f"日历{new}只公布到{after}，不及现行的{old}。",
            )
        )
    if problems:
        raise Invalid("", *problems)


def _above(settings: Settings, work: Work, base: WorkCalendar) -> Iterator[Shift]:
    """Give an edition over the new base to each calendar that is laid over it."""
    for name in {**settings.calendars, **settings.shelf.known.calendars}:
        own = settings.calendar(name)
        if own.over is None or own.over.name != base.name:
            continue
        new = own
        if own.over != base.edition:
            version = f"{own.version.partition('/')[0]}/{base.version}"
            new = own.rebased(base, version=version)
        yield _shift(settings, work, new)
        yield from _above(settings, work, new)
