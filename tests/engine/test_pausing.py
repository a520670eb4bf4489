"""Pauses on live items: what moves, what is only noted, what happens at their end."""

from __future__ import annotations

import pytest

from duban_flow import Actor, Invalid, Refused, Role, Term
from duban_flow.domain.actions import Attempt
from duban_flow.domain.payloads import Close
from duban_flow.domain.payloads_time import Resume, Suspend
from duban_flow.domain.workflow import Action, State, Workflow, guard
from duban_flow.errors import Reason
from duban_flow.formats.policy_toml import load_policy
from duban_flow.testing import Recording
from tests.engine.house import PANEL, ZJJ, House, at

DUE = at("06-05 17:30")

ALARMED = load_policy(
    """
name = "alarmed"
version = "1"
pause_overrun = "alarm"

[[rung]]
key = "remind"
at = "due - 1 workday"
action = "remind"
"""
)


class Stopping(Workflow):
    """A workflow that can stop, and has no action to go on."""

    name, version = "stopping", "1"
    going, over = State(first=True), State(end=True)
    stop = Action(going.stay(), Suspend)
    end = Action(going.to(over), Close)


@guard("by_hand")
def by_hand(attempt: Attempt) -> Reason | None:
    """Let a person decide, and the engine not."""
    if attempt.actor.id != "engine":
        return None
    return Reason(code="by_hand", en="A person decides.", zh="由人决定。")


class Waiting(Workflow):
    """A workflow that goes on only when a person lets it."""

    name, version = "waiting", "1"
    going, over = State(first=True), State(end=True)

    stop = Action(going.stay(), Suspend)
    go = Action(going.stay(when=[by_hand]), Resume)
    end = Action(going.to(over), Close)


def test_a_pause_stops_the_clock_and_gives_the_days_back(house):
    """While it runs nothing is due; after it as many working days are left."""
    house.assign()
    paused = house.desk(when="06-02 10:00").suspend(
        "A-1", reason="等待鉴定", authority="行政许可法第四十五条"
    )
    assert (paused.state, paused.due_at) == ("suspended", None)
    assert not paused.overdue(at("09-01 09:00"))
    assert paused.due.deferred
    assert house.sweep("06-09 09:00").lapsed == 0
    item = house.desk(when="06-09 10:00").resume("A-1")
    assert (item.state, item.due_at) == ("assigned", at("06-12 17:30"))
    assert [d.latest for d in item.past_dues] == [DUE]
    [pause] = item.pauses
    assert (pause.authority, pause.until) == ("行政许可法第四十五条", at("06-09 10:00"))
    assert house.sweep("06-12 17:30").lapsed == 0
    assert house.sweep("06-13 09:00").lapsed == 1


def test_paused_matters_are_not_listed_as_overdue(house):
    """A list asks the column, and the column knows."""
    house.assign()
    house.desk(when="06-02 10:00").suspend("A-1", reason="等待鉴定")
    later = house.desk(when="07-01 10:00")
    assert later.find(overdue=True).items == ()
    assert later.get("A-1").overdue(later.now) is False


def test_a_planned_end_comes_by_itself(house):
    """The sweep writes down that handling goes on, from the planned end."""
    house.assign()
    house.desk(when="06-02 10:00").suspend(
        "A-1", reason="等待鉴定", until=at("06-04 09:00")
    )
    before = house.desk(when="06-05 10:00").get("A-1")
    assert (before.state, before.due_at) == ("suspended", at("06-09 17:30"))
    house.sweep("06-05 10:00")
    item = house.desk(when="06-05 10:00").get("A-1")
    assert (item.state, item.due_at) == ("assigned", at("06-09 17:30"))
    event = house.desk().history("A-1")[-1]
    assert (event.action, event.effective_at) == ("resume", at("06-04 09:00"))
    house.sweep("06-05 11:00")
    assert house.actions().count("resume") == 1


def test_where_the_policy_says_alarm_it_runs_on_and_somebody_is_told(storage):
    """Past its planned end the pause still counts; the supervising unit hears once."""
    channel = Recording()
    house = House.open(storage, policies=[ALARMED], channels=[channel])
    house.assign()
    house.desk(when="06-02 10:00").suspend(
        "A-1", reason="等待鉴定", until=at("06-04 09:00")
    )
    for when in ("06-03 10:00", "06-04 09:00", "06-05 10:00", "06-08 10:00"):
        house.sweep(when)
        house.office.deliver(now=at(when))
    assert [m.unit for m in channel.messages] == ["dcs"]
    assert "中止期满" in channel.messages[0].subject
    item = house.desk(when="06-08 10:00").resume("A-1")
    assert item.due_at == at("06-11 17:30")


