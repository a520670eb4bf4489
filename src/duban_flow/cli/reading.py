"""Commands that read one item: show, explain, history."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, Final

import click

from duban_flow.cli.call import Call
from duban_flow.cli.items import item_data, show_actions, show_item
from duban_flow.cli.options import MOMENT, DubanCommand, json_option
from duban_flow.cli.screen import Column, say, show_json, show_table
from duban_flow.cli.words import (
    action_word,
    deadline_word,
    field_word,
    short,
    state_word,
)
from duban_flow.domain.codec import structure, unstructure
from duban_flow.domain.events import Event
from duban_flow.domain.items import Item
from duban_flow.domain.sanctions import Sanction
from duban_flow.domain.time.term import Deadline


@click.command(cls=DubanCommand)
@click.argument("code")
@click.option("--actions", is_flag=True, help="What may be done, and why not the rest.")
@json_option
@click.pass_obj
def show(call: Call, code: str, *, actions: bool) -> None:
    """Show one item 查看事项: its parties, deadline and standing."""
    desk = call.desk()
    item = desk.get(code)
    on_due = call.workflow(item.workflow).on_due()
    available = [one for one in desk.available(item) if one.action != on_due]
    if call.as_json:
        told = [
            {
                "action": one.action,
                "zh": one.zh,
                "allowed": one.allowed,
                "reasons": [reason.to_dict(call.lang) for reason in one.reasons],
                "schema": one.schema,
            }
            for one in available
        ]
        data = item_data(call, item, call.now)
        data["certificate"] = None if item.due is None else item.due.certificate
        show_json({**data, "record": item.to_dict(), "actions": told})
        return
    show_item(call, item, call.now)
    if actions:
        say()
        show_actions(call, available)
        return
    words = [
        one.zh if call.lang == "zh" else one.action for one in available if one.allowed
    ]
    if words:
        joined = call.say("、", ", ").join(words)
        say()
        say(call.say(f"现在可以：{joined}。", f"Possible now: {joined}."))


@click.command(cls=DubanCommand)
@click.argument("code")
@click.option("--as-of", "moment", type=MOMENT, help="As things stood then 截至.")
@json_option
@click.pass_obj
def explain(call: Call, code: str, moment: date | datetime | None) -> None:
    """Say why an item stands so 说明, and what comes next."""
    told = call.reads(moment).explain(code, call.lang)
    if not call.as_json:
        click.echo(str(told))
        return
    show_json(
        {
            "code": told.code,
            "at": told.at,
            "lang": told.lang,
            "lines": list(told.lines),
            "rungs": unstructure(told.rungs),
            "next_at": told.next_at,
        }
    )


@click.command(cls=DubanCommand)
@click.argument("code")
@click.option("--as-of", "moment", type=MOMENT, help="As things stood then 截至.")
@json_option
@click.pass_obj
def history(call: Call, code: str, moment: date | datetime | None) -> None:
    """Tell all that happened to an item 经过."""
    reads = call.reads(moment)
    item, events = reads.get(code), reads.history(code)
    if call.as_json:
        told = [_event_data(event) for event in events]
        show_json({"code": item.code, "id": item.id, "events": told})
        return
    heads = [("", ""), ("时间", "when"), ("动作", "action"), ("经办", "by")]
    columns = [Column(call.say(*pair), stiff=i < 3) for i, pair in enumerate(heads)]
    acts = _acts(call, item, events)
    show_table(
        [*columns, Column(call.say("内容", "what"))],
        [_event_row(call, item, event, acts) for event in events],
        title=f"{item.code} {item.title}",
    )


def _event_data(event: Event) -> dict[str, Any]:
    return {
        "seq": event.seq,
        "action": event.action,
        "actor": event.actor,
        "actor_unit": event.actor_unit,
        "recorder": event.recorder,
        "effective_at": unstructure(event.effective_at),
        "recorded_at": event.recorded_at,
        "state": event.state,
        "rung": event.rung,
        "data": event.data,
    }


def _acts(call: Call, item: Item, events: Iterable[Event]) -> Mapping[str, Sanction]:
    """Find the sanctions that events tell of, those that may be seen."""
    if not any("sanction" in event.data for event in events):
        return {}
    found = call.desk().sanctions.find(item=item.code)
    return {one.id: one for one in found}


def _event_row(
    call: Call, item: Item, event: Event, acts: Mapping[str, Sanction]
) -> list[str]:
    workflow = call.workflow(item.workflow)
    said = _told(call, event.data) if event.action != "assign" else []
    if "sanction" in event.data:
        said = _told_of_act(call, event, acts.get(str(event.data["sanction"])))
    if event.state:
        said.insert(0, f"→ {state_word(workflow, event.state, call.lang)}")
    if event.rung:
        said.append(call.say(f"规则“{event.rung}”", f"rung {event.rung!r}"))
    if event.action != "assign":
        said += _moved(call, event.data)
    engine = event.actor == "engine"
    who = (
        call.say("系统", "engine")
        if engine
        else call.name(event.actor_unit or event.actor)
    )
    return [
        str(event.seq),
        short(event.effective_at, call.zone),
        action_word(workflow, event.action, call.lang),
        who,
        call.say("；", "; ").join(said),
    ]


def _moved(call: Call, data: Mapping[str, Any]) -> list[str]:
    """Say where the deadline stood after an event that moved it."""
    due = data.get("derived", {}).get("due")
    if due is None:
        return []
    told = deadline_word(structure(due, Deadline), call.zone, call.lang)
    return [call.say(f"时限：{told}", f"due: {told}")]


def _told_of_act(call: Call, event: Event, act: Sanction | None) -> list[str]:
    """Say which sanction was issued or revoked, to whom and why: no keys, no ids."""
    data = dict(event.data)
    name = str(data.get("kind_name") or (act.kind_name if act else ""))
    unit = call.name(str(data.get("unit") or (act.unit if act else "")))
    issued = "kind" in data
    reason = str(data.get("reason") or (act.reason if act and issued else ""))
    if issued:
        head = call.say(f"下发{name}", f"issued: {name}")
    else:
        head = call.say(f"撤销{name}", f"revoked: {name}")
    named = {call.say("单位", "unit"): unit, call.say("理由", "reason"): reason}
    colon = call.say("：", ": ")
    return [head, *(f"{word}{colon}{told}" for word, told in named.items() if told)]


SILENT: Final = frozenset({"grounds", "items", "entries", "digest"})
INSTANTS: Final = frozenset({"as_of", "until", "effective_at"})


def _told(call: Call, data: Mapping[str, Any]) -> list[str]:
    """Say the plain fields of an event, those that hold something."""
    plain = {
        name: value
        for name, value in data.items()
        if name not in SILENT
        and isinstance(value, str | int)
        and value not in ("", False)
    }
    colon = call.say("：", ": ")
    return [
        f"{field_word(name, call.lang)}{colon}{_value(call, name, value)}"
        for name, value in plain.items()
    ]


def _value(call: Call, name: str, value: object) -> str:
    if value is True:
        return call.say("是", "yes")
    if name in ("unit", "replacing"):
        return call.name(str(value))
    if name == "progress":
        return f"{value}%"
    if name in INSTANTS and isinstance(value, str) and value.endswith("Z"):
        return short(datetime.fromisoformat(value), call.zone)
    return str(value)
