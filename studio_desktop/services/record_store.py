"""Between a record and its rows: read whole in one statement, written as the difference of two records.

A store is declared from the record's class and its tables. Fields are matched to columns by name; a partial date
stands in three columns; a tuple of rows in a table of its own, told apart by uid; a set of members in a link table.
A field without its column, or a column without its field, fails when the store is made.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any, Generic, NamedTuple, TypeVar

from sqlalchemy import Connection, Integer, Select, Table, Text, bindparam, func, select, type_coerce
from sqlalchemy.sql import ColumnElement

from studio_desktop.database.types import unreadable
from studio_desktop.domain.dates import PARTS, PartialDate
from studio_desktop.domain.errors import NotFound
from studio_desktop.domain.fields import FieldSpec, Kind, specs, values_of
from studio_desktop.services.unit import Root, Unit

R = TypeVar("R")


@dataclass(frozen=True)
class RowsOf:
    """A field that is a tuple of rows: their table, its column that points at the owner, and rows within rows."""

    table: Table
    owner: str
    rows: Mapping[str, RowsOf] = field(default_factory=dict)


@dataclass(frozen=True)
class MembersOf:
    """A field that is a set of ids: the link table and its two columns."""

    table: Table
    owner: str
    member: str


class RecordStore(Generic[R]):
    """Reads and writes records of one class."""

    def __init__(
        self,
        record: type[R],
        table: Table,
        *,
        rows: Mapping[str, RowsOf] | None = None,
        members: Mapping[str, MembersOf] | None = None,
        derived: Mapping[str, ColumnElement[Any]] | None = None,
    ) -> None:
        """`derived` gives the SQL of each derived field, in terms of `table`."""
        self.record = record
        self.table = table
        self.rows = dict(rows or {})
        self.members = dict(members or {})
        self.derived = dict(derived or {})
        self._specs = specs(record)
        self._queries: dict[tuple[str, ...], Select[Any]] = {}
        self._check()

    def load(self, connection: Connection, record_id: int) -> R:
        """The record as it stands. Raises NotFound."""
        return self.load_with(connection, record_id)[0]

    def load_with(
        self,
        connection: Connection,
        record_id: int,
        extra: Mapping[str, ColumnElement[Any]] | None = None,
        values: Mapping[str, Any] | None = None,
    ) -> tuple[R, Mapping[Any, Any]]:
        """The record and further columns of the same statement, with `values` for their names. Raises NotFound."""
        query = self._by_id(connection.dialect.name, extra)
        row = connection.execute(query, {"wanted": record_id, **(values or {})}).mappings().first()
        if row is None:
            raise NotFound("This record is no longer there.")
        return self._record_of(row), row

    def _by_id(self, dialect: str, extra: Mapping[str, ColumnElement[Any]] | None) -> Select[Any]:
        """The statement for one record, built once: building it costs ten times what the database needs for it."""
        key = (dialect, *(extra or ()))
        known = self._queries.get(key)
        if known is None:
            known = self._queries[key] = self.query(dialect, extra).where(self.table.c.id == bindparam("wanted"))
        return known

    def load_many(self, connection: Connection, ids: Iterable[int]) -> dict[int, R]:
        """Several records by id, in one statement."""
        query = self.query(connection.dialect.name).where(self.table.c.id.in_(list(ids)))
        return {row["id"]: self._record_of(row) for row in connection.execute(query).mappings()}

    def query(self, dialect: str, extra: Mapping[str, ColumnElement[Any]] | None = None) -> Select[Any]:
        """The one statement that reads records: columns, rows and members as JSON, derived fields."""
        columns: list[ColumnElement[Any]] = []
        for name, spec in self._specs.items():
            if spec.kind is Kind.PARTIAL_DATE:
                columns += [self.table.c[f"{name}_{part}"] for part in PARTS]
            elif spec.kind is Kind.ROWS:
                columns.append(_json_rows(dialect, spec.of, self.rows[name], self.table).label(name))
            elif spec.kind is Kind.MEMBERS:
                link = self.members[name]
                ids = select(link.table.c[link.member].label("member")).where(
                    link.table.c[link.owner] == self.table.c.id
                ).correlate(self.table).subquery()
                columns.append(_json_array(dialect, ids.c.member, ids).label(name))
            elif spec.derived:
                columns.append(self.derived[name].label(name))
            else:
                columns.append(self.table.c[name])
        columns += [column.label(name) for name, column in (extra or {}).items()]
        return select(*columns)

    def insert(self, unit: Unit, record: R, **more: Any) -> int:
        """Add a record with all its rows; returns its id. `more` are columns that no field holds."""
        record_id = unit.insert(self.table, {**self._column_values(record), **more})
        self._write_parts(unit, Root(self.table.name, record_id), record_id, None, record)
        return record_id

    def write(self, unit: Unit, theirs: R, merged: R) -> bool:
        """Bring the rows from what stands (`theirs`) to what shall stand; returns whether anything changed."""
        record_id: int = theirs.id  # type: ignore[attr-defined]
        root = Root(self.table.name, record_id)
        before, after = self._column_values(theirs), self._column_values(merged)
        differing = {name: value for name, value in after.items() if before[name] != value}
        changed = bool(differing) and unit.update(self.table, record_id, differing, root)
        return self._write_parts(unit, root, record_id, theirs, merged) or changed

    def columns_of(self, record: R, **more: Any) -> dict[str, Any]:
        """The record's own columns and `more`, for loads of many rows at once."""
        return self._column_values(record) | more

    def _check(self) -> None:
        for name, spec in self._specs.items():
            if spec.derived:
                missing = name not in self.derived
            elif spec.kind is Kind.ROWS:
                missing = name not in self.rows
            elif spec.kind is Kind.MEMBERS:
                missing = name not in self.members
            elif spec.kind is Kind.PARTIAL_DATE:
                missing = any(f"{name}_{part}" not in self.table.c for part in PARTS)
            else:
                missing = name not in self.table.c
            if missing:
                raise TypeError(f"{self.record.__name__}.{name} has no place in {self.table.name}")

    def _column_values(self, record: R) -> dict[str, Any]:
        return _values(record)

    def _record_of(self, row: Mapping[Any, Any]) -> R:
        try:
            return self._read(row)
        except ValueError as error:
            raise unreadable(error) from error

    def _read(self, row: Mapping[Any, Any]) -> R:
        values: dict[str, Any] = {}
        for name, spec in self._specs.items():
            if spec.kind is Kind.PARTIAL_DATE:
                values[name] = _partial(*(row[f"{name}_{part}"] for part in PARTS))
            elif spec.kind is Kind.ROWS:
                values[name] = tuple(_row_record(spec.of, item) for item in _list(row[name]))
            elif spec.kind is Kind.MEMBERS:
                values[name] = frozenset(_list(row[name]))
            elif spec.kind is Kind.CHOICE:
                values[name] = spec.of(row[name])
            else:
                values[name] = row[name] if row[name] is not None or not spec.derived else _empty(spec)
        return self.record(**values)

    def _write_parts(self, unit: Unit, root: Root, owner_id: int, theirs: R | None, merged: R) -> bool:
        changed = False
        for name, rows in self.rows.items():
            before = getattr(theirs, name) if theirs is not None else ()
            changed |= _write_rows(unit, root, rows, owner_id, before, getattr(merged, name))
        for name, link in self.members.items():
            before_ids = getattr(theirs, name) if theirs is not None else frozenset()
            after_ids = getattr(merged, name)
            for member in sorted(after_ids - before_ids):
                unit.insert(link.table, {link.owner: owner_id, link.member: member}, root)
            gone = before_ids - after_ids
            if gone:
                query = select(link.table.c.id).where(
                    link.table.c[link.owner] == owner_id, link.table.c[link.member].in_(gone)
                )
                for row_id in unit.connection.execute(query).scalars().all():
                    unit.remove(link.table, row_id, root)
            changed |= before_ids != after_ids
        return changed


