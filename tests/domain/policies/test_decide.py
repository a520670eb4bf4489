"""Judgement: verdicts, memory, catching up, sittings, and the next instant."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import pytest
from attrs import evolve, frozen

from duban_flow.domain.case import Case, Facts
from duban_flow.domain.events import Event, Subject, SubjectKind
from duban_flow.domain.instants import TICK, latest
from duban_flow.domain.items import Item, Party, Submission
from duban_flow.domain.policies.decide import decide, flags, parties_of
from duban_flow.domain.policies.judge import judge, proposed_now
from duban_flow.domain.policies.memory import marks
from duban_flow.domain.policies.model import (
    Decision,
    Kind,
    Policy,
    Rung,
    SittingDay,
    Verdict,
)
from duban_flow.domain.policies.next import next_at
from duban_flow.domain.policies.plain import PLAIN
from duban_flow.domain.policies.vocabulary import STANDARD
from duban_flow.domain.quantities import Measure, Reading
from duban_flow.domain.sanctions import Citation
from duban_flow.domain.units import Role
from tests.domain.policies.cases import (
    act,
    at,
    case,
    due,
    excuse,
    facts,
    found,
    item,
    policy,
    rung,
    scored,
    sits,
    span,
    told,
)

TASK = rung(
    "task",
    "sitting after due",
    "warn",
    on=["responsible"],
    when=["open", "not held", "not excused"],
)


def one(made: Rung, judged: Case, **options: Any) -> Decision:
    """Judge one rung and expect one Decision."""
    sitting = options.pop("sitting", None)
    (decision,) = decide(judged, policy(made, **options), sitting=sitting)
    return decision


def said(decision: Decision) -> tuple[str, str]:
    """Give verdict and note."""
    return decision.verdict.value, decision.note


def verdicts(decisions: Sequence[Decision]) -> dict[str, str]:
    """Give each rung's verdict, with its note where there is one."""
    return {
        d.rung.key: d.verdict.value + (f": {d.note}" if d.note else "")
        for d in decisions
    }


def after(judged: Case, decisions: Sequence[Decision]) -> Case:
    """Give the case as a pass leaves it."""
    fired = (*judged.item.fired, *marks(decisions))
    return evolve(judged, item=evolve(judged.item, fired=fired))


# --- scope, parties, verdicts -------------------------------------------------------


def test_a_rung_that_is_about_something_else_is_silent() -> None:
    """An unmet `where` gives no Decision, an unmet `when` a recorded reason."""
    judged = case("2009-12-01 09:00", item(due="2009-11-30", category="land"))
    about = rung("r", "due", where=["category is petition"])
    asks = rung("r", "due", when=["category is petition"])
    assert decide(judged, policy(about)) == ()
    failed = one(asks, judged)
    assert failed.verdict is Verdict.FAILS
    assert [(g.condition, g.holds, g.scope) for g in failed.grounds] == [
        ("category is petition", False, "when")
    ]


def test_an_unknown_scope_is_unsure_and_not_silent() -> None:
    """What a `where` cannot tell goes to a person once the rung is ripe."""
    closed = item(due="2009-11-30", closed=span("2009-12-11 00:00", "2009-12-20 23:00"))
    made = rung("r", "due", "warn", on=["responsible"], where=["open"])
    assert one(made, case("2009-12-15 09:00", closed)).verdict is Verdict.UNSURE
    asks = rung("r", "due", "warn", on=["responsible"], where=["open"], when=["held"])
    assert one(asks, case("2009-12-15 09:00", closed)).verdict is Verdict.FAILS


def test_a_rung_waits_until_its_instant_and_fires_after_it() -> None:
    """At the due instant nothing has passed; a tick later the rung fires."""
    made = rung("r", "due")
    waiting = one(made, case("2009-11-30 17:30", item(due="2009-11-30")))
    assert said(waiting) == ("waits", "ahead")
    assert waiting.until == at("2009-11-30") + TICK
    judged = evolve(case("2009-11-30", item(due="2009-11-30")), at=waiting.until)
    assert one(made, judged).verdict is Verdict.FIRES


