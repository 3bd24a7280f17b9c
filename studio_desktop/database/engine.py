"""The connection to the studio's database: three lanes that never wait for one another.

*write* is ordered, one transaction per command; *read* serves lists, search and forms statement by statement;
*snapshot* gives long reads (reports, exports, backups) one unchanging picture. On SQLite the write lane's single
connection makes all commits and checkpoints and is closed last; every other connection is `query_only`
(docs/decisions/0002). On PostgreSQL every ordinary connection works in the program's role, which may not change
tables or rewrite history.
"""

from __future__ import annotations

import logging
import os
import platform
import random
import socket
import sqlite3
import struct
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL, ExceptionContext, make_url
from sqlalchemy.exc import DBAPIError, DisconnectionError
from sqlalchemy.pool import QueuePool

from studio_desktop.database.folding import teach_sqlite
from studio_desktop.database.locks import FileLock, is_write_protected, refuse_unsafe_place
from studio_desktop.database.logins import LOGIN_REFUSED, LoginPause
from studio_desktop.database.watchdog import Watchdog
from studio_desktop.domain.clock import Clock, ServerClock, SystemClock
from studio_desktop.domain.errors import DatabaseUnavailable, InvalidInput, NotAllowed, NotFound

T = TypeVar("T")
log = logging.getLogger(__name__)

APPLICATION_ID = 0x53445631
"""Marks our SQLite files: the letters SDV1."""

PROGRAM_ROLE = "studio_program"
"""The PostgreSQL role that daily work runs in; it owns nothing and can alter no table."""

ANSWER_LIMIT = 10.0
"""Seconds after which a statement of daily work is given up and its connection cut."""

PING_AFTER = 30.0
"""Seconds of rest after which a held connection is asked for a sign of life before it is used."""

_RETRIED = {"23505", "40001", "40P01", "55P03"}
_ATTEMPTS = 3


def checked_url(url: str) -> URL:
    """The parsed database URL; refuses what is not ours, and a password in it (DECISIONS 19)."""
    try:
        parsed = make_url(url)
    except sqlalchemy.exc.ArgumentError:
        raise InvalidInput(
            "“{url}” is not a database address; write sqlite:///FILE or postgresql://USER@SERVER/NAME.", url=url
        ) from None
    if parsed.password:
        raise InvalidInput(
            "The address must not hold a password. Give it by the variable STUDIO_DB_PASSWORD, the file .pgpass "
            "or the program's own question."
        )
    if parsed.drivername in {"postgresql", "postgresql+psycopg"} and parsed.database:
        return parsed.set(drivername="postgresql+psycopg")
    if parsed.drivername == "sqlite" and parsed.database and parsed.database != ":memory:":
        return parsed.set(database=str(Path(parsed.database).expanduser().absolute()))
    raise InvalidInput(
        "“{url}” is not a database address; write sqlite:///FILE or postgresql://USER@SERVER/NAME.", url=url
    )


def server_settings(password: str | None) -> dict[str, Any]:
    """What every connection to a PostgreSQL server is opened with, beside the URL."""
    settings: dict[str, Any] = {
        "connect_timeout": _CONNECT_TIMEOUT,
        "keepalives_idle": 15,
        "keepalives_interval": 5,
        "keepalives_count": 3,
        "tcp_user_timeout": 10_000,
        # The server shows it, and a desk that waits for this one tells it.
        "application_name": f"studio-desktop {platform.node()}".encode()[:63].decode(errors="ignore"),
        "options": "-c statement_timeout=8s -c lock_timeout=5s -c idle_in_transaction_session_timeout=60s "
        "-c TimeZone=UTC",
        # Asked for, so that a database in any encoding can be opened as far as to say what is wrong with it.
        "client_encoding": "utf8",
        # A generic plan knows nothing of how frequent a searched word is.
        "prepare_threshold": None,
    }
    return settings | ({"password": password} if password else {})


