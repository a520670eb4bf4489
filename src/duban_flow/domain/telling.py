"""Dates, instants and stretches of days in words, as a clerk reads them.

Chinese or English; nothing is computed here and nothing is rounded.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from duban_flow.domain.calendar import DayKind, Edition, Stretch
from duban_flow.domain.instants import DAY, TICK

WEEKDAYS: Final = {
    "zh": ("周一", "周二", "周三", "周四", "周五", "周六", "周日"),
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
}


def day_text(day: date, lang: str = "zh") -> str:
    """Name a day with its weekday.

    >>> day_text(date(2009, 10, 9)), day_text(date(2009, 10, 9), "en")
    ('2009年10月9日（周五）', '2009-10-09 (Fri)')
    """
    if lang == "zh":
        weekday = WEEKDAYS["zh"][day.weekday()]
        return f"{day.year}年{day.month}月{day.day}日（{weekday}）"
    return f"{day.isoformat()} ({WEEKDAYS['en'][day.weekday()]})"


def instant_text(
    moment: datetime, zone: str, lang: str = "zh", *, opening: bool = False
) -> str:
    """Name an instant on the clocks of a zone 时刻.

    Midnight is the 24:00 of the day it ends, unless it is *opening* the next.

    >>> end = datetime(2009, 12, 31, 16, tzinfo=ZoneInfo("UTC"))
    >>> instant_text(end, "Asia/Shanghai")
    '2009年12月31日（周四）24:00'
    """
    local = moment.astimezone(ZoneInfo(zone))
    if (local + TICK).time() == time():
        return _joined(local.date(), "24:00", lang)
    if local.time() == time() and not opening:
        return _joined(local.date() - DAY, "24:00", lang)
    exact = "%H:%M" if local.second == local.microsecond == 0 else "%H:%M:%S"
    return _joined(local.date(), local.strftime(exact), lang)


def length_text(length: timedelta, lang: str = "zh") -> str:
    """Name a length of time by its two greatest parts, downwards.

    >>> length_text(timedelta(days=146, hours=9, minutes=5)), length_text(-MINUTE, "en")
    ('146天9小时', '1 minute')
    """
    left = abs(length)
    said: list[str] = []
    for size, zh, en in _PARTS:
        count, left = divmod(left, size)
        if count and len(said) < _TWO:
            said.append(f"{count}{zh}" if lang == "zh" else _counted(count, en))
    nothing = "0秒" if lang == "zh" else "0 seconds"
    return ("" if lang == "zh" else " ").join(said) or nothing


def _counted(count: int, word: str) -> str:
    return f"{count} {word}" if count == 1 else f"{count} {word}s"


MINUTE: Final = timedelta(minutes=1)
_TWO: Final = 2
_PARTS: Final = (
    (DAY, "天", "day"),
    (timedelta(hours=1), "小时", "hour"),
    (MINUTE, "分钟", "minute"),
    (timedelta(seconds=1), "秒", "second"),
)


def _joined(day: date, clock: str, lang: str) -> str:
    return f"{day_text(day, lang)}{'' if lang == 'zh' else ' '}{clock}"


def stretch_text(stretch: Stretch, lang: str = "zh", *, workdays: bool = True) -> str:
    """Name a holiday or make-up day, and whether a count of *workdays* takes it in.

    >>> stretch_text(Stretch(date(2009, 9, 27), date(2009, 9, 27), DayKind.DECREED,
    ...     "国庆节"))
    '2009年9月27日（周日）调休上班（国庆节），计入。'
    """
    decreed = stretch.kind is DayKind.DECREED
    counted = decreed or not workdays
    first, last = day_text(stretch.first, lang), day_text(stretch.last, lang)
    name = stretch.name
    if lang == "zh":
        days = first if stretch.days == 1 else f"{first}至{last}共{stretch.days}天"
        what = "调休上班" if decreed else "放假"
        tail = "计入" if counted else "不计入"
        return f"{days}{what}{f'（{name}）' if name else ''}，{tail}。"
    days = first if stretch.days == 1 else f"{first} to {last}, {stretch.days} days"
    what = "worked by decree" if decreed else "days off"
    tail = "counted" if counted else "not counted"
    return f"{days}: {what}{f' ({name})' if name else ''}, {tail}."


UNITS: Final = {
    "workday": ("个工作日", "working day"),
    "day": ("天", "day"),
    "month": ("个月", "month"),
    "hour": ("个工作小时", "working hour"),
}


def term_text(
    unit: str, count: int, moment: object, lang: str = "zh", *, minutes: int = 0
) -> str:
    """Name a rule: so many of a unit, or until a day, an instant or a Span."""
    if moment is not None:
        if isinstance(moment, datetime):
            text = moment.isoformat()
        else:
            text = day_text(moment, lang) if isinstance(moment, date) else str(moment)
        return f"截至{text}" if lang == "zh" else f"until {text}"
    zh, en = UNITS[unit]
    if minutes and count:
        rest = f"{minutes}分钟" if lang == "zh" else f" {_counted(minutes, 'minute')}"
        return term_text(unit, count, None, lang) + rest
    if minutes:
        zh, en, count = "个工作分钟", "working minute", minutes
    if lang == "zh":
        return f"{count}{zh}"
    return _counted(count, en)


def rule_tail(day_hours: int | None, at: time | None, lang: str = "zh") -> str:
    """Say what a day is worth in hours, and at which hour the last one ends."""
    clock = "" if at is None else f"{at:%H:%M}"
    if lang == "zh":
        worth = f"（每日按{day_hours}小时计）" if day_hours else ""
        return f"{worth}{clock}"
    worth = f" of {_counted(day_hours, 'hour')}" if day_hours else ""
    return f"{worth}, {clock}" if clock else worth


def start_text(begun: str, rule: str, first_day: bool | None, lang: str) -> str:
    """Say from when a rule runs; ``first_day`` is None where no day is counted."""
    zh = {None: "", False: "，首日不计（民法典第二百零一条）", True: "，首日计入"}
    en = {
        None: "",
        False: ", the first day not counted (Civil Code, article 201)",
        True: ", the first day counted",
    }
    if lang == "zh":
        return f"自{begun}起，{rule}{zh[first_day]}。"
    return f"From {begun}: {rule}{en[first_day]}."


def rolled_text(counted: date, moved: date, lang: str) -> str:
    """Say that a last day at rest gave way to the next working day."""
    first, last = day_text(counted, lang), day_text(moved, lang)
    if lang == "zh":
        return f"最后一日{first}为休息日，顺延至{last}（民法典第二百零三条）。"
    return (
        f"The last day {first} is at rest: moved to {last} (Civil Code, article 203)."
    )


def end_text(soonest: str, last: str, lang: str) -> str:
    """Say when it ends, or between which instants."""
    if soonest == last:
        return f"{last}届满。" if lang == "zh" else f"It ends at {last}."
    if lang == "zh":
        return f"最早{soonest}、最迟{last}届满：提醒从早，问责从迟。"
    return f"It ends between {soonest} and {last}: remind early, sanction late."


def provisional_text(lang: str) -> str:
    """Say that the days off it rests on have not been published."""
    if lang == "zh":
        return "所涉日期的放假安排尚未公布，时限为暂定。"
    return "Provisional: the days off on the way have not been published."


def edition_text(edition: Edition, lang: str) -> str:
    """Say which calendar was counted by."""
    name = f"{edition.name}@{edition.version}"
    if lang == "zh":
        return f"依据日历{name}（摘要{edition.digest[:12]}），时区{edition.zone}。"
    return f"By calendar {name} (digest {edition.digest[:12]}), zone {edition.zone}."