def test_every_party_in_the_role_is_judged_for_itself() -> None:
    """An excuse accepted for one unit shields that unit alone."""
    two = item(due="2009-11-30", parties={Role.RESPONSIBLE: ["城投公司", "五花办"]})
    judged = case(
        "2009-12-25 09:00",
        two,
        facts=facts(justifications=[excuse("五花办", "accepted")]),
    )
    made = decide(judged, policy(TASK), sitting=sits())
    assert {d.unit: d.verdict.value for d in made} == {
        "五花办": "fails",
        "城投公司": "fires",
    }
    assert {d.slot for d in made} == {"responsible#1", "responsible#2"}


def test_a_party_keeps_its_number_when_others_leave() -> None:
    """What the memory says of the second party is never said of another."""
    both = item(parties={Role.RESPONSIBLE: ["甲", "乙"]})
    numbers = {p.unit or "": p.slot for p in parties_of(case("2009-07-01", both), TASK)}
    gone = next(unit for unit, slot in numbers.items() if slot.endswith("#1"))
    stays = next(unit for unit in numbers if unit != gone)
    later = evolve(
        both,
        parties={Role.RESPONSIBLE: [Party(stays), Party("丙", since=at("2009-08-01"))]},
        past_parties=((Role.RESPONSIBLE, Party(gone, until=at("2009-08-01"))),),
    )
    again = {p.unit: p.slot for p in parties_of(case("2009-09-01", later), TASK)}
    assert again == {stays: "responsible#2", "丙": "responsible#3"}


def test_a_role_that_nobody_fills_gives_one_decision_without_a_unit() -> None:
    """A measure is on a unit: without one it fails, and says so."""
    nobody = item(due="2009-11-30", parties={})
    made = one(TASK, case("2009-12-25 09:00", nobody), sitting=sits())
    assert (made.slot, made.unit, made.verdict) == (
        "responsible#0",
        None,
        Verdict.FAILS,
    )
    assert made.grounds[-1].scope == "on"
    bare = rung("r", "due", "warn")
    assert one(bare, case("2009-12-25", nobody)).verdict is Verdict.FAILS


def test_without_roles_a_rung_is_about_the_item() -> None:
    """A reminder without `on` gives one Decision, slot "-"."""
    made = one(rung("r", "due"), case("2009-12-01", item(due="2009-11-30")))
    assert (made.slot, made.unit, made.mark) == ("-", None, "r@-:due:1")


def test_a_hole_left_on_purpose_never_fires() -> None:
    """An `action = "none"` says that nothing follows, and nothing does."""
    made = rung("r", "due", "none", when=["open"])
    judged = case("2009-12-01", item(due="2009-11-30"))
    assert said(one(made, judged)) == ("done", "none")
    closed = case("2009-12-01", item(due="2009-11-30", closed="2009-11-20"))
    assert said(one(made, closed)) == ("done", "ended")


# --- memory -------------------------------------------------------------------------


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


# --- dates that move ----------------------------------------------------------------


def _moved(to: str, *, recorded: str) -> Event:
    return Event(
        subject=Subject(SubjectKind.ITEM, "id-A-1"),
        seq=2,
        action="rebaseline",
        actor="督查室",
        effective_at=at(recorded),
        recorded_at=at(recorded),
        data={"derived": {"due": to, "moves_due": True}},
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
        data={"derived": {"due": "2009-12-24", "moves_due": False}},
    )
    judged = case("2009-12-23", moved, events=(_born(), kept))
    assert said(one(rung("r", "due"), judged)) == ("fires", "")


# --- what does not count ------------------------------------------------------------


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
    still = item(
        state="suspended", due="2009-11-30", suspended_until=at("2010-01-10 09:00")
    )
    made = one(rung("r", "due"), case("2009-12-01", still))
    assert said(made) == ("waits", "suspended")
    assert made.until == at("2010-01-10 09:00")
    assert next_at(case("2009-12-01", still), policy(rung("r", "due"))) == made.until
    open_ended = evolve(still, suspended_until=None)
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


# --- spans --------------------------------------------------------------------------


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


# --- catching up --------------------------------------------------------------------


