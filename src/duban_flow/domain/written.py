"""What all written values share: narrow forms for full-width ones, and the refusal.

Only full-width forms are made narrow. Superscripts, circled digits and digits of
other scripts stay what they are, so that no number is read out of them.
"""

from __future__ import annotations

from typing import Final

from duban_flow.errors import Invalid, Problem

LONGEST_SHOWN: Final = 40
_NARROW: Final = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 32}


class Unreadable(Invalid, ValueError):
    """The text cannot be read as what was wanted."""

    default_code = "text.unreadable"

    @classmethod
    def of(cls, code: str, said: object, en: str, zh: str, wanted: str) -> Unreadable:
        """Say what was said, and what was wanted instead."""
        shown = str(said)
        if len(shown) > LONGEST_SHOWN:
            shown = f"{shown[:LONGEST_SHOWN]}…"
        problem = Problem(code=code, en=en, zh=zh, said=shown, wanted=wanted)
        return cls("", problem)

    def __str__(self) -> str:
        return self.text("en")


def narrow(text: str) -> str:
    """Make full-width forms narrow, and spaces single.

    >>> narrow(" ２００９．１１．３０ ")
    '2009.11.30'
    """
    return " ".join(text.translate(_NARROW).split())
