"""A fault of the program is logged, said once, and told without anybody's data."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt, qWarning
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from studio_desktop.domain import dates
from studio_desktop.ui.crash_dialog import CrashDialog, crash_report, install_crash_handling, show_crash
from studio_desktop.ui.theme import apply_theme


def fault(secret: str) -> BaseException:
    try:
        try:
            {}[secret]
        except KeyError as error:
            raise RuntimeError(f"could not read {secret}") from error
    except RuntimeError as error:
        return error
    raise AssertionError


def test_that_a_report_says_where_and_in_which_versions_but_quotes_nothing() -> None:
    """RELIABILITY 101."""
    report = crash_report(fault("Anna Adams 330 555 0142"))
    assert "KeyError" in report
    assert "RuntimeError" in report
    assert report.index("KeyError") < report.index("RuntimeError")
    assert "in fault" in report
    assert sys.version.split()[0] in report
    assert "Anna" not in report
    assert "0142" not in report


def test_that_a_report_names_our_files_from_the_programs_folder_and_no_other_folder() -> None:
    with pytest.raises(AttributeError) as caught:
        dates.parse_day(None, None, None)  # type: ignore[arg-type]
    report = crash_report(caught.value)
    assert "studio_desktop/domain/dates.py" in report
    assert str(sys.prefix) not in report


@pytest.fixture
def dialog(qtbot: QtBot, qapp: QApplication) -> Iterator[CrashDialog]:
    apply_theme(qapp, "light")
    made = CrashDialog("the report")
    qtbot.addWidget(made)
    made.show()
    return made


def test_that_the_report_is_copied_with_one_press(qtbot: QtBot, dialog: CrashDialog) -> None:
    """RELIABILITY E11."""
    qtbot.mouseClick(dialog.copy_button, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == "the report"
    assert dialog.copied_label.text() == "Copied"


def test_that_the_window_behind_stays_usable(dialog: CrashDialog) -> None:
    assert not dialog.isModal()


def test_that_faults_in_a_swarm_are_shown_once(qtbot: QtBot, qapp: QApplication) -> None:
    for _ in range(5):
        show_crash(fault("x"))
    shown = [window for window in qapp.topLevelWidgets() if isinstance(window, CrashDialog) and window.isVisible()]
    assert len(shown) == 1
    shown[0].close()


@pytest.fixture
def seen() -> Iterator[list[BaseException]]:
    faults: list[BaseException] = []
    restore = install_crash_handling(faults.append)
    yield faults
    restore()


def test_that_a_fault_in_another_thread_is_logged_and_shown_in_the_windows_thread(
    qtbot: QtBot, qapp: QApplication, seen: list[BaseException], caplog: pytest.LogCaptureFixture
) -> None:
    threads: list[threading.Thread] = []
    restore = install_crash_handling(lambda _: threads.append(threading.current_thread()))
    thread = threading.Thread(target=lambda: 1 // 0, name="listener")
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: bool(threads))
    restore()
    assert threads == [threading.main_thread()]
    assert "listener" in caplog.text


def test_that_a_fault_in_a_button_is_logged_and_shown(
    qtbot: QtBot, seen: list[BaseException], caplog: pytest.LogCaptureFixture
) -> None:
    """RELIABILITY 12."""
    button = QPushButton()
    qtbot.addWidget(button)
    button.clicked.connect(lambda: 1 // 0)
    button.click()
    qtbot.waitUntil(lambda: len(seen) == 1)
    assert isinstance(seen[0], ZeroDivisionError)
    assert "ZeroDivisionError" in caplog.text


def test_that_what_qt_says_is_in_the_log(
    qapp: QApplication, seen: list[BaseException], caplog: pytest.LogCaptureFixture
) -> None:
    qWarning("a painter was not begun")
    assert "a painter was not begun" in caplog.text


def test_that_it_can_be_taken_back(qapp: QApplication) -> None:
    before = sys.excepthook, threading.excepthook
    restore = install_crash_handling(lambda _: None)
    assert (sys.excepthook, threading.excepthook) != before
    restore()
    assert (sys.excepthook, threading.excepthook) == before
