"""A notice is planned, then applied: what moves moves once, all or nothing."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from attrs import evolve

from duban_flow import (
    Action,
    Conflict,
    Forbidden,
    Invalid,
    Office,
    Party,
    Reason,
    State,
    Supervision,
    Term,
    WorkCalendar,
    Workflow,
)
from duban_flow.domain.payloads import Close
from duban_flow.domain.recalendar import RECALENDAR
from duban_flow.domain.time.notice import CalendarNotice, Days
from duban_flow.domain.units import Role
from tests.engine.house import (
    CZJ,
    DCS,
    PANEL,
    POLICY,
    UNITS,
    ZJJ,
    House,
    at,
    matter,
)
from tests.engine.loaded import CHINA, FLOOD, NOON, codes, load
from tests.engine.telling import Line


class TestPlan:
    """A plan says what would move and writes nothing."""

    def test_only_terms_that_run_over_the_day_move(self, house):
        """One that ends before it does not, nor does a date that was named."""
        house.assign("A-1", days=4)
        house.assign("A-2", days=2)
        house.assign("A-3", term=Term.until(date(2026, 6, 10)))
        house.assign("A-4", when="06-02 09:00", days=2)
        plan = house.desk(when=NOON).plan(FLOOD)
        assert codes(plan.moves) == ["A-1", "A-4"]
        (first, second) = plan.moves
        assert (first.before.latest, first.after.latest) == (
            at("06-05 17:30"),
            at("06-08 17:30"),
        )
        assert (second.before.latest, second.after.latest) == (
            at("06-04 17:30"),
            at("06-05 17:30"),
        )
        assert plan.counts == {
            "moves": 2,
            "firmed": 0,
            "deferred": 0,
            "notices": 0,
            "sanctions": 0,
        }
        assert house.desk().get("A-1").due_at == at("06-05 17:30")
        assert house.office.settings.calendar() == CHINA

    def test_what_is_paused_is_deferred_and_comes_out_right(self, house):
        """Its deadline is reckoned when it is resumed, by the edition in force then."""
        house.assign("A-1", days=4)
        house.desk(when="06-02 09:00").suspend("A-1", reason="材料不齐")
        plan = house.desk(when=NOON).plan(FLOOD)
        assert (codes(plan.moves), plan.deferred) == ([], ("A-1",))
        house.desk(when=NOON).apply(plan)
        assert house.actions("A-1") == ["assign", "suspend"]
        again = house.desk(when="06-03 09:00").resume("A-1")
        # A working day was lost to the pause, another to the flood.
        assert again.due_at == at("06-09 17:30")

    def test_a_pause_whose_end_is_known_moves_like_any_other(self, house):
        """Its date is known, so it is in the plan."""
        house.assign("A-1", days=4)
        house.desk(when="06-02 09:00").suspend(
            "A-1", reason="材料不齐", until=at("06-03 09:00")
        )
        (move,) = house.desk(when=NOON).plan(FLOOD).moves
        assert move.after.latest == at("06-09 17:30")

    def test_a_date_that_is_only_known_better_is_firmed(self, house):
        """A deadline in an unpublished year is a range, until the notice is there."""
        new_year = CalendarNotice(
            name="2027年放假安排",
            version="2027",
            known_until=date(2027, 12, 31),
            holidays={date(2027, 1, 1): "元旦"},
        )
        term = Term.workdays(4)
        item = house.assign("A-1", when="12-29 09:00", term=term)
        house.assign("A-2", when="12-01 09:00", term=term)
        assert item.due is not None
        assert item.due.provisional
        desk = house.desk(when="12-30 09:00")
        plan = desk.plan(new_year)
        assert codes((*plan.moves, *plan.firmed)) == ["A-1"]
        desk.apply(plan)
        due = desk.get("A-1").due
        assert due is not None
        assert not due.provisional
        assert due.earliest == due.latest
        assert house.actions("A-2") == ["assign"]

    def test_what_became_firm_where_it_stood_keeps_its_number(self, house):
        """It is the same due: its rungs have not to fire again."""
        published = CalendarNotice(
            name="放假安排", version="2027", known_until=date(2027, 12, 31)
        )
        item = house.assign("A-1", when="12-31 09:00", term=Term.days(2, roll=True))
        assert item.due is not None
        assert item.due.provisional
        latest = evolve(item.due, provisional=False).latest
        holidays = {
            day: "元旦"
            for n in range(1, 31)
            if (day := date(2027, 1, n)) < latest.date() and day.weekday() < 5
        }
        plan = house.desk(when="12-31 10:00").plan(evolve(published, holidays=holidays))
        assert (codes(plan.moves), codes(plan.firmed)) == ([], ["A-1"])
        house.desk(when="12-31 10:00").apply(plan)
        after = house.desk(when="12-31 11:00").get("A-1")
        assert (after.due_ordinal, after.past_dues, after.due_at) == (1, (), latest)
        assert after.due is not None
        assert not after.due.provisional

    def test_every_fault_is_a_problem(self, house):
        """A name and version that are taken, one known less far, what does not fit."""
        house.assign("A-1")
        other = evolve(CHINA, holidays={**CHINA.holidays, date(2026, 6, 4): "防汛"})
        less = evolve(WorkCalendar.china(through=2025), version="x")
        desk = house.desk()
        for wrong, code in (
            (other, "calendar.edition_changed"),
            (less, "calendar.known_less"),
            (evolve(FLOOD, calendar="tokyo"), "calendar.unknown"),
            (
                CalendarNotice(name="x", version="2", withdrawn=[date(2026, 6, 4)]),
                "notice.not_listed",
            ),
        ):
            plan = desk.plan(wrong)
            assert [p.code for p in plan.problems] == [code]
            with pytest.raises(Invalid):
                desk.apply(plan)
        assert house.office.settings.calendar() == CHINA

    def test_an_item_that_cannot_be_reckoned_is_a_problem(self, storage):
        """Its workflow is gone with the plugin that brought it; it is named."""

        class Other(Workflow):
            """A workflow that some host has brought and taken away."""

            name, version = "other", "1"
            begun = State(first=True)
            done = State(end=True)
            close = Action(begun.to(done), Close, roles=("supervising",))

        House.open(storage, workflows=[Supervision, Other]).assign(
            "A-1", workflow="other"
        )
        house = House.open(storage)
        house.assign("A-2")
        plan = house.desk(when=NOON).plan(FLOOD)
        assert [(p.code, p.said) for p in plan.problems] == [
            ("workflow.unknown", "A-1")
        ]
        with pytest.raises(Invalid):
            house.desk(when=NOON).apply(plan)
        assert house.desk(when=NOON).get("A-2").due_at == at("06-05 17:30")

    def test_a_watcher_hears_how_far_it_is(self, house):
        """Of planning, and of applying."""
        house.assign("A-1", days=4)
        heard = []

        def progress(what, done, total):
            """Keep what is told."""
            heard.append((what, done, total))

        desk = house.desk(when=NOON)
        desk.apply(desk.plan(FLOOD, progress=progress), progress=progress)
        assert heard == [("plan", 0, None), ("apply", 1, 1)]

    def test_a_target_that_moves_is_kept(self, house):
        """The assessed date stays where a target was set; both are reckoned again."""
        house.assign("A-1", term=Term.until(date(2026, 6, 12)))
        desk = house.desk(PANEL, "06-02 09:00")
        desk.rebaseline("A-1", term=Term.workdays(5), reason="调整")
        before = desk.get("A-1").goal
        load(house, FLOOD, NOON)
        goal = house.desk(when=NOON).get("A-1").goal
        assert before is not None
        assert goal is not None
        assert (before.latest, goal.latest) == (at("06-09 17:30"), at("06-10 17:30"))

    def test_a_limit_of_an_item_without_a_date_moves(self, storage):
        """It has none of its own; who assists has one, and both are told of that."""
        line = Line(local=True)
        house = House.open(storage, channels=[line])
        house.assign(
            "A-1",
            term=None,
            parties={
                Role.RESPONSIBLE: ZJJ,
                Role.ASSISTING: Party(CZJ, term=Term.workdays(4)),
                Role.SUPERVISING: DCS,
            },
        )
        assert load(house, FLOOD, NOON).changed == 1
        item = house.desk(when=NOON).get("A-1")
        (party,) = item.parties[Role.ASSISTING]
        assert party.due is not None
        assert party.due.latest == at("06-08 17:30")
        assert (item.due, item.due_ordinal) == (None, 1)
        house.office.deliver(now=at(NOON))
        assert {m.unit for m in line.sent} == {ZJJ, CZJ, DCS}
        assert line.sent[0].text.splitlines()[-1] == (
            "A-1《事项A-1》财政局的内部时限由2026年6月5日（周五）17:30"
            "调整为2026年6月8日（周一）17:30"
        )

    def test_a_limit_of_a_party_moves_too(self, house):
        """The item's own date was named and stays; who assists has a day more."""
        house.assign(
            "A-1",
            term=Term.until(date(2026, 6, 12)),
            parties={
                Role.RESPONSIBLE: ZJJ,
                Role.ASSISTING: Party(CZJ, term=Term.workdays(4)),
                Role.SUPERVISING: DCS,
            },
        )
        (move,) = house.desk(when=NOON).plan(FLOOD).moves
        assert not move.moved
        ((limit),) = move.limits
        assert (limit.unit, limit.after.latest) == (CZJ, at("06-08 17:30"))
        load(house, FLOOD, NOON)
        item = house.desk(when=NOON).get("A-1")
        (party,) = item.parties[Role.ASSISTING]
        assert party.due is not None
        assert party.due.latest == at("06-08 17:30")
        assert (item.due_at, item.due_ordinal) == (at("06-12 17:30"), 1)


