"""How a batch is judged: nothing of how it was cut shows, nobody is held up."""

from __future__ import annotations

from datetime import timedelta

import pytest
from attrs import evolve

from duban_flow import Office, WorkCalendar, condition
from duban_flow.domain.payloads import Close
from duban_flow.domain.policies.vocabulary import STANDARD
from duban_flow.domain.supervision import Supervision
from duban_flow.domain.workflow import Action, State, Workflow
from duban_flow.engine.settings import Guard
from duban_flow.formats.policy_toml import load_policy
from tests.engine.house import CZJ, OPENING, PANEL, ZJJ, House, at

SITTING = """
name = "{name}"
version = "1"
sitting = "month end - 2 workdays"
account_for = ["late"]
[kinds.call]
name = "约谈"
[[rung]]
key = "called in"
at = "{at}"
action = "call"
on = ["responsible"]
when = {when}
reason = "{{title}}"
"""


def policy(when, *, at="due + 1 days", name="q", words=()):
    """Make a policy of one rung that calls a unit in."""
    text = SITTING.format(name=name, at=at, when=str(list(when)).replace("'", '"'))
    return load_policy(text, vocabulary=STANDARD.with_words(*words))


class Moody:
    """A condition of a host's that fails as long as it is told to."""

    def __init__(self, error=None):
        self.error = error

    def word(self):
        """Give it as a word of the vocabulary."""

        @condition("sound", needs=["events"])
        def sound(case, unit):
            """Raise what it is told to, of matters that are called so."""
            if self.error is not None and "坏" in case.item.title:
                raise self.error
            return True

        return sound


def moody_house(storage, mood, at="due + 1 days"):
    """Open a house whose one rung asks the moody condition."""
    word = mood.word()
    only = policy(["open", "sound"], at=at, words=[word])
    return House.open(storage, policies=(only,), conditions=(word,))


class TestNobodyIsHeldUp:
    """One item's fault stops that item alone."""

    @pytest.mark.parametrize("text", ["a\0b", "\ud800", "x" * 10_000])
    def test_whatever_a_condition_says_can_be_kept(self, storage, text):
        """What was raised is cleaned before it is written; the others go on."""
        house = moody_house(storage, Moody(RuntimeError(text)))
        house.assign("A-1", title="坏的")
        house.assign("A-2")
        swept = house.sweep("06-08 10:00")
        assert (swept.quarantined, swept.proposed, swept.exit_code) == (1, 1, 0)
        assert house.actions("A-1")[-1] == "quarantine"

    def test_an_item_whose_calendar_is_gone_is_judged_by_what_was_kept(self, storage):
        """The office was opened without it; the store knows what it said."""
        tokyo = evolve(WorkCalendar.china(), name="tokyo", zone="Asia/Tokyo")
        before = House.open(storage, calendars=(WorkCalendar.china(), tokyo))
        before.assign("A-1", calendar="tokyo")

        house = House.open(storage)
        # Business closes an hour earlier in Tokyo than in Beijing.
        assert house.sweep("06-05 16:30").lapsed == 0
        assert house.sweep("06-05 16:30:00.000001").lapsed == 1

    def test_an_item_whose_workflow_is_gone_is_set_aside(self, storage):
        """The office was opened without it; the batch is halved down to the item."""

        class Other(Workflow):
            """A workflow that some host has brought and taken away."""

            name, version = "other", "1"
            begun = State(first=True)
            done = State(end=True)
            close = Action(begun.to(done), Close, roles=("supervising",))

        workflows = (Supervision, Other)
        before = House.open(storage, workflows=workflows)
        before.assign("A-1", workflow="other")
        for n in range(5):
            before.assign(f"B-{n}")

        swept = House.open(storage).sweep("06-05 18:00")

        assert swept.quarantined == 1
        assert (swept.lapsed, swept.cut_short) == (5, False)
        again = House.open(storage, workflows=workflows).sweep("06-05 20:00")
        assert (again.quarantined, again.judged) == (0, 1)


