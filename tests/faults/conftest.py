"""Faults are provoked where the tests of the engine run: in memory and on SQLite."""

from tests.engine.conftest import house, storage

__all__ = ["house", "storage"]
