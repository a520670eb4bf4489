"""What a notice says 通知文字: short plain text, in Chinese or English.

It names the matter by code and title, its deadline on the clocks of its own zone, the
rung that fired and on what basis. It reads no store; text out of a ledger is put in
as it is and never interpreted.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from attrs import field, frozen

from duban_flow.domain.events import Event
from duban_flow.domain.items import Item
from duban_flow.domain.limits import limit_under
from duban_flow.domain.sanctions import Sanction
from duban_flow.domain.time.telling import instant_text
from duban_flow.domain.time.term import Deadline
from duban_flow.domain.units import Role

ZONE: Final = "Asia/Shanghai"
"""The clocks by which a notice tells time where nothing else says."""


@frozen(kw_only=True)
class Told:
    """What a notice is about 通知所涉: the event, its subject, and whom it goes to.

    ``to`` is the name of the unit that is told, ``unit`` its code; ``names`` are of
    all units. ``basis`` is what the rung rests on.
    """

    template: str
    to: str
    unit: str = ""
    now: datetime
    event: Event | None = None
    item: Item | None = None
    sanction: Sanction | None = None
    names: Mapping[str, str] = field(factory=dict)
    basis: tuple[str, ...] = ()
    zone: str = ZONE

    def name(self, unit: str) -> str:
        """Give a unit's name, or its code where it is not declared."""
        return self.names.get(unit, unit)

    def moment(self, at: datetime, lang: str) -> str:
        """Name an instant on the notice's clocks."""
        return instant_text(at, self.zone, lang)

    def said(self, word: str) -> str:
        """Give a text of the event's data, or nothing."""
        found = self.event.data.get(word) if self.event else None
        return found if isinstance(found, str) else ""


@frozen
class Words:
    """A notice in words: one line, and the whole."""

    subject: str
    text: str


def wording(told: Told, lang: str = "zh") -> Words:
    """Put a notice into words."""
    zh = lang == "zh"
    if told.sanction is not None:
        write = _SANCTION.get(told.template, (_act_zh, _act_en))
        return write[0](told, told.sanction) if zh else write[1](told, told.sanction)
    if told.item is not None:
        return _item_zh(told, told.item) if zh else _item_en(told, told.item)
    return _plain(told, zh=zh)


# --- of an item -----------------------------------------------------------------

_HEADS: Final[Mapping[str, tuple[str, str]]] = {
    "remind": ("提醒", "Reminder"),
    "urge": ("催办", "Urging"),
    "lapse": ("逾期", "Overdue"),
    "alarm": ("告警", "Alarm"),
    "pause_overrun": ("中止期满", "Pause overrun"),
}

_ASKS: Final[Mapping[str, tuple[str, str]]] = {
    "remind": (
        "请按期办结；不能按期的，请及早说明理由。",
        "Please finish it in time, or give the reason early.",
    ),
    "urge": (
        "请抓紧办理，并反馈进展。",
        "Please press on with it, and report how far it is.",
    ),
    "lapse": (
        "请尽快办结，并说明逾期理由。",
        "Please finish it soon, and give the reason for the delay.",
    ),
}

_PRESSES: Final[Mapping[str, tuple[str, str]]] = {
    "remind": (
        "请督促责任单位按期办结；不能按期的，请其及早说明理由。",
        "Please see that it is finished in time, or the reason given early.",
    ),
    "urge": (
        "请督促责任单位抓紧办理，并反馈进展。",
        "Please see that it is pressed on with, and its progress reported.",
    ),
    "lapse": (
        "请督促责任单位尽快办结，并说明逾期理由。",
        "Please see that it is finished soon, and the delay explained.",
    ),
    "pause_overrun": (
        "中止已到计划结束时间，请恢复办理，或者另定结束时间。",
        "The pause has reached its planned end; please let handling go on.",
    ),
}
"""What is asked of a unit that supervises and does not handle the matter itself."""


def _item_zh(told: Told, item: Item) -> Words:
    head = _HEADS.get(told.template, (f"通知（{told.template}）",))[0]
    standing = _due_zh(told, item)
    lines = [
        f"{told.to}：",
        f"{item.code}《{item.title}》{_sentence_zh(item, standing)}。",
        _asks(told, item)[0],
        *_labelled(
            ("内部时限：", _limit(told, item, "zh")),
            ("事由：", told.said("reason")),
            *_rung(told, "规则：", "依据："),
        ),
    ]
    short = standing.partition("，")[0]
    about = f"{item.code} {item.title}" + (f"：{short}" if short else "")
    return Words(f"【{head}】{about}", _joined(lines))


def _sentence_zh(item: Item, standing: str) -> str:
    """Say how a matter stands; what has no deadline only how far it is, if at all."""
    if standing:
        return f"{standing}，目前进度{item.progress}%"
    return f"目前进度{item.progress}%" if item.progress else ""


def _asks(told: Told, item: Item) -> tuple[str, str]:
    """Say what is asked; who only supervises is to press those who handle it."""
    supervises = item.roles_of(told.unit) == {Role.SUPERVISING}
    asked = _PRESSES if supervises else _ASKS
    return asked.get(told.template, ("", ""))


