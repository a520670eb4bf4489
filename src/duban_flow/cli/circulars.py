"""The command ``duban circular``: count, print, and check what was printed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

import click

from duban_flow.cli.call import Call
from duban_flow.cli.options import MOMENT, DubanCommand, json_option
from duban_flow.cli.screen import show_json, warn
from duban_flow.domain.circular.circular import Circular
from duban_flow.domain.circular.fault import Fault
from duban_flow.domain.codec import unstructure

ENDINGS: Final = {".html": "html", ".htm": "html", ".md": "markdown"}


@click.command(cls=DubanCommand)
@click.argument("outline", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--as-of", "moment", type=MOMENT, help="Count as of then 截至.")
@click.option("--to", "form", help="markdown, html, or what a plugin prints.")
@click.option(
    "--output",
    "-o",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="Write here and not to the screen; the ending says in which form.",
)
@json_option
@click.pass_context
def circular(
    ctx: click.Context,
    outline: Path,
    *,
    moment: date | datetime | None,
    form: str | None,
    output: Path | None,
) -> None:
    """Print a circular from its OUTLINE 通报, and check it.

    Every figure is counted from the items; then figures, text and ledger are
    reconciled: each fault is named, and is exit 1.
    """
    call: Call = ctx.obj
    form = form or _form(call, output)
    reads = call.reads(moment)
    made = reads.circular(outline)
    text = call.opened().render(made, form)
    checked = made.reconcile(text)
    faults = [*_once([*made.reconcile(), *checked]), *reads.recount(made)]
    if output is not None:
        _write(output, text)
    if call.as_json:
        checks = len(checked.checks)
        show_json(_data(call, made, faults, checks, output))
    elif output is None:
        click.echo(text, nl=False)
    _tell(call, faults, len(checked.checks), output)
    ctx.exit(1 if faults else 0)


def _form(call: Call, output: Path | None) -> str:
    """Say in which form a file's ending asks for the circular.

    Raises:
        UsageError: nothing prints files of that ending.
    """
    ending = "" if output is None else output.suffix.lower()
    if not ending:
        return "markdown"
    printed = call.opened().extensions.renderers
    form = ENDINGS.get(ending, ending.removeprefix("."))
    if form in printed:
        return form
    known = [end for end, name in ENDINGS.items() if name in printed]
    known += [f".{name}" for name in printed if name not in ENDINGS.values()]
    there = call.say("、", ", ").join(known)
    raise click.UsageError(
        call.say(
            f"没有插件能输出{ending}文件；可用的后缀有{there}，或用 --to 指明格式。",
            f"Nothing prints {ending} files; there are {there}. Or say the form: --to.",
        )
    )


def _once(faults: Iterable[Fault]) -> list[Fault]:
    return list(dict.fromkeys(faults))


def _write(output: Path, text: str) -> None:
    try:
        output.write_text(text, "utf-8")
    except OSError as fault:
        raise click.FileError(str(output), fault.strerror) from fault


def _tell(call: Call, faults: list[Fault], checks: int, output: Path | None) -> None:
    """Say beside the text how the check went."""
    if output is not None and not call.as_json:
        warn(call.say(f"已写入{output}。", f"Written to {output}."))
    if not faults:
        if output is not None and not call.as_json:
            told = call.say(
                f"核对{checks}项，全部相符。", f"Checks: {checks}; faults: none."
            )
            warn(told)
        return
    warn(call.say(f"差错{len(faults)}处：", f"Faults: {len(faults)}"))
    for fault in faults:
        warn(fault.text(call.lang), indent="- ")


def _data(
    call: Call, made: Circular, faults: list[Fault], checks: int, output: Path | None
) -> dict[str, Any]:
    figures = {
        name: {
            "value": unstructure(figure.value),
            "unit": figure.measure_unit,
            "label": figure.label,
            "numerator": unstructure(figure.numerator),
            "denominator": unstructure(figure.denominator),
            "as_of": unstructure(figure.as_of),
        }
        for name, figure in made.figures.items()
    }
    return {
        "title": made.title,
        "figures": figures,
        "reconcile": {
            "checks": checks,
            "faults": [fault.to_dict(call.lang) for fault in faults],
        },
        "output": None if output is None else str(output),
    }
