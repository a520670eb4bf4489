"""Who may do what: the whole matrix, written by hand beside what the code says."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from duban_flow import Actor, Directory, Event, Item, Role, Source, Supervision, Unit
from duban_flow.domain.case import Case
from duban_flow.domain.events import Subject, SubjectKind
from duban_flow.domain.rights import (
    may_read,
    refusal,
    relations,
    shown,
    shown_case,
    visible_to,
)
from duban_flow.domain.time.calendar import WorkCalendar

NOW = datetime(2026, 6, 1, 1, tzinfo=UTC)
ROLES = ("lead", "responsible", "assisting", "supervising", "counterparty")
OTHERS = ("body", "auditor", "engine", "stranger")

HANDLING = {"lead", "responsible", "assisting"}
MATRIX = {
    "acknowledge": HANDLING,
    "report": HANDLING | {"supervising"},
    "measure": HANDLING | {"supervising"},
    "submit": {"lead", "responsible"},
    "send_back": {"supervising"},
    "decline": HANDLING,
    "reassign": {"supervising"},
    "rebaseline": {"supervising", "body"},
    "transfer_out": {"supervising"},
    "hold": {"supervising"},
    "release": {"supervising"},
    "withdraw": {"supervising", "body"},
    "suspend": {"supervising"},
    "resume": {"supervising"},
    "annul": {"supervising", "body"},
    "request_extension": HANDLING,
    "grant_extension": {"supervising", "body"},
    "reject_extension": {"supervising", "body"},
    "withdraw_extension": HANDLING,
    "override_extension": {"body"},
    "chase": {"supervising"},
    "close": {"supervising", "body"},
    "reopen": {"supervising", "body"},
    "decompose": {"supervising", "lead"},
    "evaluate": {"supervising"},
    "find_fault": {"supervising"},
    "justify": HANDLING,
    "accept": {"supervising", "body"},
    "refuse": {"supervising", "body"},
    "amend": {"supervising"},
    "note": HANDLING | {"supervising", "body"},
    "attach": HANDLING | {"supervising", "body"},
    "lapse": {"supervising", "engine"},
}
"""Every action a person or the sweep performs, and who may; deny by default."""

DIRECTORY = Directory.of(
    [
        Unit("office", "督查室", kind="supervisor"),
        Unit("above", "区委办", kind="supervisor"),
        Unit("body", "问责领导小组", kind="body"),
        Unit("auditor", "审计局", kind="auditor"),
        Unit("stranger", "文旅局"),
        *(Unit(role, role) for role in ROLES if role != "supervising"),
        Unit("supervising", "派出纪工委", kind="supervisor", parent="above"),
        Unit("desk", "住建局一科", parent="responsible"),
    ]
)


def item(**more) -> Item:
    """Make an item in which each role is filled by the unit of that name."""
    fields = {
        "id": "1",
        "code": "A-1",
        "title": "修路",
        "state": "assigned",
        "version": 1,
        "registrar": "office",
        "assigned_at": NOW,
        "entered_at": NOW,
        "parties": {Role(role): role for role in ROLES},
    }
    return Item(**{**fields, **more})


def actor(who: str) -> Actor:
    """Give an actor of a unit, or the engine."""
    return Actor("engine") if who == "engine" else Actor.of(who)


def test_the_matrix_knows_every_action():
    """A new action without a row here fails: nobody forgets who may do it."""
    assert set(MATRIX) == {n for n, a in Supervision.actions.items() if not a.issued}


@pytest.mark.parametrize("who", [*ROLES, *OTHERS])
@pytest.mark.parametrize("action", MATRIX)
def test_each_cell_of_the_matrix(action, who):
    """Whoever is in the row may; whoever is not is refused with a reason."""
    found = relations(actor(who), item(), DIRECTORY)
    roles = Supervision.actions[action].roles
    reason = refusal(actor(who), action, roles, found, "A-1")
    assert (reason is None) == (who in MATRIX[action])
    if reason is not None:
        assert reason.code == "rights.role"
        assert "A-1" in reason.zh


@pytest.mark.parametrize("who", ["office", "above"])
def test_whoever_registered_and_whoever_stands_above_supervises(who):
    """The registrar and the units over a supervising one supervise too."""
    assert "supervising" in relations(actor(who), item(), DIRECTORY)


@pytest.mark.parametrize(
    ("who", "reads"),
    [
        *((role, True) for role in ROLES),
        ("office", True),
        ("above", True),
        ("body", True),
        ("auditor", True),
        ("engine", True),
        ("stranger", False),
        ("desk", False),
    ],
)
def test_who_may_read(who, reads):
    """Parties, units above them and units of oversight read; no other does."""
    assert may_read(actor(who), item(), DIRECTORY) is reads


def test_an_actor_without_a_unit_reads_nothing():
    """A person of no unit sees no item."""
    assert visible_to(Actor("user:7"), DIRECTORY) == ()
    assert not may_read(Actor("user:7"), item(), DIRECTORY)


def test_a_unit_reads_what_its_offices_handle():
    """The bureau sees what its section is responsible for."""
    ours = item(parties={Role.RESPONSIBLE: "desk"})
    assert may_read(actor("responsible"), ours, DIRECTORY)


@pytest.mark.parametrize("who", [*ROLES, "body", "office"])
def test_the_unit_complained_of_never_learns_who_complained(who):
    """A handling unit sees the matter without the name; others with it."""
    told = item(source=Source("信访", "信〔2026〕3号", complainant="张三"))
    seen = shown(told, actor(who))
    assert seen.source is not None
    assert seen.source.complainant == ("" if who in HANDLING else "张三")
    assert seen.source.reference == "信〔2026〕3号"


def test_nor_does_a_unit_that_handled_it_before():
    """Reassigning does not open the name to the unit that left."""
    told = item(source=Source("信访", complainant="张三"))
    event = Event(
        subject=Subject(SubjectKind.ITEM, "1"),
        seq=1,
        action="assign",
        actor="office",
        effective_at=NOW,
        recorded_at=NOW,
        data={"title": "x", "source": {"kind": "信访", "complainant": "张三"}},
    )
    case = Case(item=told, at=NOW, calendar=WorkCalendar.china(), events=(event,))
    seen = shown_case(case, actor("responsible"))
    assert "张三" not in str(seen.events)
    assert "张三" not in str(seen.item)
    assert shown_case(case, actor("body")) == case
