"""The suite that every storage is held to, in this project or out of it."""

from duban_flow.testing.storage.suite import StorageConformance

__all__ = ["StorageConformance"]
