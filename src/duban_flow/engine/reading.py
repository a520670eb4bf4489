"""What can be read 查询: items, histories, explanations, summaries, circulars.

Everything read is frozen. A reader sees what its actor may see; what it may not see
does not exist for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, Self, TypeVar

from attrs import evolve, frozen

from duban_flow.domain.case import Case
from duban_flow.domain.circular.circular import Circular
from duban_flow.domain.circular.counter import Record
from duban_flow.domain.circular.fault import Fault
from duban_flow.domain.circular.queries import evaluate, recount
from duban_flow.domain.codec import Value
from duban_flow.domain.days_ledger import time_spent
from duban_flow.domain.events import Event
from duban_flow.domain.instants import aware
from duban_flow.domain.items import Item, rolled_up
from duban_flow.domain.lateness import Lateness, Remaining, late, remaining
from duban_flow.domain.policies.decide import decide
from duban_flow.domain.policies.explain import Explanation, explain
from duban_flow.domain.rights import sees_all, shown, shown_case, visible_to
from duban_flow.domain.sanctions import Sanction, Sitting
from duban_flow.domain.time_spent import TimeSpent
from duban_flow.domain.units import Directory
from duban_flow.domain.workflow import Availability
from duban_flow.engine.binding import Binding, unknown
from duban_flow.engine.outages import outages_of
from duban_flow.engine.past import cases_at, recalling
from duban_flow.engine.permitting import availability
from duban_flow.engine.ports import LOWER, Query, SanctionQuery, Work
from duban_flow.engine.summary import Summary, summarise
from duban_flow.errors import Forbidden, Invalid

T = TypeVar("T")
PAGE = 200


@frozen
class Page(Value):
    """Some items, and where the next page begins (a code), if there is one."""

    items: tuple[Item, ...]
    next: str | None = None

    def __iter__(self) -> Iterator[Item]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)


class Reads:
    """The reads of a desk, as things stand, or as of an instant."""

    def __init__(
        self,
        binding: Binding,
        as_of: datetime | None = None,
        known: datetime | None = None,
    ) -> None:
        self._binding = binding
        self._as_of = as_of
        self._known = known

    @property
    def now(self) -> datetime:
        """The instant this desk reads and acts by."""
        return self._binding.now

    def as_of(self, at: datetime | date) -> Reads:
        """Read as things stood 截至: everything known now that was effective by then.

        A day means its 24:00. The reader that is given has no verbs.
        """
        return Reads(self._binding, self._moment(at), self._known)

    def as_known_at(self, at: datetime | date) -> Reads:
        """Read as things were believed 当时所知: only what had been recorded by then.

        A fact written down late is not in it, nor is what later events put right.
        """
        moment = self._moment(at)
        return Reads(self._binding, moment, moment)

    def get(self, item: Item | str) -> Item:
        """Read one item.

        Raises:
            NotFound: there is none, or the actor may not see it.
        """
        case = self._case(item)
        return _rolled(case.item, case.parts)

    def find(  # noqa: PLR0913  # each keyword narrows, and each is optional
        self,
        *,
        state: str | Sequence[str] | None = None,
        unit: str | None = None,
        category: str | None = None,
        policy: str | None = None,
        overdue: bool = False,
        quarantined: bool = False,
        due_by: datetime | None = None,
        text: str | None = None,
        limit: int = 50,
        after: str | None = None,
    ) -> Page:
        """Find items by code, ``limit`` at a time, from behind ``after``."""
        if limit < 1:
            raise Invalid(
                f"A page holds at least one item; limit={limit} was given.",
                zh=f"每页至少一件，不能是{limit}。",
                code="find.limit",
            )
        states = (state,) if isinstance(state, str) else tuple(state or ())
        actor = self._binding.actor

        def job(work: Work) -> Page:
            directory = work.directory()
            query = Query(
                state=states,
                unit=self._code(directory, unit),
                category=category,
                policy=policy,
                overdue_at=self._at if overdue else None,
                due_by=None if due_by is None else aware(due_by, "due_by"),
                text=text,
                quarantined=quarantined,
                visible_to=visible_to(directory.meant(actor), directory),
                after=after,
                limit=limit + 1,
            )
            return self._page(work, directory, query)

        return self._binding.run(job)

    def each(self, **which: Any) -> Iterator[Item]:
        """Walk through all items that :meth:`find` would find, page by page."""
        after: str | None = None
        while True:
            page = self.find(**{**which, "limit": PAGE, "after": after})
            yield from page.items
            if page.next is None:
                return
            after = page.next

    def history(self, item: Item | str) -> tuple[Event, ...]:
        """Read everything that happened to an item, in the order it was recorded."""
        return self._case(item).events

    def explain(self, item: Item | str, lang: str | None = None) -> Explanation:
        """Tell where an item stands, why, and what comes next and when 说明."""
        settings = self._binding.settings
        case = self._case(item)
        policy = settings.policy(case.item.policy)
        decisions = decide(case, policy, settings.vocabulary)
        workflow = settings.workflow(case.item.workflow)
        return explain(case, policy, decisions, lang or settings.lang, workflow)

    def time_spent(self, item: Item | str) -> TimeSpent:
        """Charge every working minute of an item to one party 用时台账.

        A reader of the past gives it as of then.
        """
        case = self._case(item)
        workflow = self._binding.settings.workflow(case.item.workflow)
        return time_spent(case, workflow, self._binding.run(outages_of))

    def late(self, item: Item | str) -> Lateness:
        """Say by how much an item is late 逾期, in days, working days and hours."""
        case = self._case(item)
        return late(case.item, case.at, case.calendar)

    def remaining(self, item: Item | str) -> Remaining | None:
        """Say what is left of an item's time 剩余时间; None without due, and closed."""
        case = self._case(item)
        return remaining(case.item, case.at, case.calendar)

    def available(self, item: Item | str) -> tuple[Availability, ...]:
        """List every action: allowed or not, every reason, the schema of its data."""

        def job(work: Work) -> tuple[Availability, ...]:
            directory = work.directory()
            case = self._binding.case(work, item, directory)
            settings, actor = self._binding.settings, self._binding.actor
            workflow = settings.workflow(case.item.workflow)
            return tuple(
                availability(settings, directory, case, name, directory.meant(actor))
                for name, action in workflow.actions.items()
                if not action.issued
            )

        return self._binding.run(job)

    def summary(self, **which: Any) -> Summary:
        """Count items by state and unit, with rates on what was due by then."""
        items = list(self.each(**which))
        return summarise(items, self._at)

    def sittings(self, policy: str | None = None) -> tuple[Sitting, ...]:
        """List the sittings held, with what came of each."""

        def job(work: Work) -> tuple[Sitting, ...]:
            self._overseer(work.directory(), "read sittings")
            return work.sittings(policy)

        return self._binding.run(job)

    def circular(self, template: Callable[[Reads], Circular] | str | Path) -> Circular:
        """Make a circular 通报: by a function of a reader, or from a circular.toml."""
        if callable(template):
            return template(self)
        settings = self._binding.settings
        outline = settings.read_outline(template, settings.circular_vocabulary)

        def job(work: Work) -> Circular:
            return evaluate(
                outline,
                self._ask(work),
                calendar=settings.calendar(),
                as_of=self._at,
                record=self._record(work),
                vocabulary=settings.circular_vocabulary,
            )

        return self._binding.run(job)

    def recount(self, circular: Circular) -> tuple[Fault, ...]:
        """Count a circular's figures again, each as of its own date 复算."""
        settings = self._binding.settings
        return self._binding.run(
            lambda work: recount(
                circular,
                self._ask(work),
                calendar=settings.calendar(),
                record=self._record(work),
                vocabulary=settings.circular_vocabulary,
            )
        )

    def cases(self) -> tuple[Case, ...]:
        """Give every item the actor may read, with its facts, for its own figures."""
        return self._binding.run(lambda work: tuple(self._ask(work)(self._at)))

    @property
    def _at(self) -> datetime:
        return self._as_of or self._binding.now

    def _moment(self, at: datetime | date) -> datetime:
        if isinstance(at, datetime):
            return aware(at, "as_of")
        return self._binding.settings.calendar().midnight_after(at)

    def _code(self, directory: Directory, unit: str | None) -> str | None:
        found = None if unit is None else directory.find(unit)
        return found.code if found else unit

    def _case(self, item: Item | str) -> Case:
        def job(work: Work) -> Case:
            directory = work.directory()
            now = case = self._binding.case(work, item, directory)
            if self._as_of is not None:
                case = self._past(work, now, self._as_of)
            actor = directory.meant(self._binding.actor)
            return shown_case(case, actor, now.item)

        return self._binding.run(job)

    def _past(self, work: Work, case: Case, at: datetime) -> Case:
        above = [case.item.parent] if case.item.parent else []
        ids = [case.item.id, *above, *(p.id for p in case.parts)]
        past = cases_at(self._binding.settings, work, ids, at, self._known)
        known = {one.item.id: one for one in past}
        if case.item.id not in known:
            raise unknown(case.item.code)
        return known[case.item.id]

    def _ask(self, work: Work) -> Callable[[datetime], Sequence[Case]]:
        """Give what recalls cases: of items that the actor may read as they now are."""
        directory = work.directory()
        actor = directory.meant(self._binding.actor)
        now = work.items(work.all_ids())
        readable = {i for i, one in now.items() if self._binding.reads(one, directory)}
        recall = recalling(self._binding.settings, work, now, self._known)

        def ask(at: datetime) -> Sequence[Case]:
            return [
                shown_case(case, actor, now[case.item.id])
                for case in recall(at)
                if case.item.id in readable
            ]

        return ask

    def _page(self, work: Work, directory: Directory, query: Query) -> Page:
        if self._as_of is not None:
            return _page_of(self._find_past(work, query), query)
        page = _page_of(work.find(query), query)
        seen = [i for i in page if self._binding.reads(i, directory)]
        actor = directory.meant(self._binding.actor)
        parts = work.parts([i.id for i in seen if i.needs is not None])
        told = (shown(_rolled(i, parts.get(i.id, ())), actor) for i in seen)
        return Page(tuple(told), page.next)

    def _find_past(self, work: Work, query: Query) -> list[Item]:
        cases = self._ask(work)(self._at)
        kept = [_rolled(c.item, c.parts) for c in cases if _matches(c.item, query)]
        return sorted(kept, key=lambda item: item.code)

    def _record(self, work: Work) -> Record:
        directory = work.directory()
        if not sees_all(directory.meant(self._binding.actor), directory):
            return Record()
        at = self._at
        sanctions = [
            s for s in work.sanctions(SanctionQuery()) if s.stands(at) or _waits(s, at)
        ]
        held = _last_closed(work.sittings(), at)
        return Record(
            sanctions=tuple(sanctions),
            not_sanctioned=tuple(one for s in held for one in s.not_sanctioned),
            names={u.code: u.name for u in directory.units.values()},
        )

    def _overseer(self, directory: Directory, what: str) -> None:
        if not sees_all(directory.meant(self._binding.actor), directory):
            raise Forbidden(
                f"{self._binding.actor.id}: to {what} is for units of oversight.",
                zh=f"{self._binding.actor.id}无权查看。",
                code="rights.unit",
            )

    def at(self, now: datetime) -> Self:
        """Give the same reader at another instant."""
        moved = evolve(self._binding, now=aware(now, "desk: now"))
        return type(self)(moved, self._as_of, self._known)


