"""The folder of a studio's backups: which there are, what is known of each, how many stay, and which may go.

What a backup is stands in its name and in itself. By which program it was made, and when it was read again, is kept
beside in a file that may be lost.
"""

from __future__ import annotations

import json
import logging
import re
import sqlite3
import zipfile
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

from studio_desktop.database.engine import Database
from studio_desktop.domain.errors import NotAllowed, NotFound, StudioError
from studio_desktop.paths import atomic_write

ARCHIVE_SUFFIX = ".zip"
"""The ending of a file that holds an archive; with any other, a SQLite studio is backed up as a SQLite file."""

NOTES = "backups.json"
"""What is known of backups beside what they say themselves, by their names."""

log = logging.getLogger(__name__)


class BackupKind(StrEnum):
    """Why a backup was made."""

    HAND = "hand"
    DAILY = "daily"
    UPGRADE = "upgrade"
    RESTORE = "restore"


class Keep(StrEnum):
    """How many backups stay, beside all of the last two days."""

    FEW = "few"
    USUAL = "usual"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class KeptBackup:
    """A backup that lies in a folder: read back when it was made, and maybe since.

    `kind` is None for one whose name does not say it, `program` empty where nobody knows by which it was made.
    `wrong` is what was found when it was read last.
    """

    path: Path
    made_at: datetime
    verified_at: datetime
    kind: BackupKind | None = None
    size: int = 0
    program: str = ""
    wrong: str = ""


def kept(database: Database, folder: Path) -> list[KeptBackup]:
    """The backups of a studio in a folder, newest first."""
    names = ((path, _NAME.fullmatch(path.name)) for path in folder.glob("*"))
    notes = _notes(folder)
    found = []
    for path, name in names:
        if name and name["studio"] == _studio(database):
            made_at = datetime.strptime(name["moment"], _MOMENT).replace(tzinfo=UTC)
            kind = BackupKind(name["kind"]) if name["kind"] else None
            note = notes.get(path.name, _Note(made_at))
            size = path.stat().st_size
            found.append(KeptBackup(path, made_at, note.checked_at, kind, size, note.program, note.wrong))
    return sorted(found, key=lambda one: (one.made_at, one.path.stat().st_mtime_ns), reverse=True)


def latest(database: Database, folder: Path, until: datetime | None = None) -> KeptBackup | None:
    """The newest backup of a studio in a folder that nothing is known to be wrong with, made by a moment if told."""
    fit = (one for one in kept(database, folder) if not one.wrong and (until is None or one.made_at <= until))
    return next(fit, None)


def revision(path: Path) -> str:
    """The revision of the schema in a backup; empty if it does not say."""
    try:
        if not is_sqlite(path):
            with zipfile.ZipFile(path) as bundle:
                return str(json.loads(bundle.read("manifest.json"))["revision"])
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
            return str(connection.execute("SELECT version_num FROM alembic_version").fetchone()[0])
    except (OSError, sqlite3.Error, zipfile.BadZipFile, KeyError, ValueError, TypeError) as error:
        log.info("%s says nothing of itself (%s)", path.name, error)
        return ""


def note(path: Path, checked_at: datetime, *, program: str = "", wrong: str = "") -> None:
    """Remember when a backup was read, what was wrong with it, and by which program it was made if it is new."""
    there = {name: one for name, one in _notes(path.parent).items() if path.with_name(name).exists()}
    made_by = program or (there[path.name].program if path.name in there else "")
    there[path.name] = _Note(checked_at, made_by, wrong)
    written = {name: {**asdict(one), "checked_at": one.checked_at.isoformat()} for name, one in there.items()}
    with atomic_write(path.parent / NOTES, private=True) as file:
        file.write(json.dumps(written, indent=1).encode())


