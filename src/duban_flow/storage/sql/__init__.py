"""The SQL storage: SQLAlchemy Core, SQLite by default."""

from duban_flow.storage.sql.store import Address, SqlStorage

__all__ = ["Address", "SqlStorage"]
