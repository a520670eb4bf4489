"""What an item remembers: marks, dates that move, rungs out of season."""

from __future__ import annotations

import pytest
from attrs import evolve

from duban_flow.domain.events import Event, Subject, SubjectKind
from duban_flow.domain.items import Submission
from duban_flow.domain.policies.decide import decide
from duban_flow.domain.policies.next import next_at
from duban_flow.domain.sanctions import Citation
from duban_flow.domain.time.pauses import Pause
from tests.domain.policies.cases import (
    act,
    at,
    case,
    due,
    facts,
    item,
    policy,
    rung,
    scored,
    sits,
    span,
    told,
)
from tests.domain.policies.judged import TASK, after, one, said, verdicts


def test_judging_twice_fires_once() -> None:
    """What fired is remembered by rung, place and cycle, and done from then on."""
    judged = case("2009-12-01", item(due="2009-11-30"))
    made = rung("r", "due")
    again = after(judged, decide(judged, policy(made)))
    assert again.item.fired == ("r@-:due:1",)
    assert said(one(made, again)) == ("done", "fired")


def test_an_act_is_marked_by_its_ordinal_and_named_by_its_id() -> None:
    """Ids would make every item's memory another one."""
    matter = item(due="2009-09-30")
    prompt = act(matter)
    made = rung("r", "prompt", "warn", on=["responsible"])
    judged = case("2009-12-01", matter, acts=(prompt,))
    decision = one(made, judged)
    assert decision.cycle == f"act:{prompt.id}"
    assert decision.mark == "r@responsible#1:act:1"


def test_an_act_that_cites_the_rung_is_a_memory_too() -> None:
    """A proposal once made, even a rejected one, is not made again."""
    matter = item(due="2009-09-30")
    cited = (Citation(item=matter.id, rung="task", cycle="due:1"),)
    rejected = act(matter, "warn", citations=cited, issued_at=None)
    judged = case("2009-12-25 09:00", matter, acts=(rejected,))
    assert said(one(TASK, judged, sitting=sits())) == ("done", "fired")


def test_a_rung_fires_again_in_its_next_cycle() -> None:
    """Two rounds are two cycles; the same round at two sittings is one."""
    made = rung(
        "r", "sitting after round", "warn", on=["responsible"], when=["gap > 0"]
    )
    rounds = [scored(3, "2009-10-20", "50", "60", "事项A-1")]
    judged = case("2009-12-25 09:00", item(), facts=facts(rounds=rounds))
    fired = after(judged, decide(judged, policy(made), sitting=sits()))
    spring = sits("2010-03-25 09:00")
    later = evolve(fired, at=spring.opened_at)
    assert said(one(made, later, sitting=spring)) == ("done", "fired")
    rounds.append(scored(4, "2010-02-20", "50", "60", "事项A-1"))
    assert said(
        one(made, evolve(later, facts=facts(rounds=rounds)), sitting=spring)
    ) == ("fires", "")


def _moved(to: str, *, recorded: str) -> Event:
    return Event(
        subject=Subject(SubjectKind.ITEM, "id-A-1"),
        seq=2,
        action="rebaseline",
        actor="督查室",
        effective_at=at(recorded),
        recorded_at=at(recorded),
        data={"derived": {"due": to}},
    )


def _born() -> Event:
    return evolve(_moved("2009-11-30", recorded="2009-06-01"), seq=1, action="assign")


@pytest.mark.parametrize(
    ("new", "now", "verdict"),
    [
        ("2009-11-25", "2009-12-10 09:00", ("done", "inherited")),
        ("2009-12-20", "2009-12-10 09:00", ("waits", "ahead")),
        ("2009-12-20", "2009-12-21 09:00", ("fires", "")),
    ],
)
def test_a_moved_due_inherits_what_is_past_and_repeats_what_is_ahead(
    new: str, now: str, verdict: tuple[str, str]
) -> None:
    """A fired rung fires once more only where the move put it ahead again."""
    moved = item(
        due=new, due_ordinal=2, past_dues=(due("2009-11-30"),), fired=("r@-:due:1",)
    )
    events = (_born(), _moved(new, recorded="2009-12-05"))
    assert said(one(rung("r", "due"), case(now, moved, events=events))) == verdict
    # Without the log the old date itself tells it.
    assert said(one(rung("r", "due"), case(now, moved))) == verdict


def test_what_never_fired_is_not_inherited() -> None:
    """A rung that the old date never brought fires for the new one."""
    moved = item(due="2009-11-25", due_ordinal=2, past_dues=(due("2009-11-30"),))
    assert said(one(rung("r", "due"), case("2009-12-10", moved))) == ("fires", "")
    unknown = evolve(moved, fired=("r@-:due:1",), past_dues=())
    assert said(one(rung("r", "due"), case("2009-12-10", unknown))) == ("fires", "")


def test_the_old_date_of_a_rung_out_of_reach_says_nothing() -> None:
    """A repeated rung inherits by its own instants, step by step."""
    moved = item(
        due="2009-11-25",
        due_ordinal=2,
        past_dues=(due("2009-11-30"),),
        fired=("r@-:due:1/1",),
    )
    repeated = rung("r", "due", every="10 days")
    assert said(one(repeated, case("2009-11-26", moved))) == ("done", "inherited")
    assert said(one(repeated, case("2009-12-06", moved))) == ("fires", "")


