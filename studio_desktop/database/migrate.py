"""Opens a studio's database at the schema of this program: makes it, upgrades it after a verified backup, or refuses.

The tables change in one transaction, so that a crash at any statement leaves the old schema or the new one whole.
Of several desks that start at once on one server, one upgrades while the others wait and say for whom.
"""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, event, insert, inspect, select, text, update
from sqlalchemy.engine import URL

from studio_desktop.database import backup, roles, search, seed, triggers
from studio_desktop.database.backup_folder import BackupKind
from studio_desktop.database.engine import Database
from studio_desktop.database.tables.people import client
from studio_desktop.database.tables.studio import schema_info
from studio_desktop.domain.clock import Clock, SystemClock
from studio_desktop.domain.errors import DatabaseTooNew, DatabaseUnavailable, InvalidInput, NotFound
from studio_desktop.failpoints import failpoint

HEAD = "0015"
"""The schema of this program. Kept here, so that an ordinary start need not load Alembic."""

LOWEST_PROGRAM = "0.1.0"
"""The oldest program that may still write into a database of this schema."""

SCRIPTS = Path(__file__).with_name("migrations")
"""Where the steps lie."""

Progress = Callable[[str], None]
"""Hears a sentence for the person who waits."""

log = logging.getLogger(__name__)

_LOCK = 0x53445631
"""The key of the advisory lock under which one desk upgrades."""


def prepare(
    url: str,
    *,
    program_version: str,
    backup_folder: Path,
    password: str | None = None,
    create: bool = False,
    read_only: bool = False,
    progress: Progress | None = None,
    clock: Clock | None = None,
) -> Database:
    """Open the database at this program's schema.

    `create` allows to make a studio where there is none: a missing SQLite file, an empty database. `read_only` opens
    a SQLite file beside the program that has it. Before an older schema is upgraded, a verified backup goes into
    `backup_folder`. Raises DatabaseTooNew, NotFound, AlreadyOpen, DatabaseUnavailable, InvalidInput; whatever it
    raises, the database is as it was.
    """
    tell = progress or log.info
    database = Database(url, password=password, create=create, read_only=read_only)
    try:
        if _is_current(database, program_version):
            return database
    except BaseException:
        database.close()
        raise
    database.close()
    with owned(url, password, create=create) as owner, turn(owner, tell):
        if not _is_current(owner, program_version):
            _bring_up(owner, create, backup_folder, tell, clock or SystemClock())
    database = Database(url, password=password, read_only=read_only)
    try:
        _is_current(database, program_version)
    except BaseException:
        database.close()
        raise
    return database


def require_program(lowest: str, program_version: str) -> None:
    """Raise DatabaseTooNew when the database allows no program older than `lowest` and this one is (DECISIONS 14)."""
    if _parts(program_version) < _parts(lowest):
        raise DatabaseTooNew(
            "This database needs Studio Desktop {needed} or newer; this is {ours}. Nothing was changed: update this "
            "computer.",
            needed=lowest, ours=program_version,
        )  # fmt: skip


def revision_of(connection: Connection) -> str | None:
    """The schema that the database stands at; None when it is empty. Raises InvalidInput when it is not ours."""
    tables = inspect(connection)
    if tables.has_table("alembic_version"):
        if connection.dialect.name == "postgresql" and not connection.execute(_MAY_READ).scalar_one():
            roles.require_program_role(connection)
        return str(connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one())
    if tables.get_table_names():
        raise InvalidInput(
            "This database holds the tables of another program; choose an empty one.", field="database_url"
        )
    return None


def build(connection: Connection, revision: str | None = None) -> None:
    """Bring the tables from where they stand to `revision`, else to this program's, inside the caller's transaction.

    What follows from the tables is not made; see `finish`. On SQLite foreign keys must be off.
    """
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    config.attributes["connection"] = connection
    triggers.drop(connection)
    with _ids_never_used_twice(connection):
        command.upgrade(config, revision or HEAD)


def finish(connection: Connection) -> None:
    """Make what follows from the tables of this program's schema, and check that every row has what it refers to."""
    triggers.create(connection)
    known = connection.execute(select(schema_info.c.search_version)).scalar()
    row = {"lowest_program": LOWEST_PROGRAM, "search_version": search.SEARCH_VERSION}
    if known is None:
        search.create(connection)
        connection.execute(insert(schema_info).values(id=1, **row))
    else:
        connection.execute(update(schema_info).values(row))
    holds_clients = connection.execute(select(client.c.id).limit(1)).first() is not None
    if known != search.SEARCH_VERSION and (known is not None or holds_clients):
        search.rebuild(connection)
    if connection.dialect.name == "postgresql":
        roles.grant(connection)
    else:
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
        if broken is not None:
            raise DatabaseUnavailable(
                "A row of {table} refers to a row of {parent} that is not there; the upgrade was not made. "
                "Restore the newest verified backup.",
                table=broken[0], parent=broken[2],
            )  # fmt: skip


