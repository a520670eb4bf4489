"""Commands about sanctions 问责措施: list, show, approve, reject, issue, revoke."""

from __future__ import annotations

from datetime import date, datetime

import click

from duban_flow.cli.call import Call
from duban_flow.cli.options import MOMENT, DubanCommand, DubanGroup, json_option
from duban_flow.cli.sanctions_told import (
    TAIL,
    next_step,
    sanction_data,
    sanction_row,
    show_sanction,
)
from duban_flow.cli.screen import Column, say, show_json, show_table
from duban_flow.cli.words import stage_word
from duban_flow.domain.sanctions import Sanction, Stage
from duban_flow.errors import Invalid


@click.group(cls=DubanGroup, invoke_without_command=True)
@click.option("--unit", help="The unit concerned 单位.")
@click.option("--stage", type=click.Choice([s.value for s in Stage]), help="How far.")
@click.option("--item", metavar="CODE", help="Those that cite an item.")
@click.option("--to-revoke", is_flag=True, help="Put up for revocation 拟撤销.")
@json_option
@click.pass_context
def sanctions(
    ctx: click.Context,
    unit: str | None,
    stage: str | None,
    item: str | None,
    *,
    to_revoke: bool,
) -> None:
    """List sanctions 问责措施, or show one.

    `duban sanctions show ID` shows one whole.
    """
    if ctx.invoked_subcommand is not None:
        return
    call: Call = ctx.obj
    named = None if unit is None else call.directory().get(unit).code
    found = call.desk().sanctions.find(
        unit=named, stage=stage, item=item, to_revoke=to_revoke
    )
    if call.as_json:
        show_json({"sanctions": [sanction_data(call, one) for one in found]})
        return
    if not found:
        say(call.say("没有问责措施。", "No sanctions."))
        return
    show_table(
        [
            Column("ID", stiff=True),
            Column(call.say("措施", "kind")),
            Column(call.say("单位", "unit")),
            Column(call.say("事项", "items")),
            Column(call.say("阶段", "stage"), stiff=True),
            Column(call.say("待", "next")),
        ],
        [sanction_row(call, one) for one in found],
    )


@sanctions.command()
@click.argument("ident", metavar="ID")
@json_option
@click.pass_obj
def show(call: Call, ident: str) -> None:
    """Show one sanction whole.

    Its grounds, who agreed to it, and what has changed since it was proposed.

    ID may be any ending that belongs to one sanction alone.
    """
    desk = call.desk()
    one = _found(call, ident)
    waiting = one.stage in (Stage.PROPOSED, Stage.APPROVED)
    changed = desk.sanctions.changed(one) if waiting else ()
    if call.as_json:
        show_json({**sanction_data(call, one), "changed": list(changed)})
        return
    show_sanction(call, one, changed)


@click.command(cls=DubanCommand)
@click.argument("ident", metavar="ID")
@click.option("--affirm", is_flag=True, help="Agree although grounds have changed.")
@json_option
@click.pass_obj
def approve(call: Call, ident: str, *, affirm: bool) -> None:
    """Agree to a sanction 同意.

    The actor is the body whose turn it is: --by BODY.
    """
    _tell(call, call.desk().sanctions.approve(_found(call, ident), affirm=affirm))


@click.command(cls=DubanCommand)
@click.argument("ident", metavar="ID")
@click.option("--reason", required=True, help="Why not 理由.")
@json_option
@click.pass_obj
def reject(call: Call, ident: str, *, reason: str) -> None:
    """Refuse a sanction 否决.

    The actor is the body whose turn it is: --by BODY.
    """
    _tell(call, call.desk().sanctions.reject(_found(call, ident), reason=reason))


@click.command(cls=DubanCommand)
@click.argument("ident", metavar="ID")
@click.option("--number", default="", help="The number it is issued under 文号.")
@click.option("--rectify-by", type=MOMENT, help="By when to put it right 整改时限.")
@json_option
@click.pass_obj
def issue(
    call: Call, ident: str, *, number: str, rectify_by: date | datetime | None
) -> None:
    """Issue an approved sanction 下发.

    Its items move to the state it puts them in, and the unit is told.
    """
    desk = call.desk()
    until = None
    if isinstance(rectify_by, datetime):
        until = call.placed(rectify_by)
    elif rectify_by is not None:
        until = call.opened().settings.calendar().midnight_after(rectify_by)
    one = _found(call, ident)
    _tell(call, desk.sanctions.issue(one, number=number, rectify_by=until))


@click.command(cls=DubanCommand)
@click.argument("ident", metavar="ID")
@click.option("--reason", required=True, help="Why 理由.")
@json_option
@click.pass_obj
def revoke(call: Call, ident: str, *, reason: str) -> None:
    """Revoke an issued sanction 撤销.

    Everyone who was told is told of that.
    """
    _tell(call, call.desk().sanctions.revoke(_found(call, ident), reason=reason))


def _found(call: Call, ident: str) -> Sanction:
    """Find a sanction by its id, or by an ending that is its alone.

    Raises:
        NotFound: there is none, or the actor may not see it.
        Invalid: several end so.
    """
    desk = call.desk()
    ending = [one for one in desk.sanctions.find() if one.id.endswith(ident)]
    if len(ending) > 1:
        raise Invalid(
            f"{len(ending)} sanctions end in {ident!r}; say more of the id.",
            zh=f"有{len(ending)}件问责措施的编号以{ident}结尾，请多写几位。",
            code="sanction.several",
        )
    return ending[0] if ending else desk.sanctions.get(ident)


def _tell(call: Call, one: Sanction) -> None:
    if call.as_json:
        show_json(sanction_data(call, one))
        return
    told = f"{one.id[-TAIL:]} {one.kind_name}，{call.name(one.unit)}"
    stage, ahead = stage_word(one.stage, call.lang), next_step(call, one)
    if call.lang == "zh":
        say(f"{told}：{stage}" + (f"，待{ahead}。" if ahead else "。"))
        return
    told = told.replace("，", ", ")
    say(f"{told}: {stage}" + (f"; next: {ahead}." if ahead else "."))
