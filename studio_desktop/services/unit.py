"""One write: rows inserted, updated and removed with their history, versions, changes and search texts.

Every service writes through a `Unit`, so that each write of the program leaves history under its request id, raises
versions, tells the other desks, keeps derived columns and the search index in line, and can be undone by one
function (`services/history.py`).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from operator import itemgetter
from typing import Any

from sqlalchemy import Column, Connection, Date, String, Table, func, insert, select, text
from sqlalchemy import delete as delete_from
from sqlalchemy import update as update_in
from sqlalchemy.engine import Dialect

from studio_desktop.database import search
from studio_desktop.database.changes import CHANNEL
from studio_desktop.database.tables import metadata
from studio_desktop.database.tables.people import client
from studio_desktop.database.tables.studio import change, history, history_value
from studio_desktop.database.types import Instant, instant_text
from studio_desktop.domain.changes import Change
from studio_desktop.domain.errors import NotFound
from studio_desktop.services.desk import Desk

_CHANGED = ("updated_at", "updated_by")
BATCH = 500
"""Rows per statement where a statement names each of them."""
_ARRAY = 1_000

_MOST_HELD = 2_000
"""Entries of history that wait to be written together."""

_MOST_TOLD = 2_000
"""Records of a kind that other desks are told one by one; of more they look again at all that they show."""


@dataclass(frozen=True, slots=True)
class Root:
    """The record that a row belongs to: what people know it by, and what its history hangs on."""

    kind: str
    id: int


@dataclass(slots=True)
class _Entry:
    root: Root
    table: str
    row_id: int
    action: str
    field: str = ""
    old: str | None = None
    new: str | None = None


def encoded(value: Any) -> str | None:
    """A column's value as history keeps it."""
    if value is None:
        return None
    if isinstance(value, datetime):
        return json.dumps(instant_text(value))
    return json.dumps(value.isoformat() if isinstance(value, date) else value, ensure_ascii=False)


def decoded(table: Table, column: str, kept: Any) -> Any:
    """A value of history as the column holds it; `kept` is JSON text or already taken out of a whole row's JSON."""
    value = json.loads(kept) if isinstance(kept, str) else kept
    return _typed(table, column, value)


def whole_row(table: Table, kept: str) -> dict[str, Any]:
    """A removed or added row as history keeps it, with the values its columns hold."""
    return {column: _typed(table, column, value) for column, value in json.loads(kept).items()}


def _typed(table: Table, column: str, value: Any) -> Any:
    if value is None:
        return None
    kind = table.c[column].type
    if isinstance(kind, Instant):
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if isinstance(kind, Date) else value


