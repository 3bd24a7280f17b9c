"""Backups that were read back before they got their name; the folder they lie in is `database/backup_folder.py`.

A SQLite studio is copied page by page while it is in use; a PostgreSQL studio is written into an archive
(`database/archive.py`), for the server's own tools are missing on most desks. Both see one moment of the database.
"""

from __future__ import annotations

import logging
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import func, select, table

from studio_desktop import __version__
from studio_desktop.database import archive, backup_folder
from studio_desktop.database.backup_folder import BackupKind, Keep
from studio_desktop.database.engine import Database
from studio_desktop.database.locks import FileLock
from studio_desktop.domain.clock import Clock, SystemClock
from studio_desktop.domain.errors import DatabaseUnavailable, InvalidInput, StudioError
from studio_desktop.failpoints import failpoint

Progress = Callable[[str], None]

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class BackupResult:
    """A backup that was read back and found whole. `counts` are the rows of each table."""

    path: Path
    verified_at: datetime
    counts: dict[str, int]


def backup(
    database: Database,
    file: Path | None = None,
    *,
    folder: Path | None = None,
    kind: BackupKind = BackupKind.HAND,
    keep: Keep = Keep.USUAL,
    clock: Clock | None = None,
    progress: Progress | None = None,
) -> BackupResult:
    """Back up into `file`, or into `folder` under a name of its own, which says its `kind`; then that is thinned.

    A file ending in .zip becomes an archive, which can be restored into either database. Until the backup is
    verified nothing has its name; a failed one removes no older one. Raises DatabaseUnavailable or InvalidInput.
    """
    clock = clock or SystemClock()
    tell = progress or log.debug
    if file is not None:
        return _into(database, file.expanduser().absolute(), clock, tell)
    if folder is None:
        raise TypeError("backup needs a file or a folder")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DatabaseUnavailable(
            "The folder {folder} cannot be made: {why}.", folder=folder, why=error.strerror
        ) from error
    lock = FileLock(folder / "backup.lock")
    if not lock.try_acquire():
        raise DatabaseUnavailable("Another backup into {folder} is under way.", folder=folder)
    try:
        for leftover in folder.glob("*.part*"):
            leftover.unlink()
        result = _into(database, backup_folder.free_name(database, folder, clock.now(), kind), clock, tell)
        backup_folder.note(result.path, result.verified_at, program=__version__)
        backup_folder.thin(database, folder, clock.now(), keep)
    finally:
        lock.release()
    return result


def verify_sqlite(path: Path, counts: dict[str, int] | None = None) -> None:
    """Read a SQLite file through: pages, indexes, references and, when given, the rows of each table.

    Raises DatabaseUnavailable with what is wrong.
    """
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
            found = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
            wrong = "" if found == "ok" else found
            if not wrong and connection.execute("PRAGMA foreign_key_check").fetchone():
                wrong = "a row refers to one that is not there"
            for name, rows in (counts or {}).items():
                count = str(select(func.count()).select_from(table(name)))
                if not wrong and connection.execute(count).fetchone()[0] != rows:
                    wrong = f"rows are missing in {name}"
    except sqlite3.Error as error:
        wrong = str(error)
    if wrong:
        raise DatabaseUnavailable(_NOT_WHOLE, path=path.name, why=wrong)


def verify(path: Path) -> str:
    """Read a backup through as when it was made, and give what is wrong with it; nothing if it is whole."""
    try:
        if backup_folder.is_sqlite(path):
            verify_sqlite(path)
        else:
            with archive.opened(path):
                pass
    except OSError as error:
        return error.strerror or str(error)
    except StudioError as error:
        return str(error)
    return ""


def copy_sqlite(source: Any, target: Path) -> None:
    """Copy the pages of an open SQLite connection into the empty file `target`."""
    with closing(sqlite3.connect(target)) as copy:
        source.backup(copy, pages=2048, progress=lambda *_: failpoint("backup.pages"))
        # One file, which needs nothing beside it.
        copy.execute("PRAGMA journal_mode=DELETE")


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """A file to write that gets the name `path` only when the block ends well; readable by this user alone."""
    part = path.with_name(path.name + ".part")
    try:
        part.unlink(missing_ok=True)
        os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        try:
            yield part
            with part.open("rb+") as written:
                os.fsync(written.fileno())
            failpoint("backup.verified")
            part.replace(path)
        finally:
            # What SQLite had beside it stays where its copy failed, as on a full disk.
            for beside in ("", "-wal", "-shm", "-journal"):
                part.with_name(part.name + beside).unlink(missing_ok=True)
        _settle(path.parent)
    except (OSError, sqlite3.Error) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise DatabaseUnavailable(
            "{path} could not be written: {why}. What was there before is untouched.", path=path, why=why
        ) from error


_NOT_WHOLE = "The copy {path} is not whole: {why}."

def _into(database: Database, path: Path, clock: Clock, tell: Progress) -> BackupResult:
    if database.path is not None and path == database.path:
        raise InvalidInput("{path} is the database itself; choose another name for its backup.", path=path)
    tell(f"Backing up to {path.name}…")
    with whole_file(path) as part:
        if database.dialect == "sqlite" and path.suffix != backup_folder.ARCHIVE_SUFFIX:
            counts = _sqlite_copy(database, part)
        else:
            counts = _archive(database, part, clock, tell)
    return BackupResult(path, clock.now(), counts)


def _sqlite_copy(database: Database, part: Path) -> dict[str, int]:
    with database.snapshot() as connection:
        # Counting opens the snapshot that the pages then come from, so a save meanwhile does not start it over.
        counts = archive.of_database(connection).counts
        copy_sqlite(connection.connection.driver_connection, part)
    verify_sqlite(part, counts)
    return counts


def _archive(database: Database, part: Path, clock: Clock, tell: Progress) -> dict[str, int]:
    def told(table: str) -> None:
        failpoint("backup.pages")
        tell(f"Backing up {table}…")

    with database.snapshot() as connection:
        source = archive.of_database(connection)
        archive.write(source, part, clock.now(), told)
    with archive.opened(part) as written:
        if written.counts != source.counts:
            raise DatabaseUnavailable(_NOT_WHOLE, path=part.name, why="rows are missing")
    return source.counts


def _settle(folder: Path) -> None:
    """Make the new name itself survive a power cut, where the file system knows how."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
