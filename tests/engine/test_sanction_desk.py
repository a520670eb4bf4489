"""Sanctions at a desk: proposed, approved in order, issued, rejected, revoked."""

from __future__ import annotations

from datetime import datetime

import pytest
from attrs import evolve

from duban_flow import Actor, Conflict, Forbidden, Invalid, NotFound, Refused, Role
from duban_flow.domain.sanctions import Citation, Sanction, Stage
from duban_flow.engine.draft import Draft
from duban_flow.engine.envelope import Envelope
from duban_flow.engine.issuing import issue, revoke
from duban_flow.engine.loading import load_cases
from duban_flow.engine.sanctioning import put_proposal
from duban_flow.testing import Recording
from tests.engine.house import (
    COMMITTEE,
    CZJ,
    DCS,
    OPENING,
    PANEL,
    POLICY,
    ZJJ,
    House,
    at,
)

LATE = "06-08 09:00"


@pytest.fixture
def house(storage):
    """Give a house that tells by one channel, with A-1 late."""
    opened = House.open(storage, channels=[Recording("paper")])
    opened.assign()
    opened.sweep(LATE)
    return opened


def proposed(house: House, kind: str = "prompt", **about: str) -> Sanction:
    """Let 督查室 propose a sanction on 住建局."""
    told = {"unit": ZJJ, "reason": "久拖不决"} | about
    return house.desk(when=LATE).sanctions.propose("A-1", kind=kind, **told)


def approved(house: House, one: Sanction, when: str = LATE) -> Sanction:
    """Let the bodies approve in their order."""
    for body in one.bodies:
        one = house.desk(body, when).sanctions.approve(one)
    return one


def issued(house: House, kind: str = "prompt") -> Sanction:
    """Carry a sanction through to its issue."""
    ready = approved(house, proposed(house, kind))
    return house.desk(when=LATE).sanctions.issue(ready)


class TestProposing:
    """A sanction that a person proposes."""

    def test_it_says_what_on_whom_and_why(self, house):
        """Kind, unit, role, reason and proposer are kept, and the body is asked."""
        one = proposed(house)
        assert (one.kind_name, one.unit, one.role) == (
            "行政效能提示",
            ZJJ,
            Role.RESPONSIBLE,
        )
        assert (one.reason, one.proposer_unit, one.stage) == (
            "久拖不决",
            DCS,
            Stage.PROPOSED,
        )
        assert [c.code for c in one.citations] == ["A-1"]
        assert one.next_body == "问责领导小组"
        assert house.desk().sanctions.get(one) == one
        with house.storage.begin("default") as work:
            [asked] = work.notices(subject=one.id)
        assert (asked.unit, asked.template) == (PANEL, "approval")

    def test_the_cited_item_does_not_move(self, house):
        """Before its issue a sanction is a paper."""
        before = house.desk().get("A-1")
        proposed(house)
        assert house.desk().get("A-1") == before

    @pytest.mark.parametrize(
        ("about", "error"),
        [
            ({"kind": "red"}, NotFound),
            ({"unit": "交通局"}, NotFound),
            ({"reason": " "}, Invalid),
            ({"role": "boss"}, Invalid),
        ],
    )
    def test_what_cannot_be_meant_is_refused(self, house, about, error):
        """An unknown kind, unit or role, and no reason at all."""
        with pytest.raises(error):
            proposed(house, **about)
        assert house.desk().sanctions.find() == ()

    def test_it_is_for_units_of_oversight(self, house):
        """The unit concerned does not propose, nor does another that handles."""
        for who in (ZJJ, CZJ):
            with pytest.raises((Forbidden, NotFound)):
                house.desk(who, LATE).sanctions.propose(
                    "A-1", kind="prompt", unit=ZJJ, reason="久拖不决"
                )

    def test_the_same_matter_is_not_put_twice(self, house):
        """While it is before the bodies, a second proposal is refused."""
        proposed(house)
        with pytest.raises(Refused) as refused:
            proposed(house)
        assert refused.value.code == "sanction.again"

    def test_a_repeat_gives_the_first_answer(self, house):
        """Under a request id it is proposed once; other data is a conflict."""
        first = proposed(house, request_id="r")
        assert proposed(house, request_id="r") == first
        with pytest.raises(Conflict):
            proposed(house, request_id="r", reason="另有原因")


