"""The tables: prefix ``duban_``, every key led by the tenant, no foreign keys.

What lies here is the promise of a schema number; a change of it is a new number and
a migration. Nothing here is altered at run time.
"""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Index,
    Integer,
    MetaData,
    SmallInteger,
    Table,
    literal_column,
)

from duban_flow.domain.events import SubjectKind
from duban_flow.storage.sql.types import Instant, Json, prose, word

SCHEMA: Final = 1
"""The number of this schema."""

metadata: Final = MetaData()

NONE: Final[ColumnElement[int]] = literal_column("0")
"""A literal, because a partial index is only used by a query that repeats it."""


def _tenant() -> Column[str]:
    return Column("tenant", word(40), primary_key=True)


def _key(name: str, length: int) -> Column[str]:
    return Column(name, word(length), primary_key=True)


def _word(name: str, length: int) -> Column[str]:
    return Column(name, word(length), nullable=False)


def _maybe(name: str, length: int) -> Column[str]:
    return Column(name, word(length))


def _json(name: str) -> Column[Any]:
    return Column(name, Json, nullable=False)


def _instant(name: str, *, nullable: bool = False) -> Column[int]:
    return Column(name, Instant, nullable=nullable)


def _version() -> Column[int]:
    return Column("version", BigInteger, nullable=False)


item: Final = Table(
    "duban_item",
    metadata,
    _tenant(),
    _key("id", 64),
    _version(),
    _word("state", 40),
    Column("is_open", SmallInteger, nullable=False),
    _instant("next_at"),
    _instant("due_at", nullable=True),
    _word("unit", 100),
    _word("category", 100),
    _word("policy", 150),
    Column("fired", prose(), nullable=False),
    _instant("entered_at"),
    Column("quarantined", Integer, nullable=False),
)
Index(
    "ix_duban_item_due",
    item.c.tenant,
    item.c.next_at,
    sqlite_where=item.c.next_at >= NONE,
    postgresql_where=item.c.next_at >= NONE,
)
Index(
    "ix_duban_item_unit", *(item.c[n] for n in ("tenant", "unit", "category", "state"))
)

item_detail: Final = Table(
    "duban_item_detail",
    metadata,
    _tenant(),
    _key("id", 64),
    _word("code", 100),
    _word("code_key", 400),
    Column("title", prose(), nullable=False),
    _maybe("parent", 64),
    _word("registrar", 100),
    _json("body"),
)
Index(
    "ux_duban_item_detail_code", item_detail.c.tenant, item_detail.c.code, unique=True
)
Index("ix_duban_item_detail_key", item_detail.c.tenant, item_detail.c.code_key)
Index("ix_duban_item_detail_parent", item_detail.c.tenant, item_detail.c.parent)

party: Final = Table(
    "duban_party",
    metadata,
    _tenant(),
    _key("item", 64),
    _key("role", 20),
    Column("place", Integer, primary_key=True, autoincrement=False),
    _word("unit", 100),
)
Index("ix_duban_party_unit", party.c.tenant, party.c.unit)

event: Final = Table(
    "duban_event",
    metadata,
    _tenant(),
    _key("subject", 100),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    _word("kind", 20),
    _word("action", 60),
    _word("actor", 200),
    _maybe("actor_unit", 100),
    _maybe("recorder", 200),
    _instant("effective_at"),
    _instant("effective_until"),
    _word("effective_text", 100),
    _instant("recorded_at"),
    _maybe("state", 40),
    _instant("since", nullable=True),
    _maybe("rung", 100),
    _maybe("cycle", 150),
    _json("overtakes"),
    _json("data"),
)

outbox: Final = Table(
    "duban_outbox",
    metadata,
    _tenant(),
    _key("key", 64),
    _word("subject", 100),
    _word("kind", 20),
    Column("seq", BigInteger, nullable=False),
    _word("recipient", 200),
    _word("unit", 100),
    _word("post", 100),
    _word("channel", 50),
    _word("template", 60),
    Column("formal", SmallInteger, nullable=False),
    _word("status", 20),
    Column("attempts", Integer, nullable=False),
    _instant("not_before"),
    _instant("created_at"),
    _instant("settled_at", nullable=True),
    Column("detail", prose(), nullable=False),
    _maybe("worker", 100),
    _instant("lease_until", nullable=True),
)
Index(
    "ux_duban_outbox_said",
    *(outbox.c[n] for n in ("tenant", "subject", "seq", "recipient", "channel")),
    unique=True,
)
Index("ix_duban_outbox_pending", outbox.c.tenant, outbox.c.status, outbox.c.not_before)

