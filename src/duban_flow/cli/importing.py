"""The command ``duban import``: the plan first, then, once agreed to, all of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

import click

from duban_flow.cli.call import Call
from duban_flow.cli.options import DubanCommand, json_option
from duban_flow.cli.screen import (
    Column,
    say,
    show_fields,
    show_json,
    show_table,
    watching,
)
from duban_flow.cli.words import action_word
from duban_flow.engine.planning import Applied, Plan
from duban_flow.errors import Problem

SHOWN: Final = 50
"""How many problems are drawn; ``--json`` has them all."""

WAITS: Final = 3


@click.command("import", cls=DubanCommand)
@click.argument("ledger", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--yes", "-y", is_flag=True, help="Import without asking 不再询问.")
@click.option("--plan", "only", is_flag=True, help="Show the plan, import nothing.")
@click.option(
    "--column",
    "columns",
    multiple=True,
    metavar="HEADING=COLUMN",
    help="What a heading of one's own means; COLUMN may be empty. Repeatable.",
)
@json_option
@click.pass_context
def import_ledger(
    ctx: click.Context, ledger: Path, *, yes: bool, only: bool, columns: tuple[str, ...]
) -> None:
    """Import a LEDGER 导入台账: its plan first, then all of it.

    All of it is imported or nothing, and nothing is imported twice. A problem
    anywhere stops it (exit 1); without an answer nothing is imported (exit 3).
    """
    call: Call = ctx.obj
    desk = call.desk()
    with watching(call.lang) as progress:
        plan = desk.plan(str(ledger), columns=_columns(columns), progress=progress)
    if not call.as_json:
        _show_plan(call, plan)
    applied: Applied | None = None
    asked = not plan.problems and not only
    agreed = asked and (yes or (not call.as_json and _asked(call)))
    if agreed:
        with watching(call.lang) as progress:
            applied = desk.apply(plan, progress=progress)
    if call.as_json:
        show_json({"plan": _plan_data(call, plan), "applied": applied_data(applied)})
    elif applied is not None:
        _show_applied(call, applied)
    if plan.problems:
        ctx.exit(1)
    ctx.exit(WAITS if asked and not agreed and not call.as_json else 0)


def _columns(said: Iterable[str]) -> Mapping[str, str] | None:
    made = {}
    for one in said:
        heading, equals, column = one.partition("=")
        if not equals or not heading.strip():
            raise click.BadParameter(f"--column {one!r}: HEADING=COLUMN is wanted.")
        made[heading.strip()] = column.strip()
    return made or None


def _asked(call: Call) -> bool:
    try:
        if click.confirm(call.say("导入吗？", "Import it?")):
            return True
    except click.Abort:
        click.echo()
    say(call.say("没有导入。", "Nothing was imported."))
    return False


def _show_plan(call: Call, plan: Plan) -> None:
    rows = len(plan.acts)
    say(call.say(f"{plan.name}：{rows}项动作。", f"{plan.name}: acts: {rows}."))
    workflows = call.opened().settings.workflows.values()

    def word(action: str) -> str:
        known = next((w for w in workflows if action in w.actions), None)
        return action_word(known, action, call.lang)

    show_fields((f"  {word(name)}", str(count)) for name, count in plan.counts.items())
    if plan.warnings:
        say()
        head = call.say(
            f"提醒{len(plan.warnings)}处", f"Warnings: {len(plan.warnings)}"
        )
        _show_problems(call, plan.warnings, head)
    if plan.problems:
        say()
        head = call.say(
            f"问题{len(plan.problems)}处", f"Problems: {len(plan.problems)}"
        )
        _show_problems(call, plan.problems, head)
        say()
        say(
            call.say(
                "没有导入；请改正后再来。", "Nothing was imported: mend these first."
            )
        )


def _show_problems(call: Call, problems: tuple[Problem, ...], head: str) -> None:
    columns = [
        Column(call.say("行", "row"), stiff=True, right=True),
        Column(call.say("栏目", "column")),
        Column(call.say("写的是", "said")),
        Column(call.say("问题", "what is wrong")),
        Column(call.say("提示", "hint")),
    ]
    rows = [
        [
            "" if one.row is None else str(one.row),
            one.column,
            one.said,
            (one.zh if call.lang == "zh" and one.zh else one.en).rstrip("。."),
            one.hint(call.lang),
        ]
        for one in problems[:SHOWN]
    ]
    if not any(row[4] for row in rows):
        columns, rows = columns[:4], [row[:4] for row in rows]
    show_table(columns, rows, title=head)
    if len(problems) > SHOWN:
        left = len(problems) - SHOWN
        say(call.say(f"另有{left}处，见 --json。", f"{left} more: see --json."))


def _show_applied(call: Call, applied: Applied) -> None:
    if applied.repeated:
        say(
            call.say(
                "这份台账已经导入过，没有变动。", "Imported before: nothing changed."
            )
        )
        return
    say(
        call.say(
            f"已导入：新增事项{applied.born}件，更新{applied.changed}件。",
            f"Imported: items given out: {applied.born}; changed: {applied.changed}.",
        )
    )


def _plan_data(call: Call, plan: Plan) -> dict[str, Any]:
    return {
        "name": plan.name,
        "digest": plan.digest,
        "acts": len(plan.acts),
        "counts": dict(plan.counts),
        "problems": [one.to_dict(call.lang) for one in plan.problems],
        "warnings": [one.to_dict(call.lang) for one in plan.warnings],
    }


def applied_data(applied: Applied | None) -> dict[str, Any] | None:
    """Give what applying a plan came to; nothing where none was."""
    if applied is None:
        return None
    return {
        "acts": applied.acts,
        "born": applied.born,
        "changed": applied.changed,
        "repeated": applied.repeated,
    }
