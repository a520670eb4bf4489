"""The workflow of supervision 督办: its states, its actions, who may do what and when.

assigned → in_progress → overdue → prompted → warned → closed, and suspended and
withdrawn beside them. 告诫 without a 提示 before it is legal: they are not two rungs
of one ladder.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from duban_flow.domain import payloads as p
from duban_flow.domain import payloads_facts as f
from duban_flow.domain import payloads_time as t
from duban_flow.domain import supervision_time as time
from duban_flow.domain.items import Item
from duban_flow.domain.units import Role
from duban_flow.domain.workflow import (
    STANDING,
    Action,
    Attempt,
    State,
    Workflow,
    guard,
)
from duban_flow.errors import Reason

SUPERVISING: Final = (Role.SUPERVISING,)
HANDLING: Final = (Role.LEAD, Role.RESPONSIBLE, Role.ASSISTING)
INVOLVED: Final = (*HANDLING, *SUPERVISING)
DECIDING: Final = ("supervising", "body")


@guard("no_open_part")
def no_open_part(attempt: Attempt) -> Reason | None:
    """A whole is not done while a part that it needs is open."""
    item, parts = attempt.case.item, attempt.case.parts
    # A part that was given out under its whole binds it like one split off from it.
    if item.needs is None or item.needs == "all":
        left = [x.code for x in parts if x.mandatory and x.is_open]
        if not left:
            return None
        return Reason(
            code="close.open_part",
            en=f"Item {item.code}: mandatory parts are open: {', '.join(left)}.",
            zh=f"事项{item.code}还有未办结的子项：{'、'.join(left)}。",
        )
    done = sum(x.done for x in parts)
    if done >= item.needs:
        return None
    return Reason(
        code="close.open_part",
        en=f"Item {item.code}: {done} parts are closed and {item.needs} are needed.",
        zh=f"事项{item.code}须办结{item.needs}个子项，现办结{done}个。",
    )


@guard("not_reporter")
def not_reporter(attempt: Attempt) -> Reason | None:
    """Who reported may not close: per person and per unit, over the whole history."""
    reported = [e for e in attempt.case.events if e.action in ("report", "submit")]
    persons = frozenset[str]().union(*(e.persons for e in reported))
    units = {e.actor_unit for e in reported} - {None}
    if not attempt.actor.persons & persons and attempt.actor.unit not in units:
        return None
    return Reason(
        code="duty.reporter_closes",
        en=f"Item {attempt.case.item.code}: {attempt.actor.id} reported it "
        f"and so may not {attempt.action} it.",
        zh=f"事项{attempt.case.item.code}：{attempt.actor.id}曾反馈该事项，不得自行办结。",
    )


@guard("not_own_reason")
def not_own_reason(attempt: Attempt) -> Reason | None:
    """Nobody decides on the reason that they gave themselves."""
    given = [e for e in attempt.case.events if e.action == "justify"]
    units = {e.actor_unit for e in given} | {
        getattr(attempt.payload, "unit", None) or attempt.actor.unit or ""
    } & set(attempt.case.item.units(*HANDLING))
    persons = frozenset[str]().union(*(e.persons for e in given))
    if attempt.actor.unit not in units and not attempt.actor.persons & persons:
        return None
    return Reason(
        code="duty.own_reason",
        en=f"Item {attempt.case.item.code}: {attempt.actor.id} may not decide on "
        "its own reason.",
        zh=f"事项{attempt.case.item.code}：{attempt.actor.id}不得认定自己提出的理由。",
    )


@guard("reason_given")
def reason_given(attempt: Attempt) -> Reason | None:
    """There must be a reason that waits for an answer."""
    waiting = [j for j in attempt.case.facts.justifications if j.status == "given"]
    if attempt.payload is not None:
        waiting = [j for j in waiting if j.unit == attempt.payload.unit]
    if waiting:
        return None
    unit = getattr(attempt.payload, "unit", None) or ""
    return Reason(
        code="justification.none",
        en=f"Item {attempt.case.item.code}: no reason"
        + (f" of {unit}" if unit else "")
        + " waits for an answer.",
        zh=f"事项{attempt.case.item.code}：没有{unit}待认定的理由。",
    )


@guard("submitted")
def submitted(attempt: Attempt) -> Reason | None:
    """There must be a submit that waits for an answer."""
    if attempt.case.item.submitted is not None:
        return None
    return Reason(
        code="submit.none",
        en=f"Item {attempt.case.item.code}: nothing was submitted that could be "
        "sent back.",
        zh=f"事项{attempt.case.item.code}：没有待审核的报结。",
    )


@guard("not_held")
def not_held(attempt: Attempt) -> Reason | None:
    """What is held is not held again."""
    if not attempt.case.item.held:
        return None
    return Reason(
        code="hold.held",
        en=f"Item {attempt.case.item.code} is held already.",
        zh=f"事项{attempt.case.item.code}已在稳控。",
    )


@guard("is_held")
def is_held(attempt: Attempt) -> Reason | None:
    """Only what is held can be released."""
    if attempt.case.item.held:
        return None
    return Reason(
        code="release.not_held",
        en=f"Item {attempt.case.item.code} is not held.",
        zh=f"事项{attempt.case.item.code}未在稳控。",
    )


@guard("not_ruled")
def not_ruled(attempt: Attempt) -> Reason | None:
    """A unit to which the matter was ruled may not decline it again."""
    item = attempt.case.item
    ruled = {x.unit for role in HANDLING for x in item.parties.get(role, ()) if x.ruled}
    if attempt.actor.unit not in ruled:
        return None
    return Reason(
        code="decline.ruled",
        en=f"Item {item.code}: it has been ruled that {attempt.actor.unit} handles it.",
        zh=f"事项{item.code}：已裁定由{attempt.actor.unit}办理，不得再退回。",
    )


@guard("past_due")
def past_due(attempt: Attempt) -> Reason | None:
    """A lapse is recorded once the latest reading of the deadline has passed."""
    case = attempt.case
    if case.item.overdue(case.at):
        return None
    return Reason(
        code="lapse.not_due",
        en=f"Item {case.item.code} is not past due.",
        zh=f"事项{case.item.code}未到时限。",
    )


@guard("has_round_or_finding")
def has_round_or_finding(attempt: Attempt) -> Reason | None:
    """Before its due date only a round or a finding can be sanctioned."""
    if attempt.case.facts.rounds or attempt.case.facts.findings:
        return None
    return Reason(
        code="sanction.no_ground",
        en=f"Item {attempt.case.item.code} is not past due and has neither a round "
        "nor a finding.",
        zh=f"事项{attempt.case.item.code}未逾期，也没有测评或查实问题。",
    )


class Supervision(Workflow):
    """The workflow of a supervision item 督办事项."""

    name = "supervision"
    version = "1"
    standings = ("warned", "prompted", "overdue", "in_progress", "assigned")

    assigned = State(first=True, zh="已交办")
    in_progress = State(zh="办理中")
    overdue = State(zh="已逾期")
    prompted = State(zh="已提示")
    warned = State(zh="已告诫")
    suspended = State(zh="已中止")
    closed = State(end=True, zh="已办结")
    withdrawn = State(end=True, zh="已撤销")

    _early = assigned | in_progress
    _late = overdue | prompted | warned
    _running = _early | _late
    _open = _running | suspended
    _any = _open | closed | withdrawn
    _started = assigned.to(in_progress) + (in_progress | _late).stay()
    _stay = _open.stay()
    # Whatever moves a date may put the pause that runs before it, or past it.
    _redated = _open.to(suspended, when=[time.stops_now]) + _open.to(STANDING)
    _anywhere = _any.stay()

    acknowledge = Action(_started, p.Acknowledge, roles=HANDLING, zh="签收")
    report = Action(
        _started + suspended.stay(), p.Report, roles=INVOLVED, zh="反馈进展"
    )
    measure = Action(_stay, f.Measured, roles=INVOLVED, zh="填报指标")
    submit = Action(_started, p.Submit, roles=(Role.LEAD, Role.RESPONSIBLE), zh="报结")
    send_back = Action(
        _running.stay(),
        p.SendBack,
        roles=SUPERVISING,
        guards=[submitted],
        zh="退回重办",
    )
    decline = Action(_stay, p.Decline, roles=HANDLING, guards=[not_ruled], zh="退回")
    reassign = Action(_stay, p.Reassign, roles=SUPERVISING, zh="改派")
    rebaseline = Action(
        _redated,
        t.Rebaseline,
        roles=DECIDING,
        zh="调整目标",
    )
    transfer_out = Action(
        _open.to(withdrawn), p.TransferOut, roles=SUPERVISING, zh="移交"
    )
    hold = Action(_stay, p.Hold, roles=SUPERVISING, guards=[not_held], zh="稳控")
    release = Action(
        _stay, p.Release, roles=SUPERVISING, guards=[is_held], zh="解除稳控"
    )
    withdraw = Action(_open.to(withdrawn), p.Withdraw, roles=DECIDING, zh="撤销")
    suspend = Action(
        _redated,
        t.Suspend,
        roles=SUPERVISING,
        guards=[time.one_pause],
        zh="中止",
    )
    resume = Action(
        _redated,
        t.Resume,
        roles=SUPERVISING,
        guards=[time.pause_runs],
        zh="恢复",
    )
    annul = Action(
        _redated,
        t.Annul,
        roles=DECIDING,
        guards=[time.pause_stands],
        zh="撤销中止",
    )
    request_extension = Action(
        _stay,
        t.RequestExtension,
        roles=HANDLING,
        guards=[
            time.in_time,
            time.one_request,
            time.later_than_due,
            time.within_count,
            time.within_total,
        ],
        zh="申请延期",
    )
    grant_extension = Action(
        _redated,
        t.GrantExtension,
        roles=DECIDING,
        guards=[
            time.request_waits,
            time.may_grant,
            time.not_own_request,
            time.later_than_due,
            time.within_count,
            time.within_total,
        ],
        zh="同意延期",
    )
    reject_extension = Action(
        _stay,
        t.RejectExtension,
        roles=DECIDING,
        guards=[time.request_waits, time.may_grant, time.not_own_request],
        zh="不同意延期",
    )
    withdraw_extension = Action(
        _stay,
        t.WithdrawExtension,
        roles=HANDLING,
        guards=[time.request_waits, time.own_request],
        zh="撤回延期申请",
    )
    override_extension = Action(
        _redated,
        t.OverrideExtension,
        roles=("body",),
        guards=[time.not_own_matter, time.later_than_due],
        zh="特批延期",
    )
    chase = Action(
        _stay,
        t.Chase,
        roles=SUPERVISING,
        guards=[time.chased_ahead],
        zh="调整催办日期",
    )
    close = Action(
        _open.to(closed),
        p.Close,
        roles=DECIDING,
        guards=[no_open_part, not_reporter],
        zh="办结",
    )
    reopen = Action(
        closed.to(suspended, when=[time.stops_now]) + closed.to(STANDING),
        p.Reopen,
        roles=DECIDING,
        zh="重新办理",
    )
    decompose = Action(
        _started, p.Decompose, roles=(*SUPERVISING, Role.LEAD), zh="分解"
    )
    evaluate = Action(_stay, f.Evaluate, roles=SUPERVISING, zh="登记测评")
    find_fault = Action(_stay, f.FindFault, roles=SUPERVISING, zh="登记查实问题")
    justify = Action(_anywhere, f.Justify, roles=HANDLING, zh="说明理由")
    accept = Action(
        _anywhere,
        f.Accept,
        roles=DECIDING,
        guards=[reason_given, not_own_reason],
        zh="认定理由",
    )
    refuse = Action(
        _anywhere,
        f.Refuse,
        roles=DECIDING,
        guards=[reason_given, not_own_reason],
        zh="不予认定理由",
    )
    amend = Action(_anywhere, p.Amend, roles=SUPERVISING, zh="更正")
    note = Action(_anywhere, p.Note, roles=(*INVOLVED, "body"), zh="备注")
    attach = Action(_anywhere, f.Attach, roles=(*INVOLVED, "body"), zh="附件")
    lapse = Action(
        _early.to(overdue),
        p.Lapse,
        roles=(*SUPERVISING, "engine"),
        guards=[past_due],
        on_due=True,
        zh="逾期",
    )
    prompt = Action(
        overdue.to(prompted) + _early.to(prompted, when=[has_round_or_finding]),
        p.Sanctioned,
        issued=True,
        zh="行政效能提示",
    )
    warn = Action(
        (overdue | prompted).to(warned)
        + _early.to(warned, when=[has_round_or_finding]),
        p.Sanctioned,
        issued=True,
        zh="行政效能告诫",
    )
    sanction = Action(_anywhere, p.Sanctioned, issued=True, zh="问责")
    revoke = Action(
        _running.to(STANDING) + (suspended | closed | withdrawn).stay(),
        p.Revoke,
        issued=True,
        zh="撤销问责",
    )

    @classmethod
    def standing(cls, item: Item, at: datetime) -> str:
        """Say where the facts put an item: one pure function of them."""
        standing = {act.action for act in item.acts}
        if "warn" in standing:
            return "warned"
        if "prompt" in standing:
            return "prompted"
        if item.overdue(at):
            return "overdue"
        return "in_progress" if item.started else "assigned"