def _item_en(told: Told, item: Item) -> Words:
    head = _HEADS.get(told.template, ("", f"Notice ({told.template})"))[1]
    standing = _due_en(told, item)
    progress = f"; progress {item.progress}%" if standing or item.progress else ""
    about = f"{item.code} {item.title} {standing}".rstrip()
    lines = [
        f"To {told.to}:",
        f"{about}{progress}.",
        _asks(told, item)[1],
        *_labelled(
            ("Internal limit: ", _limit(told, item, "en")),
            ("Reason: ", told.said("reason")),
            *_rung(told, "Rule: ", "Basis: "),
        ),
    ]
    return Words(f"{head}: {about}", _joined(lines))


def _due_zh(told: Told, item: Item) -> str:
    if item.due is None:
        return ""
    if item.due.deferred:
        return "已中止，时限顺延"
    ends = _ends(told, item.due, bool(item.overdue(told.now)), "zh")
    soft = "（暂定）" if item.due.provisional else ""
    if item.overdue(told.now):
        return f"已于{ends}到期{soft}，尚未办结"
    return f"办理时限为{ends}{soft}"


def _due_en(told: Told, item: Item) -> str:
    if item.due is None:
        return ""
    if item.due.deferred:
        return "is suspended, its deadline deferred"
    ends = _ends(told, item.due, bool(item.overdue(told.now)), "en")
    soft = " (provisional)" if item.due.provisional else ""
    if item.overdue(told.now):
        return f"was due {ends}{soft} and is still open"
    return f"is due {ends}{soft}"


def _limit(told: Told, item: Item, lang: str) -> str:
    """Name the unit's own limit, where the notice is of one and not of the due date."""
    cycle = (told.event.cycle or "").partition("/")[0] if told.event else ""
    unit = told.said("unit")
    limit = limit_under(item, unit, cycle)
    if limit is None:
        return ""
    ends = _ends(told, limit, limit.latest < told.now, lang)
    return f"{told.name(unit)} {ends}" if lang == "en" else f"{told.name(unit)}，{ends}"


def _ends(told: Told, due: Deadline, passed: bool, lang: str) -> str:
    """Name the deadline; where it is a range, both ends, unless it has passed."""
    last = told.moment(due.latest, lang)
    if due.earliest == due.latest or passed:
        return last
    first = told.moment(due.earliest, lang)
    return f"{first}至{last}之间" if lang == "zh" else f"between {first} and {last}"


def _rung(told: Told, rule: str, basis: str) -> list[tuple[str, str]]:
    key = told.event.rung if told.event else None
    mark = "；" if rule.endswith("：") else "; "
    if key and rule.endswith("：") and key.isascii():
        key = None  # A code for machines says nothing to a Chinese reader.
    return [(rule, key or ""), (basis, mark.join(told.basis))]


# --- of a sanction --------------------------------------------------------------


def _act_zh(told: Told, sanction: Sanction) -> Words:
    who = _whom_zh(told, sanction)
    number = f"（{sanction.number}）" if sanction.number else ""
    lines = [
        f"{told.to}：",
        f"因下列事项，对{who}予以{sanction.kind_name}{number}。",
        *_cited(sanction, "《{}》"),
        *_particulars_zh(told, sanction),
    ]
    return Words(
        f"【{sanction.kind_name}】{_subject_zh(told, sanction)}", _joined(lines)
    )


def _act_en(told: Told, sanction: Sanction) -> Words:
    number = f" ({sanction.number})" if sanction.number else ""
    lines = [
        f"To {told.to}:",
        f"{sanction.kind_name}{number} is issued to {_whom_en(told, sanction)} over:",
        *_cited(sanction, " {}"),
        *_particulars_en(told, sanction),
    ]
    return Words(f"{sanction.kind_name}: {_subject_en(told, sanction)}", _joined(lines))


def _revoke_zh(told: Told, sanction: Sanction) -> Words:
    who = _whom_zh(told, sanction)
    number = f"（{sanction.number}）" if sanction.number else ""
    lines = [
        f"{told.to}：",
        f"此前对{who}的{sanction.kind_name}{number}已予撤销，不再有效。",
        *_cited(sanction, "《{}》"),
        *_labelled(("撤销理由：", told.said("reason")), _when_zh(told, sanction)),
    ]
    subject = _subject_zh(told, sanction)
    return Words(f"【撤销{sanction.kind_name}】{subject}", _joined(lines))


def _revoke_en(told: Told, sanction: Sanction) -> Words:
    who = _whom_en(told, sanction)
    number = f" ({sanction.number})" if sanction.number else ""
    lines = [
        f"To {told.to}:",
        f"{sanction.kind_name}{number}, issued to {who}, is revoked. It was over:",
        *_cited(sanction, " {}"),
        *_labelled(("Reason: ", told.said("reason")), _when_en(told, sanction)),
    ]
    subject = _subject_en(told, sanction)
    return Words(f"Revoked: {sanction.kind_name}, {subject}", _joined(lines))


