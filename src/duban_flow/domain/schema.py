"""The JSON Schema of a payload, read off its attrs fields and types."""

from __future__ import annotations

import types
from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum
from typing import Any, Final, Literal, Union, get_args, get_origin, get_type_hints

import attrs

_PLAIN: Final[Mapping[Any, Mapping[str, Any]]] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    bool: {"type": "boolean"},
    Decimal: {"type": "string", "pattern": r"^-?\d+(\.\d+)?$"},
    datetime: {"type": "string", "format": "date-time"},
    date: {"type": "string", "format": "date"},
    time: {"type": "string", "format": "time"},
    type(None): {"type": "null"},
}


def schema_of(kind: Any) -> dict[str, Any]:
    """Give the JSON Schema (2020-12) of a type.

    >>> from duban_flow.domain.units import Role
    >>> schema_of(Role)["enum"][0]
    'lead'
    """
    if kind in _PLAIN:
        return dict(_PLAIN[kind])
    origin, arms = get_origin(kind), get_args(kind)
    if origin is not None:
        return _generic(origin, arms)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return {"enum": [member.value for member in kind]}
    return _object(kind) if attrs.has(kind) else {}


def _generic(origin: Any, arms: tuple[Any, ...]) -> dict[str, Any]:
    if origin in {Union, types.UnionType}:
        return {"anyOf": [schema_of(arm) for arm in arms]}
    if origin is Literal:
        return {"enum": list(arms)}
    if issubclass(origin, Mapping):
        return {"type": "object", "additionalProperties": schema_of(arms[1])}
    return {"type": "array", "items": schema_of(arms[0])}


def _object(kind: type[attrs.AttrsInstance]) -> dict[str, Any]:
    hints = get_type_hints(kind)
    fields = [f for f in attrs.fields(kind) if f.init]
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": {
            (f.alias or f.name): schema_of(hints.get(f.name, Any)) for f in fields
        },
        "required": [f.alias or f.name for f in fields if f.default is attrs.NOTHING],
    }
