"""Bytes of a file to text, strictly: UTF-8, else GB18030, or UTF-16 by its mark.

A byte that does not fit is named by its place. Nothing is replaced and nothing is
guessed: GB18030 accepts much that is UTF-8 with a fault in it, so a file in which
both stand is refused.
"""

from __future__ import annotations

import codecs
import re
from typing import Final

from attrs import frozen

from duban_flow.errors import Problem

_MARKS: Final = (
    (codecs.BOM_UTF32_LE, ""),
    (codecs.BOM_UTF32_BE, ""),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Two Chinese characters in UTF-8. A line of GB18030 that reads as UTF-8 and holds
# them does not come about by chance.
_TWO_IN_UTF8: Final = re.compile(rb"(?:[\xe3-\xe9][\x80-\xbf]{2}.*){2}")
_WANTED: Final = "UTF-8, GB18030, UTF-16"


@frozen
class Decoded:
    """The text of a file, and the encoding it was read by; or why there is none."""

    text: str = ""
    encoding: str = ""
    problem: Problem | None = None


_UNREAD: Final = (
    (FileNotFoundError, "there is no such file", "没有这个文件"),
    (IsADirectoryError, "it is a folder", "是文件夹，不是文件"),
    (PermissionError, "it may not be read", "没有读取权限"),
    (UnicodeError, "it is no UTF-8 text", "不是UTF-8文本"),
)


def why_unread(fault: Exception) -> tuple[str, str]:
    """Say why a file cannot be read, in English and in Chinese.

    >>> why_unread(FileNotFoundError())[0]
    'there is no such file'
    """
    for kind, en, zh in _UNREAD:
        if isinstance(fault, kind):
            return en, zh
    said = fault.strerror if isinstance(fault, OSError) and fault.strerror else ""
    return said or "it cannot be opened", "无法打开"


def decode(data: bytes) -> Decoded:
    """Read bytes as text.

    >>> decode("编号".encode("gb18030")).encoding
    'gb18030'
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _marked(data, len(mark), encoding)
    try:
        return Decoded(data.decode("utf-8"), "utf-8")
    except UnicodeDecodeError as fault:
        first = fault.start
    if _mostly_nul(data):
        return _refused("UTF-16", data.index(b"\0"))
    if (place := _not_utf8(data)) is not None:
        return _refused("UTF-8", place)
    try:
        return Decoded(data.decode("gb18030"), "gb18030")
    except UnicodeDecodeError:
        return _refused("UTF-8", first)


def _marked(data: bytes, skip: int, encoding: str) -> Decoded:
    if not encoding:
        return _refused("UTF-32", 0)
    try:
        return Decoded(data[skip:].decode(encoding), encoding)
    except UnicodeDecodeError as fault:
        return _refused(encoding.upper(), skip + fault.start)


def _mostly_nul(data: bytes) -> bool:
    return data.count(b"\0") * 4 > len(data)


def _not_utf8(data: bytes) -> int | None:
    """Give the place of the first wrong byte of a file that is UTF-8 elsewhere."""
    wrong, offset, seen = None, 0, False
    for line in data.split(b"\n"):
        try:
            line.decode("utf-8")
            seen = seen or _TWO_IN_UTF8.search(line) is not None
        except UnicodeDecodeError as fault:
            wrong = offset + fault.start if wrong is None else wrong
        offset += len(line) + 1
    return wrong if seen else None


def _refused(encoding: str, place: int) -> Decoded:
    return Decoded(
        problem=Problem(
            code="file.encoding",
            en=f"Byte {place} is not {encoding}.",
            zh=f"第{place}字节不是{encoding}编码",
            said=f"{encoding}, byte {place}",
            wanted=_WANTED,
        )
    )