def _approval_zh(told: Told, sanction: Sanction) -> Words:
    lines = [
        f"{told.to}：",
        f"拟对{_whom_zh(told, sanction)}予以{sanction.kind_name}，请研究审批。",
        *_cited(sanction, "《{}》"),
        *_labelled(
            ("事由：", sanction.reason),
            ("依据：", "；".join(sanction.basis)),
            ("已同意：", "、".join(told.name(a.body) for a in sanction.approvals)),
        ),
    ]
    subject = _subject_zh(told, sanction)
    return Words(f"【请审批】{sanction.kind_name}：{subject}", _joined(lines))


def _approval_en(told: Told, sanction: Sanction) -> Words:
    lines = [
        f"To {told.to}:",
        f"{sanction.kind_name} is proposed for {_whom_en(told, sanction)} over:",
        *_cited(sanction, " {}"),
        *_labelled(
            ("Reason: ", sanction.reason),
            ("Basis: ", "; ".join(sanction.basis)),
            ("Approved by: ", ", ".join(told.name(a.body) for a in sanction.approvals)),
        ),
        "Please decide.",
    ]
    subject = _subject_en(told, sanction)
    return Words(f"For approval: {sanction.kind_name}, {subject}", _joined(lines))


_SANCTION: Final[
    Mapping[
        str, tuple[Callable[[Told, Sanction], Words], Callable[[Told, Sanction], Words]]
    ]
] = {
    "approval": (_approval_zh, _approval_en),
    "revoke": (_revoke_zh, _revoke_en),
}


def _particulars_zh(told: Told, sanction: Sanction) -> list[str]:
    return _labelled(
        ("事由：", sanction.reason),
        ("依据：", "；".join(sanction.basis)),
        ("措施：", "；".join(sanction.measures)),
        (
            "整改期限：",
            told.moment(sanction.rectify_by, "zh") if sanction.rectify_by else "",
        ),
        ("同意：", "、".join(told.name(a.body) for a in sanction.approvals)),
        _when_zh(told, sanction),
    )


def _particulars_en(told: Told, sanction: Sanction) -> list[str]:
    return _labelled(
        ("Reason: ", sanction.reason),
        ("Basis: ", "; ".join(sanction.basis)),
        ("Measures: ", "; ".join(sanction.measures)),
        (
            "To be put right by: ",
            told.moment(sanction.rectify_by, "en") if sanction.rectify_by else "",
        ),
        ("Approved by: ", ", ".join(told.name(a.body) for a in sanction.approvals)),
        _when_en(told, sanction),
    )


def _when_zh(told: Told, sanction: Sanction) -> tuple[str, str]:
    at = sanction.issued_at
    return "下发时间：", told.moment(at, "zh") if at else ""


def _when_en(told: Told, sanction: Sanction) -> tuple[str, str]:
    at = sanction.issued_at
    return "Issued: ", told.moment(at, "en") if at else ""


def _whom_zh(told: Told, sanction: Sanction) -> str:
    return f"{told.name(sanction.unit)}（{Role(sanction.role).zh}）"


def _whom_en(told: Told, sanction: Sanction) -> str:
    return f"{told.name(sanction.unit)} ({sanction.role})"


def _subject_zh(told: Told, sanction: Sanction) -> str:
    return f"{told.name(sanction.unit)}，{_first(sanction, '等{}项')}"


def _subject_en(told: Told, sanction: Sanction) -> str:
    return f"{told.name(sanction.unit)}, {_first(sanction, ', {} matters')}"


def _first(sanction: Sanction, several: str) -> str:
    """Name the first matter, and how many there are where it is not the only one."""
    cited = list(dict.fromkeys((c.code, c.title) for c in sanction.citations))
    named = " ".join(cited[0]).strip() if cited else ""
    return named + (several.format(len(cited)) if len(cited) > 1 else "")


def _cited(sanction: Sanction, title: str) -> list[str]:
    cited = dict.fromkeys((c.code, c.title) for c in sanction.citations)
    return [
        f"{place}. {code}{title.format(name) if name else ''}"
        for place, (code, name) in enumerate(cited, 1)
    ]


# --- of anything else -----------------------------------------------------------


def _plain(told: Told, *, zh: bool) -> Words:
    """Tell of an event that is about neither an item nor a sanction."""
    default = (f"通知（{told.template}）", f"Notice ({told.template})")
    heads = _HEADS.get(told.template, default)
    said = told.said("reason") or (told.event.action if told.event else "")
    if zh:
        return Words(f"【{heads[0]}】{said}", _joined([f"{told.to}：", said]))
    return Words(f"{heads[1]}: {said}", _joined([f"To {told.to}:", said]))


def _labelled(*pairs: tuple[str, str]) -> list[str]:
    """Say each thing that is there to be said under its label."""
    return [f"{label}{said}" for label, said in pairs if said]


def _joined(lines: list[str]) -> str:
    return "\n".join(line for line in lines if line)
