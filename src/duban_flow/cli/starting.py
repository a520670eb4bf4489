"""The command ``duban init``: a folder in which everything can be tried at once."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Final

import click

from duban_flow.cli.call import Call
from duban_flow.cli.config import NAME
from duban_flow.cli.database import register
from duban_flow.cli.options import DubanCommand
from duban_flow.cli.screen import say, show_fields

FILES: Final = {
    NAME: ("配置", "configuration"),
    "units.toml": ("单位名录", "units and posts"),
    "policy.toml": ("升级规则", "the policy"),
    "ledger.csv": ("台账示例", "a ledger"),
    "circular.toml": ("通报提纲", "the outline of a circular"),
}

EARNEST: Final = ("import ledger.csv", "list", "explain DB-001", "run")
REHEARSED: Final = (
    "--now 2026-06-01T09:00 import ledger.csv",
    "--now 2026-06-26T10:00 run",
    "--now 2026-06-26T10:00 explain DB-001",
    "--now 2026-06-26T10:00 circular circular.toml",
)
"""What to type next; a rehearsal says when it is."""


@click.command("init", cls=DubanCommand)
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), default=".")
@click.option(
    "--rehearsal", is_flag=True, help="For trying out 演练: any --now will do."
)
@click.pass_context
def init(ctx: click.Context, folder: Path, *, rehearsal: bool) -> None:
    """Write a starter FOLDER 新建, with all that it takes.

    Files to change, and a SQLite database with the units registered.

    A file that is there is never overwritten. A rehearsal's database stays one for
    ever.
    """
    call: Call = ctx.obj
    lang = call.lang
    there = [name for name in (*FILES, "duban.db") if (folder / name).exists()]
    if there:
        names = ", ".join(there)
        raise click.ClickException(
            call.say(
                f"{folder}中已有{names}，没有改动。",
                f"{folder} has {names} already; nothing was changed.",
            )
        )
    try:
        _write(folder, lang, rehearsal=rehearsal)
    except OSError as fault:
        raise click.FileError(str(folder), fault.strerror) from fault
    call.named, call.path = "", folder / NAME
    register(call, call.opened(create=True))
    _tell(call, folder, rehearsal=rehearsal)


def _write(folder: Path, lang: str, *, rehearsal: bool) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    starter = files("duban_flow.cli") / "starter"
    for name in FILES:
        text = starter.joinpath(name).read_text("utf-8")
        if name == NAME:
            text = text.replace('lang = "zh"', f'lang = "{lang}"')
            if rehearsal:
                text = text.replace("rehearsal = false", "rehearsal = true ")
        (folder / name).write_text(text, "utf-8")


def _tell(call: Call, folder: Path, *, rehearsal: bool) -> None:
    here = folder == Path()
    where = call.say("当前目录", "this folder") if here else str(folder)
    say(call.say(f"已在{where}新建：", f"Written into {where}:"))
    told = [(f"  {name}", call.say(*words)) for name, words in FILES.items()]
    show_fields([*told, ("  duban.db", call.say("数据库", "the database"))])
    say()
    say(call.say("接下来：", "Next:"))
    if not here:
        say(f"  cd {folder}")
    for line in REHEARSED if rehearsal else EARNEST:
        say(f"  duban {line}")
    if not rehearsal:
        say()
        say(
            call.say(
                "时间取本机时钟；用 --now 试任意时间，请 duban init --rehearsal。",
                "The time is the clock's; to try any --now, use "
                "`duban init --rehearsal`.",
            )
        )
