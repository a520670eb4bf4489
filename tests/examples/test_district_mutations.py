"""Facts changed one at a time: who is sanctioned follows from the facts alone."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, time, timedelta

import pytest

from duban_flow import Forbidden, Policy
from examples.district.play import (
    EVENING,
    FIRST,
    HERE,
    MORNING,
    NIGHT,
    OPENING,
    ZONE,
    Play,
    at,
    open_office,
    play_sitting,
    policy_of,
)
from tests.examples.judging import (
    SITS,
    SIX,
    X2,
    X4,
    X5,
    X6,
    changed,
    facts,
    judged,
    result_of,
    row,
    without,
)

POLICY = (HERE / "policy.toml").read_text(encoding="utf-8")
NAIVE = HERE.parent / "policies" / "naive.toml"
REOPENED = row("2009-12-22", "重新办理", "区纪委", "AZ-03", reason="验收不合格")
SEVENTH = ("行政效能告诫", "国土分局", "responsible", ("AZ-03",))


def policy_with(old: str, new: str) -> Policy:
    """Load the district's policy with one passage written otherwise."""
    assert old in POLICY
    return policy_of(POLICY.replace(old, new))


@pytest.fixture(scope="module")
def plain():
    """Judge the facts as they are."""
    return judged()


def test_the_facts_as_they_are_give_the_six(plain):
    """Exactly six sanctions follow, and nothing is left unsure."""
    assert plain.told == SIX
    assert plain.sitting.unsure == ()


def test_every_other_late_or_short_matter_has_its_reason(plain):
    """Each flagged matter that was not sanctioned says why, and no other does."""
    assert plain.spared == {
        *("AZ-03", "CQ-01", "CQ-02", "CQ-03", "CQ-04", "CS-01", "CS-02", "CS-03"),
        *("MS-00", "ZF-07", "ZF-08", "ZF-09"),
        *(f"TD-{n}" for n in range(12, 19)),
        *(f"XF-{n:03}" for n in range(55, 105)),
    }
    assert plain.why_not("AZ-03") == "已办结"
    assert "稳控" in plain.why_not("XF-055")
    assert "未明确责任单位" in plain.why_not("CQ-04")
    assert "未明确责任单位" in plain.why_not("ZF-07")
    assert "决定性指标已完成" in plain.why_not("TD-15")


def test_a_finished_handover_that_is_reopened_is_a_seventh():
    """What separates the finished estate from the open ones is that it is closed."""
    assert judged((*facts(), REOPENED)).told == SIX | {SEVENTH}


def test_an_accepted_excuse_spares_the_handover():
    """An excuse that was accepted stands as the reason in place of the sanction."""
    found = judged(changed(facts(), "AZ-02", "不予认定理由", action="认定理由"))

    assert found.told == SIX - {X4}
    assert "正当理由已获认定" in found.why_not("AZ-02")


def test_excuses_accepted_for_every_case_spare_the_bureau():
    """With all four excuses accepted the bureau is not sanctioned, and it says why."""
    given = facts()
    for code in X2[3]:
        given = changed(given, code, "不予认定理由", action="认定理由")
    found = judged(given)

    assert found.told == SIX - {X2}
    assert "正当理由已获认定" in found.why_not("AJ-17")


def test_excuses_accepted_for_three_of_four_leave_the_fourth():
    """The sanction cites the one case whose excuse was refused, alone."""
    given = facts()
    for code in X2[3][:3]:
        given = changed(given, code, "不予认定理由", action="认定理由")
    found = judged(given)

    assert found.told == SIX - {X2} | {(*X2[:3], ("AJ-20",))}
    assert "正当理由已获认定" in found.why_not("AJ-17")


@pytest.mark.parametrize(("said", "better"), [("28.13", "45"), ("32", "43")])
def test_one_score_above_the_mean_spares_the_road(said, better):
    """Two rounds below the mean are wanted; either of them above it is enough."""
    given = tuple(
        f.with_cells(score=better)
        if (f.row.get("code"), f.row.get("score")) == ("HJ-22", said)
        else f
        for f in facts()
    )
    assert given != facts()
    assert judged(given).told == SIX - {X6}


@pytest.mark.parametrize("said", ["5", "4"])
def test_one_rank_in_the_upper_half_spares_the_lead(said):
    """The third of six stands in the upper half, in whichever round."""
    given = tuple(
        f.with_cells(rank="3")
        if (f.row.get("code"), f.row.get("rank")) == ("HJ-21", said)
        else f
        for f in facts()
    )
    assert given != facts()
    assert judged(given).told == SIX - {X5}


def test_rounds_that_do_not_follow_one_another_are_no_streak():
    """A third and a fifth round are not two in a row, neither by rank nor by mean."""
    given = tuple(
        f.with_cells(round="5") if f.row.get("round") == "4" else f for f in facts()
    )
    assert judged(given).told == SIX - {X5, X6}


def test_a_plot_past_due_with_a_unit_is_warned():
    """A plot that somebody answers for is sanctioned like any other task."""
    given = changed(facts(), "CQ-01", "交办", due="2009-12-15", responsible="区建设局")

    assert judged(given).told == SIX | {
        ("行政效能告诫", "区建设局", "responsible", ("CQ-01",))
    }


def test_a_plot_past_due_without_a_unit_is_named_so():
    """A plot that nobody answers for is not sanctioned, because nobody does."""
    found = judged(changed(facts(), "CQ-01", "交办", due="2009-12-15"))

    assert found.told == SIX
    assert found.why_not("CQ-01") == "未明确责任单位"


