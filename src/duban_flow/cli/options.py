"""Options: those that every command takes, and how instants and days are typed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final, TypeVar

import click

from duban_flow.cli.call import current
from duban_flow.cli.config import LANGS

F = TypeVar("F", bound=Callable[..., Any])


class Instant(click.ParamType):  # type: ignore[type-arg]  # older click has no []
    """An instant in ISO 8601; without a zone it is on the office's clocks."""

    name = "instant"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        """Read a date with a time of day."""
        if isinstance(value, datetime):
            return value
        try:
            found = datetime.fromisoformat(str(value))
        except ValueError:
            told = f"“{value}”不是存在的时刻：写法如2026-06-01T09:00。"
            en = f"{value!r} is no instant that there is: such as 2026-06-01T09:00."
            self.fail(_spoken(ctx, told, en), param, ctx)
        if len(str(value)) <= len("2026-06-01"):
            told = f"“{value}”只有日期：请写明几点几分，如{value}T09:00。"
            en = f"{value!r} is a day: say the time too, as {value}T09:00."
            self.fail(_spoken(ctx, told, en), param, ctx)
        return found


def _spoken(ctx: click.Context | None, zh: str, en: str) -> str:
    """Choose the language of the call, where there is one by now."""
    return en if ctx is None else current(ctx).say(zh, en)


class Moment(click.ParamType):  # type: ignore[type-arg]  # older click has no []
    """A day, which means its 24:00, or an instant."""

    name = "date"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> date | datetime:
        """Read a day, or a day with a time."""
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            pass
        try:
            return datetime.fromisoformat(str(value))
        except ValueError:
            told = (
                f"“{value}”不是日期，也不是时刻：写法如2026-06-01、2026-06-01T09:00，"
            )
            told += "而且要有这一天。"
            en = f"{value!r} is no day or instant that there is: such as 2026-06-01, "
            en += "2026-06-01T09:00."
            self.fail(_spoken(ctx, told, en), param, ctx)


INSTANT: Final = Instant()
MOMENT: Final = Moment()


class Everywhere(click.Option):
    """An option that may stand before the command or after it."""


def _keep(name: str) -> Callable[[click.Context, click.Parameter, Any], None]:
    def keep(ctx: click.Context, _: click.Parameter, value: Any) -> None:
        if value is not None:
            setattr(current(ctx), name, value)

    return keep


def everywhere(*, root: bool = False) -> list[click.Parameter]:
    """Make the options of every command; the root alone asks the environment.

    They take effect before a command's own, so that those may rely on them.
    """
    told: list[tuple[str, str, str, Any, str]] = [
        ("--office", "named", "MODULE:ATTRIBUTE", str, "The office of a host program."),
        ("--config", "path", "FILE", click.Path(path_type=Path), "Configuration file."),
        ("--by", "by", "UNIT", str, "Who acts 办理单位: a unit, or person@unit."),
        ("--now", "at", "INSTANT", INSTANT, "The time, as 2026-06-01T09:00."),
        ("--lang", "tongue", "zh|en", click.Choice(LANGS), "Language of the screen."),
    ]
    ends = {
        "--config": " [default: ./duban.toml]",
        "--now": " [default: the clock]",
        "--lang": " [default: the office's]",
    }
    return [
        Everywhere(
            [flag],
            type=kind,
            metavar=metavar,
            help=text + ends.get(flag, ""),
            expose_value=False,
            is_eager=True,
            callback=_keep(name),
            envvar=f"DUBAN_{flag[2:].upper()}" if root and flag != "--now" else None,
        )
        for flag, name, metavar, kind, text in told
    ]


class DubanCommand(click.Command):
    """A command that takes the options of every command after its own."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.params += everywhere()

    def format_options(
        self, ctx: click.Context, formatter: click.HelpFormatter
    ) -> None:
        """Show a command's own options first."""
        parted_options(self, ctx, formatter)


class DubanGroup(click.Group):
    """A group whose commands take the options of every command."""

    command_class = DubanCommand
    group_class: type[click.Group | type] | None = type

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.params += everywhere()

    def format_options(
        self, ctx: click.Context, formatter: click.HelpFormatter
    ) -> None:
        """Show a group's own options first, then its commands."""
        parted_options(self, ctx, formatter)
        self.format_commands(ctx, formatter)


def parted_options(
    command: click.Command, ctx: click.Context, formatter: click.HelpFormatter
) -> None:
    """Write a command's own options, then those of every command."""
    own: list[tuple[str, str]] = []
    common: list[tuple[str, str]] = []
    options = (p for p in command.get_params(ctx) if isinstance(p, click.Option))
    for param in options:
        record = param.get_help_record(ctx)
        if record is not None:
            (common if isinstance(param, Everywhere) else own).append(record)
    for title, records in (("Options", own), ("Options of every command", common)):
        if records:
            with formatter.section(title):
                formatter.write_dl(records)


def json_option(command: F) -> F:
    """Let a command print JSON instead of words."""

    def keep(ctx: click.Context, _: click.Parameter, value: bool) -> None:
        if value:
            current(ctx).as_json = True

    return click.option(
        "--json",
        is_flag=True,
        expose_value=False,
        is_eager=True,
        callback=keep,
        help="Print JSON, with the same keys each time.",
    )(command)