class TestSittings:
    """A sitting judges by what was recorded when it was judged."""

    def test_what_is_recorded_between_two_batches_does_not_show(self, storage):
        """Both are proposed for, held after the judged instant or not."""
        house = House.open(storage)
        house.assign("A-1")
        house.assign("A-2")
        house.sweep("06-05 18:00")
        first = house.office.sweep(now=at(OPENING), limit=1)
        assert first.cut_short
        later = house.desk(when="06-26 09:30")
        for code in ("A-1", "A-2"):
            later.hold(code, reason="稳控")

        house.sweep("06-26 10:00")

        cited = {c.code for s in later.sanctions.find() for c in s.citations}
        assert cited == {"A-1", "A-2"}
        changed = [
            house.desk(when="06-26 11:00").sanctions.changed(s)
            for s in later.sanctions.find()
        ]
        assert all(len(said) == 1 and "not held" in said[0] for said in changed)

    def test_a_party_that_came_after_is_not_charged(self, storage):
        """The unit that was responsible then is proposed for, not its successor."""
        house = House.open(storage)
        house.assign("A-1")
        house.assign("A-2")
        house.sweep("06-05 18:00")
        house.office.sweep(now=at(OPENING), limit=1)
        later = house.desk(when="06-26 09:30")
        later.reassign("A-1", CZJ)
        later.reassign("A-2", CZJ)

        house.sweep("06-26 10:00")

        assert [s.unit for s in later.sanctions.find()] == [ZJJ, ZJJ]

    def test_an_item_of_another_calendar_is_judged_too(self, storage):
        """Panels meet by the office's calendar, whatever the item's own."""
        tokyo = evolve(WorkCalendar.china(), name="tokyo", zone="Asia/Tokyo")
        house = House.open(storage, calendars=(WorkCalendar.china(), tokyo))
        house.assign("A-1")
        house.assign("B-1", calendar="tokyo")
        now = at("06-05 18:00")
        while now < at("06-26 12:00"):
            house.office.sweep(now=now)
            now += timedelta(hours=1)
        house.office.sweep(now=at(OPENING) + timedelta(hours=3))
        found = house.desk(when="06-28 09:00").sanctions.find()
        assert sorted(c.code for s in found for c in s.citations) == ["A-1", "B-1"]

    def test_what_could_not_be_judged_is_listed(self, storage):
        """A quarantined item is unsure at the sitting that passed it by."""
        mood = Moody()
        house = moody_house(storage, mood, at="sitting after due")
        house.assign("A-1", title="坏的")
        house.sweep("06-05 18:00")
        mood.error = RuntimeError("boom")
        assert house.sweep(OPENING).quarantined == 1
        # Nothing else was before this sitting, so nobody has opened one.
        assert house.desk(when="06-26 10:00").sittings() == ()

    def test_what_could_not_be_judged_is_listed_beside_the_rest(self, storage):
        """Where the sitting is held, it says so of the item it passed by."""
        mood = Moody()
        house = moody_house(storage, mood, at="sitting after due")
        house.assign("A-1", title="坏的")
        house.assign("A-2")
        house.sweep("06-05 18:00")
        mood.error = RuntimeError("boom")
        house.sweep(OPENING)
        (held,) = house.desk(when="06-26 10:00").sittings()
        assert [u.code for u in held.unsure] == ["A-1"]
        assert len(held.sanctions) == 1


def test_the_size_of_a_batch_does_not_change_a_verdict(storage):
    """What is proposed for one item in a pass is not seen by the next."""

    @condition("spotless", needs=["history"])
    def spotless(case, unit):
        """Ask whether the unit has no record."""
        return not any(s.unit == unit for s in case.history)

    only = policy(["open", "spotless"], words=[spotless])
    house = House.open(storage, policies=(only,), conditions=(spotless,))
    house.assign("A-1")
    house.assign("A-2")
    house.sweep("06-05 17:00")
    assert house.sweep("06-08 09:00", batch=1).proposed == 2


def test_a_sanction_whose_unit_has_left_shows_as_changed(house):
    """After the matter went to another unit, the body must affirm or reject."""
    house.assign("A-1")
    house.sweep("06-05 18:00")
    house.sweep(OPENING)
    house.desk(when="06-26 10:00").reassign("A-1", CZJ)
    panel = house.desk(PANEL, when="06-26 11:00")
    (sanction,) = panel.sanctions.find()
    assert panel.sanctions.changed(sanction) == (
        "A-1 past due and open: no longer applies",
    )


def test_an_ended_item_is_not_sanctioned_without_a_sitting(storage):
    """Whether anybody touches it afterwards or not."""
    house = House.open(storage, policies=(policy(["late"], at="due + 5 days"),))
    house.assign("A-1")
    house.sweep("06-05 18:00")
    house.desk(when="06-07 09:00").close("A-1", reason="完成")
    house.desk(when="06-12 09:00").amend("A-1", title="新名", reason="笔误")
    assert house.sweep("06-12 10:00").proposed == 0


class TestGuarded:
    """Guards on a database with a clock of its own."""

    @pytest.fixture
    def office(self, tmp_path):
        """Open in earnest, with a guard to whom any clock and any gap will do."""
        guard = Guard(skew=timedelta(days=100_000), gap=timedelta(days=100_000))
        url = f"sqlite:///{tmp_path / 'x.db'}"
        with Office.open(url, guard=guard, create=True).closing() as opened:
            yield opened

    def test_why_a_person_let_it_go_on_is_kept(self, office):
        """The reason stands in the office's own log."""
        office.sweep(now=at("06-01 09:00"), released="机房断电后恢复")
        with office.storage.begin("default") as work:
            (event,) = work.events(["office"])["office"]
        assert (event.action, event.data) == ("release", {"reason": "机房断电后恢复"})

    def test_two_workers_a_moment_apart_do_not_stop_each_other(self, office):
        """Within the skew a sweep that is behind the last one goes on."""
        office.sweep(now=at("06-01 09:00"))
        behind = office.sweep(now=at("06-01 09:00") - timedelta(seconds=1))
        assert behind.stopped is None
