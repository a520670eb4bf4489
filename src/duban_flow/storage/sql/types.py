"""How values lie in columns: text compared by code point, instants, JSON as text."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import BigInteger, Dialect, String, Text, TypeDecorator
from sqlalchemy.dialects import mysql
from sqlalchemy.types import TypeEngine

from duban_flow.domain.codec import canonical

BINARY = {"charset": "utf8mb4", "collation": "utf8mb4_bin"}


def word(length: int) -> TypeEngine[str]:
    """Give a text of limited length, told apart by every code point: case, width."""
    return (
        String(length)
        .with_variant(String(length, collation="C"), "postgresql")
        .with_variant(mysql.VARCHAR(length, **BINARY), "mysql", "mariadb")
    )


def prose() -> TypeEngine[str]:
    """Give a text of any length."""
    return (
        Text()
        .with_variant(Text(collation="C"), "postgresql")
        .with_variant(mysql.LONGTEXT(**BINARY), "mysql", "mariadb")
    )


class Json(TypeDecorator[Any]):
    """Plain data as one canonical text, Chinese as it is, so that LIKE finds it.

    Only lists and mappings: a text that is given is taken for JSON already written.
    """

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Take the longest text the database has."""
        return dialect.type_descriptor(prose())

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        """Write."""
        return value if value is None or isinstance(value, str) else canonical(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        """Read."""
        return None if value is None else json.loads(value)


Instant = BigInteger
"""Microseconds since 1970-01-01T00:00Z: the same on every database, for ever."""
