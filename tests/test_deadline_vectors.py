"""The published vectors of deadlines, by this library and by the verifier beside it."""

from __future__ import annotations

import json
from itertools import permutations

import pytest

from duban_flow.domain.time.certificate import verify
from duban_flow.domain.time.reckoning import reckon
from tools.reference_vectors import CALENDAR, Vector, vectors
from tools.verify_deadline import faults

SHOWN = json.loads(json.dumps(CALENDAR.to_dict()))


@pytest.mark.parametrize("vector", vectors(), ids=lambda v: v.name)
def test_a_vector_holds_in_whatever_order_it_is_told(vector: Vector):
    """Every order of its stops and dates gives the date that is published."""
    for stops in permutations(vector.stops):
        for fixed in permutations(vector.fixed):
            found = reckon(vector.term, vector.start, CALENDAR, stops, fixed)
            assert (found.at, found.deferred) == (vector.due, vector.deferred)


@pytest.mark.parametrize("vector", vectors(), ids=lambda v: v.name)
def test_both_verifiers_agree_on_a_vector(vector: Vector):
    """Reckoned again by the library, and counted out by a page that knows nothing."""
    proof = reckon(
        vector.term, vector.start, CALENDAR, vector.stops, vector.fixed
    ).certificate
    assert verify(proof, [CALENDAR]) == ()
    assert faults(json.loads(json.dumps(proof)), SHOWN) == []
