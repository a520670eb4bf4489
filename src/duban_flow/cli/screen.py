"""What people see: lines and tables that know how wide a Chinese character is.

Words out of a ledger are shown, never obeyed: a control character is spelt out, and
nothing of them is markup. What a program reads is JSON with the same keys each time.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

import click
from attrs import frozen
from rich import box
from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderResult
from rich.measure import Measurement
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)
from rich.table import Table
from rich.text import Text

from duban_flow.channels.console import visible
from duban_flow.domain.codec import unstructure
from duban_flow.domain.policies.wrapping import wrapped
from duban_flow.engine.ports import Progress as Watcher

NARROW: Final = 8
"""Columns below which a cell is not pressed."""

WORK: Final = {"plan": "核对", "sweep": "巡检", "deliver": "发送", "audit": "核验"}
"""How long work is called."""


@frozen
class Cell:
    """A cell of a table: text that breaks where Chinese may break, and its style."""

    text: str
    style: str = ""

    def __rich_console__(self, _: Console, options: ConsoleOptions) -> RenderResult:
        for part in self.text.split("\n"):
            for line in wrapped(visible(part), columns=options.max_width):
                yield Text(line, self.style, overflow="fold")

    def __rich_measure__(self, _: Console, options: ConsoleOptions) -> Measurement:
        size = max((cell_len(visible(p)) for p in self.text.split("\n")), default=0)
        words = max(map(cell_len, self.text.split()), default=0)
        least = size if self.text.isascii() else min(size, NARROW)
        if self.text.isascii():
            least = min(words, options.max_width)
        return Measurement(least, max(size, least))


@frozen
class Column:
    """A column of a table; *stiff* ones keep their width, and the others give way."""

    heading: str
    stiff: bool = False
    right: bool = False


def console(*, to_stderr: bool = False) -> Console:
    """Give a screen: the terminal's width, else ``COLUMNS``, else eighty."""
    stream = sys.stderr if to_stderr else sys.stdout
    return Console(file=stream, highlight=False, emoji=False, markup=False)


def say(text: str = "", *, style: str = "", indent: str = "") -> None:
    """Say something in lines no wider than the screen."""
    screen = console()
    for part in text.split("\n"):
        for line in wrapped(visible(part), indent, screen.width):
            screen.print(Text(line, style, no_wrap=True), soft_wrap=True)


def warn(text: str, *, indent: str = "") -> None:
    """Say to people, beside the output, what they must know."""
    screen = console(to_stderr=True)
    for part in text.split("\n"):
        for line in wrapped(visible(part), indent, screen.width):
            screen.print(Text(line, no_wrap=True), soft_wrap=True)


def show_table(
    columns: Sequence[Column], rows: Iterable[Sequence[str | Cell]], title: str = ""
) -> None:
    """Draw a table in the width of the screen."""
    drawn = Table(
        box=box.SIMPLE_HEAD,
        title=Text(visible(title), "bold") if title else None,
        title_justify="left",
        pad_edge=False,
        show_edge=False,
    )
    for column in columns:
        drawn.add_column(
            Text(column.heading, "bold"),
            no_wrap=column.stiff,
            justify="right" if column.right else "left",
            vertical="top",
        )
    for row in rows:
        drawn.add_row(*(c if isinstance(c, Cell) else Cell(c) for c in row))
    screen = console()
    if screen.is_terminal:
        screen.print(drawn)
        return
    with screen.capture() as caught:
        screen.print(drawn)
    for line in caught.get().splitlines():
        click.echo(line.rstrip())


def show_fields(fields: Iterable[tuple[str, str]]) -> None:
    """Show names and what they hold, one a line, without those that hold nothing."""
    kept = [(name, text) for name, text in fields if text]
    size = max((cell_len(name) for name, _ in kept), default=0)
    for name, text in kept:
        head = name + " " * (size - cell_len(name)) + "  "
        first, *rest = text.split("\n")
        say(first, indent=head)
        for line in rest:
            say(line, indent=" " * (size + 2))


def show_json(data: Any) -> None:
    """Print plain data as JSON, Chinese as it is."""
    told = json.dumps(unstructure(data), ensure_ascii=False, indent=2, allow_nan=False)
    click.echo(told)


@contextmanager
def watching(lang: str, *, quiet: bool = False) -> Iterator[Watcher | None]:
    """Draw how far long work is, where a person sits at a terminal.

    *quiet* work writes to the screen itself; a bar would get in its way.
    """
    if quiet or not sys.stderr.isatty():
        yield None
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console(to_stderr=True), transient=True) as bars:
        tasks: dict[str, TaskID] = {}

        def watch(what: str, done: int, total: int | None) -> None:
            if what not in tasks:
                name = WORK.get(what, what) if lang == "zh" else what
                tasks[what] = bars.add_task(name, total=total)
            bars.update(tasks[what], completed=done, total=total)

        yield watch