class TestApproving:
    """Bodies agree, each in its turn."""

    def test_in_order(self, house):
        """First one body, then the other; then nobody is left."""
        one = proposed(house)
        first = house.desk(PANEL, LATE).sanctions.approve(one)
        assert (first.stage, first.next_body) == (Stage.PROPOSED, "区委常委会")
        second = house.desk("区委常委会", LATE).sanctions.approve(one.id)
        assert (second.stage, second.next_body) == (Stage.APPROVED, None)
        assert [a.body for a in second.approvals] == ["问责领导小组", "区委常委会"]
        with pytest.raises(Refused) as refused:
            house.desk(COMMITTEE, LATE).sanctions.approve(second)
        assert refused.value.code == "sanction.not_waiting"

    @pytest.mark.parametrize("who", [COMMITTEE, DCS])
    def test_not_out_of_order(self, house, who):
        """Another body, or none at all, is told whose turn it is."""
        one = proposed(house)
        with pytest.raises(Forbidden) as refused:
            house.desk(who, LATE).sanctions.approve(one)
        assert refused.value.code == "sanction.other_body"

    @pytest.mark.parametrize(
        ("proposer", "approver"),
        [
            (Actor("wang", unit=DCS), Actor("wang", unit=PANEL)),
            (Actor("wang", unit=DCS), Actor("li", unit=PANEL, acting_for="wang")),
            (Actor("li", unit=DCS, acting_for="wang"), Actor("wang", unit=PANEL)),
            (Actor("wang", unit=PANEL), Actor("li", unit=PANEL)),
        ],
    )
    def test_who_proposed_does_not_approve(self, house, proposer, approver):
        """Neither as a person, nor for a principal, nor as a unit."""
        one = house.desk(proposer, LATE).sanctions.propose(
            "A-1", kind="prompt", unit=ZJJ, reason="久拖不决"
        )
        with pytest.raises(Forbidden) as refused:
            house.desk(approver, LATE).sanctions.approve(one)
        assert refused.value.code == "duty.proposer_approves"

    def test_a_body_does_not_approve_what_is_on_itself(self, house):
        """The unit concerned has no say."""
        house.desk(when=LATE).reassign("A-1", PANEL)
        one = proposed(house, unit=PANEL)
        with pytest.raises(Forbidden) as refused:
            house.desk(PANEL, LATE).sanctions.approve(one)
        assert refused.value.code == "duty.own_sanction"

    def test_grounds_that_changed_are_shown_and_must_be_affirmed(self, house):
        """Closed since the sitting: the body affirms with open eyes, or rejects."""
        house.sweep(OPENING)
        [one] = house.desk(when=OPENING).sanctions.find()
        assert house.desk(PANEL, OPENING).sanctions.changed(one) == ()
        house.desk(when="06-27 09:00").close("A-1", reason="已完成")
        desk = house.desk(PANEL, "06-28 09:00").sanctions
        [changed] = desk.changed(one)
        assert "A-1 open: True → False" in changed
        with pytest.raises(Refused) as refused:
            desk.approve(one)
        assert refused.value.code == "sanction.grounds_changed"
        [approval] = desk.approve(one, affirm=True).approvals
        assert approval.changed == (changed,)


class TestRejecting:
    """A body refuses."""

    def test_a_rejected_sanction_waits_for_nobody(self, house):
        """It is over, and who refused is kept."""
        one = house.desk(PANEL, LATE).sanctions.reject(
            proposed(house), reason="证据不足"
        )
        assert (one.stage, one.rejected_by) == (Stage.REJECTED, "问责领导小组")
        assert one.next_body is None
        with pytest.raises(Refused):
            house.desk(PANEL, LATE).sanctions.approve(one)
        with pytest.raises(Refused):
            house.desk(when=LATE).sanctions.issue(one)

    def test_it_wants_a_reason(self, house):
        """Refusing without a word is refused."""
        with pytest.raises(Invalid):
            house.desk(PANEL, LATE).sanctions.reject(proposed(house), reason=" ")

    def test_a_person_may_propose_again(self, house):
        """That is another attempt at the same matter."""
        house.desk(PANEL, LATE).sanctions.reject(proposed(house), reason="证据不足")
        again = proposed(house)
        assert [c.attempt for c in again.citations] == [2]
        assert approved(house, again).stage is Stage.APPROVED


