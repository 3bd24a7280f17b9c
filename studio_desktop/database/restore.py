"""Puts a backup in the place of a studio, or makes a studio from it, whichever database either of them is.

What comes out of the backup is built beside, upgraded and read through before anything takes its place, and what
stood there before is kept. Whoever was erased since the backup was made is erased from it, too.
"""

from __future__ import annotations

import logging
import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, func, inspect, select, table
from sqlalchemy.engine import URL

from studio_desktop.database import archive, erasure, migrate, roles, seed
from studio_desktop.database.archive import Source
from studio_desktop.database.backup import Progress, backup, copy_sqlite, verify_sqlite, whole_file
from studio_desktop.database.backup_folder import BackupKind, is_sqlite
from studio_desktop.database.engine import Database, checked_url
from studio_desktop.database.erasure import Erased
from studio_desktop.database.locks import FileLock, refuse_unsafe_place
from studio_desktop.domain.clock import Clock, SystemClock
from studio_desktop.domain.errors import DatabaseTooNew, DatabaseUnavailable, InvalidInput, NotFound, StudioError
from studio_desktop.failpoints import failpoint

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore brought: the rows of each table, and where the studio that stood there before is kept."""

    counts: dict[str, int]
    kept: Path | None


def restore(
    file: Path,
    url: str,
    *,
    backup_folder: Path,
    password: str | None = None,
    replace: bool = False,
    clock: Clock | None = None,
    progress: Progress | None = None,
) -> Restored:
    """Put the studio of a backup (a SQLite file or an archive) into the database `url`.

    A SQLite file that stands there is kept beside as `.before-restore`. A studio on a server is replaced only when
    `replace` says so, after a verified backup of it into `backup_folder`. Raises AlreadyOpen, InvalidInput,
    NotFound, DatabaseTooNew, DatabaseUnavailable; the studio that stands there is then as it was.
    """
    tell, at_clock = progress or log.debug, clock or SystemClock()
    file = file.expanduser().absolute()
    if not file.is_file():
        raise NotFound("There is no file {file}.", file=file)
    target = checked_url(url)
    with _source(file) as source:
        if source.revision > migrate.HEAD:
            raise DatabaseTooNew("{file} was made by a newer Studio Desktop; update this one first.", file=file)
        if target.get_backend_name() == "sqlite":
            kept = _into_file(file, source, Path(str(target.database)), at_clock, tell)
        else:
            kept = _into_server(source, url, password, replace, backup_folder, at_clock, tell)
        return Restored(source.counts, kept)


@contextmanager
def _source(file: Path) -> Iterator[Source]:
    if is_sqlite(file):
        verify_sqlite(file)
        database = Database(URL.create("sqlite", database=str(file)), read_only=True)
        try:
            with database.snapshot() as connection:
                if migrate.revision_of(connection) is None:
                    raise InvalidInput("There is no studio in {file}.", file=file)
                yield archive.of_database(connection)
        finally:
            database.close()
    else:
        with archive.opened(file) as source:
            yield source


def _into_file(file: Path, source: Source, target: Path, clock: Clock, tell: Progress) -> Path | None:
    if file == target:
        raise InvalidInput("{file} is the database itself; choose a backup of it.", file=file)
    refuse_unsafe_place(target)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(target.with_name(target.name + ".lock")), whole_file(target) as part:
            gone = erasure.registered_in(target) if target.exists() else []
            _build_file(file, source, gone, part, clock, tell)
            kept = _keep(target, tell) if target.exists() else None
            failpoint("restore.kept")
            return kept
    except OSError as error:
        raise DatabaseUnavailable("{file} could not be restored: {why}.", file=file, why=error.strerror) from error


def _build_file(
    file: Path, source: Source, gone: Sequence[Erased], part: Path, clock: Clock, tell: Progress
) -> None:
    """Make the studio in the empty file `part`, at this program's schema, and leave nothing beside it."""
    tell(f"Reading {file.name}…")
    if is_sqlite(file):
        with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)) as pages:
            copy_sqlite(pages, part)
    try:
        url = URL.create("sqlite", database=str(part))
        with migrate.owned(url, None, create=True) as database, migrate.changing_tables(database) as connection:
            counts = _fill(connection, source, gone, clock, tell)
        with closing(sqlite3.connect(part)) as built:
            built.execute("PRAGMA journal_mode=DELETE")
    finally:
        _clear_beside(part, *_LOGS, "-shm", ".lock")
    verify_sqlite(part, counts)


