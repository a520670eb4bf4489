"""Which reader reads a ledger 台账格式: chosen by the ending of its file."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any

from duban_flow.domain.ledger import Ledger
from duban_flow.engine.settings import LedgerReader, Named
from duban_flow.errors import NotFound


def ledger_reader(
    formats: Mapping[str, Callable[..., Any]], fields: Collection[str]
) -> LedgerReader:
    """Give a function that reads a ledger with the reader for its ending.

    ``fields`` are those of the office's workflows that may be columns.

    Raises:
        NotFound: where the function is given a file that nothing reads.
    """

    def read(source: Named, columns: Mapping[str, str] | None) -> Ledger:
        ending = ending_of(source)
        reader = formats.get(ending)
        if reader is None:
            there = ", ".join(formats)
            raise NotFound(
                f"{source!r}: nothing reads {ending!r} ledgers; there are {there}.",
                zh=f"不能读取“{ending}”台账，只能读{there}。",
                code="ledger.format",
            )
        made: Ledger = reader(source, columns=columns, fields=fields)
        return made

    return read


def ending_of(source: Named) -> str:
    """Give the ending of a path; bytes and text that is no path are a CSV ledger."""
    if isinstance(source, bytes) or (isinstance(source, str) and "\n" in source):
        return "csv"
    return Path(source).suffix[1:].lower() or "csv"
