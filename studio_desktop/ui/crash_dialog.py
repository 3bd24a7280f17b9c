"""What happens when the program itself is at fault: the log, and a report to copy, without anybody's data."""

from __future__ import annotations

import logging
import platform
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QCoreApplication, QMessageLogContext, Qt, QTimer, QtMsgType, qInstallMessageHandler, qVersion
from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import QApplication, QDialog, QPlainTextEdit, QWidget

from studio_desktop.ui import theme
from studio_desktop.ui.form import load_form
from studio_desktop.ui.widgets.buttons import FlatButton, PrimaryButton
from studio_desktop.ui.widgets.plain_label import PlainLabel

log = logging.getLogger(__name__)


class CrashDialog(QDialog):
    """Shows one report; the window behind stays usable, so that nobody loses what is typed."""

    report_text: QPlainTextEdit
    copied_label: PlainLabel
    copy_button: FlatButton
    close_button: PrimaryButton

    def __init__(self, report: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        load_form(self, "crash_dialog")
        typewriter = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        typewriter.setPixelSize(theme.scaled(theme.SMALL))
        self.report_text.setFont(typewriter)
        self.report_text.setPlainText(report)
        self.copy_button.clicked.connect(self._copy)
        self.close_button.clicked.connect(self.close)
        self.close_button.setDefault(True)
        self.close_button.setFocus()

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.report_text.toPlainText())
        self.copied_label.setText(self.tr("Copied"))


def show_crash(error: BaseException, parent: QWidget | None = None) -> None:
    """Show the report of an error, unless one is shown already: faults come in swarms."""
    if not any(isinstance(window, CrashDialog) and window.isVisible() for window in QApplication.topLevelWidgets()):
        CrashDialog(crash_report(error), parent).show()


def crash_report(error: BaseException) -> str:
    """Which kinds of errors, where in the program, in which versions.

    Messages and values of errors are left out: they may quote what somebody typed.
    """
    lines = [
        f"{QCoreApplication.applicationName()} {QCoreApplication.applicationVersion()}",
        f"Python {platform.python_version()}, Qt {qVersion()}, {platform.platform()}",
        "",
    ]
    for each in _chain(error):
        lines.append(f"{type(each).__module__}.{type(each).__qualname__}")
        lines.extend(
            f"  {_in_program(frame.filename)}:{frame.lineno} in {frame.name}"
            for frame in traceback.extract_tb(each.__traceback__)
        )
    return "\n".join(lines) + "\n"


def install_crash_handling(show: Callable[[BaseException], None]) -> Callable[[], None]:
    """Log every error nobody caught, in whatever thread, and what Qt says; `show` is called in the window's thread.

    Gives the function that takes it back. `BackgroundTasks` reports to `show` by itself.
    """
    before = sys.excepthook, threading.excepthook

    def in_window(error: BaseException) -> None:
        app = QCoreApplication.instance()
        if app is not None:
            QTimer.singleShot(0, app, lambda: show(error))

    def caught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            before[0](kind, error, trace)
            return
        log.critical("Not caught", exc_info=(kind, error, trace))
        in_window(error.with_traceback(trace))

    def caught_in_thread(args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None:
            name = args.thread.name if args.thread is not None else "?"
            log.critical("Not caught in thread %s", name, exc_info=args.exc_value)
            in_window(args.exc_value)

    sys.excepthook = caught
    threading.excepthook = caught_in_thread
    qInstallMessageHandler(_qt_said)

    def restore() -> None:
        sys.excepthook, threading.excepthook = before
        qInstallMessageHandler(None)

    return restore


_qt_log = logging.getLogger("studio_desktop.qt")
_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


def _qt_said(kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
    if message.startswith("This plugin does not support"):  # said of every window where there is no screen
        return
    _qt_log.log(_LEVELS[kind], "%s: %s", context.category or "qt", message)


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The error and what led to it, the first cause first."""
    led_to_it = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if led_to_it is not None:
        yield from _chain(led_to_it)
    yield error


_PROGRAM = Path(__file__).resolve().parents[2]


def _in_program(file: str) -> str:
    """The file as seen from the program's folder; elsewhere its name only, for its path may name a person."""
    path = Path(file)
    return path.relative_to(_PROGRAM).as_posix() if path.is_relative_to(_PROGRAM) else f"…/{path.name}"
