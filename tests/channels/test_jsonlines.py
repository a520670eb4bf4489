"""The file channel: one line a message, each key once, whatever happened before."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from attrs import evolve

from duban_flow.channels.jsonlines import JsonLines
from duban_flow.engine.ports import Retry, Sent
from duban_flow.testing.channels import ChannelConformance, message


class TestJsonLines(ChannelConformance):
    """The file channel keeps a channel's promises."""

    @pytest.fixture(autouse=True)
    def _folder(self, tmp_path: Path) -> None:
        self.path = tmp_path / "out" / "notices.jsonl"

    def channel(self) -> JsonLines:
        return JsonLines(self.path)


def lines(path: Path) -> list[str]:
    """Give the lines of a file."""
    return path.read_text("utf-8").split("\n")[:-1]


def test_a_message_is_one_json_object_in_plain_chinese(tmp_path: Path) -> None:
    """Everything a reader wants is there, Chinese as it is, no address."""
    path = tmp_path / "notices.jsonl"
    JsonLines(path).send([message()])
    [line] = lines(path)
    assert "老旧小区改造" in line
    assert "@" not in line
    said = json.loads(line)
    assert said["key"] == message().key
    assert said["at"] == "2026-06-01T01:00:00Z"
    assert (said["unit"], said["post"], said["rung"]) == ("zjj", "head", "past due")
    assert {"subject", "text", "item", "kind", "unit_name"} < set(said)


def test_a_key_is_written_once(tmp_path: Path) -> None:
    """Twice in a batch, twice in a row or from another process: one line, all Sent."""
    path = tmp_path / "notices.jsonl"
    channel = JsonLines(path)
    assert channel.send([message(), message()]) == [Sent(), Sent()]
    assert channel.send([message(), message(2)]) == [Sent(), Sent()]
    assert JsonLines(path).send([message(2), message(3)]) == [Sent(), Sent()]
    assert channel.send([message(3)]) == [Sent()]
    keys = [json.loads(line)["key"] for line in lines(path)]
    assert keys == [message(place).key for place in (1, 2, 3)]


def test_a_line_cut_short_is_written_again(tmp_path: Path) -> None:
    """What a crash left half written does not spoil what follows, nor count."""
    path = tmp_path / "notices.jsonl"
    JsonLines(path).send([message(1), message(2)])
    whole = path.read_bytes()
    path.write_bytes(whole[:-20])
    assert JsonLines(path).send([message(2)]) == [Sent()]
    assert path.read_bytes() == whole


def test_a_file_that_began_anew_is_read_anew(tmp_path: Path) -> None:
    """A file that was emptied has lost its keys, and so has the channel."""
    path = tmp_path / "notices.jsonl"
    channel = JsonLines(path)
    channel.send([message(1), message(2)])
    path.write_text("", "utf-8")
    channel.send([message(1)])
    assert len(lines(path)) == 1


def test_foreign_lines_are_left_alone(tmp_path: Path) -> None:
    """Lines that are not ours stay and mean nothing."""
    path = tmp_path / "notices.jsonl"
    path.write_text('remark\n[1]\n{"key": 1}\n', "utf-8")
    JsonLines(path).send([message()])
    assert lines(path)[:3] == ["remark", "[1]", '{"key": 1}']
    assert len(lines(path)) == 4


def test_a_place_that_cannot_be_written_is_tried_later(tmp_path: Path) -> None:
    """Nothing was written, so the outcome is Retry with the reason."""
    (tmp_path / "file").write_text("", "utf-8")
    [outcome] = JsonLines(tmp_path / "file" / "notices.jsonl").send([message()])
    assert isinstance(outcome, Retry)
    assert outcome.why


def test_a_text_with_line_breaks_is_one_line(tmp_path: Path) -> None:
    """A record is one line, whatever it says."""
    path = tmp_path / "notices.jsonl"
    text = "一\n二\r\n三\u2028四"
    JsonLines(path).send([evolve(message(), text=text)])
    [line] = lines(path)
    assert json.loads(line)["text"] == text
