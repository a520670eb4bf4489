"""The console channel: readable, at most 80 columns, and never obeying its data."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from duban_flow.channels.console import WIDTH, Console, visible, wrapped
from duban_flow.engine.ports import Sent
from duban_flow.testing.channels import ChannelConformance, message


class TestConsole(ChannelConformance):
    """The console keeps a channel's promises."""

    def channel(self) -> Console:
        return Console(io.StringIO())


def written(lang: str = "zh", **changed: Any) -> str:
    """Give what the console writes of one message."""
    stream = io.StringIO()
    Console(stream, lang).send([evolve(message(), **changed)])
    return stream.getvalue()


def test_a_block_says_what_to_whom_and_when() -> None:
    """A message is shown with its subject, whom it is for, the local time, the text."""
    shown = written()
    assert "【催办】2026-001 老旧小区改造" in shown
    assert "收件：住建局 head 张三    时间：2026-06-01 09:00" in shown
    assert "尚未办结" in shown
    assert "To: 住建局" in written("en")


def test_no_line_is_wider_than_the_screen() -> None:
    """Chinese counts two columns a character."""
    shown = written(text="逾" * 100, subject="题" * 100, unit_name="局" * 60)
    assert max(cell_len(line) for line in shown.splitlines()) == WIDTH
    assert shown.count("逾") == 100


def test_a_name_cannot_forge_a_line() -> None:
    """A line break or an escape sequence in a name is shown, not obeyed."""
    shown = written(unit_name="局\n2026 INFO closed", subject="\x1b[2J题\u202e")
    assert "\n2026 INFO closed" not in shown
    assert "局\\n2026 INFO closed" in shown
    assert "\x1b" not in shown
    assert "\\u202e" in shown


def test_the_standard_output_is_looked_up_at_each_sending(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Without a stream of its own it writes where output goes at that time."""
    assert Console().send([message()]) == [Sent()]
    assert "老旧小区改造" in capsys.readouterr().out


def test_a_screen_without_chinese_is_no_reason_to_fail() -> None:
    """What the encoding cannot say is spelled out."""
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="ascii")
    assert Console(stream, "en").send([message()]) == [Sent()]
    stream.flush()
    assert b"\\u3010" in raw.getvalue()


def test_another_zone_shows_its_own_clocks() -> None:
    """The time is that of the zone the console was made with."""
    stream = io.StringIO()
    told = evolve(message(), at=datetime(2026, 6, 1, 1, tzinfo=UTC))
    Console(stream, zone="UTC").send([told])
    assert "2026-06-01 01:00" in stream.getvalue()


@given(st.text(alphabet=st.characters(exclude_characters=" "), max_size=300))
def test_wrapping_loses_nothing(line: str) -> None:
    """Broken at no space, a line's parts put together are the line."""
    shown = visible(line)
    parts = list(wrapped(shown, 10))
    assert "".join(parts) == shown
    assert all(cell_len(part) <= 10 for part in parts)


@given(st.text(max_size=100))
def test_what_is_visible_is_one_line(text: str) -> None:
    """Shown text never has a line break of any sort."""
    assert len(visible(text).splitlines()) <= 1
