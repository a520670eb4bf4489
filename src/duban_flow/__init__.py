"""The public names of duban_flow; this module defines none of its own."""

__all__: list[str] = []
