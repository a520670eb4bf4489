"""Internal limits: a party's own clock, inside the item's; a part's inside its whole's.

住建局 is responsible, 财政局 assists; the matter is due on Friday 5 June at 17:30.
"""

from __future__ import annotations

from datetime import datetime

import pytest

from duban_flow.domain.items import Item, NewItem, Party
from duban_flow.domain.time.term import Term
from duban_flow.domain.units import Role
from duban_flow.engine.ports import Storage
from duban_flow.errors import Refused
from duban_flow.formats.policy_toml import load_policy
from duban_flow.testing import Recording
from tests.engine.house import CZJ, DCS, PANEL, ZJJ, House, at

HELPED = {
    Role.RESPONSIBLE: ZJJ,
    Role.ASSISTING: Party(CZJ, term=Term.workdays(2)),
    Role.SUPERVISING: DCS,
}
"""财政局 is to be done by Wednesday 3 June."""

ASSISTED = load_policy(
    """
name = "assisted"
version = "1"

[[rung]]
key = "own"
at = "limit"
action = "urge"
on = ["responsible", "assisting"]
when = ["open"]

[[rung]]
key = "soon"
at = "limit - 1 workday"
action = "remind"
on = ["assisting"]
when = ["open"]
"""
)


def limit(item: Item, role: Role = Role.ASSISTING) -> datetime | None:
    """Give when the limit of the first in a role ends."""
    due = item.parties[role][0].due
    return None if due is None else due.at


class TestOwnClock:
    """A party with a term of its own has a limit of its own."""

    def test_it_runs_from_the_assignment(self, house: House) -> None:
        """Two working days for 财政局; 住建局 has the due date alone."""
        item = house.assign(parties=HELPED)
        assert limit(item) == at("06-03 17:30")
        assert limit(item, Role.RESPONSIBLE) is None
        assert item.due_at == at("06-05 17:30")
        assert house.desk().get("A-1") == item

    def test_who_takes_over_begins_anew(self, house: House) -> None:
        """The clock of the new unit runs from the reassignment; due does not move."""
        house.assign(days=10)
        item = house.desk(when="06-03 10:00").reassign(
            "A-1", unit=CZJ, term=Term.workdays(3)
        )
        assert limit(item, Role.RESPONSIBLE) == at("06-08 17:30")
        assert item.due_at == at("06-15 17:30")
        [(_, gone)] = item.past_parties
        assert (gone.unit, gone.since, gone.until) == (
            ZJJ,
            at("06-01 09:00"),
            at("06-03 10:00"),
        )

    def test_each_round_has_a_limit_of_its_own(self, house: House) -> None:
        """Sent back, the unit's own term runs anew, or the one that is given."""
        own = {**HELPED, Role.RESPONSIBLE: Party(ZJJ, term=Term.workdays(3))}
        item = house.assign(days=10, parties=own)
        assert limit(item, Role.RESPONSIBLE) == at("06-04 17:30")
        house.desk(ZJJ, "06-03 10:00").submit("A-1")
        item = house.desk(when="06-04 09:00").send_back("A-1", reason="缺少附件")
        assert limit(item, Role.RESPONSIBLE) == at("06-09 17:30")
        house.desk(ZJJ, "06-05 10:00").submit("A-1")
        item = house.desk(when="06-05 15:00").send_back(
            "A-1", reason="仍缺附件", term=Term.workdays(1)
        )
        assert limit(item, Role.RESPONSIBLE) == at("06-08 17:30")
        assert limit(item) == at("06-03 17:30")
        assert (item.returned, item.due_at) == (2, at("06-15 17:30"))

    def test_it_stands_still_with_the_item(self, house: House) -> None:
        """A day's pause moves both clocks; one past its limit moves the item's only."""
        house.assign(parties=HELPED)
        house.desk(when="06-02 09:00").suspend("A-1", reason="等待批复")
        item = house.desk(when="06-03 09:00").resume("A-1")
        assert (limit(item), item.due_at) == (at("06-04 17:30"), at("06-08 17:30"))
        house.desk(when="06-05 09:00").suspend("A-1", reason="等待批复")
        item = house.desk(when="06-08 09:00").resume("A-1")
        assert (limit(item), item.due_at) == (at("06-04 17:30"), at("06-09 17:30"))

    def test_the_log_gives_the_same_limits(self, house: House) -> None:
        """What is stored is what the events fold to."""
        house.assign(parties=HELPED)
        house.desk(when="06-02 09:00").suspend("A-1", reason="等待批复")
        item = house.desk(when="06-03 09:00").resume("A-1")
        then = house.desk(when="06-04 09:00").as_of(at("06-04 09:00")).get("A-1")
        assert then.parties == item.parties
        before = house.desk(when="06-04 09:00").as_of(at("06-01 10:00")).get("A-1")
        assert limit(before) == at("06-03 17:30")


