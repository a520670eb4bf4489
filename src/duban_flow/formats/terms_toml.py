"""Statutory terms from TOML 法定时限文件: one table a term, under its key.

The file::

    [petition_decide]
    name = "信访事项办理"          # name_en, note and link are free text
    term = "60日"                  # working days, days or months, or a table of
    extension = "30日"             # the fields of a Term: { unit = "day", count = 0 };
                                    # of one that recurs, cycle = { period = "week" }
    source = "信访工作条例"
    article = "第三十四条"
    in_force = 2022-05-01          # until: when another rule took its place

A host's file is laid over the terms that come with the library: under a key that is
there it changes the fields it names, under a new one it adds a term.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import attrs

from duban_flow.domain.policies.words import nearest
from duban_flow.domain.time.recurring import Every
from duban_flow.domain.time.statutory import StatutoryTerm, Terms
from duban_flow.domain.time.term import Term
from duban_flow.domain.time.terms import parse_term
from duban_flow.errors import Invalid, Reason
from duban_flow.formats.toml_file import TomlFile, parsed, read_toml
from duban_flow.formats.toml_table import Faults

_OWN: Final = "statutory.toml"
_TEXTS: Final = ("name", "name_en", "source", "article", "link", "note")
_TERMS: Final = ("term", "extension")
_DATES: Final = ("in_force", "until")
_FIELDS: Final = (*_TEXTS, *_TERMS, *_DATES)
_WANTED: Final = ("name", "term", "source")
_WORDS: Final = "15个工作日、60日、3个月"
_NO_TERM: Final = Reason(code="term.form", en="It is no term.", zh="不是时限")


@cache
def statutory() -> Terms:
    """Give the statutory terms that come with the library, by their keys.

    >>> print(statutory()["petition_decide"])
    信访事项办理：60天，可延长30天（信访工作条例第三十四条）
    """
    text = files(__package__).joinpath(_OWN).read_text("utf-8")
    return MappingProxyType(_read(parsed(_OWN, text, code="statutory.file"), {}))


def load_terms(path_or_text: Path | str) -> Terms:
    """Read a file, or a text, of statutory terms over those of the library.

    Raises:
        Invalid: with every fault at once: its file, line, key, what was said, and the
            nearest name there is.

    >>> ours = load_terms('''
    ... [petition_decide]
    ... term = "45日"
    ... source = "本县承诺"
    ... article = ""
    ... ''')
    >>> print(ours["petition_decide"])
    信访事项办理：45天，可延长30天（本县承诺）
    """
    file = read_toml(path_or_text, code="statutory.file", called="terms")
    return MappingProxyType(_read(file, statutory()))


def _read(file: TomlFile, base: Terms) -> dict[str, StatutoryTerm]:
    faults = Faults(file.sheet, file.lines)
    made = dict(base)
    for key, told in file.data.items():
        term = _Entry(faults, key, told, base).read()
        if term is not None:
            made[key] = term
    _names_once(made, file.data, faults)
    if faults.found:
        raise Invalid("", *faults.sorted())
    return made


def _names_once(made: Terms, told: Mapping[str, object], faults: Faults) -> None:
    """Refuse a name that two terms have: a ledger could mean either."""
    owners: dict[str, str] = {}
    for key, term in made.items():
        owner = owners.setdefault(term.name, key)
        if owner != key:
            late = key if key in told else owner
            faults.add(
                "statutory.twice",
                (late, "name"),
                f"{owner} and {key} have one name.",
                f"{owner}与{key}同名",
                said=term.name,
            )


@attrs.frozen
class _Entry:
    """One table being read; its faults are kept with their lines."""

    faults: Faults
    key: str
    told: Any
    base: Terms

    def read(self) -> StatutoryTerm | None:
        before = len(self.faults.found)
        if not isinstance(self.told, dict):
            self._fault(
                "", "statutory.type", "A table was wanted.", "应为一个表", self.told
            )
            return None
        self._only(self.told, _FIELDS, ())
        known = self.base.get(self.key)
        fields = {} if known is None else attrs.asdict(known, recurse=False)
        fields |= {key: v for key in self.told if (v := self._value(key)) is not None}
        for wanted in _WANTED:
            if wanted not in fields and wanted not in self.told:
                near = nearest(self.key, self.base) or ""
                en, zh = f"A new term wants its {wanted}.", f"新的时限缺少{wanted}"
                self._fault(wanted, "statutory.new", en, zh, self.key, near)
        if len(self.faults.found) > before:
            return None
        return self._made(fields)

    def _made(self, fields: dict[str, Any]) -> StatutoryTerm | None:
        try:
            return StatutoryTerm(**{**fields, "key": self.key})
        except Invalid as fault:
            self._refused("", fault.reasons)
            return None

    def _value(self, key: str) -> object:
        value = self.told[key]
        if key in _TERMS:
            return self._term(key, value)
        if key in _DATES:
            if isinstance(value, date) and not isinstance(value, datetime):
                return value
            self._fault(key, "statutory.type", "A date was wanted.", "应为日期", value)
        elif key in _TEXTS:
            if isinstance(value, str):
                return value
            self._fault(
                key, "statutory.type", "A text was wanted.", "应为带引号的文本", value
            )
        return None

    def _term(self, key: str, value: object) -> Term | None:
        """Read a term in words, or as a table of its own fields."""
        try:
            if isinstance(value, dict):
                return self._made_of(key, value)
            if isinstance(value, str):
                return parse_term(value, zone="UTC")
        except (Invalid, TypeError) as fault:
            reasons = fault.reasons if isinstance(fault, Invalid) else ()
            self._refused(key, reasons or (_NO_TERM,), value)
            return None
        self._refused(key, (_NO_TERM,), value)
        return None

    def _made_of(self, key: str, told: Mapping[str, Any]) -> Term | None:
        """Make a term of its fields; how it recurs is a table in the table."""
        right = self._only(told, [one.name for one in attrs.fields(Term)], (key,))
        cycle = told.get("cycle")
        if isinstance(cycle, dict):
            known = [one.name for one in attrs.fields(Every)]
            right = self._only(cycle, known, (key, "cycle")) and right
            told = {**told, "cycle": Every(**cycle)} if right else told
        return Term(**told) if right else None

    def _only(
        self, told: Mapping[str, object], known: Collection[str], below: tuple[str, ...]
    ) -> bool:
        unknown = [name for name in told if name not in known]
        for name in unknown:
            near = nearest(name, known) or ""
            en, zh = f"There is no field {name!r} here.", f"此处没有字段“{name}”"
            self._fault(".".join((*below, name)), "statutory.field", en, zh, name, near)
        return not unknown

    def _refused(self, key: str, reasons: Iterable[Reason], said: object = "") -> None:
        for reason in reasons:
            near = _WORDS if key else ""
            self._fault(key, "statutory.term", reason.en, reason.zh, said, near)

    def _fault(  # where, what and what might help
        self, key: str, code: str, en: str, zh: str, said: object = "", near: str = ""
    ) -> None:
        path = (self.key, *filter(None, key.split(".")))
        self.faults.add(code, path, en, zh, said=said, wanted=near)
