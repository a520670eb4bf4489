"""A summary 汇总: counts by state and unit, and rates that carry their base."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from attrs import field, frozen

from duban_flow.domain.circular.figure import Figure, rounded
from duban_flow.domain.codec import Value
from duban_flow.domain.items import Item


@frozen(kw_only=True)
class Summary(Value):
    """What a number of items come to, as of an instant 汇总.

    ``closure_rate`` and ``on_time_rate`` stand on the same base: what was due by
    then. A rate without a base is absent. All of them go by the due date, whatever
    date is chased and whatever limits parties have of their own; their labels say so.
    """

    as_of: datetime
    total: int
    by_state: Mapping[str, int] = field(factory=dict)
    by_unit: Mapping[str, int] = field(factory=dict)
    overdue: int = 0
    due: int = 0
    closed_of_due: int = 0
    on_time: int = 0

    @property
    def closure_rate(self) -> Figure | None:
        """Of what was due by then, how much is closed 办结率."""
        return self._rate("closure_rate", "办结率", self.closed_of_due, self.due)

    @property
    def on_time_rate(self) -> Figure | None:
        """Of what was due by then, how much was closed in time 按期办结率."""
        return self._rate("on_time_rate", "按期办结率", self.on_time, self.due)

    @property
    def overdue_rate(self) -> Figure | None:
        """Of everything, how much is open and past due 逾期率."""
        return self._rate("overdue_rate", "逾期率", self.overdue, self.total)

    def _rate(self, name: str, label: str, part: int, base: int) -> Figure | None:
        if base == 0:
            return None
        return Figure(
            name,
            rounded(Decimal(100 * part) / base, 2),
            "%",
            label=f"{label}（按办理时限）",
            numerator=part,
            denominator=base,
            rounding=2,
            as_of=self.as_of,
        )


def summarise(items: Sequence[Item], at: datetime) -> Summary:
    """Count items as of an instant."""
    due = [i for i in items if i.due_at is not None and i.due_at <= at]
    ended = [i for i in due if i.closing is not None and i.open_at(at) is False]
    return Summary(
        as_of=at,
        total=len(items),
        by_state=dict(sorted(Counter(i.state for i in items).items())),
        by_unit=dict(sorted(Counter(i.main_unit for i in items).items())),
        overdue=sum(i.overdue(at) is True for i in items),
        due=len(due),
        closed_of_due=len(ended),
        on_time=sum(i.closing is not None and i.closing.late is False for i in ended),
    )
