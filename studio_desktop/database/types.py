"""Column types that hold the same on SQLite and PostgreSQL."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Column, Integer, String, Text, TypeDecorator
from sqlalchemy.dialects.postgresql import TIMESTAMP
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeEngine

from studio_desktop.domain.errors import DatabaseUnavailable

Id = BigInteger().with_variant(Integer, "sqlite")
"""A key; on SQLite it must be INTEGER to be the rowid."""

Key = Text().with_variant(Text(collation="C"), "postgresql")
"""A normalised text that is compared and sorted by code point on both databases."""


class Instant(TypeDecorator[datetime]):
    """A moment in UTC: timestamptz on PostgreSQL, text of fixed width on SQLite, so that it sorts as it reads."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """TIMESTAMPTZ where the database has it."""
        return dialect.type_descriptor(TIMESTAMP(timezone=True) if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """Refuse naive moments: their zone would be a guess."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its zone")
        return value if dialect.name == "postgresql" else instant_text(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - the decorator's form
        """Give the moment back aware, in UTC."""
        if value is None:
            return None
        try:
            return (datetime.fromisoformat(value) if isinstance(value, str) else value).astimezone(UTC)
        except ValueError as error:
            raise unreadable(error) from error


def unreadable(why: ValueError) -> DatabaseUnavailable:
    """What to say of a value that the program never wrote: a disk that fails, or another program, changed it."""
    return DatabaseUnavailable(
        "Something in the database cannot be read ({why}): it is damaged. Restore a verified backup; the command "
        "studio-desktop check says what else is wrong.",
        why=why,
    )  # fmt: skip


def instant_text(value: datetime) -> str:
    """The fixed-width text of a moment: 2026-03-10T10:00:00.000000+00:00."""
    return value.astimezone(UTC).isoformat(timespec="microseconds")


def memo(name: str, **options: Any) -> Column[str]:
    """A text of many lines, never NULL and never longer than 64,000 code points."""
    return Column(
        name, Text, CheckConstraint(f"length({name}) <= 64000", name=f"{name}_length"),
        nullable=False, server_default="", **options,
    )  # fmt: skip


def line(name: str, limit: int, **options: Any) -> Column[str]:
    """A text column that is never NULL and never longer than `limit` code points."""
    return Column(
        name, String(limit), CheckConstraint(f"length({name}) <= {limit}", name=f"{name}_length"),
        nullable=False, server_default="", **options,
    )  # fmt: skip
