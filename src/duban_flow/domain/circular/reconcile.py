"""Checking a circular 核对: its relations, its figures, and the numbers in its text.

Two rules hold a text. A number with a unit that the circular counts in must be the
printed value of a figure in that unit; and where a text says what the circular says,
word for word, each number must be the very figure that belongs there. What the rules
do not read: Chinese numerals, numbers without a unit, and units of no figure.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator
from decimal import Decimal

from attrs import frozen

from duban_flow.domain.circular.contents import (
    BLOCKS,
    RELATIONS,
    Content,
    Entries,
    Line,
    Mention,
    Paragraph,
    Section,
    Table,
    walk,
)
from duban_flow.domain.circular.fault import Fault, Reconciliation
from duban_flow.domain.circular.figure import (
    Figure,
    Figures,
    Stated,
    per_whole,
    scale_of,
)
from duban_flow.domain.circular.numerals import Numeral, numerals, plain, spelt
from duban_flow.domain.circular.ranking import Ranking
from duban_flow.domain.circular.relations import Listing, disagree, plainly
from duban_flow.domain.circular.shares import Shares
from duban_flow.domain.quantities import Interval

_SAID = r" ?(-?[\d,.~]*\d) ?"


@frozen(kw_only=True)
class Printed:
    """What of a circular can be checked: figures, contents, words beside them."""

    figures: Figures
    contents: tuple[Content, ...]
    words: tuple[str, ...] = ()
    quoted: tuple[str, ...] = ()


def reconcile(printed: Printed, text: str | None = None) -> Reconciliation:
    """Check relations and figures, then the circular's own text, or a given one."""
    faults: list[Fault] = []
    checks: list[str] = []
    for content, _ in walk(printed.contents):
        if isinstance(content, RELATIONS):
            checks.append(str(content))
            faults += content.check(printed.figures)
    closed = _closed(printed.contents)
    for figure in printed.figures.values():
        checks.append(f"{figure.title} = {figure}")
        faults += _check_figure(figure, closed=figure.name in closed)
    own = " \n".join(_own_lines(printed))
    read = plain(own if text is None else text)
    seen = list(_check_numbers(printed, read))
    checks += [f"文中{said}" for said, _ in seen]
    faults += [fault for _, fault in seen if fault is not None]
    return Reconciliation(faults, checks)


def _closed(contents: Iterable[Content]) -> frozenset[str]:
    """Name the shares that are closed to 100: their own quotient may differ."""
    every = [content for content, _ in walk(contents)]
    return frozenset(
        name for s in every if isinstance(s, Shares) and s.closing for name in s.parts
    )


def _check_figure(figure: Figure, *, closed: bool) -> Iterator[Fault]:
    part, whole = figure.numerator, figure.denominator
    if part is not None and whole and not closed:
        found = Interval.of(part / whole * per_whole(figure.measure_unit))
        if not plainly(figure, found):
            yield disagree(figure, found, f"{part} ÷ {whole}", "figure.quotient")
    if isinstance(figure.origin, Stated) and figure.origin.printed:
        yield from _check_stated(figure, figure.origin.printed)
    if figure.unsure:
        yield Fault(
            code="figure.unsure",
            figure=figure.name,
            said=str(figure),
            follows=f"{figure}~{figure}+{figure.unsure}",
            en=f"{figure.title}: said {figure}, but {figure.unsure} more are undecided "
            "by their facts and not counted.",
            zh=f"“{figure.title}”为{figure}，另有{figure.unsure}件事实不明，未计入。",
        )


def _check_stated(figure: Figure, said: str) -> Iterator[Fault]:
    """Compare a stated figure with the characters it was stated in."""
    found = [n.value for n in numerals(plain(said), ())]
    if sorted(found) != sorted(map(abs, figure.printed_values)):
        yield Fault(
            code="figure.printed",
            figure=figure.name,
            said=said,
            follows=str(figure),
            en=f"{figure.title}: {said!r} was printed, but the figure is {figure}.",
            zh=f"“{figure.title}”印作“{said}”，而数字为{figure}。",
        )


def _own_lines(printed: Printed) -> Iterator[str]:
    """Give the circular's own words, with the figures put in."""
    yield from printed.words
    for content, as_of in walk(printed.contents):
        if isinstance(content, Section):
            yield content.title
        elif isinstance(content, BLOCKS):
            lines = list(content.lines(printed.figures, as_of))
            whole = isinstance(content, Paragraph | Table)
            for line in lines[:1] if whole else lines:
                yield "".join(_escaped(run) for run in line)


def _escaped(run: str | Mention) -> str:
    return str(run).replace("<", "＜").replace("&", "＆")


def _check_numbers(printed: Printed, read: str) -> Iterator[tuple[str, Fault | None]]:
    """Check each number of a plain text, by its place first, else by its unit."""
    placed = dict(_placed(printed, read))
    for _, (said, figures) in sorted(placed.items()):
        right = any(_says(said, figure) for figure in figures)
        yield said, None if right else _misplaced(said, figures[0])
    by_unit: dict[str, list[Figure]] = {}
    for figure in _every_figure(printed):
        by_unit.setdefault(spelt(figure.measure_unit), []).append(figure)
    for numeral in numerals(_without_quoted(printed, read), by_unit):
        if numeral.start not in placed:
            known = _known(numeral, by_unit)
            if known:
                yield _said(numeral), _unknown(numeral, known)


