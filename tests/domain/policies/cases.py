"""Small hand-made cases and policies for the tests of judgement.

Times are those of Beijing; `at("2009-12-25 09:00")` is an instant.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from attrs import evolve

from duban_flow.domain.case import (
    Case,
    Entry,
    Facts,
    Finding,
    Justification,
    Round,
)
from duban_flow.domain.instants import Span, When, latest
from duban_flow.domain.items import Closing, Item
from duban_flow.domain.policies.grammar import (
    parse_condition,
    parse_offset,
    parse_recipient,
    parse_time,
)
from duban_flow.domain.policies.model import Kind, Policy, Rung, SittingDay
from duban_flow.domain.policies.vocabulary import STANDARD
from duban_flow.domain.sanctions import Citation, Sanction, Stage
from duban_flow.domain.time.calendar import WorkCalendar
from duban_flow.domain.time.term import Deadline, Term
from duban_flow.domain.units import Role

CHINA = WorkCalendar.china()

PROMPT = Kind(key="prompt", name="行政效能提示", level=1, moves="prompt")
WARN = Kind(key="warn", name="行政效能告诫", level=2, moves="warn")


def at(text: str) -> datetime:
    """Read an instant on the clocks of Beijing; a bare date is its 17:30."""
    moment = text if ":" in text else f"{text} 17:30"
    return datetime.fromisoformat(f"{moment}+08:00").astimezone(UTC)


def span(first: str, last: str) -> Span:
    """Make a range between two instants."""
    return Span(at(first), at(last))


def due(when: str | Span) -> Deadline:
    """Make a deadline at an instant, or within a range."""
    moment = when if isinstance(when, Span) else at(when)
    return Term.until(moment).deadline(at("2009-06-01 09:00"), CHINA)


def item(code: str = "A-1", **fields: Any) -> Item:
    """Make an item assigned on 1 June 2009, in the hands of one unit."""
    ends = fields.pop("due", None)
    closed: When | str | None = fields.pop("closed", None)
    made = Item(
        **{
            "id": f"id-{code}",
            "code": code,
            "title": f"事项{code}",
            "state": "in_progress",
            "version": 1,
            "assigned_at": at("2009-06-01 09:00"),
            "entered_at": at("2009-06-01 09:00"),
            "parties": {Role.RESPONSIBLE: "五花办"},
            "due": None if ends is None else due(ends),
            **fields,
        }
    )
    if closed is None:
        return made
    when = at(closed) if isinstance(closed, str) else closed
    action = fields.get("ended_by", "close")
    return evolve(made, state="closed", closing=Closing.of(action, when, made.due))


def case(now: str, one: Item, **fields: Any) -> Case:
    """Make a case as of an instant."""
    return Case(item=one, at=at(now), calendar=CHINA, **fields)


def rung(key: str, ripens: str, action: str = "urge", **fields: Any) -> Rung:
    """Make a rung as a policy file writes it."""
    texts = {name: fields.pop(name, ()) for name in ("where", "when", "notify", "on")}
    every = fields.pop("every", None)
    return Rung(
        key=key,
        at=parse_time(ripens),
        action=action,
        every=None if every is None else parse_offset(every),
        where=tuple(parse_condition(t, STANDARD) for t in texts["where"]),
        when=tuple(parse_condition(t, STANDARD) for t in texts["when"]),
        notify=tuple(parse_recipient(t) for t in texts["notify"]),
        on=tuple(Role(t) for t in texts["on"]),
        **fields,
    )


def policy(*rungs: Rung, **fields: Any) -> Policy:
    """Make a policy whose panel sits on 25 December 2009, unless it says otherwise."""
    kinds: Sequence[Kind] = fields.pop("kinds", (PROMPT, WARN))
    sitting = fields.pop("sitting", "quarter end - 4 workdays")
    flags = fields.pop("account_for", ())
    return Policy(
        name="test",
        version="1",
        kinds={kind.key: kind for kind in kinds},
        rung=rungs,
        sitting=None if sitting is None else parse_time(sitting),
        account_for=tuple(parse_condition(text, STANDARD) for text in flags),
        **fields,
    )


def sits(opened: str = "2009-12-25 09:00", judged: str | None = None) -> SittingDay:
    """Make a sitting, judged when it opens unless said otherwise."""
    return SittingDay(opened_at=at(opened), judged_at=at(judged or opened))


def act(
    one: Item, kind: str = "prompt", issued: str = "2009-10-20 10:00", **fields: Any
) -> Sanction:
    """Make an act that cites an item and has been issued."""
    made = at(issued)
    return Sanction(
        **{
            "id": f"act-{issued}",
            "version": 1,
            "kind": kind,
            "kind_name": kind,
            "unit": "五花办",
            "role": Role.RESPONSIBLE,
            "citations": (Citation(item=one.id, rung="other", cycle="due:1"),),
            "policy": "test@1",
            "stage": Stage.ISSUED,
            "proposed_at": made,
            "issued_at": made,
            **fields,
        }
    )


def scored(ordinal: int, on: str, score: str, mean: str, subject: str) -> Round:
    """Make a round that gives a score and the mean."""
    entry = Entry(subject, score=score)
    return Round(
        ordinal=ordinal,
        on=at(on).date(),
        entries=(entry,),
        mean=mean,
        effective_at=at(on),
    )


def ranked(ordinal: int, on: str, rank: int, cohort: int, subject: str) -> Round:
    """Make a round that gives a rank in a cohort."""
    entry = Entry(subject, rank=rank)
    return Round(
        ordinal=ordinal,
        on=at(on).date(),
        entries=(entry,),
        cohort=cohort,
        effective_at=at(on),
    )


def found(seq: int, on: str, unit: str | None = None, text: str = "脱岗") -> Finding:
    """Make a finding."""
    return Finding(on=at(on).date(), text=text, unit=unit, effective_at=at(on), seq=seq)


def excuse(unit: str | None, status: str, reason: str = "网络维护") -> Justification:
    """Make a reason given by a unit, decided by the panel's office."""
    return Justification(
        unit=unit,
        reason=reason,
        given_by=unit or "督查室",
        status=status,  # type: ignore[arg-type]  # the tests name real ones
        decided_by="" if status == "given" else "督查室",
        effective_at=at("2009-12-01"),
    )


def facts(**fields: Any) -> Facts:
    """Gather facts."""
    return Facts(**{name: tuple(several) for name, several in fields.items()})


def told(when: When) -> str:
    """Say an instant as the tests write it."""
    return CHINA.local(latest(when)).strftime("%Y-%m-%d %H:%M")
