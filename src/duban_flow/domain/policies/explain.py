"""Why an item stands where it stands 说明: every rung, its grounds, what comes next.

It tells what was decided and decides nothing. The same Decisions give the same text,
in Chinese or in English, no line wider than eighty columns.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from attrs import frozen

from duban_flow.domain.case import Case
from duban_flow.domain.codec import Value
from duban_flow.domain.instants import Span
from duban_flow.domain.policies.explain_text import NOTES, ground_text
from duban_flow.domain.policies.model import (
    Decision,
    Policy,
    PolicyLike,
    Recipient,
    Verdict,
    whole,
)
from duban_flow.domain.policies.wrapping import wrapped
from duban_flow.domain.sanctions import Ground
from duban_flow.domain.telling import instant_text

_STATES: Final = {
    "assigned": "已交办",
    "in_progress": "办理中",
    "overdue": "已逾期",
    "prompted": "已提示",
    "warned": "已告诫",
    "closed": "已办结",
    "suspended": "已中止",
    "withdrawn": "已撤销",
}
_SIGNS: Final = {True: "✓", False: "✗", None: "?"}
_VERDICTS: Final = {
    "zh": {
        Verdict.WAITS: "未到时点",
        Verdict.FIRES: "条件具备",
        Verdict.FAILS: "条件不具备",
        Verdict.UNSURE: "事实不清，须由人判定",
        Verdict.DONE: "不再进行",
    },
    "en": {
        Verdict.WAITS: "not yet",
        Verdict.FIRES: "all conditions hold",
        Verdict.FAILS: "a condition does not hold",
        Verdict.UNSURE: "the facts do not decide it, a person must",
        Verdict.DONE: "nothing more",
    },
}


@frozen(kw_only=True)
class RungTold(Value):
    """One rung in words: what it would do, how it was judged, on which grounds."""

    rung: str
    verdict: str
    note: str
    unit: str | None
    instant: datetime | None
    until: datetime | None
    does: str
    judged: str
    grounds: tuple[Ground, ...]
    said: tuple[str, ...]


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
    case: Case, policy: PolicyLike, decisions: Sequence[Decision], lang: str = "zh"
) -> Explanation:
    """Tell a person where an item stands, why, and what comes next and when."""
    teller = _Teller(case=case, policy=whole(policy), lang=lang)
    told = tuple(teller.rung(one) for one in decisions)
    ahead = [one for one in decisions if one.until and one.until > case.at]
    ahead.sort(key=lambda one: one.until or case.at)
    return Explanation(
        code=case.item.code,
        at=case.at,
        lang=lang,
        lines=(
            *teller.standing(),
            "",
            *teller.ladder(told),
            "",
            *teller.following(ahead),
        ),
        rungs=told,
        next_at=ahead[0].until if ahead else None,
    )


@frozen(kw_only=True)
class _Teller:
    """The words for one case in one language."""

    case: Case
    policy: Policy
    lang: str

    @property
    def zh(self) -> bool:
        return self.lang == "zh"

    def say(self, zh: str, en: str) -> str:
        return zh if self.zh else en

    def when(self, moment: datetime) -> str:
        return instant_text(moment, self.case.calendar.zone, self.lang)

    def name(self, unit: str | None) -> str:
        return self.case.names.get(unit or "", unit or "")

    def standing(self) -> tuple[str, ...]:
        """Where it stands: dates, parties, what holds it."""
        item = self.case.item
        state = _STATES.get(item.state, item.state) if self.zh else item.state
        state = state if self.zh else state.replace("_", " ")
        said = [
            f"{item.code} {item.title}" + self.say(f"（{state}）", f" ({state})"),
            self.say("截至", "As of ") + self.when(self.case.at) + self._lateness(),
        ]
        for role, named in item.parties.items():
            who = [self.name(p.unit) for p in named]
            said.append(
                self.say(f"{role.zh}：{'、'.join(who)}", f"{role}: {', '.join(who)}")
            )
        said.append(self.say("适用规则：", "Policy: ") + self.policy.id)
        return tuple(line for text in said for line in wrapped(text))

    def _lateness(self) -> str:
        item, calendar = self.case.item, self.case.calendar
        if item.due is None:
            return self.say("，未设时限。", "; it has no due date.")
        due = self.when(item.due.latest)
        if isinstance(item.due.when, Span):
            first = self.when(item.due.earliest)
            due = self.say(f"{first}至{due}之间", f"between {first} and {due}")
        is_open = item.open_at(self.case.at)
        ended = item.closing.at if item.closing and not is_open else self.case.at
        days = calendar.days_late(item.due.latest, ended)
        workdays = calendar.workdays_late(item.due.latest, ended)
        late = self._late(days, workdays)
        zh = {True: "尚未办结", False: "已办结", None: "办结日期只知道范围"}
        en = {True: "open", False: "closed", None: "closed on a date known as a range"}
        return self.say(
            f"，时限为{due}，{zh[is_open]}，{late}。",
            f"; due {due}; {en[is_open]}, {late}.",
        )

    def _late(self, days: tuple[int, int], workdays: tuple[int, int]) -> str:
        if not days[1]:
            past = self.case.item.overdue(self.case.at)
            return (
                self.say("刚过时限", "just past due")
                if past
                else self.say("未逾期", "not late")
            )
        many, worked = _range(days), _range(workdays)
        return self.say(
            f"逾期{many}天（{worked}个工作日）",
            f"{many} days late ({worked} working days)",
        )

    def ladder(self, told: Sequence[RungTold]) -> tuple[str, ...]:
        """Every rung, what it does, how it was judged, and on which grounds."""
        if not told:
            return (self.say("没有适用的规则。", "No rung of the policy is about it."),)
        lines = [self.say("逐项说明：", "Rung by rung:")]
        for place, one in enumerate(told, 1):
            head = f"“{one.rung}”" + self.say("：", ": ") + one.does
            lines += wrapped(head, f"{place}. ")
            lines += wrapped(one.judged, "   → ")
            shown = zip(one.grounds, one.said, strict=True)
            for ground, said in shown:
                lines += wrapped(said, f"     {_SIGNS[ground.holds]} ")
        return tuple(lines)

    def rung(self, one: Decision) -> RungTold:
        """Put one decision into words; a ``where`` that holds goes without saying."""
        shown = tuple(
            g for g in one.grounds if g.scope != "where" or g.holds is not True
        )
        said = tuple(
            ground_text(g, one.rung, self.lang, kinds=self.policy.kinds) for g in shown
        )
        return RungTold(
            rung=one.rung.key,
            verdict=one.verdict.value,
            note=one.note,
            unit=one.unit,
            instant=one.instant,
            until=one.until,
            does=self.does(one),
            judged=self._judged(one),
            grounds=shown,
            said=said,
        )

    def does(self, one: Decision) -> str:
        """What a rung does: tell whom, or which measure on whom."""
        if one.kind is None:
            return self._tells(one)
        who = self.name(one.unit)
        if not who:
            who = self.say("（未明确单位）", "(nobody named)")
        role = ""
        if one.role is not None:
            role = self.say(f"（{one.role.zh}）", f" ({one.role})")
        bodies = [self.name(body) for body in one.kind.approval]
        chain = ""
        if bodies:
            chain = self.say(
                f"，须经{'、'.join(bodies)}同意",
                f", to be approved by {', '.join(bodies)}",
            )
        return self.say(
            f"对{who}{role}予以{one.kind.name}{chain}",
            f"{one.kind.name} on {who}{role}{chain}",
        )

    def _tells(self, one: Decision) -> str:
        words = {
            "remind": ("提醒", "remind"),
            "urge": ("催办", "urge"),
            "none": ("不作处理", "nothing follows"),
        }
        word = self.say(*words.get(one.rung.action, (one.rung.action,) * 2))
        told = [self._recipient(r) for r in one.rung.notify]
        who = self.say("、", ", ").join(filter(None, told))
        return f"{word}{self.say('', ' ')}{who}" if who else word

    def _recipient(self, one: Recipient) -> str:
        if one.role is None:
            who = self.name(one.unit)
        else:
            named = self.case.item.parties.get(one.role, ())
            who = self.say("、", ", ").join(self.name(p.unit) for p in named)
        return f"{who}/{one.post}" if who and one.post else who

    def _judged(self, one: Decision) -> str:
        said = _VERDICTS[self.lang][one.verdict]
        if one.note == "no anchor":
            ground = Ground(
                condition=one.rung.at.text, holds=False, found=one.note, scope="at"
            )
            said = ground_text(ground, one.rung, self.lang, kinds=self.policy.kinds)
        elif one.note in NOTES[self.lang]:
            said = NOTES[self.lang][one.note]
        stop = self.say("。", ".")
        moment = ""
        if one.instant is not None:
            moment = self.say("时点", "at ") + self.when(one.instant)
        if one.until is None or one.verdict is not Verdict.WAITS:
            return self._sentence(said, moment) + stop
        if one.until == one.instant or not one.rung.at.sitting:
            return self._sentence(said, moment) + stop
        opens = self.when(one.until)
        sits = self.say(f"研究会{opens}", f"the panel sits {opens}")
        return self._sentence(said, moment, sits) + stop

    def _sentence(self, *parts: str) -> str:
        return self.say("，", ", ").join(filter(None, parts))

    def following(self, ahead: Sequence[Decision]) -> tuple[str, ...]:
        """What comes next and when, if nobody acts."""
        due = self.case.item.due
        lines = [self.say("接下来：", "What comes next:")]
        if due is not None and self.case.item.is_open and due.latest > self.case.at:
            text = self.say(
                f"{self.when(due.latest)}，时限届满，届时未办结即为逾期。",
                f"{self.when(due.latest)}: it is due; open after that, it is late.",
            )
            lines += wrapped(text, "- ")
        for one in ahead[:3]:
            lines += wrapped(self._follows(one), "- ")
        if len(lines) == 1:
            nothing = self.say(
                "没有预定的动作，有新情况时再行判定。",
                "nothing is ahead; a new fact brings it up again.",
            )
            lines += wrapped(nothing, "- ")
        return tuple(lines)

    def _follows(self, one: Decision) -> str:
        moment = self.when(one.until or self.case.at)
        what = self.does(one)
        if one.rung.at.sitting:
            return self.say(
                f"{moment}，研究会研究是否{what}。",
                f"{moment}: the panel considers: {what}.",
            )
        return self.say(
            f"{moment}，条件具备时{what}。", f"{moment}: {what}, if conditions hold."
        )


def _range(pair: tuple[int, int]) -> str:
    return str(pair[0]) if pair[0] == pair[1] else f"{pair[0]}-{pair[1]}"
