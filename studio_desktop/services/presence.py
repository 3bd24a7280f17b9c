"""Who has which record open: seen before two people change the same thing, and never in anybody's way.

A desk says again and again what it has open, and hears each time who else is there. What a desk has not said for a
while does not count: it was switched off, or its line was cut. These rows are no facts about clients: they leave no
history, and nothing can be undone about them (RELIABILITY E7).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeAlias

from sqlalchemy import Connection, Row, delete, insert, select, update

from studio_desktop.database.changes import CHANNEL
from studio_desktop.database.tables.studio import change, presence, user, workstation
from studio_desktop.domain.permissions import Permission
from studio_desktop.services.service import Service, requires

Place: TypeAlias = tuple[str, int]
"""A record by its kind and id."""

KIND = "presence"
"""What a change of it is called in the feed."""

SAID_EVERY = timedelta(seconds=30)
"""How often a desk says what it has open."""

COUNTS_FOR = 3 * SAID_EVERY
"""How long what a desk said counts."""


@dataclass(frozen=True, slots=True)
class Present:
    """Somebody at another desk who has a record open, or is changing it, since a moment."""

    user: str
    workstation: str
    is_changing: bool
    since: datetime


class Presence(Service):
    """Who is where, on a server; a file has one desk."""

    @property
    def is_shared(self) -> bool:
        """Whether other desks can be at this studio, and be told."""
        return self.database.path is None and not self.desk.only_reads

    @requires(Permission.SIGN_IN)
    def say(self, session: str, here: Mapping[Place, bool]) -> dict[Place, tuple[Present, ...]]:
        """This session has exactly these records open, and is changing those marked; gives who else is at them.

        Other desks hear of it by the feed when it differs from what was said before.
        """
        now = self.desk.clock.now()

        def work(connection: Connection) -> dict[Place, tuple[Present, ...]]:
            rows = connection.execute(_ROWS).all()
            mine = {_place(row): row for row in rows if row.session == session}
            silent = [row for row in rows if row.session != session and row.seen_at < now - COUNTS_FOR]
            left = [row for place, row in mine.items() if place not in here]
            _remove(connection, [*silent, *left])
            if mine:
                connection.execute(update(presence).where(presence.c.session == session).values(seen_at=now))
            news = {_place(row) for row in (*silent, *left)}
            for place, is_changing in here.items():
                known = mine.get(place)
                if known is None or (known.changing_since is not None) != is_changing:
                    self._write(connection, session, place, known, now if is_changing else None)
                    news.add(place)
            self._tell(connection, session, news)
            others = [row for row in rows if row.session != session and row not in silent]
            return {place: _present(row for row in others if _place(row) == place) for place in here}

        return self.database.write(work)

    def _write(
        self,
        connection: Connection,
        session: str,
        place: Place,
        known: Row[Any] | None,
        changing_since: datetime | None,
    ) -> None:
        if known is not None:
            changed = update(presence).where(presence.c.id == known.id)
            connection.execute(changed.values(changing_since=changing_since))
            return
        now = self.desk.clock.now()
        kind, record_id = place
        connection.execute(
            insert(presence).values(
                session=session,
                kind=kind,
                record_id=record_id,
                user_id=self.desk.user_id,
                workstation_id=self.desk.workstation_id,
                opened_at=now,
                changing_since=changing_since,
                seen_at=now,
            )
        )

    def _tell(self, connection: Connection, session: str, news: Iterable[Place]) -> None:
        """Let the other desks look; this one knows the session's id as a request of its own."""
        now, station = self.desk.clock.now(), self.desk.workstation_id
        rows = [
            {"kind": KIND, "record_id": record_id, "request_id": session, "at": now, "workstation_id": station}
            for _, record_id in sorted(news)
        ]
        if rows:
            connection.execute(insert(change), rows)
            if connection.dialect.name == "postgresql":
                connection.exec_driver_sql(f"NOTIFY {CHANNEL}")


_ROWS = (
    select(presence, user.c.name.label("user_name"), workstation.c.name.label("workstation_name"))
    .join(user, user.c.id == presence.c.user_id)
    .join(workstation, workstation.c.id == presence.c.workstation_id)
    .order_by(presence.c.id)
)


def _place(row: Row[Any]) -> Place:
    return (row.kind, row.record_id)


def _remove(connection: Connection, rows: list[Row[Any]]) -> None:
    if rows:
        connection.execute(delete(presence).where(presence.c.id.in_([row.id for row in rows])))


def _present(rows: Iterable[Row[Any]]) -> tuple[Present, ...]:
    """Who is there, whoever changes something first."""
    found = [
        Present(
            row.user_name, row.workstation_name, row.changing_since is not None, row.changing_since or row.opened_at
        )
        for row in rows
    ]
    return tuple(sorted(found, key=lambda one: not one.is_changing))
