"""Commands that reckon: a deadline from its term, day by day."""

from __future__ import annotations

from datetime import datetime

import click

from duban_flow.cli.call import Call
from duban_flow.cli.options import INSTANT, DubanCommand, json_option
from duban_flow.cli.screen import say, show_json
from duban_flow.domain.terms import parse_term


@click.command(cls=DubanCommand)
@click.argument("term")
@click.option(
    "--from",
    "start",
    type=INSTANT,
    help="When it begins 起算, as 2026-06-03T15:00. [default: now]",
)
@click.option("--calendar", "named", default="", help="By which calendar 工作日历.")
@json_option
@click.pass_obj
def deadline(call: Call, term: str, start: datetime | None, *, named: str) -> None:
    """Reckon when a TERM ends 计算时限, and say why, day by day.

    TERM is written as in a ledger: 20个工作日, 60日, 3个月, 2026-09-01.

    With --json its certificate is given, which can be verified years later.
    """
    calendar = call.calendar(named)
    begun = call.now if start is None else call.placed(start)
    read = parse_term(term, zone=calendar.tz, year=calendar.date_of(begun).year)
    found = read.deadline(begun, calendar)
    if call.as_json:
        show_json(
            {
                "term": read,
                "at": found.at,
                "earliest": found.earliest,
                "latest": found.latest,
                "provisional": found.provisional,
                "explain": found.explain(call.lang),
                "certificate": found.certificate,
            }
        )
        return
    for line in found.explain(call.lang):
        say(line)
