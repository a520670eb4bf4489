"""Where the faults and remarks of a ledger are noted, row by row, cell by cell."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Final

from attrs import evolve, field, frozen

from duban_flow.domain.ledger import Ledger, LedgerRow
from duban_flow.engine.intake.acts import Setting
from duban_flow.errors import Problem, Reason

SHOWN: Final = 40


def cut(text: str) -> str:
    """Cut what was said to what can be shown."""
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"


def nearest(said: str, known: Iterable[str]) -> str:
    """Name the known word that lies nearest, or nothing; for a message only."""
    found = difflib.get_close_matches(said[:100], sorted(known), n=1, cutoff=0.3)
    return found[0] if found else ""


@frozen
class Noted:
    """The faults and remarks found so far in one ledger."""

    problems: list[Problem] = field(factory=list)
    warnings: list[Problem] = field(factory=list)
    _seen: set[Problem] = field(factory=set)

    def wrong(self, problem: Problem) -> None:
        """Note a fault, once: a cell may be read for more than one purpose."""
        if problem not in self._seen:
            self._seen.add(problem)
            self.problems.append(problem)

    def remarked(self, problem: Problem) -> None:
        """Note a remark; each is made in one place, so that none comes twice."""
        self.warnings.append(problem)


@frozen
class Noting:
    """One row being read, and where its faults are noted."""

    row: LedgerRow
    ledger: Ledger
    setting: Setting
    noted: Noted
    used: set[str] = field(factory=set)
    ill: set[str] = field(factory=set)

    def placed(self, problem: Problem, column: str) -> Problem:
        """Say where a cell of this row stands, as people call it."""
        return evolve(
            problem,
            sheet=self.ledger.name,
            row=self.row.number,
            column=self.ledger.heading(column) if column else "",
        )

    def fault(
        self,
        column: str,
        code: str,
        en: str,
        zh: str,
        *,
        said: str = "",
        wanted: str = "",
    ) -> None:
        """Note a fault of a cell."""
        self.ill.add(column)
        made = Problem(code=code, en=en, zh=zh, said=cut(said), wanted=wanted)
        self.noted.wrong(self.placed(made, column))

    def remark(
        self,
        column: str,
        code: str,
        en: str,
        zh: str,
        *,
        said: str = "",
        wanted: str = "",
    ) -> None:
        """Note what was made of a cell, where that is no fault."""
        made = Problem(code=code, en=en, zh=zh, said=cut(said), wanted=wanted)
        self.noted.remarked(self.placed(made, column))

    def refused(self, column: str, reasons: Iterable[Reason]) -> None:
        """Note the reasons of a value that refused to be made."""
        self.ill.add(column)
        for reason in reasons:
            made = reason
            if not isinstance(made, Problem):
                made = Problem(code=reason.code, en=reason.en, zh=reason.zh)
            self.noted.wrong(self.placed(made, column))

    def is_ill(self, column: str) -> bool:
        """Whether something stands in a cell that could not be read."""
        return column in self.ill or column in self.row.refused

    def missing(self, column: str, en: str = "It is empty.", zh: str = "为空") -> None:
        """Note that a cell must be filled, unless it was not fit to be read."""
        if not self.is_ill(column):
            self.fault(column, "cell.missing", en, zh)
