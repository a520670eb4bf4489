"""Statutory terms 法定时限: what a law or a local rule allows, and where it says so.

A value names its source, so that whoever is held to it can look it up. Which of them
an office knows is data (:mod:`duban_flow.formats.terms_toml`).
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Final

from attrs import field, frozen

from duban_flow.domain.codec import Value
from duban_flow.domain.time.term import Term
from duban_flow.domain.written import Unreadable
from duban_flow.errors import Invalid, NotFound


@frozen(kw_only=True)
class StatutoryTerm(Value):
    """A term that a rule sets 法定时限, under a key, with the rule that sets it.

    ``extension`` is how far it may be extended, in a term of its own. ``source`` names
    the law or rule, ``article`` the place in it; it is in force from ``in_force`` on,
    and before ``until`` where another has taken its place. ``link`` is where its text
    was read, ``note`` what must be known to use it.

    Raises:
        Invalid: for a key, name or source that is empty, and a term that is a date.
    """

    key: str = field()
    name: str = field()
    name_en: str = ""
    term: Term = field()
    extension: Term | None = field(default=None)
    source: str = field()
    article: str = ""
    in_force: date | None = None
    until: date | None = None
    link: str = ""
    note: str = ""

    @key.validator
    @name.validator
    @source.validator
    def _check_words(self, which: object, value: str) -> None:
        if not value.strip():
            raise Invalid(
                f"Statutory term {self.key!r} wants a {getattr(which, 'name', '')}.",
                zh=f"法定时限“{self.key}”缺少{getattr(which, 'name', '')}。",
                code="statutory.missing",
            )

    @term.validator
    @extension.validator
    def _check_term(self, which: object, value: Term | None) -> None:
        if value is not None and value.moment is not None:
            raise Invalid(
                f"Statutory term {self.key!r}: {value.describe('en')} names a date, "
                "a rule that counts was wanted.",
                zh=f"法定时限“{self.key}”：应为期限，不能是日期。",
                code="statutory.date",
            )

    def describe(self, lang: str = "zh") -> str:
        """Say how long it is and how far it may be extended.

        >>> StatutoryTerm(key="answer", name="答复", term=Term.workdays(20),
        ...     extension=Term.workdays(20), source="条例").describe()
        '20个工作日，可延长20个工作日'
        """
        said = self.term.describe(lang)
        if self.extension is None:
            return said
        more = self.extension.describe(lang)
        return f"{said}，可延长{more}" if lang == "zh" else f"{said} + {more}"

    @property
    def cited(self) -> str:
        """The rule and the place in it, as a document cites them."""
        return f"{self.source}{self.article}"

    def __str__(self) -> str:
        return f"{self.name}：{self.describe()}（{self.cited}）"


Terms = Mapping[str, StatutoryTerm]
"""Statutory terms by their keys."""

NO_TERMS: Final[Terms] = MappingProxyType({})


def known_term(terms: Terms, said: str) -> StatutoryTerm | None:
    """Find a statutory term by its key or its name; None where there is none."""
    if said in terms:
        return terms[said]
    return next((term for term in terms.values() if term.name == said), None)


def nearest_term(terms: Terms, said: str) -> str:
    """Name the key or name that lies near, or nothing; for a message only."""
    names = [*terms, *(term.name for term in terms.values())]
    found = difflib.get_close_matches(said[:100], names, n=1, cutoff=0.6)
    return found[0] if found else ""


def perhaps_meant(terms: Terms, said: str, fault: Unreadable) -> Unreadable:
    """Put the nearest statutory term into the refusal of what is no term at all."""
    near = nearest_term(terms, said)
    if not near or [problem.code for problem in fault.problems] != ["term.form"]:
        return fault
    return Unreadable.of(
        "statutory.unknown",
        said,
        "It is neither a term, nor a date, nor the name of a statutory term.",
        "不是时限，不是日期，也不是法定时限的名称",
        near,
    )


def statutory_term(terms: Terms, said: str) -> StatutoryTerm:
    """Find a statutory term by its key or its name.

    Raises:
        NotFound: there is none; the nearest is named.
    """
    found = known_term(terms, said)
    if found is not None:
        return found
    near = nearest_term(terms, said)
    raise NotFound(
        f"There is no statutory term {said!r}"
        + (f"; the nearest is {near!r}." if near else "."),
        zh=f"没有法定时限“{said}”" + (f"，最接近的是“{near}”。" if near else "。"),
        code="statutory.unknown",
    )
