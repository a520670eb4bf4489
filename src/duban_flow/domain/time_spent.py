"""Time spent 用时: a matter's time, whole and by party, and how it is told.

Values only: who is charged is :mod:`duban_flow.domain.days_ledger`'s to say.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Final, Literal

from attrs import frozen

from duban_flow.domain.codec import Value
from duban_flow.domain.time.telling import instant_text, length_text

Side = Literal["unit", "approver", "counterparty", "outage"]
Why = Literal[
    "handling", "unassigned", "submitted", "declined", "closed", "paused", "outage"
]

_SIDES: Final[Mapping[str, tuple[str, str]]] = {
    "unit": ("承办单位", "unit"),
    "approver": ("审核单位", "approver"),
    "counterparty": ("相关方", "counterparty"),
    "outage": ("系统停运", "engine outage"),
}
_WHYS: Final[Mapping[str, tuple[str, str]]] = {
    "handling": ("办理", "handling"),
    "unassigned": ("未明确承办单位", "no unit named"),
    "submitted": ("报结待审核", "a submit waits for an answer"),
    "declined": ("退回待裁定", "a decline waits for a ruling"),
    "closed": ("办结后又重新办理", "closed, and reopened later"),
    "paused": ("中止", "paused"),
    "outage": ("系统停运", "the engine did not run"),
}


@frozen(kw_only=True)
class TimeEntry(Value):
    """One stretch of a matter's time, charged to one party 用时记录.

    ``party`` is a unit's code, or whom a pause waits for; nobody where nobody is named.
    ``round`` counts how often the matter had been sent back, from 1. ``worked`` is
    working time, ``elapsed`` all of it.
    """

    since: datetime
    until: datetime
    side: Side
    party: str
    name: str
    why: Why
    round: int
    worked: timedelta
    elapsed: timedelta


@frozen(kw_only=True)
class PartyTime(Value):
    """What one party has had of a matter's time 各方用时."""

    side: Side
    party: str
    name: str
    worked: timedelta
    elapsed: timedelta
    entries: int

    def told(self, whole: timedelta, lang: str = "zh") -> str:
        """Say in a line how much of the whole it had."""
        percent = f"{100 * self.worked / whole:.1f}%" if whole else "-"
        worked = worked_text(self.worked, lang)
        who = side_text(self.side, self.name, lang)
        if lang == "zh":
            return f"{who}：{worked}，占{percent}。"
        return f"{who}: {worked}, {percent}."


@frozen(kw_only=True)
class TimeSpent(Value):
    """A matter's time, whole and by party 用时台账; the entries add up to the whole.

    ``returned`` is how often it was sent back for rework by then. ``provisional`` says
    that it rests on days not published yet: working time is the least there can be.
    """

    code: str
    since: datetime
    until: datetime
    zone: str
    worked: timedelta
    elapsed: timedelta
    provisional: bool = False
    returned: int = 0
    entries: tuple[TimeEntry, ...] = ()

    @property
    def by_party(self) -> tuple[PartyTime, ...]:
        """What each party has had, the most working time first."""
        several: dict[tuple[Side, str], list[TimeEntry]] = {}
        for one in self.entries:
            several.setdefault((one.side, one.party), []).append(one)
        made = [
            PartyTime(
                side=side,
                party=party,
                name=found[0].name,
                worked=sum((e.worked for e in found), timedelta()),
                elapsed=sum((e.elapsed for e in found), timedelta()),
                entries=len(found),
            )
            for (side, party), found in several.items()
        ]
        return tuple(sorted(made, key=lambda p: (-p.worked, -p.elapsed, p.party)))

    def of(self, party: str) -> timedelta:
        """Give the working time that one party has had, on whatever side."""
        return sum((e.worked for e in self.entries if e.party == party), timedelta())

    def explain(self, lang: str = "zh") -> list[str]:
        """Tell it line by line: the whole, each party's share, each stretch."""
        zh = lang == "zh"
        say = partial(instant_text, zone=self.zone, lang=lang)
        head = (
            f"{self.code}：{say(self.since)}至{say(self.until)}，"
            f"工作时间{worked_text(self.worked)}，历时{length_text(self.elapsed)}"
            + (f"，退回重办{self.returned}次。" if self.returned else "。")
            if zh
            else f"{self.code}: {say(self.since)} to {say(self.until)}, "
            f"{worked_text(self.worked, lang)} of working time, "
            f"{length_text(self.elapsed, lang)} in all"
            + (f"; sent back {_times(self.returned)}." if self.returned else ".")
        )
        open_days = (
            "所涉日期的放假安排尚未公布，工作时间按最少计。"
            if zh
            else "Days off on the way are not published: working time is the least."
        )
        return [
            head,
            *([open_days] if self.provisional else []),
            *(p.told(self.worked, lang) for p in self.by_party),
            *(_entry_line(e, self.zone, lang) for e in self.entries),
        ]

    def __str__(self) -> str:
        return "\n".join(self.explain())


def worked_text(worked: timedelta, lang: str = "zh") -> str:
    """Name working time in hours and minutes: a day of it is not one of 24 hours.

    >>> worked_text(timedelta(hours=37, minutes=30)), worked_text(timedelta(), "en")
    ('37小时30分钟', '0 h')
    """
    minutes = worked // timedelta(minutes=1)
    hours, rest = divmod(minutes, 60)
    if lang == "zh":
        return f"{hours}小时" + (f"{rest}分钟" if rest else "")
    return f"{hours} h" + (f" {rest} min" if rest else "")


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"


def side_text(side: str, name: str, lang: str = "zh") -> str:
    """Name a party by its side and its name; an outage has none.

    >>> side_text("unit", "住建局"), side_text("outage", "", "en")
    ('承办单位住建局', 'engine outage')
    """
    word = _SIDES[side][lang != "zh"]
    return f"{word}{'' if lang == 'zh' else ' '}{name}" if name else word


def why_text(why: str, lang: str = "zh") -> str:
    """Say why time is charged to a party."""
    return _WHYS[why][lang != "zh"]


def _entry_line(one: TimeEntry, zone: str, lang: str) -> str:
    say = partial(instant_text, zone=zone, lang=lang)
    since, until = say(one.since), say(one.until)
    worked, who = worked_text(one.worked, lang), side_text(one.side, one.name, lang)
    why = why_text(one.why, lang)
    if lang == "zh":
        return f"- {since}至{until}，{who}，{why}（第{one.round}轮），{worked}。"
    return f"- {since} to {until}: {who}, {why} (round {one.round}), {worked}."
