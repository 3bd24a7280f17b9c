"""G7, E16: the list of clients, at its first show, under the wheel and by another order; and what a letter costs there.

    python -m tests.benchmarks.bench_list                    100,000 clients on SQLite, without a screen
    python -m tests.benchmarks.bench_list --folder ~/bench   keep the databases for the next run

The floor of the first show is the same window on 50 clients; that of a sort is the bare statement by the bare driver.
All is processor time of the whole process, so that busy neighbours count less: what a person waits for without them.
A wheel step is one event with the painting and reading that it leads to at once.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEvent, QEventLoop, QObject, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from studio_desktop import __version__
from studio_desktop.database.engine import Database
from studio_desktop.database.migrate import prepare
from studio_desktop.domain.clock import SystemClock
from studio_desktop.services import Services
from studio_desktop.services.demo import Demo
from studio_desktop.services.listings.declaration import Query
from studio_desktop.services.users import sit_down
from studio_desktop.ui import theme
from studio_desktop.ui.hubs.clients import ClientsPage
from studio_desktop.ui.widgets.listing_view import ListingView
from tests.benchmarks.floors import Contest, milliseconds, percentile
from tests.ui.conftest import DeskShell

FEW = 50
FIRST_SHOW_TO_REACH = 2.0
WHEEL_TO_REACH = 0.016
SORT_TO_REACH = 1.5
LETTER_TO_REACH = 0.1

BARE_ORDERS = {
    "name": "sort_key",
    "due": "status_due_on IS NULL, status_due_on, sort_key",
    "status": "(SELECT position FROM client_status t WHERE t.id = c.status_id), sort_key",
    "town": "(SELECT town_key FROM address a WHERE a.client_id = c.id"
            " AND (a.effective_from IS NULL OR a.effective_from <= date()) AND (a.effective_to IS NULL OR"
            " a.effective_to >= date()) ORDER BY coalesce(a.effective_from, '0001-01-01') DESC, position, id LIMIT 1),"
            " sort_key",
    "phone": "(SELECT digits FROM phone p WHERE p.client_id = c.id ORDER BY position, id LIMIT 1), sort_key",
}  # fmt: skip
BARE = "SELECT c.id FROM client c WHERE c.deleted_at IS NULL AND c.stage = 'active' ORDER BY {order}, c.id"


def main() -> None:
    """Measure and print."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--clients", type=int, default=100_000)
    asked.add_argument("--rounds", type=int, default=15)
    asked.add_argument("--folder", type=Path, default=None, help="keep the databases here")
    wanted = asked.parse_args()
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    theme.apply_theme(app, "light")
    with tempfile.TemporaryDirectory(prefix="studio-bench-") as temporary:
        folder = wanted.folder or Path(temporary)
        with studio(folder, wanted.clients) as large, studio(folder, FEW) as small:
            first_show(large, small, wanted.rounds)
            wheel(large)
            sorts(large, max(wanted.rounds // 5, 2))
            letters(large)


@contextmanager
def studio(folder: Path, clients: int) -> Iterator[DeskShell]:
    """A desk in a studio of so many clients."""
    url = f"sqlite:///{(folder / f'list-{clients}.db').as_posix()}"
    database = prepare(url, program_version=__version__, backup_folder=folder, create=True)
    services = Services(database, sit_down(database, SystemClock(), "BENCH"))
    if not services.listings.first_page("clients", Query(), 1).total:
        took = seconds(lambda: Demo(database, services.desk).fill(clients, seed=1))
        say(f"{clients:,} clients made in {took:.0f} s")
    services.layouts.keep("clients", {})  # as nobody has sorted it, whatever an earlier run left
    shell = DeskShell(services)
    yield shell
    shell.tasks.close()
    assert (shell.bugs, shell.failures) == ([], [])
    database.close()


def first_show(large: DeskShell, small: DeskShell, rounds: int) -> None:
    """From the wish for a list to its painted first rows."""
    contest = Contest()
    for number in range(rounds + 1):
        floor, figure = one_show(small), one_show(large)
        if number:  # the first round only warms up
            contest.floors.append(floor)
            contest.figures.append(figure)
    say("\nms p50/p95, against the floor")
    say(f"first show, {FEW} rows as floor  {contest.line(FIRST_SHOW_TO_REACH)}")


def one_show(shell: DeskShell) -> float:
    """How long it takes, what follows in the background left aside."""
    views: list[ListingView] = []
    took = seconds(lambda: views.append(opened(shell)))
    until(lambda: views[0].model.is_complete)
    closed(views[0])
    QApplication.processEvents()
    return took


def wheel(shell: DeskShell) -> None:
    """Steps down from the first row, and steps anywhere in the list."""
    view = opened(shell)
    until(lambda: view.model.is_complete)
    steps = []
    for start in (0, 40_000, 80_000):
        view.grid.verticalScrollBar().setValue(min(start, view.total - 500))
        until(lambda: not view.model.missing(*view.grid.rows_in_sight()))
        steps += [seconds(lambda: turn(view)) for _ in range(100)]
    mark = ">" if percentile(steps, 95) > WHEEL_TO_REACH else " "
    say(f"wheel step                     {milliseconds(steps)}{mark}")
    closed(view)


def sorts(shell: DeskShell, rounds: int) -> None:
    """From the click on a header to the painted rows."""
    view = opened(shell)
    until(lambda: view.model.is_complete)
    raw = Database(shell.services.database.url, read_only=True)
    for key, order in BARE_ORDERS.items():
        contest = Contest()
        for _ in range(rounds):
            contest.floors.append(seconds(lambda order=order: bare_sort(raw, order)))
            contest.figures.append(seconds(lambda key=key: sort_by(view, key)))
            until(lambda: view.is_loaded and view.model.is_complete)
        say(f"sort by {key:23}{contest.line(SORT_TO_REACH)}")
    raw.close()
    closed(view)


def letters(shell: DeskShell) -> None:
    """From a key in the search box to the painted hits."""
    page = ClientsPage(shell)
    page.resize(1210, 658)
    page.show()
    until(lambda: page.list.is_loaded and page.list.model.is_complete)
    took, eye = [], Eye(page.list)
    for word in ("smith", "anna b", "5550142", "brook", "zzz"):
        page.search_edit.clear()
        until(lambda: page.list.is_loaded)
        for letter in word:
            took.append(seconds(lambda letter=letter: type_letter(page, letter, eye)))
    mark = ">" if percentile(took, 95) > LETTER_TO_REACH else " "
    say(f"letter typed                   {milliseconds(took)}{mark}")
    page.deleteLater()


def opened(shell: DeskShell) -> ListingView:
    """A list with its first rows on the screen."""
    view = ListingView(shell, "clients")
    view.resize(946, 622)
    view.show()
    view.ask(Query({"stage": "active"}))
    until(lambda: view.is_loaded)
    QApplication.processEvents()
    return view


def closed(view: ListingView) -> None:
    """Gone."""
    view.hide()
    view.deleteLater()


def turn(view: ListingView) -> None:
    """One notch of the wheel, and what it makes the window do at once."""
    here = QPointF(200, 200)
    turned = QWheelEvent(
        here, view.grid.viewport().mapToGlobal(here), QPoint(), QPoint(0, -120), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(view.grid.viewport(), turned)
    QApplication.processEvents()


def sort_by(view: ListingView, key: str) -> None:
    """A click on a header, until its first rows stand there."""
    view.grid.header.sort_wanted.emit(view.model.column_of(key), False)
    until(lambda: view.is_loaded)
    QApplication.processEvents()


def bare_sort(database: Database, order: str) -> list[Any]:
    """The ids in that order, by the driver."""
    statement = BARE.format(order=order)
    return database.read(lambda connection: list(connection.connection.driver_connection.execute(statement)))  # type: ignore[union-attr]


def type_letter(page: ClientsPage, letter: str, eye: Eye) -> None:
    """One key, until its hits are painted."""
    QTest.keyClicks(page.search_edit, letter)
    eye.seen = False
    until(lambda: eye.seen)


class Eye(QObject):
    """Sees when a loaded list is painted."""

    def __init__(self, view: ListingView) -> None:
        super().__init__(view)
        self._view = view
        self.seen = False
        view.grid.viewport().installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802 - as Qt calls it
        """Look once the painting is done."""
        if event.type() == QEvent.Type.Paint and self._view.is_loaded:
            QTimer.singleShot(0, self, lambda: setattr(self, "seen", True))
        return False


def seconds(work: Callable[[], object]) -> float:
    """How much processor time it takes."""
    start = time.process_time()
    work()
    return time.process_time() - start


def until(reached: Callable[[], bool]) -> None:
    """Let the window work until something is so.

    It rests in Qt's loop, as a window does: a loop in Python would keep the lanes from their rows.
    """
    loop, look, give_up = QEventLoop(), QTimer(interval=1), QTimer(singleShot=True, interval=60_000)
    look.timeout.connect(lambda: loop.exit(0) if reached() else None)
    give_up.timeout.connect(lambda: loop.exit(1))
    look.start()
    give_up.start()
    if not reached():
        assert loop.exec() == 0
    look.stop()


def say(line: str) -> None:
    """A line of the result."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
