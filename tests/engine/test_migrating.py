"""Another edition of a policy: planned item by item, then applied, once."""

from __future__ import annotations

from pathlib import Path

import pytest
from attrs import evolve

from duban_flow.domain.case import Facts
from duban_flow.domain.items import Item
from duban_flow.domain.migrate import MIGRATE
from duban_flow.domain.policies.model import Policy, Rung
from duban_flow.domain.units import Actor
from duban_flow.engine.migrating import Effect, MigrationPlan
from duban_flow.engine.ports import Storage
from duban_flow.errors import Conflict, Forbidden, Invalid, NotFound
from duban_flow.formats.policy_toml import load_policy
from duban_flow.office import Office
from tests.engine.house import DCS, PANEL, UNITS, ZJJ, House, at, matter

HEAD = """
name = "district"
version = "{version}"
sitting = "month end - 2 workdays"

[kinds.prompt]
name = "行政效能提示"
moves = "prompt"
approval = ["问责领导小组"]

[kinds.call]
name = "约谈"
ladder = "talks"

[[rung]]
key = "urge"
at = "due"
action = "urge"
when = ["open"]

[[rung]]
key = "past due and open"
at = "sitting after due"
action = "prompt"
on = ["responsible"]
when = ["open", "not held", "not excused"]
"""
CALLS = """
[[rung]]
key = "called in"
at = "due + 1 day"
action = "call"
on = ["responsible"]
when = ["open"]

[[rung]]
key = "each week"
at = "assigned"
every = "7 days"
action = "remind"
when = ["open"]
catch_up = "each"

[[rung]]
key = "later"
at = "due + 5 days"
action = "remind"
when = ["open"]

[[rung]]
key = "warned early"
at = "sitting after due + 1 day"
action = "prompt"
on = ["responsible"]
when = ["open"]
"""
OLD = load_policy(HEAD.format(version=1))
NEW = load_policy(HEAD.format(version=2) + CALLS)
NOW = "06-08 09:00"
"""The Monday after a matter of four working days has fallen due."""


@pytest.fixture
def old(storage: Storage) -> House:
    """Give a house under the first edition, with a matter that is past due."""
    house = House.open(storage, policies=[OLD])
    house.assign("A-1")
    house.assign("A-2", days=20)
    house.sweep(NOW)
    return house


def planned(
    house: House, mode: str, policy: Policy = NEW, **about: str
) -> MigrationPlan:
    """Plan the new edition at the instant of these tests."""
    when = about.pop("when", NOW)
    made = house.desk(when=when).plan(policy, mode=mode, **about)  # type: ignore[call-overload]  # a word
    assert isinstance(made, MigrationPlan)
    return made


def effect_on(plan: MigrationPlan, code: str) -> Effect:
    """Give what a plan says of one item."""
    [found] = [one for one in plan.effects if one.code == code]
    return found


def stored(house: House, code: str = "A-1") -> Item:
    """Read an item."""
    return house.desk(when=NOW).get(code)