def _into_server(
    source: Source, url: str, password: str | None, replace: bool, backup_folder: Path, clock: Clock, tell: Progress
) -> Path | None:
    kept = None
    with migrate.owned(url, password) as database, migrate.turn(database, tell):
        stands = database.read(migrate.revision_of) is not None
        if stands and not replace:
            raise InvalidInput("{name} holds a studio already; say that it is to be replaced.", name=database.name)
        database.read(lambda connection: roles.require_owner(connection, empty=not stands))
        if stands:
            kept = backup(database, folder=backup_folder, kind=BackupKind.RESTORE, clock=clock, progress=tell).path
        with migrate.changing_tables(database) as connection:
            gone = erasure.registered(connection) if stands else []
            if stands:
                _drop_tables(connection)
            _fill(connection, source, gone, clock, tell)
    return kept


def _fill(
    connection: Connection, source: Source, gone: Sequence[Erased], clock: Clock, tell: Progress
) -> dict[str, int]:
    """Gives how many rows each table of the backup has then."""
    if migrate.revision_of(connection) is None:
        migrate.build(connection, source.revision)
        archive.load(connection, source, lambda name: tell(f"Restoring {name}…"))
    if source.revision != migrate.HEAD:
        migrate.build(connection)
    migrate.finish(connection)
    seed.plant_since(connection, source.revision, clock.now())
    if not gone:
        return source.counts
    tell("Erasing again whoever was erased since…")
    erasure.repeat(connection, gone)
    rows = {name: select(func.count()).select_from(table(name)) for name in source.counts}
    return {name: connection.execute(count).scalar_one() for name, count in rows.items()}


def _drop_tables(connection: Connection) -> None:
    quote = connection.dialect.identifier_preparer.quote
    names = ", ".join(quote(name) for name in inspect(connection).get_table_names())
    connection.exec_driver_sql(f"DROP TABLE {names}")


def _keep(target: Path, tell: Progress) -> Path:
    """Keep what stands at `target`, whole or damaged, and leave nothing beside it that belongs to it alone."""
    kept = target.with_name(target.name + ".before-restore")
    number = 2
    while kept.exists():
        kept = target.with_name(f"{target.name}.before-restore-{number}")
        number += 1
    tell(f"Keeping the present studio as {kept.name}…")
    with whole_file(kept) as part:
        is_whole = _copy_closed(target, part)
        if not is_whole:
            for ending in _LOGS:
                if target.with_name(target.name + ending).exists():
                    shutil.copyfile(target.with_name(target.name + ending), kept.with_name(kept.name + ending))
    if is_whole:
        # From here on a crash leaves the old studio whole without its log.
        with closing(sqlite3.connect(target)) as present:
            (blocked, *_) = present.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if blocked:
            kept.unlink()
            raise DatabaseUnavailable("Another program is reading {target}; close it and restore again.", target=target)
    # Pages of the old file must not be taken for pages of the one that replaces it.
    _clear_beside(target, *_LOGS, "-shm")
    return kept


def _copy_closed(file: Path, copy: Path) -> bool:
    """Copy a SQLite file that nobody has open, with what its log holds; when it is damaged the bare file, and False."""
    for ending in ("", *_LOGS):
        if file.with_name(file.name + ending).exists():
            shutil.copyfile(file.with_name(file.name + ending), copy.with_name(copy.name + ending))
    try:
        with closing(sqlite3.connect(copy)) as connection:
            connection.execute("PRAGMA journal_mode=DELETE")
        verify_sqlite(copy)
    except (StudioError, sqlite3.Error) as error:
        log.info("%s is damaged (%s) and kept as it is", file.name, error)
        # Merely looking at it has changed it.
        shutil.copyfile(file, copy)
        return False
    finally:
        _clear_beside(copy, *_LOGS, "-shm")
    return True


_LOGS = ("-wal", "-journal")
"""What SQLite keeps beside a file and needs to read it."""


def _clear_beside(file: Path, *endings: str) -> None:
    for ending in endings:
        file.with_name(file.name + ending).unlink(missing_ok=True)
