"""The sweep: what is due is judged once, oldest first; what raises is set aside."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest

from duban_flow import Forbidden, Invalid, NotFound, Office, Refused, Term
from duban_flow.domain.policies.words import condition
from duban_flow.engine.settings import Guard
from duban_flow.engine.sweep import SweepResult
from duban_flow.errors import Busy
from duban_flow.formats.policy_toml import load_policy
from duban_flow.storage.memory import MemoryStorage
from tests.engine.house import DCS, PANEL, UNITS, ZJJ, House, at, matter

FRAGILE = """
name = "fragile"
version = "1"

[[rung]]
key = "urge"
at = "due"
action = "urge"
notify = ["responsible"]
when = ["open", "sound"]
"""


class Meter:
    """A condition of a host's own that breaks on the matters it is told to."""

    def __init__(self) -> None:
        self.broken: set[str] = set()

    def sound(self, case, unit):
        """Whether the meter runs; it raises where it is broken."""
        if case.item.code in self.broken:
            raise RuntimeError("meter is broken")
        return True


@pytest.fixture
def meter():
    """Give a meter that is broken at A-2."""
    made = Meter()
    made.broken = {"A-2"}
    return made


@pytest.fixture
def fragile(storage, meter):
    """Give a house whose policy asks the meter, with three matters due on Friday."""
    word = condition("sound", needs=["item"])(meter.sound)
    vocabulary = House.open(storage, policies=(), conditions=[word]).office.settings
    policy = load_policy(FRAGILE, vocabulary=vocabulary.vocabulary)
    house = House.open(storage, policies=[policy], conditions=[word])
    for n in range(1, 4):
        house.assign(f"A-{n}")
    return house


class TestLapse:
    """A deadline that passes is recorded."""

    def test_it_is_so_from_the_due_instant_on(self, house):
        """Found on Monday, effective on Friday at the close of business."""
        house.assign()
        result = house.sweep("06-08 09:00")
        assert result.lapsed == 1
        [lapse] = [e for e in house.desk().history("A-1") if e.action == "lapse"]
        assert (lapse.effective_at, lapse.recorded_at) == (
            at("06-05 17:30"),
            at("06-08 09:00"),
        )
        assert house.desk(when="06-08 09:00").get("A-1").state == "overdue"

    @pytest.mark.parametrize(
        ("when", "lapsed"), [(at("06-05 17:30"), 0), (at("06-05 17:30:00.000001"), 1)]
    )
    def test_due_is_inclusive(self, house, when, lapsed):
        """At the due instant nothing has lapsed, one microsecond later it has."""
        house.assign()
        assert house.office.sweep(now=when).lapsed == lapsed
        assert house.desk(when=when).get("A-1").overdue(when) is bool(lapsed)

    def test_what_closed_in_time_does_not_lapse(self, house):
        """Nor is anybody urged."""
        house.assign()
        house.desk(PANEL, "06-05 17:30").close("A-1", reason="完成")
        result = house.sweep("06-08 09:00")
        assert (result.lapsed, result.fired) == (0, 0)

    def test_what_is_suspended_does_not_lapse(self, house):
        """Resumed after its date, it has the working days left that it had before."""
        house.assign()
        house.desk().suspend("A-1", reason="等待批复")
        assert house.sweep("06-08 09:00").lapsed == 0
        resumed = house.desk(when="06-08 10:00").resume("A-1")
        assert (resumed.state, resumed.due_at) == ("assigned", at("06-12 17:30"))
        assert house.sweep("06-13 09:00").lapsed == 1


class TestOnce:
    """Swept twice equals swept once."""

    def test_the_second_sweep_does_nothing(self, house):
        """At the same instant nothing is due any more, and nothing is written."""
        for n in range(3):
            house.assign(f"A-{n}")
        first = house.sweep("06-08 09:00")
        before = [house.desk().history(f"A-{n}") for n in range(3)]
        again = house.sweep("06-08 09:00")
        assert (first.judged, first.fired, first.lapsed) == (3, 3, 3)
        assert again == SweepResult(at=at("06-08 09:00"))
        assert [house.desk().history(f"A-{n}") for n in range(3)] == before

    def test_a_later_sweep_urges_no_second_time(self, house):
        """A rung fires once in its cycle."""
        house.assign()
        assert house.sweep("06-08 09:00").fired == 1
        assert house.sweep("06-20 09:00").fired == 0
        assert house.actions().count("urge") == 1

    def test_nothing_due_is_nothing_done(self, house):
        """Before its date an item is judged when it is new, and then left alone."""
        house.assign()
        assert house.sweep("06-01 10:00").judged == 1
        assert house.sweep("06-02 09:00").judged == 0

    def test_a_note_wakes_nobody(self, house):
        """What no judgement reads is not judged again."""
        house.assign()
        house.sweep("06-01 10:00")
        house.desk(when="06-02 09:00").note("A-1", "已电话了解")
        assert house.sweep("06-02 10:00").judged == 0
        house.desk(when="06-02 10:00").hold("A-1", reason="重复信访")
        assert house.sweep("06-02 10:00").judged == 1


