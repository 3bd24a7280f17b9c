"""The feed of changes: which records any desk changed, told once to each reader and never skipped.

Change rows get their numbers before their transactions commit, so a lower number may come into sight after a higher
one, a long import's by minutes. A reader therefore goes on asking for everything above the highest number below
which no transaction is open any more, and leaves out what it has told already. A transaction counts from its first
write; so whoever adds to the feed has written something else before, as a unit of work always has.
"""

from __future__ import annotations

from sqlalchemy import Connection, select, text

from studio_desktop.database.tables.studio import change
from studio_desktop.domain.changes import Change

CHANNEL = "studio_change"
"""What a write notifies on a server, inside its transaction, so that other desks look at the feed."""


class Feed:
    """One reader of the feed, who begins with the present."""

    def __init__(self, connection: Connection) -> None:
        self._floor = 0
        self._told: set[int] = set()
        self._settles: tuple[int, int] | None = None
        newest = select(change.c.id).order_by(change.c.id.desc()).limit(_RECENT)
        recent = connection.execute(newest).scalars().all()
        if recent:
            # Whoever is committing at this moment has a number among the last.
            self._floor = recent[-1] - 1
            self._told.update(recent)

    def news(self, connection: Connection) -> list[tuple[str, Change]]:
        """What changed since the last call, oldest first, each with the id of its request."""
        values = {"floor": self._floor}
        rows = connection.execute(_QUERY[connection.dialect.name], values).all()
        oldest_open = rows[0][0]
        found = [row for row in rows if row.id is not None]
        fresh = [row for row in found if row.id not in self._told]
        self._told.update(row.id for row in fresh)
        if self._settles is None and found:
            self._settles = (found[-1].id, _next_transaction(connection))
        if self._settles is not None and oldest_open >= self._settles[1]:
            self._floor = self._settles[0]
            self._told = {number for number in self._told if number > self._floor}
            self._settles = None
        return [(row.request_id, Change(row.kind, row.record_id)) for row in fresh]


def _next_transaction(connection: Connection) -> int:
    """A number above that of every transaction that has begun; that of our own, which ends with its statement.

    The end of a snapshot will not do: it stands behind the last transaction that is complete, and one that is open may
    have a higher number and yet a lower place in the feed.
    """
    if connection.dialect.name == "sqlite":
        return 0
    return int(connection.execute(text("SELECT pg_current_xact_id()::text::bigint")).scalar_one())


_RECENT = 1000

# The rows and the open transactions come from one snapshot, so that neither can be newer than the other.
_QUERY = {
    "postgresql": text(
        """
        SELECT pg_snapshot_xmin(s)::text::bigint, c.id, c.kind, c.record_id, c.request_id
        FROM pg_current_snapshot() AS s LEFT JOIN change c ON c.id > :floor ORDER BY c.id
        """
    ),
    # On SQLite one transaction writes at a time: numbers come into sight in their order.
    "sqlite": text(
        """
        SELECT 0, c.id, c.kind, c.record_id, c.request_id
        FROM (SELECT 1) LEFT JOIN change c ON c.id > :floor ORDER BY c.id
        """
    ),
}
