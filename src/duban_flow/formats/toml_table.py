"""One table of a TOML text, read field by field, every fault kept with its line.

A getter gives the value, or what stands in for it after noting the fault, so that a
reader goes on and every fault of a file is named at once.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any, TypeVar

from attrs import field, frozen

from duban_flow.domain.policies.grammar import GrammarFault
from duban_flow.domain.policies.words import nearest
from duban_flow.errors import Problem
from duban_flow.formats.toml_lines import Lines, Place

T = TypeVar("T")


@frozen
class Faults:
    """The faults found in one file so far, in the order of its lines.

    ``area`` begins the codes of those that any file can have.
    """

    sheet: str
    lines: Lines
    found: list[Problem] = field(factory=list)
    area: str = "policy"

    def add(
        self,
        code: str,
        path: Place,
        en: str,
        zh: str,
        *,
        said: object = "",
        wanted: str | None = None,
        label: str = "",
    ) -> None:
        """Note a fault at a path."""
        self.found.append(
            Problem(
                code=code,
                en=en,
                zh=zh,
                sheet=self.sheet,
                row=self.lines.line(path, said if isinstance(said, str) else ""),
                column=label or ".".join(map(str, path)),
                said=_cut(said),
                wanted=wanted or "",
            )
        )

    def sorted(self) -> tuple[Problem, ...]:
        """Give the faults as they stand in the file."""
        return tuple(sorted(self.found, key=lambda p: p.row or 0))


def _cut(said: object) -> str:
    text = said if isinstance(said, str) else str(said)
    return text if len(text) <= 100 else text[:99] + "…"


@frozen
class Table:
    """A table at a path, with the name people know it by."""

    faults: Faults
    path: Place
    name: str
    data: Mapping[str, Any]

    @classmethod
    def of(cls, faults: Faults, path: Place, name: str, data: object) -> Table:
        """Take what should be a table; anything else is a fault and reads as empty."""
        made = cls(faults, path, name, data if isinstance(data, dict) else {})
        if not isinstance(data, dict):
            code = f"{faults.area}.type"
            made.fault(code, "", "a table was wanted", "应为一个表", said=data)
        return made

    def fault(
        self,
        code: str,
        key: str,
        en: str,
        zh: str,
        *,
        said: object = "",
        wanted: str | None = None,
    ) -> None:
        """Note a fault of one field, or of the table where no field is named."""
        label = " ".join(filter(None, [self.name, key]))
        path = (*self.path, key) if key else self.path
        self.faults.add(code, path, en, zh, said=said, wanted=wanted, label=label)

    def only(self, known: Collection[str]) -> None:
        """Refuse every field that is none of those."""
        for key in self.data:
            if key not in known:
                self.fault(
                    f"{self.faults.area}.field",
                    key,
                    f"there is no field {key!r} here",
                    f"此处没有字段“{key}”",
                    said=key,
                    wanted=nearest(key, known),
                )

    def text(self, key: str, default: str | None = "") -> str:
        """Read a text; without a default it must be there and not be empty."""
        value = self.data.get(key)
        if value is None and default is not None:
            return default
        if isinstance(value, str) and (value.strip() or default is not None):
            return value
        self._ill(
            key, value, "a text was wanted, in quotation marks", "应为带引号的文本"
        )
        return default or ""

    def number(self, key: str, default: int, *, least: int) -> int:
        """Read a whole number, not below the least there can be."""
        value = self.data.get(key, default)
        right = isinstance(value, int) and not isinstance(value, bool)
        if right and value >= min(least, default):
            return int(value)
        self._ill(
            key,
            value,
            f"a whole number, at least {least}, was wanted",
            f"应为不小于{least}的整数",
        )
        return default

    def flag(self, key: str) -> bool:
        """Read true or false; false where nothing is said."""
        value = self.data.get(key, False)
        if not isinstance(value, bool):
            self._ill(key, value, "true or false was wanted", "应为true或false")
        return value is True

    def texts(self, key: str) -> tuple[str, ...]:
        """Read a list of texts, each once; one text alone is a list of one."""
        value = self.data.get(key, [])
        several = [value] if isinstance(value, str) else value
        right = isinstance(several, list) and all(
            isinstance(text, str) and text.strip() for text in several
        )
        if not right:
            self._ill(key, value, "a list of texts was wanted", "应为文本列表")
            return ()
        for text in {text for text in several if several.count(text) > 1}:
            code = f"{self.faults.area}.duplicate"
            self.fault(code, key, "this is said twice", "重复", said=text)
        return tuple(dict.fromkeys(several))

    def choice(self, key: str, choices: Iterable[str], code: str, default: str) -> str:
        """Read one word of several."""
        said = self.text(key, default)
        return said if self.known(key, said, choices, code) else default

    def known(
        self, key: str, said: str, choices: Iterable[str], code: str, what: str = ""
    ) -> bool:
        """Say whether a word is one of those there are; if not, it is a fault."""
        several = list(choices)
        if said in several:
            return True
        listed = ", ".join(several) if len(several) <= 12 else ""
        self.fault(
            code,
            key,
            f"there is no {what or key} {said!r}"
            + (f"; there are: {listed}" if listed else ""),
            f"没有“{said}”" + (f"，已知的有：{listed}" if listed else ""),
            said=said,
            wanted=nearest(said, several),
        )
        return False

    def parsed(
        self, key: str, said: str, reads: Callable[[str], T], code: str
    ) -> T | None:
        """Read a text by a rule of the grammar; what it refuses is a fault here."""
        try:
            return reads(said)
        except GrammarFault as fault:
            self.fault(
                code, key, fault.wanted, fault.zh, said=fault.said, wanted=fault.nearest
            )
            return None

    def each(self, key: str, reads: Callable[[str], T], code: str) -> tuple[T, ...]:
        """Read each text of a list by a rule of the grammar."""
        read = (self.parsed(key, said, reads, code) for said in self.texts(key))
        return tuple(made for made in read if made is not None)

    def _ill(self, key: str, value: object, en: str, zh: str) -> None:
        code = f"{self.faults.area}.{'missing' if value is None else 'type'}"
        said = "" if value is None else value
        self.fault(code, key, en, zh, said=said)
