"""G6: from the command to the painted window, and to the first rows of the clients in it; and what memory that takes.

    python -m tests.benchmarks.bench_start                    100,000 clients on SQLite, without a screen
    python -m tests.benchmarks.bench_start --folder ~/bench   keep the database for the next run

The floor is a fresh Python that paints an empty `QMainWindow`. Each start is a process of its own, in turns with its
floor, on modules that are compiled already; its processor time is counted from its beginning, so that busy neighbours
count less, and its memory is the most it had until then (Linux only).
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

PAINTED_TO_REACH = 1.5
ROWS_TO_REACH = 4.0
MEMORY_TO_REACH = 2.2


def main() -> None:
    """Measure and print."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--clients", type=int, default=100_000)
    asked.add_argument("--rounds", type=int, default=15)
    asked.add_argument("--folder", type=Path, default=None, help="keep the database here")
    asked.add_argument("--child", choices=("floor", "program"), help=argparse.SUPPRESS)
    wanted = asked.parse_args()
    if wanted.child:
        report = _floor() if wanted.child == "floor" else _program()
        sys.stdout.write(json.dumps(report))
        sys.stdout.flush()
        os._exit(0)
    with tempfile.TemporaryDirectory(prefix="studio-bench-") as temporary:
        measure(_studio(wanted.folder or Path(temporary), wanted.clients), wanted.rounds)


def measure(url: str, rounds: int) -> None:
    """So many starts of both, after one of each that only warms up."""
    from tests.benchmarks.floors import Contest

    painted, rows, memory = Contest(), Contest(), Contest()
    with tempfile.TemporaryDirectory(prefix="studio-bench-home-") as home:
        for number in range(rounds + 1):
            floor, program = _run("floor", url, home), _run("program", url, home)
            if not number:
                continue
            for contest, figure in ((painted, "painted"), (rows, "rows"), (memory, "memory")):
                contest.floors.append(floor["memory" if figure == "memory" else "painted"])
                contest.figures.append(program[figure])
    say("p50/p95 of the start, and of an empty QMainWindow")
    for text, contest, to_reach in (
        ("painted window, ms", painted, PAINTED_TO_REACH),
        ("first rows in it, ms", rows, ROWS_TO_REACH),
        ("memory, MB", memory, MEMORY_TO_REACH),
    ):
        say(f"G6 {text:22}{contest.line(to_reach)}")


def _run(child: str, url: str, home: str) -> dict[str, float]:
    environment = {
        **os.environ, "QT_QPA_PLATFORM": "offscreen", "STUDIO_HOME": home, "STUDIO_BENCH_URL": url,
        "PYTHONPYCACHEPREFIX": f"{home}/compiled", "PYTHONDONTWRITEBYTECODE": "",
    }  # fmt: skip
    command = [sys.executable, "-m", "tests.benchmarks.bench_start", "--child", child]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True, timeout=30)
    told: dict[str, float] = json.loads(done.stdout)
    return told


def _floor() -> dict[str, float]:
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication, QMainWindow

    from tests.benchmarks.floors import peak

    class Window(QMainWindow):
        pass

    app = QApplication([])
    moments = _moments_of_painting(Window)
    window = Window()
    window.resize(1366, 768)
    window.show()
    QTimer.singleShot(50, app, app.quit)
    app.exec()
    return {"painted": moments[0], "memory": peak() / 1000}  # as if seconds


def _program() -> dict[str, float]:
    """The program as its front door starts it, and Clients chosen as soon as it can be, until they stand there."""
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication

    from studio_desktop.__main__ import NAME
    from tests.benchmarks.floors import peak

    app = QApplication([])
    app.setApplicationName(NAME)
    from studio_desktop.app import Program
    from studio_desktop.settings import SettingsFile

    file = SettingsFile()
    program = Program(file, file.load(), os.environ["STUDIO_BENCH_URL"])
    moments = _moments_of_painting(type(program.frame))
    look = QTimer(interval=1)
    program.working.connect(lambda: program.window.open_page("clients"))
    program.working.connect(look.start)

    def looked() -> None:
        from studio_desktop.ui.hubs.clients import ClientsPage

        page = program.window.findChild(ClientsPage)
        if page is not None and page.list.is_loaded and page.list.total:
            look.stop()
            page.list.grid.viewport().repaint()
            moments[1:] = [time.process_time()]
            app.quit()

    look.timeout.connect(looked)
    program.start()
    app.exec()
    return {"painted": moments[0], "rows": moments[1], "memory": peak() / 1000}  # as if seconds


def _moments_of_painting(kind: Any) -> list[float]:
    """When windows of this kind were painted, in processor time."""
    moments: list[float] = []
    paint = kind.paintEvent

    def painted(self: Any, event: Any) -> None:
        paint(self, event)
        moments.append(time.process_time())

    kind.paintEvent = painted
    return moments


def _studio(folder: Path, clients: int) -> str:
    """The URL of a demo studio of so many clients."""
    from studio_desktop import __version__
    from studio_desktop.database.migrate import prepare
    from studio_desktop.domain.clock import SystemClock
    from studio_desktop.services import Services
    from studio_desktop.services.listings.declaration import Query
    from studio_desktop.services.users import sit_down

    url = f"sqlite:///{(folder / f'list-{clients}.db').as_posix()}"
    database = prepare(url, program_version=__version__, backup_folder=folder, create=True)
    services = Services(database, sit_down(database, SystemClock(), "BENCH"))
    if not services.listings.first_page("clients", Query(), 1).total:
        services.demo.fill(clients, seed=1)
    database.close()
    return url


def say(line: str) -> None:
    """Print at once: a run takes a while."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
