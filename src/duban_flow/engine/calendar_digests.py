"""Who is told that dates came out otherwise 告知: one digest to each unit, no more.

The digests hang on the office's own log of the load. What should not have been
proposed is put before the bodies that agreed to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from attrs import evolve

from duban_flow.domain.codec import unstructure
from duban_flow.domain.events import Notice, Subject, SubjectKind
from duban_flow.domain.ids import uuid7
from duban_flow.domain.items import Item
from duban_flow.domain.sanctions import Revocation, Sanction
from duban_flow.domain.time.calendar import Edition
from duban_flow.domain.time.term import Deadline
from duban_flow.domain.units import Directory, Role
from duban_flow.engine.calendar_plan import CalendarPlan, Move
from duban_flow.engine.draft import Draft
from duban_flow.engine.envelope import Envelope
from duban_flow.engine.ports import SanctionQuery, Work
from duban_flow.engine.sanctioning import sanction_event
from duban_flow.engine.settings import Settings

LOAD: Final = "load_calendar"
DIGEST: Final = "recalendar"
PROPOSE_REVOCATION: Final = "propose_revocation"
CONCERNED: Final = (Role.LEAD, Role.RESPONSIBLE, Role.ASSISTING, Role.SUPERVISING)
"""Who works by the date, or watches over it."""


def put_digests(
    draft: Draft,
    items: Mapping[str, Item],
    plan: CalendarPlan,
    edition: Edition,
    envelope: Envelope,
    settings: Settings,
) -> None:
    """Put the load into the office's log, with a digest to each unit concerned."""
    told: dict[str, list[dict[str, Any]]] = {}
    heard: dict[str, list[str]] = {}
    for notice in plan.notices:
        heard.setdefault(notice.subject, []).append(notice.unit)
    for move in (*plan.moves, *plan.firmed):
        whom = (*items[move.item].units(*CONCERNED), *heard.get(move.item, ()))
        lines = list(_lines(move))
        for unit in dict.fromkeys(whom) if lines else ():
            told.setdefault(unit, []).extend(lines)
    subject = Subject(
        SubjectKind.OFFICE, uuid7(envelope.now, settings.tenant, LOAD, plan.request)
    )
    loaded = {"calendar": unstructure(edition), **dict(plan.counts)}
    events = [envelope.event(subject, LOAD, loaded)]
    notices = []
    for place, (unit, lines) in enumerate(told.items(), 1):
        data = {"unit": unit, "calendar": unstructure(edition), "items": lines}
        events.append(envelope.event(subject, DIGEST, data))
        notices += [
            (place, Notice(unit=unit, channel=channel, template=DIGEST))
            for channel in settings.channels
        ]
    draft.subject(subject, 0, {}, events, notices)


def _lines(move: Move) -> Iterator[dict[str, Any]]:
    """Say what there is to tell of a move: the date itself, and limits of parties."""
    if move.dated and move.before is not None and move.after is not None:
        yield _line(move, move.before, move.after)
    for limit in move.limits:
        yield {**_line(move, limit.before, limit.after), "limit": limit.unit}


def _line(move: Move, before: Deadline, after: Deadline) -> dict[str, Any]:
    return {
        "code": move.code,
        "title": move.title,
        "before": unstructure(before.latest),
        "after": unstructure(after.latest),
        "provisional": after.provisional,
    }


def put_revocations(
    draft: Draft,
    work: Work,
    directory: Directory,
    plan: CalendarPlan,
    edition: Edition,
    envelope: Envelope,
    settings: Settings,
) -> None:
    """Propose to revoke what would not have been proposed by the right dates."""
    codes = {one.sanction: one.unfounded for one in plan.sanctions if one.unfounded}
    found = work.sanctions(SanctionQuery(ids=tuple(codes))) if codes else ()
    for sanction in found:
        cited = work.items(c.item for c in sanction.citations).values()
        proposed = Revocation(
            proposed_at=envelope.now,
            codes=codes[sanction.id],
            reason=f"{edition.name}@{edition.version}",
        )
        event = sanction_event(
            sanction,
            PROPOSE_REVOCATION,
            envelope,
            {"codes": list(proposed.codes), "reason": proposed.reason},
        )
        notices = [
            (0, Notice(unit=unit, channel=channel, template=PROPOSE_REVOCATION))
            for unit in _deciding(sanction, cited, directory)
            for channel in settings.channels
        ]
        made = evolve(sanction, version=sanction.version + 1, revocation=proposed)
        draft.sanction(made, sanction.version, [event], notices)


def _deciding(
    sanction: Sanction, cited: Iterable[Item], directory: Directory
) -> list[str]:
    """Say who looks at it again: who agreed, whose turn it is, else who watches."""
    bodies = [a.body for a in sanction.approvals]
    if not bodies and sanction.next_body is not None:
        bodies = [sanction.next_body]
    found = ((body, directory.find(body)) for body in bodies)
    units = [body if unit is None else unit.code for body, unit in found]
    watching = [u for item in cited for u in item.units(Role.SUPERVISING)]
    return list(dict.fromkeys(units or watching))
