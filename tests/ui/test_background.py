"""Work leaves the window's thread and its result comes back to it, or is dropped when nobody waits for it."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, QThread
from pytestqt.qtbot import QtBot
from sqlalchemy import Connection, update

from studio_desktop.database.tables.people import client
from studio_desktop.domain.errors import DatabaseUnavailable, InvalidInput, StudioError
from studio_desktop.reports.files import atomic_file
from studio_desktop.services import Services
from studio_desktop.ui.background import BackgroundTasks, Cancelled, Job
from tests.builders import a_client


class Desk:
    """Background tasks with a record of what went wrong."""

    def __init__(self) -> None:
        self.failures: list[StudioError] = []
        self.bugs: list[BaseException] = []
        self.tasks = BackgroundTasks(self.failures.append, self.bugs.append)


@pytest.fixture
def desk(qtbot: QtBot) -> Iterator[Desk]:
    made = Desk()
    yield made
    assert made.tasks.close()


def test_that_work_runs_elsewhere_and_its_result_arrives_in_the_windows_thread(qtbot: QtBot, desk: Desk) -> None:
    owner, threads = QObject(), []
    desk.tasks.run(
        owner,
        lambda: threads.append(threading.current_thread()) or 42,  # type: ignore[func-returns-value]
        lambda result: threads.append((result, QThread.currentThread())),
    )
    qtbot.waitUntil(lambda: len(threads) == 2)
    assert threads[0] is not threading.current_thread()
    assert threads[1] == (42, owner.thread())


def test_that_writes_are_done_in_the_order_given(qtbot: QtBot, desk: Desk) -> None:
    owner, order, answers = QObject(), [], []
    for number in range(50):
        desk.tasks.run(owner, lambda n=number: order.append(n), answers.append)
    qtbot.waitUntil(lambda: len(answers) == 50)
    assert order == list(range(50))


def test_that_a_read_does_not_wait_for_a_write(qtbot: QtBot, desk: Desk) -> None:
    owner, go_on, read = QObject(), threading.Event(), []
    desk.tasks.run(owner, lambda: go_on.wait(20), lambda _: None)
    desk.tasks.run(owner, lambda: "read", read.append, lane="read")
    qtbot.waitUntil(lambda: read == ["read"])
    go_on.set()


def test_that_the_pool_renders_two_documents_at_once(qtbot: QtBot, desk: Desk) -> None:
    owner, both, met = QObject(), threading.Barrier(2), []
    for _ in range(2):
        desk.tasks.run(owner, lambda: both.wait(20), met.append, lane="pool")
    qtbot.waitUntil(lambda: len(met) == 2)


def test_that_a_result_for_a_closed_window_is_dropped(qtbot: QtBot, desk: Desk) -> None:
    """RELIABILITY 115."""
    owner, other, go_on, delivered, after = QObject(), QObject(), threading.Event(), [], []
    desk.tasks.run(owner, lambda: go_on.wait(20), delivered.append)
    desk.tasks.run(other, lambda: None, after.append)
    with qtbot.waitSignal(owner.destroyed):
        owner.deleteLater()
    go_on.set()
    qtbot.waitUntil(lambda: len(after) == 1)
    assert delivered == []
    assert desk.bugs == []


def test_that_only_the_latest_answer_to_a_repeated_question_is_shown(qtbot: QtBot, desk: Desk) -> None:
    """RELIABILITY 61."""
    owner, go_on, begun, shown = QObject(), threading.Event(), [], []

    def search(text: str) -> str:
        begun.append(text)
        go_on.wait(20)
        return text

    desk.tasks.latest(owner, "search", lambda: search("a"), shown.append)
    qtbot.waitUntil(lambda: begun == ["a"])
    desk.tasks.latest(owner, "search", lambda: search("ad"), shown.append)
    desk.tasks.latest(owner, "search", lambda: search("ada"), shown.append)
    desk.tasks.latest(owner, "card", lambda: "card", shown.append)
    go_on.set()
    qtbot.waitUntil(lambda: len(shown) == 2)
    assert shown == ["ada", "card"]
    assert begun == ["a", "ada"], "what is stale before it begins is not begun"


def test_that_our_errors_go_to_the_one_who_asked_and_else_to_the_message_bar(qtbot: QtBot, desk: Desk) -> None:
    owner, taken, settled = QObject(), [], []

    def refuse() -> None:
        raise InvalidInput("No.")

    desk.tasks.run(owner, refuse, taken.append, taken.append, always=lambda: settled.append("form is free again"))
    desk.tasks.run(owner, refuse, taken.append)
    qtbot.waitUntil(lambda: len(desk.failures) == 1)
    assert [str(error) for error in taken] == ["No."]
    assert settled == ["form is free again"]
    assert desk.bugs == []


def test_that_what_a_lost_database_left_unanswered_is_asked_again_by_whom_it_still_concerns(
    qtbot: QtBot, desk: Desk
) -> None:
    """RELIABILITY E4: a page that was opened meanwhile does not stay empty."""
    owner, gone, answers = QObject(), QObject(), threading.Event()
    asked: list[str] = []
    shown: list[str] = []

    def read(text: str) -> str:
        asked.append(text)
        if not answers.is_set():
            raise DatabaseUnavailable("No answer.")
        return text

    def ask(who: QObject, key: str, text: str) -> None:
        desk.tasks.latest(who, key, lambda: read(text), shown.append)

    ask(owner, "list", "adams")
    ask(gone, "list", "nobody is there any more")
    ask(owner, "search", "a")
    qtbot.waitUntil(lambda: len(desk.failures) == 3)
    ask(owner, "search", "ad")
    qtbot.waitUntil(lambda: len(desk.failures) == 4)
    desk.tasks.run(owner, lambda: read("save"), shown.append)
    qtbot.waitUntil(lambda: len(desk.failures) == 5)
    with qtbot.waitSignal(gone.destroyed):
        gone.deleteLater()
    answers.set()
    asked.clear()
    desk.tasks.ask_again()
    qtbot.waitUntil(lambda: shown == ["adams", "ad"])
    desk.tasks.ask_again()
    ask(owner, "last", "over")
    qtbot.waitUntil(lambda: "over" in shown)
    assert asked == ["adams", "ad", "over"], "what is stale, saved, gone or answered is not asked again"


def test_that_anything_else_is_a_bug_even_where_failures_are_taken(qtbot: QtBot, desk: Desk) -> None:
    """RELIABILITY 12."""
    owner, taken = QObject(), []
    desk.tasks.run(owner, lambda: 1 // 0, taken.append, taken.append)
    qtbot.waitUntil(lambda: len(desk.bugs) == 1)
    assert isinstance(desk.bugs[0], ZeroDivisionError)
    assert taken == []


def test_that_somebody_who_waits_long_is_told_and_told_when_it_is_over(qtbot: QtBot, desk: Desk) -> None:
    owner, go_on, said = QObject(), threading.Event(), []
    desk.tasks.busy_changed.connect(lambda who, busy: said.append((who is owner, busy)))
    with qtbot.waitSignal(desk.tasks.busy_changed):
        desk.tasks.run(owner, lambda: go_on.wait(20), lambda _: None)
    go_on.set()
    qtbot.waitUntil(lambda: len(said) == 2)
    assert said == [(True, True), (True, False)]


def test_that_a_quick_answer_is_never_called_busy(qtbot: QtBot, desk: Desk) -> None:
    quick, slow, go_on, said, answers = QObject(), QObject(), threading.Event(), [], []
    desk.tasks.busy_changed.connect(lambda who, busy: said.append(who is quick))
    desk.tasks.run(quick, lambda: None, answers.append, lane="read")
    desk.tasks.run(slow, lambda: go_on.wait(20), answers.append)
    qtbot.waitUntil(lambda: said == [False])
    go_on.set()
    qtbot.waitUntil(lambda: len(answers) == 2)


def test_that_long_work_reports_and_can_be_cancelled(qtbot: QtBot, desk: Desk) -> None:
    """RELIABILITY E12."""
    owner, job, answers, stopped = QObject(), Job(), [], []
    asked = threading.Event()

    def print_labels() -> None:
        job.report(40, 152)
        asked.wait(20)
        try:
            job.report(41, 152)
        except Cancelled:
            stopped.append(41)
            raise

    with qtbot.waitSignal(job.progressed) as progress:
        desk.tasks.run(owner, print_labels, answers.append, answers.append, lane="bulk", job=job)
    assert progress.args == [40, 152]
    job.cancel()
    with qtbot.waitSignal(job.ended):
        asked.set()
    assert stopped == [41]
    assert answers == []
    assert desk.bugs == []


def test_that_work_for_which_there_is_no_memory_says_so_and_leaves_everything_as_it_was(
    qtbot: QtBot, desk: Desk, services: Services, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """RELIABILITY 14: half a report takes no name, half a save is taken back, the window goes on."""
    owner, report, answers = QObject(), tmp_path / "report.pdf", []
    report.write_bytes(b"old")
    anna = a_client(services)

    def write_report() -> None:
        with atomic_file(report) as file:
            file.write(b"half")
            file.write(bytes(1 << 46))

    def save(connection: Connection) -> None:
        connection.execute(update(client).values(nickname="half"))
        bytes(1 << 46)

    desk.tasks.run(owner, write_report, answers.append, answers.append, lane="bulk")
    desk.tasks.run(owner, lambda: services.database.write(save), answers.append, answers.append)
    desk.tasks.run(owner, lambda: services.clients.get(anna.id), answers.append)
    qtbot.waitUntil(lambda: len(answers) == 3)
    refusals = [one for one in answers if isinstance(one, StudioError)]
    assert [str(one).partition(";")[0] for one in refusals] == 2 * ["This computer has not enough memory left for it"]
    assert anna in answers
    assert desk.bugs == []
    assert report.read_bytes() == b"old"
    assert list(tmp_path.glob(".*")) == []


def test_that_a_job_cancelled_before_its_turn_is_not_begun(qtbot: QtBot, desk: Desk) -> None:
    owner, job, go_on, begun = QObject(), Job(), threading.Event(), []
    desk.tasks.run(owner, lambda: go_on.wait(20), lambda _: None, lane="bulk")
    desk.tasks.run(owner, lambda: begun.append(1), begun.append, lane="bulk", job=job)
    job.cancel()
    with qtbot.waitSignal(job.ended):
        go_on.set()
    assert begun == []


def test_that_closing_still_writes_what_was_to_be_written(qtbot: QtBot) -> None:
    desk, owner, written, read = Desk(), QObject(), [], []
    go_on = threading.Event()
    for lane in ("read", "write"):
        desk.tasks.run(owner, lambda: go_on.wait(20), lambda _: None, lane=lane)
    desk.tasks.run(owner, lambda: read.append("never"), lambda _: None, lane="read")
    for number in range(20):
        desk.tasks.run(owner, lambda n=number: written.append(n), lambda _: None)
    threading.Timer(0.05, go_on.set).start()
    assert desk.tasks.close()
    assert written == list(range(20))
    assert read == []


PROGRAM = """
import os, sys, threading
os.environ["QT_QPA_PLATFORM"] = "offscreen"
from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication
from studio_desktop.ui.background import BackgroundTasks
app = QApplication([])
tasks = BackgroundTasks(print, print, app)
owner = QObject()
{work}
QTimer.singleShot(50, app.quit)
app.exec()
idle = tasks.close(seconds=0.3)
print("idle" if idle else "hung", flush=True)
if not idle:
    os._exit(0)
"""


@pytest.mark.parametrize(
    ("work", "said"),
    [
        ("for n in range(2000): tasks.run(owner, lambda: n, lambda _: None, lane=('read', 'pool')[n % 2])", "idle"),
        ("tasks.run(owner, threading.Event().wait, print)", "hung"),
    ],
)
def test_that_quitting_while_work_runs_ends_the_program_cleanly(work: str, said: str) -> None:
    """RELIABILITY 116."""
    ended = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(work=work)], capture_output=True, text=True, timeout=60, check=False
    )
    assert (ended.returncode, ended.stdout.strip(), ended.stderr) == (0, said, "")