def row_columns(record: Any, **more: Any) -> dict[str, Any]:
    """The columns of one row record (a phone, an address) and `more`, for loads of many rows at once."""
    return {"uid": record.uid, **_values(record, with_derived=True), **more}


def _values(record: Any, *, with_derived: bool = False) -> dict[str, Any]:
    kinds = _column_fields(record.__class__, with_derived)
    values: dict[str, Any] = dict(zip(kinds.plain, kinds.plain_of(record), strict=True))
    for name in kinds.choices:
        values[name] = getattr(record, name).value
    for name in kinds.partial_dates:
        value = getattr(record, name)
        for part in PARTS:
            values[f"{name}_{part}"] = getattr(value, part) if value is not None else None
    return values


class _ColumnFields(NamedTuple):
    """The fields of a record that stand in its own columns, by how they get there."""

    plain: list[str]
    plain_of: Callable[[Any], tuple[Any, ...]]
    choices: tuple[str, ...]
    partial_dates: tuple[str, ...]


@cache
def _column_fields(record: type, with_derived: bool) -> _ColumnFields:
    """Asked once a class: an import asks for every row."""
    own = {
        name: spec.kind
        for name, spec in specs(record).items()
        if spec.kind not in (Kind.IDENTITY, Kind.ROWS, Kind.MEMBERS) and (with_derived or not spec.derived)
    }
    special = (Kind.CHOICE, Kind.PARTIAL_DATE)
    plain = [name for name, kind in own.items() if kind not in special]
    return _ColumnFields(
        plain,
        values_of(plain),
        tuple(name for name, kind in own.items() if kind is Kind.CHOICE),
        tuple(name for name, kind in own.items() if kind is Kind.PARTIAL_DATE),
    )


