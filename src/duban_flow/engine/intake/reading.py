"""A ledger as acts: one row is one act, and every fault is named at once.

Pure: what is in the store is handed in or left to who asks. Nothing is raised for
what stands in a cell, and nothing is guessed: units are found by code, name or
declared alias, actions by their names, dates by declared forms.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, cast

from attrs import evolve, field, frozen

from duban_flow.domain.instants import When, earliest, latest
from duban_flow.domain.ledger import Ledger, LedgerRow, code_key
from duban_flow.domain.payloads_facts import Evaluate
from duban_flow.domain.time.calendar import WorkCalendar
from duban_flow.domain.time.statutory import NO_TERMS, Terms
from duban_flow.domain.units import Actor, Directory
from duban_flow.domain.workflow import Action, Command, Workflow
from duban_flow.domain.written import narrow
from duban_flow.engine.intake.acts import Intake, PlannedAct, Setting
from duban_flow.engine.intake.checks import (
    Given,
    Index,
    check_filled,
    check_parents,
    check_totals,
    duplicate,
)
from duban_flow.engine.intake.commands import Fields, make, read_fields
from duban_flow.engine.intake.facts import Doing
from duban_flow.engine.intake.items import read_item
from duban_flow.engine.intake.notes import Noted, nearest
from duban_flow.engine.intake.order import in_order
from duban_flow.engine.intake.rounds import Rounds
from duban_flow.engine.intake.times import Cells
from duban_flow.errors import Problem

ASSIGN: Final = "assign"
ASSIGN_WORDS: Final = frozenset({"", ASSIGN, "交办", "立项", "立项交办"})

SYNONYMS: Final[Mapping[str, str]] = {
    "反馈": "report",
    "销号": "close",
    "测评": "evaluate",
    "读数": "measure",
    "查实问题": "find_fault",
    "正当理由": "justify",
}
"""Other words for actions of supervision; a workflow's own names come first."""

_DESCRIBING: Final = frozenset(
    [
        "serial",
        "code",
        "on",
        "action",
        "by",
        "synthetic",
        "presumed",
        "title",
        "category",
        "lead",
        "responsible",
        "assisting",
        "supervising",
        "counterparty",
        "term",
        "due",
        "source",
        "reference",
        "complainant",
        "priority",
        "labels",
        "subject",
        "mandatory",
        "parent",
        "workflow",
        "policy",
        "calendar",
        "measure",
        "measure_unit",
        "target",
        "decisive",
    ]
)
"""Columns that may repeat on any row what the item is about."""


def read_acts(  # noqa: PLR0913  # each is a part of what a ledger is read in
    ledger: Ledger,
    *,
    workflows: Mapping[str, type[Workflow]],
    directory: Directory,
    calendar: WorkCalendar,
    importer: Actor,
    now: datetime,
    year: int | None = None,
    existing: Mapping[str, str] | None = None,
    terms: Terms = NO_TERMS,
) -> Intake:
    """Read a ledger as acts 台账转为行为, in the order in which they happened.

    The first workflow is the one of items that name none. *year* stands in for dates
    without one. *existing* gives the workflow of each item in the store by its code:
    without it, neither taken nor unknown codes are looked for. *terms* are the
    statutory ones that a cell may name.

    The faults of the file's form are the ledger's own and are not repeated; where
    there are any, or any others, there are no acts.
    """
    setting = Setting(
        workflows=workflows,
        directory=directory,
        calendar=calendar,
        importer=importer,
        now=now,
        year=year,
        existing=existing,
        terms=terms,
    )
    return _Reader(ledger, setting).read()


def _existing(setting: Setting) -> Mapping[str, str] | None:
    if setting.existing is None:
        return None
    return {code_key(code): code for code in setting.existing}


