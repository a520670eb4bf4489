"""A sitting of the district's panel, over facts that a test may change."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, time
from functools import cache

from attrs import evolve, frozen

from duban_flow import Policy, Sanction, Sitting
from duban_flow.domain.ledger import LedgerRow
from duban_flow.formats.directory import load_directory
from examples.district.play import (
    HERE,
    MORNING,
    Fact,
    Play,
    known_from,
    open_office,
    play_sitting,
    read_facts,
)

DIRECTORY = load_directory(HERE / "directory.toml")
UNJUDGED = frozenset({"07-catalogue", "08-services", "11-survey", "14-next-year"})
"""Ledgers of matters that no rung bears on; a sitting is quicker without them."""

SITS = date(2009, 12, 25)
SIX = {
    ("行政效能提示", "金花桥街办", "responsible", ("XF-047", "XF-048")),
    ("行政效能告诫", "区审批局", "responsible", ("AJ-17", "AJ-18", "AJ-19", "AJ-20")),
    ("行政效能告诫", "城投公司", "responsible", ("AZ-01",)),
    ("行政效能告诫", "五花办", "responsible", ("AZ-02",)),
    ("行政效能告诫", "区城管局", "lead", ("HJ-21",)),
    ("行政效能告诫", "跳伞塔街办", "responsible", ("HJ-22",)),
}
"""What the circular of the quarter says: kind, unit, role, matters."""

X1, X2, X3, X4, X5, X6 = (
    next(one for one in SIX if one[1] == unit)
    for unit in (
        *("金花桥街办", "区审批局", "城投公司"),
        *("五花办", "区城管局", "跳伞塔街办"),
    )
)


@cache
def facts() -> tuple[Fact, ...]:
    """Give the facts that a sitting can turn on."""
    return tuple(f for f in read_facts() if f.ledger not in UNJUDGED)


def row(on: str, action: str, by: str, code: str, **cells: str) -> Fact:
    """Make a fact that no ledger has."""
    said = {"on": on, "action": action, "by": by, "code": code, **cells}
    return Fact("test", LedgerRow(number=2, cells=said), known_from(on))


def changed(
    given: Sequence[Fact], code: str, act: str, /, **cells: str
) -> tuple[Fact, ...]:
    """Write some cells of an item's acts of one kind otherwise; one at least."""
    wanted = [f for f in given if is_act(f, code, act)]
    assert wanted, f"no {act} of {code}"
    made = [f.with_cells(**cells) if f in wanted else f for f in given]
    return tuple(evolve(f, known=known_from(f.row.get("on"))) for f in made)


def without(given: Sequence[Fact], code: str, action: str) -> tuple[Fact, ...]:
    """Leave out an item's acts of one kind; one at least."""
    kept = tuple(f for f in given if not is_act(f, code, action))
    assert len(kept) < len(given), f"no {action} of {code}"
    return kept


def is_act(fact: Fact, code: str, action: str) -> bool:
    """Whether a fact is an act of that kind on that item; ``*`` means any."""
    return code in ("*", fact.row.get("code")) and fact.row.get("action") == action


@frozen(kw_only=True)
class Result:
    """What a sitting came to."""

    sanctions: tuple[Sanction, ...]
    sitting: Sitting

    @property
    def told(self) -> set[tuple[str, str, str, tuple[str, ...]]]:
        """Give kind, unit, role and matters of every sanction proposed."""
        return {
            (
                one.kind_name,
                DIRECTORY.name(one.unit),
                one.role.value,
                tuple(cited.code for cited in one.citations),
            )
            for one in self.sanctions
        }

    def why_not(self, code: str) -> str:
        """Give the reason why a matter was not sanctioned."""
        found = [n.reason for n in self.sitting.not_sanctioned if code in n.codes]
        assert len(found) == 1, f"{code}: {found}"
        return found[0]

    @property
    def spared(self) -> set[str]:
        """Give every matter that was not sanctioned, with a reason."""
        return {code for n in self.sitting.not_sanctioned for code in n.codes}

    @property
    def everything(self) -> tuple[object, ...]:
        """Give all that two sittings must share to be the same."""
        spared = [
            (n.codes, n.unit, n.role, n.reason) for n in self.sitting.not_sanctioned
        ]
        cited = {(one.unit, one.reason, one.role) for one in self.sanctions}
        return self.told, cited, spared, self.sitting.unsure


def judged(
    given: Sequence[Fact] | None = None,
    *,
    policy: Policy | None = None,
    sits: date = SITS,
    clock: time = MORNING,
    run: Callable[[Play], None] | None = None,
) -> Result:
    """Let the panel sit over the facts, and give what came of it."""
    play = Play(office=open_office(policy=policy), facts=given or facts())
    if run is None:
        play_sitting(play, sits, clock)
    else:
        run(play)
    return result_of(play)


def result_of(play: Play) -> Result:
    """Give what the one sitting of a play came to."""
    desk = play.last_desk()
    (sitting,) = desk.sittings()
    return Result(sanctions=desk.sanctions.find(), sitting=sitting)
