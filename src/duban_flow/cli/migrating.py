"""The command by which items go over to another edition of a policy: policy migrate."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final, get_args

import click

from duban_flow.cli import opening
from duban_flow.cli.call import Call
from duban_flow.cli.importing import applied_data
from duban_flow.cli.options import DubanCommand, json_option
from duban_flow.cli.screen import Column, say, show_json, show_table, watching
from duban_flow.cli.words import listed, short
from duban_flow.domain.codec import unstructure
from duban_flow.domain.migrate import Mode
from duban_flow.engine.migrating import Effect, MigrationPlan

SHOWN: Final = 50
"""How many items are drawn; ``--json`` has them all."""


@click.command(cls=DubanCommand)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--mode",
    type=click.Choice(get_args(Mode)),
    required=True,
    help="What becomes of items 方式.",
)
@click.option("--of", default="", metavar="NAME@VERSION", help="Which edition is left.")
@click.option("--apply", "agreed", is_flag=True, help="Let them go over 执行.")
@json_option
@click.pass_context
def migrate(
    ctx: click.Context, file: Path, *, mode: Mode, of: str, agreed: bool
) -> None:
    """Let items go over to the policy in FILE 规则迁移: its plan, or all of it.

    The plan says for each item which rungs the next sweep would let fire, which wait
    for a sitting and which count as done. A problem stops it (exit 1).
    """
    call: Call = ctx.obj
    desk, office = call.desk(), call.opened()
    new = opening.policy_of(file, office, call.config)
    with watching(call.lang) as progress:
        plan = desk.plan(new, mode=mode, of=of, progress=progress)
    applied = None
    if agreed and not plan.problems:
        with watching(call.lang) as progress:
            applied = desk.apply(plan, progress=progress)
    if call.as_json:
        show_json({"plan": _plan_data(plan), "applied": applied_data(applied)})
    else:
        _show_plan(call, plan)
        if applied is not None:
            done = applied.changed
            say(call.say(f"已迁移{done}件。", f"{done} items went over."))
    ctx.exit(1 if plan.problems else 0)


def _plan_data(plan: MigrationPlan) -> dict[str, Any]:
    return {
        "policy": plan.policy.id,
        "mode": plan.mode,
        "counts": dict(plan.counts),
        "effects": [_effect_data(one) for one in plan.effects],
        "staying": list(plan.staying),
        "problems": [problem.to_dict("en") for problem in plan.problems],
    }


def _effect_data(one: Effect) -> dict[str, Any]:
    return {
        "code": one.code,
        "title": one.title,
        "unit": one.unit,
        "before": one.before,
        "fires": list(one.fires),
        "sits": list(one.sits),
        "inherited": list(one.inherited),
        "next_before": unstructure(one.next_before),
        "next_after": unstructure(one.next_after),
    }


def _show_plan(call: Call, plan: MigrationPlan) -> None:
    moving, staying = len(plan.effects), len(plan.staying)
    say(
        call.say(
            f"{plan.policy.id}：迁移{moving}件，不变{staying}件。",
            f"{plan.policy.id}: {moving} items go over, {staying} stay.",
        )
    )
    if plan.effects:
        heads = (
            ("编号", "code"),
            ("将执行", "fires"),
            ("待研究", "for a sitting"),
            ("视为已执行", "done"),
            ("下次判定", "judged next"),
        )
        show_table(
            [Column(call.say(*pair)) for pair in heads],
            [_row(call, one) for one in plan.effects[:SHOWN]],
        )
    if len(plan.effects) > SHOWN:
        rest = len(plan.effects) - SHOWN
        say(call.say(f"另有{rest}件，见--json。", f"And {rest} more: see --json."))
    for problem in plan.problems:
        say(problem.text(call.lang), indent="! ")


def _row(call: Call, one: Effect) -> list[str]:
    done = dict.fromkeys(mark.partition("@")[0] for mark in one.inherited)
    return [
        one.code,
        listed(one.fires, call.lang),
        listed(one.sits, call.lang),
        listed(done, call.lang),
        short(one.next_after, call.zone),
    ]
