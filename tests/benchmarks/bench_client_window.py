"""Opening a client: what its first tab and the counts of its tabs need (G5, E16), and the page with all its tabs (G8).

    python -m tests.benchmarks.bench_client_window                 SQLite, 10,000 clients, without a screen
    python -m tests.benchmarks.bench_client_window --postgresql    a server of its own, 20 ms away

The floor of reading is one statement with JSON sub-selects by the bare driver, its answer taken as it comes; on a
distant server it is the round trip of `SELECT 1`. The floor of the page is the page with its first tab alone. The page
is measured by processor time of the whole process, so that busy neighbours count less.
"""

from __future__ import annotations

import argparse
import os
import random
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication
from sqlalchemy import Engine, event

from studio_desktop import __version__
from studio_desktop.database.engine import Database
from studio_desktop.database.migrate import prepare
from studio_desktop.domain.clock import SystemClock
from studio_desktop.services import Services
from studio_desktop.services.users import sit_down
from studio_desktop.ui import theme
from studio_desktop.ui.client_window import TABS
from studio_desktop.ui.client_window import window as client_window
from studio_desktop.ui.client_window.window import ClientPage
from tests.benchmarks.floors import Contest
from tests.postgres import own_server
from tests.ui.conftest import DeskShell

STATEMENTS_TO_REACH = 2
READING_TO_REACH = 3.0
DISTANT_TO_REACH = 1.3
PAGE_TO_REACH = 1.5
ROUND_TRIP = 0.020

_JSON = """
    SELECT c.*, t.description, t.colour, t.alert_text,
        (SELECT json_group_array(json_object('uid', uid, 'label_id', label_id, 'typed', typed, 'sms', sms,
            'e164', e164, 'extension', extension)) FROM phone p WHERE p.client_id = c.id),
        (SELECT json_group_array(json_object('uid', uid, 'address', address)) FROM email e WHERE e.client_id = c.id),
        (SELECT json_group_array(json_object('uid', uid, 'line1', line1, 'line2', line2, 'town', town,
            'region', region, 'postcode', postcode, 'country', country, 'purpose', purpose,
            'effective_from', effective_from, 'effective_to', effective_to)) FROM address a WHERE a.client_id = c.id),
        (SELECT json_group_array(json_object('uid', uid, 'first_name', first_name, 'last_name', last_name,
            'relationship_id', relationship_id, 'year', birthday_year, 'month', birthday_month, 'day', birthday_day,
            'secondary_contact', secondary_contact,
            'phones', (SELECT json_group_array(json_object('uid', p.uid, 'typed', p.typed, 'label_id', p.label_id,
                'sms', p.sms, 'e164', p.e164, 'extension', p.extension)) FROM phone p WHERE p.family_member_id = f.id),
            'emails', (SELECT json_group_array(json_object('uid', e.uid, 'address', e.address)) FROM email e
                WHERE e.family_member_id = f.id))) FROM family_member f WHERE f.client_id = c.id),
        (SELECT json_group_array(group_id) FROM client_group_member m WHERE m.client_id = c.id),
        (SELECT count(*) FROM note n WHERE n.client_id = c.id AND n.deleted_at IS NULL),
        (SELECT count(*) FROM note n WHERE n.client_id = c.id AND n.deleted_at IS NULL AND n.alert)
    FROM client c LEFT JOIN client_status t ON t.id = c.status_id WHERE c.id = ?
"""


def main() -> None:
    """Measure and print."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--clients", type=int, default=10_000)
    asked.add_argument("--rounds", type=int, default=60)
    asked.add_argument("--postgresql", action="store_true")
    wanted = asked.parse_args()
    with tempfile.TemporaryDirectory(prefix="studio-bench-") as folder:
        if wanted.postgresql:
            with own_server() as server:
                url = server.create()
                with studio(url, Path(folder), wanted.clients):
                    pass
                distant(server.tcp_url(url), server.password, Path(folder), wanted.clients, wanted.rounds)
            return
        with studio(f"sqlite:///{Path(folder) / 'studio.db'}", Path(folder), wanted.clients) as services:
            reading(services, wanted.clients, wanted.rounds)
            page(services, wanted.clients, max(wanted.rounds // 4, 5))


@contextmanager
def studio(url: str, folder: Path, clients: int, password: str | None = None) -> Iterator[Services]:
    """A demo studio of so many clients."""
    clock = SystemClock()
    prepare(url, program_version=__version__, backup_folder=folder, password=password, create=True).close()
    database = Database(url, password=password)
    try:
        services = Services(database, sit_down(database, clock, "BENCH"))
        if database.read(_count) < clients:
            services.demo.fill(clients, seed=1)
        yield services
    finally:
        database.close()


def _count(connection: Any) -> int:
    return int(connection.exec_driver_sql("SELECT count(*) FROM client").scalar_one())


def reading(services: Services, clients: int, rounds: int) -> None:
    """G5 beside the file: how many statements, and how much more than the one that could be."""
    chance = random.Random(5)
    contest = Contest(clock=time.thread_time)
    with services.database.snapshot() as connection:
        raw: Any = connection.connection.driver_connection
        for _ in range(rounds):
            client_id = chance.randint(1, clients)
            contest.run(
                lambda client_id=client_id: services.clients.open(client_id),
                lambda client_id=client_id: raw.execute(_JSON, (client_id,)).fetchall(),
            )
    say(f"G5 {statements(services)} statement(s) to open a client (to reach: {STATEMENTS_TO_REACH})")
    say(f"G5 reading it, ms p50/p95, and the bare statement  {contest.line(READING_TO_REACH)}")


def statements(services: Services) -> int:
    """How many statements one opening takes."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        seen.append(statement)

    services.clients.open(1)
    event.listen(Engine, "before_cursor_execute", note)
    try:
        services.clients.open(1)
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    return len(seen)


