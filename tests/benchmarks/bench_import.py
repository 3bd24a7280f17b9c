"""G12: clients from a spreadsheet, read, judged, written and found, against the bare driver inserting the same rows.

    python -m tests.benchmarks.bench_import [--clients 100000] [--rounds 3] [--postgresql]

The floor is `executemany` of the very rows that the import wrote, table by table in one transaction, into an empty
studio with the same schema, indexes and triggers; the search index is the import's own. Both run in turns in one
process; SQLite is compared by processor time, which a busy neighbour does not change, PostgreSQL by the clock. No
garbage is collected meanwhile, as on the lane of a window that carries an import out.
"""

from __future__ import annotations

import argparse
import csv
import gc
import random
import shutil
import statistics
import sys
import tempfile
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from sqlalchemy import text

from studio_desktop import __version__
from studio_desktop.database.engine import Database
from studio_desktop.database.migrate import prepare
from studio_desktop.domain.clock import SystemClock
from studio_desktop.services import Services, new_request
from studio_desktop.services.imports.plan import Plan
from studio_desktop.services.users import sit_down
from tests.postgres import own_server

TO_REACH = 4.0
WRITTEN = (
    "workstation", "client_group", "lead_source", "import_batch", "client", "phone", "email", "address",
    "family_member", "client_group_member", "status_assignment", "note", "history", "history_value", "change",
    "request",
)  # fmt: skip
"""The tables that an import fills, parents first; rows that a new studio has are left as they are."""

FIRST = ("Grace", "Tom", "Anna", "Peter", "Gordon", "Folake", "Kunle", "Jonas", "Lucía", "Zofia", "Paweł", "Khai")
LAST = ("Abbott", "Adams", "Adeyemi", "Albrecht", "Alvarez", "Bąk", "Nguyễn", "Castillo", "Delacroix", "Eastwood")
STREETS = ("Larkspur Lane", "Mill Street", "Orchard Way", "Quarry Road", "Station Road")
TOWNS = ("Fairbrook", "Lakemont", "Milton Falls", "Oakhurst")
TITLES = (
    "First name", "Last name", "Mobile", "E-mail", "Street", "City", "State", "ZIP", "Birthday", "Groups", "Notes",
)  # fmt: skip


def write_people(path: Path, count: int) -> None:
    """The same strangers each time; a tenth is in a group, a twentieth has a note."""
    chance = random.Random(12)
    with path.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(TITLES)
        for number in range(count):
            first, last = chance.choice(FIRST), f"{chance.choice(LAST)}{chance.choice('aeiou')}{number % 997}"
            rows.writerow((
                first, last, f"({chance.randrange(200, 990)}) {chance.randrange(200, 999)}-{number % 10_000:04}",
                f"{first}.{last}{number}@example.com".lower(), f"{chance.randrange(1, 900)} {chance.choice(STREETS)}",
                chance.choice(TOWNS), "OH", f"{chance.randrange(44_000, 45_000)}",
                f"{chance.randrange(1950, 2010)}-{chance.randrange(1, 13):02}-{chance.randrange(1, 29):02}",
                "Weddings" if chance.random() < 0.1 else "", "Came by the window" if chance.random() < 0.05 else "",
            ))  # fmt: skip


@dataclass(frozen=True)
class Took:
    """Seconds of one import, step by step."""

    read: float
    judge: float
    write: float


class Studios(ABC):
    """New studios on one engine, each a copy of the first."""

    clock: Callable[[], float]

    @abstractmethod
    def new(self) -> str:
        """The URL of an empty studio."""

    @abstractmethod
    def insert(self, url: str, rows: dict[str, list[tuple[Any, ...]]], columns: dict[str, list[str]]) -> float:
        """Seconds that the bare driver takes for the rows."""


class OnSQLite(Studios):
    """Files in a folder."""

    clock = staticmethod(time.process_time)

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._made = 0
        self._first = folder / "first.db"
        url = f"sqlite:///{self._first}"
        prepare(url, program_version=__version__, backup_folder=folder, create=True).close()

    def new(self) -> str:
        self._made += 1
        path = self._folder / f"studio-{self._made}.db"
        shutil.copyfile(self._first, path)
        return f"sqlite:///{path}"

    def insert(self, url: str, rows: dict[str, list[tuple[Any, ...]]], columns: dict[str, list[str]]) -> float:
        import sqlite3

        with closing(sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)) as connection:
            for setting in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
                connection.execute(f"PRAGMA {setting}")
            begun = self.clock()
            connection.execute("BEGIN IMMEDIATE")
            for table, named in columns.items():
                marks = ", ".join("?" * len(named))
                connection.executemany(
                    f"INSERT OR IGNORE INTO {table} ({', '.join(named)}) VALUES ({marks})", rows[table]
                )
            connection.execute("COMMIT")
            return self.clock() - begun


