"""What the studio keeps about itself: people at desks, preferences, numbers, history, changes, requests."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint

from studio_desktop.database.tables.base import derived_key, metadata, stamps, table, user_id, yes_no
from studio_desktop.database.types import Id, Instant, line
from studio_desktop.domain import names

studio = table(
    "studio",
    line("name", 120),
    Column("uid", String(36), nullable=False),
    Column("created_at", Instant, nullable=False),
)

user = table(
    "user",
    line("name", 80),
    derived_key("name_key", nullable=False, unique=True),
    line("role", 20),
    yes_no("inactive"),
    *stamps(),
    info={"derive": lambda values: {"name_key": names.key(values["name"])}},
)

user_pin = Table(
    "user_pin",
    metadata,
    Column("user_id", Id, ForeignKey("user.id"), primary_key=True, autoincrement=False),
    line("kept", 200),
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("wait_until", Instant),
)
"""Apart from the people, so that neither history nor a list ever shows what is kept of a PIN."""

workstation = table("workstation", line("name", 80), derived_key("name_key", nullable=False, unique=True),
                    Column("seen_at", Instant, nullable=False),
                    info={"derive": lambda values: {"name_key": names.key(values["name"])}})  # fmt: skip

image = table(
    "image",
    Column("hash", String(64), nullable=False, unique=True),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("data", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
)
"""Pictures as JPEG in base64, so that a backup's rows of JSON carry them; named by their bytes and never changed."""

preference = table("preference", Column("key", String(60), nullable=False, unique=True),
                   Column("value", Text, nullable=False), *stamps())  # fmt: skip

counter = Table(
    "counter",
    metadata,
    Column("series", String(40), primary_key=True),
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("next", Id, nullable=False),
)

layout = table(
    "layout",
    user_id("user_id"),
    Column("listing", String(60), nullable=False),
    Column("value", Text, nullable=False),
    UniqueConstraint("user_id", "listing"),
)

saved_search = table(
    "saved_search",
    user_id("user_id"),
    Column("listing", String(60), nullable=False),
    line("text", 200),
    Column("saved_at", Instant, nullable=False),
    UniqueConstraint("user_id", "listing", "text"),
)

import_batch = table(
    "import_batch",
    line("file_name", 255),
    Column("request_id", String(36), nullable=False, unique=True),
    Column("imported", Integer, nullable=False),
    Column("updated", Integer, nullable=False, server_default="0"),
    Column("skipped", Integer, nullable=False),
    Column("failed", Integer, nullable=False),
    Column("undone_at", Instant),
    Column("created_at", Instant, nullable=False),
    user_id("created_by"),
)

request = Table(
    "request",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("kind", String(60), nullable=False),
    Column("target_kind", String(40), nullable=False, server_default=""),
    Column("target_id", Id),
    Column("digest", String(64), nullable=False),
    Column("undoes", String(36), ForeignKey("request.id")),
    Column("at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False, index=True),
    user_id("user_id"),
    Column("workstation_id", Id, ForeignKey("workstation.id")),
)

history = table(
    "history",
    Column("request_id", String(36), nullable=False, index=True),
    Column("record", String(40), nullable=False),
    Column("record_id", Id, nullable=False),
    Column("table_name", String(40), nullable=False),
    Column("row_id", Id, nullable=False),
    Column("action", String(10), nullable=False),  # create, change, remove
    Column("field", String(60), nullable=False, server_default=""),
    Column("at", Instant, nullable=False),
    user_id("user_id"),
    Column("workstation_id", Id, ForeignKey("workstation.id")),
)
Index("ix_history_record", history.c.record, history.c.record_id)
Index("ix_history_row", history.c.table_name, history.c.row_id, history.c.field)

history_value = Table(
    "history_value",
    metadata,
    Column("history_id", Id, ForeignKey("history.id"), primary_key=True, autoincrement=False),
    Column("old", Text),
    Column("new", Text),
)

change = table(
    "change",
    Column("kind", String(40), nullable=False),
    Column("record_id", Id),
    Column("request_id", String(36), nullable=False),
    Column("at", Instant, nullable=False),
    Column("workstation_id", Id, ForeignKey("workstation.id")),
)

presence = table(
    "presence",
    Column("session", String(36), nullable=False),
    Column("kind", String(40), nullable=False),
    Column("record_id", Id, nullable=False),
    Column("user_id", Id, ForeignKey("user.id"), nullable=False),
    Column("workstation_id", Id, ForeignKey("workstation.id"), nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("changing_since", Instant),
    Column("seen_at", Instant, nullable=False),
    UniqueConstraint("session", "kind", "record_id"),
)
"""What desks have open just now; a program that runs is a session."""

# Who was erased, so that an older backup brings nobody back. No foreign keys: those rows are gone.
erasure = table(
    "erasure",
    Column("client_id", Id, nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("at", Instant, nullable=False),
)

schema_info = Table(
    "schema_info",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("lowest_program", String(20), nullable=False),
    Column("search_version", Integer, nullable=False),
)

