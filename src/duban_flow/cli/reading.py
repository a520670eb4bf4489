"""Commands that read: list, mine, show, explain, history, as-of."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final, TypeVar

import click

from duban_flow.cli.call import Call
from duban_flow.cli.items import item_data, show_actions, show_item, show_items
from duban_flow.cli.options import MOMENT, DubanCommand, json_option
from duban_flow.cli.screen import Column, say, show_json, show_table
from duban_flow.cli.words import action_word, field_word, short, state_word
from duban_flow.domain.codec import unstructure
from duban_flow.domain.events import Event
from duban_flow.domain.items import Item
from duban_flow.domain.policies.words import nearest
from duban_flow.engine.reading import Page, Reads
from duban_flow.errors import NotFound

F = TypeVar("F", bound=Callable[..., Any])


def narrowing(command: F) -> F:
    """Give a command the options that narrow a list."""
    options = [
        click.option("--state", multiple=True, help="State, by either name 状态."),
        click.option("--unit", help="A unit in any role 单位."),
        click.option("--category", help="Category 类别."),
        click.option("--policy", help="Policy, as name@version 升级规则."),
        click.option("--overdue", is_flag=True, help="Open and past due 逾期."),
        click.option("--due-by", type=MOMENT, help="Due by a day, or an instant."),
        click.option("--text", help="Words in the title or code."),
        click.option(
            "--limit",
            type=click.IntRange(1),
            default=50,
            show_default=True,
            help="How many at most.",
        ),
        click.option("--after", metavar="CODE", help="Go on behind this code."),
    ]
    for option in reversed(options):
        command = option(command)
    return command


@click.command("list", cls=DubanCommand)
@narrowing
@json_option
@click.pass_obj
def list_items(call: Call, /, **which: Any) -> None:
    """List items 列出事项, in the order of their codes."""
    _show_page(call, call.desk(), call.now, which)


@click.command("as-of", cls=DubanCommand)
@click.argument("moment", type=MOMENT)
@narrowing
@json_option
@click.pass_obj
def as_of(call: Call, /, moment: date | datetime, **which: Any) -> None:
    """List items as they stood at MOMENT 截至.

    A day means its 24:00. Everything counts that is known now and was so by then.
    """
    at = _instant(call, moment)
    if not call.as_json:
        say(call.say(f"截至{short(at, call.zone)}", f"As of {short(at, call.zone)}"))
    _show_page(call, call.reads(moment), at, which)


@click.command(cls=DubanCommand)
@click.option("--all", "ended", is_flag=True, help="Those that have ended as well.")
@json_option
@click.pass_obj
def mine(call: Call, *, ended: bool) -> None:
    """List one's own open items 本单位事项, the most urgent first."""
    desk = call.desk()
    unit = call.directory().get(desk.actor.unit or desk.actor.id)
    found = [item for item in desk.each(unit=unit.code) if ended or item.is_open]
    never = datetime.max.replace(tzinfo=call.zone)
    found.sort(key=lambda item: (not item.is_open, item.due_at or never, item.code))
    _show(call, Page(tuple(found)), call.now)


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
    show_table(
        [*columns, Column(call.say("内容", "what"))],
        [_event_row(call, item, event) for event in events],
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


def _event_row(call: Call, item: Item, event: Event) -> list[str]:
    workflow = call.workflow(item.workflow)
    said = _told(call, event.data) if event.action != "assign" else []
    if event.state:
        said.insert(0, f"→ {state_word(workflow, event.state, call.lang)}")
    if event.rung:
        said.append(call.say(f"规则“{event.rung}”", f"rung {event.rung!r}"))
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


SILENT: Final = frozenset({"grounds", "items", "entries", "digest"})


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
    return f"{value}%" if name == "progress" else str(value)


def _instant(call: Call, moment: date | datetime) -> datetime:
    """Give the instant of a day's 24:00, or an instant itself."""
    office = call.opened()
    if isinstance(moment, datetime):
        return call.placed(moment)
    return office.settings.calendar().midnight_after(moment)


def _show_page(call: Call, reads: Reads, at: datetime, which: dict[str, Any]) -> None:
    due = which.pop("due_by")
    if which["unit"] is not None:
        which["unit"] = call.directory().get(which["unit"]).code
    states = _states(call, which.pop("state"))
    until = None if due is None else _instant(call, due)
    _show(call, reads.find(state=states, due_by=until, **which), at)


def _show(call: Call, page: Page, at: datetime) -> None:
    if call.as_json:
        rows = [item_data(call, item, at) for item in page]
        show_json({"as_of": at, "items": rows, "next": page.next})
        return
    if not len(page):
        say(call.say("没有事项。", "No items."))
        return
    show_items(call, page, at)
    late = sum(item.overdue(at) is True for item in page)
    say()
    count, here = len(page), "本页" if page.next else "共"
    told = call.say(
        f"{here}{count}件，逾期{late}件。", f"Items: {count}; overdue: {late}."
    )
    if page.next:
        more = f"--after {page.next}"
        told += call.say(f"还有更多：{more}", f" There are more: {more}")
    say(told)


def _states(call: Call, said: Sequence[str]) -> list[str]:
    """Find states by either of their names.

    Raises:
        NotFound: naming the nearest.
    """
    workflows = call.opened().settings.workflows.values()
    known = {s.zh: name for w in workflows for name, s in w.states.items()}
    known |= {name: name for w in workflows for name in w.states}
    for word in said:
        if word not in known:
            near = nearest(word, known)
            raise NotFound(
                f"There is no state {word!r}"
                + (f"; the nearest is {near!r}." if near else "."),
                zh=f"没有状态“{word}”" + (f"，最接近的是“{near}”。" if near else "。"),
                code="state.unknown",
            )
    return [known[word] for word in said]
