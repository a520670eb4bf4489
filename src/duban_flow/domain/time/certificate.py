"""Certificates of deadlines 计算凭证, reckoned again years and editions later.

It takes the calendar by the digest in the certificate and trusts nothing else in
it: the dates are worked out once more, with every stop and every date that was set, and
every part that differs is named.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from attrs import evolve, field, frozen

from duban_flow.domain.codec import digest, structure
from duban_flow.domain.instants import When
from duban_flow.domain.time.calendar import Edition, WorkCalendar
from duban_flow.domain.time.reckoning import reckon
from duban_flow.domain.time.term import SEMANTICS, Deadline, Fixed, Stop, Term
from duban_flow.errors import Invalid, Problem

_BASIS: Final = ("start", "term", "calendar")
_MOVED: Final = ("stops", "fixed")


def verify(
    certificate: Mapping[str, Any], calendars: Iterable[WorkCalendar]
) -> tuple[Problem, ...]:
    """Reckon a certificate again 复核计算; nothing found means that it holds.

    The calendar is taken by its digest, so it does not matter how many later
    editions there are.

    >>> from datetime import datetime
    >>> calendar = WorkCalendar.china()
    >>> start = datetime.fromisoformat("2009-09-25T10:00+08:00")
    >>> proof = Term.workdays(2).deadline(start, calendar).certificate
    >>> verify(proof, [calendar])
    ()
    >>> [problem.code for problem in verify({**proof, "at": "2009-09-30"}, [calendar])]
    ['certificate.digest', 'certificate.at']
    """
    return tuple(_certificate_faults(certificate, calendars))


def _certificate_faults(
    certificate: Mapping[str, Any], calendars: Iterable[WorkCalendar]
) -> Iterable[Problem]:
    body = {name: said for name, said in certificate.items() if name != "digest"}
    try:
        made = digest(body)
        moved = {name: body[name] for name in _MOVED if name in body}
        basis = structure({name: body.get(name) for name in _BASIS} | moved, _Basis)
    except (Invalid, TypeError, ValueError) as fault:
        yield _amiss("form", f"It does not read: {fault}", f"无法读取：{fault}")
        return
    if certificate.get("digest") != made:
        yield _amiss("digest", "Its digest is not that of its content.", "摘要不符")
    semantics = body.get("semantics")
    if type(semantics) is not int or not 1 <= semantics <= SEMANTICS:
        yield _amiss(
            "semantics", "Other rules of counting made it.", "计算规则版本不同"
        )
        return
    edition = basis.calendar
    by = {calendar.digest: calendar for calendar in calendars}
    if edition.digest not in by:
        yield _amiss(
            "calendar",
            f"Calendar {edition.name}@{edition.version} is not at hand.",
            f"缺少日历{edition.name}@{edition.version}",
        )
        return
    try:
        found = basis.reckoned(by[edition.digest])
    except Invalid as fault:
        yield _amiss("form", f"It cannot be reckoned: {fault}", f"无法计算：{fault}")
        return
    yield from _differences(evolve(found, semantics=semantics).certificate, body)


def _differences(
    again: Mapping[str, Any], body: Mapping[str, Any]
) -> Iterable[Problem]:
    """Name every part that is not what it comes to."""
    for name in sorted((again.keys() | body.keys()) - {"digest"}):
        if again.get(name) != body.get(name):
            yield _amiss(
                name,
                f"{name} is {body.get(name)!r}; reckoned again, {again.get(name)!r}.",
                f"{name}为{body.get(name)!r}，重新计算为{again.get(name)!r}",
            )


@frozen
class _Basis:
    """What a certificate is reckoned again from."""

    start: When
    term: Term
    calendar: Edition
    stops: tuple[Stop, ...] = field(default=(), kw_only=True)
    fixed: tuple[Fixed, ...] = field(default=(), kw_only=True)

    def reckoned(self, calendar: WorkCalendar) -> Deadline:
        return reckon(self.term, self.start, calendar, self.stops, self.fixed)


def _amiss(column: str, en: str, zh: str) -> Problem:
    return Problem(code=f"certificate.{column}", en=en, zh=zh, column=column)
