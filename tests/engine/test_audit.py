"""The audit: it finds what was tampered with, names it, and finds nothing else."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from sqlalchemy import text

from duban_flow.domain.batch import batch_of
from duban_flow.domain.case import Case
from duban_flow.domain.items import Item, Party
from duban_flow.domain.policies.vocabulary import STANDARD, condition
from duban_flow.domain.time.term import Term
from duban_flow.domain.units import Role
from duban_flow.engine.audit import Audit, AuditFault, Auditor
from duban_flow.engine.draft import Draft
from duban_flow.engine.ports import Storage
from duban_flow.errors import Invalid
from duban_flow.formats.policy_toml import load_policy
from duban_flow.office import Office
from duban_flow.storage.sql import SqlStorage
from tests.engine.house import DCS, ZJJ, House, at

URGED = load_policy(
    """
name = "urged"
version = "1"
[[rung]]
key = "month end"
at = "month end"
action = "remind"
when = ["open"]
catch_up = "each"
"""
)


def audited(house: House, when: str, **about: Any) -> Audit:
    """Audit at an instant."""
    return house.office.audit(now=at(when), **about)


def overwrite(house: House, code: str, **fields: Any) -> Item:
    """Put other contents under an item, as no verb would."""
    with house.storage.begin("default") as work:
        [ident] = work.ids_of([code]).values()
        item = work.items([ident])[ident]
        calendar = house.office.settings.calendar()
        other = evolve(item, **fields)
        draft = Draft()
        case = Case(item=other, at=at("06-01 09:00"), calendar=calendar)
        draft.item(case, item.version, [])
        work.write(batch_of(draft.changes(), now=at("06-01 09:00")))
    return other


def test_it_counts_what_it_looked_at(house: House) -> None:
    """Open and ended, due and worked out again: every item stands in its place."""
    house.assign("A-1")
    house.assign("A-2", days=9)
    house.assign("A-3")
    house.sweep("06-01 10:00")
    house.desk(when="06-01 11:00").close("A-3", reason="完成")

    found = audited(house, "06-01 12:00")

    assert (found.items, found.open, found.ended) == (3, 2, 1)
    assert (found.due, found.recomputed, found.deadlines) == (1, 2, 3)
    assert (found.faulty, found.faults, found.exit_code) == (0, (), 0)


def test_what_is_due_is_the_sweeps_to_judge(house: House) -> None:
    """An item whose instant has come is due, whatever would follow from it."""
    house.assign()
    house.sweep("06-01 10:00")

    found = audited(house, "06-20 09:00")

    assert (found.due, found.recomputed, found.faulty) == (1, 0, 0)


def test_an_item_that_nobody_would_ask_about_is_named(house: House) -> None:
    """Without a next instant an item is forgotten: the audit says which, and when."""
    house.assign("A-1")
    house.assign("A-2")
    house.sweep("06-01 10:00")
    overwrite(house, "A-2", next_at=None)

    found = audited(house, "06-01 12:00")

    assert found.faults == (
        AuditFault(
            code="A-2", check="next_at", recomputed="2026-06-05T09:30:00.000001Z"
        ),
    )
    assert (found.faulty, found.exit_code) == (1, 3)


def test_an_ended_item_ahead_of_a_sitting_is_not_forgotten(house: House) -> None:
    """Closed late, it is for the panel to look at: cleared, the audit misses it."""
    house.assign()
    house.desk(when="06-09 09:00").close("A-1", reason="完成")
    house.sweep("06-09 10:00")
    assert audited(house, "06-09 11:00").faulty == 0
    overwrite(house, "A-1", next_at=None)

    [fault] = audited(house, "06-09 11:00").faults

    assert (fault.code, fault.recomputed) == ("A-1", "2026-06-26T01:00:00Z")


def test_an_instant_that_lies_too_late_is_named(house: House) -> None:
    """What was due has been put off: a pass would record its lapse now."""
    house.assign()
    house.sweep("06-01 10:00")
    overwrite(house, "A-1", next_at=at("12-01 09:00"))

    [fault] = audited(house, "06-08 09:00").faults

    assert (fault.stored, fault.recomputed) == (
        "2026-12-01T01:00:00Z",
        "2026-06-08T01:00:00Z",
    )


def test_a_deadline_that_was_patched_is_named(house: House) -> None:
    """A due date that does not follow from the term is found, its certificate too."""
    item = house.assign()
    house.sweep("06-01 10:00")
    assert item.due is not None
    later = at("06-30 17:30")
    patched = evolve(item.due, at=later, latest=later)
    overwrite(house, "A-1", due=patched, next_at=at("06-01 10:00"))

    found = audited(house, "06-01 12:00")

    assert [fault.check for fault in found.faults][:1] == ["due"]
    assert found.faults[0].stored == "2026-06-30T09:30:00Z"
    assert found.faults[0].recomputed == "2026-06-05T09:30:00Z"
    assert {fault.check for fault in found.faults[1:]} == {"certificate"}
    assert found.faulty == len(found.faults) > 1


def test_a_small_difference_in_a_deadline_is_told(house: House) -> None:
    """Not the instant but what was counted differs: that part is told."""
    item = house.assign()
    house.sweep("06-01 10:00")
    assert item.due is not None
    overwrite(house, "A-1", due=evolve(item.due, met=(), provisional=True))

    faults = audited(house, "06-01 12:00").faults

    assert (faults[0].check, faults[0].stored) == ("due", "provisional true")


def test_a_deadline_without_a_term_is_told(house: House) -> None:
    """Where there is nothing to reckon from, there is no deadline."""
    house.assign()
    house.sweep("06-01 10:00")
    overwrite(house, "A-1", term=None)

    assert audited(house, "06-01 12:00").faults == (
        AuditFault(code="A-1", check="due", stored="2026-06-05T09:30:00Z"),
    )


def test_an_edition_that_is_not_at_hand_is_told(house: House) -> None:
    """A deadline reckoned by an unknown calendar cannot be proved."""
    item = house.assign()
    assert item.due is not None
    strange = evolve(item.due.calendar, digest="0" * 64, name="elsewhere")
    overwrite(house, "A-1", due=evolve(item.due, calendar=strange))

    [fault] = audited(house, "06-01 12:00").faults

    assert (fault.check, fault.stored) == ("certificate", "")
    assert "elsewhere" in fault.recomputed


def test_what_the_office_was_opened_without_is_told(house: House) -> None:
    """An item that cannot be judged at all is a fault of its own."""
    house.assign()
    house.sweep("06-01 10:00")
    overwrite(house, "A-1", policy="gone@9")

    [fault] = audited(house, "06-01 12:00").faults

    assert fault.check == "judgement"
    assert "gone@9" in fault.text("en")


def test_a_condition_that_raises_is_told_and_the_others_go_on(
    storage: Storage,
) -> None:
    """A host's own code may raise: the item is named, the rest is audited."""
    struck: set[str] = set()

    @condition("struck")
    def asks(case: Case, _unit: str | None) -> bool:
        if case.item.code in struck:
            raise ZeroDivisionError("no ground")
        return False

    rules = load_policy(
        'name = "odd"\nversion = "1"\n[[rung]]\nkey = "r"\nat = "due"\n'
        'action = "urge"\nwhen = ["struck"]\n',
        vocabulary=STANDARD.with_words(asks),
    )
    house = House.open(storage, policies=[rules], conditions=[asks])
    house.assign("A-1")
    house.assign("A-2")
    house.sweep("06-08 10:00")
    struck.add("A-1")

    found = audited(house, "06-08 12:00")

    assert [(f.code, f.check, f.recomputed) for f in found.faults] == [
        ("A-1", "judgement", "ZeroDivisionError: no ground")
    ]
    assert found.items == 2


