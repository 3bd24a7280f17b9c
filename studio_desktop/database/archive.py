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
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import IO, Any

from sqlalchemy import Boolean, ColumnElement, Connection, TableClause, Text, cast, func, insert, inspect, select, text
from sqlalchemy import column as sql_column
from sqlalchemy import table as sql_table

from studio_desktop import __version__
from studio_desktop.domain.errors import DatabaseUnavailable, InvalidInput

FORMAT = 1
"""Raised when an older program could not read the file."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What a table holds. `last_id` is the highest id it ever gave out, where it numbers its rows."""

    columns: list[str]
    rows: int
    last_id: int | None


@dataclass(frozen=True, slots=True)
class Source:
    """A studio to be read: an open database, or an archive. `lines` gives a table's rows as JSON, by ascending key."""

    revision: str
    tables: dict[str, Contents]
    lines: Callable[[str], Iterator[str]]

    @property
    def counts(self) -> dict[str, int]:
        """The rows of each table."""
        return {name: contents.rows for name, contents in self.tables.items()}


def of_database(connection: Connection) -> Source:
    """The studio as this connection sees it; in a snapshot all of it belongs to one moment."""
    inspector = inspect(connection)
    names = sorted(name for name in inspector.get_table_names() if not _MADE_ANEW.fullmatch(name))
    count = select(func.count())
    tables = {
        name: Contents(
            [column["name"] for column in inspector.get_columns(name)],
            connection.execute(count.select_from(sql_table(name))).scalar_one(),
            _last_id(connection, name),
        )
        for name in names
    }
    revision = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one()
    return Source(revision, tables, lambda name: _lines(connection, name))


def write(source: Source, path: Path, made_at: datetime, progress: Callable[[str], None]) -> None:
    """Write a studio into the archive `path`; `progress` hears the name of each table before it comes."""
    digests = {}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name in source.tables:
            progress(name)
            digest = hashlib.sha256()
            with bundle.open(_member(name), "w", force_zip64=True) as file:
                lines = source.lines(name)
                while page := list(islice(lines, _PAGE)):
                    data = "".join(f"{line}\n" for line in page).encode()
                    digest.update(data)
                    file.write(data)
            digests[name] = digest.hexdigest()
        manifest = {
            "format": FORMAT,
            "program": __version__,
            "made_at": made_at.isoformat(),
            "revision": source.revision,
            "tables": {name: asdict(contents) for name, contents in source.tables.items()},
            "sha256": digests,
        }
        bundle.writestr("manifest.json", json.dumps(manifest, indent=1))


@contextmanager
def opened(path: Path) -> Iterator[Source]:
    """The studio in an archive, after it was read through and found whole. Raises InvalidInput where it is not."""
    with ExitStack() as stack:
        try:
            bundle = stack.enter_context(zipfile.ZipFile(path))
            manifest = json.loads(bundle.read("manifest.json"))
            if manifest["format"] > FORMAT:
                raise InvalidInput("{path} was made by a newer Studio Desktop.", path=path)
            tables = {name: Contents(**contents) for name, contents in manifest["tables"].items()}
            for name, contents in tables.items():
                with bundle.open(_member(name)) as file:
                    _check(name, file, contents.rows, manifest["sha256"][name])
        except (zipfile.BadZipFile, zlib.error, KeyError, ValueError, TypeError, EOFError) as error:
            raise InvalidInput("{path} is not a whole backup: {why}.", path=path, why=error) from error
        yield Source(manifest["revision"], tables, lambda name: _lines_of(bundle, name))


def load(connection: Connection, source: Source, progress: Callable[[str], None]) -> None:
    """Fill the empty tables of the source's own revision; on SQLite foreign keys must be off."""
    is_sqlite = connection.dialect.name == "sqlite"
    links = [] if is_sqlite else _unlinked(connection)
    for name, contents in source.tables.items():
        progress(name)
        rows = map(json.loads, source.lines(name))
        if is_sqlite:
            while page := list(islice(rows, _PAGE)):
                connection.execute(insert(_bare(name, contents.columns)), page)
        else:
            _copy_in(connection, name, contents.columns, rows)
        if contents.last_id:  # SQLite says 0 of a table that was empty when it was altered
            _continue_ids(connection, name, contents.last_id)
    for link in links:
        connection.exec_driver_sql(link)


