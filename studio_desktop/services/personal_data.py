"""Everything that the studio keeps about one person, for that person: every row that points at the client (S4-31)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, Connection, Table, or_, select

from studio_desktop.database.tables import metadata
from studio_desktop.database.tables.activity import mailing_run
from studio_desktop.database.tables.people import client, family_member
from studio_desktop.database.tables.studio import history, history_value
from studio_desktop.database.types import instant_text
from studio_desktop.domain.errors import NotFound
from studio_desktop.domain.permissions import Permission
from studio_desktop.services.service import Service, requires
from studio_desktop.services.unit import BATCH

Rows = list[dict[str, Any]]


class PersonalData(Service):
    """Gathers it; what it finds follows from the foreign keys, so that no table can be forgotten."""

    @requires(Permission.EXPORT)
    def of_client(self, client_id: int) -> dict[str, Rows]:
        """The rows of each table that are about this client and those merged into it, as values of JSON.

        The client's own rows come first, `mailing_run` are the mailings it was meant for, `history` is last. Ids of
        maintained lists, users and other clients are given by name or number. Raises NotFound.
        """
        with self.database.snapshot() as connection:
            ids = _whole(connection, client_id)
            members = list(
                connection.execute(select(family_member.c.id).where(family_member.c.client_id.in_(ids))).scalars()
            )
            found: dict[str, Rows] = {client.name: _rows(connection, client, client.c.id.in_(ids))}
            for table in metadata.sorted_tables:
                if table is client:
                    continue
                about = [column.in_(ids) for column in _pointing(table, client)]
                about += [column.in_(members) for column in _pointing(table, family_member)]
                if about:
                    found[table.name] = _rows(connection, table, or_(*about))
            found[mailing_run.name] = _mailings(connection, set(ids))
            found[history.name] = _history(connection, ids, found)
            named = _Named(connection)
            return {name: [named.row(metadata.tables[name], row) for row in rows] for name, rows in found.items()}


def _whole(connection: Connection, client_id: int) -> list[int]:
    """The client and all that were merged into it."""
    ids = list(connection.execute(select(client.c.id).where(client.c.id == client_id)).scalars())
    if not ids:
        raise NotFound("This client is no longer there.")
    level = ids
    while level:
        merged = select(client.c.id).where(client.c.merged_into_id.in_(level), client.c.id.not_in(ids))
        level = list(connection.execute(merged).scalars())
        ids += level
    return ids


def _pointing(table: Table, target: Table) -> Iterable[Column[Any]]:
    return (link.parent for link in table.foreign_keys if link.column.table is target)


def _rows(connection: Connection, table: Table, about: Any) -> Rows:
    return [dict(row) for row in connection.execute(select(table).where(about).order_by(table.c.id)).mappings()]


def _mailings(connection: Connection, ids: set[int]) -> Rows:
    """Whom a mailing was for stands in one text; of others in it nothing is told."""
    found = []
    for row in _rows(connection, mailing_run, mailing_run.c.id.is_not(None)):
        mine = [one for one in json.loads(row["people"]) if one[0] in ids]
        if mine:
            found.append({**row, "people": mine})
    return found


def _history(connection: Connection, ids: list[int], found: Mapping[str, Rows]) -> Rows:
    parts = [(history.c.record == client.name) & history.c.record_id.in_(ids)]
    for name, rows in found.items():
        about = [row["id"] for row in rows]
        for start in range(0, len(about), BATCH):
            parts.append((history.c.table_name == name) & history.c.row_id.in_(about[start : start + BATCH]))
    told: dict[int, dict[str, Any]] = {}
    for part in parts:
        query = (
            select(history, history_value.c.old, history_value.c.new)
            .outerjoin(history_value, history_value.c.history_id == history.c.id)
            .where(part)
        )
        told |= {row["id"]: dict(row) for row in connection.execute(query).mappings()}
    return [
        {**told[one], **{side: json.loads(told[one][side]) for side in ("old", "new") if told[one][side] is not None}}
        for one in sorted(told)
    ]


class _Named:
    """Values as a person and a program can read them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._known: dict[tuple[str, int], str] = {}

    def row(self, table: Table, row: Mapping[str, Any]) -> dict[str, Any]:
        targets = {link.parent.name: link.column.table for link in table.foreign_keys}
        return {
            name: self._called(targets[name], value) if name in targets and value is not None else _plain(value)
            for name, value in row.items()
            if name not in table.c or not table.c[name].info.get("derived") or name.endswith(("_at", "_by"))
        }

    def _called(self, table: Table, row_id: int) -> Any:
        """What a row is called; of another client the number, for the name is that person's own affair."""
        name = table.c.get("description", table.c.get("name"))
        if table is client:
            name = client.c.number
        if name is None:
            return row_id
        if (table.name, row_id) not in self._known:
            query = select(name).where(table.c.id == row_id)
            self._known[table.name, row_id] = self._connection.execute(query).scalar_one() or f"{table.name} {row_id}"
        return self._known[table.name, row_id]


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return instant_text(value)
    return value.isoformat() if isinstance(value, date) else value
