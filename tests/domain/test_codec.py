"""Values to plain data and back."""

from __future__ import annotations

import pytest

from duban_flow.domain.codec import structure, unstructure
from duban_flow.domain.policies.model import Judgement, Verdict
from duban_flow.domain.units import Role
from duban_flow.errors import Invalid


def judgement() -> Judgement:
    return Judgement(
        item="i",
        code="A-1",
        title="修路",
        unit="zjj",
        role=Role.LEAD,
        rung="late",
        kind="warn",
        cycle="due:1",
        verdict=Verdict.FIRES,
    )


def test_words_come_back_as_members_of_their_enumeration():
    """A role and a verdict are read as themselves, not as the text they are made of."""
    read = structure(unstructure(judgement()), Judgement)

    assert read == judgement()
    assert read.role is Role.LEAD
    assert read.verdict is Verdict.FIRES


def test_a_word_of_no_enumeration_is_refused_by_name():
    """A role that does not exist is a fault of its field."""
    data = {**unstructure(judgement()), "role": "boss"}

    with pytest.raises(Invalid) as refused:
        structure(data, Judgement)

    assert refused.value.reasons[0].column == "role"
