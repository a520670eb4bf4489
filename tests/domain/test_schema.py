"""The JSON Schema of payloads, as a form is drawn from it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Literal

import pytest
from attrs import field, frozen

from duban_flow.domain.schema import schema_of
from duban_flow.domain.supervision import Supervision
from duban_flow.domain.units import Role

DECIMAL = {"type": "string", "pattern": r"^-?\d+(\.\d+)?$"}


@frozen
class Form:
    """Something a host asks for."""

    unit: str
    until: date | None = None
    _hidden: int = 0
    made: int = field(default=0, init=False)


@pytest.mark.parametrize(
    ("kind", "wanted"),
    [
        (str, {"type": "string"}),
        (int, {"type": "integer"}),
        (bool, {"type": "boolean"}),
        (Decimal, DECIMAL),
        (datetime, {"type": "string", "format": "date-time"}),
        (date, {"type": "string", "format": "date"}),
        (time, {"type": "string", "format": "time"}),
        (Role, {"enum": [role.value for role in Role]}),
        (Literal["all"] | int, {"anyOf": [{"enum": ["all"]}, {"type": "integer"}]}),
        (str | None, {"anyOf": [{"type": "string"}, {"type": "null"}]}),
        (tuple[str, ...], {"type": "array", "items": {"type": "string"}}),
        (
            Mapping[str, int],
            {"type": "object", "additionalProperties": {"type": "integer"}},
        ),
        (Any, {}),
        (object, {}),
    ],
)
def test_each_type_has_its_schema(kind, wanted):
    """Plain types, unions, lists, mappings; of what is unknown nothing is said."""
    assert schema_of(kind) == wanted


def test_a_payload_is_an_object_of_its_fields():
    """What must be given is required, by the name under which it is given."""
    told = schema_of(Form)
    assert told["required"] == ["unit"]
    assert sorted(told["properties"]) == ["hidden", "unit", "until"]
    assert told["additionalProperties"] is False


def test_every_action_of_supervision_tells_its_data():
    """No field of any payload goes without a type."""
    for action in Supervision.actions.values():
        told = schema_of(action.payload)
        assert told["type"] == "object"
        assert all(told["properties"].values()), action.name