def test_a_workflow_of_ones_own_may_not_go_on_by_itself(storage):
    """Without an action to go on, or where its guard refuses, the sweep writes none."""
    house = House.open(storage, workflows=[Stopping, Waiting])
    for workflow in (Stopping, Waiting):
        house.assign(workflow.name, workflow=workflow.name)
        paused = workflow.stop(reason="等待鉴定", until=at("06-02 09:00"))
        house.desk().act(workflow.name, paused)
    assert house.sweep("06-03 09:00").quarantined == 0
    for workflow in (Stopping, Waiting):
        assert house.actions(workflow.name) == ["assign", "stop"]
        # The pause is over all the same: one working day of it is given back.
        item = house.desk(when="06-03 09:00").get(workflow.name)
        assert item.due_at == at("06-08 17:30")


def test_written_down_late_it_counts_all_the_same(house):
    """A pause of before due, typed in after the lapse: the lapse never was."""
    house.assign()
    house.sweep("06-08 09:00")
    item = house.desk(when="06-08 10:00").suspend(
        "A-1",
        reason="等待鉴定",
        resumed=at("06-05 10:00"),
        effective_at=at("06-02 10:00"),
    )
    assert (item.state, item.due_at) == ("assigned", at("06-10 17:30"))
    lapse = next(e for e in house.desk().history("A-1") if e.action == "lapse")
    assert house.desk().history("A-1")[-1].overtakes == (lapse.seq,)
    then = house.desk(when="06-20 10:00").as_of(at("06-06 09:00")).get("A-1")
    assert (then.state, then.due_at) == ("assigned", at("06-10 17:30"))
    believed = house.desk(when="06-20 10:00").as_known_at(at("06-08 09:30")).get("A-1")
    assert (believed.state, believed.due_at) == ("overdue", DUE)


def test_past_due_a_pause_is_only_noted(house):
    """The item stays late; ending the pause changes nothing either."""
    house.assign()
    house.sweep("06-08 09:00")
    item = house.desk(when="06-08 10:00").suspend("A-1", reason="等待鉴定")
    assert (item.state, item.due_at, len(item.pauses)) == ("overdue", DUE, 1)
    item = house.desk(when="06-10 10:00").resume("A-1")
    assert (item.state, item.due_at) == ("overdue", DUE)


def test_one_pause_runs_at_a_time(house):
    """A second one is refused; one that is over may be written down beside it."""
    house.assign(days=20)
    house.desk(when="06-04 10:00").suspend("A-1", reason="等待鉴定")
    desk = house.desk(when="06-05 10:00")
    with pytest.raises(Refused) as refused:
        desk.suspend("A-1", reason="听证")
    assert refused.value.code == "suspend.paused"
    item = desk.suspend(
        "A-1",
        reason="听证",
        effective_at=at("06-02 10:00"),
        resumed=at("06-04 12:00"),
    )
    assert (item.state, len(item.pauses)) == ("suspended", 2)
    with pytest.raises(Refused):
        house.desk(when="06-06 10:00").suspend("A-1", reason="又一次")


def test_a_pause_that_should_not_have_been_is_annulled(house):
    """It stays in the ledger and moves nothing; its number is checked."""
    house.assign()
    house.desk(when="06-02 10:00").suspend("A-1", reason="误录")
    desk = house.desk(when="06-03 10:00")
    with pytest.raises(Invalid) as wrong:
        desk.annul("A-1", pause=2, reason="误录")
    assert wrong.value.code == "pause.none"
    item = desk.annul("A-1", pause=1, reason="误录")
    assert (item.state, item.due_at) == ("assigned", DUE)
    assert [p.annulled for p in item.pauses] == [True]
    assert "已撤销" in str(desk.explain("A-1"))


def test_a_pause_that_ends_before_it_starts_is_refused(house):
    """The item and both instants are named; nothing is written."""
    house.assign()
    desk = house.desk(when="06-03 10:00")
    with pytest.raises(Invalid) as wrong:
        desk.suspend("A-1", reason="等待", until=at("06-02 10:00"))
    assert wrong.value.code == "pause.order"
    assert "A-1" in wrong.value.text("zh")
    assert "2026年6月2日（周二）10:00早于" in wrong.value.text("zh")
    desk.suspend("A-1", reason="等待")
    with pytest.raises(Invalid):
        house.desk(when="06-04 10:00").resume("A-1", effective_at=at("06-02 10:00"))
    assert house.actions() == ["assign", "suspend"]


