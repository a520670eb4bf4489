"""The command that says what may still be done: recourse."""

from __future__ import annotations

import click

from duban_flow.cli.call import Call
from duban_flow.cli.options import DubanCommand, json_option
from duban_flow.cli.screen import say, show_json
from duban_flow.domain.codec import unstructure


@click.command(cls=DubanCommand)
@click.argument("code")
@json_option
@click.pass_obj
def recourse(call: Call, code: str) -> None:
    """Say which lawful step stops what is ahead of an item 救济途径, until when."""
    several = call.desk().recourse(code, call.lang)
    if call.as_json:
        told = [
            {
                "action": one.action,
                "by": list(one.by),
                "until": unstructure(one.until),
                "allowed": one.allowed,
                "reasons": [reason.to_dict(call.lang) for reason in one.reasons],
                "outside": one.outside,
                "sanction": one.sanction,
                "reach": unstructure(one.reach),
                "stops": [
                    {
                        "rung": stop.rung,
                        "kind": stop.kind,
                        "does": stop.does,
                        "unit": stop.unit,
                        "at": unstructure(stop.at),
                        "sure": stop.sure,
                    }
                    for stop in one.stops
                ],
                "lines": list(one.lines),
            }
            for one in several
        ]
        show_json({"code": code, "recourse": told})
        return
    for one in several:
        for line in one.lines:
            text = line.lstrip(" ").removeprefix("- ")
            say(text, indent=line[: len(line) - len(text)])
    if not several:
        nothing = "没有需要阻止的事项。", "Nothing is ahead that a step would stop."
        say(call.say(*nothing))
