"""What is not as it should be around a studio's database and is nobody's fault here: told at the start, never fatal."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import Connection, text

from studio_desktop.database.engine import Database
from studio_desktop.domain.clock import Clock, SystemClock

SKEW = timedelta(seconds=60)
"""How far the clocks of a desk and its server may be apart before somebody is told."""


def concerns(database: Database, clock: Clock) -> tuple[str, ...]:
    """A sentence for each, with what to do; `clock` is the studio's."""
    if database.dialect == "sqlite":
        return ()
    return (*_skew(clock.now() - SystemClock().now()), *database.read(lambda connection: tuple(collation(connection))))


def collation(connection: Connection) -> Iterator[str]:
    """Whether the server sorts text as when this database's indexes were made (an upgrade of its system may not)."""
    if connection.dialect.name == "sqlite":
        return
    if int(connection.execute(text("SHOW server_version_num")).scalar_one()) < 150_000:
        return  # it does not keep the version
    name, made, now = connection.execute(_COLLATION).one()
    if made is not None and made != now:
        yield (
            f"Since the server's system was upgraded it sorts text otherwise (collation {made}, now {now or 'none'}), "
            "so lists may be out of order and rows not found. Whoever looks after the server runs once: "
            f'REINDEX DATABASE "{name}"; ALTER DATABASE "{name}" REFRESH COLLATION VERSION;'
        )


def _skew(offset: timedelta) -> Iterator[str]:
    if abs(offset) > SKEW:
        way = "behind" if offset > timedelta() else "ahead of"
        yield (
            f"This computer's clock is {_words(abs(offset))} {way} the server's. What you save gets the server's time; "
            "put this computer's clock right, for files and printed dates follow it."
        )


def _words(span: timedelta) -> str:
    minutes = round(span.total_seconds() / 60)
    for unit, size in (("day", 24 * 60), ("hour", 60)):
        if minutes >= 2 * size:
            return f"{minutes // size} {unit}s"
    return f"{minutes} minutes"


_COLLATION = text(
    "SELECT datname, datcollversion, pg_database_collation_actual_version(oid) FROM pg_database "
    "WHERE datname = current_database()"
)