class TestIssuing:
    """What a sanction does when it is issued."""

    def test_the_item_moves_and_the_unit_is_told(self, house):
        """One event on the item, one formal notice to the unit."""
        one = issued(house)
        assert (one.stage, one.issued_at) == (Stage.ISSUED, at(LATE))
        item = house.desk().get("A-1")
        assert (item.state, [act.sanction for act in item.acts]) == (
            "prompted",
            [one.id],
        )
        assert house.actions()[-1] == "prompt"
        with house.storage.begin("default") as work:
            formal = [n for n in work.notices(subject=one.id) if n.formal]
        assert [(n.unit, n.template) for n in formal] == [(ZJJ, "prompt")]

    def test_without_its_approvals_it_is_not_issued(self, house):
        """The one body that is missing is named."""
        one = house.desk(PANEL, LATE).sanctions.approve(proposed(house))
        with pytest.raises(Refused, match="区委常委会"):
            house.desk(when=LATE).sanctions.issue(one)

    def test_it_is_issued_once(self, house):
        """Again is refused, under the same request id it is the same."""
        ready = approved(house, proposed(house))
        desk = house.desk(when=LATE).sanctions
        first = desk.issue(ready, number="武效〔2026〕1号", request_id="r")
        assert first.number == "武效〔2026〕1号"
        assert desk.issue(ready, number="武效〔2026〕1号", request_id="r") == first
        with pytest.raises(Refused):
            desk.issue(first)
        assert house.actions().count("prompt") == 1

    def test_it_is_issued_by_units_of_oversight(self, house):
        """The unit concerned does not serve itself."""
        ready = approved(house, proposed(house))
        with pytest.raises(Forbidden):
            house.desk(ZJJ, LATE).sanctions.issue(ready)

    def test_an_item_that_cannot_move_stays_and_is_cited_all_the_same(self, house):
        """Closed before the issue, it stays closed and bears the sanction's event."""
        ready = approved(house, proposed(house))
        house.desk(when=LATE).close("A-1", reason="已完成")
        house.desk(when=LATE).sanctions.issue(ready)
        item = house.desk().get("A-1")
        assert (item.state, [act.action for act in item.acts]) == (
            "closed",
            ["sanction"],
        )
        assert house.actions()[-2:] == ["close", "sanction"]

    def test_a_kind_that_moves_nothing_leaves_the_state(self, house):
        """A talk is written down, and the item stands where it stood."""
        issued(house, "call")
        assert house.desk().get("A-1").state == "overdue"
        assert house.actions()[-1] == "sanction"

    def test_a_date_to_put_it_right_by_names_an_instant(self, house):
        """A date without a zone is refused; an instant is kept."""
        ready = approved(house, proposed(house))
        desk = house.desk(when=LATE).sanctions
        with pytest.raises(Invalid):
            desk.issue(ready, rectify_by=datetime(2026, 6, 30))
        kept = desk.issue(ready, rectify_by=at("06-30 17:30"))
        assert kept.rectify_by == at("06-30 17:30")

    def test_an_item_that_is_cited_twice_bears_one_event(self, house):
        """Two rungs that cite it in one paper are one act on the item."""
        [one], [lifted] = twice(house)
        assert (one, lifted) == ("prompt", "revoke")


def twice(house: House) -> tuple[list[str], list[str]]:
    """Issue and revoke a paper that cites A-1 under two rungs; give its events."""
    settings = house.office.settings
    with house.storage.begin("default") as work:
        [ident] = work.ids_of(["A-1"]).values()
        cases = {
            c.item.id: c
            for c in load_cases(settings, work, work.items([ident]).values(), at(LATE))
        }
        directory = work.directory()
    cited = tuple(
        Citation(item=ident, code="A-1", rung=rung, cycle="due:1") for rung in "一二"
    )
    paper = Sanction(
        id="s-1",
        version=0,
        kind="prompt",
        kind_name="行政效能提示",
        unit=ZJJ,
        role=Role.RESPONSIBLE,
        citations=cited,
        policy=POLICY.id,
        moves="prompt",
        proposed_at=at(LATE),
    )
    envelope = Envelope(actor=Actor("li", unit=DCS), now=at(LATE), issuing=True)
    draft = Draft()
    made = put_proposal(settings, directory, draft, paper, envelope)
    made = issue(settings, directory, draft, made, cases, envelope)
    known = {ident: draft.cases[ident]}
    first = [e.action for e in draft.cases[ident].events]
    back = Draft()
    revoke(settings, back, directory, made, known, [], "事实有误", envelope)
    second = [e.action for e in back.cases[ident].events]
    return first[len(cases[ident].events) :], second[len(first) :]


