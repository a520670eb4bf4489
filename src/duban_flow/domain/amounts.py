"""Quantities as people write them in a ledger: a strict number, then its unit.

``int`` and ``float`` accept much that is no number in a ledger (``1_000``, ``१२``,
``1e400``, ``nan``); nothing of that is read here.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from decimal import Decimal
from typing import Final

from duban_flow.domain.written import Unreadable, narrow

LONGEST: Final = 60
MOST_DIGITS: Final = 30
_NUMBER: Final = re.compile(
    r"([+-]?)([0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(\.[0-9]+)?(?![0-9.,_])"
)
_WANTED: Final = "1,270.5亩"


def parse_quantity(
    text: str, units: Collection[str] | None = None
) -> tuple[Decimal, str]:
    """Read a number and the unit written behind it 数量与单位; the unit may be empty.

    With *units*, the unit must be one of them.

    Raises:
        Unreadable: for anything but ASCII or full-width digits, one decimal point and
            commas in their places, and for a unit that is not declared.

    >>> parse_quantity("１２．５７万平方米"), parse_quantity("1,270.5 亩")
    ((Decimal('12.57'), '万平方米'), (Decimal('1270.5'), '亩'))
    """
    plain = narrow(text) if len(text) <= LONGEST else ""
    found = _NUMBER.match(plain.replace("−", "-", 1) if plain[:1] == "−" else plain)
    if found is None or len(found[0]) > MOST_DIGITS:
        raise Unreadable.of(
            "quantity.number", text, "It is not a number.", "不是数", _WANTED
        )
    unit = plain[found.end() :].strip()
    if not _is_unit(unit):
        raise Unreadable.of(
            "quantity.form",
            text,
            f"What stands behind {found[0]} is no unit.",
            f"{found[0]}后面不是单位",
            _WANTED,
        )
    if units is not None and unit not in units:
        declared = "、".join(units)
        raise Unreadable.of(
            "quantity.unit",
            text,
            f"The unit {unit!r} is not declared.",
            f"单位“{unit}”没有申明",
            declared,
        )
    return Decimal(found[0].replace(",", "")), unit


def _is_unit(unit: str) -> bool:
    """A unit is a word or a sign; only ² and ³ may close it, and no digit is in it."""
    stem = unit[:-1] if unit[-1:] in {"²", "³"} and unit[:-1] else unit
    return all(
        letter in "%‰°/·" or unicodedata.category(letter) in {"Lo", "Ll", "Lu", "So"}
        for letter in stem
    ) and not (stem and _is_numeral(stem[0]))


def _is_numeral(letter: str) -> bool:
    """Circled digits are signs to Unicode, and 三 is a letter: neither is a unit."""
    value = unicodedata.numeric(letter, None)
    return value is not None and letter not in "十百千万亿"