def _page_of(found: Sequence[Item], query: Query) -> Page:
    """Cut what was found to a page; one more than it holds says that another is."""
    page = tuple(found[: query.limit - 1])
    more = len(found) >= query.limit and page
    return Page(page, page[-1].code if more else None)


def _last_closed(sittings: Sequence[Sitting], at: datetime) -> list[Sitting]:
    """Give the sittings of each policy's last day by then, its editions together."""
    closed = [s for s in sittings if s.closed_at is not None and s.closed_at <= at]
    last: dict[str, list[Sitting]] = {}
    for one in sorted(closed, key=lambda s: s.day):
        several = last.setdefault(one.policy.partition("@")[0], [])
        several[:] = [s for s in several if s.day == one.day] + [one]
    return [one for several in last.values() for one in several]


def _rolled(item: Item, parts: Sequence[Item]) -> Item:
    """Let the progress of a whole be that of its parts."""
    if item.needs is None or not parts:
        return item
    return evolve(item, progress=rolled_up(parts))


def _waits(sanction: Sanction, at: datetime) -> bool:
    """Whether by then a sanction had been proposed and not been issued."""
    issued = sanction.issued_at is not None and sanction.issued_at <= at
    return sanction.proposed_at <= at and sanction.rejected_by == "" and not issued


def _matches(item: Item, query: Query) -> bool:
    """Whether an item as it stood is one that a query asks for."""
    return (
        (not query.state or item.state in query.state)
        and (query.unit is None or query.unit in item.units())
        and (query.category is None or item.category == query.category)
        and (query.policy is None or item.policy == query.policy)
        and (item.quarantined > 0 or not query.quarantined)
        and (query.text is None or _holds(item, query.text))
        and (query.due_by is None or _due_by(item, query.due_by))
        and (query.overdue_at is None or item.overdue(query.overdue_at) is True)
        and (query.after is None or item.code > query.after)
    )


def _holds(item: Item, text: str) -> bool:
    """Ask for a text in code and title; A to Z match in either case."""
    wanted = text.translate(LOWER)
    return any(wanted in told.translate(LOWER) for told in (item.code, item.title))


def _due_by(item: Item, at: datetime) -> bool:
    return item.due_at is not None and item.due_at <= at
