"""A studio in one file that either database can be made from: its schema's revision and the rows of every table.

The file is a zip: `manifest.json`, and for each table a file of JSON objects, one row a line. Values look the same
whichever database they came from: moments as UTC text of fixed width, dates as ISO text, flags as true and false.
The search index and whatever else follows from the rows is left out and made anew.
"""

from __future__ import annotations

import hashlib
import json
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import Boolean, Connection, inspect, text
from sqlalchemy.dialects.postgresql import TIMESTAMP

from studio_desktop import __version__
from studio_desktop.domain.errors import InvalidInput

FORMAT = 1
"""Raised when an older program could not read the file."""


@dataclass(frozen=True, slots=True)
class TableEntry:
    """One table in an archive; `last_id` is the highest id it ever gave out."""

    columns: list[str]
    rows: int
    sha256: str
    last_id: int | None


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an archive holds."""

    format: int
    program: str
    revision: str
    made_at: str
    tables: dict[str, TableEntry]

    @property
    def counts(self) -> dict[str, int]:
        """Rows of each table."""
        return {name: entry.rows for name, entry in self.tables.items()}


class Source(Protocol):
    """A studio whose rows can be read: an open database, or an archive."""

    @property
    def revision(self) -> str:
        """The schema that the rows belong to."""
        ...

    def tables(self) -> list[str]:
        """The tables that hold what cannot be made anew."""
        ...

    def columns(self, table: str) -> list[str]:
        """A table's columns, in order."""
        ...

    def lines(self, table: str) -> Iterator[str]:
        """A table's rows as JSON objects, by ascending key."""
        ...

    def last_id(self, table: str) -> int | None:
        """The highest id that the table ever gave out, where it numbers its rows."""
        ...


class OpenDatabase:
    """A studio's rows as one connection sees them; inside a snapshot they all belong to one moment."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._inspector = inspect(connection)
        self._is_sqlite = connection.dialect.name == "sqlite"

    @property
    def revision(self) -> str:
        """The schema that the rows belong to."""
        return str(self._connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one())

    def tables(self) -> list[str]:
        """The tables that hold what cannot be made anew."""
        return sorted(name for name in self._inspector.get_table_names() if not _MADE_ANEW.fullmatch(name))

    def columns(self, table: str) -> list[str]:
        """A table's columns, in order."""
        return [column["name"] for column in self._inspector.get_columns(table)]

    def counts(self) -> dict[str, int]:
        """Rows of each table."""
        quote = self._connection.dialect.identifier_preparer.quote
        count = "SELECT count(*) FROM "
        return {name: self._connection.exec_driver_sql(count + quote(name)).scalar_one() for name in self.tables()}

    def lines(self, table: str) -> Iterator[str]:
        """A table's rows as JSON objects, by ascending key."""
        quote = self._connection.dialect.identifier_preparer.quote
        columns = self._inspector.get_columns(table)
        keys = ", ".join(quote(name) for name in self._inspector.get_pk_constraint(table)["constrained_columns"])
        raw: Any = self._connection.connection.driver_connection
        if self._is_sqlite:
            flags = {column["name"] for column in columns if isinstance(column["type"], Boolean)}
            names = [column["name"] for column in columns]
            wanted = ", ".join(map(quote, names))
            for row in raw.execute(f"SELECT {wanted} FROM {quote(table)} ORDER BY {keys}"):
                values = dict(zip(names, row, strict=True))
                for flag in flags:
                    values[flag] = None if values[flag] is None else bool(values[flag])
                yield json.dumps(values, ensure_ascii=False)
            return
        wanted = ", ".join(
            _AS_INSTANT.format(column=quote(column["name"])) if isinstance(column["type"], TIMESTAMP) else quote(column["name"])
            for column in columns
        )
        rows = f"SELECT row_to_json(r)::text FROM (SELECT {wanted} FROM {quote(table)} ORDER BY {keys}) r"
        with raw.cursor() as cursor, cursor.copy(f"COPY ({rows}) TO STDOUT") as copy:
            for (line,) in copy.rows():
                yield line

    def last_id(self, table: str) -> int | None:
        """The highest id that the table ever gave out, where it numbers its rows."""
        if self._is_sqlite:
            query = text("SELECT seq FROM sqlite_sequence WHERE name = :table")
            return self._connection.execute(query, {"table": table}).scalar()
        sequence = _sequence(self._connection, table)
        if sequence is None:
            return None
        return self._connection.exec_driver_sql(f"SELECT CASE WHEN is_called THEN last_value END FROM {sequence}").scalar()


class Archive:
    """An archive that is open for reading."""

    def __init__(self, bundle: zipfile.ZipFile, manifest: Manifest) -> None:
        self._bundle = bundle
        self.manifest = manifest

    @property
    def revision(self) -> str:
        """The schema that the rows belong to."""
        return self.manifest.revision

    def tables(self) -> list[str]:
        """The tables that hold what cannot be made anew."""
        return list(self.manifest.tables)

    def columns(self, table: str) -> list[str]:
        """A table's columns, in order."""
        return self.manifest.tables[table].columns

    def lines(self, table: str) -> Iterator[str]:
        """A table's rows as JSON objects, by ascending key."""
        with self._bundle.open(_member(table)) as file:
            for line in file:
                yield line.decode()

    def last_id(self, table: str) -> int | None:
        """The highest id that the table ever gave out, where it numbers its rows."""
        return self.manifest.tables[table].last_id


