"""What was deleted: listed for thirty days, brought back whole, or erased for good (B15, S4-19, S4-20)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Select, func, select
from sqlalchemy.exc import IntegrityError

from studio_desktop.database import erasure
from studio_desktop.database.tables import metadata
from studio_desktop.database.tables.people import client
from studio_desktop.database.tables.studio import history, import_batch, user
from studio_desktop.domain.errors import Deleted, InvalidInput, NotFound
from studio_desktop.domain.permissions import Permission
from studio_desktop.services.service import Saved, Service, requires
from studio_desktop.services.unit import BATCH, Unit

KEPT_FOR = timedelta(days=30)
"""How long the trash shows what was deleted."""

_sent = client.alias("sent")

KEPT_BY: Mapping[str, Select[Any]] = {
    "sent other clients": select(_sent.c.referred_by_client_id.label("client_id")).where(_sent.c.deleted_at.is_(None)),
}
"""S0-20, B15: what makes a client one to archive instead of deleting: the reason in words, and whom it concerns.

Sessions, invoices, payments and rewards get their line here with their tables.
"""


@dataclass(frozen=True, slots=True)
class Trashed:
    """A client in the trash."""

    id: int
    last_name: str
    first_name: str
    company: str
    number: str
    deleted_at: datetime
    deleted_by: str


@dataclass(frozen=True, slots=True)
class Deletion:
    """What became of clients who were to be deleted; `why` says what keeps those that were archived instead."""

    deleted: int
    archived: int
    why: tuple[str, ...] = ()


def hold_present(unit: Unit, client_id: int) -> dict[str, Any]:
    """A client's row, held for this write. Raises Deleted for one in the trash, NotFound for one merged or erased."""
    row = unit.lock(client, client_id)
    if row["merged_into_id"] is not None:
        raise NotFound("This client was merged into another one meanwhile. Open that one and type it there.")
    if row["deleted_at"] is not None:
        who = unit.connection.execute(select(user.c.name).where(user.c.id == row["deleted_by"])).scalar()
        raise Deleted(
            "{who} deleted this client meanwhile. Bring it back from the trash, then try again.",
            who=who or "", when=row["deleted_at"],
        )  # fmt: skip
    return row


def why_kept(connection: Connection, client_ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """Which of these clients may only be archived, each with the reasons."""
    found: dict[int, tuple[str, ...]] = {}
    for reason, query in KEPT_BY.items():
        whom = query.subquery()
        for start in range(0, len(client_ids), BATCH):
            part = select(whom.c.client_id).where(whom.c.client_id.in_(client_ids[start : start + BATCH])).distinct()
            for client_id in connection.execute(part).scalars():
                found[client_id] = (*found.get(client_id, ()), reason)
    return found


class Trash(Service):
    """Deleted clients; those that were merged are part of another client and not here."""

    @requires(Permission.VIEW_CLIENTS)
    def clients(self) -> list[Trashed]:
        """Who was deleted in the last thirty days, newest first."""
        c = client.c
        query = (
            select(
                c.id, c.last_name, c.first_name, c.company, c.number, c.deleted_at,
                func.coalesce(user.c.name, "").label("deleted_by"),
            )
            .outerjoin(user, user.c.id == c.deleted_by)
            .where(c.deleted_at >= self.desk.clock.now() - KEPT_FOR, c.merged_into_id.is_(None))
            .order_by(c.deleted_at.desc(), c.id.desc())
        )  # fmt: skip
        return self.database.read(lambda connection: [Trashed(*row) for row in connection.execute(query)])

    @requires(Permission.DELETE_CLIENTS)
    def restore(self, client_ids: Sequence[int], request: str) -> Saved[int]:
        """Bring clients back with all that belongs to them; gives how many."""
        wanted = sorted(set(client_ids))

        def work(unit: Unit) -> int:
            here = _in_trash(unit.connection, wanted)
            unit.touch_search(here)
            return unit.update_many(client, here, {"deleted_at": None, "deleted_by": None})

        return self.command(request, "trash.restore", tuple(wanted), work, lambda _, count: count or 0)

    @requires(Permission.PURGE)
    def erase(self, client_ids: Sequence[int], request: str) -> Saved[int]:
        """Erase clients in the trash for good, with their rows and what history tells of them; gives how many.

        That it happened, when and by whom stays; nothing brings them back. Raises InvalidInput for one not deleted.
        """
        wanted = sorted(set(client_ids))

        def work(unit: Unit) -> int:
            here = _in_trash(unit.connection, wanted)
            if here != wanted:
                raise InvalidInput("Only clients in the trash can be erased; delete them first.")
            erasure.erase(unit.connection, wanted, unit.now)
            _forget_lists(unit)
            unit.touch(client.name)
            return len(wanted)

        saved = self.command(request, "trash.erase", tuple(wanted), work, lambda _, count: count or 0, patient=True)
        self.database.empty_log()
        return saved


def _in_trash(connection: Connection, ids: Sequence[int]) -> list[int]:
    """Who of these is in the trash, held against other desks: nobody is erased whom another one brings back."""
    found: list[int] = []
    for start in range(0, len(ids), BATCH):
        these = client.c.id.in_(ids[start : start + BATCH])
        query = select(client.c.id).where(these, client.c.deleted_at.is_not(None), client.c.merged_into_id.is_(None))
        found += connection.execute(query.order_by(client.c.id).with_for_update()).scalars()
    return found


def _forget_lists(unit: Unit) -> None:
    """What imports brought to the studio's lists goes with the last client who had it, once they were undone."""
    undone = select(import_batch.c.request_id).where(import_batch.c.undone_at.is_not(None))
    for table in reversed(metadata.sorted_tables):
        if "inactive" not in table.c:
            continue
        brought = select(history.c.row_id).where(
            history.c.request_id.in_(undone), history.c.table_name == table.name, history.c.action == "create"
        )
        query = select(table.c.id).where(table.c.id.in_(brought), table.c.inactive)
        for row_id in unit.connection.execute(query).scalars().all():
            with suppress(IntegrityError), unit.connection.begin_nested():
                unit.remove(table, row_id)
