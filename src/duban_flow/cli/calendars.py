"""Commands about working calendars 工作日历: show one, load a notice into one."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import click

from duban_flow.cli.call import Call
from duban_flow.cli.importing import applied_data
from duban_flow.cli.options import DubanCommand, DubanGroup, json_option
from duban_flow.cli.screen import (
    Column,
    say,
    show_fields,
    show_json,
    show_table,
    watching,
)
from duban_flow.cli.words import deadline_word, listed
from duban_flow.domain.codec import unstructure
from duban_flow.domain.time.calendar import WorkCalendar
from duban_flow.domain.time.office_hours import Season, hours_text
from duban_flow.domain.time.stretches import DayKind, Stretch
from duban_flow.engine.calendar_plan import CalendarPlan, Move
from duban_flow.engine.unfounded import Resting
from duban_flow.formats.calendar_toml import load_notice

SHOWN: Final = 50
"""How many items are drawn; ``--json`` has them all."""


@click.group(cls=DubanGroup)
def calendar() -> None:
    """Look at working calendars 工作日历, and load notices into them."""


@calendar.command("show", cls=DubanCommand)
@click.argument("name", default="")
@click.option("--year", type=int, help="Whose days are listed. [default: this year]")
@json_option
@click.pass_obj
def show_calendar(call: Call, name: str, year: int | None) -> None:
    """Show the calendar in force 现行日历, and the days of a year.

    Without a NAME, the office's first; where there is no office, China's.
    """
    found = call.calendar(name)
    wanted = found.date_of(call.now).year if year is None else year
    days = [s for s in found.stretches if s.first.year <= wanted <= s.last.year]
    if call.as_json:
        told = {**_edition(found), "year": wanted, "days": days}
        show_json({**told, "record": found.to_dict()})
        return
    show_fields(_about(call, found, wanted))
    say()
    if not days:
        say(call.say(f"{wanted}年没有已公布的安排。", f"{wanted}: no days published."))
        return
    show_table(
        [
            Column(call.say("日期", "days"), stiff=True),
            Column(call.say("安排", "are"), stiff=True),
            Column(call.say("名称", "name")),
        ],
        [[_run(one), _kind(call, one), one.name] for one in days],
    )


def _edition(found: WorkCalendar) -> dict[str, Any]:
    return {
        "edition": found.edition,
        "office_hours": hours_text(found.office_hours),
        "known_from": found.known_from,
        "known_until": found.known_until,
        "over": found.over,
    }


def _about(call: Call, found: WorkCalendar, year: int) -> list[tuple[str, str]]:
    halves = sorted(one for one in found.half_days.items() if one[0].year == year)
    known = [str(day) for day in (found.known_from, found.known_until) if day]
    base = found.over
    return [
        (call.say("日历", "calendar"), str(found)),
        (call.say("基于", "over"), f"{base.name}@{base.version}" if base else ""),
        (call.say("时区", "zone"), found.zone),
        (call.say("办公时间", "hours"), hours_text(found.office_hours)),
        (
            call.say("季节作息", "seasons"),
            "\n".join(_season(one) for one in found.seasons),
        ),
        (
            call.say("半日", "half days"),
            "\n".join(f"{day} {hours_text(hours)}" for day, hours in halves),
        ),
        (call.say("已公布", "published"), "~".join(known)),
        (call.say("摘要", "digest"), found.digest[:12]),
    ]


def _season(one: Season) -> str:
    first, last = (f"{month:02}-{day:02}" for month, day in (one.first, one.last))
    return f"{first}~{last} {hours_text(one.hours)} {one.name}".rstrip()


def _run(one: Stretch) -> str:
    return str(one.first) if one.days == 1 else f"{one.first}~{one.last}"


def _kind(call: Call, one: Stretch) -> str:
    worked = one.kind is DayKind.DECREED
    return call.say("上班", "worked") if worked else call.say("放假", "off")


@calendar.command("load", cls=DubanCommand)
@click.argument("notice", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--apply", "agreed", is_flag=True, help="Let it come into force 生效.")
@json_option
@click.pass_context
def load(ctx: click.Context, notice: Path, *, agreed: bool) -> None:
    """Load a NOTICE of days 加载放假安排: its plan, or all of it.

    The plan says which items move, from when to when, and what rests on the old
    dates. With --apply it comes into force, all of it; again it is nothing.

    A problem stops it (exit 1).
    """
    call: Call = ctx.obj
    desk = call.desk()
    with watching(call.lang) as progress:
        plan = desk.plan(load_notice(notice), progress=progress)
    applied, known = None, _in_force(call, plan)
    if agreed and not plan.problems:
        with watching(call.lang) as progress:
            applied = desk.apply(plan, progress=progress)
    if call.as_json:
        show_json({"plan": _plan_data(plan), "applied": applied_data(applied)})
    else:
        _show_plan(call, plan)
        _show_end(call, plan, agreed=agreed, known=known)
    ctx.exit(1 if plan.problems else 0)


def _plan_data(plan: CalendarPlan) -> dict[str, Any]:
    return {
        "edition": plan.edition,
        "others": plan.others,
        "counts": dict(plan.counts),
        "moves": [_move_data(one) for one in plan.moves],
        "firmed": [_move_data(one) for one in plan.firmed],
        "deferred": plan.deferred,
        "sanctions": plan.sanctions,
        "problems": [problem.to_dict("en") for problem in plan.problems],
    }


def _move_data(one: Move) -> dict[str, Any]:
    return {
        "code": one.code,
        "title": one.title,
        "unit": one.unit,
        "before": None if one.before is None else unstructure(one.before.when),
        "after": None if one.after is None else unstructure(one.after.when),
        "closed": one.closed,
        "late": list(one.late),
    }


def _show_plan(call: Call, plan: CalendarPlan) -> None:
    if plan.edition is not None:
        name = f"{plan.edition.name}@{plan.edition.version}"
        moves, firmed = len(plan.moves), len(plan.firmed)
        say(
            call.say(
                f"{name}：时限变动{moves}件，确定{firmed}件。",
                f"{name}: dates that move: {moves}, that become firm: {firmed}.",
            )
        )
    several = [*plan.moves, *plan.firmed]
    if several:
        _show_moves(call, several)
    if plan.deferred:
        codes = listed(plan.deferred[:SHOWN], call.lang)
        say(
            call.say(
                f"中止中，恢复时推算：{codes}。", f"Paused, reckoned later: {codes}."
            )
        )
    if plan.notices:
        told = len(plan.notices)
        say(
            call.say(
                f"已按原时限发出通知{told}件。", f"Notices of the old dates: {told}."
            )
        )
    for one in plan.sanctions:
        say(_resting(call, one), indent="! ")
    for problem in plan.problems:
        say(problem.text(call.lang), indent="! ")


def _show_moves(call: Call, several: list[Move]) -> None:
    show_table(
        [
            Column(call.say("编号", "code")),
            Column(call.say("事项", "title")),
            Column(call.say("责任单位", "unit")),
            Column(call.say("原时限", "was due")),
            Column(call.say("新时限", "is due")),
        ],
        [_row(call, one) for one in several[:SHOWN]],
    )
    if len(several) > SHOWN:
        rest = len(several) - SHOWN
        say(call.say(f"另有{rest}件，见--json。", f"And {rest} more: see --json."))


def _row(call: Call, one: Move) -> list[str]:
    zone, lang = call.zone, call.lang
    before, after = (
        "" if due is None else deadline_word(due, zone, lang)
        for due in (one.before, one.after)
    )
    if one.closed:
        words: Mapping[bool | None, str] = {
            True: call.say("逾期", "late"),
            False: call.say("按期", "in time"),
            None: call.say("不明", "unsure"),
        }
        was, now = (words[late] for late in one.late)
        after += call.say(f"（{was}改判{now}）", f" ({was}, now {now})")
    return [
        one.code,
        one.title,
        call.name(one.unit),
        before,
        after,
    ]


def _resting(call: Call, one: Resting) -> str:
    unit, codes = call.name(one.unit), listed(one.codes, call.lang)
    left = listed(one.unfounded, call.lang)
    if call.lang == "zh":
        told = f"{one.kind_name}（{unit}，{codes}）依据的时限有变"
        return f"{told}，{left}不再成立，将提请撤销。" if left else f"{told}。"
    told = f"{one.kind_name} ({unit}; {codes}) rests on dates that move"
    return f"{told}; it falls for {left}: its revocation is proposed." if left else told


def _in_force(call: Call, plan: CalendarPlan) -> bool:
    """Say whether the edition is there already, and no date waits for it."""
    if plan.edition is None or plan.moves or plan.firmed or plan.deferred:
        return False
    return call.calendar(plan.edition.name).edition == plan.edition


def _show_end(call: Call, plan: CalendarPlan, *, agreed: bool, known: bool) -> None:
    if plan.problems:
        say(call.say("没有加载。", "Nothing was loaded."))
    elif known:
        say(call.say("此前已生效，没有变动。", "In force already: nothing changes."))
    elif agreed:
        changed = len(plan.moves) + len(plan.firmed)
        say(call.say(f"已生效：更新{changed}件。", f"In force: changed: {changed}."))
    else:
        say(
            call.say(
                "尚未生效：加 --apply 使其生效。", "Not in force yet: add --apply."
            )
        )
