"""Events to items: written, read as of a day, read with what was overtaken."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from attrs import evolve

from duban_flow.domain.codec import unstructure
from duban_flow.domain.events import Event, Subject, SubjectKind
from duban_flow.domain.fold import BIRTH, Folded, as_of, fold
from duban_flow.domain.instants import TICK, Span, When, earliest, latest
from duban_flow.domain.items import Item, NewItem, Party
from duban_flow.domain.supervision import Supervision
from duban_flow.domain.time.calendar import WorkCalendar
from duban_flow.domain.time.term import Term
from duban_flow.domain.units import Role

CHINA = WorkCalendar.china()
TERM = Term.workdays(4)
SUBJECT = Subject(SubjectKind.ITEM, "i-1")


def at(text: str) -> datetime:
    """Read an instant of June 2026 on the clocks of Beijing."""
    return datetime.fromisoformat(f"2026-{text}+08:00")


MONDAY, DUE = at("06-01 09:00"), at("06-05 17:30")


def happened(
    seq: int, action: str, when: When, state: str | None = None, **more: Any
) -> Event:
    """Make an event; it was written down when it happened, unless told otherwise."""
    about = {k: more.pop(k) for k in ("recorded_at", "overtakes") if k in more}
    about.setdefault("recorded_at", latest(when))
    return Event(
        subject=SUBJECT,
        seq=seq,
        action=action,
        actor="zjj",
        actor_unit="zjj",
        effective_at=when,
        state=state,
        data=more,
        **about,
    )


def birth(term: Term | None = TERM, when: When = MONDAY) -> Event:
    """Make the birth of an item of 住建局."""
    new = NewItem("A-1", "修路", term=term, parties={Role.RESPONSIBLE: "zjj"})
    derived: dict[str, Any] = {
        "policy": "plain@1",
        "calendar": "china",
        "registrar": "dcs",
    }
    if term is not None:
        derived["due"] = unstructure(term.deadline(when, CHINA))
    return happened(1, BIRTH, when, "assigned", **unstructure(new), derived=derived)


def folded(*events: Event) -> Item:
    """Fold a birth and what came after it."""
    return fold(Supervision, None, [birth(), *events]).item


def stood(events: list[Event], when: datetime) -> Item:
    """Give the item as of an instant, which lies after its birth."""
    past = as_of(Supervision, events, when)
    assert past is not None
    return past.item


def close(seq: int, when: When, **more: Any) -> Event:
    """Make a closing."""
    return happened(seq, "close", when, "closed", reason="办结", **more)


def lapse(seq: int) -> Event:
    """Make a lapse, written down on Saturday."""
    saturday = at("06-06 09:00")
    return happened(seq, "lapse", DUE, "overdue", recorded_at=saturday)


def test_an_item_is_born_with_what_was_told():
    """Its dates, its parties since its assignment, and its registrar stand."""
    item = folded()
    assert (item.state, item.version, item.due_at) == ("assigned", 1, DUE)
    assert item.parties[Role.RESPONSIBLE] == (Party("zjj", since=MONDAY),)
    assert (item.registrar, item.started) == ("dcs", False)


def test_nothing_folds_to_no_item():
    """Without a birth there is nothing that things could happen to."""
    with pytest.raises(ValueError, match="birth"):
        fold(Supervision, None, [])


def test_folding_goes_on_where_it_stopped():
    """In one go or event by event, the same events come to the same item."""
    events = [birth(), happened(2, "report", MONDAY, "in_progress", progress=40)]
    step = fold(Supervision, None, events[:1])
    assert fold(Supervision, step, events[1:]) == fold(Supervision, None, events)


def test_what_the_workflow_does_not_know_is_only_counted():
    """An event that marks a rung changes nothing but the version."""
    before = folded()
    after = folded(happened(2, "urge", DUE, unit="zjj", reason=""))
    assert after == evolve(before, version=2)


class TestClosing:
    """What a closing keeps of how the item ended."""

    def test_at_exactly_due_it_is_on_time(self):
        """Due is inclusive: the due instant itself is not late."""
        closing = folded(close(2, DUE)).closing
        assert closing is not None
        assert (closing.late, closing.late_by) == (False, (timedelta(), timedelta()))

    def test_a_microsecond_after_due_it_is_late(self):
        """One tick past due is past due, by one tick."""
        closing = folded(close(2, DUE + TICK)).closing
        assert closing is not None
        assert (closing.late, closing.late_by) == (True, (TICK, TICK))

    def test_what_was_submitted_on_time_is_on_time(self):
        """A desk that answers late does not make the unit late."""
        submit = happened(2, "submit", DUE, "in_progress", note="")
        item = folded(submit, close(3, DUE + timedelta(days=3)))
        assert item.closing is not None
        assert (item.closing.late, item.closing.finished_at) == (False, DUE)
        assert (item.closing.at, item.submitted) == (DUE + timedelta(days=3), None)

    def test_a_submit_that_was_sent_back_does_not_count(self):
        """Once refused, only the next submit or the closing itself counts."""
        sent = [
            happened(2, "submit", DUE, "in_progress", note=""),
            happened(3, "send_back", DUE + TICK, reason="不合格"),
        ]
        item = folded(*sent, close(4, DUE + timedelta(days=1)))
        assert item.closing is not None
        assert (item.closing.late, item.returned) == (True, 1)

    def test_a_span_that_holds_due_is_unsure(self):
        """Closed some time in a range around due, lateness is nobody's to say."""
        closing = folded(close(2, Span(DUE - TICK, DUE + TICK))).closing
        assert closing is not None
        assert (closing.late, closing.late_by) == (None, (timedelta(), TICK))

    def test_without_a_due_date_nothing_is_late(self):
        """Where no date was set, none can be missed."""
        item = fold(Supervision, None, [birth(None), close(2, DUE)]).item
        assert item.closing is not None
        assert (item.closing.late, item.closing.late_by) == (False, None)

    def test_reopening_forgets_the_closing_and_moves_no_date(self):
        """The item is open again and due as before; the log keeps the rest."""
        again = happened(3, "reopen", DUE, "in_progress", reason="群众不满意")
        item = folded(close(2, MONDAY), again)
        assert (item.closing, item.is_open, item.due_at) == (None, True, DUE)


