"""The workflow of supervision: where facts put an item, and why an act is refused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from attrs import evolve

from duban_flow.domain.actions import Attempt, Guard
from duban_flow.domain.case import Case, Facts, Finding, Justification, Round
from duban_flow.domain.events import Event, Subject, SubjectKind
from duban_flow.domain.items import Act, Closing, Item, Party, Submission
from duban_flow.domain.supervision import (
    Supervision,
    has_round_or_finding,
    is_held,
    no_open_part,
    not_held,
    not_own_reason,
    not_reporter,
    not_ruled,
    past_due,
    reason_given,
    submitted,
)
from duban_flow.domain.time.calendar import WorkCalendar
from duban_flow.domain.time.term import Term
from duban_flow.domain.units import Actor, Role

NOW = datetime(2026, 6, 1, 1, tzinfo=UTC)
CHINA = WorkCalendar.china()
DUE = Term.workdays(4).deadline(NOW, CHINA)
PROMPT, WARN = Act(sanction="s-1", action="prompt"), Act(sanction="s-2", action="warn")
CLERK = Actor("clerk", unit="dcs")


def item(code: str = "A-1", **fields: Any) -> Item:
    """Make an item of 住建局 that 督查室 supervises."""
    made = Item(
        id=f"i-{code}",
        code=code,
        title="修路",
        state="in_progress",
        version=1,
        assigned_at=NOW,
        entered_at=NOW,
        parties={Role.RESPONSIBLE: "zjj", Role.SUPERVISING: "dcs"},
    )
    return evolve(made, **fields)


def attempt(
    action: str, who: Actor = CLERK, payload: Any = None, **case: Any
) -> Attempt:
    """Make an attempt at a case."""
    case.setdefault("item", item())
    about = Case(at=NOW, calendar=CHINA, **case)
    return Attempt(case=about, actor=who, action=action, payload=payload)


def event(action: str, actor: str, unit: str | None = None, **data: Any) -> Event:
    """Make an event of an item's history."""
    return Event(
        subject=Subject(SubjectKind.ITEM, "i-A-1"),
        seq=2,
        action=action,
        actor=actor,
        actor_unit=unit,
        effective_at=NOW,
        recorded_at=NOW,
        data=data,
    )


def code_of(guard: Guard, asked: Attempt) -> str | None:
    """Give the code of a guard's reason; it must be said in both languages."""
    reason = guard.test(asked)
    if reason is None:
        return None
    assert "A-1" in reason.en
    assert "A-1" in reason.zh
    return reason.code


def ended(code: str, action: str = "close") -> Item:
    """Make an item that has ended."""
    return item(code, closing=Closing.of(action, NOW, None))


@pytest.mark.parametrize(
    ("facts", "late", "stands"),
    [
        ({}, False, "assigned"),
        ({"started": True}, False, "in_progress"),
        ({"started": True}, True, "overdue"),
        ({"acts": (PROMPT,)}, False, "prompted"),
        ({"acts": (PROMPT, WARN)}, True, "warned"),
        ({"acts": (Act(sanction="s-3", action="sanction"),)}, False, "assigned"),
    ],
)
def test_standing_is_what_the_facts_say(facts, late, stands):
    """Warned before prompted before overdue before started, whatever the state was."""
    at = DUE.at + timedelta(microseconds=1) if late else DUE.at
    assert Supervision.standing(item(due=DUE, **facts), at) == stands


class TestNoOpenPart:
    """A whole is not done while a part that it needs is open."""

    def asked(self, needs: Any, *parts: Item) -> str | None:
        """Ask whether a whole may close."""
        return code_of(
            no_open_part, attempt("close", item=item(needs=needs), parts=parts)
        )

    def test_what_was_never_decomposed_needs_nothing(self):
        """Without a decomposition there is nothing to wait for."""
        assert self.asked(None) is None

    def test_parts_that_were_given_out_one_by_one_bind_it_too(self):
        """A part under its whole keeps it open, though nothing was decomposed."""
        assert self.asked(None, ended("P-1"), item("P-2")) == "close.open_part"
        assert self.asked(None, ended("P-1"), ended("P-2")) is None

    def test_an_open_mandatory_part_keeps_it_open(self):
        """Every mandatory part must have ended; one that may be left out need not."""
        open_part, spare = item("P-1"), item("P-2", mandatory=False)
        assert self.asked("all", open_part) == "close.open_part"
        assert self.asked("all", ended("P-1"), spare) is None

    def test_n_of_m_suffice(self):
        """Two of three are enough where two are needed."""
        one, two, left = ended("P-1"), ended("P-2"), item("P-3")
        assert self.asked(2, one, left) == "close.open_part"
        assert self.asked(2, one, two, left) is None

    @pytest.mark.parametrize("action", ["withdraw", "transfer_out"])
    def test_what_was_taken_back_is_not_done(self, action):
        """A part that was withdrawn does not count among those that are done."""
        assert self.asked(1, ended("P-1", action), item("P-2")) == "close.open_part"