def test_without_a_pause_nothing_can_be_resumed(house):
    """Said under its code."""
    house.assign()
    with pytest.raises(Refused) as refused:
        house.desk().resume("A-1")
    assert refused.value.code == "resume.none"


def test_a_pending_request_shields_from_measures_only(house):
    """While a request waits no measure is proposed; urging goes on, the date stays."""
    house.assign()
    house.desk(by="zjj", when="06-03 10:00").extensions.request(
        "A-1", until=at("06-30 17:30"), reason="设备未到"
    )
    swept = house.sweep("06-08 09:00")
    assert (swept.fired, swept.lapsed) == (1, 1)
    assert house.sweep("06-26 09:30").proposed == 0
    assert "待答复" in str(house.desk(when="06-26 10:00").explain("A-1"))
    house.desk(when="06-26 11:00").extensions.reject("A-1", reason="理由不足")
    assert house.sweep("07-29 09:30").proposed == 1


def test_granted_late_it_takes_effect_from_the_due_instant(house):
    """Asked in time and granted past due: between, nothing was late."""
    house.assign()
    house.desk(by="zjj", when="06-04 10:00").extensions.request(
        "A-1", until=at("06-12 17:30"), reason="设备未到"
    )
    house.sweep("06-08 09:00")
    item = house.desk(when="06-08 10:00").extensions.grant("A-1")
    assert (item.state, item.due_at) == ("assigned", at("06-12 17:30"))
    then = house.desk(when="06-09 10:00").as_of(at("06-07 10:00")).get("A-1")
    assert (then.due_at, then.overdue(at("06-07 10:00"))) == (
        at("06-12 17:30"),
        False,
    )
    [given] = item.extensions
    assert (given.decided_at, given.status) == (at("06-08 10:00"), "granted")


def test_who_asked_takes_it_back(house):
    """The unit that asked, and nobody else; then it may ask again."""
    house.assign()
    asked = {"until": at("06-12 17:30"), "reason": "设备未到"}
    house.desk(by="zjj").extensions.request("A-1", **asked)
    with pytest.raises(Refused) as twice:
        house.desk(by="zjj").extensions.request("A-1", **asked)
    assert twice.value.code == "extension.asked"
    item = house.desk(by="zjj").extensions.withdraw("A-1", reason="设备到了")
    assert [e.status for e in item.extensions] == ["withdrawn"]
    with pytest.raises(Refused) as none:
        house.desk().extensions.grant("A-1")
    assert none.value.code == "extension.none"
    assert house.desk(by="zjj").extensions.request("A-1", **asked).asked is not None


def test_earlier_than_due_is_no_extension(house):
    """The item, the date and due are named."""
    house.assign()
    with pytest.raises(Refused) as refused:
        house.desk(by="zjj").extensions.request(
            "A-1", until=at("06-04 17:30"), reason="设备未到"
        )
    assert refused.value.code == "extension.earlier"
    assert "A-1" in refused.value.text("en")
    with pytest.raises(Refused):
        house.desk(by=PANEL).extensions.override(
            "A-1", until=at("06-04 17:30"), reason="特批"
        )


def test_reminders_follow_another_date(house):
    """Chased until a day and back again; what is assessed never moves."""
    house.assign()
    item = house.desk().chase("A-1", until=at("06-10 17:30").date())
    assert (item.chase_at, item.due_at) == (at("06-10 17:30"), DUE)
    assert house.desk().chase("A-1").chase_at is None


def test_there_must_be_a_pause_to_annul(house):
    """Before one was written down, and after it was annulled, the button is greyed."""
    house.assign("A-1", days=9)

    def reasons(when):
        desk = house.desk(when=when)
        [one] = [a for a in desk.available("A-1") if a.action == "annul"]
        assert one.allowed is not bool(one.reasons)
        return [reason.code for reason in one.reasons]

    assert reasons("06-02 09:00") == ["annul.none"]
    house.desk(when="06-02 09:00").suspend("A-1", reason="听证")
    assert reasons("06-03 09:00") == []
    house.desk(when="06-03 09:00").annul("A-1", pause=1, reason="误录")
    assert reasons("06-04 09:00") == ["annul.none"]


