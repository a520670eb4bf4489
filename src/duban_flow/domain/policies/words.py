"""A word of the vocabulary 词: what a condition may ask of a case, and what it needs.

A word is one pure function under a name. It reads the case it is given and nothing
else; where the facts do not tell, it answers ``None``. Words are never combined
here: a condition compares one of them with constants.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Final, Literal

from attrs import field, frozen

from duban_flow.domain.case import Case
from duban_flow.domain.policies.model import Condition
from duban_flow.domain.quantities import Amount
from duban_flow.errors import Invalid

Read = bool | str | Amount | None
"""What a word answers: a flag, a word or a number; ``None`` where it is unknown."""

Reader = Callable[[Case, str | None, Condition], Read]
Teller = Callable[[Case, str | None, Condition], str]

LOADS: Final = frozenset({"events", "parts", "parent", "acts", "history"})
"""What a storage can be asked to load with an item; its own columns always come."""


def _set(names: Iterable[str]) -> frozenset[str]:
    return frozenset(names)


@frozen
class Parameter:
    """One place in the brackets after a word: open text, a kind, or one of a list.

    ``content`` is ``text``, ``kind`` (a kind of the policy) or ``choice``.
    """

    content: Literal["text", "kind", "choice"]
    choices: tuple[str, ...] = ()
    optional: bool = False

    def __str__(self) -> str:
        said = "|".join(self.choices) or self.content
        return f"[{said}]" if self.optional else said


@frozen(kw_only=True)
class Word:
    """A word of the vocabulary 词: a flag, a word out of several, or a number.

    ``units`` are those a number may be written in, ``""`` for none. ``harmless`` is
    the value at which nothing is wrong; more of it is worse. ``bounds`` and ``whole``
    say which values there are at all. ``runs`` says over what it may be asked to have
    held (``round`` or ``month``). ``harmful`` marks a flag that speaks against the
    party. ``tell`` words what was found, where the bare answer says too little.
    """

    name: str
    kind: Literal["flag", "word", "number"]
    read: Reader
    needs: frozenset[str] = field(default=frozenset(), converter=_set)
    parameters: tuple[Parameter, ...] = ()
    units: tuple[str, ...] = ("",)
    harmless: Decimal | None = None
    bounds: tuple[Decimal | None, Decimal | None] = (None, None)
    whole: bool = False
    runs: Literal["", "round", "month"] = ""
    harmful: bool = False
    tell: Teller | None = None

    def __str__(self) -> str:
        if not self.parameters:
            return self.name
        return f"{self.name}({', '.join(map(str, self.parameters))})"


@frozen(repr=False)
class Vocabulary(Mapping[str, Word]):
    """The closed set of words that conditions may use 词表."""

    _words: Mapping[str, Word] = field(factory=dict)

    @classmethod
    def of(cls, words: Iterable[Word]) -> Vocabulary:
        """Gather words.

        Raises:
            Invalid: for a name that is given twice, or one that no condition
                could say.
        """
        made: dict[str, Word] = {}
        for word in words:
            _check_name(word.name)
            if word.name in made:
                raise Invalid(
                    f"The word {word.name!r} already has a meaning.",
                    zh=f"条件词“{word.name}”重复定义。",
                    code="condition.duplicate",
                )
            made[word.name] = word
        return cls(made)

    def with_words(self, *words: Word) -> Vocabulary:
        """Give a vocabulary with more words.

        Raises:
            Invalid: for a name that already has a meaning.
        """
        return Vocabulary.of([*self._words.values(), *words])

    def nearest(self, name: str) -> str | None:
        """Name the word that lies nearest, for an error message only."""
        return nearest(name, self._words)

    def __getitem__(self, name: str) -> Word:
        return self._words[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._words)

    def __len__(self) -> int:
        return len(self._words)

    def __repr__(self) -> str:
        return f"Vocabulary({', '.join(self._words)})"


def nearest(said: str, known: Iterable[str]) -> str | None:
    """Find the known word that comes nearest to one that is not known.

    >>> nearest("responsble", ["responsible", "lead"])
    'responsible'
    """
    found = difflib.get_close_matches(said[:200], list(known), n=1, cutoff=0.5)
    return found[0] if found else None


def condition(
    name: str, *, needs: Iterable[str] = (), harmful: bool = False
) -> Callable[[Callable[[Case, str | None], bool | None]], Word]:
    """Make a flag of the vocabulary out of a pure function of a case and a unit.

    ``needs`` names what must be loaded (``events``, ``parts``, ``parent``, ``acts``,
    ``history``) or a field of the item, which always is.

    >>> @condition("funded centrally", needs=["labels"])
    ... def funded(case: Case, unit: str | None) -> bool | None:
    ...     return "中央资金" in case.item.labels
    >>> funded.kind, funded.name
    ('flag', 'funded centrally')
    """

    def make(asks: Callable[[Case, str | None], bool | None]) -> Word:
        return Word(
            name=name,
            kind="flag",
            read=lambda case, unit, _: asks(case, unit),
            needs=_set(needs),
            harmful=harmful,
        )

    return make


def _check_name(name: str) -> None:
    plain = name == " ".join(name.split()) and not set(name) & set("<>=()[]{},，、\"'")
    if not name or not plain or name.startswith("not "):
        raise Invalid(
            f"{name!r} cannot be said in a condition: a word of the vocabulary is one "
            "or more words without brackets, comparisons or a leading 'not'.",
            zh=f"“{name}”不能用作条件词：不能为空，不能含括号、比较号，不能以not开头。",
            code="condition.name",
        )
