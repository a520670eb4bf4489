"""A case and its facts: rounds with their places and gaps, papers, notices."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from duban_flow.domain.case import Entry, Round
from duban_flow.domain.events import Notice
from duban_flow.domain.quantities import Interval

NOW = datetime(2026, 6, 1, 1, tzinfo=UTC)


def round_of(
    *entries: Entry, mean: str | None = None, cohort: int | None = None
) -> Round:
    """Make a first round."""
    return Round(
        ordinal=1,
        on=date(2026, 6, 1),
        entries=entries,
        mean=mean,
        cohort=cohort,
        effective_at=NOW,
    )


def test_a_subject_is_found_in_its_round():
    """By the name under which it was rated, and by no other."""
    made = round_of(Entry("甲", score=80), Entry("乙", score=90))
    found = made.entry("乙")
    assert found is not None
    assert found.score == Decimal(90)
    assert made.entry("丙") is None


@pytest.mark.parametrize(
    ("score", "mean", "gap"),
    [
        ("80", "85.5", Interval("5.5", "5.5")),
        ("80", "85~86", Interval(5, 6)),
        (None, "85", None),
        ("80", None, None),
    ],
)
def test_the_gap_is_what_lacks_to_the_mean(score, mean, gap):
    """A mean known as a range gives a range; without either there is none."""
    assert round_of(Entry("甲", score=score), mean=mean).gap("甲") == gap
    assert round_of(mean=mean).gap("甲") is None


@pytest.mark.parametrize(
    ("rank", "cohort", "share"),
    [(1, 5, 0), (5, 5, 100), (3, 5, 50), (1, 1, 0), (None, 5, None), (1, None, None)],
)
def test_the_share_runs_from_the_first_to_the_last(rank, cohort, share):
    """First is 0 per cent, last 100; alone is first."""
    made = round_of(Entry("甲", rank=rank), cohort=cohort)
    assert made.rank_share("甲") == share
    assert made.rank_share("丙") is None


def test_a_notice_is_for_a_post():
    """Unit and post make one word of its key."""
    told = Notice(unit="zjj", post="局长", channel="sms", template="urge")
    assert told.recipient == "zjj/局长"
