"""A client as it was: the whole record before a change, or one value of it, to be saved again like anything typed.

History is taken back in memory, newest first, and nothing is written here: what comes out goes through the same rules
as every save, is history itself, and can be undone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, Table, select

from studio_desktop.database.tables.people import client
from studio_desktop.database.tables.studio import history, history_value
from studio_desktop.domain.dates import PARTS, PartialDate
from studio_desktop.domain.errors import NotFound
from studio_desktop.domain.fields import FieldSpec, Kind, specs
from studio_desktop.domain.permissions import Permission
from studio_desktop.domain.records.clients import ClientRecord
from studio_desktop.services import images
from studio_desktop.services.clients import STORE
from studio_desktop.services.record_store import RowsOf
from studio_desktop.services.service import Service, requires
from studio_desktop.services.unit import BATCH, decoded, whole_row

Rows = dict[tuple[str, int], dict[str, Any]]
"""The rows of a client's tables, by table and id."""


@dataclass(frozen=True, slots=True)
class Version:
    """A client as it stands, and as it would be: `clients.save(now, then, request)` brings it back."""

    now: ClientRecord
    then: ClientRecord


class Versions(Service):
    """Reads what a client was."""

    @requires(Permission.VIEW_CLIENTS)
    def before(self, client_id: int, request: str) -> Version:
        """The client as it was before a request. Raises NotFound where the request made it, or did nothing to it."""

        def load(connection: Connection) -> Version:
            entries = _entries(connection, client_id, request)
            return _version(connection, client_id, entries)

        return self.database.read(load)

    @requires(Permission.VIEW_CLIENTS)
    def with_value(self, client_id: int, entry_id: int) -> Version:
        """The client as it stands, with the value that one entry of its history replaced; a row comes back or goes.

        What belongs together, as a status and its due date, comes together. Raises NotFound for an entry of a table
        that the record does not hold, and for its creation.
        """

        def load(connection: Connection) -> Version:
            request = connection.execute(select(history.c.request_id).where(history.c.id == entry_id)).scalar_one()
            entries = _entries(connection, client_id, request)
            (chosen,) = [entry for entry in entries if entry.id == entry_id]
            concerns = _belonging_to(chosen)
            return _version(connection, client_id, [entry for entry in entries if concerns(entry)])

        return self.database.read(load)


def _entries(connection: Connection, client_id: int, request: str) -> Sequence[Any]:
    """What happened to the client from a request on, newest first."""
    mine = (history.c.record == client.name) & (history.c.record_id == client_id)
    first = select(history.c.id).where(mine, history.c.request_id == request).order_by(history.c.id).limit(1)
    begin = connection.execute(first).scalar_one_or_none()
    if begin is None:
        raise NotFound("This change is no longer there.")
    query = (
        select(history, history_value.c.old, history_value.c.new)
        .outerjoin(history_value, history_value.c.history_id == history.c.id)
        .where(mine, history.c.id >= begin)
        .order_by(history.c.id.desc())
    )
    entries = connection.execute(query).all()
    if entries[-1].table_name == client.name and entries[-1].action == "create":
        raise NotFound("Before this the client was not there yet.")
    return entries


def _belonging_to(chosen: Any) -> Callable[[Any], bool]:
    """Whether an entry is about the same value as the chosen one, or about the same row where a row came or went."""

    def concerns(entry: Any) -> bool:
        if (entry.table_name, entry.row_id) != (chosen.table_name, chosen.row_id):
            return chosen.action == "remove" and entry.request_id == chosen.request_id and _is_part(entry, chosen)
        return chosen.action != "change" or entry.field in together

    together = set(_columns_together(chosen.table_name, chosen.field))
    return concerns


def _is_part(entry: Any, chosen: Any) -> bool:
    """Whether a row that went with another one belonged to it, as the phone of a family member."""
    if entry.action != "remove" or entry.old is None:
        return False
    row = whole_row(client.metadata.tables[entry.table_name], entry.old)
    return any(
        nested.table.name == entry.table_name and row.get(nested.owner) == chosen.row_id
        for rows in STORE.rows.values()
        if rows.table.name == chosen.table_name
        for nested in rows.rows.values()
    )


def _columns_together(table_name: str, column: str) -> Iterator[str]:
    """The columns that a value stands in, or that have to agree with it."""
    record = next((of for table, of in _records() if table == table_name), None)
    known = specs(record) if record is not None else {}
    spec = next((one for one in known.values() if column in _columns(one)), None)
    if spec is None:
        yield column
    for one in known.values():
        if spec is not None and (one is spec or (spec.couple and one.couple == spec.couple)):
            yield from _columns(one)


def _records() -> Iterator[tuple[str, type]]:
    """The tables of the record and its rows, each with the class of its rows."""
    yield client.name, ClientRecord
    for name, rows in STORE.rows.items():
        row = specs(ClientRecord)[name].of
        yield rows.table.name, row
        yield from ((nested.table.name, specs(row)[part].of) for part, nested in rows.rows.items())


def _columns(spec: FieldSpec) -> Sequence[str]:
    return [f"{spec.name}_{part}" for part in PARTS] if spec.kind is Kind.PARTIAL_DATE else [spec.name]


