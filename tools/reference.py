"""Writes the parts of docs/reference/ that the code already says.

A page keeps what people wrote; between ``<!-- begin: NAME -->`` and ``<!-- end -->``
stands what is generated under that name, and nothing else is touched. A test asks
:func:`stale` whether a page has fallen behind.

    python -m tools.reference
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Final

from tools.reference_names import names_of
from tools.reference_tables import (
    circular_columns,
    circular_words,
    cli_pages,
    codes,
    columns,
    diagram,
    errors,
    grammar,
    hooks,
    states,
    statutory_terms,
    transitions,
    vocabulary,
)
from tools.reference_vectors import vector_rows

ROOT: Final = Path(__file__).parents[1]
PAGES: Final = ROOT / "docs" / "reference"

PARTS: Final[Mapping[str, Callable[[], Iterator[str]]]] = {
    "api": lambda: names_of("duban_flow"),
    "deadlines": lambda: names_of("duban_flow.deadlines"),
    "ports": lambda: names_of("duban_flow.ports"),
    "testing": lambda: names_of("duban_flow.testing"),
    "hooks": hooks,
    "vocabulary": vocabulary,
    "grammar": grammar,
    "columns": columns,
    "statutory": statutory_terms,
    "circular_columns": circular_columns,
    "circular_words": circular_words,
    "states": states,
    "transitions": transitions,
    "diagram": diagram,
    "errors": errors,
    "codes": codes,
    "cli": cli_pages,
    "vectors": vector_rows,
}
"""What can stand in a page, by the name it stands under."""

_PART: Final = re.compile(
    r"(?P<begin><!-- begin: (?P<name>\w+) -->\n).*?(?P<end><!-- end -->)", re.DOTALL
)


def written(text: str) -> str:
    """Give a page with every generated part as the code says it now."""
    return _PART.sub(_filled, text)


def _filled(found: re.Match[str]) -> str:
    body = "\n".join(PARTS[found["name"]]()).strip()
    return f"{found['begin']}\n{body}\n\n{found['end']}"


def stale() -> list[str]:
    """Name the pages that no longer say what the code says."""
    return [
        page.name
        for page in sorted(PAGES.glob("*.md"))
        if written(page.read_text("utf-8")) != page.read_text("utf-8")
    ]


def main() -> int:
    behind = stale()
    for name in behind:
        page = PAGES / name
        page.write_text(written(page.read_text("utf-8")), "utf-8")
        print(f"wrote {page.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
