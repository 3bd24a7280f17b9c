"""A field for a web address, with a button that opens it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from studio_desktop.ui.icons import icon
from studio_desktop.ui.prompts import shown_host
from studio_desktop.ui.widgets.plain_label import as_tip


class LinkEdit(QLineEdit):
    """A web address (S2-44). The button at its end, whose tip names the host, Alt+Down and F4 ask to open it."""

    open_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextMargins(3, 0, 0, 0)
        self._open = self.addAction(icon("open", "dim"), QLineEdit.ActionPosition.TrailingPosition)
        self._open.setText(self.tr("Open"))
        self._open.triggered.connect(self.open)
        self._open.setVisible(False)
        self.textChanged.connect(self._offer)

    def open(self) -> None:
        """Ask for the address to be opened."""
        if self.text().strip():
            self.open_wanted.emit(self.text().strip())

    def _offer(self, text: str) -> None:
        host = shown_host(text)
        tip = self.tr("Open {host} (Alt+Down)").format(host=host) if host else self.tr("Open (Alt+Down)")
        self._open.setToolTip(as_tip(tip))
        self._open.setVisible(bool(text.strip()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Alt+Down and F4 open it."""
        alt_down = event.key() == Qt.Key.Key_Down and event.modifiers() == Qt.KeyboardModifier.AltModifier
        if alt_down or event.key() == Qt.Key.Key_F4:
            self.open()
        else:
            super().keyPressEvent(event)