class Database:
    """One studio's database, open. Close it; on SQLite it holds the file's lock until then."""

    def __init__(
        self,
        url: str | URL,
        *,
        password: str | None = None,
        create: bool = False,
        read_only: bool = False,
        as_owner: bool = False,
    ) -> None:
        """Open the database.

        `create` allows a SQLite file that is not there yet. `read_only` opens beside the owning program, for
        reading commands; so is a file opened that is write-protected. `as_owner` keeps PostgreSQL's login role, as
        migrations need it, instead of the program's.

        Raises AlreadyOpen, NotFound, DatabaseUnavailable, InvalidInput.
        """
        self.url = checked_url(url) if isinstance(url, str) else url
        self.dialect = self.url.get_backend_name()
        self.is_protected = self.dialect == "sqlite" and is_write_protected(Path(self.url.database or ""))
        self.read_only = read_only or self.is_protected
        self.as_owner = as_owner
        self._lock: FileLock | None = None
        self._watchdog = Watchdog(ANSWER_LIMIT, self._is_reached)
        self._logins = LoginPause()
        if self.dialect == "sqlite":
            self._check_sqlite_file(create)
            self._write = self._sqlite_engine(1, query_only=read_only)
            self._read = self._sqlite_engine(3, query_only=True)
        else:
            self._write = self._postgresql_engine(password, 2, as_owner)
            self._read = self._postgresql_engine(password, 3, as_owner)
        try:
            self._check_server()
        except UnicodeDecodeError as error:
            # SQLite quotes the definition of a table that it cannot read, harmed letters and all.
            self.close()
            raise DatabaseUnavailable(_DAMAGED) from error
        except BaseException:
            self.close()
            raise

    @property
    def path(self) -> Path | None:
        """The SQLite file, or None on a server."""
        return Path(self.url.database or "") if self.dialect == "sqlite" else None

    @property
    def name(self) -> str:
        """What to call this database to a person: the file's name, or name and server."""
        return self.path.name if self.path else f"{self.url.database} on {self.url.host or 'this computer'}"

    def write(self, work: Callable[[Connection], T], *, patient: bool = False) -> T:
        """Run `work` in one transaction of its own and commit it.

        `work` may run again after a deadlock or a lost connection, so it must find out by its request id whether it
        already happened. `patient` lifts statement and lock limits, for imports and migrations. Raises NotAllowed on a
        database that was opened for reading only.
        """
        self.require_writable()
        return self._attempted(lambda: self._write_once(work, patient))

    def require_writable(self) -> None:
        """Raise NotAllowed with the reason where this studio can only be read."""
        why_not = self.why_not_writable()
        if why_not is not None:
            raise why_not

    def why_not_writable(self) -> NotAllowed | None:
        """Why this studio can only be read, for who tries to write and for the window that says it beforehand."""
        if self.is_protected:
            return NotAllowed(
                "{name} is write-protected: it can be read, but nothing can be changed. Make the file and its folder "
                "writable, then start again.",
                name=self.name,
            )
        if self.read_only:
            return NotAllowed("{name} is only looked at: nothing can be changed here.", name=self.name)
        return None

    def read(self, work: Callable[[Connection], T], *, patient: bool = False) -> T:
        """Run `work`, which only reads; each statement sees what was committed before it.

        `patient` is for answers that take long on a slow line: without limits, and of one moment.
        """

        def once() -> T:
            if patient:
                with self._moment() as connection:
                    return work(connection)
            with self._read.connect() as connection:
                if self.dialect == "postgresql":  # to SQLite it means the same, and costs every prepared statement
                    connection.execution_options(isolation_level="AUTOCOMMIT")
                return work(connection)

        return self._attempted(once)

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """A connection that sees one moment of the database until it is left; it only reads."""
        with _explained(), self._moment() as connection:
            yield connection

    @contextmanager
    def _moment(self) -> Iterator[Connection]:
        with self._read.connect() as connection:
            if self.dialect == "postgresql":
                connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
                with connection.begin():
                    connection.execute(text("SET LOCAL statement_timeout = 0"))
                    with self._watchdog.at_ease(connection):
                        yield connection
            else:
                with connection.begin():
                    yield connection

    @contextmanager
    def migrating(self) -> Iterator[Connection]:
        """The writing connection outside any transaction and without limits, for `database.migrate`."""
        with _explained(), self._write.connect() as connection, self._watchdog.at_ease(connection):
            yield connection

    def empty_log(self) -> None:
        """Bring SQLite's write-ahead log home and leave it empty: it holds pages as they were before an erasure.

        While somebody reads a moment that is past it stays as it is, until the studio is closed.
        """
        if self.dialect == "sqlite":
            with _explained(), self._write.connect() as connection:
                raw = connection.connection.driver_connection
                assert raw is not None
                raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def clock(self) -> Clock:
        """The clock that all desks of this studio agree on: the server's, or this computer's for a file."""
        return SystemClock() if self.dialect == "sqlite" else ServerClock(self.clock_offset())

    def clock_offset(self) -> timedelta:
        """How far the server's clock is ahead of this computer's; zero on SQLite."""
        if self.dialect == "sqlite":
            return timedelta()
        before = SystemClock().now()
        server = self.read(lambda connection: connection.execute(text("SELECT clock_timestamp()")).scalar_one())
        after = SystemClock().now()
        return timedelta(seconds=(server - before - (after - before) / 2).total_seconds())

    def close(self) -> None:
        """Close every connection, the writing one last, and give the file free; who reads has a moment to finish."""
        patience = time.monotonic() + _SECONDS_TO_FINISH
        while self._checked_out() and time.monotonic() < patience:
            time.sleep(0.02)
        self._read.dispose()
        self._write.dispose()
        self._watchdog.close()
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    def _checked_out(self) -> int:
        """How many connections somebody is at work with."""
        pools = (self._read.pool, self._write.pool)
        return sum(pool.checkedout() for pool in pools if isinstance(pool, QueuePool))

    def _write_once(self, work: Callable[[Connection], T], patient: bool) -> T:
        with self._write.connect() as connection, connection.begin():
            if not patient:
                return work(connection)
            if self.dialect == "postgresql":
                connection.execute(text("SET LOCAL statement_timeout = 0"))
                connection.execute(text("SET LOCAL lock_timeout = 0"))
            with self._watchdog.at_ease(connection), _with_room(connection):
                return work(connection)

    def _attempted(self, once: Callable[[], T]) -> T:
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                return once()
            except DBAPIError as error:
                if attempt == _ATTEMPTS or not _worth_a_retry(error):
                    raise explained(error) from error
                log.info("trying again after %s", type(error.orig).__name__)
                time.sleep(random.uniform(0.02, 0.1) * attempt)  # noqa: S311 - jitter between desks, no secret
        raise AssertionError("the last attempt returns or raises")

    def _check_sqlite_file(self, create: bool) -> None:
        assert self.path is not None
        if sqlite3.sqlite_version_info < (3, 40):
            raise DatabaseUnavailable(
                "SQLite {version} is too old; 3.40 or newer is needed.", version=sqlite3.sqlite_version
            )
        if not self.path.exists():
            if not create:
                raise NotFound("There is no database file {path}.", path=self.path)
            try:
                self.path.parent.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise DatabaseUnavailable(
                    "The folder {folder} cannot be made: {why}.", folder=self.path.parent, why=error.strerror
                ) from error
        refuse_unsafe_place(self.path)
        if not self.read_only:
            self._lock = FileLock(self.path.with_name(self.path.name + ".lock"))
            self._lock.acquire()

    def _sqlite_engine(self, size: int, *, query_only: bool) -> Engine:
        path = Path(str(self.url.database))
        target = f"{path.as_uri()}?mode={'ro' if self.read_only else 'rwc'}"
        has_log = path.with_name(path.name + "-wal").exists()
        if self.is_protected and not has_log and not os.access(path.parent, os.W_OK):
            target += "&immutable=1"  # SQLite would make its log beside the file even to read
        engine = create_engine(
            "sqlite://",
            creator=lambda: sqlite3.connect(
                target, uri=True, isolation_level=None, timeout=5, check_same_thread=False, cached_statements=256
            ),
            poolclass=QueuePool,
            pool_size=size,
            max_overflow=0,
        )
        settings = [
            "foreign_keys=ON", "busy_timeout=5000", "synchronous=FULL", "fullfsync=ON", "checkpoint_fullfsync=ON",
            "trusted_schema=OFF", "cell_size_check=ON", "temp_store=MEMORY", f"cache_size={_CACHE}",
        ]  # fmt: skip
        # Not mmap_size: a page that is mapped is checked at each look, not once, and reading takes twice as long.
        settings += ["query_only=ON"] if query_only else ["journal_mode=WAL", "secure_delete=ON"]

        @event.listens_for(engine, "connect")
        def configure(raw: Any, _record: Any) -> None:
            self._claim(raw, new=not query_only)
            teach_sqlite(raw)
            for setting in settings:
                raw.execute(f"PRAGMA {setting}")

        @event.listens_for(engine, "begin")
        def begin(connection: Connection) -> None:
            connection.exec_driver_sql("BEGIN" if query_only else "BEGIN IMMEDIATE")

        return engine

    def _claim(self, raw: Any, *, new: bool) -> None:
        """Mark a new file as ours, and leave alone whatever another program has made."""
        (mark,) = raw.execute("PRAGMA application_id").fetchone()
        if mark == APPLICATION_ID:
            return
        (pages,) = raw.execute("PRAGMA page_count").fetchone()
        if pages:
            raise InvalidInput("{path} is not a Studio Desktop file.", field="database_url", path=self.path)
        if new:
            raw.execute(f"PRAGMA application_id={APPLICATION_ID}")

    def _postgresql_engine(self, password: str | None, size: int, as_owner: bool) -> Engine:
        engine = create_engine(
            self.url, connect_args=server_settings(password), pool_size=size, max_overflow=2, pool_timeout=10
        )

        @event.listens_for(engine, "do_connect")
        def log_in(dialect: Any, _record: Any, arguments: Any, settings: Any) -> Any:
            return self._logins.connect(lambda: dialect.connect(*arguments, **settings))

        @event.listens_for(engine, "connect")
        def take_role(raw: Any, _record: Any) -> None:
            if as_owner:
                return
            with raw.cursor() as cursor:
                # From PostgreSQL 16 on, a member may use a role only when it was granted with SET.
                needed = "SET" if raw.info.server_version >= 160_000 else "MEMBER"
                cursor.execute(
                    "SELECT 1 FROM pg_roles WHERE rolname = %s AND pg_has_role(current_user, oid, %s)",
                    (PROGRAM_ROLE, needed),
                )
                if cursor.fetchone():
                    cursor.execute(f"SET ROLE {PROGRAM_ROLE}")
            raw.commit()

        @event.listens_for(engine, "checkin")
        def note_rest(_raw: Any, record: Any) -> None:
            record.info["rested_since"] = time.monotonic()

        @event.listens_for(engine, "checkout")
        def ping(raw: Any, record: Any, _proxy: Any) -> None:
            if time.monotonic() - record.info.get("rested_since", time.monotonic()) < PING_AFTER:
                return
            try:
                with self._watchdog.guarding(raw):
                    raw.execute("SELECT 1")
                    raw.rollback()
            except Exception as error:
                raise DisconnectionError from error

        @event.listens_for(engine, "handle_error")
        def lost(context: ExceptionContext) -> None:
            if context.is_disconnect and context.execution_context is not None:
                context.execution_context.cursor.close()  # one that reads page by page complains when it is left open

        self._watchdog.guard(engine)
        return engine

    def _is_reached(self) -> bool:
        """Whether a server answers at the address; nobody logs in for it."""
        query = self.url.normalized_query
        host = self.url.host or "".join(query.get("host", ()))
        if not host or host.startswith("/"):
            return True  # a socket of this computer: there is no network that could fall silent
        port = self.url.port or int("".join(query.get("port", ())) or 5432)
        try:
            with socket.create_connection((host, port), timeout=_CONNECT_TIMEOUT) as line:
                line.sendall(_ASKS_FOR_TLS)
                return bool(line.recv(1))
        except OSError:
            return False

    def _check_server(self) -> None:
        if self.dialect == "sqlite":
            self.read(_check_sqlite)
        else:
            self.read(_check_postgresql)


