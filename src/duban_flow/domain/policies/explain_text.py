"""Conditions, verdicts and notes in words a clerk reads, Chinese and English.

Only wording stands here: what is said has been decided elsewhere. A word of a host's
own, or of a policy that is gone, is quoted as it was written.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from duban_flow.domain.policies.model import Condition, Kind, Rung
from duban_flow.domain.sanctions import Ground

Pair = tuple[str, str]

FLAGS: Final[Mapping[str, Mapping[str, Pair]]] = {
    "zh": {
        "open": ("尚未办结", "已办结"),
        "closed": ("已办结", "尚未办结"),
        "late": ("已超过时限", "未超过时限"),
        "held": ("已采取稳控措施", "未采取稳控措施"),
        "paused": ("期限已中止计算", "期限未中止计算"),
        "extending": ("延期申请尚待批复", "没有待批的延期申请"),
        "excused": ("正当理由已获认定", "没有获认定的正当理由"),
        "met": ("决定性指标已完成", "没有已完成的决定性指标"),
        "short": ("指标未达到要求", "指标已达到要求"),
        "at_risk": ("预计难以按期完成", "没有难以完成的预报"),
        "poor": ("最近一轮测评靠后或低于平均分", "最近一轮测评不靠后、不低于平均分"),
        "faulted": ("有查实问题", "没有查实问题"),
        "ranked": ("测评排出名次", "测评没有排名次"),
        "averaged": ("测评公布平均分", "测评没有平均分"),
        "received": ("已报送“{0}”", "未报送“{0}”"),
    },
    "en": {
        "open": ("it is open", "it is closed"),
        "closed": ("it is closed", "it is open"),
        "late": ("it is past due", "it is not past due"),
        "held": ("it is held", "it is not held"),
        "paused": ("its time is paused", "its time runs"),
        "extending": ("an extension is asked for", "no extension is asked for"),
        "excused": ("a reason was accepted", "no reason was accepted"),
        "met": ("the decisive target is met", "no decisive target is met"),
        "short": ("a measure falls short", "no measure falls short"),
        "at_risk": ("it is forecast to be hard to finish", "no risk is forecast"),
        "poor": ("the last round was poor", "the last round was not poor"),
        "faulted": ("there is a finding", "there is no finding"),
        "ranked": ("its rounds carry ranks", "its rounds carry no ranks"),
        "averaged": ("its rounds carry a mean", "its rounds carry no mean"),
        "received": ("“{0}” has come in", "“{0}” has not come in"),
    },
}

_WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "zh": {
        "category": "类别",
        "source": "来源",
        "priority": "紧急程度",
        "state": "状态",
        "overrun": "逾期",
        "gap": "低于平均分",
        "rank": "排名位次百分比",
        "behind": "落后序时进度",
        "shortfall": "欠进度比例",
        "rebaselined": "目标调整次数",
        "level": "现有措施等级",
        "count": "次数",
        "streak": "连续次数",
    },
    "en": {
        "overrun": "time past due",
        "gap": "the gap to the mean",
        "behind": "the lag behind schedule",
        "shortfall": "the share missing",
        "rebaselined": "the number of moved targets",
        "level": "the level of measures that stand",
        "count": "the number",
        "streak": "the run",
    },
}

# At a limit of nought a number is a plain yes or no.
_NOUGHT: Final[Mapping[str, Mapping[str, Pair]]] = {
    "zh": {
        "overrun": ("逾期", "未逾期"),
        "gap": ("低于平均分", "不低于平均分"),
        "behind": ("落后于序时进度", "不落后于序时进度"),
        "shortfall": ("欠进度", "不欠进度"),
    },
    "en": {
        "overrun": ("past due", "not past due"),
        "gap": ("below the mean", "not below the mean"),
        "behind": ("behind schedule", "not behind schedule"),
        "shortfall": ("short of schedule", "not short of schedule"),
    },
}

_OPERATORS: Final[Mapping[str, Mapping[str, Pair]]] = {
    "zh": {
        ">": ("超过", "不超过"),
        ">=": ("达到", "未达到"),
        "<": ("不足", "达到"),
        "<=": ("不超过", "超过"),
    },
    "en": {
        ">": ("above", "not above"),
        ">=": ("at least", "less than"),
        "<": ("less than", "at least"),
        "<=": ("at most", "above"),
    },
}

_UNITS: Final[Mapping[str, str]] = {
    "day": "天",
    "workday": "个工作日",
    "point": "分",
    "round": "轮",
    "month": "个月",
}

NOTES: Final[Mapping[str, Mapping[str, str]]] = {
    "zh": {
        "fired": "同一事由此前已作处理",
        "overtaken": "已由更高一级的措施一并处理",
        "inherited": "时限调整前已作处理，不再重复",
        "stale": "时点已过，不再补发",
        "unarmed": "时点早于纳入督办，不予追溯",
        "before start": "时点早于交办，不适用",
        "withdrawn": "事项已撤销或移交",
        "ended": "事项已办结",
        "none": "规则写明此种情形不作处理",
        "suspended": "办理已中止",
        "submitted": "已报结，等待审核",
        "extending": "延期申请待答复",
        "sitting": "等待研究会研究",
        "in turn": "依次处理，下一次进行",
        "rung": "没有适用的规则",
    },
    "en": {
        "fired": "already acted upon in this cycle",
        "overtaken": "covered by a higher measure",
        "inherited": "acted upon before the due date moved, not repeated",
        "stale": "its time has passed, not sent any more",
        "unarmed": "its time lies before the item was taken in",
        "before start": "its time lies before the assignment",
        "withdrawn": "the item was withdrawn or transferred out",
        "ended": "the item is closed",
        "none": "the policy says that nothing follows here",
        "suspended": "handling is suspended",
        "submitted": "submitted, waiting for an answer",
        "extending": "an extension was asked for, waiting for an answer",
        "sitting": "waiting for the sitting",
        "in turn": "comes next, one at a time",
        "rung": "no rung of the policy is about it",
    },
}

_AHEAD: Final[Mapping[str, Mapping[str, Pair]]] = {
    # Not come yet; never set at all.
    "zh": {
        "due": ("未到时限", "未设时限"),
        "chase": ("未到催办日期", "未定催办日期"),
        "limit": ("未到内部时限", "未设时限"),
        "round": ("未到测评后的处理日期", "尚无测评"),
        "finding": ("未到查实后的处理日期", "没有查实问题"),
        "act": ("未到{kind}后的处理日期", "尚未作出{kind}"),
        "act due": ("未到{kind}的整改期限", "没有{kind}的整改期限"),
        "": ("未到规定时点", "没有规定时点"),
    },
    "en": {
        "due": ("not due yet", "it has no due date"),
        "chase": ("not to be chased yet", "it has no chase date"),
        "limit": ("its own limit is ahead", "it has neither a limit nor a due date"),
        "round": ("too early after the round", "there is no round yet"),
        "finding": ("too early after the finding", "there is no finding"),
        "act": ("too early after the {kind}", "there is no {kind} yet"),
        "act due": ("the date the {kind} set is ahead", "no {kind} set a date"),
        "": ("its time is ahead", "its time is not known"),
    },
}


def joined(parts: Iterable[str], lang: str) -> str:
    """Put reasons into one sentence."""
    return ("；" if lang == "zh" else "; ").join(parts)


def ground_text(
    one: Ground,
    rung: Rung | None,
    lang: str,
    *,
    kinds: Mapping[str, Kind] | None = None,
) -> str:
    """Say one ground in words: what is so, not what was asked.

    >>> ground_text(Ground(condition="fired", holds=False, scope="note"), None, "en")
    'already acted upon in this cycle'
    """
    kinds = kinds or {}
    if one.scope == "note":
        return NOTES[lang].get(one.condition, one.condition)
    if one.scope == "on":
        return "未明确责任单位" if lang == "zh" else "nobody fills the role"
    if one.scope == "at":
        return _ahead(one, rung, lang, kinds)
    asked = _asked(one, rung)
    if asked is None:
        return _quoted(one.condition, one.holds, lang)
    if one.holds is None:
        said = condition_text(asked, True, lang, kinds)
        return f"是否“{said}”尚不能确定" if lang == "zh" else f"unsure whether {said}"
    return condition_text(asked, one.holds, lang, kinds)


def condition_text(
    asked: Condition, holds: bool, lang: str, kinds: Mapping[str, Kind]
) -> str:
    """Say what is so where a condition holds, or where it does not."""
    if asked.operator == "in":
        return _word_text(asked, holds, lang)
    if asked.operator:
        return _number_text(asked, holds, lang, kinds)
    pair = FLAGS[lang].get(asked.fact)
    if pair is None:
        return _quoted(asked.text, holds, lang)
    so = holds != asked.negated
    return pair[0 if so else 1].format(*asked.arguments)


def _asked(one: Ground, rung: Rung | None) -> Condition | None:
    if rung is None:
        return None
    return next((c for c in (*rung.where, *rung.when) if c.text == one.condition), None)


def _quoted(text: str, holds: bool | None, lang: str) -> str:
    zh = {True: "成立", False: "不成立", None: "尚不能确定"}
    en = {True: "holds", False: "does not hold", None: "is unsure"}
    return f"“{text}”{zh[holds]}" if lang == "zh" else f"“{text}” {en[holds]}"


def _word_text(asked: Condition, holds: bool, lang: str) -> str:
    name = _WORDS[lang].get(asked.fact, asked.fact)
    if lang == "zh":
        return f"{name}{'属于' if holds else '不属于'}{'、'.join(asked.words)}"
    verb = "is" if holds else "is not"
    return f"{name} {verb} {' or '.join(asked.words)}"


def _number_text(
    asked: Condition, holds: bool, lang: str, kinds: Mapping[str, Kind]
) -> str:
    running = asked.running > 1
    clause = _clause(asked, holds or running, lang, kinds)
    if not running:
        return clause
    if lang == "zh":
        times = f"连续{asked.running}{_UNITS[asked.running_unit]}"
        return f"{times}{clause}" if holds else f"未{times}{clause}"
    times = f"{asked.running} {asked.running_unit}s in a row"
    return f"{clause} {times}" if holds else f"not {clause} {times}"


def _clause(asked: Condition, holds: bool, lang: str, kinds: Mapping[str, Kind]) -> str:
    side = 0 if holds else 1
    if asked.operator == ">" and asked.limit == 0 and asked.fact in _NOUGHT[lang]:
        return _NOUGHT[lang][asked.fact][side]
    if asked.fact == "rank" and asked.operator == ">" and asked.limit is not None:
        last = 100 - asked.limit
        if lang == "zh":
            return f"排名{('处于', '不在')[side]}后{last}%"
        return f"{('ranked', 'not ranked')[side]} in the last {last}%"
    operator = _OPERATORS[lang][asked.operator][side]
    name = _name(asked, lang, kinds)
    if lang == "zh":
        unit = _UNITS.get(asked.unit, asked.unit)
        return f"{name}{operator}{asked.limit}{unit}"
    unit = asked.unit if asked.unit in ("", "%") else f" {asked.unit}s"
    return f"{name} {operator} {asked.limit}{unit}"


def _name(asked: Condition, lang: str, kinds: Mapping[str, Kind]) -> str:
    name = _WORDS[lang].get(asked.fact, asked.fact)
    if not asked.arguments:
        return name
    key, *rest = asked.arguments
    kind = kinds[key].name if key in kinds else key
    if lang == "zh":
        whose = "本单位" if "unit" in rest else "本事项"
        year = "本年度" if "year" in rest else ""
        return f"{whose}{year}{kind}{name}"
    whose = "on the unit" if "unit" in rest else "on the matter"
    year = " this year" if "year" in rest else ""
    return f"{name} of {kind} {whose}{year}"


def _ahead(one: Ground, rung: Rung | None, lang: str, kinds: Mapping[str, Kind]) -> str:
    anchor = rung.at.anchor if rung is not None else ""
    pair = _AHEAD[lang].get(anchor, _AHEAD[lang][""])
    key = rung.at.kind if rung is not None else ""
    kind = kinds[key].name if key in kinds else key
    return pair[1 if one.found == "no anchor" else 0].format(kind=kind)
