"""From a configuration, or the name of an object, to an open office."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from duban_flow.channels.console import Console
from duban_flow.channels.jsonlines import JsonLines
from duban_flow.cli.config import Config
from duban_flow.domain.policies.model import Policy
from duban_flow.domain.policies.plain import PLAIN
from duban_flow.domain.time.calendar import WorkCalendar
from duban_flow.domain.time.statutory import Terms
from duban_flow.domain.units import Directory
from duban_flow.engine.ports import Channel
from duban_flow.errors import Invalid
from duban_flow.formats.calendar_toml import load_calendar
from duban_flow.formats.directory import load_directory
from duban_flow.formats.policy_toml import load_policy
from duban_flow.formats.terms_toml import load_terms
from duban_flow.office import Office


def configured(config: Config, screen: TextIO, *, create: bool = False) -> Office:
    """Open the office that a configuration describes.

    ``screen`` is where the console channel writes. ``create`` makes the schema where
    it is absent.

    Raises:
        Invalid: a policy, calendar, directory or terms with faults, a plugin that is
            not installed.
        SchemaMismatch: the database has no schema, or another one.
    """
    with bare(config).closing() as words:
        policies = [policy_of(path, words, config) for path in config.policies]
    channels = list(_channels(config, screen))
    terms, calendars = _terms(config), _calendars(config)
    if config.rehearsal:
        return Office.rehearsal(
            config.url,
            tenant=config.tenant,
            policies=policies or (PLAIN,),
            calendars=calendars,
            channels=channels,
            terms=terms,
            plugins=config.plugins,
            options=config.options,
            lang=config.lang or "zh",
        )
    return Office.open(
        config.url,
        tenant=config.tenant,
        policies=policies or (PLAIN,),
        calendars=calendars,
        channels=channels,
        terms=terms,
        plugins=config.plugins,
        options=config.options,
        lang=config.lang or "zh",
        create=create,
    )


def bare(config: Config | None) -> Office:
    """Give an office in memory that knows the same words: no database is touched."""
    if config is None:
        return Office.rehearsal(plugins="installed")
    return Office.rehearsal(
        calendars=_calendars(config),
        plugins=config.plugins,
        options=config.options,
        terms=_terms(config),
    )


def policy_of(path: Path, office: Office, config: Config | None) -> Policy:
    """Read a policy file with the words, actions and units that an office has."""
    settings = office.settings
    actions = {a for w in settings.workflows.values() for a in w.actions}
    return load_policy(
        path,
        vocabulary=settings.vocabulary,
        directory=directory_of(config),
        actions=sorted(actions),
    )


def directory_of(config: Config | None) -> Directory | None:
    """Read the file of units that a configuration names, if it names one."""
    if config is None or config.directory is None:
        return None
    return load_directory(config.directory)


def _terms(config: Config) -> Terms | None:
    return None if config.terms is None else load_terms(config.terms)


def _calendars(config: Config) -> list[WorkCalendar]:
    """Read the calendars of a configuration: whole ones, or laid over China's."""
    return [load_calendar(path) for path in config.calendars]


def _channels(config: Config, screen: TextIO) -> Iterator[Channel]:
    for name, options in config.channels.items():
        if name == "console":
            yield Console(screen, config.lang or "zh")
        else:
            yield JsonLines(options["path"])


def named(where: str) -> Office:
    """Import ``module:attribute``: an office, or a function that gives one.

    Modules are looked for in the current folder first.

    Raises:
        Invalid: there is no such module or attribute, or it is no office.
    """
    module, _, attribute = where.partition(":")
    if not module or not attribute:
        raise _no_office(where, "module:attribute was wanted", "应为 模块:属性")
    if "" not in sys.path:
        sys.path.insert(0, "")
    try:
        found = importlib.import_module(module)
    except ModuleNotFoundError as fault:
        # One that the module itself imports is a fault of its own.
        if fault.name is None or not f"{module}.".startswith(f"{fault.name}."):
            raise
        why = f"there is no module {fault.name!r}"
        raise _no_office(where, why, f"没有模块{fault.name}") from fault
    for name in attribute.split("."):
        if not hasattr(found, name):
            why = f"{module} has no {name!r}"
            raise _no_office(where, why, f"{module}中没有{name}")
        found = getattr(found, name)
    office = found() if callable(found) else found
    if not isinstance(office, Office):
        raise _no_office(where, f"it is {type(office).__name__}", "不是Office")
    return office


def _no_office(where: str, en: str, zh: str) -> Invalid:
    return Invalid(
        f"--office {where}: {en}.", zh=f"--office {where}：{zh}。", code="cli.office"
    )
