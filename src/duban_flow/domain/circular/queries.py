"""From an outline and the matters as they stood to a circular, and back 成稿与复算.

Pure: matters are handed in. :func:`evaluate` fills an outline, :func:`recount` asks
again for every figure that was counted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from attrs import define, evolve, field

from duban_flow.domain.circular.asked import (
    DifferenceQuery,
    GrowthQuery,
    ShareQuery,
)
from duban_flow.domain.circular.case_rows import table_of
from duban_flow.domain.circular.circular import Circular
from duban_flow.domain.circular.circular_words import CIRCULAR
from duban_flow.domain.circular.contents import (
    AsOf,
    Cell,
    Content,
    Entries,
    Mention,
    Relation,
    Section,
    Table,
    runs_of,
)
from duban_flow.domain.circular.counter import (
    NOTHING,
    CasesAt,
    Counter,
    Record,
    closed_to_whole,
    dated,
)
from duban_flow.domain.circular.fault import Fault
from duban_flow.domain.circular.figure import Counted, Figure, Figures
from duban_flow.domain.circular.outline import (
    Block,
    CaseTable,
    FigureSpec,
    FigureTable,
    NotSanctionedList,
    Outline,
    OutlineSection,
    SanctionList,
)
from duban_flow.domain.circular.relations import Difference, Growth, Share
from duban_flow.domain.circular.shares import Shares
from duban_flow.domain.policies.vocabulary import Vocabulary
from duban_flow.domain.quantities import Interval
from duban_flow.domain.sanctions import NotSanctioned, Sanction
from duban_flow.domain.time.calendar import WorkCalendar

_NAME: Final = re.compile(r"\{([^{}]*)\}")
_MANY: Final = 10
_NAMED: Final = 3

SANCTION_WORDS: Final = (
    *("unit", "role", "kind", "reason", "titles", "codes"),
    *("basis", "bodies", "number"),
)
NOT_SANCTIONED_WORDS: Final = ("unit", "reason", "titles", "codes")


def evaluate(
    outline: Outline,
    cases_at: CasesAt,
    *,
    calendar: WorkCalendar,
    as_of: AsOf | None = None,
    record: Record = NOTHING,
    vocabulary: Vocabulary = CIRCULAR,
) -> Circular:
    """Fill an outline: count its figures, make its tables and lists 成稿.

    ``as_of`` is what a section without a date is counted by.

    Raises:
        Invalid: for a figure that has no date, follows from itself, or is divided by
            what can be zero.
    """
    specs = list(_specs(outline.sections, as_of))
    counter = Counter(
        wanted={spec.name: spec for spec in specs},
        cases_at=cases_at,
        calendar=calendar,
        record=record,
        vocabulary=vocabulary,
        as_of=as_of,
    )
    figures = {spec.name: counter.figure(spec.name) for spec in specs}
    figures = closed_to_whole(figures, _closings(outline.sections))
    filling = _Filling(counter=counter, figures=Figures(figures.values()))
    sections = [filling.section(section, as_of) for section in outline.sections]
    head = dict(outline.head)
    return Circular(
        outline.title,
        sections,
        issuer=head.get("issuer", ""),
        number=head.get("number", ""),
        addressee=head.get("addressee", ""),
        closing=head.get("closing", ""),
        issued_on=outline.issued_on,
        quoted=(*outline.quoted, *dict.fromkeys(filling.quoted)),
    )


def _specs(
    sections: Iterable[OutlineSection], as_of: AsOf | None
) -> Iterator[FigureSpec]:
    """Give every figure that is wanted, with the date it stands under."""
    for section in sections:
        since = section.as_of or as_of
        for spec in section.figures:
            yield evolve(spec, as_of=spec.as_of or since)
        yield from _specs(section.sections, since)


def _closings(sections: Iterable[OutlineSection]) -> Iterator[Shares]:
    for section in sections:
        yield from (block for block in section.blocks if isinstance(block, Shares))
        yield from _closings(section.sections)


@define(kw_only=True)
class _Filling:
    """Makes the contents of sections, and gathers what they quote from the record."""

    counter: Counter
    figures: Figures
    quoted: list[str] = field(factory=list)

    def section(self, wanted: OutlineSection, as_of: AsOf | None) -> Section:
        since = wanted.as_of or as_of
        figures = [self.figures[spec.name] for spec in wanted.figures]
        return Section(
            wanted.title,
            (
                *figures,
                *(r for spec in wanted.figures for r in _following(spec)),
                *(self._block(block, since, wanted.title) for block in wanted.blocks),
                *(self.section(inner, since) for inner in wanted.sections),
            ),
            dated(wanted.as_of, self.counter.calendar),
        )

    def _block(self, block: Block, as_of: AsOf | None, title: str) -> Content:
        record = self.counter.record
        match block:
            case CaseTable():
                cases = self.counter.cases(block.as_of or as_of, f"A table of {title}")
                table, quoted = table_of(block, cases, self.counter.vocabulary)
                self.quoted += quoted
                return table
            case FigureTable():
                return self._figure_table(block, as_of)
            case SanctionList(kind=kind, text=text):
                given = [s for s in record.sanctions if kind in ("", s.kind)]
                return Entries([_told(text, _sanction_words(s, record)) for s in given])
            case NotSanctionedList(text=text):
                several = record.not_sanctioned
                return Entries([_told(text, _other_words(n, record)) for n in several])
            case _:
                return block

    def _figure_table(self, wanted: FigureTable, as_of: AsOf | None) -> Table:
        rows = [[self._cell(cell, as_of) for cell in row] for row in wanted.rows]
        return Table(wanted.columns, rows, wanted.title)

    def _cell(self, text: str, as_of: AsOf | None) -> Cell:
        runs = runs_of(text, self.figures, as_of)
        if len(runs) == 1 and isinstance(runs[0], Mention) and not runs[0].bare:
            return runs[0].figure
        return "".join(map(str, runs))


def _following(spec: FigureSpec) -> Iterator[Relation]:
    """Say how a figure follows from others, so that it is checked like any other."""
    match spec.query:
        case ShareQuery(part, whole):
            yield Share(spec.name, part=part, whole=whole)
        case GrowthQuery(now, before):
            yield Growth(spec.name, now=now, before=before)
        case DifferenceQuery(minuend, subtrahend):
            yield Difference(spec.name, minuend=minuend, subtrahend=subtrahend)


def _sanction_words(sanction: Sanction, record: Record) -> dict[str, str]:
    return {
        "unit": record.name(sanction.unit),
        "role": sanction.role.zh,
        "kind": sanction.kind_name,
        "reason": sanction.reason,
        "titles": "、".join(c.title for c in sanction.citations),
        "codes": "、".join(c.code for c in sanction.citations),
        "basis": "、".join(sanction.basis),
        "bodies": "、".join(record.name(body) for body in sanction.bodies),
        "number": sanction.number,
    }


def _other_words(matter: NotSanctioned, record: Record) -> dict[str, str]:
    return {
        "unit": record.name(matter.unit),
        "reason": matter.reason,
        "titles": _listed(matter.titles),
        "codes": _listed(matter.codes),
    }


def _listed(names: Sequence[str]) -> str:
    """Name every matter of a few, and of many the first ones and how many there are."""
    if len(names) <= _MANY:
        return "、".join(names)
    return f"{'、'.join(names[:_NAMED])}等{len(names)}件"


def _told(text: str, words: Mapping[str, str]) -> str:
    return _NAME.sub(lambda found: words[found[1]], text)


def recount(
    circular: Circular,
    cases_at: CasesAt,
    *,
    calendar: WorkCalendar,
    record: Record = NOTHING,
    vocabulary: Vocabulary = CIRCULAR,
) -> tuple[Fault, ...]:
    """Ask the store again for every counted figure, each as of its own date 复算."""
    counter = Counter(
        wanted={name: _spec_of(figure) for name, figure in circular.figures.items()},
        cases_at=cases_at,
        calendar=calendar,
        record=record,
        vocabulary=vocabulary,
    )
    again = {name: counter.figure(name) for name in counter.wanted}
    closings = (r for r in circular.relations if isinstance(r, Shares))
    again = closed_to_whole(again, closings)
    return tuple(
        _recounted(figure, again[figure.name])
        for figure in circular.figures.values()
        if isinstance(figure.origin, Counted) and _differs(figure, again[figure.name])
    )


def _spec_of(figure: Figure) -> FigureSpec:
    """Read a figure back as what was wanted."""
    query = figure.origin.query if isinstance(figure.origin, Counted) else None
    value = figure.value
    stated = f"{value.low}~{value.high}" if isinstance(value, Interval) else str(value)
    return FigureSpec(
        name=figure.name,
        query=query,
        stated=stated,
        measure_unit=figure.measure_unit,
        label=figure.label,
        places=figure.rounding,
        as_of=figure.as_of,
    )


def _differs(figure: Figure, again: Figure) -> bool:
    said = (figure.value, figure.numerator, figure.denominator)
    return said != (again.value, again.numerator, again.denominator)


def _recounted(figure: Figure, again: Figure) -> Fault:
    said, follows = str(figure), str(again)
    if said == follows:
        said = f"{said}({figure.numerator}/{figure.denominator})"
        follows = f"{follows}({again.numerator}/{again.denominator})"
    return Fault(
        code="figure.recount",
        figure=figure.name,
        said=said,
        follows=follows,
        en=f"{figure.title}: said {said}, but counting again gives {follows}.",
        zh=f"“{figure.title}”写作{said}，而重新统计为{follows}。",
    )
