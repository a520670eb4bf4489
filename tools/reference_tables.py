"""Tables of the reference, read off the objects that run."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import Any, Final

import click

import duban_flow
from duban_flow import errors as faults
from duban_flow.cli.app import duban
from duban_flow.domain import ledger
from duban_flow.domain.circular.case_rows import COLUMNS as CIRCULAR_COLUMNS
from duban_flow.domain.circular.queries import NOT_SANCTIONED_WORDS, SANCTION_WORDS
from duban_flow.domain.policies.grammar import ANCHORS
from duban_flow.domain.policies.vocabulary import STANDARD
from duban_flow.domain.policies.words import Word
from duban_flow.domain.supervision import Supervision
from duban_flow.domain.time.statutory import StatutoryTerm
from duban_flow.engine.extensions import POINTS
from duban_flow.engine.hooks import Hooks
from duban_flow.formats.terms_toml import statutory
from tools.reference_names import prose

SOURCE: Final = Path(str(duban_flow.__file__)).parent
WIDTH: Final = 88
_CODE: Final = re.compile(r"[a-z_]+(\.[a-z_0-9]+)+")
_ROW: Final = re.compile(r"    (?P<names>\w+(?:, \w+)*) {2,}(?P<rest>\S.*)")
_EVERY: Final = re.compile(r"\n\nOptions of every command:\n(?: .*\n?)+")
_NO_CODE: Final = re.compile(r"duban_flow\.|\.(toml|csv|html|jinja|css|md|org)$")


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    """Write a table."""
    names = list(head)
    yield f"| {' | '.join(names)} |"
    yield f"|{' --- |' * len(names)}"
    for row in rows:
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |"


# --- policies -------------------------------------------------------------------


def vocabulary() -> Iterator[str]:
    """List every word that a condition may use."""
    yield from table(
        ("word", "is", "in", "no harm at", "may run over", "wants loaded"),
        (_word(word) for word in STANDARD.values()),
    )


def _word(word: Word) -> tuple[str, ...]:
    units = " or ".join(unit or "no unit" for unit in word.units)
    return (
        f"`{word}`",
        f"a {word.kind}" + (", harmful" if word.harmful else ""),
        units if word.kind == "number" else "",
        "" if word.harmless is None else str(word.harmless),
        word.runs and f"{word.runs}s",
        ", ".join(sorted(word.needs)),
    )


def grammar() -> Iterator[str]:
    """List the anchors that a time may be reckoned from."""
    yield ", ".join(f"`{anchor}`" for anchor in ANCHORS)


# --- workflow -------------------------------------------------------------------


def states() -> Iterator[str]:
    """List the states of supervision."""
    yield from table(
        ("state", "Chinese", ""),
        (
            (f"`{s.name}`", s.zh, "first" if s.first else "end" if s.end else "")
            for s in Supervision.states.values()
        ),
    )


def transitions() -> Iterator[str]:
    """List every action of supervision: from where, to where, for whom."""
    yield from table(
        ("action", "Chinese", "from → to", "for", "if"),
        (_action(name) for name in Supervision.actions),
    )


def _action(name: str) -> tuple[str, ...]:
    action = Supervision.actions[name]
    arrows: dict[str, list[str]] = {}
    for move in action.moves:
        to = "stays" if move.dest is None else getattr(move.dest, "name", "*standing*")
        arrows.setdefault(to, []).append(move.source.name)
    said = "; ".join(f"{', '.join(dict.fromkeys(f))} → {t}" for t, f in arrows.items())
    guards = [g.name for g in action.guards]
    guards += [g.name for move in action.moves for g in move.when]
    roles = "the issuing of a sanction" if action.issued else ", ".join(action.roles)
    return (f"`{name}`", action.zh, said, roles, ", ".join(dict.fromkeys(guards)))


def diagram() -> Iterator[str]:
    """Draw the workflow of supervision."""
    yield "```mermaid"
    yield Supervision.diagram().strip()
    yield "```"


# --- ledgers --------------------------------------------------------------------


def columns() -> Iterator[str]:
    """List every column of a ledger, its headings and what a cell holds."""
    holds = _holds()
    yield from table(
        ("column", "headings", "a cell holds"),
        (
            (f"`{name}`", "、".join(column.headings), holds[name])
            for name, column in ledger.COLUMNS.items()
        ),
    )


def _holds() -> dict[str, str]:
    """Read what cells hold off the table in the module's docstring."""
    told: dict[str, str] = {}
    names: list[str] = []
    for line in str(ledger.__doc__).splitlines():
        if row := _ROW.fullmatch(line):
            names = row["names"].split(", ")
            said = re.split(r" {2,}", row["rest"], maxsplit=1)[-1]
            told.update(dict.fromkeys(names, said))
        elif line.startswith("                ") and names:
            for name in names:
                told[name] += f" {line.strip()}"
    return told


