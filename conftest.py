"""Runs what the documents show: README, docs/ and the doctests in src/.

In Markdown, blocks of these languages are run in order, each document by itself in a
folder of its own that starts empty:

- `python`: run; a block that opens with `>>>` is a doctest.
- `console`: each line after `$ ` is a command; the lines below it are its output, and
  an ellipsis, `...`, stands for whatever is printed there.
- `toml`, `json`, `csv`: read as what they say they are.

`<!-- file: NAME -->` on the line above a block writes the block into the folder too.
`<!-- skip: next "why" -->` leaves out one block. Languages not named here (text,
mermaid) are for reading.
"""

from __future__ import annotations

import csv
import doctest
import io
import json
import os
import re
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sybil import Example, Sybil
from sybil.document import PythonDocStringDocument
from sybil.parsers.markdown import CodeBlockParser, PythonCodeBlockParser, SkipParser
from sybil.parsers.rest import DocTestParser

ROOT = Path(__file__).parent
OPTIONS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
FILE_ABOVE = re.compile(r"<!--+\s*file:\s*(?P<name>[\w./-]+)\s*--+>\s*\Z")


def run_console(source: str) -> None:
    """Run each command of a block; its output must be the one shown."""
    scripts = str(Path(sys.executable).parent)
    environment = os.environ | {
        "PATH": scripts + os.pathsep + os.environ["PATH"],
        "COLUMNS": "88",
        "NO_COLOR": "1",
        "PYTHONIOENCODING": "utf-8",
    }
    for part in re.split(r"^\$ ", source, flags=re.MULTILINE)[1:]:
        command, _, wanted = part.partition("\n")
        done = subprocess.run(
            ["sh", "-c", command],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if wanted.strip():
            same = doctest.OutputChecker().check_output(wanted, done.stdout, OPTIONS)
            assert same, f"$ {command}\nwanted:\n{wanted}\nfound:\n{done.stdout}"
        else:
            assert done.returncode == 0, f"$ {command}\n{done.stdout}"


def read_csv(source: str) -> None:
    """Every row is as wide as the first."""
    widths = {len(row) for row in csv.reader(io.StringIO(source), strict=True)}
    assert len(widths) == 1, f"rows of different widths: {sorted(widths)}"


def block(read: Callable[[str], Any]) -> Callable[[Example], None]:
    """Judge a block by reading it; write it down first where the document says so."""

    def evaluate(example: Example) -> None:
        write_down(example)
        read(example.parsed)

    return evaluate


def write_down(example: Example) -> None:
    """Write a block into the document's folder if the line above names a file."""
    above = example.document.text[: example.region.start]
    if named := FILE_ABOVE.search(above):
        path = Path(named["name"])
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(example.parsed, "utf-8")


class NamedPythonParser(PythonCodeBlockParser):
    """Python blocks that are written down as a file instead of being run."""

    def __call__(self, document: Any) -> Any:
        for region in super().__call__(document):
            if FILE_ABOVE.search(document.text[: region.start]):
                region.evaluator = block(lambda source: compile(source, "-", "exec"))
            yield region


def enter_folder(namespace: dict[str, Any]) -> None:
    """Give the document an empty folder to work in."""
    namespace["_from"] = Path.cwd()
    namespace["_folder"] = tempfile.TemporaryDirectory(prefix="duban-docs-")
    os.chdir(namespace["_folder"].name)


def leave_folder(namespace: dict[str, Any]) -> None:
    """Go back to where the run began, and sweep up."""
    os.chdir(namespace["_from"])
    namespace["_folder"].cleanup()


documents = Sybil(
    path=str(ROOT),
    patterns=[
        "README*.md",
        "docs/**/*.md",
        "docs/*.md",
        "plugins/*/README.md",
        "examples/*/README.md",
    ],
    parsers=[
        NamedPythonParser(doctest_optionflags=OPTIONS),
        CodeBlockParser("console", block(run_console)),
        CodeBlockParser("toml", block(tomllib.loads)),
        CodeBlockParser("json", block(json.loads)),
        CodeBlockParser("csv", block(read_csv)),
        SkipParser(),
    ],
    setup=enter_folder,
    teardown=leave_folder,
)
docstrings = Sybil(
    path=str(ROOT / "src"),
    patterns=["**/*.py"],
    parsers=[DocTestParser(OPTIONS)],
    document_types={".py": PythonDocStringDocument},
)

pytest_collect_file = (documents + docstrings).pytest()