def test_an_item_set_aside_waits_for_a_person(house: House) -> None:
    """Of a quarantined item only the deadline is held against its facts."""
    house.assign()
    overwrite(house, "A-1", quarantined=2, next_at=at("06-02 09:00"))

    found = audited(house, "06-01 12:00")

    assert (found.quarantined, found.recomputed, found.faulty) == (1, 0, 0)


def test_before_the_last_sweep_nothing_can_be_told(house: House) -> None:
    """What a sweep stored is not held against an earlier instant."""
    house.sweep("06-08 09:00")

    with pytest.raises(Invalid, match="last sweep"):
        audited(house, "06-01 09:00")


def test_an_instant_without_a_zone_is_refused(house: House) -> None:
    """Time is an argument, and an aware one."""
    with pytest.raises(Invalid):
        house.office.audit(now=at("06-01 09:00").replace(tzinfo=None))


def test_pages_and_progress(house: House) -> None:
    """Page by page along the codes, each item once; whoever watches hears of it."""
    for n in range(7):
        house.assign(f"A-{n}")
    house.sweep("06-01 10:00")
    heard: list[tuple[str, int]] = []

    found = Auditor(
        settings=house.office.settings,
        storage=house.storage,
        now=at("06-01 12:00"),
        page=3,
        progress=lambda what, done, _total: heard.append((what, done)),
    ).run()

    assert (found.items, found.recomputed) == (7, 7)
    assert heard == [("audit", 3), ("audit", 6), ("audit", 7)]