# --- statutory terms ------------------------------------------------------------


def statutory_terms() -> Iterator[str]:
    """List every statutory term with its length, its extension and its source."""
    yield from table(
        ("key", "name", "", "term", "extension", "source", "note"),
        (_statutory(term) for term in statutory().values()),
    )


def _statutory(term: StatutoryTerm) -> tuple[str, ...]:
    more = "" if term.extension is None else term.extension.describe()
    cited = f"[{term.cited}]({term.link})" if term.link else term.cited
    ends = f", until {term.until}" if term.until else ""
    since = f", since {term.in_force}{ends}" if term.in_force else ""
    return (
        f"`{term.key}`",
        term.name,
        term.name_en,
        term.term.describe(),
        more,
        f"{cited}{since}",
        term.note,
    )


# --- circulars ------------------------------------------------------------------


def circular_columns() -> Iterator[str]:
    """List every column that a table of items may have, with its heading."""
    yield from table(
        ("column", "heading"),
        ((f"`{name}`", head) for name, (head, _) in CIRCULAR_COLUMNS.items()),
    )


def circular_words() -> Iterator[str]:
    """List what the text of each list of a circular may name in braces."""
    yield from table(
        ("block", "its `text` may name"),
        (
            (f"`[[section.{block}]]`", ", ".join(f"`{{{word}}}`" for word in words))
            for block, words in (
                ("sanctions", SANCTION_WORDS),
                ("not_sanctioned", NOT_SANCTIONED_WORDS),
            )
        ),
    )


# --- hooks ----------------------------------------------------------------------


def hooks() -> Iterator[str]:
    """Tell of every hook: what it receives, what it is for, what fits."""
    for name, hook in vars(Hooks).items():
        if not name.startswith("duban_"):
            continue
        point = POINTS[name.removeprefix("duban_register_")]
        yield f"### {name}"
        yield ""
        yield "```pyi"
        yield f"def {name}(register: {_register(hook)}, options: Options) -> None: ..."
        yield "```"
        yield ""
        yield from prose(inspect.getdoc(hook) or "")
        yield f"Wanted: {point.wanted}."
        yield ""


def _register(hook: Any) -> str:
    return str(inspect.signature(hook).parameters["register"].annotation)


# --- errors ---------------------------------------------------------------------


def errors() -> Iterator[str]:
    """List the errors with their status."""
    kinds = [k for k in vars(faults).values() if inspect.isclass(k)]
    found = [k for k in kinds if issubclass(k, faults.DubanError)]
    yield from table(
        ("error", "status", "says"),
        (
            (f"`{k.__name__}`", str(k.status), (k.__doc__ or "").splitlines()[0])
            for k in found
        ),
    )


def codes() -> Iterator[str]:
    """List the stable codes of reasons, by what they are about."""
    about: dict[str, set[str]] = {}
    for path in sorted(SOURCE.rglob("*.py")):
        for code in _codes_in(ast.parse(path.read_text("utf-8"))):
            about.setdefault(code.partition(".")[0], set()).add(code)
    yield from table(
        ("about", "codes"),
        (
            (word, ", ".join(f"`{code}`" for code in sorted(found)))
            for word, found in sorted(about.items())
        ),
    )


def _codes_in(tree: ast.Module) -> Iterator[str]:
    """Find codes given by keyword, or first in a call of a reader of files."""
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call))
    for call in calls:
        said = [k.value for k in call.keywords if k.arg == "code"]
        texts = chain.from_iterable(map(_texts, [*said, *call.args]))
        yield from filter(_is_code, texts)


def _is_code(text: str) -> bool:
    return bool(_CODE.fullmatch(text)) and not _NO_CODE.search(text)


def _texts(value: ast.expr) -> Iterator[str]:
    if isinstance(value, ast.IfExp):
        yield from _texts(value.body)
        yield from _texts(value.orelse)
    elif isinstance(value, ast.Constant) and isinstance(value.value, str):
        yield value.value


# --- the command line -----------------------------------------------------------


def cli_pages() -> Iterator[str]:
    """Print the help of `duban` and of each of its commands."""
    yield from _help(duban, "duban", None)


def _help(
    command: click.Command, name: str, parent: click.Context | None
) -> Iterator[str]:
    context = click.Context(
        command, info_name=name, parent=parent, terminal_width=WIDTH
    )
    yield f"{'#' * (2 if parent is None else 3)} {context.command_path}"
    yield ""
    yield "```text"
    told = command.get_help(context)
    # What every command takes is said once, by the first.
    yield told if parent is None else _EVERY.sub("", told)
    yield "```"
    yield ""
    if isinstance(command, click.Group):
        for word in command.list_commands(context):
            found = command.get_command(context, word)
            if found is not None:
                yield from _help(found, word, context)