class TestApply:
    """Applying writes one event on each item that moves, and nothing else."""

    def test_each_item_gets_one_event_and_keeps_its_old_date(self, house):
        """The event carries the edition and both dates; untouched items are not."""
        house.assign("A-1", days=4)
        house.assign("A-2", days=2)
        made = load(house, FLOOD, NOON)
        assert (made.acts, made.changed, made.repeated) == (1, 1, False)
        desk = house.desk(when=NOON)
        item, untouched = desk.get("A-1"), desk.get("A-2")
        assert item.due_at == at("06-08 17:30")
        assert item.due is not None
        assert item.due.calendar.version == "2026.1"
        assert [due.latest for due in item.past_dues] == [at("06-05 17:30")]
        assert (item.due_ordinal, item.version, untouched.version) == (2, 2, 1)
        event = desk.history("A-1")[-1]
        assert (event.action, event.actor_unit) == (RECALENDAR, DCS)
        assert event.data["calendar"]["version"] == "2026.1"
        assert event.data["derived"]["due_before"] == "2026-06-05T09:30:00Z"
        assert event.data["reason"] == "防汛停工，区防指"
        assert event.effective_at == at(NOON)

    def test_the_same_again_is_nothing(self, house):
        """The plan, the notice, and the calendar it made; once is enough."""
        house.assign("A-1", days=4)
        desk = house.desk(when=NOON)
        plan = desk.plan(FLOOD)
        desk.apply(plan)
        assert desk.apply(plan).repeated
        for source in (FLOOD, CHINA.load(FLOOD), CHINA):
            again = desk.plan(source)
            assert (again.moves, again.firmed, again.problems) == ((), (), ())
            assert desk.apply(again).changed == 0
        assert house.actions("A-1") == ["assign", RECALENDAR]
        assert house.office.settings.calendar().version == "2026.1"

    def test_a_later_matter_is_counted_by_the_new_edition(self, house, storage):
        """By every office on the storage, the one that was opened before too."""
        other = House(house.office, storage)
        before = House.open(storage)
        load(other, FLOOD, NOON)
        assert before.assign("A-1", days=4).due_at == at("06-08 17:30")
        assert House.open(storage).assign("A-2", days=4).due_at == at("06-08 17:30")

    def test_an_edition_that_came_with_the_office_is_planned_like_any_other(
        self, storage
    ):
        """Opened with a further year it counts by that; old dates are planned."""
        through = [WorkCalendar.china(2025)]
        before = House.open(storage, calendars=through)
        december = datetime.fromisoformat("2025-12-30T09:00+08:00")
        for code, days in (("A-1", 1), ("A-2", 4)):
            before.desk(when=december).assign(matter(code, days=days))
        due = before.desk(when=december).get("A-2").due
        assert due is not None
        assert due.provisional

        house = House.open(storage, calendars=[CHINA])
        desk = house.desk(when=december)
        assert house.office.settings.calendar() == CHINA
        assert desk.get("A-2").due == due
        plan = desk.plan(CHINA)
        assert (plan.edition, plan.warnings) == (CHINA.edition, ())
        assert codes((*plan.moves, *plan.firmed)) == ["A-2"]
        assert desk.apply(plan).changed == 1
        again = desk.get("A-2").due
        assert again is not None
        assert again.calendar == CHINA.edition
        assert not again.provisional
        assert desk.plan(CHINA).moves == ()

    def test_a_day_that_gets_lost_is_warned_of(self, house):
        """The flood was loaded; a calendar that does not know of it takes it back."""
        house.assign("A-1", days=4)
        load(house, FLOOD, NOON)
        (warning,) = house.desk(when=NOON).plan(evolve(CHINA, version="new")).warnings
        assert (warning.code, warning.said) == ("calendar.corrects", "2026-06-04")
        assert house.desk(when=NOON).plan(FLOOD).warnings == ()

    def test_a_stale_plan_is_refused(self, house):
        """A matter that was given out since would be left behind."""
        house.assign("A-1", days=4)
        plan = house.desk(when=NOON).plan(FLOOD)
        house.assign("A-2", days=4)
        with pytest.raises(Conflict) as refused:
            house.desk(when=NOON).apply(plan)
        assert refused.value.code == "plan.stale"
        assert house.desk().get("A-1").due_at == at("06-05 17:30")

    def test_what_does_not_change_the_plan_leaves_it_fresh(self, house):
        """A report on an item bumps its version and no more."""
        house.assign("A-1", days=4)
        plan = house.desk(when=NOON).plan(FLOOD)
        house.desk(ZJJ, NOON).report("A-1", progress=10)
        assert house.desk(when=NOON).apply(plan).changed == 1

    def test_only_oversight_loads_calendars(self, storage):
        """A unit that handles matters does not even plan: it would see all others'."""
        office = Office.open(storage, policies=[POLICY], create=True)
        office.desk(DCS, now=at("06-01 09:00")).register(UNITS)
        office.desk(DCS, now=at("06-01 09:00")).assign(matter())
        plan = office.desk("审计局", now=at(NOON)).plan(FLOOD)
        asked = (
            lambda: office.desk(ZJJ, now=at(NOON)).plan(FLOOD),
            lambda: office.desk(ZJJ, now=at(NOON)).apply(plan),
            lambda: office.desk("sjj", now=at(NOON)).apply(plan),
        )
        for ask in asked:
            with pytest.raises(Forbidden) as refused:
                ask()
            assert refused.value.code == "rights.unit"
        assert office.desk(PANEL, now=at(NOON)).apply(plan).changed == 1

    def test_one_refusal_refuses_all(self, storage):
        """The host forbids one item: no item moves, no edition is kept."""

        def permit(actor, action, item):
            """Let nobody touch A-2's dates."""
            if action == RECALENDAR and item.code == "A-2":
                return Reason(code="host.no", en="no")
            return None

        house = House.open(storage, permit=permit)
        house.assign("A-1", days=4)
        house.assign("A-2", days=4)
        with pytest.raises(Forbidden, match="no"):
            load(house, FLOOD, NOON)
        assert house.desk().get("A-1").due_at == at("06-05 17:30")
        assert house.office.settings.calendar() == CHINA

    def test_calendars_laid_over_it_follow(self, storage):
        """A county with a day of its own gets an edition over the new base."""
        own = Days(holidays={date(2026, 6, 3): "泼水节"})
        county = CHINA.layered(name="county", version="1", days=own)
        house = House.open(storage, calendars=[CHINA, county])
        house.assign("A-1", days=4, calendar="county")
        house.assign("A-2", days=4)
        plan = house.desk(when=NOON).plan(FLOOD)
        assert codes(plan.moves) == ["A-2", "A-1"]
        house.desk(when=NOON).apply(plan)
        desk = house.desk(when=NOON)
        assert desk.get("A-1").due_at == at("06-09 17:30")
        laid = house.office.settings.calendar("county")
        assert (laid.version, laid.over) == ("1/2026.1", CHINA.load(FLOOD).edition)
        again = desk.plan(FLOOD)
        assert (again.moves, desk.apply(again).changed) == ((), 0)

    def test_a_calendar_that_is_new_is_only_kept(self, house):
        """No item rests on it yet; it can be named from then on."""
        tokyo = evolve(CHINA, name="tokyo", zone="Asia/Tokyo")
        assert load(house, tokyo, NOON).acts == 0
        item = house.assign("A-1", calendar="tokyo")
        assert item.due is not None
        assert item.due.calendar == tokyo.edition