class TestRevoking:
    """A wrong act is never deleted: it is revoked, with its reason."""

    def test_the_item_stands_where_the_facts_put_it(self, house):
        """Without the prompt it is overdue again."""
        one = issued(house)
        gone = house.desk(COMMITTEE, "06-09 09:00").sanctions.revoke(one, reason="有误")
        assert (gone.stage, gone.revoked_at) == (Stage.REVOKED, at("06-09 09:00"))
        item = house.desk().get("A-1")
        assert (item.state, item.acts) == ("overdue", ())

    def test_under_another_act_it_stands_by_that(self, house):
        """Prompted and warned, the warning revoked: prompted."""
        issued(house)
        warning = issued(house, "warn")
        assert house.desk().get("A-1").state == "warned"
        house.desk(COMMITTEE, LATE).sanctions.revoke(warning, reason="有误")
        assert house.desk().get("A-1").state == "prompted"

    def test_a_closed_item_stays_closed(self, house):
        """The act is taken off it and nothing else."""
        one = issued(house)
        house.desk(when=LATE).close("A-1", reason="已完成")
        house.desk(COMMITTEE, LATE).sanctions.revoke(one, reason="有误")
        item = house.desk().get("A-1")
        assert (item.state, item.acts) == ("closed", ())

    def test_everyone_who_was_told_is_told_of_that(self, house):
        """Whoever got the formal notice gets the revocation, by the same channel."""
        one = issued(house)
        house.desk(COMMITTEE, LATE).sanctions.revoke(one, reason="有误")
        with house.storage.begin("default") as work:
            told = work.notices(subject=one.id)
        formal = [(n.unit, n.channel, n.template) for n in told if n.formal]
        assert formal == [(ZJJ, "paper", "prompt"), (ZJJ, "paper", "revoke")]

    @pytest.mark.parametrize("who", [ZJJ, CZJ])
    def test_it_is_revoked_by_units_of_oversight(self, house, who):
        """Not by the unit concerned, nor by another that handles matters."""
        one = issued(house)
        with pytest.raises((Forbidden, NotFound)):
            house.desk(who, LATE).sanctions.revoke(one, reason="有误")

    def test_what_was_not_issued_is_not_revoked(self, house):
        """Nor is it revoked twice, nor without a reason."""
        desk = house.desk(COMMITTEE, LATE).sanctions
        with pytest.raises(Refused):
            desk.revoke(proposed(house), reason="有误")
        one = issued(house, "warn")
        with pytest.raises(Invalid):
            desk.revoke(one, reason="")
        gone = desk.revoke(one, reason="有误")
        with pytest.raises(Refused):
            desk.revoke(gone, reason="有误")


class TestFinding:
    """What sanctions there are, and who sees them."""

    def test_each_word_narrows(self, house):
        """By unit under any of its names, stage, and item."""
        one, two = issued(house), proposed(house, "warn")
        desk = house.desk().sanctions
        assert [s.id for s in desk.find()] == [one.id, two.id]
        assert [s.id for s in desk.find(unit="住建局")] == [one.id, two.id]
        assert desk.find(unit="nobody") == ()
        assert [s.id for s in desk.find(stage="issued")] == [one.id]
        assert [s.id for s in desk.find(stage=Stage.PROPOSED)] == [two.id]
        assert [s.id for s in desk.find(item="A-1")] == [one.id, two.id]
        assert desk.find(item="A-9") == ()
        assert desk.find(sitting="none") == ()

    def test_a_unit_sees_those_on_itself_and_below(self, house):
        """Another unit is told that there is none."""
        one = proposed(house)
        below = evolve(one, unit="zjs")
        assert house.desk(ZJJ).sanctions.find() == (one,)
        assert house.desk(ZJJ).sanctions.get(one) == one
        assert below.unit != one.unit
        assert house.desk(CZJ).sanctions.find() == ()
        with pytest.raises(NotFound):
            house.desk(CZJ).sanctions.get(one)
        with pytest.raises(NotFound):
            house.desk().sanctions.get("nothing")
