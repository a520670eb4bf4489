"""Words a circular may ask with beside those of policies: whose it is, how it ended.

A word here can hold of several values at once: ``label is x`` asks whether x is among
the labels, ``responsible is x`` whether x is among the responsible units.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from duban_flow.domain.case import Case
from duban_flow.domain.policies.model import Condition
from duban_flow.domain.policies.vocabulary import STANDARD, Vocabulary, Word
from duban_flow.domain.units import Role


def _among(name: str, values: Callable[[Case], Iterable[str]]) -> Word:
    """Make a word that holds if any of its values is one of those asked for."""

    def read(case: Case, unit: str | None, asked: Condition) -> str:
        del unit  # the matter is asked about, not one of its parties
        several = tuple(values(case))
        wanted = (value for value in several if value in asked.words)
        return next(wanted, several[0] if several else "")

    return Word(name=name, kind="word", read=read)


def _units(case: Case, *roles: Role) -> Iterable[str]:
    """Give the units in these roles, by code and by name."""
    for unit in case.item.units(*roles):
        yield unit
        yield case.names.get(unit, unit)


def _of_role(role: Role) -> Word:
    return _among(role.value, lambda case: _units(case, role))


def _ended(case: Case) -> Iterable[str]:
    return () if case.item.closing is None else (case.item.closing.action,)


def _is_synthetic(case: Case, unit: str | None, asked: Condition) -> bool:
    del unit, asked
    return case.item.synthetic


def _is_part(case: Case, unit: str | None, asked: Condition) -> bool:
    del unit, asked
    return case.item.parent is not None


WORDS: Final = (
    _among("label", lambda case: case.item.labels),
    _among("code", lambda case: (case.item.code,)),
    _among("unit", _units),
    _among("ended", _ended),
    *(_of_role(role) for role in Role),
    Word(name="synthetic", kind="flag", read=_is_synthetic),
    Word(name="part", kind="flag", read=_is_part),
)

CIRCULAR: Final[Vocabulary] = STANDARD.with_words(*WORDS)
"""The words of policies, and label, code, unit, ended, each role, synthetic, part.

A matter is a ``part`` if another was decomposed into it.
"""
