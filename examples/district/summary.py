"""What the quarter came to, as plain data: for summary.json, and as one more ledger.

Nothing is decided here. Every number is a figure of the circular, and every reason one
that the library gave.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from attrs import frozen

from duban_flow import Case, Circular, Desk, Directory, Figure, Sanction, Sitting
from duban_flow.domain.circular.case_rows import COLUMNS
from duban_flow.domain.circular.fault import Fault, Reconciliation
from duban_flow.formats.ledger_writing import write_ledger
from examples.district.play import ZONE

SHOWN: Final = (
    *("code", "title", "category", "lead", "unit", "supervising", "counterparty"),
    *("assigned", "due", "state", "closed", "days_late", "progress", "note"),
)
"""The columns of the closing ledger, in their order."""

NOBODY: Final = "未明确责任单位"

Data = dict[str, Any]


@frozen(kw_only=True)
class Outcome:
    """What the play came to: what was decided, what was printed, how it was checked.

    ``recounted`` are figures that the store no longer gives; there must be none.
    """

    sanctions: tuple[Sanction, ...]
    sittings: tuple[Sitting, ...]
    circular: Circular
    checked: Reconciliation
    recounted: tuple[Fault, ...]
    directory: Directory
    cases: tuple[Case, ...]

    @property
    def holds(self) -> bool:
        """Whether every figure agrees with its parts and with its ledger."""
        return not self.checked and not self.recounted

    def name(self, unit: str | None) -> str:
        """Give a unit's printed name, or say that there is none."""
        return self.directory.name(unit) if unit else NOBODY


def outcome_of(desk: Desk, directory: Directory, template: Path | str) -> Outcome:
    """Read what came of a quarter, make its circular and check it."""
    circular = desk.circular(template)
    sittings = desk.sittings()
    order = [ident for sitting in sittings for ident in sitting.sanctions]
    return Outcome(
        sanctions=tuple(sorted(desk.sanctions.find(), key=lambda s: order.index(s.id))),
        sittings=sittings,
        circular=circular,
        checked=circular.reconcile(),
        recounted=desk.recount(circular),
        directory=directory,
        cases=desk.cases(),
    )


def summary_of(outcome: Outcome) -> Data:
    """Give the summary: decisions, reasons, figures, dates, checks."""
    figures = outcome.circular.figures
    return {
        "title": outcome.circular.title,
        "sanctions": [_sanction(outcome, one) for one in outcome.sanctions],
        "not_sanctioned": [
            {
                "items": _items(record.codes, record.titles),
                "unit": outcome.name(record.unit),
                "role": record.role,
                "reason": record.reason,
            }
            for sitting in outcome.sittings
            for record in sitting.not_sanctioned
        ],
        "unsure": [
            {"code": one.code, "title": one.title, "unit": outcome.name(one.unit)}
            for sitting in outcome.sittings
            for one in sitting.unsure
        ],
        "sittings": [
            {"policy": sitting.policy, "day": sitting.day.isoformat()}
            for sitting in outcome.sittings
        ],
        "figures": {name: figure.to_dict() for name, figure in figures.items()},
        "as_of": _by_date(list(figures.values())),
        "reconcile": outcome.checked.to_dict(),
        "recount": [fault.to_dict() for fault in outcome.recounted],
    }


def _sanction(outcome: Outcome, one: Sanction) -> Data:
    return {
        "kind": one.kind_name,
        "unit": outcome.name(one.unit),
        "role": one.role.value,
        "items": _items(
            [cited.code for cited in one.citations],
            [cited.title for cited in one.citations],
        ),
        "reason": one.reason,
        "basis": list(one.basis),
        "stage": one.stage.value,
        "approvals": [
            {
                "body": outcome.name(approval.body),
                "on": approval.on.astimezone(ZONE).date().isoformat(),
            }
            for approval in one.approvals
        ],
    }


def _items(codes: list[str] | tuple[str, ...], titles: Any) -> list[Data]:
    return [
        {"code": code, "title": title}
        for code, title in zip(codes, titles, strict=True)
    ]


def _by_date(figures: list[Figure]) -> Data:
    """Give, date by date, the figures that the circular states for that date."""
    found: dict[str, Data] = {}
    for figure in figures:
        written = figure.to_dict()
        day = written["as_of"] or ""
        found.setdefault(day, {})[figure.name] = written["value"]
    return dict(sorted(found.items()))


def ledger_of(outcome: Outcome) -> str:
    """Write every matter as it stood in the end, as a ledger."""
    headings = [COLUMNS[name][0] for name in SHOWN]
    rows = [
        {COLUMNS[name][0]: str(COLUMNS[name][1](case)) for name in SHOWN}
        for case in sorted(outcome.cases, key=lambda case: case.item.code)
    ]
    return write_ledger(rows, headings, bom=True)
