"""Plans 计划, as they hang on a desk: first what would happen, then all of it at once.

A ledger, a calendar and a notice take the same way: planning writes nothing and names
every problem; applying is all or nothing, and a stale plan is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import overload

from duban_flow.domain.calendar import WorkCalendar
from duban_flow.domain.ledger import Ledger
from duban_flow.domain.notice import Notice
from duban_flow.domain.rights import sees_all
from duban_flow.engine.binding import Binding, outsider
from duban_flow.engine.calendar_plan import CalendarPlan, make_calendar_plan
from duban_flow.engine.envelope import Envelope
from duban_flow.engine.planning import Applied, Plan, apply_plan, make_plan
from duban_flow.engine.ports import Progress, Work
from duban_flow.engine.recalendaring import apply_calendar_plan


class Plans:
    """Planning and applying, for whoever is bound to an actor and an instant."""

    _binding: Binding

    @overload
    def plan(
        self, source: WorkCalendar | Notice, *, progress: Progress | None = None
    ) -> CalendarPlan: ...

    @overload
    def plan(
        self,
        source: Ledger | bytes | str | Path,
        *,
        columns: Mapping[str, str] | None = None,
        year: int | None = None,
        progress: Progress | None = None,
    ) -> Plan: ...

    def plan(
        self,
        source: WorkCalendar | Notice | Ledger | bytes | str | Path,
        *,
        columns: Mapping[str, str] | None = None,
        year: int | None = None,
        progress: Progress | None = None,
    ) -> CalendarPlan | Plan:
        """Say what a ledger, a calendar or a notice would do; writes nothing.

        A ledger (导入计划) is a path, the text itself, or a Ledger; ``columns`` maps
        the host's own headings, ``year`` stands in for dates that have none. Of a
        calendar, or of a notice that makes the next edition of one (日历计划), it
        lists which items move, from when to when, and what rests on the old dates.
        Every problem is named at once.

        Raises:
            Forbidden: a calendar's plan shows matters of all units, and only units of
                oversight see those.
        """
        if isinstance(source, WorkCalendar | Notice):
            return self._plan_calendar(source, progress)
        return self._plan_ledger(source, columns, year, progress)

    def _plan_calendar(
        self, source: WorkCalendar | Notice, progress: Progress | None
    ) -> CalendarPlan:
        binding = self._binding

        def job(work: Work) -> CalendarPlan:
            directory = work.directory()
            actor = directory.meant(binding.actor)
            if directory.units and not sees_all(actor, directory):
                raise outsider(actor, "plan calendars")
            return make_calendar_plan(
                binding.settings, work, source, binding.now, progress
            )

        return binding.run(job)

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
        self, plan: Plan | CalendarPlan, *, progress: Progress | None = None
    ) -> Applied:
        """Write a plan, all of it or nothing; again it is nothing.

        Raises:
            Invalid: the plan has problems.
            Forbidden: it tells of other units' acts, or is a calendar's, and only
                supervising units and deciding bodies may.
            Conflict: what it found has changed since.
        """
        settings = self._binding.settings

        def job(work: Work) -> Applied:
            directory = work.directory()
            envelope = Envelope(
                actor=directory.meant(self._binding.actor), now=self._binding.now
            )
            if isinstance(plan, CalendarPlan):
                return apply_calendar_plan(
                    settings, work, directory, plan, envelope, progress
                )
            return apply_plan(settings, work, directory, plan, envelope, progress)

        return self._binding.run(job)