def test_of_the_rungs_ripe_in_one_pass_the_highest_acts() -> None:
    """Nine days down over three rungs: one acts, the others are done."""
    ladder = policy(
        rung("remind", "due - 3 workdays", "remind"),
        rung("urge", "due", "urge"),
        rung("again", "due + 3 days", "urge"),
    )
    judged = case("2009-12-09", item(due="2009-11-30"))
    made = decide(judged, ladder)
    assert verdicts(made) == {
        "remind": "done: overtaken",
        "urge": "done: overtaken",
        "again": "fires",
    }
    assert verdicts(decide(after(judged, made), ladder)) == {
        "remind": "done: overtaken",
        "urge": "done: overtaken",
        "again": "done: fired",
    }


def test_a_lower_measure_is_remembered_as_overtaken() -> None:
    """Without that memory the next sitting would issue it after all."""
    lower = evolve(TASK, key="prompt", action="prompt")
    both = policy(lower, TASK)
    judged = case("2009-12-25 09:00", item(due="2009-11-30"))
    made = decide(judged, both, sitting=sits())
    assert verdicts(made) == {"prompt": "done: overtaken", "task": "fires"}
    spring = sits("2010-03-25 09:00")
    later = evolve(after(judged, made), at=spring.opened_at)
    assert verdicts(decide(later, both, sitting=spring)) == {
        "prompt": "done: overtaken",
        "task": "done: fired",
    }


def test_kinds_compete_only_within_a_ladder() -> None:
    """A measure of another ladder is no answer to this one."""
    point = Kind(key="point", name="扣分", level=9, ladder="points")
    other = evolve(TASK, key="other", action="point")
    made = decide(
        case("2009-12-25 09:00", item(due="2009-11-30")),
        policy(
            TASK,
            other,
            kinds=(*policy().kinds.values(), point),
        ),
        sitting=sits(),
    )
    assert verdicts(made) == {"task": "fires", "other": "fires"}


def test_of_equal_kinds_the_latest_instant_acts() -> None:
    """Alternatives of one kind give one act."""
    later = rung("later", "sitting after due + 5 days", "warn", on=["responsible"])
    judged = case("2009-12-25 09:00", item(due="2009-11-30"))
    made = decide(judged, policy(TASK, later), sitting=sits())
    assert verdicts(made) == {"task": "done: overtaken", "later": "fires"}
    same = evolve(TASK, key="same")
    assert verdicts(decide(judged, policy(TASK, same), sitting=sits())) == {
        "task": "fires",
        "same": "done: overtaken",
    }


def test_a_measure_overtakes_what_it_would_tell_the_same_party() -> None:
    """Who is warned need not be urged in the same breath."""
    urge = rung("urge", "due", "urge", on=["responsible"])
    judged = case("2009-12-25 09:00", item(due="2009-11-30"))
    made = decide(judged, policy(urge, TASK), sitting=sits())
    assert verdicts(made) == {"urge": "done: overtaken", "task": "fires"}


def test_what_is_said_to_others_at_the_same_instant_is_said() -> None:
    """Two rungs of one rank and instant tell different people."""
    judged = case("2009-12-01", item(due="2009-11-30"))
    made = decide(
        judged,
        policy(
            rung("unit", "due", notify=["responsible"]),
            rung("lead", "due", notify=["lead"]),
        ),
    )
    assert verdicts(made) == {"unit": "fires", "lead": "fires"}


def test_an_unsure_lower_measure_is_idle_beside_a_higher_one() -> None:
    """A person need not decide what a firing measure covers; a higher doubt stays."""
    vague = item(due="2009-10-20", closed=span("2009-12-11 00:00", "2009-12-31 23:59"))
    doubt = rung("doubt", "due", "prompt", on=["responsible"], when=["open"])
    sure = rung("sure", "due", "warn", on=["responsible"], when=["late"])
    judged = case("2009-12-15", vague)
    assert verdicts(decide(judged, policy(doubt, sure))) == {
        "doubt": "done: overtaken",
        "sure": "fires",
    }
    higher = (evolve(doubt, action="warn"), evolve(sure, action="prompt"))
    assert verdicts(decide(judged, policy(*higher))) == {
        "doubt": "unsure",
        "sure": "fires",
    }


