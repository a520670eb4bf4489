"""One call of the command line 一次调用: who, when, where, and in which language.

The only place that reads the clock and the environment.
"""

from __future__ import annotations

import os
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import click
from attrs import define, field

from duban_flow.cli import opening
from duban_flow.cli.config import NAME, Config, load_config
from duban_flow.domain.time.calendar import WorkCalendar
from duban_flow.domain.units import Actor, Directory
from duban_flow.domain.workflow import Workflow
from duban_flow.engine.desk import Desk
from duban_flow.engine.reading import Reads
from duban_flow.office import Office

SPEAKING: Final = ("LC_ALL", "LC_MESSAGES", "LANG")


@define(kw_only=True)
class Call:
    """What a call was told, and what it opens when it is first needed."""

    named: str = ""
    path: Path | None = None
    by: str = ""
    at: datetime | None = None
    tongue: str = ""
    as_json: bool = False
    _config: Config | None = field(default=None, init=False)
    _office: Office | None = field(default=None, init=False)
    _names: dict[str, str] | None = field(default=None, init=False)

    @property
    def lang(self) -> str:
        """The language of the screen: told, configured, or that of the machine."""
        if self.tongue:
            return self.tongue
        if self._config is not None and self._config.lang:
            return self._config.lang
        told = next(filter(None, map(os.environ.get, SPEAKING)), "C")
        return "zh" if told.startswith(("zh", "C", "POSIX")) else "en"

    def say(self, zh: str, en: str) -> str:
        """Choose between the two languages."""
        return zh if self.lang == "zh" else en

    @property
    def config(self) -> Config | None:
        """The configuration that was named, or that lies here, if there is one."""
        if self._config is None and not self.named:
            path = self.path or Path(NAME)
            if self.path is not None or path.exists():
                self._config = load_config(path)
        return self._config

    def opened(self, *, create: bool = False) -> Office:
        """Open the office once; it is closed when the call ends.

        Raises:
            UsageError: nothing says which office is meant.
        """
        if self._office is None:
            self._office = self._open(create=create)
            click.get_current_context().call_on_close(self._office.close)
        return self._office

    def _open(self, *, create: bool) -> Office:
        if self.named:
            if self.path is not None:
                raise click.UsageError("--office and --config exclude each other.")
            return opening.named(self.named)
        config = self.config
        if config is None:
            raise click.UsageError(
                self.say(
                    f"当前目录没有{NAME}：请先运行 duban init，"
                    "或用 --config、--office 指明。",
                    f"There is no {NAME} here: run `duban init`, "
                    "or name an office by --config or --office.",
                )
            )
        # A program reads what is printed; the console channel then talks beside it.
        screen = sys.stderr if self.as_json else sys.stdout
        return opening.configured(config, screen, create=create)

    def words(self) -> Office:
        """Give an office for its words; without --office no database is opened."""
        if self.named:
            return self.opened()
        return opening.bare(self.config)

    def calendar(self, name: str = "") -> WorkCalendar:
        """Give a calendar of the office; where there is none, one that is built in."""
        known = bool(self.named) or self.config is not None
        office = self.opened() if known else self.words()
        return office.settings.calendar(name)

    @property
    def now(self) -> datetime:
        """The instant of the call: told, or the machine's clock."""
        if self.at is None:
            return datetime.now(UTC)
        return self.placed(self.at)

    def placed(self, moment: datetime) -> datetime:
        """Give an instant that was typed without a zone the office's own."""
        if moment.tzinfo is not None:
            return moment.astimezone(UTC)
        return moment.replace(tzinfo=self.zone).astimezone(UTC)

    @property
    def zone(self) -> ZoneInfo:
        """The zone of the office's first calendar; China's, where none is open."""
        if self._office is None:
            return WorkCalendar.china().tz
        return self._office.settings.calendar().tz

    @property
    def actor(self) -> Actor:
        """Who acts: told, or configured.

        Raises:
            UsageError: nobody is named.
        """
        config = self.config
        told = self.by or (config.by if config is not None else "")
        if not told:
            raise click.UsageError(
                self.say(
                    f"请用 --by 指明办理单位，或在{NAME}中写 by。",
                    f"Say who acts: --by UNIT, or `by` in {NAME}.",
                )
            )
        person, at, unit = told.rpartition("@")
        return Actor(person, unit=unit) if at and person else Actor.of(told)

    def desk(self) -> Desk:
        """Give the desk of whoever acts, at the instant of the call."""
        office = self.opened()
        return office.desk(self.actor, now=self.now)

    def reads(self, at: date | datetime | None) -> Reads:
        """Give a reader of things as they stand, or as they stood at a date."""
        desk = self.desk()
        if at is None:
            return desk
        return desk.as_of(self.placed(at) if isinstance(at, datetime) else at)

    def directory(self) -> Directory:
        """Read the units that are registered."""
        office = self.opened()
        with office.storage.begin(office.settings.tenant) as work:
            return work.directory()

    def name(self, unit: str | None) -> str:
        """Name a unit; its code stands for it where it is not registered."""
        if self._names is None:
            units = self.directory().units.values()
            self._names = {one.code: one.name for one in units}
        return self._names.get(unit or "", unit or "")

    def workflow(self, name: str) -> type[Workflow]:
        """Find the workflow of an item."""
        return self.opened().settings.workflow(name)


def current(context: click.Context) -> Call:
    """Give the call that a context belongs to."""
    call: Any = context.ensure_object(Call)
    assert isinstance(call, Call)  # noqa: S101  # ours: nobody else sets the object
    return call