def test_a_pause_that_ended_by_itself_gives_way_to_one_written_down_later(house):
    """The sweep was late; the pause that runs is the one that resuming ends."""
    house.assign(days=10)
    house.desk(when="06-02 10:00").suspend(
        "A-1", reason="等待鉴定", until=at("06-04 09:00")
    )
    house.desk(when="06-05 10:00").suspend(
        "A-1", reason="听证", effective_at=at("06-03 10:00")
    )
    house.sweep("06-05 11:00")
    item = house.desk(when="06-05 11:00").get("A-1")
    assert (item.state, item.due_at) == ("suspended", None)
    item = house.desk(when="06-08 10:00").resume("A-1")
    assert (item.state, item.pause) == ("assigned", None)
    assert item.due_at == at("06-22 17:30")


def test_a_pause_that_is_over_before_the_sweep_saw_it_leaves_nothing_paused(house):
    """Another that is written down after its end puts the item where it stands."""
    house.assign(days=10)
    house.desk(when="06-02 10:00").suspend(
        "A-1", reason="等待鉴定", until=at("06-03 09:00")
    )
    item = house.desk(when="06-08 10:00").suspend(
        "A-1",
        reason="听证",
        effective_at=at("06-04 10:00"),
        resumed=at("06-05 10:00"),
    )
    assert item.state == "assigned"


def test_what_is_over_is_not_over_yet(house):
    """A pause that is written down whole has ended; when it is to end is planned."""
    house.assign()
    with pytest.raises(Invalid) as future:
        house.desk(when="06-02 10:00").suspend(
            "A-1", reason="等待鉴定", resumed=at("06-20 09:00")
        )
    assert future.value.code == "effective.future"


def test_closed_while_paused_and_reopened_it_is_paused_still(house):
    """Nobody ended the pause: the clock stands still, and the state says so."""
    house.assign()
    house.desk(when="06-02 10:00").suspend("A-1", reason="等待鉴定")
    house.desk(when="06-03 10:00").close("A-1", reason="已办结")
    item = house.desk(when="06-04 10:00").reopen("A-1", reason="群众反映未办")
    assert (item.state, item.due_at) == ("suspended", None)


def test_more_time_granted_while_a_noted_pause_runs_stops_the_clock(house):
    """Past due the pause was only noted; before the new date it counts."""
    house.assign()
    asking = house.desk(by=ZJJ, when="06-04 10:00").extensions
    asking.request("A-1", until=at("06-19 17:30"), reason="等待鉴定")
    house.sweep("06-08 09:00")
    assert house.desk(when="06-08 10:00").suspend("A-1", reason="等待鉴定").state == (
        "overdue"
    )
    item = house.desk(when="06-09 10:00").extensions.grant("A-1")
    assert (item.state, item.due_at) == ("suspended", None)


def test_a_date_set_before_the_pause_began_leaves_it_only_noted(storage):
    """What is due before handling stopped is late, whatever stands still since."""
    moving = load_policy('name = "moving"\nversion = "1"\nrebaseline_moves_due = true')
    house = House.open(storage, policies=[moving])
    house.assign(days=10)
    house.desk(when="06-08 10:00").suspend("A-1", reason="等待鉴定")
    item = house.desk(when="06-09 10:00").rebaseline(
        "A-1", term=Term.workdays(3), restart=True, reason="提级督办"
    )
    assert (item.state, item.due_at) == ("overdue", at("06-04 17:30"))


def test_a_date_before_the_matter_was_given_out_is_refused(house):
    """Neither the target nor the date that reminders follow can lie there."""
    house.assign()
    desk = house.desk(when="06-02 10:00")
    with pytest.raises(Invalid) as early:
        desk.rebaseline("A-1", term=Term.until(at("05-04 10:00")), reason="提前")
    assert early.value.code == "item.due_before_assignment"
    with pytest.raises(Invalid):
        desk.chase("A-1", until=at("05-04 10:00"))


