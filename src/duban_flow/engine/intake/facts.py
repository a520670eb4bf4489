"""Fields of payloads that are more than one cell: readings, rounds, progress.

A reading is held to the measures its item declares, an entry to its cohort, and
progress to the counts that it is made of.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from attrs import AttrsInstance, frozen

from duban_flow.domain import payloads_facts as f
from duban_flow.domain.case import Entry
from duban_flow.domain.instants import Span, When, latest
from duban_flow.domain.quantities import Measure
from duban_flow.engine.intake.items import SHARES, About, agreed_unit
from duban_flow.engine.intake.notes import nearest
from duban_flow.engine.intake.times import Cells


@frozen(kw_only=True)
class Doing:
    """What a row does: its cells, the payload's type, since when, on which item."""

    cells: Cells
    payload: type[AttrsInstance]
    start: When
    about: About | None = None


def _progress(doing: Doing) -> int | None:
    """Read a percentage, or make it of 已完成数 and 总数."""
    cells = doing.cells
    said = cells.whole("progress", 0, 100)
    done, total = cells.whole("done"), cells.whole("total", 1)
    if done is None or total is None:
        if (done is None) != (total is None):
            cells.missing("total" if total is None else "done")
        return said
    if done > total:
        cells.fault(
            "done",
            "done.over_total",
            "More is done than there is.",
            "已完成数大于总数",
            said=str(done),
            wanted=f"≤ {total}",
        )
        return None
    counted = done * 100 // total
    if said is not None and said != counted:
        cells.remark(
            "progress",
            "progress.differs",
            f"{done} of {total} is {counted} %.",
            f"{done}除以{total}为{counted}%",
            said=str(said),
            wanted=str(counted),
        )
    return counted if said is None else said


def _entries(doing: Doing) -> list[Entry] | None:
    cells = doing.cells
    subject = cells.text("subject")
    if not subject and doing.about is not None:
        subject = doing.about.subject
    if not subject:
        cells.missing("subject")
        return None
    score, rank = cells.amount("score"), cells.whole("rank", 1)
    cohort = cells.whole("cohort", 1) if cells.has("cohort") else None
    if rank is not None and cohort is not None and rank > cohort:
        en, zh = "It is ranked below the last.", "排名大于参评数"
        wanted = f"1~{cohort}"
        cells.fault("rank", "rank.range", en, zh, said=str(rank), wanted=wanted)
    return [Entry(subject, score=score, rank=rank)]


def _as_of(doing: Doing) -> datetime | None:
    """Without a date of its own, a reading is of when it was taken."""
    cells, day = doing.cells, None
    if cells.has("as_of"):
        return cells.as_of("as_of")
    if cells.has("on"):
        day = cells.date_text("on", "fact")
    if isinstance(day, Span):
        return None
    if isinstance(day, date) and not isinstance(day, datetime):
        return cells.setting.calendar.midnight_after(day)
    return latest(doing.start)


def _measure_of(doing: Doing) -> Measure | None:
    if doing.about is None:
        return None
    name = doing.cells.text("measure")
    return next((one for one in doing.about.measures if one.name == name), None)


def _quantity(column: str) -> Callable[[Doing], Decimal | None]:
    def read(doing: Doing) -> Decimal | None:
        found = doing.cells.quantity(column)
        return None if found is None else found[0]

    return read


def _round(doing: Doing) -> int | None:
    return doing.cells.whole("round", 1)


def _cohort(doing: Doing) -> int | None:
    return doing.cells.whole("cohort", 1)


def _on(doing: Doing) -> date | None:
    cells = doing.cells
    return cells.day("on") if cells.has("on") else cells.setting.today


def _measure_unit(doing: Doing) -> str | None:
    """Take the unit from its column, from behind the number, or from the item."""
    cells, known = doing.cells, _measure_of(doing)
    declared = cells.text("measure_unit") or (known.measure_unit if known else "")
    if known is not None and declared != known.measure_unit:
        agreed_unit(cells, "measure_unit", known.measure_unit, declared)
    for column in ("actual", "target", "scheduled"):
        found = None if column in cells.ill else cells.quantity(column)
        if found is None:
            continue
        if found[1]:
            declared = agreed_unit(cells, column, declared, found[1])
        if declared not in SHARES:
            cells.not_negative(column, found[0])
    return declared or None


def _name(doing: Doing) -> str | None:
    """Read a measure's name; it is one of those that the item declares, if any."""
    name = doing.cells.text("measure")
    names = [one.name for one in doing.about.measures] if doing.about else []
    if names and name and name not in names:
        doing.cells.fault(
            "measure",
            "measure.unknown",
            f"The item is measured by {', '.join(names)}.",
            f"该事项的指标为{'、'.join(names)}",
            said=name,
            wanted=nearest(name, names),
        )
    return name or None


Special = Callable[[Doing], Any]

_OF: Final[Mapping[tuple[type, str], Special]] = {
    (f.Evaluate, "entries"): _entries,
    (f.Evaluate, "round"): _round,
    (f.Evaluate, "on"): _on,
    (f.Evaluate, "cohort"): _cohort,
    (f.FindFault, "on"): _on,
    (f.Measured, "name"): _name,
    (f.Measured, "actual"): _quantity("actual"),
    (f.Measured, "target"): _quantity("target"),
    (f.Measured, "scheduled"): _quantity("scheduled"),
    (f.Measured, "as_of"): _as_of,
    (f.Measured, "measure_unit"): _measure_unit,
}


def special(payload: type, name: str) -> Special | None:
    """Find how a field is read that is more than one cell of its own name."""
    return _progress if name == "progress" else _OF.get((payload, name))
