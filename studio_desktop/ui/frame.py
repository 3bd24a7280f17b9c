"""The window as the desktop knows it. It is painted before the program is loaded, for that is what a start waits for.

It imports next to nothing (PERFORMANCE G6); what fills it comes by `fill` when it is there.
"""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from studio_desktop.ui import theme

SIZE = (1366, 768)
"""Pixels of a window that was never moved."""


class Frame(QWidget):
    """An outline of the window to come, then the window."""

    painted = Signal()
    """It is on the screen for the first time; now is the time to load the rest."""

    def __init__(self, geometry: str) -> None:
        """`geometry` is what Qt kept of the last window, as base64; or nothing."""
        super().__init__()
        self._content: QWidget | None = None
        self._is_painted = False
        self.setWindowTitle(QApplication.applicationName())
        if not self.restoreGeometry(QByteArray.fromBase64(geometry.encode("ascii", "ignore"))):
            self.resize(*SIZE)

    def fill(self, content: QWidget) -> None:
        """Let this widget have all the room; its title becomes the window's, and it decides whether it may close."""
        self._content = content
        content.windowTitleChanged.connect(self.setWindowTitle)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(content)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask what fills it."""
        event.setAccepted(self._content is None or self._content.close())

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """The grounds of title row, ribbon, places and page, where they will be."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.token("window"))
        if self._content is None:
            top, side, foot = theme.scaled(60), theme.scaled(156), theme.scaled(22)
            ribbon = theme.scaled(94)
            painter.fillRect(0, top, self.width(), ribbon, theme.token("base"))
            page = self.rect().adjusted(side, top + ribbon + theme.scaled(28), 0, -foot)
            painter.fillRect(page, theme.token("base"))
        if not self._is_painted:
            self._is_painted = True
            QTimer.singleShot(0, self, self.painted.emit)
