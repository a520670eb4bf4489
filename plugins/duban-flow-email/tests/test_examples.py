"""The examples in the docstrings say what happens."""

from __future__ import annotations

import doctest
from types import ModuleType

import pytest

from duban_flow_email import letter, session


@pytest.mark.parametrize("module", [letter, session])
def test_each_docstring_is_true(module: ModuleType) -> None:
    """Every example of a module gives what is printed under it."""
    failed, tried = doctest.testmod(module)
    assert (failed, tried > 0) == (0, True)
