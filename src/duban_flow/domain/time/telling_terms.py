"""Terms and their deadlines in words 时限说明: the rule, the days, the end.

Chinese or English; nothing is computed here.
"""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Final

from duban_flow.domain.time.stretches import DayKind, Edition, Stretch
from duban_flow.domain.time.telling import day_text, plural

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
            return until_text(moment.isoformat(), lang)
        text = day_text(moment, lang) if isinstance(moment, date) else str(moment)
        return until_text(text, lang)
    zh, en = UNITS[unit]
    if minutes and count:
        rest = f"{minutes}分钟" if lang == "zh" else f" {plural(minutes, 'minute')}"
        return term_text(unit, count, None, lang) + rest
    if minutes:
        zh, en, count = "个工作分钟", "working minute", minutes
    if lang == "zh":
        return f"{count}{zh}"
    return plural(count, en)


def until_text(end: str, lang: str = "zh") -> str:
    """Name the rule that ends at a day or an instant."""
    return f"截至{end}" if lang == "zh" else f"until {end}"


def rule_tail(day_hours: int | None, at: time | None, lang: str = "zh") -> str:
    """Say what a day is worth in hours, and at which hour the last one ends."""
    clock = "" if at is None else f"{at:%H:%M}"
    if lang == "zh":
        worth = f"（每日按{day_hours}小时计）" if day_hours else ""
        return f"{worth}{clock}"
    worth = f" of {plural(day_hours, 'hour')}" if day_hours else ""
    return f"{worth}, {clock}" if clock else worth


CIVIL_CODE: Final = frozenset({"Asia/Shanghai", "Asia/Urumqi"})
"""The zones in which the Civil Code of China is the law of counting."""


def _article(number: int, zone: str, lang: str) -> str:
    """Cite an article of the Civil Code where it is the law."""
    if zone not in CIVIL_CODE:
        return ""
    zh = {201: "（民法典第二百零一条）", 203: "（民法典第二百零三条）"}
    return zh[number] if lang == "zh" else f" (Civil Code, article {number})"


def start_text(
    begun: str, rule: str, first_day: bool | None, zone: str, lang: str
) -> str:
    """Say from when a rule runs; ``first_day`` is None where no day is counted."""
    law = _article(201, zone, lang)
    zh = {None: "", False: f"，首日不计{law}", True: "，首日计入"}
    en = {
        None: "",
        False: f", the first day not counted{law}",
        True: ", the first day counted",
    }
    if lang == "zh":
        return f"自{begun}起，{rule}{zh[first_day]}。"
    return f"From {begun}: {rule}{en[first_day]}."


def elapsed_text(begun: str, rule: str, lang: str) -> str:
    """Say from when working time runs."""
    if lang == "zh":
        return f"自{begun}起，{rule}，只计工作时间。"
    return f"From {begun}: {rule}, in working time alone."


def received_text(day: date, cutoff: time, lang: str) -> str:
    """Say that what came past the office's cut-off was received the next day."""
    if lang == "zh":
        return (
            f"当日{cutoff:%H:%M}后或休息日收到的视为下一工作日收到："
            f"{day_text(day, lang)}。"
        )
    return (
        f"Past {cutoff:%H:%M}, or on a day of rest: counted as received on "
        f"{day_text(day, lang)}."
    )


def rolled_text(
    counted: date,
    moved: date,
    lang: str,
    *,
    zone: str,
    nth: int = 1,
    sure: bool = True,
) -> str:
    """Say that a last day at rest gave way to the next working day, or the n-th.

    Where its days are not published it is not *sure* to be at rest.
    """
    first, last = day_text(counted, lang), day_text(moved, lang)
    law = _article(203, zone, lang)
    if not sure and lang == "zh":
        return f"最后一日{first}如为休息日，最迟顺延至{last}{law}。"
    if not sure:
        return (
            f"The last day {first}, if it is at rest, moves to {last} at the "
            f"latest{law}."
        )
    if nth > 1 and lang == "zh":
        return f"最后一日{first}，顺延至休息日结束后的第{nth}个工作日{last}。"
    if nth > 1:
        return (
            f"The last day {first}: moved to working day {nth} after the rest, {last}."
        )
    if lang == "zh":
        return f"最后一日{first}为休息日，顺延至{last}{law}。"
    return f"The last day {first} is at rest: moved to {last}{law}."


def day_line(stretch: Stretch, nth: int | None, unit: str, lang: str) -> str:
    """Say of a day which one it is in the count; of days off, that they are none.

    >>> day_line(Stretch(date(2009, 9, 27), date(2009, 9, 27), DayKind.DECREED,
    ...     "国庆节"), 1, "workday", "zh")
    '2009年9月27日（周日）调休上班（国庆节），第1个工作日。'
    """
    first, last = day_text(stretch.first, lang), day_text(stretch.last, lang)
    zh, en = _KINDS[stretch.kind, bool(stretch.name)]
    name = stretch.name
    one = stretch.days == 1
    if lang == "zh":
        days = first if one else f"{first}至{last}共{stretch.days}天"
        what = f"{zh}{f'（{name}）' if name else ''}"
        count = "不计入" if nth is None else f"第{nth}{UNITS[unit][0]}"
        return f"{days}{what}，{count}。"
    days = first if one else f"{first} to {last}, {stretch.days} days"
    what = f": {en}{f' ({name})' if name else ''}" if en else ":"
    count = "not counted" if nth is None else f"{UNITS[unit][1]} {nth}"
    return f"{days}{what}{',' if en else ''} {count}."


_KINDS: Final = {
    (DayKind.REST, True): ("放假", "off"),
    (DayKind.REST, False): ("休息", "at rest"),
    (DayKind.DECREED, True): ("调休上班", "worked by decree"),
    (DayKind.DECREED, False): ("调休上班", "worked by decree"),
    (DayKind.ORDINARY, True): ("", ""),
    (DayKind.ORDINARY, False): ("", ""),
}


def stopped_text(since: str, until: str | None, moves: bool, lang: str) -> str:
    """Say that a stretch was taken out of a term, or came too late to be."""
    if lang == "zh":
        span = f"{since}至{until}" if until else f"自{since}起"
        tail = "不计入" if moves else "届满之后，不影响时限"
        return f"{span}中止，{tail}。"
    span = f"From {since} to {until}" if until else f"Since {since}"
    tail = "not counted" if moves else "past its end: it moves nothing"
    return f"{span}: stopped, {tail}."


def fixed_text(at: str, kind: str, rule: str, lang: str) -> str:
    """Say that a date was set, and when."""
    zh, en = _FIXED[kind]
    return f"{at}{zh}：{rule}。" if lang == "zh" else f"{at}: {en}, {rule}."


_FIXED: Final = {
    "extension": ("准予延期", "extended"),
    "target": ("重新定期", "set anew"),
    "restart": ("重新计算", "counted again"),
}


def deferred_text(lang: str) -> str:
    """Say that nobody can name the end while a stop runs."""
    if lang == "zh":
        return "中止尚未结束，恢复后方可确定届满时间。"
    return "It is stopped still: its end is known once it goes on."


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