sanction: Final = Table(
    "duban_sanction",
    metadata,
    _tenant(),
    _key("id", 64),
    _version(),
    _word("kind", 64),
    _word("unit", 100),
    _word("role", 20),
    _word("stage", 20),
    _maybe("sitting", 64),
    _json("body"),
)
Index("ix_duban_sanction_unit", sanction.c.tenant, sanction.c.unit)

citation: Final = Table(
    "duban_citation",
    metadata,
    _tenant(),
    _key("item", 64),
    _key("unit", 100),
    _key("role", 20),
    _key("kind", 64),
    _key("rung", 100),
    _key("cycle", 150),
    Column("attempt", Integer, primary_key=True, autoincrement=False),
    _word("sanction", 64),
    _json("grounds"),
)

sitting: Final = Table(
    "duban_sitting",
    metadata,
    _tenant(),
    _key("id", 64),
    _version(),
    _word("policy", 150),
    _word("day", 10),
    _instant("opened_at"),
    _instant("judged_at"),
    _instant("closed_at", nullable=True),
    _json("body"),
)
Index(
    "ux_duban_sitting_day",
    sitting.c.tenant,
    sitting.c.policy,
    sitting.c.day,
    unique=True,
)

judgement: Final = Table(
    "duban_judgement",
    metadata,
    _tenant(),
    _key("sitting", 64),
    _key("item", 64),
    _key("unit", 100),
    _key("role", 20),
    _key("rung", 100),
    _key("cycle", 150),
    _word("code", 100),
    Column("title", prose(), nullable=False),
    _word("kind", 64),
    _word("verdict", 20),
    _json("grounds"),
    Column("reason", prose(), nullable=False),
    _json("flags"),
)

account: Final = Table(
    "duban_account",
    metadata,
    _tenant(),
    _key("sitting", 64),
    Column("ordinal", Integer, primary_key=True, autoincrement=False),
    _word("what", 20),
    _json("body"),
)

request: Final = Table(
    "duban_request",
    metadata,
    _tenant(),
    _key("id", 200),
    _word("digest", 64),
    Column("result", prose(), nullable=False),
    _instant("recorded_at"),
)

unit: Final = Table(
    "duban_unit",
    metadata,
    _tenant(),
    _key("id", 100),
    _version(),
    Column("name", prose(), nullable=False),
    _word("kind", 40),
    _json("body"),
)

post: Final = Table(
    "duban_post",
    metadata,
    _tenant(),
    _key("unit", 100),
    _key("name", 100),
    _key("since", 10),
    _word("until", 10),
    _json("body"),
)

office: Final = Table(
    "duban_office",
    metadata,
    _tenant(),
    _key("id", 64),
    _version(),
)

calendar_version: Final = Table(
    "duban_calendar_version",
    metadata,
    _tenant(),
    _key("name", 100),
    _key("version", 100),
    _instant("recorded_at"),
    _json("body"),
)

policy_version: Final = Table(
    "duban_policy_version",
    metadata,
    _tenant(),
    _key("name", 100),
    _key("version", 50),
    _instant("recorded_at"),
    _json("body"),
)

meta: Final = Table(
    "duban_meta",
    metadata,
    _tenant(),
    _key("key", 100),
    Column("value", prose(), nullable=False),
)

SUBJECTS: Final = {
    SubjectKind.ITEM: item,
    SubjectKind.SANCTION: sanction,
    SubjectKind.SITTING: sitting,
    SubjectKind.UNIT: unit,
    SubjectKind.OFFICE: office,
}
"""Where the version of each kind of subject stands."""

ROWS: Final = {
    "citation": citation,
    "judgement": judgement,
    "account": account,
    "post": post,
    "calendar_version": calendar_version,
    "policy_version": policy_version,
    "meta": meta,
}
"""The tables of rows that are guarded by their own key."""
