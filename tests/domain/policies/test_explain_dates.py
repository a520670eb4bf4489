"""What is told of an item's pauses and extensions, and of a deadline that is open."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from attrs import evolve

from duban_flow.domain.policies.explain_dates import date_lines
from duban_flow.domain.policies.explain_item import standing_lines
from duban_flow.domain.policies.speech import Speech
from duban_flow.domain.time.extension import Extension
from duban_flow.domain.time.pauses import Pause
from duban_flow.domain.time.reckoning import reckon
from duban_flow.domain.time.term import Stop, Term
from tests.domain.policies.cases import CHINA, at, case, item, policy

ASKED = Extension(
    ordinal=1,
    unit="五花办",
    asked_at=at("2009-09-20 09:00"),
    until=date(2009, 10, 30),
    reason="停水",
)
DECIDED: dict[str, Any] = {
    "decided_at": at("2009-09-21"),
    "decided_by": "dcs",
    "decision": "从严",
}


def speech(lang: str, **fields: Any) -> Speech:
    """Speak of an item that was due in September, as of December."""
    one = case(
        "2009-12-21 09:00",
        item(**{"due": "2009-09-30", **fields}),
        names={"五花办": "五花街办", "dcs": "督查室"},
    )
    return Speech(case=one, policy=policy(), lang=lang)


@pytest.mark.parametrize(
    ("since", "annulled", "en", "zh"),
    [
        ("2009-09-01 09:00", False, "not counted.", "不计入期限。"),
        ("2009-10-09 09:00", False, "past due, noted only.", "已逾期，仅作记录。"),
        ("2009-09-01 09:00", True, "annulled.", "已撤销。"),
    ],
)
def test_a_pause_is_told_with_what_it_does_to_the_time(since, annulled, en, zh):
    """One stops the time, one began past due and one was annulled: they do not."""
    pause = Pause(ordinal=1, since=at(since), reason="停水", annulled=annulled)
    for lang, end in (("en", en), ("zh", zh)):
        (line,) = date_lines(speech(lang, pauses=(pause,)))
        assert "停水" in line
        assert line.endswith(end)


@pytest.mark.parametrize(
    ("extension", "en", "zh"),
    [
        (ASKED, "not answered yet", "待答复"),
        (
            evolve(ASKED, status="granted", granted=date(2009, 10, 20), **DECIDED),
            "督查室 granted 2009-10-20 (Tue)",
            "督查室同意延至2009年10月20日（周二）",
        ),
        (evolve(ASKED, status="withdrawn"), "withdrawn", "已撤回"),
        (
            evolve(ASKED, status="rejected", **DECIDED),
            "督查室 refused: 从严",
            "督查室不同意：从严",
        ),
        (
            evolve(ASKED, status="granted", override=True, **DECIDED),
            "督查室 set it to 2009-10-30 (Fri) outside the rule (从严)",
            "督查室特批延期至2009年10月30日（周五）（从严）",
        ),
    ],
)
def test_an_extension_is_told_with_what_became_of_it(extension, en, zh):
    """Waiting, granted, taken back, refused, or set outside the rule."""
    for lang, end in (("en", f"{en}."), ("zh", f"{zh}。")):
        (line,) = date_lines(speech(lang, extensions=(extension,)))
        assert line.endswith(end)
        asked = "asked for" in line or "申请" in line
        assert asked is not extension.override


@pytest.mark.parametrize(
    ("lang", "said", "late"),
    [("en", "suspended, its deadline deferred", "late"), ("zh", "中止中", "逾期")],
)
def test_while_a_pause_runs_on_the_item_has_no_date(lang, said, late):
    """It is said to be suspended, and neither late nor in time."""
    stop = Stop(since=at("2009-09-01 09:00"), until=None)
    start = at("2009-06-01 09:00")
    one = item()
    due = reckon(Term.until(at("2009-09-30")), start, CHINA, [stop])
    text = " ".join(
        standing_lines(
            evolve(speech(lang), case=case("2009-12-21", evolve(one, due=due)))
        )
    )
    assert said in text
    assert late not in text
