"""Statutory terms as values: what they say, and how they are found."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from attrs import evolve

from duban_flow import Invalid, NotFound, Term
from duban_flow.domain.time.statutory import (
    StatutoryTerm,
    known_term,
    nearest_term,
    statutory_term,
)

LICENCE = StatutoryTerm(
    key="licence",
    name="行政许可",
    name_en="licence",
    term=Term.workdays(20),
    extension=Term.workdays(10),
    source="行政许可法",
    article="第四十二条",
)
TERMS = {"licence": LICENCE}


def test_says_how_long_in_two_languages():
    """With the extension, where the rule allows one."""
    assert LICENCE.describe() == "20个工作日，可延长10个工作日"
    assert evolve(LICENCE, extension=None).describe() == "20个工作日"
    assert LICENCE.describe("en") == "20 working days + 10 working days"
    assert str(LICENCE).endswith("（行政许可法第四十二条）")


@pytest.mark.parametrize("said", ["licence", "行政许可"])
def test_is_found_by_key_and_by_name(said):
    """Both are what people write."""
    assert known_term(TERMS, said) is LICENCE
    assert statutory_term(TERMS, said) is LICENCE


def test_the_nearest_is_named_where_there_is_none():
    """A slip is answered with what may have been meant, never with a guess."""
    assert known_term(TERMS, "行政许") is None
    assert nearest_term(TERMS, "lisence") == "licence"
    with pytest.raises(NotFound, match="the nearest is 'licence'"):
        statutory_term(TERMS, "lisence")
    with pytest.raises(NotFound, match="no statutory term 'zzz'\\."):
        statutory_term(TERMS, "zzz")


@pytest.mark.parametrize("empty", ["key", "name", "source"])
def test_wants_key_name_and_source(empty):
    """A term without its rule is nobody's."""
    told = {**LICENCE.to_dict(), empty: " "}
    with pytest.raises(Invalid, match=f"wants a {empty}"):
        StatutoryTerm.from_dict(told)


def test_a_date_is_no_rule():
    """A statute counts from a start; neither its term nor its extension is a date."""
    day = Term.until(date(2026, 6, 5))
    for field in ("term", "extension"):
        fields: dict[str, Any] = {"term": Term.workdays(20), field: day}
        with pytest.raises(Invalid, match="a rule that counts") as refused:
            StatutoryTerm(key="licence", name="许可", source="许可法", **fields)
        assert refused.value.code == "statutory.date"


def test_is_written_down_and_read_again():
    """It is data, like every value."""
    assert StatutoryTerm.from_dict(LICENCE.to_dict()) == LICENCE
