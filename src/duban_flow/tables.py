"""Tables that hosts may join in their own queries: to read, never to write.

Their names and columns change only with a schema number. ``item`` is where a matter
stands, ``item_detail`` what it is called; both are keyed by tenant and id. Instants
are whole microseconds since 1970 in UTC. What an item is beyond these columns is asked
of a desk.
"""

from duban_flow.storage.sql.schema import item as item
from duban_flow.storage.sql.schema import item_detail as item_detail

__all__ = ["item", "item_detail"]
