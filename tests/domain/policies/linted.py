"""Policies made of rungs, and what the linter finds in them."""

from duban_flow.domain.policies.lint import lint
from duban_flow.formats.policy_toml import load_policy

HEAD = """
name = "p"
version = "1"
sitting = "quarter end - 4 workdays"
[kinds.yellow]
name = "黄牌"
[kinds.red]
name = "红牌"
level = 2
rectify = "5 workdays"
"""


def rung(key, **fields):
    """Write a rung as TOML, on the responsible unit unless it says otherwise."""
    said = {"at": "due", "action": "yellow", "on": ["responsible"], **fields}
    lines = [f"{name} = {value!r}" for name, value in said.items() if value is not None]
    return "\n".join(["[[rung]]", f"key = {key!r}", *lines, ""])


ALWAYS = rung("always", at="month end", action="urge", notify=["lead"], when=["open"])


def found(*rungs, head=HEAD, **given):
    """Lint a policy of these rungs, and give code, rung and what was said."""
    policy = load_policy(head + "\n".join(rungs))
    return [(p.code, p.column, p.said) for p in lint(policy, **given)]
