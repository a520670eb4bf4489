"""Items as people and programs read them: rows of a list, one whole item."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any

from duban_flow.cli.call import Call
from duban_flow.cli.screen import Cell, Column, show_fields, show_table
from duban_flow.cli.words import (
    deadline_word,
    due_word,
    listed,
    role_word,
    short,
    state_word,
)
from duban_flow.domain.actions import Availability
from duban_flow.domain.codec import unstructure
from duban_flow.domain.items import Item
from duban_flow.domain.time.extension import Extension
from duban_flow.domain.time.pauses import Pause
from duban_flow.domain.units import Role


def item_data(call: Call, item: Item, at: datetime) -> dict[str, Any]:
    """Give what a program reads of an item: the same keys for every item."""
    return {
        "code": item.code,
        "id": item.id,
        "title": item.title,
        "category": item.category,
        "state": item.state,
        "overdue": item.overdue(at),
        "due_at": unstructure(item.due_at),
        "deferred": item.due is not None and item.due.deferred,
        "provisional": item.due is not None and item.due.provisional,
        "chase_at": unstructure(item.chase_at),
        "progress": item.progress,
        "unit": item.main_unit,
        "unit_name": call.name(item.main_unit),
        "parties": {
            role.value: [party.unit for party in parties]
            for role in Role
            if (parties := item.parties.get(role))
        },
        "at_risk": item.at_risk,
        "held": item.held,
        "submitted": item.submitted is not None,
        "labels": list(item.labels),
        "closing": unstructure(item.closing),
        "pauses": unstructure(item.pauses),
        "extensions": unstructure(item.extensions),
        "workflow": item.workflow,
        "policy": item.policy,
        "version": item.version,
    }


def handling(item: Item) -> tuple[str, ...]:
    """Name all responsible units; without any, the unit that is urged."""
    responsible = item.units(Role.RESPONSIBLE)
    return responsible or tuple(filter(None, (item.main_unit,)))


def show_items(call: Call, items: Iterable[Item], at: datetime) -> None:
    """Draw a list of items."""
    zh = call.lang == "zh"
    columns = [
        Column("编号" if zh else "code"),
        Column("事项" if zh else "title"),
        Column("责任单位" if zh else "unit"),
        Column("状态" if zh else "state", stiff=True),
        Column("时限" if zh else "due", stiff=True),
        Column("进度" if zh else "done", stiff=True, right=True),
    ]
    show_table(columns, [_row(call, item, at) for item in items])


def _row(call: Call, item: Item, at: datetime) -> list[str | Cell]:
    overdue = item.overdue(at)
    style = "red" if overdue else ("" if item.is_open else "dim")
    due = short(item.due_at, call.zone)
    if item.due is not None and item.due.deferred:
        due = call.say("暂缓", "paused")
    if overdue is None:
        due = f"{due}?"
    return [
        Cell(item.code, style),
        item.title,
        listed(map(call.name, handling(item)), call.lang),
        Cell(_state(call, item, overdue), style),
        Cell(due, style),
        f"{item.progress}%" if item.is_open else "",
    ]


def _state(call: Call, item: Item, overdue: bool | None) -> str:
    """Name the state; what is past due says so, even if no sweep has seen it."""
    state = state_word(call.workflow(item.workflow), item.state, call.lang)
    if overdue and item.state in ("assigned", "in_progress"):
        return f"{state}·{call.say('逾期', 'late')}"
    return state


def show_item(call: Call, item: Item, at: datetime) -> None:
    """Show one item whole."""
    show_fields(_fields(call, item, at))


def _fields(call: Call, item: Item, at: datetime) -> list[tuple[str, str]]:
    zone, say = call.zone, call.say
    parties = [
        (
            role_word(role, call.lang),
            listed((call.name(p.unit) for p in named), call.lang),
        )
        for role in Role
        if (named := item.parties.get(role))
    ]
    facts = {
        say("难以完成", "at risk"): item.at_risk,
        say("稳控", "held"): item.held,
        say("待审核报结", "submitted"): item.submitted is not None,
        say("推定", "synthetic"): item.synthetic,
    }
    return [
        (say("编号", "code"), item.code),
        (say("事项", "title"), item.title),
        (say("类别", "category"), item.category),
        (say("状态", "state"), _state(call, item, item.overdue(at))),
        (say("进度", "progress"), f"{item.progress}%"),
        *parties,
        *_dates(call, item),
        (say("调整目标", "moved"), _times(call, item.rebaselined)),
        (say("退回重办", "sent back"), _times(call, item.returned)),
        (say("中止", "pauses"), "\n".join(_pause(call, p) for p in item.pauses)),
        (say("延期", "extensions"), "\n".join(_more(call, e) for e in item.extensions)),
        (say("交办", "assigned"), short(item.assigned_at, zone)),
        (say("办结", "ended"), _closing(call, item)),
        (say("标签", "labels"), listed(item.labels, call.lang)),
        (say("指标", "measures"), listed((m.name for m in item.measures), call.lang)),
        (say("情况", "facts"), listed((w for w, so in facts.items() if so), call.lang)),
        (say("说明", "note"), item.note),
        (say("升级规则", "policy"), item.policy),
        (say("版本", "version"), str(item.version)),
    ]


def _dates(call: Call, item: Item) -> list[tuple[str, str]]:
    """Tell the deadline, from what it came, and the dates beside it."""
    say, zone = call.say, call.zone
    return [
        (say("时限", "due"), due_word(item, zone, call.lang)),
        (say("期限", "term"), _term(call, item)),
        (say("原时限", "was due"), _dues(call, item)),
        (say("内部时限", "limits"), "\n".join(_limits(call, item))),
        (say("催办时限", "chase"), short(item.chase_at, zone)),
    ]


def _term(call: Call, item: Item) -> str:
    """Tell the term that is counted, or what comes round; a date stands in due."""
    if item.term is None or item.term.unit == "until":
        return ""
    told = item.term.describe(call.lang)
    if item.term.cycle is None:
        return told
    nth = item.occurrence
    return told + call.say(f"，第{nth}期", f", occurrence {nth}")


def _limits(call: Call, item: Item) -> Iterator[str]:
    """Tell the limit of each party that has one of its own."""
    for several in item.parties.values():
        for party in several:
            if party.due is not None:
                due = deadline_word(party.due, call.zone, call.lang)
                yield f"{call.name(party.unit)}  {due}"


def _times(call: Call, n: int) -> str:
    return call.say(f"{n}次", f"{n} time" + "s" * (n > 1)) if n else ""


def _dues(call: Call, item: Item) -> str:
    """List the deadlines that stood before, each once."""
    stood = (short(due.latest, call.zone) for due in item.past_dues)
    return listed(dict.fromkeys(stood), call.lang)


def _pause(call: Call, pause: Pause) -> str:
    """Tell one pause: from when to when, why, and by whose leave."""
    since, end = short(pause.since, call.zone), short(pause.end, call.zone)
    until = end or call.say("今", "now")
    nth = call.say(f"第{pause.ordinal}次，", f"{pause.ordinal}. ")
    told = f"{nth}{since}{call.say('至', ' to ')}{until}"
    comma = call.say("，", ", ")
    why = comma.join(word for word in (pause.reason, pause.authority) if word)
    gone = call.say("（已撤销）", " (annulled)") if pause.annulled else ""
    return f"{told}{call.say('：', ': ')}{why}{gone}"


def _more(call: Call, one: Extension) -> str:
    """Tell one extension: asked until when, by whom, and what became of it."""
    words: Mapping[str, tuple[str, str]] = {
        "asked": ("待答复", "waits for an answer"),
        "granted": ("同意", "granted"),
        "rejected": ("不同意", "refused"),
        "withdrawn": ("已撤回", "withdrawn"),
    }
    said = call.say(*words[one.status])
    if one.override:
        said = call.say("特批", "set outside the rule")
    if one.granted is not None:
        said += call.say("至", " until ") + _day(call, one.granted)
    asked = f"{call.name(one.unit)}{call.say('申请至', ' asked until ')}"
    head = "" if one.override else f"{asked}{_day(call, one.until)}"
    return call.say("，", ", ").join(word for word in (head, said) if word)


def _day(call: Call, moment: date | datetime) -> str:
    return short(moment, call.zone) if isinstance(moment, datetime) else str(moment)


def _closing(call: Call, item: Item) -> str:
    if item.closing is None:
        return ""
    late: Mapping[bool | None, str] = {
        True: call.say("逾期", "late"),
        False: call.say("按期", "in time"),
        None: call.say("是否逾期不明", "perhaps late"),
    }
    return f"{short(item.closing.finished_at, call.zone)} {late[item.closing.late]}"


def show_actions(call: Call, actions: Iterable[Availability]) -> None:
    """Draw what may be done now, and why the rest may not."""
    rows: list[list[str | Cell]] = [
        [
            Cell("✓" if one.allowed else "·", "green" if one.allowed else "dim"),
            one.zh if call.lang == "zh" else one.action,
            "\n".join(reason.text(call.lang) for reason in one.reasons),
        ]
        for one in sorted(actions, key=lambda one: not one.allowed)
    ]
    heads = ("", call.say("动作", "action"), call.say("为何不能", "why not"))
    show_table([Column(heads[0]), Column(heads[1], stiff=True), Column(heads[2])], rows)
