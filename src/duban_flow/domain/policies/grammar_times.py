"""When a rung ripens, as policies write it: anchors and distances 时间表达式.

It reads text and gives values, or says what was wanted. It knows no calendar and
computes no instant.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final, get_args

from duban_flow.domain.policies.model import TimeExpression
from duban_flow.domain.policies.words import nearest
from duban_flow.domain.time.offset import Offset, OffsetUnit

ANCHORS: Final = (
    "assigned",
    "due",
    "chase",
    "limit",
    "round",
    "finding",
    "month end",
    "quarter end",
    "year end",
)
UNITS: Final[tuple[OffsetUnit, ...]] = get_args(OffsetUnit)
LONGEST: Final = 500

_OFFSET = re.compile(r"(?P<n>[0-9]{1,4}) ?(?P<unit>[A-Za-z]+)")
_TIME = re.compile(
    r"(?P<sitting>sitting after )?(?P<anchor>[^+-]+?)"
    r"(?: ?(?P<sign>[+-]) ?(?P<offset>[^+-]+))?"
)
_ACT = re.compile(r"(?P<kind>\w+)(?P<due> due)?")


class GrammarFault(ValueError):
    """What a policy says is not in its grammar: what was said, what was wanted.

    ``wanted`` and ``zh`` are one sentence in English and in Chinese; ``nearest`` is
    the valid word that lies nearest, where one does.
    """

    def __init__(
        self, said: str, wanted: str, near: str | None = None, *, zh: str = ""
    ) -> None:
        self.said = said if len(said) <= 100 else said[:99] + "…"
        self.wanted = wanted
        self.zh = zh or wanted
        self.nearest = near
        hint = f"; did you mean {near!r}?" if near else ""
        super().__init__(f"{self.said!r}: {wanted}{hint}")


def clean(text: str) -> str:
    """Give the text with single spaces, refusing what no policy can mean.

    Raises:
        GrammarFault: for an empty text, or one longer than 500 characters.
    """
    if not isinstance(text, str):
        raise GrammarFault(repr(text), "a text was wanted", zh="应为文本")
    if len(text) > LONGEST:
        raise GrammarFault(
            text,
            f"at most {LONGEST} characters were wanted",
            zh=f"应不超过{LONGEST}个字符",
        )
    said = " ".join(text.split())
    if not said:
        raise GrammarFault(text, "something was wanted here", zh="不能为空")
    return said


def parse_offset(text: str) -> Offset:
    """Read a distance in time: ``5 workdays``.

    Raises:
        GrammarFault: where it is none.

    >>> parse_offset("5 workdays")
    Offset(n=5, unit='workday')
    """
    said = clean(text)
    found = _OFFSET.fullmatch(said)
    if found is None:
        raise GrammarFault(
            said,
            "a number of days, workdays or months was wanted, such as '5 workdays'",
            zh="应为天数、工作日数或月数，例如“5 workdays”",
        )
    return Offset(int(found["n"]), _offset_unit(found["unit"], said))


def _offset_unit(unit: str, said: str) -> OffsetUnit:
    for known in UNITS:
        if unit in (known, f"{known}s"):
            return known
    raise GrammarFault(
        said,
        f"{unit!r} is no unit of time; day, workday or month was wanted",
        nearest(unit, [*UNITS, *(f"{u}s" for u in UNITS)]),
        zh=f"“{unit}”不是时间单位，应为day、workday或month",
    )


def parse_time(text: str, kinds: Collection[str] | None = None) -> TimeExpression:
    """Read when a rung ripens: ``[sitting after] ANCHOR [± n day|workday|month]``.

    Given the policy's *kinds*, an anchor that is none of them is refused; without,
    an unknown single word is taken for a kind.

    Raises:
        GrammarFault: for an unknown anchor, or a distance that is none.

    >>> made = parse_time("sitting after prompt + 15 workdays")
    >>> made.anchor, made.kind, made.offset, made.sitting
    ('act', 'prompt', Offset(n=15, unit='workday'), True)
    """
    said = clean(text)
    found = _TIME.fullmatch(said)
    if found is None:
        raise GrammarFault(
            said,
            "an anchor and at most one distance were wanted, such as 'due + 3 days'",
            zh="应为一个时点，至多带一个间隔，例如“due + 3 days”",
        )
    anchor, kind = _anchor(found["anchor"], kinds)
    sitting = found["sitting"] is not None
    canonical = ("sitting after " if sitting else "") + found["anchor"]
    offset = None
    if found["sign"] is not None:
        distance = parse_offset(found["offset"])
        canonical += f" {found['sign']} {distance}"
        n = -distance.n if found["sign"] == "-" else distance.n
        offset = Offset(n, distance.unit)
    return TimeExpression(
        text=canonical, anchor=anchor, kind=kind, offset=offset, sitting=sitting
    )


def _anchor(said: str, kinds: Collection[str] | None) -> tuple[str, str]:
    if said in ANCHORS:
        return said, ""
    found = _ACT.fullmatch(said)
    if found is not None and (kinds is None or found["kind"] in kinds):
        return ("act due" if found["due"] else "act"), found["kind"]
    acts = [word for kind in kinds or () for word in (kind, f"{kind} due")]
    raise GrammarFault(
        said,
        "this is no anchor; " + ", ".join([*ANCHORS, *acts]) + " are known"
        if kinds is not None
        else f"this is no anchor; {', '.join(ANCHORS)} or a kind was wanted",
        nearest(said, [*ANCHORS, *acts]),
        zh=f"没有这个时点，已知的有：{'、'.join([*ANCHORS, *acts])}",
    )
