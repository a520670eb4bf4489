"""Numbers in running text 文中数字: which stand there, and what they count.

Read are arabic digits, half or full width, with the unit of measure that follows.
Left out are dates, times, ordinals, document numbers and numbers inside words
(B-14, 6-9栋): they count nothing. Chinese numerals are not read.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Final

from attrs import frozen

from duban_flow.domain.circular.figure import Figure

_DROPPED: Final = re.compile(
    r"<(style|script|title|desc)\b.*?</\1\s*>", re.DOTALL | re.IGNORECASE
)
_INLINE: Final = re.compile(
    r"</?(a|abbr|b|data|em|i|small|span|strong|sub|sup|u)\b[^>]*>"
)
_TAG: Final = re.compile(r"<[!/?A-Za-z][^>]*>")
_ENTITY: Final = re.compile(r"&(#\d+|#[xX][0-9a-fA-F]+|[A-Za-z]+);")
_LINK: Final = re.compile(r"\]\([^()\s]*\)")
_MARKS: Final = re.compile(r"[*_`\\\[\]#]")
_RULE: Final = re.compile(r"^[ \t|:-]+$", re.MULTILINE)
_SPELLINGS: Final = (
    *(("，", "；"), ("\xad", ""), ("km²", "平方公里"), ("m²", "平方米")),
    *(("㎢", "平方公里"), ("㎡", "平方米")),
)
_SPACE: Final = re.compile(r"[\s|]+")
_BETWEEN_WORDS: Final = re.compile(r"(?<=[0-9A-Za-z.%]) (?=[0-9A-Za-z.])")

_UNCOUNTED: Final = re.compile(
    r"\d{2,4}年(\d{1,2}月(\d{1,2}[日号]?)?)?"
    r"|\d{1,2}月(\d{1,2}([日号]|(?=[—~至-]\d)))?"
    r"|\d{4}[-/.]\d{1,2}[-/.]\d{1,2}(T[\d:.]+(Z|[+-][\d:]+)?)?"
    r"|\d{1,2}:\d{2}(:\d{2})?"
    r"|\d{1,2}[时点](\d{1,2}分)?"
    r"|第\d+"
    r"|[〔\[(]\d{4}[〕\])]\d+号?"
    r"|[A-Za-z]-?\d[\d-]*|\d+-\d+(?=[栋幢号楼座])"
)
_NUMBER: Final = re.compile(r"(?<![\dA-Za-z.])(\d{1,3}(,\d{3})+|\d+)(\.\d+)?")
_JOINT: Final = re.compile(r"[、和与及至~—-]")
_CLAUSE: Final = 200
_LONGER: Final = (
    *(
        "个月",
        "个百分点",
        "个工作日",
        "个小时",
        "个自然日",
        "个点",
        "年度",
        "号地块",
        "号楼",
    ),
    *("亿元", "万元", "万平方米", "万亩", "万人", "万户", "万件", "平方米", "平方公里"),
)


@frozen
class Numeral:
    """A number that stands in a text: its value, its unit, how many it stands for.

    ``each`` is how many names share it: 人大代表和政协委员各8人 says 8 twice.
    """

    value: Decimal
    measure_unit: str
    start: int
    end: int
    each: int = 1


def plain(text: str) -> str:
    """Give the text of Markdown or HTML without its marks, one spelling for each mark.

    >>> plain("<td>已办结</td> <td><b>４６</b> 件</td>")
    '已办结46件'
    """
    text = _DROPPED.sub(" ", text)
    text = _TAG.sub(" ", _INLINE.sub("", text))
    text = _ENTITY.sub(_entity, text)
    text = _MARKS.sub("", _LINK.sub("", _RULE.sub(" ", text)))
    for said, one in _SPELLINGS:
        text = text.replace(said, one)
    text = unicodedata.normalize("NFKC", text)
    return _unspaced(_SPACE.sub(" ", text)).strip()


def _entity(found: re.Match[str]) -> str:
    known = {"lt": "<", "gt": ">", "amp": "&", "quot": '"', "apos": "'", "nbsp": " "}
    name = found[1]
    if not name.startswith("#"):
        return known.get(name, " ")
    code = int(name[1:]) if name[1].isdigit() else int(f"0{name[1:]}", 0)
    return chr(code) if 0 < code < 0x110000 else " "


def _unspaced(text: str) -> str:
    """Drop spaces, but never so that two numbers or words become one."""
    kept = _BETWEEN_WORDS.sub("\0", text)
    return kept.replace(" ", "").replace("\0", " ")


def spelt(text: str) -> str:
    """Give a piece of the circular's own words as :func:`plain` spells it."""
    return plain(text.replace("<", "＜").replace("&", "＆"))


def numerals(text: str, units: Iterable[str]) -> Iterator[Numeral]:
    """Give each number of a plain text that counts something, with its unit.

    A number without a unit of its own has that of the next one it is joined to
    (50.74、53.75分); the unit is empty where there is none.
    """
    known = sorted({*units, *_LONGER} - {""}, key=len, reverse=True)
    text = _UNCOUNTED.sub(lambda found: "\0" * len(found[0]), text)
    found = list(_NUMBER.finditer(text))
    named = [_unit_at(text, match.end(), known) for match in found]
    for i in reversed(range(len(found) - 1)):
        between = text[found[i].end() : found[i + 1].start()]
        if not named[i] and _JOINT.fullmatch(between):
            named[i] = named[i + 1]
    for match, unit in zip(found, named, strict=True):
        value = Decimal(match[0].replace(",", ""))
        each = _sharers(text[max(0, match.start() - _CLAUSE) : match.start()])
        yield Numeral(value, unit, match.start(), match.end(), each)


def _unit_at(text: str, start: int, known: Iterable[str]) -> str:
    """Find the longest unit that stands at a place; 万 and 亿 may go before any."""
    several = tuple(known)
    for prefix in ("", "万", "亿"):
        for unit in several:
            if text.startswith(prefix + unit, start):
                return prefix + unit
    return ""


def _names_before(text: str) -> list[str]:
    """Give the names of a list that ends here, the last clause alone."""
    clause = re.split(r"[,;:。；：！？()0-9]|包含|包括|其中", text)[-1]
    pieces = re.split(r"[、和与及]", clause)
    return [piece.strip() for piece in pieces if piece.strip()]


def _sharers(before: str) -> int:
    """Say how many names share a number: as many as are listed before 各."""
    if not before.endswith("各"):
        return 1
    return max(1, len(_names_before(before[:-1])))


def figures_in(text: str, units: Iterable[str]) -> tuple[Figure, ...]:
    """Read a listing as figures, each named by the words before it 拆分列举.

    A number after 各 is read once for each of the names it is shared by.

    >>> [str(f) for f in figures_in("人大代表和政协委员各8人、机关干部15人", ["人"])]
    ['8人', '8人', '15人']
    """
    text, wanted, last = plain(text), tuple(units), 0
    found = []
    for numeral in numerals(text, wanted):
        if numeral.measure_unit not in wanted:
            continue
        before = text[last : numeral.start]
        names = _names_before(before.removesuffix("各"))
        last = numeral.end + len(numeral.measure_unit)
        several = names[-numeral.each :] or [""] * numeral.each
        found += [Figure(n, numeral.value, numeral.measure_unit) for n in several]
    return tuple(found)
