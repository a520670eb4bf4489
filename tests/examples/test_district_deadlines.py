"""What moves a date in the district: an extension asked for in time, a lawful pause."""

from __future__ import annotations

from datetime import date

import pytest

from duban_flow import DubanError, WorkCalendar, verify
from examples.district.play import (
    EVENING,
    Play,
    at,
    open_office,
    play_sitting,
)
from tests.examples.judging import (
    SIX,
    X1,
    X2,
    changed,
    facts,
    judged,
    row,
    without,
)

CHINA = WorkCalendar.china()
STREET = ("行政效能提示", "晋阳街办", "responsible", ("XF-049",))


@pytest.fixture(scope="module")
def desk():
    """Give a desk after the sitting of 25 December over the facts as they are."""
    play = Play(office=open_office(), facts=facts())
    play_sitting(play)
    return play.desk(at(date(2009, 12, 25), EVENING))


def closes(year: int, month: int, day: int):
    """Give the close of business of a day."""
    return CHINA.closes(date(year, month, day))


def test_a_petition_was_extended_by_under_thirty_days(desk):
    """Its sixty days were over on the 14th; it asked on the 7th and has until January.

    The first date stays in the record, the new one is definite.
    """
    item = desk.get("XF-049")
    [granted] = item.extensions
    assert [due.at for due in item.past_dues] == [closes(2009, 12, 14)]
    assert item.due_at == closes(2010, 1, 12)
    assert (granted.status, granted.granted) == ("granted", date(2010, 1, 12))
    assert not item.overdue(desk.now)


def test_a_refused_extension_leaves_the_date(desk):
    """The other street asked two days before due and was refused: it is late."""
    item = desk.get("XF-048")
    assert [one.status for one in item.extensions] == ["rejected"]
    assert item.due_at == closes(2009, 12, 18)
    assert item.overdue(desk.now)


def test_without_the_extension_the_petition_is_a_third(desk):
    """Had nobody asked, or had it been refused, that street would be prompted too."""
    nobody = without(without(facts(), "XF-049", "同意延期"), "XF-049", "申请延期")
    assert judged(nobody).told == SIX | {STREET}
    refused = changed(facts(), "XF-049", "同意延期", action="不同意延期")
    assert judged(refused).told == SIX | {STREET}


def test_a_request_that_waits_shields_for_the_time_being():
    """Asked for in time and not yet answered, the measure waits for the answer."""
    waiting = judged(without(facts(), "XF-048", "不同意延期"))
    assert waiting.told == SIX - {X1} | {(*X1[:3], ("XF-047",))}


def test_granted_in_its_stead_the_other_petition_is_spared():
    """Had the second street's request been granted, the first petition stands alone."""
    given = changed(
        facts(), "XF-048", "不同意延期", action="同意延期", until="2010-01-15"
    )
    assert judged(given).told == SIX - {X1} | {(*X1[:3], ("XF-047",))}


@pytest.mark.parametrize(
    ("on", "until", "code"),
    [
        ("2009-12-14", "2010-01-11", "extension.late"),
        ("2009-12-08", "2010-01-12", "extension.total"),
    ],
)
def test_the_rule_of_the_policy_is_kept(on, until, code):
    """Past due it is not asked for, nor for more than thirty days: a problem named."""
    asked = row(on, "申请延期", "金花桥街办", "XF-047", until=until, reason="正在协调")
    play = Play(office=open_office(), facts=(*facts(), asked))
    with pytest.raises(DubanError) as refused:
        play_sitting(play)
    assert code in [reason.code for reason in refused.value.reasons]


def test_an_experts_review_does_not_count(desk):
    """Five working days of review stand outside the ten; the case was in time."""
    item = desk.get("AJ-12")
    [pause] = item.pauses
    assert pause.authority == "行政许可法第四十五条"
    assert item.due_at == closes(2009, 12, 14)
    assert [due.at for due in item.past_dues] == [closes(2009, 12, 7)]
    assert item.closing.late is False


def test_without_the_pause_the_case_would_have_been_late():
    """Then the bureau's sanction cites a fifth case."""
    given = without(without(facts(), "AJ-12", "中止"), "AJ-12", "恢复")
    cited = tuple(sorted(("AJ-12", *X2[3])))
    assert judged(given).told == SIX - {X2} | {(*X2[:3], cited)}


def test_every_deadline_proves_itself(desk):
    """The certificate of each matter holds, of those that were moved too."""
    certificates = [
        item.due.certificate for item in desk.find(limit=500) if item.due is not None
    ]
    assert len(certificates) > 100
    editions = [WorkCalendar.china(2009), CHINA]
    assert [c for c in certificates if verify(c, editions)] == []


def test_a_term_into_the_next_year_becomes_firm_with_its_notice():
    """Sixty days from 30 November end in a year of which nobody had said anything.

    Loaded in December the notice makes that date firm, and moves no other.
    """
    play = Play(office=open_office(), facts=facts())
    now = at(date(2009, 12, 7), EVENING)
    play.open(now)
    play.feed(now)
    before = play.desk(now).get("XF-050").due
    plan = play.publish(now)
    after = play.desk(now).get("XF-050").due

    assert before is not None
    assert after is not None
    assert (before.provisional, after.provisional) == (True, False)
    assert before.earliest <= after.at == closes(2010, 1, 29) <= before.latest
    assert {move.code for move in (*plan.moves, *plan.firmed)} == {"XF-050"}
    assert play.publish(now).moves == ()