@contextmanager
def owned(url: str | URL, password: str | None, *, create: bool = False) -> Iterator[Database]:
    """The database, open for changing its tables: on a server with the login's own rights."""
    database = Database(url, password=password, create=create, as_owner=True)
    try:
        yield database
    finally:
        database.close()


@contextmanager
def turn(database: Database, tell: Progress) -> Iterator[None]:
    """Wait until no other desk changes the tables of this server's database, and keep others waiting."""
    if database.dialect == "sqlite":
        yield
        return
    with database.migrating() as connection:
        lock = text("SELECT pg_try_advisory_lock(:key)").bindparams(key=_LOCK)
        told = ""
        while not connection.execute(lock).scalar_one():
            sentence = f"{_upgrader(connection) or 'Another desk'} is upgrading the database…"
            if sentence != told:
                tell(sentence)
                told = sentence
            connection.rollback()
            time.sleep(0.2)
        connection.commit()
        try:
            yield
        finally:
            connection.execute(text("SELECT pg_advisory_unlock(:key)").bindparams(key=_LOCK))
            connection.commit()


@contextmanager
def changing_tables(database: Database) -> Iterator[Connection]:
    """The writing connection in one transaction that may rebuild tables.

    It has no limits; on SQLite foreign keys are off, for a copied table's old rows must not take others with them.
    """
    with database.migrating() as connection:
        event.listen(connection, "before_cursor_execute", _pass_failpoint)
        if database.dialect == "sqlite":
            _foreign_keys(connection, "OFF")
        else:
            connection.execute(text("SET statement_timeout = 0"))
            connection.execute(text("SET lock_timeout = 0"))
            connection.execute(text("SET idle_in_transaction_session_timeout = 0"))
            connection.commit()
        try:
            with connection.begin():
                yield connection
        finally:
            event.remove(connection, "before_cursor_execute", _pass_failpoint)
            if database.dialect == "sqlite":
                _foreign_keys(connection, "ON")


_MAY_READ = text("SELECT has_table_privilege('alembic_version', 'SELECT')")


def _is_current(database: Database, program_version: str) -> bool:
    """Whether the database needs no upgrade; refuses what this program must not touch."""

    def look(connection: Connection) -> bool:
        revision = revision_of(connection)
        if revision is None:
            return False
        if revision > HEAD:
            raise DatabaseTooNew(
                "This database was upgraded by a newer Studio Desktop (its schema is {theirs}, ours {ours}). "
                "Nothing was changed: update this computer.",
                theirs=revision, ours=HEAD,
            )  # fmt: skip
        require_program(connection.execute(select(schema_info.c.lowest_program)).scalar_one(), program_version)
        if revision == HEAD and database.dialect == "postgresql" and not database.as_owner:
            roles.require_program_role(connection)
        return revision == HEAD

    return database.read(look)


def _upgrader(connection: Connection) -> str:
    query = text(
        "SELECT a.application_name FROM pg_locks l JOIN pg_stat_activity a USING (pid) WHERE l.locktype = 'advisory' "
        "AND l.granted AND l.classid = 0 AND l.objid = :key AND a.datname = current_database()"
    )
    name: str = connection.execute(query, {"key": _LOCK}).scalar() or ""
    return name.removeprefix("studio-desktop").strip()


def _bring_up(database: Database, create: bool, backup_folder: Path, tell: Progress, clock: Clock) -> None:
    revision = database.read(revision_of)
    if revision is None and not create:
        raise NotFound("{name} is empty: there is no studio in it.", name=database.name)
    if database.dialect == "postgresql":
        database.read(lambda connection: roles.require_owner(connection, empty=revision is None))
    if revision is not None:
        tell("Backing up before the upgrade…")
        backup.backup(database, folder=backup_folder, kind=BackupKind.UPGRADE, clock=clock)
    tell("Making a new studio…" if revision is None else "Upgrading the database…")
    with changing_tables(database) as connection:
        build(connection)
        finish(connection)
        if revision is None:
            seed.plant(connection, clock.now())
        else:
            seed.plant_since(connection, revision, clock.now())


@contextmanager
def _ids_never_used_twice(connection: Connection) -> Iterator[None]:
    """Keep what SQLite forgets with each table that is altered by a copy: the highest id that it ever gave out."""
    counted = connection.dialect.name == "sqlite" and inspect(connection).has_table("sqlite_sequence")
    before = connection.exec_driver_sql("SELECT name, seq FROM sqlite_sequence").all() if counted else []
    yield
    for name, last_id in before:
        values = {"name": name, "last": last_id}
        connection.execute(text("UPDATE sqlite_sequence SET seq = :last WHERE name = :name AND seq < :last"), values)


def _foreign_keys(connection: Connection, state: str) -> None:
    # Inside a transaction, and so through SQLAlchemy, the setting would be ignored.
    raw: Any = connection.connection.driver_connection
    raw.execute(f"PRAGMA foreign_keys={state}")


def _pass_failpoint(*_: Any) -> None:
    failpoint("migrate.statement")


def _parts(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version))
