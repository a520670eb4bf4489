"""Reading an outline of a circular 通报提纲 from TOML.

Every problem of a file is named at once: file, line, what was said, what is nearest.
Nothing is counted here, and no number of a circular need stand in the file.

The file::

    title = "第四季度通报"   # issuer, number, addressee, closing, issued_on, quoted
    [[section]]                       # [[section.section]] stands inside it
    title = "信访维稳"
    as_of = 2009-12-15                # a date means its 24:00
    text = "纳入督办{total}件,占{closed_share}。"      # one paragraph a line

    [section.figure.total]            # every figure: unit, label, places, as_of
    count = ["category is petition"]  # conditions of the policy language
    [section.figure.closed_share]
    share = ["closed", "total"]       # two figures; so difference and growth
    [section.figure.area]
    sum = ["category is land"]        # with measure = "上市面积", of = "target"
    measure = "上市面积"

Other figures: ``units`` (with ``role``) counts units, ``rebaselined`` moves of targets;
``score``, ``rank``, ``gap`` and ``mean`` (with ``round``) read one matter's evaluation;
``sanctions = "warn"`` counts sanctions; ``pace = "day"`` or ``"month"`` is schedule
pace; ``stated = "41.13"`` takes over what somebody else said.

Blocks: ``[[section.table]]`` (``columns`` of matters and ``where``, or ``columns`` and
``rows`` written out), ``[[section.bars]]`` (``title``, ``figures``),
``[[section.sanctions]]`` (``kind``, ``text``), ``[[section.not_sanctioned]]``
(``text``), ``[[section.relation]]`` (``sum``, ``share``, ``difference``, ``growth`` or
``shares`` with ``of``; ``ranking`` or ``listing`` with ``name``).
"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from duban_flow.domain.circular.circular_words import CIRCULAR
from duban_flow.domain.circular.outline import Outline, OutlineSection
from duban_flow.domain.policies.vocabulary import Vocabulary
from duban_flow.errors import Invalid
from duban_flow.formats.circular_blocks import read_blocks
from duban_flow.formats.circular_fields import Fields, Reading
from duban_flow.formats.circular_figures import read_figure
from duban_flow.formats.circular_names import check_names
from duban_flow.formats.toml_file import read_toml

_HEAD = ("issuer", "number", "addressee", "closing")
_SECTION = (
    *("title", "as_of", "text", "figure", "table", "bars"),
    *("sanctions", "not_sanctioned", "relation", "section"),
)


def load_circular(source: Path | str, *, vocabulary: Vocabulary = CIRCULAR) -> Outline:
    """Read an outline from a file, or from a text that has more than one line.

    Raises:
        Invalid: with every problem: its file, its line, what was said and the nearest
            name that there is; or why the file cannot be read.
    """
    file = read_toml(
        source, code="circular.file", called="circular", parse_float=Decimal
    )
    reading = Reading.of(file, vocabulary)
    top = Fields(reading, file.data, ())
    outline = _outline(top)
    check_names(top, outline)
    if reading.problems:
        raise Invalid("", *sorted(reading.problems, key=lambda p: p.row or 0))
    return outline


def _outline(top: Fields) -> Outline:
    top.only(("title", *_HEAD, "issued_on", "quoted", "section"))
    return Outline(
        title=top.text("title") or "督查督办工作通报",
        sections=tuple(_section(fields) for fields in top.tables("section")),
        head={key: top.text(key) for key in _HEAD if key in top},
        issued_on=top.day("issued_on"),
        quoted=top.texts("quoted"),
    )


def _section(fields: Fields) -> OutlineSection:
    fields.only(_SECTION)
    return OutlineSection(
        title=fields.text("title", wanted=True),
        as_of=fields.as_of(),
        figures=tuple(read_figure(name, f) for name, f in fields.named("figure")),
        blocks=tuple(read_blocks(fields)),
        sections=tuple(_section(inner) for inner in fields.tables("section")),
    )