def test_a_stale_reminder_is_not_sent() -> None:
    """A reminder before due says nothing once due has passed."""
    made = rung("r", "due - 3 workdays", "remind", catch_up="skip_if_stale")
    matter = item(due="2009-11-30")
    assert said(one(made, case("2009-11-30", matter))) == ("fires", "")
    assert said(one(made, case("2009-12-01", matter))) == ("done", "stale")
    after_due = rung("r", "due + 1 day", "remind", catch_up="skip_if_stale")
    assert said(one(after_due, case("2009-12-05", matter))) == ("fires", "")
    monthly = rung("r", "month end + 31 days", catch_up="skip_if_stale")
    assert said(one(monthly, case("2009-12-01 12:00", matter))) == ("done", "stale")


def test_each_acts_in_order_once_a_pass() -> None:
    """Three missed months are made up one by one, the oldest first."""
    made = policy(rung("r", "month end", catch_up="each"))
    judged = case("2009-09-10", item())
    cycles = []
    for _ in range(4):
        decisions = decide(judged, made)
        cycles.append((decisions[0].cycle, decisions[0].verdict.value))
        judged = after(judged, decisions)
    assert cycles == [
        ("month:2009-06", "fires"),
        ("month:2009-07", "fires"),
        ("month:2009-08", "fires"),
        ("month:2009-08", "done"),
    ]


def test_several_rungs_that_want_each_take_turns() -> None:
    """The first to ripen acts, the next waits for the next pass."""
    made = policy(
        rung("second", "due + 1 day", catch_up="each"),
        rung("first", "due", catch_up="each"),
    )
    judged = case("2009-12-09", item(due="2009-11-30"))
    decisions = decide(judged, made)
    assert verdicts(decisions) == {"second": "waits: in turn", "first": "fires"}
    assert next_at(judged, made, STANDARD, decisions) == judged.at + TICK
    assert verdicts(decide(after(judged, decisions), made))["second"] == "fires"


# --- sittings -----------------------------------------------------------------------


def test_a_rung_for_a_sitting_ripens_then_waits_for_it() -> None:
    """It is judged on the facts of that day, and again until it fires."""
    matter = item(due="2009-10-20")
    waiting = one(TASK, case("2009-10-24", matter))
    assert said(waiting) == ("waits", "sitting")
    assert waiting.until == sits().opened_at
    closed = item(due="2009-10-20", closed="2009-12-01")
    assert one(TASK, case("2009-12-25 09:00", closed), sitting=sits()).verdict is (
        Verdict.FAILS
    )


def test_a_rung_that_failed_comes_up_at_the_next_sitting() -> None:
    """Held today, released tomorrow: the next sitting judges again."""
    held = item(due="2009-10-20", held=True)
    failed = one(TASK, case("2009-12-25 09:00", held), sitting=sits())
    assert (failed.verdict, failed.until) == (Verdict.FAILS, at("2010-03-25 09:00"))
    spring = sits("2010-03-25 09:00")
    free = case("2010-03-25 09:00", evolve(held, held=False))
    assert one(TASK, free, sitting=spring).verdict is Verdict.FIRES


def test_a_missed_sitting_is_made_up_as_of_the_next_sweep() -> None:
    """Facts are those of the sweep; what ripened since waits for the next sitting."""
    late = sits(judged="2009-12-28 10:00")
    old, new = item(due="2009-10-20"), item(due="2009-12-26 17:30")
    assert one(TASK, case("2009-12-28 10:00", old), sitting=late).verdict is (
        Verdict.FIRES
    )
    waiting = one(TASK, case("2009-12-28 10:00", new), sitting=late)
    assert said(waiting) == ("waits", "ahead")
    assert waiting.until == at("2010-03-25 09:00")


def test_without_a_sitting_in_the_policy_such_a_rung_waits_for_ever() -> None:
    """There is no day to wait for; the linter says so, judgement does not fail."""
    judged = case("2009-12-25", item(due="2009-10-20"))
    made = one(TASK, judged, sitting=None)
    assert made.note == "sitting"
    (never,) = decide(judged, policy(TASK, sitting=None))
    assert (never.note, never.until) == ("sitting", None)