def _version(connection: Connection, client_id: int, entries: Iterable[Any]) -> Version:
    now = STORE.load(connection, client_id)
    rows = _rows_now(connection, client_id)
    tables = {name for name, _ in _records()} | {link.table.name for link in STORE.members.values()}
    held = [entry for entry in entries if entry.table_name in tables]
    if not held:
        raise NotFound("This is no part of the client's record. “Undo this” takes it back.")
    for entry in held:
        _take_back(rows, entry)
    _leave_out_what_is_gone(connection, rows)
    return Version(now, _assembled(connection, now, rows))


def _rows_now(connection: Connection, client_id: int) -> Rows:
    found: Rows = {}

    def read(table: Table, column: str, owners: Sequence[int]) -> list[int]:
        query = select(table).where(table.c[column].in_(owners))
        rows = [dict(row) for row in connection.execute(query).mappings()]
        found.update({(table.name, row["id"]): row for row in rows})
        return [row["id"] for row in rows]

    read(client, "id", [client_id])
    for rows in STORE.rows.values():
        owners = read(rows.table, rows.owner, [client_id])
        for nested in rows.rows.values():
            read(nested.table, nested.owner, owners)
    for link in STORE.members.values():
        read(link.table, link.owner, [client_id])
    return found


def _take_back(rows: Rows, entry: Any) -> None:
    """Let one entry not have happened; what an erasure took out of history, or a merge brought, stays as it is."""
    table, key = client.metadata.tables[entry.table_name], (entry.table_name, entry.row_id)
    if entry.action == "create":
        rows.pop(key, None)
    elif entry.action == "remove" and entry.old is not None:
        rows[key] = {"id": entry.row_id, **whole_row(table, entry.old)}
    elif entry.field in ("client_id", "family_member_id"):
        return
    elif entry.action == "change" and key in rows and (entry.old, entry.new) != (None, None):
        rows[key][entry.field] = decoded(table, entry.field, entry.old)


def _leave_out_what_is_gone(connection: Connection, rows: Rows) -> None:
    """What rows of maintained lists, and clients, are no longer there can be nobody's any more."""
    wanted: dict[Table, set[int]] = {}
    pointing = [
        (key, column.name, next(iter(column.foreign_keys)).column.table)
        for key in rows
        for column in client.metadata.tables[key[0]].c
        if column.foreign_keys and column.name in rows[key] and rows[key][column.name] is not None
    ]
    for key, column, target in pointing:
        wanted.setdefault(target, set()).add(rows[key][column])
    there: set[tuple[str, int]] = set()
    for target, ids in wanted.items():
        for start in range(0, len(ids), BATCH):
            part = sorted(ids)[start : start + BATCH]
            query = select(target.c.id).where(target.c.id.in_(part))
            there |= {(target.name, found) for found in connection.execute(query).scalars()}
    links = {link.table.name: link.member for link in STORE.members.values()}
    for key, column, target in pointing:
        if key in rows and target.name not in _OWNERS and (target.name, rows[key][column]) not in there:
            if links.get(key[0]) == column:
                del rows[key]
            else:
                rows[key][column] = None


_OWNERS = frozenset(rows.table.name for rows in STORE.rows.values() if rows.rows)
"""Tables whose rows come back together with what points at them."""


def _assembled(connection: Connection, now: ClientRecord, rows: Rows) -> ClientRecord:
    own = rows[client.name, now.id]
    values: dict[str, Any] = {}
    for name, spec in specs(ClientRecord).items():
        if spec.derived or spec.kind in (Kind.IDENTITY, Kind.INSTANT):
            continue
        if spec.kind is Kind.MEMBERS:
            link = STORE.members[name]
            values[name] = frozenset(row[link.member] for row in _of(rows, link.table, link.owner, now.id))
        elif spec.kind is Kind.ROWS:
            values[name] = _row_records(rows, spec.of, STORE.rows[name], now.id)
        else:
            values[name] = _value(spec, own)
    if values["image_hash"] and not images.is_kept(connection, values["image_hash"]):
        values["image_hash"] = now.image_hash
    return replace(now, **values)


def _row_records(rows: Rows, of: Any, declared: RowsOf, owner_id: int) -> tuple[Any, ...]:
    own = sorted(_of(rows, declared.table, declared.owner, owner_id), key=lambda row: (row["position"], row["id"]))
    return tuple(
        of(
            **{
                name: _row_records(rows, spec.of, declared.rows[name], row["id"])
                if spec.kind is Kind.ROWS
                else _value(spec, row)
                for name, spec in specs(of).items()
            }
        )
        for row in own
    )


def _of(rows: Rows, table: Table, column: str, owner_id: int) -> Iterator[Mapping[str, Any]]:
    return (row for (name, _), row in rows.items() if name == table.name and row[column] == owner_id)


def _value(spec: FieldSpec, row: Mapping[str, Any]) -> Any:
    if spec.kind is Kind.PARTIAL_DATE:
        year, month, day = (row[column] for column in _columns(spec))
        return None if year is None and month is None else PartialDate(month=month, day=day, year=year)
    return spec.of(row[spec.name]) if spec.kind is Kind.CHOICE else row[spec.name]
