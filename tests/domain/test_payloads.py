"""What actions carry: what they refuse, and what they leave behind."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from attrs import evolve

from duban_flow.domain import payloads as p
from duban_flow.domain import payloads_facts as f
from duban_flow.domain import payloads_time as t
from duban_flow.domain.case import NO_FACTS, Entry, Facts
from duban_flow.domain.events import Event, Subject, SubjectKind
from duban_flow.domain.items import Item, NewItem, Party, Submission
from duban_flow.domain.units import Actor, Role
from duban_flow.errors import Invalid

NOW = datetime(2026, 6, 1, 1, tzinfo=UTC)
ITEM = Item(
    id="i-1",
    code="A-1",
    title="修路",
    state="in_progress",
    version=1,
    assigned_at=NOW,
    entered_at=NOW,
    parties={Role.RESPONSIBLE: "zjj", Role.ASSISTING: ["czj", "cgj"]},
)


def event(unit: str | None = "zjj", **more: Any) -> Event:
    """Make the event that a payload comes with."""
    about: dict[str, Any] = {
        "subject": Subject(SubjectKind.ITEM, "i-1"),
        "seq": 2,
        "action": "any",
        "actor": "wang",
        "actor_unit": unit,
        "effective_at": NOW,
        "recorded_at": NOW,
    }
    return Event(**(about | more))


PARTS = [NewItem("P-1", "一"), NewItem("P-2", "二")]


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda: p.Report(progress=101), "report.progress"),
        (lambda: p.Report(progress=-1), "report.progress"),
        (lambda: p.SendBack(reason=" "), "payload.empty"),
        (lambda: p.Close(reason=""), "payload.empty"),
        (lambda: p.Note(text="\n"), "payload.empty"),
        (lambda: p.Decompose(items=[]), "decompose.parts"),
        (lambda: p.Decompose(items=[PARTS[0], PARTS[0]]), "decompose.parts"),
        (lambda: p.Decompose(items=PARTS, needs=3), "decompose.needs"),
        (lambda: p.Decompose(items=PARTS, needs=0), "decompose.needs"),
        (
            lambda: f.Evaluate(round=0, on=date(2026, 6, 1), entries=[]),
            "evaluate.round",
        ),
        (
            lambda: f.Evaluate(round=True, on=date(2026, 6, 1), entries=[]),
            "evaluate.round",
        ),
        (
            lambda: f.Evaluate(
                round=1, on=date(2026, 6, 1), entries=[Entry("甲", rank=4)], cohort=3
            ),
            "evaluate.rank",
        ),
        (
            lambda: f.Evaluate(
                round=1, on=date(2026, 6, 1), entries=[Entry("甲", rank=0)]
            ),
            "evaluate.rank",
        ),
        (
            lambda: f.Measured(name="产值", actual=1.5, as_of=NOW),  # type: ignore[arg-type]  # bad input
            "quantity.type",
        ),
        (
            lambda: f.Measured(name="产值", actual=1, as_of=NOW.replace(tzinfo=None)),
            "instant.naive",
        ),
        (
            lambda: t.Suspend(reason="等待", until=NOW.replace(tzinfo=None)),
            "instant.naive",
        ),
    ],
)
def test_what_cannot_be_meant_is_refused(make, code):
    """Each slip is refused under its own code as the payload is made."""
    with pytest.raises(Invalid) as refused:
        make()
    assert refused.value.code == code
    assert refused.value.reasons[0].zh


def test_a_submit_keeps_who_asked_and_since_when():
    """The unit that submitted is kept; a person without a unit stands for oneself."""
    assert p.Submit().effect(ITEM, event()).submitted == Submission(unit="zjj", at=NOW)
    alone = p.Submit().effect(ITEM, event(unit=None)).submitted
    assert alone == Submission(unit="wang", at=NOW)


def test_declining_waits_for_a_ruling():
    """Who declined is kept until the matter is given to somebody."""
    declined = p.Decline(reason="非本单位职责").effect(ITEM, event())
    assert declined.declined_by == "zjj"
    ruled = p.Reassign(unit="czj", ruled=True).effect(declined, event())
    assert (ruled.declined_by, ruled.units(Role.RESPONSIBLE)) == ("", ("czj",))
    assert ruled.parties[Role.RESPONSIBLE][0].ruled


class TestReassign:
    """A role goes to another unit."""

    def test_one_of_several_is_replaced(self):
        """The others stay where they are; the one that left keeps its time."""
        given = p.Reassign(unit="jtj", role=Role.ASSISTING, replacing="czj")
        item = given.effect(ITEM, event())
        assert item.units(Role.ASSISTING) == ("cgj", "jtj")
        assert item.past_parties == ((Role.ASSISTING, Party("czj", until=NOW)),)

    def test_of_several_it_is_said_which_leaves(self):
        """Without a name nobody can know; of one alone everybody does."""
        given = p.Reassign(unit="jtj", role=Role.ASSISTING)
        with pytest.raises(Invalid) as refused:
            given.given_to(ITEM, Facts(), Actor("wang"))
        assert refused.value.code == "reassign.which"
        assert "czj, cgj" in refused.value.text("en")
        alone = p.Reassign(unit="jtj")
        assert alone.given_to(ITEM, Facts(), Actor("wang")) == alone

    def test_one_is_added_beside_the_others(self):
        """Nobody leaves."""
        given = p.Reassign(unit="jtj", role=Role.ASSISTING, adding=True)
        item = given.given_to(ITEM, Facts(), Actor("wang")).effect(ITEM, event())
        assert item.units(Role.ASSISTING) == ("czj", "cgj", "jtj")
        assert item.past_parties == ()

    @pytest.mark.parametrize(
        "given", [{"unit": "czj"}, {"unit": "jtj", "replacing": "czj"}]
    )
    def test_one_is_added_once_and_in_nobodys_place(self, given):
        """Adding and replacing say different things."""
        wanted = p.Reassign(role=Role.ASSISTING, adding=True, **given)
        with pytest.raises(Invalid) as refused:
            wanted.given_to(ITEM, Facts(), Actor("wang"))
        assert refused.value.code == "reassign.adding"

    def test_who_is_not_there_is_not_replaced(self):
        """A name that stands in no such role is refused."""
        given = p.Reassign(unit="jtj", replacing="czj")
        with pytest.raises(Invalid, match="czj"):
            given.effect(ITEM, event())

    def test_a_role_nobody_had_is_filled(self):
        """Giving a free role to somebody pushes nobody out."""
        item = p.Reassign(unit="dcs", role=Role.SUPERVISING).effect(ITEM, event())
        assert item.units(Role.SUPERVISING) == ("dcs",)
        assert item.past_parties == ()


def test_an_amendment_replaces_what_it_names():
    """A slip of the pen is put right, and nothing else is touched."""
    made = p.Amend(reason="错字", title="修桥", labels=("民生",)).effect(ITEM, event())
    assert (made.title, made.labels) == ("修桥", ("民生",))
    assert evolve(made, title="修路", labels=()) == ITEM


def test_a_sanction_stands_until_it_is_revoked():
    """Revoking takes that sanction off and leaves the others."""
    both = ITEM
    for name in ("s-1", "s-2"):
        given = p.Sanctioned(sanction=name, kind="prompt")
        both = given.effect(both, event(action="prompt"))
    left = p.Revoke(sanction="s-1", reason="事实有误").effect(both, event())
    assert [act.sanction for act in left.acts] == ["s-2"]


def test_quarantine_counts_until_a_person_lifts_it():
    """Set aside twice, then let go of."""
    set_aside = p.Quarantine(error="ValueError", until=NOW, times=2)
    item = set_aside.effect(ITEM, event())
    assert item.quarantined == 2
    assert p.Unquarantine(reason="已修复").effect(item, event()).quarantined == 0


class TestFacts:
    """What events establish beyond where the item stands."""

    def test_content_that_came_in_is_named_once(self):
        """A plan that is reported twice has come in once."""
        facts = NO_FACTS
        for _ in range(2):
            facts = p.Report(progress=10, content="plan").facts(facts, event())
        assert facts.received == ("progress", "plan")

    def test_the_reading_at_an_instant_is_the_last_by_then(self):
        """A reading of tomorrow is not known today."""
        facts = NO_FACTS
        for day, actual in ((1, 10), (3, 30)):
            taken = NOW.replace(day=day)
            facts = f.Measured(name="产值", actual=actual, as_of=taken).facts(
                facts, event()
            )
        found = facts.reading("产值", NOW.replace(day=2))
        assert found is not None
        assert found.actual == Decimal(10)
        assert facts.reading("产值", NOW.replace(day=1, hour=0)) is None
        assert facts.reading("投资", NOW) is None

    def test_of_two_readings_of_one_instant_the_later_written_stands(self):
        """A reading that was put right is read as it was put right."""
        facts = NO_FACTS
        for actual in (10, 11):
            facts = f.Measured(name="产值", actual=actual, as_of=NOW).facts(
                facts, event()
            )
        found = facts.reading("产值", NOW)
        assert found is not None
        assert found.actual == Decimal(11)

    def test_the_same_round_again_replaces_it(self):
        """Rounds stand in their order, one under each number."""
        facts = NO_FACTS
        for number, score in ((2, 90), (1, 80), (2, 91)):
            given = f.Evaluate(
                round=number,
                on=date(2026, 6, number),
                entries=[Entry("甲", score=score)],
            )
            facts = given.facts(facts, event())
        told = [(r.ordinal, r.entries[0].score) for r in facts.rounds]
        assert told == [(1, Decimal(80)), (2, Decimal(91))]

    def test_a_finding_keeps_the_event_it_came_from(self):
        """Each finding can be told from another of the same day."""
        given = f.FindFault(on=date(2026, 6, 1), text="迟到", unit="zjj")
        [found] = given.facts(NO_FACTS, event()).findings
        assert (found.unit, found.seq) == ("zjj", 2)

    @pytest.mark.parametrize("answer", ["accepted", "refused"])
    def test_a_reason_is_answered_for_its_unit_alone(self, answer):
        """The last reason of that unit is answered, no other."""
        facts = NO_FACTS
        for unit in ("zjj", "czj"):
            facts = f.Justify(reason="暴雨", unit=unit).facts(facts, event())
        kinds: dict[str, Any] = {"accepted": f.Accept, "refused": f.Refuse}
        given = kinds[answer](unit="zjj", reason="属实")
        facts = given.facts(facts, event(unit="dcs"))
        told = {j.unit: (j.status, j.decided_by) for j in facts.justifications}
        assert told == {"zjj": (answer, "dcs"), "czj": ("given", "")}

    def test_an_answer_to_nothing_changes_nothing(self):
        """Without a reason of that unit nothing is answered."""
        assert f.Accept(unit="zjj").facts(NO_FACTS, event()) == Facts()

    def test_a_paper_is_kept_by_name_and_digest(self):
        """Its bytes lie elsewhere."""
        given = f.Attach(name="照片.jpg", digest="ab12", where="dms:7")
        [paper] = given.facts(NO_FACTS, event()).attachments
        assert (paper.name, paper.digest, paper.where) == ("照片.jpg", "ab12", "dms:7")


def test_what_is_missing_is_named_in_chinese():
    """A person reads 理由, not the name of a field."""
    with pytest.raises(Invalid) as refused:
        p.Close(reason="")
    assert refused.value.text("zh") == "缺少理由。"
