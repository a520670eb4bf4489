"""Three-valued logic 三值逻辑: yes, no, and what the facts do not decide.

Unknown is ``None``. It is never taken for yes or for no: a conjunction with a
plain no is no, and otherwise an unknown part leaves the whole unknown (Kleene).
"""

from __future__ import annotations

import operator as compares
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Final

from duban_flow.domain.quantities import Amount, Interval

_COMPARES: Final[Mapping[str, Callable[[Decimal, Decimal], bool]]] = {
    "<": compares.lt,
    "<=": compares.le,
    ">": compares.gt,
    ">=": compares.ge,
}


def all_of(answers: Iterable[bool | None]) -> bool | None:
    """Conjoin: no if any is no, else unknown if any is unknown, else yes.

    >>> all_of([True, None]), all_of([False, None]), all_of([])
    (None, False, True)
    """
    unsure = False
    for answer in answers:
        if answer is False:
            return False
        unsure = unsure or answer is None
    return None if unsure else True


def any_of(answers: Iterable[bool | None]) -> bool | None:
    """Disjoin: yes if any is yes, else unknown if any is unknown, else no.

    >>> any_of([True, None]), any_of([False, None]), any_of([])
    (True, None, False)
    """
    return negation(all_of(negation(answer) for answer in answers))


def negation(answer: bool | None) -> bool | None:
    """Turn yes into no and no into yes; unknown stays unknown."""
    return None if answer is None else not answer


def compared(value: Amount | None, operator: str, limit: Decimal) -> bool | None:
    """Compare an amount with a constant; unknown where an interval straddles it.

    >>> compared(Interval("12.5", "13.5"), ">", Decimal(13)) is None
    True
    """
    if value is None:
        return None
    ends, holds = Interval.of(value), _COMPARES[operator]
    low, high = holds(ends.low, limit), holds(ends.high, limit)
    return low if low == high else None
