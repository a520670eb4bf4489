"""A pause at its planned end 中止期满: it ends by itself, or somebody is told.

Which of them is the policy's to say (``pause_overrun``), and was said when the pause
began. The pass writes down what is found here.
"""

from __future__ import annotations

from attrs import evolve, frozen

from duban_flow.domain.case import Case
from duban_flow.domain.events import Event, Notice
from duban_flow.domain.fold import Folded, fold
from duban_flow.domain.instants import latest
from duban_flow.domain.payloads_time import Resume
from duban_flow.domain.time.pauses import Pause
from duban_flow.domain.units import ENGINE, Actor, Role
from duban_flow.domain.workflow import Attempt, Workflow
from duban_flow.engine.deriving import with_derived
from duban_flow.engine.settings import Settings

OVERRUN = "pause_overrun"
"""The event, and the notice, of a pause that runs on past its planned end."""


@frozen(kw_only=True)
class PauseEnd:
    """What a pass writes down of a pause at its planned end."""

    event: Event
    notices: tuple[tuple[int, Notice], ...] = ()


def pause_end(settings: Settings, case: Case, event: Event) -> PauseEnd | None:
    """Say what becomes of a pause whose planned end has come, where one runs.

    *event* is a bare event of the pass, to be made this one.
    """
    pause = case.item.pause
    if pause is None or pause.planned is None or latest(pause.planned) > case.at:
        return None
    if pause.ends_itself:
        return _resumed(settings, case, pause, event)
    told = (e.data.get("pause") for e in case.events if e.action == OVERRUN)
    if pause.ordinal in told:
        return None
    data = {"pause": pause.ordinal, "reason": pause.reason}
    notices = tuple(
        (0, Notice(unit=unit, channel=channel, template=OVERRUN))
        for unit in case.item.units(Role.SUPERVISING) or (case.item.registrar,)
        for channel in settings.channels
    )
    return PauseEnd(event=evolve(event, action=OVERRUN, data=data), notices=notices)


def _resumed(
    settings: Settings, case: Case, pause: Pause, event: Event
) -> PauseEnd | None:
    """Let handling go on from the planned end, as far as the workflow knows how."""
    workflow = settings.workflow(case.item.workflow)
    action = _resuming(workflow)
    if action is None or pause.planned is None:
        return None
    data = {"reason": f"planned end of pause {pause.ordinal}"}
    event = evolve(event, action=action, effective_at=latest(pause.planned), data=data)
    event = with_derived(settings, case, Resume(), event)
    folded = fold(workflow, Folded(item=case.item, facts=case.facts), [event])
    attempt = Attempt(
        case=case,
        actor=Actor(ENGINE),
        action=action,
        after=folded.item,
        payload=Resume(),
    )
    if workflow.refusals(attempt):
        return None
    state = workflow.passage(attempt)
    since = None if state is None else case.item.entered_at
    return PauseEnd(event=evolve(event, state=state, since=since))


def _resuming(workflow: type[Workflow]) -> str | None:
    """Name the action by which a workflow goes on after a pause."""
    return next(
        (a.name for a in workflow.actions.values() if a.payload is Resume), None
    )
