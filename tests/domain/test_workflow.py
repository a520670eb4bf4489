"""Workflows: the table that runs agrees with the machine, and refusals say why."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import product
from types import SimpleNamespace
from typing import Any

import pytest
from attrs import frozen
from hypothesis import given
from hypothesis import strategies as st

from duban_flow import (
    STANDING,
    Action,
    Actor,
    Attempt,
    Case,
    Invalid,
    Item,
    Reason,
    Refused,
    State,
    Supervision,
    WorkCalendar,
    Workflow,
    guard,
)
from duban_flow.domain.actions import STANDS, Availability, Guard, Moves, States

NOW = datetime(2026, 6, 1, 1, tzinfo=UTC)
CHINA = WorkCalendar.china()
EVERY_STATE = tuple(Supervision.states)
EVERY_ACTION = tuple(Supervision.actions)


def case_in(state: str, workflow: type[Workflow] = Supervision) -> Case:
    """Make a bare case in a state."""
    item = Item(
        id="1",
        code="A-1",
        title="修路",
        state=state,
        version=1,
        workflow=workflow.name,
        assigned_at=NOW,
        entered_at=NOW,
    )
    return Case(item=item, at=NOW, calendar=CHINA)


def answered(name: str, holds: bool) -> Guard:
    """Make a guard that always answers alike."""
    reason = Reason(code=name, en=f"{name} does not hold")
    return Guard(name, lambda _: None if holds else reason)


def by_machine(
    workflow: type[Workflow], state: str, action: str, holds: dict[str, bool]
) -> tuple[bool, str]:
    """Ask the machine of ``transitions`` itself, with a throwaway carrier."""
    conditions = {
        name: (lambda *_, answer=answer: answer) for name, answer in holds.items()
    }
    carrier = SimpleNamespace(state=state, **conditions)
    event = workflow.machine.events[action]
    if state not in event.transitions:
        return False, state
    done = event.trigger(carrier)
    return bool(done), carrier.state


def by_table(
    workflow: type[Workflow], state: str, action: str, holds: dict[str, bool]
) -> tuple[bool, str]:
    """Ask the compiled table, the same guards answering alike."""
    guards = {name: answered(name, holds[name]) for name in workflow.guards}
    answering: Any = type("Answering", (workflow,), {})
    answering.guards = guards
    attempt = Attempt(
        case=case_in(state, workflow), actor=Actor("x"), action=action, issuing=True
    )
    try:
        dest = answering.passage(attempt)
    except Refused:
        return False, state
    return True, dest or state


def guards_of(workflow: type[Workflow], state: str, action: str) -> list[str]:
    """List the guards that can bear on an action in a state."""
    rows = workflow.table.get((state, action), ())
    return sorted({name for row in rows for name in row.guards})


@pytest.mark.parametrize("action", EVERY_ACTION)
def test_the_table_agrees_with_the_machine(action):
    """Every state and every outcome of the guards gives the same in both."""
    compared = 0
    for state in EVERY_STATE:
        names = guards_of(Supervision, state, action)
        for outcome in product((True, False), repeat=len(names)):
            holds = dict.fromkeys(Supervision.guards, True) | dict(
                zip(names, outcome, strict=True)
            )
            machine = by_machine(Supervision, state, action, holds)
            assert by_table(Supervision, state, action, holds) == machine
            compared += 1
    assert compared >= len(EVERY_STATE)


def test_the_states_are_exactly_those_of_supervision():
    """Eight states, one of them first, two of them ends."""
    assert EVERY_STATE == (
        "assigned",
        "in_progress",
        "overdue",
        "prompted",
        "warned",
        "suspended",
        "closed",
        "withdrawn",
    )
    assert Supervision.first() == "assigned"
    assert Supervision.ends() == {"closed", "withdrawn"}
    assert Supervision.on_due() == "lapse"


EXPECTED = {
    "acknowledge": {"assigned": "in_progress"},
    "report": {"assigned": "in_progress"},
    "submit": {"assigned": "in_progress"},
    "lapse": {"assigned": "overdue", "in_progress": "overdue"},
    "prompt": dict.fromkeys(("assigned", "in_progress", "overdue"), "prompted"),
    "warn": dict.fromkeys(("assigned", "in_progress", "overdue", "prompted"), "warned"),
    "close": dict.fromkeys(
        ("assigned", "in_progress", "overdue", "prompted", "warned", "suspended"),
        "closed",
    ),
    "suspend": dict.fromkeys(
        ("assigned", "in_progress", "overdue", "prompted", "warned"), "suspended"
    ),
}


@pytest.mark.parametrize(("action", "wanted"), EXPECTED.items())
def test_moves_are_those_of_the_table(action, wanted):
    """Each action leads from exactly these states, but for where the facts put it."""
    found = {
        state: row.dest
        for (state, name), rows in Supervision.table.items()
        for row in rows
        if name == action
        and row.dest not in (None, state)
        and not any(g.startswith(STANDS) for g in row.guards)
    }
    assert found == wanted


@pytest.mark.parametrize("action", ["withdraw", "transfer_out"])
def test_open_matters_can_be_withdrawn(action):
    """Withdrawing and transferring out lead from every open state to withdrawn."""
    sources = {s for (s, name) in Supervision.table if name == action}
    assert sources == set(EVERY_STATE) - {"closed", "withdrawn"}


def test_supervision_passes_its_own_check():
    """Every state is reached, every open state has a way to an end."""
    Supervision.check()


def test_a_refusal_names_the_state_and_what_was_wanted():
    """What is not possible here says so in both languages, under a stable code."""
    attempt = Attempt(case=case_in("closed"), actor=Actor("x"), action="report")
    with pytest.raises(Refused) as refused:
        Supervision.passage(attempt)
    assert refused.value.code == "workflow.state"
    assert "A-1" in refused.value.text("zh")
    assert "closed" in refused.value.text("en")
    assert "assigned" in refused.value.text("en")


def test_every_reason_is_given_at_once():
    """Two guards that fail give two reasons."""

    class Twice(Workflow):
        name, version = "twice", "1"
        a, b = State(first=True), State(end=True)
        go = Action(
            a.to(b), Empty, guards=[answered("one", False), answered("two", False)]
        )

    attempt = Attempt(case=case_in("a", Twice), actor=Actor("x"), action="go")
    assert [r.code for r in Twice.refusals(attempt)] == ["one", "two"]


def test_a_sanctioning_action_is_not_to_be_had_by_hand():
    """Prompting happens by issuing a sanction and in no other way."""
    attempt = Attempt(case=case_in("overdue"), actor=Actor("x"), action="prompt")
    assert Supervision.refusals(attempt)[0].code == "workflow.issued"


def test_a_warning_needs_no_prompt_before_it():
    """告诫 without a 提示 before it is legal."""
    attempt = Attempt(
        case=case_in("overdue"), actor=Actor("x"), action="warn", issuing=True
    )
    assert Supervision.passage(attempt) == "warned"


def test_an_unknown_action_names_the_nearest():
    """A misspelt action is refused with the word that lies nearest."""
    with pytest.raises(Invalid, match="acknowledge"):
        Supervision.parse("aknowledge", {})


def test_parse_reads_a_form():
    """A form becomes the same command as the call."""
    assert Supervision.parse("close", {"reason": "done"}) == Supervision.close(
        reason="done"
    )


@pytest.mark.parametrize(
    "form", [{}, {"reason": 3}, {"reason": "x", "until": "y"}, {"reason": " "}]
)
def test_parse_refuses_data_that_does_not_fit(form):
    """Missing, mistyped, unknown and empty fields are Invalid."""
    with pytest.raises(Invalid):
        Supervision.parse("close", form)


@frozen
class Empty:
    """A payload with nothing in it."""


def test_check_names_every_fault():
    """Unreachable, no end, nobody may: all are named at once."""

    class Broken(Workflow):
        name, version = "broken", "1"
        a, b, lost = State(first=True), State(), State(end=True)
        go = Action(a.to(b), Empty)
        idle = Action(b.stay(), Empty, roles=[])

    with pytest.raises(Invalid) as fault:
        Broken.check()
    assert {r.code for r in fault.value.reasons} == {
        "workflow.unreachable",
        "workflow.no_end",
        "workflow.no_role",
    }
    assert "lost" in fault.value.text("zh")


def test_check_wants_one_first_state():
    """Two states an item could be born in are a fault."""

    class TwoFirsts(Workflow):
        name, version = "two", "1"
        a, b, end = State(first=True), State(first=True), State(end=True)
        go = Action((a | b).to(end), Empty)

    with pytest.raises(Invalid, match="one first state and has 2"):
        TwoFirsts.check()


def test_check_wants_at_most_one_action_on_due():
    """A deadline passes in one way only."""

    class TwoDues(Workflow):
        name, version = "dues", "1"
        a, end = State(first=True), State(end=True)
        one = Action(a.to(end), Empty, on_due=True)
        two = Action(a.to(end), Empty, on_due=True)

    with pytest.raises(Invalid, match="on_due: one, two"):
        TwoDues.check()


def test_two_guards_may_not_share_a_name():
    """A name means one guard; the second is refused when the class is made."""
    with pytest.raises(Invalid, match="two guards"):

        class Clash(Workflow):
            name, version = "clash", "1"
            a, end = State(first=True), State(end=True)
            go = Action(a.to(end), Empty, guards=[answered("x", True)])
            to = Action(a.to(end), Empty, guards=[answered("x", False)])


def test_where_facts_decide_the_way_leads_where_they_say():
    """STANDING leads to the state that the workflow computes."""

    class Settles(Workflow):
        name, version = "settles", "1"
        standings = ("b", "c")
        a, b, c = State(first=True), State(end=True), State(end=True)
        go = Action(a.to(STANDING), Empty)

        @classmethod
        def standing(cls, item, at):
            """Say c of every item that is held."""
            return "c" if item.held else "b"

    attempt = Attempt(case=case_in("a", Settles), actor=Actor("x"), action="go")
    assert Settles.passage(attempt) == "b"


def test_the_diagram_is_mermaid():
    """Every state stands in it, and computed ways meet in one choice."""
    drawn = Supervision.diagram()
    assert drawn.startswith("stateDiagram-v2\n    [*] --> assigned")
    assert "    overdue --> prompted: prompt" in drawn
    assert "    closed --> standing: reopen" in drawn
    assert "    withdrawn --> [*]" in drawn


def test_words_of_states_and_actions():
    """A state and an action without a Chinese name are called by their own."""

    class Plain(Workflow):
        name, version = "plainly", "1"
        a, end = State(first=True), State(end=True)
        go = Action(a.to(end), Empty)

    assert (Plain.a.zh, Plain.go.zh, repr(Plain.a)) == ("a", "go", "State(a)")
    assert Supervision.assigned.zh == "已交办"


@st.composite
def workflows(draw) -> type[Workflow]:
    """Draw a small workflow: states, arrows between them, guards that may fail."""
    names = ["s0", "s1", "s2", "s3"][: draw(st.integers(2, 4))]
    states = {
        name: State(first=place == 0, end=place == len(names) - 1)
        for place, name in enumerate(names)
    }
    guards = [answered(f"g{n}", True) for n in range(3)]
    members: dict[str, object] = {"name": "drawn", "version": "1", **states}
    for number in range(draw(st.integers(1, 4))):
        moves = Moves(())
        for _ in range(draw(st.integers(1, 3))):
            source = states[draw(st.sampled_from(names))]
            dest = draw(st.sampled_from([*names, None]))
            when = draw(st.lists(st.sampled_from(guards), max_size=2, unique=True))
            several = States((source,))
            moves += (
                several.stay(when=when)
                if dest is None
                else several.to(states[dest], when=when)
            )
        members[f"act{number}"] = Action(moves, Empty)
    return type("Drawn", (Workflow,), members)


@given(workflows(), st.lists(st.booleans(), min_size=3, max_size=3))
def test_any_workflow_runs_as_its_machine_does(workflow, answers):
    """For workflows nobody wrote down, table and machine agree in every state."""
    holds = {name: answers[int(name[1:])] for name in workflow.guards}
    for state, action in product(workflow.states, workflow.actions):
        assert by_table(workflow, state, action, holds) == by_machine(
            workflow, state, action, holds
        )


def test_a_guard_is_a_function_under_a_name():
    """The decorator keeps the function and its name."""

    @guard("always")
    def always(attempt):
        """Hold."""

    assert always.name == "always"


def test_a_button_is_drawn_from_what_is_available():
    """Name, permission, reasons and data, in the language that is asked for."""
    reason = Reason(code="x.no", en="Not now.", zh="现在不行。")
    told = Availability(
        action="close", zh="办结", allowed=False, reasons=(reason,), schema={"a": 1}
    )
    assert told.to_dict() == {
        "action": "close",
        "name": "办结",
        "allowed": False,
        "reasons": [{"code": "x.no", "text": "现在不行。"}],
        "schema": {"a": 1},
    }
    assert told.to_dict("en")["name"] == "close"


def test_a_workflow_without_standings_stands_at_its_beginning():
    """Where no action leads to what the facts say, nothing is asked of them."""

    class Short(Workflow):
        name, version = "short", "1"
        begun, done = State(first=True), State(end=True)
        finish = Action(begun.to(done), Empty)

    assert Short.standing(case_in("begun", Short).item, NOW) == "begun"
    assert "standing" not in Short.diagram()


def test_a_base_for_workflows_has_no_states_of_its_own():
    """What hosts put between us and their workflows need not be one."""

    class House(Workflow):
        pass

    assert House.states == {}
    assert not hasattr(House, "table")
