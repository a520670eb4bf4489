"""What has become of an item's dates, in words 时限变动: nothing old is forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from duban_flow.domain.due import stopped
from duban_flow.domain.instants import earliest, latest
from duban_flow.domain.items import Party
from duban_flow.domain.policies.speech import Speech
from duban_flow.domain.time.extension import Day, Extension
from duban_flow.domain.time.pauses import Pause
from duban_flow.domain.time.telling import day_text


def date_lines(speech: Speech) -> Iterator[str]:
    """Tell of each pause and extension, of dates that stood before, of reminders."""
    item, say = speech.case.item, speech.say
    for pause in item.pauses:
        yield _pause(speech, pause)
    for one in item.extensions:
        yield _extension(speech, one)
    if item.past_dues:
        told = speech.listed(speech.when(due.latest) for due in item.past_dues)
        yield say(f"时限曾为：{told}。", f"It was due before: {told}.")
    if item.goal is not None:
        before = speech.listed(speech.when(goal.latest) for goal in item.past_goals)
        now, times = speech.when(item.goal.latest), item.rebaselined
        yield say(
            f"目标调整{times}次，现为{now}；此前为{before}。",
            f"Target moved {times} times, now {now}; before: {before}.",
        )
    if item.chase_at is not None:
        told = speech.when(item.chase_at)
        yield say(f"催办日期为{told}。", f"Reminders follow {told}.")


def limit_text(speech: Speech, party: Party) -> str:
    """Say a party's own limit behind its name, where it has one."""
    if party.due is None:
        return ""
    told = speech.when(party.due.latest)
    return speech.say(f"（内部时限{told}）", f" (own limit {told})")


def _pause(speech: Speech, pause: Pause) -> str:
    say, since = speech.say, speech.when(earliest(pause.since))
    why = say("，", ", ").join(filter(None, (pause.reason, pause.authority)))
    what = say(
        f"第{pause.ordinal}次中止（{why}）：{since}起",
        f"Pause {pause.ordinal} ({why}): from {since}",
    )
    if pause.end is not None:
        until = speech.when(latest(pause.end))
        what += say(f"至{until}", f" to {until}")
    if pause.annulled:
        return what + say("，已撤销。", ", annulled.")
    if stopped(speech.case.item, earliest(pause.since)) is None:
        return what + say("，已逾期，仅作记录。", ", past due, noted only.")
    return what + say("，不计入期限。", ", not counted.")


def _extension(speech: Speech, one: Extension) -> str:
    say, who = speech.say, speech.name(one.unit)
    wanted = _day(speech, one.until)
    if one.override:
        told = speech.name(one.decided_by)
        return say(
            f"{told}特批延期至{wanted}（{one.decision}）。",
            f"{told} set it to {wanted} outside the rule ({one.decision}).",
        )
    asked = say(
        f"{who}申请延期至{wanted}（{one.reason}）",
        f"{who} asked for an extension until {wanted} ({one.reason})",
    )
    if one.status == "asked":
        return asked + say("，待答复。", ", not answered yet.")
    by = speech.name(one.decided_by)
    if one.status == "granted" and one.granted is not None:
        day = _day(speech, one.granted)
        return asked + say(f"，{by}同意延至{day}。", f"; {by} granted {day}.")
    if one.status == "withdrawn":
        return asked + say("，已撤回。", "; withdrawn.")
    return asked + say(
        f"，{by}不同意：{one.decision}。", f"; {by} refused: {one.decision}."
    )


def _day(speech: Speech, day: Day) -> str:
    if isinstance(day, datetime):
        return speech.when(day)
    return day_text(day, speech.lang)
