"""Quantities: exact, finite, and ranges where they are rounded."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duban_flow.domain.quantities import (
    Interval,
    Measure,
    amount,
    number,
    optional_number,
)
from duban_flow.errors import Invalid

numbers = st.decimals(
    allow_nan=False, allow_infinity=False, places=3, min_value=-1000, max_value=1000
)
intervals = st.tuples(numbers, numbers).map(lambda two: Interval(min(two), max(two)))


@pytest.mark.parametrize(
    ("given_", "code"),
    [
        (1.5, "quantity.type"),
        (True, "quantity.type"),
        (None, "quantity.type"),
        ("万", "quantity.text"),
        ("NaN", "quantity.text"),
        (Decimal("Infinity"), "quantity.text"),
    ],
)
def test_what_is_no_exact_number_is_refused(given_, code):
    """Floats, truth values and endless numbers never become quantities."""
    with pytest.raises(Invalid) as refused:
        number(given_)
    assert refused.value.code == code


def test_a_number_that_may_be_absent():
    """Nothing stays nothing; text is read exactly."""
    assert optional_number(None) is None
    assert optional_number("0.10") == Decimal("0.10")


def test_an_interval_runs_upwards():
    """A range that runs downwards is refused."""
    with pytest.raises(Invalid, match="upwards"):
        Interval(2, 1)


@pytest.mark.parametrize(
    ("told", "wanted"),
    [
        (None, None),
        (3, Decimal(3)),
        ("40.63 ~ 41.63", Interval("40.63", "41.63")),
        (Interval(1, 2), Interval(1, 2)),
    ],
)
def test_an_amount_is_a_number_or_a_range(told, wanted):
    """As people write either."""
    assert amount(told) == wanted


def test_an_interval_of_one_number_reads_as_that_number():
    """A range prints both bounds, a single number itself."""
    assert [str(Interval(1, 1)), str(Interval(1, 2))] == ["1", "1~2"]
    assert Interval.of(3) == Interval(3, 3)
    assert Interval.of(Interval(1, 2)) == Interval(1, 2)


@given(intervals, intervals)
def test_subtracting_keeps_every_possible_result(one, other):
    """Whatever the two numbers are, their difference lies in the result."""
    difference = one.minus(other)
    assert difference.width == one.width + other.width
    for high in (one.low, one.high):
        for low in (other.low, other.high):
            assert difference.low <= high - low <= difference.high


def test_a_measure_may_have_a_target():
    """It is read exactly, like every quantity."""
    assert Measure("产值", "亿元", target="38.6").target == Decimal("38.6")