class TestTold:
    """Each unit gets one digest, whoever was told of the old date too."""

    @pytest.fixture
    def line(self):
        """Give a channel that remembers."""
        return Line(local=True)

    @pytest.fixture
    def told(self, storage, line):
        """Give a house with a channel."""
        return House.open(storage, channels=[line])

    def test_a_unit_is_told_once_of_all_its_matters(self, told, line):
        """Two items of one unit, one of another; the supervisor hears of all three."""
        told.assign("A-1", days=4)
        told.assign("A-2", days=4)
        told.assign(
            "A-3", days=3, parties={Role.RESPONSIBLE: CZJ, Role.SUPERVISING: DCS}
        )
        load(told, FLOOD, NOON)
        told.office.deliver(now=at(NOON))
        assert sorted(m.unit for m in line.sent) == [CZJ, DCS, ZJJ]
        text = {m.unit: m.text for m in line.sent}
        assert text[ZJJ] == (
            "住建局：\n"
            "工作日历已更新（china@2026.1），下列2项的办理时限随之调整：\n"
            "A-1《事项A-1》由2026年6月5日（周五）17:30调整为2026年6月8日（周一）17:30\n"
            "A-2《事项A-2》由2026年6月5日（周五）17:30调整为2026年6月8日（周一）17:30"
        )
        assert text[DCS].count("《") == 3

    def test_who_was_told_of_the_old_date_is_told_of_the_new(self, told, line):
        """A unit that has left the matter since heard of its old date."""
        told.assign("A-1", days=4)
        told.sweep("06-05 18:00")
        told.office.deliver(now=at("06-05 18:00"))
        assert {m.unit for m in line.sent} == {ZJJ, DCS}
        told.desk(when="06-05 18:10").reassign("A-1", unit=CZJ)
        line.sent.clear()
        plan = told.desk(when="06-05 18:20").plan(FLOOD)
        assert {n.unit for n in plan.notices} == {ZJJ, DCS}
        told.desk(when="06-05 18:20").apply(plan)
        told.office.deliver(now=at("06-05 18:20"))
        assert sorted(m.unit for m in line.sent) == [CZJ, DCS, ZJJ]

    def test_a_long_list_says_how_many_more(self, storage, line):
        """A digest names twenty matters; in English as well."""
        told = House.open(storage, channels=[line], lang="en")
        for n in range(22):
            told.assign(f"A-{n:02}", days=4)
        load(told, FLOOD, NOON)
        told.office.deliver(now=at(NOON))
        (text,) = [m.text for m in line.sent if m.unit == ZJJ]
        lines = text.splitlines()
        assert lines[0] == "To 住建局:"
        assert lines[2] == (
            "A-00 事项A-00: from 2026-06-05 (Fri) 17:30 to 2026-06-08 (Mon) 17:30"
        )
        assert (len(lines), lines[-1]) == (23, "2 more are in the list.")