def test_petitions_that_are_not_held_fall_on_their_street():
    """Fifty petitions of one street are one sanction that cites fifty."""
    found = judged(without(facts(), "*", "稳控"))
    fifty = tuple(f"XF-{n:03}" for n in range(55, 105))

    assert found.told == SIX | {("行政效能提示", "簇桥街办", "responsible", fifty)}


def test_land_is_spared_by_its_area_alone():
    """With the target of area out of reach, parcels past their dates are sanctioned."""
    given = changed(facts(), "TD-00", "交办", target="1300")
    late = {
        ("行政效能告诫", "区土储中心", "responsible", (f"TD-{n}",))
        for n in range(15, 19)
    }

    assert judged(given).told == SIX | late


@pytest.mark.parametrize(
    ("sitting", "sits", "clock"),
    [
        ("quarter end - 3 workdays", date(2009, 12, 28), MORNING),
        ("quarter end", date(2009, 12, 31), MORNING),
        ("quarter end", date(2009, 12, 31), NIGHT),
    ],
)
def test_the_six_do_not_hang_on_the_day_of_the_sitting(sitting, sits, clock):
    """The panel may sit three or six days later, in the morning or after hours."""
    policy = policy_with("quarter end - 4 workdays", sitting)
    found = judged(policy=policy, sits=sits, clock=clock)

    assert found.told == SIX
    assert found.sitting.day == sits


def test_after_hours_on_the_last_day_the_plots_are_late_and_nobodys():
    """The plots are late from the close of business on, and have no unit to charge."""
    policy = policy_with("quarter end - 4 workdays", "quarter end")
    found = judged(policy=policy, sits=date(2009, 12, 31), clock=NIGHT)

    for code in ("CQ-01", "CQ-02", "CQ-03", "CQ-04"):
        assert "未明确责任单位" in found.why_not(code)


def test_the_order_of_the_ledgers_does_not_show(plain):
    """Ledgers read in another order come to the same decisions and reasons."""
    given = tuple(sorted(facts(), key=lambda f: f.ledger, reverse=True))

    assert judged(given).everything == plain.everything


@pytest.mark.parametrize("batch", [1, 7, 5000])
def test_the_size_of_a_batch_does_not_show(plain, batch):
    """A sweep in small steps, or in one, comes to the same decisions and reasons."""

    def run(play: Play) -> None:
        eve(play)
        play.office.sweep(now=at(SITS, MORNING), batch=batch)

    assert judged(run=run).everything == plain.everything


def test_swept_twice_is_swept_once(plain):
    """A sitting that is swept again, at once and later, adds nothing."""

    def run(play: Play) -> None:
        eve(play)
        for minutes in (0, 0, 5):
            play.run(at(SITS, MORNING) + timedelta(minutes=minutes))

    assert judged(run=run).everything == plain.everything


def test_the_number_of_workers_does_not_show(plain, tmp_path):
    """Three workers at one database come to the same decisions and reasons."""
    url = f"sqlite:///{tmp_path / 'duban.db'}"
    play = Play(office=open_office(url), facts=facts())
    eve(play)
    workers = [open_office(url) for _ in range(3)]

    def work(office):
        return office.sweep(now=at(SITS, MORNING), batch=40)

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(work, workers))
    play.office.sweep(now=at(SITS, MORNING))
    found = result_of(play)
    for office in (*workers, play.office):
        office.close()

    assert found.everything == plain.everything


def test_a_policy_that_knows_one_category_passes_by_luck():
    """A narrower policy gives the same six, and misses the estate that is reopened."""
    narrow = policy_with(
        "category in housing_handover, housing_completion, demolition, livelihood, "
        "land, revenue",
        "category is housing_handover",
    )
    assert judged(policy=narrow).told == SIX
    assert SEVENTH not in judged((*facts(), REOPENED), policy=narrow).told


def test_an_offset_from_the_due_date_warns_a_unit_that_was_finishing():
    """Without a sitting the bureau is warned on 24 October, while it was building."""

    policy = policy_of(NAIVE.read_text(encoding="utf-8"))
    play = Play(office=open_office(policy=policy), facts=facts())
    play.open(at(FIRST, OPENING))
    play.feed(at(FIRST, OPENING))
    for day in (date(2009, 10, 23), date(2009, 10, 24)):
        play.feed(at(day - timedelta(days=1), EVENING))
        play.run(at(day, MORNING))
    (warned,) = play.last_desk().sanctions.find(item="AZ-03")

    assert warned.proposed_at == at(date(2009, 10, 24), MORNING)
    assert warned.unit == "guotu"


def test_a_body_out_of_turn_is_refused():
    """The committee agrees after the panel, and the engine's proposer is neither."""
    play = Play(office=open_office(), facts=facts())
    play_sitting(play)
    after = datetime.combine(date(2009, 12, 28), time(10), ZONE)
    first = play.desk(after, "区委常委会").sanctions.find()[0]

    with pytest.raises(Forbidden):
        play.desk(after, "区委常委会").sanctions.approve(first)


def eve(play: Play) -> None:
    """Bring a play to the evening before the sitting."""
    evening = at(SITS - timedelta(days=1), EVENING)
    play.open(evening)
    play.feed(evening)
    play.run(evening + timedelta(minutes=30))