def distant(url: str, password: str, folder: Path, clients: int, rounds: int) -> None:
    """G5 with the server a round trip away: only round trips count there."""
    with far_away(url) as there, studio(there, folder, clients, password) as services:
        count = statements(services)
        contest = Contest()
        chance = random.Random(5)
        for _ in range(rounds):
            client_id = chance.randint(1, clients)
            contest.run(
                lambda client_id=client_id: services.clients.open(client_id),
                lambda: services.database.read(lambda connection: connection.exec_driver_sql("SELECT 1").scalar()),
                tries=1,
            )
        say(f"G5 {count} statement(s), {ROUND_TRIP * 1000:.0f} ms away: ms p50/p95, and of SELECT 1")
        say(f"{contest.line(DISTANT_TO_REACH * count)}")


@contextmanager
def far_away(url: str) -> Iterator[str]:
    """The same server behind a line on which every answer takes its time."""
    parts = urlsplit(url)
    listening = socket.create_server(("127.0.0.1", 0))

    def carry(source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                time.sleep(ROUND_TRIP / 2)
                target.sendall(data)

    def accept() -> None:
        with suppress(OSError):
            while True:
                desk, _ = listening.accept()
                server = socket.create_connection((parts.hostname or "127.0.0.1", parts.port or 5432))
                for one, other in ((desk, server), (server, desk)):
                    one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                    threading.Thread(target=carry, args=(one, other), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    who = parts.netloc.rpartition("@")[0]
    try:
        yield urlunsplit(parts._replace(netloc=f"{who}@127.0.0.1:{listening.getsockname()[1]}"))
    finally:
        listening.close()


def page(services: Services, clients: int, rounds: int) -> None:
    """G8: the page with all its tabs, against the page with its first tab alone; and with every tab shown once."""
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    theme.apply_theme(app, "light")
    shell = DeskShell(services)
    chance = random.Random(8)
    contest, shown = Contest(clock=time.process_time), Contest(clock=time.process_time)
    for _ in range(rounds):
        client_id = chance.randint(1, clients)
        contest.run(lambda client_id=client_id: opened(shell, client_id, len(TABS)), lambda: None)
        shown.run(lambda client_id=client_id: opened(shell, client_id, len(TABS), show_all=True), lambda: None)
        contest.floors[-1] = min(first_alone(shell, client_id) for _ in range(3))
        shown.floors[-1] = contest.floors[-1]
    say(f"G8 the page, ms p50/p95, and with its first tab alone  {contest.line(PAGE_TO_REACH)}")
    say(f"   with every tab shown once, for comparison           {shown.line(float('inf'))}")
    shell.tasks.close()


def first_alone(shell: DeskShell, client_id: int) -> float:
    """Processor time of the page with its first tab alone."""
    start = time.process_time()
    opened(shell, client_id, 1)
    return time.process_time() - start


def opened(shell: DeskShell, client_id: int, tabs: int, *, show_all: bool = False) -> None:
    """Open the page with its first so many tabs, painted and read; then take it away."""
    client_window.TABS = TABS[:tabs]
    page = ClientPage(shell, client_id)  # type: ignore[arg-type]
    page.resize(1210, 590)
    page.show()
    while page.title() == "…":
        QApplication.processEvents()
    for tab in TABS[:tabs] if show_all else ():
        page.show_tab(tab.name)
        QApplication.processEvents()
    QApplication.processEvents()
    page.hide()
    page.deleteLater()
    QCoreApplication.sendPostedEvents(page, QEvent.Type.DeferredDelete)


def say(line: str) -> None:
    """Print at once: a run takes a while."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
