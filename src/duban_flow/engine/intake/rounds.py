"""Rounds of an evaluation, of which a ledger gives one entry a row."""

from __future__ import annotations

from datetime import date
from typing import Any

from attrs import evolve, field, frozen

from duban_flow.domain.ledger import code_key
from duban_flow.domain.workflow import Action, Command
from duban_flow.engine.intake.acts import PlannedAct
from duban_flow.engine.intake.commands import Fields, make
from duban_flow.engine.intake.times import Cells

Key = tuple[str, int, date, str]
"""The item, the number of the round, its day, and who acted."""


@frozen
class _Round:
    """One round being gathered."""

    cells: Cells
    act: PlannedAct
    workflow: str
    action: Action[Any]
    fields: Fields


@frozen
class Rounds:
    """The rounds of one ledger, each row added to the one that it is an entry of."""

    found: dict[Key, _Round] = field(factory=dict)

    def add(
        self,
        cells: Cells,
        act: PlannedAct,
        workflow: str,
        action: Action[Any],
        fields: Fields,
    ) -> None:
        """Add the entry of a row; what rows say of the whole round must agree."""
        key = code_key(act.code), fields["round"], fields["on"], act.actor.id
        one = self.found.get(key)
        if one is None:
            self.found[key] = _Round(cells, act, workflow, action, fields)
            return
        (entry,) = fields["entries"]
        if entry.subject in {known.subject for known in one.fields["entries"]}:
            en, zh = "This round has such an entry already.", "本轮次已有该测评对象"
            cells.fault("subject", "subject.twice", en, zh, said=entry.subject)
        for name in ("mean", "cohort"):
            if fields.get(name) is None:
                continue
            known = one.fields.setdefault(name, fields[name])
            if known != fields[name]:
                en = f"Row {one.act.row} says otherwise of this round."
                zh = f"与第{one.act.row}行所写不同"
                said, wanted = str(fields[name]), str(known)
                cells.fault(name, "round.differs", en, zh, said=said, wanted=wanted)
        joined = evolve(
            one,
            act=evolve(one.act, rows=(*one.act.rows, act.row)),
            fields={**one.fields, "entries": [*one.fields["entries"], entry]},
        )
        self.found[key] = joined

    def acts(self) -> list[PlannedAct]:
        """Give one act a round."""
        made = []
        for one in self.found.values():
            payload = make(one.cells, one.action.payload, one.fields)
            if payload is not None:
                command = Command(one.workflow, one.action.name, payload)
                made.append(evolve(one.act, command=command))
        return made
