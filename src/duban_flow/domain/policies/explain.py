"""Why an item stands where it stands 说明: every rung, its grounds, what comes next.

It tells what was decided and decides nothing. The same Decisions give the same text,
in Chinese or in English, no line wider than eighty columns.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from attrs import frozen

from duban_flow.domain.case import Case
from duban_flow.domain.codec import Value
from duban_flow.domain.policies.explain_item import standing_lines
from duban_flow.domain.policies.explain_rung import RungTold, rung_told
from duban_flow.domain.policies.memory import seen
from duban_flow.domain.policies.model import Decision, PolicyLike, Verdict, whole
from duban_flow.domain.policies.speech import Speech
from duban_flow.domain.policies.wrapping import wrapped
from duban_flow.domain.supervision import Supervision
from duban_flow.domain.workflow import Workflow

_SIGNS = {True: "✓", False: "✗", None: "?"}
_AHEAD = 4


@frozen(kw_only=True)
class Explanation(Value):
    """Why an item stands where it stands 说明, line by line.

    ``next_at`` is the first instant at which one of its rungs comes up again.
    """

    code: str
    at: datetime
    lang: str
    lines: tuple[str, ...]
    rungs: tuple[RungTold, ...] = ()
    next_at: datetime | None = None

    def __str__(self) -> str:
        return "\n".join(self.lines)


def explain(
    case: Case,
    policy: PolicyLike,
    decisions: Sequence[Decision],
    lang: str = "zh",
    workflow: type[Workflow] = Supervision,
) -> Explanation:
    """Tell a person where an item stands, why, and what comes next and when.

    ``workflow`` is the item's own: it names the states in Chinese.
    """
    names = {name: state.zh for name, state in workflow.states.items()}
    speech = Speech(case=case, policy=whole(policy), lang=lang, states=names)
    told = tuple(rung_told(speech, one) for one in decisions)
    ahead = [one.until for one in decisions if one.until and one.until > case.at]
    return Explanation(
        code=case.item.code,
        at=case.at,
        lang=lang,
        lines=(
            *standing_lines(speech),
            "",
            *_ladder(speech, told),
            "",
            *_following(speech, decisions, told),
        ),
        rungs=told,
        next_at=min(ahead, default=None),
    )


def _ladder(speech: Speech, told: Sequence[RungTold]) -> list[str]:
    """Every rung, what it does, how it was judged, and on which grounds."""
    if not told:
        return [speech.say("没有适用的规则。", "No rung of the policy is about it.")]
    lines = [speech.say("逐项说明：", "Rung by rung:")]
    for place, one in enumerate(told, 1):
        head = f"“{one.rung}”" + speech.say("：", ": ") + one.does + one.chain
        lines += wrapped(head, f"{place}. ")
        lines += wrapped(one.judged, "   → ")
        for ground, said in zip(one.grounds, one.said, strict=True):
            lines += wrapped(said, f"     {_SIGNS[ground.holds]} ")
        if one.basis:
            cited = speech.say("依据：", "Basis: ") + speech.listed(one.basis)
            lines += wrapped(cited, "     ")
    return lines


def _following(
    speech: Speech, decisions: Sequence[Decision], told: Sequence[RungTold]
) -> list[str]:
    """What comes next and when, if nobody acts."""
    at, due = speech.case.at, speech.case.item.due
    coming: list[tuple[datetime, str]] = []
    runs = due is not None and not due.deferred and speech.case.item.is_open
    if due is not None and runs and due.latest > at:
        coming.append((due.latest, _falls_due(speech, due.latest)))
    for one, words in zip(decisions, told, strict=True):
        if speech.case.item.open_at(at) is False and not _still_ahead(speech, one):
            continue
        if one.verdict is Verdict.FIRES:
            coming.append((at, _now(speech, one, words)))
        if one.until is not None and one.until > at:
            coming.append((one.until, _then(speech, one, words, one.until)))
    lines = [speech.say("接下来：", "What comes next:")]
    for _, text in sorted(coming)[:_AHEAD]:
        lines += wrapped(text, "- ")
    if not coming:
        nothing = speech.say(
            "没有预定的动作，有新情况时再行判定。",
            "nothing is ahead; a new fact brings it up again.",
        )
        lines += wrapped(nothing, "- ")
    return lines


def _still_ahead(speech: Speech, one: Decision) -> bool:
    """Of an item that has ended, only a sitting that has not seen it is ahead."""
    possible = all(ground.holds is not False for ground in one.grounds)
    waits = seen(speech.case) not in speech.case.item.fired
    return one.rung.at.sitting and possible and waits


def _falls_due(speech: Speech, due: datetime) -> str:
    moment = speech.when(due)
    return speech.say(
        f"{moment}，时限届满，届时未办结即为逾期。",
        f"{moment}: it is due; open after that, it is late.",
    )


def _now(speech: Speech, one: Decision, words: RungTold) -> str:
    if one.rung.at.sitting:
        return speech.say(
            f"本次研究会：提出{words.does}。", f"At this sitting: {words.does}."
        )
    return speech.say(
        f"下一次巡查时：{words.does}。", f"At the next sweep: {words.does}."
    )


def _then(speech: Speech, one: Decision, words: RungTold, until: datetime) -> str:
    moment = speech.when(until)
    if one.rung.at.sitting:
        return speech.say(
            f"{moment}，研究会研究是否{words.does}。",
            f"{moment}: the panel considers: {words.does}.",
        )
    return speech.say(
        f"{moment}，条件具备时{words.does}。",
        f"{moment}: {words.does}, if its conditions hold.",
    )