@contextmanager
def _with_room(connection: Connection) -> Iterator[None]:
    """Let SQLite hold the indexes that a long write fills all over; else it writes each page again and again."""
    if connection.dialect.name != "sqlite":
        yield
        return
    raw = connection.connection.driver_connection
    assert raw is not None, "it is connected"
    raw.execute(f"PRAGMA cache_size={_PATIENT_CACHE}")
    try:
        yield
    finally:
        raw.execute(f"PRAGMA cache_size={_CACHE}")
        raw.execute("PRAGMA shrink_memory")


def _check_sqlite(connection: Connection) -> None:
    options = connection.exec_driver_sql("SELECT compile_options FROM pragma_compile_options").scalars().all()
    if "ENABLE_FTS5" not in options:
        raise DatabaseUnavailable("This computer's SQLite lacks full-text search (FTS5), which finding clients needs.")


def _check_postgresql(connection: Connection) -> None:
    version = int(connection.execute(text("SHOW server_version_num")).scalar_one())
    if version < 140_000:
        raise DatabaseUnavailable("PostgreSQL {version} is too old; 14 or newer is needed.", version=version // 10_000)
    encoding = connection.execute(text("SHOW server_encoding")).scalar_one()
    if encoding != "UTF8":
        raise DatabaseUnavailable(
            "The database is encoded in {encoding}; create it with ENCODING 'UTF8'.", encoding=encoding
        )


def explained(error: DBAPIError) -> Exception:
    """The sentence for what a database refused for reasons outside the program; the error itself when it is a bug."""
    said = str(error.orig).lower()
    state = (getattr(error.orig, "sqlstate", None) or "").lower()
    for fragments, sentence in _SENTENCES:
        if any(fragment in said or fragment == state for fragment in fragments):
            return DatabaseUnavailable(sentence)
    if state.startswith("08") or error.connection_invalidated or isinstance(error, sqlalchemy.exc.OperationalError):
        if isinstance(error.orig, sqlite3.Error) and "no such" in said:
            return error
        return DatabaseUnavailable("The database does not answer: {why}", why=str(error.orig).strip().splitlines()[0])
    return error


_SECONDS_TO_FINISH = 2.0
_CONNECT_TIMEOUT = 5

_ASKS_FOR_TLS = struct.pack("!ii", 8, 80877103)
"""The first words of a PostgreSQL client; any server answers them, and writes nothing into its log."""

_CACHE, _PATIENT_CACHE = -64 * 1024, -192 * 1024  # KiB

_DAMAGED = "The database file is damaged or not one of Studio Desktop. It was not touched; restore a verified backup."

_SENTENCES: tuple[tuple[tuple[str, ...], str], ...] = (
    (("database or disk is full", "53100"), "The disk is full; nothing was saved. Make room and save again."),
    (("readonly database", "25006"), "The database can only be read here; nothing was saved."),
    (
        ("unable to open database file",),
        "The database file cannot be opened: check that its folder is there and may be written.",
    ),
    (
        ("file is not a database", "malformed"),
        _DAMAGED,
    ),
    (("database is locked", "55p03"), "Another program holds the database; nothing was saved. Try again in a moment."),
    (("57014",), "The database took too long to answer; nothing was saved. Try again."),
    (
        ("28p01", "28000", *LOGIN_REFUSED),
        "The server does not accept this user name and password.",
    ),
    (
        ("57p01", "57p02", "57p03", "is starting up", "is shutting down", "in recovery mode", "not yet accepting"),
        "The server is being started or shut down; nothing was saved. Try again in a moment.",
    ),
    (
        ("not currently accepting connections",),
        "The server lets nobody into this database just now; nothing was saved. Ask who looks after the server.",
    ),
    (
        ("3d000", 'fatal:  database "'),
        "The server has no database of this name. It may have been renamed or removed; ask who looks after the server.",
    ),
    (
        ("53300", "too many clients", "too many connections", "remaining connection slots"),
        "The server has no free connection left; close a desk that is not used or ask for a higher limit.",
    ),
)


def _worth_a_retry(error: DBAPIError) -> bool:
    state = getattr(error.orig, "sqlstate", None) or ""
    return state in _RETRIED or error.connection_invalidated


@contextmanager
def _explained() -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        raise explained(error) from error