def _write_rows(
    unit: Unit, root: Root, rows: RowsOf, owner_id: int, before: tuple[Any, ...], after: tuple[Any, ...]
) -> bool:
    """Rows are told apart by uid; a row's place in the tuple is its position."""
    table = rows.table
    known = {row.uid: (position, row) for position, row in enumerate(before)}
    kept = {row.uid for row in after}
    ids: dict[str, int] = {}
    if known:
        found = unit.connection.execute(select(table.c.uid, table.c.id).where(table.c[rows.owner] == owner_id))
        ids = {row.uid: row.id for row in found}
    changed = False
    for uid, (_, row) in known.items():
        if uid not in kept:
            for name, nested in rows.rows.items():
                _write_rows(unit, root, nested, ids[uid], getattr(row, name), ())
            unit.remove(table, ids[uid], root)
            changed = True
    # Removals, and flags taken away, come first: a row that takes over what must be unique finds it free.
    order = sorted(enumerate(after), key=lambda item: _raises_flag(known.get(item[1].uid, (0, None))[1], item[1]))
    for position, row in order:
        values = {**_values(row, with_derived=True), "position": position}
        if row.uid in known:
            old_position, old = known[row.uid]
            old_values = {**_values(old, with_derived=True), "position": old_position}
            differing = {name: value for name, value in values.items() if old_values[name] != value}
            changed |= bool(differing) and unit.update(table, ids[row.uid], differing, root)
            row_id = ids[row.uid]
        else:
            row_id = unit.insert(table, {"uid": row.uid, rows.owner: owner_id, **values}, root)
            old = None
            changed = True
        for name, nested in rows.rows.items():
            changed |= _write_rows(
                unit, root, nested, row_id, getattr(old, name) if old is not None else (), getattr(row, name)
            )
    return changed


def _raises_flag(old: Any, new: Any) -> bool:
    return any(
        spec.kind is Kind.FLAG and getattr(new, name) and not (old is not None and getattr(old, name))
        for name, spec in specs(type(new)).items()
    )


def _json_rows(dialect: str, row: type, rows: RowsOf, owner: Table) -> ColumnElement[Any]:
    """All rows of an owner as one JSON array of arrays, in the order of the row class's fields."""
    table = rows.table
    parts: list[ColumnElement[Any]] = []
    for name, spec in specs(row).items():
        if spec.kind is Kind.PARTIAL_DATE:
            parts += [table.c[f"{name}_{part}"].label(f"{name}_{part}") for part in PARTS]
        elif spec.kind is Kind.ROWS:
            parts.append(_json_rows(dialect, spec.of, rows.rows[name], table).label(name))
        else:
            parts.append(table.c[name].label(name))
    ordered = (
        select(*parts)
        .where(table.c[rows.owner] == owner.c.id)
        .order_by(table.c.position, table.c.id)
        .correlate(owner)
        .subquery()
    )
    columns = [
        func.json(column) if dialect == "sqlite" and name in rows.rows else column
        for name, column in ordered.c.items()
    ]
    build = func.json_array if dialect == "sqlite" else func.json_build_array
    return _json_array(dialect, build(*columns), ordered)


def _json_array(dialect: str, item: ColumnElement[Any], source: Any) -> ColumnElement[Any]:
    gather = func.json_group_array if dialect == "sqlite" else func.json_agg
    if dialect == "sqlite" and not isinstance(item.type, Integer):
        item = func.json(item)
    array: ColumnElement[Any] = select(type_coerce(gather(item), Text)).select_from(source).scalar_subquery()
    return array


def _list(value: Any) -> list[Any]:
    """A JSON array that SQLite gives as text and PostgreSQL as a list (or None for none)."""
    if isinstance(value, str):
        value = json.loads(value)
    return value or []


def _row_record(row: type, items: list[Any]) -> Any:
    values: dict[str, Any] = {}
    rest = iter(items)
    for name, spec in specs(row).items():
        if spec.kind is Kind.PARTIAL_DATE:
            values[name] = _partial(next(rest), next(rest), next(rest))
            continue
        value = next(rest)
        if spec.kind is Kind.ROWS:
            value = tuple(_row_record(spec.of, item) for item in _list(value))
        elif spec.kind is Kind.FLAG:
            value = bool(value)
        elif spec.kind is Kind.CHOICE:
            value = spec.of(value)
        elif spec.kind is Kind.DAY and value is not None:
            value = date.fromisoformat(value)
        values[name] = value
    return row(**values)


def _partial(year: int | None, month: int | None, day: int | None) -> PartialDate | None:
    return None if year is None and month is None else PartialDate(month=month, day=day, year=year)


def _empty(spec: FieldSpec) -> Any:
    return "" if spec.kind is Kind.TEXT else None
