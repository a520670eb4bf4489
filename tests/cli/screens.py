"""How wide what was printed is, on a screen of eighty columns."""

from __future__ import annotations

from rich.cells import cell_len


def too_wide(text: str) -> list[str]:
    """List the lines that do not fit, where a Chinese character takes two columns."""
    return [line for line in text.splitlines() if cell_len(line) > 80]


def trailing(text: str) -> list[str]:
    """List the lines that end in spaces."""
    return [line for line in text.splitlines() if line != line.rstrip()]
