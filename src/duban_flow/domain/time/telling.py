"""Dates, instants and stretches of days in words, as a clerk reads them.

Chinese or English; nothing is computed here and nothing is rounded.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from duban_flow.domain.instants import DAY, TICK
from duban_flow.domain.time.stretches import DayKind, Stretch

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
            said.append(f"{count}{zh}" if lang == "zh" else plural(count, en))
    nothing = "0秒" if lang == "zh" else "0 seconds"
    return ("" if lang == "zh" else " ").join(said) or nothing


def plural(count: int, word: str) -> str:
    """Name so many of a thing in English, one or several."""
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


def stretch_text(
    stretch: Stretch, lang: str = "zh", *, workdays: bool | None = True
) -> str:
    """Name a holiday or make-up day, and whether a count of *workdays* takes it in.

    None where nothing is counted, as of a date that was named.

    >>> stretch_text(Stretch(date(2009, 9, 27), date(2009, 9, 27), DayKind.DECREED,
    ...     "国庆节"))
    '2009年9月27日（周日）调休上班（国庆节），计入。'
    """
    decreed = stretch.kind is DayKind.DECREED
    counts, named = decreed or not workdays, workdays is None
    first, last = day_text(stretch.first, lang), day_text(stretch.last, lang)
    name = stretch.name
    if lang == "zh":
        days = first if stretch.days == 1 else f"{first}至{last}共{stretch.days}天"
        what = "调休上班" if decreed else "放假"
        tail = "" if named else "，计入" if counts else "，不计入"
        return f"{days}{what}{f'（{name}）' if name else ''}{tail}。"
    days = first if stretch.days == 1 else f"{first} to {last}, {stretch.days} days"
    what = "worked by decree" if decreed else "days off"
    tail = "" if named else ", counted" if counts else ", not counted"
    return f"{days}: {what}{f' ({name})' if name else ''}{tail}."
