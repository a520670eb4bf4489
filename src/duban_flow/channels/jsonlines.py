"""A channel to a file: one JSON object a line, each key once.

A line that was written whole stays as it is; a message that is in the file already is
not written again. Addresses are not written.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from duban_flow.domain.codec import unstructure
from duban_flow.engine.ports import Message, Retry, Sent

if sys.platform != "win32":
    import fcntl


class JsonLines:
    """Appends messages to a file in UTF-8 文件渠道; makes the file where it is absent.

    A line that a crash cut short counts as not written and gives way. Several
    processes take turns, except on Windows: there one writes at a time.
    """

    local = True

    def __init__(self, path: str | Path, *, name: str = "jsonlines") -> None:
        self.name = name
        self._path = Path(path)
        self._seen: set[str] = set()
        self._read = 0

    def send(self, batch: Sequence[Message]) -> Sequence[Sent | Retry]:
        """Write what is not there yet; a full or absent disk means Retry."""
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with self._path.open("a+b") as file:
                _lock(file)
                self._look(file)
                file.truncate(self._read)
                file.write(b"".join(self._lines(batch)))
                file.flush()
                os.fsync(file.fileno())
                self._look(file)
        except OSError as fault:
            # What did get to the file is found by its key at the next attempt.
            return [Retry(f"{self._path.name}: {fault.strerror}") for _ in batch]
        return [Sent() for _ in batch]

    def _look(self, file: BinaryIO) -> None:
        """Take in the keys that were written since the last look."""
        if file.seek(0, os.SEEK_END) < self._read:
            self._seen, self._read = set(), 0
        file.seek(self._read)
        for line in file:
            if line.endswith(b"\n"):
                self._seen.update(_key(line))
                self._read += len(line)

    def _lines(self, batch: Sequence[Message]) -> Iterator[bytes]:
        new = {m.key: m for m in batch if m.key not in self._seen}
        for message in new.values():
            text = json.dumps(_plain(message), ensure_ascii=False, allow_nan=False)
            yield f"{text}\n".encode()


def _lock(file: BinaryIO) -> None:
    """Wait for the other writers; closing the file lets go."""
    if sys.platform != "win32":
        fcntl.flock(file, fcntl.LOCK_EX)


def _plain(message: Message) -> dict[str, str | None]:
    return {
        "key": message.key,
        "at": unstructure(message.at),
        "unit": message.unit,
        "unit_name": message.unit_name,
        "post": message.post,
        "item": message.item,
        "rung": message.rung,
        "kind": message.kind,
        "subject": message.subject,
        "text": message.text,
    }


def _key(line: bytes) -> Iterator[str]:
    """Read the key of a line, if it is one of ours."""
    try:
        said = json.loads(line)
    except ValueError:
        return
    if isinstance(said, dict) and isinstance(said.get("key"), str):
        yield said["key"]