class Unit:
    """A write under way, inside one transaction on `connection`."""

    def __init__(self, connection: Connection, desk: Desk, request: str) -> None:
        """`request` is the id of the command that this write carries out."""
        self.connection = connection
        self.desk = desk
        self.request = request
        self.now = desk.clock.now()
        self.today = desk.clock.today()
        self._entries: list[_Entry] = []
        self._touched: dict[str, set[int]] = {}
        self._created: dict[str, set[int]] = {}
        self._kinds: set[str] = set()
        self._searched: set[int] = set()

    def lock(self, table: Table, row_id: int) -> dict[str, Any]:
        """The row as it stands, held against other desks until this write is done. Raises NotFound."""
        query = select(table).where(table.c.id == row_id).with_for_update()
        row = self.connection.execute(query).mappings().first()
        if row is None:
            raise NotFound("This record is no longer there; another desk removed it.")
        return dict(row)

    def insert(self, table: Table, values: Mapping[str, Any], root: Root | None = None) -> int:
        """Add a row and return its id. Without `root` the row is a record of its own."""
        full = self._complete(table, values)
        row_id = self.connection.execute(insert(table).values(full).returning(table.c.id)).scalar_one()
        own = root is None
        root = root or Root(table.name, row_id)
        self._note(root, table, row_id, "create", new=None if own else _row_json(table, full))
        if own:
            # Rows that follow belong to a new record.
            self._created.setdefault(root.kind, set()).add(root.id)
        return int(row_id)

    def insert_many(self, table: Table, rows: Sequence[Mapping[str, Any]], *, parts: bool = False) -> list[int]:
        """Add many rows at once; returns their ids in order.

        `parts` of records that are new themselves get no history: the record's creation stands for them.
        The search index is left to the caller (`search.rebuild` or `touch_search`), who knows how many there are.
        """
        ids = self.allocate(table, len(rows))
        complete = self._completer(table)
        full = [complete(values) for values in rows]
        for row_id, values in zip(ids, full, strict=True):
            values["id"] = row_id
        _insert_rows(self.connection, table, full)
        if not parts:
            self._entries.extend(_Entry(Root(table.name, row_id), table.name, row_id, "create") for row_id in ids)
            self._kinds.add(table.name)
            self._write_history_if_much()
        return ids

    def allocate(self, table: Table, count: int) -> list[int]:
        """Ids that no other row has or will get."""
        if count == 0:
            return []
        if self.connection.dialect.name == "postgresql":
            sequence = text("SELECT nextval(pg_get_serial_sequence(:name, 'id')) FROM generate_series(1, :count)")
            return list(self.connection.execute(sequence, {"name": f'"{table.name}"', "count": count}).scalars())
        known = text("SELECT ifnull(max(seq), 0) FROM sqlite_sequence WHERE name = :name")
        last = self.connection.execute(known, {"name": table.name}).scalar_one()
        return list(range(last + 1, last + count + 1))

    def update(
        self,
        table: Table,
        row_id: int,
        values: Mapping[str, Any],
        root: Root | None = None,
        *,
        current: Mapping[Any, Any] | None = None,
    ) -> bool:
        """Change the columns of a row that really differ; returns whether any did. `current` saves reading it."""
        if current is None:
            current = self.lock(table, row_id)
        changed = {column: value for column, value in values.items() if current[column] != value}
        if not changed:
            return False
        derive = table.info.get("derive")
        if derive is not None:
            changed |= derive({**current, **changed})
        self.connection.execute(update_in(table).where(table.c.id == row_id).values(changed))
        root = root or Root(table.name, row_id)
        for column, value in changed.items():
            if not table.c[column].info.get("derived") and current[column] != value:
                self._note(root, table, row_id, "change", column, encoded(current[column]), encoded(value))
        return True

    def update_many(
        self, table: Table, ids: Iterable[int], values: Mapping[str, Any], roots: Mapping[int, Root] | None = None
    ) -> int:
        """Give many rows the same values, for columns that nothing is derived from; returns how many changed.

        `roots` are the records that they belong to; without them each row is a record of its own.
        """
        changed = 0
        wanted = list(ids)
        columns = [table.c[name] for name in values]
        for start in range(0, len(wanted), BATCH):
            query = select(table.c.id, *columns).where(table.c.id.in_(wanted[start : start + BATCH])).with_for_update()
            for row in self.connection.execute(query).mappings().all():
                differing = [name for name, value in values.items() if row[name] != value]
                for name in differing:
                    root = Root(table.name, row["id"]) if roots is None else roots[row["id"]]
                    self._note(root, table, row["id"], "change", name, encoded(row[name]), encoded(values[name]))
                changed += bool(differing)
            self.connection.execute(
                update_in(table).where(table.c.id.in_(wanted[start : start + BATCH])).values(dict(values))
            )
        return changed

    def remove(self, table: Table, row_id: int, root: Root | None = None) -> None:
        """Take a row away; history keeps it whole."""
        current = self.lock(table, row_id)
        self.connection.execute(delete_from(table).where(table.c.id == row_id))
        self._note(root or Root(table.name, row_id), table, row_id, "remove", old=_row_json(table, current))

    def remove_many(self, table: Table, roots: Mapping[int, Root]) -> None:
        """Take many rows away, each given with the record it belongs to; history keeps them whole."""
        ids = sorted(roots)
        for start in range(0, len(ids), BATCH):
            part = table.c.id.in_(ids[start : start + BATCH])
            for row in self.connection.execute(select(table).where(part).with_for_update()).mappings().all():
                self._note(roots[row["id"]], table, row["id"], "remove", old=_row_json(table, dict(row)))
            self.connection.execute(delete_from(table).where(part))

    def restore(self, table: Table, row_id: int, values: Mapping[str, Any], root: Root) -> None:
        """Put a removed row back under its old id."""
        full = self._complete(table, {name: value for name, value in values.items() if name not in _CHANGED})
        self.connection.execute(insert(table).values(id=row_id, **full))
        self._note(root, table, row_id, "create", new=_row_json(table, full))

    def touch(self, kind: str) -> None:
        """Tell the desks that records of a kind changed, beyond what the rows already say."""
        self._kinds.add(kind)

    def touch_search(self, client_ids: Iterable[int]) -> None:
        """Have the search texts of these clients made anew."""
        self._searched.update(client_ids)

    def make_found(self, progress: Callable[[int, int], None]) -> None:
        """Make the search texts anew already now, where it takes long; `progress` hears how far it is."""
        search.update(self.connection, sorted(self._searched), progress)
        self._searched.clear()

    def finish(self, *, index: bool = True) -> frozenset[Change]:
        """Write versions, search texts, history and the change feed; returns what changed.

        Without `index` the caller makes the search index anew once all of several units are written.
        """
        self._raise_versions()
        if self._searched and index:
            search.update(self.connection, sorted(self._searched))
        self._write_history()
        many = {kind for kind, ids in self._touched.items() if len(ids) > _MOST_TOLD}
        changes = {Change(kind, row_id) for kind in self._touched.keys() - many for row_id in self._touched[kind]}
        changes |= {Change(kind) for kind in self._kinds | many}
        if changes:
            self.connection.execute(
                insert(change),
                [
                    {
                        "kind": one.kind,
                        "record_id": one.record_id,
                        "request_id": self.request,
                        "at": self.now,
                        "workstation_id": self.desk.workstation_id,
                    }
                    for one in sorted(changes, key=lambda one: (one.kind, one.record_id or 0))
                ],
            )
            if self.connection.dialect.name == "postgresql":
                self.connection.exec_driver_sql(f"NOTIFY {CHANNEL}")
        return frozenset(changes)

    def _complete(self, table: Table, values: Mapping[str, Any]) -> dict[str, Any]:
        return self._completer(table)(values)

    def _completer(self, table: Table) -> Callable[[Mapping[str, Any]], dict[str, Any]]:
        """What adds stamps and derived columns to the values of a row."""
        created = {"created_at": self.now, "created_by": self.desk.user_id}
        updated = {"updated_at": self.now, "updated_by": self.desk.user_id}
        before = {name: value for name, value in created.items() if name in table.c}
        after = updated if "updated_at" in table.c else {}
        derive = table.info.get("derive")

        def complete(values: Mapping[str, Any]) -> dict[str, Any]:
            full = {**before, **after, **values}
            if derive is not None:
                full |= derive(full)
            return full

        return complete

    def _note(
        self,
        root: Root,
        table: Table,
        row_id: int,
        action: str,
        field: str = "",
        old: str | None = None,
        new: str | None = None,
    ) -> None:
        # A record's creation stands for the rows that came with it.
        if action != "create" or root.id not in self._created.get(root.kind, ()):
            self._entries.append(_Entry(root, table.name, row_id, action, field, old, new))
            self._write_history_if_much()
        self._touched.setdefault(root.kind, set()).add(root.id)
        searched = table.info.get("searched", ())
        if root.kind == client.name and searched and (not field or field in searched):
            self._searched.add(root.id)

    def _raise_versions(self) -> None:
        for kind, touched in self._touched.items():
            ids = sorted(touched - self._created.get(kind, set()))
            table = metadata.tables.get(kind)
            if table is None or "version" not in table.c:
                continue
            raised = {"version": table.c.version + 1, "updated_at": self.now, "updated_by": self.desk.user_id}
            for start in range(0, len(ids), BATCH):
                part = table.c.id.in_(ids[start : start + BATCH])
                self.connection.execute(update_in(table).where(part).values(raised))

    def _write_history_if_much(self) -> None:
        if len(self._entries) >= _MOST_HELD:
            self._write_history()

    def _write_history(self) -> None:
        if not self._entries:
            return
        ids = self.allocate(history, len(self._entries))
        _insert_rows(
            self.connection,
            history,
            [
                {
                    "id": entry_id,
                    "request_id": self.request,
                    "record": str(entry.root.kind),  # a table's own name is of a kind that SQLite is slow to take
                    "record_id": entry.root.id,
                    "table_name": str(entry.table),
                    "row_id": entry.row_id,
                    "action": entry.action,
                    "field": entry.field,
                    "at": self.now,
                    "user_id": self.desk.user_id,
                    "workstation_id": self.desk.workstation_id,
                }
                for entry_id, entry in zip(ids, self._entries, strict=True)
            ],
        )
        valued = [
            {"history_id": entry_id, "old": entry.old, "new": entry.new}
            for entry_id, entry in zip(ids, self._entries, strict=True)
            if entry.old is not None or entry.new is not None
        ]
        _insert_rows(self.connection, history_value, valued)
        self._entries = []