class TestOpenness:
    """Whether an item was open, and overdue, at an instant."""

    def test_inside_the_span_of_its_closing_it_is_unsure(self):
        """Before the range it was open, after it closed, within nobody knows."""
        item = folded(close(2, Span(MONDAY, DUE)))
        before, within, after = MONDAY - TICK, MONDAY + TICK, DUE
        assert [item.open_at(t) for t in (before, within, after)] == [True, None, False]

    def test_it_is_overdue_from_one_tick_after_due(self):
        """The live view, the lapse and the report part at the same instant."""
        item = folded()
        assert [item.overdue(t) for t in (DUE, DUE + TICK)] == [False, True]

    def test_what_may_have_closed_may_be_overdue(self):
        """Past due inside the Span of its closing, lateness is unsure."""
        item = folded(close(2, Span(DUE, DUE + timedelta(days=2))))
        assert item.overdue(DUE + timedelta(days=1)) is None
        assert item.overdue(DUE + timedelta(days=2)) is False

    def test_a_due_known_as_a_range_is_late_past_its_latest(self):
        """Within the range it is unsure, after it is late."""
        term = Term.until(Span(MONDAY + TICK, DUE))
        item = fold(Supervision, None, [birth(term)]).item
        assert [item.overdue(t) for t in (MONDAY, DUE, DUE + TICK)] == [
            False,
            None,
            True,
        ]

    def test_without_a_due_date_it_is_never_overdue(self):
        """Nobody is late for a date that was not set."""
        assert fold(Supervision, None, [birth(None)]).item.overdue(DUE) is False


class TestRebaseline:
    """A target that is moved: counted, every old date kept."""

    def moved(self, *, moves_due: bool) -> Item:
        """Move the target to 12 June."""
        term = Term.until(at("06-12 17:30"))
        goal = unstructure(term.deadline(MONDAY, CHINA))
        derived = {"goal": goal, "moves_due": moves_due}
        if moves_due:
            derived["due"] = goal
        return folded(
            happened(
                2,
                "rebaseline",
                MONDAY,
                "assigned",
                term=unstructure(term),
                reason="设计变更",
                derived=derived,
            )
        )

    def test_the_assessed_date_stands_unless_the_policy_moves_it(self):
        """The new target is kept beside the date that the item is assessed by."""
        item = self.moved(moves_due=False)
        assert (item.due_at, item.due_ordinal, item.rebaselined) == (DUE, 1, 1)
        assert item.goal is not None
        assert item.goal.at == at("06-12 17:30")
        assert [d.at for d in item.past_goals] == [DUE]
        assert item.past_dues == ()

    def test_a_policy_may_let_it_move(self):
        """Then the item is assessed by the new date, its second."""
        item = self.moved(moves_due=True)
        assert (item.due_at, item.due_ordinal) == (at("06-12 17:30"), 2)
        assert [d.at for d in item.past_dues] == [DUE]


