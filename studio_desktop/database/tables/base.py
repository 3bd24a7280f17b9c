"""What every table has in common."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Boolean, Column, ForeignKey, Integer, MetaData, Table, false

from studio_desktop.database.types import Id, Instant, Key, line

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_N_label)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def table(name: str, *items: Any, **options: Any) -> Table:
    """A table whose ids are never used twice."""
    return Table(name, metadata, Column("id", Id, primary_key=True), *items, sqlite_autoincrement=True, **options)


def user_id(name: str) -> Column[int]:
    """Who did it."""
    return Column(name, Id, ForeignKey("user.id"))


def stamps() -> tuple[Column[Any], ...]:
    """Version, and who made and last changed the row; kept by the unit of work."""
    return (
        Column("version", Integer, nullable=False, server_default="1", info={"derived": True}),
        Column("created_at", Instant, nullable=False, info={"derived": True}),
        Column("created_by", Id, ForeignKey("user.id"), info={"derived": True}),
        Column("updated_at", Instant, nullable=False, info={"derived": True}),
        Column("updated_by", Id, ForeignKey("user.id"), info={"derived": True}),
    )


def deletion() -> tuple[Column[Any], ...]:
    """Deleting is marking; purging is an administrator's act."""
    return (Column("deleted_at", Instant), user_id("deleted_by"))


def yes_no(name: str, *, default: bool = False) -> Column[bool]:
    """A flag that is never NULL."""
    return Column(name, Boolean, nullable=False, server_default="1" if default else false())


def derived_key(name: str, **options: Any) -> Column[str]:
    """A normalised text computed from the row."""
    return Column(name, Key, info={"derived": True}, **options)


def description(limit: int = 80) -> tuple[Column[Any], ...]:
    """What a catalog row is called, and the key by which it is unique and sorted."""
    return (line("description", limit), derived_key("description_key", nullable=False, server_default=""))
