"""Where an item stands, in words 现状: dates, lateness, parties, what was done."""

from __future__ import annotations

from duban_flow.domain.instants import Span, When
from duban_flow.domain.policies.explain_dates import date_lines, limit_text
from duban_flow.domain.policies.speech import Speech
from duban_flow.domain.policies.wrapping import wrapped
from duban_flow.domain.time.telling import day_text
from duban_flow.domain.units import Role


def standing_lines(speech: Speech) -> tuple[str, ...]:
    """Tell where the item stands as of the case's instant."""
    case, item, say = speech.case, speech.case.item, speech.say
    state = speech.state(item.state)
    said = [
        f"{item.code} {item.title}" + say(f"（{state}）", f" ({state})"),
        say("截至", "As of ") + speech.when(case.at) + _lateness(speech),
    ]
    said += date_lines(speech)
    for role in filter(item.parties.get, Role):
        who = speech.listed(
            speech.name(p.unit) + limit_text(speech, p) for p in item.parties[role]
        )
        said.append(say(f"{role.zh}：{who}", f"{role.capitalize()}: {who}"))
    for act in case.acts:
        if act.issued_at is not None and act.stands(case.at):
            moment, who = speech.when(act.issued_at), speech.name(act.unit)
            said.append(
                say(
                    f"{moment}已对{who}予以{act.kind_name}。",
                    f"{act.kind_name} on {who}, issued {moment}.",
                )
            )
    said.append(say("适用规则：", "Policy: ") + speech.policy.id)
    return tuple(line for text in said for line in wrapped(text))


def _lateness(speech: Speech) -> str:
    item, at = speech.case.item, speech.case.at
    is_open = item.open_at(at)
    ended = at if item.closing is None or is_open else item.closing.at
    state = _ending(speech, ended, is_open=is_open)
    if item.due is None:
        return speech.say(f"，{state}，未设时限。", f"; {state}; it has no due date.")
    if item.due.deferred:
        return speech.say("，中止中，时限暂缓。", "; suspended, its deadline deferred.")
    due = _told(speech, item.due.when)
    done = ended if item.closing is None or is_open else item.closing.finished_at
    late = _late(speech, done)
    if done != ended:
        state = speech.say(
            f"{_told(speech, done)}报结，{state}",
            f"submitted {_told(speech, done)}, {state}",
        )
    return speech.say(
        f"，时限为{due}，{state}，{late}。", f"; due {due}; {state}, {late}."
    )


def _ending(speech: Speech, ended: When, *, is_open: bool | None) -> str:
    if is_open:
        return speech.say("尚未办结", "open")
    told = _told(speech, ended)
    if isinstance(ended, Span):
        return speech.say(f"在{told}办结", f"closed {told}")
    return speech.say(f"{told}办结", f"closed {told}")


def _told(speech: Speech, when: When) -> str:
    if not isinstance(when, Span):
        return speech.when(when)
    calendar = speech.case.calendar
    first = day_text(calendar.date_of(when.earliest), speech.lang)
    last = day_text(calendar.day_of(when.latest), speech.lang)
    return speech.say(f"{first}至{last}之间", f"between {first} and {last}")


def _late(speech: Speech, ended: When) -> str:
    case, due = speech.case, speech.case.item.due
    days = case.calendar.days_late(due.latest, ended) if due else (0, 0)
    workdays = case.calendar.workdays_late(due.latest, ended) if due else (0, 0)
    if not days[1]:
        past = case.item.overdue(case.at)
        return speech.say(
            "刚过时限" if past else "未逾期", "just past due" if past else "not late"
        )
    many, worked = _range(days), _range(workdays)
    return speech.say(
        f"逾期{many}天（{worked}个工作日）",
        f"{_days(many, 'day')} late ({_days(worked, 'working day')})",
    )


def _days(many: str, word: str) -> str:
    return f"{many} {word}" if many == "1" else f"{many} {word}s"


def _range(pair: tuple[int, int]) -> str:
    return str(pair[0]) if pair[0] == pair[1] else f"{pair[0]}-{pair[1]}"
