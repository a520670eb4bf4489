"""The cells of one row as values, by declared forms; every fault is noted, not raised.

A cell that cannot be read gives None, as an empty one does, so that all faults of a
row are found at once.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Final

from attrs import frozen

from duban_flow.domain.amounts import parse_quantity
from duban_flow.domain.quantities import Amount, Interval
from duban_flow.domain.units import Role
from duban_flow.domain.written import Unreadable, narrow
from duban_flow.engine.intake.notes import Noting, nearest
from duban_flow.errors import Invalid

SEVERAL: Final = re.compile(r"[、,，;；\n]+")
FLAGS: Final[Mapping[str, bool]] = {
    "是": True,
    "yes": True,
    "true": True,
    "√": True,
    "否": False,
    "no": False,
    "false": False,
    "×": False,
}
_UNITS: Final[Mapping[str, Collection[str]]] = {
    "progress": ("", "%"),
    "rank": ("", "名", "位"),
    "round": ("", "轮"),
    "cohort": ("", "个", "家", "名"),
    "done": ("", "个", "项", "件", "宗"),
    "total": ("", "个", "项", "件", "宗"),
    "score": ("", "分"),
    "mean": ("", "分"),
}


@frozen
class Words(Noting):
    """The words, units, flags and numbers of a row; None where there is no value."""

    def has(self, column: str) -> bool:
        """Whether anything is written there, readable or not."""
        return bool(self.row.get(column)) or column in self.row.refused

    def text(self, column: str) -> str:
        """Read free text."""
        self.used.add(column)
        return self.row.get(column)

    def words(self, column: str) -> tuple[str, ...]:
        """Read several words, parted by 、 or a comma."""
        parts = (part.strip() for part in SEVERAL.split(self.text(column)))
        return tuple(part for part in parts if part)

    def flag(self, column: str) -> bool | None:
        """Read 是 or 否."""
        return self._flag(column, self.text(column))

    def flags(self, column: str) -> tuple[bool | None, ...]:
        """Read several of 是 and 否."""
        return tuple(self._flag(column, word) for word in self.words(column))

    def _flag(self, column: str, said: str) -> bool | None:
        if not said:
            return None
        found = FLAGS.get(narrow(said).casefold())
        if found is None:
            en, zh = "It says neither yes nor no.", "应填是或否"
            self.fault(column, "flag.form", en, zh, said=said, wanted="是、否")
        return found

    def unit(self, column: str) -> str | None:
        """Read one unit by code, name or declared alias; give its code."""
        said = self.text(column)
        if not said:
            return None
        several = [part for part in self.words(column) if self._find(part)]
        if self._find(said) is None and len(several) > 1:
            en, zh = "One unit is wanted here.", "此处只能填一个单位"
            self.fault(column, "unit.several", en, zh, said=said, wanted=several[0])
            return None
        return self._known(column, said)

    def units(self, column: str) -> tuple[str, ...]:
        """Read several units; a name that holds a separator is one unit."""
        said = self.text(column)
        if said and self._find(said):
            return (self._find(said) or "",)
        found = [self._known(column, word) for word in self.words(column)]
        codes = [code for code in found if code is not None]
        for code in {code for code in codes if codes.count(code) > 1}:
            en, zh = "A unit stands here twice.", "同一单位重复"
            self.fault(column, "unit.twice", en, zh, said=code)
        return tuple(dict.fromkeys(codes))

    def _find(self, said: str) -> str | None:
        forms = (said, narrow(said), unicodedata.normalize("NFKC", said))
        for form in forms:
            unit = self.setting.directory.find(form)
            if unit is not None:
                return unit.code
        return None

    def _known(self, column: str, said: str) -> str | None:
        code = self._find(said)
        if code is None:
            near = self.setting.directory.nearest(said) or ""
            en, zh = "There is no such unit.", "单位名录中没有这个单位"
            self.fault(column, "unit.unknown", en, zh, said=said, wanted=near)
        return code

    def role(self, column: str) -> Role | None:
        """Read a role by its English or Chinese word."""
        said = self.text(column)
        if not said:
            return None
        words = {str(role): role for role in Role} | {role.zh: role for role in Role}
        words |= {role.zh.removesuffix("单位"): role for role in Role}
        found = words.get(narrow(said).casefold())
        if found is None:
            near = nearest(said, [role.zh for role in Role] + [*Role])
            en, zh = "There is no such role.", "没有这个角色"
            self.fault(column, "role.unknown", en, zh, said=said, wanted=near)
        return found

    def quantity(self, column: str) -> tuple[Decimal, str] | None:
        """Read a number and the unit behind it."""
        return self._quantity(column, self.text(column))

    def quantities(self, column: str) -> tuple[tuple[Decimal, str] | None, ...]:
        """Read several numbers, parted by 、; a comma is part of a number."""
        said = re.split(r"[、;；\n]", self.text(column))
        several = [part.strip() for part in said if part.strip()]
        return tuple(self._quantity(column, part) for part in several)

    def _quantity(self, column: str, said: str) -> tuple[Decimal, str] | None:
        if not said:
            return None
        try:
            return parse_quantity(said, _UNITS.get(column))
        except Unreadable as fault:
            self.refused(column, fault.problems)
            return None

    def number(self, column: str) -> Decimal | None:
        """Read a number that is not negative."""
        found = self.quantity(column)
        if found is None:
            return None
        return self.not_negative(column, found[0])

    def not_negative(self, column: str, value: Decimal) -> Decimal | None:
        """Refuse a number below zero."""
        if value >= 0:
            return value
        en, zh = "It is negative.", "不能为负数"
        self.fault(column, "number.negative", en, zh, said=f"{value}", wanted="≥ 0")
        return None

    def whole(self, column: str, least: int = 0, most: int | None = None) -> int | None:
        """Read a whole number between bounds; 第3轮 and 40% are forms of it."""
        said = narrow(self.text(column)).removeprefix("第")
        found = self._quantity(column, said)
        if found is None:
            return None
        value = found[0]
        if value != value.to_integral_value():
            en, zh = "It is not a whole number.", "应为整数"
            self.fault(
                column,
                "number.whole",
                en,
                zh,
                said=said,
                wanted=f"{value.to_integral()}",
            )
        elif value < least or (most is not None and value > most):
            bounds = f"{least}~{most}" if most is not None else f"≥ {least}"
            en, zh = "It is out of range.", "超出范围"
            code = f"{column}.range"
            self.fault(column, code, en, zh, said=said, wanted=bounds)
        else:
            return int(value)
        return None

    def amount(self, column: str) -> Amount | None:
        """Read a number, or a range such as 40.63~41.63."""
        said = narrow(self.text(column))
        if "~" not in said:
            return self.number(column)
        low, _, high = said.partition("~")
        ends = [self._quantity(column, end.strip()) for end in (low, high)]
        found = [end[0] for end in ends if end is not None]
        if len(found) < 2:
            return None
        try:
            return Interval(*found)
        except Invalid as fault:
            self.refused(column, fault.reasons)
            return None
