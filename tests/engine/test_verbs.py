"""Every verb of a desk is one action, with the payload's own fields."""

from __future__ import annotations

import inspect
from typing import Any

import attrs
import pytest

from duban_flow import Desk, Supervision
from duban_flow.engine.extension_desk import ExtensionDesk

VERBS = [name for name, a in Supervision.actions.items() if not a.issued]
UNSPOKEN = {"lapse"}
"""Actions that only the sweep performs."""


def verb(name: str) -> Any:
    """Find the verb of an action: those of extensions stand together."""
    there, _, of = name.partition("_extension")
    return getattr(ExtensionDesk if name != there and not of else Desk, there, None)


@pytest.mark.parametrize("name", [v for v in VERBS if v not in UNSPOKEN])
def test_a_verb_has_the_fields_of_its_payload(name):
    """No verb hides a field of its payload, none invents one."""
    parameters = list(inspect.signature(verb(name)).parameters)
    assert parameters[:2] == ["self", "item"]
    assert parameters[-1] == "about"
    payload: Any = Supervision.actions[name].payload
    fields = [f.alias for f in attrs.fields(payload)]
    assert sorted(parameters[2:-1]) == sorted(fields)


@pytest.mark.parametrize("name", [v for v in VERBS if v not in UNSPOKEN])
def test_a_verb_has_the_defaults_of_its_payload(name):
    """What may be left out of the payload may be left out of the verb, and no more."""
    parameters = inspect.signature(verb(name)).parameters
    payload: Any = Supervision.actions[name].payload
    for field in attrs.fields(payload):
        optional = field.default is not attrs.NOTHING
        given = parameters[field.alias].default is not inspect.Parameter.empty
        assert given == optional, field.name


def test_every_action_by_hand_has_a_verb():
    """Nothing a person may do is missing from the desk."""
    assert [v for v in VERBS if verb(v) is None] == sorted(UNSPOKEN)
