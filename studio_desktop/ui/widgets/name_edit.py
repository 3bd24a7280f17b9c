"""A field for a name: written in small letters it gets sensible capitals when the cursor leaves, unless F3 says no."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from studio_desktop.domain.names import capitalised


class NameEdit(QLineEdit):
    """A part of a name, a company or a town (S4-23). F3 brings back what was typed, and leaves it at that."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._typed = ""
        self._as_typed = False
        self.setTextMargins(3, 0, 0, 0)
        self.textEdited.connect(self._note)

    def settle(self) -> None:
        """Give the capitals now: what is typed is about to be read."""
        if self.isModified() and not self._as_typed:
            self._show(capitalised(self.text()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """F3 keeps the capitals as they were typed."""
        if event.key() == Qt.Key.Key_F3 and not event.modifiers():
            self._as_typed = True
            if self._typed and self._typed.casefold() == self.text().casefold():
                self._show(self._typed)
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Give the capitals."""
        self.settle()
        super().focusOutEvent(event)

    def _note(self, typed: str) -> None:
        self._typed = typed
        if not typed:
            self._as_typed = False

    def _show(self, text: str) -> None:
        if text != self.text():
            at = self.cursorPosition()
            self.setText(text)
            self.setModified(True)
            self.setCursorPosition(at)
