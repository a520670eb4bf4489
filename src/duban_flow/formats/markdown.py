"""A circular as Markdown 通报文本: tables in pipes, bars in blocks, nothing executed.

Words from a ledger are words: what would be a mark of Markdown or of HTML is escaped.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final
from urllib.parse import quote

from duban_flow.domain.circular.circular import Circular
from duban_flow.domain.circular.contents import (
    Bars,
    Cell,
    Entries,
    Link,
    Paragraph,
    Run,
    Table,
    day_text,
    runs_of,
)
from duban_flow.domain.circular.figure import Figures
from duban_flow.formats.bar_lengths import lengths
from duban_flow.formats.circular_layout import (
    Heading,
    Placed,
    addressed,
    parts,
    safe_href,
)

_MARKS: Final = re.compile(r"[\\`*_\[\]|~]")
_LEADING: Final = re.compile(r"^(\s*)([#>+=-]|\d+(?=[.)](?:\s|$)))")
_IN_ADDRESS: Final = "%:/?#@!$&'+,;=~"
_BAR: Final = 20


def render(circular: Circular) -> str:
    """Write a circular as Markdown.

    >>> from duban_flow.domain.circular.contents import Section
    >>> from duban_flow.domain.circular.figure import Figure
    >>> told = Circular("通报", [Section("信访", [Figure("n", 104, "件"),
    ...     Paragraph("共{n}。")])])
    >>> print(render(told))
    # 通报
    <BLANKLINE>
    ## 一、信访
    <BLANKLINE>
    共104件。
    <BLANKLINE>
    """
    pieces = [f"# {escaped(circular.title)}"]
    pieces += filter(None, [escaped(circular.number), _addressed(circular)])
    for part in parts(circular):
        if isinstance(part, Heading):
            pieces.append(_heading(part))
        else:
            pieces += _block(part, circular.figures)
    if circular.notes:
        pieces.append("\n".join(f"> {escaped(f'注：{n}')}" for n in circular.notes))
    pieces += map(escaped, _signature(circular))
    return "\n\n".join(pieces) + "\n"


def escaped(text: str) -> str:
    """Write words so that Markdown reads them as words, on one line."""
    line = " ".join(text.split())
    line = line.replace("&", "&amp;").replace("<", "&lt;")
    line = _MARKS.sub(lambda mark: f"\\{mark[0]}", line)
    return _LEADING.sub(_led, line)


def _led(found: re.Match[str]) -> str:
    mark = found[2]
    return f"{found[1]}{mark}\\" if mark.isdigit() else f"{found[1]}\\{mark}"


def _addressed(circular: Circular) -> str:
    told = addressed(circular)
    return f"{escaped(told)}：" if told else ""


def _signature(circular: Circular) -> Iterator[str]:
    if circular.closing:
        yield circular.closing
    if circular.issuer:
        yield circular.issuer
    if circular.issued_on is not None:
        yield day_text(circular.issued_on)


def _heading(part: Heading) -> str:
    head = f"{'#' * min(part.level + 2, 6)} {escaped(part.text)}"
    return f"{head}\n\n*{part.as_of}*" if part.as_of else head


def _block(placed: Placed, figures: Figures) -> Iterator[str]:
    block = placed.block
    if isinstance(block, Paragraph):
        yield _line(runs_of(block.text, figures, placed.as_of))
        return
    if block.title:
        yield f"**{escaped(block.title)}**"
    if isinstance(block, Table):
        yield _table(block.columns, [[_cell(c) for c in row] for row in block.rows])
    elif isinstance(block, Bars):
        yield _bars(block, figures)
    else:
        yield _entries(block)


def _line(runs: Iterable[Run]) -> str:
    return escaped("".join(map(str, runs)))


def _entries(block: Entries) -> str:
    told = [f"{i}. {escaped(entry)}" for i, entry in enumerate(block.entries, 1)]
    return "\n".join(told) or "无。"


def _cell(cell: Cell) -> str:
    if isinstance(cell, Link) and (href := safe_href(cell.href)):
        return f"[{escaped(cell.text)}]({quote(href, safe=_IN_ADDRESS)})"
    return escaped(str(cell))


def _table(columns: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    heads = [escaped(column) for column in columns]
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _bars(block: Bars, figures: Figures) -> str:
    drawn = block.drawn(figures)
    sizes = lengths([figure for _, figure in drawn])
    rows = [
        [escaped(label), escaped(str(figure)), "█" * round(size * _BAR)]
        for (label, figure), size in zip(drawn, sizes, strict=True)
    ]
    return _table(["", "", ""], rows)
