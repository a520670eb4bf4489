"""Plans 计划, as they hang on a desk: first what would happen, then all of it at once.

A ledger, a calendar and a notice take the same way: planning writes nothing and names
every problem; applying is all or nothing, and a stale plan is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import get_args, overload

from duban_flow.domain.ledger import Ledger
from duban_flow.domain.migrate import Mode
from duban_flow.domain.policies.model import PolicyLike
from duban_flow.domain.rights import sees_all
from duban_flow.domain.time.calendar import WorkCalendar
from duban_flow.domain.time.notice import CalendarNotice
from duban_flow.domain.units import Directory
from duban_flow.engine.binding import Binding, outsider
from duban_flow.engine.calendar_plan import CalendarPlan, make_calendar_plan
from duban_flow.engine.envelope import Envelope
from duban_flow.engine.migrating import (
    MigrationPlan,
    apply_migration_plan,
    make_migration_plan,
)
from duban_flow.engine.planning import Applied, Plan, apply_plan, make_plan
from duban_flow.engine.ports import Progress, Work
from duban_flow.engine.recalendaring import apply_calendar_plan
from duban_flow.errors import Invalid


class Plans:
    """Planning and applying, for whoever is bound to an actor and an instant."""

    _binding: Binding

    @overload
    def plan(
        self, source: WorkCalendar | CalendarNotice, *, progress: Progress | None = None
    ) -> CalendarPlan: ...

    @overload
    def plan(
        self,
        source: PolicyLike | str | Path,
        *,
        mode: Mode,
        of: str = "",
        progress: Progress | None = None,
    ) -> MigrationPlan: ...

    @overload
    def plan(
        self,
        source: Ledger | bytes | str | Path,
        *,
        columns: Mapping[str, str] | None = None,
        year: int | None = None,
        progress: Progress | None = None,
    ) -> Plan: ...

    def plan(  # each says how one kind of source is meant
        self,
        source: WorkCalendar
        | CalendarNotice
        | PolicyLike
        | Ledger
        | bytes
        | str
        | Path,
        *,
        columns: Mapping[str, str] | None = None,
        year: int | None = None,
        mode: Mode | None = None,
        of: str = "",
        progress: Progress | None = None,
    ) -> CalendarPlan | MigrationPlan | Plan:
        """Say what a ledger, a calendar, a notice or a policy would do; writes nothing.

        A ledger (导入计划) is a path, the text itself, or a Ledger; ``columns`` maps
        the host's own headings, ``year`` stands in for dates that have none. Of a
        calendar, or of a notice that makes the next edition of one (日历计划), it
        lists which items move, from when to when, and what rests on the old dates.

        With a ``mode`` the source is a policy (规则迁移计划), or a path to one: items
        ``keep`` the edition they have, go over ``from_now`` (rungs whose instant has
        passed count as done), or are judged anew (``retroactive``). ``of`` names the
        edition that they leave. Every problem is named at once.
        """
        if mode is not None:
            return self._plan_policy(source, mode, of, progress)
        if isinstance(source, WorkCalendar | CalendarNotice):
            return self._plan_calendar(source, progress)
        if not isinstance(source, Ledger | bytes | str | Path):
            raise Invalid(
                f"plan: {source!r} wants a mode if it is a policy: keep, from_now or "
                "retroactive.",
                zh="计划：规则须写明mode：keep、from_now或retroactive。",
                code="plan.mode",
            )
        return self._plan_ledger(source, columns, year, progress)

    def _plan_policy(
        self,
        source: WorkCalendar
        | CalendarNotice
        | PolicyLike
        | Ledger
        | bytes
        | str
        | Path,
        mode: Mode,
        of: str,
        progress: Progress | None,
    ) -> MigrationPlan:
        binding = self._binding
        if mode not in get_args(Mode) or isinstance(
            source, WorkCalendar | CalendarNotice | Ledger | bytes
        ):
            raise Invalid(
                f"plan: mode={mode!r}: a policy, or a path to one, goes over by keep, "
                f"from_now or retroactive; {type(source).__name__} was given.",
                zh=f"计划：mode={mode!r}：规则（或其路径）的迁移方式只有keep、from_now、"
                "retroactive。",
                code="plan.mode",
            )
        policy = (
            binding.settings.read_policy(source)
            if isinstance(source, str | Path)
            else source
        )

        def job(work: Work) -> MigrationPlan:
            self._check_sight(work.directory(), "plan policies", "查看规则迁移计划")
            return make_migration_plan(
                binding.settings, work, policy, mode, of, binding.now, progress
            )

        return binding.run(job)

    def _plan_calendar(
        self, source: WorkCalendar | CalendarNotice, progress: Progress | None
    ) -> CalendarPlan:
        binding = self._binding

        def job(work: Work) -> CalendarPlan:
            self._check_sight(work.directory(), "plan calendars", "查看日历计划")
            return make_calendar_plan(
                binding.settings, work, source, binding.now, progress
            )

        return binding.run(job)

    def _check_sight(self, directory: Directory, what: str, zh: str) -> None:
        """Show plans that tell of every item only to those who may see every item."""
        actor = directory.meant(self._binding.actor)
        if directory.units and not sees_all(actor, directory):
            raise outsider(actor, what, zh)

    def _plan_ledger(
        self,
        source: Ledger | bytes | str | Path,
        columns: Mapping[str, str] | None,
        year: int | None,
        progress: Progress | None,
    ) -> Plan:
        settings = self._binding.settings
        ledger = (
            source
            if isinstance(source, Ledger)
            else settings.read_ledger(source, columns)
        )

        def job(work: Work) -> Plan:
            directory = work.directory()
            return make_plan(
                settings,
                work,
                directory,
                ledger,
                importer=directory.meant(self._binding.actor),
                now=self._binding.now,
                year=year,
                progress=progress,
            )

        return self._binding.run(job)

    def apply(
        self,
        plan: Plan | CalendarPlan | MigrationPlan,
        *,
        progress: Progress | None = None,
    ) -> Applied:
        """Write a plan, all of it or nothing; again it is nothing.

        Raises:
            Invalid: the plan has problems.
            Forbidden: it tells of other units' acts, or is a calendar's or a policy's,
                and only supervising units and deciding bodies may.
            Conflict: what it found has changed since.
        """
        settings = self._binding.settings

        def job(work: Work) -> Applied:
            directory = work.directory()
            envelope = Envelope(
                actor=directory.meant(self._binding.actor), now=self._binding.now
            )
            if isinstance(plan, MigrationPlan):
                return apply_migration_plan(
                    settings, work, directory, plan, envelope, progress
                )
            if isinstance(plan, CalendarPlan):
                return apply_calendar_plan(
                    settings, work, directory, plan, envelope, progress
                )
            return apply_plan(settings, work, directory, plan, envelope, progress)

        made = self._binding.run(job)
        if not isinstance(plan, Plan):
            # What was loaded is in force outside of a unit of work as well.
            self._binding.run(lambda work: None)
        return made
