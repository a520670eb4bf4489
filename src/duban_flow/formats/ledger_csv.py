"""A ledger from comma-separated text: bytes, text or a path in, a Ledger out.

Nothing is raised for what stands in the file: every fault is a problem of the
Ledger, with its row and its column. The separator (comma, TAB or semicolon) is taken
from the heading alone, and the file is read once, so that its digest is that of what
was read. The columns are those of :mod:`duban_flow.domain.ledger`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from itertools import islice
from pathlib import Path

from attrs import evolve

from duban_flow.domain.ledger import Ledger
from duban_flow.errors import Problem
from duban_flow.formats.cells import shown
from duban_flow.formats.decoding import Decoded, decode, why_unread
from duban_flow.formats.ledger_heading import LOOKED_AT, Names
from duban_flow.formats.ledger_rows import Limits, gather
from duban_flow.formats.records import SEPARATORS, lone_returns, read_records


def read_ledger(
    source: bytes | str | Path,
    *,
    name: str = "",
    columns: Mapping[str, str] | None = None,
    fields: Collection[str] = (),
    limits: Limits | None = None,
) -> Ledger:
    r"""Read a ledger 台账; a text without a line break is a path.

    *columns* maps headings of the host's own to columns (to ``""`` where one is not
    to be read); *fields* are those of its workflows that may be columns.

    >>> ledger = read_ledger("编号,事项,责任单位\nA-1,修路,住建局")
    >>> ledger.rows[0].number, dict(ledger.rows[0].cells)
    (2, {'code': 'A-1', 'title': '修路', 'responsible': '住建局'})
    """
    most = limits or Limits()
    data, called, problem = _bytes_of(source, most)
    called = name or called
    digest = hashlib.sha256(data).hexdigest()
    if problem is None and len(data) > most.size:
        problem = _large(most)
    decoded = _decoded(source, data) if problem is None else Decoded(problem=problem)
    if decoded.problem is not None:
        return _unread(called, digest, decoded.problem)
    text = decoded.text.removeprefix("\ufeff")
    if (problem := lone_returns(text)) is not None:
        return _unread(called, digest, problem)
    names = Names.of(columns or {}, fields)
    return gather(
        read_records(text, separator_of(text, names)),
        name=called,
        digest=digest,
        columns=columns,
        fields=fields,
        limits=most,
    )


def separator_of(text: str, names: Names) -> str:
    """Take the separator under which the first rows hold the most headings."""

    def known(separator: str) -> int:
        first = islice(read_records(text, separator), LOOKED_AT)
        return max((names.known(record) for record in first), default=0)

    return max(SEPARATORS, key=known)


def _bytes_of(
    source: bytes | str | Path, most: Limits
) -> tuple[bytes, str, Problem | None]:
    """Give the bytes of a source, what it is called, and why it cannot be read."""
    if isinstance(source, bytes):
        return source, "", None
    if isinstance(source, str) and "\n" in source:
        return source.encode("utf-8", "surrogatepass"), "", None
    path = Path(source)
    try:
        with path.open("rb") as file:
            return file.read(most.size + 1), path.name, None
    except (OSError, ValueError) as fault:
        en, zh = why_unread(fault)
        problem = Problem(
            code="file.unreadable",
            en=f"The file cannot be read: {en}.",
            zh=f"文件无法读取：{zh}",
            said=shown(str(source)),
        )
        return b"", path.name, problem


def _decoded(source: bytes | str | Path, data: bytes) -> Decoded:
    if isinstance(source, str) and "\n" in source:
        return Decoded(source, "text")
    return decode(data)


def _large(most: Limits) -> Problem:
    return Problem(
        code="file.size",
        en=f"The file is larger than {most.size} bytes.",
        zh=f"文件超过{most.size}字节",
        wanted=f"≤ {most.size}",
    )


def _unread(name: str, digest: str, problem: Problem) -> Ledger:
    return Ledger(name=name, digest=digest, problems=(evolve(problem, sheet=name),))