class TestNotReporter:
    """Who reported may not close, per person and per unit, over the whole history."""

    @pytest.mark.parametrize(
        ("who", "refused"),
        [
            (Actor("wang", unit="dcs"), True),
            (Actor("li", unit="zjj"), True),
            (Actor("li", unit="dcs", acting_for="wang"), True),
            (Actor("li", unit="dcs"), False),
            (Actor("nobody"), False),
        ],
    )
    def test_a_report_is_held_against_person_and_unit(self, who, refused):
        """Wang of 住建局 reported: neither Wang elsewhere, nor Wang's unit or proxy."""
        events = (event("report", "wang", "zjj"),)
        found = code_of(not_reporter, attempt("close", who, events=events))
        assert (found == "duty.reporter_closes") is refused

    def test_a_report_for_somebody_is_held_against_them(self):
        """Li reported for Wang: Wang may not close either."""
        events = (event("submit", "li", "zjj", derived={"acting_for": "wang"}),)
        asked = attempt("close", Actor("wang", unit="dcs"), events=events)
        assert code_of(not_reporter, asked) == "duty.reporter_closes"

    def test_what_is_no_report_is_not_held_against_anybody(self):
        """Who assigned may close."""
        events = (event("assign", "clerk", "dcs"), event("acknowledge", "wang", "zjj"))
        assert code_of(not_reporter, attempt("close", events=events)) is None


class TestReasons:
    """A reason for being late is answered once, and not by who gave it."""

    given = Justification(unit=None, reason="暴雨", given_by="zjj", effective_at=NOW)

    def accept(self, who: Actor = CLERK, unit: str | None = None) -> Attempt:
        """Attempt to accept a unit's reason."""
        payload = Supervision.accept(unit=unit).payload
        return attempt(
            "accept", who, payload, facts=Facts(justifications=(self.given,))
        )

    def test_there_must_be_one(self):
        """Without a reason that waits there is nothing to accept."""
        assert code_of(reason_given, attempt("accept")) == "justification.none"
        assert code_of(reason_given, self.accept()) is None

    def test_it_must_be_that_units(self):
        """A reason of the item is not that of one unit."""
        asked = self.accept(unit="zjj")
        assert code_of(reason_given, asked) == "justification.none"

    def test_an_answered_one_waits_no_longer(self):
        """Once accepted or refused, it is not answered again."""
        facts = Facts(justifications=(evolve(self.given, status="refused"),))
        asked = attempt("accept", facts=facts)
        assert code_of(reason_given, asked) == "justification.none"

    @pytest.mark.parametrize(
        ("who", "refused"),
        [
            (CLERK, False),
            (Actor("wang", unit="dcs"), True),
            (Actor("li", unit="zjj"), True),
            (Actor("li", unit="dcs", acting_for="wang"), True),
        ],
    )
    def test_nobody_decides_on_their_own(self, who, refused):
        """Neither who gave it, nor their unit, nor who acts for them."""
        events = (event("justify", "wang", "zjj"),)
        payload = Supervision.accept().payload
        found = code_of(not_own_reason, attempt("accept", who, payload, events=events))
        assert (found == "duty.own_reason") is refused

    def test_a_handling_unit_decides_on_nobody_it_stands_beside(self):
        """The unit the reason is about may not decide, whoever wrote it down."""
        payload = Supervision.refuse(unit="zjj", reason="不足").payload
        asked = attempt("refuse", Actor("li", unit="zjj"), payload)
        assert code_of(not_own_reason, asked) == "duty.own_reason"


@pytest.mark.parametrize(
    ("guard", "facts", "wanted"),
    [
        (submitted, {}, "submit.none"),
        (submitted, {"submitted": Submission(unit="zjj", at=NOW)}, None),
        (not_held, {}, None),
        (not_held, {"held": True}, "hold.held"),
        (is_held, {"held": True}, None),
        (is_held, {}, "release.not_held"),
        (past_due, {"due": DUE}, "lapse.not_due"),
        (past_due, {"due": Term.until(NOW - timedelta(1)).deadline(NOW, CHINA)}, None),
    ],
)
def test_guards_on_the_item(guard, facts, wanted):
    """Each guard on a fact of the item refuses under its own code, or not at all."""
    assert code_of(guard, attempt(guard.name, item=item(**facts))) == wanted


def test_what_was_ruled_is_not_declined_again():
    """The unit to which the matter was ruled may not send it back; others may."""
    ruled = item(parties={Role.RESPONSIBLE: Party("zjj", ruled=True), Role.LEAD: "czj"})
    by = {
        unit: attempt("decline", Actor.of(unit), item=ruled) for unit in ("zjj", "czj")
    }
    assert code_of(not_ruled, by["zjj"]) == "decline.ruled"
    assert code_of(not_ruled, by["czj"]) is None


def test_before_due_a_sanction_wants_a_round_or_a_finding():
    """Either establishes what a date does not."""
    round_ = Round(ordinal=1, on=NOW.date(), entries=(), effective_at=NOW)
    finding = Finding(on=NOW.date(), text="迟到", effective_at=NOW, seq=2)
    asked = {
        "none": Facts(),
        "round": Facts(rounds=(round_,)),
        "finding": Facts(findings=(finding,)),
    }
    found = {
        name: code_of(has_round_or_finding, attempt("prompt", facts=facts))
        for name, facts in asked.items()
    }
    assert found == {"none": "sanction.no_ground", "round": None, "finding": None}