def remove(database: Database, folder: Path, path: Path) -> None:
    """Delete a backup of this studio. Raises NotAllowed for the only whole one, NotFound for what is none of them."""
    there = kept(database, folder)
    if all(one.path != path for one in there):
        raise NotFound("{name} is no backup of this studio.", name=path.name)
    if not any(one.path != path and not one.wrong for one in there):
        raise NotAllowed("{name} is the only backup that is left; make another one first.", name=path.name)
    try:
        path.unlink()
    except OSError as error:
        raise StudioError("{name} could not be deleted: {why}.", name=path.name, why=error.strerror) from error


def to_keep(moments: Iterable[datetime], now: datetime, keep: Keep = Keep.USUAL) -> set[datetime]:
    """Which backups stay: all of the last two days, then one for each of some days, weeks and months.

    Usually those are 12 days, 10 weeks and 9 months. Of each its newest one stands for it; the newest of all always
    stays.
    """
    left = sorted(moments, reverse=True)
    if keep is Keep.ALL:
        return set(left)
    stay = set(left[:1]) | {moment for moment in left if moment > now - timedelta(days=2)}
    older = [moment for moment in left if moment not in stay]
    days, weeks, months = _PERIODS[keep]
    periods: tuple[tuple[int, Callable[[datetime], tuple[int, ...]]], ...] = (
        (days, lambda moment: (moment.year, moment.month, moment.day)),
        (weeks, lambda moment: moment.isocalendar()[:2]),
        (months, lambda moment: (moment.year, moment.month)),
    )
    for count, period in periods:
        newest: dict[tuple[int, ...], datetime] = {}
        for moment in older:
            newest.setdefault(period(moment), moment)
        chosen = list(newest)[:count]
        stay.update(newest[one] for one in chosen)
        # The next, coarser step begins where this one ended.
        older = [moment for moment in older if period(moment) < chosen[-1]]
    return stay


def thin(database: Database, folder: Path, now: datetime, keep: Keep) -> None:
    """Delete the backups that need not stay."""
    there = kept(database, folder)
    stay = to_keep((one.made_at for one in there), now, keep)
    for one in there:
        if one.made_at not in stay:
            log.info("thinning out %s", one.path.name)
            one.path.unlink()


def free_name(database: Database, folder: Path, now: datetime, kind: BackupKind) -> Path:
    """Where the next backup goes."""
    suffix = ".db" if database.path else ARCHIVE_SUFFIX
    stem = f"{_studio(database)}-{now.astimezone(UTC).strftime(_MOMENT)}-{kind.value}"
    path = folder / (stem + suffix)
    number = 2
    while path.exists():
        path = folder / f"{stem}-{number}{suffix}"
        number += 1
    return path


def is_sqlite(file: Path) -> bool:
    """Whether a backup is a SQLite file; else it is an archive."""
    with file.open("rb") as start:
        return start.read(16) == b"SQLite format 3\0"


_PERIODS = {Keep.FEW: (5, 3, 2), Keep.USUAL: (12, 10, 9)}
_KINDS = "|".join(kind.value for kind in BackupKind)
_NAME = re.compile(rf"(?P<studio>.+)-(?P<moment>\d{{8}}T\d{{6}}Z)(-(?P<kind>{_KINDS}))?(-\d+)?\.(db|zip)")
_MOMENT = "%Y%m%dT%H%M%SZ"


def _studio(database: Database) -> str:
    """What the names of a studio's backups begin with."""
    return re.sub(r"[^\w.-]", "_", database.path.stem if database.path else str(database.url.database))


@dataclass(frozen=True, slots=True)
class _Note:
    checked_at: datetime
    program: str = ""
    wrong: str = ""


def _notes(folder: Path) -> dict[str, _Note]:
    try:
        found: dict[str, Any] = json.loads((folder / NOTES).read_text("utf-8"))
        return {
            name: _Note(datetime.fromisoformat(one["checked_at"]), str(one["program"]), str(one["wrong"]))
            for name, one in found.items()
        }
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        log.info("what was noted of the backups in %s is lost (%s)", folder, error)
        return {}
