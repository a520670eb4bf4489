"""Recourse: which lawful step stops what is ahead, by whom and until when."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import pytest

from duban_flow.domain.items import Party
from duban_flow.domain.payloads import Note
from duban_flow.domain.quantities import Measure
from duban_flow.domain.time.term import Term
from duban_flow.domain.units import Role
from duban_flow.domain.workflow import Action, State, Workflow
from duban_flow.engine.ports import SanctionQuery, Storage
from duban_flow.engine.recourse import Pending, Recourse
from duban_flow.errors import NotFound
from duban_flow.formats.policy_toml import load_policy
from tests.engine.house import CZJ, DCS, OPENING, PANEL, ZJJ, House, at

SITTING = at(OPENING)
STRICT = load_policy(
    """
name = "strict"
version = "1"

[extension]
window = "2 workdays"
max_total = "10 days"

[kinds.warn]
name = "行政效能告诫"
moves = "warn"
rectify = "10 days"

[[rung]]
key = "told"
at = "due"
action = "urge"
when = ["open"]

[[rung]]
key = "late"
at = "due + 1 day"
action = "warn"
on = ["responsible"]
when = ["open"]

[[rung]]
key = "excused"
at = "due + 2 days"
action = "remind"
on = ["responsible"]
when = ["open", "not excused"]

[[rung]]
key = "not put right"
at = "warn due"
action = "remind"
when = ["open"]