def test_what_a_lapse_overtaken_before_says_nothing_of_is_overdue(house):
    """Read as of now it is what it is now, reopened or with its pause annulled."""
    for code in ("A-1", "A-2"):
        house.assign(code)
    house.sweep("06-08 09:00")
    desk = house.desk(when="06-08 10:00")
    desk.close("A-1", reason="已办结", effective_at=at("06-05 16:00"))
    desk.suspend(
        "A-2",
        reason="等待鉴定",
        effective_at=at("06-02 10:00"),
        resumed=at("06-05 10:00"),
    )
    desk = house.desk(when="06-09 10:00")
    desk.reopen("A-1", reason="群众反映未办")
    desk.annul("A-2", pause=1, reason="误录")
    for code in ("A-1", "A-2"):
        past = desk.as_of(desk.now).get(code)
        assert desk.get(code).state == past.state == "overdue"


def test_the_target_is_the_last_that_was_set_in_whatever_order_it_was_told(house):
    """A move that is written down late does not take the place of a later one."""
    moves = ((9, "06-04 10:00"), (4, "06-03 10:00"))
    for code, order in (("A-1", moves), ("A-2", tuple(reversed(moves)))):
        house.assign(code)
        for days, since in order:
            house.desk(when="06-05 10:00").rebaseline(
                code,
                term=Term.workdays(days),
                reason="调整",
                effective_at=at(since),
            )
        item = house.desk(when="06-05 10:00").get(code)
        assert item.goal.latest == at("06-17 17:30")
        assert item.rebaselined == len(item.past_goals) == len(moves)


def test_more_time_than_the_pause_gives_back_already_is_asked_for(house):
    """While it runs, due stands where it would if handling went on now."""
    house.assign()
    house.desk(when="06-02 10:00").suspend("A-1", reason="等待鉴定")
    asking = house.desk(by=ZJJ, when="07-02 10:00").extensions
    for until in ("06-15 17:30", "07-07 17:30"):
        with pytest.raises(Refused) as earlier:
            asking.request("A-1", until=at(until), reason="等待鉴定")
        assert earlier.value.code == "extension.earlier"
    asking.request("A-1", until=at("07-20 17:30"), reason="等待鉴定")


def test_a_return_that_is_told_late_does_not_set_the_clock_back(house):
    """The last return starts the round that runs, in whatever order they are told."""
    limits = []
    returns = ((2, "06-03 10:00"), (3, "06-05 10:00"))
    for code, order in (("A-1", returns), ("A-2", tuple(reversed(returns)))):
        house.assign(code, days=20)
        for days, since in order:
            about = {"effective_at": at(since)}
            house.desk(by=ZJJ, when="06-08 10:00").submit(code, **about)
            house.desk(when="06-08 10:00").send_back(
                code, reason="材料不全", term=Term.workdays(days), **about
            )
        [party] = house.desk().get(code).parties[Role.RESPONSIBLE]
        limits.append(party.due.latest)
    assert limits == [at("06-10 17:30")] * 2


def test_reminders_cannot_follow_a_date_that_is_past(house):
    """It would remind nobody; the item and the date are named, nothing is written."""
    house.assign()
    with pytest.raises(Refused) as refused:
        house.desk(when="06-04 10:00").chase("A-1", until=at("06-03 17:30"))
    assert refused.value.code == "chase.past"
    assert "A-1" in refused.value.text("zh")
    assert house.actions() == ["assign"]


def test_nobody_asks_in_time_by_their_own_word(house):
    """Past due a unit cannot date its own request back; nothing is written."""
    house.assign()
    house.sweep("06-08 09:00")
    with pytest.raises(Refused) as refused:
        house.desk(by=ZJJ, when="06-08 10:00").extensions.request(
            "A-1",
            until=at("06-30 17:30"),
            reason="设备未到",
            effective_at=at("06-04 10:00"),
        )
    assert refused.value.code == "extension.late"
    assert house.desk(when="06-08 10:00").get("A-1").asked is None


def test_nobody_sets_a_date_outside_the_rule_for_themselves(house):
    """Not who asked, though a body lends its name; not a body that handles it."""
    house.assign()
    asker = Actor("user:7", unit=ZJJ)
    house.desk(by=asker).extensions.request(
        "A-1", until=at("06-30 17:30"), reason="设备未到"
    )
    with pytest.raises(Refused) as refused:
        house.desk(by=Actor("user:7", unit=PANEL)).extensions.override(
            "A-1", until=at("07-30 17:30"), reason="特批"
        )
    assert refused.value.code == "duty.own_matter"
    house.assign("A-2", parties={Role.RESPONSIBLE: PANEL, Role.SUPERVISING: "dcs"})
    with pytest.raises(Refused):
        house.desk(by=PANEL).extensions.override(
            "A-2", until=at("07-30 17:30"), reason="特批"
        )