def test_of_very_many_faults_the_first_are_told(house: House) -> None:
    """All are counted and the first of them told, so that memory stays small."""
    for n in range(3):
        house.assign(f"A-{n}")
        overwrite(house, f"A-{n}", policy="gone@9", next_at=at("07-01 09:00"))

    found = Auditor(
        settings=house.office.settings,
        storage=house.storage,
        now=at("06-01 12:00"),
        page=1,
        kept=2,
    ).run()

    assert [fault.code for fault in found.faults] == ["A-0", "A-1"]
    assert found.faulty == 3


def test_it_reads_and_never_writes(house: House) -> None:
    """Before and after an audit the store holds the same."""
    house.assign()
    house.sweep("06-08 10:00")
    before = house.desk().get("A-1"), house.desk().history("A-1")

    audited(house, "06-08 12:00")

    assert (house.desk().get("A-1"), house.desk().history("A-1")) == before


def test_a_row_that_was_changed_by_sql_is_found(tmp_path: Path) -> None:
    """An UPDATE past the engine, on the column that the sweep asks about."""
    storage = SqlStorage(f"sqlite:///{tmp_path / 'duban.db'}")
    house = House.open(storage)
    for n in range(5):
        house.assign(f"A-{n}")
    house.sweep("06-01 10:00")
    with storage.engine.begin() as connection:
        connection.execute(
            text(
                "UPDATE duban_item SET next_at = next_at + 1 WHERE id = "
                "(SELECT id FROM duban_item_detail WHERE code = 'A-3')"
            )
        )

    [fault] = audited(house, "06-01 12:00").faults
    storage.close()

    assert fault.text("en") == (
        "A-3: the next instant: stored 2026-06-05T09:30:00.000002Z, "
        "recomputed 2026-06-05T09:30:00.000001Z."
    )


def test_it_says_what_it_found_in_two_languages(house: House) -> None:
    """One line of numbers, then each fault on a line of its own."""
    house.assign()
    house.sweep("06-01 10:00")
    overwrite(house, "A-1", next_at=None)

    found = audited(house, "06-01 12:00")

    assert str(found) == (
        "核验1件（在办1件，已终结0件）：重算判定时间1件、时限1件，"
        "待巡检0件，已隔离0件，差异1处。\n"
        "A-1：下次判定时间：存储为无，重新计算为2026-06-05T09:30:00.000001Z。"
    )
    assert found.text("en").startswith("1 items (1 open, 0 ended): 1 instants and")
    assert Audit.from_dict(found.to_dict()) == found


