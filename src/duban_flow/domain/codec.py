"""Values to plain data and back, with a schema number.

The one place that knows how a Decimal, an instant or a Span is written in JSON.
It refuses floats: a quantity that was rounded by a machine is not a fact.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum, StrEnum
from typing import Any, Final, Literal, Self, TypeVar, Union, get_args, get_origin

import cattrs
from cattrs.errors import BaseValidationError

from duban_flow.domain.instants import aware
from duban_flow.errors import Invalid, Problem

T = TypeVar("T")

SCHEMA: Final = 1


def _read_instant(value: Any, _: object) -> datetime:
    if isinstance(value, datetime):
        instant = value
    else:
        instant = datetime.fromisoformat(str(value))
    if instant.tzinfo is None:
        raise ValueError(f"{value!r} has no zone")
    return instant.astimezone(UTC)


def _read_decimal(value: Any, _: object) -> Decimal:
    if isinstance(value, bool | float):
        raise ValueError(
            f"{value!r}: a quantity is text or a whole number, not a float"
        )
    number = Decimal(value)
    if not number.is_finite():
        raise ValueError(f"{value!r} is not a finite number")
    return number


def _read_text(value: Any, _: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is not text")
    return value


def _read_word(value: Any, kind: type[StrEnum]) -> StrEnum:
    return kind(value)


def _read_int(value: Any, _: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(f"{value!r} is not a whole number")
    return value


def _read_bool(value: Any, _: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError(f"{value!r} is neither true nor false")
    return value


def _read_date(value: Any, _: object) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    return date.fromisoformat(str(value))


def _is_literal(kind: Any) -> bool:
    return get_origin(kind) is Literal


def _read_literal(value: Any, kind: Any) -> Any:
    if value not in get_args(kind):
        raise ValueError(f"{value!r} is none of {', '.join(map(repr, get_args(kind)))}")
    return value


def _is_union_of_values(kind: Any) -> bool:
    """Unions that cattrs cannot tell apart by itself: instants, spans, numbers."""
    if get_origin(kind) not in (Union, type(int | str)):
        return False
    arms = [arm for arm in get_args(kind) if arm is not type(None)]
    return len(arms) > 1


def _read_union(value: Any, kind: Any) -> Any:
    """Take the first arm that fits, in the order in which the type names them."""
    if value is None and type(None) in get_args(kind):
        return None
    faults = []
    for arm in get_args(kind):
        if arm is type(None):
            continue
        try:
            return CONVERTER.structure(value, arm)
        except (ValueError, TypeError, ArithmeticError, BaseValidationError) as fault:
            faults.append(str(fault))
    raise ValueError(f"{value!r} fits none of {kind}")


def _converter() -> cattrs.Converter:
    made = cattrs.Converter(forbid_extra_keys=True, omit_if_default=True)
    made.register_unstructure_hook(
        datetime, lambda d: aware(d).isoformat().replace("+00:00", "Z")
    )
    made.register_unstructure_hook(date, lambda d: d.isoformat())
    made.register_unstructure_hook(time, lambda t: t.isoformat())
    made.register_unstructure_hook(timedelta, lambda d: d // timedelta(microseconds=1))
    made.register_unstructure_hook(Decimal, lambda d: format(d, "f"))
    made.register_unstructure_hook(Enum, lambda e: e.value)
    made.register_structure_hook(datetime, _read_instant)
    made.register_structure_hook(date, _read_date)
    made.register_structure_hook(time, lambda v, _: time.fromisoformat(str(v)))
    made.register_structure_hook(timedelta, lambda v, _: timedelta(microseconds=v))
    made.register_structure_hook(Decimal, _read_decimal)
    made.register_structure_hook(str, _read_text)
    # A StrEnum is a str as well: without a hook of its own it would stay a text.
    made.register_structure_hook(StrEnum, _read_word)
    made.register_structure_hook(int, _read_int)
    made.register_structure_hook(bool, _read_bool)
    made.register_structure_hook_func(_is_literal, _read_literal)
    made.register_structure_hook_func(_is_union_of_values, _read_union)
    return made


CONVERTER: Final = _converter()


def unstructure(value: Any) -> Any:
    """Turn a value into plain data: text, whole numbers, lists, mappings."""
    return CONVERTER.unstructure(value)


def structure(data: Any, kind: type[T], what: str = "") -> T:
    """Read plain data as a value of *kind*.

    Raises:
        Invalid: naming every field that is missing, unknown or of a wrong type.
    """
    try:
        return CONVERTER.structure(data, kind)
    except (BaseValidationError, ValueError, TypeError, ArithmeticError) as fault:
        raise Invalid("", *_problems(fault, what or kind.__name__)) from fault


def _problems(fault: Exception, what: str) -> list[Problem]:
    if isinstance(fault, BaseValidationError):
        lines = cattrs.transform_error(fault, path=what)
    else:
        lines = [f"{fault} @ {what}"]
    problems = []
    for line in lines:
        said, _, place = line.rpartition(" @ ")
        problems.append(
            Problem(
                code="payload.invalid",
                en=said or line,
                zh=f"数据不合要求：{said or line}",
                column=place.removeprefix(f"{what}."),
            )
        )
    return problems


class Value:
    """A frozen value that can be written down and read again."""

    __slots__ = ()

    def to_dict(self) -> dict[str, Any]:
        """Write the value as plain data, with the number of its schema."""
        return {"schema": SCHEMA, **unstructure(self)}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Read what :meth:`to_dict` wrote.

        Raises:
            Invalid: for another schema number, or data that does not fit.
        """
        body = dict(data)
        found = body.pop("schema", SCHEMA)
        if found != SCHEMA:
            raise Invalid(
                f"{cls.__name__}: schema {found!r} was found, {SCHEMA} was wanted.",
                zh=f"{cls.__name__}：数据版本为{found!r}，应为{SCHEMA}。",
                code="schema.unknown",
            )
        return structure(body, cls)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read the canonical text of :meth:`to_dict`.

        Raises:
            Invalid: for a text that is no JSON object, or does not fit.
        """
        data = read_json(text)
        if not isinstance(data, dict):
            raise Invalid(
                f"{cls.__name__}: a JSON object was wanted, {data!r:.40} was found.",
                zh=f"{cls.__name__}：应为JSON对象。",
                code="json.invalid",
            )
        return cls.from_dict(data)


def read_json(text: str) -> Any:
    """Read JSON strictly, as plain data.

    Raises:
        Invalid: for a key that stands twice, NaN or Infinity, a number too long to be
            read, nesting too deep, and what is no JSON.

    >>> read_json('{"a": [1]}')
    {'a': [1]}
    """
    try:
        return json.loads(text, object_pairs_hook=_once, parse_constant=_no_number)
    except (ValueError, RecursionError) as fault:
        raise Invalid(
            f"It is no JSON that can be kept: {fault}.",
            zh=f"不是有效的JSON：{fault}。",
            code="json.invalid",
        ) from fault


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"the key {twice!r} stands twice")
    return made


def _no_number(word: str) -> None:
    raise ValueError(f"{word} is not a number")


def canonical(data: Any) -> str:
    """Write plain data as one text: sorted keys, no spaces, Chinese as it is."""
    return _ENCODER.encode(data)


_ENCODER: Final = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
)


def digest(data: Any) -> str:
    """Give the SHA-256 of the canonical text, in hexadecimal."""
    return hashlib.sha256(canonical(data).encode()).hexdigest()
