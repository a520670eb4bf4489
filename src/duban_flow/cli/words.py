"""How the command line calls things, in Chinese and in English."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time
from typing import Any, Final
from zoneinfo import ZoneInfo

from duban_flow.domain.instants import DAY, TICK, Span, When
from duban_flow.domain.items import Item
from duban_flow.domain.ledger import COLUMNS
from duban_flow.domain.sanctions import Stage
from duban_flow.domain.time.term import Deadline
from duban_flow.domain.units import Role
from duban_flow.domain.workflow import Workflow

STAGES: Final[Mapping[Stage, str]] = {
    Stage.PROPOSED: "已提请",
    Stage.APPROVED: "已同意",
    Stage.ISSUED: "已下发",
    Stage.REJECTED: "已否决",
    Stage.REVOKED: "已撤销",
}

_ACTIONS: Final[Mapping[str, str]] = {
    "assign": "交办",
    "remind": "提醒",
    "urge": "催办",
    "alarm": "告警",
    "quarantine": "搁置待查",
    "recalendar": "日历调整",
    "migrate": "规则迁移",
    "continue": "开启下一期",
    "approve": "同意",
    "reject": "否决",
    "propose": "提请问责",
    "issue": "下发",
    "sanction": "问责",
    "revoke": "撤销问责",
    "register": "登记",
}


_FIELDS: Final[Mapping[str, str]] = {
    "next": "下一期",
    "skipped": "略过期数",
    "until": "至",  # of a pause, an extension and a chase date alike
}


def action_word(workflow: type[Workflow] | None, action: str, lang: str) -> str:
    """Name an action; what no workflow declares the engine does."""
    if lang != "zh":
        return action
    if workflow is not None and action in workflow.actions:
        return workflow.actions[action].zh
    return _ACTIONS.get(action, action)


def state_word(workflow: type[Workflow], state: str, lang: str) -> str:
    """Name a state."""
    found = workflow.states.get(state)
    return found.zh if found is not None and lang == "zh" else state


def role_word(role: Role, lang: str) -> str:
    """Name a role."""
    return role.zh if lang == "zh" else role.value


def stage_word(stage: Stage, lang: str) -> str:
    """Name how far a sanction has come."""
    return STAGES[stage] if lang == "zh" else stage.value


def field_word(name: str, lang: str) -> str:
    """Name a field of an event as a ledger would head it, where a ledger has it."""
    if name in _FIELDS and lang == "zh":
        return _FIELDS[name]
    column = COLUMNS.get("measure" if name == "name" else name)
    return column.headings[0] if column is not None and lang == "zh" else name


def short(when: When | None, zone: ZoneInfo) -> str:
    """Write an instant for a table; midnight is the 24:00 of the day it ends.

    >>> from datetime import UTC, datetime
    >>> short(datetime(2026, 6, 30, 16, tzinfo=UTC), ZoneInfo("Asia/Shanghai"))
    '2026-06-30 24:00'
    """
    if when is None:
        return ""
    if isinstance(when, Span):
        return when.text or f"{short(when.earliest, zone)}~{short(when.latest, zone)}"
    local = when.astimezone(zone)
    if (local + TICK).time() == time():
        return f"{local:%Y-%m-%d} 24:00"
    if local.time() == time():
        return f"{local - DAY:%Y-%m-%d} 24:00"
    return f"{local:%Y-%m-%d %H:%M}"


def due_word(item: Item, zone: ZoneInfo, lang: str) -> str:
    """Write an item's deadline, where it has one."""
    return "" if item.due is None else deadline_word(item.due, zone, lang)


def deadline_word(due: Deadline, zone: ZoneInfo, lang: str) -> str:
    """Write a deadline: an instant, a range that is provisional, or that it waits."""
    if due.deferred:
        return "暂缓（中止中）" if lang == "zh" else "open while it is paused"
    last = short(due.latest, zone)
    if due.earliest == due.latest:
        return last
    first = short(due.earliest, zone)
    return f"{first}至{last}" if lang == "zh" else f"{first} to {last}"


def listed(words: Any, lang: str) -> str:
    """Put words in a row, without the empty ones."""
    return ("、" if lang == "zh" else ", ").join(str(w) for w in words if w)
