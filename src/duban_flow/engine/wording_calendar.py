"""What is said when an edition of a calendar has moved dates 日历调整通知文字.

One digest to a unit, matter by matter, and the request to look at a sanction again.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from duban_flow.domain.sanctions import Sanction
from duban_flow.domain.time.telling import instant_text
from duban_flow.engine.calendar_digests import DIGEST, PROPOSE_REVOCATION
from duban_flow.engine.wording import Told, Words

LISTED: Final = 20
"""How many matters a digest names; of more it says how many there are."""


def calendar_wording(told: Told, lang: str) -> Words | None:
    """Put a notice about a calendar into words; nothing where it is about another."""
    if told.template == DIGEST and told.event is not None:
        return _digest(told, told.event.data, lang)
    if told.template == PROPOSE_REVOCATION and told.sanction is not None:
        return _doubt(told, told.sanction, lang)
    return None


def _digest(told: Told, data: Mapping[str, Any], lang: str) -> Words:
    calendar, items = data["calendar"], data["items"]
    named = f"{calendar['name']}@{calendar['version']}"
    lines = [_line(told, item, calendar["zone"], lang) for item in items[:LISTED]]
    more = len(items) - LISTED
    if lang == "zh":
        head = f"工作日历已更新（{named}），下列{len(items)}项的办理时限随之调整："
        rest = [f"另有{more}项，请在系统中查看。"] if more > 0 else []
        text = "\n".join([f"{told.to}：", head, *lines, *rest])
        return Words(f"【时限调整】{len(items)}项，工作日历{named}", text)
    head = f"The working calendar is now {named}; the dates of {len(items)} matters:"
    rest = [f"{more} more are in the list."] if more > 0 else []
    text = "\n".join([f"To {told.to}:", head, *lines, *rest])
    return Words(f"Dates moved: {len(items)} matters, calendar {named}", text)


def _line(told: Told, item: Mapping[str, Any], zone: str, lang: str) -> str:
    before, after = (
        instant_text(datetime.fromisoformat(item[word]), zone, lang)
        for word in ("before", "after")
    )
    same = before == after
    if lang == "zh":
        said = f"确定为{after}" if same else f"由{before}调整为{after}"
        soft = "（暂定）" if item["provisional"] else ""
        whose = f"{told.name(item['limit'])}的内部时限" if "limit" in item else ""
        return f"{item['code']}《{item['title']}》{whose}{said}{soft}"
    said = f"is now firm: {after}" if same else f"from {before} to {after}"
    soft = " (provisional)" if item["provisional"] else ""
    whose = f"limit of {told.name(item['limit'])}, " if "limit" in item else ""
    return f"{item['code']} {item['title']}: {whose}{said}{soft}"


def _doubt(told: Told, sanction: Sanction, lang: str) -> Words:
    whom, kind = told.name(sanction.unit), sanction.kind_name
    codes = sanction.revocation.codes if sanction.revocation else ()
    if lang == "zh":
        text = (
            f"{told.to}：\n对{whom}的{kind}所依据的时限已更正：{'、'.join(codes)}"
            "按更正后的时限当时并不应问责。请研究是否撤销。"
        )
        return Words(f"【拟撤销】{kind}：{whom}", text)
    text = (
        f"To {told.to}:\n{kind} on {whom} rests on dates that were put right: by the "
        f"right ones {', '.join(codes)} gave no ground for it then. Please decide "
        "whether to revoke it."
    )
    return Words(f"To be revoked? {kind}, {whom}", text)