class TestOrder:
    """Oldest first, in batches, up to a limit."""

    def several(self, house: House) -> None:
        """Give out five matters, each a working day later than the one before."""
        for n in range(1, 6):
            house.assign(f"A-{n}", days=n)
        house.sweep("06-01 10:00")

    def test_the_oldest_come_first(self, house):
        """With a limit of two, those that were due first are judged."""
        self.several(house)
        result = house.sweep("06-08 18:00", limit=2)
        assert (result.judged, result.lapsed, result.cut_short) == (2, 2, True)
        assert result.exit_code == 4
        late = house.desk(when="06-08 18:00").find(state="overdue")
        assert [item.code for item in late] == ["A-1", "A-2"]

    def test_running_again_goes_on(self, house):
        """What was cut short is finished by the next."""
        self.several(house)
        house.sweep("06-08 18:00", limit=2)
        rest = house.sweep("06-08 18:00")
        assert (rest.judged, rest.lapsed, rest.cut_short, rest.exit_code) == (
            3,
            3,
            False,
            0,
        )

    def test_a_limit_of_all_is_not_cut_short(self, house):
        """Exactly as many as are due leave nothing."""
        self.several(house)
        result = house.sweep("06-08 18:00", limit=5)
        assert (result.lapsed, result.cut_short) == (5, False)

    @pytest.mark.parametrize("batch", [1, 2, 500])
    def test_the_size_of_a_batch_cannot_be_seen(self, house, batch):
        """One by one or all together, the same comes of it."""
        self.several(house)
        result = house.sweep("06-08 18:00", batch=batch)
        assert (result.judged, result.fired, result.lapsed) == (5, 5, 5)

    def test_progress_is_told(self, house):
        """How many are judged, of how many, to the end."""
        self.several(house)
        told = []
        house.sweep("06-08 18:00", batch=2, progress=lambda *said: told.append(said))
        assert told == [("sweep", 2, 5), ("sweep", 4, 5), ("sweep", 5, 5)] + [
            ("sweep", 5, 5)
        ] * (len(told) - 3)
        assert len(told) in (3, 4)

    @pytest.mark.parametrize("about", [{"batch": 0}, {"limit": 0}, {"limit": -1}])
    def test_a_sweep_of_nothing_is_refused(self, house, about):
        """A batch and a limit hold at least one item."""
        with pytest.raises(Invalid):
            house.sweep("06-08 18:00", **about)

    def test_a_naive_now_is_refused(self, house):
        """The sweep judges by an instant."""
        with pytest.raises(Invalid):
            house.office.sweep(now=datetime(2026, 6, 8))


