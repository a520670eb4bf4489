"""Scenarios run where the tests of the engine do: in memory and on SQLite."""

from tests.engine.conftest import house, storage

__all__ = ["house", "storage"]
