"""Counting tables: exact where days are listed, bounded where they are not."""

from datetime import date

import pytest

from duban_flow.domain.time.tally import LAST, Tally, Week, most_make_up, most_rest

WEEK = Week((5, 6))
MONDAY = date(2009, 11, 30).toordinal()


def test_a_plain_week_counts_five():
    """Without any listed day the count is a matter of whole weeks."""
    plain = Tally.of(WEEK, frozenset(), frozenset(), (1, LAST))
    assert plain.count(MONDAY + 6) - plain.count(MONDAY - 1) == 5
    assert plain.after(MONDAY, 5) == (MONDAY + 7, MONDAY + 7)
    assert plain.after(MONDAY, -1) == (MONDAY - 3, MONDAY - 3)


@pytest.mark.parametrize("n", [-40, -6, -1, 0, 1, 6, 40])
def test_counting_crosses_the_edges_of_the_table(n):
    """Days before, within and after the listed ones are counted as one line."""
    resting = frozenset({MONDAY + 1, MONDAY + 2})
    tally = Tally.of(WEEK, resting, frozenset({MONDAY + 5}), (1, LAST))
    for start in range(MONDAY - 20, MONDAY + 20):
        (day, same) = tally.after(start, n)
        low, high = (start, day) if n > 0 else (day - 1, start - 1)
        assert day == same
        assert n == 0 or tally.count(high) - tally.count(low) == abs(n)


def test_a_range_reaches_back_and_forth_past_what_is_known():
    """Counted from a known day into the unknown, either end may be met."""
    known = (MONDAY, MONDAY + 11)
    tally = Tally.of(WEEK, frozenset(), frozenset(), known)
    first, last = tally.after(MONDAY + 7, 10)
    assert first < MONDAY + 21 < last
    first, last = tally.after(MONDAY + 2, -10)
    assert first < MONDAY - 12 < last
    assert tally.knows(MONDAY, MONDAY + 11)
    assert not tally.knows(MONDAY - 1, MONDAY)


def test_a_tally_that_spans_both_ends_is_bounded_on_both():
    """A window wider than what is known is uncertain before it and after it."""
    tally = Tally.of(WEEK, frozenset(), frozenset(), (MONDAY, MONDAY + 4))
    fewest, most = tally.bounds(MONDAY - 15, MONDAY + 18)
    listed = tally.count(MONDAY + 18) - tally.count(MONDAY - 15)
    assert most - listed == 2 * most_make_up(14)
    assert listed - fewest >= most_rest(12)


def test_an_empty_window_holds_nothing():
    """Between a day and itself there is no day, known or not."""
    tally = Tally.of(WEEK, frozenset(), frozenset(), (MONDAY, MONDAY))
    assert tally.bounds(MONDAY + 9, MONDAY + 9) == (0, 0)
