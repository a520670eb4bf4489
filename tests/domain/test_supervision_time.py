"""Pauses and extensions in the workflow of supervision: why an act is refused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from duban_flow.domain.actions import Attempt
from duban_flow.domain.case import Case
from duban_flow.domain.events import Event, Subject, SubjectKind
from duban_flow.domain.items import Item
from duban_flow.domain.payloads_time import Suspend
from duban_flow.domain.supervision_time import (
    in_time,
    not_own_request,
    one_pause,
    own_request,
)
from duban_flow.domain.time.calendar import WorkCalendar
from duban_flow.domain.time.extension import Extension
from duban_flow.domain.time.pauses import Pause
from duban_flow.domain.units import Actor, Role

NOW = datetime(2026, 6, 5, 1, tzinfo=UTC)
DAY = timedelta(days=1)
ASKED = Extension(
    ordinal=1, unit="zjj", asked_at=NOW - DAY, until=NOW.date(), reason="停水"
)


def attempt(who: Actor, payload: Any = None, **fields: Any) -> Attempt:
    """Make an attempt at a matter of 住建局 whose request, if any, `ann` wrote."""
    one = Item(
        id="i-A-1",
        code="A-1",
        title="修路",
        state="in_progress",
        version=1,
        assigned_at=NOW - 4 * DAY,
        entered_at=NOW - 4 * DAY,
        parties={Role.RESPONSIBLE: "zjj", Role.SUPERVISING: "dcs"},
        **fields,
    )
    asked = Event(
        subject=Subject(SubjectKind.ITEM, one.id),
        seq=2,
        action="request_extension",
        actor="ann",
        actor_unit="zjj",
        effective_at=NOW - DAY,
        recorded_at=NOW - DAY,
    )
    case = Case(
        item=one,
        at=NOW,
        calendar=WorkCalendar.china(),
        events=(asked,),
        names={"zjj": "住建局", "czj": "财政局"},
    )
    return Attempt(case=case, actor=who, action="x", payload=payload)


@pytest.mark.parametrize(
    ("planned", "code"), [(NOW, None), (NOW + DAY, "suspend.paused")]
)
def test_a_pause_that_is_over_by_itself_allows_another(planned, code):
    """At its planned end it runs no more, though nobody has written that down."""
    running = Pause(ordinal=1, since=NOW - DAY, planned=planned)
    asked = attempt(Actor("ann"), Suspend(reason="停水"), pauses=(running,))
    reason = one_pause.test(asked)
    assert (None if reason is None else reason.code) == code


def test_without_a_deadline_there_is_nothing_to_extend():
    """It is said so, in both languages."""
    reason = in_time.test(attempt(Actor("ann", unit="zjj")))
    assert reason is not None
    assert reason.code == "extension.no_due"
    assert "no deadline" in reason.en
    assert "没有办理时限" in reason.zh


@pytest.mark.parametrize(
    ("who", "en", "zh"),
    [
        (Actor("bob", unit="czj"), "住建局 asked, not 财政局", "财政局不得撤回"),
        (Actor("bob"), "住建局 asked, not bob", "bob不得撤回"),
    ],
)
def test_only_who_asked_takes_a_request_back(who, en, zh):
    """Another unit is refused by its name, a person without one by theirs."""
    reason = own_request.test(attempt(who, extensions=(ASKED,)))
    assert reason is not None
    assert reason.code == "extension.not_yours"
    assert en in reason.en
    assert zh in reason.zh
    mine = attempt(Actor("ann", unit="zjj"), extensions=(ASKED,))
    assert own_request.test(mine) is None


@pytest.mark.parametrize(
    ("who", "code"),
    [
        (Actor("bob", unit="dcs"), None),
        (Actor("bob", unit="zjj"), "duty.own_request"),
        (Actor("ann", unit="dcs"), "duty.own_request"),
        (Actor("bob", unit="dcs", acting_for="ann"), "duty.own_request"),
    ],
)
def test_nobody_decides_on_their_own_request(who, code):
    """Neither the unit that asked, nor the person, nor who acts for that person."""
    reason = not_own_request.test(attempt(who, extensions=(ASKED,)))
    assert (None if reason is None else reason.code) == code


def test_without_a_request_nobody_is_its_author():
    """There is nothing to be partial about."""
    assert not_own_request.test(attempt(Actor("ann", unit="zjj"))) is None
    assert own_request.test(attempt(Actor("bob", unit="czj"))) is None