def test_a_sitting_judges_a_case_once() -> None:
    """What is recorded while it is still open waits for the next one."""
    district = policy(TASK, account_for=["late"])
    held = case("2009-12-25 09:00", item(due="2009-10-20", held=True))
    rows, kept = judge(held, district, STANDARD, sits())
    assert [r.verdict for r in rows] == [Verdict.FAILS]
    assert kept == ("sitting:2009-12-25",)
    free = evolve(held, item=evolve(held.item, held=False, fired=kept))
    assert judge(free, district, STANDARD, sits()) == ((), ())
    assert verdicts(decide(free, district, sitting=sits())) == {
        "task": "waits: sitting"
    }


def test_a_sitting_sees_an_item_closed_late_once() -> None:
    """Closed late, it stays due for judgement until one sitting has seen it so."""
    district = policy(TASK, account_for=["late"])
    judged = case("2009-12-20", item(due="2009-10-20", closed="2009-12-01"))
    assert next_at(judged, district) == sits().opened_at
    rows, kept = judge(evolve(judged, at=sits().opened_at), district, STANDARD, sits())
    assert [r.verdict for r in rows] == [Verdict.FAILS]
    assert kept == ("sitting:2009-12-25", "seen:2009-12-01")
    seen = evolve(judged, at=sits().opened_at, item=evolve(judged.item, fired=kept))
    assert next_at(seen, district) is None
    spring = sits("2010-03-25 09:00")
    again = evolve(seen, at=spring.opened_at)
    assert judge(again, district, STANDARD, spring) == ((), ())


def test_closed_after_the_sitting_it_is_seen_by_the_next() -> None:
    """Having been judged while open is not having been seen closed."""
    district = policy(TASK, account_for=["late"])
    opened = case("2009-12-25 09:00", item(due="2009-10-20", held=True))
    _, kept = judge(opened, district, STANDARD, sits())
    closed = item(due="2009-10-20", held=True, closed="2009-12-28", fired=kept)
    assert next_at(case("2009-12-29", closed), district) == at("2010-03-25 09:00")


def test_a_sitting_is_told_of_flagged_items_that_are_not_due_yet() -> None:
    """The goal of 31 December is spoken of on the 25th."""
    goal = item(
        due="2009-12-31",
        measures=(Measure("收入", "亿元", target="21.62"),),
        parties={},
    )
    read = Reading(
        name="收入", actual="19.67", measure_unit="亿元", as_of=at("2009-12-17")
    )
    judged = case("2009-12-20", goal, facts=Facts(readings=(read,)))
    district = policy(TASK, account_for=["short"])
    assert next_at(judged, district) == sits().opened_at
    assert flags(judged, district) == ("short",)
    (row,), kept = judge(
        evolve(judged, at=sits().opened_at), district, STANDARD, sits()
    )
    assert (row.verdict, row.unit, row.flags) == (Verdict.WAITS, None, ("short",))
    assert kept == ("sitting:2009-12-25",)


def test_what_will_be_late_by_the_sitting_is_due_at_it() -> None:
    """An item in order today is claimed for the sitting that will find it late."""
    soon = item(due="2009-12-20", category="other")
    district = policy(rung("r", "chase"), account_for=["late"])
    judged = case("2009-12-21", soon)
    assert next_at(judged, district) == sits().opened_at
    never = policy(rung("r", "chase"))
    assert next_at(judged, never) is None


def test_an_item_with_a_flag_and_no_rung_gets_a_row_that_says_so() -> None:
    """No matter that is late passes in silence."""
    judged = case("2009-12-25 09:00", item(due="2009-10-20"))
    (row,), _ = judge(judged, policy(account_for=["late"]), STANDARD, sits())
    assert (row.rung, row.unit, row.verdict) == ("", "五花办", Verdict.FAILS)
    nobody = case("2009-12-25 09:00", item(due="2009-10-20", parties={}))
    (row,), _ = judge(nobody, policy(account_for=["late"]), STANDARD, sits())
    assert row.unit is None
    calm = case("2009-12-25 09:00", item(due="2009-12-31"))
    assert judge(calm, policy(account_for=["late"]), STANDARD, sits())[0] == ()


