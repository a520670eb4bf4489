"""A channel to the screen: one block a message, for people who watch.

What it is given is data: control characters are shown, never obeyed, so that no name
can forge a line or move the cursor.
"""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import Final, TextIO
from zoneinfo import ZoneInfo

from rich.cells import cell_len

from duban_flow.engine.ports import Message, Sent

WIDTH: Final = 80
"""Columns of a block; a Chinese character takes two."""

_CLOSING: Final = frozenset("，。、；：！？）》】”’％")
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})


class Console:
    """Writes messages to a stream 控制台渠道, to the standard output by default."""

    local = True

    def __init__(
        self,
        stream: TextIO | None = None,
        lang: str = "zh",
        *,
        name: str = "console",
        zone: str = "Asia/Shanghai",
    ) -> None:
        self.name = name
        self._stream = stream
        self._lang = lang
        self._zone = ZoneInfo(zone)

    def send(self, batch: Sequence[Message]) -> Sequence[Sent]:
        """Write each message as a block of at most 80 columns."""
        # Looked up at each sending: a host may redirect its output in between.
        stream = sys.stdout if self._stream is None else self._stream
        for message in batch:
            stream.write(_writable("\n".join(self._block(message)) + "\n\n", stream))
        stream.flush()
        return [Sent() for _ in batch]

    def _block(self, message: Message) -> Iterator[str]:
        yield "─" * WIDTH
        yield from wrapped(visible(message.subject))
        to = " ".join(filter(None, (message.unit_name, message.post, message.name)))
        at = message.at.astimezone(self._zone).strftime("%Y-%m-%d %H:%M")
        labels = ("收件：", "时间：") if self._lang == "zh" else ("To: ", "At: ")
        yield from wrapped(visible(f"{labels[0]}{to}    {labels[1]}{at}"))
        yield ""
        for line in message.text.split("\n"):
            yield from wrapped(visible(line))


def visible(text: str) -> str:
    r"""Show what a terminal would obey: controls, and marks that turn or hide text.

    >>> visible("住建局\n2026 INFO closed")
    '住建局\\n2026 INFO closed'
    """
    return "".join(
        c.encode("unicode_escape").decode("ascii")
        if unicodedata.category(c) in _UNSEEN
        else c
        for c in text
    )


def wrapped(line: str, width: int = WIDTH) -> Iterator[str]:
    """Break a line into as many as its columns ask for, between words where it can.

    >>> list(wrapped("督查督办 report", width=9)), list(wrapped("进度40%。", width=7))
    (['督查督办', 'report'], ['进度', '40%。'])
    """
    while cell_len(line) > width:
        cut = _between(line, _fitting(line, width))
        yield line[:cut].removesuffix(" ")
        line = line[cut:].removeprefix(" ")
    yield line


def _fitting(line: str, width: int) -> int:
    """Count the characters that fit into so many columns, one at least."""
    ends = accumulate(map(cell_len, line))
    return max(sum(1 for end in ends if end <= width), 1)


def _between(line: str, cut: int) -> int:
    """Move a cut back out of a word or number, and off a mark that opens no line."""
    for place in range(cut, 0, -1):
        around = line[place - 1 : place + 1]
        word = around.isascii() and " " not in around
        if not word and line[place] not in _CLOSING:
            return place
    return cut


def _writable(text: str, stream: TextIO) -> str:
    """Spell out what the stream's encoding cannot say."""
    encoding = getattr(stream, "encoding", None) or "utf-8"
    return text.encode(encoding, "backslashreplace").decode(encoding)
