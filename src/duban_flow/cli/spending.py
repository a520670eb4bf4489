"""The command that tells where a matter's time went: ``duban time``."""

from __future__ import annotations

from datetime import date, datetime

import click

from duban_flow.cli.call import Call
from duban_flow.cli.options import MOMENT, DubanCommand, json_option
from duban_flow.cli.screen import Column, say, show_json, show_table
from duban_flow.cli.words import short
from duban_flow.domain.time_spent import side_text, why_text, worked_text


@click.command("time", cls=DubanCommand)
@click.argument("code")
@click.option("--as-of", "moment", type=MOMENT, help="As things stood then 截至.")
@json_option
@click.pass_obj
def time(call: Call, code: str, moment: date | datetime | None) -> None:
    """Say who had an item in hand, and how long 用时台账.

    Every working minute is charged to one party, and they add up to the whole.
    """
    found = call.reads(moment).time_spent(code)
    if call.as_json:
        show_json({**found.to_dict(), "by_party": found.by_party})
        return
    head, *_ = found.explain(call.lang)
    say(head)
    say()
    show_table(
        [
            Column(call.say("起", "from"), stiff=True),
            Column(call.say("止", "to"), stiff=True),
            Column(call.say("由谁", "with whom")),
            Column(call.say("事由", "why")),
            Column(call.say("轮次", "round"), stiff=True, right=True),
            Column(call.say("工作时间", "worked"), stiff=True, right=True),
        ],
        [
            [
                short(one.since, call.zone),
                short(one.until, call.zone),
                side_text(one.side, one.name, call.lang),
                why_text(one.why, call.lang),
                str(one.round),
                worked_text(one.worked, call.lang),
            ]
            for one in found.entries
        ],
    )
    say()
    for one in found.by_party:
        say(one.told(found.worked, call.lang))