def test_a_measure_without_a_sitting_is_proposed_by_its_own_pass() -> None:
    """At a sitting its row says that it was dealt with; it is not proposed twice."""
    yellow = rung("y", "due", "warn", on=["responsible"], when=["open"])
    district = policy(yellow, account_for=["late"])
    judged = case("2009-12-25 09:00", item(due="2009-12-24"))
    made = decide(judged, district, sitting=sits())
    (now,) = proposed_now(judged, made)
    assert (now.rung, now.verdict) == ("y", Verdict.FIRES)
    (row,), kept = judge(judged, district, STANDARD, sits(), made)
    assert (row.rung, row.verdict) == ("y", Verdict.DONE)
    assert kept == ("y@responsible#1:due:1", "sitting:2009-12-25")


def test_a_rung_that_needs_company_is_remembered_by_its_act_alone() -> None:
    """Whether there are enough shows at the closing, so the mark would lie."""
    few = evolve(TASK, per="unit", at_least=3)
    judged = case("2009-12-25 09:00", item(due="2009-10-20"))
    assert marks(decide(judged, policy(few), sitting=sits())) == ()


# --- the next instant ---------------------------------------------------------------


def test_the_next_instant_is_the_earliest_of_all_rungs() -> None:
    """A reminder first, then the lapse, then every five working days."""
    judged = case("2009-11-02", item(due="2009-11-30"))
    ahead = []
    for _ in range(4):
        instant = next_at(judged, PLAIN)
        assert instant is not None
        assert instant > judged.at
        ahead.append(told(instant))
        judged = evolve(judged, at=instant)
        judged = after(judged, decide(judged, PLAIN))
    assert ahead == [
        "2009-11-25 17:30",
        "2009-11-30 17:30",
        "2009-12-07 17:30",
        "2009-12-14 17:30",
    ]


def test_plain_urges_every_five_working_days_while_open() -> None:
    """The built-in policy reminds, urges at due, and goes on until the end."""
    assert verdicts(decide(case("2009-11-26", item(due="2009-11-30")), PLAIN)) == {
        "remind": "fires",
        "urge": "waits: ahead",
    }
    judged = case("2009-12-08", item(due="2009-11-30"))
    made = decide(judged, PLAIN)
    assert [(d.cycle, d.verdict.value) for d in made] == [
        ("due:1", "done"),
        ("due:1/2", "fires"),
    ]
    closed = item(due="2009-11-30", closed="2009-12-01")
    assert next_at(case("2009-12-08", closed), PLAIN) is None


def test_nothing_is_ahead_of_an_item_without_dates() -> None:
    """A rung whose anchor never happened is ahead of nothing."""
    made = rung("r", "chase")
    assert said(one(made, case("2009-12-01", item()))) == ("waits", "no anchor")
    assert next_at(case("2009-12-01", item()), policy(made)) is None


def test_time_brings_a_rung_into_scope() -> None:
    """A rung about late items is looked at again when lateness begins."""
    about = rung("r", "month end", where=["late"])
    judged = case("2009-11-02", item(due="2009-11-10"))
    assert decide(judged, policy(about)) == ()
    assert next_at(judged, policy(about)) == at("2009-11-10") + TICK
    by_unit = rung("r", "month end", "warn", on=["responsible"], where=["late"])
    late = case("2009-11-12", item(due="2009-11-10"))
    assert next_at(late, policy(by_unit)) == at("2009-12-01 00:00")


def test_a_count_of_days_past_due_comes_true_by_itself() -> None:
    """Ten days past due are reached on a day, and nothing else wakes the item."""
    fails = rung("r", "due", "warn", on=["responsible"], when=["overrun > 10 days"])
    judged = case("2009-12-05", item(due="2009-11-30"))
    made = policy(fails, sitting=None)
    assert one(fails, judged).verdict is Verdict.FAILS
    ahead: list[Verdict] = []
    while (instant := next_at(judged, made)) is not None and len(ahead) < 5:
        judged = evolve(judged, at=instant)
        ahead.append(decide(judged, made)[0].verdict)
    assert ahead[-1] is Verdict.FIRES
    assert told(judged.at) == "2009-12-11 00:00"


def test_a_count_of_working_days_skips_the_weekend() -> None:
    """Working days past due are reached on working days."""
    fails = rung("r", "due", when=["overrun >= 5 workdays"])
    judged = case("2009-12-01", item(due="2009-11-30"))
    instant = next_at(judged, policy(fails, sitting=None))
    assert instant is not None
    assert told(instant) == "2009-12-07 00:00"
    no_due = case("2009-12-01", item())
    assert next_at(no_due, policy(fails, sitting=None)) is None


