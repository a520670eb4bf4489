"""A small district for the tests of the engine: its units, its policy, its instants.

Times are those of Beijing in June 2026; `at("06-05 17:30")` is an instant.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from attrs import define, field

from duban_flow.domain.items import Item, NewItem
from duban_flow.domain.policies.model import PolicyLike
from duban_flow.domain.time.term import Term
from duban_flow.domain.units import Actor, Directory, Role, Unit
from duban_flow.engine.desk import Desk
from duban_flow.engine.ports import Storage
from duban_flow.engine.sweep import SweepResult
from duban_flow.formats.policy_toml import load_policy
from duban_flow.office import Office

DCS, ZJJ, CZJ, PANEL, COMMITTEE = "dcs", "zjj", "czj", "panel", "committee"

UNITS = Directory.of(
    [
        Unit(DCS, "督查室", kind="supervisor"),
        Unit(ZJJ, "住建局"),
        Unit("zjs", "住建所", parent=ZJJ),
        Unit(CZJ, "财政局"),
        Unit(PANEL, "问责领导小组", kind="body"),
        Unit(COMMITTEE, "区委常委会", kind="body"),
        Unit("sjj", "审计局", kind="auditor"),
    ]
)

POLICY = load_policy(
    """
name = "district"
version = "1"
sitting = "month end - 2 workdays"
account_for = ["late", "at_risk"]

[kinds.prompt]
name = "行政效能提示"
level = 1
moves = "prompt"
approval = ["问责领导小组", "区委常委会"]

[kinds.warn]
name = "行政效能告诫"
level = 2
moves = "warn"
approval = ["问责领导小组"]

[kinds.call]
name = "约谈"
level = 1

[[rung]]
key = "urge"
at = "due"
action = "urge"
notify = ["responsible", "supervising"]
when = ["open"]

[[rung]]
key = "past due and open"
at = "sitting after due"
action = "prompt"
on = ["responsible"]
when = ["open", "not held", "not excused"]
reason = "未按时完成{title}"

[[rung]]
key = "called in"
at = "due + 30 days"
action = "call"
on = ["responsible"]
where = ["category is talk"]
when = ["open"]
reason = "{title}久拖不决"
"""
)
"""Urges at due, prompts at the sitting of 26 June, calls in a month after due."""

TALK = load_policy(
    """
name = "talk"
version = "1"
sitting = "month end - 2 workdays"
account_for = ["late"]
[kinds.talk]
name = "约谈"
approval = ["问责领导小组"]
[[rung]]
key = "over"
at = "sitting after due"
action = "talk"
on = ["responsible"]
when = ["overrun >= 1 workday"]
"""
)
"""Calls in whoever is a working day or more past due at the sitting."""

OPENING = "06-26 09:00"
"""When the panel of June 2026 sits: two working days before the month's end."""


def at(text: str) -> datetime:
    """Read an instant of 2026 on the clocks of Beijing."""
    return datetime.fromisoformat(f"2026-{text}+08:00")


def matter(code: str = "A-1", *, days: int = 4, **fields: Any) -> NewItem:
    """Make a matter of 住建局; assigned on Monday, four working days end on Friday."""
    fields.setdefault("parties", {Role.RESPONSIBLE: ZJJ, Role.SUPERVISING: DCS})
    fields.setdefault("term", Term.workdays(days))
    return NewItem(code, fields.pop("title", f"事项{code}"), **fields)


@define
class House:
    """An office with units, and desks at instants."""

    office: Office
    storage: Storage
    when: str = field(default="06-01 09:00")

    @classmethod
    def open(
        cls,
        storage: Storage,
        *,
        policies: Iterable[PolicyLike] = (POLICY,),
        **about: Any,
    ) -> House:
        """Open a rehearsal on a storage and register the units."""
        office = Office.rehearsal(storage, policies=policies, **about)
        house = cls(office, storage)
        house.desk().register(UNITS)
        return house

    def desk(
        self, by: Actor | str = DCS, when: str | datetime | None = None, **about: Any
    ) -> Desk:
        """Give a desk; 督查室's at 09:00 of Monday unless told otherwise."""
        told = self.when if when is None else when
        now = told if isinstance(told, datetime) else at(told)
        return self.office.desk(by=by, now=now, **about)

    def assign(self, code: str = "A-1", when: str | None = None, **fields: Any) -> Item:
        """Let 督查室 give a matter out."""
        return self.desk(when=when).assign(matter(code, **fields))

    def sweep(self, when: str, **about: Any) -> SweepResult:
        """Sweep at an instant."""
        return self.office.sweep(now=at(when), **about)

    def actions(self, code: str = "A-1") -> list[str]:
        """List what happened to an item, as actions."""
        return [event.action for event in self.desk().history(code)]
