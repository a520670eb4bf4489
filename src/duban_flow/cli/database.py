"""Commands about the database: db create, db verify; and the units that are in it."""

from __future__ import annotations

from collections.abc import Sequence

import click
from attrs import frozen

from duban_flow.cli import opening
from duban_flow.cli.call import Call
from duban_flow.cli.options import DubanGroup, json_option
from duban_flow.cli.screen import say, show_json
from duban_flow.domain.rights import GIVING
from duban_flow.domain.units import Actor, Directory, Post, Unit
from duban_flow.office import Office


@frozen(kw_only=True)
class Units:
    """How the file of units and the database differ: what the file has besides."""

    units: Sequence[Unit]
    posts: Sequence[Post]

    @classmethod
    def between(cls, file: Directory | None, there: Directory) -> Units:
        """Compare a file with what is registered."""
        if file is None:
            return cls(units=(), posts=())
        return cls(
            units=[u for u in file.units.values() if there.units.get(u.code) != u],
            posts=[p for p in file.posts if p not in there.posts],
        )


@click.group(cls=DubanGroup)
def db() -> None:
    """Make and check the database 数据库."""


@db.command()
@json_option
@click.pass_obj
def create(call: Call) -> None:
    """Make the schema, and register the units of the directory.

    A schema that is there is left as it is.

    Run it again after a change of the directory file: units and posts that are new or
    changed are registered 登记单位, by the actor, else by its first supervisor.
    """
    office = call.opened(create=True)
    changed = register(call, office)
    if call.as_json:
        show_json({"units": len(changed.units), "posts": len(changed.posts)})
        return
    say(call.say("数据库可用。", "The database is ready."))
    if changed.units or changed.posts:
        units, posts = len(changed.units), len(changed.posts)
        say(
            call.say(
                f"登记单位{units}个、岗位{posts}个。",
                f"Registered: units {units}, posts {posts}.",
            )
        )


def register(call: Call, office: Office) -> Units:
    """Register what the directory file has and the database has not."""
    file = opening.directory_of(call.config)
    changed = Units.between(file, call.directory())
    if file is not None and (changed.units or changed.posts):
        desk = office.desk(_registrar(call, file), now=call.now)
        desk.register(*changed.units, *changed.posts)
    return changed


def _registrar(call: Call, file: Directory) -> Actor:
    config = call.config
    if call.by or (config is not None and config.by):
        return call.actor
    giving = [u.code for u in file.units.values() if u.kind in GIVING]
    return Actor.of(next(iter([*giving, *file.units])))


@db.command()
@json_option
@click.pass_context
def verify(ctx: click.Context) -> None:
    """Check the schema, and the units against the directory file 核对."""
    call: Call = ctx.obj
    office = call.opened()
    office.storage.verify()
    behind = Units.between(opening.directory_of(call.config), call.directory())
    missing = [unit.code for unit in behind.units]
    posts = [f"{post.unit}/{post.name}" for post in behind.posts]
    if call.as_json:
        show_json({"schema": "ok", "units": missing, "posts": posts})
    elif missing or posts:
        names = call.say("、", ", ").join([*missing, *posts])
        say(
            call.say(
                f"结构相符；尚未登记：{names}。请运行 duban db create。",
                f"The schema fits; not registered: {names}. Run `duban db create`.",
            )
        )
    else:
        say(call.say("结构相符，单位齐全。", "The schema fits; all units are there."))
    ctx.exit(1 if missing or posts else 0)
