"""The SQL storage: SQLAlchemy Core, SQLite by default."""

from duban_flow.storage.sql.store import SqlStorage

__all__ = ["SqlStorage"]
