"""Commands that run the day: sweep, deliver, run."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import click
from attrs import asdict

from duban_flow.channels.console import Console
from duban_flow.cli.call import Call
from duban_flow.cli.options import DubanCommand, json_option
from duban_flow.cli.screen import say, show_fields, show_json, watching
from duban_flow.cli.words import short
from duban_flow.engine.delivery import DeliveryResult
from duban_flow.engine.sweep import SweepResult
from duban_flow.office import Office, RunResult

SWEPT = (
    ("fired", "提醒、催办", "reminded, urged"),
    ("lapsed", "转为逾期", "lapsed"),
    ("proposed", "提请问责", "sanctions proposed"),
    ("issued", "下发问责", "sanctions issued"),
    ("opened", "周期事项开启下一期", "next occurrences opened"),
    ("not_sanctioned", "未予问责并记明理由", "not sanctioned, with reasons"),
    ("unsure", "事实不明，须人工判定", "unsure, for a person"),
    ("quarantined", "判定出错，已搁置", "quarantined"),
    ("lost", "他人正在变动，下次再判", "lost to others"),
)
SENT = (
    ("sent", "已发送", "sent"),
    ("recorded", "演练，只记录不外发", "recorded only (rehearsal)"),
    ("retried", "稍后重试", "to be tried again"),
    ("cancelled", "已不需要，取消", "no longer wanted"),
    ("rejected", "被渠道拒绝", "rejected"),
    ("unknown", "是否送达不明", "unknown whether sent"),
    ("dead", "多次失败，不再重试", "given up"),
    ("waiting", "没有渠道，暂不发送", "waiting for a channel"),
    ("lost", "已由其他进程接手", "taken over by another process"),
    ("left", "尚未发送", "left"),
)


@click.command(cls=DubanCommand)
@click.option(
    "--released", metavar="REASON", default="", help="Why to go on after a stop."
)
@click.option("--limit", type=click.IntRange(1), help="How many items at most.")
@json_option
@click.pass_context
def sweep(ctx: click.Context, *, released: str, limit: int | None) -> None:
    """Judge everything that is due 巡检.

    Swept twice equals swept once. It stops for a person (exit 3) where the clock, a
    long gap or a large crowd cannot be right; --released "REASON" lets a gap or a
    crowd pass, never a wrong clock.
    """
    call = ctx.obj
    office = call.opened()
    with watching(call.lang) as progress:
        result = office.sweep(
            now=call.now, limit=limit, released=released, progress=progress
        )
    if call.as_json:
        show_json(swept_data(result, call.lang))
    else:
        show_swept(call, result)
    ctx.exit(result.exit_code)


@click.command(cls=DubanCommand)
@click.option("--limit", type=click.IntRange(1), help="How many notices at most.")
@json_option
@click.pass_context
def deliver(ctx: click.Context, *, limit: int | None) -> None:
    """Send the notices that may go out 发送.

    Delivered twice sends nothing twice.
    """
    call = ctx.obj
    office = call.opened()
    with watching(call.lang, quiet=_talks(office)) as progress:
        result = office.deliver(now=call.now, limit=limit, progress=progress)
    if call.as_json:
        show_json(sent_data(result, call.lang))
    else:
        show_sent(call, result)
    ctx.exit(result.exit_code)


@click.command(cls=DubanCommand)
@json_option
@click.pass_context
def run(ctx: click.Context) -> None:
    """Sweep, then deliver 巡检并发送: the line for cron."""
    call = ctx.obj
    office = call.opened()
    now = call.now
    with watching(call.lang) as progress:
        swept = office.sweep(now=now, progress=progress)
    if not call.as_json:
        show_swept(call, swept)
    with watching(call.lang, quiet=_talks(office)) as progress:
        sent = office.deliver(now=now, progress=progress)
    result = RunResult(sweep=swept, delivery=sent)
    if call.as_json:
        show_json(
            {
                "sweep": swept_data(result.sweep, call.lang),
                "delivery": sent_data(result.delivery, call.lang),
                "exit_code": result.exit_code,
            }
        )
    else:
        show_sent(call, sent)
    ctx.exit(result.exit_code)


def _talks(office: Office) -> bool:
    """Whether a channel writes to the screen while it sends."""
    return any(isinstance(c, Console) for c in office.extensions.channels.values())


def swept_data(result: SweepResult, lang: str) -> dict[str, Any]:
    """Give what a sweep came to, by name."""
    stopped = None if result.stopped is None else result.stopped.to_dict(lang)
    return {**asdict(result), "stopped": stopped, "exit_code": result.exit_code}


def sent_data(result: DeliveryResult, lang: str) -> dict[str, Any]:
    """Give what a delivery came to, by name."""
    alarms = [alarm.to_dict(lang) for alarm in result.alarms]
    told = asdict(result, filter=lambda attribute, _: attribute.name != "alarms")
    return {**told, "alarms": alarms, "exit_code": result.exit_code}


def show_swept(call: Call, result: SweepResult) -> None:
    """Tell what a sweep came to."""
    at = short(result.at, call.zone)
    if result.stopped is not None:
        say(result.stopped.text(call.lang), style="bold red")
        if result.stopped.code in ("guard.gap", "guard.crowd"):
            say(
                call.say(
                    "核实后放行：duban sweep --released “理由”",
                    'Once looked at: duban sweep --released "REASON"',
                )
            )
        return
    judged = result.judged
    say(call.say(f"巡检（{at}）：判定{judged}件。", f"Sweep ({at}): {judged} judged."))
    _counts(call, result, SWEPT)
    for one in result.sittings:
        say(call.say(f"  已开研究会：{one}", f"  sitting held: {one}"))
    if result.exit_code == 4:
        say(call.say("还有到期事项，请再次运行。", "More is due: run it again."))


def show_sent(call: Call, result: DeliveryResult) -> None:
    """Tell what a delivery came to."""
    at = short(result.at, call.zone)
    say(call.say(f"发送（{at}）：", f"Delivery ({at}):"))
    if not _counts(call, result, SENT):
        say(call.say("  没有待发通知。", "  nothing to send."))
    for alarm in result.alarms:
        say(f"  ! {alarm.text(call.lang)}", style="red")


def _counts(call: Call, result: object, words: Iterable[tuple[str, str, str]]) -> bool:
    """Show the counts that are not nothing, and say whether there was one."""
    told = [
        (f"  {call.say(zh, en)}", str(getattr(result, name)))
        for name, zh, en in words
        if getattr(result, name)
    ]
    show_fields(told)
    return bool(told)
