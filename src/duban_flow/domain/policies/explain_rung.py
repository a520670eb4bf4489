"""One rung in words: what it would do, how it was judged, on which grounds."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from attrs import evolve, frozen

from duban_flow.domain.codec import Value
from duban_flow.domain.policies.explain_text import NOTES, ground_text
from duban_flow.domain.policies.model import (
    Condition,
    Decision,
    Recipient,
    Rung,
    Verdict,
)
from duban_flow.domain.policies.speech import Speech
from duban_flow.domain.sanctions import Ground

_VERDICTS: Final = {
    "zh": {
        Verdict.WAITS: "尚未到点",
        Verdict.FIRES: "条件具备，应予进行",
        Verdict.FAILS: "条件不具备，不予进行",
        Verdict.UNSURE: "事实尚不清楚，须由人判定",
        Verdict.DONE: "不再进行",
    },
    "en": {
        Verdict.WAITS: "not yet",
        Verdict.FIRES: "its conditions hold",
        Verdict.FAILS: "its conditions do not hold",
        Verdict.UNSURE: "the facts do not decide it, a person must",
        Verdict.DONE: "nothing more",
    },
}
CLOCKS: Final = {
    "due": ("（办理时限）", " by the due date"),
    "chase": ("（催办时限）", " by the chase date"),
    "limit": ("（内部时限）", " by its own limit"),
}
_TELLS: Final = {
    "remind": ("提醒", "remind"),
    "urge": ("催办", "urge"),
    "none": ("不作处理", "nothing follows"),
}


@frozen(kw_only=True)
class RungTold(Value):
    """One rung in words: what it does, how it was judged, on which grounds.

    ``said`` puts each of ``grounds`` into words; ``chain`` names who must approve;
    ``clock`` is the one it goes by, where it goes by one.
    """

    rung: str
    verdict: str
    note: str
    unit: str | None
    clock: str | None
    instant: datetime | None
    until: datetime | None
    does: str
    chain: str
    judged: str
    grounds: tuple[Ground, ...]
    said: tuple[str, ...]
    basis: tuple[str, ...] = ()


def _with_states_named(speech: Speech, rung: Rung) -> Rung:
    """Let a rung's conditions on the state speak of it as its workflow does."""

    def named(asked: Condition) -> Condition:
        if asked.fact != "state":
            return asked
        return evolve(asked, words=tuple(map(speech.state, asked.words)))

    where, when = map(named, rung.where), map(named, rung.when)
    return evolve(rung, where=tuple(where), when=tuple(when))


def rung_told(speech: Speech, one: Decision) -> RungTold:
    """Put one decision into words; a ``where`` that holds goes without saying."""
    shown = tuple(g for g in one.grounds if g.scope != "where" or g.holds is not True)
    rung = _with_states_named(speech, one.rung)
    said = tuple(
        ground_text(g, rung, speech.lang, kinds=speech.policy.kinds) for g in shown
    )
    basis = one.rung.basis or (speech.policy.basis if one.kind else ())
    return RungTold(
        rung=one.rung.key,
        verdict=one.verdict.value,
        note=one.note,
        unit=one.unit,
        clock=one.clock,
        instant=one.instant,
        until=one.until,
        does=_does(speech, one),
        chain=_chain(speech, one),
        judged=_judged(speech, one),
        grounds=shown,
        said=said,
        basis=basis,
    )


def _does(speech: Speech, one: Decision) -> str:
    """What a rung does: tell whom, or which measure on whom."""
    if one.kind is None:
        word = speech.say(*_TELLS.get(one.rung.action, (one.rung.action,) * 2))
        who = speech.listed(_recipient(speech, r) for r in one.rung.notify)
        return f"{word}{speech.say('', ' ')}{who}" if who else word
    who = speech.name(one.unit) or speech.say("（未明确的单位）", "(nobody named)")
    role = ""
    if one.role is not None:
        role = speech.say(f"（{one.role.zh}）", f" ({one.role})")
    return speech.say(
        f"对{who}{role}予以{one.kind.name}", f"{one.kind.name} on {who}{role}"
    )


def _chain(speech: Speech, one: Decision) -> str:
    bodies = one.kind.approval if one.kind else ()
    if not bodies:
        return ""
    named = speech.listed(map(speech.name, bodies))
    return speech.say(f"，须经{named}同意", f", to be approved by {named}")


def _recipient(speech: Speech, one: Recipient) -> str:
    if one.role is None:
        who = speech.name(one.unit)
    else:
        named = speech.case.item.parties.get(one.role, ())
        who = speech.listed(speech.name(p.unit) for p in named)
    return f"{who}/{one.post}" if who and one.post else who


def _judged(speech: Speech, one: Decision) -> str:
    """When it came up, and what came of it, in one sentence."""
    said = NOTES[speech.lang].get(one.note, _VERDICTS[speech.lang][one.verdict])
    if one.note == "no anchor":
        absent = Ground(
            condition=one.rung.at.text, holds=False, found=one.note, scope="at"
        )
        said = ground_text(absent, one.rung, speech.lang, kinds=speech.policy.kinds)
        due = speech.case.item.due
        if due is not None and due.deferred and one.rung.at.anchor in CLOCKS:
            said = speech.say("中止中，时限暂缓", "its deadline is deferred by a pause")
    if one.verdict is Verdict.WAITS and one.rung.at.sitting and one.until is not None:
        said += speech.say(
            f"（{speech.when(one.until)}）", f" ({speech.when(one.until)})"
        )
    if one.instant is None:
        return said + speech.say("。", ".")
    moment = speech.when(one.instant)
    ripe = one.note == "ahead"
    zh, en = CLOCKS[one.clock] if one.clock else ("", "")
    return speech.say(
        f"{moment}到点{zh}，{said}。",
        f"{'ripens' if ripe else 'ripe since'} {moment}{en}: {said}.",
    )