class TestInsideTheItems:
    """Who assists is done before the lead; both dates are named where not."""

    def test_a_limit_after_due_is_refused(self, house: House) -> None:
        """Six working days inside four."""
        late = {**HELPED, Role.ASSISTING: Party(CZJ, term=Term.workdays(6))}
        with pytest.raises(Refused) as refused:
            house.assign(parties=late)
        [reason] = refused.value.reasons
        assert reason.code == "limit.after_due"
        for said in (reason.en, reason.zh):
            assert CZJ in said
        assert "2026-06-09" in reason.en
        assert "2026-06-05" in reason.en
        assert "6月9日" in reason.zh
        assert "6月5日" in reason.zh

    def test_the_limit_of_the_lead_binds_too(self, house: House) -> None:
        """The lead is to be done on Tuesday, who assists it on Wednesday."""
        led = {**HELPED, Role.LEAD: Party("sjj", term=Term.workdays(1))}
        with pytest.raises(Refused, match="2026-06-02"):
            house.assign(parties=led)

    def test_who_is_called_in_later_is_held_to_it(self, house: House) -> None:
        """A reassignment gives no limit after due, until due itself has passed."""
        house.assign(parties=HELPED)
        with pytest.raises(Refused, match="2026-06-08"):
            house.desk(when="06-04 09:00").reassign(
                "A-1", unit="sjj", role=Role.ASSISTING, term=Term.workdays(2)
            )
        item = house.desk(when="06-08 09:00").reassign(
            "A-1", unit="sjj", role=Role.ASSISTING, term=Term.workdays(2)
        )
        assert limit(item) == at("06-10 17:30")


class TestInsideTheWhole:
    """A part is due no later than what it is part of."""

    def test_a_part_given_out_too_long_is_refused(self, house: House) -> None:
        """Five working days under four, whichever way the part comes to be."""
        house.assign()
        part = NewItem("A-1-1", "勘测", term=Term.workdays(5), parties={})
        for give in (
            lambda: house.desk().assign(part, parent="A-1"),
            lambda: house.desk().decompose("A-1", [part]),
        ):
            with pytest.raises(Refused) as refused:
                give()
            [reason] = refused.value.reasons
            assert reason.code == "part.after_whole"
            assert "2026-06-08" in reason.en
            assert "2026-06-05" in reason.en
            assert "6月8日" in reason.zh
            assert "6月5日" in reason.zh

    def test_due_together_is_inside(self, house: House) -> None:
        """The last instant of the whole is the last of a part."""
        house.assign()
        part = NewItem("A-1-1", "勘测", term=Term.workdays(4))
        made = house.desk().assign(part, parent="A-1")
        assert made.due_at == at("06-05 17:30")

    def test_what_is_late_already_is_still_split(self, house: House) -> None:
        """Once the whole is past due a part has a date of its own."""
        house.assign()
        part = NewItem("A-1-1", "勘测", term=Term.workdays(2))
        made = house.desk(when="06-08 09:00").assign(part, parent="A-1")
        assert made.due_at == at("06-10 17:30")

    def test_a_part_is_not_extended_past_its_whole(self, house: House) -> None:
        """The whole has to be extended first."""
        house.assign()
        part = NewItem(
            "A-1-1", "勘测", term=Term.workdays(3), parties={Role.RESPONSIBLE: CZJ}
        )
        house.desk().assign(part, parent="A-1")
        for code, unit in (("A-1-1", CZJ), ("A-1", ZJJ)):
            house.desk(unit, "06-02 09:00").extensions.request(
                code, until=at("06-09 17:30").date(), reason="材料未齐"
            )
        desk = house.desk(when="06-02 10:00")
        with pytest.raises(Refused, match="part of: A-1"):
            desk.extensions.grant("A-1-1")
        desk.extensions.grant("A-1")
        assert desk.extensions.grant("A-1-1").due_at == at("06-09 17:30")


