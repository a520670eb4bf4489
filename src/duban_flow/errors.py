"""Every way to be refused, on one page.

An error says which item, which action, what was found and what was wanted, in
English and in Chinese, under a stable code. It never carries a traceback of a
foreign library: adapters translate those, with ``from``.
"""

from __future__ import annotations

from typing import Any, ClassVar, Final

from attrs import frozen


@frozen(kw_only=True)
class Reason:
    """One reason why something was refused 理由, under a stable code.

    >>> Reason(code="item.closed", en="A-1 is closed.", zh="A-1已办结。").text("en")
    'A-1 is closed.'
    """

    code: str
    en: str
    zh: str = ""

    def text(self, lang: str = "zh") -> str:
        """Say it in one language; without Chinese, the English stands."""
        return self.zh if lang == "zh" and self.zh else self.en

    def to_dict(self, lang: str = "zh") -> dict[str, Any]:
        """Give the code and the text, as a host's form would show them."""
        return {"code": self.code, "text": self.text(lang)}


_EXAMPLE: Final = ("例如", "for example")
_SUCH: Final = ("可写", "such as")
_HINTS: Final = {
    **dict.fromkeys(("date", "number", "term", "quantity", "amount"), _EXAMPLE),
    **dict.fromkeys(("not_a_date", "not_a_time", "hours", "turn", "zone"), _EXAMPLE),
    **dict.fromkeys(("lint", "flag", "type", "table", "missing"), _SUCH),
    "formula": _SUCH,
    **dict.fromkeys(("range", "beyond_known"), ("范围是", "the range is")),
    "total": ("各行合计", "the rows add up to"),
    "": ("最接近的是", "the nearest is"),
}
"""How a suggestion is introduced, by the first or the last word of a problem's code."""


def _introduction(code: str, wanted: str) -> tuple[str, str]:
    """Give the words before a suggestion, in Chinese and in English."""
    if wanted.startswith(("≤", "≥")):
        return _HINTS["range"]
    words = code.split(".")
    return _HINTS[next((w for w in (words[0], words[-1]) if w in _HINTS), "")]


@frozen(kw_only=True)
class Problem(Reason):
    """One fault of an input 问题: where it stands, what was said, what might help.

    ``row`` counts as a person counts in a spreadsheet: the heading is row 1.
    ``wanted`` is a suggestion or an example, never a fact.

    >>> Problem(code="date.form", en="It is no date.", wanted="2009-11-30").text("en")
    'It is no date; for example 2009-11-30'
    """

    sheet: str = ""
    row: int | None = None
    column: str = ""
    said: str = ""
    wanted: str = ""

    def text(self, lang: str = "zh") -> str:
        """Say where, what was said and what might help, in one line."""
        body = super().text(lang)
        if lang == "zh":
            place = [self.sheet, f"第{self.row}行" if self.row else "", self.column]
            said = f"写的是“{self.said}”" if self.said else ""
            told = [body, said, self.hint("zh")]
            return _line(place, told, " ", "，", "：")
        place = [self.sheet, f"row {self.row}" if self.row else "", self.column]
        said = f"said {self.said!r}" if self.said else ""
        return _line(place, [body, said, self.hint("en")], ", ", "; ", ": ")

    def hint(self, lang: str = "zh") -> str:
        """Say what might be written instead 提示, as an example or as the nearest."""
        if self.wanted in ("", self.said):
            return ""
        zh, en = _introduction(self.code, self.wanted)
        return f"{zh}{self.wanted}" if lang == "zh" else f"{en} {self.wanted}"

    def to_dict(self, lang: str = "zh") -> dict[str, Any]:
        """Give every part by name, for a table of faults."""
        return {
            **super().to_dict(lang),
            "sheet": self.sheet,
            "row": self.row,
            "column": self.column,
            "said": self.said,
            "wanted": self.wanted,
        }


def _line(place: list[str], told: list[str], *marks: str) -> str:
    """Join what there is: the place, then what is told of it."""
    between_places, between_words, after = marks
    where = between_places.join(filter(None, place))
    what = between_words.join(part.rstrip("。.") for part in told if part)
    return after.join(filter(None, (where, what)))


class DubanError(Exception):
    """Something duban_flow was asked to do cannot be done."""

    status: ClassVar[int] = 500
    default_code: ClassVar[str] = "duban.error"

    def __init__(
        self, message: str = "", *reasons: Reason, zh: str = "", code: str = ""
    ) -> None:
        if not reasons:
            text = message or (type(self).__doc__ or "").splitlines()[0]
            reasons = (Reason(code=code or self.default_code, en=text, zh=zh),)
        self.reasons = tuple(reasons)
        self.code = code or self.reasons[0].code
        super().__init__(message or "; ".join(r.text("en") for r in self.reasons))

    def text(self, lang: str = "zh") -> str:
        """Say every reason, one a line."""
        return "\n".join(reason.text(lang) for reason in self.reasons)

    def to_dict(self, lang: str = "zh") -> dict[str, Any]:
        """Give code, status and reasons, ready for a JSON answer."""
        return {
            "code": self.code,
            "status": self.status,
            "reasons": [reason.to_dict(lang) for reason in self.reasons],
        }


class Invalid(DubanError):
    """What was given is not valid; every problem is named at once."""

    status = 400
    default_code = "invalid"

    @property
    def problems(self) -> tuple[Reason, ...]:
        """The faults found, in the order in which they stand in the input."""
        return self.reasons


class Forbidden(DubanError):
    """This actor may not do this here."""

    status = 403
    default_code = "forbidden"


class NotFound(DubanError):
    """There is nothing under that name, or the actor may not see it."""

    status = 404
    default_code = "not_found"


class Stale(DubanError):
    """It has changed since it was read; read again and decide again."""

    status = 409
    default_code = "stale"


class Conflict(DubanError):
    """The name or request id is already taken by something else."""

    status = 409
    default_code = "conflict"


class Refused(DubanError):
    """The workflow does not allow this action here; every reason is given."""

    status = 422
    default_code = "refused"


class Stopped(DubanError):
    """A guard stopped the sweep; a person must look before it goes on."""

    status = 503
    default_code = "stopped"


class Busy(DubanError):
    """Somebody else holds it; roll back and run again."""

    status = 503
    default_code = "busy"


class SchemaMismatch(DubanError):
    """The database's schema is older or newer than this library."""

    status = 503
    default_code = "schema"
