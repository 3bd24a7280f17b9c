"""Erases clients for good, and again after an older backup was restored: the register knows them by id (S4-20).

What is registered is no fact about anybody: the row's id, which is never given out again by the same studio, and when
the row was made, for a studio that went back to an older backup may have given that id to somebody else.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import TypeVar

from sqlalchemy import ColumnElement, Connection, Table, delete, insert, inspect, or_, select, true, update

from studio_desktop.database import search
from studio_desktop.database.tables import metadata
from studio_desktop.database.tables.people import client, family_member
from studio_desktop.database.tables.studio import erasure, history, history_value, image, preference

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Erased:
    """An entry of the register: which row, made when, and when it was erased."""

    client_id: int
    made_at: datetime
    at: datetime


def erase(connection: Connection, ids: Sequence[int], at: datetime) -> None:
    """Erase these clients and those merged into them: rows, photos, and what history and the search index hold.

    That something was changed, when and by whom stays (DECISIONS 12).
    """
    whole = [one for batch in _batches(ids) for one in _with_merged(connection, batch)]
    made: dict[int, datetime] = {}
    for batch in _batches(whole):
        made |= {row.id: row.created_at for row in connection.execute(_MADE.where(client.c.id.in_(batch)))}
    _enter(connection, [Erased(client_id, made_at, at) for client_id, made_at in made.items()])
    _erase(connection, whole)


def registered(connection: Connection) -> list[Erased]:
    """Who was erased; nobody in a studio of a program that kept no register."""
    if not inspect(connection).has_table(erasure.name):
        return []
    query = select(erasure.c.client_id, erasure.c.made_at, erasure.c.at).order_by(erasure.c.id)
    return [Erased(*row) for row in connection.execute(query)]


def registered_in(file: Path) -> list[Erased]:
    """Who was erased from the studio in a SQLite file that nobody has open; of a damaged one nothing is known."""
    query = f"SELECT client_id, made_at, at FROM {erasure.name} ORDER BY id"  # noqa: S608 - the name is ours
    try:
        with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)) as connection:
            return [Erased(row[0], *map(datetime.fromisoformat, row[1:])) for row in connection.execute(query)]
    except sqlite3.Error:
        return []


def repeat(connection: Connection, register: Iterable[Erased]) -> None:
    """Erase whoever of a register is there again, and keep the register."""
    known = set(registered(connection))
    missing = [one for one in register if one not in known]
    returned: list[int] = []
    for batch in _batches(missing):
        made = {one.client_id: one.made_at for one in batch}
        rows = connection.execute(_MADE.where(client.c.id.in_(made)))
        returned += [row.id for row in rows if row.created_at == made[row.id]]
    _enter(connection, missing)
    if returned:
        _erase(connection, returned)


_MADE = select(client.c.id, client.c.created_at)


def _enter(connection: Connection, entries: Sequence[Erased]) -> None:
    if entries:
        rows = [{"client_id": one.client_id, "made_at": one.made_at, "at": one.at} for one in entries]
        connection.execute(insert(erasure), rows)


def _with_merged(connection: Connection, ids: Sequence[int]) -> list[int]:
    """Records merged into these are part of them."""
    whole, level = list(ids), list(ids)
    while level:
        merged = select(client.c.id).where(client.c.merged_into_id.in_(level), client.c.id.not_in(whole))
        level = list(connection.execute(merged).scalars())
        whole += level
    return whole


def _erase(connection: Connection, ids: Sequence[int]) -> None:
    shown: set[str] = set()
    for batch in _batches(ids):
        shown |= _erase_rows(connection, batch)
    _forget_photos(connection, shown)
    search.update(connection, ids)
    search.forget(connection)


def _erase_rows(connection: Connection, ids: Collection[int]) -> set[str]:
    """Gives the photos they have and had."""
    members = select(family_member.c.id).where(family_member.c.client_id.in_(ids)).scalar_subquery()
    for table in reversed(metadata.sorted_tables):
        if table is client:
            continue
        names = [link.parent for link in table.foreign_keys if link.column.table is client]
        owned = [column.in_(ids) for column in names]
        owned += [link.parent.in_(members) for link in table.foreign_keys if link.column.table is family_member]
        if owned:
            _take(connection, table, or_(*owned))
    photos = _photos(connection, client.c.id.in_(ids), (history.c.record == client.name) & history.c.row_id.in_(ids))
    sent = client.c.referred_by_client_id.in_(ids)
    connection.execute(update(client).where(sent).values(referred_by_client_id=None))
    merged = or_(client.c.id.in_(ids), client.c.merged_into_id.in_(ids))
    connection.execute(update(client).where(merged).values(merged_into_id=None))
    _forget(connection, (history.c.record == client.name) & history.c.record_id.in_(ids))
    _take(connection, client, client.c.id.in_(ids))
    return photos


def _photos(connection: Connection, whose: ColumnElement[bool], told: ColumnElement[bool]) -> set[str]:
    """The hashes of the photos of these clients, and those that these lines of history tell of."""
    past = (
        select(history_value.c.old, history_value.c.new)
        .join(history, history.c.id == history_value.c.history_id)
        .where(history.c.field == client.c.image_hash.name, told)
    )
    before = {json.loads(value) for row in connection.execute(past) for value in row if value is not None}
    return (before | set(connection.execute(select(client.c.image_hash).where(whose)).scalars())) - {""}


def _forget_photos(connection: Connection, shown: set[str]) -> None:
    """Those go that nobody else has or had."""
    logo = connection.execute(select(preference.c.value).where(preference.c.key == "logo")).scalar_one_or_none()
    used = _photos(connection, true(), true()) | {json.loads(logo or '""')}
    for name in sorted(shown - used):
        connection.execute(delete(image).where(image.c.hash == name))


def _take(connection: Connection, table: Table, which: ColumnElement[bool]) -> None:
    told = select(table.c.id).where(which)
    _forget(connection, (history.c.table_name == table.name) & history.c.row_id.in_(told))
    connection.execute(delete(table).where(which))


def _forget(connection: Connection, which: ColumnElement[bool]) -> None:
    connection.execute(delete(history_value).where(history_value.c.history_id.in_(select(history.c.id).where(which))))


_BATCH = 500


def _batches(items: Iterable[T]) -> Iterator[list[T]]:
    iterator = iter(items)
    while batch := list(islice(iterator, _BATCH)):
        yield batch
