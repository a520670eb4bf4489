"""Commands that move a deadline: suspend, resume, chase, extension."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, TypeVar, overload

import click

from duban_flow.cli.call import Call
from duban_flow.cli.items import item_data
from duban_flow.cli.options import MOMENT, DubanCommand, DubanGroup, json_option
from duban_flow.cli.screen import say, show_json
from duban_flow.cli.words import due_word, short, state_word
from duban_flow.domain.items import Item

F = TypeVar("F", bound=Callable[..., Any])
Moment = date | datetime

REASON = click.option("--reason", required=True, help="Why 理由.")
NOTE = click.option("--reason", default="", help="Why 理由.")


def until(text: str, *, required: bool = False) -> Callable[[F], F]:
    """Give a command the day, or the instant, that it sets."""
    return click.option("--until", type=MOMENT, required=required, help=text)


def since(command: F) -> F:
    """Let a command tell of the past: since when it is so."""
    told = "Since when 生效时间: a day, or an instant. [default: now]"
    return click.option("--on", type=MOMENT, help=told)(command)


@overload
def _placed(call: Call, moment: Moment) -> Moment: ...
@overload
def _placed(call: Call, moment: Moment | None) -> Moment | None: ...
def _placed(call: Call, moment: Moment | None) -> Moment | None:
    """Put an instant without a zone on the office's clocks; a day stays a day."""
    return call.placed(moment) if isinstance(moment, datetime) else moment


@click.command(cls=DubanCommand)
@click.argument("code")
@REASON
@until("When handling is to go on 中止至: a day means its close of business.")
@click.option("--authority", default="", help="Who or what allows it 依据.")
@click.option("--waits-for", default="", help="Whom it waits for 等待单位.")
@since
@json_option
@click.pass_obj
def suspend(
    call: Call,
    code: str,
    *,
    reason: str,
    until: Moment | None,
    authority: str,
    waits_for: str,
    on: Moment | None,
) -> None:
    """Stop handling for a time 中止.

    The time does not count. Past due it is noted, and moves nothing.
    """
    desk = call.desk()
    planned = _placed(call, until)
    if planned is not None and not isinstance(planned, datetime):
        planned = call.calendar(desk.get(code).calendar).closes(planned)
    _tell(
        call,
        desk.suspend(
            code,
            reason=reason,
            until=planned,
            authority=authority,
            waits_for=waits_for,
            effective_at=_placed(call, on),
        ),
    )


@click.command(cls=DubanCommand)
@click.argument("code")
@NOTE
@since
@json_option
@click.pass_obj
def resume(call: Call, code: str, *, reason: str, on: Moment | None) -> None:
    """Go on handling 恢复; the deadline moves by what was paused."""
    _tell(call, call.desk().resume(code, reason=reason, effective_at=_placed(call, on)))


@click.command(cls=DubanCommand)
@click.argument("code")
@click.option("--pause", type=int, required=True, help="Which one 第几次中止.")
@REASON
@json_option
@click.pass_obj
def annul(call: Call, code: str, *, pause: int, reason: str) -> None:
    """Take a pause out of the reckoning 撤销中止; it stays in the record."""
    _tell(call, call.desk().annul(code, pause=pause, reason=reason))


@click.command(cls=DubanCommand)
@click.argument("code")
@until("The date that reminders follow 催办日期; without one, due again.")
@json_option
@click.pass_obj
def chase(call: Call, code: str, *, until: Moment | None) -> None:
    """Let reminders follow another date 调整催办日期.

    What is assessed stays the deadline.
    """
    _tell(call, call.desk().chase(code, until=_placed(call, until)))


@click.group(cls=DubanGroup)
def extension() -> None:
    """Ask for more time, and answer 延期."""


@extension.command()
@click.argument("code")
@until("The date asked for 延期至.", required=True)
@REASON
@since
@json_option
@click.pass_obj
def request(
    call: Call, code: str, *, until: Moment, reason: str, on: Moment | None
) -> None:
    """Ask for an extension 申请延期; asking does not move the date."""
    asked, told = _placed(call, until), _placed(call, on)
    desk = call.desk()
    _tell(
        call,
        desk.extensions.request(code, until=asked, reason=reason, effective_at=told),
    )


@extension.command()
@click.argument("code")
@until("The definite date 延期至. [default: the one asked for]")
@NOTE
@since
@json_option
@click.pass_obj
def grant(
    call: Call, code: str, *, until: Moment | None, reason: str, on: Moment | None
) -> None:
    """Grant what was asked for 同意延期, with a definite date."""
    set_to, told = _placed(call, until), _placed(call, on)
    desk = call.desk()
    _tell(
        call,
        desk.extensions.grant(code, until=set_to, reason=reason, effective_at=told),
    )


@extension.command()
@click.argument("code")
@REASON
@since
@json_option
@click.pass_obj
def reject(call: Call, code: str, *, reason: str, on: Moment | None) -> None:
    """Refuse it 不同意延期; the date stays what it was."""
    told = _placed(call, on)
    _tell(call, call.desk().extensions.reject(code, reason=reason, effective_at=told))


@extension.command()
@click.argument("code")
@NOTE
@json_option
@click.pass_obj
def withdraw(call: Call, code: str, *, reason: str) -> None:
    """Take one's own request back 撤回延期申请."""
    _tell(call, call.desk().extensions.withdraw(code, reason=reason))


@extension.command()
@click.argument("code")
@until("The definite date 延期至.", required=True)
@REASON
@since
@json_option
@click.pass_obj
def override(
    call: Call, code: str, *, until: Moment, reason: str, on: Moment | None
) -> None:
    """Set a later date outside the rule 特批延期.

    A deciding body's right (--by BODY), and a record of its own.
    """
    set_to, told = _placed(call, until), _placed(call, on)
    desk = call.desk()
    _tell(
        call,
        desk.extensions.override(code, until=set_to, reason=reason, effective_at=told),
    )


def _tell(call: Call, item: Item) -> None:
    if call.as_json:
        show_json(item_data(call, item, call.now))
        return
    state = state_word(call.workflow(item.workflow), item.state, call.lang)
    due = due_word(item, call.zone, call.lang)
    chased = short(item.chase_at, call.zone)
    if call.lang == "zh":
        told = [state, f"时限{due}" if due else "", f"催办按{chased}" if chased else ""]
        told.append("延期申请待答复" if item.asked else "")
        say(f"{item.code} {item.title}：{'，'.join(filter(None, told))}。")
        return
    told = [state, f"due {due}" if due else "", f"chased by {chased}" if chased else ""]
    told.append("a request waits for its answer" if item.asked else "")
    say(f"{item.code} {item.title}: {', '.join(filter(None, told))}.")
