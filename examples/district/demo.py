"""The district's fourth quarter of 2009, from its ledgers to its circular, in one go.

Run it: ``make demo``, or ``python examples/district/demo.py --into FOLDER``. It plays
three months as a rehearsal on SQLite and writes what came of them. Run again, it writes
the same once more. It ends with 1 where a figure differs from its own ledger.
"""

from __future__ import annotations

import argparse
import json
import sys
from datetime import date
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

ROOT: Final = Path(__file__).resolve().parents[2]
if str(ROOT) not in sys.path:  # run as a script, it stands alone
    sys.path.insert(0, str(ROOT))

from duban_flow.channels.console import Console as ConsoleChannel  # noqa: E402  # as above
from duban_flow.channels.jsonlines import JsonLines  # noqa: E402  # as above
from duban_flow.formats.directory import load_directory  # noqa: E402  # as above
from examples.district.play import (  # noqa: E402  # as above
    FIRST,
    HERE,
    LAST,
    Play,
    open_office,
    play_quarter,
    read_facts,
)
from examples.district.screen import FILES, WIDTH, show  # noqa: E402  # as above
from examples.district.summary import (  # noqa: E402  # as above
    Outcome,
    ledger_of,
    outcome_of,
    summary_of,
)


def play_into(folder: Path, progress: Progress | None = None) -> tuple[Play, Outcome]:
    """Play the quarter and write everything into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in FILES:
        (folder / name).unlink(missing_ok=True)
    days = (LAST - FIRST).days + 1
    task = progress.add_task("", total=days) if progress else None

    def seen(day: date) -> None:
        if progress is not None and task is not None:
            text = f"{day.month:2}月{day.day:2}日"
            progress.update(task, advance=1, description=text)

    with (folder / "console.txt").open("w", encoding="utf-8") as stream:
        office = open_office(
            f"sqlite:///{folder / 'duban.db'}",
            channels=[ConsoleChannel(stream), JsonLines(folder / "notices.jsonl")],
        )
        with office.closing():
            play = Play(office=office, facts=read_facts())
            play_quarter(play, seen)
            outcome = outcome_of(
                play.last_desk(),
                load_directory(HERE / "directory.toml"),
                HERE / "circular.toml",
            )
            _write(folder, play, outcome)
    return play, outcome


def _write(folder: Path, play: Play, outcome: Outcome) -> None:
    texts = {
        "circular.md": play.office.render(outcome.circular, "markdown"),
        "circular.html": play.office.render(outcome.circular, "html"),
        "ledger.csv": ledger_of(outcome),
        "summary.json": json.dumps(summary_of(outcome), ensure_ascii=False, indent=2)
        + "\n",
    }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")


def main(arguments: list[str] | None = None) -> int:
    """Play, show, and say with 0 or 1 whether every figure holds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--into", type=Path, default=ROOT / "build" / "demo")
    folder = parser.parse_args(arguments).into
    console = Console(width=WIDTH, highlight=False)
    bar = Progress(
        TextColumn("2009年{task.description}"),
        BarColumn(bar_width=50, complete_style="red"),
        TextColumn("{task.completed:.0f}/{task.total:.0f}天"),
        console=console,
        transient=True,
    )
    with bar:
        play, outcome = play_into(folder, bar)
    here = Path.cwd()
    shown = folder.relative_to(here) if here in folder.parents else folder
    show(console, play, outcome, shown)
    return 0 if outcome.holds and play.refused else 1


if __name__ == "__main__":
    raise SystemExit(main())
