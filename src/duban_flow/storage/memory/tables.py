"""One tenant's rows, as mappings that are never changed once they are published.

A writer copies a table the first time it touches it; who reads meanwhile keeps what
was there. JSON is kept as text, so that no value is shared with a caller.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from duban_flow.domain.codec import canonical
from duban_flow.domain.rendering import plain

Row = Mapping[str, Any]
Rows = Mapping[Any, Any]
Published = Mapping[str, Rows]
"""Tables by name; rows by key. The table ``event`` holds a tuple of rows a subject."""

JSON: Final = frozenset({"body", "grounds", "flags", "parties"})


class Tables:
    """What a unit of work sees: the published rows, and its own over them."""

    def __init__(self, published: Published) -> None:
        self._published = published
        self._own: dict[str, dict[Any, Any]] = {}

    def __getitem__(self, name: str) -> Rows:
        return self._own[name] if name in self._own else self._published.get(name, {})

    def changing(self, name: str) -> dict[Any, Any]:
        """Give a table to change, copied the first time."""
        if name not in self._own:
            self._own[name] = dict(self._published.get(name, {}))
        return self._own[name]

    @property
    def changed(self) -> bool:
        """Whether anything was."""
        return bool(self._own)

    def publish(self) -> Published:
        """Give what everybody is to see from now on."""
        return {**self._published, **self._own}

    def rows(self, name: str, keys: Iterable[Any]) -> list[Row]:
        """Give the rows under keys, in their order; an unknown key is absent."""
        table = self[name]
        return [table[key] for key in dict.fromkeys(keys) if key in table]

    def ordered(self, name: str) -> Sequence[Row]:
        """Give all rows of a table, by key."""
        table = self[name]
        return [table[key] for key in sorted(table)]


def as_text(row: Mapping[str, Any]) -> dict[str, Any]:
    """Write the JSON columns of a row down."""
    return {
        name: canonical(value)
        if name in JSON and not isinstance(value, str) and value is not None
        else value
        for name, value in row.items()
    }


def as_data(row: Row) -> dict[str, Any]:
    """Read the JSON columns of a row."""
    return {n: plain(v) if n in JSON and v is not None else v for n, v in row.items()}
