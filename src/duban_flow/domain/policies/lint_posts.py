"""Rungs with nobody to tell 无人可告知的级: no recipient, or a post that nobody has."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from duban_flow.domain.policies.lint_cells import Grid
from duban_flow.domain.policies.lint_said import finding
from duban_flow.domain.policies.model import Recipient
from duban_flow.domain.units import Directory, Role
from duban_flow.errors import Problem

_APART: Final = ("supervisor", "body", "auditor")
"""Kinds of unit that handle no matters themselves."""

_NAMED: Final = 3


def nobody_to_tell(grid: Grid, directory: Directory | None = None) -> Iterator[Problem]:
    """Find rungs that speak to nobody, and posts that a directory does not have."""
    for rung in grid.policy.rung:
        if rung.action in ("remind", "urge") and not (rung.notify or rung.on):
            yield finding(
                grid.policy,
                rung,
                "nobody_to_tell",
                "it speaks, and names nobody to speak to",
                "没有写明告知谁",
                said=rung.action,
                wanted="notify",
            )
        for recipient in rung.notify if directory is not None else ():
            missing = _without(recipient, directory) if directory else ()
            if missing:
                named = missing[:_NAMED]
                more = len(missing) - _NAMED
                en = ", ".join(named) + (f" and {more} more" if more > 0 else "")
                zh = "、".join(named) + (f"等{len(missing)}个单位" if more > 0 else "")
                yield finding(
                    grid.policy,
                    rung,
                    "nobody_to_tell",
                    f"there is no post {recipient.post!r} in {en}",
                    f"{zh}没有岗位“{recipient.post}”",
                    said=_said(recipient),
                )


def _without(recipient: Recipient, directory: Directory) -> tuple[str, ...]:
    """Name the units that would be told at a post and do not have it."""
    if not recipient.post:
        return ()
    if recipient.unit is not None:
        found = directory.find(recipient.unit)
        units = [found.code if found else recipient.unit]
    else:
        supervises = recipient.role is Role.SUPERVISING
        units = [
            unit.code
            for unit in directory.units.values()
            if (unit.kind == "supervisor" if supervises else unit.kind not in _APART)
        ]
    posts = {(post.unit, post.name) for post in directory.posts}
    return tuple(
        directory.name(code) for code in units if (code, recipient.post) not in posts
    )


def _said(recipient: Recipient) -> str:
    who = recipient.role.value if recipient.role else recipient.unit
    return f"{who}/{recipient.post}"
