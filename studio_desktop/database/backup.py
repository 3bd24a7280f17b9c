"""Backups that were read back before they got their name, and how many of them are kept.

A SQLite studio is copied page by page while it is in use; a PostgreSQL studio is written into an archive
(`database/archive.py`), for the server's own tools are missing on most desks. Both see one moment of the database.
"""

from __future__ import annotations

import logging
import os
import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, select, table

from studio_desktop.database import archive
from studio_desktop.database.engine import Database
from studio_desktop.database.locks import FileLock
from studio_desktop.domain.clock import Clock, SystemClock
from studio_desktop.domain.errors import DatabaseUnavailable, InvalidInput
from studio_desktop.failpoints import failpoint

ARCHIVE_SUFFIX = ".zip"
"""The ending of a file that holds an archive; with any other, a SQLite studio is backed up as a SQLite file."""

Progress = Callable[[str], None]

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class BackupResult:
    """A backup that was read back and found whole. `counts` are the rows of each table."""

    path: Path
    verified_at: datetime
    counts: dict[str, int]


@dataclass(frozen=True, slots=True)
class KeptBackup:
    """A verified backup that lies in a folder."""

    path: Path
    verified_at: datetime


def backup(
    database: Database,
    file: Path | None = None,
    *,
    folder: Path | None = None,
    clock: Clock | None = None,
    progress: Progress | None = None,
) -> BackupResult:
    """Back up into `file`, or into `folder` under a name of its own, which then is thinned.

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
        result = _into(database, _free_name(database, folder, clock.now()), clock, tell)
        _thin(database, folder, clock.now())
    finally:
        lock.release()
    return result


def kept(database: Database, folder: Path) -> list[KeptBackup]:
    """The verified backups of a studio in a folder, newest first."""
    names = ((path, _NAME.fullmatch(path.name)) for path in folder.glob("*"))
    found = [
        KeptBackup(path, datetime.strptime(name["moment"], _MOMENT).replace(tzinfo=UTC))
        for path, name in names
        if name and name["studio"] == _studio(database)
    ]
    return sorted(found, key=lambda one: (one.verified_at, one.path.stat().st_mtime_ns), reverse=True)


def latest(database: Database, folder: Path) -> KeptBackup | None:
    """The newest verified backup of a studio in a folder."""
    return next(iter(kept(database, folder)), None)


def to_keep(moments: Iterable[datetime], now: datetime) -> set[datetime]:
    """Which backups stay: all of the last two days, then one for each of 12 days, 10 weeks and 9 months.

    Of each day, week and month its newest one stands for it; the newest of all always stays.
    """
    left = sorted(moments, reverse=True)
    keep = set(left[:1]) | {moment for moment in left if moment > now - timedelta(days=2)}
    older = [moment for moment in left if moment not in keep]
    periods: tuple[tuple[int, Callable[[datetime], tuple[int, ...]]], ...] = (
        (12, lambda moment: (moment.year, moment.month, moment.day)),
        (10, lambda moment: moment.isocalendar()[:2]),
        (9, lambda moment: (moment.year, moment.month)),
    )
    for count, period in periods:
        newest: dict[tuple[int, ...], datetime] = {}
        for moment in older:
            newest.setdefault(period(moment), moment)
        chosen = list(newest)[:count]
        keep.update(newest[one] for one in chosen)
        # The next, coarser step begins where this one ended.
        older = [moment for moment in older if period(moment) < chosen[-1]]
    return keep


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
            part.unlink(missing_ok=True)
        _settle(path.parent)
    except (OSError, sqlite3.Error) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise DatabaseUnavailable(
            "{path} could not be written: {why}. What was there before is untouched.", path=path, why=why
        ) from error


_NOT_WHOLE = "The copy {path} is not whole: {why}. It was not kept."

_NAME = re.compile(r"(?P<studio>.+)-(?P<moment>\d{8}T\d{6}Z)(-\d+)?\.(db|zip)")
_MOMENT = "%Y%m%dT%H%M%SZ"


def _into(database: Database, path: Path, clock: Clock, tell: Progress) -> BackupResult:
    if database.path is not None and path == database.path:
        raise InvalidInput("{path} is the database itself; choose another name for its backup.", path=path)
    tell(f"Backing up to {path.name}…")
    with whole_file(path) as part:
        if database.dialect == "sqlite" and path.suffix != ARCHIVE_SUFFIX:
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


def _free_name(database: Database, folder: Path, now: datetime) -> Path:
    suffix = ".db" if database.path else ARCHIVE_SUFFIX
    stem = f"{_studio(database)}-{now.astimezone(UTC).strftime(_MOMENT)}"
    path = folder / (stem + suffix)
    number = 2
    while path.exists():
        path = folder / f"{stem}-{number}{suffix}"
        number += 1
    return path


def _studio(database: Database) -> str:
    """What the names of a studio's backups begin with."""
    return re.sub(r"[^\w.-]", "_", database.path.stem if database.path else str(database.url.database))


def _thin(database: Database, folder: Path, now: datetime) -> None:
    there = kept(database, folder)
    keep = to_keep((one.verified_at for one in there), now)
    for one in there:
        if one.verified_at not in keep:
            log.info("thinning out %s", one.path.name)
            one.path.unlink()


def _settle(folder: Path) -> None:
    """Make the new name itself survive a power cut, where the file system knows how."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
