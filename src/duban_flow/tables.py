"""Tables that hosts may join in their own queries: to read, never to write.

Their names and columns change only with a schema number. What an item is beyond
these columns is asked of a desk.
"""

from duban_flow.storage.sql.schema import item as item

__all__ = ["item"]
