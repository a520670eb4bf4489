"""What a fault says of itself: where, what was said, and what might help."""

from __future__ import annotations

import pytest

from duban_flow.errors import Problem


def problem(code: str, wanted: str, said: str = "x") -> Problem:
    """Make a fault of a cell."""
    return Problem(code=code, en="It is ill.", zh="有误", said=said, wanted=wanted)


@pytest.mark.parametrize(
    ("code", "wanted", "zh", "en"),
    [
        ("date.form", "2009-11-30", "例如2009-11-30", "for example 2009-11-30"),
        ("term.form", "3个月", "例如3个月", "for example 3个月"),
        ("quantity.unit", "亩", "例如亩", "for example 亩"),
        ("lint.too_wide", "open, late", "可写open, late", "such as open, late"),
        ("unit.unknown", "住建局", "最接近的是住建局", "the nearest is 住建局"),
        ("date.future", "≤ 2026-06-01", "范围是≤ 2026-06-01", "the range is ≤ 2026"),
        ("total.differs", "12", "各行合计12", "the rows add up to 12"),
    ],
)
def test_a_suggestion_is_told_as_one(code: str, wanted: str, zh: str, en: str) -> None:
    """It is an example, a way to write it or the nearest word: never a fact."""
    one = problem(code, wanted)
    assert one.text().endswith(f"有误，写的是“x”，{zh}")
    assert f"It is ill; said 'x'; {en}" in one.text("en")


def test_what_was_said_is_not_suggested_again() -> None:
    """A suggestion that equals what stands there helps nobody."""
    one = problem("code.taken", "A-1", said="A-1")
    assert (one.hint(), one.text()) == ("", "有误，写的是“A-1”")