class TestRungs:
    """A rung goes by the party's own limit; by the item's due where it has none."""

    def test_each_party_is_urged_at_its_own(self, storage: Storage) -> None:
        """财政局 on Wednesday, 住建局 on Friday, each once."""
        house = House.open(storage, policies=[ASSISTED])
        house.assign(parties=HELPED)
        urged = []
        for day in ("06-02 18:00", "06-03 18:00", "06-05 18:00", "06-12 18:00"):
            house.sweep(day)
            urged.append(
                [
                    (e.action, e.data["unit"])
                    for e in house.desk().history("A-1")
                    if e.rung
                ]
            )
        assert urged == [
            [("remind", CZJ)],
            [("remind", CZJ), ("urge", CZJ)],
            [("remind", CZJ), ("urge", CZJ), ("urge", ZJJ)],
            [("remind", CZJ), ("urge", CZJ), ("urge", ZJJ)],
        ]

    def test_a_pause_repeats_no_reminder(self, storage: Storage) -> None:
        """Reminded on Tuesday; the pause moves that to Friday, which has passed."""
        house = House.open(storage, policies=[ASSISTED])
        house.assign(parties=HELPED, days=10)
        house.sweep("06-02 18:00")
        house.desk(when="06-03 09:00").suspend("A-1", reason="等待批复")
        item = house.desk(when="06-08 09:00").resume("A-1")
        assert limit(item) == at("06-08 17:30")
        house.sweep("06-08 17:30")
        assert house.actions().count("remind") == 1
        house.sweep("06-08 18:00")
        assert house.actions().count("urge") == 1

    def test_a_new_round_is_urged_anew(self, storage: Storage) -> None:
        """Once at the first limit, and once at that of the round after the return."""
        house = House.open(storage, policies=[ASSISTED])
        own = {**HELPED, Role.RESPONSIBLE: Party(ZJJ, term=Term.workdays(3))}
        house.assign(parties={r: p for r, p in own.items() if r != Role.ASSISTING})
        house.sweep("06-04 18:00")
        house.desk(ZJJ, "06-05 10:00").submit("A-1")
        house.desk(when="06-05 15:00").send_back(
            "A-1", reason="缺少附件", term=Term.workdays(1)
        )
        house.sweep("06-05 16:00")
        assert house.actions().count("urge") == 1
        house.sweep("06-08 18:00")
        house.sweep("06-08 18:00")
        cycles = [e.cycle for e in house.desk().history("A-1") if e.action == "urge"]
        assert cycles == ["limit:2026-06-04T17:30", "limit:2026-06-08T17:30"]

    def test_the_message_names_the_limit(self, storage: Storage) -> None:
        """Beside the date that is assessed; of what goes by due there is no other."""
        line = Recording("paper")
        house = House.open(storage, policies=[ASSISTED], channels=[line])
        house.assign(parties=HELPED)
        house.sweep("06-03 18:00")
        house.office.deliver(now=at("06-03 18:00"))
        [message] = line.messages
        assert (message.unit, message.rung) == (CZJ, "own")
        assert "内部时限：财政局，2026年6月3日（周三）17:30" in message.text
        assert "办理时限为2026年6月5日（周五）17:30" in message.text
        house.sweep("06-05 18:00")
        house.office.deliver(now=at("06-05 18:00"))
        assert "内部时限" not in line.messages[-1].text

    def test_it_is_said_in_english_too(self, storage: Storage) -> None:
        """Under a label of its own."""
        line = Recording("paper")
        house = House.open(storage, policies=[ASSISTED], channels=[line], lang="en")
        house.assign(parties=HELPED)
        house.sweep("06-03 18:00")
        house.office.deliver(now=at("06-03 18:00"))
        assert "Internal limit: 财政局 2026-06-03 (Wed) 17:30" in line.messages[0].text

    def test_a_notice_of_a_limit_that_moved_is_held(self, storage: Storage) -> None:
        """A pause written down late moves it before the message has left."""
        line = Recording("paper")
        house = House.open(storage, policies=[ASSISTED], channels=[line])
        house.assign(parties=HELPED)
        house.sweep("06-02 18:00")
        house.desk(when="06-03 09:00").suspend(
            "A-1", reason="等待批复", effective_at=at("06-02 09:00")
        )
        house.desk(when="06-03 10:00").resume("A-1")
        result = house.office.deliver(now=at("06-03 10:00"))
        assert (line.messages, result.cancelled) == ([], 1)
        with storage.begin("default") as work:
            [notice] = work.notices()
        assert "内部时限已调整" in notice.detail

    def test_it_names_its_clock(self, storage: Storage) -> None:
        """The explanation says by which clock each rung goes."""
        house = House.open(storage, policies=[ASSISTED])
        house.assign(parties=HELPED)
        told = house.desk(when="06-04 09:00").explain("A-1", "en")
        clocks = [(one.rung, one.unit, one.clock) for one in told.rungs]
        assert clocks == [
            ("own", ZJJ, "due"),
            ("own", CZJ, "limit"),
            ("soon", CZJ, "limit"),
        ]
        assert "by its own limit" in str(told)
        assert "by the due date" in str(told)
        assert "（内部时限）" in str(house.desk(when="06-04 09:00").explain("A-1"))


class TestSomeOfSeveral:
    """n of m parts suffice, each by a clock of its own."""

    def test_two_of_three_close_the_whole(self, house: House) -> None:
        """Parts with terms of their own are due on days of their own."""
        house.assign(days=10)
        parts = [
            NewItem(
                f"A-1-{n}",
                f"分项{n}",
                term=Term.workdays(2 * n),
                parties={Role.RESPONSIBLE: Party(CZJ, term=Term.workdays(n))},
            )
            for n in (1, 2, 3)
        ]
        house.desk().decompose("A-1", parts, needs=2)
        desk = house.desk(PANEL, "06-04 10:00")
        made = [desk.get(f"A-1-{n}") for n in (1, 2, 3)]
        assert [limit(one, Role.RESPONSIBLE) for one in made] == [
            at("06-02 17:30"),
            at("06-03 17:30"),
            at("06-04 17:30"),
        ]
        desk.close("A-1-1", reason="完成")
        with pytest.raises(Refused, match="1 parts are closed and 2 are needed"):
            desk.close("A-1", reason="完成")
        late = desk.close("A-1-2", reason="完成")
        assert late.closing is not None
        assert late.closing.late is False
        first = desk.get("A-1-1").closing
        assert first is not None
        assert first.late is True
        assert desk.close("A-1", reason="完成").state == "closed"
