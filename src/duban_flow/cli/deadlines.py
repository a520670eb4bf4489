"""Commands that reckon: a deadline from its term, day by day; statutory terms."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from duban_flow.cli.call import Call
from duban_flow.cli.options import INSTANT, DubanCommand, json_option
from duban_flow.cli.screen import Column, say, show_json, show_table
from duban_flow.domain.time.calendar import WorkCalendar
from duban_flow.domain.time.statutory import (
    StatutoryTerm,
    Terms,
    known_term,
    perhaps_meant,
)
from duban_flow.domain.time.term import Term
from duban_flow.domain.time.terms import parse_term
from duban_flow.domain.written import Unreadable
from duban_flow.formats.terms_toml import load_terms

FILE = click.option(
    "--terms",
    "path",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Terms of one's own 本地时限, laid over the statutory.",
)


@click.command(cls=DubanCommand)
@click.argument("term")
@click.option(
    "--from",
    "start",
    type=INSTANT,
    help="When it begins 起算, as 2026-06-03T15:00. [default: now]",
)
@click.option("--calendar", "named", default="", help="By which calendar 工作日历.")
@FILE
@json_option
@click.pass_obj
def deadline(
    call: Call, term: str, start: datetime | None, *, named: str, path: Path | None
) -> None:
    """Reckon when a TERM ends 计算时限, and say why, day by day.

    TERM is written as in a ledger: 20个工作日, 60日, 3个月, 2026-09-01.

    Or it is a statutory term, by its key or its name: see `duban terms`.

    With --json its certificate is given, which can be verified years later.
    """
    calendar = call.calendar(named)
    begun = call.now if start is None else _placed(start, calendar)
    known = _terms(call, path)
    law = known_term(known, term)
    read = _read(known, term, begun, calendar) if law is None else law.term
    found = read.deadline(begun, calendar)
    if call.as_json:
        show_json(
            {
                "term": read,
                "rule": None if law is None else law.cited,
                "at": found.at,
                "earliest": found.earliest,
                "latest": found.latest,
                "provisional": found.provisional,
                "explain": found.explain(call.lang),
                "certificate": found.certificate,
            }
        )
        return
    if law is not None:
        say(_headed(call, law))
    for line in found.explain(call.lang):
        say(line)


def _placed(start: datetime, calendar: WorkCalendar) -> datetime:
    """Read what was typed without a zone on the clocks of the calendar it goes by."""
    return start if start.tzinfo is not None else start.replace(tzinfo=calendar.tz)


def _read(known: Terms, term: str, begun: datetime, calendar: WorkCalendar) -> Term:
    try:
        return parse_term(term, zone=calendar.tz, year=calendar.date_of(begun).year)
    except Unreadable as fault:
        raise perhaps_meant(known, term, fault) from fault


def _terms(call: Call, path: Path | None) -> Terms:
    return call.words().settings.terms if path is None else load_terms(path)


def _headed(call: Call, law: StatutoryTerm) -> str:
    if call.lang == "zh":
        return f"{law}。"
    return f"{law.name_en or law.name}: {law.describe('en')} ({law.cited})."


@click.command(cls=DubanCommand)
@click.argument("words", nargs=-1)
@FILE
@json_option
@click.pass_obj
def terms(call: Call, words: tuple[str, ...], path: Path | None) -> None:
    """List statutory terms 法定时限, each with its source.

    With WORDS, those whose key, name or source holds all of them.
    """
    found = [
        one
        for one in _terms(call, path).values()
        if all(word in " ".join(_said(one)) for word in words)
    ]
    if call.as_json:
        show_json({"terms": found})
        return
    if not found:
        say(call.say("没有这样的时限。", "No such terms."))
        return
    zh = call.lang == "zh"
    show_table(
        [
            Column(call.say("键", "key"), stiff=True),
            Column(call.say("时限", "term")),
            Column(call.say("名称", "name")),
            Column(call.say("依据", "source")),
        ],
        [
            [
                one.key,
                one.describe(call.lang),
                one.name if zh else one.name_en or one.name,
                one.cited,
            ]
            for one in found
        ],
    )


def _said(one: StatutoryTerm) -> tuple[str, ...]:
    return one.key, one.name, one.name_en, one.cited
