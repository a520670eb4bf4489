"""Once a calendar says otherwise, all is judged when it is time, and no sooner."""

from __future__ import annotations

from datetime import date, datetime

from duban_flow import Term, WorkCalendar
from duban_flow.domain.time.notice import CalendarNotice
from duban_flow.formats.policy_toml import load_policy
from tests.engine.house import House, at, matter
from tests.engine.loaded import FLOOD, NOON, load

REMINDS = load_policy(
    """
name = "reminds"
version = "1"
[[rung]]
key = "remind"
at = "due - 3 workdays"
action = "remind"
[[rung]]
key = "urge"
at = "due + 2 workdays"
action = "urge"
"""
)


class TestJudgedNext:
    """Items that moved are due to be judged when something can change, not at once."""

    def test_a_crowd_does_not_stop_the_sweep(self, house):
        """None of those that moved is due at once."""
        for n in range(60):
            house.assign(f"A-{n:02}", days=4)
        house.sweep("06-02 09:00")
        load(house, FLOOD, NOON)
        assert house.sweep("06-03 13:00").judged == 0
        assert house.sweep("06-05 18:00").fired == 0
        assert house.sweep("06-08 18:00").fired == 60

    def test_a_rung_that_fired_for_the_old_date_fires_for_the_new(self, house):
        """The urging at due comes again with the new due."""
        house.assign("A-1", days=4)
        house.sweep("06-05 18:00")
        load(house, FLOOD, "06-05 18:30")
        assert house.sweep("06-08 17:30").fired == 0
        assert house.sweep("06-08 18:00").fired == 1
        assert house.actions("A-1").count("urge") == 2

    def test_a_date_that_comes_earlier_is_judged_at_once(self, house):
        """A Saturday turns out to be worked: what is past due by it lapses."""
        house.assign("A-1", when="06-05 09:00", days=2)
        worked = CalendarNotice(
            name="调休", version="2", make_up_days={date(2026, 6, 6): "调休"}
        )
        load(house, worked, "06-09 09:00")
        item = house.desk().get("A-1")
        assert (item.due_at, item.state) == (at("06-08 17:30"), "assigned")
        assert house.sweep("06-09 09:00").lapsed == 1
        assert house.desk().history("A-1")[-2].effective_at == at("06-08 17:30")

    def test_a_rung_that_counts_working_days_is_judged_in_time(self, storage):
        """The date was named and stays; the third working day before it is another."""
        house = House.open(storage, policies=[REMINDS])
        house.assign("A-1", term=Term.until(date(2026, 6, 9)))
        house.assign("A-2", term=Term.until(date(2026, 6, 3)))
        house.sweep("06-01 10:00")
        desk = house.desk(when="06-02 09:00")
        assert desk.get("A-1").next_at == at("06-04 17:30")
        assert load(house, FLOOD, "06-02 09:00").changed == 0
        assert desk.get("A-1").next_at == at("06-03 17:30")
        # Two working days past due it is urged; the day between is off.
        house.sweep("06-03 18:00")
        assert desk.get("A-2").next_at == at("06-08 17:30")
        assert house.actions("A-1") == ["assign", "remind"]
        assert house.office.audit(now=at("06-03 18:00")).faults == ()

    def test_a_rung_whose_time_has_come_by_that_fires_at_once(self, storage):
        """The reminder was due half an hour ago by that; the next sweep sends it."""
        house = House.open(storage, policies=[REMINDS])
        house.assign("A-1", term=Term.until(date(2026, 6, 9)))
        house.sweep("06-01 10:00")
        load(house, FLOOD, "06-03 18:00")
        assert house.desk().get("A-1").next_at == at("06-03 18:00")
        assert house.sweep("06-03 18:00").fired == 1

    def test_what_waits_past_the_day_is_judged_in_time(self, storage):
        """It is past due already, and its next rung counts over the day."""
        house = House.open(storage, policies=[REMINDS])
        house.assign("A-1", term=Term.until(date(2026, 6, 3)))
        house.sweep("06-03 18:00")
        desk = house.desk(when="06-03 19:00")
        assert desk.get("A-1").next_at == at("06-05 17:30")
        load(house, FLOOD, "06-03 19:00")
        assert desk.get("A-1").next_at == at("06-08 17:30")
        assert house.actions("A-1") == ["assign", "lapse"]

    def test_a_sitting_that_moves_is_waited_for(self, house):
        """The panel sits two working days before the month's end: a day earlier now."""
        house.assign("A-1", days=4)
        house.sweep("06-05 18:00")
        desk = house.desk(when="06-08 09:00")
        assert desk.get("A-1").next_at == at("06-26 09:00")
        off = CalendarNotice(
            name="停工", version="2", holidays={date(2026, 6, 29): "停工"}
        )
        assert load(house, off, "06-08 09:00").changed == 0
        assert desk.get("A-1").next_at == at("06-25 09:00")
        assert house.sweep("06-25 09:00").sittings == ("district@1",)

    def test_what_is_set_aside_keeps_its_turn(self, storage):
        """A policy that raises is the sweep's to meet, at the end of its back-off."""

        class Broken:
            """A policy that fails."""

            name, version = "broken", "1"

            def rungs(self, item, facts):
                """Fail."""
                raise ValueError

        house = House.open(storage, policies=[Broken()])
        house.assign("A-1", days=4)
        house.assign("A-2", when="06-03 08:00", days=4)
        assert house.sweep("06-02 09:00").quarantined == 1
        before = house.desk().get("A-1").next_at
        load(house, FLOOD, NOON)
        assert house.desk().get("A-1").next_at == before
        assert house.desk().get("A-2").next_at == at(NOON)

    def test_an_edition_that_came_with_the_office_is_seen_to_once(self, storage):
        """Until it is planned the audit names what is judged too late; then nothing."""
        christmas = datetime.fromisoformat("2025-12-24T10:00+08:00")
        before = House.open(
            storage, policies=[REMINDS], calendars=[WorkCalendar.china(2025)]
        )
        before.desk(when=christmas).assign(matter(term=Term.until(date(2026, 1, 6))))
        before.office.sweep(now=christmas)

        house = House.open(storage, policies=[REMINDS])
        assert [f.check for f in house.office.audit(now=christmas).faults] == [
            "next_at"
        ]
        desk = house.desk(when=christmas)
        plan = desk.plan(WorkCalendar.china())
        assert (plan.moves, plan.firmed) == ((), ())
        assert desk.apply(plan).changed == 0
        assert house.office.audit(now=christmas).faults == ()
        version = desk.get("A-1").version
        assert not desk.apply(desk.plan(WorkCalendar.china())).acts
        assert desk.get("A-1").version == version == 1

    def test_an_item_of_a_policy_nobody_opened_is_left_to_the_sweep(self, storage):
        """Its date moves all the same; the sweep says what is missing."""

        class Own:
            """A policy written in Python, of which nothing is kept."""

            name, version = "own", "1"

            def rungs(self, item, facts):
                """Give no rung."""
                return ()

        House.open(storage, policies=[Own()]).assign("A-1", days=4)
        house = House.open(storage, policies=())
        load(house, FLOOD, NOON)
        item = house.desk().get("A-1")
        assert (item.due_at, item.next_at) == (at("06-08 17:30"), at(NOON))
        assert house.sweep("06-03 13:00").quarantined == 1