class TestPlan:
    """A plan says what would follow and writes nothing."""

    def test_from_now_inherits_what_has_passed(self, old: House) -> None:
        """Rungs whose instant has passed are done; what lies ahead stays ahead."""
        plan = planned(old, "from_now")
        late = effect_on(plan, "A-1")

        assert plan.problems == ()
        assert late.fires == ()
        assert late.inherited == (
            "called in@responsible#1:due:1~",
            "each week@-:assigned:1/1~",
            "warned early@responsible#1:due:1~",
            "each week@-:assigned:1/2~",
        )
        assert late.next_before == at("06-26 09:00")
        assert late.next_after == at("06-10 17:30")

    def test_what_the_old_edition_had_open_goes_on(self, old: House) -> None:
        """The prompt that waits for the panel waits for it under the new one too."""
        assert effect_on(planned(old, "from_now"), "A-1").sits == ("past due and open",)

    def test_retroactive_judges_anew(self, old: House) -> None:
        """What would have been done by the new edition is done now, fired stays."""
        late = effect_on(planned(old, "retroactive"), "A-1")

        assert late.inherited == ()
        assert late.fires == ("called in", "each week")
        assert late.sits == ("past due and open", "warned early")
        assert late.next_after == at(NOW)

    def test_an_item_with_nothing_past_is_judged_alike(self, old: House) -> None:
        """Long before due only its weekly rung differs between the two."""
        now, anew = (
            effect_on(planned(old, mode), "A-2") for mode in ("from_now", "retroactive")
        )

        assert now.fires == ()
        assert anew.fires == ("each week",)
        assert now.due == anew.due == stored(old, "A-2").due

    def test_keep_moves_nobody(self, old: House) -> None:
        """Items under way keep the edition they have; the new one is known."""
        plan = planned(old, "keep")

        assert (plan.effects, plan.staying) == ((), ("A-1", "A-2"))
        old.desk(when=NOW).apply(plan)
        assert stored(old).policy == "district@1"
        new = old.desk(when=NOW).assign(matter("A-3", policy="district@2"))
        assert new.policy == "district@2"

    def test_it_writes_nothing(self, old: House) -> None:
        """Planned or not, an item stands as it did."""
        before = stored(old), old.actions()
        planned(old, "retroactive")

        assert (stored(old), old.actions()) == before

    def test_it_counts(self, old: House) -> None:
        """How many go over, and what follows from it."""
        assert planned(old, "retroactive").counts == {
            "moving": 2,
            "staying": 0,
            "fires": 3,
            "sits": 2,
            "inherited": 0,
        }

    def test_items_of_one_edition_alone(self, storage: Storage) -> None:
        """``of`` names which edition is left."""
        middle = evolve(OLD, version="1.5")
        house = House.open(storage, policies=[OLD, middle])
        house.assign("A-1", policy="district@1")
        house.assign("A-2", policy="district@1.5")

        plan = planned(house, "from_now", of="district@1.5")
        both = planned(house, "from_now")

        assert [one.code for one in plan.effects] == ["A-2"]
        assert [one.code for one in both.effects] == ["A-1", "A-2"]
        with pytest.raises(NotFound):
            planned(house, "from_now", of="district@7")

    def test_ended_items_go_over_while_a_sitting_is_ahead(self, old: House) -> None:
        """Closed late, an item is still for the panel; closed in time, for nobody."""
        old.desk(when=NOW).close("A-1", reason="完成")
        old.desk(when=NOW).close("A-2", reason="完成")
        old.sweep("06-08 10:00")
        plan = planned(old, "from_now", when="06-08 11:00")

        assert [one.code for one in plan.effects] == ["A-1"]

    def test_a_path_is_read(self, old: House, tmp_path: Path) -> None:
        """A policy file does as well as the policy."""
        path = tmp_path / "district.toml"
        path.write_text(HEAD.format(version=2) + CALLS, "utf-8")
        plan = old.desk(when=NOW).plan(path, mode="from_now")

        assert plan.counts == planned(old, "from_now").counts

    def test_another_mode_is_refused(self, old: House) -> None:
        """There are three, and a policy wants one of them."""
        with pytest.raises(Invalid, match="from_now"):
            planned(old, "tomorrow")
        with pytest.raises(Invalid, match="mode"):
            old.desk(when=NOW).plan(NEW)  # type: ignore[call-overload]  # that is the point
        with pytest.raises(Invalid, match="policy"):
            old.desk(when=NOW).plan(b"", mode="keep")  # type: ignore[call-overload]  # likewise

    def test_an_edition_that_items_rest_on_is_not_rewritten(self, old: House) -> None:
        """The same name and version with other content is a problem."""
        other = evolve(NEW, version="1")
        plan = planned(old, "from_now", policy=other)

        assert [problem.code for problem in plan.problems] == ["policy.edition_changed"]
        with pytest.raises(Invalid):
            old.desk(when=NOW).apply(plan)

    def test_a_measure_that_moves_by_an_unknown_action_is_named(
        self, old: House
    ) -> None:
        """Each item it would concern is a problem of the plan."""
        text = HEAD.format(version=3).replace('"prompt"\napproval', '"scold"\napproval')
        plan = planned(old, "from_now", policy=load_policy(text))

        assert [(p.code, p.said) for p in plan.problems] == [
            ("policy.moves", "A-1"),
            ("policy.moves", "A-2"),
        ]

    def test_more_cycles_than_anybody_looks_at_are_a_problem(
        self, old: House, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A rung that wants each of very many cycles is for a person to look at."""
        monkeypatch.setattr("duban_flow.engine.migrating.CYCLES", 1)
        plan = planned(old, "from_now")

        assert [(p.code, p.said) for p in plan.problems] == [
            ("policy.cycles", "A-1"),
            ("policy.cycles", "A-2"),
        ]

    def test_a_policy_in_python_must_be_at_hand(self, old: House) -> None:
        """It cannot be written down; and what it raises is a problem, not a crash."""

        class Odd:
            name, version = "district", "9"

            def rungs(self, item: Item, facts: Facts) -> tuple[Rung, ...]:
                raise ZeroDivisionError("no rungs today")

        plan = old.desk(when=NOW).plan(Odd(), mode="retroactive")
        assert [problem.code for problem in plan.problems] == ["policy.python"]

        office = Office.rehearsal(old.storage, policies=[OLD, Odd()])
        plan = office.desk(DCS, now=at(NOW)).plan(Odd(), mode="retroactive")
        assert {problem.code for problem in plan.problems} == {"policy.raised"}


class TestApply:
    """Applying is all or nothing, once, and no more than was planned."""

    def test_one_event_each(self, old: House) -> None:
        """The item says which edition it left, how, and what it inherited."""
        plan = planned(old, "from_now")
        made = old.desk(when=NOW).apply(plan)

        assert (made.changed, made.repeated) == (2, False)
        event = old.desk(when=NOW).history("A-1")[-1]
        assert (event.action, event.data["before"], event.data["policy"]) == (
            MIGRATE,
            "district@1",
            "district@2",
        )
        assert stored(old).policy == "district@2"
        assert stored(old).next_at == effect_on(plan, "A-1").next_after
        assert stored(old).due == effect_on(plan, "A-1").due

    @pytest.mark.parametrize("mode", ["from_now", "retroactive"])
    def test_nothing_advances_more_than_the_plan_said(
        self, old: House, mode: str
    ) -> None:
        """The next sweep does what the plan lists, and nothing else."""
        plan = planned(old, mode)
        old.desk(when=NOW).apply(plan)
        found = old.sweep(NOW)

        assert found.fired + found.proposed == plan.counts["fires"]
        assert old.office.audit(now=at(NOW)).faults == ()

    def test_a_lapse_that_no_sweep_has_seen_is_reckoned_with(
        self, storage: Storage
    ) -> None:
        """Rungs about overdue matters are planned though nothing is recorded yet."""
        overdue = load_policy(
            HEAD.format(version=2)
            + '[[rung]]\nkey = "overdue"\nat = "assigned"\naction = "remind"\n'
            'where = ["state is overdue"]\nwhen = ["open"]\n'
        )
        house = House.open(storage, policies=[OLD])
        house.assign()
        plan = planned(house, "retroactive", policy=overdue)
        house.desk(when=NOW).apply(plan)

        assert effect_on(plan, "A-1").fires == ("urge",)
        assert stored(house).state == "assigned"
        assert house.sweep(NOW).fired == 1
        assert stored(house).state == "overdue"

    def test_what_fired_before_does_not_fire_again(self, old: House) -> None:
        """The urging of the old edition counts for the new one, even judged anew."""
        old.desk(when=NOW).apply(planned(old, "retroactive"))
        old.sweep(NOW)

        assert old.actions().count("urge") == 1

    def test_the_panel_still_sees_what_waited_for_it(self, old: House) -> None:
        """From now on or anew, the prompt is proposed at the sitting, once."""
        old.desk(when=NOW).apply(planned(old, "from_now"))

        assert old.sweep("06-26 09:00").proposed == 1

    def test_applied_again_it_is_nothing(self, old: House) -> None:
        """The same plan is known by its digest."""
        plan = planned(old, "from_now")
        old.desk(when=NOW).apply(plan)

        assert old.desk(when=NOW).apply(plan).repeated
        assert old.actions().count(MIGRATE) == 1
        assert planned(old, "from_now").effects == ()

    def test_a_stale_plan_is_refused(self, old: House) -> None:
        """Somebody acted, or time brought another rung: plan again."""
        plan, anew = planned(old, "from_now"), planned(old, "from_now")
        old.desk(ZJJ, when=NOW).report("A-1", progress=10)
        with pytest.raises(Conflict, match="stale"):
            old.desk(when=NOW).apply(plan)
        with pytest.raises(Conflict, match="stale"):
            old.desk(when="06-20 09:00").apply(anew)
        assert stored(old, "A-2").policy == "district@1"

    def test_whose_right_it_is(self, storage: Storage) -> None:
        """In earnest, supervising units and bodies change policies, no other.

        A plan tells of every unit's matters: who may not see them may not plan.
        """
        office = Office.open(storage, policies=[OLD], create=True)
        office.desk(DCS, now=at("06-01 09:00")).register(UNITS)
        office.desk(DCS, now=at("06-01 09:00")).assign(matter())
        desk = office.desk(ZJJ, now=at("06-02 09:00"))
        with pytest.raises(Forbidden):
            desk.plan(NEW, mode="retroactive")
        plan = office.desk(DCS, now=at("06-02 09:00")).plan(NEW, mode="retroactive")
        with pytest.raises(Forbidden):
            desk.apply(plan)
        assert office.desk(PANEL, now=at("06-02 09:00")).apply(plan).changed == 1

    def test_the_hosts_own_rule_is_asked(self, storage: Storage) -> None:
        """A permit that says no to one item stops the whole."""

        def permit(actor: object, action: str, item: Item) -> None:
            if action == MIGRATE:
                raise PermissionError(item.code)

        house = House.open(storage, policies=[OLD], permit=permit)
        house.assign()
        with pytest.raises(Forbidden):
            house.desk().apply(house.desk().plan(NEW, mode="retroactive"))

    def test_who_acts_for_another_is_kept(self, old: House) -> None:
        """The event says for whom it was done."""
        by = Actor("赵", unit=DCS, acting_for="钱")
        old.desk(by, when=NOW).apply(planned(old, "from_now"))

        assert old.desk(when=NOW).history("A-1")[-1].persons == {"赵", "钱"}

    def test_watched(self, old: House) -> None:
        """Whoever watches hears how far it is."""
        heard: list[str] = []
        old.desk(when=NOW).plan(
            NEW, mode="from_now", progress=lambda what, *_: heard.append(what)
        )

        assert heard == ["plan"]


class TestRollback:
    """Going back brings back the instants, and leaves the history."""

    def test_instants_are_restored_and_history_is_not(self, old: House) -> None:
        """Under the old edition again, the item is judged when it would have been."""
        before = stored(old)
        old.desk(when=NOW).apply(planned(old, "from_now"))
        back = planned(old, "retroactive", policy=OLD)
        old.desk(when=NOW).apply(back)
        after = stored(old)

        assert (after.policy, after.next_at, after.due) == (
            before.policy,
            before.next_at,
            before.due,
        )
        assert old.actions().count(MIGRATE) == 2
        assert old.office.audit(now=at(NOW)).faults == ()
        assert old.sweep("06-26 09:00").proposed == 1

    @pytest.mark.parametrize("mode", ["from_now", "retroactive"])
    def test_what_only_counted_as_done_is_done_in_its_time(self, storage, mode) -> None:
        """The other edition left it out as past; under this one it is ahead."""
        sooner = CALLS.replace("due + 1 day", "due + 2 days")
        later = CALLS.replace("due + 1 day", "due + 10 days")
        first = load_policy(HEAD.format(version="1") + later)
        second = load_policy(HEAD.format(version="2") + sooner)
        house = House.open(storage, policies=[first])
        house.assign()
        desk = house.desk(when="06-08 10:00")
        desk.apply(desk.plan(second, mode="from_now"))
        desk = house.desk(when="06-08 11:00")
        desk.apply(desk.plan(first, mode=mode, of="district@2"))
        assert house.sweep("06-15 18:00").proposed == 1

    def test_what_was_issued_meanwhile_stays(self, old: House) -> None:
        """A talk that the new edition called for is not taken back by going back."""
        old.desk(when=NOW).apply(planned(old, "retroactive"))
        old.sweep(NOW)
        old.desk(when=NOW).apply(planned(old, "retroactive", policy=OLD))

        [act] = old.desk(when=NOW).sanctions.find()
        assert (act.kind, act.policy) == ("call", "district@2")


def test_the_edition_outlives_its_file(storage: Storage) -> None:
    """Items keep the edition they went over to, though no file names it any more."""
    house = House.open(storage, policies=[OLD])
    house.assign()
    house.sweep(NOW)
    house.desk(when=NOW).apply(planned(house, "from_now"))

    later = House(Office.rehearsal(storage, policies=[]), storage)

    assert later.sweep("06-11 09:00").fired == 1
    assert later.office.audit(now=at("06-11 09:00")).faults == ()