def _insert_rows(connection: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
    """Insert rows that all have the same columns; the statement is made once and each value prepared once."""
    if not rows:
        return
    dialect = connection.dialect
    statement = insert(table).compile(dialect=dialect, column_keys=list(rows[0]))
    for name in rows[0]:
        prepare = table.c[name].type.dialect_impl(dialect).bind_processor(dialect)
        if prepare is not None:
            given = prepared = object()  # flags and stamps are mostly what they were in the row before
            for row in rows:
                value = row[name]
                if value is not given:
                    given, prepared = value, prepare(value)
                row[name] = prepared
    if dialect.name == "postgresql":
        _insert_arrays(connection, table, rows)
    else:
        connection.exec_driver_sql(str(statement), list(map(itemgetter(*statement.positiontup or ()), rows)))


def _insert_arrays(connection: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
    """Insert by an array for each column: the server plans one statement, not one for each row."""
    quoted, names = connection.dialect.identifier_preparer.quote, list(rows[0])
    arrays = ", ".join(f"%({name})s::{_array_type(table.c[name], connection.dialect)}" for name in names)
    columns = ", ".join(map(quoted, names))
    statement = f"INSERT INTO {quoted(table.name)} ({columns}) SELECT * FROM unnest({arrays})"  # noqa: S608
    for start in range(0, len(rows), _ARRAY):
        part = rows[start : start + _ARRAY]
        connection.exec_driver_sql(statement, {name: [row[name] for row in part] for name in names})


def _array_type(column: Column[Any], dialect: Dialect) -> str:
    """What to read an array as. Texts without their length: a cast would cut what the column refuses."""
    return "text[]" if isinstance(column.type, String) else f"{column.type.compile(dialect)}[]"


def _row_json(table: Table, values: Mapping[str, Any]) -> str:
    kept = {
        column.name: json.loads(encoded(values[column.name]) or "null")
        for column in table.columns
        if column.name in values and column.name != "id" and not column.info.get("derived")
    }
    return json.dumps(kept, ensure_ascii=False)


def count_rows(connection: Connection, table: Table, *conditions: Any) -> int:
    """How many rows of a table meet the conditions."""
    return int(connection.execute(select(func.count()).select_from(table).where(*conditions)).scalar_one())
