"""One table of an outline, read field by field; every fault is kept with its line.

A getter gives the value, or an empty one after noting the fault, so that the reader
goes on and every fault of a file is named at once.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from attrs import define, field, frozen

from duban_flow.domain.policies.grammar import GrammarFault, parse_condition
from duban_flow.domain.policies.model import Condition
from duban_flow.domain.policies.words import Vocabulary, nearest
from duban_flow.errors import Problem
from duban_flow.formats.toml_file import TomlFile
from duban_flow.formats.toml_lines import Lines, Place


@define
class Reading:
    """A file as it is read: its name, its lines, its words, its faults so far."""

    name: str
    lines: Lines
    vocabulary: Vocabulary
    problems: list[Problem] = field(factory=list)

    @classmethod
    def of(cls, file: TomlFile, vocabulary: Vocabulary) -> Reading:
        """Begin to read a text that the parser has accepted."""
        return cls(file.sheet, file.lines, vocabulary)

    def fault(
        self,
        place: Place,
        code: str,
        en: str,
        zh: str,
        said: object = "",
        near: str = "",
    ) -> None:
        """Note a fault at a place, with the nearest name there is."""
        self.problems.append(
            Problem(
                code=code,
                en=en,
                zh=zh,
                sheet=self.name,
                row=self.lines.line(place) or 1,
                column=".".join(str(step) for step in place if isinstance(step, str)),
                said=str(said)[:100],
                wanted=near,
            )
        )


@frozen
class Fields:
    """A table at its place in a file."""

    reading: Reading
    data: Mapping[str, Any]
    place: Place

    def __contains__(self, key: str) -> bool:
        return key in self.data

    def fault(
        self, key: str, code: str, en: str, zh: str, said: object = "", near: str = ""
    ) -> None:
        """Note a fault of one field, or of the table where no field is named."""
        place = (*self.place, key) if key else self.place
        self.reading.fault(place, code, en, zh, said, near)

    def only(self, known: Collection[str]) -> None:
        """Refuse every field that is none of those."""
        for key in self.data:
            if key not in known:
                self.unknown(key, "field", "字段", key, known)

    def unknown(
        self, key: str, what: str, zh: str, said: str, known: Iterable[str]
    ) -> None:
        """Say that there is no such name, and which comes nearest."""
        self.fault(
            key,
            f"circular.{what}",
            f"there is no {what} {said!r} here",
            f"此处没有{zh}“{said}”",
            said,
            nearest(said, known) or "",
        )

    def wrong(self, key: str, en: str, zh: str) -> None:
        """Say that a field is not what was wanted."""
        said = self.data.get(key, "")
        self.fault(key, "circular.type", f"{en} was wanted", f"应为{zh}", said)

    def text(self, key: str, *, wanted: bool = False) -> str:
        """Read a text; empty where nothing is said and nothing is wanted."""
        value = self.data.get(key, "")
        if not isinstance(value, str) or (wanted and not value.strip()):
            self.wrong(key, "a text", "文本")
            return ""
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """Read a list of texts; one text alone is a list of one."""
        value = self.data.get(key, [])
        several = [value] if isinstance(value, str) else value
        if isinstance(several, list) and all(isinstance(one, str) for one in several):
            return tuple(several)
        self.wrong(key, "a list of texts", "文本列表")
        return ()

    def pair(self, key: str) -> tuple[str, str]:
        """Read the names of two figures."""
        several = self.texts(key)
        if len(several) == 2:
            return several[0], several[1]
        self.wrong(key, "the names of two figures", "两个数字的名称")
        return "", ""

    def choice(self, key: str, choices: Sequence[str], *, default: str = "") -> str:
        """Read one word of several."""
        said = self.text(key) or default
        if said not in choices:
            self.unknown(key, key, "", said, choices)
            return choices[0]
        return said

    def whole(self, key: str, least: int = 0) -> int | None:
        """Read a whole number; nothing where nothing is said."""
        value = self.data.get(key)
        if value is None:
            return None
        if isinstance(value, int) and not isinstance(value, bool) and value >= least:
            return value
        self.wrong(key, f"a whole number from {least} on", f"不小于{least}的整数")
        return None

    def number(self, key: str) -> str:
        """Read a number, written as a number or as a text; ``low~high`` is a range."""
        value = self.data.get(key, "")
        said = str(value)
        try:
            bounds = [] if isinstance(value, bool) else [*map(Decimal, said.split("~"))]
        except ArithmeticError:
            bounds = []
        if len(bounds) not in (1, 2) or bounds != sorted(bounds):
            self.wrong(key, "a number, or a range low~high", "数或“下限~上限”")
            return "0"
        return said

    def day(self, key: str) -> date | None:
        """Read a date; nothing where nothing is said."""
        value = self.data.get(key)
        if value is None or (
            isinstance(value, date) and not isinstance(value, datetime)
        ):
            return value
        self.wrong(key, "a date without quotation marks", "不带引号的日期")
        return None

    def as_of(self) -> date | datetime | None:
        """Read the date or the instant that a table is as of."""
        value = self.data.get("as_of")
        if isinstance(value, datetime):
            if value.utcoffset() is None:
                self.wrong(
                    "as_of",
                    "a date, or an instant with its offset",
                    "日期或带时区的时刻",
                )
                return None
            return value
        return self.day("as_of")

    def conditions(self, key: str) -> tuple[Condition, ...]:
        """Read conditions of the policy language."""
        made = []
        for said in self.texts(key):
            try:
                made.append(parse_condition(said, self.reading.vocabulary))
            except GrammarFault as fault:
                near = fault.nearest or ""
                code = "circular.condition"
                self.fault(key, code, fault.wanted, fault.zh, fault.said, near)
        return tuple(made)

    def tables(self, key: str) -> Iterator[Fields]:
        """Read a list of tables."""
        value = self.data.get(key, [])
        if not isinstance(value, list):
            self.wrong(key, f"[[{key}]]", f"[[{key}]]")
            return
        for i, data in enumerate(value):
            yield self._table(data, (*self.place, key, i))

    def named(self, key: str) -> Iterator[tuple[str, Fields]]:
        """Read tables under a name each."""
        value = self.data.get(key, {})
        if not isinstance(value, dict):
            self.wrong(key, f"[{key}.NAME]", f"[{key}.名称]")
            return
        for name, data in value.items():
            yield name, self._table(data, (*self.place, key, name))

    def _table(self, data: object, place: Place) -> Fields:
        if isinstance(data, dict):
            return Fields(self.reading, data, place)
        self.reading.fault(place, "circular.type", "a table was wanted", "应为表", data)
        return Fields(self.reading, {}, place)
