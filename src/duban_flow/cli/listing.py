"""Commands that list items: list, mine, as-of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any, TypeVar

import click

from duban_flow.cli.call import Call
from duban_flow.cli.items import item_data, show_items
from duban_flow.cli.options import MOMENT, DubanCommand, json_option
from duban_flow.cli.screen import say, show_json
from duban_flow.cli.words import short
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
