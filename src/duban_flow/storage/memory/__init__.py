"""The memory storage: the reference that every other is held to; nothing is kept."""

from duban_flow.storage.memory.store import MemoryStorage

__all__ = ["MemoryStorage"]