def test_a_goal_that_leaves_the_assessed_due_alone_moves_nothing() -> None:
    """Only an event that moves due has its rungs computed again."""
    moved = item(due="2009-12-20", due_ordinal=2, fired=("r@-:due:1",))
    kept = evolve(
        _moved("2009-12-24", recorded="2009-12-22"),
        data={"derived": {"goal": "2009-12-24", "moves_due": False}},
    )
    judged = case("2009-12-23", moved, events=(_born(), kept))
    assert said(one(rung("r", "due"), judged)) == ("fires", "")


def test_what_lies_before_the_item_never_fires() -> None:
    """A reminder five working days before a term of three is recorded as too early."""
    short = item(assigned_at=at("2009-12-14 09:00"), due="2009-12-17")
    made = rung("r", "due - 5 workdays")
    assert said(one(made, case("2009-12-14 10:00", short))) == ("done", "before start")


def test_what_lies_before_the_import_never_fires_but_its_sitting_does() -> None:
    """Older lateness still counts: the instant of a sitting rung is the sitting's."""
    old = item(due="2009-09-30", armed_from=at("2009-10-01 00:00"))
    judged = case("2009-12-25 09:00", old)
    assert said(one(rung("r", "due"), judged)) == ("done", "unarmed")
    assert said(one(TASK, judged)) == ("waits", "sitting")
    assert said(one(TASK, judged, sitting=sits())) == ("fires", "")
    late = evolve(old, armed_from=at("2009-12-26"))
    assert said(one(TASK, evolve(judged, item=late), sitting=sits())) == (
        "done",
        "unarmed",
    )


@pytest.mark.parametrize("action", ["withdraw", "transfer_out"])
def test_nothing_follows_what_was_withdrawn(action: str) -> None:
    """A matter that is gone is neither urged nor sanctioned, and has nothing ahead."""
    ended = item(due="2009-11-30", closed="2009-12-10")
    assert ended.closing is not None
    gone = evolve(ended, closing=evolve(ended.closing, action=action))
    judged = case("2009-12-25 09:00", gone)
    assert said(one(TASK, judged, sitting=sits())) == ("done", "withdrawn")
    assert next_at(judged, policy(TASK, account_for=["late"])) is None


def test_a_closed_item_is_not_reminded_of() -> None:
    """What caught up with an item after its end is skipped, with that reason."""
    ended = item(due="2009-11-30", closed="2009-12-02")
    assert said(one(rung("r", "due"), case("2009-12-09", ended))) == ("done", "ended")


def test_while_an_item_is_suspended_everything_waits() -> None:
    """A suspended item waits until the day it is to go on."""
    planned = Pause(
        ordinal=1, since=at("2009-11-20 09:00"), planned=at("2010-01-10 09:00")
    )
    still = item(state="suspended", due="2009-11-30", pauses=(planned,))
    made = one(rung("r", "due"), case("2009-12-01", still))
    assert said(made) == ("waits", "suspended")
    assert made.until == at("2010-01-10 09:00")
    assert next_at(case("2009-12-01", still), policy(rung("r", "due"))) == made.until
    open_ended = evolve(still, pauses=(evolve(planned, planned=None),))
    assert one(rung("r", "due"), case("2009-12-01", open_ended)).until is None


def test_while_a_submit_is_unanswered_no_measure_fires() -> None:
    """Who waits for an answer is not sanctioned meanwhile; a reminder may go out."""
    waiting = item(
        due="2009-11-30", submitted=Submission(unit="五花办", at=at("2009-12-01"))
    )
    judged = case("2009-12-25 09:00", waiting)
    assert said(one(TASK, judged, sitting=sits())) == ("waits", "submitted")
    assert said(one(rung("r", "due"), judged)) == ("fires", "")
    held = evolve(judged, item=evolve(waiting, held=True))
    assert said(one(TASK, held, sitting=sits())) == ("fails", "")


def test_a_closing_known_as_a_range_is_unsure_within_it() -> None:
    """At a sitting on the 15th nobody can say whether it was open."""
    vague = item(due="2009-10-20", closed=span("2009-12-11 00:00", "2009-12-20 23:59"))
    early, within, past = (sits(f"2009-12-{day} 09:00") for day in ("10", "15", "25"))
    assert [
        one(TASK, case(told(s.opened_at), vague), sitting=s).verdict.value
        for s in (early, within, past)
    ] == ["fires", "unsure", "fails"]
    made = rung("r", "due", "warn", on=["responsible"], when=["open"])
    ahead = next_at(case("2009-12-15 09:00", vague), policy(made, sitting=None))
    assert ahead == at("2009-12-20 23:59")


def test_a_due_known_as_a_range_reminds_early_and_sanctions_late() -> None:
    """Within the range the reminder has fired and the measure still waits."""
    vague = item(due=span("2009-12-11 00:00", "2009-12-20 23:59"))
    judged = case("2009-12-15 09:00", vague)
    yellow = rung("y", "due", "warn", on=["responsible"])
    made = decide(judged, policy(rung("r", "due - 1 day"), yellow, rung("u", "due")))
    assert verdicts(made) == {"r": "fires", "y": "waits: ahead", "u": "waits: ahead"}