def test_a_rung_that_wants_each_cycle_comes_up_again_at_once() -> None:
    """Two months went by unswept: one is told in this pass, the next in another."""
    office = Office.rehearsal(policies=[URGED])
    house = House(office, office.storage)
    house.assign(term=None)
    house.sweep("06-01 10:00")

    told = [house.sweep(f"08-0{n} 09:00").fired for n in range(3, 6)]

    assert told == [1, 1, 0]
    assert audited(house, "08-05 09:00").faulty == 0


def test_a_sitting_does_not_look_at_what_ripened_after_the_end(house: House) -> None:
    """Closed before it was due, an item is done: the day of the sweep cannot show."""
    house.assign()
    house.desk(ZJJ, when="06-02 09:00").submit("A-1")
    house.desk(when="06-02 10:00").close("A-1", reason="完成")
    house.sweep("06-20 10:00")

    assert house.desk(when="06-20 10:00").get("A-1").next_at is None
    assert audited(house, "06-20 11:00").faulty == 0


def test_a_limit_of_a_party_is_reckoned_too(house: House) -> None:
    """A unit's own clock is a deadline like any other: patched, it is named."""
    own = Party(ZJJ, term=Term.workdays(2))
    item = house.assign(parties={Role.RESPONSIBLE: own, Role.SUPERVISING: DCS})
    house.sweep("06-01 10:00")
    assert audited(house, "06-01 11:00").faults == ()
    [party] = item.parties[Role.RESPONSIBLE]
    assert party.due is not None
    later = evolve(party.due, at=at("06-09 17:30"), latest=at("06-09 17:30"))
    other = {**item.parties, Role.RESPONSIBLE: (evolve(party, due=later),)}
    overwrite(house, "A-1", parties=other)

    faults = audited(house, "06-01 11:00").faults
    assert (faults[0].check, faults[0].recomputed) == ("due", "2026-06-03T09:30:00Z")


def test_a_deadline_that_cannot_be_reckoned_is_named(house: House) -> None:
    """A start beyond any calendar: the item is named, nothing is raised."""
    house.assign("A-1")
    house.assign("A-2")
    overwrite(house, "A-1", assigned_at=datetime(9000, 1, 1, tzinfo=UTC))

    found = audited(house, "06-01 12:00")

    assert [(fault.code, fault.check) for fault in found.faults] == [
        ("A-1", "certificate")
    ]
    assert "Invalid" in str(found.faults[0])


def test_a_log_that_does_not_read_is_named_and_the_others_go_on(
    tmp_path: Path,
) -> None:
    """Of three items one has an event that nothing can read."""
    storage = SqlStorage(f"sqlite:///{tmp_path / 'duban.db'}")
    house = House.open(storage)
    for n in range(3):
        house.assign(f"A-{n}")
        house.desk(ZJJ).report(f"A-{n}", progress=10)
    house.sweep("06-01 10:00")
    with storage.engine.begin() as connection:
        connection.execute(
            text(
                'UPDATE duban_event SET data = \'{"progress":"x"}\' WHERE '
                "action = 'report' AND subject = "
                "(SELECT id FROM duban_item_detail WHERE code = 'A-1')"
            )
        )

    found = audited(house, "06-01 12:00")
    storage.close()

    assert [(fault.code, fault.check) for fault in found.faults] == [
        ("A-1", "judgement")
    ]
    assert found.recomputed == 2


def test_what_was_recorded_after_now_waits_for_its_sweep(house: House) -> None:
    """A desk was ahead of the auditor: the item is due at its instant, not wrong."""
    house.assign()
    house.sweep("06-01 10:00")
    house.desk(ZJJ, when="06-02 09:00").report("A-1", progress=10)

    found = audited(house, "06-01 12:00")

    assert (found.due, found.recomputed, found.faulty) == (1, 0, 0)