class TestQuarantine:
    """A matter that cannot be judged stops nobody else."""

    def test_the_others_go_on(self, fragile):
        """Two are urged, one is set aside with what was raised."""
        result = fragile.sweep("06-08 09:00")
        assert (result.fired, result.quarantined) == (2, 1)
        events = fragile.desk().history("A-2")
        assert [e.action for e in events] == ["assign", "quarantine"]
        assert "meter is broken" in events[-1].data["error"]
        assert fragile.desk().get("A-2").quarantined == 1
        assert fragile.sweep("06-08 09:00").judged == 0

    def test_each_time_it_waits_longer_up_to_a_day(self, fragile):
        """One hour, two, four … and never more than a day."""
        now, waits = at("06-08 09:00"), []
        for _ in range(7):
            fragile.office.sweep(now=now)
            item = fragile.desk().get("A-2")
            assert item.next_at is not None
            waits.append(item.next_at - now)
            assert (
                fragile.office.sweep(now=item.next_at - timedelta(seconds=1)).judged
                == 0
            )
            now = item.next_at
        hours = [1, 2, 4, 8, 16, 24, 24]
        assert waits == [timedelta(hours=n) for n in hours]

    def test_mended_it_is_judged_at_its_next_turn(self, fragile, meter):
        """Then it lapses and is urged like the others, and is quarantined no more."""
        fragile.sweep("06-08 09:00")
        meter.broken.clear()
        result = fragile.sweep("06-08 10:00")
        assert (result.fired, result.lapsed, result.quarantined) == (1, 1, 0)
        assert fragile.desk().get("A-2").quarantined == 0

    def test_a_person_may_let_it_go_at_once(self, fragile, meter):
        """With a reason; it is judged by the next sweep."""
        fragile.sweep("06-08 09:00")
        meter.broken.clear()
        desk = fragile.desk(when="06-08 09:05")
        item = desk.unquarantine("A-2", reason="电表已修复")
        assert item.quarantined == 0
        assert fragile.sweep("06-08 09:05").fired == 1
        assert fragile.actions("A-2")[1:3] == ["quarantine", "unquarantine"]

    def test_only_oversight_lets_go_and_only_of_what_is_set_aside(self, fragile):
        """The unit that handles may not; what is not set aside cannot be."""
        fragile.sweep("06-08 09:00")
        with pytest.raises(Forbidden):
            fragile.desk(ZJJ, "06-08 09:05").unquarantine("A-2", reason="已修复")
        with pytest.raises(Refused):
            fragile.desk(DCS, "06-08 09:05").unquarantine("A-1", reason="已修复")
        with pytest.raises(Invalid):
            fragile.desk(DCS, "06-08 09:05").unquarantine("A-2", reason=" ")
        with pytest.raises(NotFound):
            fragile.desk(DCS, "06-08 09:05").unquarantine("A-9", reason="已修复")

    def test_what_is_set_aside_is_listed(self, fragile):
        """A person finds them without knowing their codes."""
        assert [i.code for i in fragile.desk().find(quarantined=True)] == []
        fragile.sweep("06-08 09:00")
        desk = fragile.desk(when="06-08 09:00")
        assert [i.code for i in desk.find(quarantined=True)] == ["A-2"]
        past = desk.as_of(at("06-08 09:00"))
        assert [i.code for i in past.find(quarantined=True)] == ["A-2"]

    def test_people_may_act_on_it_meanwhile(self, fragile):
        """Set aside from judgement, not from work."""
        fragile.sweep("06-08 09:00")
        item = fragile.desk(PANEL, "06-08 09:30").close("A-2", reason="完成")
        assert item.closing is not None
        assert item.closing.late is True

    def test_an_item_of_a_policy_nobody_opened_stops_nobody(self, storage):
        """It is code, of which nothing is kept: the item is set aside, others go on."""

        class Own:
            """A policy written in Python."""

            name, version = "own", "1"

            def rungs(self, item, facts):
                """Give no rung."""
                return ()

        House.open(storage, policies=[Own()]).assign("A-1")
        house = House.open(storage, policies=())
        house.assign("A-2")
        result = house.sweep("06-08 09:00")
        assert (result.quarantined, result.fired) == (1, 1)
        assert house.actions("A-1") == ["assign", "quarantine"]

    def test_an_item_of_a_policy_nobody_opened_is_judged_by_what_was_kept(
        self, storage
    ):
        """Its rungs fire, its sitting is held and closed, its sanction is proposed."""
        House.open(storage).assign("A-1")
        house = House.open(storage, policies=())
        assert house.sweep("06-08 09:00").fired == 1
        held = house.sweep("06-26 09:00")
        assert (held.quarantined, held.proposed) == (0, 1)
        assert held.sittings == ("district@1",)


class Closing(MemoryStorage):
    """A storage that lets in so many transactions, and is busy from then on."""

    left: int = 1_000

    def begin(self, tenant):
        """Refuse once all have been let in."""
        if self.left == 0:
            raise Busy
        self.left -= 1
        return super().begin(tenant)


def test_a_busy_storage_puts_nothing_aside():
    """Wherever it becomes busy the sweep says so, and the next makes it good."""
    done = None
    for left in (None, *range(1, 6)):
        storage = Closing()
        house = House.open(storage)
        house.assign(term=Term.every("week", day=2, at=time(12)))
        if left is not None:
            storage.left = left
            with pytest.raises(Busy):
                house.sweep("06-02 13:00")
            storage.left = 1_000
        house.sweep("06-02 13:01")
        found = [(code, house.actions(code)) for code in ("A-1", "A-1/2")]
        done = done or found
        assert found == done
        assert house.desk().get("A-1").quarantined == 0


