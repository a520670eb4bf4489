"""A figure: what it is printed as, and what a printed number leaves open."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duban_flow.domain.circular.figure import (
    Figure,
    Figures,
    Stated,
    places_of,
    rounded,
    scale_of,
)
from duban_flow.domain.quantities import Interval
from duban_flow.errors import Invalid

numbers = st.decimals(-10000, 10000, places=4, allow_nan=False)


class TestPrinted:
    """What a reader sees."""

    @pytest.mark.parametrize(
        ("value", "unit", "places", "printed"),
        [
            (104, "件", None, "104件"),
            ("61.54", "%", None, "61.54%"),
            ("60.4594", "亿元", None, "60.4594亿元"),
            ("52.5", "%", 2, "52.50%"),
            ("2.5", "%", 0, "3%"),
            ("-2.5", "%", 0, "-3%"),
            (Interval("12.5", "13.5"), "分", None, "12.5~13.5分"),
            (Interval(13, 13), "分", None, "13分"),
            (Decimal("1E+2"), "件", None, "100件"),
        ],
    )
    def test_prints_its_number_and_its_unit(self, value, unit, places, printed):
        """A figure prints as its number, plainly rounded, with its unit."""
        assert printed == str(Figure("n", value, unit, rounding=places))

    def test_is_born_as_it_is_printed(self):
        """A value with more decimals than its rounding is rounded at once."""
        assert Figure("n", "61.538", "%", rounding=2) == Figure(
            "n", "61.54", "%", rounding=2
        )

    def test_is_called_by_label_and_name(self):
        """A fault calls a figure by its label, with the name it is found under."""
        assert Figure("closed", 1, label="已办结").title == "已办结(closed)"
        assert Figure("closed", 1).title == "closed"
        assert Figure("", 1, label="已办结").title == "已办结"


class TestPossible:
    """What a printed number can have been."""

    @pytest.mark.parametrize(
        ("figure", "fine", "low", "high"),
        [
            (Figure("n", 27, "件"), False, "27", "27"),
            (Figure("n", 27, "件"), True, "27", "27"),
            (Figure("n", 20, "亩"), False, "20", "20"),
            (Figure("n", 20, "亩"), True, "19.5", "20.5"),
            (Figure("n", "51.8", "亩"), False, "51.75", "51.85"),
            (Figure("n", 37, "%"), False, "36.5", "37.5"),
            (Figure("n", 13, "分", rounding=0), False, "12.5", "13.5"),
            (Figure("n", Interval(1, 2), "分"), False, "1", "2"),
        ],
    )
    def test_half_a_unit_in_the_last_place(self, figure, fine, low, high):
        """Decimals, per cents and said roundings are ranges; counts are exact."""
        assert Interval(low, high) == figure.possible(fine=fine)

    @given(numbers, st.integers(0, 4))
    def test_holds_what_was_rounded(self, value, places):
        """Whatever was rounded lies in what the printed figure leaves open."""
        figure = Figure("n", rounded(value, places), "亩", rounding=places)
        bounds = figure.possible()

        assert bounds.low <= value <= bounds.high


class TestRefused:
    """What is no figure."""

    @pytest.mark.parametrize("value", [1.5, None, "many", True])
    def test_a_value_that_is_no_exact_number(self, value):
        """A float, nothing, or words are no value of a figure."""
        with pytest.raises(Invalid):
            Figure("n", value)

    @pytest.mark.parametrize("places", [-1, 13])
    def test_a_rounding_nobody_prints(self, places):
        """A figure is rounded to 0 to 12 decimals."""
        with pytest.raises(Invalid, match="decimals"):
            Figure("n", 1, rounding=places)

    def test_an_instant_without_a_zone(self):
        """An as_of without a zone names no instant."""
        with pytest.raises(Invalid, match="zone"):
            Figure("n", 1, as_of=datetime(2009, 12, 15))  # on purpose


class TestSummary:
    """What goes into a summary in JSON."""

    def test_says_value_unit_and_what_it_was_divided_from(self):
        """Whole numbers stay whole, decimals keep their digits, dates are ISO."""
        figure = Figure(
            "share",
            "61.54",
            "%",
            numerator=40,
            denominator=65,
            as_of=date(2009, 11, 30),
        )
        wanted = {
            "value": 61.54,
            "unit": "%",
            "numerator": 40,
            "denominator": 65,
            "as_of": "2009-11-30",
        }

        assert wanted == json.loads(json.dumps(figure.to_dict()))

    def test_a_range_and_a_long_number_are_text(self):
        """What JSON's numbers would bend is written as text."""
        assert Figure("n", Interval("12.5", "13.5")).to_dict()["value"] == "12.5~13.5"
        long = "1234567890123456.5"
        assert long == Figure("n", long).to_dict()["value"]

    def test_an_instant_keeps_its_offset(self):
        """An instant keeps the clock it was said on: its day is that clock's."""
        east = datetime(2009, 12, 15, 12, tzinfo=timezone(timedelta(hours=8)))
        assert (
            Figure("n", 1, as_of=east).to_dict()["as_of"] == "2009-12-15T12:00:00+08:00"
        )
        assert None is Figure("n", 1).to_dict()["as_of"]

    @given(numbers)
    def test_keeps_every_decimal(self, value):
        """A number in the summary is the very number of the figure."""
        assert value == Decimal(str(Figure("n", value).to_dict()["value"]))


class TestFigures:
    """Figures by name."""

    def test_are_found_by_name_and_as_attributes(self):
        """A template may write either; a missing one is missing in both ways."""
        figures = Figures([Figure("done", 40), Figure("items", 43)])

        assert figures["done"] is figures.done
        assert str(figures.items) == "43"
        assert list(figures) == ["done", "items"]
        assert len(figures) == 2
        assert repr(figures) == "Figures(done, items)"
        with pytest.raises(AttributeError):
            figures.missing  # noqa: B018 # the asking is the test
        with pytest.raises(KeyError):
            figures["missing"]

    def test_are_a_mapping(self):
        """Where no figure takes the name, methods of a mapping answer."""
        figures = Figures([Figure("done", 40)])

        assert {"done": Figure("done", 40)} == dict(figures.items())
        assert None is figures.get("missing")


def test_scales_of_units():
    """万 and 亿 multiply a unit, but stand for nothing alone."""
    assert [Decimal(10000), Decimal(10**8), Decimal(1), Decimal(1)] == [
        scale_of(unit) for unit in ("万户", "亿元", "万", "户")
    ]


def test_places_of_numbers():
    """The decimals of a number are those it is written with."""
    assert [places_of(Decimal(n)) for n in ("1165", "95.52", "1E+2", "Infinity")] == [
        0,
        2,
        0,
        0,
    ]


def test_stated_keeps_what_was_printed():
    """A stated figure knows in what characters it stood, if it was told."""
    assert Stated("九十五点五二").printed == "九十五点五二"
    assert Stated("") == Figure("n", 1).origin


def test_a_range_of_one_value_is_that_value():
    """A difference that is known exactly is written as a number, not as a range."""
    exact = Figure("gap", "10.28~10.28", "分")

    assert exact.value == Decimal("10.28")
    assert exact.to_dict()["value"] == 10.28
