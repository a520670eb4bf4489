"""A circular as one HTML page 通报网页: for a phone, a screen and A4 paper.

The page asks for nothing: no script, no font, no picture from elsewhere. Words from a
ledger are words, and an address that is not of the web is dropped.
"""

from __future__ import annotations

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from duban_flow.domain.circular.circular import Circular
from duban_flow.domain.circular.contents import Link, Mention, day_text, runs_of
from duban_flow.domain.circular.figure import Figure
from duban_flow.formats.bar_lengths import lengths
from duban_flow.formats.circular_layout import addressed, parts, safe_href

WIDE = 3
"""A table of more columns is read on a phone as one card a row."""


def render(circular: Circular) -> str:
    """Write a circular as a whole page of HTML, in Chinese."""
    return _template().render(
        c=circular,
        parts=[
            {"kind": type(_inner(part)).__name__, "of": part}
            for part in parts(circular)
        ],
    )


def _inner(part: object) -> object:
    return getattr(part, "block", part)


@cache
def _template() -> Template:
    made = Environment(
        loader=PackageLoader("duban_flow.formats", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(
        addressed=addressed,
        runs_of=runs_of,
        lengths=lengths,
        safe_href=safe_href,
        wide=WIDE,
    )
    made.filters["day"] = day_text
    made.tests["figure"] = lambda value: isinstance(value, Figure)
    made.tests["link"] = lambda value: isinstance(value, Link)
    made.tests["mention"] = lambda value: isinstance(value, Mention)
    return made.get_template("circular.html.jinja")
