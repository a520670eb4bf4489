"""Cases to ask: an item of October with the facts a test gives it."""

from datetime import UTC, date, datetime

from attrs import evolve

from duban_flow.domain.case import Case, Entry, Facts, Round
from duban_flow.domain.instants import TICK, Span
from duban_flow.domain.items import Closing, Item
from duban_flow.domain.policies.grammar import parse_condition
from duban_flow.domain.policies.vocabulary import (
    STANDARD,
    ground,
)
from duban_flow.domain.time.calendar import WorkCalendar
from duban_flow.domain.time.term import Term

CALENDAR = WorkCalendar.china()


def at(text):
    """Read an instant of the calendar's zone; without a clock, nine in the morning."""
    said = text if "T" in text else f"{text}T09:00"
    return datetime.fromisoformat(f"{said}+08:00").astimezone(UTC)


def item(**fields):
    """Make an item given out in October and due on 30 November."""
    return Item(
        **{
            "id": "i",
            "code": "A-1",
            "title": "环境整治",
            "state": "in_progress",
            "version": 1,
            "assigned_at": at("2009-10-09"),
            "entered_at": at("2009-10-09"),
            "due": Term.until(date(2009, 11, 30)).deadline(at("2009-10-09"), CALENDAR),
            **fields,
        }
    )


def case(now="2009-12-25", facts=None, made=None, **fields):
    """Make a case of an item, with facts by name."""
    return Case(
        item=made or item(),
        at=at(now) if isinstance(now, str) else now,
        calendar=CALENDAR,
        facts=Facts(**(facts or {})),
        **fields,
    )


def answer(said, asked_of, unit="城投公司"):
    """Ask a case one condition, and give whether it holds and what was found."""
    made = ground(parse_condition(said, STANDARD), asked_of, unit, STANDARD)
    return made.holds, made.found


def ended(when, action="close"):
    """Make an item that was closed then."""
    made = item()
    return evolve(made, state="closed", closing=Closing.of(action, when, made.due))


MID_DECEMBER = Span(at("2009-12-11T00:00"), at("2009-12-21T00:00") - TICK, "12月中旬")


def evaluated(*rounds, subject="环境整治", **fields):
    """Make a case with rounds given as (ordinal, rank, score, mean)."""
    made = tuple(
        Round(
            ordinal=ordinal,
            on=date(2009, 10, ordinal),
            entries=(Entry(subject, rank=rank, score=score),),
            mean=mean,
            cohort=6,
            effective_at=at("2009-11-01"),
        )
        for ordinal, rank, score, mean in rounds
    )
    return case(facts={"rounds": made}, made=item(due=None), **fields)
