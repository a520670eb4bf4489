"""The built-in policy `plain`: it reminds and urges, and sanctions nobody."""

from __future__ import annotations

from typing import Final

from duban_flow.domain.policies.grammar import (
    parse_condition,
    parse_offset,
    parse_recipient,
    parse_time,
)
from duban_flow.domain.policies.model import Policy, Rung
from duban_flow.domain.policies.vocabulary import STANDARD

_OPEN: Final = (parse_condition("open", STANDARD),)
_HANDLING: Final = (parse_recipient("responsible"), parse_recipient("lead"))

PLAIN: Final = Policy(
    name="plain",
    version="1",
    rung=(
        Rung(
            key="remind",
            at=parse_time("due - 3 workdays"),
            action="remind",
            notify=_HANDLING,
            when=_OPEN,
            catch_up="skip_if_stale",
        ),
        Rung(
            key="urge",
            at=parse_time("due"),
            every=parse_offset("5 workdays"),
            action="urge",
            notify=(*_HANDLING, parse_recipient("supervising")),
            when=_OPEN,
        ),
    ),
)
"""Reminds three working days before due, urges at due and every five after it."""
