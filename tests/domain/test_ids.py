"""Ids: they sort by time, repeat themselves, and tell different things apart."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from duban_flow.domain.ids import uuid7
from duban_flow.domain.instants import micros

instants = st.datetimes(
    datetime(2000, 1, 1), datetime(2199, 1, 1), timezones=st.just(UTC)
)
words = st.lists(st.text("ab\x1e", min_size=1), max_size=3)


@given(instants, words)
def test_an_id_is_a_uuid_of_version_7(now, parts):
    """RFC 9562: version 7, its variant, and the milliseconds in front."""
    made = uuid.UUID(uuid7(now, *parts))
    assert (made.version, made.variant) == (7, uuid.RFC_4122)
    assert made.int >> 80 == micros(now) // 1000


@given(instants, words, words)
def test_the_same_has_the_same_id_and_nothing_else_has(now, one, other):
    """What was asked makes the id, part by part."""
    assert (uuid7(now, *one) == uuid7(now, *other)) is (one == other)


@given(instants)
def test_ids_sort_by_time(now):
    """A millisecond later sorts behind, whatever it is the id of."""
    later = now + timedelta(milliseconds=1)
    assert uuid7(now, "z") < uuid7(later, "a")
