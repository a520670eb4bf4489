"""Commands about the rules: policy lint, diagram, plugins."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import click

from duban_flow.cli import opening
from duban_flow.cli.call import Call
from duban_flow.cli.options import DubanCommand, DubanGroup, json_option
from duban_flow.cli.screen import Column, say, show_json, show_table, warn
from duban_flow.domain.policies.lint import lint
from duban_flow.domain.policies.model import Policy
from duban_flow.engine.extensions import Registration
from duban_flow.engine.hooks import BUILT_IN, GIVEN
from duban_flow.errors import Problem
from duban_flow.office import Office


@click.group(cls=DubanGroup)
def policy() -> None:
    """Look at policies 升级规则."""


@policy.command("lint")
@click.argument(
    "files",
    nargs=-1,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="[FILE]...",
)
@json_option
@click.pass_context
def lint_files(ctx: click.Context, files: tuple[Path, ...]) -> None:
    """Look for holes in policies 检查升级规则.

    Holes, dead rungs, rungs that say too much, posts that nobody holds. Without a
    FILE, the policies of the configuration are looked at. A finding is advice to the
    author, and is exit 1.
    """
    call: Call = ctx.obj
    office = call.words()
    config = call.config
    paths = files or (config.policies if config is not None else ())
    if paths:
        policies = [opening.policy_of(path, office, config) for path in paths]
    elif call.named:
        policies = list(office.settings.policies.values())
    else:
        raise click.UsageError(call.say("请指明规则文件。", "Name a policy file."))
    found = [problem for one in policies for problem in _linted(call, office, one)]
    if call.as_json:
        told = [problem.to_dict(call.lang) for problem in found]
        show_json({"policies": [one.id for one in policies], "findings": told})
    else:
        _show_findings(call, policies, found)
    ctx.exit(1 if found else 0)


def _linted(call: Call, office: Office, one: Policy) -> tuple[Problem, ...]:
    settings = office.settings
    units = call.directory() if call.named else opening.directory_of(call.config)
    return lint(
        one,
        workflow_actions=sorted(
            {a for w in settings.workflows.values() for a in w.actions}
        ),
        directory=units,
        calendar=settings.calendar(),
        vocabulary=settings.vocabulary,
    )


def _show_findings(
    call: Call, policies: Iterable[Policy], found: list[Problem]
) -> None:
    for problem in found:
        say(problem.text(call.lang), indent="- ")
    if found:
        say()
    names = call.say("、", ", ").join(one.id for one in policies)
    said = call.say(f"发现{len(found)}处", f"findings: {len(found)}")
    none = call.say("没有发现问题", "nothing found")
    say(f"{names}{call.say('：', ': ')}{said if found else none}{call.say('。', '.')}")


@click.command(cls=DubanCommand)
@click.argument("workflow", default="")
@json_option
@click.pass_obj
def diagram(call: Call, workflow: str) -> None:
    """Draw a WORKFLOW as a Mermaid state diagram 状态图.

    Without one, the office's first is drawn.
    """
    found = call.words().settings.workflow(workflow)
    drawn = found.diagram()
    if call.as_json:
        named = {"workflow": found.name, "version": found.version}
        show_json({**named, "mermaid": drawn})
        return
    click.echo(drawn)


@click.command(cls=DubanCommand)
@json_option
@click.pass_obj
def plugins(call: Call) -> None:
    """List what the office can use, and who brought it 插件.

    Without a configuration, every installed plugin is asked.
    """
    office = call.words()
    rows = office.plugins()
    if call.as_json:
        told = [
            {
                "plugin": one.plugin,
                "hook": one.hook,
                "name": one.name,
                "version": one.version,
                "origin": one.origin,
            }
            for one in rows
        ]
        skipped = [problem.to_dict(call.lang) for problem in office.problems]
        show_json({"plugins": told, "skipped": skipped})
        return
    show_table(
        [
            Column(call.say("类别", "kind")),
            Column(call.say("名称", "name")),
            Column(call.say("来自", "brought by")),
            Column(call.say("版本", "version")),
        ],
        [_plugin_row(call, one) for one in rows if one.hook or one.origin != GIVEN],
    )
    for problem in office.problems:
        warn(problem.text(call.lang), indent="! ")


def _plugin_row(call: Call, one: Registration) -> list[str]:
    own = {BUILT_IN: call.say("内置", "built in"), GIVEN: call.say("程序", "the host")}
    return [
        one.hook.removeprefix("duban_register_") or call.say("（无）", "(nothing)"),
        one.name,
        own.get(one.origin, f"{one.plugin} {one.origin}".rstrip()),
        one.version,
    ]