@frozen
class _Reader:
    """One ledger being read: first what it gives out, then what is done with it."""

    ledger: Ledger
    setting: Setting
    noted: Noted = field(factory=Noted)
    given: dict[str, Given] = field(factory=dict)
    seen: dict[str, str] = field(factory=dict)
    rounds: Rounds = field(factory=Rounds)

    @property
    def index(self) -> Index:
        """Every item that a row may speak of."""
        whole = not any("code" in row.refused for row in self.ledger.rows)
        return Index(self.given, self.seen, _existing(self.setting), whole)

    def read(self) -> Intake:
        """Read every row, then all of them together."""
        rows = [
            Cells(row, self.ledger, self.setting, self.noted) for row in self._sound()
        ]
        assigned = [cells for cells in rows if _assigns(cells.row)]
        index = self.index
        acts = [self._assign(cells, index) for cells in assigned]
        check_parents(index)
        acts += [self._act(cells, index) for cells in rows if not _assigns(cells.row)]
        acts += self.rounds.acts()
        problems = sorted(self.noted.problems, key=_by_row)
        warnings = [
            *self.noted.warnings,
            *check_totals(self.ledger),
            *check_filled(self.ledger),
        ]
        made = [act for act in acts if act is not None]
        faulty = bool(problems or self.ledger.problems)
        return Intake(
            acts=() if faulty else in_order(made, self.given),
            problems=problems,
            warnings=sorted(warnings, key=_by_row),
        )

    def _sound(self) -> list[LedgerRow]:
        """Leave out rows of the wrong width; their codes are remembered."""
        for row in self.ledger.rows:
            if row.ragged and row.get("code"):
                self.seen[code_key(row.get("code"))] = row.get("code")
        return [row for row in self.ledger.rows if not row.ragged]

    def _assign(self, cells: Cells, index: Index) -> PlannedAct | None:
        code = cells.text("code")
        if not code:
            cells.missing("code")
        actor = self._actor(cells)
        start = cells.happened("on") or self.setting.now
        self._workflow(cells, cells.text("workflow"))
        key = code_key(code)
        taken = bool(code) and duplicate(cells, code, self.given.get(key), index)
        new, about = read_item(cells, code, start)
        parent = cells.text("parent")
        _unused(cells, ASSIGN)
        if not code or taken:
            return None
        self.given[key] = Given(cells, code, start, new, about, parent)
        if new is None:
            return None
        return PlannedAct(
            row=cells.row.number,
            rows=(cells.row.number,),
            code=code,
            actor=actor,
            recorder=self.setting.importer.id,
            effective_at=start,
            new=new,
            parent=parent or None,
            synthetic=new.synthetic,
        )

    def _act(self, cells: Cells, index: Index) -> PlannedAct | None:
        code = self._spelled(cells, index)
        given = index.given.get(code_key(code))
        about = None if given is None else given.about
        actor = self._actor(cells)
        when = cells.happened("on") or self.setting.now
        workflow = self._workflow(cells, self._workflow_of(cells, code, given))
        action = None if workflow is None else _action(cells, workflow)
        if workflow is None or action is None:
            return None
        _before_assigned(cells, when, given)
        doing = Doing(
            cells=cells,
            payload=cast("type[Any]", action.payload),
            start=when,
            about=about,
        )
        fields = read_fields(doing)
        synthetic = cells.flag("synthetic") is True
        _unused(cells, action.name)
        act = PlannedAct(
            row=cells.row.number,
            rows=(cells.row.number,),
            code=code,
            actor=actor,
            recorder=self.setting.importer.id,
            effective_at=when,
            synthetic=synthetic,
        )
        return (
            None if fields is None else self._made(cells, act, workflow, action, fields)
        )

    def _made(
        self,
        cells: Cells,
        act: PlannedAct,
        workflow: type[Workflow],
        action: Action[Any],
        fields: Fields,
    ) -> PlannedAct | None:
        """Make the command; entries of a round wait for the others of that round."""
        if action.payload is Evaluate:
            self.rounds.add(cells, act, workflow.name, action, fields)
            return None
        payload = make(cells, action.payload, fields)
        if payload is None:
            return None
        return evolve(act, command=Command(workflow.name, action.name, payload))

    def _actor(self, cells: Cells) -> Actor:
        unit = cells.unit("by")
        return self.setting.importer if unit is None else Actor.of(unit)

    def _spelled(self, cells: Cells, index: Index) -> str:
        """Give the code as its item spells it, and say where the row differs."""
        code = cells.text("code")
        if not code:
            cells.missing("code")
            return ""
        known = index.spelled(code)
        if known is None:
            if index.existing is not None and index.whole:
                near = nearest(code, index.codes())
                en, zh = "There is no such item.", "没有这个事项"
                cells.fault("code", "item.unknown", en, zh, said=code, wanted=near)
            return code
        if known != code:
            en, zh = "It is spelled otherwise.", "编号写法不同，按原编号"
            cells.remark("code", "code.spelling", en, zh, said=code, wanted=known)
        return known

    def _workflow_of(self, cells: Cells, code: str, given: Given | None) -> str:
        said = cells.text("workflow")
        if not said and given is not None:
            said = given.cells.row.get("workflow")
        return said or (self.setting.existing or {}).get(code, "")

    def _workflow(self, cells: Cells, name: str) -> type[Workflow] | None:
        known = self.setting.workflows
        if not name:
            return next(iter(known.values()))
        if name not in known:
            en, zh = "There is no such workflow.", "没有这个工作流"
            near = nearest(name, known)
            cells.fault("workflow", "workflow.unknown", en, zh, said=name, wanted=near)
        return known.get(name)


def _by_row(problem: Problem) -> int:
    return problem.row or 0


def _assigns(row: LedgerRow) -> bool:
    refused = "action" in row.refused
    return not refused and narrow(row.get("action")).casefold() in ASSIGN_WORDS


def _action(cells: Cells, workflow: type[Workflow]) -> Action[Any] | None:
    """Find the action that a row names; what only a sanction does is refused."""
    said = narrow(cells.text("action")).casefold()
    if not said:
        return None
    words = {word: name for word, name in SYNONYMS.items() if name in workflow.actions}
    words |= {action.zh.casefold(): name for name, action in workflow.actions.items()}
    words |= {name.casefold(): name for name in workflow.actions}
    name = words.get(said)
    if name is None:
        known = [*words, *sorted(ASSIGN_WORDS - {""})]
        en, zh = "There is no such action.", "没有这个动作"
        near = nearest(said, known)
        cells.fault("action", "action.unknown", en, zh, said=said, wanted=near)
        return None
    if workflow.actions[name].issued:
        en = "This happens only when a sanction is issued."
        zh = "只能由下发问责措施产生"
        cells.fault("action", "action.issued", en, zh, said=said)
        return None
    return workflow.actions[name]


def _before_assigned(cells: Cells, when: When, given: Given | None) -> None:
    """Remark a fact that is older than its item."""
    undated = given is None or cells.is_ill("on") or given.cells.is_ill("on")
    if given is None or undated or latest(when) >= earliest(given.start):
        return
    cells.remark(
        "on",
        "on.before_assigned",
        f"The item is given out later, on row {given.row}.",
        f"早于第{given.row}行的交办",
        said=cells.row.get("on"),
    )


def _unused(cells: Cells, action: str) -> None:
    """Remark a filled cell of which this row's action takes nothing."""
    for column in cells.row.cells:
        if column not in _DESCRIBING and column not in cells.used:
            cells.remark(
                column,
                "cell.unused",
                f"The action {action} takes nothing from here.",
                f"动作{action}不读取此栏",
                said=cells.row.get(column),
            )
