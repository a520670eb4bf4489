"""The grammar of policies 升级规则语法: conditions, recipients, times, distances.

It reads text and gives values, or says what was wanted. It compares one fact with
constants; a sum, a product or a second fact in a condition is refused, because the
linter lives on their absence. It knows no file and no line.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Final, Literal

from duban_flow.domain.policies.grammar_times import (
    ANCHORS,
    GrammarFault,
    clean,
    parse_offset,
    parse_time,
)
from duban_flow.domain.policies.model import Condition, Recipient
from duban_flow.domain.policies.words import Parameter, Vocabulary, Word, nearest
from duban_flow.domain.units import Role

__all__ = [
    "ANCHORS",
    "GrammarFault",
    "parse_condition",
    "parse_offset",
    "parse_recipient",
    "parse_time",
]

Comparison = Literal["<", "<=", ">", ">="]

_COMPARED = re.compile(r"(?P<fact>[^<>]+?) ?(?P<operator><=|>=|<|>) ?(?P<limit>[^<>]+)")
_LIMIT = re.compile(
    r"(?P<limit>-?[0-9]{1,15}(?:\.[0-9]{1,9})?) ?(?P<unit>%|[A-Za-z]+)?"
    r"(?: for (?P<running>[1-9][0-9]{0,2}) (?P<over>[A-Za-z]+))?"
)
_CHOSEN = re.compile(r"(?P<fact>.+?) (?P<operator>is|in) (?P<words>.+)")
_CALLED = re.compile(r"(?P<fact>[^()]+?) ?\((?P<arguments>[^()]*)\)")
_KIND = re.compile(r"\w+")
_SEPARATOR = re.compile(r" ?[,，、] ?")

_OPERATORS: Final[Mapping[str, Comparison]] = {
    "<": "<",
    "<=": "<=",
    ">": ">",
    ">=": ">=",
}
_ASKED: Final[Mapping[str, tuple[str, str]]] = {
    "flag": (
        "{word} is a flag: '{word}' or 'not {word}'",
        "{word}是是非条件，直接写“{word}”或“not {word}”",
    ),
    "word": (
        "{word} is one word of several: '{word} is a' or '{word} in a, b'",
        "{word}是词，写“{word} is 甲”或“{word} in 甲, 乙”",
    ),
    "number": (
        "{word} is a number: compare it, as in '{word} > 1{unit}'",
        "{word}是数，应与常数比较，例如“{word} > 1{unit}”",
    ),
}


def parse_recipient(text: str) -> Recipient:
    """Read whom to tell: a role, a role's post, or a unit's post.

    Raises:
        GrammarFault: for a word alone that is no role, or an empty half.

    >>> parse_recipient("督查室/head").post
    'head'
    """
    said = clean(text)
    who, slash, post = (part.strip() for part in said.partition("/"))
    roles = [role.value for role in Role]
    if who in roles and bool(slash) == bool(post):
        return Recipient(role=Role(who), post=post)
    if who and post and "/" not in post and nearest(who, roles) is None:
        return Recipient(unit=who, post=post)
    raise GrammarFault(
        said,
        f"a role ({', '.join(roles)}), a role's post or a unit's post was wanted, "
        "such as 'lead/head'",
        nearest(who, roles),
        zh=f"应为角色（{'、'.join(roles)}）、角色的岗位或单位的岗位，例如“lead/head”",
    )


def parse_condition(text: str, vocabulary: Vocabulary) -> Condition:
    """Read one condition on one fact of a vocabulary.

    ``[not] flag`` · ``word is|in a, b`` · ``number < <= > >= n[unit] [for n
    rounds|months]``.

    Raises:
        GrammarFault: for an unknown fact, a comparison the fact does not bear, a
            unit it is not counted in, or arithmetic.
    """
    said = clean(text)
    compared = _COMPARED.fullmatch(said)
    if compared is not None:
        return _number(said, compared, vocabulary)
    chosen = _CHOSEN.fullmatch(said)
    if chosen is not None and said.removeprefix("not ") not in vocabulary:
        return _words(said, chosen, vocabulary)
    return _flag(said, vocabulary)


def _flag(said: str, vocabulary: Vocabulary) -> Condition:
    bare = said.removeprefix("not ")
    negated = bare != said
    word, arguments = _fact(bare, vocabulary)
    _suits(said, word, "flag")
    return Condition(
        text=("not " if negated else "") + _written(word, arguments),
        fact=word.name,
        arguments=arguments,
        negated=negated,
    )


def _words(said: str, found: re.Match[str], vocabulary: Vocabulary) -> Condition:
    word, arguments = _fact(found["fact"], vocabulary)
    _suits(said, word, "word")
    words = tuple(_SEPARATOR.split(found["words"]))
    if not all(words) or len(set(words)) != len(words):
        raise GrammarFault(
            said,
            "words parted by commas were wanted, each once",
            zh="应为以逗号分隔、互不重复的词",
        )
    operator = "is" if len(words) == 1 else "in"
    return Condition(
        text=f"{_written(word, arguments)} {operator} {', '.join(words)}",
        fact=word.name,
        arguments=arguments,
        operator="in",
        words=words,
    )


def _number(said: str, found: re.Match[str], vocabulary: Vocabulary) -> Condition:
    word, arguments = _fact(found["fact"], vocabulary)
    _suits(said, word, "number")
    limit = _LIMIT.fullmatch(found["limit"])
    if limit is None:
        raise GrammarFault(
            said,
            "one number was wanted after the comparison: a fact is compared with a "
            "constant, never with another fact or a sum",
            zh="比较号之后应为一个数：只能与常数比较，不能与其他事实或算式比较",
        )
    unit = _counted_in(said, word, limit["unit"] or "")
    running, over = _run(said, word, limit["running"], limit["over"])
    operator = _OPERATORS[found["operator"]]
    text = f"{_written(word, arguments)} {operator} {limit['limit']}"
    text += unit if unit in ("", "%") else f" {_several(limit['limit'], unit)}"
    if over:
        text += f" for {running} {_several(str(running), over)}"
    return Condition(
        text=text,
        fact=word.name,
        arguments=arguments,
        operator=operator,
        limit=Decimal(limit["limit"]),
        unit=unit,
        running=running,
        running_unit=over,
    )


def _suits(said: str, word: Word, kind: str) -> None:
    """Refuse a word that is asked for in a way it does not bear."""
    if word.kind != kind:
        wanted, zh = _ASKED[word.kind]
        raise GrammarFault(
            said,
            wanted.format(word=word, unit=word.units[0]),
            zh=zh.format(word=word, unit=word.units[0]),
        )


def _fact(said: str, vocabulary: Vocabulary) -> tuple[Word, tuple[str, ...]]:
    """Find a word, with the arguments in brackets after it."""
    called = _CALLED.fullmatch(said)
    name = called["fact"] if called else said
    word = vocabulary.get(name)
    if word is None and name.removeprefix("not ") in vocabulary:
        raise GrammarFault(
            said,
            "only a flag can be negated; turn the comparison round instead",
            zh="只有是非条件可用not，请改用相反的比较",
        )
    if word is None:
        raise GrammarFault(
            said,
            f"there is no fact {name[:60]!r} in the vocabulary",
            vocabulary.nearest(name),
            zh=f"词表中没有“{name[:60]}”",
        )
    inner = called["arguments"].strip() if called else ""
    arguments = tuple(_SEPARATOR.split(inner)) if inner else ()
    _check_arguments(said, word, arguments)
    return word, arguments


def _check_arguments(said: str, word: Word, arguments: tuple[str, ...]) -> None:
    least = sum(not p.optional for p in word.parameters)
    fits = least <= len(arguments) <= len(word.parameters)
    pairs = zip(word.parameters, arguments, strict=False)
    for parameter, argument in pairs if fits else ():
        fits = fits and _fits(parameter, argument)
    if not fits:
        choices = [c for p in word.parameters for c in p.choices]
        wrong = arguments[-1] if arguments else ""
        raise GrammarFault(
            said, f"{word} was wanted", nearest(wrong, choices), zh=f"应写作{word}"
        )


def _fits(parameter: Parameter, argument: str) -> bool:
    if parameter.content == "choice":
        return argument in parameter.choices
    return bool(argument) and (
        parameter.content != "kind" or _KIND.fullmatch(argument) is not None
    )


def _counted_in(said: str, word: Word, unit: str) -> str:
    """Give the unit of a number in its one spelling."""
    for known in word.units:
        if unit in (known, f"{known}s" if known.isalpha() else known):
            return known
    wanted = " or ".join(f"'{u}s'" if u.isalpha() else f"{u!r}" for u in word.units)
    raise GrammarFault(
        said,
        f"{word.name} is counted in {wanted.replace(repr(''), 'no unit')}",
        nearest(unit, [f"{u}s" for u in word.units if u]),
        zh=f"{word.name}的单位应为{'或'.join(u or '无' for u in word.units)}",
    )


def _run(
    said: str, word: Word, running: str | None, over: str | None
) -> tuple[int, Literal["", "round", "month"]]:
    """Read ``for n rounds|months``, where the word can have held so long."""
    if running is None or over is None:
        return 1, ""
    if word.runs and over in (word.runs, f"{word.runs}s"):
        return int(running), word.runs
    wanted = f"'for n {word.runs}s'" if word.runs else "no 'for' at all"
    raise GrammarFault(
        said,
        f"{word.name} bears {wanted}",
        zh=f"{word.name}" + (f"只能用for n {word.runs}s" if word.runs else "不能用for"),
    )


def _several(count: str, unit: str) -> str:
    return unit if count == "1" else f"{unit}s"


def _written(word: Word, arguments: tuple[str, ...]) -> str:
    return f"{word.name}({', '.join(arguments)})" if arguments else word.name