_MADE_ANEW = re.compile(r"alembic_version|schema_info|client_search|search_\w+")

_PAGE = 1000


def _member(name: str) -> str:
    return f"tables/{name}.jsonl"


def _check(name: str, file: IO[bytes], rows: int, sha256: str) -> None:
    digest = hashlib.sha256()
    found = 0
    for line in file:
        found += 1
        digest.update(line)
    if (found, digest.hexdigest()) != (rows, sha256):
        raise ValueError(f"the rows of {name} are not those that were written")


def _lines_of(bundle: zipfile.ZipFile, name: str) -> Iterator[str]:
    with bundle.open(_member(name)) as file:
        for line in file:
            yield line.decode()


def _lines(connection: Connection, name: str) -> Iterator[str]:
    inspector = inspect(connection)
    columns = inspector.get_columns(name)
    keys = inspector.get_pk_constraint(name)["constrained_columns"]
    rows = select(*map(_as_written, columns)).select_from(sql_table(name)).order_by(*map(_plain, keys))
    paged = {"yield_per": _PAGE}
    if connection.dialect.name == "postgresql":
        as_json = select(cast(func.row_to_json(rows.subquery("r").table_valued()), Text))
        yield from connection.execute(as_json, execution_options=paged).scalars()
        return
    names = [column["name"] for column in columns]
    flags = [column["name"] for column in columns if isinstance(column["type"], Boolean)]
    encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
    for row in connection.execute(rows, execution_options=paged):
        values = dict(zip(names, row, strict=True))
        for flag in flags:
            values[flag] = bool(values[flag]) if values[flag] is not None else None
        yield encode(values)


def _as_written(column: Mapping[str, Any]) -> ColumnElement[Any]:
    """A column as the archive has it: moments the way SQLite keeps them."""
    value = _plain(column["name"])
    from sqlalchemy.dialects.postgresql import TIMESTAMP  # only here: a studio on SQLite never loads it

    if isinstance(column["type"], TIMESTAMP):
        return func.to_char(func.timezone("UTC", value), 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"').label(column["name"])
    return value


def _plain(name: str) -> ColumnElement[Any]:
    return sql_column(name)


def _bare(name: str, columns: Iterable[str]) -> TableClause:
    """A table without the types of today's schema, for the rows may be of an older one."""
    return sql_table(name, *map(sql_column, columns))


def _copy_in(connection: Connection, name: str, columns: list[str], rows: Iterable[Mapping[str, Any]]) -> None:
    raw: Any = connection.connection.driver_connection
    from psycopg import OperationalError, sql

    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(name), names)
    try:
        with raw.cursor() as cursor, cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row([row[column] for column in columns])
    except OperationalError as error:
        raise DatabaseUnavailable("The database does not answer: {why}", why=str(error).splitlines()[0]) from error


def _unlinked(connection: Connection) -> list[str]:
    """Take every foreign key away, so that tables can be filled in any order.

    Gives the statements that put them back, and so check them.
    """
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


def _last_id(connection: Connection, name: str) -> int | None:
    if connection.dialect.name == "sqlite":
        query = text("SELECT seq FROM sqlite_sequence WHERE name = :name")
    else:
        # NULL of a sequence that never gave out a number, and where there is none.
        query = text(f"SELECT pg_sequence_last_value({_SEQUENCE})")
    return connection.execute(query, {"name": name}).scalar()


def _continue_ids(connection: Connection, name: str, last_id: int) -> None:
    """Never give out an id again that was given out before."""
    values = {"name": name, "last": last_id}
    if connection.dialect.name == "sqlite":
        connection.execute(text("DELETE FROM sqlite_sequence WHERE name = :name"), values)
        connection.execute(text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :last)"), values)
    else:
        connection.execute(text(f"SELECT setval({_SEQUENCE}, :last)"), values)


_SEQUENCE = (
    "(SELECT pg_get_serial_sequence(quote_ident(table_name), column_name)::regclass FROM information_schema.columns "
    "WHERE table_schema = 'public' AND table_name = :name AND column_name = 'id')"
)
