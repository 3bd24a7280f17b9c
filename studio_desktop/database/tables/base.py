"""What every table has in common."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    false,
)

from studio_desktop.database.types import Id, Instant, Key, line
from studio_desktop.domain import names

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


def one_of(name: str, choices: type, default: str) -> Column[str]:
    """A member of an enumeration, by its value."""
    allowed = ", ".join(f"'{member.value}'" for member in choices)  # type: ignore[attr-defined]
    return Column(
        name, String(20), CheckConstraint(f"{name} IN ({allowed})", name=f"{name}_known"),
        nullable=False, server_default=default,
    )  # fmt: skip


def derived_key(name: str, **options: Any) -> Column[str]:
    """A normalised text computed from the row."""
    return Column(name, Key, info={"derived": True}, **options)


def description(limit: int = 80) -> tuple[Column[Any], ...]:
    """What a catalog row is called, and the key by which it is unique and sorted."""
    return (line("description", limit), derived_key("description_key", nullable=False, server_default=""))


def described(values: Mapping[str, Any]) -> dict[str, Any]:
    """The key of a catalog row."""
    return {"description_key": names.key(values["description"])}


def catalog(name: str, *items: Any, unique_with: str = "") -> Table:
    """A maintained list: described, ordered, and hidden rather than deleted when it is no longer used."""
    scope = (unique_with,) if unique_with else ()
    return table(
        name,
        *description(),
        Column("position", Integer, nullable=False, server_default="0", info={"quiet": True}),
        yes_no("inactive"),
        *items,
        *stamps(),
        UniqueConstraint(*scope, "description_key"),
        info={"derive": described},
    )


def default_duration() -> Column[int]:
    """The days after which a record that came to this step is due; NULL: never."""
    return Column(
        "default_duration", Integer, CheckConstraint("default_duration BETWEEN 0 AND 3650", name="duration")
    )


def workflow(name: str) -> Table:
    """A list of statuses in the order of the work, with its first step and its final ones marked (S1-03)."""
    return catalog(name, default_duration(), yes_no("first_step"), yes_no("final_step"), line("colour", 20))