class TestAsOf:
    """Everything known now that was effective by then, minus what is overtaken."""

    def test_before_its_birth_there_is_no_item(self):
        """One tick before its assignment nothing is given, at it everything."""
        assert as_of(Supervision, [birth()], MONDAY - TICK) is None
        assert stood([birth()], MONDAY).state == "assigned"

    def test_an_event_later_than_its_birth_alone_gives_nothing(self):
        """A log without its birth is nobody's item."""
        assert as_of(Supervision, [close(2, MONDAY)], DUE) is None

    def test_what_happened_later_is_not_seen(self):
        """As of Tuesday the closing of Friday has not happened."""
        events = [birth(), close(2, DUE)]
        assert stood(events, DUE - TICK).state == "assigned"
        assert stood(events, DUE).state == "closed"

    def test_what_is_overtaken_never_was(self):
        """Delivered on Friday, typed on Monday: as of Saturday it was not overdue."""
        submit = happened(3, "submit", DUE, note="", recorded_at=at("06-08 09:00"))
        end = close(4, at("06-08 10:00"), overtakes=(2,))
        events = [birth(), lapse(2), submit, end]
        assert stood(events, at("06-06 12:00")).state == "in_progress"
        assert stood(events[:2], at("06-06 12:00")).state == "overdue"

    def test_a_lapse_written_down_late_stands_over_an_earlier_report(self):
        """The sweep comes after a report of Saturday; as of Sunday it is overdue."""
        report = happened(2, "report", at("06-06 08:00"), "in_progress", progress=10)
        events = [birth(), report, lapse(3)]
        seen = stood(events, at("06-07 09:00"))
        assert (seen.state, seen.progress) == ("overdue", 10)
        assert seen == fold(Supervision, None, events).item

    def test_a_back_dated_end_stands_over_what_was_done_meanwhile(self):
        """Closed as of Thursday on Monday, it is not open as of Saturday."""
        urged = happened(2, "report", at("06-05 09:00"), "in_progress", progress=90)
        end = close(3, at("06-04 09:00"), recorded_at=at("06-08 09:00"))
        seen = stood([birth(), urged, end], at("06-06 09:00"))
        assert (seen.state, seen.is_open) == ("closed", False)

    def test_inside_the_span_of_an_end_it_answers_unsure(self):
        """The end is folded, and the item says that it does not know."""
        seen = stood([birth(), close(2, Span(MONDAY, DUE))], MONDAY + TICK)
        assert seen.open_at(MONDAY + TICK) is None

    def test_all_of_it_is_the_item(self):
        """As of the last instant, reading back equals having written."""
        events = [
            birth(),
            happened(2, "report", MONDAY + TICK, "in_progress", progress=20),
            happened(3, "hold", MONDAY + TICK, reason="重复信访"),
            close(4, DUE),
        ]
        assert stood(events, DUE) == fold(Supervision, None, events).item


class TestReports:
    """The last report is the one that tells of the latest time."""

    def test_a_back_dated_report_does_not_take_progress_back(self):
        """Last week's 20 per cent, typed today, leaves yesterday's 50 standing."""
        new = happened(2, "report", at("06-03 09:00"), "in_progress", progress=50)
        old = happened(3, "report", at("06-02 09:00"), progress=20, note="旧")
        item = folded(new, old)
        assert (item.progress, item.note) == (50, "")

    def test_as_of_then_the_earlier_report_is_seen(self):
        """Between the two, the back-dated one is the last."""
        new = happened(2, "report", at("06-03 09:00"), "in_progress", progress=50)
        old = happened(3, "report", at("06-02 09:00"), progress=20)
        assert stood([birth(), new, old], at("06-02 12:00")).progress == 20

    def test_what_a_report_leaves_out_stays(self):
        """A note alone changes neither progress nor forecast."""
        first = happened(
            2, "report", MONDAY, "in_progress", progress=50, at_risk=True, note="一"
        )
        item = folded(first, happened(3, "report", MONDAY, note="二"))
        assert (item.progress, item.at_risk, item.note) == (50, True, "二")


class TestParties:
    """Who bore the matter, and when."""

    def test_who_leaves_keeps_its_time(self):
        """The former unit stands with the day it came and the day it went."""
        item = folded(
            happened(2, "reassign", DUE, unit="czj", role="responsible", reason="")
        )
        borne = [*(p for _, p in item.past_parties), *item.parties[Role.RESPONSIBLE]]
        told = [(p.unit, p.since, p.until) for p in borne]
        assert told == [("zjj", MONDAY, DUE), ("czj", DUE, None)]


@pytest.mark.parametrize("state", ["assigned", "in_progress", "overdue"])
def test_suspending_keeps_its_planned_end(state):
    """Where it annotates only, the state stays; until when is kept all the same."""
    until = at("06-30 17:30")
    before = Folded(item=evolve(folded(), state=state))
    event = happened(
        2, "suspend", MONDAY, reason="等待上级批复", until=unstructure(until)
    )
    after = fold(Supervision, before, [event]).item
    assert (after.state, after.suspended_until) == (state, until)
    resumed = fold(Supervision, Folded(item=after), [happened(3, "resume", DUE)])
    assert resumed.item.suspended_until is None


def test_a_span_is_entered_at_its_latest():
    """Where the move is known as a range, the state is entered at its end."""
    item = folded(close(2, Span(MONDAY, DUE)))
    assert item.entered_at == DUE
    assert earliest(item.assigned_at) == MONDAY