[[rung]]
key = "registered as overdue"
at = "due + 3 days"
action = "warn"
on = ["responsible"]
where = ["state is overdue"]
when = ["open"]
"""
)


def steps(several: Sequence[Recourse]) -> dict[str, Recourse]:
    """Give recourse by its action."""
    return {one.action: one for one in several}


def stopped(one: Recourse) -> list[str]:
    """List the rungs a step stops."""
    return [stop.rung for stop in one.stops]


class TestBeforeDue:
    """A matter whose deadline lies ahead, and behind it the panel."""

    def test_each_step_names_what_it_stops_and_when(self, house: House) -> None:
        """The prompt at the sitting is ahead; three steps of the unit stop it."""
        house.assign()
        house.sweep("06-01 10:00")
        several = house.desk(ZJJ, when="06-02 09:00").recourse("A-1")

        assert [one.action for one in several] == [
            "submit",
            "justify",
            "request_extension",
        ]
        for one in several:
            assert (one.by, one.allowed, one.reasons) == ((ZJJ,), True, ())
            [stop] = one.stops
            assert (stop.rung, stop.kind, stop.unit, stop.at, stop.sure) == (
                "past due and open",
                "prompt",
                ZJJ,
                SITTING,
                True,
            )

    def test_more_time_is_asked_for_before_due(self, house: House) -> None:
        """The other steps have until the sitting; this one only until due."""
        house.assign()
        found = steps(house.desk(ZJJ, when="06-02 09:00").recourse("A-1"))

        assert found["submit"].until == found["justify"].until == SITTING
        assert found["request_extension"].until == at("06-05 17:30")

    def test_a_step_too_late_says_why(self, house: House) -> None:
        """Past due the request is listed with the reason why it is not possible."""
        house.assign()
        house.sweep("06-08 09:00")
        found = steps(house.desk(ZJJ, when="06-08 09:00").recourse("A-1"))

        assert found["submit"].allowed
        asked = found["request_extension"]
        assert (asked.allowed, [r.code for r in asked.reasons]) == (
            False,
            ["extension.late"],
        )

    def test_who_has_no_right_is_told_so(self, house: House) -> None:
        """The supervising unit reads the list, and may take none of the steps."""
        house.assign()
        several = house.desk(DCS, when="06-02 09:00").recourse("A-1")

        assert [one.allowed for one in several] == [False, False, False]
        assert all(one.reasons[0].code == "rights.role" for one in several)

    def test_what_has_been_done_is_not_offered_again(self, house: House) -> None:
        """Submitted, the shield is up: nothing is pending that a step would stop."""
        house.assign()
        house.desk(ZJJ, when="06-02 09:00").submit("A-1")

        assert house.desk(ZJJ, when="06-02 10:00").recourse("A-1") == ()

    def test_an_accepted_reason_leaves_nothing_to_stop(self, house: House) -> None:
        """Excused, the unit has no prompt ahead of it."""
        house.assign()
        house.desk(ZJJ, when="06-08 09:00").justify("A-1", reason="暴雨", unit=ZJJ)
        assert len(house.desk(ZJJ, when="06-08 10:00").recourse("A-1")) == 3
        house.desk(when="06-08 11:00").accept("A-1", unit=ZJJ)

        assert house.desk(ZJJ, when="06-08 12:00").recourse("A-1") == ()

    def test_a_reason_shields_the_unit_that_gave_it(self, house: House) -> None:
        """Of two responsible units each has a reason of its own, and its own rung."""
        house.assign(parties={Role.RESPONSIBLE: [ZJJ, CZJ], Role.SUPERVISING: DCS})
        several = house.desk(ZJJ, when="06-02 09:00").recourse("A-1")

        reasons = [one for one in several if one.action == "justify"]
        assert [(one.by, [s.unit for s in one.stops]) for one in reasons] == [
            ((ZJJ,), [ZJJ]),
            ((CZJ,), [CZJ]),
        ]

    def test_of_a_matter_that_has_ended_nothing_is_ahead(self, house: House) -> None:
        """Closed in time, there is nothing to stop."""
        house.assign()
        house.desk(when="06-03 09:00").close("A-1", reason="完成")

        assert house.desk(when="06-03 10:00").recourse("A-1") == ()

    def test_who_may_not_read_it_finds_nothing(self, house: House) -> None:
        """An item that one may not see does not exist."""
        house.assign()
        with pytest.raises(NotFound):
            house.desk(CZJ).recourse("A-1")


class TestStrict:
    """A policy with a window, a cap, and measures without a sitting."""

    @pytest.fixture
    def strict(self, storage: Storage) -> House:
        """Give a house under it, with a matter due on Friday."""
        house = House.open(storage, policies=[STRICT])
        house.assign()
        return house

    def test_window_and_cap_are_told(self, strict: House) -> None:
        """Two working days before due, ten days beyond it."""
        found = steps(strict.desk(ZJJ, when="06-02 09:00").recourse("A-1"))

        asked = found["request_extension"]
        assert asked.until == at("06-03 17:30")
        assert asked.reach == at("06-15 17:30")
        assert found["submit"].reach is None

    def test_a_request_shields_what_punishes_alone(self, strict: House) -> None:
        """Urging and reminding go on; an accepted reason stops a reminder too."""
        found = steps(strict.desk(ZJJ, when="06-02 09:00").recourse("A-1"))

        assert stopped(found["request_extension"]) == ["late", "registered as overdue"]
        assert stopped(found["submit"]) == ["late", "registered as overdue"]
        assert stopped(found["justify"]) == ["excused"]

    def test_an_objection_is_made_outside(self, strict: House) -> None:
        """Thirty days from issue; it stops what follows from the measure alone."""
        strict.sweep("06-06 18:00")
        found = steps(strict.desk(ZJJ, when="06-08 09:00").recourse("A-1"))

        one = found["object"]
        assert (one.outside, one.allowed, one.by) == (True, True, (ZJJ,))
        assert one.until == at("07-06 17:30")
        assert stopped(one) == ["not put right"]
        with strict.storage.begin("default") as work:
            [act] = work.sanctions(SanctionQuery())
        assert one.sanction == act.id

    def test_an_objection_has_its_unit_and_its_time(self, strict: House) -> None:
        """Another actor is told whose it is; afterwards, that the time is over."""
        strict.sweep("06-06 18:00")
        early = steps(strict.desk(DCS, when="06-08 09:00").recourse("A-1"))["object"]
        late = steps(strict.desk(ZJJ, when="07-07 09:00").recourse("A-1"))["object"]

        assert [reason.code for reason in early.reasons] == ["recourse.not_yours"]
        assert [reason.code for reason in late.reasons] == ["recourse.late"]
        assert not early.allowed
        assert not late.allowed

    def test_an_objection_may_stop_nothing_more(self, strict: House) -> None:
        """Once the matter has ended the measure stands alone, and is objected to."""
        strict.sweep("06-06 18:00")
        strict.desk(DCS, when="06-08 09:00").close("A-1", reason="完工")
        [one] = strict.desk(ZJJ, when="06-08 10:00").recourse("A-1", "en")

        assert (one.action, one.stops) == ("object", ())
        assert "in writing" in str(one)
        assert "do not follow" not in str(one)

    def test_a_measure_taken_back_needs_no_objection(self, strict: House) -> None:
        """What does not stand is not objected to."""
        strict.sweep("06-06 18:00")
        desk = strict.desk(PANEL, when="06-08 09:00")
        [act] = desk.sanctions.find()
        strict.desk(DCS, when="06-08 09:00").sanctions.revoke(act.id, reason="有误")

        several = strict.desk(ZJJ, when="06-08 10:00").recourse("A-1")
        assert "object" not in steps(several)

    def test_it_reads_well_in_two_languages(self, strict: House) -> None:
        """What, by whom, until when, whether, and what it stops."""
        strict.sweep("06-06 18:00")
        desk = strict.desk(ZJJ, when="06-08 09:00")
        told = {one.action: str(one) for one in desk.recourse("A-1")}
        said = {one.action: str(one) for one in desk.recourse("A-1", "en")}

        assert told["object"] == (
            "对行政效能告诫提出异议：由住建局，至2026年7月6日（周一）17:30。\n"
            "  向作出决定的机关书面提出，不在本系统办理。\n"
            "  经复核撤销后，不再进行：\n"
            "  - 2026年6月16日（周二）18:00，“not put right”：提醒"
        )
        assert said["justify"] == (
            "justify: 住建局, until 2026-06-08 (Mon) 09:00.\n"
            "  It is possible now.\n"
            "  Once somebody else has accepted the reason, these do not follow:\n"
            "  - 2026-06-08 (Mon) 09:00, 'excused': remind"
        )

    def test_it_is_plain_data_and_back(self, strict: House) -> None:
        """A page draws it from a dictionary."""
        for one in strict.desk(ZJJ, when="06-02 09:00").recourse("A-1"):
            assert Recourse.from_dict(one.to_dict()) == one


def test_what_the_facts_do_not_decide_is_marked(storage: Storage) -> None:
    """A measure without a reading is unsure: so is what follows from it."""
    unsure = load_policy(
        'name = "unsure"\nversion = "1"\n[kinds.call]\nname = "约谈"\n'
        '[[rung]]\nkey = "short"\nat = "due"\naction = "call"\n'
        'on = ["responsible"]\nwhen = ["open", "short"]\n'
    )
    house = House.open(storage, policies=[unsure])
    house.assign(measures=[Measure("拆迁", "户", target=Decimal(40))])
    one = steps(house.desk(ZJJ, when="06-02 09:00").recourse("A-1", "zh"))["submit"]

    assert [stop.sure for stop in one.stops] == [False]
    assert "（存疑）" in str(one)


def test_a_request_that_waits_is_not_offered_again(house: House) -> None:
    """It shields already; another would stop nothing that still follows."""
    house.assign()
    house.desk(ZJJ, when="06-02 09:00").extensions.request(
        "A-1", until=at("06-12 17:30").date(), reason="雨季"
    )
    several = steps(house.desk(ZJJ, when="06-02 10:00").recourse("A-1"))
    assert "request_extension" not in several


def test_a_workflow_of_ones_own_offers_what_it_knows(storage: Storage) -> None:
    """Without an action to submit, to justify or to ask, none is named."""

    class Bare(Workflow):
        name, version = "bare", "1"
        going, over = State(first=True), State(end=True)
        end = Action(going.to(over), Note)

    house = House.open(storage, policies=[STRICT], workflows=[Bare])
    house.assign(workflow="bare")

    assert house.desk(ZJJ, when="06-02 09:00").recourse("A-1") == ()


def test_nobody_to_take_a_step_is_no_step(house: House) -> None:
    """A matter without a responsible unit has nobody who could submit it."""
    house.assign(
        parties={Role.ASSISTING: Party(CZJ), Role.SUPERVISING: DCS},
        term=Term.workdays(1),
    )

    assert house.desk(DCS, when="06-02 09:00").recourse("A-1") == ()


def test_a_pending_rung_says_what_it_does(house: House) -> None:
    """In words of the language asked for."""
    house.assign()
    [stop] = house.desk(ZJJ, when="06-02 09:00").recourse("A-1", "en")[0].stops

    assert isinstance(stop, Pending)
    assert stop.does == "行政效能提示 on 住建局 (responsible)"