def _every_figure(printed: Printed) -> Iterator[Figure]:
    yield from printed.figures.values()
    for content, _ in walk(printed.contents):
        if isinstance(content, Table):
            for row in content.rows:
                yield from (cell for cell in row if isinstance(cell, Figure))


def _placed(
    printed: Printed, read: str
) -> Iterator[tuple[int, tuple[str, list[Figure]]]]:
    """Find the places at which the text says what the circular says.

    Where several lines fit a place, the longest tells; equal ones allow each other.
    """
    found: dict[int, tuple[int, str, list[Figure]]] = {}
    for weight, start, said, figure in _claims(printed, read):
        best = found.get(start)
        if best is None or best[0] < weight:
            found[start] = (weight, said, [figure])
        elif best[0] == weight:
            best[2].append(figure)
    for start, (_, said, figures) in found.items():
        yield start, (said, figures)


def _claims(printed: Printed, read: str) -> Iterator[tuple[int, int, str, Figure]]:
    """Give each fit of a line: its words, the place, the number, the figure."""
    for line in _lines(printed):
        pattern, figures, weight = _pattern(line)
        if not figures or weight < 2:
            continue
        for match in re.finditer(pattern, read):
            for i, figure in enumerate(figures, 1):
                yield weight, match.start(i), match[i], figure


def _lines(printed: Printed) -> Iterator[Line]:
    for content, as_of in walk(printed.contents):
        if isinstance(content, BLOCKS):
            yield from content.lines(printed.figures, as_of)


def _pattern(line: Line) -> tuple[str, list[Figure], int]:
    """Make a pattern of a line, with a group at each figure, and count its words."""
    pattern, figures, weight = "", [], 0
    for run in line:
        if isinstance(run, Mention):
            pattern += _SAID
            figures.append(run.figure)
            words = "" if run.bare else spelt(run.figure.measure_unit)
        else:
            words = spelt(run)
            weight += len(words)
        pattern += re.escape(words)
    return pattern, figures, weight


def _says(said: str, figure: Figure) -> bool:
    try:
        values = [Decimal(one) for one in said.replace(",", "").split("~")]
    except ArithmeticError:
        return False
    return values == list(figure.printed_values)


def _misplaced(said: str, figure: Figure) -> Fault:
    shown = f"{said}{figure.measure_unit}"
    return Fault(
        code="text.figure",
        figure=figure.name,
        said=shown,
        follows=str(figure),
        en=f"{figure.title}: the text says {shown}, but the figure is {figure}.",
        zh=f"“{figure.title}”：文中写作{shown}，而数字为{figure}。",
    )


def _without_quoted(printed: Printed, read: str) -> str:
    """Blank out what is quoted from the record, and the names that are listed."""
    names = list(printed.quoted)
    for content, _ in walk(printed.contents):
        if isinstance(content, Ranking):
            names += [place.who for place in content.entries]
        elif isinstance(content, Listing):
            names += content.names
        elif isinstance(content, Entries):
            names += content.entries
    spelling = {spelt(name) for name in names}
    worded = [name for name in spelling if re.search(r"\d", name) and _is_worded(name)]
    for name in sorted(worded, key=len, reverse=True):
        read = read.replace(name, "\0" * len(name))
    return read


def _is_worded(name: str) -> bool:
    """Say whether there is more to a name than a number and its unit."""
    return len(re.sub(r"[\d.,%\s]", "", name)) > 2


def _known(numeral: Numeral, by_unit: dict[str, list[Figure]]) -> list[Figure]:
    """Give the figures that could have been meant: of that unit, or 万, 亿 of it."""
    unit = numeral.measure_unit
    if unit in by_unit or not unit:
        return by_unit.get(unit, []) if unit else []
    return by_unit.get(unit[1:], []) if scale_of(unit) > 1 else []


def _said(numeral: Numeral) -> str:
    return f"{format(numeral.value, 'f')}{numeral.measure_unit}"


def _unknown(numeral: Numeral, known: list[Figure]) -> Fault | None:
    """Name the figure that comes nearest to a number which is none."""
    exact = any(spelt(f.measure_unit) == numeral.measure_unit for f in known)
    value = numeral.value * (1 if exact else scale_of(numeral.measure_unit))
    if any(value == abs(v) for f in known for v in f.printed_values):
        return None
    shown = {f.number_text: f for f in reversed(known)}
    said = format(numeral.value, "f")
    near = difflib.get_close_matches(said, shown, n=1, cutoff=0)
    figure = shown[near[0]]
    return Fault(
        code="text.number",
        figure=figure.name,
        said=_said(numeral),
        follows=str(figure),
        en=f"The text says {_said(numeral)}, which is no figure of the circular; the "
        f"nearest is {figure.title}, {figure}.",
        zh=f"文中的{_said(numeral)}不是本通报的数字，最接近的是“{figure.title}”{figure}。",
    )
