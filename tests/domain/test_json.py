"""What of JSON is refused before anything is made of it."""

import pytest

from duban_flow.domain.codec import read_json
from duban_flow.domain.units import Post
from duban_flow.errors import Invalid


@pytest.mark.parametrize(
    "text",
    [
        '{"name": "甲", "name": "乙"}',
        '{"a": {"b": 1, "b": 2}}',
        "[NaN]",
        "[-Infinity]",
        "9" * 5_000,
        "[" * 100_000 + "]" * 100_000,
        "{",
        "",
    ],
    ids=["twice", "twice below", "NaN", "Infinity", "digits", "depth", "open", "empty"],
)
def test_json_is_read_strictly(text):
    """Nothing is dropped, guessed or left to the parser's limits."""
    with pytest.raises(Invalid) as refused:
        read_json(text)

    assert refused.value.code == "json.invalid"


def test_a_value_wants_an_object():
    """A list is no value, whatever it holds."""
    with pytest.raises(Invalid):
        Post.from_json("[1]")


def test_a_value_comes_back_from_its_text():
    """What was written is read."""
    text = '{"schema": 1, "unit": "zjj", "name": "head"}'

    assert Post.from_json(text) == Post(unit="zjj", name="head")
