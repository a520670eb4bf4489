"""The command that holds the store against the facts: audit."""

from __future__ import annotations

import click
from attrs import asdict

from duban_flow.cli.options import DubanCommand, json_option
from duban_flow.cli.screen import say, show_json, watching
from duban_flow.cli.words import short


@click.command(cls=DubanCommand)
@json_option
@click.pass_context
def audit(ctx: click.Context) -> None:
    """Prove that no item is forgotten 核验; it only reads.

    Every instant, deadline and certificate is worked out again and held against what
    is stored. Exit 3 where something differs.
    """
    call = ctx.obj
    office = call.opened()
    with watching(call.lang) as progress:
        found = office.audit(now=call.now, progress=progress)
    if call.as_json:
        show_json({**asdict(found), "exit_code": found.exit_code})
    else:
        head, *faults = found.text(call.lang).split("\n")
        say(f"{short(found.at, call.zone)} {head}")
        for line in faults:
            say(line, style="red", indent="  ! ")
    ctx.exit(found.exit_code)
