"""Quantities as people write them: strict numbers with a unit."""

from decimal import Decimal

import pytest

from duban_flow.domain.amounts import parse_quantity
from duban_flow.domain.time.dates import parse_date
from duban_flow.domain.written import Unreadable
from duban_flow.errors import Problem


@pytest.mark.parametrize(
    ("text", "number", "unit"),
    [
        ("12.57万平方米", "12.57", "万平方米"),
        ("1270.5亩", "1270.5", "亩"),
        ("1,270.5 亩", "1270.5", "亩"),
        ("60.4594亿元", "60.4594", "亿元"),
        ("28.13分", "28.13", "分"),
        ("95.52%", "95.52", "%"),
        ("+6.98%", "6.98", "%"),
        ("-1.88 %", "-1.88", "%"),
        ("−1.88%", "-1.88", "%"),
        ("4536人", "4536", "人"),
        ("40", "40", ""),
        ("１２", "12", ""),
        ("１，０００．５％", "1000.5", "%"),
        ("12万", "12", "万"),
        ("3.2万㎡", "3.2", "万㎡"),
        ("3 m²", "3", "m²"),
        ("5元/户", "5", "元/户"),
        ("1,234,567.89元", "1234567.89", "元"),
        ("28.10分", "28.10", "分"),
    ],
)
def test_a_number_and_its_unit(text, number, unit):
    """Exactly what was written, with as many places as were written."""
    found = parse_quantity(text)
    assert found == (Decimal(number), unit)
    assert str(found[0]) == number


@pytest.mark.parametrize(
    "text",
    [
        "", "万", "²", "①", "१२", "٤", "NaN", "inf", "Infinity", "1_000", "1e400",
        "1E5", "0x10", "1,00", "1,0000", "1,000,00", ",100", "5.", ".5", "1.2.3",
        "1..2", "--5", "+ 5", "28²", "①2", "1½", "12五", "12 34", "12=cmd()", "=12",
        "5\u200b人", "5人5", "约5人", "5人²²", "1" * 31, "1" * 10**5, "5\x00",
        "5‰\u202e",
    ],
)  # fmt: skip
def test_what_only_looks_like_a_number_is_refused(text):
    """Digits of other scripts, exponents, misplaced commas, hidden signs: none."""
    with pytest.raises(Unreadable) as refused:
        parse_quantity(text)
    assert refused.value.code in {"quantity.number", "quantity.form"}
    assert len(str(refused.value)) < 200


def test_a_unit_must_be_declared_where_units_are():
    """With a list of units, another one is refused, naming the list."""
    assert parse_quantity("5亩", ["亩", "宗"]) == (Decimal(5), "亩")
    with pytest.raises(Unreadable) as refused:
        parse_quantity("5公顷", ["亩", "宗"])
    (problem,) = refused.value.problems
    assert isinstance(problem, Problem)
    assert problem.code == "quantity.unit"
    assert problem.wanted == "亩、宗"


def test_a_refusal_is_also_a_value_error():
    """A host that knows nothing of this library can still catch it."""
    with pytest.raises(ValueError, match="not a number"):
        parse_quantity("many")
    with pytest.raises(ValueError, match="not a date"):
        parse_date("soon", zone="Asia/Shanghai")


def test_a_refusal_without_a_reason_has_its_own_text():
    """Like every error, it says something of itself."""
    assert Unreadable().code == "text.unreadable"
    assert str(Unreadable()) == "The text cannot be read as what was wanted."