class OnPostgreSQL(Studios):
    """Databases of one server."""

    clock = staticmethod(time.perf_counter)

    def __init__(self, server: Any, folder: Path) -> None:
        self._server = server
        self._first = server.create()
        prepare(self._first, program_version=__version__, backup_folder=folder, create=True).close()

    def new(self) -> str:
        return str(self._server.create(template=self._first.rsplit("/", 1)[1].partition("?")[0]))

    def insert(self, url: str, rows: dict[str, list[tuple[Any, ...]]], columns: dict[str, list[str]]) -> float:
        import psycopg

        with psycopg.connect(url) as connection, connection.cursor() as cursor:
            begun = self.clock()
            for table, named in columns.items():
                marks = ", ".join(["%s"] * len(named))
                cursor.executemany(
                    f"INSERT INTO {table} ({', '.join(named)}) VALUES ({marks}) ON CONFLICT DO NOTHING", rows[table]
                )
            connection.commit()
            return self.clock() - begun


def import_file(url: str, path: Path, clock: Callable[[], float]) -> tuple[Took, Plan]:
    """What the program does."""
    with closing(Database(url)) as database:
        services = Services(database, sit_down(database, SystemClock(), "BENCH"))
        gc.collect()
        gc.disable()
        moments = [clock()]
        table = services.imports.read(path)
        moments.append(clock())
        plan = services.imports.judge(table)
        moments.append(clock())
        services.imports.carry_out(plan, new_request())
        moments.append(clock())
        gc.enable()
    steps = [after - before for before, after in pairwise(moments)]
    return Took(*steps), plan


def written_rows(url: str) -> tuple[dict[str, list[tuple[Any, ...]]], dict[str, list[str]]]:
    """Every row that stands in the tables of an import, as the bare driver takes it, and the tables' columns."""
    rows: dict[str, list[tuple[Any, ...]]] = {}
    columns: dict[str, list[str]] = {}
    with closing(Database(url)) as database, database.snapshot() as connection:
        for table in WRITTEN:
            found = connection.execute(text(f"SELECT * FROM {table}"))
            columns[table] = list(found.keys())
            rows[table] = [tuple(_bare(value) for value in row) for row in found]
    return rows, columns


def _bare(value: Any) -> Any:
    import json

    return json.dumps(value) if isinstance(value, dict | list) else value


@contextmanager
def studios(postgresql: bool, folder: Path) -> Iterator[Studios]:
    """New studios on the engine that was asked for."""
    if not postgresql:
        yield OnSQLite(folder)
        return
    with own_server(durable=True) as server:
        yield OnPostgreSQL(server, folder)


def main() -> None:
    """Prints seconds and ratios."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--clients", type=int, default=100_000)
    asked.add_argument("--rounds", type=int, default=3)
    asked.add_argument("--postgresql", action="store_true")
    wanted = asked.parse_args()
    say = sys.stdout.write
    with tempfile.TemporaryDirectory() as name, studios(wanted.postgresql, Path(name)) as made:
        path = Path(name) / "people.csv"
        write_people(path, wanted.clients)
        imports: list[Took] = []
        floors: list[float] = []
        for _ in range(wanted.rounds):
            url = made.new()
            took, plan = import_file(url, path, made.clock)
            imports.append(took)
            rows, columns = written_rows(url)
            floors.append(made.insert(made.new(), rows, columns))
            say(f"  {took} floor {floors[-1]:.2f} s\n")
        assert len(plan.rows) == wanted.clients
        total_rows = sum(map(len, rows.values()))
    floor = statistics.median(floors)
    say(f"\nG12: {wanted.clients:,} clients, {total_rows:,} rows, median of {wanted.rounds} rounds\n")
    say(f"  executemany (floor)     {floor:7.2f} s\n")
    for step in ("read", "judge", "write"):
        seconds = statistics.median(getattr(one, step) for one in imports)
        say(f"  {step:23} {seconds:7.2f} s   {seconds / floor:5.1f} × the floor\n")
    say(f"\nG12 asks for at most {TO_REACH:.0f} × the floor for writing, search index included.\n")


if __name__ == "__main__":
    main()