def write(source: Source, path: Path, made_at: datetime, progress: Callable[[str], None]) -> Manifest:
    """Write every row of `source` into the archive `path`; `progress` hears each table's name."""
    entries = {}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as bundle:
        for table in source.tables():
            progress(table)
            digest = hashlib.sha256()
            rows = 0
            with bundle.open(_member(table), "w", force_zip64=True) as file:
                for rows, line in enumerate(source.lines(table), start=1):  # noqa: B007 - their number is wanted
                    data = line.encode() + b"\n"
                    digest.update(data)
                    file.write(data)
            entries[table] = TableEntry(source.columns(table), rows, digest.hexdigest(), source.last_id(table))
        manifest = Manifest(FORMAT, __version__, source.revision, made_at.isoformat(), entries)
        bundle.writestr("manifest.json", json.dumps(asdict(manifest), indent=1))
    return manifest


@contextmanager
def opened(path: Path) -> Iterator[Archive]:
    """An archive, read through once and found whole. Raises InvalidInput where it is not."""
    with ExitStack() as stack:
        try:
            bundle = stack.enter_context(zipfile.ZipFile(path))
            manifest = _manifest(bundle)
            for table, entry in manifest.tables.items():
                _check(bundle, table, entry)
        except (zipfile.BadZipFile, zlib.error, KeyError, ValueError, TypeError, EOFError) as error:
            raise InvalidInput("{path} is not a whole backup: {why}.", path=path, why=error) from error
        yield Archive(bundle, manifest)


def load(connection: Connection, source: Source, progress: Callable[[str], None]) -> None:
    """Fill the empty tables of the source's own revision; on SQLite foreign keys must be off."""
    quote = connection.dialect.identifier_preparer.quote
    links = _unlinked(connection) if connection.dialect.name == "postgresql" else []
    raw: Any = connection.connection.driver_connection
    for table in source.tables():
        progress(table)
        columns = source.columns(table)
        names = ", ".join(map(quote, columns))
        rows = ([values[name] for name in columns] for values in map(json.loads, source.lines(table)))
        if connection.dialect.name == "sqlite":
            marks = ", ".join("?" * len(columns))
            raw.executemany(f"INSERT INTO {quote(table)} ({names}) VALUES ({marks})", rows)
        else:
            with raw.cursor() as cursor, cursor.copy(f"COPY {quote(table)} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        _continue_ids(connection, table, source.last_id(table))
    for link in links:
        connection.exec_driver_sql(link)


_MADE_ANEW = re.compile(r"alembic_version|schema_info|client_search|search_\w+")

_AS_INSTANT = """to_char({column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"') AS {column}"""


def _member(table: str) -> str:
    return f"tables/{table}.jsonl"


def _manifest(bundle: zipfile.ZipFile) -> Manifest:
    given = json.loads(bundle.read("manifest.json"))
    if given["format"] > FORMAT:
        raise InvalidInput("This backup was made by a newer Studio Desktop ({program}).", program=given["program"])
    tables = {name: TableEntry(**entry) for name, entry in given.pop("tables").items()}
    return Manifest(**given, tables=tables)


def _check(bundle: zipfile.ZipFile, table: str, entry: TableEntry) -> None:
    digest = hashlib.sha256()
    rows = 0
    with bundle.open(_member(table)) as file:
        for rows, line in enumerate(file, start=1):  # noqa: B007 - their number is wanted
            digest.update(line)
    if (rows, digest.hexdigest()) != (entry.rows, entry.sha256):
        raise ValueError(f"the rows of {table} are not those that were written")


def _unlinked(connection: Connection) -> list[str]:
    """Take every foreign key away, so that tables can be filled in any order; gives the statements that put them back."""
    quote = connection.dialect.identifier_preparer.quote
    query = text(
        "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint "
        "WHERE contype = 'f' AND connamespace = 'public'::regnamespace ORDER BY 1, 2"
    )
    again = []
    for table, name, definition in connection.execute(query).all():
        connection.exec_driver_sql(f"ALTER TABLE {table} DROP CONSTRAINT {quote(name)}")
        again.append(f"ALTER TABLE {table} ADD CONSTRAINT {quote(name)} {definition}")
    return again


def _continue_ids(connection: Connection, table: str, last_id: int | None) -> None:
    """Never give out an id again that was given out before."""
    if last_id is None:
        return
    if connection.dialect.name == "sqlite":
        values = {"table": table, "seq": last_id}
        connection.execute(text("DELETE FROM sqlite_sequence WHERE name = :table"), values)
        connection.execute(text("INSERT INTO sqlite_sequence (name, seq) VALUES (:table, :seq)"), values)
    else:
        sequence = _sequence(connection, table)
        connection.execute(text("SELECT setval(cast(:sequence AS regclass), :last)"), {"sequence": sequence, "last": last_id})


def _sequence(connection: Connection, table: str) -> str | None:
    """The sequence behind a PostgreSQL table's ids."""
    query = text(
        "SELECT pg_get_serial_sequence(quote_ident(:table), 'id') FROM information_schema.columns "
        "WHERE table_schema = 'public' AND table_name = :table AND column_name = 'id'"
    )
    return connection.execute(query, {"table": table}).scalar()