class TestGuard:
    """In earnest a sweep stops for a person where clock or crowd cannot be right."""

    @pytest.fixture
    def clock(self):
        """Give the database's clock, which a test sets."""
        return [at("06-01 09:00")]

    @pytest.fixture
    def office(self, clock):
        """Open an office in earnest on a storage that tells this clock."""
        office = Office.open(
            MemoryStorage(lambda: clock[0]), create=True, guard=Guard(cap=2)
        )
        desk = office.desk(DCS, now=clock[0])
        desk.register(UNITS)
        for n in range(3):
            desk.assign(matter(f"A-{n}"))
        return office

    def sweep(self, office, clock, when, now=None, **about):
        """Sweep at an instant, the database's clock showing it or another."""
        clock[0] = at(when)
        result = office.sweep(now=at(now or when), **about)
        return result.stopped.code if result.stopped else ""

    @pytest.mark.parametrize("now", ["06-01 09:02:01", "06-01 08:57:59"])
    def test_a_clock_that_differs_stops_it(self, office, clock, now):
        """Two minutes either way pass, a second more does not; nothing is judged."""
        assert self.sweep(office, clock, "06-01 09:00", now) == "guard.clock"
        assert (
            self.sweep(office, clock, "06-01 09:00", now, released="ok")
            == "guard.clock"
        )
        assert office.sweep(now=at(now)).exit_code == 3

    def test_it_does_not_go_back(self, office, clock):
        """Before the last sweep nothing is judged, whoever releases it."""
        assert self.sweep(office, clock, "06-01 09:00", released="首次") == ""
        assert self.sweep(office, clock, "06-01 08:50") == "guard.backwards"
        assert (
            self.sweep(office, clock, "06-01 08:50", released="ok") == "guard.backwards"
        )

    def test_a_long_gap_waits_for_a_person(self, office, clock):
        """Nine days down: stopped, released, and then as ever."""
        assert self.sweep(office, clock, "06-01 09:00", released="首次") == ""
        assert self.sweep(office, clock, "06-10 09:00") == "guard.gap"
        assert self.sweep(office, clock, "06-10 09:01", released="机房断电") == ""
        assert self.sweep(office, clock, "06-10 09:02") == ""
        assert [e.action for e in office.desk(DCS, now=clock[0]).history("A-0")] == [
            "assign",
            "lapse",
            "urge",
        ]

    def test_a_crowd_waits_for_a_person(self, office, clock):
        """Three due where two are the cap: stopped, told how many, released."""
        stopped = office.sweep(now=clock[0]).stopped
        assert stopped is not None
        assert (stopped.code, "3" in stopped.en, "3" in stopped.zh) == (
            "guard.crowd",
            True,
            True,
        )
        assert self.sweep(office, clock, "06-01 09:00", released="新导入台账") == ""

    def test_the_database_tells_its_own_time(self, storage, open_in_earnest):
        """A sweep at another time than the database's is stopped on SQLite too."""
        if isinstance(storage, MemoryStorage):
            pytest.skip("memory has no clock of its own")
        office = open_in_earnest()
        with storage.begin("default") as work:
            now = work.clock()
        assert office.sweep(now=now).stopped is None
        stopped = office.sweep(now=now + timedelta(minutes=10)).stopped
        assert stopped is not None
        assert stopped.code == "guard.clock"

    def test_a_rehearsal_has_no_guard(self, house):
        """Time is what it is told, forwards and back."""
        house.assign()
        assert house.sweep("12-01 09:00").stopped is None
        assert house.sweep("06-08 09:00").stopped is None


def test_nine_days_down_every_rung_comes_once(house):
    """What ripened meanwhile is judged in one pass, by the facts of that pass."""
    house.assign("A-1")
    house.assign("A-2")
    house.desk(PANEL, "06-04 09:00").close("A-2", reason="完成")
    result = house.sweep("06-14 09:00")
    assert (result.fired, result.lapsed) == (1, 1)
    assert house.actions("A-2") == ["assign", "close"]


def test_what_never_sanctions_is_armed_later(house):
    """A matter given out in hindsight lapses, but its rungs of before do not fire."""
    house.desk(when="06-10 09:00").assign(matter(), effective_at=at("06-01 09:00"))
    result = house.sweep("06-10 09:00")
    assert (result.lapsed, result.fired) == (1, 0)
