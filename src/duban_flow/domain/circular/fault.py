"""A fault 差错 of a circular: which figure, what was said, what follows from its parts.

A fault is a finding, not an error: nothing here raises.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Self

from attrs import frozen

from duban_flow.errors import Reason


@frozen(kw_only=True)
class Fault(Reason):
    """One thing in a circular that does not hold 差错.

    ``figure`` is the name of the figure (or of the ranking or list), ``said`` what
    stands there, ``follows`` what its parts come to.
    """

    figure: str
    said: str = ""
    follows: str = ""

    def to_dict(self, lang: str = "zh") -> dict[str, Any]:
        """Give every part by name."""
        return {
            **super().to_dict(lang),
            "figure": self.figure,
            "said": self.said,
            "follows": self.follows,
        }

    def __str__(self) -> str:
        return self.text("zh")


class Reconciliation(tuple[Fault, ...]):
    """What came of checking a circular 核对结果: its faults, and how much was checked.

    It is the tuple of the faults: empty, and false, where everything holds.
    ``checks`` says in Chinese what was checked, one line a check.
    """

    checks: tuple[str, ...]

    def __new__(cls, faults: Iterable[Fault] = (), checks: Iterable[str] = ()) -> Self:
        """Gather faults and the checks that were run."""
        made = super().__new__(cls, tuple(faults))
        made.checks = tuple(checks)
        return made

    def to_dict(self, lang: str = "zh") -> dict[str, Any]:
        """Give the number of checks run, and each fault."""
        return {
            "checks": len(self.checks),
            "faults": [fault.to_dict(lang) for fault in self],
        }

    def __str__(self) -> str:
        if not self:
            return f"核对{len(self.checks)}项，全部相符。"
        lines = [f"核对{len(self.checks)}项，差错{len(self)}处："]
        return "\n".join([*lines, *(f"- {fault}" for fault in self)])
