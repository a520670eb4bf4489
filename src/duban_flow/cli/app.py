"""``duban``: the group that all commands hang on, and how errors leave it."""

from __future__ import annotations

import codecs
import sys
from collections.abc import Sequence
from io import TextIOWrapper
from typing import Any, TextIO

import click

from duban_flow.cli import (
    auditing,
    calendars,
    circulars,
    database,
    deadlines,
    importing,
    listing,
    migrating,
    reading,
    recourse,
    rules,
    sanctions,
    spending,
    starting,
    timing,
    working,
)
from duban_flow.cli.call import current
from duban_flow.cli.options import DubanGroup, everywhere
from duban_flow.cli.screen import show_json, warn
from duban_flow.errors import DubanError


class Root(DubanGroup):
    """The whole of ``duban``: an error is told as its reasons, never as a traceback."""

    group_class = DubanGroup

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = {param.name for param in everywhere()}
        kept = [param for param in self.params if param.name not in own]
        self.params = [*kept, *everywhere(root=True)]

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Show the commands in the order in which a newcomer meets them."""
        return list(self.commands)

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; what it cannot do is told in the language of the call."""
        try:
            return super().invoke(ctx)
        except DubanError as error:
            call = current(ctx)
            if call.as_json:
                show_json({"error": error.to_dict(call.lang)})
            else:
                for reason in error.reasons:
                    warn(reason.text(call.lang))
            ctx.exit(1)


EPILOG = """\b
Exit codes 退出码: 0 done, 1 error, 2 usage, 3 stopped for a person,
4 run again, 5 dead or unknown messages.

In the environment: DUBAN_OFFICE, DUBAN_CONFIG, DUBAN_BY, DUBAN_LANG."""


@click.group(cls=Root, epilog=EPILOG)
@click.version_option(package_name="duban-flow", prog_name="duban")
@click.pass_context
def duban(ctx: click.Context) -> None:
    """Supervision matters 督查督办: their deadlines, and why each stands so.

    `duban init` writes a folder to begin with.
    """
    current(ctx)


rules.policy.add_command(migrating.migrate)
for _command in (
    starting.init,
    importing.import_ledger,
    listing.list_items,
    listing.mine,
    reading.show,
    reading.explain,
    recourse.recourse,
    reading.history,
    spending.time,
    listing.as_of,
    timing.suspend,
    timing.resume,
    timing.annul,
    timing.chase,
    timing.extension,
    working.sweep,
    working.deliver,
    working.run,
    auditing.audit,
    sanctions.sanctions,
    sanctions.approve,
    sanctions.reject,
    sanctions.issue,
    sanctions.revoke,
    circulars.circular,
    deadlines.deadline,
    deadlines.terms,
    calendars.calendar,
    rules.policy,
    rules.diagram,
    rules.plugins,
    database.db,
):
    duban.add_command(_command)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run ``duban``, and leave with its exit code."""
    for stream in (sys.stdout, sys.stderr):
        _prepare(stream)
    duban.main(None if arguments is None else list(arguments), prog_name="duban")


def _prepare(stream: TextIO) -> None:
    """Let a screen that cannot say a character spell it out, and none be ASCII.

    Hardly any screen is; a machine that was told nothing says so.
    """
    if isinstance(stream, TextIOWrapper):
        ascii_only = codecs.lookup(stream.encoding).name == "ascii"
        encoding = "utf-8" if ascii_only else stream.encoding
        stream.reconfigure(encoding=encoding, errors="backslashreplace")