@pytest.mark.parametrize("asked", ["shortfall > 0% for 2 months", "overrun > 0 days"])
def test_a_month_turns_what_is_counted_in_months(asked: str) -> None:
    """A condition over months is looked at when a month begins."""
    fails = rung("r", "assigned", when=[asked])
    instant = next_at(case("2009-12-05", item()), policy(fails, sitting=None))
    expected = at("2010-01-01 00:00") if "months" in asked else None
    assert instant == expected


def test_a_flag_over_days_is_counted_too() -> None:
    """What is to be accounted for may be a number of days."""
    flagged = policy(account_for=["overrun > 30 days"])
    judged = case("2009-12-26", item(due="2009-11-30"))
    instant = next_at(judged, flagged)
    assert instant is not None
    assert told(instant) == "2009-12-30 00:00"


def test_after_a_pass_the_next_instant_lies_ahead() -> None:
    """Nothing that has just been judged is found again at the same instant."""
    district = policy(TASK, rung("u", "due"), account_for=["late"])
    judged = case("2009-12-25 09:00", item(due="2009-10-20"))
    made = decide(judged, district, sitting=sits())
    instant = next_at(after(judged, made), district, STANDARD, made)
    assert instant == at("2010-03-25 09:00")


# --- policies written in Python -----------------------------------------------------


@frozen
class Chosen:
    """A policy in Python: important matters are urged, others are not."""

    name: str = "chosen"
    version: str = "1"

    def rungs(self, item: Item, facts: Facts) -> Sequence[Rung]:
        """Choose by the item."""
        return [rung("r", "due")] if item.priority == "important" else []


def test_a_policy_in_python_is_dated_armed_and_remembered_like_any_other() -> None:
    """It need offer a name, a version and its rungs, no more."""
    plain, dear = item(due="2009-11-30"), item(due="2009-11-30", priority="important")
    assert decide(case("2009-12-01", plain), Chosen()) == ()
    assert verdicts(decide(case("2009-12-01", dear), Chosen())) == {"r": "fires"}
    assert next_at(case("2009-11-01", dear), Chosen()) == at("2009-11-30") + TICK
    assert flags(case("2009-12-01", dear), Chosen()) == ()


def test_findings_are_judged_one_sitting_each_or_together() -> None:
    """A unit's findings before one sitting come to one act, on the last of them."""
    made = rung("f", "sitting after finding", "prompt", on=["responsible"])
    judged = case(
        "2009-12-25 09:00",
        item(),
        facts=facts(findings=[found(3, "2009-11-02"), found(5, "2009-12-02")]),
    )
    decision = one(made, judged, sitting=sits())
    assert (decision.cycle, decision.verdict) == ("finding:5", Verdict.FIRES)


def test_a_reason_is_rendered_for_the_party() -> None:
    """A part in brackets drops out where its field is empty."""
    service = evolve(TASK, reason="[因“{excuse}”]未按时办结{title}{nothing}")
    judged = case("2009-12-25 09:00", item(due="2009-10-20", title="某证"))
    refused = evolve(judged, facts=facts(justifications=[excuse("五花办", "refused")]))
    assert one(service, judged, sitting=sits()).reason == "未按时办结某证"
    assert one(service, refused, sitting=sits()).reason == "因“网络维护”未按时办结某证"
    everything = evolve(TASK, reason="{code}/{category}/{unit}/{role}/{due}/{finding}")
    told_all = one(
        everything, evolve(judged, names={"五花办": "五花街办"}), sitting=sits()
    )
    assert told_all.reason == "A-1//五花街办/责任单位/2009年10月20日/"
    bare = rung("n", "assigned", reason="{due}{role}|{finding}")
    seen = case("2009-12-25", item(), facts=facts(findings=[found(3, "2009-11-02")]))
    assert one(bare, seen).reason == "|脱岗"


def test_helpers_name_instants() -> None:
    """A sitting and its instant are values like any other."""
    day: SittingDay = sits()
    moment: datetime = latest(day.opened_at)
    assert isinstance(policy(), Policy)
    assert told(moment) == "2009-12-25 09:00"
